use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, ExprTrait, QuerySelect, entity::prelude::*};

use super::section::{Field, fingerprint};
use super::style;
use crate::app::App;
use crate::audit::{Act, By, record};
use crate::config::{Chosen, Logo, Served};

/// As the journal of who did what names it.
const ROW: &str = "territory_settings/1";

/// What organisers chose; the table has this one row. What is empty is left to the settings of the operator.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "territory_settings")]
pub(super) struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i16,
    /// Rises whenever something is saved: other nodes look at it.
    pub version: i64,
    /// Name of the site.
    pub site_name: String,
    /// "en Haute-Loire"
    pub place: String,
    /// Who runs the site.
    pub publisher: String,
    /// Where a human answers.
    pub contact_email: String,
    /// Greets the readers of the home page.
    pub welcome: String,
    /// Foot of mails.
    pub mail_foot: String,
    /// Legal notice.
    pub legal_text: String,
    /// On personal data.
    pub data_text: String,
    /// On accessibility.
    pub accessibility_text: String,
    /// `#1e5b3e`
    pub colour: String,
    /// A PNG.
    pub logo: Option<Vec<u8>>,
    /// Pixels across.
    pub logo_width: Option<i16>,
    /// Pixels down.
    pub logo_height: Option<i16>,
    /// When something was last saved.
    pub updated_at: Option<DateTimeUtc>,
}

/// What organisers chose.
pub(super) type Settings = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What became of a change.
#[derive(Debug, PartialEq)]
pub(super) enum Saved {
    /// It holds.
    Done,
    /// Nothing was changed: it was so already.
    Already,
    /// Somebody else changed the same fields since they were shown.
    Meanwhile(Box<Settings>),
}

/// A new logo: PNG, pixels across and down. Nothing takes it away.
pub(super) type NewLogo = Option<(Vec<u8>, i16, i16)>;

/// The row.
///
/// # Errors
/// What the database said.
pub(super) async fn current(db: &impl ConnectionTrait) -> Result<Settings, DbErr> {
    Entity::find_by_id(1_i16).one(db).await?.ok_or_else(|| DbErr::RecordNotFound("territory_settings".to_owned()))
}

/// Saves what was typed into `fields`, in their order, unless they changed since `seen`, their fingerprint then.
///
/// # Errors
/// What the database said.
pub(super) async fn save(
    txn: &DatabaseTransaction,
    fields: &[Field],
    values: &[String],
    seen: &str,
    by: By,
    now: DateTime<Utc>,
) -> Result<Saved, DbErr> {
    let current = locked(txn).await?;
    if fields.iter().zip(values).all(|(field, value)| field.of(&current) == value.as_str()) {
        return Ok(Saved::Already);
    }
    if fingerprint(fields, &current) != seen {
        return Ok(Saved::Meanwhile(Box::new(current)));
    }
    let differing = fields.iter().zip(values).filter(|(field, value)| field.of(&current) != value.as_str());
    let changes = differing.clone().map(|(field, value)| (field.column, Expr::value(value))).collect();
    update(txn, changes, now).await?;
    let labels: Vec<&str> = differing.map(|(field, _)| field.label).collect();
    let act = Act::new("a changé les réglages du site", ROW).with(labels.join(", "));
    record(txn, by, act, now).await.map(|()| Saved::Done)
}

/// Replaces the logo or takes it away, unless it changed since `seen`, its version then.
///
/// # Errors
/// What the database said.
pub(super) async fn save_logo(
    txn: &DatabaseTransaction,
    new: NewLogo,
    seen: &str,
    by: By,
    now: DateTime<Utc>,
) -> Result<Saved, DbErr> {
    let current = locked(txn).await?;
    if current.logo.as_ref() == new.as_ref().map(|(png, ..)| png) {
        return Ok(Saved::Already);
    }
    if current.logo_version() != seen {
        return Ok(Saved::Meanwhile(Box::new(current)));
    }
    let what = if new.is_some() { "a changé le logo du site" } else { "a retiré le logo du site" };
    let (png, width, height) = new.map_or((None, None, None), |(png, w, h)| (Some(png), Some(w), Some(h)));
    let changes = vec![
        (Column::Logo, Expr::value(png)),
        (Column::LogoWidth, Expr::value(width)),
        (Column::LogoHeight, Expr::value(height)),
    ];
    update(txn, changes, now).await?;
    record(txn, by, Act::new(what, ROW), now).await.map(|()| Saved::Done)
}

/// The row, until the transaction ends: of two who save at once, the second sees what the first did.
async fn locked(txn: &DatabaseTransaction) -> Result<Settings, DbErr> {
    let row = Entity::find_by_id(1_i16).lock_exclusive().one(txn).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("territory_settings".to_owned()))
}

async fn update(txn: &DatabaseTransaction, changes: Vec<(Column, Expr)>, now: DateTime<Utc>) -> Result<(), DbErr> {
    let update = Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now));
    let update = changes.into_iter().fold(update, |update, (column, value)| update.col_expr(column, value));
    update.filter(Column::Id.eq(1_i16)).exec(txn).await.map(drop)
}

/// Has this node present the site as the database says; cheap when nothing changed.
///
/// # Errors
/// What the database said.
pub async fn refresh(app: &App) -> Result<(), DbErr> {
    let known = app.config.presentation.chosen().version;
    let newest: Option<i64> = Entity::find().select_only().column(Column::Version).into_tuple().one(&app.db).await?;
    if newest.is_some_and(|newest| newest > known) {
        app.config.presentation.take_over(current(&app.db).await?.chosen());
    }
    Ok(())
}

impl Model {
    /// Names the logo, or says that there is none.
    pub(super) fn logo_version(&self) -> String {
        self.logo.clone().map(|png| Served::new(png).version).unwrap_or_default()
    }

    fn chosen(self) -> Chosen {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let colour = self.colour.parse().ok();
        let pixels = |side: Option<i16>| side.and_then(|side| u32::try_from(side).ok()).unwrap_or(1);
        Chosen {
            version: self.version,
            site_name: some(self.site_name),
            place: some(self.place),
            publisher: some(self.publisher),
            contact_email: some(self.contact_email),
            welcome: some(self.welcome),
            mail_foot: some(self.mail_foot),
            legal_text: some(self.legal_text),
            data_text: some(self.data_text),
            accessibility_text: some(self.accessibility_text),
            colour,
            style: colour.map(|colour| Served::new(style::sheet(colour))),
            logo: self.logo.map(|png| Logo {
                file: Served::new(png),
                width: pixels(self.logo_width),
                height: pixels(self.logo_height),
            }),
        }
    }
}
