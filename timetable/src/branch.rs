//! Splits a day into cases where its relaxation alone does not decide: somebody sits in a session or does not; a wish is
//! held or is not.

use super::ascent::Ascent;
use super::evaluate::Desk;
use super::relaxation::{Aim, Relaxation};

/// Days with more edges than this are not split: a case would cost too much.
pub(super) const MOST_EDGES: u64 = 8_000;
/// Evaluations per case.
const ROUNDS: u32 = 80;

/// A case.
pub(super) struct Node<'m> {
    pub(super) relaxation: Relaxation<'m>,
    pub(super) ascent: Ascent,
    pub(super) aim: Aim,
}

/// What divides a case in two.
#[derive(Clone, Copy, Debug)]
pub(super) enum Split {
    /// Owner, session, whether it is likely to sit there.
    Session(usize, usize, bool),
    /// Owner, row, whether the wish is likely held.
    Wish(usize, usize, bool),
}

impl Node<'_> {
    /// `None`: nothing in this case is better than `best` (the figure, or its negative where less is better). Else the
    /// case, smaller, and how to split it; no split: the relaxation hesitates nowhere.
    pub(super) fn examine(
        mut self,
        best: i64,
        is_root: bool,
        stop: &mut dyn FnMut() -> bool,
    ) -> Option<(Self, Option<Split>)> {
        let mut desk = Desk::default();
        let (target, least) = (best as f64, best as f64 + 1.0);
        let rounds = if is_root { 1 } else { ROUNDS };
        self.ascent.run(&self.relaxation, &self.aim, target, rounds, &mut desk, stop);
        if self.ascent.best.value < least {
            return None;
        }
        let answer = self.ascent.settle(&self.relaxation, &self.aim, &mut desk);
        self.relaxation.tighten(&self.aim, &self.ascent.best.prices, &answer, least, false, &mut desk);
        if self.relaxation.is_void() {
            return None;
        }
        let split = self.session().or_else(|| self.wish());
        Some((self, split))
    }

    /// The session of which it is least sure whether somebody sits there.
    fn session(&self) -> Option<Split> {
        let mut found: Option<(f64, Split)> = None;
        for (n, owner) in self.relaxation.owners.iter().enumerate() {
            let patterns = || (0..32u32).filter(|q| owner.patterns >> q & 1 == 1);
            for (s, &share) in self.ascent.sits[n].iter().enumerate().take(16) {
                let splits = patterns().any(|q| q >> s & 1 == 1) && patterns().any(|q| q >> s & 1 == 0);
                let doubt = (share - 0.5).abs();
                if splits && found.is_none_or(|(least, _)| doubt < least) {
                    found = Some((doubt, Split::Session(n, s, share >= 0.5)));
                }
            }
        }
        found.map(|(_, split)| split)
    }

    /// The wish of which it is least sure whether it is held.
    fn wish(&self) -> Option<Split> {
        let mut found: Option<(f64, Split)> = None;
        for (n, owner) in self.relaxation.owners.iter().enumerate() {
            for row in (0..owner.wishes.len()).filter(|&row| !owner.required[row]) {
                let range = owner.start[row] as usize..owner.start[row + 1] as usize;
                let share: f64 = self.ascent.usage[n][range.clone()].iter().sum();
                let doubt = (share - 0.5).abs();
                let is_open = owner.closed[range].contains(&false);
                if is_open && found.is_none_or(|(least, _)| doubt < least) {
                    found = Some((doubt, Split::Wish(n, row, share >= 0.5)));
                }
            }
        }
        found.map(|(_, split)| split)
    }

    /// The two cases, the likelier first.
    pub(super) fn split(self, split: Split) -> [Self; 2] {
        let twin = Self { relaxation: self.relaxation.clone(), ascent: self.ascent.child(), aim: self.aim };
        let first = Self { ascent: self.ascent.child(), ..self };
        let (mut with, mut without) = (first, twin);
        let likely = match split {
            Split::Session(n, s, likely) => {
                let inside = (0..32u32).filter(|q| q >> s & 1 == 1).fold(0u32, |all, q| all | 1 << q);
                with.relaxation.owners[n].patterns &= inside;
                without.relaxation.owners[n].patterns &= !inside;
                likely
            }
            Split::Wish(n, row, likely) => {
                with.relaxation.owners[n].required[row] = true;
                let owner = &mut without.relaxation.owners[n];
                let range = owner.start[row] as usize..owner.start[row + 1] as usize;
                owner.closed[range].fill(true);
                likely
            }
        };
        if likely { [with, without] } else { [without, with] }
    }
}
