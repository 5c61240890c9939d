//! Every page of the directory is a well-formed document that the strict policy lets through and everybody can use.

use crate::support::{
    cast::{open_with_cast, search, visit},
    html::{Element, Html},
    on_each_database,
};

const PAGES: [&str; 6] = [
    "/",
    "/annuaire",
    "/annuaire?q=lentilles&near=43157&radius_km=30&family=FRUITS_ET_LEGUMES",
    "/annuaire?q=lentilles&near=43157&view=map",
    "/annuaire?q=zzzzqqqq",
    "/annuaire?q=%3Cb%3E%22%26&near_text=%3Cb%3E%22%26&family=%3Cb%3E%22",
];

#[tokio::test]
async fn every_page_is_sound() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let list = visit(&site.browser, "/annuaire?near=43157").await;
        let profiles = list.inside("h2", "a").into_iter().filter_map(|link| link.attribute("href"));
        for address in PAGES.into_iter().chain(profiles) {
            let page = visit(&site.browser, address).await;
            let wrong = faults(&page);
            assert!(wrong.is_empty(), "{address}: {wrong:#?}");
        }
        let missing = site.browser.get("/annuaire/personne").send().await.0.into_body().into_string().await.unwrap();
        assert_eq!(faults(&Html::read(&missing)), [""; 0]);
    })
    .await;
}

#[test]
fn unsound_pages_are_seen() {
    let sound = "<html lang=\"fr\"><head><title>T</title></head><body><h1>T</h1></body></html>";
    assert_eq!(faults(&Html::read(sound)), [""; 0]);
    for (inside, fault) in [
        ("<script>go()</script>", "inline script"),
        ("<style>p{}</style>", "inline style"),
        ("<p style=\"color:red\">x</p>", "inline style"),
        ("<p onclick=\"go()\">x</p>", "inline handler"),
        ("<a href=\"javascript:go()\">x</a>", "inline script"),
        ("<input id=\"x\" name=\"x\">", "no label"),
        ("<p id=\"x\">a</p><p id=\"x\">b</p>", "two elements are x"),
        ("<img src=\"x.svg\">", "no alternative"),
        ("<a href=\"/\"><svg></svg></a>", "no words"),
        ("<p aria-describedby=\"y\">a</p>", "nothing is y"),
        ("<h1>Two</h1>", "2 titles"),
    ] {
        let wrong = faults(&Html::read(&sound.replace("</body>", &format!("{inside}</body>"))));
        assert!(wrong.len() == 1 && wrong[0].contains(fault), "{inside}: {wrong:?}");
    }
}

#[test]
#[should_panic(expected = "closed in disorder")]
fn a_page_closed_in_disorder_is_seen() {
    Html::read("<p><b>x</p></b>");
}

#[tokio::test]
async fn what_people_write_is_shown_as_they_wrote_it() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let page = visit(&site.browser, "/annuaire/ferme-de-la-sumene").await;
        let body = &page.all("body")[0].text;
        assert!(body.contains("Carottes & lentilles, <b>en famille</b>."), "{body}");
        let q = "\"><img src=x>";
        let page = visit(&site.browser, &search(&[("q", q), ("near_text", q)])).await;
        assert_eq!(page.by_id("q").unwrap().attribute("value"), Some(q));
        assert_eq!(page.by_id("near_text").unwrap().attribute("value"), Some(q));
    })
    .await;
}

/// What a strict policy, a screen reader or a person without a mouse would stumble over.
fn faults(page: &Html) -> Vec<String> {
    let mut wrong = Vec::new();
    for element in &page.elements {
        wrong.extend(fault(page, element));
        for reference in ["aria-describedby", "aria-labelledby", "for", "form"] {
            let ids = element.attribute(reference).unwrap_or_default().split_whitespace();
            wrong.extend(ids.filter(|id| page.by_id(id).is_none()).map(|id| format!("nothing is {id}: {element:?}")));
        }
        if let Some(id) = element.attribute("id")
            && page.elements.iter().filter(|other| other.attribute("id") == Some(id)).count() > 1
        {
            wrong.push(format!("two elements are {id}"));
        }
    }
    if page.all("h1").len() != 1 {
        wrong.push(format!("{} titles", page.all("h1").len()));
    }
    wrong.sort();
    wrong.dedup();
    wrong
}

fn fault(page: &Html, element: &Element) -> Option<String> {
    let has = |name: &str| element.attribute(name).is_some();
    let data = element.attribute("type") == Some("application/ld+json");
    let script_address = element.attribute("href").is_some_and(|address| address.starts_with("javascript:"));
    let why = match element.name.as_str() {
        "script" if !has("src") && !data => "inline script",
        "style" => "inline style",
        "input" | "select" | "textarea" if !is_labelled(page, element) => "no label",
        "img" if !has("alt") => "no alternative",
        "a" | "button" if is_mute(page, element) => "no words",
        _ if has("style") => "inline style",
        _ if script_address => "inline script",
        _ if element.names().any(|name| name.starts_with("on") || name.starts_with("hx-on")) => "inline handler",
        _ => return None,
    };
    Some(format!("{why}: {element:?}"))
}

fn is_labelled(page: &Html, element: &Element) -> bool {
    let hidden = matches!(element.attribute("type"), Some("hidden" | "submit"));
    let named = element.attribute("id").is_some_and(|id| {
        page.all("label").iter().any(|label| label.attribute("for") == Some(id) && !label.text.is_empty())
    });
    hidden || named || element.attribute("aria-label").is_some() || page.stands_in(element, "label")
}

fn is_mute(page: &Html, element: &Element) -> bool {
    let pictures = page.all("img").into_iter().filter(|picture| page.contains(element, picture));
    element.text.is_empty()
        && element.attribute("aria-label").is_none()
        && pictures.filter_map(|picture| picture.attribute("alt")).all(str::is_empty)
}
