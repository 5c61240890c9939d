//! The weekly mail of this room, drawn when it is decided.

use chrono::NaiveDate;
use sea_orm::DatabaseTransaction;

use crate::accounts::Person;
use crate::app::App;
use crate::mail::suppression::{Category, OptionalMail, digest_of, enqueue_optional};
use crate::mail::{Content, EmailAddress, Letterhead, NotEnqueued, letter};

/// Matches named in one mail.
const NAMED: usize = 8;

/// A match that is new.
#[derive(Clone, Debug)]
pub(super) struct News {
    /// Key of the supplier, or of the canteen.
    pub(super) id: i64,
    /// Its name.
    pub(super) name: String,
    /// Path of its page, when it has one.
    pub(super) href: Option<String>,
    /// Where it is and whether it delivers.
    pub(super) facts: String,
    /// What it has, or looks for.
    pub(super) products: String,
}

/// What the mail tells.
struct Told<'a> {
    /// Whether its reader sells: it is told of canteens.
    is_supplier: bool,
    count: usize,
    news: &'a [News],
    /// How many there are besides.
    more: usize,
    site: &'a str,
    link: String,
    /// Where one gets no more of it.
    way_out: &'a str,
}

letter!(
    draw_digest,
    Told,
    "matching/mail/digest/subject.txt",
    "matching/mail/digest/body.txt",
    "matching/mail/digest/body.html"
);

/// Tells a person of an organisation, and whether that is a supplier, who is new for it; at most one such mail a person and day.
/// False when she does not want it, or had one today.
///
/// # Errors
/// When the mail cannot be made or written down.
pub(super) async fn digest(
    txn: &DatabaseTransaction,
    app: &App,
    person: &Person,
    (organisation, is_supplier): (i64, bool),
    news: &[News],
    today: NaiveDate,
) -> Result<bool, NotEnqueued> {
    let to = &EmailAddress::parse(&person.email).map_err(|_| NotEnqueued::Address)?;
    let site = app.config.public_url();
    let page = if is_supplier {
        format!("/fiche/{organisation}/cantines")
    } else {
        format!("/cantine/{organisation}/suggestions")
    };
    let (about, version) = digest_of(person.id, today);
    let mail = OptionalMail { category: Category::Digest, about, version, useful_until: None };
    enqueue_optional(txn, app, to, mail, |head, way_out| {
        let told = Told {
            is_supplier,
            count: news.len(),
            news: &news[..news.len().min(NAMED)],
            more: news.len().saturating_sub(NAMED),
            site: &site,
            link: format!("{site}{page}"),
            way_out,
        };
        draw_digest(head, &told)
    })
    .await
}

/// One of each mail of this room, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let one = |name: &str, href: Option<&str>, facts: &str, products: &str| News {
        id: 1,
        name: name.to_owned(),
        href: href.map(str::to_owned),
        facts: facts.to_owned(),
        products: products.to_owned(),
    };
    let news = [
        one(
            "GAEC des Genêts",
            Some("/annuaire/gaec-des-genets?near=43157"),
            "Saugues, à environ 38\u{a0}km, vous livre le lundi",
            "Lentilles vertes (Bio prouvé), Carottes des sables",
        ),
        one(
            "Fournil du Suc",
            Some("/annuaire/fournil-du-suc?near=43157"),
            "Yssingeaux, à environ 24\u{a0}km",
            "Pain de campagne",
        ),
    ];
    let way_out = format!("{}/courrier/arret/0123456789abcdef0123456789abcdef", head.address);
    let told = Told {
        is_supplier: false,
        count: 2,
        news: &news,
        more: 0,
        site: &head.address,
        link: format!("{}/cantine/12/suggestions", head.address),
        way_out: &way_out,
    };
    Ok(vec![("matching/mail/digest", draw_digest(head, &told)?)])
}
