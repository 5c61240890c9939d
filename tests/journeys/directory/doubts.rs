//! What the words may have meant besides, told to the reader: another commune, a day, a sign, nothing.

use crate::support::{
    cast::{found, open_with_cast, search, visit},
    on_each_database,
};

#[tokio::test]
async fn a_name_of_several_communes_offers_the_others() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        for typed in [[("q", "yaourt Monistrol"), ("near_text", "")], [("q", "yaourt"), ("near_text", "Monistrol")]] {
            let page = visit(&site.browser, &search(&typed)).await;
            let doubts = page.texts(".doubt");
            assert!(doubts.len() == 1 && doubts[0].contains("de Monistrol-sur-Loire"), "{typed:?}: {doubts:?}");
            let other = visit(&site.browser, page.link("Monistrol-d'Allier")).await;
            assert_eq!(other.by_id("near").unwrap().attribute("value"), Some("43136"), "{typed:?}");
            assert_eq!(other.texts(".doubt"), [""; 0], "{typed:?}: the other was chosen");
            assert_eq!(found(&other), found(&page), "{typed:?}: a place excludes nobody");
        }
        let postal = visit(&site.browser, &search(&[("q", "yaourt 43200")])).await;
        assert!(postal.texts(".doubt")[0].contains("Grazac"), "{:?}", postal.texts(".doubt"));
        for clear in ["yaourt Brioude", "yaourt", "yaourt Monistrol-sur-Loire"] {
            let page = visit(&site.browser, &search(&[("q", clear)])).await;
            assert_eq!(page.texts(".doubt"), [""; 0], "{clear}");
        }
    })
    .await;
}

#[tokio::test]
async fn words_that_ask_for_nothing_are_told_so() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let page = visit(&site.browser, &search(&[("q", "moins cher")])).await;
        let notices = page.texts(".notice");
        assert!(notices.len() == 1 && notices[0].contains("Aucun mot de « moins cher »"), "{notices:?}");
        assert!(!found(&page).is_empty());
        let page = visit(&site.browser, &search(&[("q", "lentilles moins chères")])).await;
        assert_eq!(page.texts(".notice"), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_day_of_delivery_in_the_words_orders_and_in_the_filters_excludes() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let everybody = visit(&site.browser, &search(&[("q", "lentilles")])).await;
        let all = found(&everybody);
        let page = visit(&site.browser, &search(&[("q", "lentilles livrées le jeudi")])).await;
        assert_eq!(found(&page)[0], "G001", "delivers on Tuesday and Thursday");
        assert_eq!(found(&page).len(), all.len(), "the others come after");
        let without = visit(&site.browser, page.link("livraison le jeudi en premier")).await;
        assert_eq!(found(&without), all);
        let chosen = visit(&site.browser, &search(&[("q", "lentilles"), ("delivery_day", "thursday")])).await;
        assert_eq!(found(&chosen), ["G001"]);
        let selected = chosen.all("option").into_iter().find(|option| option.attribute("value") == Some("thursday"));
        assert!(selected.unwrap().attribute("selected").is_some());
        let again = visit(&site.browser, chosen.link("Livre le jeudi")).await;
        assert_eq!(found(&again), all);
    })
    .await;
}

#[tokio::test]
async fn a_sign_that_only_orders_can_be_made_a_condition() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let page = visit(&site.browser, &search(&[("q", "lentilles aop")])).await;
        let firm = visit(&site.browser, page.link("Seulement AOP, avec preuve")).await;
        let told = page.texts(".chip").into_iter().find(|chip| chip.contains("Seulement AOP")).unwrap_or_default();
        assert!(told.contains(&format!("({})", found(&firm).len())), "{told}");
        assert!(found(&firm).len() < found(&page).len());
        assert!(
            firm.texts(".chip").iter().any(|chip| chip.contains("Retirer le filtre : AOP")),
            "{:?}",
            firm.texts(".chip")
        );
    })
    .await;
}
