//! The day of one participant: its appointments, who wished to meet it, and the calendar that follows both.

use askama::Template;
use poem::web::{Data, Path};
use poem::{FromRequest, Request, RequestBody, Response, handler};
use sea_orm::ConnectionTrait;

use crate::app::App;
use crate::mail::Sender;
use crate::mail::calendar::{self, Event};
use crate::speed_meetings::day::minutes_now;
use crate::speed_meetings::edition::{self, Edition, State};
use crate::speed_meetings::event;
use crate::speed_meetings::pages::open::visible;
use crate::speed_meetings::pages::speaker::{Reader, Speaker};
use crate::speed_meetings::participant::{self, Participant, Standing};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::publication::feed;
use crate::speed_meetings::publication::own_day::{Hall, Own, own_day};
use crate::speed_meetings::publication::version::{self, InForce, Publication};
use crate::speed_meetings::registration::Asks;
use crate::speed_meetings::wishes;
use crate::web::{Csrf, Error, Form, Frame, Pressed, Result, filters, french, page, private, see_other};

/// The day of an organisation, for its people and organisers; there is nothing for anybody else.
pub(crate) struct Planning {
    plan: Plan,
    row: Participant,
    /// Whether who looks is one of its people.
    is_own: bool,
}

impl<'a> FromRequest<'a> for Planning {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        let Reader(Speaker { edition, id, asks, .. }) = Reader::from_request(request, body).await?;
        let (plan, row) = find(app, edition, id).await?.ok_or(Error::NotFound)?;
        Ok(Self { plan, row, is_own: asks == Asks::Own })
    }
}

/// The plan of an edition and the row of an organisation that is or was to come to it.
async fn find(app: &App, edition: Edition, organisation: i64) -> Result<Option<(Plan, Participant)>> {
    let row = participant::of_organisation(&app.db, edition.id, organisation).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some((Plan::of(&app.db, edition).await?, row)))
}

impl Planning {
    /// Address of its page.
    fn here(&self) -> String {
        format!("{}/planning/{}", self.plan.edition.path(), self.row.organisation_id)
    }
}

/// The version in force of an edition whose timetable is out.
async fn in_force(db: &impl ConnectionTrait, plan: &Plan) -> Result<Option<InForce>> {
    if plan.edition.state < State::Published {
        return Ok(None);
    }
    Ok(version::in_force(db, plan.edition.id).await?)
}

#[derive(Template)]
#[template(path = "speed_meetings/publication/planning.html")]
struct PlanningPage {
    planning: Planning,
    title: String,
    name: String,
    day: String,
    location: String,
    /// Number of the version and when it was published; none while there is none.
    version: Option<(i32, String)>,
    lines: Vec<Line>,
    /// By how many minutes what is to come is put off.
    late: i32,
    /// Who wished to meet this one, and whether it does.
    wished_by: Vec<(String, bool)>,
    feed: Feed,
    csrf: Csrf,
    frame: Frame,
}

/// The calendar that one can subscribe to.
#[derive(Default)]
struct Feed {
    /// The address, when it was made just now, and the same as telephones and Outlook take it up by themselves.
    address: Option<(String, String)>,
    /// Since when there is one.
    since: Option<String>,
}

/// An appointment.
struct Line {
    /// « 10 h 12 – 10 h 22 »
    times: String,
    table: String,
    with: String,
    /// Who of two goes there, or nothing.
    which: &'static str,
    /// The pauses between the one before and this one: « 12 h 10 – 13 h 30 ».
    pauses: Vec<String>,
}

impl PlanningPage {
    /// Whether it is the day, for one who comes.
    fn is_running(&self) -> bool {
        self.is_registered() && self.planning.plan.edition.state == State::Running
    }

    fn is_registered(&self) -> bool {
        self.planning.row.state == Standing::Registered
    }

    fn may_withdraw(&self) -> bool {
        self.is_registered() && self.planning.is_own && !self.planning.plan.edition.state.is_over()
    }

    fn done(&self) -> Option<&'static str> {
        (self.frame.done() == "retrait").then_some("L’adresse de l’agenda ne sert plus.")
    }
}

/// `GET /rencontres/{slug}/planning/{id}`
#[handler]
pub(crate) async fn show(app: Data<&App>, planning: Planning, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, planning, None, frame, csrf).await
}

async fn draw(app: &App, planning: Planning, address: Option<String>, frame: Frame, csrf: Csrf) -> Result<Response> {
    let (plan, row) = (&planning.plan, &planning.row);
    let held = in_force(&app.db, plan).await?;
    let names = held.as_ref().map(|held| held.tables_now(plan)).unwrap_or_default();
    let hall = Hall::of(&app.db, plan, app.config.time_zone).await?.calling(&names, &names);
    let day = held.as_ref().map(|held| own_day(&held.meetings, row.id)).unwrap_or_default();
    let before = |at: usize| at.checked_sub(1).and_then(|at| day.get(at));
    let line = |(at, own): (usize, &Own)| Line {
        times: hall.times(own.slot),
        table: hall.table(own.table),
        with: hall.name(own.other).to_owned(),
        which: hall.which(row.id, own.copy),
        pauses: before(at).map(|before| hall.pauses(before.slot, own.slot)).unwrap_or_default(),
    };
    let wished_by = if held.is_some() { wished_by(&app.db, &hall, row, &day).await? } else { Vec::new() };
    let since = feed::open_since(&app.db, row.id).await?;
    let address = address.map(|address| {
        let subscription = address.replacen("https://", "webcal://", 1).replacen("http://", "webcal://", 1);
        (address, subscription)
    });
    let late = minutes_now(&app.db, plan.edition.id).await?;
    let view = PlanningPage {
        late,
        title: french::typographic(&plan.edition.title),
        name: hall.name(row.id).to_owned(),
        day: french::day(plan.edition.held_on),
        location: event::location(&plan.edition, &app.places),
        version: held.as_ref().map(|held| said(app, &held.publication)),
        lines: day.iter().enumerate().map(line).collect(),
        wished_by,
        feed: Feed { address, since: since.map(|since| french::date(app.local(since).date())) },
        planning,
        csrf,
        frame,
    };
    Ok(private(page(&view)?))
}

fn said(app: &App, publication: &Publication) -> (i32, String) {
    (publication.number, french::moment(app.local(publication.published_at)))
}

/// Who wished to meet a participant: known to it once the timetable is out, not before.
async fn wished_by(
    db: &impl ConnectionTrait,
    hall: &Hall,
    row: &Participant,
    day: &[Own],
) -> Result<Vec<(String, bool)>> {
    let all = wishes::of_edition(db, row.edition_id).await?;
    let mine = all.iter().filter(|wish| wish.wished_id == row.id && wish.rank.is_some());
    let mut named: Vec<(String, bool)> = mine
        .map(|wish| {
            let is_met = day.iter().any(|own| own.other == wish.participant_id);
            (hall.name(wish.participant_id).to_owned(), is_met)
        })
        .collect();
    named.sort_by_key(|(name, _)| crate::tables::fold(name));
    Ok(named)
}

/// `POST /rencontres/{slug}/planning/{id}/agenda`: a new address, shown in the answer and never again.
#[handler]
pub(crate) async fn open_feed(
    app: Data<&App>,
    planning: Planning,
    frame: Frame,
    csrf: Csrf,
    _: Form<Pressed>,
) -> Result<Response> {
    if !planning.is_own {
        return Err(Error::NotFound);
    }
    let token = app.random.token();
    let txn = app.write().await?;
    edition::lock(&txn, planning.plan.edition.id).await?;
    feed::open(&txn, planning.row.id, &token, app.clock.now()).await?;
    txn.commit().await?;
    let address = frame.absolute(&format!("{}/{token}.ics", planning.here()));
    draw(&app, planning, Some(address), frame, csrf).await
}

/// `POST /rencontres/{slug}/planning/{id}/agenda/retrait`
#[handler]
pub(crate) async fn close_feed(app: Data<&App>, planning: Planning, _: Form<Pressed>) -> Result<Response> {
    if !planning.is_own {
        return Err(Error::NotFound);
    }
    let txn = app.write().await?;
    edition::lock(&txn, planning.plan.edition.id).await?;
    feed::close(&txn, planning.row.id).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait=retrait", planning.here())))
}

/// `GET /rencontres/{slug}/planning/{id}/{token}.ics`: each appointment an event of its own.
#[handler]
pub(crate) async fn calendar_file(
    app: Data<&App>,
    Path((slug, id, file)): Path<(String, i64, String)>,
    frame: Frame,
) -> Result<Response> {
    let token = file.strip_suffix(".ics").ok_or(Error::NotFound)?;
    let key = feed::of_token(&app.db, token).await?.ok_or(Error::NotFound)?;
    let edition = visible(&app, &slug, false).await?.edition;
    let found = find(&app, edition, id).await?.filter(|(_, row)| row.id == key);
    let (plan, row) = found.ok_or(Error::NotFound)?;
    let sender = Sender::new(&app.config).map_err(Error::broken("reading the sender of mails"))?;
    let events = events(&app, &plan, &row).await?;
    let name = format!("{} {}", frame.site(), french::typographic(&plan.edition.title));
    let text = calendar::feed(&name, &sender, &events);
    Ok(private(Response::builder().content_type("text/calendar; charset=utf-8").body(text)))
}

/// The appointments of a participant as events, each with when it was told.
async fn events(app: &App, plan: &Plan, row: &Participant) -> Result<Vec<(Event, chrono::DateTime<chrono::Utc>)>> {
    let Some(held) = in_force(&app.db, plan).await? else { return Ok(Vec::new()) };
    let names = held.tables_now(plan);
    let hall = Hall::of(&app.db, plan, app.config.time_zone).await?.calling(&names, &names);
    let one = |own: Own| {
        let name = format!("rendez-vous-{}-{}", row.id, own.other);
        let mut event = event::appointment(app, plan, &name)?;
        (event.starts_at, event.ends_at) = hall.span(own.slot)?;
        event.sequence += u32::try_from(row.sequence).unwrap_or_default();
        event.summary = match hall.which(row.id, own.copy) {
            "" => format!("{}, {}", hall.name(own.other), hall.table(own.table)),
            which => format!("{}, {} ({which})", hall.name(own.other), hall.table(own.table)),
        };
        Some((event, held.publication.published_at))
    };
    Ok(own_day(&held.meetings, row.id).into_iter().filter_map(one).collect())
}
