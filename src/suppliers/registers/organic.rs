use sea_orm::DbErr;

use super::Heard;
use crate::app::App;
use crate::outside;
use crate::suppliers::CertificationKind;
use crate::suppliers::draft::{Content, DraftCertificate};
use crate::suppliers::import::{OrganicOperator, imported_operator, operator_in};
use crate::tables::fold;

/// What the register of organic operators says of one certificate of a listing.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict<'a> {
    /// It says the same.
    Same(&'a OrganicOperator),
    /// The number is somebody else's.
    Another(&'a OrganicOperator),
    /// The operator's certificate is over, or suspended.
    Over(&'a OrganicOperator),
    /// It knows the operator, and not by whom or since when it is certified.
    TooLittle,
    /// The operator has another sign: organic instead of in conversion, or the other way round.
    OtherSign(&'a OrganicOperator),
    /// Another body certifies it.
    OtherBody(&'a OrganicOperator),
    /// The register has no such number.
    Unknown,
    /// The register did not answer.
    NoAnswer,
}

/// Whether the register knows such certificates by their number.
pub(super) fn is_checked(held: &DraftCertificate) -> bool {
    matches!(held.kind.0, CertificationKind::Organic | CertificationKind::InConversion) && held.number.is_some()
}

/// Asks the register of organic operators on behalf of a person: the one that is set, else what was imported of it. Nothing
/// when there is neither, or when the register knows no such certificates.
///
/// # Errors
/// What the database said.
pub(in crate::suppliers) async fn ask_operator(
    app: &App,
    person: i64,
    held: &DraftCertificate,
) -> Result<Option<Heard<OrganicOperator>>, DbErr> {
    let Some(number) = held.number.as_deref().filter(|_| is_checked(held)) else { return Ok(None) };
    let register = app.config.registers.organic_register_url.as_ref();
    let digits: String = number.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = digits.parse::<i64>().ok().filter(|digits| *digits > 0);
    // Some write the number of the certificate, which has letters: the register has none such.
    let asked = digits.unwrap_or_default();
    let (places, today) = (&app.places, app.today());
    let answer = match register {
        Some(_) if digits.is_none() => Heard::Unknown,
        Some(register) => {
            let number = asked.to_string();
            let read = |body: &[u8]| operator_in(body, asked, places, today);
            outside::ask(app, person, register, "", &[("numeroBio", &number)], read).await
        }
        None => return imported_operator(&app.db, asked, places, today).await,
    };
    Ok(Some(answer))
}

/// What an answer of the register says of a certificate, as the listing names itself and the certificate.
pub(super) fn verdict<'a>(
    heard: &'a Heard<OrganicOperator>,
    held: &DraftCertificate,
    content: &Content,
) -> Verdict<'a> {
    let operator = match heard {
        Heard::Told(operator) => operator,
        Heard::Unknown => return Verdict::Unknown,
        Heard::NoAnswer => return Verdict::NoAnswer,
    };
    let is_same = match (&operator.siret, &content.siret) {
        (Some(theirs), Some(ours)) => theirs == ours,
        _ => fold(&operator.name) == fold(&content.name),
    };
    if !is_same {
        Verdict::Another(operator)
    } else if !operator.is_in_force {
        Verdict::Over(operator)
    } else if operator.signs.is_empty() {
        Verdict::TooLittle
    } else if !operator.signs.contains(held.kind.0) {
        Verdict::OtherSign(operator)
    } else if !is_same_body(operator.body.as_deref(), held.body.as_deref()) {
        Verdict::OtherBody(operator)
    } else {
        Verdict::Same(operator)
    }
}

/// `Ecocert` is `Ecocert France`; who says nothing does not contradict.
pub(in crate::suppliers) fn is_same_body(theirs: Option<&str>, ours: Option<&str>) -> bool {
    let Some((theirs, ours)) = theirs.map(fold).zip(ours.map(fold)) else { return true };
    theirs.starts_with(&ours) || ours.starts_with(&theirs)
}
