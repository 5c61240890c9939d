//! A listing that an organiser or a register wrote, and the supplier that takes it over.

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, ExprTrait, QueryOrder, QuerySelect, entity::prelude::*, sea_query::Func};

use super::draft::{self, Content};
use super::{Listing, Siret, State, Supplier, changes, listing, supplier};
use crate::accounts::Person;

/// What the directory knows of an establishment.
pub(super) enum Known {
    /// No listing.
    Nothing,
    /// A listing that nobody holds.
    Free(Box<Listing>),
    /// A listing whose supplier has an account.
    Held {
        /// Its name.
        name: String,
        /// The organisation that holds it.
        by: i64,
    },
}

/// The listings that nobody holds.
pub(super) fn free() -> Select<supplier::Entity> {
    let not_held = supplier::Entity::find().filter(supplier::Column::Claimed.eq(false));
    not_held.filter(supplier::Column::Id.not_in_subquery(draft::held()))
}

/// The listings that nobody holds and that bear an address, the oldest first.
///
/// # Errors
/// What the database said.
pub(super) async fn free_of(db: &impl ConnectionTrait, email: &str) -> Result<Vec<Supplier>, DbErr> {
    let own = free().filter(supplier::Column::State.is_in([State::Published, State::Paused, State::Draft]));
    let own = own.filter(Expr::expr(Func::lower(Expr::col(supplier::Column::Email))).eq(email.to_lowercase()));
    own.order_by_asc(supplier::Column::Id).limit(50).all(db).await
}

/// What the directory knows of an establishment; of several listings, one that is held first, then the oldest.
///
/// # Errors
/// What the database said.
pub(super) async fn known(db: &impl ConnectionTrait, siret: &Siret) -> Result<Known, DbErr> {
    let same = supplier::Entity::find().select_only().column(supplier::Column::Id);
    let same =
        same.filter(supplier::Column::Siret.eq(siret.as_str())).filter(supplier::Column::State.ne(State::Withdrawn));
    let ids: Vec<i64> = same.order_by_asc(supplier::Column::Id).limit(20).into_tuple().all(db).await?;
    let mut listings = listing::load_many(db, &ids).await?;
    if let Some((held, by)) = draft::held_among(db, &ids).await? {
        let name = listings.into_iter().find(|listing| listing.supplier.id == held);
        return Ok(Known::Held { name: name.map(|listing| listing.supplier.name).unwrap_or_default(), by });
    }
    Ok(if listings.is_empty() { Known::Nothing } else { Known::Free(Box::new(listings.swap_remove(0))) })
}

/// Whether a person reads the mails of the listing, which proves that it is hers.
pub(super) fn is_of(listing: &Listing, person: &Person) -> bool {
    listing.supplier.email.as_ref().is_some_and(|email| email.trim().eq_ignore_ascii_case(&person.email))
}

/// Gives a listing to an organisation: what it says is its draft, already shown.
///
/// # Errors
/// What the database said.
pub(super) async fn take_over(
    txn: &DatabaseTransaction,
    organisation: i64,
    listing: &Listing,
    by: i64,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let id = listing.supplier.id;
    draft::begin(txn, organisation, &Content::of(listing), Some(&listing.supplier), by, now).await?;
    let claim = supplier::Entity::update_many().col_expr(supplier::Column::Claimed, Expr::value(true));
    claim.filter(supplier::Column::Id.eq(id)).exec(txn).await?;
    changes::record_change(txn, id, now).await
}

/// What a listing tells everybody: who comes to claim it without proof begins with that.
pub(super) fn public_part(listing: &Listing) -> Content {
    let mut content = Content::of(listing);
    (content.phone, content.email, content.siret) = (None, None, None);
    if listing.supplier.public_position().is_none() {
        (content.position, content.address) = (None, None);
    }
    content
}
