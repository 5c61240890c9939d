//! Dates with their visits, as lists and other rooms show them.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{EntityTrait, ExprTrait, JoinType, Order, QueryOrder, QuerySelect, RelationDef, entity::prelude::*};

use super::farm_visit::{self, FarmVisit};
use super::mail::hours;
use super::pages::open::{day, standing};
use super::photo;
use super::visit_date::{self, State, VisitDate};
use crate::app::App;
use crate::web::french;

/// How far ahead visits are announced.
pub(super) const AHEAD: TimeDelta = TimeDelta::days(400);

/// Which dates are wanted. Drafts never are.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// When they begin: from, and before.
    pub(super) span: (DateTime<Utc>, DateTime<Utc>),
    /// In which communes, by INSEE code; nothing: wherever.
    pub(super) communes: Option<Vec<String>>,
    /// Of which farm of the directory; nothing: of all.
    pub(super) supplier: Option<i64>,
    /// Whether those that do not take place are wanted too.
    pub(super) with_cancelled: bool,
    /// At which moment one must be able to register and find a place; nothing: it does not matter.
    pub(super) free_at: Option<DateTime<Utc>>,
    /// Whether the last one comes first.
    pub(super) is_latest_first: bool,
    /// At most so many.
    pub(super) most: u64,
}

impl Wanted {
    /// Those of a time, all of them, the first first, at most `most`.
    pub(super) fn between(from: DateTime<Utc>, to: DateTime<Utc>, most: u64) -> Self {
        Self {
            span: (from, to),
            communes: None,
            supplier: None,
            with_cancelled: true,
            free_at: None,
            is_latest_first: false,
            most,
        }
    }

    /// The dates that are wanted, each with its visit.
    ///
    /// # Errors
    /// What the database said.
    pub(super) async fn find(&self, db: &impl ConnectionTrait) -> Result<Vec<(VisitDate, FarmVisit)>, DbErr> {
        let (from, to) = self.span;
        let mut all = visit_date::Entity::find()
            .join(JoinType::InnerJoin, visit())
            .filter(visit_date::Column::State.ne(State::Draft))
            .filter(visit_date::Column::StartsAt.gte(from))
            .filter(visit_date::Column::StartsAt.lt(to));
        if let Some(codes) = &self.communes {
            all = all.filter(farm_visit::Column::InseeCode.is_in(codes));
        }
        if let Some(supplier) = self.supplier {
            all = all.filter(farm_visit::Column::SupplierId.eq(supplier));
        }
        if !self.with_cancelled {
            all = all.filter(visit_date::Column::State.ne(State::Cancelled));
        }
        if let Some(now) = self.free_at {
            let taken = Expr::col((visit_date::Entity, visit_date::Column::PlacesTaken));
            all = all
                .filter(visit_date::Column::State.eq(State::Open))
                .filter(visit_date::Column::OpensAt.lte(now))
                .filter(visit_date::Column::ClosesAt.gt(now))
                .filter(visit_date::Column::IsWaitedFor.eq(false))
                .filter(taken.lt(Expr::col((visit_date::Entity, visit_date::Column::Places))));
        }
        let order = if self.is_latest_first { Order::Desc } else { Order::Asc };
        let all = all.order_by(visit_date::Column::StartsAt, order.clone()).order_by(visit_date::Column::Id, order);
        let found = all.limit(self.most).select_also(farm_visit::Entity).all(db).await?;
        Ok(found.into_iter().filter_map(|(date, visit)| Some((date, visit?))).collect())
    }
}

/// How a date leads to its visit.
pub(super) fn visit() -> RelationDef {
    visit_date::Entity::belongs_to(farm_visit::Entity)
        .from(visit_date::Column::FarmVisitId)
        .to(farm_visit::Column::Id)
        .into()
}

/// A date with its visit, as everybody reads it.
#[derive(Clone, Debug)]
pub struct Announced {
    /// Page of the visit.
    pub href: String,
    /// What it is called.
    pub title: String,
    /// The farm; may be empty.
    pub farm: String,
    /// Where it is.
    pub commune: String,
    /// « jeudi 20 mai 2027 »
    pub day: String,
    /// « de 9 h 30 à 12 h »
    pub hours: String,
    /// « 12 places libres, inscriptions jusqu’au 19 mai 2027, 9 h 30 »
    pub words: String,
    /// Icon of these words, and how they are coloured.
    pub icon: &'static str,
    /// See `icon`.
    pub class: &'static str,
    /// Where its first photograph is served in little.
    pub photo: Option<String>,
}

impl Announced {
    /// A date as everybody reads it, without a photograph.
    pub(super) fn new(app: &App, date: &VisitDate, visit: &FarmVisit) -> Self {
        let standing = standing(app, date);
        Self {
            href: visit.path(),
            title: french::typographic(&visit.title),
            farm: french::typographic(&visit.farm),
            commune: app.places.commune(&visit.insee_code).map(|one| one.name.clone()).unwrap_or_default(),
            day: day(app, date),
            hours: hours(app, date),
            words: standing.words,
            icon: standing.icon,
            class: standing.class,
            photo: None,
        }
    }
}

/// The dates that are wanted, as everybody reads them, with photographs.
///
/// # Errors
/// What the database said.
pub(super) async fn cards(app: &App, wanted: &Wanted) -> Result<Vec<Announced>, DbErr> {
    let found = wanted.find(&app.db).await?;
    let mut keys: Vec<i64> = found.iter().map(|(_, visit)| visit.id).collect();
    keys.sort_unstable();
    keys.dedup();
    let photos = photo::of(&app.db, &keys).await?;
    let card = |(date, visit): &(VisitDate, FarmVisit)| {
        let first = photos.iter().find(|photo| photo.farm_visit_id == visit.id);
        Announced { photo: first.map(photo::Photo::thumbnail), ..Announced::new(app, date, visit) }
    };
    Ok(found.iter().map(card).collect())
}

/// The next dates that take place, at most `most`, without photographs: of one farm of the directory, or of all.
///
/// # Errors
/// What the database said.
pub async fn coming(app: &App, supplier: Option<i64>, most: u64) -> Result<Vec<Announced>, DbErr> {
    let now = app.clock.now();
    let wanted = Wanted { supplier, with_cancelled: false, ..Wanted::between(now, now + AHEAD, most) };
    let found = wanted.find(&app.db).await?;
    Ok(found.iter().map(|(date, visit)| Announced::new(app, date, visit)).collect())
}
