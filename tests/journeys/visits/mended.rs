//! What goes wrong around a visit and is made right: a deadline brought forward, a form that comes too late, needs that
//! change, a farm that must know who comes.

use manger_local::suppliers::import::{self, Options};
use poem::http::StatusCode;

use super::{address, ask, date, kinds, link, program, register, standings, until};
use crate::support::{
    Site, on_each_database,
    people::{Answer, Browser, mail_to, rows, secrets_of},
};

const DESK: &str = "/organisation/visites/dates/1";
const FORM: &str = "/visites/ferme-des-genets/dates/1/inscription";
const FARM: &str = "marc@suc.example";

async fn change(claire: &Browser<'_>, fields: &[(&str, &str)]) -> Answer {
    super::change(claire, 1, fields).await
}

async fn own(site: &Site, who: &str) -> String {
    Browser::new(&site.browser).get(&link(site, who).await).await.page.texts("main").concat()
}

async fn public(site: &Site) -> String {
    Browser::new(&site.browser).get("/visites/ferme-des-genets").await.page.texts("main").concat()
}

#[tokio::test]
async fn no_offer_outlives_a_deadline_that_is_brought_forward_and_who_did_not_answer_keeps_her_turn() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        date(site, &key, 1).await;
        for who in ["ana", "ben"] {
            register(site, &key, 1, who, 1).await;
        }
        let visitor = Browser::new(&site.browser);
        visitor.post(&format!("{}/annulation", link(site, "ana").await), &[]).await;
        assert!(own(site, "ben").await.contains("Répondez avant le 18 mars 2027"));
        // An hour before the answer was due.
        until(site, "2027-03-17T20:00:00Z").await;
        let closer = change(&claire, &[("cloture", "17/03/2027"), ("cloture_heure", "22 h")]).await;
        assert_eq!(closer.status, StatusCode::SEE_OTHER, "{:?}", closer.page.texts(".error"));
        assert!(own(site, "ben").await.contains("Répondez avant le 17 mars 2027, 22 h"));
        until(site, "2027-03-17T21:00:00Z").await;
        assert_eq!(standings(site, 1).await[1].1, "waiting");
        assert_eq!(kinds(site, "ben").await, ["visit_waiting", "visit_offered", "visit_offered", "visit_lapsed"]);
        let (_, text) = mail_to(&site.app, &address("ben")).await.unwrap();
        assert!(text.contains("Vous restez en liste d’attente, à la place 1"), "{text}");
        claire.post(&format!("{DESK}/inscriptions/2"), &[("geste", "donner")]).await;
        assert_eq!(standings(site, 1).await[1].1, "confirmed", "an organiser may still give her the place");
    })
    .await;
}

#[tokio::test]
async fn the_deadline_follows_the_day_and_what_cannot_be_is_refused_beside_its_field() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        date(site, &key, 4).await;
        change(&claire, &[("jour", "22/04/2027")]).await;
        let page = claire.get(DESK).await.page;
        assert_eq!(page.by_id("cloture").unwrap().attribute("value"), Some("21/04/2027"));
        for (field, typed, said) in [
            ("jour", "22/04/3027", "vingt ans"),
            ("jour", "15/03/2027", "Ce jour est passé"),
            ("cloture", "01/01/2020", "Ce moment est passé"),
            ("places", "100001", "100 000"),
        ] {
            let refused = change(&claire, &[(field, typed)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {typed}");
            let error = &refused.page.by_id(&format!("{field}-error")).unwrap().text;
            assert!(error.contains(said), "{field} {typed}: {error}");
            assert_eq!(refused.page.by_id(field).unwrap().attribute("value"), Some(typed));
        }
    })
    .await;
}

#[tokio::test]
async fn places_for_which_a_larger_party_waits_are_not_promised_to_others() {
    on_each_database(async |site| {
        let (_, key) = program(site).await;
        date(site, &key, 3).await;
        for (who, party) in [("ana", 2), ("ben", 1), ("cleo", 3)] {
            register(site, &key, 1, who, party).await;
        }
        let visitor = Browser::new(&site.browser);
        visitor.post(&format!("{}/annulation", link(site, "ana").await), &[]).await;
        let shown = public(site).await;
        assert!(shown.contains("il reste la liste d’attente") && !shown.contains("places libres"), "{shown}");
        let free = async || visitor.get("/visites?places=libres").await.page.texts("main").concat().contains("Genêts");
        assert!(!free().await, "not among those with free places");
        visitor.post(&format!("{}/annulation", link(site, "cleo").await), &[]).await;
        let shown = public(site).await;
        assert!(shown.contains("2 places libres"), "{shown}");
        assert!(free().await);
    })
    .await;
}

#[tokio::test]
async fn who_comes_too_late_reads_it_and_finds_what_was_typed() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        date(site, &key, 3).await;
        claire.post(&format!("{DESK}/etat"), &[("geste", "clore")]).await;
        let typed =
            [("nom", "Ana"), ("courriel", "ana@cantine.example"), ("personnes", "2"), ("regime", "sans gluten")];
        let late = Browser::new(&site.browser).post(FORM, &typed).await;
        let shown = late.page.texts("main").concat();
        assert_eq!(late.status, StatusCode::CONFLICT, "{shown}");
        assert!(shown.contains("closes") && shown.contains("Rien n’a été enregistré"), "{shown}");
        assert_eq!(late.page.by_id("regime").unwrap().text.trim(), "sans gluten");
        assert!(rows(&site.app, "registrations").await.is_empty());
        // Nobody is registered for what is not shown yet, by telephone neither.
        let copy = claire
            .post(
                "/organisation/visites/1/dates",
                &[("jour", "20/05/2027"), ("debut", "9 h"), ("fin", "12 h"), ("places", "4")],
            )
            .await;
        let draft = copy.location.unwrap().split('?').next().unwrap().to_owned();
        assert!(!claire.get(&draft).await.page.texts("h2").concat().contains("Inscrire quelqu’un"));
        let early = claire.post(&format!("{draft}/inscriptions"), &typed).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(rows(&site.app, "registrations").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_visit_that_never_had_a_date_is_erased_and_one_made_by_two_presses_is_one() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        date(site, &key, 3).await;
        let made = [("titre", "La traite"), ("commune", "43157")];
        let (one, two) = tokio::join!(
            claire.post("/organisation/visites/ajout", &made),
            claire.post("/organisation/visites/ajout", &made)
        );
        assert_eq!([one.location.as_deref(), two.location.as_deref()], [Some("/organisation/visites/2?fait=ajout"); 2]);
        let gone = claire.post("/organisation/visites/2/effacement", &[]).await;
        assert_eq!(gone.location.as_deref(), Some("/organisation/visites?fait=effacement"));
        claire.post("/organisation/visites/1/effacement", &[]).await;
        assert_eq!(rows(&site.app, "farm_visits").await.len(), 1, "one with a date stays");
        assert!(public(site).await.contains("3 places libres"));
    })
    .await;
}

#[tokio::test]
async fn what_was_noted_on_the_farm_stands_on_the_page_of_the_date() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        date(site, &key, 9).await;
        for (who, party) in [("ana", 2), ("ben", 1), ("cleo", 1)] {
            register(site, &key, 1, who, party).await;
        }
        until(site, "2027-04-05T08:00:00Z").await;
        claire.get("/mon-espace").await;
        until(site, "2027-04-20T12:00:00Z").await;
        for (row, came) in [("1", "2"), ("2", "0")] {
            let note = [("inscription", row), ("venus", came), ("cle", row)];
            claire.post(&format!("{DESK}/presence"), &note).await;
        }
        let walks =
            [("cle", "passage-1"), ("nom", "Paul Roche"), ("courriel", "paul@mecs.example"), ("personnes", "2")];
        claire.post(&format!("{DESK}/presence/passages"), &walks).await;
        let desk = claire.get(DESK).await.page.texts("main").concat();
        for said in ["venus : 2 personnes", "noté absent", "1 personne, inscrit", "Paul Roche", "paul@mecs.example"] {
            assert!(desk.contains(said), "{said}: {desk}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_party_needs_is_changed_until_the_visit_and_read_by_organisers_alone() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        date(site, &key, 3).await;
        ask(&Browser::new(&site.browser), FORM, "ana", "2").await;
        let ana = Browser::new(&site.browser);
        let way = link(site, "ana").await;
        let needs = [("besoins", "oui"), ("regime", "sans arachide"), ("acces", "fauteuil")];
        let early = ana.post(&format!("{way}/besoins"), &needs).await;
        assert_eq!(early.status, StatusCode::CONFLICT, "the address is proven first");
        ana.post(&format!("{way}/confirmation"), &[]).await;
        let done = ana.post(&format!("{way}/besoins"), &needs).await;
        assert_eq!(done.location, Some(format!("{way}?fait=besoins")));
        let much = ana.post(&format!("{way}/besoins"), &[&needs[..], &[("repas", "3")]].concat()).await;
        assert_eq!(much.status, StatusCode::UNPROCESSABLE_ENTITY, "two people eat two meals");
        assert_eq!(much.page.by_id("regime").unwrap().text.trim(), "sans arachide");
        assert_eq!(ana.get(&way).await.page.by_id("regime").unwrap().text.trim(), "sans arachide");
        let desk = claire.get(DESK).await.page.texts("main").concat();
        assert!(desk.contains("sans arachide") && desk.contains("fauteuil"), "{desk}");
        assert!(!public(site).await.contains("arachide"));
        ana.post(&format!("{way}/annulation"), &[]).await;
        assert_eq!(ana.post(&format!("{way}/besoins"), &needs).await.status, StatusCode::CONFLICT);
    })
    .await;
}

/// Marc keeps the listing of his farm; a visit goes there.
async fn farmer<'a>(site: &'a Site, claire: &Browser<'a>) -> Browser<'a> {
    let table = format!("Référence;Nom;Type;Code INSEE;Courriel\nF1;Ferme du Suc;Producteur;43157;{FARM}\n");
    let options = Options::new("fournisseurs.csv", site.app.clock.now(), site.app.today());
    import::suppliers(&site.app, table.as_bytes(), &options, &mut |_| {}).await.unwrap();
    let marc = Browser::new(&site.browser);
    marc.post("/fournisseurs/inscription", &[("siret", ""), ("courriel", FARM)]).await;
    let (code, _) = secrets_of(&mail_to(&site.app, FARM).await.unwrap().1);
    marc.post("/connexion/code", &[("code", &code), ("suite", "/fournisseurs/inscription")]).await;
    marc.post("/fournisseurs/inscription", &[("fiche", "1")]).await;
    let made = claire.post("/organisation/visites/ajout", &[("titre", "La traite"), ("commune", "43157")]).await;
    assert_eq!(made.location.as_deref(), Some("/organisation/visites/1?fait=ajout"), "{:?}", made.page.texts(".error"));
    let texts = [("titre", "La traite"), ("commune", "43157"), ("fiche", "ferme-du-suc"), ("vu", "1")];
    let tied = claire.post("/organisation/visites/1", &texts).await;
    assert_eq!(tied.status, StatusCode::SEE_OTHER, "{:?}", tied.page.texts(".error"));
    marc
}

#[tokio::test]
async fn the_farm_is_told_when_one_may_register_of_other_hours_and_of_the_end() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        let marc = farmer(site, &claire).await;
        let hours = [("jour", "20/04/2027"), ("debut", "9 h 30"), ("fin", "12 h"), ("places", "8")];
        for _ in 0..2 {
            claire.post("/organisation/visites/1/dates", &hours).await;
        }
        change(&claire, &[("debut", "9 h")]).await;
        let hosted = async || {
            let all = manger_local::mail::latest(&site.app.db, 100).await.unwrap();
            let mine = all.into_iter().rev().filter(|mail| mail.recipient == FARM);
            mine.filter_map(|mail| mail.kind.strip_prefix("visit_host_").map(str::to_owned)).collect::<Vec<_>>()
        };
        assert!(hosted().await.is_empty(), "a draft is for organisers");
        claire.post(&format!("{DESK}/etat"), &[("geste", "ouvrir")]).await;
        register(site, &key, 1, "ana", 3).await;
        let space = marc.get("/mon-espace").await.page.texts("main").concat();
        assert!(space.contains("Chez vous") && space.contains("3 sur 8 places prises"), "{space}");
        for state in ["clore", "ouvrir"] {
            claire.post(&format!("{DESK}/etat"), &[("geste", state)]).await;
        }
        change(&claire, &[("places", "9")]).await;
        assert_eq!(hosted().await, ["opened"], "told once, and not of places");
        change(&claire, &[("debut", "10 h"), ("fin", "12 h 30")]).await;
        let (_, text) = mail_to(&site.app, FARM).await.unwrap();
        assert!(text.contains("de 10\u{a0}h à 12\u{a0}h\u{a0}30") && text.contains("3 sur 9 places prises"), "{text}");
        claire.post(&format!("{DESK}/annulation"), &[("raison", "Grippe aviaire"), ("sur", "oui")]).await;
        assert_eq!(hosted().await, ["opened", "moved", "called_off"]);
        let (_, text) = mail_to(&site.app, FARM).await.unwrap();
        assert!(text.contains("Grippe aviaire"), "{text}");
        let shown = Browser::new(&site.browser).get("/visites/la-traite").await.page.texts("main").concat();
        assert!(shown.contains("Annulée") && !shown.contains("aura bien lieu"), "{shown}");
        assert!(!marc.get("/mon-espace").await.page.texts("main").concat().contains("Chez vous"));
    })
    .await;
}
