//! Logo and colour, and how they look.

use askama::Template;
use poem::{Response, handler, http::StatusCode};

use super::{Tab, tabs};
use crate::accounts::Organiser;
use crate::app::App;
use crate::config::{Colour, Palette, Shades};
use crate::territory::section::{APPEARANCE, COLOUR, fingerprint};
use crate::territory::settings::{self, Settings};
use crate::web::{Csrf, FieldErrors, Frame, Result, filters, page_with, private};

#[derive(Template)]
#[template(path = "territory/appearance.html")]
pub(super) struct AppearancePage {
    tabs: Vec<Tab>,
    /// The colour as it was typed.
    typed: String,
    /// What the browser's own palette shows.
    picked: Colour,
    /// Shades of what was typed.
    palette: Palette,
    /// A readable shade near what was typed, and its shades.
    proposed: Option<(Colour, Palette)>,
    pub(super) errors: FieldErrors,
    pub(super) meanwhile: Meanwhile,
    pub(super) colour_seen: String,
    /// Version of the logo; empty without one.
    logo_seen: String,
    logo_size: (i16, i16),
    csrf: Csrf,
    frame: Frame,
}

/// What somebody else saved since the page was shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Meanwhile {
    #[default]
    Nothing,
    /// Another colour; may be empty.
    Colour(String),
    Logo,
}

/// `GET /organisation/reglages/apparence`
#[handler]
pub(crate) async fn show(app: &App, _: Organiser, frame: Frame, csrf: Csrf) -> Result<Response> {
    let saved = settings::current(&app.db).await?;
    AppearancePage::new(&saved, frame, csrf).draw(StatusCode::OK)
}

impl AppearancePage {
    pub(super) fn new(saved: &Settings, frame: Frame, csrf: Csrf) -> Self {
        let mut view = Self {
            tabs: tabs(APPEARANCE),
            typed: String::new(),
            picked: Palette::default().day.main,
            palette: Palette::default(),
            proposed: None,
            errors: FieldErrors::default(),
            meanwhile: Meanwhile::Nothing,
            colour_seen: fingerprint(&COLOUR, saved),
            logo_seen: saved.logo_version(),
            logo_size: (saved.logo_width.unwrap_or_default(), saved.logo_height.unwrap_or_default()),
            csrf,
            frame,
        };
        view.show_colour(saved.colour.clone());
        view
    }

    pub(super) fn show_colour(&mut self, typed: String) {
        if let Ok(colour) = typed.parse() {
            self.picked = colour;
            self.palette = Palette::of(colour);
        }
        self.typed = typed;
    }

    pub(super) fn propose(&mut self, near: Option<Colour>) {
        self.proposed = near.map(|colour| (colour, Palette::of(colour)));
    }

    /// What a specimen shows side by side, by day and by night: paper, ink and shades.
    fn halves(palette: &Palette) -> impl Iterator<Item = (&'static str, &'static str, Shades)> + use<> {
        [("#fbf8f1", "#1f2a24", palette.day), ("#141a16", "#ebefe7", palette.night)].into_iter()
    }

    pub(super) fn draw(self, status: StatusCode) -> Result<Response> {
        Ok(private(page_with(status, &self)?))
    }
}
