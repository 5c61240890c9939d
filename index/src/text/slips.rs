//! What it takes to have written one word for another.

/// Longest words compared, in bytes.
const LONGEST: usize = 40;

/// Cost of the slips of the pen between two folded words, if at most `most`. The usual ones are cheap: a letter doubled or
/// not, an `h` too many cost 1; a letter missing or too many, two neighbours exchanged, a vowel for another, letters that
/// sound alike 2; any other letter 3.
///
/// ```
/// use index::text::slips;
/// assert_eq!(slips("carrotte", "carotte", 4), Some(1));
/// assert_eq!(slips("froamge", "fromage", 4), Some(2));
/// assert_eq!(slips("oulet", "poulet", 4), Some(2));
/// assert_eq!(slips("pain", "poire", 4), None);
/// ```
#[must_use]
pub fn slips(typed: &str, meant: &str, most: u8) -> Option<u8> {
    let (a, b) = (typed.as_bytes(), meant.as_bytes());
    if a.len().abs_diff(b.len()) > usize::from(most) || a.len() > LONGEST || b.len() > LONGEST {
        return None;
    }
    let mut rows = [[0_u8; LONGEST + 1]; 3];
    for j in 1..=b.len() {
        rows[0][j] = rows[0][j - 1] + extra(b, j - 1);
    }
    for i in 1..=a.len() {
        let (now, last, before) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        rows[now][0] = rows[last][0] + extra(a, i - 1);
        let mut cheapest = rows[now][0];
        for j in 1..=b.len() {
            let mut cost = (rows[last][j] + extra(a, i - 1)).min(rows[now][j - 1] + extra(b, j - 1));
            cost = cost.min(rows[last][j - 1] + replaced(a[i - 1], b[j - 1]));
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(rows[before][j - 2] + 2);
            }
            rows[now][j] = cost;
            cheapest = cheapest.min(cost);
        }
        // An exchange may still reach back to the row before.
        if cheapest > most.saturating_add(2) {
            return None;
        }
    }
    Some(rows[a.len() % 3][b.len()]).filter(|cost| *cost <= most)
}

/// Cost of a letter that the other word has not.
fn extra(word: &[u8], at: usize) -> u8 {
    let doubled = at > 0 && word[at] == word[at - 1];
    if doubled || word[at] == b'h' { 1 } else { 2 }
}

fn replaced(a: u8, b: u8) -> u8 {
    match a == b {
        true => 0,
        false if sound_alike(a, b) => 2,
        false => 3,
    }
}

fn sound_alike(a: u8, b: u8) -> bool {
    const ALIKE: [&[u8]; 8] = [b"aeiouy", b"ckq", b"csz", b"gj", b"mn", b"dt", b"bp", b"fv"];
    ALIKE.iter().any(|group| group.contains(&a) && group.contains(&b))
}

/// The most that slips may cost for a word of this length to be recognised.
pub(crate) fn tolerance(length: usize) -> u8 {
    match length {
        0..=3 => 0,
        4 => 2,
        5..=7 => 3,
        8..=9 => 4,
        _ => 5,
    }
}

/// Which letters a word has, one bit each.
pub(crate) fn letters(folded: &str) -> u32 {
    folded.bytes().fold(0, |mask, b| match b {
        b'a'..=b'z' => mask | 1 << (b - b'a'),
        b'0'..=b'9' => mask | 1 << 26,
        _ => mask | 1 << 27,
    })
}

/// Whether two words have too different letters for slips of at most this cost: a slip that costs 2 concerns two letters
/// at most.
pub(crate) fn too_different(letters: u32, others: u32, most: u8) -> bool {
    (letters ^ others).count_ones() > u32::from(most)
}

#[cfg(test)]
mod tests {
    use super::{letters, slips, too_different};
    use proptest::prelude::*;

    #[test]
    fn usual_slips_cost_less_than_other_letters() {
        assert!(slips("limonde", "limonade", 5) <= slips("limonde", "limande", 5));
        assert!(slips("frine", "farine", 5) < slips("frine", "frite", 5));
        assert!(slips("eshalote", "echalote", 5) < slips("eshalote", "escalope", 9));
        assert_eq!(slips("yahourt", "yaourt", 5), Some(1));
        assert_eq!(slips("ab", "ba", 5), Some(2));
    }

    proptest! {
        #[test]
        fn slips_are_symmetric_and_none_only_for_the_same(a in "[a-eh]{0,8}", b in "[a-eh]{0,8}") {
            let cost = slips(&a, &b, 40);
            prop_assert_eq!(cost, slips(&b, &a, 40));
            prop_assert_eq!(cost == Some(0), a == b);
        }

        #[test]
        fn letters_never_rule_out_what_slips_allow(a in "[a-eh]{0,8}", b in "[a-eh]{0,8}", most in 0_u8..9) {
            if slips(&a, &b, most).is_some() {
                prop_assert!(!too_different(letters(&a), letters(&b), most));
            }
        }

        #[test]
        fn the_limit_changes_no_cost(a in "[a-eh]{0,8}", b in "[a-eh]{0,8}", most in 0_u8..12) {
            prop_assert_eq!(slips(&a, &b, most), slips(&a, &b, 40).filter(|cost| *cost <= most));
        }
    }
}
