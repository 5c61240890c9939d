//! The steps of an edition, each with what it sent: one forward at a time, or one back while nothing has left.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, QueryOrder,
    entity::prelude::*,
};

use super::edition::{self, State};
use super::participant;
use super::plan::{Lack, Plan};

/// A step that an edition went.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "edition_steps")]
pub(super) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Which edition.
    pub edition_id: i64,
    /// Where it stood before.
    pub from_state: State,
    /// Where it stood then.
    pub to_state: State,
    /// How many mails it sent.
    pub mails_sent: i32,
    /// When.
    pub taken_at: DateTimeUtc,
    /// When it was taken back; only a step that sent nothing is.
    pub undone_at: Option<DateTimeUtc>,
}

/// A step that an edition went.
pub(super) type Step = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a step will send: which mail, and to how many people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sending {
    /// As the page names it: « l’ouverture des inscriptions ».
    pub(super) what: &'static str,
    /// Letters.
    pub(super) count: i32,
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// To the next state.
    Forward,
    /// To the one before.
    Back,
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stepped {
    /// It stands there now.
    To(State),
    /// It no longer stands where one saw it: pressed twice, or somebody else was faster.
    Elsewhere,
    /// Not yet, or not any more.
    Refused(Refusal),
}

/// Why a step is not gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is none that way.
    NoWay,
    /// This is missing first.
    Lacks(Vec<Lack>),
    /// So many mails have left: nobody can call them back.
    Sent(i32),
    /// Somebody registered, and was told so: the page stays.
    Peopled,
}

/// What the step to this state will send. Opening, wishes and publication will each name theirs here; so far none sends.
pub(super) fn sendings(_: &Plan, _: State) -> Vec<Sending> {
    Vec::new()
}

/// Where a way leads a locked edition, or why not.
///
/// # Errors
/// What the database said.
pub(super) async fn possible(
    db: &impl ConnectionTrait,
    plan: &Plan,
    way: Way,
    today: NaiveDate,
    zone: Tz,
) -> Result<Result<State, Refusal>, DbErr> {
    let state = plan.edition.state;
    let to = match way {
        Way::Forward => state.next(),
        Way::Back => state.previous(),
    };
    let Some(to) = to else { return Ok(Err(Refusal::NoWay)) };
    if way == Way::Forward {
        let lacks = if state == State::Draft { plan.lacks(today, zone) } else { Vec::new() };
        return Ok(if lacks.is_empty() { Ok(to) } else { Err(Refusal::Lacks(lacks)) });
    }
    if to == State::Draft && !participant::of(db, plan.edition.id).await?.is_empty() {
        return Ok(Err(Refusal::Peopled));
    }
    let sent = last(db, plan.edition.id, state).await?.map_or(0, |step| step.mails_sent);
    Ok(if sent == 0 { Ok(to) } else { Err(Refusal::Sent(sent)) })
}

/// Goes one step with a locked edition that one saw in `seen`.
///
/// # Errors
/// What the database said.
pub(super) async fn change_state(
    txn: &DatabaseTransaction,
    plan: &Plan,
    (seen, way): (State, Way),
    (today, zone): (NaiveDate, Tz),
    now: DateTime<Utc>,
) -> Result<Stepped, DbErr> {
    if plan.edition.state != seen {
        return Ok(Stepped::Elsewhere);
    }
    let to = match possible(txn, plan, way, today, zone).await? {
        Ok(to) => to,
        Err(refusal) => return Ok(Stepped::Refused(refusal)),
    };
    let mut edition = plan.edition.clone();
    (edition.state, edition.version) = (to, edition.version + 1);
    edition::keep(txn, &edition).await?;
    match way {
        Way::Forward => {
            let row = ActiveModel {
                id: NotSet,
                edition_id: Set(edition.id),
                from_state: Set(seen),
                to_state: Set(to),
                mails_sent: Set(sendings(plan, to).iter().map(|sending| sending.count).sum()),
                taken_at: Set(now),
                undone_at: Set(None),
            };
            Entity::insert(row).exec_without_returning(txn).await?;
        }
        Way::Back => {
            if let Some(step) = last(txn, edition.id, seen).await? {
                let undone = Entity::update_many().col_expr(Column::UndoneAt, Expr::value(Some(now)));
                undone.filter(Column::Id.eq(step.id)).exec(txn).await?;
            }
        }
    }
    Ok(Stepped::To(to))
}

/// The step by which an edition came where it stands.
async fn last(db: &impl ConnectionTrait, edition: i64, state: State) -> Result<Option<Step>, DbErr> {
    let own = Entity::find().filter(Column::EditionId.eq(edition)).filter(Column::ToState.eq(state));
    own.filter(Column::UndoneAt.is_null()).order_by_desc(Column::Id).one(db).await
}

/// Goes from the timetable to its publication with a locked edition; [`count_published`] counts what it sends.
///
/// # Errors
/// What the database said.
pub(super) async fn enter_published(txn: &DatabaseTransaction, plan: &Plan, now: DateTime<Utc>) -> Result<(), DbErr> {
    let mut edition = plan.edition.clone();
    (edition.state, edition.version) = (State::Published, edition.version + 1);
    edition::keep(txn, &edition).await?;
    let row = ActiveModel {
        id: NotSet,
        edition_id: Set(edition.id),
        from_state: Set(plan.edition.state),
        to_state: Set(State::Published),
        mails_sent: Set(0),
        taken_at: Set(now),
        undone_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// Adds mails to what the publication of a locked edition sent: once one has left, there is no way back before it.
///
/// # Errors
/// What the database said.
pub(super) async fn count_published(txn: &DatabaseTransaction, edition: i64, mails: i32) -> Result<(), DbErr> {
    let Some(step) = last(txn, edition, State::Published).await? else { return Ok(()) };
    let counted = Entity::update_many().col_expr(Column::MailsSent, Expr::value(step.mails_sent + mails));
    counted.filter(Column::Id.eq(step.id)).exec(txn).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_leads_to_the_next_state_and_back() {
        let mut state = State::Draft;
        for expected in &State::ALL[1..] {
            let next = state.next().unwrap();
            assert_eq!((next, next.previous()), (*expected, Some(state)));
            state = next;
        }
        assert_eq!((State::Draft.previous(), State::FollowedUp.next()), (None, None));
    }
}
