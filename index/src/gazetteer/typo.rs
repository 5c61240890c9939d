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
    last_row(typed.as_bytes(), name.as_bytes(), most).map(|row| row[typed.len()]).filter(|slips| *slips <= most)
}

/// Compares one typed text with the beginnings of many names, without allocating for each.
pub(super) struct Starts<'a> {
    typed: &'a [u8],
    rows: Rows,
}

impl<'a> Starts<'a> {
    pub(super) fn new(typed: &'a str) -> Self {
        Self { typed: typed.as_bytes(), rows: Rows::new(typed.len()) }
    }

    /// Slips between what was typed and the beginning of the name that it resembles most, `None` when more than `most`.
    pub(super) fn slips(&mut self, name: &str, most: usize) -> Option<usize> {
        self.rows.restart();
        let mut best = self.typed.len();
        for letter in name.as_bytes().iter().take(self.typed.len() + most) {
            let lowest = self.rows.advance(self.typed, *letter);
            best = best.min(self.rows.current[self.typed.len()]);
            if lowest > most {
                break;
            }
        }
        (best <= most).then_some(best)
    }
}

fn last_row(typed: &[u8], name: &[u8], most: usize) -> Option<Vec<usize>> {
    let mut rows = Rows::new(typed.len());
    for letter in name {
        if rows.advance(typed, *letter) > most {
            return None;
        }
    }
    Some(rows.current)
}

/// The last two rows of the table, and the letter they were made for.
struct Rows {
    current: Vec<usize>,
    previous: Vec<usize>,
    before: Vec<usize>,
    letter: u8,
}

impl Rows {
    fn new(width: usize) -> Self {
        let current: Vec<usize> = (0..=width).collect();
        Self { previous: current.clone(), before: current.clone(), current, letter: 0 }
    }

    fn restart(&mut self) {
        self.current.iter_mut().enumerate().for_each(|(at, slips)| *slips = at);
        self.letter = 0;
    }

    /// One more letter of the name; the lowest figure of the new row.
    fn advance(&mut self, typed: &[u8], letter: u8) -> usize {
        std::mem::swap(&mut self.before, &mut self.previous);
        std::mem::swap(&mut self.previous, &mut self.current);
        self.current[0] = self.previous[0] + 1;
        let mut lowest = self.current[0];
        for at in 1..=typed.len() {
            let wrong = usize::from(typed[at - 1] != letter);
            let mut slips = (self.previous[at - 1] + wrong).min(self.previous[at] + 1).min(self.current[at - 1] + 1);
            if at > 1 && typed[at - 1] == self.letter && typed[at - 2] == letter {
                slips = slips.min(self.before[at - 2] + 1);
            }
            self.current[at] = slips;
            lowest = lowest.min(slips);
        }
        self.letter = letter;
        lowest
    }
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
        let mut starts = Starts::new("issin");
        assert_eq!(starts.slips("yssingeaux", 1), Some(1));
        assert_eq!(starts.slips("brioude", 1), None);
        assert_eq!(starts.slips("issingeaux", 1), Some(0));
    }
}
