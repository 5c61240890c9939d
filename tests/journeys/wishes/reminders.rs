//! Who has said nobody yet is reminded.

use chrono::TimeDelta;
use manger_local::accounts::{self, OrganisationKind};
use manger_local::mail::{EmailAddress, OutgoingMail};
use manger_local::schedule::Next;
use manger_local::speed_meetings::wishes::remind;
use poem::http::StatusCode;

use super::{CHEF, COOK, Cast, JULIE, avoid, meet, open, page};
use crate::editions::{DESK, PAGE};
use crate::support::{Site, on_each_database, people::path_of, post::mails};

/// The morning of a later day.
async fn morning(site: &Site, days: i64) {
    site.app.clock.advance(TimeDelta::days(days));
    loop {
        let txn = site.app.write().await.unwrap();
        let next = remind(&site.app, &txn, site.app.clock.now()).await.unwrap();
        txn.commit().await.unwrap();
        if next == Next::Done {
            return;
        }
    }
}

/// How many reminders these have got: the cook, the chef, Julie.
async fn told(site: &Site) -> [usize; 3] {
    let mut counts = [0; 3];
    for (count, address) in counts.iter_mut().zip([COOK, CHEF, JULIE]) {
        *count = reminders(site, address).await.len();
    }
    counts
}

async fn reminders(site: &Site, address: &str) -> Vec<OutgoingMail> {
    let all = mails(&site.app).await.into_iter();
    all.filter(|mail| mail.kind == "wish_reminder" && mail.recipient == address).collect()
}

fn text_of(mail: &OutgoingMail) -> String {
    let parsed = mailparse::parse_mail(mail.message.as_bytes()).unwrap();
    let plain = parsed.subparts.iter().find(|part| part.ctype.mimetype == "text/plain").unwrap();
    plain.get_body().unwrap().replace("\r\n", "\n")
}

#[tokio::test]
async fn who_has_no_wish_is_reminded_every_third_day_and_nobody_else() {
    on_each_database(async |site| {
        let Cast { cook, chef, julie, claire } = open(site).await;
        morning(site, 0).await;
        morning(site, 2).await;
        assert_eq!(told(site).await, [0; 3], "they have hardly begun");
        meet(&cook, 1, 3).await;
        avoid(&chef, 2, 3).await;
        morning(site, 1).await;
        morning(site, 0).await;
        assert_eq!(told(site).await, [0, 1, 1], "to avoid somebody is no wish");
        let sent = reminders(site, CHEF).await.remove(0);
        let text = text_of(&sent);
        assert!(text.contains("Lycée du Bas") && text.contains("encore 5 jours"), "{text}");
        assert!(text.contains(&page(2)), "{text}");
        assert!(sent.message.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{}", sent.message);
        assert_eq!(
            sent.useful_until.unwrap().to_rfc3339(),
            "2027-03-24T23:00:00+00:00",
            "of no use after the last day"
        );
        morning(site, 1).await;
        morning(site, 1).await;
        assert_eq!(told(site).await, [0, 1, 1], "not before the third day");

        // One press ends the chef's.
        let way = text.lines().find(|line| line.contains("/courrier/arret/")).unwrap();
        assert_eq!(chef.post(&format!("{}/un-clic", path_of(way)), &[]).await.status, StatusCode::NO_CONTENT);
        morning(site, 1).await;
        assert_eq!(told(site).await, [0, 1, 2]);
        julie.post(&format!("{PAGE}/inscription/3/retrait"), &[]).await;
        claire.post(&format!("{DESK}/participants/3"), &[("nom-1", "Julie")]).await;
        morning(site, 2).await;
        assert_eq!(told(site).await, [0, 1, 2], "nor by leaving and coming back");
        morning(site, 1).await;
        assert_eq!(told(site).await, [0, 1, 2], "it is over");
    })
    .await;
}

#[tokio::test]
async fn who_has_several_organisations_gets_one_reminder_that_names_them_all() {
    on_each_database(async |site| {
        let Cast { cook, .. } = open(site).await;
        // More than one transaction reminds of: the cook has 24 more canteens, the chef the first as well.
        let (txn, now) = (site.app.write().await.unwrap(), site.app.clock.now());
        for number in 6..30 {
            let name = format!("Cantine {number:02}");
            let canteen = accounts::found(&txn, OrganisationKind::Canteen, &name, now).await.unwrap().id;
            accounts::enrol(&txn, &EmailAddress::parse(COOK).unwrap(), canteen, now).await.unwrap();
            let row = format!(
                "INSERT INTO participants (edition_id, organisation_id, side, state, seat, turn, asked_at, tables_at_once, words, needs, meals)
                 VALUES (1, {canteen}, 'canteen', 'registered', {number}, {number}, '2027-03-16 07:30:00+00:00', 1, '', '', 0)"
            );
            sea_orm::ConnectionTrait::execute_unprepared(&txn, &row).await.unwrap();
        }
        accounts::enrol(&txn, &EmailAddress::parse(CHEF).unwrap(), 1, now).await.unwrap();
        txn.commit().await.unwrap();
        morning(site, 3).await;
        assert_eq!(told(site).await, [1; 3]);
        let text = text_of(&reminders(site, COOK).await[0]);
        for (organisation, name) in [(1, "Collège des Hauts"), (6, "Cantine 06"), (29, "Cantine 29")] {
            assert!(text.contains(&format!("- {name}\n")), "{name}: {text}");
            assert!(text.contains(&format!("{}\n", page(organisation))), "{organisation}: {text}");
        }
        assert!(!text.contains("Lycée du Bas"), "{text}");
        let text = text_of(&reminders(site, CHEF).await[0]);
        assert!(text.contains("- Collège des Hauts\n") && text.contains("- Lycée du Bas\n"), "{text}");
        assert!(!text.contains("Cantine 06"), "{text}");
        meet(&cook, 1, 3).await;
        morning(site, 3).await;
        assert_eq!(told(site).await, [2; 3]);
        let text = text_of(&reminders(site, CHEF).await[1]);
        assert!(text.contains("Lycée du Bas") && !text.contains("Collège des Hauts"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn organisers_stop_the_reminders_of_an_edition_and_let_them_go_on() {
    on_each_database(async |site| {
        let Cast { claire, .. } = open(site).await;
        let path = format!("{DESK}/souhaits");
        for _ in 0..2 {
            let stopped = claire.post(&path, &[("geste", "arreter")]).await;
            assert_eq!(stopped.location, Some(format!("{path}?fait=arret")));
        }
        assert!(claire.get(&path).await.page.texts("main").concat().contains("Les rappels sont arrêtés"));
        morning(site, 4).await;
        assert_eq!(told(site).await, [0; 3]);
        claire.post(&path, &[("geste", "reprendre")]).await;
        morning(site, 0).await;
        assert_eq!(told(site).await, [1; 3]);
        let journal = claire.get("/organisation/journal").await.page.texts("main").concat();
        assert_eq!(journal.matches("a arrêté les rappels des souhaits").count(), 1, "{journal}");
        claire.post(&format!("{DESK}/etape"), &[("geste", "avancer"), ("vu", "wishes")]).await;
        morning(site, 3).await;
        assert_eq!(told(site).await, [1; 3], "the timetable is being made");
    })
    .await;
}
