//! The canteens that registered by themselves, for organisers: yes or no.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use crate::accounts::{self, Organiser};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::canteens::{mail, profile, request, sector};
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Result, filters, french, page_with, private, see_other, text_of,
};

const PATH: &str = "/organisation/cantines";
/// Requests on the page.
const SHOWN: u64 = 100;
/// Most characters of a reason.
const LONGEST: usize = 1_000;

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    geste: String,
    mot: String,
}

#[derive(Template)]
#[template(path = "canteens/requests.html")]
struct RequestsPage {
    lines: Vec<Line>,
    /// Those that were refused: key, name, why.
    turned_down: Vec<(i64, String, String)>,
    /// The canteen that the form was about, and what was typed.
    refused: Option<(i64, String)>,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// A canteen that waits.
struct Line {
    id: i64,
    name: String,
    day: String,
    people: String,
    /// What it says of itself: commune, sector, meals, registry.
    facts: Vec<String>,
}

impl RequestsPage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "acceptation" => Some("La cantine peut écrire aux fournisseurs, et le sait par courriel."),
            "refus" => Some("Le refus et sa raison partent par courriel."),
            _ => None,
        }
    }

    /// What was typed about a canteen, when its form is shown again.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates give references")]
    fn typed(&self, id: &i64) -> Option<&str> {
        self.refused.as_ref().filter(|(refused, _)| refused == id).map(|(_, words)| words.as_str())
    }
}

/// `GET /organisation/cantines`
#[handler]
pub(crate) async fn queue(app: Data<&App>, _: Organiser, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, None, FieldErrors::default(), frame, csrf).await
}

async fn draw(
    app: &App,
    refused: Option<(i64, String)>,
    errors: FieldErrors,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let waiting = request::waiting(&app.db, SHOWN).await?;
    let turned_down = request::refused(&app.db, SHOWN).await?;
    let ids: Vec<i64> = waiting.iter().chain(&turned_down).map(|request| request.organisation_id).collect();
    let names = accounts::names_of(&app.db, &ids).await?;
    let mut lines = Vec::new();
    for request in waiting {
        let id = request.organisation_id;
        let people = accounts::people(&app.db, id).await?;
        lines.push(Line {
            id,
            name: names.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone()).unwrap_or_default(),
            day: french::date(app.local(request.asked_at).date()),
            people: people.into_iter().map(|person| person.email).collect::<Vec<_>>().join(", "),
            facts: facts(app, profile::kitchen_of(&app.db, id).await?),
        });
    }
    let turned_down = turned_down.into_iter().map(|request| {
        let found = names.iter().find(|(id, _)| *id == request.organisation_id);
        (request.organisation_id, found.map(|(_, name)| name.clone()).unwrap_or_default(), request.words)
    });
    let turned_down = turned_down.collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(private(page_with(status, &RequestsPage { lines, turned_down, refused, errors, csrf, frame })?))
}

fn facts(app: &App, kitchen: Option<profile::Kitchen>) -> Vec<String> {
    let Some(profile::Kitchen { canteen, .. }) = kitchen else { return Vec::new() };
    let sector = sector::all().find(|(code, _)| Some(*code) == canteen.sector.as_deref());
    let meals = canteen.daily_meal_count.and_then(|count| u64::try_from(count).ok());
    [
        app.places.commune(&canteen.insee_code).map(|commune| commune.name.clone()),
        sector.map(|(_, words)| words.clone()),
        meals.map(|count| french::count(count, "repas par jour", "repas par jour")),
        canteen.registry_key.map(|_| "dans le registre national".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `POST /organisation/cantines/{id}`
#[handler]
pub(crate) async fn decide(
    app: Data<&App>,
    Organiser(person): Organiser,
    Path(id): Path<i64>,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let words = text_of(&typed.mot, LONGEST);
    let txn = app.write().await?;
    let names = accounts::names_of(&txn, &[id]).await?;
    let Some((_, name)) = names.into_iter().next() else { return Err(Error::NotFound) };
    let (act, is_done) = match (typed.geste.as_str(), words) {
        ("acceptation", _) => {
            let is_done = request::accept(&txn, id).await?;
            if is_done {
                mail::accepted(&txn, &app, id, &name).await?;
            }
            ("a accepté une cantine", is_done)
        }
        ("refus", Ok(Some(words))) => {
            let is_done = request::refuse(&txn, id, &words).await?;
            if is_done {
                mail::refused(&txn, &app, id, &name, &words).await?;
            }
            ("a refusé une cantine", is_done)
        }
        ("refus", said) => {
            drop(txn);
            let mut errors = FieldErrors::default();
            let sentence = said.err().unwrap_or_else(|| "Dites pourquoi\u{a0}: la cantine le lira.".to_owned());
            errors.add("mot", sentence);
            return draw(&app, Some((id, typed.mot)), errors, frame, csrf).await;
        }
        _ => return Ok(see_other(PATH)),
    };
    if !is_done {
        return Ok(see_other(PATH));
    }
    let act = Act::new(act, format!("organisations/{id}"));
    audit::record(&txn, By::Person(person.id), act, app.clock.now()).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{PATH}?fait={}", typed.geste)))
}
