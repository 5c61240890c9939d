//! Where somebody comes back to a registration: by the link of a mail, without an account, or signed in with its address.
//! A link opens this page and does nothing: programs that read mails follow links too.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{FromRequest, Request, RequestBody, Response, handler};

use super::open::day;
use super::registration::number;
use crate::accounts::{Person, SignedIn};
use crate::app::App;
use crate::farm_visits::act::{Act, Refusal};
use crate::farm_visits::attendance;
use crate::farm_visits::counter::{self, act};
use crate::farm_visits::farm_visit::{self, FarmVisit};
use crate::farm_visits::link;
use crate::farm_visits::mail::{guide, hours, location, party};
use crate::farm_visits::needs;
use crate::farm_visits::registration::{self, Registration, Standing};
use crate::farm_visits::visit_date::{self, Shut, VisitDate};
use crate::suppliers::draft::Typed;
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Pressed, Result, filters, french, page_with, private, see_other,
};

/// A registration, for whoever may speak for it.
pub(crate) struct Own {
    /// What stands for it in the address it was found by.
    way: String,
    me: Option<Person>,
    pub(in crate::farm_visits) registration: Registration,
    pub(in crate::farm_visits) date: VisitDate,
    pub(in crate::farm_visits) visit: FarmVisit,
}

/// Where who is signed in finds a registration of hers.
pub(in crate::farm_visits) fn path(key: i64) -> String {
    format!("/visites/inscription/{key}")
}

impl<'a> FromRequest<'a> for Own {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        let way =
            request.path_params::<String>().or_else(|_| request.path_params::<(String, i64)>().map(|(way, _)| way))?;
        let mut me = None;
        let registration = if let Ok(key) = way.parse() {
            let SignedIn { person, .. } = SignedIn::from_request(request, body).await?;
            let row = registration::by_key(&app.db, key).await.map_err(Error::from)?;
            let own = row.filter(|row| row.email.eq_ignore_ascii_case(&person.email));
            me = Some(person);
            own
        } else {
            match link::of_token(&app.db, &way).await.map_err(Error::from)? {
                Some(key) => registration::by_key(&app.db, key).await.map_err(Error::from)?,
                None => None,
            }
        };
        let registration = registration.ok_or(Error::NotFound)?;
        let date = visit_date::by_key(&app.db, registration.visit_date_id).await.map_err(Error::from)?;
        let date = date.ok_or(Error::NotFound)?;
        let visit = farm_visit::by_key(&app.db, date.farm_visit_id).await.map_err(Error::from)?;
        Ok(Self { way, me, registration, date, visit: visit.ok_or(Error::NotFound)? })
    }
}

impl Own {
    /// Its address.
    pub(in crate::farm_visits) fn here(&self) -> String {
        format!("/visites/inscription/{}", self.way)
    }

    fn by(&self) -> Option<i64> {
        self.me.as_ref().map(|me| me.id)
    }
}

#[derive(Template)]
#[template(path = "farm_visits/own.html")]
struct OwnPage {
    own: Own,
    day: String,
    hours: String,
    location: String,
    party: String,
    /// Who comes along, with her telephone.
    guide: String,
    /// The place in the waiting list, from 1.
    position: u64,
    /// Until when it is to be answered.
    until: String,
    /// The other dates of the visit on which one may register: key and words.
    others: Vec<(i64, String)>,
    /// Why nobody registers for the date now.
    shut: Option<Shut>,
    /// Once the visit is over, how many came with her; nothing while nobody noted it.
    came: Option<i32>,
    /// Whether it may be said what the visit was like.
    may_review: bool,
    /// Why what was asked is not done.
    refused: Option<String>,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

impl OwnPage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "inscription" => Some("C’est enregistré. Un courriel vous le confirme."),
            "confirmation" => Some("Merci, votre adresse est confirmée."),
            "acceptation" => Some("C’est noté\u{a0}: vous venez. Un courriel vous le confirme."),
            "besoins" => Some("C’est enregistré. Les organisateurs le lisent."),
            "nombre" => Some("Le nombre de personnes est changé. Un courriel vous le confirme."),
            "date" => Some(
                "Votre inscription est passée à cette date, un courriel vous le confirme. S’il y avait un covoiturage, il est à refaire.",
            ),
            _ => None,
        }
    }

    fn is(&self, state: Standing) -> bool {
        self.own.registration.state == state
    }

    fn is_unproven(&self) -> bool {
        self.own.registration.hold_until.is_some() && self.own.registration.state.is_alive()
    }

    /// « 2 personnes »
    fn came_words(&self) -> String {
        party(self.came.unwrap_or_default())
    }

    /// Whether it is noted that she came.
    fn has_come(&self) -> bool {
        self.came.is_some_and(|came| came > 0)
    }

    fn value(&self, field: &str) -> &str {
        self.typed.of(field)
    }

    fn has_meal(&self) -> bool {
        !self.own.visit.meal.is_empty()
    }

    fn meal_price(&self) -> Option<String> {
        self.own.visit.meal_price()
    }

    /// Whether it may be said what the party needs.
    fn may_need(&self) -> bool {
        !self.is_unproven() && self.is_ahead() && self.own.registration.state.is_alive()
    }

    /// Whether what it needs is to be mended, or is said.
    fn has_needs(&self) -> bool {
        let fields = ["noms", "repas", "regime", "acces"];
        fields.iter().any(|field| self.errors.of(field).is_some() || !self.value(field).is_empty())
    }

    /// Whether the visit is still to come.
    fn is_ahead(&self) -> bool {
        !matches!(self.shut, Some(Shut::Past | Shut::Cancelled))
    }
}

/// Whether one was to come to what is over, is not noted as missing, and may say what it was like.
pub(in crate::farm_visits) async fn may_review(app: &App, own: &Own) -> Result<bool> {
    let row = &own.registration;
    if row.state != Standing::Confirmed || app.clock.now() < own.date.ends_at {
        return Ok(false);
    }
    // Who was not noted may have been there all the same.
    Ok(attendance::of_registration(&app.db, row).await? != Some(0))
}

/// `GET /visites/inscription/{way}`
#[handler]
pub(crate) async fn show(app: Data<&App>, own: Own, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, own, None, frame, csrf).await
}

/// What was asked and is not done: why, and what was typed.
pub(super) struct Again {
    pub(super) refused: Option<String>,
    pub(super) typed: Typed,
    pub(super) errors: FieldErrors,
}

pub(super) async fn draw(app: &App, own: Own, again: Option<Again>, frame: Frame, csrf: Csrf) -> Result<Response> {
    let (row, now) = (&own.registration, app.clock.now());
    let waits = row.state == Standing::Waiting && row.hold_until.is_none();
    let position = if waits { registration::position(&app.db, row).await? } else { 0 };
    let until = row.hold_until.or(row.offer_until);
    let came = attendance::of_registration(&app.db, row).await?;
    let mut others = Vec::new();
    if row.state == Standing::Confirmed {
        let dates = visit_date::of_visits(&app.db, &[own.visit.id]).await?;
        let open = dates.iter().filter(|date| date.id != own.date.id && date.shut(now).is_none());
        let open = open.filter(|date| !date.is_full() && date.free() >= row.party_size);
        others.extend(open.map(|date| (date.id, format!("{}, {}", day(app, date), hours(app, date)))));
    }
    let status = match &again {
        None => StatusCode::OK,
        Some(again) if again.refused.is_some() => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut again = again.unwrap_or(Again { refused: None, typed: Typed::default(), errors: FieldErrors::default() });
    fill(app, row, &mut again.typed).await?;
    let view = OwnPage {
        day: day(app, &own.date),
        hours: hours(app, &own.date),
        location: location(app, &own.visit),
        party: party(row.party_size),
        guide: guide(&own.visit),
        position,
        until: until.map(|at| french::moment(app.local(at))).unwrap_or_default(),
        others,
        shut: own.date.shut(now),
        may_review: may_review(app, &own).await?,
        came: came.filter(|_| now >= own.date.ends_at),
        refused: again.refused,
        typed: again.typed,
        errors: again.errors,
        own,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}

/// Fills what was not typed with what is kept.
async fn fill(app: &App, row: &Registration, typed: &mut Typed) -> Result<()> {
    if typed.of("personnes").is_empty() {
        typed.put("personnes", row.party_size.to_string());
    }
    if typed.of("besoins").is_empty() {
        let needs = needs::of_registration(&app.db, row.id).await?;
        let meals = if needs.meals > 0 { needs.meals.to_string() } else { String::new() };
        for (field, text) in [("noms", needs.names), ("repas", meals), ("regime", needs.diet), ("acces", needs.access)]
        {
            typed.put(field, text);
        }
    }
    Ok(())
}

/// `POST /visites/inscription/{way}/confirmation`: the address is proven, by a link that was sent to it.
#[handler]
pub(crate) async fn prove(app: Data<&App>, own: Own, frame: Frame, csrf: Csrf, _: Form<Pressed>) -> Result<Response> {
    let asked = Act::Prove(own.registration.id);
    done(&app, own, (asked, "confirmation"), frame, csrf).await
}

/// `POST /visites/inscription/{way}/acceptation`: the places that are offered are taken.
#[handler]
pub(crate) async fn accept(app: Data<&App>, own: Own, frame: Frame, csrf: Csrf, _: Form<Pressed>) -> Result<Response> {
    let asked = Act::Accept(own.registration.id);
    done(&app, own, (asked, "acceptation"), frame, csrf).await
}

/// `POST /visites/inscription/{way}/annulation`
#[handler]
pub(crate) async fn cancel(app: Data<&App>, own: Own, frame: Frame, csrf: Csrf, _: Form<Pressed>) -> Result<Response> {
    let asked = Act::Cancel(own.registration.id);
    done(&app, own, (asked, "annulation"), frame, csrf).await
}

/// `POST /visites/inscription/{way}/nombre`: more come, or fewer.
#[handler]
pub(crate) async fn resize(
    app: Data<&App>,
    own: Own,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let Some(size) = number(&typed, "personnes", 1, 50, &mut errors) else {
        return draw(&app, own, Some(Again { refused: None, typed, errors }), frame, csrf).await;
    };
    let asked = Act::Resize(own.registration.id, size);
    done_with(&app, own, (asked, "nombre", typed), frame, csrf).await
}

/// `POST /visites/inscription/{way}/date`: to another date of the visit.
#[handler]
pub(crate) async fn change_date(
    app: Data<&App>,
    own: Own,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let to = typed.of("date").parse().map_err(|_| Error::bad_request("Choisissez une autre date."))?;
    let txn = app.write().await?;
    match counter::change_date(&txn, &app, (own.registration.id, to), own.by()).await?.ok_or(Error::NotFound)? {
        Ok(_) => {
            txn.commit().await?;
            Ok(see_other(&format!("{}?fait=date", own.here())))
        }
        Err(refusal) => {
            drop(txn);
            refuse(&app, own, (&refusal, Typed::default()), frame, csrf).await
        }
    }
}

/// Does what was asked by a button alone, or shows why not.
async fn done(app: &App, own: Own, (asked, said): (Act, &str), frame: Frame, csrf: Csrf) -> Result<Response> {
    done_with(app, own, (asked, said, Typed::default()), frame, csrf).await
}

/// Does what was asked, or shows why not with what was typed.
async fn done_with(
    app: &App,
    own: Own,
    (asked, said, typed): (Act, &str, Typed),
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let txn = app.write().await?;
    let done = act(&txn, app, own.date.id, asked, (own.by(), false)).await?.ok_or(Error::NotFound)?;
    // What time brought meanwhile is kept also when what was asked is refused.
    txn.commit().await?;
    match done.asked {
        Ok(_) => Ok(see_other(&format!("{}?fait={said}", own.here()))),
        // Pressed twice, or by a link that was used before: the page says where it stands.
        Err(Refusal::Over) => Ok(see_other(&own.here())),
        Err(refusal) => refuse(app, own, (&refusal, typed), frame, csrf).await,
    }
}

pub(super) async fn refuse(
    app: &App,
    own: Own,
    (refusal, typed): (&Refusal, Typed),
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let again = Again { refused: Some(refusal.sentence()), typed, errors: FieldErrors::default() };
    draw(app, own, Some(again), frame, csrf).await
}
