//! Text as people type it.

use super::french;

/// What is not empty.
#[must_use]
pub fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// A text on one line, without what no keyboard writes; empty when nothing is left.
#[must_use]
pub fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A text on one line, without what no keyboard writes; empty when nothing is left.
///
/// # Errors
/// That it is longer than `most` characters, in French.
pub fn line_of(text: &str, most: usize) -> Result<String, String> {
    let line = one_line(text);
    match line.chars().count() {
        length if length > most => Err(format!("{length}\u{a0}caractères, c’est trop\u{a0}: {most} au plus.")),
        _ => Ok(line),
    }
}

/// A text of several lines, without what no keyboard writes; nothing when it is empty.
///
/// # Errors
/// That it is longer than `most` characters, in French.
pub fn text_of(text: &str, most: usize) -> Result<Option<String>, String> {
    let plain: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let Some(text) = filled(&plain) else { return Ok(None) };
    let length = text.chars().count();
    if length > most {
        let said = |count: usize| french::number(count as u64);
        return Err(format!("Ce texte a {} caractères\u{a0}: raccourcissez-le à {}.", said(length), said(most)));
    }
    Ok(Some(text.to_owned()))
}
