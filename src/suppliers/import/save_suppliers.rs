use std::collections::{HashMap, HashSet};

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ConnectionTrait, DatabaseTransaction, IntoActiveModel, QuerySelect,
    entity::prelude::*,
};

use super::{
    Options,
    supplier_lines::{NewCertification, NewSupplier},
};
use crate::{
    app::App,
    suppliers::{
        Certification, Listing, Origin, State, Supplier,
        certification::{self, CertificationSource},
        changes, delivery, listing, slug, supplier,
    },
    tables::Report,
};

/// Values one query may hold on SQLite, shared by the columns of the widest table.
const ROWS_PER_INSERT: usize = 1_000;

/// Saves a batch in one transaction and counts what became of each line. What is already there as the file says it is not touched.
pub(super) async fn save(
    app: &App,
    batch: &[NewSupplier],
    options: &Options,
    report: &mut Report,
) -> Result<(), DbErr> {
    if options.dry_run {
        let known = known(&app.db, batch).await?;
        let plan = Plan::new(batch, known, options);
        plan.count(report);
        return Ok(());
    }
    let txn = app.write().await?;
    changes::take_turn(&txn).await?;
    let mut plan = Plan::new(batch, known(&txn, batch).await?, options);
    plan.write(&txn, options).await?;
    txn.commit().await?;
    plan.count(report);
    Ok(())
}

async fn known(db: &impl ConnectionTrait, batch: &[NewSupplier]) -> Result<HashMap<String, Listing>, DbErr> {
    listing::by_references(db, batch.iter().map(|supplier| supplier.reference.clone()), false).await
}

/// What a batch makes of the database.
struct Plan<'a> {
    created: Vec<&'a NewSupplier>,
    changed: Vec<(&'a NewSupplier, Supplier)>,
    unchanged: usize,
}

impl<'a> Plan<'a> {
    fn new(batch: &'a [NewSupplier], mut known: HashMap<String, Listing>, options: &Options) -> Self {
        let mut plan = Self { created: Vec::new(), changed: Vec::new(), unchanged: 0 };
        for new in batch {
            let Some(listing) = known.remove(&new.reference) else {
                plan.created.push(new);
                continue;
            };
            let wanted = merged(new, &listing.supplier, options);
            if wanted == listing.supplier
                && new.zones == listing.zones
                && same(&new.certifications, &listing.certifications)
            {
                plan.unchanged += 1;
            } else {
                plan.changed.push((new, wanted));
            }
        }
        plan
    }

    fn count(&self, report: &mut Report) {
        report.created += self.created.len();
        report.updated += self.changed.len();
        report.unchanged += self.unchanged;
    }

    async fn write(&mut self, txn: &DatabaseTransaction, options: &Options) -> Result<(), DbErr> {
        let mut ids = insert(txn, &self.created, options).await?;
        let changed: Vec<i64> = self.changed.iter().map(|(_, supplier)| supplier.id).collect();
        if !changed.is_empty() {
            let of_these = || changed.iter().copied();
            delivery::Entity::delete_many().filter(delivery::Column::SupplierId.is_in(of_these())).exec(txn).await?;
            certification::Entity::delete_many()
                .filter(certification::Column::SupplierId.is_in(of_these()))
                .exec(txn)
                .await?;
        }
        for (new, supplier) in &self.changed {
            let mut row = supplier.clone().into_active_model().reset_all();
            row.version = Set(supplier.version + 1);
            row.updated_at = Set(options.now);
            row.update(txn).await?;
            ids.push((supplier.id, new));
        }
        insert_zones(txn, &ids).await?;
        insert_certifications(txn, &ids).await?;
        let ids: Vec<i64> = ids.iter().map(|&(id, _)| id).collect();
        changes::record_changes(txn, &ids, options.now).await
    }
}

/// The row as the file wants it. A listing that was paused or withdrawn is not brought back by a file that does not say so.
fn merged(new: &NewSupplier, old: &Supplier, options: &Options) -> Supplier {
    let state = match (new.state, old.state) {
        (None, State::Draft) if !options.draft => State::Published,
        (said, known) => said.unwrap_or(known),
    };
    Supplier {
        id: old.id,
        claimed: old.claimed,
        version: old.version,
        created_at: old.created_at,
        updated_at: old.updated_at,
        ..row(new, old.slug.clone(), state, new.origin.unwrap_or(old.origin), options)
    }
}

fn row(new: &NewSupplier, slug: String, state: State, origin: Origin, options: &Options) -> Supplier {
    let new = new.clone();
    Supplier {
        id: 0,
        reference: new.reference,
        slug,
        name: new.name,
        kind: new.kind,
        siret: new.siret,
        description: new.description,
        address: new.address,
        postal_code: new.postal_code,
        insee_code: new.insee_code,
        latitude: new.position.map(|(latitude, _)| latitude),
        longitude: new.position.map(|(_, longitude)| longitude),
        published_position: new.published_position,
        phone: new.phone,
        email: new.email,
        website: new.website,
        delivery_radius_km: new.delivery_radius_km,
        delivery_days: new.delivery_days,
        minimum_order_cents: new.minimum_order_cents,
        free_delivery_cents: new.free_delivery_cents,
        confirmed_on: new.confirmed_on,
        state,
        origin,
        claimed: false,
        version: 1,
        created_at: options.now,
        updated_at: options.now,
    }
}

fn same(new: &[NewCertification], old: &[Certification]) -> bool {
    let row = |(position, new)| certificate(new, position);
    let bare = |old: &Certification| Certification { id: 0, supplier_id: 0, ..old.clone() };
    new.len() == old.len() && (0..).zip(new).map(row).eq(old.iter().map(bare))
}

fn certificate(new: &NewCertification, position: i16) -> Certification {
    let source = match (new.register_read_on, &new.document) {
        (Some(_), _) => CertificationSource::Register,
        (None, Some(_)) => CertificationSource::Document,
        (None, None) => CertificationSource::Statement,
    };
    Certification {
        id: 0,
        supplier_id: 0,
        position,
        kind: new.kind,
        number: new.number.clone(),
        body: new.body.clone(),
        valid_from: new.valid_from,
        valid_until: new.valid_until,
        source,
        checked_on: new.register_read_on,
        document: new.document.clone(),
    }
}

async fn insert<'a>(
    txn: &DatabaseTransaction,
    created: &[&'a NewSupplier],
    options: &Options,
) -> Result<Vec<(i64, &'a NewSupplier)>, DbErr> {
    let slugs = free_slugs(txn, created).await?;
    let rows: Vec<supplier::ActiveModel> =
        created.iter().zip(slugs).map(|(new, slug)| new_row(new, slug, options)).collect();
    for rows in rows.chunks(ROWS_PER_INSERT) {
        supplier::Entity::insert_many(rows.iter().cloned()).exec_without_returning(txn).await?;
    }
    let references = supplier::Column::Reference.is_in(created.iter().map(|new| new.reference.as_str()));
    let columns = [supplier::Column::Reference, supplier::Column::Id];
    let ids = supplier::Entity::find().select_only().columns(columns).filter(references);
    let ids: HashMap<String, i64> = ids.into_tuple::<(String, i64)>().all(txn).await?.into_iter().collect();
    Ok(created.iter().filter_map(|&new| Some((*ids.get(&new.reference)?, new))).collect())
}

fn new_row(new: &NewSupplier, slug: String, options: &Options) -> supplier::ActiveModel {
    let state = new.state.unwrap_or(if options.draft { State::Draft } else { State::Published });
    let row = row(new, slug, state, new.origin.unwrap_or(Origin::Organiser), options);
    supplier::ActiveModel { id: NotSet, ..row.into_active_model().reset_all() }
}

/// One slug for each, taken by nobody in the database or the batch.
async fn free_slugs(txn: &DatabaseTransaction, created: &[&NewSupplier]) -> Result<Vec<String>, DbErr> {
    let candidates: Vec<[String; 3]> =
        created.iter().map(|new| slug::candidates(&new.name, &new.commune, &new.reference)).collect();
    let mut taken = HashSet::new();
    let wanted: Vec<&str> = candidates.iter().flatten().map(String::as_str).collect();
    for wanted in wanted.chunks(10_000) {
        let query = supplier::Entity::find().select_only().column(supplier::Column::Slug);
        let query = query.filter(supplier::Column::Slug.is_in(wanted.iter().copied()));
        taken.extend(query.into_tuple::<String>().all(txn).await?);
    }
    let mut slugs = Vec::with_capacity(candidates.len());
    for candidates in candidates {
        let free = match candidates.iter().find(|slug| !taken.contains(*slug)) {
            Some(free) => free.clone(),
            None => numbered(txn, &candidates[2], &taken).await?,
        };
        taken.insert(free.clone());
        slugs.push(free);
    }
    Ok(slugs)
}

async fn numbered(txn: &DatabaseTransaction, slug: &str, taken: &HashSet<String>) -> Result<String, DbErr> {
    let query = supplier::Entity::find().select_only().column(supplier::Column::Slug);
    let query = query.filter(supplier::Column::Slug.starts_with(format!("{slug}-")));
    let stored: HashSet<String> = query.into_tuple().all(txn).await?.into_iter().collect();
    let mut numbered = (2..).map(|number: u32| format!("{slug}-{number}"));
    Ok(numbered.find(|slug| !taken.contains(slug) && !stored.contains(slug)).unwrap_or_default())
}

async fn insert_zones(txn: &DatabaseTransaction, suppliers: &[(i64, &NewSupplier)]) -> Result<(), DbErr> {
    let zones = suppliers.iter().flat_map(|(id, new)| {
        new.zones.iter().map(|(kind, code)| delivery::ActiveModel {
            supplier_id: Set(*id),
            kind: Set(kind),
            code: Set(code.clone()),
        })
    });
    let rows: Vec<_> = zones.collect();
    for rows in rows.chunks(ROWS_PER_INSERT) {
        delivery::Entity::insert_many(rows.iter().cloned()).exec_without_returning(txn).await?;
    }
    Ok(())
}

async fn insert_certifications(txn: &DatabaseTransaction, suppliers: &[(i64, &NewSupplier)]) -> Result<(), DbErr> {
    let certificates = suppliers.iter().flat_map(|(id, new)| {
        (0..).zip(&new.certifications).map(|(position, new)| {
            let mut row = certificate(new, position).into_active_model().reset_all();
            (row.id, row.supplier_id) = (NotSet, Set(*id));
            row
        })
    });
    let rows: Vec<certification::ActiveModel> = certificates.collect();
    for rows in rows.chunks(ROWS_PER_INSERT) {
        certification::Entity::insert_many(rows.iter().cloned()).exec_without_returning(txn).await?;
    }
    Ok(())
}
