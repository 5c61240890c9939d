//! The searches for a timetable: asked for, followed, side by side, two compared.

use std::collections::BTreeMap;

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::change::note;
use super::said;
use crate::app::App;
use crate::speed_meetings::edition::{Edition, State};
use crate::speed_meetings::meeting::Difference;
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::workshop::puzzle::Weights;
use crate::speed_meetings::workshop::quality::{Quality, Standpoint};
use crate::speed_meetings::workshop::run::{self, Asked, Run, RunMode, RunState, Wanted};
use crate::web::{Csrf, Error, Form, Frame, Result, filters, french, page, page_with, private, see_other};

/// Ranks that the sheet names one by one.
const RANKS: u64 = 3;
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

/// Two searches to compare.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Two {
    un: String,
    deux: String,
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

    /// What follows itself.
    fn here(&self) -> String {
        match self.runs.first() {
            Some(run) if self.is_single => format!("{}/recherches/{}", self.path(), run.number),
            _ => format!("{}/recherches", self.path()),
        }
    }

    fn sides(&self) -> Vec<(&'static str, &'static str)> {
        SIDES.map(|(code, words, _)| (code, words)).to_vec()
    }

    fn mutual(&self) -> Vec<(&'static str, &'static str, bool)> {
        MUTUAL.map(|(code, words, points)| (code, words, points == Weights::default().mutual)).to_vec()
    }

    fn seconds(&self) -> Vec<(&'static str, &'static str, bool)> {
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

/// The quality sheet in words.
fn sheet(quality: &Quality) -> Vec<(&'static str, String)> {
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
    lines.push(("D’une table à l’autre", format!("{} tables à passer en tout", quality.walked)));
    lines.push(("Peut-on faire mieux\u{a0}?", best(quality)));
    if let Some((moved, added)) = quality.changed {
        lines.push((
            "Par rapport au planning d’avant",
            format!("déplacés ou retirés\u{a0}: {moved}\u{a0}; ajoutés\u{a0}: {added}"),
        ));
    }
    lines
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
fn reasons(run: &Run) -> Vec<(String, Vec<String>)> {
    let file: serde_json::Value =
        run.solution.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let reason = |reason: &serde_json::Value| {
        let changes = reason["changes"].as_array().map(|all| all.iter().map(text).collect());
        (text(&reason["text"]), changes.unwrap_or_default())
    };
    file["reasons"].as_array().map(|all| all.iter().map(reason).collect()).unwrap_or_default()
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

#[derive(Template)]
#[template(path = "speed_meetings/workshop/comparison.html")]
struct ComparisonPage {
    edition: Edition,
    numbers: (i32, i32),
    /// Label, words of the first, words of the second.
    lines: Vec<(&'static str, String, String)>,
    /// « 200 rendez-vous sont les mêmes… »
    difference: String,
    may_take: bool,
    frame: Frame,
}

impl ComparisonPage {
    fn path(&self) -> String {
        said::path(&self.edition)
    }
}

/// `GET /organisation/rencontres/{key}/planning/recherches/comparaison`
#[handler]
pub(crate) async fn compare(
    app: Data<&App>,
    workshop: Workshop,
    Query(two): Query<Two>,
    frame: Frame,
) -> Result<Response> {
    let edition = workshop.plan.edition;
    let Some((one, other)) = two.un.parse().ok().zip(two.deux.parse().ok()) else {
        return Ok(see_other(&format!("{}/recherches", said::path(&edition))));
    };
    let first = run::by_number(&app.db, edition.id, one).await?.ok_or(Error::NotFound)?;
    let second = run::by_number(&app.db, edition.id, other).await?.ok_or(Error::NotFound)?;
    let (Some(a), Some(b)) = (first.quality(), second.quality()) else { return Err(Error::NotFound) };
    let (a, b) = (sheet(&a), sheet(&b));
    let of = |lines: &[(&'static str, String)], label: &str| {
        lines.iter().find(|(known, _)| *known == label).map_or_else(|| "–".to_owned(), |(_, words)| words.clone())
    };
    let mut labels: Vec<&'static str> = a.iter().map(|(label, _)| *label).collect();
    labels.extend(b.iter().map(|(label, _)| *label).filter(|label| !of(&a, label).ne("–")));
    let (before, after) = (first.meetings().unwrap_or_default(), second.meetings().unwrap_or_default());
    let found = Difference::between(&before, &after);
    let same = before.len() - found.moved.len() - found.dropped.len();
    let view = ComparisonPage {
        numbers: (one, other),
        lines: labels.into_iter().map(|label| (label, of(&a, label), of(&b, label))).collect(),
        difference: format!(
            "De la recherche n°\u{a0}{one} à la n°\u{a0}{other}\u{a0}: rendez-vous inchangés, {same}\u{a0}; à une autre heure ou table, {}\u{a0}; en moins, {}\u{a0}; en plus, {}.",
            found.moved.len(),
            found.dropped.len(),
            found.added.len()
        ),
        may_take: matches!(edition.state, State::Timetable | State::Published | State::Running),
        edition,
        frame,
    };
    Ok(private(page(&view)?))
}
