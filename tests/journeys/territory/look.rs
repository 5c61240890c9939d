//! Colour and logo.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use poem::http::{StatusCode, header};

use super::LOOK;
use crate::support::{
    Site,
    cast::visit,
    on_each_database,
    people::{Answer, Browser, organiser},
    post::mails,
};

async fn choose(browser: &Browser<'_>, fields: &[(&str, &str)]) -> Answer {
    let seen = vu(browser, "couleur").await;
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("vu", seen.as_str())]).collect();
    browser.post(&format!("{LOOK}/couleur"), &fields).await
}

async fn send(browser: &Browser<'_>, name: &str, bytes: &[u8]) -> Answer {
    let seen = vu(browser, "logo").await;
    browser.post_files(&format!("{LOOK}/logo"), &[("vu", &seen)], &[("logo", name, bytes)]).await
}

/// What the form of the colour or of the logo says it saw.
async fn vu(browser: &Browser<'_>, what: &str) -> String {
    let page = browser.get(LOOK).await.page;
    let to = format!("{LOOK}/{what}");
    let form = page.all("form").into_iter().find(|form| form.attribute("action") == Some(&to)).unwrap();
    let fields = page.all("input").into_iter().filter(|field| page.contains(form, field));
    fields
        .into_iter()
        .find(|field| field.attribute("name") == Some("vu"))
        .unwrap()
        .attribute("value")
        .unwrap()
        .to_owned()
}

/// Two halves, red and blue.
fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let half = |x, _| if x < width / 2 { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) };
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, half)).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The address, status and bytes of the logo that pages show.
async fn logo(site: &Site) -> Option<(String, Vec<u8>)> {
    let page = visit(&site.browser, "/").await;
    let address = page.inside(".brand", "img")[0].attribute("src").unwrap().to_owned();
    if !address.starts_with("/territoire/") {
        return None;
    }
    let answer = site.browser.get(&address).send().await.0;
    assert_eq!(answer.status(), StatusCode::OK);
    let says = |name| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(says(header::CONTENT_TYPE), "image/png");
    assert_eq!(says(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert_eq!(says(header::CACHE_CONTROL), "public, max-age=31536000, immutable");
    Some((address, answer.into_body().into_vec().await.unwrap()))
}

#[tokio::test]
async fn a_light_colour_is_refused_with_a_darker_one_that_is_then_taken_everywhere() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let refused = choose(&claire, &[("couleur", "#FFD500")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let sentence = &refused.page.by_id("couleur-error").unwrap().text;
        assert!(sentence.contains("trop claire") && sentence.contains("1,3"), "{sentence}");
        assert_eq!(refused.page.by_id("couleur").unwrap().attribute("value"), Some("#FFD500"), "what was typed stays");
        let proposal = refused.page.inside(".proposal", "input");
        let fields: Vec<(&str, &str)> = proposal
            .iter()
            .filter(|field| field.attribute("name") != Some("_token"))
            .map(|field| (field.attribute("name").unwrap(), field.attribute("value").unwrap()))
            .collect();
        let taken = claire.post(&format!("{LOOK}/couleur"), &fields).await;
        assert_eq!(taken.location.as_deref(), Some("/organisation/reglages/apparence?fait=couleur"));
        let home = visit(&site.browser, "/").await;
        let sheets = home.all("link").into_iter().filter_map(|link| link.attribute("href"));
        let sheet = sheets.into_iter().find(|href| href.starts_with("/territoire.css?v=")).unwrap();
        let answer = site.browser.get(sheet).send().await;
        answer.assert_header("cache-control", "public, max-age=31536000, immutable");
        let css = answer.0.into_body().into_string().await.unwrap();
        assert!(css.contains("--green: #887000;") && css.contains("prefers-color-scheme: dark"), "{css}");
        let another = site.browser.get("/territoire.css?v=autre").send().await;
        another.assert_header("cache-control", "no-cache");
        claire.post("/organisation/courrier/essai", &[]).await;
        let mail = mails(&site.app).await.pop().unwrap();
        let mail = mailparse::parse_mail(mail.message.as_bytes()).unwrap();
        let html = mail.subparts.iter().find(|part| part.ctype.mimetype == "text/html").unwrap().get_body().unwrap();
        assert!(html.contains("#887000") && !html.contains("#1e5b3e"), "{html}");
        choose(&claire, &[("couleur", "")]).await;
        let plain = visit(&site.browser, "/").await;
        assert!(!plain.all("link").iter().any(|link| link.attribute("href").unwrap().starts_with("/territoire")));
    })
    .await;
}

#[tokio::test]
async fn without_scripts_the_palette_counts_when_it_alone_was_touched() {
    let site = Site::new().await;
    let claire = organiser(&site.app, &site.browser).await;
    let saved = async || claire.get(LOOK).await.page.by_id("couleur").unwrap().attribute("value").unwrap().to_owned();
    choose(&claire, &[("couleur", ""), ("pastille", "#1e5b3e"), ("montree", "")]).await;
    assert_eq!(saved().await, "", "neither was touched");
    choose(&claire, &[("couleur", ""), ("pastille", "#7a0f0f"), ("montree", "")]).await;
    assert_eq!(saved().await, "#7a0f0f");
    choose(&claire, &[("couleur", "1d3c6e"), ("pastille", "#7a0f0f"), ("montree", "#7a0f0f")]).await;
    assert_eq!(saved().await, "#1d3c6e");
    let unread = choose(&claire, &[("couleur", "vert"), ("pastille", "#1d3c6e"), ("montree", "#1d3c6e")]).await;
    assert!(unread.page.by_id("couleur-error").unwrap().text.contains("#1e5b3e"));
    assert_eq!(saved().await, "#1d3c6e");
}

#[tokio::test]
async fn a_logo_is_known_by_its_content_and_drawn_anew() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        assert_eq!(logo(site).await, None);
        for (name, format) in [("a.txt", ImageFormat::Png), ("b.svg", ImageFormat::Jpeg), ("c", ImageFormat::WebP)] {
            let sent = send(&claire, name, &picture(800, 200, format)).await;
            assert_eq!(sent.location.as_deref(), Some("/organisation/reglages/apparence?fait=logo"), "{name}");
            let (_, bytes) = logo(site).await.unwrap();
            let read = image::load_from_memory_with_format(&bytes, ImageFormat::Png).unwrap();
            assert_eq!((read.width(), read.height()), (512, 128));
        }
        let (address, _) = logo(site).await.unwrap();
        let mut both = picture(64, 64, ImageFormat::Png);
        both.extend(b"<script>alert(1)</script>");
        send(&claire, "both.png", &both).await;
        let (changed, bytes) = logo(site).await.unwrap();
        assert!(changed != address && !bytes.windows(7).any(|window| window == b"<script"));
        let page = visit(&site.browser, "/").await;
        let shown = page.inside(".brand", "img");
        assert_eq!([shown[0].attribute("width"), shown[0].attribute("alt")], [Some("64"), Some("")]);
        let seen = vu(&claire, "logo").await;
        let removed = claire.post(&format!("{LOOK}/logo/retrait"), &[("vu", &seen)]).await;
        assert_eq!(removed.location.as_deref(), Some("/organisation/reglages/apparence?fait=retrait"));
        assert_eq!(logo(site).await, None);
        site.browser.get("/territoire/logo.png").send().await.assert_status(StatusCode::NOT_FOUND);
    })
    .await;
}

/// A photograph that a telephone held upright: EXIF with its orientation, and where it was taken.
fn photograph() -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    exif.extend(b"45.0336 N 4.0606 E");
    let plain = picture(100, 40, ImageFormat::Jpeg);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, &exif, &plain[2..]].concat()
}

#[tokio::test]
async fn a_photograph_is_turned_upright_and_forgets_where_it_was_taken() {
    let site = Site::new().await;
    let claire = organiser(&site.app, &site.browser).await;
    send(&claire, "photo.jpg", &photograph()).await;
    let (_, bytes) = logo(&site).await.unwrap();
    let read = image::load_from_memory(&bytes).unwrap();
    assert_eq!((read.width(), read.height()), (40, 100));
    assert!(!bytes.windows(7).any(|window| window == b"45.0336") && !bytes.windows(4).any(|window| window == b"Exif"));
}

#[tokio::test]
async fn what_is_no_small_picture_is_refused_and_says_why() {
    let site = Site::new().await;
    let claire = organiser(&site.app, &site.browser).await;
    send(&claire, "logo.png", &picture(64, 64, ImageFormat::Png)).await;
    let kept = logo(&site).await;
    let png = picture(64, 64, ImageFormat::Png);
    let mut bomb = png.clone();
    bomb[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    let mut disguised = b"\x89PNG\r\n\x1a\n".to_vec();
    disguised.extend(b"<html><script>alert(1)</script></html>");
    let svg = b"<?xml version=\"1.0\"?><SVG xmlns=\"http://www.w3.org/2000/svg\"><script/></SVG>".to_vec();
    let cases: [(&str, Vec<u8>, &str); 9] = [
        ("empty", Vec::new(), "vide"),
        ("svg", svg, "SVG"),
        ("gif", b"GIF89a\x40\0\x40\0/*alert(1)*/".to_vec(), "PNG, JPEG ou WebP"),
        ("heavy", [png.clone(), vec![0; 300 * 1024]].concat(), "300"),
        ("photograph taken by mistake", vec![0xff; 5 * 1024 * 1024], "300"),
        ("disguised", disguised, "ne peut pas être lue"),
        ("cut", png[..60].to_vec(), "ne peut pas être lue"),
        ("small", picture(31, 64, ImageFormat::Png), "31 × 64"),
        ("bomb", bomb, "ne peut pas être lue"),
    ];
    for (name, bytes, why) in cases {
        let refused = send(&claire, "logo.png", &bytes).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        let sentence = refused.page.by_id("logo-error").unwrap();
        assert!(sentence.text.contains(why), "{name}: {}", sentence.text);
        assert_eq!(logo(&site).await, kept, "{name}");
    }
    let large = send(&claire, "logo.png", &picture(2_001, 32, ImageFormat::Png)).await;
    assert!(large.page.by_id("logo-error").unwrap().text.contains("2 000"));
    let nothing = claire.post(&format!("{LOOK}/logo"), &[("vu", &vu(&claire, "logo").await)]).await;
    assert!(nothing.page.by_id("logo-error").unwrap().text.contains("Choisissez"));
}

#[tokio::test]
async fn of_two_logos_at_once_the_second_is_told() {
    let site = Site::new().await;
    let claire = organiser(&site.app, &site.browser).await;
    let before = vu(&claire, "logo").await;
    send(&claire, "logo.png", &picture(64, 64, ImageFormat::Png)).await;
    let kept = logo(&site).await;
    let other = picture(48, 48, ImageFormat::Png);
    let told = claire.post_files(&format!("{LOOK}/logo"), &[("vu", &before)], &[("logo", "b.png", &other)]).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(told.page.texts("title")[0].starts_with("À revoir"), "{:?}", told.page.texts("title"));
    assert!(told.page.texts(".warning")[0].contains("quelqu’un d’autre"));
    assert_eq!(logo(&site).await, kept);
}
