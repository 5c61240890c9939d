use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{DatabaseTransaction, DbErr};

use super::search::{self, SavedSearch};
use super::{mail, told};
use crate::accounts;
use crate::app::App;
use crate::directory;
use crate::schedule::{Failed, Next};
use crate::suppliers::{self, Supplier};

/// People told in one transaction.
const AT_ONCE: usize = 10;

/// What a search found that its person was not told yet, in the order in which it was found.
pub(super) struct News {
    pub(super) search: SavedSearch,
    pub(super) suppliers: Vec<Supplier>,
}

/// Tells each person in one mail what is new in all her searches. Whoever was looked at today is not looked at again: a
/// part that is done stays done.
///
/// # Errors
/// When the directory is not read yet, a mail cannot be written down or the database does not answer.
pub async fn tell_news(app: &App, txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Next, Failed> {
    // An engine that knows nobody finds nothing new: the week would pass in silence.
    if !app.index.is_built() {
        return Err("the directory is not read yet".into());
    }
    let today = app.local(now).date();
    let due = search::people_due(txn, today, AT_ONCE as u64).await?;
    for person in &due {
        tell(app, txn, *person, today).await?;
    }
    Ok(if due.len() == AT_ONCE { Next::More } else { Next::Done })
}

async fn tell(app: &App, txn: &DatabaseTransaction, person: i64, today: NaiveDate) -> Result<(), Failed> {
    // She may remove a search this moment, or her account: she waits until this is written.
    accounts::lock_person(txn, person).await?;
    let Some(person) = accounts::people_by_ids(txn, &[person]).await?.pop() else { return Ok(()) };
    search::note_look(txn, person.id, today).await?;
    let news = news(app, txn, search::of_person(txn, person.id).await?).await?;
    // What she does not want to be told stays news, for the day on which she wants it again.
    if news.is_empty() || !mail::digest(txn, app, &person, &news, today).await? {
        return Ok(());
    }
    for News { search, suppliers } in &news {
        told::add(txn, search.id, suppliers.iter().map(|supplier| &supplier.reference)).await?;
    }
    Ok(())
}

/// What these searches find that was not told, of those that find any.
async fn news(app: &App, txn: &DatabaseTransaction, searches: Vec<SavedSearch>) -> Result<Vec<News>, DbErr> {
    let mut all = Vec::new();
    for search in searches {
        let known = told::of_search(txn, search.id).await?;
        let found = directory::found_by(app, &search.query).into_iter();
        let ids: Vec<i64> = found.filter(|found| !known.contains(&found.reference)).map(|found| found.id).collect();
        let loaded = suppliers::load_many(txn, &ids).await?.into_iter().map(|listing| listing.supplier);
        // The engine may be a moment behind: whoever has just left the directory is not told.
        let shown = loaded.filter(|supplier| supplier.is_public() && !known.contains(&supplier.reference));
        let mut shown: HashMap<i64, Supplier> = shown.map(|supplier| (supplier.id, supplier)).collect();
        let suppliers: Vec<Supplier> = ids.iter().filter_map(|id| shown.remove(id)).collect();
        if !suppliers.is_empty() {
            all.push(News { search, suppliers });
        }
    }
    Ok(all)
}
