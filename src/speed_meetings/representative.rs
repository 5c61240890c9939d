//! Who comes for an organisation, and what it answered.

use chrono::NaiveDate;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, QueryOrder, QuerySelect, QueryTrait, entity::prelude::*};

use super::edition;
use super::participant::{self, Coming};
use crate::accounts::Person;

/// Most people who come for an organisation.
pub(super) const MOST: usize = 6;

/// Somebody who comes for an organisation.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "representatives")]
pub(super) struct Model {
    /// For which participant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub participant_id: i64,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// As the badge says it, 1 to 120 characters.
    pub name: String,
    /// Who it is, when she has an account in the organisation; the row ends with her account.
    pub person_id: Option<i64>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(super) mod answer {
    use sea_orm::entity::prelude::*;

    /// What an organisation answered.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "participant_answers")]
    pub(in crate::speed_meetings) struct Model {
        /// Which participant.
        #[sea_orm(primary_key, auto_increment = false)]
        pub participant_id: i64,
        /// To which question of the edition.
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        /// 1 to 1,000 characters.
        pub text: String,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(in crate::speed_meetings) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Adds who comes and what was answered to what the row of a participant says.
///
/// # Errors
/// What the database said.
pub(super) async fn complete(db: &impl ConnectionTrait, participant: i64, coming: &mut Coming) -> Result<(), DbErr> {
    coming.names = names_of(db, &[participant]).await?.into_iter().map(|(_, name)| name).collect();
    let answers = answer::Entity::find().filter(answer::Column::ParticipantId.eq(participant));
    let answers = answers.order_by_asc(answer::Column::Number).all(db).await?;
    coming.answers = answers.into_iter().map(|one| (one.number, one.text)).collect();
    Ok(())
}

/// Who comes for these participants: participant and name, in their order.
///
/// # Errors
/// What the database said.
pub(super) async fn names_of(db: &impl ConnectionTrait, participants: &[i64]) -> Result<Vec<(i64, String)>, DbErr> {
    let own = Entity::find().filter(Column::ParticipantId.is_in(participants.iter().copied()));
    let own = own.order_by_asc(Column::ParticipantId).order_by_asc(Column::Number).all(db).await?;
    Ok(own.into_iter().map(|one| (one.participant_id, one.name)).collect())
}

/// Where a person is among those who come: title and day of the edition, and the name that her badge says.
///
/// # Errors
/// What the database said.
pub async fn represented_by(db: &impl ConnectionTrait, person: i64) -> Result<Vec<(String, NaiveDate, String)>, DbErr> {
    let mut found = Vec::new();
    for one in Entity::find().filter(Column::PersonId.eq(person)).order_by_asc(Column::ParticipantId).all(db).await? {
        let Some(participant) = participant::by_key(db, one.participant_id).await? else { continue };
        if let Some(edition) = edition::by_key(db, participant.edition_id).await? {
            found.push((edition.title, edition.held_on, one.name));
        }
    }
    Ok(found)
}

/// What these participants answered: participant, question, answer.
///
/// # Errors
/// What the database said.
pub(super) async fn answers_of(
    db: &impl ConnectionTrait,
    participants: &[i64],
) -> Result<Vec<(i64, i32, String)>, DbErr> {
    let own = answer::Entity::find().filter(answer::Column::ParticipantId.is_in(participants.iter().copied()));
    Ok(own.all(db).await?.into_iter().map(|one| (one.participant_id, one.number, one.text)).collect())
}

/// Keeps of all that was answered at an edition only what answers these questions.
///
/// # Errors
/// What the database said.
pub(super) async fn keep_answers_to(txn: &DatabaseTransaction, edition: i64, questions: &[i32]) -> Result<(), DbErr> {
    let own = participant::Entity::find().select_only().column(participant::Column::Id);
    let own = own.filter(participant::Column::EditionId.eq(edition)).into_query();
    let others = answer::Entity::delete_many().filter(answer::Column::ParticipantId.in_subquery(own));
    others.filter(answer::Column::Number.is_not_in(questions.iter().copied())).exec(txn).await.map(drop)
}

/// Keeps who comes and what was answered, and nothing else; a name that a person of the organisation goes by is hers.
///
/// # Errors
/// What the database said.
pub(super) async fn keep(
    txn: &DatabaseTransaction,
    participant: i64,
    coming: &Coming,
    people: &[Person],
) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ParticipantId.eq(participant)).exec(txn).await?;
    answer::Entity::delete_many().filter(answer::Column::ParticipantId.eq(participant)).exec(txn).await?;
    let rows: Vec<ActiveModel> = (1..)
        .zip(&coming.names)
        .map(|(number, name)| ActiveModel {
            participant_id: Set(participant),
            number: Set(number),
            name: Set(name.clone()),
            person_id: Set(people.iter().find(|person| person.called() == name).map(|person| person.id)),
        })
        .collect();
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    let answers: Vec<answer::ActiveModel> = coming
        .answers
        .iter()
        .map(|(number, text)| answer::ActiveModel {
            participant_id: Set(participant),
            number: Set(*number),
            text: Set(text.clone()),
        })
        .collect();
    if !answers.is_empty() {
        answer::Entity::insert_many(answers).exec_without_returning(txn).await?;
    }
    Ok(())
}
