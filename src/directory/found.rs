//! All that a search finds, for downloads and for print, with what the database knows of each.

use std::collections::HashMap;

use index::request::{Answer, Hit};
use poem::http::StatusCode;

use super::card::Card;
use super::query::Query;
use crate::app::App;
use crate::places::Commune;
use crate::suppliers::{self, Listing, slug};
use crate::web::{Error, Result};

/// Suppliers found, in their order.
pub(super) struct Found<'a> {
    /// How many answer, even those beyond the limit.
    pub total: usize,
    /// Each with its listing; whoever left the directory a moment ago is left out.
    pub suppliers: Vec<(Hit, Listing)>,
    /// The commune distances start from, asked for or read in the words.
    pub kitchen: Option<&'a Commune>,
}

/// Asks the engine for the first `most` suppliers instead of one page.
#[must_use]
pub(super) fn answer(app: &App, query: &Query, most: usize) -> Answer {
    let mut request = query.request(&app.places, app.today());
    (request.offset, request.limit) = (0, most);
    app.index.search(&request)
}

/// Refuses to take an index that is not built yet for an empty directory: a file or a program would keep that answer.
///
/// # Errors
/// 503 until the index is built.
pub(super) fn built(app: &App) -> Result<()> {
    if app.index.is_built() {
        return Ok(());
    }
    let sentence = "L’annuaire se prépare : les fiches sont en cours de lecture. Réessayez dans quelques secondes.";
    Err(Error::Refused { status: StatusCode::SERVICE_UNAVAILABLE, sentence: sentence.into() })
}

impl<'a> Found<'a> {
    /// The first `most` suppliers found.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn find(app: &'a App, query: &Query, most: usize) -> Result<Self> {
        Self::of(app, query, answer(app, query, most)).await
    }

    /// The suppliers of an answer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn of(app: &'a App, query: &Query, answer: Answer) -> Result<Self> {
        let ids: Vec<i64> = answer.hits.iter().map(|hit| hit.id).collect();
        let listings = suppliers::load_many(&app.db, &ids).await?;
        let mut listings: HashMap<i64, Listing> = listings
            .into_iter()
            .filter(|listing| listing.supplier.is_public())
            .map(|listing| (listing.supplier.id, listing))
            .collect();
        let named = answer.understood.commune.as_ref().and_then(|(code, _)| app.places.commune(code));
        let suppliers = answer.hits.into_iter().filter_map(|hit| {
            let listing = listings.remove(&hit.id)?;
            Some((hit, listing))
        });
        Ok(Self { total: answer.total, suppliers: suppliers.collect(), kitchen: query.commune(&app.places).or(named) })
    }

    /// Each as a card, for the words `q`.
    #[must_use]
    pub(super) fn cards(&self, app: &App, q: &str) -> Vec<Card> {
        let card = |(hit, listing): &(Hit, Listing)| {
            Card::new(hit, listing, self.kitchen, q, &app.places, app.index.lexicon(), app.today())
        };
        self.suppliers.iter().map(card).collect()
    }
}

/// A name for the file of a search: `fournisseurs-lentilles-le-puy-en-velay-2027-03-16.csv`.
#[must_use]
pub(super) fn file_name(app: &App, query: &Query, extension: &str) -> String {
    let place = query.commune(&app.places).map(|commune| commune.name.as_str()).unwrap_or_default();
    let words = slug(&format!("fournisseurs {} {place}", query.q));
    format!("{words}-{}.{extension}", app.today())
}
