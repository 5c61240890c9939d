use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction,
    entity::prelude::*,
    sea_query::OnConflict,
};

use crate::accounts::{invitation, person};
use crate::audit::{self, Act, By};
use crate::mail::EmailAddress;

/// The name under which a provider knows a person.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identities")]
pub(super) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Who.
    pub person_id: i64,
    /// The provider.
    pub issuer: String,
    /// Its name for the person, which stays when the e-mail address changes.
    pub subject: String,
    /// Since when.
    pub created_at: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Somebody a provider answers for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    /// The provider.
    pub(super) issuer: String,
    /// Its name for them, 1 to 255 characters.
    pub(super) subject: String,
    /// Their address, when the provider answers for it.
    pub(super) email: Option<EmailAddress>,
    /// Their name; may be empty.
    pub(super) name: String,
}

/// Why somebody stays outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outside {
    /// The provider answers for no address of theirs.
    NoAddress,
    /// Nobody was invited at this address.
    Unknown(EmailAddress),
}

/// Whose account it is: that of the person this provider's name was linked to, else of whoever has the address or is
/// invited at it, who is linked from now on.
///
/// # Errors
/// What the database said.
pub(super) async fn recognise(
    txn: &DatabaseTransaction,
    arrival: Arrival,
    now: DateTime<Utc>,
) -> Result<Result<i64, Outside>, DbErr> {
    let known = Entity::find().filter(Column::Issuer.eq(&arrival.issuer)).filter(Column::Subject.eq(&arrival.subject));
    if let Some(identity) = known.one(txn).await? {
        return Ok(Ok(identity.person_id));
    }
    let Some(email) = arrival.email else { return Ok(Err(Outside::NoAddress)) };
    let Some(person) = invitation::admitted(txn, &email, now).await? else { return Ok(Err(Outside::Unknown(email))) };
    let row = ActiveModel {
        id: NotSet,
        person_id: Set(person.id),
        issuer: Set(arrival.issuer),
        subject: Set(arrival.subject),
        created_at: Set(now),
    };
    let again = OnConflict::columns([Column::Issuer, Column::Subject]).update_column(Column::Issuer).to_owned();
    // Of two at once, the second finds what the first linked.
    let identity = Entity::insert(row).on_conflict(again).exec_with_returning(txn).await?;
    if person.name.is_empty() {
        person::rename(txn, &person, &arrival.name).await?;
    }
    let act = Act::new("a relié son compte à un fournisseur d’identité", format!("identities/{}", identity.id));
    audit::record(txn, By::Person(identity.person_id), act, now).await?;
    Ok(Ok(identity.person_id))
}
