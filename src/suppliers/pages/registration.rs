//! The first page of a supplier: its SIRET, an address, and it begins.

use std::net::IpAddr;

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;

use crate::accounts::{self, Knock, OrganisationKind, Person, SignedInOrNot};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::mail::EmailAddress;
use crate::suppliers::claim::{self, Known};
use crate::suppliers::draft::{self, Content};
use crate::suppliers::registers::{Company, Heard, ask_company, keep_companies};
use crate::suppliers::{Listing, Siret, load_many, registration};
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Result, Visitor, filters, one_line, page_with, private, see_other,
};

const PATH: &str = "/fournisseurs/inscription";

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    siret: String,
    nom: String,
    courriel: String,
    /// The listing to take over, by its key.
    fiche: String,
}

#[derive(Template)]
#[template(path = "suppliers/registration.html")]
struct RegistrationPage {
    me: Option<Person>,
    /// Listings one has already: address and name.
    own: Vec<(String, String)>,
    /// Listings that bear one's address and that nobody holds: key, name, commune.
    free: Vec<(i64, String, String)>,
    /// The listing that others hold already.
    held: Option<String>,
    /// Whether a register knows the name of a SIRET.
    has_register: bool,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// `GET /fournisseurs/inscription`
#[handler]
pub(crate) async fn form(
    app: Data<&App>,
    SignedInOrNot(signed_in): SignedInOrNot,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let me = signed_in.map(|signed_in| signed_in.person);
    let mut typed = Typed::default();
    if let Some(me) = &me
        && let Some(siret) = registration::begun_by(&app.db, &me.email).await?
    {
        typed.siret = siret;
    }
    draw(&app, StatusCode::OK, me, typed, Refused::default(), frame, csrf).await
}

/// Why the form is shown again.
#[derive(Default)]
struct Refused {
    errors: FieldErrors,
    held: Option<String>,
}

async fn draw(
    app: &App,
    status: StatusCode,
    me: Option<Person>,
    typed: Typed,
    refused: Refused,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let (own, free) = match &me {
        Some(me) => (own(app, me).await?, free(app, me).await?),
        None => (Vec::new(), Vec::new()),
    };
    let Refused { errors, held } = refused;
    let has_register = app.config.registers.company_register_url.is_some();
    let view = RegistrationPage { me, own, free, held, has_register, typed, errors, csrf, frame };
    Ok(private(page_with(status, &view)?))
}

/// The listings that bear a person's address and that nobody holds.
async fn free(app: &App, me: &Person) -> Result<Vec<(i64, String, String)>> {
    let commune = |code: &str| app.places.commune(code).map(|commune| commune.name.clone()).unwrap_or_default();
    let free = claim::free_of(&app.db, &me.email).await?.into_iter();
    Ok(free.map(|one| (one.id, one.name, commune(&one.insee_code))).collect())
}

async fn own(app: &App, me: &Person) -> Result<Vec<(String, String)>> {
    let teams = accounts::of_person(&app.db, me.id).await?;
    let suppliers = teams.into_iter().filter(|team| team.kind == OrganisationKind::Supplier);
    Ok(suppliers.map(|team| (format!("/fiche/{}", team.id), team.name)).collect())
}

/// `POST /fournisseurs/inscription`
#[handler]
pub(crate) async fn begin(
    app: Data<&App>,
    SignedInOrNot(signed_in): SignedInOrNot,
    Visitor(sender): Visitor,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let me = signed_in.map(|signed_in| signed_in.person);
    let mut refused = Refused::default();
    let siret = draft::siret(&typed.siret).unwrap_or_else(|sentence| {
        refused.errors.add("siret", sentence);
        None
    });
    match &me {
        None => {
            let Some(email) = email(&typed, &mut refused.errors) else {
                return draw(&app, StatusCode::UNPROCESSABLE_ENTITY, me, typed, refused, frame, csrf).await;
            };
            match knock(&app, &email, siret.as_ref(), sender).await? {
                Ok(response) => return Ok(response),
                Err(sentence) => refused.errors.add("courriel", sentence),
            }
            draw(&app, StatusCode::TOO_MANY_REQUESTS, me, typed, refused, frame, csrf).await
        }
        Some(person) if !typed.fiche.is_empty() => {
            let path = taken_over(&app, person, &typed.fiche).await?;
            Ok(see_other(&path.ok_or(Error::NotFound)?))
        }
        Some(person) => {
            // Asked only now that the address is proven: a stranger learns nothing of a SIRET here.
            let heard = match &siret {
                Some(siret) => ask_company(&app, person.id, siret).await,
                None => None,
            };
            let name = name(&typed, heard.as_ref(), &mut refused.errors);
            if refused.errors.is_empty() {
                match found(&app, person, &name, siret.map(|siret| (siret, heard))).await? {
                    Ok(path) => return Ok(see_other(&path)),
                    Err(held) => refused.held = Some(held),
                }
            }
            let status = if refused.held.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            draw(&app, status, me, typed, refused, frame, csrf).await
        }
    }
}

/// The name that was typed, else the one the register tells.
fn name(typed: &Typed, heard: Option<&Heard<Company>>, errors: &mut FieldErrors) -> String {
    let name = one_line(&typed.nom);
    let told = heard.and_then(Heard::told).and_then(Company::name);
    let name = if name.is_empty() { told.unwrap_or_default().to_owned() } else { name };
    if name.is_empty() {
        errors.add(
            "nom",
            match heard {
                Some(Heard::NoAnswer) => {
                    "Le registre des entreprises ne répond pas\u{a0}: écrivez le nom de votre exploitation ou entreprise."
                }
                Some(Heard::Told(_)) => {
                    "Vos données ne sont pas publiques dans le registre\u{a0}: écrivez le nom sous lequel on vous connaît."
                }
                Some(Heard::Unknown) => {
                    "Le registre des entreprises ne connaît pas ce SIRET\u{a0}: vérifiez-le, ou écrivez votre nom."
                }
                None => "Écrivez le nom de votre exploitation ou entreprise.",
            },
        );
    } else if name.chars().count() > 200 {
        errors.add("nom", "Écrivez le nom de votre exploitation ou entreprise.");
    }
    name
}

/// The address, when nothing is wrong with the form.
fn email(typed: &Typed, errors: &mut FieldErrors) -> Option<EmailAddress> {
    let email = EmailAddress::parse(&typed.courriel);
    if email.is_err() {
        errors.add("courriel", "Écrivez votre adresse de courriel, par exemple contact@ferme.fr.");
    }
    email.ok().filter(|_| errors.is_empty())
}

/// Keeps what was typed until the address is proven, and sends the code that proves it.
async fn knock(
    app: &App,
    email: &EmailAddress,
    siret: Option<&Siret>,
    sender: IpAddr,
) -> Result<std::result::Result<Response, &'static str>> {
    let sent = accounts::send_code(app, email, sender, PATH, Knock::ToRegister).await?;
    if sent.is_ok() {
        let txn = app.write().await?;
        registration::begin(&txn, email, siret, app.clock.now()).await?;
        txn.commit().await?;
    }
    Ok(sent)
}

/// Founds what the listing belongs to and leads to its first step; or names the listing that others hold.
async fn found(
    app: &App,
    me: &Person,
    name: &str,
    asked: Option<(Siret, Option<Heard<Company>>)>,
) -> Result<std::result::Result<String, String>> {
    let now = app.clock.now();
    let (siret, heard) = asked.map_or((None, None), |(siret, heard)| (Some(siret), heard));
    let txn = app.write().await?;
    // Pressed twice, there is one.
    accounts::lock_person(&txn, me.id).await?;
    let own = accounts::of_person(&txn, me.id).await?;
    if let Some(team) = own.iter().find(|team| team.kind == OrganisationKind::Supplier && team.name == name) {
        return Ok(Ok(format!("/fiche/{}", team.id)));
    }
    let known = match &siret {
        Some(siret) => claim::known(&txn, siret).await?,
        None => Known::Nothing,
    };
    let beginning = Beginning { name, siret: siret.as_ref(), told: heard.as_ref().and_then(Heard::told) };
    let (organisation, then) = match known {
        Known::Held { name, by } => {
            let is_mine = own.iter().any(|team| team.id == by);
            return Ok(if is_mine { Ok(format!("/fiche/{by}")) } else { Err(name) });
        }
        Known::Free(listing) if claim::is_of(&listing, me) => {
            (take_over(&txn, app, me, &listing).await?, "?fait=reprise")
        }
        Known::Free(listing) => (beginning.found(&txn, app, me, claim::public_part(&listing)).await?, "?fait=creation"),
        Known::Nothing => {
            let content = Content { email: Some(me.email.clone()), ..Content::default() };
            (beginning.found(&txn, app, me, content).await?, "/identite")
        }
    };
    if let (Some(siret), Some(heard)) = (&siret, &heard) {
        keep_companies(&txn, organisation, siret, heard, now).await?;
    }
    registration::forget_registration(&txn, &me.email).await?;
    txn.commit().await?;
    Ok(Ok(format!("/fiche/{organisation}{then}")))
}

/// What a listing begins with, beside what is known of it already.
struct Beginning<'a> {
    name: &'a str,
    siret: Option<&'a Siret>,
    /// What the register of companies tells.
    told: Option<&'a Company>,
}

impl Beginning<'_> {
    /// Founds the organisation and begins its draft.
    async fn found(&self, txn: &DatabaseTransaction, app: &App, me: &Person, known: Content) -> Result<i64, Error> {
        let organisation = team(txn, app, me, self.name).await?;
        let mut content = Content { name: self.name.to_owned(), siret: self.siret.cloned(), ..known };
        if let Some(told) = self.told {
            told.fill(&mut content, &app.places);
        }
        draft::begin(txn, organisation, &content, None, me.id, app.clock.now()).await?;
        Ok(organisation)
    }
}

/// Gives a listing that bears a person's address to a team of hers: which.
async fn take_over(txn: &DatabaseTransaction, app: &App, me: &Person, listing: &Listing) -> Result<i64> {
    let now = app.clock.now();
    let organisation = team(txn, app, me, &listing.supplier.name).await?;
    claim::take_over(txn, organisation, listing, me.id, now).await?;
    let act = Act::new("a repris une fiche de l’annuaire", format!("organisations/{organisation}"));
    audit::record(txn, By::Person(me.id), act, now).await?;
    Ok(organisation)
}

/// The path of a listing that a person took over by its key; pressed twice, it is hers already. Nothing when it bears another
/// address or somebody holds it.
async fn taken_over(app: &App, me: &Person, key: &str) -> Result<Option<String>> {
    let txn = app.write().await?;
    accounts::lock_person(&txn, me.id).await?;
    let Ok(id) = key.parse() else { return Ok(None) };
    if let Some((_, holder)) = draft::held_among(&txn, &[id]).await? {
        let own = accounts::of_person(&txn, me.id).await?;
        return Ok(own.iter().any(|team| team.id == holder).then(|| format!("/fiche/{holder}")));
    }
    let bears = claim::free_of(&txn, &me.email).await?.iter().any(|listing| listing.id == id);
    let Some(listing) = load_many(&txn, &[id]).await?.pop().filter(|_| bears) else { return Ok(None) };
    let organisation = take_over(&txn, app, me, &listing).await?;
    registration::forget_registration(&txn, &me.email).await?;
    txn.commit().await?;
    Ok(Some(format!("/fiche/{organisation}?fait=reprise")))
}

async fn team(txn: &DatabaseTransaction, app: &App, me: &Person, name: &str) -> Result<i64, Error> {
    let now = app.clock.now();
    let founded = accounts::found(txn, OrganisationKind::Supplier, name, now).await?;
    accounts::join(txn, founded.id, me.id, now).await?;
    let act = Act::new("a commencé une fiche", format!("organisations/{}", founded.id));
    audit::record(txn, By::Person(me.id), act, now).await?;
    Ok(founded.id)
}
