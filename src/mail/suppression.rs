//! Mails that nobody is bound to get: each holds an address by which its reader gets no more of them (RFC 8058).

use std::collections::HashSet;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, QuerySelect,
    entity::prelude::*,
    sea_query::OnConflict,
};

use super::outgoing_mail::{self, MailState, NewMail, NotEnqueued, enqueue};
use super::{Content, EmailAddress, Letterhead, Sender, decision};
use crate::app::{App, digest};

/// How long the address in a mail works.
const WORKS: TimeDelta = TimeDelta::days(365);

/// A kind of mail that nobody is bound to get; its code is the mail's [`super::NewMail::kind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// What is new, once a week.
    Digest,
    /// To take over a listing that bears one's address.
    Invitation,
    /// To say whom one would meet at a speed meeting.
    WishReminder,
    /// To come to a speed meeting.
    Meeting,
    /// What came of the appointments of a meeting.
    FollowUp,
}

impl Category {
    const ALL: [Self; 5] = [Self::Digest, Self::Invitation, Self::WishReminder, Self::Meeting, Self::FollowUp];

    /// The word in rows.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Invitation => "claim_invitation",
            Self::WishReminder => "wish_reminder",
            Self::Meeting => "meeting_invitation",
            Self::FollowUp => "meeting_follow_up",
        }
    }

    /// As its reader knows it: "le résumé de la semaine".
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Digest => "le résumé de la semaine",
            Self::Invitation => "les invitations à tenir votre fiche",
            Self::WishReminder => "les rappels de dire qui vous voulez rencontrer",
            Self::Meeting => "les invitations aux rencontres",
            Self::FollowUp => "les questions sur les suites d’une rencontre",
        }
    }
}

/// Row and version of a person's digest of a day: whichever room writes it, nobody gets two on one day.
#[must_use]
pub fn digest_of(person: i64, day: NaiveDate) -> (String, u32) {
    (format!("people/{person}"), day.year().unsigned_abs() * 10_000 + day.month() * 100 + day.day())
}

/// Who does not want what.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_suppressions")]
pub(super) struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub recipient: String,
    /// What.
    #[sea_orm(primary_key, auto_increment = false)]
    pub category: String,
    /// Since when.
    pub since: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The address in a mail.
mod way {
    use sea_orm::entity::prelude::*;

    /// One mail's.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mail_ways_out")]
    pub(super) struct Model {
        /// Key.
        #[sea_orm(primary_key)]
        pub id: i64,
        /// Hash of its token.
        pub token_hash: String,
        /// Whose mail it was.
        pub recipient: String,
        /// Of which category.
        pub category: String,
        /// When it was written.
        pub created_at: DateTimeUtc,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Where one gets no more of a kind of mail.
struct WayOut {
    /// For the text of the mail: a page with a button.
    page: String,
    /// For [`super::Content::unsubscribe`]: one click of the mail program.
    one_click: String,
}

/// A mail that nobody is bound to get, before it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionalMail {
    /// What kind.
    pub category: Category,
    /// [`NewMail::about`].
    pub about: String,
    /// [`NewMail::version`].
    pub version: u32,
    /// [`NewMail::useful_until`].
    pub useful_until: Option<DateTime<Utc>>,
}

/// Writes down a mail that nobody is bound to get, drawn with the address of the page where its reader gets no more of them;
/// false when she does not want it, or had it.
///
/// # Errors
/// When the mail cannot be made or written down.
pub async fn enqueue_optional(
    txn: &DatabaseTransaction,
    app: &App,
    to: &EmailAddress,
    wanted: OptionalMail,
    draw: impl FnOnce(&Letterhead, &str) -> askama::Result<Content>,
) -> Result<bool, NotEnqueued> {
    let now = app.clock.now();
    let Some(way) = way_out(txn, app, to, wanted.category).await? else { return Ok(false) };
    let content = draw(&Letterhead::new(&app.config), &way.page)?;
    let mail = NewMail {
        kind: wanted.category.code(),
        about: wanted.about,
        version: wanted.version,
        to,
        content: Content { unsubscribe: Some(way.one_click), ..content },
        is_secret: false,
        useful_until: wanted.useful_until,
    };
    enqueue(txn, &Sender::new(&app.config)?, &app.random, mail, now).await
}

/// Whose mails of which kind a token is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Whose.
    pub recipient: String,
    /// Which.
    pub category: Category,
    /// Whether they still leave.
    pub is_wanted: bool,
}

/// The way out for a mail that is about to be written; nothing when its reader does not want it: then none is written.
async fn way_out(
    txn: &DatabaseTransaction,
    app: &App,
    to: &EmailAddress,
    category: Category,
) -> Result<Option<WayOut>, DbErr> {
    if !is_wanted(txn, to.as_str(), category).await? {
        return Ok(None);
    }
    let token = app.random.token();
    let row = way::ActiveModel {
        id: NotSet,
        token_hash: Set(digest(token.as_bytes())),
        recipient: Set(to.to_string()),
        category: Set(category.code().to_owned()),
        created_at: Set(app.clock.now()),
    };
    way::Entity::insert(row).exec_without_returning(txn).await?;
    let page = format!("{}/courrier/arret/{token}", app.config.public_url());
    Ok(Some(WayOut { one_click: format!("{page}/un-clic"), page }))
}

/// Whether mails of a kind still leave for an address.
///
/// # Errors
/// What the database said.
pub async fn subscription(db: &impl ConnectionTrait, email: &str, category: Category) -> Result<Subscription, DbErr> {
    let is_wanted = is_wanted(db, email, category).await?;
    Ok(Subscription { recipient: email.to_owned(), category, is_wanted })
}

/// The addresses that want no mails of a kind.
///
/// # Errors
/// What the database said.
pub async fn unwilling(db: &impl ConnectionTrait, category: Category) -> Result<HashSet<String>, DbErr> {
    let rows = Entity::find().select_only().column(Column::Recipient).filter(Column::Category.eq(category.code()));
    let addresses: Vec<String> = rows.into_tuple().all(db).await?;
    Ok(addresses.into_iter().collect())
}

async fn is_wanted(db: &impl ConnectionTrait, email: &str, category: Category) -> Result<bool, DbErr> {
    Ok(Entity::find_by_id((email.to_owned(), category.code().to_owned())).one(db).await?.is_none())
}

/// What a token is about. Looking at it changes nothing.
///
/// # Errors
/// What the database said.
pub async fn of_token(db: &impl ConnectionTrait, token: &str) -> Result<Option<Subscription>, DbErr> {
    let found = way::Entity::find().filter(way::Column::TokenHash.eq(digest(token.as_bytes()))).one(db).await?;
    let Some(way) = found else { return Ok(None) };
    let Some(category) = Category::ALL.into_iter().find(|known| known.code() == way.category) else {
        return Ok(None);
    };
    let is_wanted = is_wanted(db, &way.recipient, category).await?;
    Ok(Some(Subscription { recipient: way.recipient, category, is_wanted }))
}

/// No more mails of this kind; those that wait do not leave.
///
/// # Errors
/// What the database said.
pub async fn stop(txn: &DatabaseTransaction, what: &Subscription, now: DateTime<Utc>) -> Result<(), DbErr> {
    let row = ActiveModel {
        recipient: Set(what.recipient.clone()),
        category: Set(what.category.code().to_owned()),
        since: Set(now),
    };
    let once = OnConflict::columns([Column::Recipient, Column::Category]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(txn).await?;
    let waiting = outgoing_mail::Entity::find()
        .filter(outgoing_mail::Column::Recipient.eq(&what.recipient))
        .filter(outgoing_mail::Column::Kind.eq(what.category.code()))
        .filter(outgoing_mail::Column::State.eq(MailState::Waiting));
    for mail in waiting.all(txn).await? {
        decision::give_up(txn, mail.id, "la personne qui devait le recevoir", now).await?;
    }
    Ok(())
}

/// Mails of this kind again.
///
/// # Errors
/// What the database said.
pub async fn start_again(txn: &DatabaseTransaction, what: &Subscription) -> Result<(), DbErr> {
    Entity::delete_by_id((what.recipient.clone(), what.category.code().to_owned())).exec(txn).await.map(drop)
}

/// Forgets what an address does not want, and the ways out of its mails.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_address(txn: &DatabaseTransaction, email: &str) -> Result<(), DbErr> {
    way::Entity::delete_many().filter(way::Column::Recipient.eq(email)).exec(txn).await?;
    Entity::delete_many().filter(Column::Recipient.eq(email)).exec(txn).await.map(drop)
}

/// Forgets the ways out of old mails.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_old(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    way::Entity::delete_many().filter(way::Column::CreatedAt.lt(now - WORKS)).exec(txn).await.map(drop)
}
