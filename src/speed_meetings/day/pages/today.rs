//! The telephone in a pocket: where to be now, where to go next, and the whole day; it goes on counting without a network.

use std::collections::BTreeSet;

use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;
use serde_json::json;

use crate::accounts::{self, SignedIn};
use crate::app::App;
use crate::speed_meetings::day::clock::{Own, Phase, current, moments, own};
use crate::speed_meetings::day::hall::Hall;
use crate::speed_meetings::day::live::pulses;
use crate::speed_meetings::edition::{self, Edition, State};
use crate::speed_meetings::meeting::{Difference, Meeting};
use crate::speed_meetings::pages::speaker::{Purpose, Reader, Speaker, which};
use crate::speed_meetings::participant::{self, Standing};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::publication::version;
use crate::web::{Error, Frame, Result, data_block, filters, french, page, private};

/// For how long a change is marked as one.
const FRESH: TimeDelta = TimeDelta::hours(2);

/// `GET /rencontres/{slug}/jour`: leads to the day of one's organisation, or asks which.
#[handler]
pub(crate) async fn choose(
    app: Data<&App>,
    SignedIn { person, .. }: SignedIn,
    Path(slug): Path<String>,
    frame: Frame,
) -> Result<Response> {
    let edition = edition::by_slug(&app.db, &slug).await?.filter(|edition| edition.state >= State::Published);
    let edition = edition.ok_or(Error::NotFound)?;
    let come = participant::of(&app.db, edition.id).await?;
    let mut teams = accounts::of_person(&app.db, person.id).await?;
    teams.retain(|team| come.iter().any(|row| row.organisation_id == team.id && row.state == Standing::Registered));
    let title = french::typographic(&edition.title);
    let purpose = Purpose {
        name: "Ma journée",
        heading: "Ma journée en direct".to_owned(),
        page: "jour",
        lead: format!("Au nom de qui venez-vous à «\u{a0}{title}\u{a0}»\u{a0}?"),
        nobody: format!("Aucune de vos équipes n’est inscrite à «\u{a0}{title}\u{a0}»."),
        ways: &[("/mon-espace", "Revenir à mon espace")],
    };
    which(&edition, teams, purpose, frame)
}

#[derive(Template)]
#[template(path = "speed_meetings/day/today.html")]
struct TodayPage {
    edition: Edition,
    title: String,
    day: String,
    name: String,
    now: Said,
    entries: Vec<Entry>,
    /// Meetings that are no more, in words.
    dropped: Vec<String>,
    /// « Horaires décalés de 5 minutes. »
    late: Option<String>,
    /// What the page needs to go on by itself.
    data: String,
    /// Tells what is shown from what is there now.
    key: String,
    frame: Frame,
}

/// A moment in words.
#[derive(Clone, Serialize)]
struct Said {
    /// From when, in milliseconds since 1970; 0: from the beginning.
    at: i64,
    /// « Maintenant »
    label: String,
    /// Where to be, with whom.
    places: Vec<Place>,
    /// « jusqu’à 10 h 22 »
    until: String,
    /// « Ensuite, à 10 h 24 »
    next_label: String,
    next: Vec<Place>,
}

/// A table, and who sits there.
#[derive(Clone, Serialize)]
struct Place {
    table: String,
    who: String,
    /// « absent : ce rendez-vous n’aura pas lieu »
    note: String,
}

/// A line of the whole day: a meeting or a pause.
struct Entry {
    from: i64,
    to: i64,
    /// « 10 h 12 – 10 h 22 »
    hours: String,
    /// None: a pause.
    place: Option<Place>,
    /// « changé à 10 h 05 »
    changed: Option<String>,
    is_past: bool,
    is_now: bool,
}

impl TodayPage {
    fn is_open(&self) -> bool {
        self.edition.state >= State::Published
    }
}

/// `GET /rencontres/{slug}/jour/{id}`
#[handler]
pub(crate) async fn show(
    app: Data<&App>,
    Reader(Speaker { edition, id, name, .. }): Reader,
    frame: Frame,
) -> Result<Response> {
    let row = participant::of_organisation(&app.db, edition.id, id).await?;
    let row = row.filter(|row| row.state == Standing::Registered).ok_or(Error::NotFound)?;
    let plan = Plan::of(&app.db, edition).await?;
    // Asked before the rest: what changes meanwhile is asked for again.
    let pulse = pulses(&app.db, &[plan.edition.id]).await?.into_iter().next().map(|(_, pulse)| pulse.page);
    let hall = Hall::of(&app.db, plan, app.config.time_zone).await?.for_guests();
    let now = app.clock.now();
    let changes = changes(&app, &hall, row.id, now).await?;
    let own_meetings = hall.meetings_of(row.id);
    let moments = moments(&hall.hours);
    let said: Vec<Said> =
        moments.iter().map(|moment| Said::new(&hall, row.id, &own(*moment, &hall.hours, &own_meetings))).collect();
    let place = current(&moments, now);
    let late = hall.late(now);
    let edition = hall.plan.edition.clone();
    let view = TodayPage {
        title: french::typographic(&edition.title),
        day: french::day(edition.held_on),
        name: french::typographic(&name),
        entries: entries(&hall, row.id, (&own_meetings, &changes), now),
        dropped: changes.iter().flat_map(|changes| changes.dropped(&hall, row.id)).collect(),
        late: (late > 0).then(|| format!("Horaires décalés de {}.", minutes(late))),
        data: data_block(&json!({ "now": now.timestamp_millis(), "moments": said })),
        now: said[place].clone(),
        key: pulse.unwrap_or_default(),
        edition,
        frame,
    };
    Ok(private(page(&view)?))
}

/// « 1 minute », « 5 minutes »
pub(super) fn minutes(count: i64) -> String {
    french::count(count.unsigned_abs(), "minute", "minutes")
}

/// What the last version changed for one participant, as long as that is news.
struct Changes {
    difference: Difference,
    at: DateTime<Utc>,
    /// Pair and slot of what is new or was moved.
    new: BTreeSet<((i64, i64), i32)>,
}

impl Changes {
    fn dropped(&self, hall: &Hall, participant: i64) -> Vec<String> {
        let own = self.difference.dropped.iter().filter_map(|meeting| Some((meeting, meeting.other(participant)?.0)));
        own.map(|(meeting, other)| {
            let (at, hour) = (hall.time(self.at), hall.begins(meeting.slot));
            format!("Annulé à {at}\u{a0}: votre rendez-vous de {hour} avec {}.", hall.name(other.participant))
        })
        .collect()
    }
}

async fn changes(app: &App, hall: &Hall, participant: i64, now: DateTime<Utc>) -> Result<Option<Changes>> {
    let Some(last) = hall.publication.as_ref().filter(|last| last.number > 1 && now - last.published_at < FRESH) else {
        return Ok(None);
    };
    let all = version::all(&app.db, hall.plan.edition.id).await?;
    let Some(before) = all.iter().find(|one| one.number == last.number - 1) else { return Ok(None) };
    let before = version::meetings(&app.db, before.id).await?;
    let own: Vec<Meeting> = before.into_iter().filter(|meeting| meeting.other(participant).is_some()).collect();
    let difference = Difference::between(&own, &hall.meetings_of(participant));
    let new = difference.added.iter().chain(difference.moved.iter().map(|(_, after)| after));
    Ok(Some(Changes {
        new: new.map(|meeting| (meeting.pair(), meeting.slot)).collect(),
        at: last.published_at,
        difference,
    }))
}

impl Said {
    fn new(hall: &Hall, participant: i64, own: &Own) -> Self {
        let Own { moment, now, next } = own;
        let places = |meetings: &[Meeting]| meetings.iter().map(|one| Place::new(hall, participant, one)).collect();
        let until = moment.until.map(|until| hall.time(until)).unwrap_or_default();
        let (label, words, until) = match moment.phase {
            Phase::Before => ("Avant de commencer", "Bienvenue", format!("Premier tour à {until}")),
            Phase::Round(_) if !now.is_empty() => ("Maintenant", "", format!("jusqu’à {until}")),
            Phase::Round(_) => ("Maintenant", "Pas de rendez-vous", format!("jusqu’à {until}")),
            Phase::ChangeOver => ("Maintenant", "Changement de table", format!("jusqu’à {until}")),
            Phase::Pause => ("Maintenant", "Pause", format!("jusqu’à {until}")),
            Phase::Over => ("La journée est finie", "Merci et bonne route", String::new()),
        };
        let alone = Place { table: words.to_owned(), who: String::new(), note: String::new() };
        let next_label = match next {
            Some((hour, _)) => format!("Ensuite, à {}", hall.time(hour.from)),
            None if moment.phase == Phase::Over => String::new(),
            None => "Ensuite, plus de rendez-vous".to_owned(),
        };
        Self {
            at: moment.from.map_or(0, |from| from.timestamp_millis()),
            label: label.to_owned(),
            places: if now.is_empty() { vec![alone] } else { places(now) },
            until,
            next_label,
            next: next.as_ref().map(|(_, meetings)| places(meetings)).unwrap_or_default(),
        }
    }
}

impl Place {
    fn new(hall: &Hall, participant: i64, meeting: &Meeting) -> Self {
        let other = meeting.other(participant).map(|(seat, _)| seat.participant).unwrap_or_default();
        let note = if hall.is_away(other, meeting.slot) {
            "pas là\u{a0}: ce rendez-vous n’a pas lieu"
        } else if hall.is_gone(meeting.table) && hall.plan.edition.state == State::Running {
            "cette table n’est plus là\u{a0}: demandez la vôtre à l’accueil"
        } else {
            ""
        };
        Self { table: hall.table(meeting.table), who: hall.name(other), note: note.to_owned() }
    }
}

/// The lines of the whole day.
fn entries(
    hall: &Hall,
    participant: i64,
    (own, changes): (&[Meeting], &Option<Changes>),
    now: DateTime<Utc>,
) -> Vec<Entry> {
    let span = |from: DateTime<Utc>, to: DateTime<Utc>| format!("{} – {}", hall.time(from), hall.time(to));
    let mut entries = Vec::new();
    let mut push = |(from, to): (DateTime<Utc>, DateTime<Utc>), place, changed| {
        entries.push(Entry {
            from: from.timestamp_millis(),
            to: to.timestamp_millis(),
            hours: span(from, to),
            place,
            changed,
            is_past: to <= now,
            is_now: from <= now && now < to,
        });
    };
    for (place, hour) in hall.hours.iter().enumerate() {
        for meeting in own.iter().filter(|meeting| meeting.slot == hour.slot) {
            let is_new = |changes: &&Changes| changes.new.contains(&(meeting.pair(), meeting.slot));
            let mark = changes.as_ref().filter(is_new).map(|changes| format!("changé à {}", hall.time(changes.at)));
            let renamed =
                || hall.table_before(meeting.table).map(|before| format!("au lieu de «\u{a0}{before}\u{a0}»"));
            let mark = mark.or_else(renamed);
            push((hour.from, hour.to), Some(Place::new(hall, participant, meeting)), mark);
        }
        if let Some(next) = hall.hours.get(place + 1).filter(|next| next.session != hour.session && next.from > hour.to)
        {
            push((hour.to, next.from), None, None);
        }
    }
    entries
}
