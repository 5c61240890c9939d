use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, QueryOrder, QuerySelect, TryInsertResult,
    entity::prelude::*,
    sea_query::OnConflict,
};

use super::message::{CannotCompose, Content, compose};
use super::{EmailAddress, Sender, WrongSender};
use super::{calendar_entry, suppression};
use crate::app::{App, Random};
use crate::web::{Error, french};

/// How long a mail is tried, from the first attempt on.
pub(super) const PATIENCE: TimeDelta = TimeDelta::hours(24);

/// A mail that is to leave, or what became of it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outgoing_mails")]
pub struct Model {
    /// Key; mails leave in this order.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// What it is about, so that no action mails twice: kind, row and version, `sign_in/12/1`.
    #[sea_orm(unique)]
    pub business_key: String,
    /// Which mail it is: `sign_in`.
    pub kind: String,
    /// The row whose mails leave one after the other: `registration/12`.
    pub subject_key: String,
    /// To whom.
    pub recipient: String,
    /// Its subject.
    pub title: String,
    /// Kept on every attempt.
    #[sea_orm(unique)]
    pub message_id: String,
    /// The whole mail in ASCII, lines ended by CRLF, not yet signed; empty once a secret one has ended.
    pub message: String,
    /// Whether it lets somebody in.
    pub is_secret: bool,
    /// Where it is.
    pub state: MailState,
    /// Attempts made.
    pub attempts: i32,
    /// When it may next be tried.
    pub due_at: DateTimeUtc,
    /// After that it is not tried again: a day after the first attempt.
    pub give_up_at: DateTimeUtc,
    /// After that it tells its reader nothing any more, and does not leave.
    pub useful_until: Option<DateTimeUtc>,
    /// Who sends it now.
    pub claim: Option<String>,
    /// Until when that one is believed to live.
    pub claimed_until: Option<DateTimeUtc>,
    /// Since when the other server may have its text.
    pub handed_over_at: Option<DateTimeUtc>,
    /// When it was decided.
    pub created_at: DateTimeUtc,
    /// When it was sent, given up or came back.
    pub ended_at: Option<DateTimeUtc>,
}

/// A mail that is to leave, or what became of it.
pub type OutgoingMail = Model;

impl Model {
    /// What became of it, for whoever was promised it: `Message parti le 12 mars 2027, 14 h 30.`
    #[must_use]
    pub fn news(&self, app: &App) -> String {
        let moment = |at: Option<DateTime<Utc>>| french::moment(app.local(at.unwrap_or(self.due_at)));
        match self.state {
            MailState::Waiting if self.attempts > 0 => {
                format!("La messagerie ne le prend pas pour l’instant. Nouvel essai le {}.", moment(None))
            }
            MailState::Waiting | MailState::Sending => "Le message va partir.".to_owned(),
            MailState::Sent if app.config.smtp_url.is_none() => {
                format!("Message écrit dans un fichier le {}.", moment(self.ended_at))
            }
            MailState::Sent => format!("Message parti le {}.", moment(self.ended_at)),
            MailState::Failed | MailState::Bounced => {
                "Le message n’a pas pu être remis. Vérifiez l’adresse.".to_owned()
            }
            MailState::Unknown => "Le message est peut-être arrivé, peut-être pas.".to_owned(),
        }
    }

    /// Whether more is to be known soon.
    #[must_use]
    pub fn is_on_its_way(&self) -> bool {
        matches!(self.state, MailState::Waiting | MailState::Sending)
    }
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Where a mail is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum MailState {
    /// For its turn, or for another attempt.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// A worker has it.
    #[sea_orm(string_value = "sending")]
    Sending,
    /// The other server took it.
    #[sea_orm(string_value = "sent")]
    Sent,
    /// The other server will not have it, or nobody took it within a day.
    #[sea_orm(string_value = "failed")]
    Failed,
    /// The connection broke after the text was handed over: staff decide.
    #[sea_orm(string_value = "unknown")]
    Unknown,
    /// The other server took it, and later said that it could not be delivered.
    #[sea_orm(string_value = "bounced")]
    Bounced,
}

impl MailState {
    /// Every state, in the order in which staff want to know.
    pub const ALL: [Self; 6] = [Self::Unknown, Self::Failed, Self::Bounced, Self::Waiting, Self::Sending, Self::Sent];

    /// The word in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Bounced => "bounced",
        }
    }

    /// As staff read it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "en attente",
            Self::Sending => "en cours d’envoi",
            Self::Sent => "envoyé",
            Self::Failed => "non envoyé",
            Self::Unknown => "sort inconnu",
            Self::Bounced => "revenu",
        }
    }
}

/// A mail to be written down.
#[derive(Clone, Debug)]
pub struct NewMail<'a> {
    /// Which mail it is: `sign_in`.
    pub kind: &'static str,
    /// The row it is about, whose mails leave in order: `sign_in/12`.
    pub about: String,
    /// Which time this kind of mail is sent about that row; the same number is the same mail.
    pub version: u32,
    /// To whom.
    pub to: &'a EmailAddress,
    /// What it says.
    pub content: Content,
    /// Whether it lets somebody in: its text is kept no longer than it takes to send it.
    pub is_secret: bool,
    /// After that it tells its reader nothing any more, and does not leave.
    pub useful_until: Option<DateTime<Utc>>,
}

/// Why a mail was not written down.
#[derive(Debug, thiserror::Error)]
pub enum NotEnqueued {
    /// It cannot be made.
    #[error(transparent)]
    Compose(#[from] CannotCompose),
    /// Its template cannot be drawn.
    #[error("the mail cannot be drawn")]
    Draw(#[from] askama::Error),
    /// Who it comes from.
    #[error(transparent)]
    Sender(#[from] WrongSender),
    /// A row holds an address that is none.
    #[error("a row holds an address that is none")]
    Address,
    /// The database did not take it.
    #[error("the mail cannot be written down")]
    Database(#[from] DbErr),
}

impl From<NotEnqueued> for Error {
    fn from(error: NotEnqueued) -> Self {
        Self::Broken { attempt: "writing a mail", cause: error.into() }
    }
}

/// Writes a mail down in the transaction that causes it. The same mail a second time is not written: false.
///
/// # Errors
/// When the mail cannot be made or the database does not take it.
pub async fn enqueue(
    txn: &DatabaseTransaction,
    sender: &Sender,
    random: &Random,
    mail: NewMail<'_>,
    now: DateTime<Utc>,
) -> Result<bool, NotEnqueued> {
    let event = mail.content.event.clone();
    let (message_id, message) = compose(sender, mail.to, &mail.content, &random.token(), now)?;
    let row = ActiveModel {
        id: NotSet,
        business_key: Set(business_key(mail.kind, &mail.about, mail.version)),
        kind: Set(mail.kind.to_owned()),
        subject_key: Set(mail.about),
        recipient: Set(mail.to.to_string()),
        title: Set(mail.content.title),
        message_id: Set(message_id),
        message: Set(message),
        is_secret: Set(mail.is_secret),
        state: Set(MailState::Waiting),
        attempts: Set(0),
        due_at: Set(now),
        give_up_at: Set(now + PATIENCE),
        useful_until: Set(mail.useful_until),
        claim: Set(None),
        claimed_until: Set(None),
        handed_over_at: Set(None),
        created_at: Set(now),
        ended_at: Set(None),
    };
    let once = OnConflict::column(Column::BusinessKey).do_nothing().to_owned();
    let written = Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(txn).await?;
    let is_new = matches!(written, TryInsertResult::Inserted(rows) if rows > 0);
    if let Some(event) = event.filter(|_| is_new) {
        calendar_entry::keep(txn, mail.to, &event, now).await?;
    }
    Ok(is_new)
}

/// The latest mails, newest first.
///
/// # Errors
/// What the database said.
pub async fn latest(db: &impl ConnectionTrait, most: u64) -> Result<Vec<OutgoingMail>, DbErr> {
    Entity::find().order_by_desc(Column::Id).limit(most).all(db).await
}

/// The latest mails in a state, newest first.
///
/// # Errors
/// What the database said.
pub async fn in_state(db: &impl ConnectionTrait, state: MailState, most: u64) -> Result<Vec<OutgoingMail>, DbErr> {
    Entity::find().filter(Column::State.eq(state)).order_by_desc(Column::Id).limit(most).all(db).await
}

/// Forgets mails that ended long ago: those that let somebody in after a week, the others after half a year.
///
/// # Errors
/// What the database said.
pub async fn forget_old(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    calendar_entry::forget_old(txn, now).await?;
    suppression::forget_old(txn, now).await?;
    for (is_secret, days) in [(true, 7), (false, 180)] {
        let old = Entity::delete_many().filter(Column::IsSecret.eq(is_secret));
        old.filter(Column::EndedAt.lt(now - TimeDelta::days(days))).exec(txn).await?;
    }
    Ok(())
}

/// All mails to an address, the first first.
///
/// # Errors
/// What the database said.
pub async fn to_address(db: &impl ConnectionTrait, email: &str) -> Result<Vec<OutgoingMail>, DbErr> {
    Entity::find().filter(Column::Recipient.eq(email)).order_by_asc(Column::Id).all(db).await
}

/// Forgets an address: what waits for it does not leave, what left is known no more. What is leaving this moment is lost to us.
///
/// # Errors
/// What the database said.
pub async fn forget_address(txn: &DatabaseTransaction, email: &str) -> Result<(), DbErr> {
    calendar_entry::forget_address(txn, email).await?;
    suppression::forget_address(txn, email).await?;
    Entity::delete_many().filter(Column::Recipient.eq(email)).exec(txn).await.map(drop)
}

/// The first mail of one of these kinds about each of these rows, by row; those nobody was written to about are left out.
///
/// # Errors
/// What the database said.
pub async fn first_about(
    db: &impl ConnectionTrait,
    kinds: &[&str],
    rows: &[String],
) -> Result<HashMap<String, OutgoingMail>, DbErr> {
    let keys = rows.iter().flat_map(|row| kinds.iter().map(|kind| business_key(kind, row, 1)));
    let mails = Entity::find().filter(Column::BusinessKey.is_in(keys)).all(db).await?;
    Ok(mails.into_iter().map(|mail| (mail.subject_key.clone(), mail)).collect())
}

fn business_key(kind: &str, row: &str, version: u32) -> String {
    format!("{kind}/{row}/{version}")
}

/// One mail.
///
/// # Errors
/// What the database said.
pub async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<OutgoingMail>, DbErr> {
    Entity::find_by_id(id).one(db).await
}
