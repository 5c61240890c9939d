//! Organisers say how the site presents itself, and it does: on every page, in every mail, on every node.

mod look;
mod nodes;
mod words;

use crate::support::people::{Answer, Browser};

const NAMES: &str = "/organisation/reglages";
const MESSAGES: &str = "/organisation/reglages/messages";
const TEXTS: &str = "/organisation/reglages/textes";
const LOOK: &str = "/organisation/reglages/apparence";

/// What the form of a page says it saw.
async fn seen(browser: &Browser<'_>, path: &str) -> String {
    let page = browser.get(path).await.page;
    let hidden = page.all("input").into_iter().find(|field| field.attribute("name") == Some("vu"));
    hidden.unwrap().attribute("value").unwrap().to_owned()
}

/// Opens a form and sends it with these values; the other fields are left empty.
async fn fill(browser: &Browser<'_>, path: &str, values: &[(&str, &str)]) -> Answer {
    let seen = seen(browser, path).await;
    let fields: Vec<(&str, &str)> = values.iter().copied().chain([("vu", seen.as_str())]).collect();
    browser.post(path, &fields).await
}
