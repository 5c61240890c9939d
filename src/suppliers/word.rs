use sea_orm::sea_query::ValueTypeErr;

use crate::tables::fold;

/// A value out of a short list, each with a code for machines and a name for people.
pub trait Word: Copy + PartialEq + 'static {
    /// Every value with its code (as stored, and as the API says it) and its French name.
    const ALL: &'static [(Self, &'static str, &'static str)];

    /// The code: `craft_producer`.
    #[must_use]
    fn code(self) -> &'static str {
        Self::ALL.iter().find(|(value, ..)| *value == self).map_or("", |(_, code, _)| code)
    }

    /// The French name: `Artisan`.
    #[must_use]
    fn label(self) -> &'static str {
        Self::ALL.iter().find(|(value, ..)| *value == self).map_or("", |(.., label)| label)
    }

    /// The value of a code.
    #[must_use]
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == code).map(|(value, ..)| *value)
    }

    /// The value a person wrote: its name or its code, without regard to case and accents.
    ///
    /// # Errors
    /// What was expected, in French.
    fn read(text: &str) -> Result<Self, String> {
        let text = fold(text);
        let known = Self::ALL.iter().find(|(_, code, label)| fold(label) == text || fold(code) == text);
        known.map(|(value, ..)| *value).ok_or_else(|| {
            let labels: Vec<&str> = Self::ALL.iter().map(|(.., label)| *label).collect();
            format!("un de : {}", labels.join(", "))
        })
    }
}

pub(super) fn from_row<W: Word>(code: &str) -> Result<W, ValueTypeErr> {
    W::from_code(code).ok_or(ValueTypeErr)
}

pub(super) fn to_row<W: Word>(word: &W) -> &'static str {
    word.code()
}
