//! Where an organisation says whether a delivery followed: yes or no for each.

use askama::Template;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::attendee::{Attendee, OnBehalf, Own};
use super::notes::With;
use crate::app::App;
use crate::audit::{self, By};
use crate::speed_meetings::after::outcome::{self, Noted};
use crate::speed_meetings::edition;
use crate::web::{Csrf, Error, Form, Frame, Result, filters, french, page, private, see_other};

#[derive(Template)]
#[template(path = "speed_meetings/after/deliveries.html")]
struct DeliveriesPage {
    attendee: Attendee,
    day: String,
    cards: Vec<Card>,
    csrf: Csrf,
    frame: Frame,
}

/// An appointment that could have had a delivery.
struct Card {
    key: i64,
    name: String,
    /// What came of it.
    came: &'static str,
    delivered: Option<bool>,
}

impl DeliveriesPage {
    fn here(&self) -> String {
        self.attendee.at("livraisons")
    }

    fn answered(&self) -> usize {
        self.cards.iter().filter(|card| card.delivered.is_some()).count()
    }
}

/// `GET /rencontres/{slug}/livraisons/{id}`
#[handler]
pub(crate) async fn show(app: Data<&App>, Own(attendee): Own, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, attendee, frame, csrf).await
}

/// `GET /organisation/rencontres/{key}/livraisons/{id}`
#[handler]
pub(crate) async fn show_for(
    app: Data<&App>,
    OnBehalf(attendee): OnBehalf,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    draw(&app, attendee, frame, csrf).await
}

async fn draw(app: &App, attendee: Attendee, frame: Frame, csrf: Csrf) -> Result<Response> {
    let outcomes = outcome::of_participant(&app.db, &attendee.row).await?;
    let mut cards = Vec::new();
    for one in attendee.encounters(app).await? {
        let Some(known) = outcomes.iter().find(|known| known.pair() == one.pair && known.may_follow()) else {
            continue;
        };
        let came = known.said().map(outcome::Said::label).unwrap_or_default();
        cards.push(Card { key: one.other, name: one.name, came, delivered: known.delivered });
    }
    let day = french::day(attendee.plan.edition.held_on);
    Ok(private(page(&DeliveriesPage { attendee, day, cards, csrf, frame })?))
}

/// What was pressed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    livre: String,
}

/// `POST /rencontres/{slug}/livraisons/{id}/rendez-vous/{with}`
#[handler]
pub(crate) async fn answer(
    app: Data<&App>,
    Own(attendee): Own,
    Path(which): Path<With>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    keep(&app, &attendee, which.with(), &typed).await
}

/// `POST /organisation/rencontres/{key}/livraisons/{id}/rendez-vous/{with}`
#[handler]
pub(crate) async fn answer_for(
    app: Data<&App>,
    OnBehalf(attendee): OnBehalf,
    Path(which): Path<With>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    keep(&app, &attendee, which.with(), &typed).await
}

async fn keep(app: &App, attendee: &Attendee, other: i64, typed: &Typed) -> Result<Response> {
    let here = format!("{}#rdv-{other}", attendee.at("livraisons"));
    let delivered = match typed.livre.as_str() {
        "oui" => true,
        "non" => false,
        _ => return Ok(see_other(&here)),
    };
    let now = app.clock.now();
    let txn = app.write().await?;
    let edition = edition::lock(&txn, attendee.plan.edition.id).await?.ok_or(Error::NotFound)?;
    match outcome::answer(&txn, &edition, (&attendee.row, other), delivered, now).await? {
        Noted::Strangers => return Err(Error::NotFound),
        Noted::Closed => {}
        Noted::Kept => {
            if !attendee.is_own() {
                let act = attendee.act("a noté une livraison pour une organisation");
                audit::record(&txn, By::Person(attendee.me.id), act, now).await?;
            }
            txn.commit().await?;
        }
    }
    Ok(see_other(&here))
}
