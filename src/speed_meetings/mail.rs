//! The mails of this room, drawn when they are decided. Each of an organisation's people gets them, with the day in her
//! calendar when her organisation has a place.

use sea_orm::DatabaseTransaction;

use super::edition::State;
use super::participant::{self, Participant, Standing};
use super::plan::Plan;
use super::{event, exit, invitations, publication, wishes};
use crate::accounts;
use crate::app::App;
use crate::mail::calendar::Method;
use crate::mail::{Content, Letterhead, NotEnqueued, letter};
use crate::web::french;

/// What a mail about a registration tells.
#[derive(Clone)]
struct Told<'a> {
    title: String,
    /// « jeudi 20 mai 2027 »
    day: String,
    /// « de 9 h 30 à 15 h 58 », or nothing while they are not known.
    hours: &'a str,
    location: String,
    organisation: &'a str,
    /// The place in the waiting list, from 1; 0 for who does not wait.
    place: u64,
    /// How many published appointments fell away with it.
    cancelled: usize,
    /// Until when and where one says whom one would meet, while one may.
    wishes: Option<(String, String)>,
    /// Whether one may register anew.
    is_open: bool,
    /// Where the registration is seen, changed and taken back.
    link: String,
    /// Where it is taken back without signing in; may be empty.
    exit: String,
}

letter!(
    draw_registered,
    Told,
    "speed_meetings/mail/registered/subject.txt",
    "speed_meetings/mail/registered/body.txt",
    "speed_meetings/mail/registered/body.html"
);
letter!(
    draw_waiting,
    Told,
    "speed_meetings/mail/waiting/subject.txt",
    "speed_meetings/mail/waiting/body.txt",
    "speed_meetings/mail/waiting/body.html"
);
letter!(
    draw_moved_up,
    Told,
    "speed_meetings/mail/moved_up/subject.txt",
    "speed_meetings/mail/moved_up/body.txt",
    "speed_meetings/mail/moved_up/body.html"
);
letter!(
    draw_changed,
    Told,
    "speed_meetings/mail/changed/subject.txt",
    "speed_meetings/mail/changed/body.txt",
    "speed_meetings/mail/changed/body.html"
);
letter!(
    draw_withdrawn,
    Told,
    "speed_meetings/mail/withdrawn/subject.txt",
    "speed_meetings/mail/withdrawn/body.txt",
    "speed_meetings/mail/withdrawn/body.html"
);

/// What a participant is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// It has a place.
    Registered,
    /// It waits.
    Waiting,
    /// It waited and has a place.
    MovedUp,
    /// Its hours changed, or the day, or the hall.
    Changed,
    /// It does not come.
    Withdrawn {
        /// Whether it had a place.
        had_place: bool,
        /// How many appointments fell away that others had been told of.
        cancelled: usize,
    },
}

type Draw = fn(&Letterhead, &Told<'_>) -> askama::Result<Content>;

impl News {
    fn kind(self) -> (&'static str, Draw) {
        match self {
            Self::Registered => ("meeting_registered", draw_registered),
            Self::Waiting => ("meeting_waiting", draw_waiting),
            Self::MovedUp => ("meeting_moved_up", draw_moved_up),
            Self::Changed => ("meeting_changed", draw_changed),
            Self::Withdrawn { .. } => ("meeting_withdrawn", draw_withdrawn),
        }
    }

    /// What calendars are asked; nothing when they know of nothing.
    fn method(self) -> Option<Method> {
        match self {
            Self::Registered | Self::MovedUp | Self::Changed => Some(Method::Request),
            Self::Withdrawn { had_place: true, .. } => Some(Method::Cancel),
            Self::Waiting | Self::Withdrawn { had_place: false, .. } => None,
        }
    }
}

/// Tells each person of an organisation what became of its registration, once for each version of it.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn tell(
    txn: &DatabaseTransaction,
    app: &App,
    plan: &Plan,
    participant: &Participant,
    news: News,
) -> Result<(), NotEnqueued> {
    let waits = participant.state == Standing::Waiting;
    // Once she knows whom she meets, she gets her day anew.
    if news == News::Changed && !waits && publication::tell_again(txn, app, plan, participant).await? {
        return Ok(());
    }
    let (edition, organisation) = (&plan.edition, participant.organisation_id);
    let names = accounts::names_of(txn, &[organisation]).await?;
    let name = names.into_iter().next().map(|(_, name)| name).unwrap_or_default();
    let span = event::span(app, plan).map(|day| participant.span(day, edition.held_on, app.config.time_zone));
    let clock = |at| french::time(app.local(at).time());
    let hours = span.map(|(from, to)| format!("de {} à {}", clock(from), clock(to))).unwrap_or_default();
    let place = if waits { participant::place(txn, participant).await? } else { 0 };
    let public = format!("{}{}", app.config.public_url(), edition.path());
    let is_wishing = wishes::remaining(edition, app.today()).is_some();
    let told = Told {
        title: french::typographic(&edition.title),
        day: french::day(edition.held_on),
        hours: &hours,
        location: event::location(edition, &app.places),
        organisation: &name,
        place,
        cancelled: if let News::Withdrawn { cancelled, .. } = news { cancelled } else { 0 },
        wishes: is_wishing.then(|| (french::day(edition.wishes_until), format!("{public}/souhaits/{organisation}"))),
        is_open: edition.state == State::Registration,
        link: format!("{public}/inscription/{organisation}"),
        exit: String::new(),
    };
    let ((kind, draw), head) = (news.kind(), Letterhead::new(&app.config));
    let has_exit = !matches!(news, News::Withdrawn { .. });
    let version = u32::try_from(participant.version).unwrap_or(u32::MAX);
    let method = news.method().filter(|_| !waits);
    for person in accounts::people(txn, organisation).await? {
        let mut event = event::appointment(app, plan, &format!("participant-{}-{}", participant.id, person.id));
        if let (Some(event), Some((from, to)), Some(method)) = (event.as_mut(), span, method) {
            (event.starts_at, event.ends_at, event.method) = (from, to, method);
            event.sequence += u32::try_from(participant.sequence).unwrap_or_default();
        }
        let exit = if has_exit { exit::open(txn, app, participant.id, person.id).await? } else { String::new() };
        let content = draw(&head, &Told { exit, ..told.clone() })?;
        let content = Content { event: event.filter(|_| method.is_some()), ..content };
        let key = (kind, format!("participants/{}", participant.id), version);
        accounts::write_to_each(txn, app, key, &[person], &content).await?;
    }
    Ok(())
}

/// One of each mail of this room, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let told = Told {
        title: "Rencontre du Velay".to_owned(),
        day: "jeudi 20 mai 2027".to_owned(),
        hours: "de 9 h 30 à 15 h 58",
        location: "Salle des fêtes, 43200 Yssingeaux".to_owned(),
        organisation: "Collège des Sucs",
        place: 3,
        cancelled: 0,
        wishes: None,
        is_open: true,
        link: format!("{}/rencontres/rencontre-du-velay-2027/inscription/12", head.address),
        exit: format!("{}/desinscription/0123456789abcdef0123456789abcdef", head.address),
    };
    let wishes = format!("{}/rencontres/rencontre-du-velay-2027/souhaits/12", head.address);
    let wishes = ("jeudi 6 mai 2027".to_owned(), wishes);
    let mut all = vec![
        ("speed_meetings/mail/registered", draw_registered(head, &told)?),
        ("speed_meetings/mail/waiting", draw_waiting(head, &told)?),
        ("speed_meetings/mail/moved_up", draw_moved_up(head, &Told { wishes: Some(wishes), ..told.clone() })?),
        ("speed_meetings/mail/changed", draw_changed(head, &Told { place: 0, ..told.clone() })?),
    ];
    let told = Told { cancelled: 6, is_open: false, ..told };
    all.push(("speed_meetings/mail/withdrawn", draw_withdrawn(head, &told)?));
    for more in [invitations::samples(head)?, wishes::samples(head)?, publication::mail::samples(head)?] {
        all.extend(more);
    }
    Ok(all)
}
