//! Where a cook writes to a supplier.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use crate::accounts::{self, OrganisationKind, Person, SignedIn};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::canteens::{RequestState, request_of};
use crate::contacts::contact::{self, NewContact, Sent, is_held};
use crate::contacts::mail;
use crate::suppliers::{Supplier, public_by_slug};
use crate::web::{Csrf, Error, FieldErrors, Form, Frame, Result, filters, page_with, private, see_other, text_of};

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
    /// What organisers said of a canteen of one's own that they have not accepted.
    waits: Option<RequestState>,
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
    let supplier = public_by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?.supplier;
    draw(&app, &person, supplier, Typed::default(), FieldErrors::default(), frame, csrf).await
}

/// One's canteens that organisers have accepted, key and name; and what they said of another.
async fn canteens(app: &App, person: &Person) -> Result<(Vec<(i64, String)>, Option<RequestState>)> {
    let (mut own, mut waits) = (Vec::new(), None);
    for team in accounts::of_person(&app.db, person.id).await? {
        if team.kind != OrganisationKind::Canteen {
            continue;
        }
        match request_of(&app.db, team.id).await? {
            None => own.push((team.id, team.name)),
            Some(request) => waits = Some(request.state),
        }
    }
    Ok((own, waits))
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
    let (own, waits) = canteens(app, person).await?;
    let mut is_reached = false;
    for (canteen, _) in &own {
        is_reached |= contact::reached(&app.db, *canteen, &[&supplier]).await?.contains(&supplier.id);
    }
    let reach = is_reached.then(|| Reach { phone: supplier.phone.clone(), email: supplier.email.clone() });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let chosen = |id: i64| typed.cantine == id.to_string() || own.len() == 1;
    let canteens = own.iter().map(|(id, name)| (*id, name.clone(), chosen(*id))).collect();
    let closed = closed(&supplier);
    let view = WritePage { supplier, closed, canteens, waits, reach, typed, errors, csrf, frame };
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
    let supplier = public_by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?.supplier;
    let (own, _) = canteens(&app, &person).await?;
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
            Sent::Blocked => {
                errors.add("message", "Ce fournisseur ne reçoit plus de messages de votre cantine. Appelez-le.");
            }
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
