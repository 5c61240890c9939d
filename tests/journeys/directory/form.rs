//! The search form: place, chips, order, pages, links shared by others.

use crate::support::{
    cast::{farms, found, import_offers, import_suppliers, open_with_cast, search, visit},
    on_each_database,
};
use manger_local::{
    directory::{Position, step},
    places::Point,
};

#[tokio::test]
async fn the_cook_finds_lentils_near_her_kitchen_without_a_script() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let home = visit(&site.browser, "/").await;
        assert_eq!(home.by_id("search").unwrap().attribute("action"), Some("/annuaire"));
        let typed = [("q", "lentilles"), ("near_text", "le puy en velay"), ("near", ""), ("radius_km", "30")];
        let page = visit(&site.browser, &search(&typed)).await;
        assert_eq!(found(&page), ["G005", "G001", "G002"], "nearest first, Brioude is too far");
        assert_eq!(page.texts("h1"), ["Lentilles près du Puy-en-Velay"]);
        assert_eq!(page.by_id("near").unwrap().attribute("value"), Some("43157"));
        let cards = page.texts(".supplier");
        let kitchen = site.app.places.commune("43157").unwrap().point.unwrap();
        let km = kitchen.distance_km(Point { lat: 45.0714, lon: 3.8601 });
        assert!(cards[1].contains(&format!("Polignac, environ {km:.0} km")), "{km}: {}", cards[1]);
        assert!(cards[1].contains("livre au Puy-en-Velay le mardi et le jeudi, dès 80"), "{}", cards[1]);
        assert!(cards[1].contains("Bio, preuve à jour"), "{}", cards[1]);
        let profile = visit(&site.browser, page.link("GAEC des Genêts")).await;
        assert_eq!(profile.texts("h1"), ["GAEC des Genêts"]);
    })
    .await;
}

#[tokio::test]
async fn a_place_may_be_typed_as_a_name_or_a_postal_code() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        for (typed, code) in
            [("43100", "43040"), ("Brioude", "43040"), ("BRIOUDE (43)", "43040"), ("st julien chapteuil", "43200")]
        {
            let page = visit(&site.browser, &search(&[("near_text", typed)])).await;
            assert_eq!(page.by_id("near").unwrap().attribute("value"), Some(code), "{typed}");
        }
    })
    .await;
}

#[tokio::test]
async fn emptying_the_place_or_typing_another_takes_the_old_one_away() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let old = |text| [("q", "lentilles"), ("near", "43157"), ("near_text", text)];
        let page = visit(&site.browser, &search(&old(""))).await;
        assert_eq!(page.by_id("near").unwrap().attribute("value"), Some(""), "the place was emptied");
        let page = visit(&site.browser, &search(&old("Brioude"))).await;
        assert_eq!(page.by_id("near").unwrap().attribute("value"), Some("43040"), "another was typed");
        let page = visit(&site.browser, "/annuaire?q=lentilles&near=43157").await;
        assert_eq!(page.by_id("near").unwrap().attribute("value"), Some("43157"), "a link says only the code");
    })
    .await;
}

#[tokio::test]
async fn a_typed_place_takes_the_place_of_ones_own_position() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let there = visit(&site.browser, "/annuaire?q=lentilles&lat=45.09&lon=3.86").await;
        assert_eq!(there.by_id("near_text").unwrap().attribute("value"), Some("Ma position"));
        assert_eq!(found(&there)[0], "G001");
        let fields = [("q", "lentilles"), ("lat", "45.09"), ("lon", "3.86"), ("sort", "distance")];
        let moved = visit(&site.browser, &search(&[&fields[..], &[("near_text", "Brioude")]].concat())).await;
        assert_eq!(moved.by_id("near").unwrap().attribute("value"), Some("43040"));
        assert_eq!(found(&moved)[0], "G006");
        let kept = visit(&site.browser, &search(&[&fields[..], &[("near_text", "Ma position")]].concat())).await;
        assert_eq!(found(&kept)[0], "G001");
        assert!(kept.all(".notice").is_empty(), "{:?}", kept.texts(".notice"));
    })
    .await;
}

#[tokio::test]
async fn each_chip_takes_one_filter_away() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let all = "/annuaire?q=lentilles&near=43157&radius_km=30&delivers_to=true&family=FRUITS_ET_LEGUMES&certification=organic&kind=producer&month=3";
        let page = visit(&site.browser, all).await;
        assert_eq!(found(&page), ["G001"]);
        let chips = page.all(".chip");
        let labels: Vec<&str> = chips.iter().map(|chip| chip.text.trim_start_matches("Retirer le filtre : ")).collect();
        let expected =
            ["Le Puy-en-Velay, 30 km", "Livre chez moi", "Fruits et légumes", "Bio", "Producteur", "mars"];
        assert_eq!(labels, expected);
        for chip in &chips {
            let without = visit(&site.browser, chip.attribute("href").unwrap()).await;
            let gone = if chip.text.contains("Le Puy") { 2 } else { 1 };
            assert_eq!(without.all(".chip").len(), chips.len() - gone, "{}", chip.text);
            assert!(!without.texts(".chip").contains(&chip.text.as_str()), "{}", chip.text);
            assert!(found(&without).contains(&"G001"), "{}", chip.text);
        }
        let cleared = visit(&site.browser, page.link("Tout effacer")).await;
        assert_eq!((cleared.all(".chip").len(), found(&cleared).len()), (0, 4), "only the words are left");
    })
    .await;
}

#[tokio::test]
async fn results_come_in_the_order_asked_for() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let order = async |sort: &'static str| {
            let page = visit(&site.browser, &search(&[("near", "43157"), ("sort", sort)])).await;
            let chosen = page.inside("select", "option").into_iter().find(|one| one.attribute("value") == Some(sort));
            assert!(chosen.unwrap().attribute("selected").is_some(), "{sort} is not shown as chosen");
            found(&page).join(" ")
        };
        assert_eq!(order("distance").await, "G005 G001 G002 G003 G004 G006");
        assert_eq!(order("name").await, "G004 G006 G002 G001 G003 G005");
        assert_eq!(order("freshness").await, "G003 G004 G005 G001 G006 G002");
        let page = visit(&site.browser, "/annuaire").await;
        assert!(!page.texts("option").contains(&"distance"), "without a place there is no distance");
    })
    .await;
}

#[tokio::test]
async fn pages_show_everybody_once() {
    on_each_database(async |site| {
        import_suppliers(&site.app, &farms('P', 45)).await;
        let offers = "Référence fournisseur;Produit;Famille".to_owned();
        let offers =
            (0..45).fold(offers, |table, number| table + &format!("\nP{number:04};Carottes;Fruits et légumes"));
        import_offers(&site.app, &offers).await;
        step(&site.app, Position::default()).await.unwrap();
        let mut page = visit(&site.browser, "/annuaire?q=carottes&near=43157&sort=name").await;
        let mut seen: Vec<String> = Vec::new();
        for range in ["de 1 à 20", "de 21 à 40", "de 41 à 45"] {
            assert!(page.texts(".count-line")[0].contains(range), "{:?}", page.texts(".count-line"));
            seen.extend(found(&page).into_iter().map(str::to_owned));
            if range != "de 41 à 45" {
                page = visit(&site.browser, page.link("Page suivante")).await;
                assert!(page.texts(".chip")[0].contains("Le Puy-en-Velay"), "the next page keeps the filters");
            }
        }
        assert_eq!(seen, (0..45).map(|n| format!("P{n:04}")).collect::<Vec<_>>());
        assert!(!page.texts("a").contains(&"Page suivante"), "the last page leads nowhere");
        let beyond = visit(&site.browser, "/annuaire?q=carottes&page=9").await;
        assert_eq!(found(&beyond).len(), 5, "beyond the last page there is the last page");
    })
    .await;
}

#[tokio::test]
async fn a_link_with_an_unknown_filter_says_so_and_applies_the_rest() {
    on_each_database(async |site| {
        open_with_cast(site).await;
        let page = visit(&site.browser, "/annuaire?q=lentilles&family=LEGUMES_SECS&kind=producer&month=13").await;
        let notices = page.texts(".notice");
        assert_eq!(notices.len(), 2, "{notices:?}");
        assert!(notices[0].contains("n’a pas été appliquée") && notices[0].contains("family : « LEGUMES_SECS »"));
        assert!(notices[1].contains("month : « 13 »"), "{notices:?}");
        assert_eq!(found(&page).len(), 3, "the producers of lentils");
        let page = visit(&site.browser, "/annuaire?q=lentilles&utm_source=lettre").await;
        assert!(page.all(".notice").is_empty(), "what is nobody's filter is nobody's business");
    })
    .await;
}
