//! Where a cook writes to a supplier, and says what came of it.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::contact::{self, Contact, NewContact, Outcome, Sent, can_only_be_called, is_held};
use super::mail;
use crate::accounts::{self, OrganisationKind, Person, SignedIn};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::canteens::pages::Stove;
use crate::suppliers::draft::text_of;
use crate::suppliers::pages::desk::Desk;
use crate::suppliers::{Supplier, by_slug, load_many};
use crate::web::{Csrf, Error, FieldErrors, Form, Frame, Result, filters, french, page, page_with, private, see_other};

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    cantine: String,
    message: String,
    quantite: String,
}

#[derive(Template)]
#[template(path = "contacts/write.html")]
struct WritePage {
    supplier: Supplier,
    /// Why nobody can write to it; nothing when one can.
    closed: Option<&'static str>,
    /// One's canteens: key, name, whether chosen.
    canteens: Vec<(i64, String, bool)>,
    /// How to reach it, for who has written.
    reach: Option<Reach>,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// How a supplier is reached.
struct Reach {
    phone: Option<String>,
    email: Option<String>,
}

/// `GET /annuaire/{slug}/contact`
#[handler]
pub(crate) async fn form(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path(slug): Path<String>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let supplier = public(&app, &slug).await?;
    draw(&app, &person, supplier, Typed::default(), FieldErrors::default(), frame, csrf).await
}

async fn public(app: &App, slug: &str) -> Result<Supplier> {
    let listing = by_slug(&app.db, slug).await?.filter(|listing| listing.supplier.is_public());
    Ok(listing.ok_or(Error::NotFound)?.supplier)
}

/// One's canteens: key and name.
async fn canteens(app: &App, person: &Person) -> Result<Vec<(i64, String)>> {
    let teams = accounts::of_person(&app.db, person.id).await?.into_iter();
    Ok(teams.filter(|team| team.kind == OrganisationKind::Canteen).map(|team| (team.id, team.name)).collect())
}

/// Why nobody can write to a supplier.
fn closed(supplier: &Supplier) -> Option<&'static str> {
    if !is_held(supplier) {
        return Some("Ce fournisseur n’a pas encore pris sa fiche en main\u{a0}: on ne peut pas lui écrire d’ici.");
    }
    supplier.email.is_none().then_some("Ce fournisseur préfère le téléphone\u{a0}: il n’a pas donné de courriel.")
}

async fn draw(
    app: &App,
    person: &Person,
    supplier: Supplier,
    typed: Typed,
    errors: FieldErrors,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let own = canteens(app, person).await?;
    let ids: Vec<i64> = own.iter().map(|(id, _)| *id).collect();
    let has_written = !ids.is_empty() && contact::has_written(&app.db, &ids, supplier.id).await?;
    // Who can only be called is called.
    let is_called = can_only_be_called(&supplier) && !ids.is_empty();
    let reach =
        (has_written || is_called).then(|| Reach { phone: supplier.phone.clone(), email: supplier.email.clone() });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let chosen = |id: i64| typed.cantine == id.to_string() || ids.len() == 1;
    let canteens = own.iter().map(|(id, name)| (*id, name.clone(), chosen(*id))).collect();
    let closed = closed(&supplier);
    let view = WritePage { supplier, closed, canteens, reach, typed, errors, csrf, frame };
    Ok(private(page_with(status, &view)?))
}

/// `POST /annuaire/{slug}/contact`
#[handler]
pub(crate) async fn send(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path(slug): Path<String>,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let supplier = public(&app, &slug).await?;
    let own = canteens(&app, &person).await?;
    if own.is_empty() || closed(&supplier).is_some() {
        return Err(Error::NotFound);
    }
    let mut errors = FieldErrors::default();
    let canteen = own.iter().map(|(id, _)| *id).find(|id| id.to_string() == typed.cantine);
    if canteen.is_none() {
        errors.add("cantine", "Dites au nom de quelle cantine vous écrivez.");
    }
    let mut kept = |field: &'static str, text: &str, most| {
        text_of(text, most).unwrap_or_else(|sentence| {
            errors.add(field, sentence);
            None
        })
    };
    let (message, quantity) = (kept("message", &typed.message, 2_000), kept("quantite", &typed.quantite, 200));
    if message.is_none() {
        errors.add("message", "Écrivez ce que vous cherchez.");
    }
    if let (Some(organisation), Some(message), true) = (canteen, message, errors.is_empty()) {
        let quantity = quantity.unwrap_or_default();
        let new = NewContact { supplier: supplier.id, organisation, person: person.id, message, quantity };
        let txn = app.write().await?;
        match contact::send(&txn, new, app.clock.now()).await? {
            Sent::TooMany => errors.add(
                "message",
                "Votre cantine a déjà écrit vingt messages aujourd’hui. Le suivant peut partir demain.",
            ),
            other => {
                if let Sent::New(written) = other {
                    mail::message(&txn, &app, &written, &supplier).await?;
                    let act = Act::new("a écrit à un fournisseur", format!("suppliers/{}", supplier.id));
                    audit::record(&txn, By::Person(person.id), act, app.clock.now()).await?;
                }
                txn.commit().await?;
                return Ok(see_other(&format!("/annuaire/{slug}/contact?fait=envoi")));
            }
        }
    }
    draw(&app, &person, supplier, typed, errors, frame, csrf).await
}

#[derive(Template)]
#[template(path = "contacts/sent.html")]
struct SentPage {
    stove: Stove,
    lines: Vec<SentLine>,
    csrf: Csrf,
    frame: Frame,
}

/// A message of a canteen.
struct SentLine {
    id: i64,
    supplier: String,
    href: String,
    sent: String,
    message: String,
    outcome: Outcome,
}

impl SentLine {
    fn said(&self) -> &'static str {
        match self.outcome {
            Outcome::Open => "pas encore de réponse",
            Outcome::Answered => "il a répondu",
            Outcome::Worked => "vous travaillez ensemble",
            Outcome::Nothing => "sans suite",
        }
    }

    fn is_open(&self) -> bool {
        matches!(self.outcome, Outcome::Open | Outcome::Answered)
    }
}

/// `GET /cantine/{id}/messages`
#[handler]
pub(crate) async fn sent(app: Data<&App>, stove: Stove, frame: Frame, csrf: Csrf) -> Result<Response> {
    let contacts = contact::of_canteen(&app.db, stove.id).await?;
    let ids: Vec<i64> = contacts.iter().map(|contact| contact.supplier_id).collect();
    let listings = load_many(&app.db, &ids).await?;
    let line = |contact: Contact| {
        let supplier = &listings.iter().find(|listing| listing.supplier.id == contact.supplier_id)?.supplier;
        Some(SentLine {
            id: contact.id,
            supplier: supplier.name.clone(),
            href: format!("/annuaire/{}/contact", supplier.slug),
            sent: french::date(app.local(contact.created_at).date()),
            message: contact.message,
            outcome: contact.outcome,
        })
    };
    let lines = contacts.into_iter().filter_map(line).collect();
    Ok(private(page(&SentPage { stove, lines, csrf, frame })?))
}

/// The message in an address.
#[derive(Deserialize)]
struct Which {
    key: i64,
}

/// What came of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Told {
    suite: String,
}

/// `POST /cantine/{id}/messages/{key}`
#[handler]
pub(crate) async fn conclude(
    app: Data<&App>,
    stove: Stove,
    Path(which): Path<Which>,
    Form(told): Form<Told>,
) -> Result<Response> {
    let outcome = match told.suite.as_str() {
        "reponse" => Outcome::Answered,
        "travail" => Outcome::Worked,
        "rien" => Outcome::Nothing,
        _ => return Ok(see_other(&format!("{}/messages", stove.path()))),
    };
    let txn = app.write().await?;
    if !contact::conclude(&txn, stove.id, which.key, outcome).await? {
        return Err(Error::NotFound);
    }
    txn.commit().await?;
    Ok(see_other(&format!("{}/messages?fait=suite", stove.path())))
}

#[derive(Template)]
#[template(path = "contacts/received.html")]
struct ReceivedPage {
    desk: Desk,
    /// Canteen, day, message, how much.
    lines: Vec<(String, String, String, String)>,
    frame: Frame,
}

/// `GET /fiche/{id}/messages`
#[handler]
pub(crate) async fn received(app: Data<&App>, desk: Desk, frame: Frame) -> Result<Response> {
    let contacts = match desk.draft.supplier_id {
        Some(id) => contact::to_supplier(&app.db, id).await?,
        None => Vec::new(),
    };
    let ids: Vec<i64> = contacts.iter().map(|contact| contact.organisation_id).collect();
    let names = accounts::names_of(&app.db, &ids).await?;
    let line = |contact: Contact| {
        let name = names.iter().find(|(id, _)| *id == contact.organisation_id);
        let day = french::date(app.local(contact.created_at).date());
        (name.map(|(_, name)| name.clone()).unwrap_or_default(), day, contact.message, contact.quantity)
    };
    let lines = contacts.into_iter().map(line).collect();
    Ok(private(page(&ReceivedPage { desk, lines, frame })?))
}
