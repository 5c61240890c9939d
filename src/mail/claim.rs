//! Who sends which mail: a worker claims, hands over, and says how it ended. Each step is one short transaction, and each
//! is refused to a worker whose claim was taken from it.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, FromQueryResult, QueryFilter,
    Statement,
};

use super::attempt::{AttemptOutcome, record};
use super::outgoing_mail::{Column, Entity, MailState, OutgoingMail, PATIENCE};

/// How long a worker that says nothing is believed to live: longer than one mail may take with another server. The rest of
/// a batch may be taken from a slow worker; it finds so when it comes to hand over.
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
    /// This one not now.
    Postponed(String),
    /// No mail now: the server cannot be reached, or takes none of ours.
    Unreachable(String),
    /// It waited until it was of no use.
    Late,
    /// The connection broke once the text was handed over.
    Unknown(String),
}

/// Mails that may be claimed at `$1`. A pause does not hold what lets people in: who paused may want to come back. Of each
/// row's mails only the first that has not ended: they leave in order.
const CLAIMABLE: &str = "FROM outgoing_mails mail
    WHERE mail.state = 'waiting' AND mail.due_at <= $1
      AND (mail.is_secret OR NOT EXISTS (SELECT 1 FROM mail_pauses))
      AND NOT EXISTS (SELECT 1 FROM outgoing_mails earlier
                      WHERE earlier.subject_key = mail.subject_key AND earlier.id < mail.id
                        AND earlier.state IN ('waiting', 'sending'))";

/// Whether [`claim`] would find something.
///
/// # Errors
/// What the database said.
pub async fn is_due(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = format!("SELECT mail.id {CLAIMABLE} LIMIT 1");
    let found = Statement::from_sql_and_values(db.get_database_backend(), sql, [now.into()]);
    Ok(db.query_one_raw(found).await?.is_some())
}

/// The next mails that are due, now this worker's. Their day of attempts begins with the first.
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
    // MATERIALIZED: else PostgreSQL may run the inner query anew for each outer row, and take more than the limit.
    let sql = format!(
        "WITH next AS MATERIALIZED (SELECT mail.id {CLAIMABLE} ORDER BY mail.due_at, mail.id LIMIT $2 {skip})
         UPDATE outgoing_mails
         SET state = 'sending', claim = $3, claimed_until = $4, attempts = attempts + 1,
             give_up_at = CASE WHEN attempts = 0 THEN $5 ELSE give_up_at END
         WHERE state = 'waiting' AND id IN (SELECT id FROM next)
         RETURNING *"
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let values = [now.into(), most.into(), worker.into(), (now + LEASE).into(), (now + PATIENCE).into()];
    let rows = txn.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let mut mails = rows.iter().map(|row| OutgoingMail::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    mails.sort_by_key(|mail| mail.id);
    Ok(mails)
}

/// Says that the text is about to be handed over: from here on, silence means that nobody knows. False when the claim was
/// taken away or all sending paused: the text must not leave.
///
/// # Errors
/// What the database said.
pub async fn hand_over(txn: &DatabaseTransaction, mail: &OutgoingMail, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let update = mine(mail)
        .col_expr(Column::HandedOverAt, Expr::value(now))
        .col_expr(Column::ClaimedUntil, Expr::value(now + LEASE))
        .filter(Expr::cust("(is_secret OR NOT EXISTS (SELECT 1 FROM mail_pauses))"));
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
        Ending::Late => (MailState::Failed, AttemptOutcome::GivenUp, &"il ne servait plus à rien".to_owned()),
        Ending::Postponed(answer) | Ending::Unreachable(answer) if due > mail.give_up_at => {
            (MailState::Failed, AttemptOutcome::GivenUp, answer)
        }
        Ending::Postponed(answer) | Ending::Unreachable(answer) => {
            (MailState::Waiting, AttemptOutcome::Postponed, answer)
        }
        Ending::Unknown(answer) => (MailState::Unknown, AttemptOutcome::Unknown, answer),
    };
    let update = if state == MailState::Waiting {
        let again = released(mine(mail), state).col_expr(Column::DueAt, Expr::value(due));
        again.col_expr(Column::HandedOverAt, never())
    } else {
        ended(released(mine(mail), state), now)
    };
    let held = update.exec(txn).await?.rows_affected == 1;
    if held {
        record(txn, mail.id, outcome, answer, now).await?;
    }
    Ok(held)
}

/// Gives mails back untouched: the connection was lost before their turn, or all sending was paused.
///
/// # Errors
/// What the database said.
pub async fn give_back(txn: &DatabaseTransaction, mails: &[OutgoingMail]) -> Result<(), DbErr> {
    for mail in mails {
        let update =
            released(mine(mail), MailState::Waiting).col_expr(Column::Attempts, Expr::value(mail.attempts - 1));
        update.exec(txn).await?;
    }
    Ok(())
}

/// Whose mails are taken back.
#[derive(Clone, Copy, Debug)]
pub enum Gone<'a> {
    /// Every worker: no other server can be running.
    All,
    /// Workers that have said nothing for too long.
    Silent,
    /// This one, which starts anew.
    Worker(&'a str),
}

/// Takes the mails of workers that are gone: what was not handed over waits again, of the rest nobody knows. Returns how
/// many of either.
///
/// # Errors
/// What the database said.
pub async fn recover(txn: &DatabaseTransaction, gone: Gone<'_>, now: DateTime<Utc>) -> Result<usize, DbErr> {
    let sending = Entity::find().filter(Column::State.eq(MailState::Sending));
    let left = match gone {
        Gone::All => sending,
        Gone::Silent => sending.filter(Column::ClaimedUntil.lt(now)),
        Gone::Worker(name) => sending.filter(Column::Claim.eq(name)),
    };
    let left = left.all(txn).await?;
    let mut taken = 0;
    for mail in &left {
        let held = if mail.handed_over_at.is_none() {
            released(mine(mail), MailState::Waiting).exec(txn).await?.rows_affected
        } else {
            let lost = ended(released(mine(mail), MailState::Unknown), now);
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

pub(super) type Update = sea_orm::UpdateMany<Entity>;

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

/// With its end the text of a secret mail goes.
pub(super) fn ended(update: Update, now: DateTime<Utc>) -> Update {
    update
        .col_expr(Column::EndedAt, Expr::value(Some(now)))
        .col_expr(Column::Message, Expr::cust("CASE WHEN is_secret THEN '' ELSE message END"))
}

fn never() -> Expr {
    Expr::value(Option::<DateTime<Utc>>::None)
}
