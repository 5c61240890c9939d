//! Who is invited to a speed meeting: mails that leave once, and the trace of all invitations.

use chrono::TimeDelta;
use futures_util::future::join;
use manger_local::{
    accounts::{self, OrganisationKind},
    mail::{EmailAddress, latest},
};
use poem::http::StatusCode;
use sea_orm::ConnectionTrait;

use crate::editions::{DESK, PAGE, prepare};
use crate::participants::publish;
use crate::support::{
    Site,
    html::Html,
    on_each_database,
    people::{Answer, Browser, member, organiser, path_of, rows},
};

const COOK: &str = "cook@college.example";
const CHEF: &str = "chef@lycee.example";
const GROWER: &str = "grower@suc.example";
const LIST: &str = "/organisation/rencontres/1/invitations";
const BOTH: [(&str, &str); 2] = [("cantine", "oui"), ("fournisseur", "oui")];

/// A draft, and organisations: a college (1), a secondary school (2), a farm that everybody sees (3), one that nobody does (4),
/// a canteen that no organiser has accepted (5).
async fn draft(site: &Site) -> (Browser<'_>, Browser<'_>) {
    let claire = organiser(&site.app, &site.browser).await;
    prepare(&claire).await;
    let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
    member(&site.app, &claire, "Lycée du Bas", CHEF).await;
    member(&site.app, &claire, "Ferme du Suc", GROWER).await;
    publish(site, 3).await;
    member(&site.app, &claire, "Ferme cachée", "hidden@ferme.example").await;
    member(&site.app, &claire, "Cantine inconnue", "unknown@cantine.example").await;
    let waits = "INSERT INTO canteen_requests (organisation_id, state, words, asked_at) VALUES (5, 'waiting', '', '2027-03-16 07:00:00+00:00')";
    site.app.db.execute_unprepared(waits).await.unwrap();
    (claire, cook)
}

/// Makes somebody one of an organisation's people.
async fn enrol(site: &Site, address: &str, organisation: i64) {
    let txn = site.app.write().await.unwrap();
    let address = EmailAddress::parse(address).unwrap();
    accounts::enrol(&txn, &address, organisation, site.app.clock.now()).await.unwrap();
    txn.commit().await.unwrap();
}

async fn step(browser: &Browser<'_>, seen: &str, sides: &[(&str, &str)]) -> Answer {
    browser.post(&format!("{DESK}/etape"), &[&[("geste", "avancer"), ("vu", seen)], sides].concat()).await
}

async fn said(browser: &Browser<'_>, path: &str) -> String {
    plain(&browser.get(path).await.page)
}

fn plain(page: &Html) -> String {
    page.texts("main").concat().replace('\u{a0}', " ")
}

/// The mails of a kind to an address, the latest first.
async fn told(site: &Site, address: &str, kind: &str) -> Vec<String> {
    let mails = latest(&site.app.db, 1_000).await.unwrap().into_iter();
    let mails = mails.filter(|mail| mail.recipient == address && mail.kind == kind);
    let text = |message: &str| {
        let parsed = mailparse::parse_mail(message.as_bytes()).unwrap();
        parsed.subparts[0].get_body().unwrap().replace("\r\n", "\n").replace('\u{a0}', " ")
    };
    mails.map(|mail| text(&mail.message)).collect()
}

async fn invited(site: &Site, address: &str) -> Vec<String> {
    told(site, address, "meeting_invitation").await
}

/// How many mails of a kind were written.
async fn count(site: &Site, kind: &str) -> usize {
    latest(&site.app.db, 100_000).await.unwrap().iter().filter(|mail| mail.kind == kind).count()
}

/// What the last step sent.
async fn sent(site: &Site) -> i32 {
    let backend = site.app.db.get_database_backend();
    let last = "SELECT mails_sent FROM edition_steps ORDER BY id DESC LIMIT 1";
    let row = site.app.db.query_one_raw(sea_orm::Statement::from_string(backend, last)).await.unwrap().unwrap();
    row.try_get("", "mails_sent").unwrap()
}

async fn send(browser: &Browser<'_>, what: &str, seen: &str) -> Option<String> {
    browser.post(&format!("{LIST}/envoi"), &[("geste", what), ("vus", seen)]).await.location
}

#[tokio::test]
async fn opening_writes_once_to_each_person_whatever_the_number_of_her_organisations() {
    on_each_database(async |site| {
        let (claire, _) = draft(site).await;
        // The cook belongs to both schools, and sells too.
        enrol(site, COOK, 2).await;
        enrol(site, COOK, 3).await;
        let shown = said(&claire, &format!("{DESK}/etape")).await;
        for expected in ["aux cantines : 2 courriels", "aux fournisseurs : 2 courriels", "3 courriels en tout"] {
            assert!(shown.contains(expected), "{expected}: {shown}");
        }
        let (one, two) = join(step(&claire, "draft", &BOTH), step(&claire, "draft", &BOTH)).await;
        assert_eq!((one.status, two.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER), "pressed twice at once");
        for (who, mails) in
            [(COOK, 1), (CHEF, 1), (GROWER, 1), ("hidden@ferme.example", 0), ("unknown@cantine.example", 0)]
        {
            assert_eq!(invited(site, who).await.len(), mails, "{who}");
        }
        assert_eq!((sent(site).await, count(site, "meeting_invitation").await), (3, 3), "as many as were shown");
        let hers = &invited(site, COOK).await[0];
        for name in ["- Collège des Hauts", "- Lycée du Bas", "- Ferme du Suc", "/inscription\n"] {
            assert!(hers.contains(name), "{name}: {hers}");
        }
        let his = &invited(site, CHEF).await[0];
        assert!(his.contains("« Lycée du Bas »") && his.contains(&format!("{PAGE}/inscription/2\n")), "{his}");
        assert!(his.contains("jeudi 20 mai 2027, de 9 h 30 à 15 h 58"), "{his}");
        assert_eq!(rows(&site.app, "edition_invitations").await.len(), 3, "a line for each organisation");
        let trace = said(&claire, LIST).await;
        assert!(
            trace.contains("Lycée du Bascantine, sans réponse par courriel le 16 mars 2027 (2 personnes)"),
            "{trace}"
        );
        let back = claire.post(&format!("{DESK}/etape"), &[("geste", "reculer"), ("vu", "registration")]).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(plain(&back.page).contains("3 courriels sont déjà partis"));
    })
    .await;
}

#[tokio::test]
async fn a_side_without_a_tick_and_who_wants_no_such_mails_are_left_alone() {
    on_each_database(async |site| {
        let (claire, _) = draft(site).await;
        let unwilling = format!(
            "INSERT INTO mail_suppressions (recipient, category, since) VALUES ('{CHEF}', 'meeting_invitation', '2027-03-16 07:00:00+00:00')"
        );
        site.app.db.execute_unprepared(&unwilling).await.unwrap();
        assert!(said(&claire, &format!("{DESK}/etape")).await.contains("aux cantines : 1 courriel"));
        step(&claire, "draft", &BOTH[..1]).await;
        assert_eq!((sent(site).await, count(site, "meeting_invitation").await), (1, 1));
        assert_eq!(invited(site, COOK).await.len(), 1);
        assert!(rows(&site.app, "edition_invitations").await.concat().contains("Collège des Hauts"));
        // The rest can be invited later: so many are shown, so many leave, and once.
        let page = said(&claire, LIST).await;
        assert!(page.contains("1 courriel, pour 1 organisation."), "{page}");
        assert!(page.contains("Aucun courriel ne joint : Lycée du Bas."), "{page}");
        let call = [("nom", "Lycée du Bas"), ("cote", "cantine"), ("moyen", "telephone"), ("jour", "16/03/2027")];
        claire.post(LIST, &call).await;
        assert!(!said(&claire, LIST).await.contains("Aucun courriel ne joint"), "she was called instead");
        assert_eq!(send(&claire, "inviter", "2").await, Some(format!("{LIST}?fait=nombre")), "not what was shown");
        assert_eq!(count(site, "meeting_invitation").await, 1);
        let (one, two) = join(send(&claire, "inviter", "1"), send(&claire, "inviter", "1")).await;
        let mut ends = [one.unwrap(), two.unwrap()];
        ends.sort();
        assert_eq!(ends, [format!("{LIST}?fait=envoi&partis=1"), format!("{LIST}?fait=nombre")]);
        assert_eq!((invited(site, GROWER).await.len(), count(site, "meeting_invitation").await), (1, 2));
        assert!(said(&claire, LIST).await.contains("Tous ceux à qui nous pouvons écrire ont été invités."));
    })
    .await;
}

#[tokio::test]
async fn opened_without_mails_it_closes_again_until_somebody_is_invited() {
    on_each_database(async |site| {
        let (claire, _) = draft(site).await;
        let back =
            async || claire.post(&format!("{DESK}/etape"), &[("geste", "reculer"), ("vu", "registration")]).await;
        assert_eq!(send(&claire, "inviter", "3").await.as_deref(), Some(LIST), "nobody is invited to a draft");
        step(&claire, "draft", &[]).await;
        assert_eq!((sent(site).await, count(site, "meeting_invitation").await), (0, 0));
        assert_eq!(back().await.status, StatusCode::SEE_OTHER);
        step(&claire, "draft", &[]).await;
        assert_eq!(send(&claire, "inviter", "3").await, Some(format!("{LIST}?fait=envoi&partis=3")));
        let refused = back().await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "mails have left");
        assert!(plain(&refused.page).contains("des invitations sont parties"));
    })
    .await;
}

#[tokio::test]
async fn who_did_not_answer_is_reminded_once_in_seven_days() {
    on_each_database(async |site| {
        let (claire, cook) = draft(site).await;
        step(&claire, "draft", &BOTH).await;
        let nobody = "Personne à relancer aujourd’hui";
        site.app.clock.advance(TimeDelta::days(6));
        assert!(said(&claire, LIST).await.contains(nobody), "not yet");
        assert_eq!(send(&claire, "relancer", "3").await, Some(format!("{LIST}?fait=nombre")));
        site.app.clock.advance(TimeDelta::days(1));
        cook.post(&format!("{PAGE}/inscription/1"), &[("nom-1", "Sophie Arnaud")]).await;
        assert_eq!(rows(&site.app, "participants").await.len(), 1);
        assert!(said(&claire, LIST).await.contains("Envoyer 2 courriels de rappel"), "the cook has answered");
        let (one, two) = join(send(&claire, "relancer", "2"), send(&claire, "relancer", "2")).await;
        let mut ends = [one.unwrap(), two.unwrap()];
        ends.sort();
        assert_eq!(ends, [format!("{LIST}?fait=envoi&partis=2"), format!("{LIST}?fait=nombre")]);
        let mails = invited(site, CHEF).await;
        assert!(mails.len() == 2 && mails[0].contains("vous n’avez rien à faire"), "{mails:?}");
        assert_eq!((invited(site, COOK).await.len(), invited(site, GROWER).await.len()), (1, 2));
        let page = said(&claire, LIST).await;
        assert!(page.contains(nobody) && page.contains("par courriel le 23 mars 2027"), "{page}");
        // The chef follows the way out that the mail holds.
        let link = mails[0].lines().find(|line| line.contains("/courrier/arret/")).unwrap();
        let stopped = Browser::new(&site.browser);
        assert!(said(&stopped, &path_of(link)).await.contains("les invitations aux rencontres"));
        stopped.post(&path_of(link), &[]).await;
        site.app.clock.advance(TimeDelta::days(7));
        assert_eq!(send(&claire, "relancer", "1").await, Some(format!("{LIST}?fait=envoi&partis=1")));
        assert_eq!((invited(site, CHEF).await.len(), invited(site, GROWER).await.len()), (2, 3));
        // Once registration is over nobody is invited any more.
        site.app.clock.advance(TimeDelta::days(24));
        assert_eq!(send(&claire, "relancer", "1").await.as_deref(), Some(LIST));
        assert_eq!(invited(site, GROWER).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn an_invitation_made_otherwise_is_noted_found_counted_and_taken_back() {
    on_each_database(async |site| {
        let (claire, cook) = draft(site).await;
        let wrong = claire.post(LIST, &[("nom", "Épicerie du Pont"), ("moyen", "pigeon"), ("jour", "17/03/2027")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        for field in ["moyen-error", "jour-error", "cote-error"] {
            assert!(wrong.page.by_id(field).is_some(), "{field}");
        }
        assert_eq!(wrong.page.by_id("nom").unwrap().attribute("value"), Some("Épicerie du Pont"), "it stays");
        assert!(claire.post(LIST, &[]).await.page.by_id("nom-error").is_some());
        assert!(rows(&site.app, "edition_invitations").await.is_empty());
        step(&claire, "draft", &BOTH[1..]).await;
        let notice = [("nom", "Annonce dans L’Éveil"), ("cote", "tous"), ("moyen", "annonce"), ("jour", "15/03/2027")];
        let call = [("nom", "college des hauts"), ("cote", "cantine"), ("moyen", "telephone"), ("jour", "16/03/2027")];
        for fields in [&notice, &notice, &call, &call] {
            let noted = claire.post(LIST, fields).await;
            assert_eq!(noted.location, Some(format!("{LIST}?fait=note")), "{:?}", noted.page.texts(".error"));
        }
        assert_eq!(rows(&site.app, "edition_invitations").await.len(), 3, "each once, and the farm's mail");
        cook.post(&format!("{PAGE}/inscription/1"), &[("nom-1", "Sophie Arnaud")]).await;
        claire.post("/organisation/rencontres/1/participants/2", &[("nom-1", "Paul Roche")]).await;
        let page = said(&claire, LIST).await;
        for expected in [
            "Cantines2 invitations : 1 par téléphone, 1 par une annonce.Réponses : 1 inscrit.1 inscription sans invitation",
            "Fournisseurs2 invitations : 1 par courriel, 1 par une annonce.Réponses : 1 sans réponse.",
            "Annonce dans L’Éveilcantines et fournisseurs, hors du site par une annonce le 15 mars 2027",
            "college des hautscantine, inscrit par téléphone le 16 mars 2027",
        ] {
            assert!(page.contains(expected), "{expected}: {page}");
        }
        let found = claire.get(&format!("{LIST}?q=eveil")).await.page.texts(".letters").concat();
        assert!(found.contains("Éveil") && !found.contains("college"), "{found}");
        let csv = String::from_utf8(claire.bytes(&format!("{LIST}.csv")).await).unwrap();
        for expected in ["Ferme du Suc;fournisseur;par courriel;16/03/2027;1;sans réponse;claire@", "L’Éveil;"] {
            assert!(csv.contains(expected), "{expected}: {csv}");
        }
        assert!(claire.bytes(&format!("{LIST}.xlsx")).await.starts_with(b"PK"));
        // What was noted by hand goes; what a mail left stays.
        for key in [1, 2, 3] {
            let gone = claire.post(&format!("{LIST}/{key}/retrait"), &[]).await;
            assert_eq!(gone.location, Some(format!("{LIST}?fait=retrait")));
        }
        let kept = rows(&site.app, "edition_invitations").await;
        assert!(kept.len() == 1 && kept[0].contains("Ferme du Suc"), "{kept:?}");
        let journal = claire.get("/organisation/journal").await.page.texts("main").concat();
        assert!(journal.contains("a noté une invitation") && journal.contains("a retiré une invitation"), "{journal}");
    })
    .await;
}

#[tokio::test]
async fn a_long_trace_is_read_page_by_page_and_by_organisers_only() {
    on_each_database(async |site| {
        let (claire, cook) = draft(site).await;
        for number in 1..=60 {
            let line = format!(
                "INSERT INTO edition_invitations (edition_id, name, way, invited_on, people, noted_at) VALUES (1, 'Ferme {number:02}', 'letter', '2027-03-01', 0, '2027-03-01 07:00:00+00:00')"
            );
            site.app.db.execute_unprepared(&line).await.unwrap();
        }
        let (first, second) = (said(&claire, LIST).await, said(&claire, &format!("{LIST}?page=2")).await);
        assert!(first.contains("Ferme 50") && !first.contains("Ferme 51"), "{first}");
        assert!(second.contains("Ferme 51") && second.contains("Ferme 60") && !second.contains("Ferme 50"), "{second}");
        let stranger = Browser::new(&site.browser);
        for address in [LIST, &format!("{LIST}.csv"), &format!("{LIST}.xlsx")] {
            assert_eq!(cook.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
            assert_eq!(stranger.get(address).await.status, StatusCode::SEE_OTHER, "{address}");
        }
        for address in [LIST, &format!("{LIST}/envoi"), &format!("{LIST}/1/retrait")] {
            assert_eq!(cook.post(address, &[]).await.status, StatusCode::NOT_FOUND, "{address}");
        }
        assert_eq!(rows(&site.app, "edition_invitations").await.len(), 60);
        step(&claire, "draft", &[]).await;
        assert!(said(&stranger, PAGE).await.contains("ouverte à tous les fournisseurs et à toutes les cantines"));
    })
    .await;
}

#[tokio::test]
async fn when_wishes_begin_the_people_of_all_who_come_are_told_once() {
    on_each_database(async |site| {
        let (claire, cook) = draft(site).await;
        enrol(site, COOK, 2).await;
        step(&claire, "draft", &[]).await;
        cook.post(&format!("{PAGE}/inscription/1"), &[("nom-1", "Sophie Arnaud")]).await;
        cook.post(&format!("{PAGE}/inscription/2"), &[("nom-1", "Paul Roche")]).await;
        claire.post("/organisation/rencontres/1/participants/3", &[("nom-1", "Julie")]).await;
        // Who wants no invitations is told all the same: she comes.
        let unwilling = format!(
            "INSERT INTO mail_suppressions (recipient, category, since) VALUES ('{GROWER}', 'meeting_invitation', '2027-03-16 07:00:00+00:00')"
        );
        site.app.db.execute_unprepared(&unwilling).await.unwrap();
        let shown = said(&claire, &format!("{DESK}/etape")).await;
        assert!(shown.contains("aux inscrits, pour dire qui ils veulent rencontrer : 3 courriels"), "{shown}");
        join(step(&claire, "registration", &[]), step(&claire, "registration", &[])).await;
        assert_eq!((sent(site).await, count(site, "meeting_wishes").await), (3, 3), "as many as were shown");
        let hers = &told(site, COOK, "meeting_wishes").await[0];
        for organisation in [1, 2] {
            assert!(hers.contains(&format!("{PAGE}/souhaits/{organisation}\n")), "{hers}");
        }
        let hers = &told(site, GROWER, "meeting_wishes").await[0];
        assert!(hers.contains("jeudi 6 mai 2027 inclus") && hers.contains(&format!("{PAGE}/souhaits/3\n")), "{hers}");
        let back = claire.post(&format!("{DESK}/etape"), &[("geste", "reculer"), ("vu", "wishes")]).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "mails have left");
    })
    .await;
}

#[tokio::test]
async fn four_hundred_people_are_invited_in_one_go() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        prepare(&claire).await;
        let (txn, now) = (site.app.write().await.unwrap(), site.app.clock.now());
        for number in 0..400 {
            let name = format!("Cantine {number:03}");
            let canteen = accounts::found(&txn, OrganisationKind::Canteen, &name, now).await.unwrap();
            let address = EmailAddress::parse(&format!("cook-{number}@cantine.example")).unwrap();
            accounts::enrol(&txn, &address, canteen.id, now).await.unwrap();
        }
        txn.commit().await.unwrap();
        assert_eq!(step(&claire, "draft", &BOTH).await.status, StatusCode::SEE_OTHER);
        assert_eq!((sent(site).await, count(site, "meeting_invitation").await), (400, 400));
        assert_eq!(rows(&site.app, "edition_invitations").await.len(), 400);
    })
    .await;
}
