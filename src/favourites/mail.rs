//! The weekly mail of this room, drawn when it is decided.

use std::collections::HashSet;

use askama::Template;
use chrono::NaiveDate;
use sea_orm::DatabaseTransaction;

use super::digest::News;
use crate::accounts::Person;
use crate::app::App;
use crate::directory::address;
use crate::mail::suppression::{Category, OptionalMail, digest_of, enqueue_optional};
use crate::mail::{Content, EmailAddress, Letterhead, NotEnqueued};
use crate::web::french;

/// Suppliers named of one search.
const NAMED: usize = 10;

/// What the mail tells.
struct Told {
    /// How many suppliers are new, each counted once.
    count: usize,
    searches: Vec<Found>,
    /// Where the searches are managed.
    own: String,
    /// Where one gets no more of it.
    way_out: String,
}

/// What is new in one search.
struct Found {
    name: String,
    link: String,
    /// Name, commune and address of each.
    suppliers: Vec<(String, String, String)>,
    /// How many there are besides.
    more: usize,
}

#[derive(Template)]
#[template(path = "favourites/mail/digest/subject.txt")]
struct DigestSubject<'a> {
    head: &'a Letterhead,
    told: &'a Told,
}

#[derive(Template)]
#[template(path = "favourites/mail/digest/body.txt")]
struct DigestText<'a> {
    head: &'a Letterhead,
    told: &'a Told,
}

#[derive(Template)]
#[template(path = "favourites/mail/digest/body.html")]
struct DigestHtml<'a> {
    head: &'a Letterhead,
    told: &'a Told,
}

/// Tells a person what is new in her searches, at most once a day; false when she does not want it, or had it today.
///
/// # Errors
/// When the mail cannot be made or written down.
pub(super) async fn digest(
    txn: &DatabaseTransaction,
    app: &App,
    person: &Person,
    news: &[News],
    today: NaiveDate,
) -> Result<bool, NotEnqueued> {
    let to = &EmailAddress::parse(&person.email).map_err(|_| NotEnqueued::Address)?;
    let (about, version) = digest_of(person.id, today);
    let mail = OptionalMail { category: Category::Digest, about, version, useful_until: None };
    enqueue_optional(txn, app, to, mail, |head, way_out| draw(head, &told(app, news, way_out))).await
}

fn told(app: &App, news: &[News], way_out: &str) -> Told {
    let site = app.config.public_url();
    let found = |news: &News| {
        let named = news.suppliers.iter().take(NAMED).map(|supplier| {
            let commune = app.places.commune(&supplier.insee_code);
            let commune = commune.map(|commune| french::typographic(&commune.name)).unwrap_or_default();
            (supplier.name.clone(), commune, format!("{site}/annuaire/{}", supplier.slug))
        });
        Found {
            name: news.search.name.clone(),
            link: format!("{site}{}", address(&news.search.query)),
            suppliers: named.collect(),
            more: news.suppliers.len().saturating_sub(NAMED),
        }
    };
    let each: HashSet<i64> = news.iter().flat_map(|news| news.suppliers.iter().map(|supplier| supplier.id)).collect();
    Told {
        count: each.len(),
        searches: news.iter().map(found).collect(),
        own: format!("{site}/mon-espace/recherches"),
        way_out: way_out.to_owned(),
    }
}

fn draw(head: &Letterhead, told: &Told) -> askama::Result<Content> {
    Content::draw(&DigestSubject { head, told }, &DigestText { head, told }, &DigestHtml { head, told })
}

/// One of each mail of this room, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let site = &head.address;
    let supplier = |name: &str, commune: &str, slug: &str| {
        (name.to_owned(), commune.to_owned(), format!("{site}/annuaire/{slug}"))
    };
    let told = Told {
        count: 3,
        searches: vec![
            Found {
                name: "Lentilles près du Puy-en-Velay, à moins de 30 km, Bio".to_owned(),
                link: format!("{site}/annuaire?q=lentilles"),
                suppliers: vec![
                    supplier("GAEC des Genêts", "Le Puy-en-Velay", "gaec-des-genets"),
                    supplier("Graines du Devès", "Landos", "graines-du-deves"),
                ],
                more: 0,
            },
            Found {
                name: "Boulangerie".to_owned(),
                link: format!("{site}/annuaire?family=BOULANGERIE"),
                suppliers: vec![supplier("Fournil du Suc", "Yssingeaux", "fournil-du-suc")],
                more: 0,
            },
        ],
        own: format!("{site}/mon-espace/recherches"),
        way_out: format!("{site}/courrier/arret/0123456789abcdef0123456789abcdef"),
    };
    Ok(vec![("favourites/mail/digest", draw(head, &told)?)])
}
