//! The lists of a canteen.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};
use serde::Deserialize;

use crate::app::App;
use crate::audit::{self, Act, By};
use crate::canteens::pages::Stove;
use crate::favourites::list::{self, Opened, read_name};
use crate::web::{Csrf, FieldErrors, Form, Frame, Result, filters, page_with, private, see_other};

/// What is said to a canteen that has enough lists.
pub(super) const TOO_MANY: &str = "Votre cantine a déjà cinquante listes\u{a0}: supprimez-en une d’abord.";

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    nom: String,
}

#[derive(Template)]
#[template(path = "favourites/lists.html")]
struct ListsPage {
    stove: Stove,
    /// Key, name and how many suppliers.
    lines: Vec<(i64, String, i64)>,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// `GET /cantine/{id}/listes`
#[handler]
pub(crate) async fn all(app: Data<&App>, stove: Stove, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, stove, Typed::default(), FieldErrors::default(), (frame, csrf)).await
}

async fn draw(
    app: &App,
    stove: Stove,
    typed: Typed,
    errors: FieldErrors,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let own = list::of_canteens(&app.db, &[stove.id]).await?;
    let sizes = list::sizes(&app.db, &own).await?;
    let size = |id: i64| sizes.get(&id).copied().unwrap_or_default();
    let lines = own.into_iter().map(|list| (list.id, list.name, size(list.id))).collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(private(page_with(status, &ListsPage { stove, lines, typed, errors, csrf, frame })?))
}

/// `POST /cantine/{id}/listes`
#[handler]
pub(crate) async fn open(
    app: Data<&App>,
    stove: Stove,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    match read_name(&typed.nom) {
        Err(sentence) => errors.add("nom", sentence),
        Ok(name) => {
            let now = app.clock.now();
            let txn = app.write().await?;
            match list::open(&txn, stove.id, &name, now).await? {
                Opened::New(opened) => {
                    let act = Act::new("a ouvert une liste de fournisseurs", format!("organisations/{}", stove.id));
                    audit::record(&txn, By::Person(stove.me.id), act, now).await?;
                    txn.commit().await?;
                    return Ok(see_other(&format!("{}/listes/{}?fait=liste", stove.path(), opened.id)));
                }
                Opened::Known(_) => errors.add("nom", "Une de vos listes porte déjà ce nom."),
                Opened::TooMany => errors.add("nom", TOO_MANY),
            }
        }
    }
    draw(&app, stove, typed, errors, (frame, csrf)).await
}
