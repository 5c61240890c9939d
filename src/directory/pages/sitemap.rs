//! What crawlers and browsers read of the directory: the sitemap, and how to search from the address bar.

use poem::web::{Data, Path};
use poem::{Response, handler, http::header};

use super::results::PATH;
use crate::app::App;
use crate::farm_visits;
use crate::suppliers::{self, Address};
use crate::web::{Error, Frame, Result, escape};

/// Listings in one file: the protocol allows 50,000 addresses.
const MOST: u64 = 45_000;
/// Dates of farm visits whose pages are named.
const DATES: u64 = 500;
/// Pages beside the listings.
const PAGES: [&str; 10] = [
    "/",
    PATH,
    "/rencontres",
    "/visites",
    "/donnees-ouvertes",
    "/api",
    "/recherche/integration",
    "/mentions-legales",
    "/donnees-personnelles",
    "/accessibilite",
];

/// `GET /sitemap.xml`: the addresses, or the list of files that hold them when they are many.
#[handler]
pub(crate) async fn sitemap(app: Data<&App>, frame: Frame) -> Result<Response> {
    let listings = suppliers::count_published(&app.db).await?;
    if listings <= MOST {
        return Ok(xml(&addresses(&frame, &pages(&app).await?, &suppliers::addresses(&app.db, 0, MOST).await?)));
    }
    let files = (1..=listings.div_ceil(MOST)).map(|number| {
        format!("<sitemap><loc>{}</loc></sitemap>", escape(&frame.absolute(&format!("/sitemap/{number}.xml"))))
    });
    let files: String = files.collect();
    Ok(xml(&format!("<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{files}</sitemapindex>")))
}

/// `GET /sitemap/1.xml` and so on.
#[handler]
pub(crate) async fn file(app: Data<&App>, frame: Frame, Path(name): Path<String>) -> Result<Response> {
    let number = name.strip_suffix(".xml").and_then(|number| number.parse::<u64>().ok());
    let number = number.filter(|number| (1..=1_000).contains(number)).ok_or(Error::NotFound)?;
    let listings = suppliers::addresses(&app.db, (number - 1) * MOST, MOST).await?;
    if listings.is_empty() {
        return Err(Error::NotFound);
    }
    let pages = if number == 1 { pages(&app).await? } else { Vec::new() };
    Ok(xml(&addresses(&frame, &pages, &listings)))
}

/// Paths of the pages beside the listings: the fixed ones, and the visits to come.
async fn pages(app: &App) -> Result<Vec<String>> {
    let mut pages: Vec<String> = farm_visits::coming(app, None, DATES).await?.into_iter().map(|one| one.href).collect();
    pages.sort_unstable();
    pages.dedup();
    Ok(PAGES.map(str::to_owned).into_iter().chain(pages).collect())
}

/// `GET /opensearch.xml`: a browser may offer this site among its search engines.
#[handler]
pub(crate) fn opensearch(frame: Frame) -> Response {
    let name = format!("{} {}", frame.site(), frame.place());
    // The standard allows 16 characters for the short name.
    let short: String = frame.site().chars().take(16).collect();
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\
         <ShortName>{}</ShortName><LongName>{}</LongName><Description>{}</Description><Language>fr</Language>\
         <InputEncoding>UTF-8</InputEncoding><Image width=\"32\" height=\"32\" type=\"image/svg+xml\">{}</Image>\
         <Url type=\"text/html\" method=\"get\" template=\"{}?q={{searchTerms}}\"/></OpenSearchDescription>\n",
        escape(&short),
        escape(&name.chars().take(48).collect::<String>()),
        escape(&format!("Chercher un producteur local ou bio {}", frame.place())),
        escape(&frame.absolute(crate::web::asset("pictures/favicon.svg"))),
        escape(&frame.absolute(PATH)),
    );
    let answer = Response::builder().content_type("application/opensearchdescription+xml");
    answer.header(header::CACHE_CONTROL, "public, max-age=86400").body(text)
}

fn addresses(frame: &Frame, pages: &[String], listings: &[Address]) -> String {
    let pages = pages.iter().map(|path| format!("<url><loc>{}</loc></url>", escape(&frame.absolute(path))));
    let listings = listings.iter().map(|listing| {
        let (at, day) = (frame.absolute(&format!("{PATH}/{}", listing.slug)), listing.updated_at.date_naive());
        format!("<url><loc>{}</loc><lastmod>{day}</lastmod></url>", escape(&at))
    });
    let urls: String = pages.chain(listings).collect();
    format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>")
}

fn xml(text: &str) -> Response {
    let answer = Response::builder().content_type("application/xml; charset=utf-8");
    answer
        .header(header::CACHE_CONTROL, "public, max-age=3600")
        .body(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}\n"))
}
