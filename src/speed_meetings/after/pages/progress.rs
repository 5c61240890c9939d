//! Who said what came of the day, and whether anybody is asked: for organisers.

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};
use serde::Deserialize;

use crate::app::App;
use crate::audit::{self, Act, By};
use crate::speed_meetings::after::count::SIDES;
use crate::speed_meetings::after::follow_up::{self, FollowUp, Question};
use crate::speed_meetings::after::gather::Gathered;
use crate::speed_meetings::after::outcome;
use crate::speed_meetings::edition::{self, Edition, Side};
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::participant::Participant;
use crate::web::{Csrf, Error, Form, Frame, Result, filters, french, page, private, see_other};

#[derive(Template)]
#[template(path = "speed_meetings/after/progress.html")]
struct ProgressPage {
    edition: Edition,
    /// Each side: title and organisations.
    sides: Vec<(&'static str, Vec<Line>)>,
    /// What is asked: name and when.
    questions: Vec<(&'static str, String)>,
    is_stopped: bool,
    csrf: Csrf,
    frame: Frame,
}

/// An organisation.
struct Line {
    href: String,
    name: String,
    /// « 4 sur 9 notés », « absent »
    progress: String,
    has_reviewed: bool,
}

impl ProgressPage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "arret" => Some("C’est arrêté\u{a0}: plus aucune question ne part pour cette rencontre."),
            "reprise" => Some("C’est repris\u{a0}: les questions partiront à leur date."),
            _ => None,
        }
    }

    fn is_open(&self) -> bool {
        outcome::is_open(&self.edition)
    }
}

/// `GET /organisation/rencontres/{key}/suites`
#[handler]
pub(crate) async fn show(app: Data<&App>, workshop: Workshop, frame: Frame, csrf: Csrf) -> Result<Response> {
    let edition = begun(&workshop.plan.edition)?.clone();
    let asked = follow_up::of(&app.db, edition.id).await?;
    let all = Gathered::of(&app.db, workshop.plan, app.config.time_zone).await?;
    let line = |one: &Participant| Line {
        href: format!("{}/suites/{}", edition.desk(), one.organisation_id),
        name: french::typographic(&all.name(one.id)),
        progress: if all.is_absent(one.id) {
            "absent".to_owned()
        } else {
            format!("{} sur {} notés", all.noted_by(one), all.of_participant(one).count())
        },
        has_reviewed: all.reviews.iter().any(|review| review.participant_id == one.id),
    };
    let side = |side: Side| {
        let mut lines: Vec<Line> = all.registered(side).map(line).collect();
        lines.sort_by(|one, other| one.name.cmp(&other.name));
        (if side == Side::Canteen { "Cantines" } else { "Fournisseurs" }, lines)
    };
    let questions = [
        (Question::Outcomes, "Qu’ont donné vos rendez-vous\u{a0}?"),
        (Question::Deliveries, "Une livraison a-t-elle suivi\u{a0}?"),
    ];
    let questions = questions.map(|(question, words)| (words, when(&app, &edition, &asked, question)));
    let view = ProgressPage {
        sides: SIDES.map(side).into(),
        questions: questions.into(),
        is_stopped: asked.stopped_at.is_some(),
        edition,
        csrf,
        frame,
    };
    Ok(private(page(&view)?))
}

/// An edition whose day has begun; there is nothing after any other.
pub(super) fn begun(edition: &Edition) -> Result<&Edition> {
    if edition.state.has_begun() { Ok(edition) } else { Err(Error::NotFound) }
}

/// When a question was asked, or will be.
fn when(app: &App, edition: &Edition, asked: &FollowUp, question: Question) -> String {
    let (first, last) = question.days(edition.held_on);
    match asked.asked_at(question) {
        Some(at) => format!("partie le {}", french::day(app.local(at).date())),
        None if !outcome::is_open(edition) || asked.stopped_at.is_some() || app.today() > last => {
            "ne partira pas".to_owned()
        }
        None => format!("partira le {}", french::day(first.max(app.today()))),
    }
}

/// What was pressed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    geste: String,
}

/// `POST /organisation/rencontres/{key}/suites/courriels`
#[handler]
pub(crate) async fn stop(app: Data<&App>, workshop: Workshop, Form(typed): Form<Typed>) -> Result<Response> {
    let here = format!("{}/suites", begun(&workshop.plan.edition)?.desk());
    let (is_stopped, what, done) = match typed.geste.as_str() {
        "arreter" => (true, "a arrêté les questions sur les suites d’une rencontre", "arret"),
        "reprendre" => (false, "a repris les questions sur les suites d’une rencontre", "reprise"),
        _ => return Ok(see_other(&here)),
    };
    let now = app.clock.now();
    let txn = app.write().await?;
    let edition = edition::lock(&txn, workshop.plan.edition.id).await?.ok_or(Error::NotFound)?;
    if follow_up::stop(&txn, edition.id, is_stopped, now).await? {
        let act = Act::new(what, format!("editions/{}", edition.id)).with(edition.title);
        audit::record(&txn, By::Person(workshop.me.id), act, now).await?;
        txn.commit().await?;
    }
    Ok(see_other(&format!("{here}?fait={done}")))
}
