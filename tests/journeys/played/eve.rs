//! The day before: two withdraw, one comes after all, a table is missing, and everything is printed again.

use poem::http::StatusCode;

use super::facts::{Meeting, count, everybody, in_force};
use super::figures::Repair;
use super::{Play, at};
use crate::editions::{DESK, save};

impl Play<'_> {
    /// What an organiser does the day before.
    pub(super) async fn eve(&mut self) {
        self.wait_until(at(25, 10, 0));
        let before = in_force(self.site).await.1;
        let canteen = self.busiest(true, &before).await;
        let place = self.guests.iter().position(|guest| guest.organisation == canteen.1).unwrap();
        self.withdraw(place).await;
        self.check("a canteen withdrew").await;
        assert_eq!(count(self.site, true, "waiting").await, 0, "who waited moves up");
        let middle = in_force(self.site).await.1;
        self.figures.repairs.push(Repair::between("une cantine se désinscrit", &before, &middle));
        let supplier = self.busiest(false, &middle).await;
        let gone = self.send(&self.hugo, &format!("{DESK}/participants/{}/retrait", supplier.1), &[]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        self.check("a supplier withdrew").await;
        let after = in_force(self.site).await.1;
        self.figures.repairs.push(Repair::between("un fournisseur se désinscrit", &middle, &after));
        assert_eq!(self.written("meeting_holes").await, 2 * 2, "both organisers know of each");
        self.mend().await;
    }

    /// The one of a side who has most appointments, and nothing fixed: participant and organisation.
    pub(super) async fn busiest(&self, is_canteen: bool, meetings: &[Meeting]) -> (i64, i64) {
        let whos = everybody(self.site).await;
        let mine = whos.into_iter().filter(|who| who.comes() && who.is_canteen == is_canteen && who.tables == 1);
        let free = mine.filter(|who| self.is_free(who.id));
        let busiest = free.max_by_key(|who| meetings.iter().filter(|meeting| meeting.has(who.id)).count());
        busiest.map(|who| (who.id, who.organisation)).expect("somebody")
    }

    /// A supplier comes after all, the canteen that moved up gets appointments too, and a table is missing.
    async fn mend(&mut self) {
        let late = self.guests.last().unwrap().organisation;
        let fields = [("nom-1", "Julie Sommet"), ("maximum", "6")];
        let path = format!("{DESK}/participants/{late}");
        let added = self.send(&self.hugo, &path, &fields).await;
        assert_eq!(added.location, Some(format!("{path}?fait=inscription")), "{:?}", added.page.texts(".error"));
        self.check("one came after all").await;
        let before = in_force(self.site).await.1;
        let whos = everybody(self.site).await;
        let without = |is_canteen: bool| {
            let mut mine = whos.iter().filter(move |who| who.comes() && who.is_canteen == is_canteen);
            mine.rfind(|who| before.iter().all(|meeting| !meeting.has(who.id)))
                .expect("somebody without appointment")
                .id
        };
        self.add(&self.hugo, without(false), 3).await;
        self.add(&self.claire, without(true), 3).await;
        self.tick();
        save(&self.claire, "tables", &[("combien", "17")]).await;
        self.check("a table is missing").await;
        self.search("la réparation de la veille", &[("mode", "changements")]).await;
        let repair = self.publish("").await;
        self.tables = 17;
        assert!(in_force(self.site).await.1.iter().all(|meeting| meeting.table <= 17));
        self.figures.repairs.push(Repair { what: "la veille : un ajout, une table de moins", ..repair });
        self.check("published again").await;
        self.printed().await;
    }
}
