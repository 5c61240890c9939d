//! The changes of the timetable in work, each of which can be undone and done again.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{DatabaseTransaction, QueryOrder, QuerySelect, entity::prelude::*};

use super::appointment::{self, Appointment};
use super::board::{Board, Placed};
use super::edit::{Edit, Next, Refusal, fits, work_out};
use crate::speed_meetings::edition::State;

/// Most characters that say what was done.
const LONGEST: usize = 500;
/// Most changes that a page shows.
pub(super) const SHOWN: u64 = 30;

/// A change.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "timetable_changes")]
pub(super) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Of which edition.
    pub edition_id: i64,
    /// From 1; none is used twice at a time.
    pub number: i32,
    /// As it follows a name: « a déplacé… », 1 to 500 characters.
    pub said: String,
    /// The appointments it touched, as they were: JSON.
    pub before: String,
    /// What became of them: JSON.
    pub after: String,
    /// Who did it last; none once that account is gone.
    pub made_by: Option<i64>,
    /// When.
    pub made_at: DateTimeUtc,
    /// Who undid it.
    pub undone_by: Option<i64>,
    /// When it was undone; it may be done again until something else is done.
    pub undone_at: Option<DateTimeUtc>,
}

/// A change.
pub(super) type Change = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// It is done.
    Done,
    /// It was so: pressed twice.
    Same,
    /// Not done.
    Refused(Refusal),
}

impl Model {
    /// The change as it was worked out.
    pub(super) fn next(&self) -> Next {
        let read = |text: &str| serde_json::from_str(text).unwrap_or_default();
        Next { before: read(&self.before), after: read(&self.after), said: self.said.clone() }
    }

    /// Who touched it last, and when.
    pub(super) fn last(&self) -> (Option<i64>, DateTime<Utc>) {
        self.undone_at.map_or((self.made_by, self.made_at), |at| (self.undone_by, at))
    }
}

/// Does what an organiser asks for, in a locked edition whose board was read since.
///
/// # Errors
/// What the database said.
pub(super) async fn make(
    txn: &DatabaseTransaction,
    board: &Board,
    edit: Edit,
    by: i64,
    now: DateTime<Utc>,
) -> Result<Made, DbErr> {
    match work_out(board, edit) {
        Ok(None) => Ok(Made::Same),
        Ok(Some(next)) => write_down(txn, board, &next, by, now).await.map(|()| Made::Done),
        Err(refusal) => Ok(Made::Refused(refusal)),
    }
}

/// Does a change that was worked out, and drops those that were undone: they can no longer be done again.
///
/// # Errors
/// What the database said.
pub(super) async fn write_down(
    txn: &DatabaseTransaction,
    board: &Board,
    next: &Next,
    by: i64,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let edition = board.plan.edition.id;
    appointment::hold(txn, edition, &next.applied(&board.placed())).await?;
    keep(txn, edition, next, by, now).await
}

/// Makes the timetable in work of a locked edition hold exactly these meetings, for what happens outside of the workshop: a
/// repair, a withdrawal. Nothing is written down when it holds them.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn record(
    txn: &DatabaseTransaction,
    edition: i64,
    wanted: &[Placed],
    (by, said): (i64, String),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let placed = |row: &Appointment| (row.meeting(), row.is_pinned);
    let before: Vec<Placed> = appointment::of(txn, edition).await?.iter().map(placed).collect();
    let next = Next::between(&before, wanted, said);
    if next.before.is_empty() && next.after.is_empty() {
        return Ok(());
    }
    appointment::hold(txn, edition, wanted).await?;
    keep(txn, edition, &next, by, now).await
}

/// Puts a change that is done at the end of the list.
async fn keep(txn: &DatabaseTransaction, edition: i64, next: &Next, by: i64, now: DateTime<Utc>) -> Result<(), DbErr> {
    let undone = Entity::delete_many().filter(Column::EditionId.eq(edition)).filter(Column::UndoneAt.is_not_null());
    undone.exec(txn).await?;
    let text = |placed: &[Placed]| serde_json::to_string(placed).unwrap_or_default();
    let row = ActiveModel {
        id: NotSet,
        edition_id: Set(edition),
        number: Set(last(txn, edition).await?.map_or(1, |last| last.number + 1)),
        said: Set(next.said.chars().take(LONGEST).collect()),
        before: Set(text(&next.before)),
        after: Set(text(&next.after)),
        made_by: Set(Some(by)),
        made_at: Set(now),
        undone_by: Set(None),
        undone_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// The last changes, undone ones too, the last first.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, edition: i64, most: u64) -> Result<Vec<Change>, DbErr> {
    let own = Entity::find().filter(Column::EditionId.eq(edition));
    own.order_by_desc(Column::Number).limit(most).all(db).await
}

async fn last(db: &impl ConnectionTrait, edition: i64) -> Result<Option<Change>, DbErr> {
    Ok(of(db, edition, 1).await?.pop())
}

/// The change that would be undone next.
///
/// # Errors
/// What the database said.
pub(super) async fn to_undo(db: &impl ConnectionTrait, edition: i64) -> Result<Option<Change>, DbErr> {
    let done = Entity::find().filter(Column::EditionId.eq(edition)).filter(Column::UndoneAt.is_null());
    done.order_by_desc(Column::Number).one(db).await
}

/// The change that would be done again next.
///
/// # Errors
/// What the database said.
pub(super) async fn to_redo(db: &impl ConnectionTrait, edition: i64) -> Result<Option<Change>, DbErr> {
    let undone = Entity::find().filter(Column::EditionId.eq(edition)).filter(Column::UndoneAt.is_not_null());
    undone.order_by_asc(Column::Number).one(db).await
}

/// Which way in the list of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Back.
    Undo,
    /// Forward again.
    Redo,
}

/// Undoes or does again the change that an organiser saw as the next one; refused where appointments it would touch are no
/// longer as it left them.
///
/// # Errors
/// What the database said.
pub(super) async fn turn(
    txn: &DatabaseTransaction,
    board: &Board,
    (way, id): (Turn, i64),
    by: i64,
    now: DateTime<Utc>,
) -> Result<Made, DbErr> {
    if !board.is_open() {
        return Ok(Made::Refused(Refusal::Closed));
    }
    let edition = board.plan.edition.id;
    let next = match way {
        Turn::Undo => to_undo(txn, edition).await?,
        Turn::Redo => to_redo(txn, edition).await?,
    };
    let Some(change) = next.filter(|change| change.id == id) else {
        let named = Entity::find().filter(Column::EditionId.eq(edition)).filter(Column::Id.eq(id));
        let is_so = |change: Change| change.undone_at.is_some() == (way == Turn::Undo);
        let is_so = named.one(txn).await?.is_some_and(is_so);
        return Ok(if is_so { Made::Same } else { Made::Refused(Refusal::Meanwhile(Vec::new())) });
    };
    let done = change.next();
    let (before, after) = match way {
        Turn::Undo => (done.after, done.before),
        Turn::Redo => (done.before, done.after),
    };
    let back = Next { before, after, said: String::new() };
    let placed = board.placed();
    if let Some((meeting, _)) = back.before.iter().find(|one| !placed.contains(one)) {
        let names = board.names(meeting.pair());
        let sentence = format!("Le rendez-vous de {names} n’est plus comme ce changement l’avait laissé.");
        return Ok(Made::Refused(Refusal::Impossible(sentence)));
    }
    let gone = |(meeting, _): &&Placed| {
        !board.comes(meeting.canteen.participant) || !board.comes(meeting.supplier.participant)
    };
    let is_back = |one: &&Placed| back.before.iter().all(|(known, _)| known.pair() != one.0.pair());
    let is_out = board.plan.edition.state >= State::Published;
    if let Some((meeting, _)) = back.after.iter().filter(|_| is_out).filter(is_back).find(gone) {
        let names = board.names(meeting.pair());
        let sentence = format!("Le rendez-vous de {names} ne peut pas revenir\u{a0}: l’un des deux ne vient plus.");
        return Ok(Made::Refused(Refusal::Impossible(sentence)));
    }
    let timetable = back.applied(&placed);
    if let Err(sentence) = fits(board, &timetable) {
        return Ok(Made::Refused(Refusal::Impossible(sentence)));
    }
    appointment::hold(txn, edition, &timetable).await?;
    let update = Entity::update_many().filter(Column::Id.eq(change.id));
    let update = match way {
        Turn::Undo => {
            update.col_expr(Column::UndoneAt, Expr::value(Some(now))).col_expr(Column::UndoneBy, Expr::value(Some(by)))
        }
        Turn::Redo => update
            .col_expr(Column::UndoneAt, Expr::value(None::<DateTime<Utc>>))
            .col_expr(Column::UndoneBy, Expr::value(None::<i64>))
            .col_expr(Column::MadeBy, Expr::value(Some(by)))
            .col_expr(Column::MadeAt, Expr::value(now)),
    };
    update.exec(txn).await?;
    Ok(Made::Done)
}

/// The last change that touched one of these pairs, or the last of all when none is named.
///
/// # Errors
/// What the database said.
pub(super) async fn last_about(
    db: &impl ConnectionTrait,
    edition: i64,
    pairs: &[(i64, i64)],
) -> Result<Option<Change>, DbErr> {
    let mut all = of(db, edition, SHOWN).await?;
    all.sort_by_key(|change| std::cmp::Reverse(change.last().1));
    let is_about = |change: &Change| pairs.is_empty() || change.next().pairs().iter().any(|pair| pairs.contains(pair));
    Ok(all.into_iter().find(is_about))
}
