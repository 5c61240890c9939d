//! What organisers write to those who came to a date, and what these say of it.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};
use serde::Deserialize;

use crate::app::App;
use crate::farm_visits::after::review::{self, Serves};
use crate::farm_visits::after::thanks::{self, Thanks, who_came};
use crate::farm_visits::pages::date::{self, Desk};
use crate::farm_visits::visit_date::{self, State};
use crate::figures::SATISFACTION;
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Result, filters, french, page_with, private, see_other, text_of,
};

/// Most characters of the organiser's words.
const LONGEST: usize = 2_000;

/// What was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    mot: String,
}

#[derive(Template)]
#[template(path = "farm_visits/after/progress.html")]
struct ProgressPage {
    desk: Desk,
    /// « jeudi 20 mai 2027 »
    day: String,
    /// What is or was written to those who came.
    words: String,
    /// When it left.
    sent: Option<String>,
    /// « 12 personnes »
    whom: String,
    is_over: bool,
    /// Whether nobody is thanked any more.
    is_too_late: bool,
    /// Answer and how many gave it.
    content: Vec<(&'static str, usize)>,
    serves: Vec<(&'static str, usize)>,
    /// What was most useful, without names.
    useful: Vec<String>,
    /// What each kitchen would buy: who, what, whether the farm knows.
    wants: Vec<(String, String, bool)>,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

impl ProgressPage {
    fn here(&self) -> String {
        here(&self.desk)
    }

    fn date_path(&self) -> String {
        date::path(self.desk.date.id)
    }

    fn visit_path(&self) -> String {
        format!("/organisation/visites/{}", self.desk.visit.id)
    }

    fn done(&self) -> Option<&'static str> {
        (self.frame.done() == "mot").then_some("C’est enregistré.")
    }
}

fn here(desk: &Desk) -> String {
    format!("{}/suites", date::path(desk.date.id))
}

/// `GET /organisation/visites/dates/{key}/suites`
#[handler]
pub(crate) async fn show(app: Data<&App>, desk: Desk, frame: Frame, csrf: Csrf) -> Result<Response> {
    let thanks = thanks::of(&app.db, desk.date.id).await?;
    draw(&app, desk, (thanks, FieldErrors::default()), (frame, csrf)).await
}

async fn draw(
    app: &App,
    desk: Desk,
    (thanks, errors): (Thanks, FieldErrors),
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let rows = who_came(&app.db, desk.date.id).await?;
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let said = review::of(&app.db, &keys).await?;
    let mut useful: Vec<String> =
        said.values().filter(|one| !one.useful.is_empty()).map(|one| french::typographic(&one.useful)).collect();
    // In an order that tells nothing of who wrote what.
    useful.sort();
    let wants = rows.iter().filter_map(|row| {
        let one = said.get(&row.id).filter(|one| !one.wants.is_empty())?;
        let who = [row.organisation.as_str(), row.name.as_str()].into_iter().filter(|part| !part.is_empty());
        let who = french::typographic(&who.collect::<Vec<_>>().join(", "));
        Some((who, french::typographic(&one.wants), one.passed_on_at.is_some()))
    });
    let content = |points: i32| said.values().filter(|one| one.satisfaction == points).count();
    let serves = |serves: Serves| said.values().filter(|one| one.serves == serves).count();
    let now = app.clock.now();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = ProgressPage {
        day: french::day(app.local(desk.date.starts_at).date()),
        words: thanks.words,
        sent: thanks.sent_at.map(|at| french::moment(app.local(at))),
        whom: french::count(rows.len() as u64, "inscription", "inscriptions"),
        is_over: desk.date.ends_at <= now,
        is_too_late: desk.date.ends_at < now - thanks::LATEST,
        content: SATISFACTION.map(|(points, label)| (label, content(points))).to_vec(),
        serves: Serves::ALL.map(|(one, _, label)| (label, serves(one))).to_vec(),
        useful,
        wants: wants.collect(),
        desk,
        errors,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}

/// `POST /organisation/visites/dates/{key}/suites`
#[handler]
pub(crate) async fn say(
    app: Data<&App>,
    desk: Desk,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let words = match text_of(&typed.mot, LONGEST) {
        Ok(words) => words.unwrap_or_default(),
        Err(sentence) => {
            let mut errors = FieldErrors::default();
            errors.add("mot", sentence);
            let thanks = Thanks { words: typed.mot, ..thanks::of(&app.db, desk.date.id).await? };
            return draw(&app, desk, (thanks, errors), (frame, csrf)).await;
        }
    };
    let txn = app.write().await?;
    let date = visit_date::lock(&txn, desk.date.id).await?.ok_or(Error::NotFound)?;
    let is_kept = date.state != State::Cancelled && thanks::say(&txn, &date, &words).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}{}", here(&desk), if is_kept { "?fait=mot" } else { "" })))
}
