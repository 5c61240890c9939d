use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, FromQueryResult, PaginatorTrait, QueryOrder, QuerySelect, entity::prelude::*};

use crate::places::{Commune, Places};
use crate::tables::fold;

use super::{
    Certification, CertificationKind, Offer, Proof, State, Supplier, certification,
    delivery::{self, DeliveryZones},
    offer, photo,
    photo::Photo,
    supplier,
};

/// Everything about one supplier, public or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// Itself.
    pub supplier: Supplier,
    /// Where it delivers besides its radius.
    pub zones: DeliveryZones,
    /// Its certificates in their order.
    pub certifications: Vec<Certification>,
    /// What it offers, in its order.
    pub offers: Vec<Offer>,
    /// Photographs, in their order.
    pub photos: Vec<Photo>,
}

impl Listing {
    /// Every sign that the supplier or one of its offers carries.
    pub fn signs(&self) -> impl Iterator<Item = CertificationKind> {
        let held = |sign| self.certifications.iter().any(|held| *held.kind == sign);
        let offered = |sign| self.offers.iter().any(|offer| offer.signs.contains(sign));
        CertificationKind::ALL.iter().copied().filter(move |&sign| held(sign) || offered(sign))
    }

    /// Whether it delivers to a commune.
    #[must_use]
    pub fn delivers_to(&self, commune: &Commune, places: &Places) -> bool {
        let zones = &self.zones;
        let named = zones.departments.contains(&commune.department)
            || commune.epci.as_ref().is_some_and(|code| zones.epcis.contains(code))
            || zones.communes.iter().any(|code| code == commune.insee_code.as_str());
        let around = self.supplier.delivery_radius_km.zip(self.supplier.public_place(places)).zip(commune.point);
        named || around.is_some_and(|((km, from), to)| from.point.distance_km(to) <= km)
    }

    /// Whether nobody has said where it delivers: a public register does not, and its silence is no refusal.
    #[must_use]
    pub fn is_delivery_unknown(&self) -> bool {
        self.zones.is_empty() && self.supplier.delivery_radius_km.is_none() && self.supplier.is_unclaimed()
    }

    /// What stands behind a sign on a day: nothing without a certificate of that kind; proven when one proves it, expired
    /// when all have run out.
    #[must_use]
    pub fn proof_of(&self, sign: CertificationKind, today: NaiveDate) -> Option<Proof> {
        let proofs = self.certifications.iter().filter(|held| *held.kind == sign).map(|held| held.proof(today));
        proofs.reduce(|best, proof| match (best, proof) {
            (Proof::Proven, _) | (_, Proof::Proven) => Proof::Proven,
            (Proof::Expired, Proof::Expired) => Proof::Expired,
            _ => Proof::Declared,
        })
    }
}

/// The databases take at most 32,766 values in a query (SQLite), which also keeps one answer small.
pub(super) const IDS_PER_QUERY: usize = 10_000;

/// The listings of these suppliers, in ascending order of key; those that do not exist are left out. Five queries for
/// up to 10,000.
///
/// # Errors
/// What the database said.
pub async fn load_many(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<Listing>, DbErr> {
    let mut listings = Vec::with_capacity(ids.len());
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    for ids in ids.chunks(IDS_PER_QUERY) {
        let query = supplier::Entity::find().filter(supplier::Column::Id.is_in(ids.iter().copied()));
        let suppliers = query.order_by_asc(supplier::Column::Id).all(db).await?;
        listings.extend(complete(db, suppliers, true).await?);
    }
    Ok(listings)
}

/// The next `limit` listings after the supplier `after_id` (0 to begin), in ascending order of key: to read everything
/// page by page.
///
/// # Errors
/// What the database said.
pub async fn load_page(db: &impl ConnectionTrait, after_id: i64, limit: u64) -> Result<Vec<Listing>, DbErr> {
    page(db, after_id, limit, true).await
}

/// The same, without the offers unless asked for.
pub(super) async fn page(
    db: &impl ConnectionTrait,
    after_id: i64,
    limit: u64,
    with_offers: bool,
) -> Result<Vec<Listing>, DbErr> {
    let query = supplier::Entity::find().filter(supplier::Column::Id.gt(after_id));
    let suppliers = query.order_by_asc(supplier::Column::Id).limit(limit).all(db).await?;
    complete(db, suppliers, with_offers).await
}

/// The listing with this slug.
///
/// # Errors
/// What the database said.
pub async fn by_slug(db: &impl ConnectionTrait, slug: &str) -> Result<Option<Listing>, DbErr> {
    if no_row_holds(slug) {
        return Ok(None);
    }
    let found = supplier::Entity::find().filter(supplier::Column::Slug.eq(slug)).one(db).await?;
    Ok(complete(db, found.into_iter().collect(), true).await?.pop())
}

/// The listing with this slug, when everybody sees it.
///
/// # Errors
/// What the database said.
pub async fn public_by_slug(db: &impl ConnectionTrait, slug: &str) -> Result<Option<Listing>, DbErr> {
    Ok(by_slug(db, slug).await?.filter(|listing| listing.supplier.is_public()))
}

/// The listing with this reference.
///
/// # Errors
/// What the database said.
pub async fn by_reference(db: &impl ConnectionTrait, reference: &str) -> Result<Option<Listing>, DbErr> {
    if no_row_holds(reference) {
        return Ok(None);
    }
    let found = supplier::Entity::find().filter(supplier::Column::Reference.eq(reference)).one(db).await?;
    Ok(complete(db, found.into_iter().collect(), true).await?.pop())
}

/// A supplier by its name.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(super) struct Named {
    /// Name in the address of its page.
    pub(super) slug: String,
    /// Its name.
    pub(super) name: String,
    /// Who sees it.
    pub(super) state: State,
}

/// The suppliers whose name holds a text, whatever its capitals and accents, public or not, by name; none for an empty text.
///
/// # Errors
/// What the database said.
pub(super) async fn named(db: &impl ConnectionTrait, text: &str, most: usize) -> Result<Vec<Named>, DbErr> {
    let text = fold(text);
    if text.is_empty() {
        return Ok(Vec::new());
    }
    // The databases do not agree on what a capital É is in small.
    let columns = [supplier::Column::Slug, supplier::Column::Name, supplier::Column::State];
    let all = supplier::Entity::find().select_only().columns(columns);
    let all = all.order_by_asc(supplier::Column::Name).order_by_asc(supplier::Column::Id);
    let all: Vec<Named> = all.into_model().all(db).await?;
    Ok(all.into_iter().filter(|one| fold(&one.name).contains(&text)).take(most).collect())
}

/// Longer than any slug or reference, or with what neither holds; PostgreSQL breaks when asked for a NUL.
fn no_row_holds(text: &str) -> bool {
    text.len() > 200 || text.contains(char::is_control)
}

/// Where a public listing is found, and since when it is as it is.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Address {
    /// Name in the address of its page.
    pub slug: String,
    /// Last changed.
    pub updated_at: DateTimeUtc,
}

/// How many listings the public sees.
///
/// # Errors
/// What the database said.
pub async fn count_published(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    published().count(db).await
}

/// The addresses of the listings the public sees, in ascending order of key, `limit` after the first `offset`.
///
/// # Errors
/// What the database said.
pub async fn addresses(db: &impl ConnectionTrait, offset: u64, limit: u64) -> Result<Vec<Address>, DbErr> {
    let columns = published().select_only().columns([supplier::Column::Slug, supplier::Column::UpdatedAt]);
    columns.order_by_asc(supplier::Column::Id).offset(offset).limit(limit).into_model::<Address>().all(db).await
}

fn published() -> Select<supplier::Entity> {
    supplier::Entity::find().filter(supplier::Column::State.eq(State::Published))
}

/// The listings of these references, keyed by them; without their offers unless asked for.
pub(super) async fn by_references(
    db: &impl ConnectionTrait,
    references: impl IntoIterator<Item = String>,
    with_offers: bool,
) -> Result<HashMap<String, Listing>, DbErr> {
    let query = supplier::Entity::find().filter(supplier::Column::Reference.is_in(references));
    let listings = complete(db, query.all(db).await?, with_offers).await?;
    Ok(listings.into_iter().map(|listing| (listing.supplier.reference.clone(), listing)).collect())
}

async fn complete(
    db: &impl ConnectionTrait,
    suppliers: Vec<Supplier>,
    with_offers: bool,
) -> Result<Vec<Listing>, DbErr> {
    let ids: Vec<i64> = suppliers.iter().map(|supplier| supplier.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: HashMap<i64, usize> = ids.iter().enumerate().map(|(place, &id)| (id, place)).collect();
    let mut listings: Vec<Listing> = suppliers.into_iter().map(Listing::bare).collect();

    let of_these = delivery::Column::SupplierId.is_in(ids.iter().copied());
    for zone in delivery::Entity::find().filter(of_these).all(db).await? {
        listings[places[&zone.supplier_id]].zones.add(zone.kind, zone.code);
    }
    let of_these = certification::Column::SupplierId.is_in(ids.iter().copied());
    let query = certification::Entity::find().filter(of_these).order_by_asc(certification::Column::SupplierId);
    for certification in query.order_by_asc(certification::Column::Position).all(db).await? {
        listings[places[&certification.supplier_id]].certifications.push(certification);
    }
    let of_these = photo::Column::SupplierId.is_in(ids.iter().copied());
    for shown in photo::Entity::find().filter(of_these).order_by_asc(photo::Column::Position).all(db).await? {
        let photo = Photo { file_id: shown.file_id, words: shown.words };
        listings[places[&shown.supplier_id]].photos.push(photo);
    }
    if with_offers {
        let query = offer::Entity::find().filter(offer::Column::SupplierId.is_in(ids));
        let query = query.order_by_asc(offer::Column::SupplierId).order_by_asc(offer::Column::Position);
        for offer in query.all(db).await? {
            listings[places[&offer.supplier_id]].offers.push(offer);
        }
    }
    Ok(listings)
}

impl Listing {
    fn bare(supplier: Supplier) -> Self {
        Self {
            supplier,
            zones: DeliveryZones::default(),
            certifications: Vec::new(),
            offers: Vec::new(),
            photos: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_not_asked_for_what_no_row_holds() {
        assert!(!no_row_holds("gaec-des-genets") && !no_row_holds("Référence n° 12"));
        assert!(no_row_holds("a\0") && no_row_holds("a\u{1b}[31m") && no_row_holds(&"a".repeat(201)));
    }
}
