//! Where organisers prepare visits: the list, one visit, its dates.

use std::collections::HashMap;

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{FromRequest, Request, RequestBody, Response, handler};

use super::date::{self, DateForm};
use super::open::{day, hours, standing};
use super::questions;
use crate::accounts::{Organiser, Person};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::farm_visits::before;
use crate::farm_visits::counter;
use crate::farm_visits::farm_visit::{self, FarmVisit};
use crate::farm_visits::form::{self, FIELDS, Field};
use crate::farm_visits::mail::location;
use crate::farm_visits::question::{self, Question};
use crate::farm_visits::visit_date::{self, State, VisitDate};
use crate::suppliers::draft::{self, Typed};
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Pages, Pressed, Result, filters, french, page, page_with, private, see_other,
};

/// Address of the list.
pub(super) const PATH: &str = "/organisation/visites";
/// Visits on a page.
const SHOWN: u64 = 25;

/// A visit, for an organiser.
pub(crate) struct Workshop {
    pub(super) me: Person,
    pub(super) visit: FarmVisit,
}

impl<'a> FromRequest<'a> for Workshop {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let Organiser(me) = Organiser::from_request(request, body).await?;
        let app = <&App>::from_request(request, body).await?;
        let Path(key) = Path::<i64>::from_request(request, body).await?;
        let visit = farm_visit::by_key(&app.db, key).await.map_err(Error::from)?;
        Ok(Self { me, visit: visit.ok_or(Error::NotFound)? })
    }
}

/// Address of a visit's desk.
pub(super) fn path(visit: &FarmVisit) -> String {
    format!("{PATH}/{}", visit.id)
}

#[derive(Template)]
#[template(path = "farm_visits/list.html")]
struct ListPage {
    lines: Vec<Line>,
    pages: Pages,
    frame: Frame,
}

/// A visit in the list.
struct Line {
    href: String,
    title: String,
    place: String,
    dates: Vec<String>,
}

/// `GET /organisation/visites`
#[handler]
pub(crate) async fn list(app: Data<&App>, _: Organiser, frame: Frame) -> Result<Response> {
    let pages = Pages::asked(frame.uri(), SHOWN, farm_visit::count(&app.db).await?);
    let visits = farm_visit::page(&app.db, pages.offset(), SHOWN).await?;
    let keys: Vec<i64> = visits.iter().map(|visit| visit.id).collect();
    let mut dates: HashMap<i64, Vec<String>> = HashMap::new();
    for date in visit_date::of_visits(&app.db, &keys).await? {
        dates.entry(date.farm_visit_id).or_default().push(summary(&app, &date));
    }
    let line = |visit: FarmVisit| Line {
        href: path(&visit),
        place: app.places.commune(&visit.insee_code).map(|one| one.name.clone()).unwrap_or_default(),
        dates: dates.remove(&visit.id).unwrap_or_default(),
        title: french::typographic(&visit.title),
    };
    let lines = visits.into_iter().map(line).collect();
    Ok(private(page(&ListPage { lines, pages, frame })?))
}

/// « jeudi 20 mai 2027, 12 sur 20 places prises »
fn summary(app: &App, date: &VisitDate) -> String {
    let state = match date.state {
        State::Draft => ", brouillon",
        State::Cancelled => ", annulée",
        State::Open | State::Closed => "",
    };
    format!("{}, {}{state}", day(app, date), taken(date))
}

/// « 12 sur 20 places prises »
fn taken(date: &VisitDate) -> String {
    format!("{} sur {} places prises", date.places_taken, date.places)
}

#[derive(Template)]
#[template(path = "farm_visits/prepare.html")]
struct PreparePage {
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// `GET /organisation/visites/ajout`
#[handler]
pub(crate) fn new_form(_: Organiser, frame: Frame, csrf: Csrf) -> Result<Response> {
    Ok(private(page(&PreparePage { typed: Typed::default(), errors: FieldErrors::default(), csrf, frame })?))
}

/// `POST /organisation/visites/ajout`
#[handler]
pub(crate) async fn prepare(
    app: Data<&App>,
    Organiser(me): Organiser,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let mut visit = FarmVisit::new("", "", app.clock.now());
    form::read(&typed, &mut visit, &mut errors);
    set_commune(&app, &typed, &mut visit, &mut errors);
    if !errors.is_empty() {
        let view = PreparePage { typed, errors, csrf, frame };
        return Ok(private(page_with(StatusCode::UNPROCESSABLE_ENTITY, &view)?));
    }
    write_down(&app, &me, (&visit, &[]), "a préparé une visite de ferme").await
}

async fn write_down(
    app: &App,
    me: &Person,
    (draft, questions): (&FarmVisit, &[Question]),
    what: &'static str,
) -> Result<Response> {
    let txn = app.write().await?;
    let visit = farm_visit::write_down(&txn, draft).await?;
    question::replace(&txn, visit.id, &[], questions).await?;
    let act = Act::new(what, format!("farm_visits/{}", visit.id)).with(visit.title.clone());
    audit::record(&txn, By::Person(me.id), act, app.clock.now()).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait=ajout", path(&visit))))
}

fn set_commune(app: &App, typed: &Typed, visit: &mut FarmVisit, errors: &mut FieldErrors) {
    let named = if typed.of("commune").is_empty() { typed.of("commune_nom") } else { typed.of("commune") };
    match draft::commune(named, &app.places) {
        Ok(commune) => visit.insee_code = commune.insee_code.to_string(),
        Err(sentence) => errors.add("commune", sentence),
    }
}

/// `POST /organisation/visites/{key}/copie`: the same visit another year, without its dates.
#[handler]
pub(crate) async fn copy(app: Data<&App>, workshop: Workshop, _: Form<Pressed>) -> Result<Response> {
    let questions = question::of(&app.db, workshop.visit.id).await?;
    let draft = FarmVisit { id: 0, version: 1, made_at: app.clock.now(), ..workshop.visit };
    write_down(&app, &workshop.me, (&draft, &questions), "a copié une visite de ferme").await
}

#[derive(Template)]
#[template(path = "farm_visits/desk.html")]
struct DeskPage {
    visit: FarmVisit,
    dates: Vec<Date>,
    inputs: Vec<Input>,
    commune: String,
    commune_code: String,
    point: String,
    price: String,
    /// Tells what was shown from what is kept.
    seen: i64,
    is_stale: bool,
    /// What is typed of a new date.
    date: DateForm,
    questions: Vec<questions::Row>,
    /// Longitude and latitude where the map begins.
    center: Option<String>,
    tiles: Option<(String, String)>,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// A date as it is shown.
struct Date {
    href: String,
    day: String,
    hours: String,
    summary: String,
    standing: String,
}

/// A plain field as it is shown.
struct Input {
    field: &'static Field,
    value: String,
}

impl DeskPage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "ajout" => Some(
                "La visite est créée. Ajoutez une date\u{a0}: tant qu’elle est un brouillon, vous êtes seuls à la voir.",
            ),
            "effacement" => Some("La date est effacée."),
            "questions" => Some("Les questions sont enregistrées. Elles sont posées à qui s’inscrit maintenant."),
            "textes" => {
                Some("C’est enregistré. Si le lieu a changé, les inscrits aux dates à venir reçoivent un courriel.")
            }
            _ => None,
        }
    }
}

/// What was typed and not kept.
#[derive(Default)]
pub(super) struct Again {
    pub(super) typed: Option<Typed>,
    pub(super) date: Option<Typed>,
    pub(super) questions: Option<Typed>,
    pub(super) errors: FieldErrors,
    pub(super) is_stale: bool,
}

/// `GET /organisation/visites/{key}`
#[handler]
pub(crate) async fn show(app: Data<&App>, workshop: Workshop, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, workshop.visit, Again::default(), frame, csrf).await
}

pub(super) async fn draw(app: &App, visit: FarmVisit, again: Again, frame: Frame, csrf: Csrf) -> Result<Response> {
    let dates = visit_date::of_visits(&app.db, &[visit.id]).await?;
    let asked = match again.questions {
        Some(ref typed) => questions::rows(typed),
        None => questions::rows(&questions::typed(&question::of(&app.db, visit.id).await?)),
    };
    let date = |date: &VisitDate| Date {
        href: date::path(date.id),
        day: day(app, date),
        hours: hours(app, date),
        summary: taken(date),
        standing: standing(app, date).words,
    };
    let status = match &again {
        Again { is_stale: true, .. } => StatusCode::CONFLICT,
        Again { errors, .. } if !errors.is_empty() => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let typed = again.typed.unwrap_or_else(|| form::typed(&visit));
    let known = app.places.commune(typed.of("commune"));
    let point = known.and_then(|commune| commune.point);
    let view = DeskPage {
        dates: dates.iter().map(date).collect(),
        inputs: FIELDS.iter().map(|field| Input { field, value: typed.of(field.name).to_owned() }).collect(),
        commune: known.map_or_else(|| typed.of("commune_nom").to_owned(), |commune| commune.name.clone()),
        commune_code: typed.of("commune").to_owned(),
        point: typed.of("point").to_owned(),
        price: typed.of("prix").to_owned(),
        seen: visit.version,
        is_stale: again.is_stale,
        date: DateForm::new(again.date.unwrap_or_default()),
        questions: asked,
        center: point.map(|point| format!("{},{}", point.lon, point.lat)),
        tiles: app.config.map_tiles(),
        errors: again.errors,
        visit,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}

/// `POST /organisation/visites/{key}`
#[handler]
pub(crate) async fn save(
    app: Data<&App>,
    Workshop { me, mut visit }: Workshop,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let (mut errors, known) = (FieldErrors::default(), visit.clone());
    form::read(&typed, &mut visit, &mut errors);
    set_commune(&app, &typed, &mut visit, &mut errors);
    if !errors.is_empty() {
        return draw(&app, known, Again { typed: Some(typed), errors, ..Again::default() }, frame, csrf).await;
    }
    let seen = typed.of("vu").parse().unwrap_or_default();
    let txn = app.write().await?;
    if !farm_visit::write(&txn, &visit, seen).await? {
        drop(txn);
        let again = Again { typed: Some(typed), is_stale: true, ..Again::default() };
        return draw(&app, known, again, frame, csrf).await;
    }
    if location(&app, &visit) != location(&app, &known) || visit.position() != known.position() {
        counter::tell_of_place(&txn, &app, &visit, me.id).await?;
    }
    let act = Act::new("a changé une visite de ferme", format!("farm_visits/{}", visit.id)).with(visit.title.clone());
    audit::record(&txn, By::Person(me.id), act, app.clock.now()).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait=textes", path(&visit))))
}

/// `POST /organisation/visites/{key}/dates`: a date, as a draft.
#[handler]
pub(crate) async fn add_date(
    app: Data<&App>,
    Workshop { me, visit }: Workshop,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let (mut errors, now) = (FieldErrors::default(), app.clock.now());
    let mut date = VisitDate::new(visit.id, now);
    form::read_date(&typed, &mut date, (app.config.time_zone, now), &mut errors);
    if !errors.is_empty() {
        return draw(&app, visit, Again { date: Some(typed), errors, ..Again::default() }, frame, csrf).await;
    }
    let txn = app.write().await?;
    let date = visit_date::write(&txn, &date).await?;
    before::plan(&txn, &app, &date).await?;
    let act = Act::new("a ajouté une date à une visite de ferme", format!("visit_dates/{}", date.id));
    audit::record(&txn, By::Person(me.id), act.with(visit.title.clone()), now).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait=ajout", date::path(date.id))))
}
