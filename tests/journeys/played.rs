//! An edition of twenty-eight canteens and thirty-five suppliers, played from the invitation to the end of its day.

mod after;
mod cast;
mod check;
mod day;
mod documents;
mod eve;
mod facts;
mod figures;
mod planning;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use manger_local::{schedule::Next, speed_meetings::wishes::remind};
use poem::http::StatusCode;

use self::after::Outcome;
use self::cast::{Chance, Guest, found};
use self::facts::{Meeting, count};
use self::figures::Figures;
use crate::day::hidden;
use crate::editions::{DESK, save};
use crate::support::{
    Site,
    html::Html,
    on_each_database,
    people::{Answer, Browser, accept, organiser},
};

const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// All that is needed to play on.
struct Play<'a> {
    site: &'a Site,
    claire: Browser<'a>,
    /// The second organiser.
    hugo: Browser<'a>,
    guests: Vec<Guest<'a>>,
    chance: Chance,
    /// Tables of the hall that people were told of.
    tables: i32,
    /// How many said that they would rather not meet somebody.
    avoided: usize,
    /// Appointments that organisers fixed.
    pins: Vec<Meeting>,
    /// Participants who never came.
    absent: Vec<i64>,
    /// Those and who did not come back after lunch: all whom the desk noted as absent at last.
    missing: Vec<i64>,
    /// What each side said of its appointments, and how many said whether they are content.
    outcomes: Vec<Outcome>,
    reviews: usize,
    figures: Figures,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_edition_is_played_from_the_invitation_to_the_end_and_nobody_is_told_anything_but_her_day() {
    on_each_database(async |site| {
        let mut play = Play::begin(site).await;
        play.open().await;
        play.register().await;
        play.choose().await;
        play.plan().await;
        play.eve().await;
        play.hold().await;
        play.after().await;
        play.told().await;
    })
    .await;
}

/// A moment of March 2027 by the clock in the hall.
fn at(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2027, 3, day, hour - 1, minute, 0).unwrap()
}

impl<'a> Play<'a> {
    /// Two organisers, an edition in ten days, and everybody who could come.
    async fn begin(site: &'a Site) -> Self {
        let claire = organiser(&site.app, &site.browser).await;
        let invited = claire.post("/organisation/acces/invitations", &[("courriel", "hugo@departement.example")]).await;
        assert_eq!(invited.status, StatusCode::SEE_OTHER, "{:?}", invited.page.texts(".error"));
        let hugo = accept(&site.app, &site.browser, "hugo@departement.example").await;
        let fields = [
            ("titre", "Rencontre du Velay"),
            ("jour", "26/03/2027"),
            ("salle", "Salle des fêtes"),
            ("commune_nom", "Yssingeaux"),
        ];
        let begun = claire.post("/organisation/rencontres/ajout", &fields).await;
        assert_eq!(begun.location, Some(format!("{DESK}?fait=preparation")), "{:?}", begun.page.texts(".error"));
        let slots = facts::SESSION.to_string();
        save(&claire, "horaires", &[("nombre-1", &slots), ("nombre-2", &slots)]).await;
        let limits = [("fin_inscriptions", "18/03/2027"), ("fin_souhaits", "24/03/2027"), ("minimum", "3")];
        let places = [("places_cantines", "28"), ("places_fournisseurs", "35")];
        save(&claire, "inscription", &[&limits[..], &places].concat()).await;
        let guests = found(site, &claire).await;
        let (chance, figures) = (Chance(SEED), Figures::default());
        Self {
            site,
            claire,
            hugo,
            guests,
            chance,
            tables: 18,
            avoided: 0,
            pins: Vec::new(),
            absent: Vec::new(),
            missing: Vec::new(),
            outcomes: Vec::new(),
            reviews: 0,
            figures,
        }
    }

    /// Lets a second pass: what happens next happens at another moment.
    fn tick(&self) {
        self.site.app.clock.advance(TimeDelta::seconds(1));
    }

    /// Lets it be this moment.
    fn wait_until(&self, moment: DateTime<Utc>) {
        self.site.app.clock.advance(moment - self.site.app.clock.now());
    }

    /// Sends a form at a moment of its own.
    async fn send(&self, browser: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.tick();
        browser.post(path, fields).await
    }

    /// Presses the button of a form that was drawn: the one of so many to this address.
    async fn press(&self, browser: &Browser<'_>, (page, place): (&Html, usize), action: &str) -> Answer {
        let forms = hidden(page, action);
        let form = forms.get(place).unwrap_or_else(|| panic!("no form to {action}: {:?}", page.texts("main")));
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.send(browser, action, &fields).await
    }

    /// One step forward.
    async fn step(&self, from: &str) {
        let fields = [("geste", "avancer"), ("vu", from), ("cantine", "oui"), ("fournisseur", "oui")];
        let stepped = self.send(&self.claire, &format!("{DESK}/etape"), &fields).await;
        let done = Some(format!("{DESK}?fait=etape"));
        assert_eq!(stepped.location, done, "{from}: {:?}", stepped.page.texts("main"));
    }

    /// Registration opens: everybody is invited once.
    async fn open(&mut self) {
        self.step("draft").await;
        let people: usize = self.guests.iter().map(|guest| guest.addresses.len()).sum();
        assert_eq!(self.written("meeting_invitation").await, people, "{:?}", figures::kinds(self).await);
    }

    /// How many mails of a kind were decided so far.
    async fn written(&self, kind: &str) -> usize {
        check::mails(self).await.iter().filter(|mail| mail.kind == kind).count()
    }

    /// All register but the last supplier; two canteens wait, and one moves up for another that withdraws.
    async fn register(&mut self) {
        let last = self.guests.len() - 1;
        for guest in &self.guests[..last] {
            let form = guest.form();
            let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let path = guest.at("inscription");
            let done = self.send(&guest.browser, &path, &fields).await;
            assert_eq!(done.location, Some(format!("{path}?fait=inscription")), "{:?}", done.page.texts(".error"));
        }
        let site = self.site;
        assert_eq!((count(site, true, "registered").await, count(site, true, "waiting").await), (28, 2));
        assert_eq!((count(site, false, "registered").await, count(site, false, "waiting").await), (35, 0));
        self.check("registered").await;
        self.withdraw(11).await;
        assert_eq!((count(site, true, "registered").await, count(site, true, "waiting").await), (28, 1));
        self.check("one moved up").await;
    }

    /// One of its own people takes an organisation out, pressing twice.
    async fn withdraw(&self, place: usize) {
        let guest = &self.guests[place];
        let path = format!("{}/retrait", guest.at("inscription"));
        assert!(guest.browser.get(&path).await.page.texts("h1").concat().contains("Désinscrire"));
        self.tick();
        let (one, two) =
            futures_util::future::join(guest.browser.post(&path, &[]), guest.browser.post(&path, &[])).await;
        let done = Some(format!("{}?fait=retrait", guest.at("inscription")));
        assert_eq!((one.location, two.location), (done.clone(), done), "pressed twice");
    }

    /// Everybody says whom she would meet, some after a reminder, some not at all.
    async fn choose(&mut self) {
        self.wait_until(at(17, 9, 0));
        self.step("registration").await;
        self.wish(|guest| !guest.is_silent()).await;
        self.wait_until(at(19, 9, 0));
        assert_eq!(self.remind().await, 0, "the wishes opened less than three days ago");
        self.wait_until(at(20, 9, 30));
        let silent = facts::everybody(self.site).await.into_iter().filter(facts::Who::comes);
        let silent = silent.map(|who| self.guest(who.organisation)).filter(|guest| guest.is_silent());
        let people: usize = silent.map(|guest| guest.addresses.len()).sum();
        assert_eq!((self.remind().await, self.remind().await), (people, 0), "once each");
        self.wish(|guest| guest.is_silent() && guest.place < 15).await;
        self.check("wishes").await;
        self.step("wishes").await;
    }

    /// The duty of the morning; how many were reminded.
    async fn remind(&self) -> usize {
        let before = self.written("wish_reminder").await;
        self.tick();
        loop {
            let txn = self.site.app.write().await.unwrap();
            let next = remind(&self.site.app, &txn, self.site.app.clock.now()).await.unwrap();
            txn.commit().await.unwrap();
            if next == Next::Done {
                return self.written("wish_reminder").await - before;
            }
        }
    }
}
