//! The certificates of a supplier, and what proves them.

use chrono::NaiveDate;
use index::codes::Certification;

use crate::directory::card::Mark;
use crate::directory::words;
use crate::suppliers::{self, CertificationSource, Listing};
use crate::web::french;

/// Where the State lists who is certified organic.
const ORGANIC_REGISTER: &str = "https://annuaire.agencebio.org";

/// One certificate as a person reads it.
pub(super) struct Proof {
    /// The sign in full.
    pub(super) mark: Mark,
    pub(super) sentence: String,
    /// Where it can be checked: words and address.
    pub(super) link: Option<(&'static str, String)>,
}

/// The certificates of a listing on a day, in their order.
pub(super) fn proofs(listing: &Listing, today: NaiveDate) -> Vec<Proof> {
    listing.certifications.iter().map(|certificate| Proof::new(certificate, today)).collect()
}

impl Proof {
    fn new(certificate: &suppliers::Certification, today: NaiveDate) -> Self {
        let sign = *certificate.kind;
        Self {
            mark: Mark::new(words::certification_in_full(sign), certificate.proof(today)),
            sentence: sentence(certificate, today),
            link: link(certificate, sign),
        }
    }
}

fn sentence(certificate: &suppliers::Certification, today: NaiveDate) -> String {
    let number = certificate.number.as_ref().map(|number| format!("n°\u{a0}{number}"));
    let body = certificate.body.as_deref();
    let known = match (&number, body) {
        (Some(number), Some(body)) => format!("Certificat {number}, délivré par {body}"),
        (Some(number), None) => format!("Certificat {number}, sans organisme certificateur connu"),
        (None, Some(body)) => format!("Suivi par {body}, sans numéro de certificat"),
        (None, None) => String::new(),
    };
    let from_register = certificate.checked_on.filter(|_| certificate.source == CertificationSource::Register);
    match (certificate.proof(today), certificate.last_day()) {
        (suppliers::Proof::Proven, Some(last)) => match (from_register, certificate.valid_until) {
            (Some(read), None) => format!("{known}. Lu dans l’annuaire officiel le {}.", french::date(read)),
            _ => format!("{known}, valable jusqu’au {}.", french::date(last)),
        },
        (suppliers::Proof::Expired, Some(last)) => {
            format!("{known}, expiré depuis le {}. Il ne compte plus comme signe de qualité.", french::date(last))
        }
        _ if known.is_empty() => "Déclaré par le fournisseur, sans certificat vérifiable.".to_owned(),
        _ => match certificate.valid_from.filter(|first| *first > today) {
            Some(first) => format!("{known}, valable à partir du {}.", french::date(first)),
            None if certificate.last_day().is_none() => {
                format!("{known}, sans date de fin de validité\u{a0}: il reste à vérifier.")
            }
            None => format!("{known}\u{a0}: il reste à vérifier."),
        },
    }
}

fn link(certificate: &suppliers::Certification, sign: Certification) -> Option<(&'static str, String)> {
    let is_web = |address: &&String| address.starts_with("https://") || address.starts_with("http://");
    if let Some(address) = certificate.document.as_ref().filter(is_web) {
        return Some(("Voir la preuve", address.clone()));
    }
    matches!(sign, Certification::Organic | Certification::InConversion)
        .then(|| ("Vérifier dans l’annuaire officiel du bio", ORGANIC_REGISTER.to_owned()))
}
