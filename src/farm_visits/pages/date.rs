//! One date of a visit, for organisers: who comes, who waits; opened, closed, moved, called off.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{FromRequest, Request, RequestBody, Response, handler};

use super::desk;
use super::line::Line;
use super::open::{day, standing};
use crate::accounts::{Organiser, Person};
use crate::app::App;
use crate::audit::{self, Act as Deed, By};
use crate::farm_visits::act::{Act, seats};
use crate::farm_visits::attendance::{self, Attendance};
use crate::farm_visits::before;
use crate::farm_visits::farm_visit::{self, FarmVisit};
use crate::farm_visits::form;
use crate::farm_visits::host;
use crate::farm_visits::mail::{hours, party};
use crate::farm_visits::minimum;
use crate::farm_visits::needs;
use crate::farm_visits::registration::{self, Registration, Standing};
use crate::farm_visits::visit_date::{self, Shut, State, VisitDate};
use crate::farm_visits::{carpool, counter};
use crate::suppliers::draft::Typed;
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Pressed, Result, filters, french, page_with, private, see_other,
};

/// A date, for an organiser.
pub(crate) struct Desk {
    pub(super) me: Person,
    pub(in crate::farm_visits) visit: FarmVisit,
    pub(in crate::farm_visits) date: VisitDate,
}

impl<'a> FromRequest<'a> for Desk {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let Organiser(me) = Organiser::from_request(request, body).await?;
        let app = <&App>::from_request(request, body).await?;
        let key = request.path_params::<i64>().or_else(|_| request.path_params::<(i64, i64)>().map(|(key, _)| key))?;
        let date = visit_date::by_key(&app.db, key).await.map_err(Error::from)?.ok_or(Error::NotFound)?;
        let visit = farm_visit::by_key(&app.db, date.farm_visit_id).await.map_err(Error::from)?;
        Ok(Self { me, visit: visit.ok_or(Error::NotFound)?, date })
    }
}

/// Address of a date's desk.
pub(in crate::farm_visits) fn path(key: i64) -> String {
    format!("{}/dates/{key}", desk::PATH)
}

/// The fields of a date as they are shown.
pub(super) struct DateForm(Typed);

impl DateForm {
    pub(super) fn new(typed: Typed) -> Self {
        Self(typed)
    }

    pub(super) fn of(&self, name: &str) -> &str {
        self.0.of(name)
    }
}

#[derive(Template)]
#[template(path = "farm_visits/date.html")]
struct DatePage {
    desk: Desk,
    day: String,
    hours: String,
    standing: String,
    come: Vec<Line>,
    wait: Vec<Line>,
    over: Vec<Line>,
    /// Who came without having registered.
    walked_in: Vec<Attendance>,
    /// Cars and who looks for one, in numbers; nothing when there are none.
    rides: Option<String>,
    /// How many would be written to, were it moved or called off.
    told: usize,
    is_past: bool,
    /// Too few come, and organisers have to say what becomes of it.
    shortage: Option<Shortage>,
    /// Why what was asked is not done.
    refused: Option<String>,
    date: DateForm,
    /// What is typed of somebody who is registered on behalf.
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// Too few come.
struct Shortage {
    /// « 3 personnes »
    sure: String,
    minimum: String,
    /// Those who asked and are not sure yet; may be empty.
    may_come: String,
    /// Until when one registers; empty when that is over.
    closes: String,
}

impl DatePage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "ajout" => Some("La date est ajoutée, en brouillon. Ouvrez les inscriptions quand tout est prêt."),
            "ouvrir" => Some("Les inscriptions sont ouvertes."),
            "clore" => Some("Les inscriptions sont closes."),
            "confirmer" => Some("C’est dit\u{a0}: la visite aura bien lieu. Les inscrits reçoivent un courriel."),
            "horaire" if self.has_hours() => Some(
                "L’horaire est changé\u{a0}: qui est concerné reçoit un courriel. Relisez le programme de la visite\u{a0}: il donne des heures.",
            ),
            "horaire" => Some("L’horaire est changé\u{a0}: qui est concerné reçoit un courriel."),
            "places" => Some("C’est enregistré. L’horaire est le même."),
            "annulation" => Some("La visite est annulée\u{a0}: qui est concerné reçoit un courriel."),
            "inscription" => Some("C’est enregistré. Un courriel le confirme à la personne."),
            "attente" => Some(
                "Les places sont prises, ou attendues par d’autres\u{a0}: la personne est en liste d’attente. Un courriel le lui dit.",
            ),
            "retrait" => Some("C’est fait. Un courriel le dit à la personne."),
            _ => None,
        }
    }

    /// Whether the programme says when what happens: « 14 h Tour des parcelles ».
    fn has_hours(&self) -> bool {
        self.desk.visit.programme.lines().any(|line| line.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    }

    /// Whether places are free that a larger party waits for.
    fn has_kept_places(&self) -> bool {
        self.desk.date.is_waited_for && self.desk.date.free() > 0
    }

    fn is(&self, state: State) -> bool {
        self.desk.date.state == state
    }

    fn here(&self) -> String {
        path(self.desk.date.id)
    }
}

/// `GET /organisation/visites/dates/{key}`
#[handler]
pub(crate) async fn show(app: Data<&App>, desk: Desk, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, desk, Again::default(), frame, csrf).await
}

/// What was typed and not kept, and why.
#[derive(Default)]
pub(super) struct Again {
    pub(super) refused: Option<String>,
    pub(super) date: Option<Typed>,
    pub(super) guest: Typed,
    pub(super) errors: FieldErrors,
}

pub(super) async fn draw(app: &App, desk: Desk, again: Again, frame: Frame, csrf: Csrf) -> Result<Response> {
    let rows = registration::in_states(&app.db, desk.date.id, &Standing::ALL).await?;
    let shut = desk.date.shut(app.clock.now());
    let keys: Vec<i64> = rows.iter().filter(|row| row.state.is_alive()).map(|row| row.id).collect();
    let said = needs::said_by(&app.db, desk.visit.id, &keys).await?;
    let noted = attendance::of_date(&app.db, desk.date.id).await?;
    let line =
        |row: &Registration| Line::new(app, row, (said.get(&row.id), noted.registered.get(&row.id).copied()), shut);
    let (sure, may_come) = minimum::counted(&rows);
    let is_short = minimum::is_short(&desk.date, sure, app.clock.now());
    let of = |states: &[Standing]| rows.iter().filter(|row| states.contains(&row.state)).map(line).collect();
    let is_fine = again.refused.is_none() && again.errors.is_empty();
    let status = if is_fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = DatePage {
        day: day(app, &desk.date),
        hours: hours(app, &desk.date),
        standing: standing(app, &desk.date).words,
        come: of(&Standing::TAKING),
        wait: of(&[Standing::Waiting]),
        over: of(&[Standing::Cancelled, Standing::Lapsed]),
        walked_in: noted.walked_in.clone(),
        rides: carpool::figures(&app.db, desk.date.id).await?.sentence(),
        told: rows.iter().filter(|row| row.state.is_alive() && row.hold_until.is_none()).count(),
        is_past: shut == Some(Shut::Past),
        shortage: is_short.then(|| shortage(app, &desk.date, (sure, may_come))),
        refused: again.refused,
        date: DateForm::new(again.date.unwrap_or_else(|| form::typed_date(&desk.date, app.config.time_zone))),
        typed: again.guest,
        errors: again.errors,
        desk,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}

fn shortage(app: &App, date: &VisitDate, (sure, may_come): (i32, i32)) -> Shortage {
    Shortage {
        sure: party(sure),
        minimum: party(date.minimum),
        may_come: if may_come > 0 { party(may_come) } else { String::new() },
        closes: match date.shut(app.clock.now()) {
            None => french::moment(app.local(date.closes_at)),
            Some(_) => String::new(),
        },
    }
}

/// `POST /organisation/visites/dates/{key}/etat`: open, close, or say that it takes place.
#[handler]
pub(crate) async fn put_state(
    app: Data<&App>,
    desk: Desk,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let (wanted, now, mut act) = (typed.of("geste"), app.clock.now(), Act::Settle);
    let txn = app.write().await?;
    let mut date = visit_date::lock(&txn, desk.date.id).await?.ok_or(Error::NotFound)?;
    if wanted == "ouvrir" && date.closes_at <= now {
        drop(txn);
        let sentence = "Le dernier moment pour s’inscrire est passé\u{a0}: changez-le d’abord, plus bas.".to_owned();
        return draw(&app, desk, Again { refused: Some(sentence), ..Again::default() }, frame, csrf).await;
    }
    let is_new = date.state == State::Draft;
    let deed = match (wanted, date.state) {
        ("ouvrir", State::Draft | State::Closed) => {
            date.state = State::Open;
            date.opens_at = date.opens_at.min(now);
            "a ouvert les inscriptions d’une visite de ferme"
        }
        ("clore", State::Open) => {
            date.state = State::Closed;
            "a clos les inscriptions d’une visite de ferme"
        }
        ("confirmer", State::Open | State::Closed) if !date.is_confirmed && now < date.starts_at => {
            date.is_confirmed = true;
            act = Act::Assure;
            "a dit qu’une visite de ferme aura bien lieu"
        }
        // Pressed twice, or after a colleague: the page says where it stands.
        _ => return Ok(see_other(&path(desk.date.id))),
    };
    date.version += 1;
    visit_date::write(&txn, &date).await?;
    before::plan(&txn, &app, &date).await?;
    settle(&txn, &app, &desk, act, deed).await?;
    if is_new {
        host::tell(&txn, &app, (&desk.visit, &date), host::News::Opened).await?;
    }
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait={wanted}", path(desk.date.id))))
}

/// Brings what follows from a change of a date to its end, and notes who made it.
async fn settle(
    txn: &sea_orm::DatabaseTransaction,
    app: &App,
    desk: &Desk,
    act: Act,
    deed: &'static str,
) -> Result<()> {
    counter::act(txn, app, desk.date.id, act, (Some(desk.me.id), true)).await?;
    let deed = Deed::new(deed, format!("visit_dates/{}", desk.date.id)).with(desk.visit.title.clone());
    Ok(audit::record(txn, By::Person(desk.me.id), deed, app.clock.now()).await?)
}

/// `POST /organisation/visites/dates/{key}/horaire`: hours, places, deadline; whoever is concerned by other hours is told.
#[handler]
pub(crate) async fn change(
    app: Data<&App>,
    desk: Desk,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let (mut errors, now) = (FieldErrors::default(), app.clock.now());
    let txn = app.write().await?;
    let mut date = visit_date::lock(&txn, desk.date.id).await?.ok_or(Error::NotFound)?;
    let before = date.clone();
    form::read_date(&typed, &mut date, (app.config.time_zone, now), &mut errors);
    if date.places < date.places_taken {
        errors.add("places", format!("{} déjà prises ou proposées.", seats(date.places_taken)));
    }
    let refused = if matches!(before.shut(now), Some(Shut::Past | Shut::Cancelled)) {
        Some("Cette visite est passée ou annulée\u{a0}: elle ne se change plus.")
    } else if typed.of("vu") != before.version.to_string() {
        Some(
            "Un autre organisateur a changé cette date entre-temps. Ce que vous avez écrit est toujours là\u{a0}: relisez et enregistrez de nouveau.",
        )
    } else {
        None
    };
    if !errors.is_empty() || refused.is_some() {
        drop(txn);
        let desk = Desk { date: before, ..desk };
        let refused = refused.map(str::to_owned);
        return draw(&app, desk, Again { refused, date: Some(typed), errors, ..Again::default() }, frame, csrf).await;
    }
    let is_moved = (date.starts_at, date.ends_at) != (before.starts_at, before.ends_at);
    if is_moved {
        date.sequence += 1;
    }
    date.version += 1;
    visit_date::write(&txn, &date).await?;
    before::plan(&txn, &app, &date).await?;
    let was = format!("{}, {}", day(&app, &before), hours(&app, &before));
    let act = if is_moved { Act::Move(was.clone()) } else { Act::Settle };
    settle(&txn, &app, &desk, act, "a changé une date d’une visite de ferme").await?;
    if is_moved && date.state != State::Draft {
        host::tell(&txn, &app, (&desk.visit, &date), host::News::Moved(&was)).await?;
    }
    txn.commit().await?;
    let done = if is_moved { "horaire" } else { "places" };
    Ok(see_other(&format!("{}?fait={done}", path(desk.date.id))))
}

/// `POST /organisation/visites/dates/{key}/annulation`: it does not take place; everybody is told.
#[handler]
pub(crate) async fn call_off(
    app: Data<&App>,
    desk: Desk,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let words = match crate::web::text_of(typed.of("raison"), 2_000) {
        Ok(Some(words)) if !typed.of("sur").is_empty() => words,
        words => {
            let mut errors = FieldErrors::default();
            match words {
                Err(sentence) => errors.add("raison", sentence),
                Ok(None) => errors.add("raison", "Dites pourquoi\u{a0}: les inscrits le liront."),
                Ok(Some(_)) => errors.add("sur", "Cochez la case pour confirmer."),
            }
            let again = Again { guest: typed, errors, ..Again::default() };
            return draw(&app, desk, again, frame, csrf).await;
        }
    };
    let txn = app.write().await?;
    let mut date = visit_date::lock(&txn, desk.date.id).await?.ok_or(Error::NotFound)?;
    let is_over = matches!(date.shut(app.clock.now()), Some(Shut::Past | Shut::Cancelled));
    if is_over || date.state == State::Draft {
        return Ok(see_other(&path(desk.date.id)));
    }
    (date.state, date.words) = (State::Cancelled, words);
    (date.sequence, date.version) = (date.sequence + 1, date.version + 1);
    visit_date::write(&txn, &date).await?;
    host::tell(&txn, &app, (&desk.visit, &date), host::News::CalledOff).await?;
    settle(&txn, &app, &desk, Act::CallOff, "a annulé une date d’une visite de ferme").await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait=annulation", path(desk.date.id))))
}

/// `POST /organisation/visites/dates/{key}/effacement`: a draft of which nobody knows goes.
#[handler]
pub(crate) async fn erase(app: Data<&App>, desk: Desk, _: Form<Pressed>) -> Result<Response> {
    let txn = app.write().await?;
    if !visit_date::erase(&txn, desk.date.id).await? {
        return Ok(see_other(&path(desk.date.id)));
    }
    let deed = Deed::new("a effacé le brouillon d’une date de visite", format!("visit_dates/{}", desk.date.id));
    audit::record(&txn, By::Person(desk.me.id), deed.with(desk.visit.title.clone()), app.clock.now()).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait=effacement", desk::path(&desk.visit))))
}
