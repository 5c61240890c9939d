//! A piece of a description around what was asked.

use crate::request::Fragment;

/// Length of a snippet, in bytes, more or less.
const SNIPPET: usize = 170;

/// A window of the text around the first mark, cut between words, with an ellipsis where it is cut.
pub(super) fn fragments(text: &str, marks: &[(usize, usize)]) -> Vec<Fragment> {
    let first = marks.first().map_or(0, |(start, _)| *start);
    let mut from = if text.len() <= SNIPPET + 30 { 0 } else { first.saturating_sub(SNIPPET / 3) };
    from = between_words(text, from);
    let mut to = text.len();
    if to - from > SNIPPET + 30 {
        to = between_words(text, from + SNIPPET);
    }
    let mut out = Vec::new();
    let mut push = |piece: &str, marked: bool| {
        if !piece.is_empty() {
            out.push(Fragment { text: piece.to_owned(), marked });
        }
    };
    if from > 0 {
        push("… ", false);
    }
    let mut at = from;
    for (start, end) in marks.iter().filter(|(start, end)| *start >= from && *end <= to) {
        push(&text[at..*start], false);
        push(&text[*start..*end], true);
        at = *end;
    }
    push(&text[at..to], false);
    if to < text.len() {
        push(" …", false);
    }
    out
}

/// The last place between two words at or before a byte.
fn between_words(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    if at == 0 || at == text.len() {
        return at;
    }
    text[..at].rfind(' ').map_or(0, |space| space + 1)
}
