//! Files under names that change with their content.

use std::{fs, path::Path};

use manger_local::web::asset;
use poem::http::StatusCode;

use crate::support::Site;

const SHEET: &str = "css/base.css";

#[tokio::test]
async fn a_hashed_file_is_kept_for_ever_and_a_plain_one_for_a_while() {
    let site = Site::new().await;
    let hashed = site.browser.get(asset(SHEET)).send().await;
    hashed.assert_status_is_ok();
    hashed.assert_header("cache-control", "public, max-age=31536000, immutable");
    hashed.assert_content_type("text/css; charset=utf-8");
    let plain = site.browser.get(format!("/assets/{SHEET}")).send().await;
    plain.assert_header("cache-control", "public, max-age=300");
    assert_eq!(plain.0.into_body().into_bytes().await.unwrap(), hashed.0.into_body().into_bytes().await.unwrap());
    site.browser.get("/assets/css/base.000000000000.css").send().await.assert_status(StatusCode::NOT_FOUND);
    site.browser.get("/assets/../Cargo.toml").send().await.assert_status(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_is_compressed_under_a_tag_of_its_own_and_not_sent_twice() {
    let site = Site::new().await;
    let get = |encoding: &'static str| site.browser.get(asset(SHEET)).header("accept-encoding", encoding);
    let whole = get("identity").send().await;
    let mut tags = vec![whole.0.header("etag").unwrap().to_owned()];
    let length = whole.0.into_body().into_bytes().await.unwrap().len();
    for encoding in ["gzip", "br"] {
        let answer = get(encoding).send().await;
        answer.assert_header("content-encoding", encoding);
        answer.assert_header("vary", "accept-encoding");
        let tag = answer.0.header("etag").unwrap().to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
        assert!(answer.0.into_body().into_bytes().await.unwrap().len() < length / 2);
        let again = get(encoding).header("if-none-match", &tag).send().await;
        again.assert_status(StatusCode::NOT_MODIFIED);
        again.assert_text("").await;
        tags.push(tag);
    }
    tags.dedup();
    assert_eq!(tags.len(), 3, "two encodings are two representations");
}

#[tokio::test]
async fn a_head_of_a_file_says_its_length() {
    let site = Site::new().await;
    let length = site.browser.get(asset(SHEET)).send().await.0.into_body().into_bytes().await.unwrap().len();
    let head = site.browser.head(asset(SHEET)).send().await;
    head.assert_status_is_ok();
    head.assert_header("content-length", length);
    head.assert_text("").await;
}

#[tokio::test]
async fn a_font_is_named_by_its_hash_in_the_style_sheet_and_sent_as_it_is() {
    let site = Site::new().await;
    let sheet = site.browser.get(asset("css/fonts.css")).send().await.0.into_body().into_string().await.unwrap();
    let urls: Vec<&str> = sheet.split("url(").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(!urls.is_empty());
    for url in urls {
        let font = site.browser.get(url.trim_matches('"')).header("accept-encoding", "br").send().await;
        font.assert_status_is_ok();
        font.assert_header("cache-control", "public, max-age=31536000, immutable");
        font.assert_header_is_not_exist("content-encoding");
    }
}

#[tokio::test]
async fn a_script_imports_others_by_their_hashed_names() {
    let site = Site::new().await;
    let script = site.browser.get(asset("js/commune.js")).send().await.0.into_body().into_string().await.unwrap();
    assert!(script.contains(&format!("'{}'", asset("js/autocomplete.js"))), "{script}");
}

#[test]
fn every_file_and_icon_that_a_template_names_exists() {
    let mut wrong = Vec::new();
    for template in files(Path::new("templates")) {
        let text = fs::read_to_string(&template).unwrap();
        for (filter, exists) in [("|asset", is_asset as fn(&str) -> bool), ("|icon", is_icon)] {
            for before in
                text.split(filter).collect::<Vec<_>>().split_last().map(|(_, before)| before).unwrap_or_default()
            {
                let Some(name) = before.strip_suffix('"').and_then(|before| before.rsplit('"').next()) else {
                    continue;
                };
                if !exists(name) {
                    wrong.push(format!("{}: {name}{filter}", template.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "missing: {wrong:#?} (npm run vendor makes those of vendor/)");
}

fn is_asset(name: &str) -> bool {
    asset(name) != "/assets/missing"
}

fn is_icon(name: &str) -> bool {
    manger_local::web::icon(name).contains("><")
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
