use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, DbBackend, FromQueryResult, JoinType, QueryOrder, QuerySelect, QueryTrait, TryInsertResult,
    entity::prelude::*,
    sea_query::OnConflict,
};

use super::access_rule::lets_organise;
use super::person::{self, Person};

/// A supplier or a canteen, as something that people belong to.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisations")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// What it is.
    pub kind: OrganisationKind,
    /// As its people call it, 1 to 200 characters.
    pub name: String,
    /// First written.
    pub created_at: DateTimeUtc,
}

/// A supplier or a canteen, as something that people belong to.
pub type Organisation = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What an organisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum OrganisationKind {
    /// It offers.
    #[sea_orm(string_value = "supplier")]
    Supplier,
    /// It cooks.
    #[sea_orm(string_value = "canteen")]
    Canteen,
}

impl OrganisationKind {
    /// As a page says it: "producteur".
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Supplier => "producteur ou fournisseur",
            Self::Canteen => "cantine",
        }
    }
}

/// Who belongs where.
pub(super) mod membership {
    use sea_orm::entity::prelude::*;

    /// One person of one organisation.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "memberships")]
    pub(in crate::accounts) struct Model {
        /// Key.
        #[sea_orm(primary_key)]
        pub id: i64,
        /// Where.
        pub organisation_id: i64,
        /// Who.
        pub person_id: i64,
        /// Since when.
        pub created_at: DateTimeUtc,
    }

    /// What it ties together.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(in crate::accounts) enum Relation {
        /// Where.
        #[sea_orm(belongs_to = "super::Entity", from = "Column::OrganisationId", to = "super::Column::Id")]
        Organisation,
        /// Who.
        #[sea_orm(
            belongs_to = "crate::accounts::person::Entity",
            from = "Column::PersonId",
            to = "crate::accounts::person::Column::Id"
        )]
        Person,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Why somebody stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stays {
    /// Nobody else would be left.
    Last,
    /// Not one of its people.
    NoMember,
}

/// A new organisation, without people.
///
/// # Errors
/// What the database said.
pub async fn found(
    txn: &DatabaseTransaction,
    kind: OrganisationKind,
    name: &str,
    now: DateTime<Utc>,
) -> Result<Organisation, DbErr> {
    let row = ActiveModel { id: NotSet, kind: Set(kind), name: Set(name.to_owned()), created_at: Set(now) };
    row.insert(txn).await
}

/// Calls an organisation otherwise.
///
/// # Errors
/// What the database said.
pub async fn rename_organisation(txn: &DatabaseTransaction, id: i64, name: &str) -> Result<(), DbErr> {
    let named = Entity::update_many().col_expr(Column::Name, Expr::value(name)).filter(Column::Id.eq(id));
    named.exec(txn).await.map(drop)
}

/// The organisation, for one of its people or an organiser; for others there is none.
///
/// # Errors
/// What the database said.
pub async fn visible_to(db: &impl ConnectionTrait, person: &Person, id: i64) -> Result<Option<Organisation>, DbErr> {
    let Some(organisation) = Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let may = is_member(db, id, person.id).await? || lets_organise(db, person).await?;
    Ok(may.then_some(organisation))
}

/// One organisation, whoever asks.
///
/// # Errors
/// What the database said.
pub(super) async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<Organisation>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

pub(super) async fn is_member(db: &impl ConnectionTrait, organisation: i64, person: i64) -> Result<bool, DbErr> {
    let found = membership::Entity::find().filter(membership::Column::OrganisationId.eq(organisation));
    Ok(found.filter(membership::Column::PersonId.eq(person)).one(db).await?.is_some())
}

/// Those a person belongs to, by name, each with how many people it has.
///
/// # Errors
/// What the database said.
pub async fn of_person(db: &impl ConnectionTrait, person: i64) -> Result<Vec<Listed>, DbErr> {
    let own = membership::Entity::find().select_only().column(membership::Column::OrganisationId);
    let own = own.filter(membership::Column::PersonId.eq(person)).into_query();
    listed().filter(Column::Id.in_subquery(own)).into_model().all(db).await
}

/// Holds an organisation until the transaction ends: what must be done once for it waits here for its turn.
///
/// # Errors
/// What the database said.
pub async fn lock_organisation(txn: &DatabaseTransaction, id: i64) -> Result<(), DbErr> {
    Entity::find_by_id(id).lock_exclusive().one(txn).await.map(drop)
}

/// The names of organisations, by key.
///
/// # Errors
/// What the database said.
pub async fn names_of(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<(i64, String)>, DbErr> {
    let named = Entity::find().select_only().columns([Column::Id, Column::Name]);
    named.filter(Column::Id.is_in(ids.iter().copied())).into_tuple().all(db).await
}

/// The people of an organisation, the first ones first.
///
/// # Errors
/// What the database said.
pub async fn people(db: &impl ConnectionTrait, organisation: i64) -> Result<Vec<Person>, DbErr> {
    let joined = person::Entity::find().join_rev(JoinType::InnerJoin, membership::Relation::Person.def());
    let members = joined.filter(membership::Column::OrganisationId.eq(organisation));
    members.order_by_asc(membership::Column::Id).all(db).await
}

/// The people of these organisations, each beside the organisation, the first ones first.
///
/// # Errors
/// What the database said.
pub async fn people_of(db: &impl ConnectionTrait, organisations: &[i64]) -> Result<Vec<(i64, Person)>, DbErr> {
    let own = membership::Entity::find().select_only();
    let own = own.columns([membership::Column::OrganisationId, membership::Column::PersonId]);
    let own = own.filter(membership::Column::OrganisationId.is_in(organisations.iter().copied()));
    let pairs: Vec<(i64, i64)> = own.order_by_asc(membership::Column::Id).into_tuple().all(db).await?;
    let mut keys: Vec<i64> = pairs.iter().map(|(_, person)| *person).collect();
    keys.sort_unstable();
    keys.dedup();
    let known = person::by_ids(db, &keys).await?.into_iter().map(|person| (person.id, person));
    let known: HashMap<i64, Person> = known.collect();
    let beside = |(organisation, person): (i64, i64)| Some((organisation, known.get(&person)?.clone()));
    Ok(pairs.into_iter().filter_map(beside).collect())
}

/// An organisation as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Listed {
    /// Key.
    pub id: i64,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
    /// How many people it has.
    pub people: i64,
}

/// One page of all organisations, by name.
///
/// # Errors
/// What the database said.
pub(super) async fn page(db: &impl ConnectionTrait, offset: u64, most: u64) -> Result<Vec<Listed>, DbErr> {
    listed().offset(offset).limit(most).into_model().all(db).await
}

/// All organisations, by name.
///
/// # Errors
/// What the database said.
pub async fn all_organisations(db: &impl ConnectionTrait) -> Result<Vec<Listed>, DbErr> {
    listed().into_model().all(db).await
}

fn listed() -> Select<Entity> {
    let all = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Kind, Column::Name])
        .column_as(membership::Column::Id.count(), "people")
        .join_rev(JoinType::LeftJoin, membership::Relation::Organisation.def())
        .group_by(Column::Id)
        .group_by(Column::Kind)
        .group_by(Column::Name);
    all.order_by_asc(Column::Name).order_by_asc(Column::Id)
}

/// How many organisations there are.
///
/// # Errors
/// What the database said.
pub(super) async fn count(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    sea_orm::PaginatorTrait::count(Entity::find(), db).await
}

/// Makes somebody one of its people; false when they are already.
///
/// # Errors
/// What the database said.
pub async fn join(
    txn: &DatabaseTransaction,
    organisation: i64,
    person: i64,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let row = membership::ActiveModel {
        id: NotSet,
        organisation_id: Set(organisation),
        person_id: Set(person),
        created_at: Set(now),
    };
    let columns = [membership::Column::OrganisationId, membership::Column::PersonId];
    let once = OnConflict::columns(columns).do_nothing().to_owned();
    let written = membership::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(txn).await?;
    Ok(matches!(written, TryInsertResult::Inserted(rows) if rows > 0))
}

/// Takes somebody out, but for the last one: nobody could let others in.
///
/// # Errors
/// What the database said.
pub(super) async fn leave(
    txn: &DatabaseTransaction,
    organisation: i64,
    person: i64,
) -> Result<Result<(), Stays>, DbErr> {
    // Of the last two who leave at once, the second waits here and finds herself alone.
    let row = Entity::find_by_id(organisation);
    let locked = if txn.get_database_backend() == DbBackend::Postgres { row.lock_exclusive() } else { row };
    locked.one(txn).await?;
    let people = people(txn, organisation).await?;
    if people.iter().all(|member| member.id != person) {
        return Ok(Err(Stays::NoMember));
    }
    if people.len() == 1 {
        return Ok(Err(Stays::Last));
    }
    let own = membership::Entity::delete_many().filter(membership::Column::OrganisationId.eq(organisation));
    own.filter(membership::Column::PersonId.eq(person)).exec(txn).await?;
    Ok(Ok(()))
}

/// The organisations that would have nobody left without this person, by name.
///
/// # Errors
/// What the database said.
pub async fn alone_in(db: &impl ConnectionTrait, person: i64) -> Result<Vec<Listed>, DbErr> {
    Ok(of_person(db, person).await?.into_iter().filter(|team| team.people == 1).collect())
}
