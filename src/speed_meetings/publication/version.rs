//! The versions of a timetable that everybody was told. The last one is in force; none ever changes.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{DatabaseTransaction, QueryOrder, QuerySelect, entity::prelude::*};

use crate::speed_meetings::edition::{self, State};
use crate::speed_meetings::meeting::{Difference, Meeting, Seat};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::table::{self, Names};

/// Rows of one statement: databases count its values.
const AT_ONCE: usize = 1_000;

/// A version of a timetable.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "publications")]
pub(in crate::speed_meetings) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Of which edition.
    pub edition_id: i64,
    /// From 1, without gaps.
    pub number: i32,
    /// Who published it; none once that account is gone.
    pub published_by: Option<i64>,
    /// When.
    pub published_at: DateTimeUtc,
    /// What organisers add to the mail, at most 2,000 characters; may be empty.
    pub words: String,
}

/// A version of a timetable.
pub(in crate::speed_meetings) type Publication = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(in crate::speed_meetings) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The appointments of each version.
mod held {
    use sea_orm::entity::prelude::*;

    /// An appointment of a version.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "published_appointments")]
    pub(super) struct Model {
        /// Of which version.
        #[sea_orm(primary_key, auto_increment = false)]
        pub publication_id: i64,
        /// The participant who cooks.
        #[sea_orm(primary_key, auto_increment = false)]
        pub canteen_id: i64,
        /// Which of its representatives.
        pub canteen_copy: i32,
        /// The participant who sells.
        #[sea_orm(primary_key, auto_increment = false)]
        pub supplier_id: i64,
        /// Which of its representatives.
        pub supplier_copy: i32,
        /// Which slot, from 1.
        pub slot: i32,
        /// Which table, from 1.
        pub table_number: i32,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What the tables were called in each version.
mod called {
    use sea_orm::entity::prelude::*;

    /// A table of a version.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "published_tables")]
    pub(super) struct Model {
        /// Of which version.
        #[sea_orm(primary_key, auto_increment = false)]
        pub publication_id: i64,
        /// Its number.
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        /// Its name then.
        pub name: String,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A version with its appointments, in the order of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::speed_meetings) struct InForce {
    /// The version.
    pub(in crate::speed_meetings) publication: Publication,
    /// Who meets whom, when and where.
    pub(in crate::speed_meetings) meetings: Vec<Meeting>,
    /// What the tables were called when it was told.
    pub(in crate::speed_meetings) tables: Names,
}

impl InForce {
    /// What its tables are called for those who were told of it: until the day as they were told, then as the hall is.
    pub(in crate::speed_meetings) fn tables_now(&self, plan: &Plan) -> Names {
        let now = table::names(&plan.tables);
        if plan.edition.state < State::Running {
            table::here_or_there(&self.tables, &now)
        } else {
            table::here_or_there(&now, &self.tables)
        }
    }
}

/// The versions of an edition, the last first.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn all(db: &impl ConnectionTrait, edition: i64) -> Result<Vec<Publication>, DbErr> {
    Entity::find().filter(Column::EditionId.eq(edition)).order_by_desc(Column::Number).all(db).await
}

/// The version in force; none before the first.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn in_force(
    db: &impl ConnectionTrait,
    edition: i64,
) -> Result<Option<InForce>, DbErr> {
    let last = Entity::find().filter(Column::EditionId.eq(edition)).order_by_desc(Column::Number).limit(1);
    let Some(publication) = last.one(db).await? else { return Ok(None) };
    let (meetings, tables) = (meetings(db, publication.id).await?, tables(db, publication.id).await?);
    Ok(Some(InForce { publication, meetings, tables }))
}

/// What the last version told before a moment held; where none was, what the first held.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn before(
    db: &impl ConnectionTrait,
    edition: i64,
    moment: DateTime<Utc>,
) -> Result<Vec<Meeting>, DbErr> {
    let versions = all(db, edition).await?;
    match versions.iter().find(|version| version.published_at < moment).or(versions.last()) {
        Some(version) => meetings(db, version.id).await,
        None => Ok(Vec::new()),
    }
}

/// What the tables were called in a version; nothing is known of those that were told before names were kept.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn tables(db: &impl ConnectionTrait, publication: i64) -> Result<Names, DbErr> {
    let own = called::Entity::find().filter(called::Column::PublicationId.eq(publication)).all(db).await?;
    Ok(own.into_iter().map(|row| (row.number, row.name)).collect())
}

/// The appointments of a version, in the order of the day.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn meetings(
    db: &impl ConnectionTrait,
    publication: i64,
) -> Result<Vec<Meeting>, DbErr> {
    let own = held::Entity::find().filter(held::Column::PublicationId.eq(publication));
    let rows = own.order_by_asc(held::Column::Slot).order_by_asc(held::Column::TableNumber).all(db).await?;
    let meeting = |row: held::Model| Meeting {
        slot: row.slot,
        table: row.table_number,
        canteen: Seat { participant: row.canteen_id, copy: row.canteen_copy },
        supplier: Seat { participant: row.supplier_id, copy: row.supplier_copy },
    };
    Ok(rows.into_iter().map(meeting).collect())
}

/// Writes the next version of a locked edition down and says what is new in it; nothing when it is the version in force.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn write_down(
    txn: &DatabaseTransaction,
    edition: i64,
    (wanted, names): (&[Meeting], &Names),
    (by, words): (Option<i64>, &str),
    now: DateTime<Utc>,
) -> Result<Option<(Publication, Difference)>, DbErr> {
    let before = in_force(txn, edition).await?;
    let known = before.as_ref().map_or(&[][..], |before| &before.meetings);
    let difference = Difference::between(known, wanted);
    let is_told =
        |before: &InForce| !wanted.iter().any(|meeting| table::is_renamed(&before.tables, names, meeting.table));
    if difference.is_empty() && before.as_ref().is_some_and(is_told) {
        return Ok(None);
    }
    let row = ActiveModel {
        id: NotSet,
        edition_id: Set(edition),
        number: Set(before.as_ref().map_or(1, |before| before.publication.number + 1)),
        published_by: Set(by),
        published_at: Set(now),
        words: Set(words.to_owned()),
    };
    let publication = row.insert(txn).await?;
    let rows: Vec<_> = wanted.iter().map(|meeting| row_of(publication.id, meeting)).collect();
    for rows in rows.chunks(AT_ONCE) {
        held::Entity::insert_many(rows.to_vec()).exec_without_returning(txn).await?;
    }
    let name = |(number, name): (&i32, &String)| called::ActiveModel {
        publication_id: Set(publication.id),
        number: Set(*number),
        name: Set(name.clone()),
    };
    if !names.is_empty() {
        called::Entity::insert_many(names.iter().map(name)).exec_without_returning(txn).await?;
    }
    edition::stir(txn, edition).await?;
    Ok(Some((publication, difference)))
}

fn row_of(publication: i64, meeting: &Meeting) -> held::ActiveModel {
    held::ActiveModel {
        publication_id: Set(publication),
        canteen_id: Set(meeting.canteen.participant),
        canteen_copy: Set(meeting.canteen.copy),
        supplier_id: Set(meeting.supplier.participant),
        supplier_copy: Set(meeting.supplier.copy),
        slot: Set(meeting.slot),
        table_number: Set(meeting.table),
    }
}
