//! Something a person has, besides her mailbox: a telephone that shows a code which changes every half minute (RFC 6238),
//! and ten codes on paper for the day it is lost.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction,
    entity::prelude::*,
    sea_query::OnConflict,
};
use totp_rs::Builder;

use super::allowance::{self, Allowance};
use super::person::Person;
use super::secret::hash;
use crate::app::Random;

/// Codes that a person may get wrong in an hour: one in 100,000 guesses right.
const TRIES: Allowance = Allowance::per_hour("second-factor", 10);
/// Codes on paper.
const RECOVERY_CODES: usize = 10;
/// Letters and digits that nobody takes for another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// What a person's telephone shares with us.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factors")]
pub(super) struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    /// 20 random bytes.
    pub secret: Vec<u8>,
    /// Half minute of the last code used: each works once.
    pub last_step: i64,
    /// Begun.
    pub created_at: DateTimeUtc,
    /// Since when a code of it is asked for.
    pub confirmed_at: Option<DateTimeUtc>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The codes on paper.
mod recovery_code {
    use sea_orm::entity::prelude::*;

    /// One that was not used yet.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "recovery_codes")]
    pub(super) struct Model {
        /// Key.
        #[sea_orm(primary_key)]
        pub id: i64,
        /// Whose.
        pub person_id: i64,
        /// Its hash.
        pub code_hash: String,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Where a person stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// She has none.
    None,
    /// She has begun and not yet typed a first code.
    Begun(Vec<u8>),
    /// It is asked for at each sign-in; so many codes on paper are left.
    Active {
        /// Codes on paper left.
        codes_left: u64,
    },
}

/// How a code was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checked {
    /// It is hers, and used.
    Right,
    /// Nothing was typed: no try is counted.
    Missing,
    /// It is not, or was used before.
    Wrong,
    /// The same, of what looks like a code on paper.
    WrongOnPaper,
    /// Too many wrong ones in this hour: nothing was looked at.
    TooMany,
}

/// Where a person stands.
///
/// # Errors
/// What the database said.
pub(super) async fn standing(db: &impl ConnectionTrait, person: &Person) -> Result<Standing, DbErr> {
    let Some(factor) = Entity::find_by_id(person.id).one(db).await? else { return Ok(Standing::None) };
    if factor.confirmed_at.is_none() {
        return Ok(Standing::Begun(factor.secret));
    }
    let left = recovery_code::Entity::find().filter(recovery_code::Column::PersonId.eq(person.id));
    Ok(Standing::Active { codes_left: sea_orm::PaginatorTrait::count(left, db).await? })
}

/// Whether a code is asked for when this person signs in.
///
/// # Errors
/// What the database said.
pub(super) async fn is_active(db: &impl ConnectionTrait, person: i64) -> Result<bool, DbErr> {
    Ok(Entity::find_by_id(person).filter(Column::ConfirmedAt.is_not_null()).one(db).await?.is_some())
}

/// Those of these people of whom a code is asked when they sign in.
///
/// # Errors
/// What the database said.
pub(super) async fn active_among(db: &impl ConnectionTrait, people: &[Person]) -> Result<Vec<i64>, DbErr> {
    let theirs = Entity::find().filter(Column::PersonId.is_in(people.iter().map(|person| person.id)));
    let active = theirs.filter(Column::ConfirmedAt.is_not_null()).all(db).await?;
    Ok(active.into_iter().map(|factor| factor.person_id).collect())
}

/// Begins: a new secret, which asks for nothing until a code of it was typed. An active one stays as it is.
///
/// # Errors
/// What the database said.
pub(super) async fn begin(
    txn: &DatabaseTransaction,
    person: &Person,
    random: &Random,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    if is_active(txn, person.id).await? {
        return Ok(());
    }
    let row = ActiveModel {
        person_id: Set(person.id),
        secret: Set(random.bytes::<20>().to_vec()),
        last_step: Set(0),
        created_at: Set(now),
        confirmed_at: Set(None),
    };
    let anew = OnConflict::column(Column::PersonId).update_columns([Column::Secret, Column::CreatedAt]).to_owned();
    Entity::insert(row).on_conflict(anew).exec_without_returning(txn).await.map(drop)
}

/// What the telephone reads from the picture.
#[must_use]
pub(super) fn address(secret: &[u8], site: &str, person: &Person) -> String {
    // A colon would part the two names.
    let plain = |text: &str| text.replace(':', " ");
    let totp = builder(secret).with_issuer(Some(plain(site))).with_account_name(plain(&person.email)).build();
    totp.ok().and_then(|totp| totp.to_url().ok()).unwrap_or_default()
}

/// The secret as one types it: groups of four.
#[must_use]
pub(super) fn spelled(secret: &[u8]) -> String {
    let text = totp_rs::Secret::from(secret).to_base32();
    let groups: Vec<&str> = (0..text.len()).step_by(4).map(|at| &text[at..(at + 4).min(text.len())]).collect();
    groups.join(" ")
}

/// Takes a code of the telephone or of the paper, once. The caller commits either way: wrong ones are counted.
///
/// # Errors
/// What the database said.
pub(super) async fn check(
    txn: &DatabaseTransaction,
    person: &Person,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<Checked, DbErr> {
    let typed: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    if typed.is_empty() {
        return Ok(Checked::Missing);
    }
    if !allowance::take(txn, TRIES, &person.id.to_string(), now).await? {
        return Ok(Checked::TooMany);
    }
    let Some(factor) = Entity::find_by_id(person.id).one(txn).await? else { return Ok(Checked::Wrong) };
    let typed = typed.to_ascii_lowercase().replace('o', "0");
    let has_paper = factor.confirmed_at.is_some();
    let is_right = match matched(&factor.secret, &typed, now) {
        Some(step) => use_step(txn, person, step).await?,
        None => has_paper && use_recovery_code(txn, person, &typed).await?,
    };
    if !is_right {
        return Ok(if has_paper && looks_like_paper(&typed) { Checked::WrongOnPaper } else { Checked::Wrong });
    }
    allowance::give_back(txn, TRIES, &person.id.to_string()).await?;
    Ok(Checked::Right)
}

/// Whether somebody copied from paper: a telephone shows six digits and no letter.
fn looks_like_paper(typed: &str) -> bool {
    typed.len() > 8 || typed.contains(|c: char| c.is_ascii_alphabetic())
}

/// The half minute whose code was typed; a telephone's clock may be one off.
fn matched(secret: &[u8], typed: &str, now: DateTime<Utc>) -> Option<i64> {
    let seconds = u64::try_from(now.timestamp()).ok()?;
    let step = builder(secret).with_skew(1).build_noncompliant().check(typed, seconds)?;
    i64::try_from(step).ok()
}

fn builder(secret: &[u8]) -> Builder {
    Builder::new().with_secret(secret)
}

async fn use_step(txn: &DatabaseTransaction, person: &Person, step: i64) -> Result<bool, DbErr> {
    let update = Entity::update_many().col_expr(Column::LastStep, Expr::value(step));
    let unused = update.filter(Column::PersonId.eq(person.id)).filter(Column::LastStep.lt(step));
    Ok(unused.exec(txn).await?.rows_affected == 1)
}

async fn use_recovery_code(txn: &DatabaseTransaction, person: &Person, typed: &str) -> Result<bool, DbErr> {
    let unused = recovery_code::Entity::delete_many().filter(recovery_code::Column::PersonId.eq(person.id));
    let unused = unused.filter(recovery_code::Column::CodeHash.eq(hash(typed)));
    Ok(unused.exec(txn).await?.rows_affected == 1)
}

/// From now on a code is asked for; returns the codes on paper, which are shown this once.
///
/// # Errors
/// What the database said.
pub(super) async fn confirm(
    txn: &DatabaseTransaction,
    person: &Person,
    random: &Random,
    now: DateTime<Utc>,
) -> Result<Vec<String>, DbErr> {
    let update = Entity::update_many().col_expr(Column::ConfirmedAt, Expr::value(Some(now)));
    update.filter(Column::PersonId.eq(person.id)).exec(txn).await?;
    new_recovery_codes(txn, person, random).await
}

/// Other codes on paper; those before are worth nothing any more.
///
/// # Errors
/// What the database said.
pub(super) async fn new_recovery_codes(
    txn: &DatabaseTransaction,
    person: &Person,
    random: &Random,
) -> Result<Vec<String>, DbErr> {
    let old = recovery_code::Entity::delete_many().filter(recovery_code::Column::PersonId.eq(person.id));
    old.exec(txn).await?;
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code(random)).collect();
    for code in &codes {
        let row = recovery_code::ActiveModel {
            id: NotSet,
            person_id: Set(person.id),
            code_hash: Set(hash(&code.replace('-', ""))),
        };
        recovery_code::Entity::insert(row).exec_without_returning(txn).await?;
    }
    Ok(codes)
}

/// `kq7m-2xwd-9fhp`: 60 random bits.
fn recovery_code(random: &Random) -> String {
    let letters: String = random.bytes::<12>().iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    format!("{}-{}-{}", &letters[..4], &letters[4..8], &letters[8..])
}

/// No code is asked for any more; false when none was.
///
/// # Errors
/// What the database said.
pub(super) async fn remove(txn: &DatabaseTransaction, person: i64) -> Result<bool, DbErr> {
    Ok(Entity::delete_many().filter(Column::PersonId.eq(person)).exec(txn).await?.rows_affected == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six of its eight digits.
        let secret = b"12345678901234567890";
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        assert_eq!(matched(secret, "287082", at(59)), Some(1));
        assert_eq!(matched(secret, "081804", at(1_111_111_109)), Some(37_037_036));
        assert_eq!(matched(secret, "287082", at(89)), Some(1), "half a minute late");
        assert_eq!(matched(secret, "287082", at(120)), None);
        assert_eq!(matched(secret, "", at(59)), None);
    }

    #[test]
    fn codes_on_paper_are_long_and_differ() {
        let random = Random::seeded(1);
        let codes: std::collections::HashSet<String> = (0..100).map(|_| recovery_code(&random)).collect();
        assert!(codes.len() == 100 && codes.iter().all(|code| code.len() == 14));
    }

    #[test]
    fn the_picture_names_site_and_person() {
        let person = Person {
            id: 1,
            email: "claire@departement.example".into(),
            name: String::new(),
            is_organiser: true,
            created_at: DateTime::default(),
            last_seen_at: None,
            inactivity_warned_at: None,
        };
        let address = address(b"12345678901234567890", "Manger local", &person);
        assert!(address.starts_with("otpauth://totp/Manger%20local:claire%40departement.example?"), "{address}");
        assert!(address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") && address.contains("issuer=Manger"));
    }
}
