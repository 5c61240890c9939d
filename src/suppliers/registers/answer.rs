use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, entity::prelude::*, sea_query::OnConflict};
use serde::{Serialize, de::DeserializeOwned};

use super::organic::{Verdict, is_checked, verdict};
use super::{Company, Heard};
use crate::suppliers::Siret;
use crate::suppliers::draft::{Content, DraftCertificate};
use crate::suppliers::import::OrganicOperator;

/// What a register said to an organisation of a number, the last time it was asked.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "register_answers")]
pub(super) struct Model {
    /// Whose listing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: i64,
    /// Which register.
    #[sea_orm(primary_key, auto_increment = false)]
    pub register: Register,
    /// The number that was asked about.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: String,
    /// A [`Heard`] as JSON.
    pub answer: String,
    /// When.
    pub asked_at: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A register that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub(super) enum Register {
    /// Of companies, by SIRET.
    #[sea_orm(string_value = "companies")]
    Companies,
    /// Of organic operators, by their number.
    #[sea_orm(string_value = "organic")]
    Organic,
}

/// What registers said of a listing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::suppliers) struct Answers {
    /// By SIRET: what, and when.
    companies: BTreeMap<String, (Heard<Company>, DateTime<Utc>)>,
    /// By number.
    operators: BTreeMap<String, Heard<OrganicOperator>>,
}

impl Answers {
    /// What was said of the establishment that the listing names now, and when.
    pub(super) fn company(&self, content: &Content) -> Option<&(Heard<Company>, DateTime<Utc>)> {
        self.companies.get(content.siret.as_ref()?.as_str())
    }

    /// Whether the register of companies answered of an establishment.
    pub(in crate::suppliers) fn knows(&self, siret: &Siret) -> bool {
        self.companies.get(siret.as_str()).is_some_and(|(heard, _)| *heard != Heard::NoAnswer)
    }

    /// What was said of a certificate, as the listing is now.
    pub(super) fn verdict(&self, held: &DraftCertificate, content: &Content) -> Option<Verdict<'_>> {
        let number = held.number.as_ref().filter(|_| is_checked(held))?;
        self.operators.get(number).map(|heard| verdict(heard, held, content))
    }

    /// Whether the register said something else than this certificate.
    pub(in crate::suppliers) fn denies(&self, held: &DraftCertificate, content: &Content) -> bool {
        !matches!(self.verdict(held, content), None | Some(Verdict::Same(_) | Verdict::NoAnswer))
    }

    /// Takes the register's word off each certificate of which it says something else, as the listing is now.
    pub(in crate::suppliers) fn judge(&self, content: &mut Content) {
        let denied: Vec<u32> = {
            let content = &*content;
            let denied = content.certificates.iter().filter(|held| self.denies(held, content));
            denied.map(|held| held.key).collect()
        };
        for held in content.certificates.iter_mut().filter(|held| denied.contains(&held.key)) {
            held.register_read_on = None;
        }
    }
}

/// What registers said of the listing of an organisation.
///
/// # Errors
/// What the database said; an answer that cannot be read is one.
pub(in crate::suppliers) async fn answers_of(db: &impl ConnectionTrait, organisation: i64) -> Result<Answers, DbErr> {
    let mut answers = Answers::default();
    for row in Entity::find().filter(Column::OrganisationId.eq(organisation)).all(db).await? {
        match row.register {
            Register::Companies => drop(answers.companies.insert(row.number, (json(&row.answer)?, row.asked_at))),
            Register::Organic => drop(answers.operators.insert(row.number, json(&row.answer)?)),
        }
    }
    Ok(answers)
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T, DbErr> {
    serde_json::from_str(text).map_err(|error| DbErr::Json(error.to_string()))
}

/// Keeps what the register of companies said of the establishment a listing names now; of others nothing is kept.
///
/// # Errors
/// What the database said.
pub(in crate::suppliers) async fn keep_companies(
    txn: &DatabaseTransaction,
    organisation: i64,
    siret: &Siret,
    heard: &Heard<Company>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let siret = siret.as_str();
    forget_others(txn, organisation, Register::Companies, &[siret]).await?;
    keep(txn, organisation, (Register::Companies, siret), heard, now).await
}

/// Keeps what the register of organic operators said of the certificate of this key; of numbers that no certificate of the
/// listing bears nothing is kept. The same word is a proof, which the certificate notes; another takes it off, here and
/// wherever the number stands. Silence unsays nothing. Whether it says something else than this certificate.
///
/// # Errors
/// What the database said.
pub(in crate::suppliers) async fn heed_operator(
    txn: &DatabaseTransaction,
    organisation: i64,
    content: &mut Content,
    key: u32,
    heard: &Heard<OrganicOperator>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let numbers: Vec<&str> = content.certificates.iter().filter_map(|held| held.number.as_deref()).collect();
    forget_others(txn, organisation, Register::Organic, &numbers).await?;
    let Some(held) = content.certificates.iter().find(|held| held.key == key) else { return Ok(false) };
    let Some(number) = &held.number else { return Ok(false) };
    let is_silent = matches!(heard, Heard::NoAnswer);
    if !(is_silent && answers_of(txn, organisation).await?.operators.contains_key(number)) {
        keep(txn, organisation, (Register::Organic, number), heard, now).await?;
    }
    if let Verdict::Same(operator) = verdict(heard, held, content) {
        for held in content.certificates.iter_mut().filter(|held| held.key == key) {
            held.register_read_on = held.register_read_on.max(Some(operator.read_on));
            held.body = held.body.take().or_else(|| operator.body.clone());
        }
    }
    let answers = answers_of(txn, organisation).await?;
    answers.judge(content);
    Ok(content.certificates.iter().any(|held| held.key == key && answers.denies(held, content)))
}

async fn forget_others(
    txn: &DatabaseTransaction,
    organisation: i64,
    register: Register,
    numbers: &[&str],
) -> Result<(), DbErr> {
    let own = Entity::delete_many().filter(Column::OrganisationId.eq(organisation));
    let own = own.filter(Column::Register.eq(register));
    own.filter(Column::Number.is_not_in(numbers.iter().copied())).exec(txn).await.map(drop)
}

async fn keep(
    txn: &DatabaseTransaction,
    organisation: i64,
    (register, number): (Register, &str),
    heard: &impl Serialize,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        organisation_id: Set(organisation),
        register: Set(register),
        number: Set(number.to_owned()),
        answer: Set(serde_json::to_string(heard).map_err(|error| DbErr::Json(error.to_string()))?),
        asked_at: Set(now),
    };
    let again = OnConflict::columns([Column::OrganisationId, Column::Register, Column::Number])
        .update_columns([Column::Answer, Column::AskedAt])
        .to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(txn).await.map(drop)
}
