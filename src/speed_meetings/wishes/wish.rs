use std::collections::{HashMap, HashSet};

use sea_orm::{DatabaseTransaction, IntoActiveModel, QuerySelect, QueryTrait, entity::prelude::*};

use crate::speed_meetings::participant::{self, Standing};

/// A participant that another would meet, or would rather not.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "wishes")]
pub(in crate::speed_meetings) struct Model {
    /// Who wishes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub participant_id: i64,
    /// Whom: of the other side of the same edition.
    #[sea_orm(primary_key, auto_increment = false)]
    pub wished_id: i64,
    /// From 1, the most wanted, without gaps; none: rather not.
    pub rank: Option<i32>,
    /// Since when it is in the list.
    pub made_at: DateTimeUtc,
}

/// A participant that another would meet, or would rather not.
pub(in crate::speed_meetings) type Wish = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(in crate::speed_meetings) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The wishes of an edition that count, by participant and rank, those to avoid last: of those registered, for those
/// registered. Who withdrew leaves no gap: ranks close up.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn of_edition(db: &impl ConnectionTrait, edition: i64) -> Result<Vec<Wish>, DbErr> {
    let comers: HashSet<i64> = participant::of(db, edition)
        .await?
        .into_iter()
        .filter(|one| one.state == Standing::Registered)
        .map(|one| one.id)
        .collect();
    let own = participant::Entity::find().select_only().column(participant::Column::Id);
    let own = own.filter(participant::Column::EditionId.eq(edition)).into_query();
    let mut all = Entity::find().filter(Column::ParticipantId.in_subquery(own)).all(db).await?;
    all.retain(|wish| comers.contains(&wish.participant_id) && comers.contains(&wish.wished_id));
    sort(&mut all);
    let mut last: HashMap<i64, i32> = HashMap::new();
    for wish in &mut all {
        if let Some(rank) = &mut wish.rank {
            let last = last.entry(wish.participant_id).or_default();
            *last += 1;
            *rank = *last;
        }
    }
    Ok(all)
}

/// All wishes of a participant by rank, those to avoid last; those for who does not come too.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn of(db: &impl ConnectionTrait, participant: i64) -> Result<Vec<Wish>, DbErr> {
    let mut own = Entity::find().filter(Column::ParticipantId.eq(participant)).all(db).await?;
    sort(&mut own);
    Ok(own)
}

/// The databases do not agree on where a missing rank stands.
fn sort(wishes: &mut [Wish]) {
    wishes.sort_by_key(|wish| (wish.participant_id, wish.rank.unwrap_or(i32::MAX), wish.made_at, wish.wished_id));
}

/// Writes down that these are all the wishes of a participant; its edition must be locked.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn keep(
    txn: &DatabaseTransaction,
    participant: i64,
    wishes: &[Wish],
) -> Result<(), DbErr> {
    // All rows at once: no rank is twice in the table in between.
    Entity::delete_many().filter(Column::ParticipantId.eq(participant)).exec(txn).await?;
    if !wishes.is_empty() {
        let rows = wishes.iter().map(|wish| wish.clone().into_active_model().reset_all());
        Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}
