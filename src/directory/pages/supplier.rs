//! The page of one supplier: what it sells and when, with which proof, where it delivers, whether to my kitchen.

use askama::Template;
use chrono::{Months, NaiveDate};
use index::ProductId;
use index::request::{Hit, Sort};
use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{Response, handler};

use super::offers::{Table, tables};
use super::proofs::{Proof, proofs};
use super::results::PATH;
use super::{delivery, structured};
use crate::accounts::{self, OrganisationKind, SignedInOrNot};
use crate::app::App;
use crate::directory::card::{Mark, marks, product_picture, tidy};
use crate::directory::query::{Problem, Query, origin_of};
use crate::directory::words;
use crate::farm_visits::{self, Announced};
use crate::places::{Commune, Places};
use crate::suppliers::pages::desk::Desk;
use crate::suppliers::{self, Listing, draft};
use crate::web::{Error, Frame, Result, filters, french, page, private, see_other};

/// Neighbours shown.
const NEIGHBOURS: usize = 4;
/// Visits to come that are shown.
const VISITS: u64 = 5;
/// How far from its first product others are looked for: itself, what it is a kind of, and so on.
const BROADER: usize = 3;
/// A listing confirmed longer ago is told to be old.
const FRESH: Months = Months::new(11);
/// Letters of a description in a list of results of a search engine.
const SUMMARY: usize = 155;

/// `GET /annuaire/{slug}`
#[handler]
pub(crate) async fn profile(
    app: &App,
    SignedInOrNot(signed_in): SignedInOrNot,
    Path(slug): Path<String>,
    frame: Frame,
) -> Result<Response> {
    let Some(listing) = suppliers::public_by_slug(&app.db, &slug).await? else {
        return moved(app, &slug, &frame).await;
    };
    let mut view = Profile::new(app, frame, &listing);
    view.visits = farm_visits::coming(app, Some(listing.supplier.id), VISITS).await?;
    let Some(signed_in) = signed_in else { return page(&view) };
    let teams = accounts::of_person(&app.db, signed_in.person.id).await?;
    view.cooks = teams.iter().any(|team| team.kind == OrganisationKind::Canteen);
    Ok(private(page(&view)?))
}

/// `GET /fiche/{id}/apercu`: a listing as a cook will see it.
#[handler]
pub(crate) fn preview(app: &App, desk: Desk, frame: Frame) -> Result<Response> {
    let files = format!("{}/fichiers/", desk.path());
    let Some(listing) = draft::preview(&desk.draft.content, &app.places, app.clock.now(), app.today(), &files) else {
        // Without a kind and a commune there is no listing to draw yet.
        return Ok(see_other(&desk.path()));
    };
    let mut view = Profile::new(app, frame, &listing);
    view.photos = listing.photos.into_iter().map(|photo| (format!("{files}{}", photo.file_id), photo.words)).collect();
    view.delivery.has_map = false;
    view.neighbours = None;
    view.preview_of = Some(desk.path());
    Ok(private(page(&view)?))
}

/// An address typed in capitals leads to the right one.
async fn moved(app: &App, slug: &str, frame: &Frame) -> Result<Response> {
    let lower = slug.to_lowercase();
    if lower == slug || suppliers::public_by_slug(&app.db, &lower).await?.is_none() {
        return Err(Error::NotFound);
    }
    let query = frame.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    let to = format!("{PATH}/{lower}{query}");
    Ok(Response::builder().status(StatusCode::MOVED_PERMANENTLY).header(header::LOCATION, to).finish())
}

#[derive(Template)]
#[template(path = "directory/supplier.html")]
struct Profile {
    title: String,
    slug: String,
    name: String,
    kind: &'static str,
    to_commune: String,
    picture: &'static str,
    marks: Vec<Mark>,
    paragraphs: Vec<String>,
    tables: Vec<Table>,
    proofs: Vec<Proof>,
    delivery: Delivery,
    kitchen: Option<Kitchen>,
    near_label: String,
    problem: Option<Problem>,
    confirmed: Option<NaiveDate>,
    is_old: bool,
    from_register: bool,
    neighbours: Option<Neighbours>,
    tiles: Option<(String, String)>,
    summary: String,
    json_ld: String,
    /// Address under which its photographs are served, and what each shows.
    photos: Vec<(String, String)>,
    /// Its visits to come.
    visits: Vec<Announced>,
    /// Where its supplier goes back to, when only it sees the page yet.
    preview_of: Option<String>,
    /// Whether the reader has a canteen whose lists it may be kept in.
    cooks: bool,
    frame: Frame,
}

/// Where and when it delivers.
struct Delivery {
    area: Option<String>,
    is_unknown: bool,
    days: String,
    minimum: Option<String>,
    free_from: Option<String>,
    /// Street, when its exact place is public.
    address: Option<String>,
    has_map: bool,
}

/// The kitchen the reader comes from.
struct Kitchen {
    /// `au Puy-en-Velay`
    to_place: String,
    /// `à environ 13 km du Puy-en-Velay`
    away: Option<String>,
    /// `environ 13 km`
    distance: Option<String>,
    delivers: bool,
    /// Longitude and latitude for the map.
    center: Option<String>,
}

/// Others who sell the same.
struct Neighbours {
    product: String,
    all: String,
    suppliers: Vec<Neighbour>,
}

struct Neighbour {
    href: String,
    name: String,
    place: String,
}

impl Profile {
    fn new(app: &App, frame: Frame, listing: &Listing) -> Self {
        let (places, today, supplier) = (&app.places, app.today(), &listing.supplier);
        let text = frame.uri().query().unwrap_or_default().to_owned();
        let (query, problems) = Query::read(&text, places, app.index.lexicon(), &app.config.territory);
        let commune = places.commune(&supplier.insee_code);
        let kitchen = query.commune(places);
        let tables = tables(listing, today);
        Self {
            title: commune.map_or_else(
                || supplier.name.clone(),
                |c| format!("{}, {}", supplier.name, french::typographic(&c.name)),
            ),
            slug: supplier.slug.clone(),
            name: supplier.name.clone(),
            kind: words::kind(*supplier.kind),
            to_commune: commune.map(|c| words::to_place(&c.name)).unwrap_or_default(),
            picture: picture(app, listing, &tables),
            marks: marks(listing.signs(), listing, today),
            paragraphs: paragraphs(&supplier.description),
            proofs: proofs(listing, today),
            delivery: Delivery::new(listing, places),
            kitchen: kitchen.map(|kitchen| Kitchen::new(kitchen, listing, places)),
            near_label: kitchen.map_or_else(|| query.near_text.clone(), Commune::label),
            problem: problems.into_iter().find(|problem| problem.parameter.starts_with("near")),
            confirmed: supplier.confirmed_on,
            is_old: supplier.confirmed_on.and_then(|day| day.checked_add_months(FRESH)).is_some_and(|end| end < today),
            from_register: supplier.is_unclaimed(),
            neighbours: neighbours(app, listing, kitchen),
            tiles: app.config.map_tiles(),
            summary: summary(listing, &tables, today),
            json_ld: structured::supplier(listing, places, &frame, today),
            photos: listing
                .photos
                .iter()
                .map(|photo| (format!("/photos/{}", photo.file_id), photo.words.clone()))
                .collect(),
            visits: Vec::new(),
            preview_of: None,
            cooks: false,
            tables,
            frame,
        }
    }
}

impl Delivery {
    fn new(listing: &Listing, places: &Places) -> Self {
        let supplier = &listing.supplier;
        let commune = places.commune(&supplier.insee_code);
        let street = supplier.public_street().zip(commune);
        Self {
            area: words::delivery_area(listing, places),
            is_unknown: listing.is_delivery_unknown(),
            days: words::days(supplier.delivery_days),
            minimum: supplier.minimum_order_cents.filter(|c| c.0 > 0).map(|c| french::round_price(c.0)),
            free_from: supplier.free_delivery_cents.filter(|c| c.0 > 0).map(|c| french::round_price(c.0)),
            address: street.map(|(street, commune)| {
                let code = supplier.postal_code.as_ref().or(commune.postal_codes.first());
                let code = code.map(|code| format!("{code} ")).unwrap_or_default();
                french::typographic(&format!("{street}, {code}{}", commune.name))
            }),
            has_map: delivery::has_map(listing),
        }
    }
}

impl Kitchen {
    fn new(kitchen: &Commune, listing: &Listing, places: &Places) -> Self {
        let supplier = &listing.supplier;
        let from = supplier.public_place(places);
        let distance = from.zip(kitchen.point).map(|(from, to)| from.point.distance_km(to));
        let same = supplier.insee_code == kitchen.insee_code.as_str();
        let distance = distance.map(french::distance).filter(|_| !same);
        Self {
            to_place: words::to_place(&kitchen.name),
            away: distance.as_ref().map(|distance| format!("à {distance} {}", words::of_place(&kitchen.name))),
            distance: if same { Some("dans la même commune".to_owned()) } else { distance },
            delivers: listing.delivers_to(kitchen, places),
            center: kitchen.point.map(|point| format!("{},{}", point.lon, point.lat)),
        }
    }
}

fn picture(app: &App, listing: &Listing, tables: &[Table]) -> &'static str {
    let lexicon = app.index.lexicon();
    let product = listing.offers.iter().find_map(|offer| lexicon.by_code(offer.product_code.as_deref()?));
    let drawn = product.and_then(|product| product_picture(lexicon, product));
    drawn.or_else(|| tables.first().map(|table| table.picture)).unwrap_or("pictures/families/autres.svg")
}

fn paragraphs(description: &str) -> Vec<String> {
    description.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| french::typographic(&line)).collect()
}

/// One sentence for search engines: who, where, what, with which proof, cut between words.
fn summary(listing: &Listing, tables: &[Table], today: NaiveDate) -> String {
    let names: Vec<String> = listing.offers.iter().map(|offer| tidy(&offer.name)).take(5).collect();
    let proven = marks(listing.signs(), listing, today).into_iter().filter(|mark| mark.class == "proven");
    let proven: Vec<&str> = proven.map(|mark| mark.label).collect();
    let what = if names.is_empty() { String::new() } else { format!(" : {}", names.join(", ")) };
    let proof = if proven.is_empty() { String::new() } else { format!(" ({})", proven.join(", ")) };
    let families: Vec<String> = tables.iter().map(|table| table.family.to_lowercase()).collect();
    let sells =
        if families.is_empty() { String::new() } else { format!(" vend aux cantines {}", words::enumerate(&families)) };
    french::typographic(&cut(&format!("{}{sells}{proof}{what}.", listing.supplier.name), SUMMARY))
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let short: String = text.chars().take(most - 1).collect();
    let end = short.rfind(' ').unwrap_or(short.len());
    format!("{}…", short[..end].trim_end_matches([',', ' ', ':']))
}

/// The nearest others that sell its first product, or else what that is a kind of.
fn neighbours(app: &App, listing: &Listing, kitchen: Option<&Commune>) -> Option<Neighbours> {
    let lexicon = app.index.lexicon();
    let first: ProductId = listing.offers.iter().find_map(|offer| lexicon.by_code(offer.product_code.as_deref()?))?;
    let near = kitchen.map(|kitchen| kitchen.insee_code.to_string());
    let broader = std::iter::successors(Some(first), |product| lexicon.product(*product).broader);
    broader.take(BROADER).find_map(|product| {
        let all = Query { products: vec![product], near: near.clone(), ..Query::all() };
        let suppliers = nearest_others(app, listing, &all)?;
        Some(Neighbours { product: words::goods(lexicon.product(product)), all: all.link(PATH, lexicon), suppliers })
    })
}

fn nearest_others(app: &App, listing: &Listing, wanted: &Query) -> Option<Vec<Neighbour>> {
    let home = origin_of(app.places.commune(&listing.supplier.insee_code)?)?;
    let point = listing.supplier.public_place(&app.places)?.point;
    let request = index::Request {
        near: Some(index::request::Origin { point, ..home }),
        sort: Sort::Distance,
        limit: NEIGHBOURS + 1,
        ..wanted.request(&app.places, app.today())
    };
    let near = wanted.near.as_ref().map(|code| format!("?near={code}")).unwrap_or_default();
    let found = app.index.search(&request).hits;
    let others = found.iter().filter(|hit| hit.id != listing.supplier.id).take(NEIGHBOURS);
    let others: Vec<Neighbour> = others.map(|hit| Neighbour::new(hit, listing, &app.places, &near)).collect();
    (!others.is_empty()).then_some(others)
}

impl Neighbour {
    fn new(hit: &Hit, listing: &Listing, places: &Places, near: &str) -> Self {
        let commune = places.commune(&hit.commune).map(|c| french::typographic(&c.name)).unwrap_or_default();
        let same = hit.commune == listing.supplier.insee_code;
        let distance = hit.distance_km.filter(|_| !same).map(|km| format!(", {}", french::distance(km)));
        Self {
            href: format!("{PATH}/{}{near}", hit.slug),
            name: hit.name.clone(),
            place: format!("{commune}{}", distance.unwrap_or_default()),
        }
    }
}
