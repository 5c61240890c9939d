//! Several people with one listing, and strangers.

use poem::http::StatusCode;

use super::{JULIE, filled, registered, seen};
use crate::support::{
    Site, on_each_database,
    people::{Browser, accept},
};

/// Julie's husband, of the same team.
async fn husband<'a>(site: &'a Site, julie: &Browser<'a>, path: &str) -> Browser<'a> {
    let team = path.replace("/fiche/", "/equipes/");
    julie.post(&format!("{team}/invitations"), &[("courriel", "paul@ferme-du-suc.example")]).await;
    accept(&site.app, &site.browser, "paul@ferme-du-suc.example").await
}

#[tokio::test]
async fn of_two_who_change_one_page_the_second_sees_what_changed_and_loses_nothing() {
    on_each_database(async |site| {
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", "").await;
        let paul = husband(site, &julie, &path).await;
        let page = format!("{path}/identite");
        let (hers, his) = (seen(&julie, &page).await, seen(&paul, &page).await);
        let saved = julie
            .post(
                &page,
                &[("nom", "GAEC du Suc"), ("type", "producer"), ("telephone", "04 71 00 00 01"), ("vu", &hers)],
            )
            .await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        let mine =
            [("nom", "Ferme du Suc"), ("type", "producer"), ("telephone", "04 71 00 00 02"), ("vu", his.as_str())];
        let contested = paul.post(&page, &mine).await;
        assert_eq!(contested.status, StatusCode::CONFLICT);
        assert_eq!(contested.page.by_id("telephone").unwrap().attribute("value"), Some("04 71 00 00 02"));
        let told = contested.page.texts(".meanwhile").concat();
        assert!(told.contains("GAEC du Suc") && told.contains("04 71 00 00 01"), "{told}");
        let inputs = contested.page.all("input").into_iter().find(|input| input.attribute("name") == Some("vu"));
        let now = inputs.unwrap().attribute("value").unwrap().to_owned();
        let again = paul.post(&page, &[&mine[..3], &[("vu", now.as_str())]].concat()).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        let kept = julie.get(&page).await.page;
        assert_eq!(kept.by_id("telephone").unwrap().attribute("value"), Some("04 71 00 00 02"));
    })
    .await;
}

#[tokio::test]
async fn of_two_who_change_one_product_the_second_sees_what_changed() {
    on_each_database(async |site| {
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", "").await;
        let paul = husband(site, &julie, &path).await;
        julie.post(&format!("{path}/produits/ajout"), &[("produit", "Lentilles vertes"), ("prix", "3")]).await;
        let page = julie.get(&format!("{path}/produits")).await.page.link("Lentilles vertes").to_owned();
        let (hers, his) = (seen(&julie, &page).await, seen(&paul, &page).await);
        julie.post(&page, &[("produit", "Lentilles vertes"), ("prix", "3,50"), ("vu", &hers)]).await;
        let contested = paul.post(&page, &[("produit", "Lentilles du Suc"), ("prix", "3"), ("vu", &his)]).await;
        assert_eq!(contested.status, StatusCode::CONFLICT);
        assert_eq!(contested.page.by_id("produit").unwrap().attribute("value"), Some("Lentilles du Suc"));
        assert!(contested.page.texts(".notice").concat().contains("3,50"));
    })
    .await;
}

#[tokio::test]
async fn two_products_added_at_once_are_both_there() {
    on_each_database(async |site| {
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", "").await;
        let paul = husband(site, &julie, &path).await;
        let (page, one, two) =
            (format!("{path}/produits/ajout"), [("produit", "Lentilles")], [("produit", "Carottes")]);
        let (first, second) = futures_util::future::join(julie.post(&page, &one), paul.post(&page, &two)).await;
        assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
        let list = julie.get(&format!("{path}/produits")).await.page.texts(".own-offers").concat();
        assert!(list.contains("Lentilles") && list.contains("Carottes"), "{list}");
    })
    .await;
}

#[tokio::test]
async fn a_neighbour_finds_nothing_of_it_whatever_she_tries() {
    on_each_database(async |site| {
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", "").await;
        filled(&julie, &path, "Ferme du Suc").await;
        let product = julie.get(&format!("{path}/produits")).await.page.link("Topinambours").to_owned();
        let (neighbour, own) = registered(site, "neighbour@ferme.example", "Ferme du Bas", "").await;
        for page in ["", "/identite", "/lieu", "/livraison", "/produits", "/certifications", "/photos", "/apercu"] {
            assert_eq!(neighbour.get(&format!("{path}{page}")).await.status, StatusCode::NOT_FOUND, "{page}");
        }
        assert_eq!(neighbour.get(&product).await.status, StatusCode::NOT_FOUND);
        for (page, fields) in [
            (format!("{path}/identite"), vec![("nom", "Volée"), ("type", "producer")]),
            (format!("{path}/produits/ajout"), vec![("produit", "Volé")]),
            (format!("{product}/retrait"), vec![]),
            (format!("{path}/envoi"), vec![]),
        ] {
            assert_eq!(neighbour.post(&page, &fields).await.status, StatusCode::NOT_FOUND, "{page}");
        }
        // Her own address does not reach what is another's either.
        let key = product.rsplit('/').next().unwrap();
        assert_eq!(neighbour.get(&format!("{own}/produits/{key}")).await.status, StatusCode::NOT_FOUND);
        assert!(julie.get(&path).await.page.texts(".desk-steps").concat().contains("1 produit"));
    })
    .await;
}
