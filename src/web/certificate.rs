//! Sheets that say who was there, one for each, to print: the same after whatever people came to.

use askama::Template;
use poem::Response;

use super::{
    error::Result,
    filters,
    page::{Frame, page, private},
};

/// Sheets that say who was there.
#[derive(Template)]
#[template(path = "certificates.html")]
pub struct Certificates {
    /// Where one came from: address and name.
    pub back: (String, &'static str),
    /// The sheets, in the order in which they are printed.
    pub sheets: Vec<Certificate>,
    /// Why there is none.
    pub why: &'static str,
    /// Where they were.
    pub occasion: Occasion,
    /// The frame of the page.
    pub frame: Frame,
}

/// What all sheets say.
#[derive(Debug)]
pub struct Occasion {
    /// What people came to: « à la visite de ferme ».
    pub at: &'static str,
    /// What it was called.
    pub title: String,
    /// « jeudi 20 mai 2027 »
    pub day: String,
    /// « de 9 h 30 à 12 h », when it is known.
    pub hours: Option<String>,
    /// Where; may be empty.
    pub place: String,
    /// The day on which the sheets are made.
    pub made_on: String,
}

/// A sheet.
#[derive(Debug)]
pub struct Certificate {
    /// Who was there.
    pub person: String,
    /// For whom; may be empty.
    pub organisation: String,
    /// One more sentence: with how many, how many appointments were kept.
    pub also: Option<String>,
}

impl Certificates {
    /// The page with the sheets, or with the reason why there is none.
    ///
    /// # Errors
    /// When it cannot be drawn.
    pub fn drawn(&self) -> Result<Response> {
        Ok(private(page(self)?))
    }
}
