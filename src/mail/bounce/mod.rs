//! What comes back: other servers say which mails of ours they could not deliver.
//!
//! - `notice` what a notification says · `folder` where they are laid
//! - here, what becomes of the mail

mod folder;
mod notice;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder};

pub use self::{
    folder::{CannotCollect, collect},
    notice::{Fate, LARGEST, Notice},
};
use super::attempt::{AttemptOutcome, record_notice};
use super::claim::ended;
use super::outgoing_mail::{Column, Entity, MailState};

/// What became of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is none, or says nothing of a mail that was not delivered.
    NoNotice,
    /// It is about no mail of ours that is still known.
    NotOurs,
    /// It was read before.
    Known,
    /// Its words stand beside the mail with this key, which stays as it is.
    Noted(i64),
    /// The mail with this key came back.
    Bounced(i64),
}

/// Reads a notification and writes down what it says of a mail of ours. It is matched by the Message-ID, which nobody knows
/// but us and those the mail went to; addresses and subjects can be written by anybody. The same twice changes nothing.
///
/// # Errors
/// What the database said.
pub async fn receive(txn: &DatabaseTransaction, bytes: &[u8], now: DateTime<Utc>) -> Result<Received, DbErr> {
    let Some(notice) = Notice::read(bytes) else { return Ok(Received::NoNotice) };
    let named = Entity::find().filter(Column::MessageId.is_in(&notice.about)).order_by_desc(Column::Id);
    let Some(mail) = named.one(txn).await? else { return Ok(Received::NotOurs) };
    let outcome = match notice.fate {
        Fate::Failed => AttemptOutcome::Bounced,
        Fate::Delayed => AttemptOutcome::Delayed,
    };
    if !record_notice(txn, mail.id, outcome, (&notice.words, &notice.digest), now).await? {
        return Ok(Received::Known);
    }
    if notice.fate == Fate::Delayed {
        return Ok(Received::Noted(mail.id));
    }
    // What waits or is being sent again has its own end before it.
    let came_back = ended(Entity::update_many(), now)
        .col_expr(Column::State, Expr::value(MailState::Bounced))
        .filter(Column::Id.eq(mail.id))
        .filter(Column::State.is_in([MailState::Sent, MailState::Unknown]));
    let changed = came_back.exec(txn).await?.rows_affected == 1;
    Ok(if changed { Received::Bounced(mail.id) } else { Received::Noted(mail.id) })
}
