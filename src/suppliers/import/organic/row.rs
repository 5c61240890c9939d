use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, IntoActiveModel, QuerySelect, entity::prelude::*};

use super::operator::Operator;
use crate::suppliers::supplier;

/// An operator of the organic register as it was last read.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "organic_operators")]
pub(super) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(super) number: i64,
    /// The listing it has in the directory.
    pub(super) supplier_id: Option<i64>,
    pub(super) name: String,
    pub(super) siret: Option<String>,
    pub(super) certificate_state: Option<String>,
    pub(super) body: Option<String>,
    pub(super) engaged_on: Option<Date>,
    pub(super) suspended_on: Option<Date>,
    pub(super) stopped_on: Option<Date>,
    /// The item of the register, JSON, without what names or reaches a person.
    pub(super) item: String,
    pub(super) updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

const ROWS_PER_INSERT: usize = 1_000;

/// Keeps what the register says of each operator, tied to its listing; rows that say the same already are not touched.
pub(super) async fn save(
    txn: &DatabaseTransaction,
    batch: &[Operator],
    references: &HashMap<i64, String>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let ids = supplier::Entity::find()
        .select_only()
        .columns([supplier::Column::Reference, supplier::Column::Id])
        .filter(supplier::Column::Reference.is_in(references.values()));
    let ids: HashMap<String, i64> = ids.into_tuple::<(String, i64)>().all(txn).await?.into_iter().collect();
    let known = Entity::find().filter(Column::Number.is_in(batch.iter().map(|operator| operator.number)));
    let known: HashMap<i64, Model> = known.all(txn).await?.into_iter().map(|row| (row.number, row)).collect();
    let wanted = batch.iter().map(|operator| {
        let supplier_id = references.get(&operator.number).and_then(|reference| ids.get(reference)).copied();
        row(operator, supplier_id, now)
    });
    let changed: Vec<ActiveModel> = wanted
        .filter(|wanted| {
            known.get(&wanted.number).is_none_or(|old| Model { updated_at: now, ..old.clone() } != *wanted)
        })
        .map(|row| row.into_active_model().reset_all())
        .collect();
    for rows in changed.chunks(ROWS_PER_INSERT) {
        let gone = rows.iter().filter_map(|row| if let Set(number) = row.number { Some(number) } else { None });
        Entity::delete_many().filter(Column::Number.is_in(gone)).exec(txn).await?;
        Entity::insert_many(rows.iter().cloned()).exec_without_returning(txn).await?;
    }
    Ok(())
}

fn row(operator: &Operator, supplier_id: Option<i64>, now: DateTime<Utc>) -> Model {
    let certificate = operator.certificate.clone();
    Model {
        number: operator.number,
        supplier_id,
        name: operator.name.clone(),
        siret: operator.siret.as_ref().map(ToString::to_string),
        certificate_state: certificate.state,
        body: certificate.body,
        engaged_on: certificate.engaged_on,
        suspended_on: certificate.suspended_on,
        stopped_on: certificate.stopped_on,
        item: operator.item.clone(),
        updated_at: now,
    }
}
