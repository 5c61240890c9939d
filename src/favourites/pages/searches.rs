//! The searches whose news one gets.

use std::collections::HashSet;

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use crate::accounts::SignedIn;
use crate::app::App;
use crate::directory::{address, found_by, standing};
use crate::favourites::search::{self, Saved, SavedSearch};
use crate::mail::suppression::{self, Category};
use crate::web::{Csrf, Error, Form, Frame, Pressed, Result, filters, french, page, page_with, private, see_other};

/// Where they stand.
/// Most suppliers that a search finds when it is followed: each is written down.
const MOST_FOUND: usize = 2_000;
const PATH: &str = "/mon-espace/recherches";

/// The search in an address.
#[derive(Deserialize)]
struct Which {
    id: i64,
}

/// What the page of results carries.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Carried {
    recherche: Option<String>,
}

#[derive(Template)]
#[template(path = "favourites/searches.html")]
struct SearchesPage {
    lines: Vec<Line>,
    email: String,
    /// Whether the weekly mail leaves.
    is_wanted: bool,
    /// The search that finds no room: its name and its address.
    refused: Option<(String, String)>,
    csrf: Csrf,
    frame: Frame,
}

/// One of them.
struct Line {
    id: i64,
    name: String,
    href: String,
    since: String,
}

impl Line {
    fn new(app: &App, search: SavedSearch) -> Self {
        let since = french::date(app.local(search.created_at).date());
        Self { id: search.id, name: search.name, href: address(&search.query), since }
    }
}

impl SearchesPage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "suivi" => Some("C’est noté."),
            "deja" => Some("Vous suiviez déjà cette recherche."),
            "retrait" => Some("Vous ne suivez plus cette recherche."),
            "reprise" => Some("Vous recevrez de nouveau le résumé de la semaine."),
            _ => None,
        }
    }
}

/// `GET /mon-espace/recherches`
#[handler]
pub(crate) async fn own(app: Data<&App>, signed_in: SignedIn, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, &signed_in, None, (frame, csrf)).await
}

async fn draw(
    app: &App,
    signed_in: &SignedIn,
    refused: Option<(String, String)>,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let person = &signed_in.person;
    let all = search::of_person(&app.db, person.id).await?;
    let lines = all.into_iter().map(|search| Line::new(app, search)).collect();
    let is_wanted = suppression::subscription(&app.db, &person.email, Category::Digest).await?.is_wanted;
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let view = SearchesPage { lines, email: person.email.clone(), is_wanted, refused, csrf, frame };
    Ok(private(page_with(status, &view)?))
}

/// `POST /mon-espace/recherches`
#[handler]
pub(crate) async fn save(
    app: Data<&App>,
    signed_in: SignedIn,
    frame: Frame,
    csrf: Csrf,
    Form(carried): Form<Carried>,
) -> Result<Response> {
    let Some(text) = carried.recherche else { return Ok(see_other(&address(""))) };
    let asked = standing(&app, &text).map_err(Error::bad_request)?;
    // An engine that knows nobody yet would make everybody new.
    if !app.index.is_built() {
        let sentence = "L’annuaire se prépare\u{a0}: réessayez dans quelques secondes.".into();
        return Err(Error::Refused { status: StatusCode::SERVICE_UNAVAILABLE, sentence });
    }
    let found: HashSet<String> = found_by(&app, &asked.query).into_iter().map(|found| found.reference).collect();
    if found.len() > MOST_FOUND {
        let sentence =
            "Cette recherche trouve trop de fournisseurs pour être suivie\u{a0}: ajoutez un produit ou un lieu.";
        return Err(Error::bad_request(sentence.to_owned()));
    }
    let txn = app.write().await?;
    let when = (app.clock.now(), app.today());
    let word = match search::save(&txn, signed_in.person.id, &asked, &found, when).await? {
        Saved::New => "suivi",
        Saved::Already => "deja",
        Saved::TooMany => {
            drop(txn);
            let refused = Some((asked.name, address(&asked.query)));
            return draw(&app, &signed_in, refused, (frame, csrf)).await;
        }
    };
    txn.commit().await?;
    Ok(see_other(&format!("{PATH}?fait={word}")))
}

#[derive(Template)]
#[template(path = "favourites/search_end.html")]
struct EndPage {
    line: Line,
    csrf: Csrf,
    frame: Frame,
}

/// `GET /mon-espace/recherches/{id}/retrait`
#[handler]
pub(crate) async fn ask(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path(which): Path<Which>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let found = search::by_key(&app.db, person.id, which.id).await?.ok_or(Error::NotFound)?;
    Ok(private(page(&EndPage { line: Line::new(&app, found), csrf, frame })?))
}

/// `POST /mon-espace/recherches/{id}/retrait`
#[handler]
pub(crate) async fn remove(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path(which): Path<Which>,
    _: Form<Pressed>,
) -> Result<Response> {
    let txn = app.write().await?;
    if !search::remove(&txn, person.id, which.id).await? {
        return Err(Error::NotFound);
    }
    txn.commit().await?;
    Ok(see_other(&format!("{PATH}?fait=retrait")))
}

/// `POST /mon-espace/recherches/reprise`: the weekly mail again.
#[handler]
pub(crate) async fn resume(app: Data<&App>, SignedIn { person, .. }: SignedIn, _: Form<Pressed>) -> Result<Response> {
    let txn = app.write().await?;
    let stopped = suppression::subscription(&txn, &person.email, Category::Digest).await?;
    suppression::start_again(&txn, &stopped).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{PATH}?fait=reprise")))
}
