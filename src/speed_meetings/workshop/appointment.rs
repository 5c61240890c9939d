//! The appointments of the timetable in work.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{DatabaseTransaction, QueryOrder, entity::prelude::*};

use crate::speed_meetings::edition;
use crate::speed_meetings::meeting::{Meeting, Seat};

/// Rows of one statement: databases count its values.
const AT_ONCE: usize = 1_000;

/// An appointment of the timetable in work.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "appointments")]
pub(in crate::speed_meetings) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Of which edition.
    pub edition_id: i64,
    /// The participant who cooks.
    pub canteen_id: i64,
    /// Which of its representatives, 1 or 2.
    pub canteen_copy: i32,
    /// The participant who sells.
    pub supplier_id: i64,
    /// Which of its representatives, 1 or 2.
    pub supplier_copy: i32,
    /// Which slot of the day, from 1.
    pub slot: i32,
    /// Number of the table, from 1.
    pub table_number: i32,
    /// Whether a search leaves it where it is.
    pub is_pinned: bool,
    /// Rises with every change.
    pub version: i64,
}

/// An appointment of the timetable in work.
pub(in crate::speed_meetings) type Appointment = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(in crate::speed_meetings) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Who, when and where.
    pub(in crate::speed_meetings) fn meeting(&self) -> Meeting {
        Meeting {
            slot: self.slot,
            table: self.table_number,
            canteen: Seat { participant: self.canteen_id, copy: self.canteen_copy },
            supplier: Seat { participant: self.supplier_id, copy: self.supplier_copy },
        }
    }
}

/// The timetable in work, in the order of the day.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn of(db: &impl ConnectionTrait, edition: i64) -> Result<Vec<Appointment>, DbErr> {
    let own = Entity::find().filter(Column::EditionId.eq(edition));
    own.order_by_asc(Column::Slot).order_by_asc(Column::TableNumber).all(db).await
}

/// Makes the timetable in work of a locked edition hold exactly these meetings, each with whether it is pinned. A pair that
/// meets as before keeps its row and its version; one that is moved keeps its key.
///
/// # Errors
/// What the database said, a place taken twice among it.
pub(in crate::speed_meetings) async fn hold(
    txn: &DatabaseTransaction,
    edition: i64,
    wanted: &[(Meeting, bool)],
) -> Result<(), DbErr> {
    let known: BTreeMap<(i64, i64), Appointment> =
        of(txn, edition).await?.into_iter().map(|row| (row.meeting().pair(), row)).collect();
    let as_it_is: BTreeSet<(i64, i64)> = wanted
        .iter()
        .filter(|(meeting, pinned)| {
            known.get(&meeting.pair()).is_some_and(|row| row.meeting() == *meeting && row.is_pinned == *pinned)
        })
        .map(|(meeting, _)| meeting.pair())
        .collect();
    if as_it_is.len() == wanted.len() && as_it_is.len() == known.len() {
        return Ok(());
    }
    // What is moved leaves its place first: two may have changed places.
    let gone: Vec<i64> = known.iter().filter(|(pair, _)| !as_it_is.contains(pair)).map(|(_, row)| row.id).collect();
    if !gone.is_empty() {
        Entity::delete_many().filter(Column::Id.is_in(gone)).exec(txn).await?;
    }
    let rows: Vec<ActiveModel> = wanted
        .iter()
        .filter(|(meeting, _)| !as_it_is.contains(&meeting.pair()))
        .map(|(meeting, pinned)| row(edition, meeting, *pinned, known.get(&meeting.pair())))
        .collect();
    let (kept, new): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.id.is_set());
    for rows in kept.chunks(AT_ONCE).chain(new.chunks(AT_ONCE)) {
        Entity::insert_many(rows.to_vec()).exec_without_returning(txn).await?;
    }
    edition::turn(txn, edition).await
}

fn row(edition: i64, meeting: &Meeting, is_pinned: bool, known: Option<&Appointment>) -> ActiveModel {
    ActiveModel {
        id: known.map_or(NotSet, |known| Set(known.id)),
        edition_id: Set(edition),
        canteen_id: Set(meeting.canteen.participant),
        canteen_copy: Set(meeting.canteen.copy),
        supplier_id: Set(meeting.supplier.participant),
        supplier_copy: Set(meeting.supplier.copy),
        slot: Set(meeting.slot),
        table_number: Set(meeting.table),
        is_pinned: Set(is_pinned),
        version: Set(known.map_or(1, |known| known.version + 1)),
    }
}
