use std::collections::HashMap;

use sea_orm::{ActiveValue::NotSet, DatabaseTransaction, ExprTrait, IntoActiveModel, entity::prelude::*};

use super::{
    Options,
    offer_lines::{NewOffer, NewOffers},
};
use crate::{
    app::App,
    suppliers::{Listing, Offer, changes, listing, offer, product, supplier},
    tables::{Problem, Report},
};

/// Values one query may hold on SQLite, shared by the columns of an offer.
const ROWS_PER_INSERT: usize = 2_500;

/// Saves the offers of a batch of suppliers in one transaction. Those of a supplier whose offers are already so are not touched.
pub(super) async fn save(app: &App, batch: &[NewOffers], options: &Options, report: &mut Report) -> Result<(), DbErr> {
    let references = || batch.iter().map(|supplier| supplier.reference.clone());
    if options.dry_run {
        let known = listing::by_references(&app.db, references(), true).await?;
        Plan::new(batch, &known, report);
        return Ok(());
    }
    let txn = app.write().await?;
    changes::take_turn(&txn).await?;
    let known = listing::by_references(&txn, references(), true).await?;
    let plan = Plan::new(batch, &known, report);
    plan.write(&txn, options).await?;
    txn.commit().await
}

/// What a batch makes of the database: the suppliers whose offers are replaced.
struct Plan {
    replaced: Vec<(i64, Vec<Offer>)>,
    emptied: Vec<i64>,
}

impl Plan {
    /// Compares with what is there, and counts what becomes of each line.
    fn new(batch: &[NewOffers], known: &HashMap<String, Listing>, report: &mut Report) -> Self {
        let mut plan = Self { replaced: Vec::new(), emptied: Vec::new() };
        for new in batch {
            let Some(listing) = known.get(&new.reference) else {
                refuse(new, report);
                continue;
            };
            let id = listing.supplier.id;
            let wanted: Vec<Offer> = (0..).zip(&new.offers).map(|(position, new)| row(new, id, position)).collect();
            if wanted.iter().eq(listing
                .offers
                .iter()
                .map(|old| Offer { id: 0, ..old.clone() })
                .collect::<Vec<_>>()
                .iter())
            {
                report.unchanged += wanted.len();
                continue;
            }
            if listing.offers.is_empty() {
                report.created += wanted.len();
            } else {
                report.updated += wanted.len();
                plan.emptied.push(id);
            }
            plan.replaced.push((id, wanted));
        }
        plan
    }

    async fn write(self, txn: &DatabaseTransaction, options: &Options) -> Result<(), DbErr> {
        if !self.emptied.is_empty() {
            offer::Entity::delete_many().filter(offer::Column::SupplierId.is_in(self.emptied)).exec(txn).await?;
        }
        let ids: Vec<i64> = self.replaced.iter().map(|&(id, _)| id).collect();
        let rows = self.replaced.into_iter().flat_map(|(_, offers)| offers);
        let rows: Vec<offer::ActiveModel> =
            rows.map(|offer| offer::ActiveModel { id: NotSet, ..offer.into_active_model().reset_all() }).collect();
        for rows in rows.chunks(ROWS_PER_INSERT) {
            offer::Entity::insert_many(rows.iter().cloned()).exec_without_returning(txn).await?;
        }
        if !ids.is_empty() {
            let version = supplier::Column::Version;
            let update = supplier::Entity::update_many().col_expr(version, Expr::col(version).add(1));
            let update = update.col_expr(supplier::Column::UpdatedAt, Expr::value(options.now));
            update.filter(supplier::Column::Id.is_in(ids.iter().copied())).exec(txn).await?;
        }
        changes::record_changes(txn, &ids, options.now).await
    }
}

fn row(new: &NewOffer, supplier_id: i64, position: i32) -> Offer {
    Offer {
        id: 0,
        supplier_id,
        position,
        name: new.name.clone(),
        product_code: product::tie_product(&new.name, new.family),
        family: new.family,
        packaging: new.packaging.clone(),
        sales_unit: new.sales_unit.clone(),
        price_cents: new.price_cents,
        months: new.months,
        volume_per_week: new.volume_per_week,
        signs: new.signs,
    }
}

fn refuse(unknown: &NewOffers, report: &mut Report) {
    report.refused += unknown.offers.len();
    report.problems.extend(unknown.offers.iter().map(|offer| Problem {
        line: offer.line,
        column: "Référence fournisseur".to_owned(),
        value: unknown.reference.clone(),
        expected: "la référence d’un fournisseur de l’annuaire : importez d’abord les fournisseurs".to_owned(),
        refused: true,
    }));
}
