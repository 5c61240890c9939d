//! What is new for a canteen or a supplier since it was last told: once a week, one mail a person.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, QuerySelect, entity::prelude::*, sea_query::OnConflict};

use super::facts::{self, need, suited_kitchens, suited_suppliers};
use super::mail::{self, News};
use super::words::{products, round, wanted};
use crate::app::App;
use crate::canteens::{self, Kitchen};
use crate::schedule::{Failed, Next};
use crate::{accounts, contacts, suppliers};

/// Organisations looked at in one transaction.
const AT_ONCE: usize = 10;
/// The best matches that are looked at: who comes after them is no news.
const BEST: usize = 30;

/// The day on which an organisation was last looked at.
mod look {
    use sea_orm::entity::prelude::*;

    /// One organisation's.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "match_looks")]
    pub(super) struct Model {
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: i64,
        /// When.
        pub looked_on: Date,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Somebody that an organisation was told of.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "matches_told")]
pub(super) struct Model {
    /// Who was told.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: i64,
    /// Of whom: a supplier's key when it is a canteen, a canteen's when it is a supplier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub other_id: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Tells canteens which suppliers are new for them, and suppliers which canteens. Whoever is looked at for the first time is told
/// nothing: all of it stands on the page it has just seen.
///
/// # Errors
/// When the directory is not read yet, a mail cannot be written down or the database does not answer.
pub async fn tell_matches(app: &App, txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Next, Failed> {
    // An engine that knows nobody finds nothing new: the week would pass in silence.
    if !app.index.is_built() {
        return Err("the directory is not read yet".into());
    }
    let today = app.local(now).date();
    let looked: HashSet<i64> = look::Entity::find()
        .select_only()
        .column(look::Column::OrganisationId)
        .filter(look::Column::LookedOn.gte(today))
        .into_tuple()
        .all(txn)
        .await?
        .into_iter()
        .collect();
    let kitchens = canteens::accepted(txn).await?.into_iter().map(|id| (id, None));
    let held = suppliers::draft::holders(txn).await?.into_iter().map(|(supplier, id)| (id, Some(supplier)));
    let mut due: Vec<(i64, Option<i64>)> = kitchens.chain(held).filter(|(id, _)| !looked.contains(id)).collect();
    due.sort_unstable();
    let more = due.len() > AT_ONCE;
    due.truncate(AT_ONCE);
    // Read in this transaction: on SQLite the others wait for it, and hold all other connections meanwhile.
    let kitchens = facts::kitchens(txn).await?;
    for (organisation, supplier) in due {
        let found = match supplier {
            None => of_canteen(app, txn, organisation).await?,
            Some(supplier) => of_supplier(app, txn, supplier, &kitchens).await?,
        };
        tell(app, txn, organisation, supplier.is_some(), found, today).await?;
    }
    Ok(if more { Next::More } else { Next::Done })
}

/// The best suppliers for a canteen.
async fn of_canteen(app: &App, txn: &DatabaseTransaction, organisation: i64) -> Result<Vec<News>, DbErr> {
    let Some(kitchen) = canteens::kitchen_of(txn, organisation).await? else { return Ok(Vec::new()) };
    let need = need(&kitchen, app.index.lexicon());
    let found = suited_suppliers(txn, app, &kitchen).await?;
    let news = found.into_iter().take(BEST).map(|(found, listing, supply)| News {
        id: listing.supplier.id,
        name: listing.supplier.name.clone(),
        href: Some(format!("/annuaire/{}?near={}", listing.supplier.slug, kitchen.canteen.insee_code)),
        facts: place(app, &listing.supplier.insee_code, round(&supply, need.days, "vous livre")),
        products: products(&found, &need, &supply).join(", "),
    });
    Ok(news.collect())
}

/// The best canteens for a supplier; those whose messages it does not want are left out.
async fn of_supplier(
    app: &App,
    txn: &DatabaseTransaction,
    supplier: i64,
    kitchens: &[Kitchen],
) -> Result<Vec<News>, DbErr> {
    let blocked = contacts::blocked_by(txn, supplier).await?;
    let listing = suppliers::load_many(txn, &[supplier]).await?.pop();
    let Some(listing) = listing.filter(|listing| listing.supplier.is_public()) else { return Ok(Vec::new()) };
    let found = suited_kitchens(app, &listing, kitchens).into_iter();
    let found = found.filter(|(_, kitchen, _)| !blocked.contains(&kitchen.canteen.organisation_id));
    let news = found.take(BEST).map(|(found, kitchen, supply)| {
        let need = need(kitchen, app.index.lexicon());
        News {
            id: kitchen.canteen.organisation_id,
            href: None,
            facts: place(app, &kitchen.canteen.insee_code, round(&supply, need.days, "vous y livrez")),
            products: wanted(&found, &need).join("\u{a0}; "),
            name: kitchen.name.clone(),
        }
    });
    Ok(news.collect())
}

/// `Saugues, à environ 38 km, vous livre le lundi`
fn place(app: &App, insee_code: &str, facts: Vec<String>) -> String {
    let commune = app.places.commune(insee_code).map(|commune| commune.name.clone());
    commune.into_iter().chain(facts).collect::<Vec<_>>().join(", ")
}

async fn tell(
    app: &App,
    txn: &DatabaseTransaction,
    organisation: i64,
    is_supplier: bool,
    found: Vec<News>,
    today: NaiveDate,
) -> Result<(), Failed> {
    let is_first = look::Entity::find_by_id(organisation).one(txn).await?.is_none();
    let row = look::ActiveModel { organisation_id: Set(organisation), looked_on: Set(today) };
    let again = OnConflict::column(look::Column::OrganisationId).update_column(look::Column::LookedOn).to_owned();
    look::Entity::insert(row).on_conflict(again).exec_without_returning(txn).await?;
    let known = Entity::find().filter(Column::OrganisationId.eq(organisation)).all(txn).await?;
    let known: HashSet<i64> = known.into_iter().map(|told| told.other_id).collect();
    let fresh: Vec<News> = found.into_iter().filter(|news| !known.contains(&news.id)).collect();
    if fresh.is_empty() {
        return Ok(());
    }
    if !is_first {
        let mut is_told = false;
        for person in accounts::people(txn, organisation).await? {
            is_told |= mail::digest(txn, app, &person, (organisation, is_supplier), &fresh, today).await?;
        }
        // Nobody wants it, or all had another digest today: it stays news.
        if !is_told {
            return Ok(());
        }
    }
    let rows = fresh.iter().map(|news| ActiveModel { organisation_id: Set(organisation), other_id: Set(news.id) });
    Entity::insert_many(rows).exec_without_returning(txn).await?;
    Ok(())
}
