//! The mails of this room, drawn when they are decided.

use sea_orm::DatabaseTransaction;

use super::draft::is_first;
use super::own_day::{Change, Hall, Own, own_day};
use super::version::{self, Publication};
use crate::accounts;
use crate::app::App;
use crate::mail::{Content, Letterhead, NotEnqueued, letter};
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::participant::{self, Participant};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::{event, exit};
use crate::web::french;

/// What a mail with one's own day tells.
struct Told<'a> {
    occasion: Occasion<'a>,
    title: String,
    /// « jeudi 20 mai 2027 »
    day: String,
    location: String,
    organisation: &'a str,
    /// Number of the version of the timetable.
    version: i32,
    /// When and where, with whom.
    lines: Vec<(String, String)>,
    /// What is new, in words.
    changes: Vec<String>,
    /// What organisers add, by paragraphs.
    words: Vec<String>,
    /// Her own page.
    link: String,
    /// Where one withdraws without signing in.
    exit: String,
}

/// What a mail about appointments that fell away tells organisers.
struct Holes<'a> {
    title: String,
    /// Who does not come.
    organisation: &'a str,
    /// Number of the version that says so.
    version: i32,
    /// When, where, and who is left alone.
    lines: Vec<String>,
    link: String,
}

letter!(
    draw_day,
    Told,
    "speed_meetings/mail/own_day/subject.txt",
    "speed_meetings/mail/own_day/body.txt",
    "speed_meetings/mail/own_day/body.html"
);
letter!(
    draw_holes,
    Holes,
    "speed_meetings/mail/holes/subject.txt",
    "speed_meetings/mail/holes/body.txt",
    "speed_meetings/mail/holes/body.html"
);

/// Why a participant gets her day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion<'a> {
    /// She gets it for the first time.
    First,
    /// This is new.
    Changed(&'a [Change]),
    /// The hours or the place of the whole day are others, or her own hours.
    Elsewhere,
}

impl Told<'_> {
    fn is_first(&self) -> bool {
        self.occasion == Occasion::First
    }

    fn is_elsewhere(&self) -> bool {
        self.occasion == Occasion::Elsewhere
    }
}

/// Tells each person of a registered participant her day as these meetings have it, once for each version of the
/// participant, which rises; says to how many.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn tell(
    txn: &DatabaseTransaction,
    app: &App,
    plan: &Plan,
    hall: &Hall,
    (publication, meetings): (&Publication, &[Meeting]),
    (id, occasion): (i64, Occasion<'_>),
) -> Result<i32, NotEnqueued> {
    let Some(guest) = hall.guest(id) else { return Ok(0) };
    let mut row = guest.row.clone();
    (row.sequence, row.version) = (row.sequence + 1, row.version + 1);
    let row = participant::write(txn, &row).await?;
    let day = own_day(meetings, id);
    let mut told = told(app, plan, hall, (publication, &day), (&row, occasion));
    let head = Letterhead::new(&app.config);
    let version = u32::try_from(row.version).unwrap_or(u32::MAX);
    let people = accounts::people(txn, row.organisation_id).await?;
    for person in &people {
        let event = event_of(app, plan, hall, (&row, &day), &told, person.id);
        told.exit = exit::open(txn, app, row.id, person.id).await?;
        let content = Content { event, ..draw_day(&head, &told)? };
        let key = ("meeting_day", format!("participants/{id}"), version);
        accounts::write_to_each(txn, app, key, std::slice::from_ref(person), &content).await?;
    }
    Ok(i32::try_from(people.len()).unwrap_or(i32::MAX))
}

/// Tells a registered participant her day again because hours or place are others; false when nothing is published: she is to
/// be told otherwise.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(in crate::speed_meetings) async fn tell_again(
    txn: &DatabaseTransaction,
    app: &App,
    plan: &Plan,
    participant: &Participant,
) -> Result<bool, NotEnqueued> {
    let in_force = version::in_force(txn, plan.edition.id).await?.filter(|_| !is_first(plan));
    let Some(in_force) = in_force else { return Ok(false) };
    let names = in_force.tables_now(plan);
    let hall = Hall::of(txn, plan, app.config.time_zone).await?.calling(&names, &names);
    let held = (&in_force.publication, in_force.meetings.as_slice());
    tell(txn, app, plan, &hall, held, (participant.id, Occasion::Elsewhere)).await?;
    Ok(true)
}

/// Tells organisers which appointments fell away with a participant.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn tell_of_holes(
    txn: &DatabaseTransaction,
    app: &App,
    plan: &Plan,
    (participant, meetings): (&Participant, &[Meeting]),
) -> Result<(), NotEnqueued> {
    let hall = Hall::of(txn, plan, app.config.time_zone).await?;
    let line =
        |own: &Own| format!("{}, {}\u{a0}: {}", hall.time(own.slot), hall.table(own.table), hall.name(own.other));
    let number = version::in_force(txn, plan.edition.id).await?.map_or(0, |held| held.publication.number);
    let holes = Holes {
        title: french::typographic(&plan.edition.title),
        organisation: hall.name(participant.id),
        version: number,
        lines: own_day(meetings, participant.id).iter().map(line).collect(),
        link: format!("{}{}/publication", app.config.public_url(), plan.edition.desk()),
    };
    let content = draw_holes(&Letterhead::new(&app.config), &holes)?;
    let version = u32::try_from(participant.version).unwrap_or(u32::MAX);
    let key = ("meeting_holes", format!("participants/{}", participant.id), version);
    accounts::write_to_each(txn, app, key, &accounts::organisers(txn).await?, &content).await
}

fn told<'a>(
    app: &App,
    plan: &Plan,
    hall: &'a Hall,
    (publication, day): (&Publication, &[Own]),
    (row, occasion): (&Participant, Occasion<'a>),
) -> Told<'a> {
    let edition = &plan.edition;
    let changes = match occasion {
        Occasion::Changed(changes) => changes.iter().map(|change| hall.said(row.id, *change)).collect(),
        Occasion::First | Occasion::Elsewhere => Vec::new(),
    };
    let words = if occasion == Occasion::Elsewhere { "" } else { publication.words.as_str() };
    Told {
        occasion,
        title: french::typographic(&edition.title),
        day: french::day(edition.held_on),
        location: event::location(edition, &app.places),
        organisation: hall.name(row.id),
        version: publication.number,
        lines: day.iter().map(|own| line(hall, row.id, own)).collect(),
        changes,
        words: words
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| french::typographic(&line))
            .collect(),
        link: format!("{}{}/planning/{}", app.config.public_url(), edition.path(), row.organisation_id),
        exit: String::new(),
    }
}

/// « 10 h 12 – 10 h 22, Table 7 » and « Ferme du Suc ».
fn line(hall: &Hall, participant: i64, own: &Own) -> (String, String) {
    let name = hall.name(own.other).to_owned();
    let with = match hall.which(participant, own.copy) {
        "" => name,
        which => format!("{name} ({which} de votre équipe)"),
    };
    (format!("{}, {}", hall.times(own.slot), hall.table(own.table)), with)
}

/// The day in the calendar of one person: from her first appointment to her last, or her own span when she has none.
fn event_of(
    app: &App,
    plan: &Plan,
    hall: &Hall,
    (row, day): (&Participant, &[Own]),
    told: &Told<'_>,
    person: i64,
) -> Option<crate::mail::calendar::Event> {
    let mut event = event::appointment(app, plan, &format!("participant-{}-{person}", row.id))?;
    let (from, to) = row.span((event.starts_at, event.ends_at), plan.edition.held_on, app.config.time_zone);
    let spans: Vec<_> = day.iter().filter_map(|own| hall.span(own.slot)).collect();
    event.starts_at = spans.iter().map(|(from, _)| *from).min().unwrap_or(from);
    event.ends_at = spans.iter().map(|(_, to)| *to).max().unwrap_or(to);
    event.sequence += u32::try_from(row.sequence).unwrap_or_default();
    let lines: Vec<String> = told.lines.iter().map(|(at, with)| format!("{at}\u{a0}: {with}")).collect();
    let lines = if lines.is_empty() { "Pas de rendez-vous pour l’instant.".to_owned() } else { lines.join("\n") };
    event.description = format!("{lines}\n\nPlanning, version {}.\n{}", told.version, event.description);
    Some(event)
}

/// One of each mail of this room, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub(in crate::speed_meetings) fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let told = |occasion, changes: &[&str]| Told {
        occasion,
        title: "Rencontre du Velay".to_owned(),
        day: "jeudi 20 mai 2027".to_owned(),
        location: "Salle des fêtes, 43200 Yssingeaux".to_owned(),
        organisation: "Collège des Sucs",
        version: 2,
        lines: [
            ("9\u{a0}h\u{a0}30 – 9\u{a0}h\u{a0}40, Table 7", "Ferme du Suc"),
            ("14\u{a0}h – 14\u{a0}h\u{a0}10, Estrade", "Les Légumes d’Yssingeaux"),
        ]
        .map(|(at, with)| (at.to_owned(), with.to_owned()))
        .to_vec(),
        changes: changes.iter().map(|change| (*change).to_owned()).collect(),
        words: vec!["Le parking est derrière la salle.".to_owned()],
        link: format!("{}/rencontres/rencontre-du-velay-2027/planning/12", head.address),
        exit: format!("{}/desinscription/0123456789abcdef0123456789abcdef", head.address),
    };
    let moved = [
        "déplacé de 10\u{a0}h\u{a0}12 à 14\u{a0}h\u{a0}: Estrade, avec Les Légumes d’Yssingeaux",
        "annulé\u{a0}: 11\u{a0}h, avec Fromagerie du Lac",
    ];
    let holes = Holes {
        title: "Rencontre du Velay".to_owned(),
        organisation: "Fromagerie du Lac",
        version: 3,
        lines: vec!["11\u{a0}h, Table 4\u{a0}: Collège des Sucs".to_owned()],
        link: format!("{}/organisation/rencontres/1/publication", head.address),
    };
    Ok(vec![
        ("speed_meetings/mail/own_day", draw_day(head, &told(Occasion::Changed(&[]), &moved))?),
        ("speed_meetings/mail/holes", draw_holes(head, &holes)?),
    ])
}
