//! A timetable in words: how good it is, why a wish is not held, how to mend it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::Refusal;
use timetable::{self, Effort, Figure, Instance, Manner, Mode, Sheet, Timetable, WhyNot, proposals, why_not};

/// Seconds for the ways to mend a timetable.
const FOR_MENDING: f64 = 2.0;

#[derive(Args, Debug)]
pub(super) struct Explain {
    /// The day that was planned
    #[arg(value_name = "INSTANCE.json")]
    instance: PathBuf,
    /// Its timetable
    #[arg(value_name = "SOLUTION.json")]
    solution: PathBuf,
}

/// Checks a timetable and prints its quality sheet, in French, for organisers.
#[expect(clippy::print_stdout, reason = "the sheet is the result of the command")]
pub(super) fn explain(explain: &Explain) -> Result<(), Refusal> {
    let day = timetable::read(&text(&explain.instance)?).map_err(|reasons| super::timetable::refused(&reasons))?;
    let name = explain.solution.display();
    let (meetings, bounds) =
        timetable::read_solution(&text(&explain.solution)?).map_err(|fault| format!("{name}: {fault}"))?;
    let timetable = Timetable::checked(&day, meetings)
        .map_err(|faults| format!("{name} is no timetable of this day: {faults:?}"))?;
    println!("{}", sheet(&day, &timetable, &bounds));
    Ok(())
}

fn text(path: &Path) -> Result<String, Refusal> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()).into())
}

fn sheet(day: &Instance, timetable: &Timetable, bounds: &[(Figure, i64)]) -> String {
    let sheet = Sheet::of(day, timetable, bounds);
    let mut out = format!("Planning «\u{a0}{}\u{a0}»\u{a0}: toutes les règles sont respectées.\n", day.name);
    numbers(day, &sheet, &mut out);
    ranks(&sheet, &mut out);
    people(day, &sheet, &mut out);
    let why: Vec<WhyNot> = (0..day.wishes.len()).filter_map(|wish| why_not(day, timetable, wish)).collect();
    if !why.is_empty() {
        out.push_str("\nSouhaits non tenus, et pourquoi\n");
    }
    for why in why {
        let (a, b) = day.names(why.wish);
        let changes = match &why.changes[..] {
            [] => String::new(),
            changes => format!(" Il faudrait {}.", changes.join(" ou ")),
        };
        line(&mut out, &format!("{a} et {b}\u{a0}: {}{changes}", why.text));
    }
    mending(day, &mut out);
    out
}

fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "  {text}");
}

fn numbers(day: &Instance, sheet: &Sheet, out: &mut String) {
    let figures = sheet.figures;
    out.push_str("\nEn chiffres\n");
    let (held, room) = sheet.tables;
    line(out, &format!("{held} rendez-vous, pour {room} places aux tables"));
    if day.mode != Mode::All {
        line(out, &format!("participants sans aucun rendez-vous malgré la promesse\u{a0}: {}", figures.empty));
        let distance = match sheet.distance() {
            Some(distance) if distance > 0.0 => format!(", au plus {distance:.1} pour mille sous le meilleur possible"),
            Some(_) => ", le meilleur possible".to_owned(),
            None => String::new(),
        };
        line(out, &format!("{} points de souhaits tenus{distance}", figures.weight));
        let (wished, both) = sheet.mutual;
        line(out, &format!("souhaits réciproques tenus\u{a0}: {both} sur {wished}"));
    }
    line(out, &format!("d’un rendez-vous au suivant, on passe {} tables en tout", sheet.numbers.walked));
    if day.is_repair() {
        let (moved, added) = (sheet.moved.len(), sheet.added.len());
        line(out, &format!("par rapport au planning précédent\u{a0}: {moved} changés ou retirés, {added} ajoutés"));
    }
}

fn ranks(sheet: &Sheet, out: &mut String) {
    if !sheet.ranks.is_empty() {
        out.push_str("\nSouhaits tenus\n");
    }
    for rank in &sheet.ranks {
        line(out, &format!("{}, choix n° {}\u{a0}: {} sur {}", side(&rank.side), rank.rank, rank.held, rank.wished));
    }
}

fn side(side: &str) -> &str {
    match side {
        "supplier" => "fournisseurs",
        "canteen" => "cantines",
        "any" => "participants",
        other => other,
    }
}

fn people(day: &Instance, sheet: &Sheet, out: &mut String) {
    let name = |p: usize| day.participants[p].id.as_str();
    if let Some([worst, median, best]) = sheet.extremes() {
        out.push_str("\nLes participants\n");
        for (word, share) in [("le moins bien servi", worst), ("au milieu", median), ("le mieux servi", best)] {
            let (held, possible) = (share.held, share.possible);
            line(
                out,
                &format!("{word}\u{a0}: {}, {held} rendez-vous sur {possible} possibles", name(share.participant)),
            );
        }
    }
    for short in &sheet.short {
        line(out, &short.text);
    }
    match sheet.waits[..] {
        [] => line(out, "personne n’attend entre deux rendez-vous"),
        [(longest, slots), ..] => {
            let count = sheet.waits.len();
            line(out, &format!("{count} attendent, le plus\u{a0}: {} ({slots} créneaux)", name(longest)));
        }
    }
}

/// The ways to mend a day whose timetable is in force.
fn mending(day: &Instance, out: &mut String) {
    if !day.is_repair() {
        return;
    }
    let started = Instant::now();
    let effort = Effort {
        work: None,
        deadline: Some(FOR_MENDING),
        seconds: &|| started.elapsed().as_secs_f64(),
        stop: &|| false,
        progress: &|_| (),
    };
    out.push_str("\nPour réparer, au choix\n");
    for proposal in proposals(day, 1, &effort) {
        let manner = match proposal.manner {
            Manner::NothingMoves => "ne rien déplacer",
            Manner::FewChanges => "déplacer le moins possible",
            Manner::Anew => "tout replanifier",
        };
        let figures = proposal.figures;
        line(
            out,
            &format!(
                "{manner}\u{a0}: {} rendez-vous changés, {} personnes concernées, {} sans rendez-vous, {} points",
                figures.changes, proposal.disturbed, figures.empty, figures.weight
            ),
        );
    }
}
