//! The day: who arrives, three who do not come, what is mended, and what telephones show.

use std::collections::BTreeSet;
use std::time::Instant;

use futures_util::future::join;
use poem::http::StatusCode;

use super::check::Line;
use super::facts::{Meeting, everybody, hours, in_force};
use super::figures::Repair;
use super::{Play, at};
use crate::day::hidden;
use crate::editions::DESK;

const DOOR: &str = "/organisation/rencontres/1/accueil";
const MENDING: &str = "/organisation/rencontres/1/reparation";

impl Play<'_> {
    /// From the first arrival to the last bell.
    pub(super) async fn hold(&mut self) {
        self.wait_until(at(26, 8, 30));
        self.step("published").await;
        let meetings = in_force(self.site).await.1;
        let absent = [self.busiest(false, &meetings).await.0, self.busiest(true, &meetings).await.0];
        for who in everybody(self.site).await.into_iter().filter(|who| who.comes() && !absent.contains(&who.id)) {
            let fields = [("participant", &*who.id.to_string()), ("geste", "arrive")];
            let noted = self.send(&self.hugo, DOOR, &fields).await;
            assert_eq!(noted.location, Some(format!("{DOOR}?dit={}", who.id)));
        }
        let door = self.claire.get(DOOR).await.page.texts("main").concat();
        assert!(door.contains("61 arrivés sur 63"), "{door}");
        self.follow(None).await;
        self.no_show("absent avant le début", absent[0], (9, 20), 0).await;
        self.no_show("absente à 10 h 20", absent[1], (10, 20), 1).await;
        self.absent.extend(absent);
        // Who was there in the morning and does not come back after lunch: what she says of the morning counts.
        let third = self.busiest_after(7).await;
        self.no_show("absent l’après-midi", third, (13, 45), 2).await;
        self.wait_until(at(26, 16, 0));
        self.step("running").await;
        self.check("over").await;
    }

    /// A supplier with most appointments after a slot, nothing fixed.
    async fn busiest_after(&self, slot: i32) -> i64 {
        let later: Vec<Meeting> =
            in_force(self.site).await.1.into_iter().filter(|meeting| meeting.slot > slot).collect();
        self.busiest(false, &later).await.0
    }

    /// Somebody does not come: one of the ways that are offered is chosen, those concerned see it, and nobody else is told.
    async fn no_show(&mut self, what: &'static str, participant: i64, (hour, minute): (u32, u32), way: usize) {
        self.wait_until(at(26, hour, minute));
        let before = in_force(self.site).await.1;
        let noted =
            self.send(&self.claire, DOOR, &[("participant", &participant.to_string()), ("geste", "absent")]).await;
        assert_eq!(noted.status, StatusCode::SEE_OTHER);
        self.missing.push(participant);
        let started = Instant::now();
        let page = self.claire.get(MENDING).await.page;
        let took = started.elapsed();
        let ways = hidden(&page, MENDING);
        assert!((1..=3).contains(&ways.len()), "{what}: {:?}", page.texts("main"));
        let way = way.min(ways.len() - 1);
        let (form, title) = (&ways[way], page.by_id(&format!("solution-{}", way + 1)).expect("a title").text.clone());
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        // The day of many may change: it is meant.
        fields.push(("sur", "oui"));
        self.tick();
        let (one, two) = join(self.claire.post(MENDING, &fields), self.hugo.post(MENDING, &fields)).await;
        let done = Some(format!("{MENDING}?fait=reparation"));
        assert_eq!((one.location, two.location), (done.clone(), done), "{what}: {:?}", one.page.texts(".notice"));
        let after = in_force(self.site).await.1;
        let minutes = i32::try_from(hour * 60 + minute).unwrap();
        let has_begun = |meeting: &&Meeting| hours(meeting.slot).0 <= minutes;
        let past = |all: &[Meeting]| all.iter().filter(has_begun).copied().collect::<Vec<_>>();
        assert_eq!(past(&before), past(&after), "{what}: what has begun stays");
        let still = after.iter().find(|meeting| meeting.has(participant) && !has_begun(meeting));
        assert_eq!(still, None, "{what}: nobody waits for who is missing");
        self.figures.mended.push((what, took, format!("{} solutions, choisie : {title}", ways.len())));
        self.figures.repairs.push(Repair::between(what, &before, &after));
        self.check(what).await;
        self.follow(Some((&before, &after))).await;
    }

    /// Each telephone shows the day in force; those whose day is another are shown what changed.
    async fn follow(&self, change: Option<(&[Meeting], &[Meeting])>) {
        let (whos, (_, meetings)) = (everybody(self.site).await, in_force(self.site).await);
        for who in whos.iter().filter(|who| who.comes()) {
            let guest = self.guest(who.organisation);
            let page = guest.browser.get(&guest.at("jour")).await.page;
            let shown: Vec<String> = page
                .inside(".own-day", "li")
                .into_iter()
                .map(|line| line.text.clone())
                .filter(|line| !line.ends_with("Pause"))
                .collect();
            let expected = self.expected(&whos, &meetings, who.id);
            assert_eq!(shown.len(), expected.len(), "{}: {shown:?} {expected:?}", guest.name);
            for (line, wanted) in shown.iter().zip(&expected) {
                assert!(line.starts_with(&on_telephone(wanted)), "{}: {line}, not {wanted:?}", guest.name);
            }
            let Some((before, after)) = change else { continue };
            let own = |all: &[Meeting]| all.iter().filter(|one| one.has(who.id)).copied().collect::<BTreeSet<_>>();
            let is_marked = !page.all("mark").is_empty() || !page.all(".dropped").is_empty();
            assert_eq!(own(before) != own(after), is_marked, "{}: {:?}", guest.name, page.texts("main"));
        }
        let screen = self.claire.get(&format!("{DESK}/ecran")).await;
        assert_eq!(screen.status, StatusCode::OK);
    }
}

/// « 9 h 30 – 9 h 40 Table 7, Ferme des Genêts »
fn on_telephone(line: &Line) -> String {
    format!("{}, {}", line.place.replacen(", ", " ", 1), line.name)
}
