//! Two searches compared.

use askama::Template;
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::said;
use super::sheet::sheet;
use crate::app::App;
use crate::speed_meetings::edition::{Edition, State};
use crate::speed_meetings::meeting::Difference;
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::workshop::run;
use crate::web::{Error, Frame, Result, filters, page, private, see_other};

/// Two searches to compare.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Two {
    un: String,
    deux: String,
}

#[derive(Template)]
#[template(path = "speed_meetings/workshop/comparison.html")]
struct ComparisonPage {
    edition: Edition,
    numbers: (i32, i32),
    /// Label, words of the first, words of the second.
    lines: Vec<(&'static str, String, String)>,
    /// « 200 rendez-vous sont les mêmes… »
    difference: String,
    may_take: bool,
    frame: Frame,
}

impl ComparisonPage {
    fn path(&self) -> String {
        said::path(&self.edition)
    }
}

/// `GET /organisation/rencontres/{key}/planning/recherches/comparaison`
#[handler]
pub(crate) async fn compare(
    app: Data<&App>,
    workshop: Workshop,
    Query(two): Query<Two>,
    frame: Frame,
) -> Result<Response> {
    let edition = workshop.plan.edition;
    let Some((one, other)) = two.un.parse().ok().zip(two.deux.parse().ok()) else {
        return Ok(see_other(&format!("{}/recherches", said::path(&edition))));
    };
    let first = run::by_number(&app.db, edition.id, one).await?.ok_or(Error::NotFound)?;
    let second = run::by_number(&app.db, edition.id, other).await?.ok_or(Error::NotFound)?;
    let (Some(a), Some(b)) = (first.quality(), second.quality()) else { return Err(Error::NotFound) };
    let (a, b) = (sheet(&a), sheet(&b));
    let of = |lines: &[(&'static str, String)], label: &str| {
        lines.iter().find(|(known, _)| *known == label).map_or_else(|| "–".to_owned(), |(_, words)| words.clone())
    };
    let mut labels: Vec<&'static str> = a.iter().map(|(label, _)| *label).collect();
    labels.extend(b.iter().map(|(label, _)| *label).filter(|label| !of(&a, label).ne("–")));
    let (before, after) = (first.meetings().unwrap_or_default(), second.meetings().unwrap_or_default());
    let found = Difference::between(&before, &after);
    let same = before.len() - found.moved.len() - found.dropped.len();
    let view = ComparisonPage {
        numbers: (one, other),
        lines: labels.into_iter().map(|label| (label, of(&a, label), of(&b, label))).collect(),
        difference: format!(
            "De la recherche n°\u{a0}{one} à la n°\u{a0}{other}\u{a0}: rendez-vous inchangés, {same}\u{a0}; à une autre heure ou table, {}\u{a0}; en moins, {}\u{a0}; en plus, {}.",
            found.moved.len(),
            found.dropped.len(),
            found.added.len()
        ),
        may_take: matches!(edition.state, State::Timetable | State::Published | State::Running),
        edition,
        frame,
    };
    Ok(private(page(&view)?))
}
