//! The list that goes to the farm on paper: who is expected, and room for a signature.

use std::collections::HashMap;

use askama::Template;
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::date::{self, Desk};
use super::open::day;
use crate::app::App;
use crate::farm_visits::mail::{hours, location};
use crate::farm_visits::needs;
use crate::farm_visits::registration::{self, Standing};
use crate::tables::fold;
use crate::web::{Frame, Result, filters, french, page, private};

/// How many blank lines there may be for those who are not registered.
const BLANKS: [usize; 4] = [0, 5, 10, 20];
const BLANK: usize = 5;

/// What is printed besides.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// Whether what parties need is printed.
    besoins: String,
    /// How many blank lines.
    vides: String,
}

#[derive(Template)]
#[template(path = "farm_visits/paper.html")]
struct PaperPage {
    desk: Desk,
    day: String,
    hours: String,
    location: String,
    lines: Vec<Line>,
    people: String,
    has_needs: bool,
    blank: usize,
    printed_at: String,
    frame: Frame,
}

struct Line {
    name: String,
    organisation: String,
    party: i32,
    /// One sentence each.
    needs: Vec<String>,
}

impl PaperPage {
    fn desk_path(&self) -> String {
        date::path(self.desk.date.id)
    }
}

/// `GET /organisation/visites/dates/{key}/liste`
#[handler]
pub(crate) async fn list(app: Data<&App>, desk: Desk, Query(asked): Query<Asked>, frame: Frame) -> Result<Response> {
    let mut rows = registration::in_states(&app.db, desk.date.id, &[Standing::Confirmed]).await?;
    rows.sort_by_cached_key(|row| fold(&row.name));
    // What people need is read on paper by whoever finds the sheet: only when an organiser wants it so.
    let has_needs = !asked.besoins.is_empty();
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let known = if has_needs { needs::said_by(&app.db, desk.visit.id, &keys).await? } else { HashMap::new() };
    let people: i32 = rows.iter().map(|row| row.party_size).sum();
    let lines = rows.iter().map(|row| Line {
        name: french::typographic(&row.name),
        organisation: french::typographic(&row.organisation),
        party: row.party_size,
        needs: known.get(&row.id).cloned().unwrap_or_default(),
    });
    let view = PaperPage {
        day: day(&app, &desk.date),
        hours: hours(&app, &desk.date),
        location: location(&app, &desk.visit),
        lines: lines.collect(),
        people: french::count(u64::try_from(people).unwrap_or_default(), "personne inscrite", "personnes inscrites"),
        has_needs,
        blank: asked.vides.parse().ok().filter(|blank| BLANKS.contains(blank)).unwrap_or(BLANK),
        printed_at: french::moment(app.local(app.clock.now())),
        desk,
        frame,
    };
    Ok(private(page(&view)?))
}
