//! Who sends which mail: a worker claims, hands over, and says how it ended. Each step is one short transaction, and each
//! is refused to a worker whose claim was taken from it.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, FromQueryResult, QueryFilter,
    QuerySelect, Statement,
};

use super::attempt::{AttemptOutcome, record};
use super::outgoing_mail::{Column, Entity, MailState, OutgoingMail};

/// How long a worker that says nothing is believed to live: longer than the longest step with another server.
const LEASE: TimeDelta = TimeDelta::minutes(10);
/// Minutes until the next attempt, by the number of attempts made; the last one is repeated.
const DELAYS: [i64; 8] = [1, 5, 15, 30, 60, 120, 180, 240];

/// How an attempt to send a mail ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The other server took it.
    Sent(String),
    /// It will not have it, now or later.
    Refused(String),
    /// Not now, or it cannot be reached.
    Postponed(String),
    /// The connection broke once the text was handed over.
    Unknown(String),
}

/// Whether a mail waits whose time has come.
///
/// # Errors
/// What the database said.
pub async fn is_due(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let waiting = Entity::find().filter(Column::State.eq(MailState::Waiting)).filter(Column::DueAt.lte(now));
    Ok(waiting.select_only().column(Column::Id).limit(1).into_tuple::<i64>().one(db).await?.is_some())
}

/// The next mails that are due, now this worker's. Of each row's mails only the first that has not ended: they leave in
/// order.
///
/// # Errors
/// What the database said.
pub async fn claim(
    txn: &DatabaseTransaction,
    worker: &str,
    most: u64,
    now: DateTime<Utc>,
) -> Result<Vec<OutgoingMail>, DbErr> {
    let backend = txn.get_database_backend();
    // Two workers never wait for each other's rows: each takes what the other has not.
    let skip = if backend == DbBackend::Postgres { "FOR UPDATE OF mail SKIP LOCKED" } else { "" };
    let sql = format!(
        "UPDATE outgoing_mails SET state = 'sending', claim = $1, claimed_until = $2, attempts = attempts + 1
         WHERE state = 'waiting' AND id IN (
            SELECT mail.id FROM outgoing_mails mail
            WHERE mail.state = 'waiting' AND mail.due_at <= $3
              AND NOT EXISTS (SELECT 1 FROM mail_pauses)
              AND NOT EXISTS (SELECT 1 FROM outgoing_mails earlier
                              WHERE earlier.subject_key = mail.subject_key AND earlier.id < mail.id
                                AND earlier.state IN ('waiting', 'sending'))
            ORDER BY mail.due_at, mail.id LIMIT $4 {skip})
         RETURNING *"
    );
    let values = [worker.into(), (now + LEASE).into(), now.into(), i64::try_from(most).unwrap_or(i64::MAX).into()];
    let rows = txn.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let mut mails = rows.iter().map(|row| OutgoingMail::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    mails.sort_by_key(|mail| mail.id);
    Ok(mails)
}

/// Says that the text is about to be handed over: from here on, silence means that nobody knows. False when the claim was
/// taken away: the text must not leave.
///
/// # Errors
/// What the database said.
pub async fn hand_over(txn: &DatabaseTransaction, mail: &OutgoingMail, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let update = mine(mail)
        .col_expr(Column::HandedOverAt, Expr::value(now))
        .col_expr(Column::ClaimedUntil, Expr::value(now + LEASE));
    Ok(update.exec(txn).await?.rows_affected == 1)
}

/// Says how it ended. A mail put off beyond its day is given up.
///
/// # Errors
/// What the database said.
pub async fn end(
    txn: &DatabaseTransaction,
    mail: &OutgoingMail,
    ending: &Ending,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let tried = usize::try_from(mail.attempts.max(1)).unwrap_or(1);
    let due = now + TimeDelta::minutes(DELAYS[(tried - 1).min(DELAYS.len() - 1)]);
    let (state, outcome, answer) = match ending {
        Ending::Sent(answer) => (MailState::Sent, AttemptOutcome::Sent, answer),
        Ending::Refused(answer) => (MailState::Failed, AttemptOutcome::Refused, answer),
        Ending::Postponed(answer) if due > mail.give_up_at => (MailState::Failed, AttemptOutcome::GivenUp, answer),
        Ending::Postponed(answer) => (MailState::Waiting, AttemptOutcome::Postponed, answer),
        Ending::Unknown(answer) => (MailState::Unknown, AttemptOutcome::Unknown, answer),
    };
    let waits = state == MailState::Waiting;
    let mut update = released(mine(mail), state).col_expr(Column::EndedAt, Expr::value(Some(now).filter(|_| !waits)));
    if !waits && mail.is_secret {
        update = update.col_expr(Column::Message, Expr::value(""));
    }
    if waits {
        update = update.col_expr(Column::DueAt, Expr::value(due)).col_expr(Column::HandedOverAt, never());
    }
    let held = update.exec(txn).await?.rows_affected == 1;
    if held {
        record(txn, mail.id, outcome, answer, now).await?;
    }
    Ok(held)
}

/// Gives a mail back untouched: the connection was lost before its turn.
///
/// # Errors
/// What the database said.
pub async fn give_back(txn: &DatabaseTransaction, mail: &OutgoingMail) -> Result<(), DbErr> {
    let update = released(mine(mail), MailState::Waiting).col_expr(Column::Attempts, Expr::value(mail.attempts - 1));
    update.exec(txn).await.map(drop)
}

/// Takes the mails of workers that are gone: what was not handed over waits again, of the rest nobody knows. `all` when no
/// other server can be running. Returns how many of either.
///
/// # Errors
/// What the database said.
pub async fn recover(txn: &DatabaseTransaction, all: bool, now: DateTime<Utc>) -> Result<usize, DbErr> {
    let sending = Entity::find().filter(Column::State.eq(MailState::Sending));
    let left = if all { sending } else { sending.filter(Column::ClaimedUntil.lt(now)) }.all(txn).await?;
    let mut taken = 0;
    for mail in &left {
        let held = if mail.handed_over_at.is_none() {
            released(mine(mail), MailState::Waiting).exec(txn).await?.rows_affected
        } else {
            let lost = released(mine(mail), MailState::Unknown).col_expr(Column::EndedAt, Expr::value(Some(now)));
            let held = lost.exec(txn).await?.rows_affected;
            if held == 1 {
                let words = "le programme s’est arrêté pendant l’envoi";
                record(txn, mail.id, AttemptOutcome::Unknown, words, now).await?;
            }
            held
        };
        taken += usize::try_from(held).unwrap_or(0);
    }
    Ok(taken)
}

type Update = sea_orm::UpdateMany<Entity>;

/// Changes this mail only while the worker that had it still has it.
fn mine(mail: &OutgoingMail) -> Update {
    let claimed = Entity::update_many().filter(Column::Id.eq(mail.id)).filter(Column::State.eq(MailState::Sending));
    claimed.filter(Column::Claim.eq(mail.claim.clone()))
}

fn released(update: Update, state: MailState) -> Update {
    update
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Claim, Expr::value(Option::<String>::None))
        .col_expr(Column::ClaimedUntil, never())
}

fn never() -> Expr {
    Expr::value(Option::<DateTime<Utc>>::None)
}
