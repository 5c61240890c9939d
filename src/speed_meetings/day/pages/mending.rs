//! The ways to mend the timetable when somebody is missing, in words; what is pressed is what was shown.

use std::collections::BTreeSet;

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde::Deserialize;

use super::{reception, sure};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::speed_meetings::day::hall::{Hall, is_open};
use crate::speed_meetings::day::presence::State as Known;
use crate::speed_meetings::day::repair::{self, Damage, Way};
use crate::speed_meetings::day::turn;
use crate::speed_meetings::edition::{Edition, State};
use crate::speed_meetings::meeting::{Difference, Meeting};
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::publication::publish;
use crate::speed_meetings::wishes;
use crate::speed_meetings::workshop;
use crate::speed_meetings::workshop::appointment::{self, Appointment};
use crate::speed_meetings::workshop::puzzle::Wished;
use crate::web::{Csrf, Error, Form, Frame, Result, filters, french, page_with, private, see_other};
use timetable::Manner;

/// What was pressed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    /// The timetable that was shown.
    pub(super) solution: String,
    /// Where the day stood then.
    pub(super) vu: String,
    /// Whether what it throws away was read.
    sur: String,
}

#[derive(Template)]
#[template(path = "speed_meetings/day/mending.html")]
struct MendingPage {
    edition: Edition,
    /// Meetings to come that cannot take place, in words.
    broken: Vec<String>,
    choices: Vec<Choice>,
    /// Changes of the timetable in work that nobody was told of.
    unpublished: usize,
    seen: String,
    /// Number of the version in force.
    number: i32,
    /// Whether the day was another when it was pressed.
    is_stale: bool,
    csrf: Csrf,
    frame: Frame,
}

/// A way as it is shown.
struct Choice {
    title: &'static str,
    /// « 2 rendez-vous perdus, 1 déplacé, 3 nouveaux : 5 organisations concernées »
    summary: String,
    /// Whether a way that changes less holds as many.
    is_no_better: bool,
    /// Heading and lines.
    parts: Vec<(&'static str, Vec<String>)>,
    /// The timetable, for the form.
    solution: String,
}

impl MendingPage {
    fn here(&self) -> String {
        format!("{}/reparation", self.edition.desk())
    }

    fn reception(&self) -> String {
        reception::path(&self.edition)
    }

    fn is_open(&self) -> bool {
        is_open(self.edition.state)
    }

    fn is_rehearsal(&self) -> bool {
        self.edition.state == State::Published
    }

    fn is_done(&self) -> bool {
        self.frame.done() == "reparation"
    }
}

/// The damage as it is now, with where the day stands, and what of the timetable in work nobody was told of.
async fn damage(db: &impl ConnectionTrait, app: &App, plan: Plan) -> Result<(Damage, String, usize)> {
    let key = plan.edition.id;
    let (work, turns) = (appointment::of(db, key).await?, turn::of(db, key).await?);
    let version = plan.edition.timetable_version;
    let hall = Hall::of(db, plan, app.config.time_zone).await?;
    let number = hall.publication.as_ref().map_or(0, |last| last.number);
    let told: BTreeSet<Meeting> = hall.meetings.iter().copied().collect();
    let kept: BTreeSet<Meeting> = work.iter().map(Appointment::meeting).collect();
    let pinned = work.iter().filter(|row| row.is_pinned).map(|row| row.meeting().pair()).collect();
    let read = |wish: wishes::Wish| Wished { from: wish.participant_id, to: wish.wished_id, rank: wish.rank };
    let wishes = wishes::of_edition(db, key).await?.into_iter().map(read).collect();
    let weights = workshop::weights_of(db, key, &hall.meetings).await?;
    let damage = Damage { hall, wishes, weights, pinned, now: app.clock.now() };
    Ok((damage, format!("{number}.{version}.{turns}"), kept.symmetric_difference(&told).count()))
}

/// `GET /organisation/rencontres/{key}/reparation`
#[handler]
pub(crate) async fn show(app: Data<&App>, workshop: Workshop, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, workshop.plan, false, (frame, csrf)).await
}

async fn draw(app: &App, plan: Plan, is_stale: bool, (frame, csrf): (Frame, Csrf)) -> Result<Response> {
    let edition = plan.edition.clone();
    let (damage, seen, unpublished) = damage(&app.db, app, plan).await?;
    let number = damage.hall.publication.as_ref().map_or(0, |last| last.number);
    let broken = damage.hall.broken(damage.now);
    let said = broken.iter().map(|meeting| broken_in_words(&damage.hall, meeting)).collect();
    let choices = if broken.is_empty() || !is_open(edition.state) {
        Vec::new()
    } else {
        // It reckons for more than a second: others are answered meanwhile.
        let reckoned = tokio::task::spawn_blocking(move || {
            let ways = damage.ways();
            let held = |at: usize| ways[..at].iter().any(|gentler| gentler.meetings.len() >= ways[at].meetings.len());
            let choice = |(at, way)| Choice { is_no_better: held(at), ..Choice::new(&damage.hall, way) };
            ways.iter().enumerate().map(choice).collect::<Vec<_>>()
        });
        reckoned.await.map_err(Error::broken("mending a timetable"))?
    };
    let status = if is_stale { StatusCode::CONFLICT } else { StatusCode::OK };
    let view = MendingPage { edition, broken: said, choices, unpublished, seen, number, is_stale, csrf, frame };
    Ok(private(page_with(status, &view)?))
}

/// « 10 h 24, table 7 : Collège des Hauts et Ferme du Bas (absente) »
fn broken_in_words(hall: &Hall, meeting: &Meeting) -> String {
    let named = |participant: i64| {
        let missing = if hall.is_away(participant, meeting.slot) { why_away(hall, participant) } else { "" };
        format!("{}{missing}", hall.name(participant))
    };
    let (canteen, supplier) = meeting.pair();
    let gone = if hall.is_gone(meeting.table) { ", cette table n’existe plus" } else { "" };
    format!("{}{gone}\u{a0}: {} et {}", place(hall, meeting), named(canteen), named(supplier))
}

/// Why one who is away is, as it stands behind its name.
fn why_away(hall: &Hall, participant: i64) -> &'static str {
    match hall.presences.get(&participant) {
        Some(known) if known.state == Known::NoShow => " (absent)",
        Some(known) if known.state == Known::Late && known.leaves_at.is_none() => " (en retard)",
        Some(_) => " (pas là à cette heure)",
        None => " (désinscrit)",
    }
}

/// « 10 h 24, table 7 »
pub(super) fn place(hall: &Hall, meeting: &Meeting) -> String {
    format!("{}, {}", hall.begins(meeting.slot), hall.table(meeting.table))
}

/// « Collège des Hauts et Ferme du Bois »
pub(super) fn names(hall: &Hall, meeting: &Meeting) -> String {
    let (canteen, supplier) = meeting.pair();
    format!("{} et {}", hall.name(canteen), hall.name(supplier))
}

impl Choice {
    fn new(hall: &Hall, way: &Way) -> Self {
        let pair = |meeting: &Meeting| names(hall, meeting);
        let difference = &way.difference;
        let line = |meeting: &Meeting| format!("{} ({})", pair(meeting), place(hall, meeting));
        let moved = |(before, after): &(Meeting, Meeting)| {
            format!("{}\u{a0}: {} au lieu de {}", pair(after), place(hall, after), place(hall, before))
        };
        let lists = [
            ("Rendez-vous perdus", difference.dropped.iter().map(line).collect::<Vec<_>>()),
            ("Rendez-vous déplacés", difference.moved.iter().map(moved).collect()),
            ("Nouveaux rendez-vous", difference.added.iter().map(line).collect()),
        ];
        let count = |at: usize, one, many| french::count(lists[at].1.len() as u64, one, many);
        let summary = format!(
            "{}, {}, {}\u{a0}: {}.",
            count(0, "rendez-vous perdu", "rendez-vous perdus"),
            count(1, "déplacé", "déplacés"),
            count(2, "nouveau", "nouveaux"),
            french::count(difference.participants().len() as u64, "organisation concernée", "organisations concernées")
        );
        Self {
            title: title(way),
            summary,
            is_no_better: false,
            parts: lists.into_iter().filter(|(_, lines)| !lines.is_empty()).collect(),
            solution: repair::written(&way.meetings),
        }
    }
}

fn title(way: &Way) -> &'static str {
    match way.manner {
        Manner::NothingMoves if !way.difference.moved.is_empty() => "Ne toucher qu’aux rendez-vous en cause",
        Manner::NothingMoves => "Ne déplacer personne",
        Manner::FewChanges => "Déplacer le moins possible",
        Manner::Anew => "Tout replanifier pour la suite",
    }
}

/// `POST /organisation/rencontres/{key}/reparation`
#[handler]
pub(crate) async fn choose(
    app: Data<&App>,
    workshop: Workshop,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let here = format!("{}/reparation", workshop.plan.edition.desk());
    let Some(wanted) = repair::read(&typed.solution).filter(|_| !typed.vu.is_empty()) else {
        return Ok(see_other(&here));
    };
    let txn = app.write().await?;
    let plan = Plan::lock(&txn, workshop.plan.edition.id).await?.ok_or(Error::NotFound)?;
    if !is_open(plan.edition.state) {
        return Ok(see_other(&here));
    }
    let (damage, stands, _) = damage(&txn, &app, plan.clone()).await?;
    if damage.hall.meetings == wanted {
        // Pressed twice.
        return Ok(see_other(&format!("{here}?fait=reparation")));
    }
    if stands != typed.vu || !damage.allows(&wanted) {
        drop(txn);
        return draw(&app, plan, true, (frame, csrf)).await;
    }
    if typed.sur != "oui" {
        let (lost, many) = (sure::lost(&txn, &damage, &wanted).await?, sure::many(&damage, &wanted));
        if many.is_some() || !lost.is_empty() {
            return sure::ask(&plan.edition, (lost, many), typed, (frame, csrf));
        }
    }
    mend(&app, &txn, &plan, (&damage, &wanted), workshop.me.id).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{here}?fait=reparation")))
}

/// Makes a way that was chosen the timetable that everybody has.
async fn mend(
    app: &App,
    txn: &DatabaseTransaction,
    plan: &Plan,
    (damage, wanted): (&Damage, &[Meeting]),
    by: i64,
) -> Result<()> {
    let held: Vec<(Meeting, bool)> = wanted
        .iter()
        .map(|meeting| (*meeting, damage.pinned.contains(&meeting.pair()) && damage.hall.meetings.contains(meeting)))
        .collect();
    let changed = Difference::between(&damage.hall.meetings, wanted).participants().len();
    let whom = french::count(changed as u64, "organisation concernée", "organisations concernées");
    let said = format!("a réparé le planning publié\u{a0}: {whom}");
    workshop::record(txn, plan.edition.id, &held, (by, said), app.clock.now()).await?;
    publish(txn, app, plan, (Some(by), "")).await?;
    let act = Act::new("a réparé le planning d’une rencontre", format!("editions/{}", plan.edition.id));
    let detail = format!("{}\u{a0}: {whom}", plan.edition.title);
    audit::record(txn, By::Person(by), act.with(detail), app.clock.now()).await?;
    Ok(())
}
