//! The main colour.

use poem::{Response, handler, http::StatusCode};
use serde::Deserialize;

use super::appearance::{AppearancePage, Meanwhile};
use crate::accounts::Organiser;
use crate::app::App;
use crate::audit::By;
use crate::config::{Colour, Palette, READABLE};
use crate::territory::section::{APPEARANCE, COLOUR};
use crate::territory::settings::{self, Saved};
use crate::web::{Csrf, Form, Frame, Result, french, see_other};

/// What was typed of the colour: in words, or with the palette of the browser.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct TypedColour {
    couleur: String,
    pastille: String,
    /// What both showed.
    montree: String,
    vu: String,
}

/// `POST /organisation/reglages/apparence/couleur`
#[handler]
pub(crate) async fn choose(
    app: &App,
    Organiser(person): Organiser,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<TypedColour>,
) -> Result<Response> {
    let said = typed.said().to_owned();
    let value = match readable(&said) {
        Ok(value) => value,
        Err(wrong) => {
            let mut view = AppearancePage::new(&settings::current(&app.db).await?, frame, csrf);
            view.errors.add("couleur", wrong.sentence());
            view.propose(wrong.near());
            view.show_colour(said);
            view.colour_seen = typed.vu;
            return view.draw(StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let txn = app.write().await?;
    let saved = settings::save(&txn, &COLOUR, &[value], &typed.vu, By::Person(person.id), app.clock.now()).await?;
    txn.commit().await?;
    if let Saved::Meanwhile(current) = saved {
        let mut view = AppearancePage::new(&current, frame, csrf);
        view.meanwhile = Meanwhile::Colour(current.colour);
        view.show_colour(said);
        return view.draw(StatusCode::CONFLICT);
    }
    settings::refresh(app).await?;
    Ok(see_other(&format!("{APPEARANCE}?fait=couleur")))
}

impl TypedColour {
    /// Without scripts the two fields do not follow each other: the one that was changed counts, and words before the palette.
    fn said(&self) -> &str {
        let shown = self.montree.parse().unwrap_or(Palette::default().day.main).to_string();
        let picked = !self.pastille.is_empty() && self.pastille != shown && self.couleur.trim() == self.montree;
        if picked { &self.pastille } else { self.couleur.trim() }
    }
}

/// Why a colour is not taken.
enum WrongColour {
    /// It is none.
    Unknown,
    /// It cannot be read on our papers.
    Light(Colour),
}

/// The colour to keep; empty for ours.
fn readable(said: &str) -> std::result::Result<String, WrongColour> {
    if said.is_empty() {
        return Ok(String::new());
    }
    let colour: Colour = said.parse().map_err(|_| WrongColour::Unknown)?;
    if colour.is_readable() { Ok(colour.to_string()) } else { Err(WrongColour::Light(colour)) }
}

impl WrongColour {
    fn sentence(&self) -> String {
        match self {
            Self::Unknown => {
                "Écrivez la couleur comme votre charte graphique la donne\u{a0}: # et six chiffres ou lettres de a à f, par exemple #1e5b3e.".to_owned()
            }
            Self::Light(colour) => format!(
                "Cette couleur est trop claire\u{a0}: sur le papier du site, son contraste est de {}\u{a0}pour 1, et il en faut {} pour que chacun puisse lire.",
                tenths(colour.on_paper()),
                french::decimal(READABLE)
            ),
        }
    }

    /// A shade near it that would be taken.
    fn near(&self) -> Option<Colour> {
        if let Self::Light(colour) = self { Some(colour.readable()) } else { None }
    }
}

/// Rounded down: a contrast of 4.48 is not 4.5.
fn tenths(contrast: f64) -> String {
    french::decimal((contrast * 10.0).floor() / 10.0)
}
