//! One registration as organisers read it on the page of its date.

use crate::app::App;
use crate::farm_visits::mail::party;
use crate::farm_visits::registration::{Registration, Standing};
use crate::farm_visits::visit_date::Shut;
use crate::web::french;

/// A registration.
pub(super) struct Line {
    pub(super) key: i64,
    pub(super) name: String,
    pub(super) organisation: String,
    pub(super) email: String,
    pub(super) party: String,
    pub(super) standing: String,
    /// What it needs and answered, one sentence each.
    pub(super) needs: Vec<String>,
    pub(super) may_be_given: bool,
}

impl Line {
    /// Of what it said that it needs, and of how many came, as far as that is known.
    pub(super) fn new(
        app: &App,
        row: &Registration,
        (said, came): (Option<&Vec<String>>, Option<i32>),
        shut: Option<Shut>,
    ) -> Self {
        Self {
            key: row.id,
            name: french::typographic(&row.name),
            organisation: french::typographic(&row.organisation),
            email: row.email.clone(),
            party: party(row.party_size),
            standing: standing(app, row, came, shut),
            needs: said.cloned().unwrap_or_default(),
            may_be_given: row.state == Standing::Waiting && row.hold_until.is_none() && shut == Some(Shut::Closed),
        }
    }
}

/// Where a registration stands, and what was noted of it on the farm.
fn standing(app: &App, row: &Registration, came: Option<i32>, shut: Option<Shut>) -> String {
    let until = row.offer_until.or(row.hold_until).map(|at| french::moment(app.local(at)));
    match (until, came) {
        (Some(until), _) => format!("{}, jusqu’au {until}", row.state.label()),
        (None, Some(0)) => "noté absent".to_owned(),
        (None, Some(came)) => format!("venus\u{a0}: {}", party(came)),
        (None, None) if row.state == Standing::Cancelled && shut == Some(Shut::Cancelled) => {
            "visite annulée".to_owned()
        }
        (None, None) => row.state.label().to_owned(),
    }
}
