use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::NotSet, DatabaseTransaction, IntoActiveModel, PaginatorTrait, QueryOrder, QuerySelect,
    entity::prelude::*,
};

/// Days between the last registration, the last wish and the day itself, when nobody says otherwise.
const REGISTRATION_ENDS: TimeDelta = TimeDelta::days(28);
const WISHES_END: TimeDelta = TimeDelta::days(14);
/// What each side reads, when nobody says otherwise.
const FOR_CANTEENS: &str = "Venez à deux si vous pouvez : la personne qui cuisine et celle qui achète.\n\
    Apportez vos menus et les quantités que vous commandez.";
const FOR_SUPPLIERS: &str = "Apportez vos tarifs, vos conditionnements et vos jours de livraison.\n\
    Quelques produits à goûter aident à se souvenir de vous.";

/// A speed meeting of one day.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "editions")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Last part of its public address; never changes.
    pub slug: String,
    /// What it is called, 1 to 120 characters.
    pub title: String,
    /// The day.
    pub held_on: NaiveDate,
    /// Where it stands.
    pub state: State,
    /// Name of the hall, at most 150 characters; may be empty.
    pub hall: String,
    /// Street and number, at most 300 characters; may be empty.
    pub address: String,
    /// INSEE code of the commune, once it is known.
    pub insee_code: Option<String>,
    /// Degrees north, WGS84; there with the longitude or not at all.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// How to get there, at most 2,000 characters; may be empty.
    pub access: String,
    /// Which side keeps its table; none: everybody moves.
    pub seated: Option<Side>,
    /// Length of an appointment, 3 to 120 minutes.
    pub appointment_minutes: i32,
    /// Time to change tables, 0 to 60 minutes.
    pub change_over_minutes: i32,
    /// Last day on which one registers.
    pub registration_until: NaiveDate,
    /// Last day on which one says whom to meet; not before the one above, not after the day itself.
    pub wishes_until: NaiveDate,
    /// Canteens that fit in, 1 to 1,000.
    pub canteen_capacity: i32,
    /// Suppliers that fit in, 1 to 1,000.
    pub supplier_capacity: i32,
    /// Appointments promised to everybody, 0 to 200.
    pub minimum_appointments: i32,
    /// What canteens read of it, at most 4,000 characters; may be empty.
    pub canteen_words: String,
    /// What suppliers read of it.
    pub supplier_words: String,
    /// Rises whenever day, hours or place change: what calendars go by.
    pub sequence: i32,
    /// Rises with every change.
    pub version: i64,
    /// When somebody began to prepare it.
    pub made_at: DateTimeUtc,
    /// Rises with every change of the timetable in work.
    pub timetable_version: i64,
    /// Rises with everything that an open page of the day shows.
    pub live_version: i64,
    /// The highest number that one of its questions ever had: none is given twice.
    pub last_question: i32,
}

/// A speed meeting of one day.
pub type Edition = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Where an edition stands, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum State {
    /// Only organisers see it.
    #[sea_orm(string_value = "draft")]
    Draft,
    /// One can register.
    #[sea_orm(string_value = "registration")]
    Registration,
    /// Those registered say whom they would meet.
    #[sea_orm(string_value = "wishes")]
    Wishes,
    /// Organisers work out who meets whom.
    #[sea_orm(string_value = "timetable")]
    Timetable,
    /// Everybody knows whom she meets.
    #[sea_orm(string_value = "published")]
    Published,
    /// It is the day.
    #[sea_orm(string_value = "running")]
    Running,
    /// It is over.
    #[sea_orm(string_value = "closed")]
    Closed,
    /// It is known what came of it.
    #[sea_orm(string_value = "followed_up")]
    FollowedUp,
}

impl State {
    /// All of them, in their order.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Registration,
        Self::Wishes,
        Self::Timetable,
        Self::Published,
        Self::Running,
        Self::Closed,
        Self::FollowedUp,
    ];

    /// What it is called in lists.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "En préparation",
            Self::Registration => "Inscriptions",
            Self::Wishes => "Souhaits",
            Self::Timetable => "Planning à faire",
            Self::Published => "Planning publié",
            Self::Running => "En cours",
            Self::Closed => "Terminée",
            Self::FollowedUp => "Suivi terminé",
        }
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|other| *other > self)
    }

    /// The one before it.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        Self::ALL.into_iter().rfind(|other| *other < self)
    }

    /// Whether the day has begun, or has been.
    #[must_use]
    pub fn has_begun(self) -> bool {
        self >= Self::Running
    }

    /// Whether the day has been: nothing of it changes any more.
    #[must_use]
    pub fn is_over(self) -> bool {
        self >= Self::Closed
    }
}

/// One of the two sides of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Side {
    /// Who sells.
    #[sea_orm(string_value = "supplier")]
    Supplier,
    /// Who cooks.
    #[sea_orm(string_value = "canteen")]
    Canteen,
}

impl Side {
    /// Its code in forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Supplier => "fournisseur",
            Self::Canteen => "cantine",
        }
    }

    /// The side of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Supplier, Self::Canteen].into_iter().find(|side| side.code() == code)
    }
}

impl Model {
    /// A draft that has nothing but a name and a day, and sensible values for all else.
    #[must_use]
    pub fn new(title: &str, held_on: NaiveDate, today: NaiveDate, now: DateTime<Utc>) -> Self {
        let before = |distance: TimeDelta| (held_on - distance).max(today).min(held_on);
        Self {
            id: 0,
            slug: String::new(),
            title: title.to_owned(),
            held_on,
            state: State::Draft,
            hall: String::new(),
            address: String::new(),
            insee_code: None,
            latitude: None,
            longitude: None,
            access: String::new(),
            seated: None,
            appointment_minutes: 10,
            change_over_minutes: 2,
            registration_until: before(REGISTRATION_ENDS),
            wishes_until: before(WISHES_END),
            canteen_capacity: 30,
            supplier_capacity: 40,
            minimum_appointments: 5,
            canteen_words: FOR_CANTEENS.to_owned(),
            supplier_words: FOR_SUPPLIERS.to_owned(),
            sequence: 0,
            version: 1,
            made_at: now,
            timetable_version: 0,
            live_version: 0,
            last_question: 0,
        }
    }

    /// Address of its organisers' page.
    #[must_use]
    pub fn desk(&self) -> String {
        format!("/organisation/rencontres/{}", self.id)
    }

    /// Address of its public page.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/rencontres/{}", self.slug)
    }

    /// Latitude and longitude of the hall, once somebody placed it.
    #[must_use]
    pub fn position(&self) -> Option<(f64, f64)> {
        self.latitude.zip(self.longitude)
    }
}

/// An edition by its key.
///
/// # Errors
/// What the database said.
pub(super) async fn by_key(db: &impl ConnectionTrait, key: i64) -> Result<Option<Edition>, DbErr> {
    Entity::find_by_id(key).one(db).await
}

/// An edition by its key, to change it: others wait.
///
/// # Errors
/// What the database said.
pub(super) async fn lock(txn: &DatabaseTransaction, key: i64) -> Result<Option<Edition>, DbErr> {
    Entity::find_by_id(key).lock_exclusive().one(txn).await
}

/// An edition by its address, drafts too.
///
/// # Errors
/// What the database said.
pub(super) async fn by_slug(db: &impl ConnectionTrait, slug: &str) -> Result<Option<Edition>, DbErr> {
    Entity::find().filter(Column::Slug.eq(slug)).one(db).await
}

/// One page of all editions, the latest day first.
///
/// # Errors
/// What the database said.
pub(super) async fn page(db: &impl ConnectionTrait, offset: u64, most: u64) -> Result<Vec<Edition>, DbErr> {
    let all = Entity::find().order_by_desc(Column::HeldOn).order_by_desc(Column::Id);
    all.offset(offset).limit(most).all(db).await
}

/// How many editions there are.
///
/// # Errors
/// What the database said.
pub(super) async fn count(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().count(db).await
}

/// The editions to come that are no drafts, the next one first, at most `most`.
///
/// # Errors
/// What the database said.
pub async fn coming(db: &impl ConnectionTrait, today: NaiveDate, most: u64) -> Result<Vec<Edition>, DbErr> {
    let open = Entity::find().filter(Column::State.ne(State::Draft)).filter(Column::HeldOn.gte(today));
    open.order_by_asc(Column::HeldOn).order_by_asc(Column::Id).limit(most).all(db).await
}

/// The editions that have been, the latest first, at most `most`.
///
/// # Errors
/// What the database said.
pub(super) async fn past(db: &impl ConnectionTrait, today: NaiveDate, most: u64) -> Result<Vec<Edition>, DbErr> {
    let over = Entity::find().filter(Column::State.ne(State::Draft)).filter(Column::HeldOn.lt(today));
    over.order_by_desc(Column::HeldOn).order_by_desc(Column::Id).limit(most).all(db).await
}

/// The editions whose day has begun and of which not all is known.
///
/// # Errors
/// What the database said.
pub(super) async fn under_way(db: &impl ConnectionTrait) -> Result<Vec<Edition>, DbErr> {
    let open = Entity::find().filter(Column::State.is_in([State::Running, State::Closed]));
    open.order_by_asc(Column::Id).all(db).await
}

/// Writes a locked edition back with what it says now; [`turn`] and [`stir`] alone raise what is theirs.
///
/// # Errors
/// What the database said.
pub(super) async fn keep(txn: &DatabaseTransaction, edition: &Edition) -> Result<(), DbErr> {
    let mut row = edition.clone().into_active_model().reset_all();
    (row.timetable_version, row.live_version) = (NotSet, NotSet);
    row.update(txn).await.map(drop)
}

/// Erases a draft; false when it is none any more.
///
/// # Errors
/// What the database said.
pub(super) async fn erase(txn: &DatabaseTransaction, key: i64) -> Result<bool, DbErr> {
    let draft = Entity::delete_many().filter(Column::Id.eq(key)).filter(Column::State.eq(State::Draft));
    Ok(draft.exec(txn).await?.rows_affected == 1)
}

/// Says to the open pages of the day of a locked edition that there is something new.
///
/// # Errors
/// What the database said.
pub(super) async fn stir(txn: &DatabaseTransaction, key: i64) -> Result<(), DbErr> {
    use sea_orm::sea_query::ExprTrait;
    let next = Expr::col(Column::LiveVersion).add(1);
    let stirred = Entity::update_many().col_expr(Column::LiveVersion, next).filter(Column::Id.eq(key));
    stirred.exec(txn).await.map(drop)
}

/// Says that the timetable in work of a locked edition changed.
///
/// # Errors
/// What the database said.
pub(super) async fn turn(txn: &DatabaseTransaction, key: i64) -> Result<(), DbErr> {
    use sea_orm::sea_query::ExprTrait;
    let next = Expr::col(Column::TimetableVersion).add(1);
    let turned = Entity::update_many().col_expr(Column::TimetableVersion, next).filter(Column::Id.eq(key));
    turned.exec(txn).await.map(drop)
}
