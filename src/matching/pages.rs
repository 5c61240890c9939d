//! Who suits a canteen, and which canteens a supplier suits.

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};

use super::facts::{self, need, suited_kitchens, suited_suppliers};
use super::score::{Match, Supply};
use super::words::{NAMED, named, products, round, wanted};
use crate::app::App;
use crate::canteens::pages::Stove;
use crate::suppliers::load_many;
use crate::suppliers::pages::desk::Desk;
use crate::web::{Frame, Pages, Result, filters, french, page, private, see_other};

/// Matches on a page.
const SHOWN: usize = 30;

#[derive(Template)]
#[template(path = "matching/suppliers.html")]
struct SuppliersPage {
    stove: Stove,
    lines: Vec<Line>,
    pages: Pages,
    /// Lines of the list that nobody answers.
    unanswered: Vec<String>,
    has_list: bool,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "matching/kitchens.html")]
struct KitchensPage {
    desk: Desk,
    lines: Vec<Line>,
    pages: Pages,
    is_public: bool,
    frame: Frame,
}

/// One that suits, and why.
struct Line {
    name: String,
    /// Address of its page, when it has one.
    href: Option<String>,
    place: String,
    /// What it has, or looks for: words, whether proven, whether in season.
    products: Vec<String>,
    more: usize,
    facts: Vec<String>,
}

/// `GET /cantine/{id}/suggestions`
#[handler]
pub(crate) async fn suppliers(app: Data<&App>, stove: Stove, frame: Frame) -> Result<Response> {
    let Some(kitchen) = stove.kitchen.clone() else { return Ok(see_other(&stove.path())) };
    let need = need(&kitchen, app.index.lexicon());
    let found = suited_suppliers(&app.db, &app, &kitchen).await?;
    let answered = |at: usize| found.iter().any(|(found, ..)| found.reasons.iter().any(|why| why.want == at));
    let unanswered = (0..need.wants.len()).filter(|&at| !answered(at)).map(|at| need.wants[at].name.clone());
    let line = |(found, listing, supply): &(Match, crate::suppliers::Listing, Supply)| {
        let commune = app.places.commune(&listing.supplier.insee_code);
        let near = format!("?near={}", kitchen.canteen.insee_code);
        Line {
            name: listing.supplier.name.clone(),
            href: Some(format!("/annuaire/{}{near}", listing.supplier.slug)),
            place: commune.map(|commune| commune.name.clone()).unwrap_or_default(),
            products: products(found, &need, supply),
            more: named(found).count().saturating_sub(NAMED),
            facts: round(supply, need.days, "vous livre"),
        }
    };
    let pages = Pages::asked(frame.uri(), SHOWN as u64, found.len() as u64);
    let view = SuppliersPage {
        lines: shown(&found, &pages).map(line).collect(),
        pages,
        unanswered: unanswered.collect(),
        has_list: !need.wants.is_empty(),
        stove,
        frame,
    };
    Ok(private(page(&view)?))
}

/// `GET /fiche/{id}/cantines`
#[handler]
pub(crate) async fn kitchens(app: Data<&App>, desk: Desk, frame: Frame) -> Result<Response> {
    let listing = match desk.draft.supplier_id {
        Some(id) => load_many(&app.db, &[id]).await?.pop().filter(|listing| listing.supplier.is_public()),
        None => None,
    };
    let all = facts::kitchens(&app.db).await?;
    let found = listing.as_ref().map(|listing| suited_kitchens(&app, listing, &all)).unwrap_or_default();
    let line = |(found, kitchen, supply): &(Match, &crate::canteens::Kitchen, Supply)| {
        let commune = app.places.commune(&kitchen.canteen.insee_code);
        let need = need(kitchen, app.index.lexicon());
        let meals = kitchen.canteen.daily_meal_count.and_then(|count| u64::try_from(count).ok());
        let meals = meals.map(|count| format!("{} repas par jour", french::number(count)));
        Line {
            name: kitchen.name.clone(),
            href: None,
            place: commune.map(|commune| commune.name.clone()).unwrap_or_default(),
            products: wanted(found, &need),
            more: found.reasons.len().saturating_sub(NAMED),
            facts: meals.into_iter().chain(round(supply, need.days, "vous y livrez")).collect(),
        }
    };
    let pages = Pages::asked(frame.uri(), SHOWN as u64, found.len() as u64);
    let view = KitchensPage {
        lines: shown(&found, &pages).map(line).collect(),
        pages,
        is_public: listing.is_some(),
        desk,
        frame,
    };
    Ok(private(page(&view)?))
}

/// Those of a page.
fn shown<'a, T>(found: &'a [T], pages: &Pages) -> impl Iterator<Item = &'a T> + use<'a, T> {
    let before = usize::try_from(pages.offset()).unwrap_or(usize::MAX);
    found.iter().skip(before).take(SHOWN)
}
