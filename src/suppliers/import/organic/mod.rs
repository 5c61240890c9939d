//! Import of the organic operators that Agence Bio publishes: facts of the register, no contacts. A new operator
//! becomes a listing of its own (draft, or published as "not claimed"). A listing that somebody has taken over, or that
//! an organiser's file brought, keeps its words: only its certificate follows the register.

mod json;
mod operator;
mod production;
mod row;
mod told;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::{DatabaseTransaction, DbErr, entity::prelude::*};

use self::operator::Operator;
pub(in crate::suppliers) use self::told::{OrganicOperator, imported_operator, operator_in};
use super::{ImportError, OnProgress, Options, Progress, in_turn};
use crate::{
    app::App,
    suppliers::{
        CertificationKind, Listing, Origin, PublishedPosition, State, Weekdays, certification,
        delivery::DeliveryZones,
        listing, save, supplier,
        wanted::{NewCertification, NewOffers, NewSupplier},
    },
    tables::{Problem, Report},
};

const EXPECTED: &str =
    "le JSON des opérateurs de l’Agence Bio, {\"nbTotal\": …, \"items\": […]}, une ou plusieurs pages";
/// Operators saved in one transaction.
const BATCH: usize = 500;

/// Imports operators of the organic register from the JSON of its API. With `options.draft` new listings stay drafts.
///
/// # Errors
/// When the file is no such JSON, or the database fails.
pub async fn organic_operators(
    app: &App,
    bytes: &[u8],
    options: &Options,
    progress: OnProgress<'_>,
) -> Result<Report, ImportError> {
    let items = json::operators(bytes).ok_or(ImportError::Other(EXPECTED))?;
    let mut report = Report::new(&options.file, "opérateurs bio");
    report.entry = "fiche";
    report.dry_run = options.dry_run;
    report.read = items.len();
    let mut operators: Vec<Operator> = Vec::new();
    for (item, line) in items.iter().zip(1..) {
        match Operator::read(item, &app.places, options.today) {
            Ok(operator) => operators.push(operator),
            Err((column, value, expected)) => {
                report.refused += 1;
                report.problems.push(Problem { line, column: column.to_owned(), value, expected, refused: true });
            }
        }
    }
    note_what_is_kept_back(&operators, options, &mut report);
    let total = operators.len();
    // Pages that overlap give an operator twice: the last word counts.
    let mut seen = HashSet::new();
    let mut operators: Vec<Operator> =
        operators.into_iter().rev().filter(|operator| seen.insert(operator.number)).collect();
    operators.reverse();
    report.unchanged += total - operators.len();
    for (batch, saved) in operators.chunks(BATCH).zip((0..).step_by(BATCH)) {
        let counts = in_turn(app, options, async |txn| save(txn, batch, options).await).await;
        let counts = counts.map_err(|source| ImportError::Database { saved, total, source })?;
        report.created += counts.created;
        report.updated += counts.updated;
        report.unchanged += batch.len() - counts.created - counts.updated;
        progress(Progress { saved: saved + batch.len(), total: operators.len() });
    }
    Ok(report)
}

#[cfg(test)]
pub(super) fn try_reading(bytes: &[u8], places: &crate::places::Places, today: NaiveDate) {
    for operator in json::operators(bytes).iter().flatten().filter_map(|item| Operator::read(item, places, today).ok())
    {
        let _ = operator.certifications(today);
        let _ = operator.productions.iter().filter_map(production::Production::offer).count();
    }
}

fn note_what_is_kept_back(operators: &[Operator], options: &Options, report: &mut Report) {
    let stopped = operators.iter().filter(|operator| !operator.certificate.is_in_force(options.today)).count();
    if stopped > 0 {
        report.notes.push(format!(
            "certificats arrêtés ou suspendus : {stopped} ; ces fiches n’ont pas la mention bio et ne sont pas publiées"
        ));
    }
    let shops = operators.iter().filter(|operator| operator.is_shop).count();
    if shops > 0 && !options.draft {
        report.notes.push(format!("commerces de détail : {shops}, gardés en brouillon"));
    }
    let last = operators.iter().filter_map(|operator| operator.certificate.engaged_on).max();
    if let Some(last) = last.filter(|&day| (options.today - day).num_days() > 365) {
        report.notes.push(format!(
            "le dernier engagement du fichier date du {} : vérifiez que l’extrait est récent, les certificats sont tenus pour vus aujourd’hui",
            last.format("%d/%m/%Y")
        ));
    }
}

#[derive(Default)]
struct Counts {
    created: usize,
    updated: usize,
}

async fn save(txn: &DatabaseTransaction, batch: &[Operator], options: &Options) -> Result<Counts, DbErr> {
    let known = Known::load(txn, batch).await?;
    let mut targets = Targets::default();
    for operator in batch {
        match known.listing_of(operator) {
            None => targets.register(operator, None, options),
            Some(listing) if is_ours(listing) => targets.register(operator, Some(listing), options),
            Some(listing) => targets.certify(operator, listing, options.today),
        }
    }
    let suppliers = save::suppliers::apply(txn, &targets.suppliers, options).await?;
    let offers = save::offers::apply(txn, &targets.offers, options).await?;
    row::save(txn, batch, &targets.references, options.now).await?;
    let created: HashSet<i64> = suppliers.created.into_iter().collect();
    let updated: HashSet<i64> = suppliers.updated.into_iter().chain(offers.replaced).collect();
    let updated = updated.difference(&created).count();
    Ok(Counts { created: created.len(), updated })
}

/// Whether the register alone speaks for a listing.
fn is_ours(listing: &Listing) -> bool {
    listing.supplier.origin == Origin::OfficialRegister && !listing.supplier.claimed
}

fn reference(operator: &Operator) -> String {
    format!("BIO-{}", operator.number)
}

/// The listings that operators of a batch may already have.
struct Known {
    by_reference: HashMap<String, Listing>,
    others: Vec<Listing>,
}

impl Known {
    async fn load(txn: &DatabaseTransaction, batch: &[Operator]) -> Result<Self, DbErr> {
        let by_reference = listing::by_references(txn, batch.iter().map(reference), false).await?;
        let numbers = batch.iter().map(|operator| operator.number.to_string());
        let holders = certification::Entity::find().filter(certification::Column::Number.is_in(numbers));
        let mut ids: Vec<i64> = holders.all(txn).await?.iter().map(|held| held.supplier_id).collect();
        let sirets = batch.iter().filter_map(|operator| operator.siret.clone());
        let same = supplier::Entity::find().filter(supplier::Column::Siret.is_in(sirets));
        ids.extend(same.all(txn).await?.iter().map(|supplier| supplier.id));
        let mut others = listing::load_many(txn, &ids).await?;
        others.retain(|listing| !is_ours(listing) && !by_reference.contains_key(&listing.supplier.reference));
        Ok(Self { by_reference, others })
    }

    /// Its own, else the only one with its number in its commune, else the only one with its SIRET. A number alone is
    /// not enough: it may be mistyped, and would lend somebody else's proof.
    fn listing_of(&self, operator: &Operator) -> Option<&Listing> {
        let number = operator.number.to_string();
        let has_number = |listing: &&Listing| {
            listing.supplier.insee_code == operator.insee_code
                && listing.certifications.iter().any(|held| held.number.as_ref() == Some(&number))
        };
        let has_siret = |listing: &&Listing| operator.siret.is_some() && listing.supplier.siret == operator.siret;
        let only = |fits: &dyn Fn(&&Listing) -> bool| {
            let mut fitting = self.others.iter().filter(fits);
            fitting.next().filter(|_| fitting.next().is_none())
        };
        self.by_reference.get(&reference(operator)).or_else(|| only(&has_number)).or_else(|| only(&has_siret))
    }
}

/// What a batch is to write: each listing once.
#[derive(Default)]
struct Targets {
    suppliers: Vec<NewSupplier>,
    offers: Vec<NewOffers>,
    /// Reference of the listing of each operator.
    references: HashMap<i64, String>,
}

impl Targets {
    /// The register's own listing.
    fn register(&mut self, operator: &Operator, known: Option<&Listing>, options: &Options) {
        let offers = operator.productions.iter().filter_map(production::Production::offer).collect();
        self.references.insert(operator.number, reference(operator));
        self.suppliers.push(register_listing(operator, known, options));
        self.offers.push(NewOffers { reference: reference(operator), offers });
    }

    /// Somebody else's listing: the certificates that came from the register follow it, and a stopped one ends.
    fn certify(&mut self, operator: &Operator, listing: &Listing, today: NaiveDate) {
        let reference = &listing.supplier.reference;
        self.references.insert(operator.number, reference.clone());
        let place = self.suppliers.iter().position(|new| new.reference == *reference).unwrap_or_else(|| {
            self.suppliers.push(NewSupplier::from(listing));
            self.suppliers.len() - 1
        });
        let certificates = &mut self.suppliers[place].certifications;
        let number = operator.number.to_string();
        let told = operator.certifications(today);
        let of_this = |held: &NewCertification| held.number.as_ref() == Some(&number);
        certificates.retain(|held| !of_this(held) || held.register_read_on.is_none());
        if told.iter().all(|told| told.register_read_on.is_none()) {
            let ended = operator.certificate.stopped_on.or(operator.certificate.suspended_on);
            for held in certificates.iter_mut().filter(|held| of_this(held) && held.kind == CertificationKind::Organic)
            {
                end(held, ended);
            }
            return;
        }
        let kinds: Vec<CertificationKind> = told.iter().map(|told| told.kind).collect();
        certificates.retain(|held| !of_this(held) || !kinds.contains(&held.kind));
        certificates.splice(0..0, told);
    }
}

/// Ends a certificate on the day the register says. A first day after that one was mistyped, or belongs to what never began.
fn end(held: &mut NewCertification, ended: Option<NaiveDate>) {
    let Some(ended) = ended else { return };
    held.valid_until = Some(held.valid_until.unwrap_or(ended).min(ended));
    held.valid_from = held.valid_from.filter(|&first| first <= ended);
}

fn register_listing(operator: &Operator, known: Option<&Listing>, options: &Options) -> NewSupplier {
    let shown = operator.certificate.is_in_force(options.today) && !operator.is_shop;
    let state = match known.map(|listing| listing.supplier.state) {
        None | Some(State::Draft) if shown && !options.draft => State::Published,
        None => State::Draft,
        // A draft again, as any operator without certificate: published anew once it is renewed.
        Some(State::Published) if !operator.certificate.is_in_force(options.today) => State::Draft,
        // What was paused or withdrawn was so on request, and stays so.
        Some(state) => state,
    };
    NewSupplier {
        reference: reference(operator),
        name: operator.name.clone(),
        kind: operator.kind,
        siret: operator.siret.clone(),
        description: String::new(),
        address: operator.address.clone(),
        postal_code: operator.postal_code.clone(),
        insee_code: operator.insee_code.clone(),
        commune: operator.commune.clone(),
        position: operator.position,
        // A farm's address is often a home.
        published_position: PublishedPosition::Commune,
        phone: None,
        email: None,
        website: None,
        delivery_radius_km: None,
        zones: DeliveryZones::default(),
        delivery_days: Weekdays::default(),
        minimum_order_cents: None,
        free_delivery_cents: None,
        certifications: operator.certifications(options.today),
        confirmed_on: None,
        state: Some(state),
        origin: Some(Origin::OfficialRegister),
    }
}
