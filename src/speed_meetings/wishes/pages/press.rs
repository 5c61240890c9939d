//! What is pressed and typed where one chooses: whom, in which order, and how many appointments.

use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::own::{Asked, draw, query};
use super::wisher::{OnBehalf, Own, Wisher};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::speed_meetings::edition;
use crate::speed_meetings::participant::Participant;
use crate::speed_meetings::section::number;
use crate::speed_meetings::wishes::choice::{self, Choice, Chosen};
use crate::web::{Csrf, Error, FieldErrors, Form, Frame, Result, see_other};

/// What a button says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Gesture {
    geste: String,
    position: String,
}

impl Gesture {
    fn read(&self) -> Result<Choice> {
        match self.geste.as_str() {
            "rencontrer" => Ok(Choice::Add),
            "placer" => self.position.parse().map(Choice::Place).map_err(|_| unreadable()),
            "retirer" => Ok(Choice::Remove),
            "eviter" => Ok(Choice::Avoid),
            "ne-plus-eviter" => Ok(Choice::Forgive),
            _ => Err(unreadable()),
        }
    }
}

fn unreadable() -> Error {
    Error::bad_request("Ce bouton n’est pas connu. Revenez à la page précédente et recommencez.")
}

/// The participant of the other side in an address.
#[derive(Deserialize)]
pub(crate) struct Which {
    other: i64,
}

/// `POST /rencontres/{slug}/souhaits/{id}/{other}`
#[handler]
pub(crate) async fn choose(
    app: Data<&App>,
    Own(wisher): Own,
    Path(which): Path<Which>,
    frame: Frame,
    Form(gesture): Form<Gesture>,
) -> Result<Response> {
    keep(&app, &wisher, which.other, &gesture, &frame).await
}

/// `POST /organisation/rencontres/{key}/souhaits/{id}/{other}`
#[handler]
pub(crate) async fn choose_for(
    app: Data<&App>,
    OnBehalf(wisher): OnBehalf,
    Path(which): Path<Which>,
    frame: Frame,
    Form(gesture): Form<Gesture>,
) -> Result<Response> {
    keep(&app, &wisher, which.other, &gesture, &frame).await
}

async fn keep(app: &App, wisher: &Wisher, other: i64, gesture: &Gesture, frame: &Frame) -> Result<Response> {
    let wanted = gesture.read()?;
    let txn = app.write().await?;
    let edition = edition::lock(&txn, wisher.edition.id).await?.ok_or(Error::NotFound)?;
    let (who, now) = ((wisher.asks, app.today()), app.clock.now());
    let chosen = choice::choose(&txn, &edition, wisher.id, (other, wanted), who, now).await?;
    if chosen == Chosen::Done {
        record(&txn, app, wisher).await?;
        txn.commit().await?;
    }
    let place = match wanted {
        Choice::Place(_) => "mes-souhaits".to_owned(),
        _ => format!("carte-{other}"),
    };
    Ok(see_other(&format!("{}{}#{place}", wisher.here(), query(frame, word(chosen)))))
}

fn word(chosen: Chosen) -> &'static str {
    match chosen {
        Chosen::Done | Chosen::Same => "souhait",
        Chosen::Closed => "clos",
        Chosen::Nobody => "parti",
    }
}

/// What organisers do for others stands in the journal; what one wishes oneself is nobody's business.
async fn record(txn: &sea_orm::DatabaseTransaction, app: &App, wisher: &Wisher) -> Result<()> {
    if wisher.is_organiser() {
        let act = Act::new("a changé les souhaits d’une organisation", format!("editions/{}", wisher.edition.id));
        let act = act.with(format!("{}, {}", wisher.name, wisher.edition.title));
        audit::record(txn, By::Person(wisher.me.id), act, app.clock.now()).await?;
    }
    Ok(())
}

/// How many appointments, as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Bounds {
    pub(super) minimum: String,
    pub(super) maximum: String,
}

impl Bounds {
    pub(super) fn of(row: Option<&Participant>) -> Self {
        let text = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
        let (least, most) = row.map(|row| (row.minimum_wished, row.maximum_wished)).unwrap_or_default();
        Self { minimum: text(least), maximum: text(most) }
    }

    fn read(&self) -> std::result::Result<(Option<i32>, Option<i32>), FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut count = |field: &'static str, typed: &str, least| {
            let text = Some(typed.trim()).filter(|text| !text.is_empty())?;
            number(text, least, 200).map_err(|sentence| errors.add(field, sentence)).ok()
        };
        let (least, most) = (count("minimum", &self.minimum, 0), count("maximum", &self.maximum, 1));
        if least.zip(most).is_some_and(|(least, most)| least > most) {
            errors.add("maximum", "Le maximum ne peut pas être plus petit que le minimum.");
        }
        if errors.is_empty() { Ok((least, most)) } else { Err(errors) }
    }
}

/// `POST /rencontres/{slug}/souhaits/{id}`: how many appointments.
#[handler]
pub(crate) async fn bound(
    app: Data<&App>,
    Own(wisher): Own,
    Query(asked): Query<Asked>,
    frame: Frame,
    csrf: Csrf,
    Form(bounds): Form<Bounds>,
) -> Result<Response> {
    limit(&app, wisher, asked, bounds, (frame, csrf)).await
}

/// `POST /organisation/rencontres/{key}/souhaits/{id}`
#[handler]
pub(crate) async fn bound_for(
    app: Data<&App>,
    OnBehalf(wisher): OnBehalf,
    Query(asked): Query<Asked>,
    frame: Frame,
    csrf: Csrf,
    Form(bounds): Form<Bounds>,
) -> Result<Response> {
    limit(&app, wisher, asked, bounds, (frame, csrf)).await
}

async fn limit(
    app: &App,
    wisher: Wisher,
    asked: Asked,
    bounds: Bounds,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let read = match bounds.read() {
        Ok(read) => read,
        Err(errors) => return draw(app, wisher, asked, Some((bounds, errors)), (frame, csrf)).await,
    };
    let txn = app.write().await?;
    let edition = edition::lock(&txn, wisher.edition.id).await?.ok_or(Error::NotFound)?;
    let chosen = choice::bound(&txn, &edition, wisher.id, read, (wisher.asks, app.today())).await?;
    if chosen == Chosen::Done {
        record(&txn, app, &wisher).await?;
        txn.commit().await?;
    }
    Ok(see_other(&format!("{}{}#combien", wisher.here(), query(&frame, word(chosen)))))
}
