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

#[tokio::test]
async fn a_radius_goes_around_the_commune_in_the_words_or_waits_for_one() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let said = visit(&site.browser, &search(&[("q", "lentilles près du Puy-en-Velay"), ("radius_km", "30")])).await;
        let chosen = visit(&site.browser, &search(&[("q", "lentilles"), ("near", "43157"), ("radius_km", "30")])).await;
        assert_eq!(found(&said), found(&chosen));
        assert!(
            said.texts(".chip")[0].contains("près du Puy-en-Velay, 30 km, lu dans vos mots"),
            "{:?}",
            said.texts(".chip")
        );
        let waits = visit(&site.browser, &search(&[("q", "lentilles"), ("radius_km", "30")])).await;
        assert!(
            waits.texts(".notice")[0].contains("le rayon de 30 km ne s’applique pas"),
            "{:?}",
            waits.texts(".notice")
        );
    })
    .await;
}

#[tokio::test]
async fn clearing_all_takes_away_what_was_read_in_the_words_until_they_change() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let asked = [("q", "lentilles bio livrées le jeudi à Brioude"), ("kind", "producer")];
        let page = visit(&site.browser, &search(&asked)).await;
        assert!(page.texts(".chip").len() >= 4, "{:?}", page.texts(".chip"));
        let cleared = visit(&site.browser, page.link("Tout effacer")).await;
        assert_eq!(cleared.texts(".chip"), [""; 0]);
        let words = cleared.all("input").into_iter().find(|field| field.attribute("name") == Some("without_for"));
        assert_eq!(words.unwrap().attribute("value"), Some(asked[0].1));
        // The form as it is sent with other words in it.
        let other = [("q", "lentilles Brioude"), ("without", "commune"), ("without_for", asked[0].1)];
        let page = visit(&site.browser, &search(&other)).await;
        assert!(page.texts(".chip")[0].contains("près de Brioude"), "{:?}", page.texts(".chip"));
    })
    .await;
}

#[tokio::test]
async fn the_number_beside_a_filter_is_what_the_click_finds() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        for words in ["lentilles", "yaourt", "oignons"] {
            let page = visit(&site.browser, &search(&[("q", words)])).await;
            let told = page.inside(".facet", "label");
            let fields = page.inside(".facet", "input");
            for field in fields {
                let (name, value) = (field.attribute("name").unwrap(), field.attribute("value").unwrap());
                let label = told.iter().find(|label| page.contains(label, field)).unwrap();
                let number: usize = label.text.split_whitespace().last().unwrap().parse().unwrap();
                let clicked = visit(&site.browser, &search(&[("q", words), (name, value)])).await;
                assert_eq!(found(&clicked).len(), number, "{words}: {}", label.text);
            }
        }
    })
    .await;
}
