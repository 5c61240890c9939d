//! Whether everybody sees one's listing: still true, paused, taken out, back; and the answer to the yearly question, by the link
//! of its mail.

use askama::Template;
use chrono::{Days, NaiveDate};
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use sea_orm::ConnectionTrait;
use serde::Deserialize;

use super::desk::Desk;
use crate::accounts;
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::suppliers::absence::{self, Absence, Reason};
use crate::suppliers::draft::{self, Difference, DraftState};
use crate::suppliers::{Supplier, claim, load_many, question};
use crate::tables::parse_date;
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Pressed, Result, filters, french, page, page_with, private, see_other,
};

/// Longest pause.
const LONGEST: Days = Days::new(731);

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    geste: String,
    retour: String,
}

#[derive(Template)]
#[template(path = "suppliers/standing.html")]
struct StandingPage {
    desk: Desk,
    /// Address of the public listing, when it was shown once.
    slug: Option<String>,
    is_public: bool,
    away: Option<Absence>,
    /// Until when the yearly question waits for an answer.
    asked_until: Option<String>,
    /// When it was last said to be true.
    confirmed: Option<NaiveDate>,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

impl StandingPage {
    fn done(&self) -> Option<&'static str> {
        match (self.frame.done(), self.is_public) {
            ("confirmation", true) => Some("Merci\u{a0}: votre fiche est confirmée aujourd’hui."),
            ("retour", true) => Some("Votre fiche est de nouveau en ligne, confirmée aujourd’hui."),
            ("pause", false) => Some("Votre fiche est en pause."),
            ("retrait", false) => Some("Votre fiche est retirée de l’annuaire."),
            _ => None,
        }
    }

    fn is(&self, reason: Reason) -> bool {
        self.away.as_ref().is_some_and(|away| away.reason == reason)
    }

    /// The day of a return by itself.
    fn returns(&self) -> Option<NaiveDate> {
        self.away.as_ref().and_then(|away| away.returns_on)
    }
}

/// `GET /fiche/{id}/etat`
#[handler]
pub(crate) async fn show(app: Data<&App>, desk: Desk, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, desk, Typed::default(), FieldErrors::default(), frame, csrf).await
}

async fn draw(app: &App, desk: Desk, typed: Typed, errors: FieldErrors, frame: Frame, csrf: Csrf) -> Result<Response> {
    let listing = match desk.draft.supplier_id {
        Some(id) => load_many(&app.db, &[id]).await?.pop().map(|listing| listing.supplier),
        None => None,
    };
    let (away, question) = match &listing {
        Some(one) => (absence::absence_of(&app.db, one).await?, question::of_listing(&app.db, one.id).await?),
        None => (None, None),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = StandingPage {
        desk,
        is_public: listing.as_ref().is_some_and(Supplier::is_public),
        confirmed: listing.as_ref().and_then(|one| one.confirmed_on),
        slug: listing.map(|one| one.slug),
        away,
        asked_until: question.map(|question| french::date(app.local(question.ends()).date())),
        typed,
        errors,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}

/// `POST /fiche/{id}/etat`
#[handler]
pub(crate) async fn change(
    app: Data<&App>,
    desk: Desk,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let (now, today) = (app.clock.now(), app.today());
    let until = match day(&typed.retour, today) {
        Ok(until) => until,
        Err(sentence) if typed.geste == "pause" => {
            let mut errors = FieldErrors::default();
            errors.add("retour", sentence);
            return draw(&app, desk, typed, errors, frame, csrf).await;
        }
        Err(_) => None,
    };
    let Some(id) = desk.draft.supplier_id else { return Ok(see_other(&format!("{}/etat", desk.path()))) };
    let txn = app.write().await?;
    let listing = absence::lock(&txn, id).await?.ok_or(Error::NotFound)?;
    let away = absence::absence_of(&txn, &listing).await?;
    let leaves = |reason, returns_on| Absence { supplier_id: id, reason, returns_on, words: String::new(), since: now };
    let (act, absence) = match typed.geste.as_str() {
        "pause" => ("a mis sa fiche en pause", Some(leaves(Reason::Pause, until))),
        "retrait" => ("a retiré sa fiche de l’annuaire", Some(leaves(Reason::Withdrawal, None))),
        "confirmation" if away.is_none() => ("a confirmé sa fiche", None),
        "retour" | "confirmation" => ("a remis sa fiche en ligne", None),
        _ => return Ok(see_other(&format!("{}/etat", desk.path()))),
    };
    // What an organiser took out, its supplier neither brings back nor renames.
    let may = away.as_ref().map_or(listing.is_public(), |away| away.reason.is_own());
    let is_done = match absence {
        Some(absence) if may => {
            absence::leave(&txn, absence, now).await?;
            true
        }
        Some(_) => false,
        None => question::confirm(&txn, &listing, today, now).await?,
    };
    if !is_done {
        return Ok(see_other(&format!("{}/etat", desk.path())));
    }
    desk.note(&txn, &app, act).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}/etat?fait={}", desk.path(), typed.geste)))
}

/// The day of a return: in the future, within two years; nothing when none was typed.
fn day(text: &str, today: NaiveDate) -> std::result::Result<Option<NaiveDate>, &'static str> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let day = parse_date(text.trim()).ok_or("Écrivez une date comme 01/04/2027, ou laissez vide.")?;
    match day {
        past if past <= today => Err("Cette date est passée\u{a0}: écrivez le jour où vous reprenez."),
        far if far > today + LONGEST => Err("C’est dans plus de deux ans\u{a0}: laissez plutôt vide."),
        day => Ok(Some(day)),
    }
}

#[derive(Template)]
#[template(path = "suppliers/still_true.html")]
struct QuestionPage {
    token: String,
    name: String,
    organisation: i64,
    facts: Vec<Difference>,
    csrf: Csrf,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "suppliers/answered.html")]
struct AnsweredPage {
    /// The listing that was just confirmed: address and name; nothing when the link is over.
    confirmed: Option<(String, String)>,
    frame: Frame,
}

/// `GET /fournisseurs/a-jour/{token}`: shows what everybody reads, and a button; mail programs open links by themselves.
#[handler]
pub(crate) async fn ask(app: Data<&App>, Path(token): Path<String>, frame: Frame, csrf: Csrf) -> Result<Response> {
    let Some((supplier, _, organisation)) = asked(&app.db, &token).await? else { return over(frame) };
    let Some(listing) = load_many(&app.db, &[supplier]).await?.pop() else { return over(frame) };
    // Whoever has the mail reads it, programs too: no more than everybody may know.
    let facts = draft::differences(None, &claim::public_part(&listing), &app.places);
    let name = listing.supplier.name;
    Ok(private(page(&QuestionPage { token, name, organisation, facts, csrf, frame })?))
}

/// The listing that a link asks about, whom, and whose the listing is; nothing once it is answered, or when that person is no
/// more of its team.
async fn asked(db: &impl ConnectionTrait, token: &str) -> Result<Option<(i64, i64, i64)>> {
    let Some((supplier, person)) = question::of_link(db, token).await? else { return Ok(None) };
    let Some((_, organisation)) = draft::held_among(db, &[supplier]).await? else { return Ok(None) };
    let is_of_team = accounts::people(db, organisation).await?.iter().any(|member| member.id == person);
    Ok(is_of_team.then_some((supplier, person, organisation)))
}

fn over(frame: Frame) -> Result<Response> {
    Ok(private(page_with(StatusCode::NOT_FOUND, &AnsweredPage { confirmed: None, frame })?))
}

/// `POST /fournisseurs/a-jour/{token}`: it is.
#[handler]
pub(crate) async fn answer(
    app: Data<&App>,
    Path(token): Path<String>,
    frame: Frame,
    _: Form<Pressed>,
) -> Result<Response> {
    let now = app.clock.now();
    let txn = app.write().await?;
    let Some((supplier, person, _)) = asked(&txn, &token).await? else { return over(frame) };
    let Some(listing) = absence::lock(&txn, supplier).await? else { return over(frame) };
    if !question::confirm(&txn, &listing, app.today(), now).await? {
        return over(frame);
    }
    let act = Act::new("a confirmé sa fiche", format!("suppliers/{supplier}"));
    audit::record(&txn, By::Person(person), act, now).await?;
    txn.commit().await?;
    Ok(private(page(&AnsweredPage { confirmed: Some((listing.slug, listing.name)), frame })?))
}
