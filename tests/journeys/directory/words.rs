//! Words that are misspelt, unknown or find nobody, and the ways on.

use crate::support::{
    cast::{found, open_with_cast, search, visit},
    on_each_database,
};

#[tokio::test]
async fn a_misspelt_word_finds_what_was_meant_and_says_so() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        for (typed, meant, how_many) in [("lentiles", "lentilles", 4), ("yahourt", "yaourt", 1)] {
            let page = visit(&site.browser, &search(&[("q", typed)])).await;
            assert_eq!(found(&page).len(), how_many, "{typed}");
            let notices = page.texts(".notice");
            assert!(notices.iter().any(|notice| notice.contains(meant)), "{typed}: {notices:?}");
            let corrected = visit(&site.browser, page.link(meant)).await;
            assert_eq!(found(&corrected), found(&page), "{typed}");
            assert!(corrected.all(".notice").is_empty(), "{:?}", corrected.texts(".notice"));
        }
    })
    .await;
}

#[tokio::test]
async fn an_unknown_commune_is_said_and_the_words_are_searched_all_the_same() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let typed = [("q", "yaourt"), ("near_text", "Xyzzyville"), ("radius_km", "10")];
        let page = visit(&site.browser, &search(&typed)).await;
        let notices = page.texts(".notice");
        assert!(notices.len() == 1 && notices[0].contains("pas de commune « Xyzzyville »"), "{notices:?}");
        assert_eq!(found(&page), ["G003"]);
        let kept = page.by_id("near_text").unwrap().attribute("value");
        assert_eq!(kept, Some("Xyzzyville"), "what was typed stays, to be corrected");
    })
    .await;
}

#[tokio::test]
async fn an_empty_result_offers_ways_on_that_find_what_they_say() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        for asked in [
            "/annuaire?q=lentilles+blondes&near=43157&radius_km=10&certification=hve",
            "/annuaire?q=yaourt&kind=wholesaler",
            "/annuaire?family=VIANDES_VOLAILLES&certification=organic&month=2",
            "/annuaire?q=bouef&near=43040&radius_km=10",
            "/annuaire?q=zzzzqqqq",
        ] {
            let page = visit(&site.browser, asked).await;
            assert_eq!(found(&page).len(), 0, "{asked}");
            let ways = page.inside(".ways", "a");
            assert!(!ways.is_empty(), "{asked}");
            for (way, count) in ways.iter().zip(page.inside(".ways", ".count")) {
                let on = visit(&site.browser, way.attribute("href").unwrap()).await;
                assert!(!found(&on).is_empty(), "{asked}: {} finds nobody", way.text);
                assert_eq!(on.texts(".count-line"), [count.text.as_str()], "{asked}: {}", way.text);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_read_in_the_words_is_shown_and_can_be_taken_away() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let page = visit(&site.browser, &search(&[("q", "lentilles bio près de Brioude")])).await;
        assert_eq!(found(&page), ["G001"], "bio is a condition on proof");
        let chips = page.texts(".chip");
        assert!(chips.iter().any(|chip| chip.contains("près de Brioude, lu dans vos mots")), "{chips:?}");
        assert!(chips.iter().any(|chip| chip.contains("Bio avec preuve, lu dans vos mots")), "{chips:?}");
        let without = visit(&site.browser, page.link("Bio avec preuve")).await;
        assert!(found(&without).len() > 1, "without the condition there are more");
        assert_eq!(without.all(".chip").len(), 1, "{:?}", without.texts(".chip"));
    })
    .await;
}

#[tokio::test]
async fn hostile_words_get_an_answer() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let long = "a".repeat(10_000);
        for q in
            ["\"", "' OR 1=1 --", "<script>alert(1)</script>", "a AND (b OR", "🥕🥕", "\0\u{7}", "%", long.as_str()]
        {
            let page = visit(&site.browser, &search(&[("q", q), ("near_text", q)])).await;
            for script in page.all("script") {
                // Facts for search engines may name what was asked, with nothing that ends the element.
                let facts = script.attribute("type") == Some("application/ld+json");
                assert!(if facts { !script.text.contains('<') } else { !script.text.contains("alert") }, "{q}");
            }
        }
    })
    .await;
}
