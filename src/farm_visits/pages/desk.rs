//! Where organisers prepare a visit: its texts, its dates.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{FromRequest, Request, RequestBody, Response, handler};

use super::date::{self, DateForm};
use super::open::{day, standing};
use super::questions;
use crate::accounts::{self, Organiser, Person};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::farm_visits::before;
use crate::farm_visits::counter;
use crate::farm_visits::farm_visit::{self, FarmVisit};
use crate::farm_visits::form::{self, FIELDS, Field};
use crate::farm_visits::mail::{hours, location, party};
use crate::farm_visits::photo;
use crate::farm_visits::proposal;
use crate::farm_visits::question;
use crate::farm_visits::visit_date::{self, VisitDate};
use crate::places::Point;
use crate::suppliers::draft::{self, Typed};
use crate::suppliers::{self, Listing};
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Pressed, Result, filters, french, page, page_with, private, see_other,
};

/// Address of the list.
pub(super) const PATH: &str = "/organisation/visites";

/// A visit, for an organiser.
pub(crate) struct Workshop {
    pub(super) me: Person,
    pub(super) visit: FarmVisit,
}

impl<'a> FromRequest<'a> for Workshop {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let Organiser(me) = Organiser::from_request(request, body).await?;
        let app = <&App>::from_request(request, body).await?;
        let key = request.path_params::<i64>().or_else(|_| request.path_params::<(i64, i64)>().map(|(key, _)| key))?;
        let visit = farm_visit::by_key(&app.db, key).await.map_err(Error::from)?;
        Ok(Self { me, visit: visit.ok_or(Error::NotFound)? })
    }
}

/// Address of a visit's desk.
pub(super) fn path(visit: &FarmVisit) -> String {
    format!("{PATH}/{}", visit.id)
}

/// « 12 sur 20 places prises »
pub(in crate::farm_visits) fn taken(date: &VisitDate) -> String {
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
    write_down(&app, &me, (&visit, None), "a préparé une visite de ferme").await
}

/// Writes a new visit down, with the questions and photographs of another when it is its copy.
async fn write_down(
    app: &App,
    me: &Person,
    (draft, model): (&FarmVisit, Option<i64>),
    what: &'static str,
) -> Result<Response> {
    let txn = app.write().await?;
    // Her second press waits for the first.
    accounts::lock_person(&txn, me.id).await?;
    if let Some(twin) = farm_visit::just_made(&txn, draft, model).await? {
        // Pressed twice.
        return Ok(see_other(&format!("{}?fait=ajout", path(&twin))));
    }
    let visit = farm_visit::write_down(&txn, draft).await?;
    if let Some(model) = model {
        question::replace(&txn, visit.id, &[], &question::of(&txn, model).await?).await?;
        photo::copy(&txn, model, visit.id).await?;
    }
    let act = Act::new(what, format!("farm_visits/{}", visit.id)).with(visit.title.clone());
    audit::record(&txn, By::Person(me.id), act, app.clock.now()).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait=ajout", path(&visit))))
}

/// Kilometres between where one meets and its commune beyond which one of them is wrong.
const FAR_KM: f64 = 60.0;

fn set_commune(app: &App, typed: &Typed, visit: &mut FarmVisit, errors: &mut FieldErrors) {
    let named = if typed.of("commune").is_empty() { typed.of("commune_nom") } else { typed.of("commune") };
    match draft::commune(named, &app.places) {
        Ok(commune) => {
            visit.insee_code = commune.insee_code.to_string();
            let point = visit.position().and_then(|(lat, lon)| Point::new(lat, lon));
            let far = point.zip(commune.point).map(|(point, middle)| point.distance_km(middle)).unwrap_or_default();
            if far > FAR_KM {
                let far = french::distance(far);
                errors.add("point", format!("Ce point est à {far} de {}\u{a0}: vérifiez-le.", commune.name));
            }
        }
        Err(sentence) => errors.add("commune", sentence),
    }
}

/// Ties a visit to the listing of its farm, which is named by its address or its name; to none when nothing is.
async fn set_listing(app: &App, typed: &Typed, visit: &mut FarmVisit, errors: &mut FieldErrors) -> Result<()> {
    let named = typed.of("fiche");
    if named.is_empty() {
        visit.supplier_id = None;
        return Ok(());
    }
    let last = named.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').rsplit('/').next();
    match suppliers::by_slug(&app.db, &suppliers::slug(last.unwrap_or_default())).await? {
        // One that went off line meanwhile may stay.
        Some(Listing { supplier, .. }) if supplier.is_public() || visit.supplier_id == Some(supplier.id) => {
            visit.supplier_id = Some(supplier.id);
        }
        _ => errors.add("fiche", "Aucune fiche en ligne n’a cette adresse ou ce nom."),
    }
    Ok(())
}

/// `POST /organisation/visites/{key}/copie`: the same visit another year, without its dates.
#[handler]
pub(crate) async fn copy(app: Data<&App>, workshop: Workshop, _: Form<Pressed>) -> Result<Response> {
    let Workshop { me, visit } = workshop;
    let title = format!("{} (copie)", visit.title.chars().take(form::TITLE - 8).collect::<String>());
    let draft = FarmVisit { id: 0, title, version: 1, made_at: app.clock.now(), ..visit.clone() };
    write_down(&app, &me, (&draft, Some(visit.id)), "a copié une visite de ferme").await
}

/// `POST /organisation/visites/{key}/effacement`: one that never had a date goes.
#[handler]
pub(crate) async fn erase(app: Data<&App>, workshop: Workshop, _: Form<Pressed>) -> Result<Response> {
    let Workshop { me, visit } = workshop;
    let txn = app.write().await?;
    if !farm_visit::erase(&txn, visit.id).await? {
        return Ok(see_other(&path(&visit)));
    }
    let act = Act::new("a effacé une visite de ferme sans date", format!("farm_visits/{}", visit.id));
    audit::record(&txn, By::Person(me.id), act.with(visit.title.clone()), app.clock.now()).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{PATH}?fait=effacement")))
}

#[derive(Template)]
#[template(path = "farm_visits/desk.html")]
struct DeskPage {
    visit: FarmVisit,
    dates: Vec<Date>,
    photos: usize,
    /// What the farm said when it proposed the visit.
    proposed: Option<Proposed>,
    inputs: Vec<Input>,
    commune: String,
    commune_code: String,
    point: String,
    price: String,
    /// The listing of the farm, by its address.
    listing: String,
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

/// What a farm said, for organisers alone.
struct Proposed {
    season: String,
    people: String,
    contact: String,
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
            "reprise" => Some(
                "La proposition est devenue une visite, et la ferme le sait par courriel. Relisez, puis ajoutez une date.",
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
    let listing = match (&again.typed, visit.supplier_id) {
        (Some(typed), _) => typed.of("fiche").to_owned(),
        (None, Some(key)) => address(app, key).await?,
        (None, None) => String::new(),
    };
    let typed = again.typed.unwrap_or_else(|| form::typed(&visit));
    let known = app.places.commune(typed.of("commune"));
    let point = known.and_then(|commune| commune.point);
    let proposed = proposal::of_visit(&app.db, visit.id).await?.map(|one| Proposed {
        season: french::typographic(&one.season),
        people: party(one.people),
        contact: french::typographic(&one.contact),
    });
    let view = DeskPage {
        photos: photo::of(&app.db, &[visit.id]).await?.len(),
        proposed,
        dates: dates.iter().map(date).collect(),
        inputs: FIELDS.iter().map(|field| Input { field, value: typed.of(field.name).to_owned() }).collect(),
        commune: known.map_or_else(|| typed.of("commune_nom").to_owned(), |commune| commune.name.clone()),
        commune_code: typed.of("commune").to_owned(),
        point: typed.of("point").to_owned(),
        price: typed.of("prix").to_owned(),
        listing,
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

/// Where the listing of a supplier is read.
async fn address(app: &App, supplier: i64) -> Result<String> {
    let listing = suppliers::load_many(&app.db, &[supplier]).await?.pop();
    Ok(listing.map(|listing| format!("/annuaire/{}", listing.supplier.slug)).unwrap_or_default())
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
    set_listing(&app, &typed, &mut visit, &mut errors).await?;
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
    farm_visit::lock(&txn, visit.id).await?;
    // Pressed twice: the draft is there.
    if let Some(same) = visit_date::same_draft(&txn, &date).await? {
        return Ok(see_other(&format!("{}?fait=ajout", date::path(same.id))));
    }
    let date = visit_date::write(&txn, &date).await?;
    before::plan(&txn, &app, &date).await?;
    let act = Act::new("a ajouté une date à une visite de ferme", format!("visit_dates/{}", date.id));
    audit::record(&txn, By::Person(me.id), act.with(visit.title.clone()), now).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait=ajout", date::path(date.id))))
}
