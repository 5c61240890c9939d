//! The mails of the day after and of three months later.

use chrono::TimeDelta;
use manger_local::mail::latest;
use manger_local::schedule::{self, Duty, Every};
use poem::http::StatusCode;

use super::{BAKER, CHEF, COOK, Cast, GROWER, day, main_of, page, say, sql};
use crate::editions::{DESK, PAGE};
use crate::support::{
    Site, on_each_database,
    people::{Browser, mail_to, mails_to, path_of, rows, secrets_of},
};

static DUTIES: [Duty; 1] = [Duty {
    kind: "meetings.follow_up",
    every: Some(Every::Minutes(60)),
    run: |app, txn, _, now| Box::pin(manger_local::speed_meetings::after::ask(app, txn, now)),
}];

/// All that is due so many days later.
async fn later(site: &Site, days: i64) {
    schedule::prepare(&site.app, &DUTIES).await.unwrap();
    site.app.clock.advance(TimeDelta::days(days));
    while schedule::step(&site.app, &DUTIES).await.unwrap() {}
}

/// How many questions were written to an address.
async fn asked(site: &Site, address: &str) -> usize {
    let all = latest(&site.app.db, 1_000).await.unwrap();
    all.iter().filter(|mail| mail.recipient == address && mail.kind == "meeting_follow_up").count()
}

async fn come_in(site: &Site, browser: &Browser<'_>, address: &str) {
    browser.post("/connexion", &[("courriel", address)]).await;
    let (code, _) = secrets_of(&mail_to(&site.app, address).await.unwrap().1);
    browser.post("/connexion/code", &[("code", &code)]).await;
}

#[tokio::test]
async fn the_day_after_those_who_have_not_noted_all_are_asked_once() {
    on_each_database(async |site| {
        let Cast { cook, chef, grower, .. } = day(site, "running").await;
        later(site, 0).await;
        assert_eq!(asked(site, GROWER).await, 0, "not on the day itself");
        site.app.clock.advance(TimeDelta::hours(9));
        say(&chef, 2, 13, &[("suite", "rien")]).await;
        say(&cook, 1, 13, &[("suite", "devis")]).await;
        later(site, 1).await;
        assert_eq!(asked(site, CHEF).await, 0, "she said all");
        for address in [COOK, GROWER, BAKER] {
            assert_eq!(asked(site, address).await, 1, "{address}");
        }
        let text = mail_to(&site.app, COOK).await.unwrap().1;
        assert!(text.contains("1\u{a0}rendez-vous à noter") && text.contains(&page(1)), "{text}");
        later(site, 1).await;
        later(site, 7).await;
        sql(site, "UPDATE editions SET state = 'closed'").await;
        later(site, 1).await;
        assert_eq!(asked(site, COOK).await, 1, "once");
        assert!(main_of(&grower, &page(3)).await.contains("0 sur 2"));
    })
    .await;
}

#[tokio::test]
async fn after_three_months_each_answers_in_one_tap_for_each_partner() {
    on_each_database(async |site| {
        let Cast { cook, grower, .. } = day(site, "closed").await;
        later(site, 1).await;
        say(&cook, 1, 13, &[("suite", "devis")]).await;
        say(&cook, 1, 14, &[("suite", "rien")]).await;
        say(&grower, 3, 11, &[("suite", "pas-tenu")]).await;
        later(site, 89).await;
        assert_eq!(asked(site, COOK).await, 1, "not yet");
        later(site, 2).await;
        assert_eq!((asked(site, COOK).await, asked(site, GROWER).await), (2, 1), "nothing could follow for the grower");
        let text = mail_to(&site.app, COOK).await.unwrap().1;
        let answers = format!("{PAGE}/livraisons/1");
        assert!(text.contains("Une livraison a-t-elle suivi") && text.contains(&answers), "{text}");
        come_in(site, &cook, COOK).await;
        let shown = main_of(&cook, &answers).await;
        assert!(shown.contains("0 sur 1") && shown.contains("Ferme du Suc") && !shown.contains("Fournil"), "{shown}");
        let said = cook.post(&format!("{answers}/rendez-vous/13"), &[("livre", "oui")]).await;
        assert_eq!(said.location, Some(format!("{answers}#rdv-13")));
        assert!(main_of(&cook, &answers).await.contains("1 sur 1"));
        let nothing = cook.post(&format!("{answers}/rendez-vous/14"), &[("livre", "oui")]).await;
        assert_eq!(nothing.status, StatusCode::NOT_FOUND, "nothing came of it");
        later(site, 2).await;
        assert_eq!(asked(site, COOK).await, 2, "once");
        // Who takes back what came of it takes the delivery back too.
        say(&cook, 1, 13, &[("suite", "rien")]).await;
        assert!(main_of(&cook, &answers).await.contains("Aucun rendez-vous n’a donné"));
    })
    .await;
}

#[tokio::test]
async fn who_speaks_for_two_organisations_gets_one_mail_and_anybody_may_have_no_more() {
    on_each_database(async |site| {
        let Cast { cook, chef, .. } = day(site, "closed").await;
        sql(site, "INSERT INTO memberships (organisation_id, person_id, created_at) SELECT 2, id, created_at FROM people WHERE email = 'cook@college.example'").await;
        later(site, 1).await;
        assert_eq!(asked(site, COOK).await, 1);
        let text = mail_to(&site.app, COOK).await.unwrap().1;
        assert!(text.contains("Collège des Hauts") && text.contains("Lycée du Bas"), "{text}");
        let choice = main_of(&cook, &format!("{PAGE}/suites")).await;
        assert!(choice.contains("Collège des Hauts") && choice.contains("Lycée du Bas"), "{choice}");
        let text = mail_to(&site.app, CHEF).await.unwrap().1;
        let out = path_of(text.lines().find(|line| line.contains("/courrier/arret/")).unwrap());
        chef.post(&out, &[]).await;
        say(&chef, 2, 13, &[("suite", "devis")]).await;
        say(&cook, 1, 13, &[("suite", "devis")]).await;
        later(site, 92).await;
        assert_eq!((asked(site, CHEF).await, asked(site, COOK).await), (1, 2), "she wants no more of them");
        assert!(mails_to(&site.app, COOK).await[0].1.contains("Trois mois"));
    })
    .await;
}

#[tokio::test]
async fn organisers_see_who_answered_and_stop_the_questions() {
    on_each_database(async |site| {
        let Cast { claire, cook, .. } = day(site, "closed").await;
        say(&cook, 1, 13, &[("suite", "devis")]).await;
        let progress = format!("{DESK}/suites");
        let shown = main_of(&claire, &progress).await;
        assert!(shown.contains("1 sur 2 notés") && shown.contains("partira le mercredi 17 mars 2027"), "{shown}");
        let mails = format!("{progress}/courriels");
        assert_eq!(claire.post(&mails, &[("geste", "arreter")]).await.location, Some(format!("{progress}?fait=arret")));
        later(site, 1).await;
        assert_eq!(asked(site, COOK).await, 0);
        assert!(main_of(&claire, &progress).await.contains("ne partira pas"));
        claire.post(&mails, &[("geste", "reprendre")]).await;
        later(site, 1).await;
        assert_eq!(asked(site, COOK).await, 1);
        assert!(main_of(&claire, &progress).await.contains("partie le jeudi 18 mars 2027"));
        let journal = rows(&site.app, "audit_entries").await.concat();
        assert!(journal.contains("a arrêté les questions") && journal.contains("a repris les questions"), "{journal}");
        sql(site, "UPDATE follow_ups SET outcomes_asked_at = NULL").await;
        sql(site, "UPDATE editions SET state = 'followed_up'").await;
        later(site, 1).await;
        assert_eq!(asked(site, COOK).await, 1, "all is known");
    })
    .await;
}
