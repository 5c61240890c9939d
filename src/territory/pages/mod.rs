//! Where organisers change how the site presents itself, and the two files that show it.

pub(crate) mod appearance;
pub(crate) mod colour;
pub(crate) mod files;
pub(crate) mod logo;
pub(crate) mod settings;

use super::section::{APPEARANCE, SECTIONS};

/// A page of the settings: address, title, whether it is the one shown.
struct Tab {
    path: &'static str,
    title: &'static str,
    is_here: bool,
}

fn tabs(here: &str) -> Vec<Tab> {
    let tab = |path, title| Tab { path, title, is_here: path == here };
    let [first, rest @ ..] = SECTIONS.each_ref().map(|section| tab(section.path, section.title));
    [first, tab(APPEARANCE, "Logo et couleur")].into_iter().chain(rest).collect()
}
