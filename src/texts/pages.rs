use std::{io, path::Path};

use askama::Template;
use poem::{Response, handler};
use tokio::fs;

use crate::{
    app::App,
    config::Accessibility,
    web::{Frame, Result, filters, page},
};

#[derive(Template)]
#[template(path = "texts/text.html")]
struct TextPage {
    title: &'static str,
    /// What stands in the article, heading apart.
    html: String,
    has_heading: bool,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "texts/legal.html")]
struct Legal<'a> {
    frame: &'a Frame,
}

#[derive(Template)]
#[template(path = "texts/accessibility.html")]
struct AccessibilityText<'a> {
    frame: &'a Frame,
    level: Accessibility,
}

#[derive(Template)]
#[template(path = "texts/data.html")]
struct PersonalData<'a> {
    frame: &'a Frame,
}

#[derive(Template)]
#[template(path = "texts/open-data.html")]
struct OpenData<'a> {
    frame: &'a Frame,
    has_tiles: bool,
}

/// `GET /mentions-legales`
#[handler]
pub(crate) async fn legal(app: &App, frame: Frame) -> Result<Response> {
    let ours = Legal { frame: &frame }.render()?;
    show(app, "Mentions légales", "legal.html", ours, frame).await
}

/// `GET /accessibilite`
#[handler]
pub(crate) async fn accessibility(app: &App, frame: Frame) -> Result<Response> {
    let ours = AccessibilityText { frame: &frame, level: app.config.accessibility }.render()?;
    show(app, "Accessibilité", "accessibility.html", ours, frame).await
}

/// `GET /donnees-personnelles`
#[handler]
pub(crate) async fn personal_data(app: &App, frame: Frame) -> Result<Response> {
    let ours = PersonalData { frame: &frame }.render()?;
    show(app, "Données personnelles", "data.html", ours, frame).await
}

/// `GET /donnees-ouvertes`
#[handler]
pub(crate) async fn open_data(app: &App, frame: Frame) -> Result<Response> {
    let ours = OpenData { frame: &frame, has_tiles: app.config.tiles_url.is_some() }.render()?;
    show(app, "Données ouvertes et API", "open-data.html", ours, frame).await
}

/// Shows the operator's file of this name, or else `ours`.
async fn show(app: &App, title: &'static str, file: &str, ours: String, frame: Frame) -> Result<Response> {
    let own = match &app.config.texts_dir {
        Some(folder) => own_text(folder, file).await,
        None => None,
    };
    let html = own.unwrap_or(ours);
    page(&TextPage { title, has_heading: html.contains("<h1"), html, frame })
}

/// Read at each visit: the operator mends a text without a restart.
async fn own_text(folder: &Path, file: &str) -> Option<String> {
    match fs::read(folder.join(file)).await {
        Ok(bytes) => Some(body(&String::from_utf8_lossy(&bytes)).to_owned()),
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::warn!(%error, file, "a text of TEXTS_DIR cannot be read; ours is shown");
            }
            None
        }
    }
}

/// What a word processor saves is a whole document; the page wants what is inside its body.
fn body(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let start = lower.find("<body").and_then(|at| lower[at..].find('>').map(|end| at + end + 1)).unwrap_or(0);
    let end = lower.rfind("</body").filter(|end| *end >= start).unwrap_or(text.len());
    text[start..end].trim()
}

#[cfg(test)]
mod tests {
    use super::body;

    #[test]
    fn of_a_whole_document_only_the_body_is_shown() {
        assert_eq!(body("<html><head><title>x</title></head><BODY class=a>\n<p>é</p></BODY></html>"), "<p>é</p>");
        assert_eq!(body("\u{feff}<p>Bonjour</p>\n".trim_start_matches('\u{feff}')), "<p>Bonjour</p>");
        assert_eq!(body("</body><body>"), "");
    }
}
