use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, ExprTrait, QueryOrder,
    entity::prelude::*,
};

use super::person::{self, Person};
use super::secret::hash;

/// How long a browser that shows itself no more stays signed in.
const IDLE: TimeDelta = TimeDelta::days(30);
/// The same on a computer that others use.
const IDLE_IF_SHARED: TimeDelta = TimeDelta::hours(12);
/// How long it may wait for the second factor.
const HALFWAY: TimeDelta = TimeDelta::minutes(15);
/// How often its last visit is written down.
const NOTED: TimeDelta = TimeDelta::hours(1);

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub(super) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose.
    pub person_id: i64,
    /// Hash of the cookie.
    #[sea_orm(unique)]
    pub token_hash: String,
    /// `Firefox sur Windows`.
    pub device: String,
    /// Since when.
    pub created_at: DateTimeUtc,
    /// Last visit, to the hour.
    pub last_seen_at: DateTimeUtc,
    /// Whether the second factor is still missing: nothing is open to it until then.
    pub awaits_second_factor: bool,
    /// Whether it outlives the day: not on a computer that others use.
    pub is_kept: bool,
}

/// A browser that is signed in.
pub(super) type Session = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    fn is_open(&self, now: DateTime<Utc>) -> bool {
        now < match (self.awaits_second_factor, self.is_kept) {
            (true, _) => self.created_at + HALFWAY,
            (false, true) => self.last_seen_at + IDLE,
            (false, false) => self.last_seen_at + IDLE_IF_SHARED,
        }
    }
}

/// A browser about to be signed in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening<'a> {
    /// Whose.
    pub person: i64,
    /// What goes into its cookie.
    pub token: &'a str,
    /// What it was signed in with before, which ends.
    pub before: Option<&'a str>,
    /// `Firefox sur Windows`.
    pub device: &'a str,
    /// Whether the second factor is still missing.
    pub awaits_second_factor: bool,
    /// Whether it outlives the day.
    pub is_kept: bool,
}

/// Signs a browser in, or half in.
///
/// # Errors
/// What the database said.
pub(super) async fn open(txn: &DatabaseTransaction, opening: Opening<'_>, now: DateTime<Utc>) -> Result<(), DbErr> {
    if let Some(before) = opening.before {
        close(txn, before).await?;
    }
    let row = ActiveModel {
        id: NotSet,
        person_id: Set(opening.person),
        token_hash: Set(hash(opening.token)),
        device: Set(opening.device.to_owned()),
        created_at: Set(now),
        last_seen_at: Set(now),
        awaits_second_factor: Set(opening.awaits_second_factor),
        is_kept: Set(opening.is_kept),
    };
    Entity::insert(row).exec_without_returning(txn).await?;
    person::seen(txn, opening.person, now).await
}

/// The session of a cookie and its person; nothing when it ended or was idle too long.
///
/// # Errors
/// What the database said.
pub(super) async fn of_token(
    db: &impl ConnectionTrait,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Session, Person)>, DbErr> {
    let found = Entity::find().filter(Column::TokenHash.eq(hash(token))).one(db).await?;
    let Some(session) = found.filter(|session| session.is_open(now)) else { return Ok(None) };
    let person = person::Entity::find_by_id(session.person_id).one(db).await?;
    Ok(person.map(|person| (session, person)))
}

/// Whether the last visit should be written down anew.
pub(super) fn is_stale(session: &Session, now: DateTime<Utc>) -> bool {
    session.last_seen_at + NOTED < now
}

/// Writes down a visit.
///
/// # Errors
/// What the database said.
pub(super) async fn note(txn: &DatabaseTransaction, session: &Session, now: DateTime<Utc>) -> Result<(), DbErr> {
    let update = Entity::update_many().col_expr(Column::LastSeenAt, Expr::value(now));
    update.filter(Column::Id.eq(session.id)).exec(txn).await?;
    person::seen(txn, session.person_id, now).await
}

/// Ends the session of a cookie.
///
/// # Errors
/// What the database said.
pub(super) async fn close(txn: &DatabaseTransaction, token: &str) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::TokenHash.eq(hash(token))).exec(txn).await.map(drop)
}

/// Ends one of a person's own sessions; false when it is not theirs or has ended.
///
/// # Errors
/// What the database said.
pub(super) async fn revoke(txn: &DatabaseTransaction, person: &Person, id: i64) -> Result<bool, DbErr> {
    let own = Entity::delete_many().filter(Column::Id.eq(id)).filter(Column::PersonId.eq(person.id));
    Ok(own.exec(txn).await?.rows_affected == 1)
}

/// Ends all of a person's sessions but one.
///
/// # Errors
/// What the database said.
pub(super) async fn revoke_others(txn: &DatabaseTransaction, kept: &Session) -> Result<u64, DbErr> {
    let others = Entity::delete_many().filter(Column::PersonId.eq(kept.person_id)).filter(Column::Id.ne(kept.id));
    Ok(others.exec(txn).await?.rows_affected)
}

/// The browsers a person is signed in with, the latest first.
///
/// # Errors
/// What the database said.
pub(super) async fn of_person(
    db: &impl ConnectionTrait,
    person: &Person,
    now: DateTime<Utc>,
) -> Result<Vec<Session>, DbErr> {
    let own = Entity::find().filter(Column::PersonId.eq(person.id)).filter(Column::AwaitsSecondFactor.eq(false));
    let sessions = own.order_by_desc(Column::LastSeenAt).order_by_desc(Column::Id).all(db).await?;
    Ok(sessions.into_iter().filter(|session| session.is_open(now)).collect())
}

/// All of a person's sessions, those too that wait or have ended unnoticed.
///
/// # Errors
/// What the database said.
pub(super) async fn all_of_person(db: &impl ConnectionTrait, person: &Person) -> Result<Vec<Session>, DbErr> {
    Entity::find().filter(Column::PersonId.eq(person.id)).order_by_asc(Column::Id).all(db).await
}

/// Forgets what has been idle too long, or has waited too long for the second factor.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_idle(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    let idle = Column::LastSeenAt.lte(now - IDLE);
    let shared = Column::IsKept.eq(false).and(Column::LastSeenAt.lte(now - IDLE_IF_SHARED));
    let halfway = Column::AwaitsSecondFactor.eq(true).and(Column::CreatedAt.lte(now - HALFWAY));
    Entity::delete_many().filter(idle.or(shared).or(halfway)).exec(txn).await.map(drop)
}

/// A browser as its owner knows it again, from what it says of itself.
#[must_use]
pub(super) fn device(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    // Each says the names of those it wants to be taken for: the most particular first.
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} sur {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("Navigateur sur {system}"),
        (None, None) => "Navigateur inconnu".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_as_its_owner_knows_it() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0";
        assert_eq!(device(edge), "Edge sur Windows");
        let phone =
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36";
        assert_eq!(device(phone), "Chrome sur Android");
        assert_eq!(device("curl/8"), "Navigateur inconnu");
    }
}
