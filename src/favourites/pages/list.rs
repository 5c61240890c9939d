//! One list of a canteen: what is in it, its name, its end; the same as a file.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use crate::app::App;
use crate::audit::{self, Act, By};
use crate::canteens::pages::Stove;
use crate::favourites::entry::{Entry, entries};
use crate::favourites::favourite::{self, Kept, LONGEST_NOTE};
use crate::favourites::list::{self, FavouriteList, Renamed, read_name};
use crate::favourites::sheet::{self, GONE};
use crate::places::Commune;
use crate::suppliers::export::{Format, written};
use crate::suppliers::{load_many, slug};
use crate::tables::Sheet;
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Pressed, Result, attached, filters, french, line_of, page, page_with,
    private, see_other,
};

/// The list in an address: its key, or its key and the ending of a file.
#[derive(Deserialize)]
struct Named {
    key: String,
}

/// The list in an address.
#[derive(Deserialize)]
struct Which {
    key: i64,
}

/// The supplier of a list in an address.
#[derive(Deserialize)]
struct Inside {
    key: i64,
    supplier: i64,
}

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    nom: String,
    note: String,
}

#[derive(Template)]
#[template(path = "favourites/list.html")]
struct ListPage {
    stove: Stove,
    list: FavouriteList,
    entries: Vec<Entry>,
    /// INSEE code of the kitchen's commune, once it is known.
    near: Option<String>,
    /// What was just taken out: key and name.
    removed: Option<(i64, String)>,
    shown: Again,
    csrf: Csrf,
    frame: Frame,
}

/// What a refused form shows again.
#[derive(Default)]
struct Again {
    name: Option<String>,
    /// Of which supplier, and what was typed.
    note: Option<(i64, String)>,
    errors: FieldErrors,
}

impl ListPage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "liste" => Some("La liste est ouverte."),
            "nom" => Some("La liste a changé de nom."),
            "note" => Some("La note est enregistrée."),
            "reprise" => Some("Il est de nouveau dans la liste."),
            "pleine" => Some("La liste est pleine\u{a0}: deux cents fournisseurs au plus."),
            _ => None,
        }
    }

    fn errors(&self) -> &FieldErrors {
        &self.shown.errors
    }

    fn path(&self) -> String {
        format!("{}/listes/{}", self.stove.path(), self.list.id)
    }

    fn counted(&self) -> String {
        french::count(self.entries.len() as u64, "fournisseur", "fournisseurs")
    }

    /// The note of an entry as its field shows it, and whether it was refused.
    fn note_of<'a>(&'a self, entry: &'a Entry) -> (&'a str, bool) {
        match &self.shown.note {
            Some((supplier, typed)) if *supplier == entry.id => (typed, true),
            _ => (&entry.note, false),
        }
    }

    /// Address of the listing, seen from the kitchen.
    fn href(&self, slug: &str) -> String {
        let near = self.near.as_ref().map(|code| format!("?near={code}")).unwrap_or_default();
        format!("/annuaire/{slug}{near}")
    }
}

/// `GET /cantine/{id}/listes/{key}`, and the same with `.csv` or `.xlsx` behind it.
#[handler]
pub(crate) async fn show(
    app: Data<&App>,
    stove: Stove,
    Path(named): Path<Named>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let (key, format) = match named.key.split_once('.') {
        None => (named.key.as_str(), None),
        Some((key, "csv")) => (key, Some(Format::Csv)),
        Some((key, "xlsx")) => (key, Some(Format::Xlsx)),
        Some(_) => return Err(Error::NotFound),
    };
    let found = own(&app, &stove, key.parse().map_err(|_| Error::NotFound)?).await?;
    match format {
        Some(format) => file(&app, &stove, &found, format).await,
        None => draw(&app, stove, found, Again::default(), (frame, csrf)).await,
    }
}

async fn own(app: &App, stove: &Stove, key: i64) -> Result<FavouriteList> {
    list::by_key(&app.db, stove.id, key).await?.ok_or(Error::NotFound)
}

/// The commune of the kitchen, once it is said.
fn kitchen<'a>(app: &'a App, stove: &Stove) -> Option<&'a Commune> {
    app.places.commune(&stove.kitchen.as_ref()?.canteen.insee_code)
}

async fn draw(
    app: &App,
    stove: Stove,
    list: FavouriteList,
    shown: Again,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let commune = kitchen(app, &stove);
    let entries = entries(app, &list, commune).await?;
    let near = commune.map(|commune| commune.insee_code.to_string());
    let removed = match frame.done().strip_prefix("retrait-").and_then(|id| id.parse().ok()) {
        Some(supplier) if is_out(app, list.id, supplier).await? => {
            let listing = load_many(&app.db, &[supplier]).await?.pop();
            listing.map(|listing| (supplier, listing.supplier.name))
        }
        _ => None,
    };
    let status = if shown.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(private(page_with(status, &ListPage { stove, list, entries, near, removed, shown, csrf, frame })?))
}

/// Whether a supplier was taken out of a list and can be put back.
async fn is_out(app: &App, list: i64, supplier: i64) -> Result<bool> {
    let row = favourite::of(&app.db, list, supplier).await?;
    Ok(row.is_some_and(|row| row.removed_at.is_some()))
}

async fn file(app: &App, stove: &Stove, list: &FavouriteList, format: Format) -> Result<Response> {
    let entries = entries(app, list, kitchen(app, stove)).await?;
    let body = written(&sheet::sheet(app, &entries), format).map_err(Error::broken("writing a list"))?;
    let (kind, ending) = match format {
        Format::Xlsx => (Sheet::XLSX, "xlsx"),
        _ => (Sheet::CSV, "csv"),
    };
    let name = format!("liste-{}-{}.{ending}", slug(&list.name), app.today());
    Ok(private(attached(&name, kind, body)))
}

/// `POST /cantine/{id}/listes/{key}`: another name.
#[handler]
pub(crate) async fn rename(
    app: Data<&App>,
    stove: Stove,
    Path(which): Path<Which>,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let found = own(&app, &stove, which.key).await?;
    let mut errors = FieldErrors::default();
    match read_name(&typed.nom) {
        Err(sentence) => errors.add("nom", sentence),
        Ok(name) => {
            let txn = app.write().await?;
            match list::rename(&txn, stove.id, found.id, &name).await? {
                Renamed::Missing => return Err(Error::NotFound),
                Renamed::Taken => errors.add("nom", "Une autre de vos listes porte déjà ce nom."),
                Renamed::Done => {
                    note_act(&txn, &app, &stove, "a renommé une liste de fournisseurs").await?;
                    txn.commit().await?;
                    return Ok(see_other(&format!("{}/listes/{}?fait=nom", stove.path(), found.id)));
                }
            }
        }
    }
    draw(&app, stove, found, Again { name: Some(typed.nom), errors, ..Again::default() }, (frame, csrf)).await
}

async fn note_act(txn: &sea_orm::DatabaseTransaction, app: &App, stove: &Stove, what: &'static str) -> Result<()> {
    let act = Act::new(what, format!("organisations/{}", stove.id));
    Ok(audit::record(txn, By::Person(stove.me.id), act, app.clock.now()).await?)
}

#[derive(Template)]
#[template(path = "favourites/list_end.html")]
struct EndPage {
    stove: Stove,
    list: FavouriteList,
    count: usize,
    csrf: Csrf,
    frame: Frame,
}

/// `GET /cantine/{id}/listes/{key}/retrait`
#[handler]
pub(crate) async fn ask_end(
    app: Data<&App>,
    stove: Stove,
    Path(which): Path<Which>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let list = own(&app, &stove, which.key).await?;
    let count = favourite::of_list(&app.db, list.id).await?.len();
    Ok(private(page(&EndPage { stove, list, count, csrf, frame })?))
}

/// `POST /cantine/{id}/listes/{key}/retrait`
#[handler]
pub(crate) async fn end(app: Data<&App>, stove: Stove, Path(which): Path<Which>, _: Form<Pressed>) -> Result<Response> {
    let txn = app.write().await?;
    if !list::remove(&txn, stove.id, which.key).await? {
        return Err(Error::NotFound);
    }
    note_act(&txn, &app, &stove, "a supprimé une liste de fournisseurs").await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}/listes?fait=retrait", stove.path())))
}

/// `POST /cantine/{id}/listes/{key}/{supplier}/note`
#[handler]
pub(crate) async fn annotate(
    app: Data<&App>,
    stove: Stove,
    Path(inside): Path<Inside>,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    match line_of(&typed.note, LONGEST_NOTE) {
        Err(sentence) => {
            let mut errors = FieldErrors::default();
            errors.add("note", sentence);
            let again = Again { note: Some((inside.supplier, typed.note)), errors, ..Again::default() };
            let found = own(&app, &stove, inside.key).await?;
            draw(&app, stove, found, again, (frame, csrf)).await
        }
        Ok(text) => {
            let txn = app.write().await?;
            if !favourite::annotate(&txn, stove.id, inside.key, inside.supplier, &text).await? {
                return Err(Error::NotFound);
            }
            txn.commit().await?;
            Ok(see_other(&format!("{}/listes/{}?fait=note", stove.path(), inside.key)))
        }
    }
}

/// `POST /cantine/{id}/listes/{key}/{supplier}/retrait`
#[handler]
pub(crate) async fn take_out(
    app: Data<&App>,
    stove: Stove,
    Path(inside): Path<Inside>,
    _: Form<Pressed>,
) -> Result<Response> {
    let txn = app.write().await?;
    if !favourite::remove(&txn, stove.id, inside.key, inside.supplier, app.clock.now()).await? {
        return Err(Error::NotFound);
    }
    note_act(&txn, &app, &stove, "a retiré un fournisseur d’une liste").await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}/listes/{}?fait=retrait-{}", stove.path(), inside.key, inside.supplier)))
}

/// `POST /cantine/{id}/listes/{key}/{supplier}/reprise`: what was just taken out is put back.
#[handler]
pub(crate) async fn put_back(
    app: Data<&App>,
    stove: Stove,
    Path(inside): Path<Inside>,
    _: Form<Pressed>,
) -> Result<Response> {
    let txn = app.write().await?;
    favourite::forget_removed(&txn, app.clock.now()).await?;
    if favourite::of(&txn, inside.key, inside.supplier).await?.is_none() {
        return Err(Error::NotFound);
    }
    let word = match favourite::keep(&txn, stove.id, inside.key, inside.supplier, app.clock.now()).await? {
        Kept::NoList => return Err(Error::NotFound),
        Kept::Full => "pleine",
        Kept::Already => "reprise",
        Kept::New => {
            note_act(&txn, &app, &stove, "a remis un fournisseur dans une liste").await?;
            "reprise"
        }
    };
    txn.commit().await?;
    Ok(see_other(&format!("{}/listes/{}?fait={word}", stove.path(), inside.key)))
}
