//! Reading what is counted: a handful of queries, and the listings once, page by page.

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, Utc};
use sea_orm::DbErr;

use super::count::{Canteens, Contacts, Ground, Suppliers};
use super::unanswered::{Missed, first_day, missed_since};
use crate::app::App;
use crate::{canteens, contacts, suppliers};

/// Listings read at a time.
const BATCH: u64 = 1_000;
/// Canteens that are counted.
const KITCHENS: u64 = 10_000;
/// Months that messages and searches are counted over, with the one that runs.
pub(super) const MONTHS: u32 = 12;
/// Searches that are shown.
const SEARCHES: u64 = 50;

/// All that is known of where the territory stands.
pub(super) struct Counts {
    pub(super) suppliers: Suppliers,
    /// First drafts of which no listing was made yet.
    pub(super) first_drafts: u64,
    pub(super) canteens: Canteens,
    pub(super) contacts: Contacts,
    pub(super) missed: Vec<Missed>,
    /// Searches that found nobody, those that are not shown included.
    pub(super) missed_in_all: i64,
}

/// Counts everything.
///
/// # Errors
/// What the database said.
pub(super) async fn gather(app: &App) -> Result<Counts, DbErr> {
    let (places, lexicon) = (&*app.places, app.index.lexicon());
    let ground = Ground { places, territory: &app.config.territory, lexicon, today: app.today() };
    let kitchens = canteens::kitchens(&app.db, KITCHENS).await?;
    let registry = canteens::in_department(&app.db, &app.config.territory).await?;
    let months = last_months(app.today());
    let messages = contacts::since(&app.db, before(months[0])).await?;
    let (missed, missed_in_all) = missed_since(&app.db, months[0], SEARCHES).await?;
    Ok(Counts {
        suppliers: listings(app, &ground).await?,
        first_drafts: suppliers::draft::count_first(&app.db).await?,
        canteens: Canteens::of(&kitchens, &registry, &ground),
        contacts: Contacts::of(&messages, months, |message| first_day(app.local(message.created_at).date())),
        missed,
        missed_in_all,
    })
}

async fn listings(app: &App, ground: &Ground<'_>) -> Result<Suppliers, DbErr> {
    let (mut counts, mut after) = (Suppliers::default(), 0);
    loop {
        let page = suppliers::load_page(&app.db, after, BATCH).await?;
        let Some(last) = page.last() else { return Ok(counts) };
        after = last.supplier.id;
        for listing in &page {
            counts.add(listing, ground);
        }
    }
}

/// The months that are counted, the first first, each as its first day.
fn last_months(today: NaiveDate) -> Vec<NaiveDate> {
    (0..MONTHS).rev().map(|back| first_day(today) - Months::new(back)).collect()
}

/// A moment before a day begins, whatever the zone.
fn before(day: NaiveDate) -> DateTime<Utc> {
    (day - Days::new(1)).and_time(NaiveTime::MIN).and_utc()
}
