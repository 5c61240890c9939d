use std::collections::{HashMap, HashSet};

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, IntoActiveModel, QuerySelect,
    entity::prelude::*,
};

use crate::suppliers::{
    Certification, Listing, Origin, State, Stored, Supplier,
    certification::{self, CertificationSource},
    changes, delivery, listing, slug, supplier,
    wanted::{NewCertification, NewSupplier},
};
use crate::tables::Options;

/// Values one query may hold on SQLite, shared by the columns of the widest table.
const ROWS_PER_INSERT: usize = 1_000;

/// What became of a batch.
#[derive(Debug, Default)]
pub(in crate::suppliers) struct Outcome {
    pub(in crate::suppliers) created: Vec<i64>,
    pub(in crate::suppliers) updated: Vec<i64>,
    pub(in crate::suppliers) unchanged: usize,
}

/// Writes a batch in which no reference stands twice. What is already there as the file says it is not touched.
pub(in crate::suppliers) async fn apply(
    txn: &DatabaseTransaction,
    batch: &[NewSupplier],
    options: &Options,
) -> Result<Outcome, DbErr> {
    let mut known = listing::by_references(txn, batch.iter().map(|new| new.reference.clone()), false).await?;
    let (mut created, mut changed, mut unchanged) = (Vec::new(), Vec::new(), 0);
    for new in batch {
        match known.remove(&new.reference) {
            None => created.push(new),
            Some(listing) => {
                let wanted = merged(new, &listing.supplier, options);
                if is_as(&listing, &wanted, new) {
                    unchanged += 1;
                } else {
                    changed.push((new, wanted));
                }
            }
        }
    }
    let mut written = insert(txn, &created, options).await?;
    let created = written.iter().map(|&(id, _)| id).collect();
    let updated: Vec<i64> = changed.iter().map(|(_, supplier)| supplier.id).collect();
    update(txn, &changed, options).await?;
    written.extend(changed.iter().map(|(new, supplier)| (supplier.id, *new)));
    insert_zones(txn, &written).await?;
    insert_certifications(txn, &written).await?;
    let ids: Vec<i64> = written.iter().map(|&(id, _)| id).collect();
    changes::record_changes(txn, &ids, options.now).await?;
    Ok(Outcome { created, updated, unchanged })
}

fn is_as(listing: &Listing, wanted: &Supplier, new: &NewSupplier) -> bool {
    let certificates = (0..).zip(&new.certifications).map(|(position, new)| certificate(new, position));
    let bare = |old: &Certification| Certification { id: 0, supplier_id: 0, ..old.clone() };
    *wanted == listing.supplier
        && new.zones == listing.zones
        && certificates.eq(listing.certifications.iter().map(bare))
}

async fn update(
    txn: &DatabaseTransaction,
    changed: &[(&NewSupplier, Supplier)],
    options: &Options,
) -> Result<(), DbErr> {
    if changed.is_empty() {
        return Ok(());
    }
    let ids = || changed.iter().map(|(_, supplier)| supplier.id);
    delivery::Entity::delete_many().filter(delivery::Column::SupplierId.is_in(ids())).exec(txn).await?;
    certification::Entity::delete_many().filter(certification::Column::SupplierId.is_in(ids())).exec(txn).await?;
    for (_, supplier) in changed {
        let mut row = supplier.clone().into_active_model().reset_all();
        row.version = Set(supplier.version + 1);
        row.updated_at = Set(options.now);
        row.update(txn).await?;
    }
    Ok(())
}

/// The row as the file wants it. A listing that was paused or withdrawn is not brought back by a file that does not say
/// so.
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
        ..supplier_row(new, old.slug.clone(), state, new.origin.unwrap_or(old.origin), options)
    }
}

pub(in crate::suppliers) fn supplier_row(
    new: &NewSupplier,
    slug: String,
    state: State,
    origin: Origin,
    options: &Options,
) -> Supplier {
    let new = new.clone();
    Supplier {
        id: 0,
        reference: new.reference,
        slug,
        name: new.name,
        kind: Stored(new.kind),
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

pub(in crate::suppliers) fn certificate(new: &NewCertification, position: i16) -> Certification {
    let source = match (new.register_read_on, &new.document) {
        (Some(_), _) => CertificationSource::Register,
        (None, Some(_)) => CertificationSource::Document,
        (None, None) => CertificationSource::Statement,
    };
    Certification {
        id: 0,
        supplier_id: 0,
        position,
        kind: Stored(new.kind),
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
    let row = supplier_row(new, slug, state, new.origin.unwrap_or(Origin::Organiser), options);
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
