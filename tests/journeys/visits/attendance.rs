//! Who came: noted on telephones without network, sent later and perhaps twice; on paper; certified.

use poem::http::{StatusCode, header};
use serde_json::{Value, json};

use super::{address, another, date, found, link, program, register, until};
use crate::support::{
    Site, on_each_database,
    people::{Browser, member, rows},
};

const DATE: &str = "/organisation/visites/dates/1";
const PAGE: &str = "/organisation/visites/dates/1/presence";

/// A date to which Ana comes with two and Ben alone, on the day itself; the organiser, her key.
async fn on_the_day(site: &Site) -> (Browser<'_>, String) {
    let (claire, key) = program(site).await;
    let date = date(site, &key, 6).await;
    register(site, &key, date, "ana", 2).await;
    register(site, &key, date, "ben", 1).await;
    // She looks in now and then: who does not for a month is signed out.
    until(site, "2027-04-05T08:00:00Z").await;
    claire.get(PAGE).await;
    until(site, "2027-04-20T08:30:00Z").await;
    (claire, key)
}

/// Sends what a telephone kept: status, and the reason against each note.
async fn send(claire: &Browser<'_>, site: &Site, telephone: &str, clock: i64, notes: &Value) -> (u16, Vec<String>) {
    claire.get(PAGE).await;
    let token = claire.cookie("form").unwrap();
    let (clock, notes) = (clock.to_string(), notes.to_string());
    let fields = [("_token", token.as_str()), ("telephone", telephone), ("now", &clock), ("notes", &notes)];
    let request = site.browser.post(format!("{PAGE}/envoi")).header(header::COOKIE, claire.cookies());
    let answer = request.form(&fields).send().await.0;
    let status = answer.status().as_u16();
    let text = answer.into_body().into_string().await.unwrap();
    let told: Value = serde_json::from_str(&text).unwrap_or_default();
    let refused = told["answers"].as_array().cloned().unwrap_or_default();
    (status, refused.iter().map(|one| one["refused"].as_str().unwrap_or_default().to_owned()).collect())
}

/// What the page says of each line, and how many came.
async fn lines(claire: &Browser<'_>) -> Vec<String> {
    let page = claire.get(PAGE).await.page;
    let (who, standing) = (page.texts(".who"), page.texts(".standing"));
    let parted = |(who, standing): (&&str, &&str)| format!("{} {standing}", who.strip_suffix(*standing).unwrap());
    let mut said: Vec<String> = who.iter().zip(&standing).map(parted).collect();
    // The last is the one that telephones copy.
    said.pop();
    said.push(page.inside("p", "strong").into_iter().find(|one| one.text.contains("sur")).unwrap().text.clone());
    said.into_iter().map(|text| text.replace('\u{a0}', " ")).collect()
}

#[tokio::test]
async fn what_a_telephone_kept_is_written_down_once_however_often_it_is_sent() {
    on_each_database(async |site| {
        let (claire, _) = on_the_day(site).await;
        let walk_in = json!({ "key": "n3", "said": 3, "came": 2, "name": "Marie Roche", "organisation": "Crèche" });
        let notes = json!([
            { "key": "n1", "said": 1, "registration": 1, "came": 2 },
            { "key": "n2", "said": 2, "registration": 2, "came": 0 },
            walk_in,
            { "key": "n4", "said": 4, "walk_in": "n3", "came": 3 },
            { "key": "n5", "said": 5, "registration": 1, "came": 1 },
        ]);
        let whole =
            ["Cuisine ana, Collège ana 1 venu sur 2", "Cuisine ben, Collège ben absent", "Marie Roche, Crèche 3 venus"];
        for _ in 0..2 {
            assert_eq!(send(&claire, site, "a", 10, &notes).await, (200, vec![String::new(); 5]));
            let said = lines(&claire).await;
            assert_eq!(said[..3], whole);
            assert_eq!(said[3], "4 personnes venues sur 3 inscrites");
        }
        // An old half of it arrives once more, after all else.
        send(&claire, site, "a", 10, &json!([walk_in, { "key": "n1", "said": 1, "registration": 1, "came": 2 }])).await;
        assert_eq!(lines(&claire).await[..3], whole);
        let notes = found(site, "SELECT id, outcome FROM attendance_notes ORDER BY id").await;
        assert_eq!(notes.len(), 5, "each tap is history: {notes:?}");
        let journal = rows(&site.app, "audit_entries").await.join("\n");
        assert_eq!(journal.matches("a noté des présences").count(), 1);
    })
    .await;
}

#[tokio::test]
async fn of_two_telephones_the_last_word_counts_and_both_read_it() {
    on_each_database(async |site| {
        let (claire, _) = on_the_day(site).await;
        let said = |key: &str, at: i64, came: i64| json!([{ "key": key, "said": at, "registration": 1, "came": came }]);
        // Five minutes ago on one; ten minutes ago on the other, whose clock is a year late, and which sends later.
        send(&claire, site, "b", 600_000, &said("b1", 300_000, 2)).await;
        let (status, refused) = send(&claire, site, "a", -31_536_000_000, &said("a1", -31_536_600_000, 0)).await;
        assert_eq!((status, refused), (200, vec![String::new()]));
        assert!(lines(&claire).await[0].ends_with("2 venus"), "said before, though it came after");
        send(&claire, site, "a", -31_536_000_000, &said("a2", -31_536_000_000, 1)).await;
        assert!(lines(&claire).await[0].ends_with("1 venu sur 2"), "the last word");
        // One and the same telephone: its order counts, not its clock, which was set meanwhile.
        send(&claire, site, "a", 600_000, &said("a3", 0, 2)).await;
        assert!(lines(&claire).await[0].ends_with("2 venus"));
        let taken_back = json!([{ "key": "a4", "said": 600_001, "registration": 1, "came": null }]);
        send(&claire, site, "a", 600_001, &taken_back).await;
        assert!(lines(&claire).await[0].ends_with("2 attendus"));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_the_reason_and_the_rest_is_kept() {
    on_each_database(async |site| {
        let (claire, key) = on_the_day(site).await;
        let other = another(site, &key, 1, 6, "2027-05-20T08:00:00Z").await;
        register(site, &key, other, "cleo", 1).await;
        let notes = json!([
            { "key": "m1", "said": 1, "registration": 1, "came": 8 },
            { "key": "m2", "said": 2, "registration": 3, "came": 1 },
            { "key": "m3", "said": 3, "walk_in": "nobody", "came": 1 },
            { "key": "m4", "said": 4, "name": "Luc", "email": "luc", "came": 1 },
            { "key": "m5", "said": 5, "registration": 1, "came": 7 },
        ]);
        for _ in 0..2 {
            let (status, refused) = send(&claire, site, "a", 10, &notes).await;
            assert_eq!(status, 200);
            let reasons = ["plus de personnes", "plus à cette date", "plus à cette date", "adresse de courriel", ""];
            for (why, expected) in refused.iter().zip(reasons) {
                assert!(why.contains(expected) && why.is_empty() == expected.is_empty(), "{refused:?}");
            }
        }
        assert!(lines(&claire).await[0].ends_with("7 venus sur 2"));
        assert_eq!(send(&claire, site, "a", 10, &json!({})).await.0, 400);
        claire
            .post(&format!("/organisation/visites/dates/{other}/annulation"), &[("raison", "Neige"), ("sur", "oui")])
            .await;
        let page = claire.get(&format!("/organisation/visites/dates/{other}/presence")).await.page;
        assert!(page.texts(".notice").concat().contains("La visite est annulée"));
    })
    .await;
}

#[tokio::test]
async fn who_is_signed_out_or_no_organiser_sends_nothing() {
    on_each_database(async |site| {
        let (claire, _) = on_the_day(site).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", "sophie@cantine.example").await;
        let notes = json!([{ "key": "n1", "said": 1, "registration": 1, "came": 2 }]);
        assert_eq!(send(&cook, site, "a", 10, &notes).await.0, 404);
        // The browser was closed since: what the page held is no token of hers any more.
        claire.plant("form", "0123456789abcdef0123456789abcdef");
        let request = site.browser.post(format!("{PAGE}/envoi")).header(header::COOKIE, claire.cookies());
        let fields = [("_token", "old"), ("telephone", "a"), ("now", "10"), ("notes", &notes.to_string())];
        assert_eq!(request.form(&fields).send().await.0.status(), StatusCode::FORBIDDEN);
        claire.post("/deconnexion", &[]).await;
        assert_eq!(claire.get(PAGE).await.status, StatusCode::SEE_OTHER);
        assert_eq!(rows(&site.app, "visit_attendances").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn it_is_noted_without_a_script_too() {
    on_each_database(async |site| {
        let (claire, _) = on_the_day(site).await;
        let pressed = claire.post(PAGE, &[("inscription", "1"), ("venus", "2")]).await;
        assert_eq!(pressed.location.as_deref(), Some(PAGE));
        let walk_in = format!("{PAGE}/passages");
        let wrong = claire.post(&walk_in, &[("nom", "Marie Roche"), ("personnes", "0"), ("courriel", "marie")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.page.texts(".error").len(), 2);
        let kept = wrong.page.all("input").into_iter().any(|input| input.attribute("value") == Some("Marie Roche"));
        assert!(kept, "what was typed stays");
        let fields = [("nom", "Marie Roche"), ("personnes", "2"), ("courriel", "marie@creche.example"), ("cle", "abc")];
        claire.post(&walk_in, &fields).await;
        claire.post(&walk_in, &fields).await;
        assert_eq!(lines(&claire).await[2..], ["Marie Roche 2 venus", "4 personnes venues sur 3 inscrites"]);
        claire.post(PAGE, &[("passage", "abc"), ("venus", "3")]).await;
        assert_eq!(lines(&claire).await[2], "Marie Roche 3 venus");
        claire.post(PAGE, &[("passage", "abc"), ("venus", "")]).await;
        assert_eq!(lines(&claire).await[2], "2 personnes venues sur 3 inscrites");
        assert!(!rows(&site.app, "visit_attendances").await.concat().contains("Marie"), "a mistake leaves no name");
        let many = claire.post(PAGE, &[("inscription", "2"), ("venus", "40")]).await;
        assert!(many.page.texts(".warning").concat().contains("Rien n’est noté"));
    })
    .await;
}

#[tokio::test]
async fn the_list_on_paper_says_what_parties_need_only_when_it_is_asked_to() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", "sophie@cantine.example").await;
        date(site, &key, 6).await;
        let form = "/visites/ferme-des-genets/dates/1/inscription";
        cook.post(form, &[("nom", "Sophie Arnaud"), ("personnes", "2"), ("regime", "sans gluten")]).await;
        let plain = claire.get(&format!("{DATE}/liste")).await.page;
        let text = plain.texts("table").concat();
        assert!(text.contains("Sophie Arnaud") && text.contains("Signature") && !text.contains("gluten"), "{text}");
        assert_eq!(plain.all(".blank").len(), 5);
        let whole = claire.get(&format!("{DATE}/liste?besoins=oui&vides=10")).await.page;
        assert!(whole.texts("table").concat().contains("sans gluten"));
        assert_eq!(whole.all(".blank").len(), 10);
    })
    .await;
}

#[tokio::test]
async fn who_came_finds_a_certificate_once_the_visit_is_over() {
    on_each_database(async |site| {
        let (claire, _) = on_the_day(site).await;
        let way = link(site, "ana").await;
        let own = format!("{way}/attestation");
        let notes = json!([
            { "key": "n1", "said": 1, "registration": 1, "came": 2 },
            { "key": "n2", "said": 2, "registration": 2, "came": 0 },
            { "key": "n3", "said": 3, "came": 1, "name": "Marie Roche", "email": address("marie") },
        ]);
        send(&claire, site, "a", 10, &notes).await;
        let stranger = Browser::new(&site.browser);
        let early = stranger.get(&own).await.page;
        assert!(early.texts(".notice").concat().contains("une fois la visite terminée"));
        until(site, "2027-04-20T11:00:01Z").await;
        let sheet = stranger.get(&own).await.page.texts(".certificate").concat().replace('\u{a0}', " ");
        assert!(sheet.contains("Cuisine ana") && sheet.contains("« Collège ana »"), "{sheet}");
        assert!(sheet.contains("2 personnes sont venues ensemble."), "{sheet}");
        assert!(sheet.contains("mardi 20 avril 2027, de 10 h à 13 h"), "{sheet}");
        assert!(stranger.get(&way).await.page.texts("main").concat().contains("Mon attestation de présence"));
        let absent = format!("{}/attestation", link(site, "ben").await);
        assert!(stranger.get(&absent).await.page.texts(".notice").concat().contains("n’a pas été notée"));
        let all = claire.get(&format!("{DATE}/attestations")).await.page;
        assert_eq!(
            all.inside(".who", "strong").iter().map(|one| one.text.as_str()).collect::<Vec<_>>(),
            ["Cuisine ana", "Marie Roche"]
        );
    })
    .await;
}

#[tokio::test]
async fn who_walked_in_reads_it_in_her_file_and_is_forgotten_when_she_wishes() {
    on_each_database(async |site| {
        let (claire, _) = on_the_day(site).await;
        let marie = member(&site.app, &claire, "Crèche du Bas", &address("marie")).await;
        let walk_in =
            [("nom", "Marie Roche"), ("personnes", "1"), ("courriel", "marie@cantine.example"), ("cle", "abc")];
        claire.post(&format!("{PAGE}/passages"), &walk_in).await;
        let file = marie.bytes("/mon-espace/donnees/export.zip").await;
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
        let json: Value = serde_json::from_reader(zip.by_name("donnees.json").unwrap()).unwrap();
        assert_eq!(json["presences_aux_visites"][0]["personnes"], 1);
        marie.post("/mon-espace/donnees/effacement", &[("compris", "oui")]).await;
        let kept = rows(&site.app, "visit_attendances").await.concat();
        assert!(!kept.contains("Marie") && !kept.contains("marie@"), "{kept}");
        assert_eq!(lines(&claire).await.last().unwrap(), "1 personne venue sur 3 inscrites", "the number stays");
    })
    .await;
}

#[tokio::test]
async fn browsers_are_given_what_shows_a_kept_page_without_network() {
    on_each_database(async |site| {
        let answer = site.browser.get("/service-worker.js").send().await;
        answer.assert_status_is_ok();
        answer.assert_header("content-type", "text/javascript; charset=utf-8");
        answer.assert_header("cache-control", "no-cache");
    })
    .await;
}
