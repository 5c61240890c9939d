//! A way to mend the day that throws changes by hand away, or that changes the day of many, is asked about once more: it is
//! published at once, and mails leave.

use askama::Template;
use poem::Response;
use sea_orm::ConnectionTrait;

use super::mending::{Typed, names, place};
use crate::speed_meetings::day::repair::Damage;
use crate::speed_meetings::edition::Edition;
use crate::speed_meetings::meeting::{Difference, Meeting};
use crate::speed_meetings::workshop::appointment::{self, Appointment};
use crate::web::{Csrf, Frame, Result, filters, french, page, private};

/// Organisations that wait for nobody missing and of which an appointment may move all the same without another question,
/// and which part of all who have a day: one in three.
const FEW: usize = 10;
const PART: usize = 3;

#[derive(Template)]
#[template(path = "speed_meetings/day/sure.html")]
struct SurePage {
    edition: Edition,
    lost: Vec<Lost>,
    /// « 41 organisations », when those are many whose day changes.
    many: Option<String>,
    seen: String,
    solution: String,
    csrf: Csrf,
    frame: Frame,
}

/// Changes of one kind: heading and lines.
pub(super) struct Lost {
    heading: &'static str,
    lines: Vec<String>,
}

impl SurePage {
    fn here(&self) -> String {
        format!("{}/reparation", self.edition.desk())
    }

    fn heading(&self) -> String {
        match &self.many {
            Some(many) if self.lost.is_empty() => format!("Changer la journée de {many}\u{a0}?"),
            _ => "Remplacer vos changements\u{a0}?".to_owned(),
        }
    }
}

/// The changes of the timetable in work that nobody was told of and that this timetable does not have.
pub(super) async fn lost(db: &impl ConnectionTrait, damage: &Damage, wanted: &[Meeting]) -> Result<Vec<Lost>> {
    let hall = &damage.hall;
    let work = appointment::of(db, hall.plan.edition.id).await?;
    let kept: Vec<Meeting> = work.iter().map(Appointment::meeting).collect();
    let by_hand = Difference::between(&hall.meetings, &kept);
    let line = |meeting: &Meeting| {
        let is_pinned = work.iter().any(|row| row.is_pinned && row.meeting() == *meeting);
        let pin = if is_pinned { ", fixé" } else { "" };
        format!("{} ({}{pin})", names(hall, meeting), place(hall, meeting))
    };
    let is_lost = |meeting: &&Meeting| !wanted.contains(meeting);
    let is_back = |meeting: &&Meeting| wanted.iter().any(|one| one.pair() == meeting.pair());
    let moved: Vec<Meeting> = by_hand.moved.iter().map(|(_, after)| *after).collect();
    let lists = [
        ("Rendez-vous ajoutés", by_hand.added.iter().filter(is_lost).map(line).collect::<Vec<_>>()),
        ("Rendez-vous déplacés", moved.iter().filter(is_lost).map(line).collect()),
        ("Rendez-vous retirés, qui reviennent", by_hand.dropped.iter().filter(is_back).map(line).collect()),
    ];
    let lists = lists.into_iter().map(|(heading, lines)| Lost { heading, lines });
    Ok(lists.filter(|list| !list.lines.is_empty()).collect())
}

/// « 41 organisations », when the day of so many would change that it is not done in one press.
pub(super) fn many(damage: &Damage, wanted: &[Meeting]) -> Option<String> {
    let hit = Difference::between(&[], &damage.hall.broken(damage.now)).participants();
    let change = Difference::between(&damage.hall.meetings, wanted);
    let changed = change.participants().len();
    let moved = Difference { added: Vec::new(), ..change }.participants();
    let planned = Difference::between(&[], &damage.hall.meetings).participants();
    let others = moved.difference(&hit).count();
    let is_many = others > FEW && others * PART > planned.len();
    is_many.then(|| french::count(changed as u64, "organisation", "organisations"))
}

/// Asks whether these changes may go, and whether the day of so many may change.
pub(super) fn ask(
    edition: &Edition,
    (lost, many): (Vec<Lost>, Option<String>),
    typed: Typed,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let (edition, seen, solution) = (edition.clone(), typed.vu, typed.solution);
    Ok(private(page(&SurePage { edition, lost, many, seen, solution, csrf, frame })?))
}
