//! What a search found becomes the timetable in work, as one change that can be undone.

use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::change::{Confirm, locked, note};
use super::said;
use crate::app::App;
use crate::speed_meetings::meeting::{Difference, Meeting};
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::workshop::appointment::Appointment;
use crate::speed_meetings::workshop::board::{Board, Placed};
use crate::speed_meetings::workshop::change::write_down;
use crate::speed_meetings::workshop::cost::Effect;
use crate::speed_meetings::workshop::edit::{Next, fits};
use crate::speed_meetings::workshop::run;
use crate::web::{Csrf, Error, Form, Frame, Result, page_with, private, see_other};

/// The version of the timetable in work that was seen.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    vu: i64,
}

/// What would be taken.
struct Taking {
    wanted: Vec<Placed>,
    /// Why not.
    refused: Option<String>,
}

/// The timetable of a search, pinned as now.
fn taking(board: &Board, meetings: &[Meeting]) -> Taking {
    let pins = board.pins();
    let is_pinned = |meeting: &Meeting| pins.contains(meeting);
    let wanted: Vec<Placed> = meetings.iter().map(|meeting| (*meeting, is_pinned(meeting))).collect();
    let lost: Vec<String> =
        pins.iter().filter(|pin| !meetings.contains(pin)).map(|pin| board.names(pin.pair())).collect();
    let refused = if lost.is_empty() {
        fits(board, &wanted).err()
    } else {
        let lost = lost.join("\u{a0}; ");
        Some(format!(
            "Vous avez fixé depuis des rendez-vous que cette recherche ne tient pas\u{a0}: {lost}. Faites chercher de nouveau."
        ))
    };
    Taking { wanted, refused }
}

/// `GET /organisation/rencontres/{key}/planning/recherches/{id}/choix`
#[handler]
pub(crate) async fn ask(
    app: Data<&App>,
    workshop: Workshop,
    Path((_, number)): Path<(i64, i32)>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let meetings = found(&app, workshop.plan.edition.id, number).await?;
    let board = Board::load(&app.db, workshop.plan, app.config.time_zone).await?;
    draw(&app, &board, (number, &meetings), None, (frame, csrf)).await
}

/// The meetings that a search found.
async fn found(app: &App, edition: i64, number: i32) -> Result<Vec<Meeting>> {
    let run = run::by_number(&app.db, edition, number).await?.ok_or(Error::NotFound)?;
    run.meetings().ok_or(Error::NotFound)
}

async fn draw(
    app: &App,
    board: &Board,
    (number, meetings): (i32, &[Meeting]),
    seen: Option<i64>,
    around: (Frame, Csrf),
) -> Result<Response> {
    let edition = &board.plan.edition;
    let taking = taking(board, meetings);
    let before: Vec<Meeting> = board.rows.iter().map(Appointment::meeting).collect();
    let change = Difference::between(&before, meetings);
    let mut view =
        Confirm::new(edition, &format!("Prendre le planning de la recherche n°\u{a0}{number}\u{a0}?"), around);
    view.sentence = if before.is_empty() {
        format!(
            "{}\u{a0}rendez-vous entrent au planning en cours. Rien n’est envoyé\u{a0}: vous publierez plus tard.",
            meetings.len()
        )
    } else {
        "Il remplace le planning en cours. Rien n’est envoyé, et vous pourrez l’annuler.".to_owned()
    };
    if !before.is_empty() {
        let later = change.moved.iter().filter(|(before, after)| before.slot != after.slot).count();
        let line = |count: usize, one: &str, many: &str| Effect {
            is_worse: false,
            sentence: format!("{count}\u{a0}rendez-vous {}.", if count < 2 { one } else { many }),
        };
        view.effects = vec![
            line(later, "change d’heure", "changent d’heure"),
            line(change.moved.len() - later, "change seulement de table", "changent seulement de table"),
            line(change.dropped.len(), "disparaît", "disparaissent"),
            line(change.added.len(), "apparaît", "apparaissent"),
        ];
    }
    view = view.weighed(board, &board.placed(), &taking.wanted);
    view.back = format!("{}/recherches/{number}", said::path(edition));
    let mut status = StatusCode::OK;
    if seen.is_some_and(|seen| seen != edition.timetable_version) {
        status = StatusCode::CONFLICT;
        view.meanwhile = said::meanwhile(app, edition.id, &[]).await?;
    }
    view.refused = taking.refused.or_else(|| {
        (!board.is_open()).then(|| "Le planning ne se change pas à cette étape de la rencontre.".to_owned())
    });
    if view.refused.is_none() {
        view.action = format!("{}/recherches/{number}/choix", said::path(edition));
        view.hidden = vec![("vu", edition.timetable_version.to_string())];
        view.verb = "Prendre ce planning";
    } else if status == StatusCode::OK {
        status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(private(page_with(status, &view)?))
}

/// `POST /organisation/rencontres/{key}/planning/recherches/{id}/choix`
#[handler]
pub(crate) async fn take(
    app: Data<&App>,
    workshop: Workshop,
    Path((_, number)): Path<(i64, i32)>,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let meetings = found(&app, workshop.plan.edition.id, number).await?;
    let (txn, board) = locked(&app, &workshop).await?;
    let edition = &board.plan.edition;
    let taking = taking(&board, &meetings);
    let there = format!("{}?fait=choix", said::path(edition));
    let said = format!("a pris le planning de la recherche n°\u{a0}{number}");
    let next = Next::between(&board.placed(), &taking.wanted, said);
    if next.before.is_empty() && next.after.is_empty() {
        return Ok(see_other(&there));
    }
    if typed.vu != edition.timetable_version || taking.refused.is_some() || !board.is_open() {
        drop(txn);
        return draw(&app, &board, (number, &meetings), Some(typed.vu), (frame, csrf)).await;
    }
    write_down(&txn, &board, &next, workshop.me.id, app.clock.now()).await?;
    note(&txn, &app, &workshop, "a pris le planning d’une recherche").await?;
    txn.commit().await?;
    Ok(see_other(&there))
}
