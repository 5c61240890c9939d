//! What visits ask of a person on her own page, and what she comes to.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{JoinType, QueryOrder, QuerySelect, RelationDef, entity::prelude::*};

use super::announced::{AHEAD, Wanted, visit};
use super::farm_visit::{self, FarmVisit};
use super::mail::{hours, party};
use super::pages::open::day;
use super::pages::{date, desk::taken, own};
use super::proposal;
use super::registration::{self, Registration, Standing};
use super::visit_date::{self, State, VisitDate};
use crate::accounts::{self, Person, pages::home::Task};
use crate::app::App;
use crate::suppliers::draft;
use crate::web::french;

/// Lines on the page.
const MOST: u64 = 10;
/// How long before registration ends it matters that too few come.
const SOON: TimeDelta = TimeDelta::days(7);
/// How long before its day a draft is pressing.
const PRESSING: TimeDelta = TimeDelta::days(30);

/// What is to be done: by her, to come to a visit; by an organiser, for those who come.
///
/// # Errors
/// What the database said.
pub(crate) async fn calls(app: &App, person: &Person) -> Result<Vec<Task>, DbErr> {
    let mut tasks = Vec::new();
    for (row, date, visit) in coming_of(app, &person.email).await? {
        let words = match row.state {
            Standing::Offered => "Acceptez ou refusez vos places",
            _ if row.hold_until.is_some() => "Confirmez votre inscription",
            _ => continue,
        };
        let until = row.offer_until.or(row.hold_until).map(|at| french::moment(app.local(at))).unwrap_or_default();
        let why = format!("{}, avant le {until}", named(app, &date, &visit));
        tasks.push(Task { href: own::path(row.id), words: words.to_owned(), why });
    }
    if person.is_organiser {
        tasks.extend(desks(app).await?);
    }
    Ok(tasks)
}

/// The visits she comes to, or waits for.
///
/// # Errors
/// What the database said.
pub(crate) async fn plans(app: &App, person: &Person) -> Result<Vec<Task>, DbErr> {
    let all = coming_of(app, &person.email).await?.into_iter();
    let settled = all.filter(|(row, ..)| row.hold_until.is_none() && row.state != Standing::Offered);
    let plan = |(row, date, visit): (Registration, VisitDate, FarmVisit)| Task {
        href: own::path(row.id),
        words: named(app, &date, &visit),
        why: format!("{}, {}", party(row.party_size), row.state.label()),
    };
    let mut plans: Vec<Task> = settled.map(plan).collect();
    plans.extend(received_by(app, person).await?);
    Ok(plans)
}

/// The visits to come of the farms whose listing she keeps.
async fn received_by(app: &App, person: &Person) -> Result<Vec<Task>, DbErr> {
    let mut tasks = Vec::new();
    for team in accounts::of_person(&app.db, person.id).await? {
        let Some(supplier) = draft::draft_of(&app.db, team.id).await?.and_then(|kept| kept.supplier_id) else {
            continue;
        };
        let now = app.clock.now();
        let wanted =
            Wanted { supplier: Some(supplier), with_cancelled: false, ..Wanted::between(now, now + AHEAD, MOST) };
        tasks.extend(wanted.find(&app.db).await?.into_iter().map(|(date, visit)| Task {
            href: visit.path(),
            words: format!("Chez vous\u{a0}: {}", named(app, &date, &visit)),
            why: format!("{}, {}", hours(app, &date), taken(&date)),
        }));
    }
    Ok(tasks)
}

/// « Du lait à la tomme », jeudi 20 mai 2027
fn named(app: &App, date: &VisitDate, visit: &FarmVisit) -> String {
    format!("«\u{a0}{}\u{a0}», {}", french::typographic(&visit.title), day(app, date))
}

/// The registrations of an address that are not over, of dates that are to come, the first first.
async fn coming_of(app: &App, email: &str) -> Result<Vec<(Registration, VisitDate, FarmVisit)>, DbErr> {
    let own = registration::Entity::find()
        .join(JoinType::InnerJoin, date_of())
        .filter(registration::Column::Email.eq(email))
        .filter(registration::Column::State.is_in(Standing::ALIVE))
        .filter(visit_date::Column::State.ne(State::Cancelled))
        .filter(visit_date::Column::EndsAt.gt(app.clock.now()));
    let own = own.order_by_asc(visit_date::Column::StartsAt).limit(MOST);
    let found = own.select_also(visit_date::Entity).all(&app.db).await?;
    let found: Vec<(Registration, VisitDate)> =
        found.into_iter().filter_map(|(row, date)| Some((row, date?))).collect();
    let keys: Vec<i64> = found.iter().map(|(_, date)| date.farm_visit_id).collect();
    let visits = farm_visit::by_keys(&app.db, &keys).await?;
    let visit = |key| visits.iter().find(|visit| visit.id == key).cloned();
    let whole = |(row, date): (Registration, VisitDate)| Some((row, date.clone(), visit(date.farm_visit_id)?));
    Ok(found.into_iter().filter_map(whole).collect())
}

/// How a registration leads to its date.
fn date_of() -> RelationDef {
    registration::Entity::belongs_to(visit_date::Entity)
        .from(registration::Column::VisitDateId)
        .to(visit_date::Column::Id)
        .into()
}

/// What organisers are to decide.
async fn desks(app: &App) -> Result<Vec<Task>, DbErr> {
    let now = app.clock.now();
    let mut tasks = Vec::new();
    let proposals = proposal::count_waiting(&app.db).await?;
    if proposals > 0 {
        tasks.push(Task {
            href: "/organisation/visites".to_owned(),
            words: "Répondez aux fermes qui proposent une visite".to_owned(),
            why: french::count(proposals, "proposition attend", "propositions attendent"),
        });
    }
    let ahead = visit_date::Entity::find()
        .join(JoinType::InnerJoin, visit())
        .filter(visit_date::Column::StartsAt.gt(now))
        .filter(visit_date::Column::State.ne(State::Cancelled))
        .order_by_asc(visit_date::Column::StartsAt);
    let ahead = ahead.limit(MOST * 5).select_also(farm_visit::Entity).all(&app.db).await?;
    let keys: Vec<i64> = ahead.iter().map(|(date, _)| date.id).collect();
    let waiting = waiting_at(&app.db, &keys).await?;
    for (date, visit) in &ahead {
        let Some(visit) = visit else { continue };
        let waits = waiting.contains(&date.id);
        if let Some((words, why)) = need(date, waits, now) {
            let why = format!("{}, {why}", named(app, date, visit));
            tasks.push(Task { href: date::path(date.id), words: words.to_owned(), why });
        }
    }
    tasks.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    Ok(tasks)
}

/// Those of these dates at which somebody waits.
async fn waiting_at(db: &impl ConnectionTrait, dates: &[i64]) -> Result<Vec<i64>, DbErr> {
    if dates.is_empty() {
        return Ok(Vec::new());
    }
    let waiting = registration::Entity::find().select_only().column(registration::Column::VisitDateId).distinct();
    let waiting = waiting.filter(registration::Column::VisitDateId.is_in(dates.iter().copied()));
    let waiting = waiting.filter(registration::Column::State.eq(Standing::Waiting));
    waiting.filter(registration::Column::HoldUntil.is_null()).into_tuple().all(db).await
}

/// What a date that is to come asks of organisers, and why; nothing of most.
fn need(date: &VisitDate, waits: bool, now: DateTime<Utc>) -> Option<(&'static str, String)> {
    let is_over = date.state == State::Closed || date.closes_at <= now;
    if date.state == State::Draft {
        let is_near = date.starts_at < now + PRESSING;
        return is_near.then(|| ("Ouvrez les inscriptions", "encore un brouillon".to_owned()));
    }
    if date.places_taken < date.minimum && !date.is_confirmed && (is_over || date.closes_at < now + SOON) {
        let come = party(date.places_taken);
        return Some(("Décidez si la visite a lieu", format!("{come} sur {} au moins", date.minimum)));
    }
    if is_over && waits && date.free() > 0 {
        return Some(("Donnez les places qui restent", "des personnes attendent".to_owned()));
    }
    None
}
