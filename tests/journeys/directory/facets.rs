//! Facets say beforehand what a choice would find.

use crate::support::{
    cast::{found, open_with_cast, visit},
    html::Html,
    on_each_database,
};

#[tokio::test]
async fn each_choice_says_how_many_it_finds() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        for base in ["/annuaire?near=43157", "/annuaire?q=lentilles&near=43157", "/annuaire?near=43157&month=5"] {
            let page = visit(&site.browser, base).await;
            let choices = choices(&page);
            assert!(choices.len() >= 4, "{base}: {choices:?}");
            for (field, value, count) in choices {
                let chosen = visit(&site.browser, &format!("{base}&{field}={value}")).await;
                assert_eq!(found(&chosen).len().to_string(), count, "{base} {field}={value}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn beside_a_choice_the_others_say_what_they_would_add() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        for base in ["/annuaire?family=CHARCUTERIE", "/annuaire?kind=wholesaler", "/annuaire?certification=organic"] {
            let page = visit(&site.browser, base).await;
            let now = found(&page).len();
            let added: Vec<_> = choices(&page).into_iter().filter(|choice| choice.2.starts_with('+')).collect();
            assert!(!added.is_empty(), "{base}");
            for (field, value, count) in added {
                let more = found(&visit(&site.browser, &format!("{base}&{field}={value}")).await).len();
                assert_eq!(format!("+ {}", more - now), count, "{base} {field}={value}");
            }
            let checked: Vec<_> =
                page.all("input").into_iter().filter(|box_| box_.attribute("checked").is_some()).collect();
            assert_eq!(checked.len(), 1, "{base}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_certification_counts_only_what_is_proven() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let page = visit(&site.browser, "/annuaire").await;
        let organic = choices(&page).into_iter().find(|choice| choice.1 == "organic").unwrap();
        assert_eq!(organic.2, "2", "G002 only says it is organic");
        let page = visit(&site.browser, "/annuaire?certification=organic&sort=name").await;
        assert_eq!(found(&page), ["G001", "G003"]);
        let page = visit(&site.browser, "/annuaire?certification=organic&family=VIANDES_VOLAILLES").await;
        assert_eq!(found(&page).len(), 0, "family and proof are those of one offer");
    })
    .await;
}

/// Field, value and count of every box.
fn choices(page: &Html) -> Vec<(String, String, String)> {
    let boxes = page.inside(".facet", "input");
    let labels = page.inside(".facet", ".check");
    assert_eq!(boxes.len(), labels.len());
    let counts = page.inside(".facet", ".count");
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let all = boxes.into_iter().zip(counts);
    all.map(|(one, count)| (text(one.attribute("name")), text(one.attribute("value")), count.text.clone())).collect()
}
