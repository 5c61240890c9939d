//! How good a timetable is, in words; why there is none.

use crate::speed_meetings::workshop::quality::Quality;
use crate::speed_meetings::workshop::run::Run;
use crate::web::french;

/// Ranks that the sheet names one by one.
const RANKS: u64 = 3;

/// The quality sheet in words.
pub(super) fn sheet(quality: &Quality) -> Vec<(&'static str, String)> {
    let (held, room) = quality.held;
    let promise = match quality.short_count {
        0 => "tenue pour tous".to_owned(),
        1 => "un participant a moins que promis".to_owned(),
        count => format!("{count}\u{a0}participants ont moins que promis"),
    };
    let (wished, both) = quality.mutual;
    let waits = match quality.waits {
        (0, _) => "personne n’attend entre deux rendez-vous".to_owned(),
        (people, slots) => {
            let longest =
                quality.longest.as_ref().map(|(name, slots)| format!("\u{a0}; le plus\u{a0}: {name} ({slots})"));
            let slots = french::count(slots as u64, "créneau", "créneaux");
            format!(
                "{}, {slots} en tout{}",
                french::count(people as u64, "participant attend", "participants attendent"),
                longest.unwrap_or_default()
            )
        }
    };
    let mut lines = vec![
        ("Rendez-vous", format!("{held}, pour {room}\u{a0}places aux tables")),
        ("Promesse", promise),
        ("Souhaits des cantines", ranks(quality, true)),
        ("Souhaits des fournisseurs", ranks(quality, false)),
        ("Souhaits réciproques", format!("{both} tenus sur {wished}")),
    ];
    if let Some((name, held, possible)) = &quality.worst {
        lines.push(("Le moins bien servi", format!("{name}, {held}\u{a0}rendez-vous sur {possible} possibles")));
    }
    lines.push(("Attentes", waits));
    if let Some((first, fullest)) = quality.opening {
        lines.push(("Début de journée", opening(first, fullest)));
    }
    lines.push(("D’une table à l’autre", format!("{} tables à passer en tout", quality.walked)));
    lines.push(("Peut-on faire mieux\u{a0}?", best(quality)));
    if let Some((moved, added)) = quality.changed {
        lines.push((
            "Par rapport au planning d’avant",
            format!("à une autre heure ou retirés\u{a0}: {moved}\u{a0}; ajoutés\u{a0}: {added}\u{a0}; les tables peuvent changer aussi"),
        ));
    }
    lines
}

/// How full the first slot is, and what may be done where it is nearly empty.
fn opening(first: usize, fullest: usize) -> String {
    let said = format!("{first}\u{a0}rendez-vous au premier créneau, {fullest} au plus rempli");
    if first * 2 < fullest {
        format!("{said}\u{a0}: vous pouvez faire commencer la journée plus tard, ou garder ce temps pour l’accueil")
    } else {
        said
    }
}

fn best(quality: &Quality) -> String {
    match quality.distance {
        _ if quality.is_best => "non, c’est prouvé".to_owned(),
        Some(0.0) => "pas pour les souhaits, c’est prouvé\u{a0}; peut-être pour les attentes".to_owned(),
        Some(thousandths) => {
            format!("au mieux de {}\u{a0}% de souhaits en plus", french::decimal((thousandths.ceil() / 10.0).max(0.1)))
        }
        None => "on ne sait pas".to_owned(),
    }
}

fn ranks(quality: &Quality, of_canteens: bool) -> String {
    let own = || quality.ranks.iter().filter(|rank| rank.of_canteens == of_canteens);
    let (held, wished) = own().fold((0, 0), |(held, wished), rank| (held + rank.held, wished + rank.wished));
    if wished == 0 {
        return "aucun souhait".to_owned();
    }
    let first = own().filter(|rank| rank.rank <= RANKS);
    let first: Vec<String> =
        first.map(|rank| format!("choix n°\u{a0}{}\u{a0}: {} sur {}", rank.rank, rank.held, rank.wished)).collect();
    format!("{held} tenus sur {wished} ({})", first.join(", "))
}

/// Why there is no timetable.
pub(super) fn reasons(run: &Run) -> Vec<(String, Vec<String>)> {
    let file: serde_json::Value =
        run.solution.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let reason = |reason: &serde_json::Value| {
        let changes = reason["changes"].as_array().map(|all| all.iter().map(text).collect());
        (text(&reason["text"]), changes.unwrap_or_default())
    };
    file["reasons"].as_array().map(|all| all.iter().map(reason).collect()).unwrap_or_default()
}
