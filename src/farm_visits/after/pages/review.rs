//! Where one who came says what it was like, and what her kitchen would buy from the farm.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};

use crate::accounts;
use crate::app::App;
use crate::farm_visits::after::review::{self, Review, Serves};
use crate::farm_visits::after::{mail, thanks};
use crate::farm_visits::host;
use crate::farm_visits::pages::own::{Own, may_review};
use crate::farm_visits::photo::{self, Photo};
use crate::figures::SATISFACTION;
use crate::suppliers::draft::Typed;
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Result, filters, french, page_with, private, see_other, text_of,
};

/// Most characters of an answer.
const LONGEST: usize = 2_000;

#[derive(Template)]
#[template(path = "farm_visits/after/review.html")]
struct ReviewPage {
    own: Own,
    /// « jeudi 20 mai 2027 »
    day: String,
    /// The organiser's words; may be empty.
    thanks: String,
    /// What the visit looked like.
    photos: Vec<Photo>,
    /// Whether it was said before.
    is_said: bool,
    /// When what one would buy was passed on to the farm.
    passed_on: Option<String>,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

impl ReviewPage {
    fn here(&self) -> String {
        format!("{}/avis", self.own.here())
    }

    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "avis" => Some("Merci, votre avis est enregistré."),
            "transmis" => Some("Merci, votre avis est enregistré, et ce que vous aimeriez acheter est transmis."),
            _ => None,
        }
    }

    fn scale() -> [(String, &'static str); 5] {
        SATISFACTION.map(|(points, label)| (points.to_string(), label))
    }

    fn serves() -> [(Serves, &'static str, &'static str); 3] {
        Serves::ALL
    }

    fn is(&self, field: &str, value: &str) -> bool {
        self.typed.of(field) == value
    }
}

/// One who came; nobody else says anything.
async fn came(app: &App, own: Own) -> Result<Own> {
    if may_review(app, &own).await? { Ok(own) } else { Err(Error::NotFound) }
}

/// `GET /visites/inscription/{way}/avis`
#[handler]
pub(crate) async fn show(app: Data<&App>, own: Own, frame: Frame, csrf: Csrf) -> Result<Response> {
    let own = came(&app, own).await?;
    let said = review::of(&app.db, &[own.registration.id]).await?.remove(&own.registration.id);
    let mut typed = Typed::default();
    if let Some(said) = &said {
        typed.put("satisfaction", said.satisfaction.to_string());
        typed.put("utile", said.useful.clone());
        typed.put("servir", said.serves.code().to_owned());
        typed.put("achats", said.wants.clone());
    }
    draw(&app, own, (said, typed, FieldErrors::default()), (frame, csrf)).await
}

async fn draw(
    app: &App,
    own: Own,
    (said, typed, errors): (Option<Review>, Typed, FieldErrors),
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let words = thanks::of(&app.db, own.date.id).await?.words;
    let view = ReviewPage {
        day: french::day(app.local(own.date.starts_at).date()),
        thanks: french::typographic(&words),
        photos: photo::of(&app.db, &[own.visit.id]).await?,
        is_said: said.is_some(),
        passed_on: said.and_then(|said| said.passed_on_at).map(|at| french::date(app.local(at).date())),
        own,
        typed,
        errors,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}

/// `POST /visites/inscription/{way}/avis`
#[handler]
pub(crate) async fn say(
    app: Data<&App>,
    own: Own,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let own = came(&app, own).await?;
    let key = own.registration.id;
    let now = app.clock.now();
    let mut errors = FieldErrors::default();
    let (satisfaction, serves) = (satisfaction(&typed), Serves::of_code(typed.of("servir")));
    if satisfaction.is_none() {
        errors.add("satisfaction", "Dites ce que vous avez pensé de la visite.");
    }
    if serves.is_none() {
        errors.add("servir", "Dites si vous allez servir des produits de cette ferme.");
    }
    let useful = words(&typed, "utile", &mut errors);
    let wants = words(&typed, "achats", &mut errors);
    let passes_on = typed.of("transmettre") == "oui";
    if passes_on && wants.is_empty() {
        errors.add("achats", "Dites ce que vous aimeriez acheter, ou décochez «\u{a0}Transmettre à la ferme\u{a0}».");
    }
    let (Some(satisfaction), Some(serves), true) = (satisfaction, serves, errors.is_empty()) else {
        let said = review::of(&app.db, &[key]).await?.remove(&key);
        return draw(&app, own, (said, typed, errors), (frame, csrf)).await;
    };
    let txn = app.write().await?;
    let said = Review {
        registration_id: key,
        satisfaction,
        useful,
        serves,
        wants: wants.clone(),
        passed_on_at: None,
        noted_at: now,
    };
    review::keep(&txn, said).await?;
    let is_passed_on = passes_on && review::pass_on(&txn, key, now).await?;
    if is_passed_on {
        let people = host::people(&txn, &own.visit).await?;
        let is_organiser = people.is_empty();
        let people = if is_organiser { accounts::organisers(&txn).await? } else { people };
        mail::pass_on(&txn, &app, &own.visit, (&own.registration, &wants), (&people, is_organiser)).await?;
    }
    txn.commit().await?;
    Ok(see_other(&format!("{}/avis?fait={}", own.here(), if is_passed_on { "transmis" } else { "avis" })))
}

fn satisfaction(typed: &Typed) -> Option<i32> {
    let chosen = typed.of("satisfaction");
    SATISFACTION.iter().map(|(points, _)| *points).find(|points| points.to_string() == chosen)
}

fn words(typed: &Typed, field: &'static str, errors: &mut FieldErrors) -> String {
    let text = text_of(typed.of(field), LONGEST).map_err(|sentence| errors.add(field, sentence));
    text.ok().flatten().unwrap_or_default()
}
