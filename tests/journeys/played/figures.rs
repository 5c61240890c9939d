//! What an edition cost in mails, time and changes, and how many wishes it held: printed, not judged.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use super::Play;
use super::check::{calendars_follow, is_of_edition, mails};
use super::facts::{Meeting, everybody, in_force, wishes};

/// What was measured.
#[derive(Default)]
pub(super) struct Figures {
    /// Each search: what it was for, how long it took, and its quality sheet.
    pub(super) searches: Vec<(&'static str, Duration, Value)>,
    /// What each repair changed.
    pub(super) repairs: Vec<Repair>,
    /// Each who did not come: how long the ways to mend it took, how many they were and which one was chosen.
    pub(super) mended: Vec<(&'static str, Duration, String)>,
}

/// What lies between two timetables.
pub(super) struct Repair {
    pub(super) what: &'static str,
    pub(super) moved: usize,
    pub(super) dropped: usize,
    pub(super) added: usize,
    /// Participants whose day is another.
    pub(super) concerned: usize,
}

impl Repair {
    pub(super) fn between(what: &'static str, before: &[Meeting], after: &[Meeting]) -> Self {
        let known: BTreeMap<(i64, i64), &Meeting> = before.iter().map(|one| (one.pair(), one)).collect();
        let now: BTreeMap<(i64, i64), &Meeting> = after.iter().map(|one| (one.pair(), one)).collect();
        let only = |these: &BTreeMap<(i64, i64), &Meeting>, those: &BTreeMap<(i64, i64), &Meeting>| {
            these.keys().filter(|pair| !those.contains_key(pair)).copied().collect::<Vec<_>>()
        };
        let (dropped, added) = (only(&known, &now), only(&now, &known));
        let moved: Vec<(i64, i64)> = known
            .iter()
            .filter(|(pair, one)| now.get(pair).is_some_and(|now| now != *one))
            .map(|(pair, _)| *pair)
            .collect();
        let all = dropped.iter().chain(&added).chain(&moved);
        let concerned = all.flat_map(|(canteen, supplier)| [canteen, supplier]).collect::<BTreeSet<_>>().len();
        Self { what, moved: moved.len(), dropped: dropped.len(), added: added.len(), concerned }
    }
}

/// How many mails of the edition there are of each kind, and the most that one person got of it.
pub(super) async fn kinds(play: &Play<'_>) -> BTreeMap<String, (usize, usize)> {
    let mut kinds: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for mail in mails(play).await.into_iter().filter(is_of_edition) {
        *kinds.entry(mail.kind).or_default().entry(mail.recipient).or_default() += 1;
    }
    let most =
        |people: BTreeMap<String, usize>| (people.values().sum(), people.into_values().max().unwrap_or_default());
    kinds.into_iter().map(|(kind, people)| (kind, most(people))).collect()
}

impl Play<'_> {
    /// Looks at all mails once more, and prints what `cargo test --test journeys played -- --nocapture` shows.
    pub(super) async fn told(&self) {
        calendars_follow(&mails(self).await);
        eprintln!("\nCourriels de la rencontre, et combien au plus par personne");
        for (kind, (count, most)) in kinds(self).await {
            eprintln!("  {kind:<26} {count:>5}   {most}");
        }
        eprintln!("Temps de calcul");
        for (what, took, quality) in &self.figures.searches {
            let (held, best) = (&quality["held"][0], &quality["is_best"]);
            eprintln!(
                "  {what:<40} {:>6} ms, {held} rendez-vous, le meilleur : {best}, écart {}",
                took.as_millis(),
                quality["distance"]
            );
        }
        for (what, took, ways) in &self.figures.mended {
            eprintln!("  {what:<40} {:>6} ms, {ways}", took.as_millis());
        }
        eprintln!("Rendez-vous changés : déplacés, perdus, nouveaux ; organisations concernées");
        for Repair { what, moved, dropped, added, concerned } in &self.figures.repairs {
            eprintln!("  {what:<40} {moved:>4} {dropped:>4} {added:>4}   {concerned:>3}");
        }
        self.held().await;
    }

    /// Prints how many of the first wishes are in the last version.
    async fn held(&self) {
        let (whos, wishes, (number, meetings)) =
            (everybody(self.site).await, wishes(self.site).await, in_force(self.site).await);
        eprintln!("Souhaits tenus dans la version {number} ({} rendez-vous)", meetings.len());
        for (side, is_canteen) in [("cantines", true), ("fournisseurs", false)] {
            let comes = |id: i64| whos.iter().any(|who| who.id == id && who.comes() && who.is_canteen == is_canteen);
            for rank in 1..=3 {
                let asked = wishes.iter().filter(|wish| wish.2 == Some(rank) && comes(wish.0));
                let asked: Vec<_> = asked.collect();
                let is_held =
                    |wish: &&&(i64, i64, Option<i32>)| meetings.iter().any(|one| one.has(wish.0) && one.has(wish.1));
                let held = asked.iter().filter(is_held).count();
                eprintln!("  {side:<14} choix n° {rank} : {held} sur {}", asked.len());
            }
        }
    }
}
