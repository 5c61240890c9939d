//! Distances between spellings: a letter too many, missing, wrong, or two neighbours exchanged.

/// Whether two texts are at most one slip apart. Linear in their length.
pub(super) fn within_one(left: &[u8], right: &[u8]) -> bool {
    if left.len().abs_diff(right.len()) > 1 {
        return false;
    }
    let start = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (left, right) = (&left[start..], &right[start..]);
    let end = left.iter().rev().zip(right.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&left[..left.len() - end], &right[..right.len() - end]) {
        (left, right) if left.len() <= 1 && right.len() <= 1 => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

/// Slips between two spellings (optimal string alignment), or `None` when there are more than `most`.
#[must_use]
pub fn slips(typed: &str, name: &str, most: usize) -> Option<usize> {
    if typed.len().abs_diff(name.len()) > most {
        return None;
    }
    let mut table = Table::new(typed);
    for (depth, _) in name.bytes().enumerate() {
        if table.add_row(name.as_bytes(), depth + 1) > most {
            return None;
        }
    }
    Some(table.last(name.len())).filter(|slips| *slips <= most)
}

/// Compares one typed text with the beginnings of many names. Given in sorted order, what a name shares with the one
/// before it is not compared again, nor are names that share a beginning already too different.
pub(super) struct Starts<'a> {
    table: Table<'a>,
    most: usize,
    name: &'a [u8],
    /// Letters of `name` compared; fewer than all of them when the rest cannot matter.
    depth: usize,
    /// Whether the rest cannot matter because there are too many slips already.
    dead: bool,
    /// Fewest slips of all beginnings up to each depth.
    fewest: Vec<usize>,
}

impl<'a> Starts<'a> {
    pub(super) fn new(typed: &'a str, most: usize) -> Self {
        Self { table: Table::new(typed), most, name: &[], depth: 0, dead: false, fewest: vec![typed.len()] }
    }

    /// Slips between what was typed and the beginning of the name that it resembles most, `None` when there are too many.
    pub(super) fn slips(&mut self, name: &'a str) -> Option<usize> {
        let name = name.as_bytes();
        let shared = self.name.iter().zip(name).take(self.depth).take_while(|(a, b)| a == b).count();
        if !self.dead || shared < self.depth {
            self.compare(name, shared);
        }
        Some(self.fewest[self.depth]).filter(|slips| *slips <= self.most)
    }

    fn compare(&mut self, name: &'a [u8], shared: usize) {
        self.name = name;
        self.depth = shared;
        self.dead = false;
        self.fewest.truncate(shared + 1);
        while self.depth < name.len().min(self.table.typed.len() + self.most) && !self.dead {
            self.depth += 1;
            self.dead = self.table.add_row(name, self.depth) > self.most;
            self.fewest.push(self.fewest[self.depth - 1].min(self.table.last(self.depth)));
        }
    }
}

/// The table of slips: one row per letter of the name, one column per letter typed.
struct Table<'a> {
    typed: &'a [u8],
    cells: Vec<usize>,
}

impl<'a> Table<'a> {
    fn new(typed: &'a str) -> Self {
        Self { typed: typed.as_bytes(), cells: (0..=typed.len()).collect() }
    }

    /// Computes the row of the first `depth` letters of the name; the rows before it are there. The lowest figure of it.
    fn add_row(&mut self, name: &[u8], depth: usize) -> usize {
        let width = self.typed.len() + 1;
        self.cells.resize((depth + 1) * width, 0);
        let at = |depth: usize, column: usize| depth * width + column;
        self.cells[at(depth, 0)] = depth;
        let mut lowest = depth;
        for column in 1..width {
            let wrong = usize::from(self.typed[column - 1] != name[depth - 1]);
            let replaced = self.cells[at(depth - 1, column - 1)] + wrong;
            let mut slips =
                replaced.min(self.cells[at(depth - 1, column)] + 1).min(self.cells[at(depth, column - 1)] + 1);
            if depth > 1 && column > 1 && is_exchange(&self.typed[column - 2..column], &name[depth - 2..depth]) {
                slips = slips.min(self.cells[at(depth - 2, column - 2)] + 1);
            }
            self.cells[at(depth, column)] = slips;
            lowest = lowest.min(slips);
        }
        lowest
    }

    /// Slips between everything typed and the first `depth` letters of the name.
    fn last(&self, depth: usize) -> usize {
        self.cells[(depth + 1) * (self.typed.len() + 1) - 1]
    }
}

fn is_exchange(typed: &[u8], name: &[u8]) -> bool {
    typed[0] == name[1] && typed[1] == name[0]
}

#[cfg(test)]
mod tests {
    use super::{Starts, slips, within_one};

    #[test]
    fn one_slip_is_one_letter_or_two_exchanged() {
        for typed in ["yssingeaux", "yssingaux", "yssingeeaux", "issingeaux", "ysisngeaux"] {
            assert!(within_one(typed.as_bytes(), b"yssingeaux"), "{typed}");
        }
        assert!(!within_one(b"yssingo", b"yssingeaux"));
        assert!(!within_one(b"isingeaux", b"yssingeaux"));
    }

    #[test]
    fn slips_are_counted_up_to_a_limit() {
        assert_eq!(slips("dolaison", "dolaizon", 2), Some(1));
        assert_eq!(slips("jullien", "julien", 2), Some(1));
        assert_eq!(slips("lagrciol", "lagricol", 2), Some(1));
        assert_eq!(slips("brioude", "langeac", 2), None);
    }

    #[test]
    fn a_beginning_is_compared_with_the_beginning_of_a_name() {
        let mut starts = Starts::new("issin", 1);
        assert_eq!(starts.slips("brioude"), None);
        assert_eq!(starts.slips("issingeaux"), Some(0));
        assert_eq!(starts.slips("yssingeaux"), Some(1));
        assert_eq!(starts.slips("yssin"), Some(1));
        assert_eq!(starts.slips("yssa"), None);
    }
}
