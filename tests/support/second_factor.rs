//! Claire's telephone, her codes on paper, and browsers that have shown her mailbox alone.

use chrono::TimeDelta;
use poem::http::StatusCode;

use super::{
    Site,
    html::Html,
    people::{Browser, mail_to, organiser, secrets_of},
};

pub(crate) const CLAIRE: &str = "claire@departement.example";
/// Where one's own second factor is looked after.
pub(crate) const OWN: &str = "/mon-espace/second-facteur";

/// What Claire's telephone shows so many half minutes from now.
pub(crate) fn shown(site: &Site, secret: &str, half_minutes: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let telephone = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let at = site.app.clock.now() + TimeDelta::seconds(30 * half_minutes);
    telephone.generate(u64::try_from(at.timestamp()).unwrap()).to_string()
}

/// Claire with a second factor: her browser, the secret as the page spells it, her codes on paper.
pub(crate) async fn with_telephone(site: &Site) -> (Browser<'_>, String, Vec<String>) {
    let claire = organiser(&site.app, &site.browser).await;
    claire.post(OWN, &[]).await;
    let secret = claire.get(OWN).await.page.texts(".spelled")[0].to_owned();
    let codes = claire.post(&format!("{OWN}/confirmation"), &[("code", &shown(site, &secret, 0))]).await;
    let codes: Vec<String> =
        codes.page.inside(".recovery-codes", "code").into_iter().map(|code| code.text.clone()).collect();
    assert_eq!(codes.len(), 10);
    site.app.clock.advance(TimeDelta::minutes(2));
    (claire, secret, codes)
}

/// A browser that has shown Claire's mailbox and nothing else.
pub(crate) async fn halfway(site: &Site) -> Browser<'_> {
    let browser = Browser::new(&site.browser);
    browser.post("/connexion", &[("courriel", CLAIRE)]).await;
    let (code, _) = secrets_of(&mail_to(&site.app, CLAIRE).await.unwrap().1);
    let led = browser.post("/connexion/code", &[("code", &code), ("suite", "/organisation/journal")]).await;
    assert_eq!(led.location.as_deref(), Some("/connexion/second-facteur?suite=%2Forganisation%2Fjournal"));
    browser
}

pub(crate) async fn enter(browser: &Browser<'_>, code: &str) -> StatusCode {
    browser.post("/connexion/second-facteur", &[("code", code), ("suite", "/organisation/journal")]).await.status
}

/// What the picture on a page says, read as a telephone's camera reads it.
pub(crate) fn photographed(page: &Html) -> String {
    let squares = page.inside(".qr", "path")[0].attribute("d").unwrap();
    let dark: Vec<(usize, usize)> = squares
        .split('M')
        .filter_map(|square| square.strip_suffix("h1v1h-1")?.split_once(','))
        .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
        .collect();
    // Five dots a square, on paper that has a margin.
    let width = dark.iter().map(|square| square.0).max().unwrap() + 3;
    let is_dark = |x: usize, y: usize| dark.contains(&(x / 5, y / 5));
    let dot = |x, y| if is_dark(x, y) { 0 } else { 255 };
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width * 5, width * 5, dot);
    picture.detect_grids()[0].decode().unwrap().1
}
