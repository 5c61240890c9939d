//! The style sheet of the territory's colour: the same tokens as `tokens.css`, whose print stays black on white.

use crate::config::{Colour, Palette, Shades};

/// Overrides the green of `tokens.css`.
#[must_use]
pub(super) fn sheet(colour: Colour) -> String {
    let Palette { day, night } = Palette::of(colour);
    let (day, night) = (tokens(day), tokens(night));
    format!("@media screen {{\n{day}}}\n@media screen and (prefers-color-scheme: dark) {{\n{night}}}\n")
}

fn tokens(Shades { main, deep, tint, on }: Shades) -> String {
    format!("  :root {{ --green: {main}; --green-deep: {deep}; --green-tint: {tint}; --on-green: {on}; }}\n")
}
