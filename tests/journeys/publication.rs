//! A timetable reaches those whom it concerns: versions, mails with one's own day, and who withdraws afterwards.

mod planning;
mod promises;
mod tables;

use manger_local::accounts::{self, OrganisationKind};
use manger_local::mail::{EmailAddress, calendar::Method, events_of, latest};
use poem::http::StatusCode;
use sea_orm::ConnectionTrait;

use crate::editions::{DESK, PAGE, form, prepare, save, send as send_section};
use crate::support::{
    Site, on_each_database,
    people::{Answer, Browser, mail_to, mails_to, organiser},
};

const PUBLICATION: &str = "/organisation/rencontres/1/publication";

/// The canteens and farms of an edition whose timetable is to be made, each with one person: participants 1, 2, 3 cook,
/// 4, 5, 6 sell.
pub(crate) const CAST: [(&str, &str); 6] = [
    ("Collège des Hauts", "hauts@cantine.example"),
    ("Lycée du Bas", "bas@cantine.example"),
    ("Crèche du Pré", "pre@cantine.example"),
    ("Ferme du Suc", "suc@ferme.example"),
    ("Ferme du Lac", "lac@ferme.example"),
    ("Ferme du Bois", "bois@ferme.example"),
];

/// Address of a participant's person.
fn of(participant: usize) -> &'static str {
    CAST[participant - 1].1
}

/// An edition that waits for its timetable, with six participants.
pub(crate) async fn gathered(site: &Site) -> Browser<'_> {
    let claire = organiser(&site.app, &site.browser).await;
    prepare(&claire).await;
    save(&claire, "horaires", &[("nombre-1", "4"), ("nombre-2", "2")]).await;
    let (txn, now) = (site.app.write().await.unwrap(), site.app.clock.now());
    for (name, address) in CAST {
        let kind = if name.starts_with("Ferme") { OrganisationKind::Supplier } else { OrganisationKind::Canteen };
        let organisation = accounts::found(&txn, kind, name, now).await.unwrap().id;
        accounts::enrol(&txn, &EmailAddress::parse(address).unwrap(), organisation, now).await.unwrap();
        let seller = if kind == OrganisationKind::Supplier { "supplier" } else { "canteen" };
        let row = format!(
            "INSERT INTO participants (edition_id, organisation_id, side, state, seat, turn, asked_at, tables_at_once, words, needs, meals)
             VALUES (1, {organisation}, '{seller}', 'registered', {organisation}, {organisation}, '2027-03-16 07:30:00+00:00', 1, '', '', 0)"
        );
        txn.execute_unprepared(&row).await.unwrap();
    }
    txn.execute_unprepared("UPDATE editions SET state = 'timetable'").await.unwrap();
    txn.commit().await.unwrap();
    claire
}

/// Puts the timetable in work: slot, table, canteen, supplier.
pub(crate) async fn arrange(site: &Site, meetings: &[(i32, i32, i64, i64)]) {
    let txn = site.app.write().await.unwrap();
    txn.execute_unprepared("DELETE FROM appointments").await.unwrap();
    for (slot, table, canteen, supplier) in meetings {
        let row = format!(
            "INSERT INTO appointments (edition_id, canteen_id, canteen_copy, supplier_id, supplier_copy, slot, table_number)
             VALUES (1, {canteen}, 1, {supplier}, 1, {slot}, {table})"
        );
        txn.execute_unprepared(&row).await.unwrap();
    }
    let turned = "UPDATE editions SET timetable_version = timetable_version + 1";
    txn.execute_unprepared(turned).await.unwrap();
    txn.commit().await.unwrap();
}

/// What the form of the page was drawn with.
async fn seen(browser: &Browser<'_>) -> Vec<(String, String)> {
    let page = browser.get(PUBLICATION).await.page;
    let field = |name: &str| {
        let input = page.all("input").into_iter().find(|input| input.attribute("name") == Some(name))?;
        Some((name.to_owned(), input.attribute("value")?.to_owned()))
    };
    ["vu", "version"].into_iter().filter_map(field).collect()
}

async fn send(browser: &Browser<'_>, seen: &[(String, String)], words: &str) -> Answer {
    let mut fields: Vec<(&str, &str)> = seen.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("mots", words));
    browser.post(PUBLICATION, &fields).await
}

/// Publishes what the page shows.
pub(crate) async fn publish(browser: &Browser<'_>) -> Answer {
    let seen = seen(browser).await;
    send(browser, &seen, "").await
}

/// How many mails of a kind an address got.
async fn count(site: &Site, address: &str, kind: &str) -> usize {
    let mails = latest(&site.app.db, 10_000).await.unwrap().into_iter();
    mails.filter(|mail| mail.recipient == address && mail.kind == kind).count()
}

/// The appointments of the latest mail to an address that tells them: « 9 h 30 – 9 h 40, Table 1 avec Ferme du Suc ».
pub(crate) async fn told(site: &Site, address: &str) -> Vec<String> {
    let mails = mails_to(&site.app, address).await;
    let (kind, text) = mails.into_iter().find(|(kind, _)| kind.starts_with("meeting_")).expect("a mail of the meeting");
    if kind != "meeting_day" {
        return Vec::new();
    }
    let text = text.replace('\u{a0}', " ");
    let lines: Vec<&str> = text.lines().collect();
    let own = lines.windows(2).filter(|pair| pair[1].starts_with("    avec "));
    own.map(|pair| format!("{} {}", pair[0].trim(), pair[1].trim())).collect()
}

const FIRST: [(i32, i32, i64, i64); 4] = [(1, 1, 1, 4), (1, 2, 2, 5), (2, 1, 1, 5), (5, 2, 2, 4)];

#[tokio::test]
async fn the_first_version_tells_everybody_her_day_once_those_without_an_appointment_too() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        assert!(claire.get(PUBLICATION).await.page.texts(".notice").concat().contains("Le planning est vide"));
        assert_eq!(publish(&claire).await.status, StatusCode::CONFLICT, "no form, nothing seen");
        arrange(site, &FIRST).await;
        let stage = claire.get(&format!("{DESK}/etape")).await.page;
        assert_eq!(stage.link("Relire le planning"), PUBLICATION);
        let stepped = claire.post(&format!("{DESK}/etape"), &[("geste", "avancer"), ("vu", "timetable")]).await;
        assert_eq!(stepped.location.as_deref(), Some(PUBLICATION), "one reads it first");
        let page = claire.get(PUBLICATION).await.page.texts("main").concat();
        let page = page.replace('\u{a0}', " ");
        assert!(page.contains("4 rendez-vous. Publier prévient 6 organisations, 6 courriels."), "{page}");
        assert!(page.contains("Crèche du Pré (1 courriel)aucun rendez-vous"), "{page}");
        let drawn = seen(&claire).await;
        let words = "Le parking est derrière la salle.";
        let (one, two) = futures_util::future::join(send(&claire, &drawn, words), send(&claire, &drawn, words)).await;
        let done = Some(format!("{PUBLICATION}?fait=publication"));
        assert_eq!((one.location, two.location), (done.clone(), done), "pressed twice at once");
        for (_, address) in CAST {
            assert_eq!(count(site, address, "meeting_day").await, 1, "{address}");
        }
        assert_eq!(
            told(site, of(1)).await,
            ["9 h 30 – 9 h 40, Table 1 avec Ferme du Suc", "9 h 42 – 9 h 52, Table 1 avec Ferme du Lac"]
        );
        let (_, text) = mail_to(&site.app, of(1)).await.unwrap();
        insta::assert_snapshot!("publication_first", text);
        let (_, text) = mail_to(&site.app, of(3)).await.unwrap();
        insta::assert_snapshot!("publication_without_appointment", text);
        assert!(text.contains("pas de rendez-vous pour l’instant") && text.contains(words), "{text}");
        let (event, _) = events_of(&site.app.db, of(2), site.app.clock.now()).await.unwrap().remove(0);
        assert_eq!(event.starts_at.format("%H:%M").to_string(), "07:30", "from her first appointment");
        assert_eq!(event.ends_at.format("%H:%M").to_string(), "12:10", "to her last one");
        assert!(event.description.contains("Ferme du Lac") && event.description.contains("version 1"), "{event:?}");
        assert!(event.uid.starts_with("participant-2-") && event.method == Method::Request, "{event:?}");
        let back = claire.get(&format!("{DESK}/etape")).await.page.texts("main").concat();
        assert!(back.contains("6 courriels sont déjà partis"), "{back}");
        let journal = claire.get("/organisation/journal").await.page.texts("main").concat();
        assert!(journal.contains("a publié le planning d’une rencontre"), "{journal}");
        let page = claire.get(PUBLICATION).await.page.texts("main").concat();
        assert!(page.contains("il n’y a rien à publier") && page.contains("Version 1 en vigueur"), "{page}");
        let nothing = claire.post(PUBLICATION, &[("vu", "1"), ("version", "1")]).await;
        assert_eq!(nothing.location, Some(format!("{PUBLICATION}?fait=pareil")));
        assert!(
            claire
                .get(&format!("{PUBLICATION}?fait=pareil"))
                .await
                .page
                .texts(".notice")
                .concat()
                .contains("Rien n’a changé")
        );
    })
    .await;
}

#[tokio::test]
async fn the_next_version_tells_those_whose_day_is_another_and_nobody_else() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        arrange(site, &FIRST).await;
        publish(&claire).await;
        let drawn = seen_now(&claire).await;
        // Moved, cancelled, new: 1–4 keeps its hour at another table, 2–5 is moved, 1–5 falls away, 3–6 is new.
        arrange(site, &[(1, 3, 1, 4), (4, 2, 2, 5), (5, 2, 2, 4), (2, 1, 3, 6)]).await;
        let page = claire.get(PUBLICATION).await.page.texts("main").concat();
        for words in [
            "Publier la version 2",
            "autre table à 9 h 30 : Table 3 au lieu de Table 1, avec Ferme du Suc",
            "annulé : 9 h 42, avec Ferme du Lac",
            "déplacé de 9 h 30 à 10 h 06 : Table 2, avec Lycée du Bas",
            "nouveau : 9 h 42, Table 1, avec Ferme du Bois",
        ] {
            assert!(page.replace('\u{a0}', " ").contains(words), "{words}: {page}");
        }
        let late = send(&claire, &drawn, "Voici la suite.").await;
        assert_eq!(late.status, StatusCode::CONFLICT, "another timetable than the one that was read");
        assert!(late.page.texts(".notice").concat().contains("Rien n’est parti"));
        assert!(late.page.texts("textarea").concat().contains("Voici la suite."), "her words are there");
        assert_eq!(publish(&claire).await.location, Some(format!("{PUBLICATION}?fait=publication")));
        let mails = [2, 2, 2, 2, 2, 2];
        for (number, expected) in (1..).zip(mails) {
            assert_eq!(count(site, of(number), "meeting_day").await, expected, "{}", of(number));
        }
        arrange(site, &[(1, 3, 1, 4), (4, 2, 2, 5), (5, 2, 2, 4), (3, 1, 3, 6)]).await;
        publish(&claire).await;
        for (number, expected) in (1..).zip([2, 2, 3, 2, 2, 3]) {
            assert_eq!(count(site, of(number), "meeting_day").await, expected, "{}", of(number));
        }
        assert_eq!(told(site, of(3)).await, ["9 h 54 – 10 h 04, Table 1 avec Ferme du Bois"]);
        let (event, _) = events_of(&site.app.db, of(3), site.app.clock.now()).await.unwrap().remove(0);
        assert_eq!((event.sequence, event.starts_at.format("%H:%M").to_string()), (4, "07:54".to_owned()));
        let second = claire.get(&format!("{PUBLICATION}/2")).await.page.texts("main").concat();
        assert!(second.contains("annulé") && second.contains("ce qui change depuis la version 1"), "{second}");
        let third = claire.get(&format!("{PUBLICATION}/3")).await.page.texts("main").concat();
        assert!(third.contains("déplacé de 9 h 42 à 9 h 54") && !third.contains("Lycée du Bas"), "{third}");
        assert_eq!(claire.get(&format!("{PUBLICATION}/4")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

/// What a form of the version in force would hold.
async fn seen_now(browser: &Browser<'_>) -> Vec<(String, String)> {
    let drawn = seen(browser).await;
    if drawn.is_empty() {
        vec![("vu".to_owned(), "1".to_owned()), ("version".to_owned(), "1".to_owned())]
    } else {
        drawn
    }
}

#[tokio::test]
async fn who_withdraws_leaves_nobody_with_an_appointment_and_organisers_know_the_holes() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        arrange(site, &FIRST).await;
        publish(&claire).await;
        // An organiser is in the middle of a change that is nobody else’s business yet.
        arrange(site, &[(1, 1, 1, 4), (1, 2, 2, 5), (2, 1, 1, 5), (5, 2, 2, 4), (3, 3, 3, 6)]).await;
        let gone = claire.post(&format!("{DESK}/participants/5/retrait"), &[]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        for (number, expected) in (1..).zip([2, 2, 1, 1, 1, 1]) {
            assert_eq!(count(site, of(number), "meeting_day").await, expected, "{}", of(number));
        }
        assert_eq!(told(site, of(1)).await, ["9 h 30 – 9 h 40, Table 1 avec Ferme du Suc"]);
        assert_eq!(told(site, of(2)).await, ["14 h – 14 h 10, Table 2 avec Ferme du Suc"]);
        assert!(told(site, of(5)).await.is_empty(), "she was told last that she does not come");
        let (event, _) = events_of(&site.app.db, of(5), site.app.clock.now()).await.unwrap().remove(0);
        assert_eq!(event.method, Method::Cancel);
        let (kind, hers) = mail_to(&site.app, of(5)).await.unwrap();
        assert_eq!(kind, "meeting_withdrawn");
        assert!(hers.contains("rendez-vous") && hers.contains("annulé") && hers.contains("par courriel"), "{hers}");
        assert!(!hers.contains("tant que les inscriptions sont ouvertes"), "they are closed: {hers}");
        let (kind, holes) = mail_to(&site.app, "claire@departement.example").await.unwrap();
        assert_eq!(kind, "meeting_holes");
        let holes = holes.replace('\u{a0}', " ");
        assert!(holes.contains("  - 9 h 42, Table 1 : Collège des Hauts") && holes.contains("version 2"), "{holes}");
        let page = claire.get(PUBLICATION).await.page.texts("main").concat();
        assert!(page.contains("Publier la version 3") && page.contains("prévient 2 organisations"), "{page}");
        // Pressed again, nothing more.
        claire.post(&format!("{DESK}/participants/5/retrait"), &[]).await;
        assert_eq!(count(site, of(1), "meeting_day").await, 2);
        // Who comes back has no appointment until the next version.
        let back = claire.post(&format!("{DESK}/participants/5"), &[("nom-1", "Julie")]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{:?}", back.page.texts(".error"));
    })
    .await;
}

#[tokio::test]
async fn other_hours_tell_everybody_her_day_anew() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        arrange(site, &FIRST).await;
        publish(&claire).await;
        let drawn = form(&claire.get(DESK).await.page, "horaires");
        let shorter =
            send_section(&claire, &drawn, "horaires", &[("seance-2", ""), ("debut-2", ""), ("nombre-2", "")]).await;
        assert_eq!(shorter.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shorter.page.texts(".error").concat().contains("Des rendez-vous déjà publiés"));
        save(&claire, "horaires", &[("debut-1", "10:00")]).await;
        for (_, address) in CAST {
            assert_eq!(count(site, address, "meeting_day").await, 2, "{address}");
            assert_eq!(count(site, address, "meeting_changed").await, 0, "{address}");
        }
        assert_eq!(told(site, of(1)).await[0], "10 h – 10 h 10, Table 1 avec Ferme du Suc");
        let (event, _) = events_of(&site.app.db, of(1), site.app.clock.now()).await.unwrap().remove(0);
        assert_eq!(event.starts_at.format("%H:%M").to_string(), "08:00");
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_is_said_and_who_does_not_come_is_in_the_way() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        arrange(site, &[(1, 1, 1, 4), (9, 2, 2, 5), (2, 99, 3, 6), (3, 1, 2, 6)]).await;
        let changes = "UPDATE participants SET state = 'withdrawn', seat = NULL WHERE id = 4";
        site.app.db.execute_unprepared(changes).await.unwrap();
        let away = "UPDATE participants SET arrives_at = 840 WHERE id = 2";
        site.app.db.execute_unprepared(away).await.unwrap();
        let avoided = "INSERT INTO wishes VALUES (6, 3, NULL, '2027-03-16 07:30:00+00:00')";
        site.app.db.execute_unprepared(avoided).await.unwrap();
        site.app.db.execute_unprepared("UPDATE appointments SET canteen_copy = 2 WHERE canteen_id = 3").await.unwrap();
        let page = claire.get(PUBLICATION).await.page;
        let refused = page.texts(".refusal").concat().replace('\u{a0}', " ");
        let told = page.texts(".notice").concat().replace('\u{a0}', " ");
        for words in [
            "Ferme du Suc ne vient plus : 1 rendez-vous encore au planning.",
            "Lycée du Bas et Ferme du Lac : la journée n’a plus de créneau 9.",
        ] {
            assert!(refused.contains(words), "{words}: {refused}");
        }
        for words in [
            "Crèche du Pré et Ferme du Bois, à 9 h 42 : la salle n’a plus de table 99.",
            "Lycée du Bas n’est pas là à 9 h 54 : rendez-vous de Lycée du Bas et Ferme du Bois.",
            "Crèche du Pré et Ferme du Bois, à 9 h 42 : l’un des deux a demandé à l’éviter.",
            "Crèche du Pré ne se partage plus entre deux tables : rendez-vous de 9 h 42, Crèche du Pré et Ferme du Bois.",
        ] {
            assert!(told.contains(words) && !refused.contains(words), "{words}: {told}");
        }
        assert_eq!(page.link("Corriger au planning"), page.link("Voir au planning"));
        assert!(page.inside("main", "form").is_empty(), "nothing to press");
        let refused = claire.post(PUBLICATION, &[("vu", "1"), ("version", "0")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            latest(&site.app.db, 100).await.unwrap().iter().filter(|mail| mail.kind == "meeting_day").count(),
            0
        );
        let long = "x".repeat(2_001);
        let refused = claire.post(PUBLICATION, &[("vu", "1"), ("version", "0"), ("mots", &long)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}
