//! Where somebody registers for a date: signed in, at once; else the address is proven by a link first.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{FromRequest, Request, RequestBody, Response, handler};

use super::needs;
use super::open::{day, standing, visible};
use crate::accounts::{self, Person, SignedInOrNot};
use crate::app::App;
use crate::farm_visits::act::Refusal;
use crate::farm_visits::counter::{Asked, Counter, Outcome};
use crate::farm_visits::farm_visit::FarmVisit;
use crate::farm_visits::mail::{Desk, hours, location};
use crate::farm_visits::question::{self, PLACES, Question};
use crate::farm_visits::registration::{self, NewRegistration, Registration};
use crate::farm_visits::visit_date::{self, Shut, VisitDate};
use crate::mail::EmailAddress;
use crate::suppliers::draft::Typed;
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Result, Visitor, filters, line_of, page_with, private, see_other, text_of,
};

/// People of one registration.
pub(super) const MOST: i32 = 50;

/// A date as whoever would come sees it.
pub(crate) struct Guest {
    visit: FarmVisit,
    date: VisitDate,
    questions: Vec<Question>,
    /// Who is signed in.
    me: Option<Person>,
}

impl<'a> FromRequest<'a> for Guest {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        let Path((slug, key)) = Path::<(String, i64)>::from_request(request, body).await?;
        let SignedInOrNot(signed_in) = SignedInOrNot::from_request(request, body).await?;
        let (visit, dates) = visible(app, &slug, false).await?;
        let date = dates.into_iter().find(|date| date.id == key).ok_or(Error::NotFound)?;
        let questions = question::of(&app.db, visit.id).await.map_err(Error::from)?;
        Ok(Self { visit, date, questions, me: signed_in.map(|signed_in| signed_in.person) })
    }
}

impl Guest {
    fn here(&self) -> String {
        format!("{}/dates/{}/inscription", self.visit.path(), self.date.id)
    }
}

#[derive(Template)]
#[template(path = "farm_visits/registration.html")]
struct RegistrationPage {
    guest: Guest,
    day: String,
    hours: String,
    location: String,
    /// Whether one can only wait.
    is_full: bool,
    /// Why one cannot register; nothing when one can.
    closed: Option<String>,
    /// Whether it was closed when the form was sent: nothing was kept.
    is_refused: bool,
    questions: Vec<Answer>,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// A question with what was answered.
struct Answer {
    id: &'static str,
    name: String,
    text: String,
    is_required: bool,
    value: String,
}

impl RegistrationPage {
    fn value(&self, name: &str) -> &str {
        self.typed.of(name)
    }

    fn has_meal(&self) -> bool {
        !self.guest.visit.meal.is_empty()
    }

    fn meal_price(&self) -> Option<String> {
        self.guest.visit.meal_price()
    }

    /// Whether something is to be mended in the part that is folded away.
    fn is_wrong_inside(&self) -> bool {
        ["noms", "repas", "regime", "acces"].iter().any(|name| self.errors.of(name).is_some())
    }
}

/// `GET /visites/{slug}/dates/{key}/inscription`
#[handler]
pub(crate) async fn form(app: Data<&App>, guest: Guest, frame: Frame, csrf: Csrf) -> Result<Response> {
    let mut typed = Typed::default();
    typed.put("personnes", "1".to_owned());
    if let Some(me) = &guest.me {
        if let Some(known) = own(&app, &guest.date, me).await? {
            return Ok(see_other(&super::own::path(known.id)));
        }
        typed.put("nom", me.name.clone());
        let teams = accounts::of_person(&app.db, me.id).await?;
        if let [team] = teams.as_slice() {
            typed.put("organisation", team.name.clone());
        }
    }
    draw(&app, guest, (typed, FieldErrors::default(), false), frame, csrf)
}

/// The field of a question: it stays hers when another is asked before it.
fn field(question: &Question) -> String {
    format!("reponse-{}", question.number)
}

async fn own(app: &App, date: &VisitDate, me: &Person) -> Result<Option<Registration>> {
    let Ok(email) = EmailAddress::parse(&me.email) else { return Ok(None) };
    Ok(registration::of_address(&app.db, date.id, &email).await?)
}

fn draw(
    app: &App,
    guest: Guest,
    (typed, errors, is_refused): (Typed, FieldErrors, bool),
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let shown = standing(app, &guest.date);
    let answer = |(id, question): (&&'static str, &Question)| Answer {
        id,
        name: field(question),
        text: question.text.clone(),
        is_required: question.is_required,
        value: typed.of(&field(question)).to_owned(),
    };
    let view = RegistrationPage {
        day: day(app, &guest.date),
        hours: hours(app, &guest.date),
        location: location(app, &guest.visit),
        is_full: guest.date.is_full(),
        closed: (!shown.is_open).then_some(shown.words),
        questions: PLACES.iter().zip(&guest.questions).map(answer).collect(),
        guest,
        is_refused,
        typed,
        errors,
        csrf,
        frame,
    };
    let status = match (is_refused, view.errors.is_empty()) {
        (true, _) => StatusCode::CONFLICT,
        (false, true) => StatusCode::OK,
        (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(private(page_with(status, &view)?))
}

#[derive(Template)]
#[template(path = "farm_visits/asked.html")]
struct AskedPage {
    visit: FarmVisit,
    day: String,
    email: String,
    frame: Frame,
}

/// `POST /visites/{slug}/dates/{key}/inscription`
#[handler]
pub(crate) async fn register(
    app: Data<&App>,
    counter: Data<&Counter>,
    guest: Guest,
    Visitor(address): Visitor,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let Some(new) = read(&typed, &guest, &mut errors) else {
        return draw(&app, guest, (typed, errors, false), frame, csrf);
    };
    let (email, by) = (new.email.clone(), guest.me.as_ref().map(|me| me.id));
    if by.is_none() && app.limits.count_form(address).is_err() {
        errors.add(
            "courriel",
            "Trop de demandes sont venues d’ici en peu de temps\u{a0}: réessayez dans une heure, ou connectez-vous.",
        );
        return draw(&app, guest, (typed, errors, false), frame, csrf);
    }
    let asked = Asked {
        date: guest.date.id,
        new,
        by,
        is_organiser: false,
        deed: Some("s’est inscrit à une visite de ferme"),
        question: None,
    };
    let outcome = counter.register(&app, asked).await?;
    // Of an address that is not proven, the page says the same whatever is known of it; the mail says the rest.
    match outcome {
        Outcome::Written(row, _) if by.is_some() => {
            Ok(see_other(&format!("{}?fait=inscription", super::own::path(row.id))))
        }
        Outcome::Refused(Refusal::Already(row)) if by.is_some() => Ok(see_other(&super::own::path(row.id))),
        Outcome::Refused(Refusal::Already(row)) => {
            remind(&app, &guest, &row).await?;
            told(&app, guest, &email, frame)
        }
        Outcome::Written(..) => told(&app, guest, &email, frame),
        Outcome::Refused(Refusal::TooLarge(places)) => {
            errors.add("personnes", Refusal::TooLarge(places).sentence());
            draw(&app, guest, (typed, errors, false), frame, csrf)
        }
        Outcome::Refused(Refusal::Shut(Shut::Closed | Shut::Cancelled | Shut::Past | Shut::NotYet)) => {
            // The page says why, as it is now, and keeps what was typed.
            let date = visit_date::by_key(&app.db, guest.date.id).await?.ok_or(Error::NotFound)?;
            draw(&app, Guest { date, ..guest }, (typed, errors, true), frame, csrf)
        }
        Outcome::Refused(_) | Outcome::Nowhere | Outcome::Again(..) | Outcome::KeyTaken => Err(Error::NotFound),
    }
}

/// Writes to an address that is registered already how one comes back to it, at most once an hour.
async fn remind(app: &App, guest: &Guest, row: &Registration) -> Result<()> {
    let txn = app.write().await?;
    Desk::new(app, &guest.visit, &guest.date)?.remind(&txn, row).await?;
    Ok(txn.commit().await?)
}

fn told(app: &App, guest: Guest, email: &EmailAddress, frame: Frame) -> Result<Response> {
    let day = day(app, &guest.date);
    let view = AskedPage { visit: guest.visit, day, email: email.to_string(), frame };
    Ok(private(page_with(StatusCode::OK, &view)?))
}

/// What was typed as what is true; nothing when something is wrong with it.
fn read(typed: &Typed, guest: &Guest, errors: &mut FieldErrors) -> Option<NewRegistration> {
    let email = match &guest.me {
        Some(me) => EmailAddress::parse(&me.email).ok(),
        None => EmailAddress::parse(typed.of("courriel")).ok(),
    };
    let name = line(typed, "nom", 120, errors);
    if name.as_ref().is_some_and(String::is_empty) {
        errors.add("nom", "Écrivez votre prénom et votre nom.");
    }
    if email.is_none() {
        errors.add("courriel", "Écrivez une adresse de courriel, comme prenom.nom@exemple.fr.");
    }
    let organisation = line(typed, "organisation", 200, errors);
    let party_size = number(typed, "personnes", 1, MOST, errors);
    let needs = needs::read(typed, party_size, errors);
    let mut answers = Vec::new();
    for (id, question) in PLACES.iter().zip(&guest.questions) {
        match text_of(typed.of(&field(question)), 1_000) {
            Ok(Some(text)) => answers.push((question.number, text)),
            Ok(None) if question.is_required => errors.add(id, "Répondez à cette question."),
            Ok(None) => {}
            Err(sentence) => errors.add(id, sentence),
        }
    }
    if !errors.is_empty() {
        return None;
    }
    Some(NewRegistration {
        email: email?,
        name: name?,
        organisation: organisation?,
        organisation_id: None,
        party_size: party_size?,
        may_be_passed: !typed.of("passer").is_empty(),
        is_proven: guest.me.is_some(),
        needs: needs?,
        answers,
    })
}

fn line(typed: &Typed, field: &'static str, most: usize, errors: &mut FieldErrors) -> Option<String> {
    line_of(typed.of(field), most).map_err(|sentence| errors.add(field, sentence)).ok()
}

/// A whole number within limits.
pub(super) fn number(
    typed: &Typed,
    field: &'static str,
    least: i32,
    most: i32,
    errors: &mut FieldErrors,
) -> Option<i32> {
    let number = typed.of(field).parse().ok().filter(|number| (least..=most).contains(number));
    if number.is_none() {
        errors.add(field, format!("Écrivez un nombre entier, de {least} à {most}."));
    }
    number
}
