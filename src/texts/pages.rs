use std::{io, path::Path};

use askama::Template;
use poem::{Response, handler};
use tokio::fs;

use crate::{
    app::App,
    config::{Accessibility, Chosen},
    web::{Frame, Result, escape, filters, page},
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
    show(app, Text::Legal, frame).await
}

/// `GET /accessibilite`
#[handler]
pub(crate) async fn accessibility(app: &App, frame: Frame) -> Result<Response> {
    show(app, Text::Accessibility, frame).await
}

/// `GET /donnees-personnelles`
#[handler]
pub(crate) async fn personal_data(app: &App, frame: Frame) -> Result<Response> {
    show(app, Text::PersonalData, frame).await
}

/// `GET /donnees-ouvertes`
#[handler]
pub(crate) async fn open_data(app: &App, frame: Frame) -> Result<Response> {
    show(app, Text::OpenData, frame).await
}

/// Shows what organisers wrote, or else what would stand there without them.
async fn show(app: &App, text: Text, frame: Frame) -> Result<Response> {
    let html = match text.chosen(frame.chosen()) {
        Some(words) => drawn(words),
        None => usual(app, text, &frame).await?,
    };
    page(&TextPage { title: text.title(), has_heading: html.contains("<h1"), html, frame })
}

/// A text as HTML while organisers have not written another: the operator's file, or else ours.
///
/// # Errors
/// When ours cannot be drawn.
pub(crate) async fn usual(app: &App, text: Text, frame: &Frame) -> Result<String> {
    if let Some(folder) = &app.config.texts_dir
        && let Some(own) = own_text(folder, text.file()).await
    {
        return Ok(own);
    }
    Ok(match text {
        Text::Legal => Legal { frame }.render()?,
        Text::Accessibility => AccessibilityText { frame, level: app.config.accessibility }.render()?,
        Text::PersonalData => PersonalData { frame }.render()?,
        Text::OpenData => OpenData { frame, has_tiles: app.config.tiles_url.is_some() }.render()?,
    })
}

/// One of the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    Legal,
    Accessibility,
    PersonalData,
    OpenData,
}

impl Text {
    fn title(self) -> &'static str {
        match self {
            Self::Legal => "Mentions légales",
            Self::Accessibility => "Accessibilité",
            Self::PersonalData => "Données personnelles",
            Self::OpenData => "Données ouvertes et API",
        }
    }

    fn file(self) -> &'static str {
        match self {
            Self::Legal => "legal.html",
            Self::Accessibility => "accessibility.html",
            Self::PersonalData => "data.html",
            Self::OpenData => "open-data.html",
        }
    }

    fn chosen(self, chosen: &Chosen) -> Option<&str> {
        match self {
            Self::Legal => chosen.legal_text.as_deref(),
            Self::Accessibility => chosen.accessibility_text.as_deref(),
            Self::PersonalData => chosen.data_text.as_deref(),
            Self::OpenData => None,
        }
    }
}

/// A typed text as HTML: a line that begins with `# ` is a heading, an empty line ends a paragraph, other lines stay lines.
fn drawn(text: &str) -> String {
    let mut html = String::new();
    let mut in_paragraph = false;
    for line in text.lines().map(str::trim) {
        let heading = line.strip_prefix("# ");
        if in_paragraph && (heading.is_some() || line.is_empty()) {
            html.push_str("</p>\n");
            in_paragraph = false;
        }
        match heading {
            Some(heading) => html.extend(["<h2>", &escape(heading), "</h2>\n"]),
            None if line.is_empty() => {}
            None => {
                html.extend([if in_paragraph { "<br>" } else { "<p>" }, &escape(line)]);
                in_paragraph = true;
            }
        }
    }
    html.push_str(if in_paragraph { "</p>" } else { "" });
    html
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
    use super::{body, drawn};

    #[test]
    fn of_a_whole_document_only_the_body_is_shown() {
        assert_eq!(body("<html><head><title>x</title></head><BODY class=a>\n<p>é</p></BODY></html>"), "<p>é</p>");
        assert_eq!(body("\u{feff}<p>Bonjour</p>\n".trim_start_matches('\u{feff}')), "<p>Bonjour</p>");
        assert_eq!(body("</body><body>"), "");
    }

    #[test]
    fn a_typed_text_becomes_headings_and_paragraphs_and_nothing_else() {
        let text = "Bonjour\n2, rue X\n\n\n# Nous & vous\nUn <b>mot</b>\n#pas un titre";
        let html =
            "<p>Bonjour<br>2, rue X</p>\n<h2>Nous &amp; vous</h2>\n<p>Un &lt;b&gt;mot&lt;/b&gt;<br>#pas un titre</p>";
        assert_eq!(drawn(text), html);
        assert_eq!(drawn("# Seul"), "<h2>Seul</h2>\n");
    }
}
