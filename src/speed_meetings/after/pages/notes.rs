//! Where an organisation says what came of its appointments, one press each, and how content it was.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::attendee::{Attendee, OnBehalf, Own};
use crate::accounts::{self, SignedIn};
use crate::app::App;
use crate::audit::{self, By};
use crate::figures::SATISFACTION;
use crate::speed_meetings::after::outcome::{self, Noted, Noting, Outcome, Said};
use crate::speed_meetings::after::review::{self, Review};
use crate::speed_meetings::edition;
use crate::speed_meetings::pages::speaker::{Purpose, which};
use crate::speed_meetings::participant::{self, Standing};
use crate::web::{Csrf, Error, Form, Frame, Result, filters, french, page_with, private, see_other, text_of};

/// `GET /rencontres/{slug}/suites`: leads to one's organisation, or asks which.
#[handler]
pub(crate) async fn choose(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path(slug): Path<String>,
    frame: Frame,
) -> Result<Response> {
    let edition = edition::by_slug(&app.db, &slug).await?.filter(|edition| edition.state.has_begun());
    let edition = edition.ok_or(Error::NotFound)?;
    let there = participant::of(&app.db, edition.id).await?;
    let was_there = |id: i64| there.iter().any(|one| one.organisation_id == id && one.state == Standing::Registered);
    let mut teams = accounts::of_person(&app.db, person.id).await?;
    teams.retain(|team| was_there(team.id));
    let title = french::typographic(&edition.title);
    let purpose = Purpose {
        name: "Mes rendez-vous",
        heading: "Qu’ont donné vos rendez-vous\u{a0}?".to_owned(),
        page: "suites",
        lead: format!("Au nom de qui étiez-vous à «\u{a0}{title}\u{a0}»\u{a0}?"),
        nobody: format!("Aucune de vos équipes n’était à «\u{a0}{title}\u{a0}»."),
        ways: &[("/mon-espace", "Revenir à mon espace")],
    };
    which(&edition, teams, purpose, frame)
}

#[derive(Template)]
#[template(path = "speed_meetings/after/notes.html")]
struct NotesPage {
    attendee: Attendee,
    day: String,
    cards: Vec<Card>,
    /// How content it was, as it said it or as it was typed.
    satisfaction: Option<i32>,
    words: String,
    /// What is wrong with the words.
    wrong_words: Option<String>,
    /// Whether something could have been delivered.
    may_follow: bool,
    csrf: Csrf,
    frame: Frame,
}

/// An appointment.
struct Card {
    key: i64,
    name: String,
    when: String,
    said: Option<Said>,
    /// As it is kept, and as it was typed.
    kept: String,
    note: String,
    wrong: Option<String>,
    /// Whether it has not begun.
    is_ahead: bool,
}

impl Card {
    /// The buttons: code, words, whether it is pressed.
    fn choices(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        let said = self.said;
        Said::ALL.into_iter().map(move |one| (one.code(), one.label(), said == Some(one)))
    }
}

impl NotesPage {
    fn done(&self) -> Option<&'static str> {
        (self.frame.done() == "avis").then_some("C’est noté, merci de votre avis.")
    }

    fn here(&self) -> String {
        self.attendee.at("suites")
    }

    fn noted(&self) -> usize {
        self.cards.iter().filter(|card| card.said.is_some()).count()
    }

    fn is_all_noted(&self) -> bool {
        self.noted() == self.cards.len()
    }

    /// How content one can be: points, words, whether it said so.
    fn scale(&self) -> impl Iterator<Item = (i32, &'static str, bool)> {
        let said = self.satisfaction;
        SATISFACTION.into_iter().map(move |(points, words)| (points, words, said == Some(points)))
    }
}

/// What was typed and not kept.
enum Again {
    /// A note of the appointment with this participant, and what is wrong with it.
    Note(i64, String, String),
    /// Points and words, and what is wrong with them.
    Review(Option<i32>, String, String),
}

/// `GET /rencontres/{slug}/suites/{id}`
#[handler]
pub(crate) async fn show(app: Data<&App>, Own(attendee): Own, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, attendee, None, frame, csrf).await
}

/// `GET /organisation/rencontres/{key}/suites/{id}`
#[handler]
pub(crate) async fn show_for(
    app: Data<&App>,
    OnBehalf(attendee): OnBehalf,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    draw(&app, attendee, None, frame, csrf).await
}

async fn draw(app: &App, attendee: Attendee, again: Option<Again>, frame: Frame, csrf: Csrf) -> Result<Response> {
    let outcomes = outcome::of_participant(&app.db, &attendee.row).await?;
    let said = |pair: (i64, i64)| outcomes.iter().find(|one| one.pair() == pair);
    let mut cards = Vec::new();
    for one in attendee.encounters(app).await? {
        let known = said(one.pair);
        let kept = known.map(|known| known.note.clone()).unwrap_or_default();
        let mut card = Card {
            key: one.other,
            name: one.name,
            when: one.when,
            said: known.and_then(Outcome::said),
            note: kept.clone(),
            kept,
            wrong: None,
            is_ahead: one.is_ahead,
        };
        if let Some(Again::Note(key, typed, wrong)) = &again
            && *key == card.key
        {
            (card.note, card.wrong) = (typed.clone(), Some(wrong.clone()));
        }
        cards.push(card);
    }
    let known: Option<Review> = review::of(&app.db, &[attendee.row.id]).await?.into_iter().next();
    let satisfaction = known.as_ref().map(|known| known.satisfaction);
    let status = if again.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut view = NotesPage {
        day: french::day(attendee.plan.edition.held_on),
        cards,
        satisfaction,
        words: known.filter(|_| attendee.is_own()).map(|known| known.words).unwrap_or_default(),
        wrong_words: None,
        may_follow: outcomes.iter().any(Outcome::may_follow),
        attendee,
        csrf,
        frame,
    };
    if let Some(Again::Review(points, words, wrong)) = again {
        (view.satisfaction, view.words, view.wrong_words) = (points, words, Some(wrong));
    }
    Ok(private(page_with(status, &view)?))
}

/// What was pressed, and the note.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    suite: String,
    note: String,
    /// The note as it was shown.
    vu: String,
}

/// `POST /rencontres/{slug}/suites/{id}/rendez-vous/{with}`
#[handler]
pub(crate) async fn say(
    app: Data<&App>,
    Own(attendee): Own,
    Path(which): Path<With>,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let plain = |text: &str| text_of(text, outcome::LONGEST * 2).ok().flatten().unwrap_or_default();
    let note = match text_of(&typed.note, outcome::LONGEST) {
        Ok(note) => note.unwrap_or_default(),
        // A note of two colleagues may be longer: it is right as long as nobody makes it longer.
        Err(_) if plain(&typed.note) == plain(&typed.vu) => plain(&typed.vu),
        Err(wrong) => return draw(&app, attendee, Some(Again::Note(which.with, typed.note, wrong)), frame, csrf).await,
    };
    let said = Said::from_code(&typed.suite);
    keep(&app, &attendee, which.with, Noting { said, note: Some((plain(&typed.vu), note)), by: attendee.me.id }).await
}

/// `POST /organisation/rencontres/{key}/suites/{id}/rendez-vous/{with}`: an organiser neither reads nor writes a note.
#[handler]
pub(crate) async fn say_for(
    app: Data<&App>,
    OnBehalf(attendee): OnBehalf,
    Path(which): Path<With>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let said = Said::from_code(&typed.suite);
    keep(&app, &attendee, which.with, Noting { said, note: None, by: attendee.me.id }).await
}

/// With whom the appointment was.
#[derive(Debug, Deserialize)]
pub(crate) struct With {
    with: i64,
}

impl With {
    pub(super) fn with(&self) -> i64 {
        self.with
    }
}

async fn keep(app: &App, attendee: &Attendee, other: i64, noting: Noting) -> Result<Response> {
    let back = format!("{}#rdv-{other}", attendee.at("suites"));
    if attendee.encounters(app).await?.iter().any(|one| one.other == other && one.is_ahead) {
        // The page says that it is still to come.
        return Ok(see_other(&back));
    }
    let now = app.clock.now();
    let txn = app.write().await?;
    let edition = edition::lock(&txn, attendee.plan.edition.id).await?.ok_or(Error::NotFound)?;
    match outcome::note(&txn, &edition, (&attendee.row, other), &noting, now).await? {
        Noted::Strangers => return Err(Error::NotFound),
        Noted::Closed => {}
        Noted::Kept => {
            if !attendee.is_own() {
                let act = attendee.act("a noté les suites d’un rendez-vous pour une organisation");
                audit::record(&txn, By::Person(attendee.me.id), act, now).await?;
            }
            txn.commit().await?;
        }
    }
    Ok(see_other(&back))
}

/// How content, and a word.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Opinion {
    satisfaction: String,
    mot: String,
}

/// `POST /rencontres/{slug}/suites/{id}/avis`
#[handler]
pub(crate) async fn opine(
    app: Data<&App>,
    Own(attendee): Own,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Opinion>,
) -> Result<Response> {
    keep_opinion(&app, attendee, typed, frame, csrf).await
}

/// `POST /organisation/rencontres/{key}/suites/{id}/avis`
#[handler]
pub(crate) async fn opine_for(
    app: Data<&App>,
    OnBehalf(attendee): OnBehalf,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Opinion>,
) -> Result<Response> {
    keep_opinion(&app, attendee, typed, frame, csrf).await
}

async fn keep_opinion(app: &App, attendee: Attendee, typed: Opinion, frame: Frame, csrf: Csrf) -> Result<Response> {
    let points: Option<i32> = typed.satisfaction.parse().ok().filter(|points| (1..=5).contains(points));
    let words = match (points, text_of(&typed.mot, review::LONGEST)) {
        (Some(_), Ok(words)) => words.unwrap_or_default(),
        (None, _) => {
            let wrong =
                "Choisissez d’abord une réponse, de «\u{a0}Très bien\u{a0}» à «\u{a0}Très décevant\u{a0}».".to_owned();
            return draw(app, attendee, Some(Again::Review(points, typed.mot, wrong)), frame, csrf).await;
        }
        (_, Err(wrong)) => {
            return draw(app, attendee, Some(Again::Review(points, typed.mot, wrong)), frame, csrf).await;
        }
    };
    let now = app.clock.now();
    let txn = app.write().await?;
    let edition = edition::lock(&txn, attendee.plan.edition.id).await?.ok_or(Error::NotFound)?;
    if outcome::is_open(&edition) {
        let said = (points.unwrap_or_default(), words.as_str());
        if attendee.is_own() {
            review::keep(&txn, attendee.row.id, said, attendee.me.id, now).await?;
        } else {
            review::rate(&txn, attendee.row.id, said.0, now).await?;
            let act = attendee.act("a noté la satisfaction d’une organisation");
            audit::record(&txn, By::Person(attendee.me.id), act, now).await?;
        }
        txn.commit().await?;
    }
    Ok(see_other(&format!("{}?fait=avis", attendee.at("suites"))))
}
