use crate::{
    places::Places,
    suppliers::{Certification, CertificationSource, Listing, Word},
    tables::{Cell, Sheet},
};

/// The headings before the certificates.
const FIRST: [&str; 22] = [
    "Référence",
    "Nom",
    "Type",
    "Adresse",
    "Code postal",
    "Commune",
    "Code INSEE",
    "Latitude",
    "Longitude",
    "Position publiée",
    "Présentation",
    "Téléphone",
    "Courriel",
    "Site web",
    "SIRET",
    "Rayon de livraison (km)",
    "Départements livrés",
    "EPCI livrés",
    "Communes livrées",
    "Jours de livraison",
    "Minimum de commande (€ HT)",
    "Franco de port (€ HT)",
];
const OF_A_CERTIFICATE: [&str; 7] = [
    "Certification",
    "Numéro",
    "Organisme",
    "Valable jusqu'au",
    "Valable à partir du",
    "Justificatif",
    "Vu dans l'annuaire officiel le",
];
/// The format promises three groups of columns.
const FEWEST_CERTIFICATES: usize = 3;
pub(super) const NAME: &str = "Fournisseurs";

/// The table of suppliers, one line each in the order given.
#[must_use]
pub fn suppliers_sheet(listings: &[Listing], places: &Places) -> Sheet {
    let certificates = listings.iter().map(|listing| listing.certifications.len()).max().unwrap_or(0);
    let columns = Columns { certificates };
    let rows = listings.iter().map(|listing| columns.row(listing, places)).collect();
    Sheet { name: NAME, headings: columns.headings(), rows }
}

/// Which columns a table has.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    /// The most certificates one supplier has.
    pub(super) certificates: usize,
}

impl Columns {
    fn groups(self) -> usize {
        self.certificates.max(FEWEST_CERTIFICATES)
    }

    pub(super) fn headings(self) -> Vec<String> {
        let mut headings = FIRST.map(str::to_owned).to_vec();
        for number in 1..=self.groups() {
            headings.extend(OF_A_CERTIFICATE.iter().map(|heading| format!("{heading} {number}")));
        }
        headings.extend(["Fiche confirmée le", "État", "Provenance"].map(str::to_owned));
        headings
    }

    pub(super) fn row(self, listing: &Listing, places: &Places) -> Vec<Cell> {
        let supplier = &listing.supplier;
        let mut cells = first(listing, places).to_vec();
        for place in 0..self.groups() {
            cells.extend(listing.certifications.get(place).map_or([const { Cell::Empty }; 7], certificate));
        }
        cells.extend([
            date(supplier.confirmed_on),
            Cell::text(Some(supplier.state.label())),
            Cell::text(Some(supplier.origin.label())),
        ]);
        cells
    }
}

fn first(listing: &Listing, places: &Places) -> [Cell; 22] {
    let supplier = &listing.supplier;
    let commune = places.commune(&supplier.insee_code).map(|commune| commune.name.as_str());
    let point = supplier.exact_position();
    [
        Cell::text(Some(&supplier.reference)),
        Cell::text(Some(&supplier.name)),
        Cell::text(Some(supplier.kind.label())),
        Cell::text(supplier.address.as_deref()),
        Cell::text(supplier.postal_code.as_deref()),
        Cell::text(commune),
        Cell::text(Some(&supplier.insee_code)),
        point.map_or(Cell::Empty, |point| Cell::Number(point.lat)),
        point.map_or(Cell::Empty, |point| Cell::Number(point.lon)),
        Cell::text(Some(supplier.published_position.label())),
        Cell::text(Some(&supplier.description)),
        Cell::text(supplier.phone.as_deref()),
        Cell::text(supplier.email.as_deref()),
        Cell::text(supplier.website.as_deref()),
        Cell::text(supplier.siret.as_ref().map(super::super::Siret::as_str)),
        supplier.delivery_radius_km.map_or(Cell::Empty, Cell::Number),
        Cell::text(Some(&listing.zones.departments.join(", "))),
        Cell::text(Some(&listing.zones.epcis.join(", "))),
        Cell::text(Some(&listing.zones.communes.join(", "))),
        Cell::text(Some(&supplier.delivery_days.iter().map(Word::label).collect::<Vec<_>>().join(", "))),
        cents(supplier.minimum_order_cents),
        cents(supplier.free_delivery_cents),
    ]
}

fn certificate(certification: &Certification) -> [Cell; 7] {
    let from_register = certification.source == CertificationSource::Register;
    [
        Cell::text(Some(certification.kind.label())),
        Cell::text(certification.number.as_deref()),
        Cell::text(certification.body.as_deref()),
        date(certification.valid_until),
        date(certification.valid_from),
        Cell::text(certification.document.as_deref()),
        date(certification.checked_on.filter(|_| from_register)),
    ]
}

fn date(day: Option<chrono::NaiveDate>) -> Cell {
    day.map_or(Cell::Empty, Cell::Date)
}

fn cents(amount: Option<super::super::Cents>) -> Cell {
    amount.map_or(Cell::Empty, |cents| Cell::Cents(cents.0))
}
