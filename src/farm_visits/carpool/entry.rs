//! A car with free seats, or somebody who looks for one: the row and what is read of it.

use std::collections::BTreeMap;

use sea_orm::{ActiveValue::NotSet, DatabaseTransaction, ExprTrait, IntoActiveModel, QueryOrder, entity::prelude::*};

use crate::web::french;

/// What somebody who is registered offers or looks for.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "carpools")]
pub(in crate::farm_visits) struct Model {
    /// Key; never given again.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// To which date one goes.
    pub visit_date_id: i64,
    /// Whose it is; there is one for each.
    pub registration_id: i64,
    /// Whether seats are offered or looked for.
    pub side: Side,
    /// INSEE code of the commune where one leaves.
    pub insee_code: String,
    /// When the car leaves there, or before when one cannot leave: minutes since midnight, by the clock on the wall.
    pub leaves_at: i32,
    /// Seats beside the driver's, or people who look for one, 1 to 8.
    pub seats: i32,
    /// How many of these are given; 0 of who looks for one.
    pub seats_taken: i32,
    /// Whether it is about the way back too.
    pub is_return: bool,
    /// Whether the visit was moved since the hour was written.
    pub is_doubtful: bool,
    /// For whom one goes with; may be empty, at most 40 characters.
    pub phone: String,
    /// For whom one goes with; may be empty, at most 500 characters.
    pub words: String,
    /// Rises with every change and every mail; with it the mails to each are told apart.
    pub version: i64,
}

/// What somebody who is registered offers or looks for.
pub(in crate::farm_visits) type Entry = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(in crate::farm_visits) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Who drives, who goes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub(in crate::farm_visits) enum Side {
    /// Has seats.
    #[sea_orm(string_value = "offer")]
    Offer,
    /// Looks for seats.
    #[sea_orm(string_value = "request")]
    Request,
}

impl Model {
    /// What others decide by, in a few signs: with it a page that was opened before it changed is told from one of today.
    pub(super) fn mark(&self) -> String {
        let people = if self.side == Side::Request { self.seats } else { 0 };
        format!("{}-{}-{people}-{}", self.insee_code, self.leaves_at, u8::from(self.is_return))
    }

    /// Seats that nobody has.
    pub(super) fn free(&self) -> i32 {
        self.seats - self.seats_taken
    }
}

/// What is offered and looked for at a date, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::farm_visits) struct Figures {
    /// Cars.
    pub(in crate::farm_visits) offers: u64,
    /// Seats in them, the drivers' aside.
    pub(in crate::farm_visits) seats: u64,
    /// People who look for a seat, whether they found one or not.
    pub(in crate::farm_visits) people: u64,
    /// Of these, who found one.
    pub(in crate::farm_visits) matched: u64,
}

impl Figures {
    /// « 2 voitures, 5 places. Demandes : 3 personnes, dont 2 ont une place. »; nothing when there are neither.
    pub(in crate::farm_visits) fn sentence(self) -> Option<String> {
        let Self { offers, seats, people, matched } = self;
        let cars =
            format!("{}, {}", french::count(offers, "voiture", "voitures"), french::count(seats, "place", "places"));
        let people = french::count(people, "personne", "personnes");
        let has = if matched < 2 { "a" } else { "ont" };
        (self != Self::default()).then(|| format!("{cars}. Demandes\u{a0}: {people}, dont {matched} {has} une place."))
    }
}

/// What is offered and looked for at a date, in numbers.
///
/// # Errors
/// What the database said.
pub(in crate::farm_visits) async fn figures(db: &impl ConnectionTrait, date: i64) -> Result<Figures, DbErr> {
    let mut figures = Figures::default();
    for row in of_date(db, date).await? {
        let [seats, taken] = [row.seats, row.seats_taken].map(|count| u64::try_from(count).unwrap_or_default());
        match row.side {
            Side::Offer => {
                figures.offers += 1;
                figures.seats += seats;
                figures.matched += taken;
            }
            Side::Request => figures.people += seats,
        }
    }
    Ok(figures)
}

/// The communes from which cars with free seats leave for these dates: date and INSEE code, each once.
///
/// # Errors
/// What the database said.
pub(in crate::farm_visits) async fn departures(
    db: &impl ConnectionTrait,
    dates: &[i64],
) -> Result<BTreeMap<i64, Vec<String>>, DbErr> {
    let cars = Entity::find().filter(Column::VisitDateId.is_in(dates.iter().copied()));
    let cars =
        cars.filter(Column::Side.eq(Side::Offer)).filter(Expr::col(Column::Seats).gt(Expr::col(Column::SeatsTaken)));
    let mut found: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for car in cars.order_by_asc(Column::LeavesAt).order_by_asc(Column::Id).all(db).await? {
        let known = found.entry(car.visit_date_id).or_default();
        if !known.contains(&car.insee_code) {
            known.push(car.insee_code);
        }
    }
    Ok(found)
}

/// All of a date, the first that was written first.
///
/// # Errors
/// What the database said.
pub(super) async fn of_date(db: &impl ConnectionTrait, date: i64) -> Result<Vec<Entry>, DbErr> {
    Entity::find().filter(Column::VisitDateId.eq(date)).order_by_asc(Column::Id).all(db).await
}

/// That of a registration.
///
/// # Errors
/// What the database said.
pub(super) async fn of_registration(db: &impl ConnectionTrait, registration: i64) -> Result<Option<Entry>, DbErr> {
    Entity::find().filter(Column::RegistrationId.eq(registration)).one(db).await
}

/// Writes one; what is new gets its key.
///
/// # Errors
/// What the database said.
pub(super) async fn write(txn: &DatabaseTransaction, entry: &Entry) -> Result<(), DbErr> {
    let mut row = entry.clone().into_active_model().reset_all();
    if entry.id == 0 {
        row.id = NotSet;
        return Entity::insert(row).exec_without_returning(txn).await.map(drop);
    }
    row.update(txn).await.map(drop)
}

/// Erases these, with all that was agreed about them.
///
/// # Errors
/// What the database said.
pub(super) async fn erase(txn: &DatabaseTransaction, keys: &[i64]) -> Result<(), DbErr> {
    if keys.is_empty() {
        return Ok(());
    }
    Entity::delete_many().filter(Column::Id.is_in(keys.iter().copied())).exec(txn).await.map(drop)
}
