//! The page of results: what was asked, what narrows it, who answers, on a list or on a map.

use askama::Template;
use index::Lexicon;
use index::codes::Sense;
use index::request::{Answer, Sort, Understood};
use poem::web::Data;
use poem::{Response, handler};

use super::chips::{Chip, chips, firm_sign};
use super::doubts::{Doubt, doubt};
use super::facets::{Choice, Group, delivers, groups};
use super::help::{Way, ways};
use super::kitchen::{FromKitchen, from_kitchens};
use super::print::{print, refuse};
use super::standing::{OwnForm, written};
use super::structured;
use crate::app::App;
use crate::directory::card::Card;
use crate::directory::found::Found;
use crate::directory::query::{OWN_POSITION, Problem, Query};
use crate::directory::words;
use crate::places::Commune;
use crate::suppliers::{Weekday, Word};
use crate::web::{Csrf, Frame, Pages, Result, filters, french, page, private};

/// Where the search lives.
pub const PATH: &str = "/annuaire";

/// `GET /annuaire`
#[handler]
pub(crate) async fn results(app: Data<&App>, OwnForm(own): OwnForm, frame: Frame) -> Result<Response> {
    let text = frame.uri().query().unwrap_or_default().to_owned();
    let (query, problems) = Query::read(&text, &app.places, app.index.lexicon(), &app.config.territory);
    if query.print {
        refuse(&problems)?;
        let limits = chips(&app, &query, &search(&app, &query)).into_iter().map(|chip| chip.label).collect();
        return print(&app, frame, &query, limits).await;
    }
    let mut view = Results::find(&app, frame, query, problems).await?;
    let Some((person, csrf)) = own else { return page(&view) };
    view.kitchens = from_kitchens(&app, &person, &view.query).await?;
    if view.problems.is_empty() {
        view.news = Some((written(&app, &view.query), csrf));
    }
    Ok(private(page(&view)?))
}

#[derive(Template)]
#[template(path = "directory/results.html")]
struct Results {
    frame: Frame,
    query: Query,
    heading: String,
    near_label: String,
    problems: Vec<Problem>,
    chips: Vec<Chip>,
    clear: String,
    groups: Vec<Group>,
    delivers: Option<Choice>,
    total: usize,
    cards: Vec<Card>,
    pages: Pages,
    ways: Vec<Way>,
    correction: Option<(String, String)>,
    doubt: Option<Doubt>,
    firm_sign: Option<(String, String)>,
    asks_nothing: bool,
    list: String,
    map: String,
    csv: String,
    xlsx: String,
    geojson: String,
    print: String,
    hidden: Vec<(&'static str, String)>,
    json_ld: String,
    center: Option<String>,
    /// Kilometres around a place that was not given.
    radius_waits: Option<String>,
    tiles: Option<(String, String)>,
    building: bool,
    /// The same search from one's own kitchens.
    kitchens: Vec<FromKitchen>,
    /// The search as one asks for its news, and the token of that form, for whoever is signed in.
    news: Option<(String, Csrf)>,
}

impl Results {
    async fn find(app: &App, frame: Frame, mut query: Query, problems: Vec<Problem>) -> Result<Self> {
        let (lexicon, places) = (app.index.lexicon(), &app.places);
        let mut answer = search(app, &query);
        if answer.hits.is_empty() && answer.total > 0 {
            // A link to a page that the list no longer has shows its last one.
            query.page = answer.total.div_ceil(query.per_page);
            answer = search(app, &query);
        }
        note_unanswered(app, &query, &answer);
        let found = Found::of(app, &query, answer.clone()).await?;
        let commune = query.commune(places);
        let center = query.point.or_else(|| found.kitchen?.point);
        let from_empty = query.with(|q| {
            let ignore = senses(&answer.understood, &q.ignore);
            *q = Query { q: q.q.clone(), page: 1, per_page: q.per_page, map: q.map, ignore, ..Query::default() };
        });
        let map_link = |map: bool| query.with(|q| q.map = map).link(PATH, lexicon);
        let export = |path: &str| query.with(|q| q.map = false).link(path, lexicon);
        Ok(Self {
            heading: heading(&query, commune),
            near_label: near_label(&query, commune),
            chips: chips(app, &query, &answer),
            clear: from_empty.link(PATH, lexicon),
            groups: groups(app, &query, &answer),
            delivers: delivers(app, &query, found.kitchen, answer.total),
            total: answer.total,
            cards: found.cards(app, &query.q),
            pages: Pages::new(query.page as u64, query.per_page as u64, answer.total as u64, frame.uri()),
            ways: if answer.total == 0 { ways(app, &query, &answer) } else { Vec::new() },
            correction: answer.correction.clone().map(|text| {
                let link = query.with(|q| q.q.clone_from(&text)).link(PATH, lexicon);
                (text, link)
            }),
            doubt: doubt(app, &query, &answer),
            firm_sign: firm_sign(app, &query, &answer),
            asks_nothing: answer.understood.asks_nothing,
            list: map_link(false),
            map: map_link(true),
            csv: export("/annuaire.csv"),
            xlsx: export("/annuaire.xlsx"),
            geojson: export("/annuaire.geojson"),
            print: query.with(|q| (q.map, q.print) = (false, true)).link(PATH, lexicon),
            hidden: hidden(&query, lexicon),
            json_ld: structured::results(&answer, &heading(&query, commune), &frame),
            center: center.map(|point| format!("{},{}", point.lon, point.lat)),
            radius_waits: query.radius_km.filter(|_| center.is_none() && problems.is_empty()).map(french::decimal),
            tiles: app.config.map_tiles(),
            building: app.index.is_empty(),
            kitchens: Vec::new(),
            news: None,
            problems,
            frame,
            query,
        })
    }

    fn counted(&self) -> String {
        words::suppliers(self.total)
    }

    fn summary(&self) -> String {
        format!("{}, {}. Distance, saisons, livraison et preuves, fiche par fiche.", self.counted(), self.frame.place())
    }

    fn range(&self) -> (u64, u64) {
        let first = self.pages.offset() + 1;
        (first, first + self.cards.len() as u64 - 1)
    }

    fn active(&self) -> usize {
        self.chips.len()
    }

    fn radii(&self) -> impl Iterator<Item = (u16, bool)> {
        radii(&self.query)
    }

    fn months(&self) -> impl Iterator<Item = (u16, &'static str, bool)> {
        (1..).zip(french::MONTHS).map(|(number, name)| (number, name, self.query.months.contains(&number)))
    }

    fn days(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        Weekday::WORDS.iter().map(|(day, code, name)| (*code, *name, self.query.delivery_days.contains(day)))
    }

    fn sorts(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        let placed = self.center.is_some();
        let all = [
            (Sort::Relevance, "relevance", "pertinence"),
            (Sort::Distance, "distance", "distance"),
            (Sort::Name, "name", "nom"),
            (Sort::Freshness, "freshness", "fiches récentes"),
        ];
        let chosen = self.query.sort.unwrap_or_default();
        all.into_iter()
            .filter(move |(sort, ..)| placed || *sort != Sort::Distance)
            .map(move |(sort, code, label)| (code, label, sort == chosen))
    }
}

/// Every reading of the words, with those already taken away: what « Tout effacer » takes away.
fn senses(understood: &Understood, already: &[Sense]) -> Vec<Sense> {
    let read = [
        (Sense::Commune, understood.commune.is_some()),
        (Sense::Certification, understood.certification.is_some()),
        (Sense::Month, understood.months != 0),
        (Sense::DeliveryDay, understood.delivery_days != 0),
    ];
    read.into_iter().filter(|(sense, read)| *read || already.contains(sense)).map(|(sense, _)| sense).collect()
}

/// Parameters that the form shows as fields of its own.
const SHOWN: [&str; 11] = [
    "q",
    "near",
    "radius_km",
    "delivers_to",
    "delivery_day",
    "family",
    "certification",
    "kind",
    "month",
    "sort",
    "page",
];

/// What the form does not show but must carry, or refining a search would widen it.
fn hidden(query: &Query, lexicon: &Lexicon) -> Vec<(&'static str, String)> {
    let further_months = query.months.iter().skip(1).map(|month| ("month", month.to_string()));
    let further_days = query.delivery_days.iter().skip(1).map(|day| ("delivery_day", day.code().to_owned()));
    let unseen = query.pairs(lexicon).into_iter().filter(|(name, _)| !SHOWN.contains(name));
    let words = (!query.ignore.is_empty()).then(|| ("without_for", query.q.clone()));
    let unseen = unseen.chain(words);
    unseen.chain(further_months).chain(further_days).collect()
}

/// Radii to choose from, and whether each is chosen.
pub(super) fn radii(query: &Query) -> impl Iterator<Item = (u16, bool)> + use<> {
    let chosen = query.radius_km;
    let usual = [10, 20, 30, 50, 100];
    let own =
        chosen.map(f64::round).filter(|km| !usual.iter().any(|u| (f64::from(*u) - km).abs() < 0.5) && *km < 1000.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
    let own = own.map(|km| (km as u16, true));
    usual.into_iter().map(move |km| (km, chosen.is_some_and(|c| (c - f64::from(km)).abs() < 0.5))).chain(own)
}

/// Counts a search that found nobody: what is missing in the territory. Only in memory, reading writes nothing.
fn note_unanswered(app: &App, query: &Query, answer: &Answer) {
    let is_said = query.page == 1 && !answer.understood.asks_nothing && app.index.is_built();
    if answer.total > 0 || !is_said {
        return;
    }
    let lexicon = app.index.lexicon();
    let product = answer.understood.products.first().or(query.products.first()).map(|&id| lexicon.product(id));
    let family = match query.families[..] {
        [only] => Some(only),
        _ => product.map(|product| product.family),
    };
    app.limits.unanswered().note(&query.q, product.map(|product| product.code.as_str()), family);
}

fn search(app: &App, query: &Query) -> Answer {
    app.index.search(&query.request(&app.places, app.today()))
}

/// What the page is about.
pub(super) fn heading(query: &Query, commune: Option<&Commune>) -> String {
    let near = commune.map(|c| format!(" près {}", words::of_place(&c.name))).unwrap_or_default();
    let mut letters = query.q.chars();
    match letters.next() {
        Some(first) => format!("{}{}{near}", first.to_uppercase(), letters.as_str()),
        None if near.is_empty() => "Tous les fournisseurs".to_owned(),
        None => format!("Fournisseurs{near}"),
    }
}

/// What stands in the box of the commune.
pub(super) fn near_label(query: &Query, commune: Option<&Commune>) -> String {
    commune
        .map(Commune::label)
        .or_else(|| query.point.map(|_| OWN_POSITION.to_owned()))
        .unwrap_or_else(|| query.near_text.clone())
}
