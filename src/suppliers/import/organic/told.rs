use chrono::NaiveDate;
use sea_orm::{QueryOrder, entity::prelude::*};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    json::{self, text},
    operator::Operator,
    row,
};
use crate::{
    outside::Heard,
    places::Places,
    suppliers::{CertificationSource, Signs, Siret, certification},
};

/// What the register tells of an operator to whoever checks a certificate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::suppliers) struct OrganicOperator {
    /// Its name.
    pub(in crate::suppliers) name: String,
    /// The number of its establishment, when the register has a right one.
    pub(in crate::suppliers) siret: Option<Siret>,
    /// The name of its commune.
    pub(in crate::suppliers) commune: String,
    /// Body that certifies.
    pub(in crate::suppliers) body: Option<String>,
    /// Whether its certificate is in force.
    pub(in crate::suppliers) is_in_force: bool,
    /// The signs it is proof of; none when it is not in force, or says too little.
    pub(in crate::suppliers) signs: Signs,
    /// The day the register was read.
    pub(in crate::suppliers) read_on: NaiveDate,
}

impl OrganicOperator {
    /// Reads an item as the register gives it on the day `today`, when it was read on `read_on`.
    fn read(item: &Value, places: &Places, today: NaiveDate, read_on: NaiveDate) -> Option<Self> {
        let operator = Operator::read(item, places, today).ok()?;
        let proven = operator.certifications(today).into_iter().filter(|told| told.register_read_on.is_some());
        Some(Self {
            signs: proven.map(|told| told.kind).collect(),
            is_in_force: operator.certificate.is_in_force(today),
            name: operator.name,
            siret: operator.siret,
            commune: operator.commune,
            body: operator.certificate.body,
            read_on,
        })
    }
}

/// The operator of a number in an answer of the register.
pub(in crate::suppliers) fn operator_in(
    body: &[u8],
    number: i64,
    places: &Places,
    today: NaiveDate,
) -> Heard<OrganicOperator> {
    let Some(items) = json::operators(body) else { return Heard::NoAnswer };
    if items.is_empty() {
        return Heard::Unknown;
    }
    let bears = |item: &&Value| text(item, "numeroBio").is_some_and(|told| told == number.to_string());
    // Items without the one that was asked for answer another question.
    let operator = items.iter().find(bears).and_then(|item| OrganicOperator::read(item, places, today, today));
    operator.map_or(Heard::NoAnswer, Heard::Told)
}

/// The operator of a number among those that were imported, as the last file that named it told it; nothing when none was
/// ever imported.
///
/// # Errors
/// What the database said.
pub(in crate::suppliers) async fn imported_operator(
    db: &impl ConnectionTrait,
    number: i64,
    places: &Places,
    today: NaiveDate,
) -> Result<Option<Heard<OrganicOperator>>, DbErr> {
    let Some(row) = row::Entity::find_by_id(number).one(db).await? else {
        let any = row::Entity::find().one(db).await?;
        return Ok(any.map(|_| Heard::Unknown));
    };
    // The row changes with what it says; the certificate made of it tells when it was last read.
    let own = certification::Entity::find().filter(certification::Column::SupplierId.eq(row.supplier_id));
    let own = own.filter(certification::Column::Number.eq(number.to_string()));
    let own = own.filter(certification::Column::Source.eq(CertificationSource::Register));
    let own = own.filter(certification::Column::CheckedOn.is_not_null());
    let last = own.order_by_desc(certification::Column::CheckedOn).one(db).await?.and_then(|held| held.checked_on);
    let read_on = last.unwrap_or_default().max(row.updated_at.date_naive());
    let item: Value = serde_json::from_str(&row.item).map_err(|error| DbErr::Json(error.to_string()))?;
    let operator = OrganicOperator::read(&item, places, today, read_on);
    Ok(Some(operator.map_or(Heard::NoAnswer, Heard::Told)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suppliers::CertificationKind;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2027, 3, 16).unwrap();

    fn answer(number: &str, certificate: &str) -> String {
        format!(
            r#"{{"nbTotal": "1", "items": [{{"numeroBio": {number}, "raisonSociale": "GAEC DU SUC", "siret": "73282932000074",
            "adressesOperateurs": [{{"codeCommune": "43157", "ville": "LE PUY", "active": true}}],
            "productions": [], "certificats": [{certificate}], "unknown": 1}}]}}"#
        )
    }

    fn told(body: &str) -> Heard<OrganicOperator> {
        operator_in(body.as_bytes(), 114_386, &Places::embedded(), TODAY)
    }

    #[test]
    fn an_operator_in_force_proves_its_sign() {
        let engaged =
            r#"{"organisme": "Ecocert France", "etatCertification": "ENGAGEE", "dateEngagement": "2018-02-15"}"#;
        let operator = told(&answer("114386", engaged)).told().unwrap().clone();
        assert_eq!(operator.commune, "Le Puy-en-Velay");
        assert!(operator.is_in_force && operator.signs.contains(CertificationKind::Organic));
        assert_eq!((operator.body.as_deref(), operator.read_on), (Some("Ecocert France"), TODAY));
    }

    #[test]
    fn a_stopped_operator_proves_nothing() {
        let stopped = r#"{"organisme": "Ecocert France", "etatCertification": "ARRETEE", "dateArret": "2024-02-15", "dateEngagement": "2018-02-15"}"#;
        let operator = told(&answer("114386", stopped)).told().unwrap().clone();
        assert!(!operator.is_in_force && operator.signs.is_empty());
    }

    #[test]
    fn none_is_none_and_another_answer_is_no_answer() {
        assert_eq!(told(r#"{"nbTotal": "0", "items": []}"#), Heard::Unknown);
        for wrong in ["", "<p>", "{}", r#"{"items": 1}"#, &answer("7", "{}")] {
            assert_eq!(told(wrong), Heard::NoAnswer, "{wrong}");
        }
    }
}
