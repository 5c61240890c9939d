//! The mails of this room, drawn when they are decided.

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use super::contact::{self, Contact, Outcome};
use super::{block, report};
use crate::accounts;
use crate::app::App;
use crate::mail::{Content, EmailAddress, Letterhead, NewMail, NotEnqueued, Sender, enqueue, letter};
use crate::schedule::{Failed, Next};
use crate::suppliers::{self, Supplier, draft};

/// What a mail about a message tells.
struct Told<'a> {
    supplier: &'a str,
    canteen: &'a str,
    /// Who wrote it, and where she reads answers.
    cook: &'a str,
    address: &'a str,
    message: &'a str,
    quantity: &'a str,
    /// Messages without an answer; what its supplier says of a message.
    unanswered: usize,
    words: &'a str,
    link: String,
}

letter!(
    draw_message,
    Told,
    "contacts/mail/message/subject.txt",
    "contacts/mail/message/body.txt",
    "contacts/mail/message/body.html"
);
letter!(
    draw_reminder,
    Told,
    "contacts/mail/reminder/subject.txt",
    "contacts/mail/reminder/body.txt",
    "contacts/mail/reminder/body.html"
);
letter!(
    draw_review,
    Told,
    "contacts/mail/review/subject.txt",
    "contacts/mail/review/body.txt",
    "contacts/mail/review/body.html"
);

letter!(
    draw_silent,
    Told,
    "contacts/mail/silent/subject.txt",
    "contacts/mail/silent/body.txt",
    "contacts/mail/silent/body.html"
);
letter!(
    draw_reported,
    Told,
    "contacts/mail/reported/subject.txt",
    "contacts/mail/reported/body.txt",
    "contacts/mail/reported/body.html"
);

/// Brings a message to its supplier; answers go to the cook.
///
/// # Errors
/// When the mail cannot be made or written down.
pub(super) async fn message(
    txn: &DatabaseTransaction,
    app: &App,
    contact: &Contact,
    supplier: &Supplier,
) -> Result<bool, NotEnqueued> {
    to_supplier(txn, app, contact, supplier, "contact_message", draw_message).await
}

/// Reminds a supplier of a message that nobody answered; subject: `contacts/12`.
///
/// # Errors
/// When the mail cannot be made or written down.
pub async fn remind(app: &App, txn: &DatabaseTransaction, subject: &str) -> Result<Next, Failed> {
    if let Some(contact) = still(txn, subject).await?.filter(|contact| contact.outcome == Outcome::Open)
        && !block::is_blocked(txn, contact.supplier_id, contact.organisation_id).await?
        && report::reported(txn, &[contact.id]).await?.is_empty()
    {
        let listing = suppliers::load_many(txn, &[contact.supplier_id]).await?.pop();
        if let Some(listing) = listing.filter(|listing| listing.supplier.is_public()) {
            to_supplier(txn, app, &contact, &listing.supplier, "contact_reminder", draw_reminder).await?;
        }
    }
    Ok(Next::Done)
}

/// Asks whoever wrote a message what came of it; subject: `contacts/12`.
///
/// # Errors
/// When the mail cannot be made or written down.
pub async fn review(app: &App, txn: &DatabaseTransaction, subject: &str, now: DateTime<Utc>) -> Result<Next, Failed> {
    let Some(contact) = still(txn, subject).await? else { return Ok(Next::Done) };
    if !matches!(contact.outcome, Outcome::Open | Outcome::Answered) {
        return Ok(Next::Done);
    }
    let Some(cook) = cook(txn, &contact).await? else { return Ok(Next::Done) };
    let Some(listing) = suppliers::load_many(txn, &[contact.supplier_id]).await?.pop() else { return Ok(Next::Done) };
    let link = format!("{}/cantine/{}/messages", app.config.public_url(), contact.organisation_id);
    let name = canteen(txn, &contact).await?;
    let told = told(&contact, &listing.supplier.name, &name, &cook, link);
    let content = draw_review(&Letterhead::new(&app.config), &told)?;
    let to = &EmailAddress::parse(&cook.email).map_err(|_| NotEnqueued::Address)?;
    let about = format!("contacts/{}", contact.id);
    let mail = NewMail { kind: "contact_review", about, version: 1, to, content, is_secret: false, useful_until: None };
    enqueue(txn, &Sender::new(&app.config).map_err(NotEnqueued::from)?, &app.random, mail, now).await?;
    Ok(Next::Done)
}

/// Asks suppliers that leave messages without an answer whether they would rather pause: once for every three.
///
/// # Errors
/// When a mail cannot be made or written down.
pub async fn ask_the_silent(app: &App, txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Next, Failed> {
    let silent = contact::silent(txn, now).await?;
    let ids: Vec<i64> = silent.iter().map(|one| one.supplier_id).collect();
    for listing in suppliers::load_many(txn, &ids).await?.into_iter().filter(|listing| listing.supplier.is_public()) {
        let supplier = listing.supplier;
        let Some(one) = silent.iter().find(|one| one.supplier_id == supplier.id) else { continue };
        let Some((_, organisation)) = draft::held_among(txn, &[supplier.id]).await? else { continue };
        let link = format!("{}/fiche/{organisation}/etat", app.config.public_url());
        let told = Told {
            supplier: &supplier.name,
            canteen: "",
            cook: "",
            address: "",
            message: "",
            quantity: "",
            unanswered: one.count,
            words: "",
            link,
        };
        let content = draw_silent(&Letterhead::new(&app.config), &told)?;
        let people = accounts::people(txn, organisation).await?;
        let key = ("contact_silent", format!("contacts/{}", one.third), 1);
        accounts::write_to_each(txn, app, key, &people, &content).await?;
    }
    Ok(Next::Done)
}

/// Tells the organisers that a supplier shows them a message.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn reported(
    txn: &DatabaseTransaction,
    app: &App,
    contact: &Contact,
    supplier: &Supplier,
    words: &str,
) -> Result<(), NotEnqueued> {
    let (name, link) = (canteen(txn, contact).await?, format!("{}/organisation/messages", app.config.public_url()));
    let told = Told {
        supplier: &supplier.name,
        canteen: &name,
        cook: "",
        address: "",
        message: &contact.message,
        quantity: "",
        unanswered: 0,
        words,
        link,
    };
    let content = draw_reported(&Letterhead::new(&app.config), &told)?;
    let people = accounts::organisers(txn).await?;
    let key = ("contact_reported", format!("contacts/{}", contact.id), 1);
    accounts::write_to_each(txn, app, key, &people, &content).await
}

async fn still(txn: &DatabaseTransaction, subject: &str) -> Result<Option<Contact>, sea_orm::DbErr> {
    match subject.rsplit('/').next().and_then(|id| id.parse().ok()) {
        Some(id) => contact::by_id(txn, id).await,
        None => Ok(None),
    }
}

async fn cook(txn: &DatabaseTransaction, contact: &Contact) -> Result<Option<accounts::Person>, sea_orm::DbErr> {
    let people = accounts::people(txn, contact.organisation_id).await?;
    Ok(people.into_iter().find(|person| Some(person.id) == contact.person_id))
}

async fn canteen(txn: &DatabaseTransaction, contact: &Contact) -> Result<String, sea_orm::DbErr> {
    let named = accounts::names_of(txn, &[contact.organisation_id]).await?;
    Ok(named.into_iter().next().map(|(_, name)| name).unwrap_or_default())
}

fn told<'a>(
    contact: &'a Contact,
    supplier: &'a str,
    canteen: &'a str,
    cook: &'a accounts::Person,
    link: String,
) -> Told<'a> {
    let (message, quantity) = (contact.message.as_str(), contact.quantity.as_str());
    let (cook, address) = (cook.called(), cook.email.as_str());
    Told { supplier, canteen, cook, address, message, quantity, unanswered: 0, words: "", link }
}

type Draw = fn(&Letterhead, &Told<'_>) -> askama::Result<Content>;

async fn to_supplier(
    txn: &DatabaseTransaction,
    app: &App,
    contact: &Contact,
    supplier: &Supplier,
    kind: &'static str,
    draw: Draw,
) -> Result<bool, NotEnqueued> {
    // Who has left is no one to answer to.
    let Some(cook) = cook(txn, contact).await? else { return Ok(false) };
    let Some(email) = supplier.email.as_deref() else { return Ok(false) };
    let to = &EmailAddress::parse(email).map_err(|_| NotEnqueued::Address)?;
    let link = format!("{}/annuaire/{}", app.config.public_url(), supplier.slug);
    let name = canteen(txn, contact).await?;
    let content = draw(&Letterhead::new(&app.config), &told(contact, &supplier.name, &name, &cook, link))?;
    let sender = Sender { reply_to: EmailAddress::parse(&cook.email).ok(), ..Sender::new(&app.config)? };
    let about = format!("contacts/{}", contact.id);
    let mail = NewMail { kind, about, version: 1, to, content, is_secret: false, useful_until: None };
    enqueue(txn, &sender, &app.random, mail, app.clock.now()).await
}

/// One of each mail of this room, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let told = |link: &str| Told {
        supplier: "GAEC des Genêts",
        canteen: "Collège des Sucs",
        cook: "Sophie Arnaud",
        address: "sophie.arnaud@college.example",
        message: "Bonjour, vos carottes nous intéressent pour nos 420 élèves. Pouvez-vous livrer avant 8 h ?",
        quantity: "40 kg, chaque lundi",
        unanswered: 3,
        words: "Ce message n’a rien à voir avec une cantine.",
        link: format!("{}{link}", head.address),
    };
    Ok(vec![
        ("contacts/mail/message", draw_message(head, &told("/annuaire/gaec-des-genets"))?),
        ("contacts/mail/reminder", draw_reminder(head, &told("/annuaire/gaec-des-genets"))?),
        ("contacts/mail/review", draw_review(head, &told("/cantine/12/messages"))?),
        ("contacts/mail/silent", draw_silent(head, &told("/fiche/12/etat"))?),
        ("contacts/mail/reported", draw_reported(head, &told("/organisation/messages"))?),
    ])
}
