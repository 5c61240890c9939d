use sea_orm::{QueryOrder, entity::prelude::*};

use crate::tables::{Cell, Sheet};

/// A canteen as one line of the registry gives it: as it stands (`year` 0), or as it declared for a year.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registry_canteens")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The registry's own number of the canteen, else its SIRET.
    pub registry_key: String,
    /// Year the declaration is about, 0 for the registry itself.
    pub year: i16,
    /// Its name.
    pub name: String,
    /// Its SIRET, when the key is right.
    pub siret: Option<String>,
    /// Its commune.
    pub insee_code: Option<String>,
    /// Code of its département.
    pub department: Option<String>,
    /// Codes of its sectors, by commas.
    pub sectors: String,
    /// Labels of sectors that are not known, by `|`.
    pub unknown_sectors: String,
    /// `site`, `central`, `central_serving`, `site_cooked_elsewhere` or `groupe`.
    pub production_type: Option<String>,
    /// `direct_management` or `contracted_management`.
    pub management_type: Option<String>,
    /// `public` or `private`.
    pub ownership: Option<String>,
    /// SIRET of the central kitchen that cooks for it.
    pub central_kitchen_siret: Option<String>,
    /// Meals on a day, on average.
    pub daily_meal_count: Option<i32>,
    /// Meals in a year.
    pub yearly_meal_count: Option<i32>,
    /// The whole line as a JSON object, without the managers' addresses.
    pub line: String,
    /// When it last changed here.
    pub updated_at: DateTimeUtc,
}

/// A canteen of the registry.
pub type RegistryCanteen = Model;

impl Model {
    /// The national number of a school, when the registry gives it.
    pub(super) fn uai(&self) -> String {
        let line: serde_json::Value = serde_json::from_str(&self.line).unwrap_or_default();
        line.get("uai").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    }
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The canteens of a département, each with its last year, by name.
///
/// # Errors
/// What the database said.
pub async fn in_department(db: &impl ConnectionTrait, department: &str) -> Result<Vec<RegistryCanteen>, DbErr> {
    let rows = Entity::find().filter(Column::Department.eq(department)).order_by_asc(Column::RegistryKey);
    // The registry itself (0) says what is true now: it comes after every year.
    let mut rows: Vec<RegistryCanteen> = rows.order_by_asc(Column::Year).all(db).await?;
    rows.sort_by_key(|row| (row.registry_key.clone(), if row.year == 0 { i16::MAX } else { row.year }));
    rows.reverse();
    rows.dedup_by(|next, kept| next.registry_key == kept.registry_key);
    rows.sort_by(|a, b| (&a.name, &a.registry_key).cmp(&(&b.name, &b.registry_key)));
    Ok(rows)
}

const HEADINGS: [&str; 12] = [
    "id",
    "name",
    "siret",
    "year",
    "city_insee_code",
    "sector_list",
    "production_type",
    "management_type",
    "economic_model",
    "central_producer_siret",
    "daily_meal_count",
    "yearly_meal_count",
];

/// Every row, with the registry's own headings and the codes of its sectors: what an import reads back.
///
/// # Errors
/// What the database said.
pub async fn registry_sheet(db: &impl ConnectionTrait) -> Result<Sheet, DbErr> {
    let rows = Entity::find().order_by_asc(Column::RegistryKey).order_by_asc(Column::Year).all(db).await?;
    let rows = rows.iter().map(|row| cells(row).to_vec()).collect();
    Ok(Sheet { name: "Cantines", headings: HEADINGS.map(str::to_owned).to_vec(), rows })
}

fn cells(row: &RegistryCanteen) -> [Cell; 12] {
    let number = |count: Option<i32>| count.map_or(Cell::Empty, |count| Cell::Number(count.into()));
    let sectors = [row.sectors.as_str(), &row.unknown_sectors.replace('|', ",")];
    let sectors: Vec<&str> = sectors.into_iter().filter(|list| !list.is_empty()).collect();
    [
        Cell::text(Some(&row.registry_key)),
        Cell::text(Some(&row.name)),
        Cell::text(row.siret.as_deref()),
        number(Some(i32::from(row.year)).filter(|&year| year > 0)),
        Cell::text(row.insee_code.as_deref()),
        Cell::text(Some(&sectors.join(","))),
        Cell::text(row.production_type.as_deref()),
        Cell::text(row.management_type.as_deref()),
        Cell::text(row.ownership.as_deref()),
        Cell::text(row.central_kitchen_siret.as_deref()),
        number(row.daily_meal_count),
        number(row.yearly_meal_count),
    ]
}
