//! Inviting whoever a listing of a file belongs to to take it over: one mail for each address, once for ever, with all the
//! listings that bear it.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, DatabaseTransaction, PaginatorTrait, QueryOrder, QuerySelect, entity::prelude::*,
    sea_query::OnConflict,
};

use super::{Origin, State, claim, mail, supplier};
use crate::app::{App, digest};
use crate::mail::EmailAddress;
use crate::places::Places;
use crate::schedule::{self, Failed, Next};

/// Work that writes the invitations.
pub const INVITE: &str = "suppliers.invite";
/// Mails written in one transaction.
const BATCH: u64 = 25;
/// Rows one query inserts.
const ROWS_PER_INSERT: usize = 1_000;

/// An address that was invited, or is about to be.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "claim_invitations")]
pub(super) struct Model {
    /// Hash of the address in small letters: who asks to be forgotten is, and is still not invited twice.
    #[sea_orm(primary_key, auto_increment = false)]
    pub address_hash: String,
    /// Where it is.
    pub state: InvitationState,
    /// When an organiser decided it.
    pub created_at: DateTimeUtc,
    /// When its mail was written.
    pub written_at: Option<DateTimeUtc>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Where an invitation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub(super) enum InvitationState {
    /// For its turn.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// Its mail is written.
    #[sea_orm(string_value = "written")]
    Written,
    /// Its reader does not want such mails.
    #[sea_orm(string_value = "left_out")]
    LeftOut,
}

/// An address and the listings that bear it: key, name, commune.
type Bearing = (EmailAddress, Vec<(i64, String, String)>);

/// The public listings that nobody holds and that bear an address, by its hash.
///
/// # Errors
/// What the database said.
async fn free(db: &impl ConnectionTrait) -> Result<BTreeMap<String, Bearing>, DbErr> {
    let columns = [supplier::Column::Id, supplier::Column::Name, supplier::Column::InseeCode, supplier::Column::Email];
    let rows: Vec<(i64, String, String, Option<String>)> = invitable()
        .select_only()
        .columns(columns)
        .filter(supplier::Column::Email.is_not_null())
        .order_by_asc(supplier::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    let mut by_address: BTreeMap<String, Bearing> = BTreeMap::new();
    for (id, name, commune, email) in rows {
        if let Some(email) = email.and_then(|email| EmailAddress::parse(email.trim()).ok()) {
            let hash = digest(email.as_str().to_lowercase().as_bytes());
            by_address.entry(hash).or_insert_with(|| (email, Vec::new())).1.push((id, name, commune));
        }
    }
    Ok(by_address)
}

/// The public listings that nobody holds and that are of somebody real.
fn invitable() -> Select<supplier::Entity> {
    let public = claim::free().filter(supplier::Column::State.eq(State::Published));
    public.filter(supplier::Column::Origin.ne(Origin::Demonstration))
}

/// How far the invitations are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Progress {
    /// Addresses that were never invited, and how many listings they have.
    pub(super) invitable: (u64, u64),
    /// Invitations that wait for their turn.
    pub(super) waiting: u64,
    /// Invitations that were written.
    pub(super) written: u64,
    /// Addresses whose readers do not want any.
    pub(super) left_out: u64,
    /// Public listings that nobody holds and that bear no address.
    pub(super) without_address: u64,
}

/// How far the invitations are.
///
/// # Errors
/// What the database said.
pub(super) async fn progress(db: &impl ConnectionTrait) -> Result<Progress, DbErr> {
    let known: Vec<(String, InvitationState)> =
        Entity::find().select_only().columns([Column::AddressHash, Column::State]).into_tuple().all(db).await?;
    let free = free(db).await?;
    let is_known: HashSet<&String> = known.iter().map(|(hash, _)| hash).collect();
    let fresh = free.iter().filter(|(hash, _)| !is_known.contains(hash));
    let fresh = fresh.fold((0, 0), |(people, rows), (_, (_, own))| (people + 1, rows + own.len() as u64));
    let in_state = |wanted| known.iter().filter(|(_, state)| *state == wanted).count() as u64;
    let without_address = invitable().filter(supplier::Column::Email.is_null()).count(db).await?;
    Ok(Progress {
        invitable: fresh,
        waiting: in_state(InvitationState::Waiting),
        written: in_state(InvitationState::Written),
        left_out: in_state(InvitationState::LeftOut),
        without_address,
    })
}

/// Decides that all who were never invited are, one after the other; how many.
///
/// # Errors
/// What the database said.
pub(super) async fn invite_all(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<u64, DbErr> {
    let rows = free(txn).await?.into_keys().map(|hash| ActiveModel {
        address_hash: Set(hash),
        state: Set(InvitationState::Waiting),
        created_at: Set(now),
        written_at: Set(None),
    });
    let rows: Vec<ActiveModel> = rows.collect();
    let mut invited = 0;
    for rows in rows.chunks(ROWS_PER_INSERT) {
        let once = OnConflict::column(Column::AddressHash).do_nothing().to_owned();
        let written = Entity::insert_many(rows.iter().cloned()).on_conflict(once).try_insert();
        if let sea_orm::TryInsertResult::Inserted(count) = written.exec_without_returning(txn).await? {
            invited += count;
        }
    }
    if invited > 0 {
        schedule::plan(txn, INVITE, "", now).await?;
    }
    Ok(invited)
}

/// Stops: whoever has not been written to may be invited another time. How many.
///
/// # Errors
/// What the database said.
pub(super) async fn stop(txn: &DatabaseTransaction) -> Result<u64, DbErr> {
    schedule::cancel(txn, INVITE, "").await?;
    let waiting = Entity::delete_many().filter(Column::State.eq(InvitationState::Waiting));
    Ok(waiting.exec(txn).await?.rows_affected)
}

/// Writes the next invitations.
///
/// # Errors
/// When a mail cannot be made or the database does not answer.
pub async fn invite(app: &App, txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Next, Failed> {
    let waiting = Entity::find().filter(Column::State.eq(InvitationState::Waiting)).order_by_asc(Column::AddressHash);
    let waiting = waiting.limit(BATCH).lock_exclusive().all(txn).await?;
    if waiting.is_empty() {
        return Ok(Next::Done);
    }
    let free = free(txn).await?;
    for row in waiting {
        let Some((address, listings)) = free.get(&row.address_hash) else {
            // Somebody holds it by now, or it is out of sight for a while: another time.
            Entity::delete_by_id(&row.address_hash).exec(txn).await?;
            continue;
        };
        let listings: Vec<String> = listings.iter().map(|one| named(one, &app.places)).collect();
        let is_written = mail::invitation(txn, app, address, &row.address_hash, &listings).await?;
        let state = if is_written { InvitationState::Written } else { InvitationState::LeftOut };
        let update = Entity::update_many()
            .col_expr(Column::State, Expr::value(state))
            .col_expr(Column::WrittenAt, Expr::value(is_written.then_some(now)));
        update.filter(Column::AddressHash.eq(&row.address_hash)).exec(txn).await?;
    }
    Ok(Next::More)
}

/// `GAEC des Genêts, Saugues`
fn named((_, name, commune): &(i64, String, String), places: &Places) -> String {
    let commune = places.commune(commune).map(|commune| format!(", {}", commune.name));
    format!("{name}{}", commune.unwrap_or_default())
}
