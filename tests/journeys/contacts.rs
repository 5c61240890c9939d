//! A canteen writes to a supplier, hears from it or not, and says what came of it.

mod unwanted;

use chrono::TimeDelta;
use mailparse::MailHeaderMap;
use manger_local::contacts::{REMIND, REVIEW, remind, review};
use manger_local::mail::latest;
use manger_local::schedule::{self, Duty};
use manger_local::suppliers::import::{self, Options};
use poem::http::StatusCode;

use crate::support::{
    Site, on_each_database,
    people::{Browser, mail_to, mails_to, member, organiser, rows, secrets_of},
};

const FARM: &str = "ferme@suc.example";
const COOK: &str = "cook@college.example";
const PAGE: &str = "/annuaire/ferme-du-suc/contact";
static DUTIES: [Duty; 2] = [
    Duty { kind: REMIND, every: None, run: |app, txn, subject, _| Box::pin(remind(app, txn, subject)) },
    Duty { kind: REVIEW, every: None, run: |app, txn, subject, now| Box::pin(review(app, txn, subject, now)) },
];

/// A farm of the demonstration, one that nobody holds, and a cook.
async fn cook(site: &Site) -> (Browser<'_>, Browser<'_>) {
    let table = format!(
        "Référence;Nom;Type;Code INSEE;Téléphone;Courriel;Provenance\n\
         F1;Ferme du Suc;Producteur;43157;04 71 11 22 33;{FARM};Démonstration\n\
         F2;Ferme muette;Producteur;43157;;muette@suc.example;\n\
         F3;Ferme au bout du fil;Producteur;43157;04 71 99 88 77;;Démonstration\n"
    );
    let options = Options::new("fournisseurs.csv", site.app.clock.now(), site.app.today());
    import::suppliers(&site.app, table.as_bytes(), &options, &mut |_| {}).await.unwrap();
    let claire = organiser(&site.app, &site.browser).await;
    let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
    (claire, cook)
}

/// All that is due by then.
async fn after(site: &Site, days: i64) {
    site.app.clock.advance(TimeDelta::days(days));
    while schedule::step(&site.app, &DUTIES).await.unwrap() {}
}

#[tokio::test]
async fn a_message_reaches_the_supplier_who_answers_the_cook_and_then_she_sees_how_to_reach_it() {
    on_each_database(async |site| {
        let (_, cook) = cook(site).await;
        let before = cook.get(PAGE).await.page.texts("main").concat();
        assert!(!before.contains("04 71 11 22 33") && !before.contains(FARM), "not before she has written");
        let fields = [("cantine", "1"), ("message", "Vos carottes ?"), ("quantite", "40 kg, chaque lundi")];
        assert_eq!(cook.post(PAGE, &fields).await.location, Some(format!("{PAGE}?fait=envoi")));
        let twice = futures_util::future::join(cook.post(PAGE, &fields), cook.post(PAGE, &fields)).await;
        assert_eq!(twice.0.location, Some(format!("{PAGE}?fait=envoi")), "pressed again, twice at once");
        assert_eq!(twice.1.location, twice.0.location);
        let told = mails_to(&site.app, FARM).await;
        assert_eq!(told.len(), 1, "sent once");
        assert!(told[0].1.contains("Vos carottes ?") && told[0].1.contains("40 kg, chaque lundi"), "{}", told[0].1);
        let mail = latest(&site.app.db, 100).await.unwrap().into_iter().find(|mail| mail.recipient == FARM).unwrap();
        let headers = mailparse::parse_mail(mail.message.as_bytes()).unwrap().headers;
        assert_eq!(headers.get_first_value("Reply-To").as_deref(), Some(COOK));
        let shown = cook.get(PAGE).await.page.texts("main").concat();
        assert!(shown.contains("04 71 11 22 33") && shown.contains(FARM));
        let public = Browser::new(&site.browser).get("/annuaire/ferme-du-suc").await.page.texts("main").concat();
        assert!(!public.contains("04 71 11 22 33") && !public.contains(FARM));
    })
    .await;
}

#[tokio::test]
async fn without_an_answer_the_supplier_is_reminded_once_and_the_cook_is_asked_after_two_months() {
    on_each_database(async |site| {
        let (_, cook) = cook(site).await;
        cook.post(PAGE, &[("cantine", "1"), ("message", "Vos carottes ?")]).await;
        after(site, 6).await;
        assert_eq!(mails_to(&site.app, FARM).await.len(), 1, "not yet");
        after(site, 1).await;
        after(site, 1).await;
        assert_eq!(mail_to(&site.app, FARM).await.unwrap().0, "contact_reminder");
        assert_eq!(mails_to(&site.app, FARM).await.len(), 2, "once");
        after(site, 53).await;
        let (kind, text) = mail_to(&site.app, COOK).await.unwrap();
        assert!(kind == "contact_review" && text.contains("/cantine/1/messages"), "{text}");
        // Two months without a visit: she comes in again.
        cook.post("/connexion", &[("courriel", COOK)]).await;
        let (code, _) = secrets_of(&mail_to(&site.app, COOK).await.unwrap().1);
        cook.post("/connexion/code", &[("code", &code)]).await;
        let list = cook.get("/cantine/1/messages").await.page;
        assert!(list.texts(".letters").concat().contains("pas encore de réponse"));
        let said = cook.post("/cantine/1/messages/1", &[("suite", "travail")]).await;
        assert_eq!(said.location.as_deref(), Some("/cantine/1/messages?fait=suite"));
        assert!(cook.get("/cantine/1/messages").await.page.texts(".letters").concat().contains("travaillez ensemble"));
    })
    .await;
}

#[tokio::test]
async fn who_was_answered_is_not_reminded_and_what_is_over_is_not_asked_about() {
    on_each_database(async |site| {
        let (_, cook) = cook(site).await;
        cook.post(PAGE, &[("cantine", "1"), ("message", "Vos carottes ?")]).await;
        cook.post("/cantine/1/messages/1", &[("suite", "reponse")]).await;
        after(site, 8).await;
        assert_eq!(mails_to(&site.app, FARM).await.len(), 1);
        cook.post("/cantine/1/messages/1", &[("suite", "rien")]).await;
        after(site, 60).await;
        assert!(mails_to(&site.app, COOK).await.iter().all(|(kind, _)| kind != "contact_review"));
    })
    .await;
}

#[tokio::test]
async fn only_canteens_write_only_to_who_holds_its_listing_and_not_without_end() {
    on_each_database(async |site| {
        let (claire, cook) = cook(site).await;
        let message = [("cantine", "1"), ("message", "Bonjour")];
        let closed = cook.get("/annuaire/ferme-muette/contact").await.page.texts("main").concat();
        assert!(closed.contains("pas encore pris sa fiche en main"), "{closed}");
        assert_eq!(cook.post("/annuaire/ferme-muette/contact", &message).await.status, StatusCode::NOT_FOUND);
        let called = cook.get("/annuaire/ferme-au-bout-du-fil/contact").await.page.texts("main").concat();
        assert!(called.contains("04 71 99 88 77"), "who can only be called is called: {called}");
        let grower = member(&site.app, &claire, "Ferme du Bas", "grower@ferme.example").await;
        assert!(grower.get(PAGE).await.page.texts("main").concat().contains("Seules les cantines"));
        let hidden = grower.get("/annuaire/ferme-au-bout-du-fil/contact").await.page.texts("main").concat();
        assert!(!hidden.contains("04 71 99 88 77"), "a grower is no canteen");
        assert_eq!(grower.post(PAGE, &message).await.status, StatusCode::NOT_FOUND);
        let other = member(&site.app, &claire, "Lycée du Bas", "other@lycee.example").await;
        let refused = other.post(PAGE, &message).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "not in the name of another's canteen");
        for number in 0..20 {
            let text = format!("Message {number}");
            let sent = cook.post(PAGE, &[("cantine", "1"), ("message", &text)]).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{number}");
        }
        let refused = cook.post(PAGE, &[("cantine", "1"), ("message", "Encore un")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.page.texts("textarea").concat().contains("Encore un"));
        assert_eq!(rows(&site.app, "contacts").await.len(), 20);
        for path in ["/cantine/1/messages", "/cantine/1"] {
            assert_eq!(other.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(other.post("/cantine/1/messages/1", &[("suite", "rien")]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.post("/cantine/3/messages/1", &[("suite", "rien")]).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
