//! Icons drawn into the page: they take its colour and cost no request.

use std::{collections::HashMap, sync::Mutex};

use super::assets::embedded;

static DRAWN: Mutex<Option<HashMap<String, &'static str>>> = Mutex::new(None);

/// The icon `name` of Lucide as `<svg>`, hidden from screen readers: the word beside it speaks.
///
/// In a template: `{{ "search"|icon }}`. An icon that is missing draws nothing.
#[must_use]
pub fn icon(name: &str) -> &'static str {
    let mut drawn = DRAWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let drawn = drawn.get_or_insert_default();
    if let Some(svg) = drawn.get(name) {
        return svg;
    }
    // Kept for the life of the process: there are as many as templates name.
    let svg: &'static str = Box::leak(draw(name).into_boxed_str());
    drawn.insert(name.to_owned(), svg);
    svg
}

fn draw(name: &str) -> String {
    let file = embedded(&format!("vendor/icons/{name}.svg")).unwrap_or_default();
    let text = String::from_utf8_lossy(&file);
    let shapes = text.find("<svg").and_then(|at| text[at..].find('>').map(|end| &text[at + end + 1..]));
    let shapes = shapes.and_then(|rest| rest.split("</svg>").next()).unwrap_or_default();
    let shapes: String = shapes.lines().map(str::trim).collect();
    format!(r#"<svg class="icon" width="20" height="20" viewBox="0 0 24 24" aria-hidden="true">{shapes}</svg>"#)
}
