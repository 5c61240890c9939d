//! The searches for a timetable: asked for, followed, side by side.

use std::collections::BTreeMap;

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::change::note;
use super::said;
use super::sheet::{reasons, sheet};
use crate::app::App;
use crate::speed_meetings::edition::{Edition, State};
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::workshop::puzzle::Weights;
use crate::speed_meetings::workshop::quality::Standpoint;
use crate::speed_meetings::workshop::run::{self, Asked, Run, RunMode, RunState, Wanted};
use crate::web::{Csrf, Error, Form, Frame, Result, filters, page_with, private, see_other};

/// Who comes first: code, words, by how much the points of canteens and of suppliers count.
const SIDES: [(&str, &str, (i64, i64)); 3] = [
    ("egal", "Cantines et fournisseurs comptent autant", (1, 1)),
    ("cantine", "Les souhaits des cantines comptent double", (2, 1)),
    ("fournisseur", "Les souhaits des fournisseurs comptent double", (1, 2)),
];
/// What it is worth that both asked.
const MUTUAL: [(&str, &str, i64); 3] = [
    ("0", "Comme deux souhaits, sans plus", 0),
    ("10", "Comme un premier choix de plus (conseillé)", 10),
    ("30", "Avant presque tout le reste", 30),
];
/// How long to search.
const SECONDS: [(&str, &str, i32); 4] = [
    ("5", "5 secondes, pour voir", 5),
    ("20", "20 secondes (conseillé)", 20),
    ("60", "1 minute", 60),
    ("120", "2 minutes", 120),
];

/// What was chosen.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    mode: String,
    cote: String,
    mutuels: String,
    secondes: String,
}

#[derive(Template)]
#[template(path = "speed_meetings/workshop/searches.html")]
struct SearchesPage {
    edition: Edition,
    runs: Vec<View>,
    /// Whether the page is about one search alone.
    is_single: bool,
    refused: Option<&'static str>,
    has_timetable: bool,
    is_open: bool,
    csrf: Csrf,
    frame: Frame,
}

/// A search as it is shown.
pub(super) struct View {
    pub(super) number: i32,
    state: &'static str,
    /// « Demandée par Claire Fabre, il y a 5 min : … »
    asked: String,
    is_running: bool,
    /// How far it is, in words.
    progress: Option<String>,
    /// Label and words.
    pub(super) sheet: Vec<(&'static str, String)>,
    short: Vec<String>,
    /// Why there is none: sentence and what would change it.
    reasons: Vec<(String, Vec<String>)>,
    pub(super) may_take: bool,
}

impl SearchesPage {
    fn path(&self) -> String {
        said::path(&self.edition)
    }

    /// Whether something is being searched for.
    fn is_running(&self) -> bool {
        self.runs.iter().any(|run| run.is_running)
    }

    fn is_anew(&self) -> bool {
        self.is_single && self.frame.done() == "nouvelle"
    }

    /// What follows itself.
    fn here(&self) -> String {
        match self.runs.first() {
            Some(run) if self.is_single => format!("{}/recherches/{}", self.path(), run.number),
            _ => format!("{}/recherches", self.path()),
        }
    }

    fn sides() -> Vec<(&'static str, &'static str)> {
        SIDES.map(|(code, words, _)| (code, words)).to_vec()
    }

    fn mutual() -> Vec<(&'static str, &'static str, bool)> {
        MUTUAL.map(|(code, words, points)| (code, words, points == Weights::default().mutual)).to_vec()
    }

    fn seconds() -> Vec<(&'static str, &'static str, bool)> {
        SECONDS.map(|(code, words, seconds)| (code, words, seconds == 20)).to_vec()
    }

    /// Those that found something: they can be compared.
    fn comparable(&self) -> Vec<i32> {
        self.runs.iter().filter(|run| !run.sheet.is_empty()).map(|run| run.number).collect()
    }
}

/// `GET /organisation/rencontres/{key}/planning/recherches`
#[handler]
pub(crate) async fn list(app: Data<&App>, workshop: Workshop, frame: Frame, csrf: Csrf) -> Result<Response> {
    let runs = run::of(&app.db, workshop.plan.edition.id).await?;
    draw(&app, &workshop.plan, (runs, false), None, (frame, csrf)).await
}

/// `GET /organisation/rencontres/{key}/planning/recherches/{id}`
#[handler]
pub(crate) async fn show(
    app: Data<&App>,
    workshop: Workshop,
    Path((_, number)): Path<(i64, i32)>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let run = run::by_number(&app.db, workshop.plan.edition.id, number).await?.ok_or(Error::NotFound)?;
    draw(&app, &workshop.plan, (vec![run], true), None, (frame, csrf)).await
}

async fn draw(
    app: &App,
    plan: &Plan,
    (runs, is_single): (Vec<Run>, bool),
    refused: Option<&'static str>,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let edition = plan.edition.clone();
    let is_open = matches!(edition.state, State::Timetable | State::Published | State::Running);
    let view = SearchesPage {
        runs: views(app, &runs, is_open).await?,
        is_single,
        refused,
        has_timetable: edition.timetable_version > 0,
        is_open,
        edition,
        csrf,
        frame,
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(private(page_with(status, &view)?))
}

/// Searches as they are shown.
pub(super) async fn views(app: &App, runs: &[Run], is_open: bool) -> Result<Vec<View>> {
    let ids: Vec<i64> = runs.iter().filter_map(|run| run.asked_by).collect();
    let names = said::names(app, &ids).await?;
    Ok(runs.iter().map(|run| View::new(app, run, &names, is_open)).collect())
}

impl View {
    fn new(app: &App, run: &Run, names: &BTreeMap<i64, String>, is_open: bool) -> Self {
        let quality = run.quality();
        let progress: Option<Standpoint> = serde_json::from_str(&run.progress).ok();
        let progress = progress.filter(|_| run.state == RunState::Running);
        Self {
            number: run.number,
            state: match run.state {
                RunState::Waiting => "en attente",
                RunState::Running => "en cours",
                RunState::Found => "terminée",
                RunState::Refused => "impossible",
                RunState::Stopped => "arrêtée",
                RunState::Failed => "rien trouvé",
            },
            asked: format!(
                "Demandée par {}, {}. {}",
                said::name(names, run.asked_by),
                said::ago(app, app.clock.now(), run.asked_at),
                asked_for(run)
            ),
            is_running: run.is_open(),
            progress: progress.map(|stands| format!("{}. L’ordinateur {}…", stands.said(), stands.doing())),
            sheet: quality.as_ref().map(sheet).unwrap_or_default(),
            may_take: is_open && quality.is_some() && !run.is_open(),
            short: quality.map(|quality| quality.short).unwrap_or_default(),
            reasons: if run.state == RunState::Refused { reasons(run) } else { Vec::new() },
        }
    }

    fn is_stopped(&self) -> bool {
        self.state == "arrêtée"
    }

    fn has_failed(&self) -> bool {
        self.state == "rien trouvé"
    }
}

/// What it was asked to value.
fn asked_for(run: &Run) -> String {
    let weights = run.weights();
    let side = SIDES.iter().find(|(.., both)| *both == (weights.canteens, weights.suppliers));
    let mutual = MUTUAL.iter().find(|(.., points)| *points == weights.mutual);
    let mode = match run.mode {
        RunMode::Choose => "Le meilleur planning",
        RunMode::Repair => "Le moins de changements",
    };
    let side = side.map(|(_, words, _)| format!(" {words}.")).unwrap_or_default();
    let mutual =
        mutual.map(|(_, words, _)| format!(" Souhaits réciproques\u{a0}: {}.", small(words))).unwrap_or_default();
    format!("{mode}, en {}\u{a0}secondes au plus.{side}{mutual}", run.seconds)
}

fn small(words: &str) -> String {
    let words = words.replace(" (conseillé)", "");
    let mut chars = words.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// `POST /organisation/rencontres/{key}/planning/recherches`
#[handler]
pub(crate) async fn ask(
    app: Data<&App>,
    workshop: Workshop,
    frame: Frame,
    csrf: Csrf,
    Form(chosen): Form<Chosen>,
) -> Result<Response> {
    let here = format!("{}/recherches", said::path(&workshop.plan.edition));
    let txn = app.write().await?;
    let plan = Plan::lock(&txn, workshop.plan.edition.id).await?.ok_or(Error::NotFound)?;
    if !matches!(plan.edition.state, State::Timetable | State::Published | State::Running) {
        return Ok(see_other(&here));
    }
    let zone = app.config.time_zone;
    match run::ask(&txn, (&plan, zone), wanted(&chosen), workshop.me.id, app.clock.now()).await? {
        Asked::New(number) => {
            note(&txn, &app, &workshop, "a fait chercher un planning").await?;
            txn.commit().await?;
            Ok(see_other(&format!("{here}/{number}")))
        }
        Asked::Anew(number) => {
            note(&txn, &app, &workshop, "a fait chercher un planning").await?;
            txn.commit().await?;
            Ok(see_other(&format!("{here}/{number}?fait=nouvelle")))
        }
        Asked::Already(number) => Ok(see_other(&format!("{here}/{number}"))),
        Asked::Refused(why) => {
            drop(txn);
            let runs = run::of(&app.db, plan.edition.id).await?;
            draw(&app, &plan, (runs, false), Some(why), (frame, csrf)).await
        }
    }
}

fn wanted(chosen: &Chosen) -> Wanted {
    let (canteens, suppliers) = SIDES.iter().find(|(code, ..)| *code == chosen.cote).map_or((1, 1), |(.., both)| *both);
    let mutual = MUTUAL.iter().find(|(code, ..)| *code == chosen.mutuels);
    let seconds = chosen.secondes.parse().unwrap_or(20);
    Wanted {
        mode: if chosen.mode == "changements" { RunMode::Repair } else { RunMode::Choose },
        weights: Weights {
            canteens,
            suppliers,
            mutual: mutual.map_or(Weights::default().mutual, |(.., points)| *points),
        },
        seconds: seconds.clamp(*run::SECONDS.start(), *run::SECONDS.end()),
    }
}

/// `POST /organisation/rencontres/{key}/planning/recherches/{id}/arret`
#[handler]
pub(crate) async fn stop(
    app: Data<&App>,
    workshop: Workshop,
    Path((_, number)): Path<(i64, i32)>,
    Form(_): Form<crate::web::Pressed>,
) -> Result<Response> {
    let edition = &workshop.plan.edition;
    let txn = app.write().await?;
    run::ask_stop(&txn, edition.id, number, app.clock.now()).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}/recherches/{number}", said::path(edition))))
}
