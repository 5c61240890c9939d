//! A visit: the farm, what is seen there, how to get there. Its days are `visit_date`s.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::NotSet, DatabaseTransaction, IntoActiveModel, PaginatorTrait, QueryOrder, QuerySelect, QueryTrait,
    TryInsertResult, entity::prelude::*, sea_query::OnConflict,
};

use super::visit_date;
use crate::suppliers::slug;
use crate::web::french;

/// A visit of a farm. Texts may be empty.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "farm_visits")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Last part of its public address; never changes.
    pub slug: String,
    /// What it is called, 1 to 120 characters.
    pub title: String,
    /// The farm, when it is in the directory.
    pub supplier_id: Option<i64>,
    /// Name of the farm, at most 150 characters.
    pub farm: String,
    /// INSEE code of the commune where one meets.
    pub insee_code: String,
    /// Street and number, at most 300 characters.
    pub address: String,
    /// Where one meets: degrees north, WGS84; there with the longitude or not at all.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// How to get there, at most 2,000 characters.
    pub access: String,
    /// Where to leave one's car, at most 1,000.
    pub parking: String,
    /// What will be seen, at most 4,000.
    pub sights: String,
    /// For whom it is, at most 1,000.
    pub audience: String,
    /// Hour by hour, at most 4,000.
    pub programme: String,
    /// Boots and weather, at most 1,000.
    pub advice: String,
    /// What rain, snow or heat change, at most 1,000.
    pub weather: String,
    /// For those who walk or see badly, at most 1,000.
    pub accessibility: String,
    /// What is eaten, at most 1,000.
    pub meal: String,
    /// What the meal costs, in cents.
    pub meal_cents: Option<i32>,
    /// The organiser who comes along, at most 150.
    pub guide: String,
    /// Her telephone, at most 40.
    pub guide_phone: String,
    /// Number of the latest question that was ever asked; no number is given twice.
    pub last_question: i32,
    /// Rises with every change.
    pub version: i64,
    /// When somebody began to prepare it.
    pub made_at: DateTimeUtc,
}

/// How long after one press another means the same.
const TWICE: TimeDelta = TimeDelta::seconds(5);

/// A visit of a farm.
pub type FarmVisit = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What a meal costs, as people read it: « 9,00 € ».
    pub(super) fn meal_price(&self) -> Option<String> {
        self.meal_cents.map(|cents| french::price(i64::from(cents)))
    }

    /// A visit of which nothing else is known yet.
    #[must_use]
    pub fn new(title: &str, insee_code: &str, now: DateTime<Utc>) -> Self {
        Self {
            id: 0,
            slug: String::new(),
            title: title.to_owned(),
            supplier_id: None,
            farm: String::new(),
            insee_code: insee_code.to_owned(),
            address: String::new(),
            latitude: None,
            longitude: None,
            access: String::new(),
            parking: String::new(),
            sights: String::new(),
            audience: String::new(),
            programme: String::new(),
            advice: String::new(),
            weather: String::new(),
            accessibility: String::new(),
            meal: String::new(),
            meal_cents: None,
            guide: String::new(),
            guide_phone: String::new(),
            last_question: 0,
            version: 1,
            made_at: now,
        }
    }

    /// Its public address on this site.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/visites/{}", self.slug)
    }

    /// Where one meets, when it is on the map.
    #[must_use]
    pub fn position(&self) -> Option<(f64, f64)> {
        self.latitude.zip(self.longitude)
    }
}

/// Erases a visit that never had a date, with its photographs and questions; false when it has one.
///
/// # Errors
/// What the database said.
pub(super) async fn erase(txn: &DatabaseTransaction, key: i64) -> Result<bool, DbErr> {
    let dated = visit_date::Entity::find().select_only().column(visit_date::Column::FarmVisitId);
    let dated = dated.filter(visit_date::Column::FarmVisitId.eq(key)).into_query();
    let bare = Entity::delete_many().filter(Column::Id.eq(key)).filter(Column::Id.not_in_subquery(dated));
    Ok(bare.exec(txn).await?.rows_affected == 1)
}

/// The visit of this name that was written down a moment ago, other than `model`.
///
/// # Errors
/// What the database said.
pub(super) async fn just_made(
    txn: &DatabaseTransaction,
    draft: &FarmVisit,
    model: Option<i64>,
) -> Result<Option<FarmVisit>, DbErr> {
    let twins = Entity::find()
        .filter(Column::Title.eq(&draft.title))
        .filter(Column::InseeCode.eq(&draft.insee_code))
        .filter(Column::MadeAt.gt(draft.made_at - TWICE));
    twins.filter(Column::Id.ne(model.unwrap_or_default())).one(txn).await
}

/// Writes a new visit down, under an address made of its title that nobody else has.
///
/// # Errors
/// What the database said.
pub(super) async fn write_down(txn: &DatabaseTransaction, draft: &FarmVisit) -> Result<FarmVisit, DbErr> {
    let base = Some(slug(&draft.title)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| "visite".to_owned());
    let mut slug = base.clone();
    for number in 2.. {
        let written = FarmVisit { slug: slug.clone(), ..draft.clone() };
        let row = ActiveModel { id: NotSet, ..written.into_active_model().reset_all() };
        let once = OnConflict::column(Column::Slug).do_nothing().to_owned();
        let inserted = Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(txn).await?;
        if matches!(inserted, TryInsertResult::Inserted(rows) if rows > 0) {
            let own = Entity::find().filter(Column::Slug.eq(slug)).one(txn).await?;
            return own.ok_or(DbErr::RecordNotInserted);
        }
        slug = format!("{base}-{number}");
    }
    Err(DbErr::RecordNotInserted)
}

/// Writes a visit with what it says now, unless somebody else changed it since `version`: false.
///
/// # Errors
/// What the database said.
pub(super) async fn write(txn: &DatabaseTransaction, visit: &FarmVisit, version: i64) -> Result<bool, DbErr> {
    let row = FarmVisit { version: version + 1, ..visit.clone() }.into_active_model().reset_all();
    let own = Entity::update_many().set(row).filter(Column::Id.eq(visit.id)).filter(Column::Version.eq(version));
    Ok(own.exec(txn).await?.rows_affected == 1)
}

/// One page of all visits, the latest first.
///
/// # Errors
/// What the database said.
pub(super) async fn page(db: &impl ConnectionTrait, skip: u64, most: u64) -> Result<Vec<FarmVisit>, DbErr> {
    Entity::find().order_by_desc(Column::Id).offset(skip).limit(most).all(db).await
}

/// How many visits there are.
///
/// # Errors
/// What the database said.
pub(super) async fn count(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().count(db).await
}

/// A visit by its key.
///
/// # Errors
/// What the database said.
pub(super) async fn by_key(db: &impl ConnectionTrait, key: i64) -> Result<Option<FarmVisit>, DbErr> {
    Entity::find_by_id(key).one(db).await
}

/// A visit by the last part of its address.
///
/// # Errors
/// What the database said.
pub(super) async fn by_slug(db: &impl ConnectionTrait, slug: &str) -> Result<Option<FarmVisit>, DbErr> {
    Entity::find().filter(Column::Slug.eq(slug)).one(db).await
}

/// Holds a visit until the transaction ends: what must be done once for it waits here for its turn.
///
/// # Errors
/// What the database said.
pub(super) async fn lock(txn: &DatabaseTransaction, key: i64) -> Result<(), DbErr> {
    Entity::find_by_id(key).lock_exclusive().one(txn).await.map(drop)
}

/// Visits by their keys.
///
/// # Errors
/// What the database said.
pub(super) async fn by_keys(db: &impl ConnectionTrait, keys: &[i64]) -> Result<Vec<FarmVisit>, DbErr> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(keys.iter().copied())).order_by_asc(Column::Id).all(db).await
}
