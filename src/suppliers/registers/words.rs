//! What is said of the answers of registers, to the supplier and to the organiser.

use super::company::Seat;
use super::organic::Verdict;
use super::{Answers, Company, Heard};
use crate::app::App;
use crate::suppliers::draft::{Content, DraftCertificate};
use crate::suppliers::import::OrganicOperator;
use crate::web::french;

/// A sentence about what a register says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::suppliers) struct Said {
    /// Whether the register says the same as the listing.
    pub(in crate::suppliers) is_fine: bool,
    /// The sentence.
    pub(in crate::suppliers) words: String,
}

impl Said {
    /// That it says the same.
    pub(in crate::suppliers) fn fine(words: impl Into<String>) -> Self {
        Self { is_fine: true, words: words.into() }
    }

    /// That something is to be looked at.
    pub(in crate::suppliers) fn odd(words: impl Into<String>) -> Self {
        Self { is_fine: false, words: words.into() }
    }

    /// The same under the name of the certificate: `Bio, n° 114386 : …`
    pub(in crate::suppliers) fn about(self, held: &DraftCertificate) -> Self {
        let number = held.number.as_ref().map(|number| format!(", n°\u{a0}{number}")).unwrap_or_default();
        Self { words: format!("{}{number}\u{a0}: {}", held.label(), self.words), ..self }
    }
}

impl Answers {
    /// What the supplier reads of the register of companies.
    pub(in crate::suppliers) fn to_supplier(&self, content: &Content) -> Option<Said> {
        let (heard, _) = self.company(content)?;
        Some(match heard {
            Heard::Told(company) if company.is_closed => Said::odd(format!(
                "Le registre dit que cet établissement est fermé{}. Vérifiez votre SIRET. S’il est juste, continuez\u{a0}: l’organisateur décidera.",
                since(company)
            )),
            Heard::Told(Company { public: Some(seat), .. }) => Said::fine(format!(
                "Le registre des entreprises dit\u{a0}: {}. Corrigez ce qui n’est pas juste\u{a0}: ce sont vos mots qui comptent.",
                named(seat)
            )),
            Heard::Told(_) => {
                Said::fine("Vos données ne sont pas publiques dans le registre\u{a0}: écrivez-les vous-même, ou non.")
            }
            Heard::Unknown => Said::odd(
                "Le registre des entreprises ne connaît pas ce SIRET. Vérifiez-le. Si vous venez de vous installer, continuez\u{a0}: il y sera bientôt.",
            ),
            Heard::NoAnswer => Said::odd(
                "Le registre des entreprises n’a pas répondu. Rien n’est perdu\u{a0}: continuez avec ce que vous écrivez.",
            ),
        })
    }

    /// What the organiser reads of the register of companies.
    pub(in crate::suppliers) fn to_organiser(&self, content: &Content, app: &App) -> Option<Said> {
        let (heard, at) = self.company(content)?;
        let day = french::date(app.local(*at).date());
        let said = |words: String| format!("Registre des entreprises, lu le {day}\u{a0}: {words}");
        Some(match heard {
            Heard::Told(company) => {
                let seat = company.public.as_ref();
                let is_elsewhere = seat.is_some_and(|seat| is_elsewhere(seat, content, app));
                let who = seat.map_or_else(|| "ses données ne sont pas publiques".to_owned(), named);
                let elsewhere = if is_elsewhere { ". La fiche dit une autre commune" } else { "" };
                let closed = if company.is_closed {
                    format!(". Établissement fermé{}", since(company))
                } else {
                    String::new()
                };
                let is_fine = !company.is_closed && !is_elsewhere;
                Said { is_fine, words: said(format!("{who}{closed}{elsewhere}.")) }
            }
            Heard::Unknown => Said::odd(said("ce SIRET y est inconnu.".to_owned())),
            Heard::NoAnswer => {
                Said::odd(format!("SIRET non vérifié\u{a0}: le registre des entreprises n’a pas répondu le {day}."))
            }
        })
    }

    /// What both read of a certificate.
    pub(in crate::suppliers) fn of_certificate(&self, held: &DraftCertificate, content: &Content) -> Option<Said> {
        let whose = |operator: &OrganicOperator| format!("«\u{a0}{}\u{a0}», à {}", operator.name, operator.commune);
        Some(match self.verdict(held, content)? {
            Verdict::Same(operator) => {
                Said::fine(format!("Vérifié dans l’annuaire officiel du bio le {}.", french::date(operator.read_on)))
            }
            Verdict::Another(operator) => Said::odd(format!(
                "Dans l’annuaire officiel du bio, ce numéro est celui de {}{}. Vérifiez le numéro et le SIRET de la fiche.",
                whose(operator),
                operator.siret.as_ref().map(|siret| format!(", SIRET {siret}")).unwrap_or_default()
            )),
            Verdict::Over(_) => {
                Said::odd("Dans l’annuaire officiel du bio, le certificat de ce numéro est arrêté ou suspendu.")
            }
            Verdict::TooLittle => Said::odd(
                "L’annuaire officiel du bio connaît ce numéro, mais ne dit pas quel organisme le certifie depuis quand.",
            ),
            Verdict::OtherSign(_) => Said::odd(
                "L’annuaire officiel du bio connaît ce numéro, mais pas pour ce signe\u{a0}: vérifiez «\u{a0}bio\u{a0}» ou «\u{a0}en conversion\u{a0}».",
            ),
            Verdict::OtherBody(operator) => Said::odd(format!(
                "Dans l’annuaire officiel du bio, l’organisme de ce numéro est {}.",
                operator.body.as_deref().unwrap_or("un autre")
            )),
            Verdict::Unknown => Said::odd(
                "L’annuaire officiel du bio ne connaît pas ce numéro d’opérateur. Il n’a que des chiffres\u{a0}: vérifiez-le sur votre certificat.",
            ),
            Verdict::NoAnswer => Said::odd(
                "Non vérifié\u{a0}: l’annuaire officiel du bio n’a pas répondu. Le numéro est gardé tel quel.",
            ),
        })
    }
}

/// ` depuis le 22 octobre 2022`, when that is known.
fn since(company: &Company) -> String {
    company.closed_on.map(|day| format!(" depuis le {}", french::date(day))).unwrap_or_default()
}

/// `GAEC DU SUC, 12 RUE DU BREUIL, 43000 LE PUY-EN-VELAY`
fn named(seat: &Seat) -> String {
    let town = [&seat.postal_code, &seat.town].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    let parts = [seat.name.clone(), seat.street.clone(), Some(town).filter(|town| !town.is_empty())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn is_elsewhere(seat: &Seat, content: &Content, app: &App) -> bool {
    let commune = |code: Option<&str>| code.and_then(|code| app.places.commune(code));
    match (commune(seat.insee_code.as_deref()), commune(content.insee_code.as_deref())) {
        (Some(theirs), Some(ours)) => theirs.insee_code.city() != ours.insee_code.city(),
        _ => false,
    }
}
