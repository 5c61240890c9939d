use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, DatabaseTransaction, IntoActiveModel, QueryOrder, QuerySelect, entity::prelude::*,
    sea_query::OnConflict,
};

use super::request;
use super::want::{self, Want};
use crate::accounts;
use crate::suppliers::Weekdays;

/// What a canteen says of itself.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "canteens")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: i64,
    /// Its key in the State's registry.
    pub registry_key: Option<String>,
    /// Number of the establishment.
    pub siret: Option<String>,
    /// Its commune.
    pub insee_code: String,
    /// Code of its sector: `education_secondaire_college`.
    pub sector: Option<String>,
    /// `site`, `central`, `central_serving`, `site_cooked_elsewhere` or `groupe`.
    pub production_type: Option<String>,
    /// `direct_management` or `contracted_management`.
    pub management_type: Option<String>,
    /// Meals on a day, on average.
    pub daily_meal_count: Option<i32>,
    /// Days on which it takes deliveries; none says nothing.
    pub delivery_days: Weekdays,
    /// Last changed.
    pub updated_at: DateTimeUtc,
}

/// What a canteen says of itself.
pub type Canteen = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A canteen, what it is called and what it looks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Kitchen {
    /// Itself.
    pub canteen: Canteen,
    /// Its name.
    pub name: String,
    /// Its list, in its order.
    pub wants: Vec<Want>,
}

/// The kitchen of an organisation, once it has said where it is.
///
/// # Errors
/// What the database said.
pub async fn kitchen_of(db: &impl ConnectionTrait, organisation_id: i64) -> Result<Option<Kitchen>, DbErr> {
    let found = Entity::find_by_id(organisation_id).all(db).await?;
    Ok(complete(db, found).await?.pop())
}

/// The canteen that holds a line of the registry, the oldest of several; those that no organiser has accepted hold nothing.
///
/// # Errors
/// What the database said.
pub(super) async fn of_registry(db: &impl ConnectionTrait, registry_key: &str) -> Result<Option<i64>, DbErr> {
    let held = Entity::find().filter(Column::RegistryKey.eq(registry_key)).order_by_asc(Column::OrganisationId);
    let held = held.filter(Column::OrganisationId.not_in_subquery(request::unaccepted()));
    Ok(held.one(db).await?.map(|canteen| canteen.organisation_id))
}

/// The sector of each kitchen that said one: organisation and code.
///
/// # Errors
/// What the database said.
pub async fn sectors(db: &impl ConnectionTrait) -> Result<HashMap<i64, String>, DbErr> {
    let said = Entity::find().select_only().columns([Column::OrganisationId, Column::Sector]);
    let said = said.filter(Column::Sector.is_not_null()).into_tuple::<(i64, String)>().all(db).await?;
    Ok(said.into_iter().collect())
}

/// The organisations of the kitchens that suppliers are shown, in ascending order.
///
/// # Errors
/// What the database said.
pub async fn accepted(db: &impl ConnectionTrait) -> Result<Vec<i64>, DbErr> {
    let accepted = Entity::find().select_only().column(Column::OrganisationId);
    let accepted = accepted.filter(Column::OrganisationId.not_in_subquery(request::unaccepted()));
    accepted.order_by_asc(Column::OrganisationId).into_tuple().all(db).await
}

/// The kitchens that suppliers are shown, at most `most`: those that no organiser has yet accepted are not.
///
/// # Errors
/// What the database said.
pub async fn kitchens(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Kitchen>, DbErr> {
    let accepted = Entity::find().filter(Column::OrganisationId.not_in_subquery(request::unaccepted()));
    let rows = accepted.order_by_asc(Column::OrganisationId).limit(most).all(db).await?;
    complete(db, rows).await
}

async fn complete(db: &impl ConnectionTrait, rows: Vec<Canteen>) -> Result<Vec<Kitchen>, DbErr> {
    let ids: Vec<i64> = rows.iter().map(|row| row.organisation_id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let wants = want::Entity::find().filter(want::Column::OrganisationId.is_in(ids.iter().copied()));
    let wants = wants.order_by_asc(want::Column::OrganisationId).order_by_asc(want::Column::Position).all(db).await?;
    let mut names: HashMap<i64, String> = accounts::names_of(db, &ids).await?.into_iter().collect();
    let mut lists: HashMap<i64, Vec<Want>> = HashMap::new();
    for want in wants {
        lists.entry(want.organisation_id).or_default().push(want);
    }
    let kitchen = |canteen: Canteen| Kitchen {
        name: names.remove(&canteen.organisation_id).unwrap_or_default(),
        wants: lists.remove(&canteen.organisation_id).unwrap_or_default(),
        canteen,
    };
    Ok(rows.into_iter().map(kitchen).collect())
}

/// Writes what a canteen says of itself and looks for.
///
/// # Errors
/// What the database said.
pub async fn save(
    txn: &DatabaseTransaction,
    canteen: Canteen,
    wants: Vec<Want>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let id = canteen.organisation_id;
    let row = Canteen { updated_at: now, ..canteen }.into_active_model().reset_all();
    let again = OnConflict::column(Column::OrganisationId)
        .update_columns([
            Column::RegistryKey,
            Column::Siret,
            Column::InseeCode,
            Column::Sector,
            Column::ProductionType,
            Column::ManagementType,
            Column::DailyMealCount,
            Column::DeliveryDays,
            Column::UpdatedAt,
        ])
        .to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(txn).await?;
    want::Entity::delete_many().filter(want::Column::OrganisationId.eq(id)).exec(txn).await?;
    let rows: Vec<want::ActiveModel> = wants
        .into_iter()
        .map(|want| want::ActiveModel { organisation_id: Set(id), ..want.into_active_model().reset_all() })
        .collect();
    if !rows.is_empty() {
        want::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}
