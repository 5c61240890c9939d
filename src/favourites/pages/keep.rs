//! Where a supplier of the directory is put into a list of one's canteen.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;

use super::lists::TOO_MANY;
use crate::accounts::{self, OrganisationKind, Person, SignedIn};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::favourites::favourite::{self, Kept};
use crate::favourites::list::{self, FavouriteList, Opened, read_name};
use crate::suppliers::{Supplier, public_by_slug};
use crate::web::{Csrf, Error, FieldErrors, Form, Frame, Result, filters, page_with, private, see_other};

/// What was typed: a list, or the name of a new one and whose it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    dans: String,
    cantine: String,
    nom: String,
}

#[derive(Template)]
#[template(path = "favourites/keep.html")]
struct KeepPage {
    supplier: Supplier,
    canteens: Vec<Canteen>,
    /// Whether an existing list can be chosen.
    has_others: bool,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// One of one's canteens and its lists.
struct Canteen {
    id: i64,
    name: String,
    /// Lists in which the supplier is.
    with: Vec<FavouriteList>,
    /// The others.
    without: Vec<FavouriteList>,
}

impl KeepPage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "garde" => Some("C’est gardé. Toute votre équipe le voit."),
            "deja" => Some("Il était déjà dans cette liste."),
            _ => None,
        }
    }

    fn is_kept(&self) -> bool {
        self.canteens.iter().any(|canteen| !canteen.with.is_empty())
    }
}

/// `GET /annuaire/{slug}/listes`
#[handler]
pub(crate) async fn form(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path(slug): Path<String>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let supplier = public_by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?.supplier;
    draw(&app, &person, supplier, Typed::default(), FieldErrors::default(), (frame, csrf)).await
}

/// One's canteens: key and name.
async fn own(app: &App, person: &Person) -> Result<Vec<(i64, String)>> {
    let teams = accounts::of_person(&app.db, person.id).await?.into_iter();
    Ok(teams.filter(|team| team.kind == OrganisationKind::Canteen).map(|team| (team.id, team.name)).collect())
}

async fn draw(
    app: &App,
    person: &Person,
    supplier: Supplier,
    typed: Typed,
    errors: FieldErrors,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let own = own(app, person).await?;
    let ids: Vec<i64> = own.iter().map(|(id, _)| *id).collect();
    let lists = list::of_canteens(&app.db, &ids).await?;
    let with = favourite::lists_with(&app.db, lists.iter().map(|list| list.id), supplier.id).await?;
    let canteen = |(id, name)| {
        let of_canteen = lists.iter().filter(|list| list.organisation_id == id).cloned();
        let (with, without) = of_canteen.partition(|list| with.contains(&list.id));
        Canteen { id, name, with, without }
    };
    let canteens: Vec<Canteen> = own.into_iter().map(canteen).collect();
    let has_others = canteens.iter().any(|canteen| !canteen.without.is_empty());
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(private(page_with(status, &KeepPage { supplier, canteens, has_others, typed, errors, csrf, frame })?))
}

/// `POST /annuaire/{slug}/listes`
#[handler]
pub(crate) async fn keep(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path(slug): Path<String>,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let supplier = public_by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?.supplier;
    let own = own(&app, &person).await?;
    if own.is_empty() {
        return Err(Error::NotFound);
    }
    let txn = app.write().await?;
    let mut errors = FieldErrors::default();
    if let Some(list) = chosen(&txn, &app, &own, &typed, &mut errors).await? {
        let now = app.clock.now();
        let word = match favourite::keep(&txn, list.organisation_id, list.id, supplier.id, now).await? {
            Kept::New => Some("garde"),
            Kept::Already => Some("deja"),
            Kept::Full | Kept::NoList => None,
        };
        if let Some(word) = word {
            let act =
                Act::new("a gardé un fournisseur dans une liste", format!("organisations/{}", list.organisation_id));
            if word == "garde" {
                audit::record(&txn, By::Person(person.id), act, now).await?;
            }
            txn.commit().await?;
            return Ok(see_other(&format!("/annuaire/{slug}/listes?fait={word}")));
        }
        let field = if typed.dans.is_empty() { "nom" } else { "dans" };
        errors.add(field, "Cette liste a déjà deux cents fournisseurs. Choisissez-en une autre.");
    }
    drop(txn);
    draw(&app, &person, supplier, typed, errors, (frame, csrf)).await
}

/// The list that was chosen, or the new one that was named; a name that the canteen has is that list.
async fn chosen(
    txn: &DatabaseTransaction,
    app: &App,
    own: &[(i64, String)],
    typed: &Typed,
    errors: &mut FieldErrors,
) -> Result<Option<FavouriteList>> {
    if typed.nom.trim().is_empty() && typed.cantine.is_empty() {
        let ids: Vec<i64> = own.iter().map(|(id, _)| *id).collect();
        let mut lists = list::of_canteens(txn, &ids).await?.into_iter();
        let found = lists.find(|list| list.id.to_string() == typed.dans);
        if found.is_none() {
            errors.add("dans", "Choisissez une liste.");
        }
        return Ok(found);
    }
    let canteen = own.iter().map(|(id, _)| *id).find(|id| id.to_string() == typed.cantine);
    if canteen.is_none() {
        errors.add("cantine", "Dites pour quelle cantine.");
    }
    let name = read_name(&typed.nom).map_err(|sentence| errors.add("nom", sentence)).ok();
    let Some((canteen, name)) = canteen.zip(name) else { return Ok(None) };
    match list::open(txn, canteen, &name, app.clock.now()).await? {
        Opened::New(list) | Opened::Known(list) => Ok(Some(list)),
        Opened::TooMany => {
            errors.add("nom", TOO_MANY);
            Ok(None)
        }
    }
}
