//! The steps of an edition, each with what it sent: one forward at a time, or one back while nothing has left.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, QueryOrder,
    entity::prelude::*,
};

use super::edition::{self, Side, State};
use super::invitations::{self, Errand};
use super::plan::{Lack, Plan};
use super::{after, day, participant};
use crate::app::App;
use crate::mail::NotEnqueued;

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
    /// As the page names it: « qui chacun veut rencontrer, aux inscrits ».
    pub(super) what: &'static str,
    /// To whom, when the organiser chooses whether they get it.
    pub(super) side: Option<Side>,
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
    /// Organisations were invited since.
    Invited,
    /// Somebody was noted at the door: it is the day.
    Begun,
    /// Everybody was asked what came of it.
    Asked,
}

/// What the step to a state will send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sendings {
    /// Each mail, with how many people get it; none that nobody gets.
    pub(super) each: Vec<Sending>,
    /// How many mails in all: who sits on both sides gets one.
    pub(super) total: i32,
}

/// A step that somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked<'a> {
    /// Where she saw the edition.
    pub(super) seen: State,
    /// Which way.
    pub(super) way: Way,
    /// Which sides the opening invites.
    pub(super) sides: &'a [Side],
    /// Who asks.
    pub(super) by: i64,
}

/// What the step to this state will send.
///
/// # Errors
/// What the database said.
pub(super) async fn sendings(db: &impl ConnectionTrait, plan: &Plan, to: State) -> Result<Sendings, DbErr> {
    let edition = plan.edition.id;
    let (each, total) = match to {
        State::Registration => {
            let all = invitations::not_yet_invited(db, edition).await?;
            let side = |what, side| Sending { what, side: Some(side), count: all.clone().on(&[side]).count() };
            (vec![side("aux cantines", Side::Canteen), side("aux fournisseurs", Side::Supplier)], all.count())
        }
        State::Wishes => {
            let count = invitations::registered(db, edition).await?.count();
            (vec![Sending { what: "aux inscrits, pour dire qui ils veulent rencontrer", side: None, count }], count)
        }
        _ => (Vec::new(), 0),
    };
    Ok(Sendings { each: each.into_iter().filter(|sending| sending.count > 0).collect(), total })
}

/// Writes the mails of the step to a state; how many were written.
async fn send(
    txn: &DatabaseTransaction,
    app: &App,
    plan: &Plan,
    to: State,
    asked: &Asked<'_>,
) -> Result<i32, NotEnqueued> {
    match to {
        State::Registration => {
            let invited = invitations::not_yet_invited(txn, plan.edition.id).await?.on(asked.sides);
            invitations::invite(txn, app, plan, (Errand::Invite, &invited), asked.by).await
        }
        State::Wishes => {
            let registered = invitations::registered(txn, plan.edition.id).await?;
            invitations::ask_for_wishes(txn, app, plan, &registered).await
        }
        _ => Ok(0),
    }
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
    if state == State::Running && day::is_noted(db, plan.edition.id).await? {
        return Ok(Err(Refusal::Begun));
    }
    if state >= State::Closed && after::was_asked(db, plan.edition.id).await? {
        return Ok(Err(Refusal::Asked));
    }
    let sent = last(db, plan.edition.id, state).await?.map_or(0, |step| step.mails_sent);
    if sent == 0 && to == State::Draft && invitations::has_left(db, plan.edition.id).await? {
        return Ok(Err(Refusal::Invited));
    }
    Ok(if sent == 0 { Ok(to) } else { Err(Refusal::Sent(sent)) })
}

/// Goes one step with a locked edition, and writes the mails that go with it.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn change_state(
    txn: &DatabaseTransaction,
    app: &App,
    plan: &Plan,
    asked: &Asked<'_>,
) -> Result<Stepped, NotEnqueued> {
    let (seen, way, now) = (asked.seen, asked.way, app.clock.now());
    if plan.edition.state != seen {
        return Ok(Stepped::Elsewhere);
    }
    let to = match possible(txn, plan, way, app.today(), app.config.time_zone).await? {
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
                mails_sent: Set(send(txn, app, plan, to, asked).await?),
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
