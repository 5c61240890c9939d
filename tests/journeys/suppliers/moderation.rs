//! What organisers decide, what the supplier hears of it, and what everybody sees meanwhile.

use poem::http::StatusCode;

use super::{JULIE, SIRET, decide, filled, found, import, registered, version};
use crate::support::{
    on_each_database,
    people::{mail_to, mails_to, organiser, rows},
};

#[tokio::test]
async fn a_listing_is_sent_returned_corrected_and_accepted_and_each_step_is_mailed() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", SIRET).await;
        let too_early = julie.post(&format!("{path}/envoi"), &[]).await;
        assert_eq!(too_early.location, Some(path.clone()), "what is not whole is not sent");
        filled(&julie, &path, "Ferme du Suc").await;
        julie.post(&format!("{path}/envoi"), &[]).await;
        julie.post(&format!("{path}/envoi"), &[]).await;
        assert_eq!(mail_to(&site.app, JULIE).await.unwrap().0, "listing_received");
        let told = mails_to(&site.app, "claire@departement.example").await;
        assert_eq!(told.iter().filter(|(kind, _)| kind == "listing_waiting").count(), 1, "sent once");
        assert!(claire.get("/organisation/fiches").await.page.texts(".letters").concat().contains("Ferme du Suc"));
        assert_eq!(found(site, "topinambours").await, 0);

        let page = path.replace("/fiche/", "/organisation/fiches/");
        let silent = decide(&claire, &path, &[("geste", "retour")]).await;
        assert_eq!(silent, StatusCode::UNPROCESSABLE_ENTITY, "it says what to change");
        let fields = [("geste", "retour"), ("remarque_produits", "Quel calibre ?")];
        assert_eq!(decide(&claire, &path, &fields).await, StatusCode::SEE_OTHER);
        let (kind, text) = mail_to(&site.app, JULIE).await.unwrap();
        assert!(kind == "listing_returned" && text.contains("Quel calibre ?"), "{text}");
        assert!(julie.get(&format!("{path}/produits")).await.page.texts(".notice").concat().contains("Quel calibre ?"));
        let again = claire.post(&page, &[("geste", "acceptation"), ("version", "1")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "it is the supplier's turn");

        julie.post(&format!("{path}/produits/ajout"), &[("produit", "Panais")]).await;
        julie.post(&format!("{path}/envoi"), &[]).await;
        assert_eq!(decide(&claire, &path, &[("geste", "acceptation")]).await, StatusCode::SEE_OTHER);
        assert_eq!(mail_to(&site.app, JULIE).await.unwrap().0, "listing_accepted");
        assert_eq!((found(site, "topinambours").await, found(site, "panais").await), (1, 1));
        let journal = claire.get("/organisation/journal").await.page.texts("li").concat();
        for act in ["a envoyé sa fiche", "a demandé des changements à une fiche", "a accepté une fiche"] {
            assert!(journal.contains(act), "{act}: {journal}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_online_stays_until_a_change_is_accepted_and_prices_need_nobody() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", SIRET).await;
        filled(&julie, &path, "Ferme du Suc").await;
        julie.post(&format!("{path}/envoi"), &[]).await;
        decide(&claire, &path, &[("geste", "acceptation")]).await;
        let product = julie.get(&format!("{path}/produits")).await.page.link("Topinambours").to_owned();

        let seen = super::seen(&julie, &product).await;
        let fields = [("produit", "Topinambours violets"), ("prix", "2,80"), ("unite", "kg"), ("vu", seen.as_str())];
        julie.post(&product, &fields).await;
        assert!(julie.get(&path).await.page.texts("button").concat().contains("Mettre en ligne"));
        let sent = julie.post(&format!("{path}/envoi"), &[]).await;
        assert_eq!(sent.location, Some(format!("{path}?fait=publication")));
        let public = julie.get(&path).await.page.link("Voir la fiche en ligne").to_owned();
        assert!(julie.get(&public).await.page.texts("main").concat().contains("2,80"));

        let seen = super::seen(&julie, &product).await;
        julie.post(&product, &[("produit", "Ananas de Lyon"), ("famille", "FRUITS_ET_LEGUMES"), ("vu", &seen)]).await;
        julie.post(&format!("{path}/envoi"), &[]).await;
        let shown = julie.get(&public).await.page.texts("main").concat();
        assert!(shown.contains("Topinambours") && !shown.contains("Ananas"), "the accepted version stays");
        let page = path.replace("/fiche/", "/organisation/fiches/");
        let review = claire.get(&page).await.page.texts("dl").concat();
        assert!(review.contains("Ananas de Lyon") && review.contains("Topinambours violets"), "{review}");
        assert_eq!(decide(&claire, &path, &[("geste", "refus")]).await, StatusCode::UNPROCESSABLE_ENTITY);
        let reason = [("geste", "refus"), ("remarque", "Ce n’est pas un produit d’ici.")];
        assert_eq!(decide(&claire, &path, &reason).await, StatusCode::SEE_OTHER);
        let (kind, text) = mail_to(&site.app, JULIE).await.unwrap();
        assert!(kind == "listing_refused" && text.contains("Ce n’est pas un produit"), "{text}");
        assert!(julie.get(&public).await.page.texts("main").concat().contains("Topinambours"));
    })
    .await;
}

#[tokio::test]
async fn another_sign_on_an_accepted_certificate_is_read_before_it_shows() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", SIRET).await;
        filled(&julie, &path, "Ferme du Suc").await;
        let held = [("signe", "hve"), ("numero", "12"), ("organisme", "Ecocert"), ("fin", "31/03/2031")];
        julie.post(&format!("{path}/certifications/ajout"), &held).await;
        julie.post(&format!("{path}/envoi"), &[]).await;
        decide(&claire, &path, &[("geste", "acceptation")]).await;
        let page = path.replace("/fiche/", "/organisation/fiches/");
        let over = claire.get(&page).await.page;
        assert!(over.texts("main").concat().contains("n’attend pas de décision") && over.texts("button").is_empty());

        let edit = julie.get(&format!("{path}/certifications")).await.page.link("HVE").to_owned();
        let seen = super::seen(&julie, &edit).await;
        let other = [("signe", "organic"), ("numero", "12"), ("organisme", "Ecocert"), ("fin", "31/03/2031")];
        julie.post(&edit, &[&other[..], &[("vu", seen.as_str())]].concat()).await;
        let sent = julie.post(&format!("{path}/envoi"), &[]).await;
        assert_eq!(sent.location, Some(format!("{path}?fait=envoi")), "an organiser reads it first");
        let review = claire.get(&page).await.page.texts("dl").concat();
        assert!(review.contains("HVE") && review.contains("Bio"), "{review}");
    })
    .await;
}

#[tokio::test]
async fn the_longest_name_is_mailed_too() {
    on_each_database(async |site| {
        let name = "é".repeat(200);
        let (julie, path) = registered(site, JULIE, &name, SIRET).await;
        filled(&julie, &path, &name).await;
        assert_eq!(julie.post(&format!("{path}/envoi"), &[]).await.location, Some(format!("{path}?fait=envoi")));
        assert_eq!(mail_to(&site.app, JULIE).await.unwrap().0, "listing_received");
    })
    .await;
}

#[tokio::test]
async fn what_changed_since_it_was_read_is_not_decided() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", SIRET).await;
        filled(&julie, &path, "Ferme du Suc").await;
        julie.post(&format!("{path}/envoi"), &[]).await;
        let page = path.replace("/fiche/", "/organisation/fiches/");
        let version = version(&claire, &page).await;
        julie.post(&format!("{path}/produits/ajout"), &[("produit", "Panais")]).await;
        julie.post(&format!("{path}/envoi"), &[]).await;
        let fields = [("geste", "acceptation"), ("version", version.as_str()), ("remarque", "Bravo")];
        let stale = claire.post(&page, &fields).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.page.texts("textarea").concat().contains("Bravo"));
        assert!(rows(&site.app, "suppliers").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_listing_nobody_holds_becomes_the_suppliers_when_the_organiser_agrees() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let listed = format!("Référence;Nom;Type;Code INSEE;SIRET\nF1;Le Suc;Producteur;43157;{SIRET}\n");
        import(site, &listed).await;
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", SIRET).await;
        filled(&julie, &path, "Ferme du Suc").await;
        julie.post(&format!("{path}/envoi"), &[]).await;
        let page = path.replace("/fiche/", "/organisation/fiches/");
        assert!(claire.get(&page).await.page.texts(".notice").concat().contains("Le Suc"));
        decide(&claire, &path, &[("geste", "acceptation")]).await;
        assert_eq!(rows(&site.app, "suppliers").await.len(), 1, "one listing, not two");
        assert_eq!(found(site, "topinambours").await, 1);
    })
    .await;
}
