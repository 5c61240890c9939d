//! Why what one asks about rides cannot be.

use super::board::MOST;
use crate::web::french;

/// Why something cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Nothing is offered or looked for by who asks.
    Nothing,
    /// Who is asked is not there any more, or the question is answered.
    Over,
    /// The car has not that many seats left.
    Full,
    /// Who looks for a seat has one.
    Seated,
    /// Hours do not agree.
    Hours,
    /// She was asked and would not.
    Declined,
    /// The other leaves at another hour or place than who asks has seen.
    Changed,
    /// Enough is asked already.
    TooMany,
    /// More seats are given than she would offer.
    Given(i32),
    /// Who goes together with somebody does not change sides.
    Agreed,
}

impl Refusal {
    /// As people read it.
    pub(super) fn sentence(self) -> String {
        match self {
            Self::Nothing => "Dites d’abord ce que vous proposez ou cherchez.".to_owned(),
            Self::Over => "Cette proposition n’est plus d’actualité.".to_owned(),
            Self::Full => "Cette voiture n’a plus assez de places.".to_owned(),
            Self::Seated => "Cette personne a déjà une place.".to_owned(),
            Self::Hours => "Les heures ne s’accordent plus.".to_owned(),
            Self::Declined => "Cette personne a déjà répondu non.".to_owned(),
            Self::Changed => "L’autre personne a changé son départ entre-temps\u{a0}: relisez.".to_owned(),
            Self::TooMany => format!("{MOST} demandes attendent déjà une réponse."),
            Self::Given(taken) => {
                let taken = u64::try_from(taken).unwrap_or_default();
                format!(
                    "{}\u{a0}: gardez-en au moins autant.",
                    french::count(taken, "place est donnée", "places sont données")
                )
            }
            Self::Agreed => "Vous voyagez déjà avec quelqu’un\u{a0}: mettez-y fin d’abord.".to_owned(),
        }
    }
}
