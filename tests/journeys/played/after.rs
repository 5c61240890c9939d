//! After the day: what came of the appointments, what is asked of whom, and what organisers read of it.

use chrono::{TimeZone, Utc};
use manger_local::{schedule::Next, speed_meetings::after::ask};
use poem::http::StatusCode;

use super::cast::Guest;
use super::facts::{Who, everybody, in_force};
use super::{Play, at};
use crate::editions::DESK;
use crate::support::{
    html::Html,
    people::{Browser, mail_to, secrets_of},
};

const KIND: &str = "meeting_follow_up";
/// What one says of an appointment that took place.
const SAID: [&str; 5] = ["contact", "devis", "commande", "echantillon", "rien"];

/// What one side said of an appointment.
pub(super) struct Outcome {
    pair: (i64, i64),
    is_canteen: bool,
    said: &'static str,
}

impl Play<'_> {
    /// Half note their appointments the same evening, the others are asked the next day, and everybody three months later.
    pub(super) async fn after(&mut self) {
        self.wait_until(at(26, 18, 0));
        self.note(|guest| guest.place % 2 == 0).await;
        self.wait_until(at(27, 9, 0));
        let asked = self.owing(|play, pair, is_canteen| play.said_of(pair, is_canteen).is_none()).await;
        assert_eq!((self.ask().await, self.ask().await), (asked, 0), "each one once");
        self.note(|guest| guest.place % 2 == 1 && guest.place % 3 > 0).await;
        self.site.app.clock.advance(Utc.with_ymd_and_hms(2027, 6, 26, 8, 0, 0).unwrap() - self.site.app.clock.now());
        let may_follow = |play: &Self, pair, is_canteen| {
            play.said_of(pair, is_canteen).is_some_and(|said| !["rien", "pas-tenu"].contains(&said))
        };
        let asked = self.owing(may_follow).await;
        assert_eq!((self.ask().await, self.ask().await), (asked, 0), "each one once");
        let delivered = self.answer().await;
        enter(self, &self.claire, "claire@departement.example").await;
        self.step("closed").await;
        self.read_report(delivered).await;
    }

    /// What a side said of an appointment.
    fn said_of(&self, pair: (i64, i64), is_canteen: bool) -> Option<&'static str> {
        self.outcomes.iter().find(|one| one.pair == pair && one.is_canteen == is_canteen).map(|one| one.said)
    }

    /// The people of those who have an appointment of which this holds. The desk has the say: who is absent for it is not asked.
    async fn owing(&self, owes: impl Fn(&Self, (i64, i64), bool) -> bool) -> usize {
        let (whos, (_, meetings)) = (everybody(self.site).await, in_force(self.site).await);
        let debtors = whos.iter().filter(|who| {
            let mut own = meetings.iter().filter(|meeting| who.comes() && meeting.has(who.id));
            let is_missing = self.missing.contains(&who.id);
            !is_missing && own.any(|meeting| owes(self, meeting.pair(), who.is_canteen))
        });
        debtors.map(|who| self.guest(who.organisation).addresses.len()).sum()
    }

    /// These organisations say what came of each of their appointments; of one with somebody who never came, that it was not
    /// held.
    async fn note(&mut self, notes: impl Fn(&Guest<'_>) -> bool) {
        let (whos, (_, meetings)) = (everybody(self.site).await, in_force(self.site).await);
        for who in whos.iter().filter(|who| who.comes() && !self.absent.contains(&who.id)) {
            if !notes(self.guest(who.organisation)) {
                continue;
            }
            let own: Vec<_> =
                meetings.iter().filter_map(|meeting| Some((meeting.pair(), meeting.own(who.id)?.1))).collect();
            for (pair, other) in own {
                let said = if self.absent.contains(&other) { "pas-tenu" } else { SAID[self.chance.below(SAID.len())] };
                let guest = self.guest(who.organisation);
                let path = format!("{}/rendez-vous/{other}", guest.at("suites"));
                let kept = guest.browser.post(&path, &[("suite", said), ("note", ""), ("vu", "")]).await;
                assert_eq!(kept.location, Some(format!("{}#rdv-{other}", guest.at("suites"))), "{}", guest.name);
                self.outcomes.push(Outcome { pair, is_canteen: who.is_canteen, said });
            }
            let guest = self.guest(who.organisation);
            let given = guest.browser.post(&format!("{}/avis", guest.at("suites")), &[("satisfaction", "4")]).await;
            assert_eq!(given.status, StatusCode::SEE_OTHER, "{:?}", given.page.texts(".error"));
            self.reviews += 1;
        }
    }

    /// The duty of the hour; how many were asked.
    async fn ask(&self) -> usize {
        let before = self.written(KIND).await;
        self.tick();
        loop {
            let txn = self.site.app.write().await.unwrap();
            let next = ask(&self.site.app, &txn, self.site.app.clock.now()).await.unwrap();
            txn.commit().await.unwrap();
            if next == Next::Done {
                return self.written(KIND).await - before;
            }
        }
    }

    /// Some say that a delivery followed; how many appointments it was.
    async fn answer(&self) -> usize {
        let whos = everybody(self.site).await;
        let mut pairs = std::collections::BTreeSet::new();
        for guest in self.guests.iter().filter(|guest| guest.place % 4 == 0) {
            let own = |one: &&Outcome| {
                let id = if one.is_canteen { one.pair.0 } else { one.pair.1 };
                one.is_canteen == guest.is_canteen && organisation_of(&whos, id) == guest.organisation
            };
            let ordered: Vec<&Outcome> =
                self.outcomes.iter().filter(own).filter(|one| one.said == "commande").collect();
            if ordered.is_empty() {
                continue;
            }
            enter(self, &guest.browser, &guest.addresses[0]).await;
            for one in ordered {
                let other = if one.is_canteen { one.pair.1 } else { one.pair.0 };
                let path = format!("{}/rendez-vous/{other}", guest.at("livraisons"));
                let said = guest.browser.post(&path, &[("livre", "oui")]).await;
                assert_eq!(said.location, Some(format!("{}#rdv-{other}", guest.at("livraisons"))), "{}", guest.name);
                pairs.insert(one.pair);
            }
        }
        pairs.len()
    }

    /// The report says what was said, and everybody who met somebody has a sheet that says so.
    async fn read_report(&self, delivered: usize) {
        let planned = in_force(self.site).await.1;
        let said = |pair| [true, false].map(|side| self.said_of(pair, side));
        let held = |pair| said(pair).iter().flatten().any(|said| *said != "pas-tenu");
        let pairs: Vec<_> = planned.iter().map(super::facts::Meeting::pair).collect();
        let held_count = pairs.iter().filter(|pair| held(**pair)).count();
        let is_known = |(canteen, supplier): (i64, i64)| {
            said((canteen, supplier)).iter().any(Option::is_some)
                || [canteen, supplier].iter().any(|one| self.missing.contains(one))
        };
        let missed = pairs.iter().filter(|pair| !held(**pair) && is_known(**pair)).count();
        let (all, people) = (planned.len(), self.present().await.len());
        let page = self.claire.get(&format!("{DESK}/bilan")).await.page;
        let lines = lines_of(&page);
        for line in [
            format!("Rendez-vous au planning | {all}"),
            format!("Rendez-vous tenus | {held_count} sur {all}"),
            format!("Rendez-vous manqués | {missed} sur {all}"),
            format!("Rendez-vous suivis d’une livraison | {delivered} sur {all}"),
            format!("Avis donnés | {} sur {people}", self.reviews),
        ] {
            assert!(lines.contains(&line), "{line}: {lines:#?}");
        }
        let number = |name: &str| -> usize {
            let line = lines.iter().find_map(|line| line.strip_prefix(name)?.split_whitespace().nth(1)?.parse().ok());
            line.unwrap_or_else(|| panic!("{name}: {lines:#?}"))
        };
        let (told, lost) = (number("Rendez-vous annoncés avant la journée"), number("Perdus le jour même"));
        assert!(lost > 0, "three were missing: {lines:#?}");
        assert_eq!(told - lost + number("Ajoutés le jour même"), all, "{lines:#?}");
        assert!(!page.texts("main").concat().contains("Bilan provisoire"));
        assert!(self.claire.bytes(&format!("{DESK}/bilan.xlsx")).await.starts_with(b"PK"));
        let trace = String::from_utf8(self.claire.bytes(&format!("{DESK}/bilan.csv")).await).unwrap();
        assert_eq!(trace.lines().count(), all + 1, "{trace}");
        let sheets = self.claire.get(&format!("{DESK}/attestations")).await.page;
        let (named, certified) =
            (sheets.texts("article").concat(), self.guests.iter().filter(|guest| guest.place % 4 == 0));
        for guest in certified.filter(|guest| self.outcomes.iter().any(|one| one.is_canteen == guest.is_canteen)) {
            let whos = everybody(self.site).await;
            let is_of = |id: i64| organisation_of(&whos, id) == guest.organisation;
            let met = pairs.iter().any(|pair| held(*pair) && (is_of(pair.0) || is_of(pair.1)));
            assert!(!met || named.contains(&guest.name), "{}", guest.name);
        }
    }
}

/// The organisation of a participant.
fn organisation_of(whos: &[Who], participant: i64) -> i64 {
    whos.iter().find(|who| who.id == participant).map_or(0, |who| who.organisation)
}

/// Somebody comes in again by the code of a mail: three months are long.
async fn enter(play: &Play<'_>, browser: &Browser<'_>, address: &str) {
    browser.post("/connexion", &[("courriel", address)]).await;
    let (code, _) = secrets_of(&mail_to(&play.site.app, address).await.expect("a mail").1);
    let entered = browser.post("/connexion/code", &[("code", &code)]).await;
    assert_eq!(entered.location.as_deref(), Some("/mon-espace"), "{address}");
}

/// The lines of all tables, cells apart.
fn lines_of(page: &Html) -> Vec<String> {
    let cells = |row| {
        let inside = page.elements.iter().filter(move |one| page.contains(row, one));
        inside.filter(|one| matches!(one.name.as_str(), "th" | "td")).map(|one| one.text.clone()).collect::<Vec<_>>()
    };
    page.all("tr").into_iter().map(|row| cells(row).join(" | ")).collect()
}
