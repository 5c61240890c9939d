//! A search that starts from one's own kitchen.

use super::results::PATH;
use crate::accounts::{self, OrganisationKind, Person};
use crate::app::App;
use crate::canteens;
use crate::directory::query::Query;
use crate::web::Result;

/// Most kitchens that are offered to start from.
const MOST: usize = 3;

/// The same search from a kitchen of one's own.
pub(super) struct FromKitchen {
    /// What the canteen is called.
    pub(super) name: String,
    /// Address of the search near it.
    pub(super) near: String,
    /// Address of the search for those that deliver there.
    pub(super) delivering: String,
}

/// The search from each kitchen of a person; none once a place is chosen.
///
/// # Errors
/// What the database said.
pub(super) async fn from_kitchens(app: &App, person: &Person, query: &Query) -> Result<Vec<FromKitchen>> {
    if query.near.is_some() || query.point.is_some() || !query.near_text.is_empty() {
        return Ok(Vec::new());
    }
    let lexicon = app.index.lexicon();
    let mut all = Vec::new();
    for team in accounts::of_person(&app.db, person.id).await? {
        if team.kind != OrganisationKind::Canteen || all.len() == MOST {
            continue;
        }
        let Some(kitchen) = canteens::kitchen_of(&app.db, team.id).await? else { continue };
        let near = query.with(|q| (q.near, q.page) = (Some(kitchen.canteen.insee_code), 1));
        let delivering = near.with(|q| q.delivers_to = true);
        all.push(FromKitchen {
            name: team.name,
            near: near.link(PATH, lexicon),
            delivering: delivering.link(PATH, lexicon),
        });
    }
    Ok(all)
}
