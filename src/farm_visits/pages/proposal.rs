//! « Ma ferme peut accueillir »: a farm proposes a visit to the organisers.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};

use super::registration::number;
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::farm_visits::mail::proposals as letters;
use crate::farm_visits::proposal::{self, NewProposal, Proposal, Proposed, State};
use crate::suppliers::draft::Typed;
use crate::suppliers::pages::desk::Desk;
use crate::web::{
    Csrf, FieldErrors, Form, Frame, Pressed, Result, filters, french, one_line, page_with, private, see_other, text_of,
};

/// Answers on the page.
const ANSWERS: u64 = 5;
/// People of one group, at most.
const MOST: i32 = 500;

#[derive(Template)]
#[template(path = "farm_visits/proposal.html")]
struct ProposalPage {
    desk: Desk,
    /// What waits for an answer, since when.
    waiting: Option<String>,
    answers: Vec<Answer>,
    /// Whether somebody else changed it, or organisers answered, since the form was drawn.
    is_stale: bool,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// What organisers answered.
struct Answer {
    day: String,
    is_taken: bool,
    /// What was proposed.
    sights: String,
    words: String,
}

impl ProposalPage {
    fn here(&self) -> String {
        here(&self.desk)
    }

    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "proposition" => {
                Some("Merci\u{a0}: les organisateurs reçoivent un courriel. Vous saurez leur réponse de même.")
            }
            "changement" => Some("C’est enregistré."),
            "retrait" => Some("La proposition est retirée."),
            _ => None,
        }
    }

    /// Whether it is known where the farm is.
    fn is_placed(&self) -> bool {
        self.desk.draft.content.insee_code.is_some()
    }
}

fn here(desk: &Desk) -> String {
    format!("{}/visite", desk.path())
}

/// `GET /fiche/{id}/visite`
#[handler]
pub(crate) async fn form(app: Data<&App>, desk: Desk, frame: Frame, csrf: Csrf) -> Result<Response> {
    let waiting = proposal::waiting_of(&app.db, desk.id).await?;
    let typed = written(&desk, waiting.as_ref());
    draw(&app, desk, (waiting, Again { typed, ..Again::default() }), frame, csrf).await
}

/// What the form says of what was proposed; before that, whom to call is known.
fn written(desk: &Desk, kept: Option<&Proposal>) -> Typed {
    let mut typed = Typed::default();
    if let Some(kept) = kept {
        typed.put("a_voir", kept.sights.clone());
        typed.put("quand", kept.season.clone());
        typed.put("personnes", kept.people.to_string());
        typed.put("acces", kept.access.clone());
        typed.put("contact", kept.contact.clone());
        typed.put("vu", kept.version.to_string());
        return typed;
    }
    let known = [desk.me.name.as_str(), desk.draft.content.phone.as_deref().unwrap_or_default()];
    let known: Vec<&str> = known.into_iter().filter(|part| !part.is_empty()).collect();
    typed.put("contact", known.join(", "));
    typed
}

/// What the form says, and what is wrong with it.
#[derive(Default)]
struct Again {
    typed: Typed,
    errors: FieldErrors,
    is_stale: bool,
}

async fn draw(
    app: &App,
    desk: Desk,
    (waiting, again): (Option<Proposal>, Again),
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let answers = proposal::answered_of(&app.db, desk.id, ANSWERS).await?;
    let day = |at| french::date(app.local(at).date());
    let answer = |one: &Proposal| Answer {
        day: one.answered_at.map(day).unwrap_or_default(),
        is_taken: one.state == State::Taken,
        sights: french::typographic(&one.sights),
        words: french::typographic(&one.answer),
    };
    let status = match &again {
        Again { is_stale: true, .. } => StatusCode::CONFLICT,
        Again { errors, .. } if !errors.is_empty() => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let view = ProposalPage {
        waiting: waiting.map(|kept| day(kept.made_at)),
        answers: answers.iter().map(answer).collect(),
        is_stale: again.is_stale,
        typed: again.typed,
        errors: again.errors,
        desk,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}

/// `POST /fiche/{id}/visite`
#[handler]
pub(crate) async fn propose(
    app: Data<&App>,
    desk: Desk,
    frame: Frame,
    csrf: Csrf,
    Form(mut typed): Form<Typed>,
) -> Result<Response> {
    let (mut errors, now) = (FieldErrors::default(), app.clock.now());
    let Some(new) = read(&typed, &desk, &mut errors) else {
        let waiting = proposal::waiting_of(&app.db, desk.id).await?;
        return draw(&app, desk, (waiting, Again { typed, errors, is_stale: false }), frame, csrf).await;
    };
    let seen = typed.of("vu").parse().unwrap_or_default();
    let txn = app.write().await?;
    let (act, done) = match proposal::propose(&txn, desk.id, (&new, seen), desk.me.id, now).await? {
        Proposed::New(made) => {
            letters::proposed(&txn, &app, &made, &desk.name).await?;
            ("a proposé d’accueillir une visite", "proposition")
        }
        Proposed::Changed => ("a changé sa proposition de visite", "changement"),
        Proposed::Same => return Ok(see_other(&format!("{}?fait=proposition", here(&desk)))),
        Proposed::Stale => {
            drop(txn);
            let waiting = proposal::waiting_of(&app.db, desk.id).await?;
            // What is sent again replaces what is there now.
            typed.put("vu", waiting.as_ref().map(|kept| kept.version.to_string()).unwrap_or_default());
            let again = Again { typed, errors, is_stale: true };
            return draw(&app, desk, (waiting, again), frame, csrf).await;
        }
    };
    note(&txn, &app, &desk, act).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait={done}", here(&desk))))
}

async fn note(txn: &sea_orm::DatabaseTransaction, app: &App, desk: &Desk, what: &'static str) -> Result<()> {
    let act = Act::new(what, format!("organisations/{}", desk.id));
    Ok(audit::record(txn, By::Person(desk.me.id), act, app.clock.now()).await?)
}

/// What was typed as what is true; nothing when something is wrong with it.
fn read(typed: &Typed, desk: &Desk, errors: &mut FieldErrors) -> Option<NewProposal> {
    let insee_code = desk.draft.content.insee_code.clone();
    if insee_code.is_none() {
        errors.add("lieu", "Dites d’abord dans votre fiche dans quelle commune est la ferme.");
    }
    let mut text = |field: &'static str, most, lack: Option<&'static str>| match (text_of(typed.of(field), most), lack)
    {
        (Ok(None), Some(lack)) => {
            errors.add(field, lack);
            None
        }
        (Ok(text), _) => Some(text.unwrap_or_default()),
        (Err(sentence), _) => {
            errors.add(field, sentence);
            None
        }
    };
    let sights = text("a_voir", 4_000, Some("Dites ce qu’on peut voir chez vous."));
    let season = text("quand", 500, Some("Dites quand cela vous va, même en gros."));
    let access = text("acces", 2_000, None);
    let contact = text("contact", 200, Some("Dites qui appeler, et à quel numéro.")).map(|text| one_line(&text));
    let people = number(typed, "personnes", 1, MOST, errors);
    Some(NewProposal {
        insee_code: insee_code?,
        sights: sights?,
        season: season?,
        people: people?,
        access: access?,
        contact: contact?,
    })
}

/// `POST /fiche/{id}/visite/retrait`: the farm takes it back.
#[handler]
pub(crate) async fn take_back(app: Data<&App>, desk: Desk, _: Form<Pressed>) -> Result<Response> {
    let txn = app.write().await?;
    if proposal::take_back(&txn, desk.id).await? {
        note(&txn, &app, &desk, "a retiré sa proposition de visite").await?;
        txn.commit().await?;
    }
    Ok(see_other(&format!("{}?fait=retrait", here(&desk))))
}
