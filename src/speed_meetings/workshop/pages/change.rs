//! What a change costs, then the change; undo and redo.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Query};
use poem::{Response, handler};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;

use super::said;
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::speed_meetings::edition::Edition;
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::workshop::board::{Board, Placed};
use crate::speed_meetings::workshop::change::{Made, Turn, make as make_change, turn};
use crate::speed_meetings::workshop::cost::{Effect, Worth, effects};
use crate::speed_meetings::workshop::edit::{Edit, Next, Refusal, Seen, work_out};
use crate::web::{Csrf, Error, Form, Frame, Result, filters, page_with, private, see_other};

/// What is asked for. Which fields count depends on `geste`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    geste: String,
    /// The appointment, and its version as it was seen.
    rdv: String,
    vu: String,
    creneau: String,
    table: String,
    /// The other appointment of a swap, and its version as it was seen.
    avec: String,
    vu_avec: String,
    cantine: String,
    fournisseur: String,
    participant: String,
}

/// A question with what the answer costs; also the page that says why something was not done.
#[derive(Template)]
#[template(path = "speed_meetings/workshop/confirm.html")]
pub(super) struct Confirm {
    pub(super) edition: Edition,
    pub(super) title: String,
    pub(super) sentence: String,
    pub(super) effects: Vec<Effect>,
    /// Name, before, after.
    pub(super) figures: Vec<(&'static str, usize, usize)>,
    /// Why it cannot be done.
    pub(super) refused: Option<String>,
    /// What somebody did meanwhile.
    pub(super) meanwhile: Option<String>,
    /// Where the form goes; empty when there is none.
    pub(super) action: String,
    pub(super) hidden: Vec<(&'static str, String)>,
    pub(super) verb: &'static str,
    pub(super) back: String,
    pub(super) csrf: Csrf,
    pub(super) frame: Frame,
}

impl Confirm {
    /// A page on an edition that says nothing yet.
    pub(super) fn new(edition: &Edition, title: &str, (frame, csrf): (Frame, Csrf)) -> Self {
        Self {
            edition: edition.clone(),
            title: title.to_owned(),
            sentence: String::new(),
            effects: Vec::new(),
            figures: Vec::new(),
            refused: None,
            meanwhile: None,
            action: String::new(),
            hidden: Vec::new(),
            verb: "",
            back: said::path(edition),
            csrf,
            frame,
        }
    }

    /// With what lies between two timetables.
    pub(super) fn weighed(mut self, board: &Board, before: &[Placed], after: &[Placed]) -> Self {
        let (old, new) = (Worth::of(board, before).named(), Worth::of(board, after).named());
        self.figures = old.into_iter().zip(new).map(|((name, old), (_, new))| (name, old, new)).collect();
        self
    }
}

/// The edit that is asked for; what was not seen is taken as it is now.
fn edit(board: &Board, asked: &Asked) -> Option<Edit> {
    let seen = |id: &str, version: &str| {
        let id: i64 = id.parse().ok()?;
        let now = board.row(id).map_or(0, |row| row.version);
        Some(Seen { id, version: version.parse().unwrap_or(now) })
    };
    let what = || seen(&asked.rdv, &asked.vu);
    let place = || asked.creneau.parse().ok().zip(asked.table.parse().ok());
    Some(match asked.geste.as_str() {
        "deplacer" => {
            let (slot, table) = place()?;
            Edit::Move { what: what()?, slot, table }
        }
        "echanger" => Edit::Swap { what: what()?, with: seen(&asked.avec, &asked.vu_avec)? },
        "retirer" => Edit::Remove(what()?),
        "fixer" | "liberer" => Edit::Pin { what: what()?, is_pinned: asked.geste == "fixer" },
        "ajouter" => {
            let (slot, table) = place()?;
            let (canteen, supplier) = (asked.cantine.parse().ok()?, asked.fournisseur.parse().ok()?);
            Edit::Add { canteen, supplier, slot, table }
        }
        "vider" => Edit::Clear(asked.participant.parse().ok()?),
        _ => return None,
    })
}

/// Title and button of an edit.
fn words(edit: Edit) -> (&'static str, &'static str) {
    match edit {
        Edit::Move { .. } => ("Déplacer ce rendez-vous\u{a0}?", "Déplacer le rendez-vous"),
        Edit::Swap { .. } => ("Échanger ces deux rendez-vous\u{a0}?", "Échanger les rendez-vous"),
        Edit::Remove(_) => ("Retirer ce rendez-vous\u{a0}?", "Retirer le rendez-vous"),
        Edit::Pin { is_pinned: true, .. } => ("Fixer ce rendez-vous\u{a0}?", "Fixer le rendez-vous"),
        Edit::Pin { .. } => ("Ne plus fixer ce rendez-vous\u{a0}?", "Ne plus fixer le rendez-vous"),
        Edit::Add { .. } => ("Ajouter ce rendez-vous\u{a0}?", "Ajouter le rendez-vous"),
        Edit::Clear(_) => ("Retirer tous ses rendez-vous\u{a0}?", "Retirer ses rendez-vous"),
    }
}

/// « a déplacé… » as a proposal: « Vous proposez… » would be one more thing to read, so the fact alone is shown.
fn proposed(board: &Board, next: &Next) -> String {
    let line = |(meeting, _): &Placed| {
        format!("{}\u{a0}: {}", board.names(meeting.pair()), board.place(meeting.slot, meeting.table))
    };
    let before: Vec<String> = next.before.iter().map(line).collect();
    let after: Vec<String> = next.after.iter().map(line).collect();
    match (before.is_empty(), after.is_empty()) {
        (true, _) => format!("Nouveau rendez-vous de {}.", after.join("\u{a0}; ")),
        (_, true) => format!("Aujourd’hui au planning\u{a0}: {}.", before.join("\u{a0}; ")),
        _ => format!("Aujourd’hui\u{a0}: {}. Ensuite\u{a0}: {}.", before.join("\u{a0}; "), after.join("\u{a0}; ")),
    }
}

/// `GET /organisation/rencontres/{key}/planning/changement`
#[handler]
pub(crate) async fn ask(
    app: Data<&App>,
    workshop: Workshop,
    Query(asked): Query<Asked>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let board = Board::load(&app.db, workshop.plan, app.config.time_zone).await?;
    draw(&app, &board, &asked, None, (frame, csrf)).await
}

/// The question, with what was asked kept; after a refusal with what somebody else did.
async fn draw(
    app: &App,
    board: &Board,
    asked: &Asked,
    refusal: Option<Refusal>,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let edition = &board.plan.edition;
    let fresh = Asked { vu: String::new(), vu_avec: String::new(), ..asked.clone() };
    let edit = edit(board, &fresh).ok_or(Error::NotFound)?;
    let (title, verb) = words(edit);
    let mut view = Confirm::new(edition, title, (frame, csrf));
    let mut status = StatusCode::OK;
    if let Some(Refusal::Meanwhile(pairs)) = &refusal {
        status = StatusCode::CONFLICT;
        let told = said::meanwhile(app, edition.id, pairs).await?;
        view.meanwhile = Some(told.unwrap_or_else(|| "Un autre organisateur a changé ce rendez-vous.".to_owned()));
    }
    match work_out(board, edit) {
        Ok(Some(next)) => {
            let (before, after) = (board.placed(), next.applied(&board.placed()));
            view.sentence = proposed(board, &next);
            view.effects = effects(board, &before, &after);
            (view.action, view.verb) = (format!("{}/changement", said::path(edition)), verb);
            view.hidden = hidden(board, edit, asked);
            view = view.weighed(board, &before, &after);
        }
        Ok(None) if refusal.is_none() => return Ok(see_other(&said::path(edition))),
        Ok(None) => view.refused = Some("Ce rendez-vous est déjà comme vous le demandez.".to_owned()),
        Err(why) => {
            status = if status == StatusCode::OK { StatusCode::UNPROCESSABLE_ENTITY } else { status };
            view.refused = Some(sentence(&why));
        }
    }
    if let Some(id) = board.row(asked.rdv.parse().unwrap_or_default()).map(|row| row.id) {
        view.back = format!("{}/rendez-vous/{id}", said::path(edition));
    }
    Ok(private(page_with(status, &view)?))
}

/// Why a change is not done.
pub(super) fn sentence(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Closed => "Le planning ne se change pas à cette étape de la rencontre.".to_owned(),
        Refusal::Meanwhile(_) => "Ce rendez-vous n’est plus au planning tel que vous l’avez vu.".to_owned(),
        Refusal::Impossible(sentence) => sentence.clone(),
    }
}

/// What the form sends back: what was asked, and what of it was seen.
fn hidden(board: &Board, edit: Edit, asked: &Asked) -> Vec<(&'static str, String)> {
    let version = |id: &str| {
        let row = id.parse().ok().and_then(|id| board.row(id));
        row.map(|row| row.version.to_string()).unwrap_or_default()
    };
    let mut hidden = vec![("geste", asked.geste.clone())];
    match edit {
        Edit::Add { .. } => hidden.extend([
            ("cantine", asked.cantine.clone()),
            ("fournisseur", asked.fournisseur.clone()),
            ("creneau", asked.creneau.clone()),
            ("table", asked.table.clone()),
        ]),
        Edit::Clear(_) => hidden.push(("participant", asked.participant.clone())),
        _ => hidden.extend([("rdv", asked.rdv.clone()), ("vu", version(&asked.rdv))]),
    }
    match edit {
        Edit::Move { .. } => hidden.extend([("creneau", asked.creneau.clone()), ("table", asked.table.clone())]),
        Edit::Swap { .. } => hidden.extend([("avec", asked.avec.clone()), ("vu_avec", version(&asked.avec))]),
        _ => {}
    }
    hidden
}

/// `POST /organisation/rencontres/{key}/planning/changement`
#[handler]
pub(crate) async fn make(
    app: Data<&App>,
    workshop: Workshop,
    frame: Frame,
    csrf: Csrf,
    Form(asked): Form<Asked>,
) -> Result<Response> {
    let (txn, board) = locked(&app, &workshop).await?;
    let edit = edit(&board, &asked).ok_or(Error::NotFound)?;
    let path = said::path(&board.plan.edition);
    let there = match edit {
        Edit::Pin { what, .. } => format!("{path}/rendez-vous/{}?fait={}", what.id, asked.geste),
        _ => format!("{path}?fait=changement"),
    };
    match make_change(&txn, &board, edit, workshop.me.id, app.clock.now()).await? {
        Made::Done => {
            note(&txn, &app, &workshop, "a changé le planning d’une rencontre").await?;
            txn.commit().await?;
            Ok(see_other(&there))
        }
        Made::Same => Ok(see_other(&there)),
        Made::Refused(refusal) => {
            drop(txn);
            draw(&app, &board, &asked, Some(refusal), (frame, csrf)).await
        }
    }
}

/// The edition, locked, with its timetable.
pub(super) async fn locked(app: &App, workshop: &Workshop) -> Result<(DatabaseTransaction, Board)> {
    let txn = app.write().await?;
    let plan = Plan::lock(&txn, workshop.plan.edition.id).await?.ok_or(Error::NotFound)?;
    let board = Board::load(&txn, plan, app.config.time_zone).await?;
    Ok((txn, board))
}

/// Writes into the journal.
pub(super) async fn note(txn: &DatabaseTransaction, app: &App, workshop: &Workshop, what: &'static str) -> Result<()> {
    let edition = &workshop.plan.edition;
    let act = Act::new(what, format!("editions/{}", edition.id)).with(edition.title.clone());
    Ok(audit::record(txn, By::Person(workshop.me.id), act, app.clock.now()).await?)
}

/// Which change to undo or to do again.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Which {
    sujet: i64,
}

/// `POST /organisation/rencontres/{key}/planning/annulation`
#[handler]
pub(crate) async fn undo(
    app: Data<&App>,
    workshop: Workshop,
    frame: Frame,
    csrf: Csrf,
    Form(which): Form<Which>,
) -> Result<Response> {
    go(&app, &workshop, (Turn::Undo, which.sujet), (frame, csrf)).await
}

/// `POST /organisation/rencontres/{key}/planning/retablissement`
#[handler]
pub(crate) async fn redo(
    app: Data<&App>,
    workshop: Workshop,
    frame: Frame,
    csrf: Csrf,
    Form(which): Form<Which>,
) -> Result<Response> {
    go(&app, &workshop, (Turn::Redo, which.sujet), (frame, csrf)).await
}

async fn go(app: &App, workshop: &Workshop, way: (Turn, i64), around: (Frame, Csrf)) -> Result<Response> {
    let (txn, board) = locked(app, workshop).await?;
    let edition = board.plan.edition.clone();
    let (fact, act, title) = match way.0 {
        Turn::Undo => ("annulation", "a annulé un changement du planning", "Ce changement n’est pas annulé"),
        Turn::Redo => ("retablissement", "a rétabli un changement du planning", "Ce changement n’est pas rétabli"),
    };
    let there = format!("{}?fait={fact}", said::path(&edition));
    match turn(&txn, &board, way, workshop.me.id, app.clock.now()).await? {
        Made::Done => {
            note(&txn, app, workshop, act).await?;
            txn.commit().await?;
            Ok(see_other(&there))
        }
        Made::Same => Ok(see_other(&there)),
        Made::Refused(refusal) => {
            drop(txn);
            let mut view = Confirm::new(&edition, title, around);
            if matches!(refusal, Refusal::Meanwhile(_)) {
                view.meanwhile = said::meanwhile(app, edition.id, &[]).await?;
                view.refused = Some("Le planning a changé depuis que vous avez ouvert la page.".to_owned());
            } else {
                view.refused = Some(sentence(&refusal));
            }
            Ok(private(page_with(StatusCode::CONFLICT, &view)?))
        }
    }
}
