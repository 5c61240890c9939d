//! Where the address that was typed is, for the step about the place.

use super::desk::Desk;
use crate::app::App;
use crate::config::Remote;
use crate::outside::Heard;
use crate::places::geocoder::{Located, Precision, locate};
use crate::suppliers::draft::{self, Typed};
use crate::suppliers::registers::Said;
use crate::web::FieldErrors;

/// Asks where the address is and puts its point into the form; nothing is kept. Says what was found, or what is missing.
pub(super) async fn find(app: &App, desk: &Desk, geocoder: &Remote, typed: &mut Typed) -> (FieldErrors, Option<Said>) {
    let mut errors = FieldErrors::default();
    let commune = draft::commune(typed.of("commune"), &app.places);
    if let Err(sentence) = &commune {
        errors.add("commune", sentence.clone());
    }
    let address = typed.of("adresse").to_owned();
    if address.is_empty() || address.chars().count() > 300 {
        errors.add("adresse", "Écrivez la rue ou le lieu-dit dont vous cherchez le point.");
    }
    let (Ok(commune), true) = (commune, errors.is_empty()) else { return (errors, None) };
    let said = match locate(app, geocoder, desk.me.id, &address, commune).await {
        Heard::Told(Located { point, label, precision }) => {
            typed.put("point", format!("{:.5}, {:.5}", point.lat, point.lon));
            Said::fine(format!(
                "Point trouvé\u{a0}: {label}, {}. Vérifiez-le sur la carte, puis enregistrez.",
                near(precision)
            ))
        }
        Heard::Unknown => Said::odd(format!(
            "Cette adresse n’est pas trouvée à {}. Écrivez-la autrement, ou placez le point vous-même.",
            commune.name
        )),
        Heard::NoAnswer => Said::odd(
            "Le service qui trouve les adresses n’a pas répondu. Réessayez dans une minute, ou placez le point vous-même.",
        ),
    };
    (errors, Some(said))
}

fn near(precision: Precision) -> &'static str {
    match precision {
        Precision::Number => "au numéro près",
        Precision::Street => "quelque part dans la rue",
        Precision::Hamlet => "au milieu du lieu-dit",
    }
}
