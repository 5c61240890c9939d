use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{Datelike, Months, NaiveDate};
use sea_orm::{
    ActiveValue::Set,
    DatabaseTransaction, FromQueryResult, PaginatorTrait, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Alias, ExprTrait, OnConflict},
};

use crate::app::App;
use crate::suppliers::ProductFamily;
use crate::tables::fold;

/// Different searches that a node keeps in its memory; whoever sends more is counted no further.
const MOST_IN_MEMORY: usize = 500;
/// Different searches that are kept of one month.
const MOST_A_MONTH: u64 = 5_000;
/// Characters of the words that are kept; nobody asks for a product at greater length.
const LONGEST: usize = 60;
/// From so many digits on, words may be a telephone or the number of an establishment.
const DIGITS: usize = 6;
/// Times that words must have been searched for before anybody reads them.
const FEWEST: i64 = 2;
/// Months that are kept besides the one that runs.
const KEPT: Months = Months::new(24);

/// Searches of one month that found nobody: what was asked and how often, nothing of who asked.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unanswered_searches")]
pub(super) struct Model {
    /// Its first day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub month: Date,
    /// The words without case and accents, at most 60 characters; empty when none may be kept.
    #[sea_orm(primary_key, auto_increment = false)]
    pub words: String,
    /// The product of `products.csv` that was understood, or nothing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_code: String,
    /// Code of the family that was asked for or is the product's, or nothing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub family: String,
    /// How often.
    pub searches: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a search asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Asked {
    words: String,
    product_code: String,
    family: String,
}

/// Searches that found nobody, counted in the memory of a node until [`keep_unanswered`] writes them down: a search reads,
/// and reading writes nothing.
#[derive(Debug, Default)]
pub struct Unanswered(Mutex<HashMap<Asked, i32>>);

impl Unanswered {
    /// Counts a search: its words as typed, the code of the product and the family that were understood. What asks for
    /// nothing that may be kept is not counted.
    pub fn note(&self, words: &str, product_code: Option<&str>, family: Option<ProductFamily>) {
        let asked = Asked {
            words: words_to_keep(words).unwrap_or_default(),
            product_code: product_code.unwrap_or_default().to_owned(),
            family: family.map(ProductFamily::code).unwrap_or_default().to_owned(),
        };
        if asked.words.is_empty() && asked.product_code.is_empty() && asked.family.is_empty() {
            return;
        }
        let mut counted = self.counted();
        if let Some(searches) = counted.get_mut(&asked) {
            *searches = searches.saturating_add(1);
        } else if counted.len() < MOST_IN_MEMORY {
            counted.insert(asked, 1);
        }
    }

    /// All that was counted, in an order that is always the same: nodes that write at once wait for each other in a row.
    fn take(&self) -> Vec<(Asked, i32)> {
        let mut taken: Vec<(Asked, i32)> = std::mem::take(&mut *self.counted()).into_iter().collect();
        taken.sort();
        taken
    }

    fn give_back(&self, taken: Vec<(Asked, i32)>) {
        let mut counted = self.counted();
        for (asked, searches) in taken {
            let known = counted.entry(asked).or_default();
            *known = known.saturating_add(searches);
        }
    }

    fn counted(&self) -> MutexGuard<'_, HashMap<Asked, i32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The words of a search without case and accents; nothing when they are long or may say who somebody is.
fn words_to_keep(words: &str) -> Option<String> {
    let is_personal = words.contains(['@', '＠']) || words.chars().filter(|c| c.is_numeric()).count() >= DIGITS;
    let folded: String = fold(words).chars().filter(|c| !c.is_control()).collect();
    (!is_personal && folded.chars().count() <= LONGEST).then_some(folded)
}

/// Writes down what this node counted since the last time; a server that breaks down in between loses that much.
///
/// # Errors
/// What the database said; nothing counted is lost.
pub async fn keep_unanswered(app: &App) -> Result<(), DbErr> {
    let counted = app.limits.unanswered().take();
    if counted.is_empty() {
        return Ok(());
    }
    let written = write(app, &counted).await;
    if written.is_err() {
        app.limits.unanswered().give_back(counted);
    }
    written
}

async fn write(app: &App, counted: &[(Asked, i32)]) -> Result<(), DbErr> {
    let month = first_day(app.today());
    let txn = app.write().await?;
    let known = known_of(&txn, month, counted.len()).await?;
    let rows: Vec<ActiveModel> = counted
        .iter()
        .filter(|(asked, _)| known.as_ref().is_none_or(|known| known.contains(asked)))
        .map(|(asked, searches)| ActiveModel {
            month: Set(month),
            words: Set(asked.words.clone()),
            product_code: Set(asked.product_code.clone()),
            family: Set(asked.family.clone()),
            searches: Set(*searches),
        })
        .collect();
    if !rows.is_empty() {
        let more = Expr::col((Entity, Column::Searches)).add(Expr::col((Alias::new("excluded"), Column::Searches)));
        let again = OnConflict::columns([Column::Month, Column::Words, Column::ProductCode, Column::Family])
            .value(Column::Searches, more)
            .to_owned();
        Entity::insert_many(rows).on_conflict(again).exec_without_returning(&txn).await?;
    }
    txn.commit().await
}

/// The searches that are known of a month, once it can take no `more` of them; nothing while it can.
async fn known_of(txn: &DatabaseTransaction, month: NaiveDate, more: usize) -> Result<Option<HashSet<Asked>>, DbErr> {
    let of_month = || Entity::find().filter(Column::Month.eq(month));
    if of_month().count(txn).await?.saturating_add(more as u64) <= MOST_A_MONTH {
        return Ok(None);
    }
    let asked = |row: Model| Asked { words: row.words, product_code: row.product_code, family: row.family };
    Ok(Some(of_month().all(txn).await?.into_iter().map(asked).collect()))
}

/// The first day of its month.
pub(super) fn first_day(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// What was searched for in vain, all months together.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(super) struct Missed {
    pub(super) words: String,
    pub(super) product_code: String,
    pub(super) family: String,
    pub(super) searches: i64,
}

/// What was searched for in vain at least twice since a month, the most often first, at most `most` of them; and how many
/// searches found nobody in all.
///
/// # Errors
/// What the database said.
pub(super) async fn missed_since(
    db: &impl ConnectionTrait,
    month: NaiveDate,
    most: u64,
) -> Result<(Vec<Missed>, i64), DbErr> {
    let since = || Entity::find().select_only().filter(Column::Month.gte(month));
    let asked = [Column::Words, Column::ProductCode, Column::Family];
    let groups = asked.iter().fold(since().columns(asked), |query, column| query.group_by(*column));
    let often = groups.column_as(Column::Searches.sum(), "searches").having(Column::Searches.sum().gte(FEWEST));
    let ordered =
        asked.iter().fold(often.order_by_desc(Column::Searches.sum()), |query, column| query.order_by_asc(*column));
    let missed = ordered.limit(most).into_model::<Missed>().all(db).await?;
    let total = since().column_as(Column::Searches.sum(), "searches").into_tuple::<Option<i64>>().one(db).await?;
    Ok((missed, total.flatten().unwrap_or(0)))
}

/// Forgets the months that ended more than two years ago.
///
/// # Errors
/// What the database said.
pub async fn forget_old(txn: &DatabaseTransaction, today: NaiveDate) -> Result<(), DbErr> {
    let first = first_day(today) - KEPT;
    Entity::delete_many().filter(Column::Month.lt(first)).exec(txn).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_may_say_who_somebody_is_are_not_kept() {
        assert_eq!(words_to_keep("  Épeautre   BIO "), Some("epeautre bio".to_owned()));
        assert_eq!(words_to_keep("pain 43000"), Some("pain 43000".to_owned()));
        for words in ["jeanne@ferme.example", "06 12 34 56", "35600000000048", &"a".repeat(61)] {
            assert_eq!(words_to_keep(words), None, "{words}");
        }
    }

    #[test]
    fn what_is_understood_counts_without_the_words_that_are_not_kept() {
        let counted = Unanswered::default();
        counted.note("lentilles jeanne@ferme.example", Some("lentille"), Some(ProductFamily::FruitAndVegetables));
        counted.note("jeanne@ferme.example", None, None);
        counted.note("", None, None);
        let taken = counted.take();
        assert_eq!(taken.len(), 1);
        assert_eq!((taken[0].0.words.as_str(), taken[0].0.product_code.as_str(), taken[0].1), ("", "lentille", 1));
    }

    #[test]
    fn the_memory_is_bounded_and_what_is_known_counts_on() {
        let counted = Unanswered::default();
        for number in 0..MOST_IN_MEMORY + 50 {
            counted.note(&format!("mot {number}"), None, None);
        }
        counted.note("mot 0", None, None);
        counted.note("Mot 0", None, None);
        let taken = counted.take();
        assert_eq!(taken.len(), MOST_IN_MEMORY);
        assert!(taken.iter().any(|(asked, searches)| asked.words == "mot 0" && *searches == 3));
        assert!(counted.take().is_empty());
        counted.give_back(taken.clone());
        assert_eq!(counted.take(), taken);
    }
}
