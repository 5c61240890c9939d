use std::cmp::Reverse;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::{
    json::{date, list, text},
    production::Production,
};
use crate::{
    places::{Commune, InseeCode, Places, Point},
    suppliers::{CertificationKind, Kind, Siret, wanted::NewCertification},
    tables::fold,
};

/// What the register says of one operator.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Operator {
    pub(super) number: i64,
    pub(super) name: String,
    pub(super) siret: Option<Siret>,
    pub(super) kind: Kind,
    /// Sells to consumers only: no supplier of canteens.
    pub(super) is_shop: bool,
    pub(super) address: Option<String>,
    pub(super) postal_code: Option<String>,
    pub(super) insee_code: String,
    pub(super) commune: String,
    pub(super) position: Option<(f64, f64)>,
    pub(super) certificate: Certificate,
    pub(super) productions: Vec<Production>,
    /// The item without what names or reaches a person.
    pub(super) item: String,
}

/// The certificate that counts: the one in force, else the last.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Certificate {
    pub(super) state: Option<String>,
    pub(super) body: Option<String>,
    pub(super) engaged_on: Option<NaiveDate>,
    pub(super) suspended_on: Option<NaiveDate>,
    pub(super) stopped_on: Option<NaiveDate>,
    pub(super) page: Option<String>,
}

/// What is kept of an item: facts, no manager, telephone or mail address.
const KEPT: [&str; 14] = [
    "id",
    "raisonSociale",
    "denominationcourante",
    "siret",
    "numeroBio",
    "codeNAF",
    "dateMaj",
    "reseau",
    "categories",
    "adressesOperateurs",
    "productions",
    "activites",
    "certificats",
    "datePremierEngagement",
];
/// Names that only say how to address somebody.
const NO_NAMES: [&str; 6] = ["monsieur", "madame", "mr", "mme", "m.", "m"];

impl Operator {
    /// Reads an item of the register.
    ///
    /// # Errors
    /// Which field is wrong, what it holds and what was expected.
    pub(super) fn read(
        item: &Value,
        places: &Places,
        today: NaiveDate,
    ) -> Result<Self, (&'static str, String, String)> {
        let wrong =
            |field, value: Option<String>, expected: &str| (field, value.unwrap_or_default(), expected.to_owned());
        let number = text(item, "numeroBio");
        let number = number.as_deref().and_then(|number| number.parse().ok()).filter(|&number: &i64| number > 0);
        let number = number.ok_or_else(|| wrong("numeroBio", text(item, "numeroBio"), "le numéro de l’opérateur"))?;
        let name = ["denominationcourante", "raisonSociale"].iter().filter_map(|key| text(item, key));
        let mut name = name.map(|name| name.chars().take(200).collect::<String>());
        let name = name.find(|name| !NO_NAMES.contains(&fold(name).as_str()));
        let name = name.ok_or_else(|| wrong("raisonSociale", text(item, "raisonSociale"), "le nom de l’opérateur"))?;
        let (address, commune) = place(item, places)
            .map_err(|town| ("adressesOperateurs", town, "une adresse dont la commune existe".to_owned()))?;
        Ok(Self {
            number,
            name,
            siret: text(item, "siret").and_then(|siret| Siret::parse(&siret).ok()),
            kind: kind(item),
            is_shop: is_shop(item),
            address: text(address, "lieu").map(|lieu| lieu.chars().take(300).collect()),
            postal_code: text(address, "codePostal").filter(|code| code.len() == 5),
            insee_code: commune.insee_code.to_string(),
            commune: commune.name.clone(),
            position: position(address),
            certificate: certificate(item, today),
            productions: list(item, "productions").filter_map(Production::read).collect(),
            item: kept(item),
        })
    }

    /// The certificates that follow on the day the register is read: none once stopped or suspended; with a body and a
    /// day of engagement the register is their proof; without, they are a statement.
    pub(super) fn certifications(&self, today: NaiveDate) -> Vec<NewCertification> {
        if !self.certificate.is_in_force(today) {
            return Vec::new();
        }
        let holds = |kind| self.productions.iter().any(|production| production.signs.contains(kind));
        let converts = holds(CertificationKind::InConversion);
        let organic = holds(CertificationKind::Organic) || !converts;
        let kinds = [(CertificationKind::Organic, organic), (CertificationKind::InConversion, converts)];
        let checkable = self.certificate.body.is_some() && self.certificate.engaged_on.is_some();
        let one = |kind| NewCertification {
            kind,
            number: Some(self.number.to_string()),
            body: self.certificate.body.clone(),
            valid_from: self.certificate.engaged_on,
            valid_until: None,
            document: self.certificate.page.clone(),
            register_read_on: checkable.then_some(today),
        };
        kinds.into_iter().filter(|&(_, holds)| holds).map(|(kind, _)| one(kind)).collect()
    }
}

impl Certificate {
    pub(super) fn is_in_force(&self, today: NaiveDate) -> bool {
        let engaged = self.state.as_deref().is_some_and(|state| fold(state) == "engagee");
        engaged && ![self.stopped_on, self.suspended_on].iter().flatten().any(|&day| day <= today)
    }
}

fn certificate(item: &Value, today: NaiveDate) -> Certificate {
    let read = |certificate: &Value| Certificate {
        state: text(certificate, "etatCertification"),
        body: text(certificate, "organisme").map(|body| body.chars().take(200).collect()),
        engaged_on: date(certificate, "dateEngagement").filter(|&day| day <= today),
        suspended_on: date(certificate, "dateSuspension"),
        stopped_on: date(certificate, "dateArret"),
        page: text(certificate, "url").and_then(|url| crate::suppliers::contact::website(&url).ok()),
    };
    let certificates = list(item, "certificats").map(read);
    certificates.max_by_key(|certificate| (certificate.is_in_force(today), certificate.engaged_on)).unwrap_or_default()
}

fn names(item: &Value, key: &str) -> Vec<String> {
    list(item, key).filter_map(|named| text(named, "nom")).map(|name| fold(&name)).collect()
}

fn kind(item: &Value) -> Kind {
    let (does, is) = (names(item, "activites"), names(item, "categories"));
    let has = |names: &[String], start: &str| names.iter().any(|name| name.starts_with(start));
    if has(&does, "production") {
        Kind::Producer
    } else if has(&is, "grossiste") || !has(&does, "preparation") {
        Kind::Wholesaler
    } else if has(&is, "artisan") {
        Kind::CraftProducer
    } else {
        Kind::Processor
    }
}

/// Shops and supermarkets, even when they bake their bread.
fn is_shop(item: &Value) -> bool {
    let (does, is) = (names(item, "activites"), names(item, "categories"));
    let produces = does.iter().any(|name| name.starts_with("production"));
    let supplies = is.iter().any(|name| name.starts_with("grossiste") || name.starts_with("artisan"));
    let retail = ["grandes surfaces", "magasins", "vente aux consommateurs", "restaura"];
    let sells = is.iter().any(|name| retail.iter().any(|start| name.starts_with(start)));
    let trade = text(item, "codeNAF").is_some_and(|code| code.starts_with("47"));
    !produces && !supplies && (sells || trade)
}

/// The address where the work is done, else the seat: the first whose commune is known. The error is the town that is
/// not.
fn place<'v, 'p>(item: &'v Value, places: &'p Places) -> Result<(&'v Value, &'p Commune), String> {
    let mut addresses: Vec<&Value> = list(item, "adressesOperateurs").collect();
    let is =
        |address: &Value, sort: &str| list(address, "typeAdresseOperateurs").any(|kind| kind.as_str() == Some(sort));
    addresses.sort_by_key(|address| {
        let active = address.get("active").and_then(Value::as_bool).unwrap_or(true);
        Reverse((active, is(address, "Lieux d'activité"), is(address, "Siège social")))
    });
    let known = addresses.iter().find_map(|address| Some((*address, commune(address, places)?)));
    known.ok_or_else(|| addresses.first().and_then(|address| text(address, "ville")).unwrap_or_default())
}

fn commune<'p>(address: &Value, places: &'p Places) -> Option<&'p Commune> {
    let by_code = text(address, "codeCommune").and_then(|code| InseeCode::parse(&code).ok());
    by_code
        .and_then(|code| places.commune(code.as_str()))
        .or_else(|| places.resolve(&text(address, "ville")?, text(address, "codePostal").as_deref(), None).ok())
}

fn position(address: &Value) -> Option<(f64, f64)> {
    let degrees = |key: &str| text(address, key)?.parse().ok();
    let point = Point::new(degrees("lat")?, degrees("long")?)?;
    // Zero is what the register holds where it does not know.
    (point.lat != 0.0 || point.lon != 0.0).then_some((point.lat, point.lon))
}

fn kept(item: &Value) -> String {
    let fields = KEPT.iter().filter_map(|key| Some(((*key).to_owned(), item.get(key)?.clone())));
    Value::Object(fields.collect::<Map<_, _>>()).to_string()
}
