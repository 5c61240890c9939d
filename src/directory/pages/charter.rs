//! Every piece of the pages in every state, drawn by the templates that the pages use: shown in the demonstration only.

use askama::Template;
use index::codes::{Certification, Family};
use poem::{Response, handler};

use super::offers::{Row, Table};
use super::proofs::Proof;
use super::results::radii;
use crate::app::App;
use crate::directory::card::{Card, DRAWN, Mark, Season};
use crate::directory::found::Found;
use crate::directory::query::Query;
use crate::directory::words;
use crate::suppliers;
use crate::web::{Error, Frame, Pages, Result, filters, page};

#[derive(Template)]
#[template(path = "directory/charter.html")]
struct Charter {
    query: Query,
    near_label: String,
    cards: Vec<Card>,
    seasons: Vec<Season>,
    marks: Vec<Mark>,
    proofs: Vec<Proof>,
    table: Table,
    pages: Pages,
    drawings: Vec<(&'static str, String)>,
    map_of: Option<String>,
    frame: Frame,
}

/// `GET /charte`
#[handler]
pub(crate) async fn charter(app: &App, frame: Frame) -> Result<Response> {
    if !app.config.demo {
        return Err(Error::NotFound);
    }
    let places = &app.places;
    let query =
        Query { near: Some("43157".to_owned()), radius_km: Some(30.0), q: "lentilles".to_owned(), ..Query::all() };
    let found = Found::find(app, &query, 2).await?;
    page(&Charter {
        near_label: query.commune(places).map(crate::places::Commune::label).unwrap_or_default(),
        cards: found.cards(app, &query.q),
        map_of: found.suppliers.first().map(|(hit, _)| hit.slug.clone()),
        seasons: seasons(app),
        marks: marks(),
        proofs: proofs(),
        table: table(app),
        pages: Pages::new(4, 20, 140, frame.uri()),
        drawings: drawings(app),
        query,
        frame,
    })
}

impl Charter {
    fn radii(&self) -> impl Iterator<Item = (u16, bool)> {
        radii(&self.query)
    }
}

fn seasons(app: &App) -> Vec<Season> {
    [0b1111_1000_0111, 0xFFF, 0b10_0000].into_iter().map(|mask| Season::new(mask, app.today())).collect()
}

fn marks() -> Vec<Mark> {
    vec![
        Mark::new(words::certification(Certification::Organic), suppliers::Proof::Proven),
        Mark::new(words::certification(Certification::Aop), suppliers::Proof::Declared),
        Mark::new(words::certification(Certification::Hve), suppliers::Proof::Expired),
    ]
}

fn proofs() -> Vec<Proof> {
    let mut said = [
        "Certificat n°\u{a0}114386, délivré par Ecocert, valable jusqu’au 31\u{a0}mars 2027.",
        "Déclaré par le fournisseur, sans certificat vérifiable.",
        "Certificat n°\u{a0}HVE-4301-77, délivré par Ocacia, expiré depuis le 30\u{a0}juin 2026. Il ne compte plus comme signe de qualité.",
    ]
    .into_iter();
    let signs = [Certification::Organic, Certification::Aop, Certification::Hve];
    let proof = |(mark, sign): (Mark, Certification)| Proof {
        mark: Mark { label: words::certification_in_full(sign), ..mark },
        sentence: said.next().unwrap_or_default().to_owned(),
        link: None,
    };
    marks().into_iter().zip(signs).map(proof).collect()
}

fn table(app: &App) -> Table {
    let row = |name: &str, marks, packaging: Option<&str>, price: Option<(&str, &str)>, mask| Row {
        name: name.to_owned(),
        marks,
        packaging: packaging.map(str::to_owned),
        volume: None,
        price: price.map(|(price, unit)| (price.to_owned(), unit.to_owned())),
        season: Season::new(mask, app.today()),
    };
    let rows = vec![
        row("Lentilles vertes du Puy", marks(), Some("sac de 25 kg"), Some(("4,20\u{a0}€", "\u{a0}le\u{a0}kg")), 0xFFF),
        row("Pommes de terre Agata", Vec::new(), Some("filet de 10 kg"), None, 0b1111_1000_0111),
        row("Fraises", Vec::new(), None, Some(("7,50\u{a0}€", " par plateau de 12 barquettes")), 0b1_1111_0000),
    ];
    let family = Family::FruitAndVegetables;
    Table { family: words::family(family), picture: words::family_picture(family), rows }
}

fn drawings(app: &App) -> Vec<(&'static str, String)> {
    let families = Family::ALL.iter().map(|family| (words::family_picture(*family), words::family(*family).to_owned()));
    let lexicon = app.index.lexicon();
    let name = |code: &str| lexicon.by_code(code).map(|id| words::capitalised(&lexicon.product(id).singular));
    families.chain(DRAWN.iter().map(|(code, picture)| (*picture, name(code).unwrap_or_default()))).collect()
}
