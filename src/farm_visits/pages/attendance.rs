//! Who came, noted on the farm on a telephone. What it keeps while there is no network arrives in `telephone`.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};

use super::date::{self, Desk};
use super::open::day;
use super::registration::number;
use crate::app::App;
use crate::audit::{self, Act as Deed, By};
use crate::farm_visits::attendance::{self, Attendance, Attendances, Guest, Note, Of, WALK_IN_MOST, most, note};
use crate::farm_visits::attendance_note::Outcome;
use crate::farm_visits::mail::hours;
use crate::farm_visits::registration::{self, Registration, Standing};
use crate::farm_visits::visit_date::{self, State};
use crate::mail::EmailAddress;
use crate::suppliers::draft::Typed;
use crate::tables::fold;
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Result, filters, french, line_of, one_line, page_with, private, see_other,
};

/// More than this cannot be counted in one group.
pub(super) const CROWD: i32 = 100;

/// Address of the page of a date.
pub(super) fn path(date: i64) -> String {
    format!("{}/presence", date::path(date))
}

#[derive(Template)]
#[template(path = "farm_visits/attendance.html")]
struct AttendancePage {
    desk: Desk,
    day: String,
    hours: String,
    /// Those who have a place, by name.
    come: Vec<Line>,
    /// Those who have none, and may have come all the same.
    others: Vec<Line>,
    walked_in: Vec<Line>,
    /// Of which a telephone without network makes the line of who walks in.
    blank: Line,
    /// « 12 personnes venues sur 20 inscrites »
    count: String,
    /// When this list was true, in milliseconds since 1970.
    drawn_at: i64,
    /// The key of who is written down next.
    next_key: String,
    refused: Option<String>,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// Those who come together.
struct Line {
    /// The field that says who is meant, and what it holds.
    field: &'static str,
    value: String,
    name: String,
    organisation: String,
    /// What else is known of it; may be empty.
    remark: &'static str,
    /// How many were registered; 0 of those who walked in.
    party: i32,
    came: Option<i32>,
    most: i32,
}

impl Line {
    fn of(row: &Registration, came: Option<i32>) -> Self {
        Self {
            field: "inscription",
            value: row.id.to_string(),
            name: french::typographic(&row.name),
            organisation: french::typographic(&row.organisation),
            remark: if row.state == Standing::Confirmed { "" } else { row.state.label() },
            party: row.party_size,
            came,
            most: most(row),
        }
    }

    fn walked_in(row: &Attendance) -> Self {
        Self {
            value: row.walk_in_key.clone().unwrap_or_default(),
            name: french::typographic(&row.name),
            organisation: french::typographic(&row.organisation),
            came: row.came,
            ..Self::blank()
        }
    }

    /// The line of who walks in, of whom nothing is known yet.
    fn blank() -> Self {
        Self {
            field: "passage",
            value: String::new(),
            name: String::new(),
            organisation: String::new(),
            remark: "",
            party: 0,
            came: None,
            most: WALK_IN_MOST,
        }
    }

    fn class(&self) -> &'static str {
        match self.came {
            None => "",
            Some(0) => "missing",
            Some(_) => "there",
        }
    }

    /// The script of the page says it the same way.
    fn words(&self) -> String {
        let plural = |one: &'static str, many: &'static str, count: i32| if count > 1 { many } else { one };
        match self.came {
            None => format!("{}\u{a0}{}", self.party, plural("attendu", "attendus", self.party)),
            Some(0) => plural("absent", "absents", self.party).to_owned(),
            Some(came) if self.party == 0 || came == self.party => {
                format!("{came}\u{a0}{}", plural("venu", "venus", came))
            }
            Some(came) => format!("{came}\u{a0}{} sur {}", plural("venu", "venus", came), self.party),
        }
    }

    fn less(&self) -> i32 {
        (self.came.unwrap_or_default() - 1).max(i32::from(self.party == 0))
    }

    fn more(&self) -> i32 {
        (self.came.unwrap_or_default() + 1).min(self.most)
    }

    fn is_walk_in(&self) -> bool {
        self.party == 0
    }
}

impl AttendancePage {
    fn here(&self) -> String {
        path(self.desk.date.id)
    }

    fn desk_path(&self) -> String {
        date::path(self.desk.date.id)
    }

    fn is_on(&self) -> bool {
        !matches!(self.desk.date.state, State::Draft | State::Cancelled)
    }
}

/// `GET /organisation/visites/dates/{key}/presence`
#[handler]
pub(crate) async fn show(app: Data<&App>, desk: Desk, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, desk, Again::default(), frame, csrf).await
}

/// What was typed and not kept, and why.
#[derive(Default)]
struct Again {
    refused: Option<String>,
    typed: Typed,
    errors: FieldErrors,
}

async fn draw(app: &App, desk: Desk, again: Again, frame: Frame, csrf: Csrf) -> Result<Response> {
    let noted = attendance::of_date(&app.db, desk.date.id).await?;
    let (come, others) = lines(app, &desk, &noted).await?;
    let registered: i32 = come.iter().map(|line| line.party).sum();
    let people = |count: i32| u64::try_from(count).unwrap_or_default();
    let count = format!(
        "{} sur {}",
        french::count(people(noted.people()), "personne venue", "personnes venues"),
        french::count(people(registered), "inscrite", "inscrites"),
    );
    let is_fine = again.refused.is_none() && again.errors.is_empty();
    let status = if is_fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = AttendancePage {
        day: day(app, &desk.date),
        hours: hours(app, &desk.date),
        come,
        others,
        walked_in: noted.walked_in.iter().map(Line::walked_in).collect(),
        blank: Line::blank(),
        count,
        drawn_at: app.clock.now().timestamp_millis(),
        next_key: app.random.token(),
        refused: again.refused,
        typed: again.typed,
        errors: again.errors,
        desk,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}

/// Those who have a place, and those who have none, both by name. Who gave the place back is shown only when she came.
async fn lines(app: &App, desk: &Desk, noted: &Attendances) -> Result<(Vec<Line>, Vec<Line>)> {
    let mut rows = registration::in_states(&app.db, desk.date.id, &Standing::ALL).await?;
    rows.retain(|row| row.state.is_alive() || noted.registered.contains_key(&row.id));
    rows.sort_by_cached_key(|row| fold(&row.name));
    let (come, others): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.state == Standing::Confirmed);
    let line = |row: &Registration| Line::of(row, noted.registered.get(&row.id).copied());
    Ok((come.into_iter().map(line).collect(), others.into_iter().map(line).collect()))
}

/// `POST /organisation/visites/dates/{key}/presence`: how many came of one line.
#[handler]
pub(crate) async fn note_one(
    app: Data<&App>,
    desk: Desk,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let unclear = || Error::bad_request("Choisissez qui est venu, et à combien.");
    let of = match (typed.of("inscription").parse(), key(typed.of("passage"))) {
        (Ok(registration), _) => Of::Registration(registration),
        (Err(_), Some(key)) => Of::WalkIn(key),
        (Err(_), None) => return Err(unclear()),
    };
    let came = match typed.of("venus") {
        "" => None,
        text => Some(text.parse().ok().filter(|came| (0..=CROWD).contains(came)).ok_or_else(unclear)?),
    };
    let note = here_and_now(&app, &desk, app.random.token(), of, came);
    answer(&app, desk, note, Typed::default(), (frame, csrf)).await
}

/// `POST /organisation/visites/dates/{key}/presence/passages`: somebody who was not registered.
#[handler]
pub(crate) async fn walk_in(
    app: Data<&App>,
    desk: Desk,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let guest = guest(&typed, &mut errors);
    let came = number(&typed, "personnes", 1, WALK_IN_MOST, &mut errors);
    let (Some(came), true) = (came, errors.is_empty()) else {
        return draw(&app, desk, Again { refused: None, typed, errors }, frame, csrf).await;
    };
    let key = key(typed.of("cle")).unwrap_or_else(|| app.random.token());
    let note = here_and_now(&app, &desk, key.clone(), Of::NewWalkIn(key, guest), Some(came));
    answer(&app, desk, note, typed, (frame, csrf)).await
}

/// Who it is, and for whom: a name there must be.
pub(super) fn who(typed: &Typed, errors: &mut FieldErrors) -> (String, String) {
    let name = one_line(typed.of("nom"));
    if name.is_empty() || name.chars().count() > 120 {
        errors.add("nom", "Écrivez le nom de la personne, en 120\u{a0}caractères au plus.");
    }
    let organisation = line_of(typed.of("organisation"), 200)
        .map_err(|sentence| errors.add("organisation", sentence))
        .unwrap_or_default();
    (name, organisation)
}

pub(super) fn guest(typed: &Typed, errors: &mut FieldErrors) -> Guest {
    let (name, organisation) = who(typed, errors);
    let email = EmailAddress::parse(typed.of("courriel")).ok();
    if email.is_none() && !typed.of("courriel").trim().is_empty() {
        errors.add("courriel", "Écrivez une adresse de courriel, comme prenom.nom@exemple.fr, ou rien.");
    }
    Guest { name, organisation, email }
}

/// A note made on a page that has a network.
fn here_and_now(app: &App, desk: &Desk, key: String, of: Of, came: Option<i32>) -> Note {
    Note { key, telephone: format!("page-{}", desk.me.id), said_at: app.clock.now(), of, came }
}

async fn answer(app: &App, desk: Desk, note: Note, typed: Typed, (frame, csrf): (Frame, Csrf)) -> Result<Response> {
    let outcomes = write_down(app, &desk, std::slice::from_ref(&note)).await?;
    match outcomes.first().and_then(|outcome| outcome.refusal()) {
        Some(why) => {
            let again = Again { refused: Some(format!("Rien n’est noté\u{a0}: {why}")), typed, ..Again::default() };
            draw(app, desk, again, frame, csrf).await
        }
        None => Ok(see_other(&path(desk.date.id))),
    }
}

/// Writes notes down in their order, all or none.
pub(super) async fn write_down(app: &App, desk: &Desk, notes: &[Note]) -> Result<Vec<Outcome>> {
    let now = app.clock.now();
    let txn = app.write().await?;
    let date = visit_date::lock(&txn, desk.date.id).await?.ok_or(Error::NotFound)?;
    let mut done = Vec::new();
    for one in notes {
        done.push(note(&txn, &date, one, Some(desk.me.id), now).await?);
    }
    if done.iter().any(|one| one.is_new && one.outcome == Outcome::Kept) {
        let deed = Deed::new("a noté des présences à une visite de ferme", format!("visit_dates/{}", date.id));
        audit::record(&txn, By::Person(desk.me.id), deed.with(desk.visit.title.clone()), now).await?;
    }
    txn.commit().await?;
    Ok(done.into_iter().map(|one| one.outcome).collect())
}

/// A key made by a browser, or by this site for one.
pub(super) fn key(text: &str) -> Option<String> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_plain && (1..=64).contains(&text.len())).then(|| text.to_owned())
}
