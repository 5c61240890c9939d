//! The home page: the search box, what is in season, the families, how it works.

use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use chrono::{Datelike, NaiveDate};
use index::ProductId;
use index::codes::Family;
use poem::{Response, handler};

use super::facets::count;
use super::results::{PATH, radii};
use super::structured;
use crate::app::App;
use crate::directory::card::DRAWN;
use crate::directory::query::Query;
use crate::directory::words;
use crate::farm_visits::{self, Announced};
use crate::places::Commune;
use crate::speed_meetings::{self, Edition};
use crate::web::{Frame, Result, filters, french, page};

/// Tiles of what is in season, at most.
const IN_SEASON: usize = 12;
/// Visits of farms, at most.
const VISITS: u64 = 3;
/// Searches offered as examples.
const EXAMPLES: usize = 3;

/// `GET /`
#[handler]
pub(crate) async fn home(app: &App, frame: Frame) -> Result<Response> {
    let meeting = speed_meetings::coming(&app.db, app.today(), 1).await?.pop();
    let visits = farm_visits::coming(app, None, VISITS).await?;
    page(&Home::new(app, meeting, visits, frame))
}

#[derive(Template)]
#[template(path = "directory/home.html")]
struct Home {
    title: &'static str,
    summary: String,
    query: Query,
    near_label: String,
    total: usize,
    month: &'static str,
    offered: Arc<Offered>,
    /// The next speed meeting.
    meeting: Option<Edition>,
    /// The next visits of farms.
    visits: Vec<Announced>,
    json_ld: String,
    frame: Frame,
}

/// A picture that leads to a search.
struct Tile {
    href: String,
    picture: &'static str,
    label: String,
    count: String,
}

/// What the home page offers to search for. It takes some twenty searches and is the same for everybody until a listing
/// changes or a day begins, so it is kept.
struct Offered {
    examples: Vec<(String, String)>,
    in_season: Vec<Tile>,
    families: Vec<Tile>,
}

/// Which index, on which day.
type Moment = (u64, NaiveDate);

static KEPT: Mutex<Option<(Moment, Arc<Offered>)>> = Mutex::new(None);

impl Offered {
    fn now(app: &App) -> Arc<Self> {
        let moment = (app.index.generation(), app.today());
        let kept = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(offered) = kept().as_ref().filter(|(at, _)| *at == moment).map(|(_, offered)| Arc::clone(offered)) {
            return offered;
        }
        let offered = Arc::new(Self { examples: examples(app), in_season: in_season(app), families: families(app) });
        *kept() = Some((moment, Arc::clone(&offered)));
        offered
    }
}

impl Home {
    fn new(app: &App, meeting: Option<Edition>, visits: Vec<Announced>, frame: Frame) -> Self {
        Self {
            title: "Producteurs locaux et bio pour les cantines",
            summary: summary(app, &frame),
            query: Query::all(),
            near_label: String::new(),
            total: app.index.len(),
            month: french::MONTHS[app.today().month0() as usize],
            offered: Offered::now(app),
            meeting,
            visits,
            json_ld: structured::site(&frame),
            frame,
        }
    }

    fn radii(&self) -> impl Iterator<Item = (u16, bool)> {
        radii(&self.query)
    }

    fn counted(&self) -> String {
        words::suppliers(self.total)
    }

    /// `En Haute-Loire`, to begin a sentence.
    fn place_first(&self) -> String {
        words::capitalised(self.frame.place())
    }
}

/// What a search engine shows of the site.
fn summary(app: &App, frame: &Frame) -> String {
    let who = match app.index.len() {
        0 => "Des producteurs, artisans et grossistes".to_owned(),
        n => words::suppliers(n),
    };
    let place = frame.place();
    format!("{who} pour les cantines {place}\u{a0}: produits, saisons, prix, preuves de qualité, zones de livraison.")
}

/// Products in season this month, by our calendar and by somebody's offer, those with most suppliers first.
fn in_season(app: &App) -> Vec<Tile> {
    let lexicon = app.index.lexicon();
    let month = app.today().month0();
    let drawn = DRAWN.iter().filter_map(|(code, picture)| Some((lexicon.by_code(code)?, *picture)));
    let now = drawn.filter(|(id, _)| lexicon.product(*id).months & (1 << month) != 0);
    let mut found: Vec<(usize, ProductId, &str, Query)> = now
        .map(|(id, picture)| {
            let query = Query { products: vec![id], months: vec![this_month(app)], ..Query::all() };
            (count(app, &query), id, picture, query)
        })
        .filter(|(suppliers, ..)| *suppliers > 0)
        .collect();
    found.sort_by_key(|(suppliers, id, ..)| (std::cmp::Reverse(*suppliers), *id));
    let tile = |(suppliers, id, picture, query): (usize, ProductId, &'static str, Query)| Tile {
        href: query.link(PATH, lexicon),
        picture,
        label: words::capitalised(&words::goods(lexicon.product(id))),
        count: words::suppliers(suppliers),
    };
    found.into_iter().take(IN_SEASON).map(tile).collect()
}

fn this_month(app: &App) -> u16 {
    u16::try_from(app.today().month()).unwrap_or(1)
}

fn families(app: &App) -> Vec<Tile> {
    let request = Query::all().request(&app.places, app.today());
    let counts = app.index.search(&index::Request { limit: 0, ..request }).facets.families;
    let with_counts = Family::ALL.iter().zip(counts).filter(|(_, suppliers)| *suppliers > 0);
    let tile = |(family, suppliers): (&Family, u32)| Tile {
        href: Query { families: vec![*family], ..Query::all() }.link(PATH, app.index.lexicon()),
        picture: words::family_picture(*family),
        label: words::family(*family).to_owned(),
        count: words::suppliers(suppliers as usize),
    };
    with_counts.map(tile).collect()
}

/// Searches that find somebody, and how they read.
fn examples(app: &App) -> Vec<(String, String)> {
    let town = app.places.communes_of_department(&app.config.territory).max_by_key(|commune| commune.population);
    let near = |what: &str| town.map(|Commune { name, .. }| format!("{what} près {}", words::of_place(name)));
    let next = app.today().month() as usize % 12;
    let said = |q: &str| (q.to_owned(), Query { q: q.to_owned(), ..Query::all() });
    let mut tries: Vec<(String, Query)> = Vec::new();
    tries.extend(near("lentilles").as_deref().map(said));
    tries.extend([said("yaourt bio"), later("pommes de terre", next)]);
    tries.extend(near("œufs").as_deref().map(said));
    tries.extend([later("poireaux", next), said("pain bio"), said("bœuf"), said("fromage"), said("miel")]);
    let works = tries.into_iter().filter(|(_, query)| count(app, query) > 0);
    works.take(EXAMPLES).map(|(label, query)| (label, query.link(PATH, app.index.lexicon()))).collect()
}

/// `q` in the month after this one; `next` counts from 0.
fn later(q: &str, next: usize) -> (String, Query) {
    let months = vec![u16::try_from(next + 1).unwrap_or(1)];
    (format!("{q} en {}", french::MONTHS[next]), Query { q: q.to_owned(), months, ..Query::all() })
}
