//! The messages of canteens as a supplier sees them: answered, unwanted, shown to the organisers.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;

use crate::accounts;
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::contacts::contact::{self, Contact, Outcome};
use crate::contacts::{block, mail, report};
use crate::suppliers::load_many;
use crate::suppliers::pages::desk::Desk;
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Result, filters, french, page_with, private, see_other, text_of,
};

/// Most characters of what a supplier says of a message.
const LONGEST: usize = 1_000;

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    geste: String,
    mot: String,
}

#[derive(Template)]
#[template(path = "contacts/received.html")]
struct ReceivedPage {
    desk: Desk,
    lines: Vec<Line>,
    /// Canteens from which nothing is wanted: key and name.
    blocked: Vec<(i64, String)>,
    /// The message that the form was about, and what was typed.
    refused: Option<(i64, Typed)>,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// A message.
struct Line {
    id: i64,
    canteen: String,
    day: String,
    message: String,
    quantity: String,
    outcome: Outcome,
    is_reported: bool,
    is_blocked: bool,
}

impl ReceivedPage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "reponse" => Some("C’est noté\u{a0}: nous ne vous relancerons pas."),
            "blocage" => Some("Cette cantine ne peut plus vous écrire d’ici."),
            "deblocage" => Some("Cette cantine peut de nouveau vous écrire."),
            "signalement" => Some("Le message est montré à l’organisateur, qui le lira."),
            _ => None,
        }
    }

    /// What was typed about a message, when its form is shown again.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates give references")]
    fn typed(&self, id: &i64) -> Option<&str> {
        self.refused.as_ref().filter(|(refused, _)| refused == id).map(|(_, typed)| typed.mot.as_str())
    }
}

impl Line {
    /// What came of it.
    fn said(&self) -> &'static str {
        match self.outcome {
            Outcome::Open => "",
            Outcome::Answered => ", répondu",
            Outcome::Worked => ", vous travaillez ensemble, dit la cantine",
            Outcome::Nothing => ", la cantine n’y donne pas suite",
        }
    }

    fn is_open(&self) -> bool {
        self.outcome == Outcome::Open
    }
}

/// `GET /fiche/{id}/messages`
#[handler]
pub(crate) async fn received(app: Data<&App>, desk: Desk, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, desk, None, FieldErrors::default(), frame, csrf).await
}

async fn draw(
    app: &App,
    desk: Desk,
    refused: Option<(i64, Typed)>,
    errors: FieldErrors,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let (contacts, blocked) = match desk.draft.supplier_id {
        Some(id) => (contact::to_supplier(&app.db, id).await?, block::blocked_by(&app.db, id).await?),
        None => (Vec::new(), Vec::new()),
    };
    let ids: Vec<i64> = contacts.iter().map(|contact| contact.id).collect();
    let reported = report::reported(&app.db, &ids).await?;
    let known: Vec<i64> = contacts.iter().map(|contact| contact.organisation_id).chain(blocked.clone()).collect();
    let names = accounts::names_of(&app.db, &known).await?;
    let name = |id: i64| names.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone()).unwrap_or_default();
    let line = |contact: Contact| Line {
        id: contact.id,
        canteen: name(contact.organisation_id),
        day: french::date(app.local(contact.created_at).date()),
        is_reported: reported.contains(&contact.id),
        is_blocked: blocked.contains(&contact.organisation_id),
        outcome: contact.outcome,
        message: contact.message,
        quantity: contact.quantity,
    };
    let lines = contacts.into_iter().map(line).collect();
    let blocked = blocked.iter().map(|&id| (id, name(id))).collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = ReceivedPage { desk, lines, blocked, refused, errors, csrf, frame };
    Ok(private(page_with(status, &view)?))
}

/// The message in an address.
#[derive(Deserialize)]
struct Which {
    key: i64,
}

/// `POST /fiche/{id}/messages/{key}`: it is answered, its canteen unwanted, or the organisers are to read it.
#[handler]
pub(crate) async fn react(
    app: Data<&App>,
    desk: Desk,
    Path(which): Path<Which>,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let supplier = desk.draft.supplier_id.ok_or(Error::NotFound)?;
    let words = text_of(&typed.mot, LONGEST);
    let txn = app.write().await?;
    let contact = contact::by_id(&txn, which.key).await?.filter(|contact| contact.supplier_id == supplier);
    let contact = contact.ok_or(Error::NotFound)?;
    let act = match (typed.geste.as_str(), words) {
        ("reponse", _) if contact::answer(&txn, contact.id).await? => "a dit avoir répondu à une cantine",
        ("blocage", _) => {
            block::block(&txn, supplier, contact.organisation_id, app.clock.now()).await?;
            "ne veut plus de messages d’une cantine"
        }
        ("deblocage", _) => {
            block::unblock(&txn, supplier, contact.organisation_id).await?;
            "veut de nouveau des messages d’une cantine"
        }
        ("signalement", Ok(Some(words))) => {
            show_organisers(&txn, &app, &contact, &words).await?;
            "a signalé un message"
        }
        ("signalement", said) => {
            drop(txn);
            let mut errors = FieldErrors::default();
            let sentence = said.err().unwrap_or_else(|| "Dites ce qui ne va pas dans ce message.".to_owned());
            errors.add("mot", sentence);
            return draw(&app, desk, Some((which.key, typed)), errors, frame, csrf).await;
        }
        _ => return Ok(see_other(&format!("{}/messages", desk.path()))),
    };
    let act = Act::new(act, format!("contacts/{}", contact.id));
    audit::record(&txn, By::Person(desk.me.id), act, app.clock.now()).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}/messages?fait={}", desk.path(), typed.geste)))
}

/// Pressed twice, they are shown it once.
async fn show_organisers(txn: &DatabaseTransaction, app: &App, contact: &Contact, words: &str) -> Result<()> {
    if report::report(txn, contact.id, words, app.clock.now()).await? {
        let listing = load_many(txn, &[contact.supplier_id]).await?.pop();
        if let Some(listing) = listing {
            mail::reported(txn, app, contact, &listing.supplier, words).await?;
        }
    }
    Ok(())
}
