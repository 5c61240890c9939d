//! Who owns which wish in the relaxation, and what an owner alone looks like.

use super::model::{Lists, Model, NO_SLOT};

/// One owner: its wishes and their slots.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    pub(super) p: usize,
    pub(super) wishes: Vec<u32>,
    /// Per wish where its edges begin.
    pub(super) start: Vec<u32>,
    /// Column (number of the slot among the owner's), slot.
    pub(super) edges: Vec<(u16, u16)>,
    pub(super) columns: usize,
    /// Patterns of sessions, as bits of sessions: bit n of `patterns` allows the sessions n.
    pub(super) patterns: u32,
    /// Edges that no better timetable uses.
    pub(super) closed: Vec<bool>,
    /// Per wish the edge that it must use, or `u32::MAX`.
    pub(super) forced: Vec<u32>,
    /// Per wish whether it must be held.
    pub(super) required: Vec<bool>,
    /// Its number as one whose meetings have a price, or `usize::MAX`.
    pub(super) priced: usize,
}

impl Owner {
    pub(super) fn new(
        p: usize,
        wishes: Vec<u32>,
        slots: &[Vec<u16>],
        priced: usize,
        must: u32,
        sessions: usize,
    ) -> Self {
        let mut all: Vec<u16> = slots.iter().flatten().copied().collect();
        all.sort_unstable();
        all.dedup();
        let (mut start, mut edges) = (vec![0], Vec::new());
        for list in slots {
            edges.extend(list.iter().map(|t| (all.binary_search(t).unwrap_or_default() as u16, *t)));
            start.push(edges.len() as u32);
        }
        let patterns = (0..1u32 << sessions).filter(|q| q & must == must).fold(0, |all, q| all | 1 << q);
        let closed = vec![false; edges.len()];
        let forced = vec![u32::MAX; wishes.len()];
        let required = vec![false; wishes.len()];
        Self { p, forced, required, wishes, start, edges, columns: all.len(), patterns, closed, priced }
    }

    pub(super) fn row(&self, row: usize) -> &[(u16, u16)] {
        &self.edges[self.start[row] as usize..self.start[row + 1] as usize]
    }
}

/// Per wish its owner: the seated end; else, where the wishes join two groups, the end in the larger one, so that fewer
/// participants need prices; else its first end.
pub(super) fn owners(m: &Model) -> Vec<u32> {
    let colour = two_groups(m);
    let of = |i: usize, group: bool| m.ends[i].into_iter().find(|&p| colour[p as usize] == Some(group));
    let count = |group| (0..m.people).filter(|&p| colour[p] == Some(group)).count();
    let larger = count(true) > count(false);
    let bipartite = (0..m.wishes).all(|i| of(i, true).is_some() && of(i, false).is_some());
    let choose = |i: usize| {
        let [a, b] = m.ends[i];
        if m.has_seats {
            return if m.seated[a as usize] { a } else { b };
        }
        if bipartite { of(i, larger).unwrap_or(a) } else { a }
    };
    (0..m.wishes).map(choose).collect()
}

/// Two groups such that as far as possible every wish joins one of each.
fn two_groups(m: &Model) -> Vec<Option<bool>> {
    let mut group = vec![None; m.people];
    let mut lists = vec![Vec::new(); m.people];
    for i in (0..m.wishes).filter(|&i| m.fixed[i] == NO_SLOT || !m.options.get(i).is_empty()) {
        for p in m.ends[i] {
            lists[p as usize].push(i as u32);
        }
    }
    let lists = Lists::new(lists);
    for start in 0..m.people {
        if group[start].is_some() {
            continue;
        }
        group[start] = Some(false);
        let mut queue = vec![start];
        while let Some(p) = queue.pop() {
            for &i in lists.get(p) {
                let q = m.other(i as usize, p);
                if group[q].is_none() {
                    group[q] = group[p].map(|g: bool| !g);
                    queue.push(q);
                }
            }
        }
    }
    group
}
