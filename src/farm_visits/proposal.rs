//! What a farm proposes to show, until organisers make a visit of it or decline.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::NotSet, DatabaseTransaction, IntoActiveModel, PaginatorTrait, QueryOrder, QuerySelect,
    entity::prelude::*,
};

use super::farm_visit::{self, FarmVisit};
use crate::accounts;
use crate::suppliers::{PublishedPosition, draft::Content};

/// A proposal of a farm.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit_proposals")]
pub(super) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose.
    pub organisation_id: i64,
    /// What organisers said.
    pub state: State,
    /// INSEE code of the commune of the farm.
    pub insee_code: String,
    /// What can be seen, 1 to 4,000 characters.
    pub sights: String,
    /// When, in words, 1 to 500.
    pub season: String,
    /// How many people fit, 1 to 500.
    pub people: i32,
    /// How to get there, at most 2,000.
    pub access: String,
    /// Whom organisers call, at most 200; for them alone.
    pub contact: String,
    /// Rises with every change that the farm makes.
    pub version: i64,
    /// Why not, in organisers' words, at most 1,000.
    pub answer: String,
    /// The visit that was made of it.
    pub farm_visit_id: Option<i64>,
    /// Who proposed it.
    pub made_by: Option<i64>,
    /// When.
    pub made_at: DateTimeUtc,
    /// When organisers answered.
    pub answered_at: Option<DateTimeUtc>,
}

/// A proposal of a farm.
pub(super) type Proposal = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What organisers said of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub(super) enum State {
    /// Nothing yet.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// They prepare a visit.
    #[sea_orm(string_value = "taken")]
    Taken,
    /// No.
    #[sea_orm(string_value = "declined")]
    Declined,
}

/// What a farm says, once it is known to be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NewProposal {
    pub(super) insee_code: String,
    pub(super) sights: String,
    pub(super) season: String,
    pub(super) people: i32,
    pub(super) access: String,
    pub(super) contact: String,
}

/// What became of what a farm said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Proposed {
    /// Organisers are to be told of it.
    New(Box<Proposal>),
    /// What they have not answered yet says something else now.
    Changed,
    /// It says so already: the button was pressed twice.
    Same,
    /// Somebody else changed it, or organisers answered, since the form was drawn.
    Stale,
}

/// A farm proposes something, or changes what it proposed; `seen` is the version of that, 0 of nothing. A farm has one
/// proposal that waits.
///
/// # Errors
/// What the database said.
pub(super) async fn propose(
    txn: &DatabaseTransaction,
    organisation: i64,
    (new, seen): (&NewProposal, i64),
    by: i64,
    now: DateTime<Utc>,
) -> Result<Proposed, DbErr> {
    accounts::lock_organisation(txn, organisation).await?;
    // Held too: organisers may be answering it.
    let kept = waiting_at(organisation).lock_exclusive().one(txn).await?;
    let (id, version) = match kept {
        Some(kept) if kept.says(new) => return Ok(Proposed::Same),
        Some(kept) if kept.version != seen => return Ok(Proposed::Stale),
        Some(kept) => (kept.id, kept.version + 1),
        None if seen != 0 => return Ok(Proposed::Stale),
        None => (0, 1),
    };
    let NewProposal { insee_code, sights, season, people, access, contact } = new.clone();
    let row = Proposal {
        id,
        organisation_id: organisation,
        state: State::Waiting,
        insee_code,
        sights,
        season,
        people,
        access,
        contact,
        version,
        answer: String::new(),
        farm_visit_id: None,
        made_by: Some(by),
        made_at: now,
        answered_at: None,
    };
    let mut row = row.into_active_model().reset_all();
    if id != 0 {
        row.update(txn).await?;
        return Ok(Proposed::Changed);
    }
    row.id = NotSet;
    Ok(Proposed::New(Box::new(row.insert(txn).await?)))
}

impl Model {
    fn says(&self, new: &NewProposal) -> bool {
        let said = (&self.insee_code, &self.sights, &self.season, self.people, &self.access, &self.contact);
        said == (&new.insee_code, &new.sights, &new.season, new.people, &new.access, &new.contact)
    }
}

/// What a farm proposes and nobody has answered.
///
/// # Errors
/// What the database said.
pub(super) async fn waiting_of(db: &impl ConnectionTrait, organisation: i64) -> Result<Option<Proposal>, DbErr> {
    waiting_at(organisation).one(db).await
}

fn waiting_at(organisation: i64) -> Select<Entity> {
    Entity::find().filter(Column::OrganisationId.eq(organisation)).filter(Column::State.eq(State::Waiting))
}

/// What organisers answered a farm, the latest first, at most `most`.
///
/// # Errors
/// What the database said.
pub(super) async fn answered_of(
    db: &impl ConnectionTrait,
    organisation: i64,
    most: u64,
) -> Result<Vec<Proposal>, DbErr> {
    let own = Entity::find().filter(Column::OrganisationId.eq(organisation));
    own.filter(Column::State.ne(State::Waiting)).order_by_desc(Column::Id).limit(most).all(db).await
}

/// What waits for organisers, the longest first, at most `most`.
///
/// # Errors
/// What the database said.
pub(super) async fn waiting(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Proposal>, DbErr> {
    let all = Entity::find().filter(Column::State.eq(State::Waiting));
    all.order_by_asc(Column::MadeAt).order_by_asc(Column::Id).limit(most).all(db).await
}

/// How much waits for organisers.
///
/// # Errors
/// What the database said.
pub(super) async fn count_waiting(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().filter(Column::State.eq(State::Waiting)).count(db).await
}

/// A proposal by its key.
///
/// # Errors
/// What the database said.
pub(super) async fn by_key(db: &impl ConnectionTrait, key: i64) -> Result<Option<Proposal>, DbErr> {
    Entity::find_by_id(key).one(db).await
}

/// What a visit was made of.
///
/// # Errors
/// What the database said.
pub(super) async fn of_visit(db: &impl ConnectionTrait, visit: i64) -> Result<Option<Proposal>, DbErr> {
    Entity::find().filter(Column::FarmVisitId.eq(visit)).one(db).await
}

/// A farm takes its proposal back; false when nothing waits.
///
/// # Errors
/// What the database said.
pub(super) async fn take_back(txn: &DatabaseTransaction, organisation: i64) -> Result<bool, DbErr> {
    let own = Entity::delete_many().filter(Column::OrganisationId.eq(organisation));
    Ok(own.filter(Column::State.eq(State::Waiting)).exec(txn).await?.rows_affected == 1)
}

/// Organisers answer a proposal; false when somebody has already, or the farm took it back.
async fn answer(
    txn: &DatabaseTransaction,
    key: i64,
    (state, words): (State, &str),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let answer = Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Answer, Expr::value(words))
        .col_expr(Column::AnsweredAt, Expr::value(now));
    let answer = answer.filter(Column::Id.eq(key)).filter(Column::State.eq(State::Waiting));
    Ok(answer.exec(txn).await?.rows_affected == 1)
}

/// Organisers decline a proposal, and why; false when somebody has answered already.
///
/// # Errors
/// What the database said.
pub(super) async fn decline(
    txn: &DatabaseTransaction,
    key: i64,
    words: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    answer(txn, key, (State::Declined, words), now).await
}

/// Organisers make a visit of a proposal, with what the farm's listing says; nothing when somebody has answered already.
///
/// # Errors
/// What the database said.
pub(super) async fn take(
    txn: &DatabaseTransaction,
    key: i64,
    (supplier, listing): (Option<i64>, &Content),
    now: DateTime<Utc>,
) -> Result<Option<FarmVisit>, DbErr> {
    if !answer(txn, key, (State::Taken, ""), now).await? {
        return Ok(None);
    }
    let Some(proposal) = by_key(txn, key).await? else { return Ok(None) };
    let visit = farm_visit::write_down(txn, &proposal.visit(supplier, listing, now)).await?;
    let made = Entity::update_many().col_expr(Column::FarmVisitId, Expr::value(visit.id));
    made.filter(Column::Id.eq(key)).exec(txn).await?;
    Ok(Some(visit))
}

impl Model {
    /// The visit it makes. Whom to call stays with organisers, and the street where the farm shows it to nobody.
    fn visit(&self, supplier: Option<i64>, listing: &Content, now: DateTime<Utc>) -> FarmVisit {
        let cut = |text: &str, most| text.chars().take(most).collect::<String>();
        let title = cut(&format!("Visite : {}", listing.name), 120);
        let is_shown = listing.published_position.is_some_and(|shown| *shown == PublishedPosition::Exact);
        let place =
            if is_shown && listing.insee_code.as_ref() == Some(&self.insee_code) { Some(listing) } else { None };
        let (latitude, longitude) = place.and_then(|listing| listing.position).unzip();
        FarmVisit {
            supplier_id: supplier,
            farm: cut(&listing.name, 150),
            address: place
                .and_then(|listing| listing.address.as_deref())
                .map(|text| cut(text, 300))
                .unwrap_or_default(),
            latitude,
            longitude,
            sights: self.sights.clone(),
            access: self.access.clone(),
            ..FarmVisit::new(&title, &self.insee_code, now)
        }
    }
}

/// What a person proposed.
///
/// # Errors
/// What the database said.
pub(super) async fn made_by(db: &impl ConnectionTrait, person: i64) -> Result<Vec<Proposal>, DbErr> {
    Entity::find().filter(Column::MadeBy.eq(person)).order_by_asc(Column::Id).all(db).await
}

/// Forgets whom to call where a person wrote it.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_proposer(txn: &DatabaseTransaction, person: i64) -> Result<(), DbErr> {
    let own = Entity::update_many().col_expr(Column::Contact, Expr::value(""));
    own.filter(Column::MadeBy.eq(person)).exec(txn).await.map(drop)
}

/// Forgets what was answered before a moment.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_answered(txn: &DatabaseTransaction, before: DateTime<Utc>) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::AnsweredAt.lt(before)).exec(txn).await.map(drop)
}
