//! Organisers have the timetable searched for, change it by hand and publish it.

use std::time::Instant;

use futures_util::future::join;
use manger_local::speed_meetings::workshop::solve_next;
use tokio::sync::watch;

use super::Play;
use super::facts::{self, Meeting, everybody, in_force, in_work};
use super::figures::Repair;
use crate::day::hidden;
use crate::support::people::Browser;

const PLANNING: &str = "/organisation/rencontres/1/planning";
const PUBLICATION: &str = "/organisation/rencontres/1/publication";

impl Play<'_> {
    /// The best timetable is taken, one appointment fixed, one moved, two exchanged, and all of it published.
    pub(super) async fn plan(&mut self) {
        self.search("le planning", &[]).await;
        let sent = super::check::mails(self).await.len();
        self.pin().await;
        let planned = in_work(self.site).await;
        self.move_one().await;
        self.exchange_two().await;
        let by_hand =
            Repair::between("deux changements à la main", &meetings(&planned), &meetings(&in_work(self.site).await));
        assert_eq!((by_hand.moved, by_hand.dropped, by_hand.added), (3, 0, 0));
        self.figures.repairs.push(by_hand);
        assert_eq!(super::check::mails(self).await.len(), sent, "nobody is told of what is in work");
        self.publish("Le parking est derrière la salle.").await;
        self.check("published").await;
        self.controls().await;
        self.printed().await;
        let everybody: usize = self.present().await.iter().map(|guest| self.guest(*guest).addresses.len()).sum();
        assert_eq!(self.written("meeting_day").await, everybody, "each one, once");
    }

    /// The organisations that come.
    pub(super) async fn present(&self) -> Vec<i64> {
        everybody(self.site).await.into_iter().filter(facts::Who::comes).map(|who| who.organisation).collect()
    }

    /// Has a timetable searched for, and takes it.
    pub(super) async fn search(&mut self, what: &'static str, fields: &[(&str, &str)]) {
        let path = format!("{PLANNING}/recherches");
        let asked = self.send(&self.claire, &path, &[fields, &[("secondes", "5")]].concat()).await;
        let page = asked.location.unwrap_or_else(|| panic!("{what}: {:?}", asked.page.texts(".notice")));
        let (_leave, left) = watch::channel(false);
        let started = Instant::now();
        assert!(solve_next(&self.site.app, &left).await.unwrap(), "{what}: somebody asked");
        let took = started.elapsed();
        let (state, quality) = facts::search(self.site, page.rsplit('/').next().unwrap().parse().unwrap()).await;
        assert_eq!(state, "found", "{what}");
        self.figures.searches.push((what, took, quality));
        let choice = self.claire.get(&format!("{page}/choix")).await.page;
        let taken = self.press(&self.claire, (&choice, 0), &format!("{page}/choix")).await;
        assert_eq!(taken.location, Some(format!("{PLANNING}?fait=choix")), "{:?}", taken.page.texts(".notice"));
    }

    /// Claire fixes the last appointment before noon.
    async fn pin(&mut self) {
        let planned = in_work(self.site).await;
        let (id, meeting) =
            *planned.iter().rfind(|(_, meeting)| meeting.slot <= facts::SESSION).expect("an appointment");
        let page = self.claire.get(&format!("{PLANNING}/rendez-vous/{id}")).await.page;
        let form = hidden(&page, &format!("{PLANNING}/changement")).remove(0);
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("geste", "fixer"));
        let pinned = self.send(&self.claire, &format!("{PLANNING}/changement"), &fields).await;
        assert_eq!(pinned.location, Some(format!("{PLANNING}/rendez-vous/{id}?fait=fixer")));
        self.pins.push(meeting);
    }

    /// Claire moves the first appointment that can go elsewhere.
    async fn move_one(&self) {
        for (id, meeting) in in_work(self.site).await {
            let page = self.claire.get(&format!("{PLANNING}/rendez-vous/{id}")).await.page;
            if self.pins.contains(&meeting) || page.inside(".ways", "a").is_empty() {
                continue;
            }
            let way = page.inside(".ways", "a")[0].attribute("href").unwrap().to_owned();
            self.change(&self.claire, &way).await;
            return;
        }
        panic!("no appointment can be moved");
    }

    /// Hugo exchanges two appointments of the afternoon, all four people being there at both hours.
    async fn exchange_two(&self) {
        let (whos, planned) = (everybody(self.site).await, in_work(self.site).await);
        let is_there = |meeting: &Meeting, slot: i32| {
            let mut both = whos.iter().filter(|who| meeting.has(who.id));
            both.all(|who| who.is_there(slot))
        };
        for (id, one) in planned.iter().filter(|(_, meeting)| meeting.slot > facts::SESSION) {
            let page = self.hugo.get(&format!("{PLANNING}/rendez-vous/{id}")).await.page;
            let offered = page.by_id("avec").map(|list| {
                let options = page.all("option").into_iter().filter(|option| page.contains(list, option));
                options.filter_map(|option| option.attribute("value")?.parse::<i64>().ok()).collect::<Vec<_>>()
            });
            let fits = |(id, other): &&(i64, Meeting)| {
                offered.as_ref().is_some_and(|offered| offered.contains(id))
                    && !self.pins.contains(other)
                    && is_there(one, other.slot)
                    && is_there(other, one.slot)
            };
            if let Some((other, _)) = planned.iter().find(fits) {
                self.change(&self.hugo, &format!("{PLANNING}/changement?geste=echanger&rdv={id}&avec={other}")).await;
                return;
            }
        }
        panic!("no two appointments can be exchanged");
    }

    /// Says yes to the question at this address.
    pub(super) async fn change(&self, browser: &Browser<'_>, question: &str) {
        let asked = browser.get(question).await.page;
        let done = self.press(browser, (&asked, 0), &format!("{PLANNING}/changement")).await;
        assert_eq!(done.location, Some(format!("{PLANNING}?fait=changement")), "{:?}", done.page.texts(".notice"));
    }

    /// Publishes what the page shows, pressing twice; says what it changed.
    pub(super) async fn publish(&self, words: &str) -> Repair {
        let (number, before) = in_force(self.site).await;
        let page = self.claire.get(PUBLICATION).await.page;
        let form = hidden(&page, PUBLICATION);
        let form = form.first().unwrap_or_else(|| panic!("nothing to publish: {:?}", page.texts("main")));
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("mots", words));
        self.tick();
        let (one, two) = join(self.claire.post(PUBLICATION, &fields), self.claire.post(PUBLICATION, &fields)).await;
        let done = Some(format!("{PUBLICATION}?fait=publication"));
        assert_eq!((one.location, two.location), (done.clone(), done), "{:?}", one.page.texts(".notice"));
        let (after, now) = in_force(self.site).await;
        assert_eq!(after, number + 1, "one version");
        assert_eq!(now, meetings(&in_work(self.site).await), "what was in work");
        Repair::between("", &before, &now)
    }

    /// Adds so many appointments of two sides by hand, each with the first of the others that can.
    pub(super) async fn add(&self, browser: &Browser<'_>, participant: i64, count: usize) {
        let whos = everybody(self.site).await;
        let own = whos.iter().find(|who| who.id == participant).unwrap();
        let mut added = 0;
        for other in whos.iter().filter(|who| who.comes() && who.is_canteen != own.is_canteen && self.is_free(who.id)) {
            let (canteen, supplier) = if own.is_canteen { (own.id, other.id) } else { (other.id, own.id) };
            let address = format!("{PLANNING}/ajout?cantine={canteen}&fournisseur={supplier}");
            let page = browser.get(&address).await.page;
            let Some(way) = page.inside(".ways", "a").first().and_then(|way| way.attribute("href")) else { continue };
            self.change(browser, way).await;
            added += 1;
            if added == count {
                return;
            }
        }
        panic!("{added} appointments could be added, not {count}");
    }

    /// Whether nothing is fixed about a participant.
    pub(super) fn is_free(&self, participant: i64) -> bool {
        self.pins.iter().all(|pin| !pin.has(participant))
    }
}

pub(super) fn meetings(planned: &[(i64, Meeting)]) -> Vec<Meeting> {
    planned.iter().map(|(_, meeting)| *meeting).collect()
}
