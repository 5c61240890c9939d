//! Where a canteen says what came of its messages.

use askama::Template;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use crate::app::App;
use crate::canteens::pages::Stove;
use crate::contacts::contact::{self, Contact, Outcome};
use crate::suppliers::load_many;
use crate::web::{Csrf, Error, Form, Frame, Result, filters, french, page, private, see_other};

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
        "retour" => Outcome::Open,
        _ => return Ok(see_other(&format!("{}/messages", stove.path()))),
    };
    let txn = app.write().await?;
    if !contact::conclude(&txn, stove.id, which.key, outcome).await? {
        return Err(Error::NotFound);
    }
    txn.commit().await?;
    Ok(see_other(&format!("{}/messages?fait=suite", stove.path())))
}
