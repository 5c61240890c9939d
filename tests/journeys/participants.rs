//! Canteens and suppliers register for an edition, wait, move up and withdraw.

mod race;
mod refused;

use manger_local::{
    accounts::{self, OrganisationKind},
    mail::{EmailAddress, calendar::Method, events_of, latest},
    suppliers::{
        draft::{self, Content},
        import::{self, Options},
        public_by_slug,
    },
};
use poem::http::StatusCode;
use sea_orm::ConnectionTrait;

use crate::editions::{DESK, PAGE, prepare, save};
use crate::support::{
    Site, on_each_database,
    people::{Browser, mail_to, member, organiser, path_of, rows},
};

const COOK: &str = "cook@college.example";
const CHEF: &str = "chef@lycee.example";
const LIST: &str = "/organisation/rencontres/1/participants";

/// Where an organisation registers.
fn page(organisation: i64) -> String {
    format!("{PAGE}/inscription/{organisation}")
}

/// An open edition with so many places for canteens, and its organiser.
async fn open<'a>(site: &'a Site, places: &str) -> Browser<'a> {
    let claire = organiser(&site.app, &site.browser).await;
    prepare(&claire).await;
    save(&claire, "inscription", &[("places_cantines", places), ("places_fournisseurs", "2")]).await;
    let opened = claire.post(&format!("{DESK}/etape"), &[("geste", "avancer"), ("vu", "draft")]).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER);
    claire
}

/// The mails of this room to an address, the first first.
async fn told(site: &Site, address: &str) -> Vec<String> {
    let mails = latest(&site.app.db, 1_000).await.unwrap().into_iter().filter(|mail| mail.recipient == address);
    let mut kinds: Vec<String> = mails.map(|mail| mail.kind).filter(|kind| kind.starts_with("meeting_")).collect();
    kinds.reverse();
    kinds
}

/// What the calendar of an address shows of the day: whether it takes place, its sequence, and when it begins and ends.
async fn calendar(site: &Site, address: &str) -> Vec<(bool, u32, String)> {
    let events = events_of(&site.app.db, address, site.app.clock.now()).await.unwrap();
    let hours = |event: &manger_local::mail::calendar::Event| {
        format!("{} {}", event.starts_at.format("%H:%M"), event.ends_at.format("%H:%M"))
    };
    events.iter().map(|(event, _)| (event.method == Method::Request, event.sequence, hours(event))).collect()
}

/// Registers with these words in the form as it is drawn.
async fn register(browser: &Browser<'_>, organisation: i64, fields: &[(&str, &str)]) -> Option<String> {
    let path = page(organisation);
    let drawn = browser.get(&path).await.page;
    let seen = drawn.all("input").into_iter().find(|input| input.attribute("name") == Some("vu")).expect("a form");
    let seen = seen.attribute("value").unwrap_or_default().to_owned();
    let saved = browser.post(&path, &[fields, &[("vu", seen.as_str())]].concat()).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{:?}", saved.page.texts(".error"));
    saved.location
}

#[tokio::test]
async fn a_canteen_registers_another_waits_moves_up_and_each_is_told_once() {
    on_each_database(async |site| {
        let claire = open(site, "1").await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let chef = member(&site.app, &claire, "Lycée du Bas", CHEF).await;
        assert_eq!(cook.get(&format!("{PAGE}/inscription")).await.location, Some(page(1)), "she has but one");
        let fields = [("nom-1", "Sophie Arnaud"), ("arrivee", "10 h"), ("repas", "1"), ("produits", "Lentilles")];
        let done = Some(format!("{}?fait=inscription", page(1)));
        let path = page(1);
        let (one, two) = futures_util::future::join(cook.post(&path, &fields), cook.post(&path, &fields)).await;
        assert_eq!((one.location, two.location), (done.clone(), done), "pressed twice at once");
        assert_eq!(told(site, COOK).await, ["meeting_registered"]);
        assert_eq!(calendar(site, COOK).await, [(true, 1, "08:00 13:58".to_owned())], "from ten o’clock on");
        let shown = cook.get(&page(1)).await.page;
        assert!(shown.texts("main").concat().contains("Inscrit : une place est réservée"));
        assert_eq!(shown.by_id("nom-1").unwrap().attribute("value"), Some("Sophie Arnaud"));

        register(&chef, 2, &[("nom-1", "Paul Roche")]).await;
        assert!(chef.get(&page(2)).await.page.texts(".notice").concat().contains("à la place 1"));
        assert_eq!(told(site, CHEF).await, ["meeting_waiting"]);
        assert!(calendar(site, CHEF).await.is_empty(), "nothing is sure");

        register(&cook, 1, &[&fields[..], &[("besoins", "Une prise")]].concat()).await;
        assert_eq!(told(site, COOK).await.len(), 1, "no calendar shows what she needs");
        register(&cook, 1, &[("nom-1", "Sophie Arnaud"), ("depart", "12h")]).await;
        assert_eq!(told(site, COOK).await, ["meeting_registered", "meeting_changed"]);
        assert_eq!(calendar(site, COOK).await, [(true, 2, "07:30 10:00".to_owned())]);

        let asked = cook.get(&format!("{}/retrait", page(1))).await.page;
        assert!(asked.texts("h1").concat().contains("Désinscrire"));
        let path = format!("{}/retrait", page(1));
        let (one, two) = futures_util::future::join(cook.post(&path, &[]), cook.post(&path, &[])).await;
        assert_eq!((one.status, two.location), (StatusCode::SEE_OTHER, Some(format!("{}?fait=retrait", page(1)))));
        assert_eq!(told(site, COOK).await, ["meeting_registered", "meeting_changed", "meeting_withdrawn"]);
        assert_eq!(calendar(site, COOK).await, [(false, 3, "07:30 10:00".to_owned())]);
        assert_eq!(told(site, CHEF).await, ["meeting_waiting", "meeting_moved_up"]);
        assert!(calendar(site, CHEF).await[0].0);

        register(&cook, 1, &fields).await;
        assert!(cook.get(&page(1)).await.page.texts(".notice").concat().contains("à la place 1"), "at the end");
        save(&claire, "inscription", &[("places_cantines", "2")]).await;
        assert_eq!(told(site, COOK).await[3..], ["meeting_waiting", "meeting_moved_up"]);
        assert_eq!(calendar(site, COOK).await, [(true, 5, "08:00 13:58".to_owned())]);
        assert_eq!(told(site, CHEF).await.len(), 2, "she had hers");
    })
    .await;
}

#[tokio::test]
async fn with_fewer_places_than_registrations_nobody_loses_hers_and_the_organiser_reads_it() {
    on_each_database(async |site| {
        let claire = open(site, "2").await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let chef = member(&site.app, &claire, "Lycée du Bas", CHEF).await;
        register(&cook, 1, &[("nom-1", "Sophie Arnaud")]).await;
        register(&chef, 2, &[("nom-1", "Paul Roche")]).await;
        let desk = async || claire.get(DESK).await.page.texts("main").concat().replace('\u{a0}', " ");
        assert!(!desk().await.contains("chacun garde sa place"));
        save(&claire, "inscription", &[("places_cantines", "1")]).await;
        let read = desk().await;
        assert!(read.contains("2 cantines sont inscrites pour 1 place : chacun garde sa place"), "{read}");
        for (browser, organisation) in [(&cook, 1), (&chef, 2)] {
            let shown = browser.get(&page(organisation)).await.page.texts("main").concat();
            assert!(shown.contains("Inscrit : une place est réservée"), "{shown}");
        }
        assert_eq!((told(site, COOK).await.len(), told(site, CHEF).await.len()), (1, 1), "nobody hears anything new");
    })
    .await;
}

#[tokio::test]
async fn organisers_see_both_sides_add_withdraw_and_take_the_table_away() {
    on_each_database(async |site| {
        let claire = open(site, "1").await;
        let empty = claire.get(LIST).await.page.texts("main").concat();
        assert!(empty.contains("0 inscrit pour 1 place") && empty.contains("Personne n’est inscrit"), "{empty}");
        member(&site.app, &claire, "Collège des Hauts", COOK).await;
        member(&site.app, &claire, "Lycée du Bas", CHEF).await;
        let found = claire.get(&format!("{LIST}?ajout=college")).await.page;
        assert_eq!(found.link("Collège des Hauts"), format!("{LIST}/1"));
        let fields = [("nom-1", "Sophie Arnaud"), ("reponse-2", "=1+1")];
        let added = claire.post(&format!("{LIST}/1"), &fields).await;
        assert_eq!(added.location, Some(format!("{LIST}/1?fait=inscription")), "{:?}", added.page.texts(".error"));
        claire.post(&format!("{LIST}/2"), &[("nom-1", "Paul Roche")]).await;
        assert_eq!(told(site, COOK).await, ["meeting_registered"], "its people hear of it");
        let shown = claire.get(LIST).await.page.texts("main").concat();
        assert!(shown.contains("1 inscrit pour 1 place, 1 en attente"), "{shown}");
        let found = claire.get(&format!("{LIST}?q=roche")).await.page.texts(".letters").concat();
        assert!(found.contains("Lycée du Bas") && !found.contains("Hauts"), "{found}");
        let csv = String::from_utf8(claire.bytes(&format!("{LIST}.csv")).await).unwrap();
        assert!(csv.contains("Sophie Arnaud") && csv.contains("en liste d’attente") && csv.contains("1+1"), "{csv}");
        assert!(!csv.contains(";=1+1"), "no spreadsheet reckons with what somebody typed: {csv}");
        assert!(claire.bytes(&format!("{LIST}.xlsx")).await.starts_with(b"PK"));
        let gone = claire.post(&format!("{LIST}/1/retrait"), &[]).await;
        assert_eq!(gone.location, Some(format!("{LIST}/1?fait=retrait")));
        assert_eq!(told(site, CHEF).await, ["meeting_waiting", "meeting_moved_up"]);
        save(&claire, "lieu", &[("salle", "Gymnase")]).await;
        assert_eq!(told(site, CHEF).await[2..], ["meeting_changed"], "another hall");
        assert_eq!(told(site, COOK).await.len(), 2, "who does not come is not told");
        let back = claire.post(&format!("{DESK}/etape"), &[("geste", "reculer"), ("vu", "registration")]).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "mails have left");
        assert!(back.page.texts("main").concat().contains("se sont inscrites"));
        let journal = claire.get("/organisation/journal").await.page.texts("main").concat();
        assert!(journal.contains("a désinscrit une organisation"), "{journal}");
    })
    .await;
}

#[tokio::test]
async fn by_the_link_of_a_mail_one_withdraws_without_signing_in_and_only_while_one_belongs_there() {
    on_each_database(async |site| {
        let claire = open(site, "2").await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let chef = member(&site.app, &claire, "Lycée du Bas", CHEF).await;
        register(&cook, 1, &[("nom-1", "Sophie Arnaud")]).await;
        register(&chef, 2, &[("nom-1", "Paul Roche")]).await;
        let link = async |address| {
            let (_, text) = mail_to(&site.app, address).await.unwrap();
            path_of(text.lines().find(|line| line.contains("/desinscription/")).expect("a link"))
        };
        let (own, other) = (link(COOK).await, link(CHEF).await);
        assert!(own != other, "each has her own");
        let anybody = Browser::new(&site.browser);
        let asked = anybody.get(&own).await;
        assert_eq!(asked.page.texts("h1").concat().replace('\u{a0}', " "), "Désinscrire « Collège des Hauts » ?");
        assert_eq!(told(site, COOK).await, ["meeting_registered"], "a link does nothing by itself");
        let done = anybody.post(&own, &[]).await;
        assert_eq!(done.location, Some(format!("{own}?fait=retrait")));
        assert!(
            anybody.get(&format!("{own}?fait=retrait")).await.page.texts("h1").concat().contains("n’est plus inscrit")
        );
        assert_eq!(anybody.post(&own, &[]).await.status, StatusCode::SEE_OTHER, "pressed twice");
        assert_eq!(told(site, COOK).await, ["meeting_registered", "meeting_withdrawn"]);
        assert_eq!(anybody.get("/desinscription/0123456789abcdef0123456789abcdef").await.status, StatusCode::NOT_FOUND);
        // Who does not belong to the organisation any more withdraws it no more.
        let leaving = "DELETE FROM memberships WHERE organisation_id = 2";
        site.app.db.execute_unprepared(leaving).await.unwrap();
        assert_eq!(anybody.get(&other).await.status, StatusCode::NOT_FOUND);
        assert_eq!(anybody.post(&other, &[]).await.status, StatusCode::NOT_FOUND);
        let secrets = rows(&site.app, "participant_exits").await.join(" ");
        assert!(!secrets.contains(own.rsplit('/').next().unwrap()), "{secrets}");
    })
    .await;
}

#[tokio::test]
async fn who_waits_hears_of_another_hall_and_is_promised_no_place() {
    on_each_database(async |site| {
        let claire = open(site, "1").await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let chef = member(&site.app, &claire, "Lycée du Bas", CHEF).await;
        register(&cook, 1, &[("nom-1", "Sophie Arnaud")]).await;
        register(&chef, 2, &[("nom-1", "Paul Roche")]).await;
        save(&claire, "lieu", &[("salle", "Gymnase")]).await;
        assert_eq!(told(site, CHEF).await, ["meeting_waiting", "meeting_changed"]);
        let (_, text) = mail_to(&site.app, CHEF).await.unwrap();
        assert!(text.contains("toujours en liste d’attente, à la place 1"), "{text}");
        let (_, text) = mail_to(&site.app, COOK).await.unwrap();
        assert!(!text.contains("liste d’attente"), "{text}");
        let out = "UPDATE editions SET state = 'published'";
        site.app.db.execute_unprepared(out).await.unwrap();
        let version =
            "INSERT INTO publications (edition_id, number, published_at) VALUES (1, 1, '2027-03-16 07:20:00+00:00')";
        site.app.db.execute_unprepared(version).await.unwrap();
        save(&claire, "lieu", &[("salle", "Halle")]).await;
        assert_eq!(told(site, COOK).await, ["meeting_registered", "meeting_changed", "meeting_day"]);
        assert_eq!(told(site, CHEF).await, ["meeting_waiting", "meeting_changed", "meeting_changed"], "she has no day");
        assert!(calendar(site, CHEF).await.is_empty(), "nothing is sure");
    })
    .await;
}

#[tokio::test]
async fn who_gets_a_place_while_wishes_are_open_is_asked_whom_it_would_meet() {
    on_each_database(async |site| {
        let claire = open(site, "1").await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        member(&site.app, &claire, "Lycée du Bas", CHEF).await;
        register(&cook, 1, &[("nom-1", "Sophie Arnaud")]).await;
        let (_, text) = mail_to(&site.app, COOK).await.unwrap();
        assert!(!text.contains("/souhaits/"), "one may not choose yet: {text}");
        claire.post(&format!("{DESK}/etape"), &[("geste", "avancer"), ("vu", "registration")]).await;
        claire.post(&format!("{LIST}/2"), &[("nom-1", "Paul Roche")]).await;
        let (_, text) = mail_to(&site.app, CHEF).await.unwrap();
        assert!(!text.contains("/souhaits/"), "who waits meets nobody: {text}");
        cook.post(&format!("{}/retrait", page(1)), &[]).await;
        save(&claire, "inscription", &[("places_cantines", "2")]).await;
        claire.post(&format!("{LIST}/1"), &[("nom-1", "Sophie Arnaud")]).await;
        for (address, kind, organisation) in [(CHEF, "meeting_moved_up", 2), (COOK, "meeting_registered", 1)] {
            assert_eq!(told(site, address).await.last().unwrap(), kind);
            let (_, text) = mail_to(&site.app, address).await.unwrap();
            assert!(text.contains("Dites maintenant qui vous voulez rencontrer"), "{text}");
            assert!(text.contains(&format!("{PAGE}/souhaits/{organisation}\n")), "{text}");
        }
        // The timetable is being made: nobody can choose any more.
        cook.post(&format!("{}/retrait", page(1)), &[]).await;
        claire.post(&format!("{DESK}/etape"), &[("geste", "avancer"), ("vu", "wishes")]).await;
        claire.post(&format!("{LIST}/1"), &[("nom-1", "Sophie Arnaud")]).await;
        let (_, text) = mail_to(&site.app, COOK).await.unwrap();
        assert_eq!(told(site, COOK).await.last().unwrap(), "meeting_registered");
        assert!(!text.contains("/souhaits/"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn answers_stay_with_their_question_and_no_other_gets_them() {
    on_each_database(async |site| {
        let claire = open(site, "3").await;
        save(&claire, "questions", &[("question-3", "Combien de convives ?"), ("obligatoire-3", "oui")]).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        register(&cook, 1, &[("nom-1", "Sophie"), ("reponse-2", "Lentilles"), ("reponse-3", "Quatre-cent-vingt")])
            .await;
        let drawn = cook.get(&page(1)).await.page;
        let answers = |page: &crate::support::html::Html| page.texts("textarea").concat();
        assert!(answers(&drawn).contains("Quatre-cent-vingt"), "{}", answers(&drawn));

        save(&claire, "questions", &[("question-3", "")]).await;
        assert!(!rows(&site.app, "participant_answers").await.concat().contains("Quatre-cent-vingt"), "it is gone");
        // The form offers the row of the third again, for another question.
        save(&claire, "questions", &[("question-3", "Venez-vous en fauteuil ?")]).await;
        let shown = cook.get(&page(1)).await.page;
        assert!(shown.texts("main").concat().contains("Venez-vous en fauteuil ?"));
        assert!(answers(&shown).contains("Lentilles") && !answers(&shown).contains("Quatre"), "{}", answers(&shown));
        // A form that was drawn before answers what it asked.
        let seen = drawn.all("input").into_iter().find(|input| input.attribute("name") == Some("vu")).unwrap();
        let seen = seen.attribute("value").unwrap();
        let late = [("nom-1", "Sophie Arnaud"), ("reponse-3", "Quatre-cent-vingt"), ("vu", seen)];
        assert_eq!(cook.post(&page(1), &late).await.status, StatusCode::SEE_OTHER);
        let shown = cook.get(&page(1)).await.page;
        assert!(!answers(&shown).contains("Quatre"), "{}", answers(&shown));
        assert!(rows(&site.app, "participant_answers").await.is_empty());
        let csv = String::from_utf8(claire.bytes(&format!("{LIST}.csv")).await).unwrap();
        assert!(csv.contains("Venez-vous en fauteuil ?") && !csv.contains("Quatre"), "{csv}");
        register(&cook, 1, &[("nom-1", "Sophie"), ("reponse-4", "Oui")]).await;
        let again = claire.get(DESK).await.page;
        assert!(again.by_id("question-4").is_some() && again.by_id("question-3").is_none());
        assert!(answers(&cook.get(&page(1)).await.page).contains("Oui"));
    })
    .await;
}

#[tokio::test]
async fn a_long_list_comes_in_pages_and_keeps_its_order() {
    on_each_database(async |site| {
        let claire = open(site, "300").await;
        member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let keys = canteens(site, 60).await;
        let txn = site.app.write().await.unwrap();
        for (turn, key) in (1..).zip(&keys) {
            let (state, seat) = if turn <= 55 { ("registered", turn.to_string()) } else { ("waiting", "NULL".to_owned()) };
            let row = format!(
                "INSERT INTO participants (edition_id, organisation_id, side, state, seat, turn, asked_at, tables_at_once, words, needs, meals)
                 VALUES (1, {key}, 'canteen', '{state}', {seat}, {turn}, '2027-03-16 07:30:00+00:00', 1, '', '', 0)"
            );
            txn.execute_unprepared(&row).await.unwrap();
        }
        txn.commit().await.unwrap();
        let first = claire.get(LIST).await.page;
        let said = first.texts("main").concat();
        assert!(said.contains("55 inscrits pour 300 places, 5 en attente"), "{said}");
        assert!(said.contains("Cantine 049") && !said.contains("Cantine 050") && !said.contains("attente, dans"), "{said}");
        let next = claire.get(first.link("Page suivante")).await.page.texts("main").concat();
        assert!(next.contains("Cantine 050") && next.contains("Cantine 054") && !next.contains("Cantine 049"), "{next}");
        assert!(next.contains("1. Cantine 055") && next.contains("5. Cantine 059"), "{next}");
        let second_side = next.split("Fournisseurs").nth(1).unwrap();
        assert!(second_side.contains("Personne n’est inscrit"), "{second_side}");
        let found = claire.get(&format!("{LIST}?q=Cantine+05")).await.page.texts("main").concat();
        assert!(found.contains("Cantine 050") && found.contains("1. Cantine 055"), "{found}");
        assert!(!found.contains("Page suivante"), "ten are not too many");
        // Whom one could add, and why not.
        let refused = format!(
            "INSERT INTO canteen_requests (organisation_id, state, words, asked_at) VALUES ({}, 'refused', '', '2027-03-16 07:00:00+00:00')",
            keys[3]
        );
        site.app.db.execute_unprepared(&refused).await.unwrap();
        let offered = claire.get(&format!("{LIST}?q=personne&ajout=cantine+00")).await.page;
        let lines: Vec<&str> = offered.inside(".letters", "li").into_iter().map(|line| line.text.as_str()).collect();
        assert_eq!(lines.len(), 10);
        for line in lines {
            assert_eq!(line.contains("n’a pas accepté cette cantine"), line.contains("Cantine 003"), "{line}");
        }
    })
    .await;
}

/// Gives an organisation a listing that everybody sees.
pub(crate) async fn publish(site: &Site, organisation: i64) {
    let table = "Référence;Nom;Type;Code INSEE;Téléphone;Courriel\nF1;Ferme du Suc;Producteur;43157;04 71 11 22 33;ferme@suc.example\n";
    let options = Options::new("fournisseurs.csv", site.app.clock.now(), site.app.today());
    import::suppliers(&site.app, table.as_bytes(), &options, &mut |_| {}).await.unwrap();
    let listing = public_by_slug(&site.app.db, "ferme-du-suc").await.unwrap().unwrap();
    let txn = site.app.write().await.unwrap();
    let (content, now) = (Content::of(&listing), site.app.clock.now());
    draft::begin(&txn, organisation, &content, Some(&listing.supplier), 1, now).await.unwrap();
    txn.commit().await.unwrap();
}

/// So many canteens of one cook, from the second organisation of the site on.
async fn canteens(site: &Site, count: usize) -> Vec<i64> {
    let (txn, now) = (site.app.write().await.unwrap(), site.app.clock.now());
    let mut keys = Vec::new();
    for number in 0..count {
        let name = format!("Cantine {number:03}");
        let canteen = accounts::found(&txn, OrganisationKind::Canteen, &name, now).await.unwrap();
        accounts::enrol(&txn, &EmailAddress::parse(COOK).unwrap(), canteen.id, now).await.unwrap();
        keys.push(canteen.id);
    }
    txn.commit().await.unwrap();
    keys
}

/// How many mails of each of these kinds were written down.
async fn count(site: &Site, kind: &str) -> usize {
    latest(&site.app.db, 100_000).await.unwrap().iter().filter(|mail| mail.kind == kind).count()
}
