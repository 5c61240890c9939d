use sea_orm::{ActiveValue::NotSet, DatabaseTransaction, ExprTrait, IntoActiveModel, entity::prelude::*};

use crate::suppliers::{
    Offer, Stored, changes, listing, offer, product, supplier,
    wanted::{NewOffer, NewOffers},
};
use crate::tables::Options;

/// Values one query may hold on SQLite, shared by the columns of an offer.
const ROWS_PER_INSERT: usize = 2_500;

/// What became of a batch.
#[derive(Debug, Default)]
pub(in crate::suppliers) struct Outcome {
    /// Suppliers whose offers were written.
    pub(in crate::suppliers) replaced: Vec<i64>,
    /// Offers of suppliers that had none.
    pub(in crate::suppliers) created: usize,
    /// Offers of suppliers that had others.
    pub(in crate::suppliers) updated: usize,
    /// Offers that were there.
    pub(in crate::suppliers) unchanged: usize,
    /// Suppliers of the batch that are not in the directory.
    pub(in crate::suppliers) unknown: Vec<String>,
}

/// Gives the suppliers of a batch the offers of the file. Those of a supplier whose offers are already so are not
/// touched.
pub(in crate::suppliers) async fn apply(
    txn: &DatabaseTransaction,
    batch: &[NewOffers],
    options: &Options,
) -> Result<Outcome, DbErr> {
    let known = listing::by_references(txn, batch.iter().map(|new| new.reference.clone()), true).await?;
    let (mut outcome, mut rows, mut emptied) = (Outcome::default(), Vec::new(), Vec::new());
    for new in batch {
        let Some(listing) = known.get(&new.reference) else {
            outcome.unknown.push(new.reference.clone());
            continue;
        };
        let id = listing.supplier.id;
        let wanted: Vec<Offer> = (0..).zip(&new.offers).map(|(position, new)| offer_row(new, id, position)).collect();
        if wanted.iter().cloned().eq(listing.offers.iter().map(|old| Offer { id: 0, ..old.clone() })) {
            outcome.unchanged += wanted.len();
            continue;
        }
        if listing.offers.is_empty() {
            outcome.created += wanted.len();
        } else {
            outcome.updated += wanted.len();
            emptied.push(id);
        }
        outcome.replaced.push(id);
        rows.extend(wanted);
    }
    offer::Entity::delete_many().filter(offer::Column::SupplierId.is_in(emptied)).exec(txn).await?;
    insert(txn, rows).await?;
    touch(txn, &outcome.replaced, options).await?;
    Ok(outcome)
}

async fn insert(txn: &DatabaseTransaction, offers: Vec<Offer>) -> Result<(), DbErr> {
    let rows: Vec<offer::ActiveModel> = offers
        .into_iter()
        .map(|offer| offer::ActiveModel { id: NotSet, ..offer.into_active_model().reset_all() })
        .collect();
    for rows in rows.chunks(ROWS_PER_INSERT) {
        offer::Entity::insert_many(rows.iter().cloned()).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// The suppliers changed with their offers.
async fn touch(txn: &DatabaseTransaction, ids: &[i64], options: &Options) -> Result<(), DbErr> {
    let version = supplier::Column::Version;
    supplier::Entity::update_many()
        .col_expr(version, Expr::col(version).add(1))
        .col_expr(supplier::Column::UpdatedAt, Expr::value(options.now))
        .filter(supplier::Column::Id.is_in(ids.iter().copied()))
        .exec(txn)
        .await?;
    changes::record_changes(txn, ids, options.now).await
}

pub(in crate::suppliers) fn offer_row(new: &NewOffer, supplier_id: i64, position: i32) -> Offer {
    Offer {
        id: 0,
        supplier_id,
        position,
        name: new.name.clone(),
        product_code: product::tie_product(&new.name, new.family),
        family: Stored(new.family),
        packaging: new.packaging.clone(),
        sales_unit: new.sales_unit.clone(),
        price_cents: new.price_cents,
        months: new.months,
        volume_per_week: new.volume_per_week,
        signs: new.signs,
    }
}
