//! The mails of this room, drawn when they are decided. Each holds a link by which its reader comes back without an
//! account: they are secret, and leave even while staff hold back others.

pub(super) mod proposals;

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use super::act::{Moved, News};
use super::farm_visit::FarmVisit;
use super::link;
use super::registration::{self, Registration, Standing};
use super::visit_date::VisitDate;
use super::{after, minimum, reminder};
use crate::app::App;
use crate::mail::calendar::{Event, Method};
use crate::mail::{Content, EmailAddress, Letterhead, NewMail, NotEnqueued, Sender, enqueue, letter};
use crate::web::french;

/// What a mail about a registration tells.
#[derive(Clone)]
pub(super) struct Told<'a> {
    pub(super) title: &'a str,
    /// « jeudi 20 mai 2027 »
    pub(super) day: &'a str,
    /// « de 9 h 30 à 12 h »
    pub(super) hours: &'a str,
    pub(super) location: &'a str,
    /// « 2 personnes »
    pub(super) party: String,
    /// The place in the waiting list, from 1; 0 for who does not wait.
    position: u64,
    /// Until when it is to be answered; may be empty.
    until: String,
    /// Who comes along, with her telephone; may be empty.
    pub(super) guide: &'a str,
    /// What the organiser says of the change; may be empty.
    words: &'a str,
    /// When it was to be, of a visit whose hour changed: « jeudi 20 mai 2027, de 9 h 30 à 12 h »; may be empty.
    before: &'a str,
    /// Whether it was to come before.
    came: bool,
    /// Whether an appointment is joined.
    has_event: bool,
    pub(super) link: String,
}

letter!(
    draw_held,
    Told,
    "farm_visits/mail/held/subject.txt",
    "farm_visits/mail/held/body.txt",
    "farm_visits/mail/held/body.html"
);
letter!(
    draw_unproven,
    Told,
    "farm_visits/mail/unproven/subject.txt",
    "farm_visits/mail/unproven/body.txt",
    "farm_visits/mail/unproven/body.html"
);
letter!(
    draw_known,
    Told,
    "farm_visits/mail/known/subject.txt",
    "farm_visits/mail/known/body.txt",
    "farm_visits/mail/known/body.html"
);
letter!(
    draw_waiting,
    Told,
    "farm_visits/mail/waiting/subject.txt",
    "farm_visits/mail/waiting/body.txt",
    "farm_visits/mail/waiting/body.html"
);
letter!(
    draw_confirmed,
    Told,
    "farm_visits/mail/confirmed/subject.txt",
    "farm_visits/mail/confirmed/body.txt",
    "farm_visits/mail/confirmed/body.html"
);
letter!(
    draw_offered,
    Told,
    "farm_visits/mail/offered/subject.txt",
    "farm_visits/mail/offered/body.txt",
    "farm_visits/mail/offered/body.html"
);
letter!(
    draw_lapsed,
    Told,
    "farm_visits/mail/lapsed/subject.txt",
    "farm_visits/mail/lapsed/body.txt",
    "farm_visits/mail/lapsed/body.html"
);
letter!(
    draw_resized,
    Told,
    "farm_visits/mail/resized/subject.txt",
    "farm_visits/mail/resized/body.txt",
    "farm_visits/mail/resized/body.html"
);
letter!(
    draw_cancelled,
    Told,
    "farm_visits/mail/cancelled/subject.txt",
    "farm_visits/mail/cancelled/body.txt",
    "farm_visits/mail/cancelled/body.html"
);
letter!(
    draw_date_moved,
    Told,
    "farm_visits/mail/date_moved/subject.txt",
    "farm_visits/mail/date_moved/body.txt",
    "farm_visits/mail/date_moved/body.html"
);
letter!(
    draw_sure,
    Told,
    "farm_visits/mail/sure/subject.txt",
    "farm_visits/mail/sure/body.txt",
    "farm_visits/mail/sure/body.html"
);
letter!(
    draw_called_off,
    Told,
    "farm_visits/mail/called_off/subject.txt",
    "farm_visits/mail/called_off/body.txt",
    "farm_visits/mail/called_off/body.html"
);

type Draw = fn(&Letterhead, &Told<'_>) -> askama::Result<Content>;

impl News {
    /// All of them, in the order of a registration's life.
    const ALL: [Self; 11] = [
        Self::Held,
        Self::Unproven,
        Self::Waiting,
        Self::Offered,
        Self::Confirmed,
        Self::Resized,
        Self::Lapsed,
        Self::Cancelled,
        Self::DateMoved,
        Self::Sure,
        Self::CalledOff,
    ];

    /// Kind of the mail, folder of its templates, what draws it.
    fn letter(self) -> (&'static str, &'static str, Draw) {
        match self {
            Self::Held => ("visit_held", "farm_visits/mail/held", draw_held),
            Self::Unproven => ("visit_unproven", "farm_visits/mail/unproven", draw_unproven),
            Self::Waiting => ("visit_waiting", "farm_visits/mail/waiting", draw_waiting),
            Self::Confirmed => ("visit_confirmed", "farm_visits/mail/confirmed", draw_confirmed),
            Self::Offered => ("visit_offered", "farm_visits/mail/offered", draw_offered),
            Self::Lapsed => ("visit_lapsed", "farm_visits/mail/lapsed", draw_lapsed),
            Self::Resized => ("visit_resized", "farm_visits/mail/resized", draw_resized),
            Self::Cancelled => ("visit_cancelled", "farm_visits/mail/cancelled", draw_cancelled),
            Self::DateMoved => ("visit_moved", "farm_visits/mail/date_moved", draw_date_moved),
            Self::Sure => ("visit_sure", "farm_visits/mail/sure", draw_sure),
            Self::CalledOff => ("visit_called_off", "farm_visits/mail/called_off", draw_called_off),
        }
    }
}

impl Moved {
    /// What the reader's calendar is asked; nothing when it knows of nothing.
    fn method(&self) -> Option<Method> {
        match self.registration.state {
            _ if self.news == News::Sure => None,
            Standing::Confirmed => Some(Method::Request),
            Standing::Cancelled if self.was == Some(Standing::Confirmed) => Some(Method::Cancel),
            _ => None,
        }
    }
}

/// What all mails of one date have in common.
pub(super) struct Desk<'a> {
    app: &'a App,
    pub(super) head: Letterhead,
    sender: Sender,
    date: VisitDate,
    slug: String,
    title: String,
    day: String,
    hours: String,
    location: String,
    /// Who comes along, with her telephone.
    guide: String,
    position: Option<(f64, f64)>,
    /// When the date was to be, when it is moved.
    pub(super) before: String,
}

impl<'a> Desk<'a> {
    /// Readies the mails of a date.
    ///
    /// # Errors
    /// When the settings name no sender.
    pub(super) fn new(app: &'a App, visit: &FarmVisit, date: &VisitDate) -> Result<Self, NotEnqueued> {
        Ok(Self {
            app,
            head: Letterhead::new(&app.config),
            sender: Sender::new(&app.config)?,
            date: date.clone(),
            slug: visit.path(),
            title: french::typographic(&visit.title),
            day: french::day(app.local(date.starts_at).date()),
            hours: hours(app, date),
            location: location(app, visit),
            guide: guide(visit),
            position: visit.position(),
            before: String::new(),
        })
    }

    /// Writes one mail for each registration that moved, in the order in which it happened.
    ///
    /// # Errors
    /// When a mail cannot be made or written down.
    pub(super) async fn tell(&self, txn: &DatabaseTransaction, moved: &[Moved]) -> Result<(), NotEnqueued> {
        for one in moved {
            self.tell_one(txn, one).await?;
        }
        Ok(())
    }

    async fn tell_one(&self, txn: &DatabaseTransaction, moved: &Moved) -> Result<(), NotEnqueued> {
        let row = &moved.registration;
        if moved.was == Some(Standing::Confirmed) && !matches!(moved.news, News::Resized | News::Sure) {
            reminder::withdraw(txn, self.app, row).await?;
        }
        let method = moved.method();
        let is_changed = matches!(moved.news, News::DateMoved | News::CalledOff);
        let told = Told {
            words: if is_changed { &self.date.words } else { "" },
            before: if moved.news == News::DateMoved { &self.before } else { "" },
            came: moved.was == Some(Standing::Confirmed),
            has_event: method.is_some(),
            ..self.told(txn, row).await?
        };
        let (kind, _, draw) = moved.news.letter();
        let content = Content { event: method.map(|method| self.event(moved, method)), ..draw(&self.head, &told)? };
        let version = u32::try_from(row.version).unwrap_or(u32::MAX);
        self.write(txn, row, (kind, version), content, None).await
    }

    /// Writes to somebody who would register again that she is registered, and how she comes back to it; once an hour.
    ///
    /// # Errors
    /// When the mail cannot be made or written down.
    pub(super) async fn remind(&self, txn: &DatabaseTransaction, row: &Registration) -> Result<(), NotEnqueued> {
        let told = self.told(txn, row).await?;
        let draw = match row.state {
            Standing::Held => draw_held,
            Standing::Waiting if row.hold_until.is_some() => draw_unproven,
            Standing::Waiting => draw_waiting,
            Standing::Offered => draw_offered,
            _ => draw_known,
        };
        let hour = u32::try_from(self.app.clock.now().timestamp() / 3_600).unwrap_or(u32::MAX);
        self.write(txn, row, ("visit_known", hour), draw(&self.head, &told)?, None).await
    }

    /// What every mail about a registration tells, with a link of its own.
    ///
    /// # Errors
    /// What the database said.
    pub(super) async fn told(&self, txn: &DatabaseTransaction, row: &Registration) -> Result<Told<'_>, NotEnqueued> {
        let token = self.app.random.token();
        link::open(txn, row.id, &token).await?;
        let waits = row.state == Standing::Waiting && row.hold_until.is_none();
        let until = row.hold_until.or(row.offer_until);
        Ok(Told {
            title: &self.title,
            day: &self.day,
            hours: &self.hours,
            location: &self.location,
            party: party(row.party_size),
            position: if waits { registration::position(txn, row).await? } else { 0 },
            until: until.map(|at| french::moment(self.app.local(at))).unwrap_or_default(),
            words: "",
            before: "",
            guide: if row.state == Standing::Confirmed { &self.guide } else { "" },
            came: false,
            has_event: false,
            link: format!("{}/visites/inscription/{token}", self.app.config.public_url()),
        })
    }

    /// Writes a mail down; it does not leave after `useful_until`, nor after what it is to be answered by.
    ///
    /// # Errors
    /// When it cannot be made or written down.
    pub(super) async fn write(
        &self,
        txn: &DatabaseTransaction,
        row: &Registration,
        (kind, version): (&'static str, u32),
        content: Content,
        useful_until: Option<DateTime<Utc>>,
    ) -> Result<(), NotEnqueued> {
        let mail = NewMail {
            kind,
            about: format!("registrations/{}", row.id),
            version,
            to: &EmailAddress::parse(&row.email).map_err(|_| NotEnqueued::Address)?,
            content,
            is_secret: true,
            useful_until: row.hold_until.or(row.offer_until).or(useful_until),
        };
        enqueue(txn, &self.sender, &self.app.random, mail, self.app.clock.now()).await.map(drop)
    }

    fn event(&self, moved: &Moved, method: Method) -> Event {
        let (row, config) = (&moved.registration, &self.app.config);
        Event {
            uid: format!("registration-{}@{}", row.id, config.public_host()),
            sequence: u32::try_from(row.sequence).unwrap_or_default(),
            method,
            starts_at: self.date.starts_at,
            ends_at: self.date.ends_at,
            zone: config.time_zone,
            summary: self.title.clone(),
            description: format!("{}\n{}{}", party(row.party_size), config.public_url(), self.slug),
            location: self.location.clone(),
            position: self.position,
        }
    }
}

/// Farm, street and town on one line.
pub(super) fn location(app: &App, visit: &FarmVisit) -> String {
    let town = app.places.commune(&visit.insee_code).map(crate::places::Commune::town);
    let parts = [visit.farm.clone(), visit.address.clone(), town.unwrap_or_default()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    french::typographic(&parts.join(", "))
}

/// « Claire Fabre, 04 71 00 00 00 »; may be empty.
pub(super) fn guide(visit: &FarmVisit) -> String {
    let parts = [visit.guide.as_str(), visit.guide_phone.as_str()].into_iter().filter(|part| !part.is_empty());
    french::typographic(&parts.collect::<Vec<_>>().join(", "))
}

/// « 2 personnes »
pub(super) fn party(size: i32) -> String {
    french::count(u64::try_from(size).unwrap_or_default(), "personne", "personnes")
}

/// « de 9 h 30 à 12 h »
pub(super) fn hours(app: &App, date: &VisitDate) -> String {
    let clock = |at| french::time(app.local(at).time());
    format!("de {} à {}", clock(date.starts_at), clock(date.ends_at))
}

/// What a mail of the gallery tells.
pub(super) fn sample(head: &Letterhead, news: News) -> Told<'static> {
    Told {
        title: "Ferme des Genêts\u{a0}: lentilles et vaches laitières",
        day: "jeudi 20 mai 2027",
        hours: "de 9\u{a0}h\u{a0}30 à 12\u{a0}h",
        location: "GAEC des Genêts, Le Bourg, 43200 Yssingeaux",
        party: party(2),
        position: if news == News::Waiting { 3 } else { 0 },
        until: match news {
            News::Held | News::Unproven | News::Offered => "6 mai 2027, 11\u{a0}h".to_owned(),
            _ => String::new(),
        },
        guide: if news == News::Confirmed { "Claire Fabre, 04\u{a0}71\u{a0}00\u{a0}00\u{a0}00" } else { "" },
        came: news == News::Cancelled,
        before: if news == News::DateMoved { "mardi 18 mai 2027, de 14\u{a0}h à 16\u{a0}h\u{a0}30" } else { "" },
        words: if news == News::CalledOff { "Un vêlage difficile\u{a0}: pardon à tous." } else { "" },
        has_event: matches!(news, News::Confirmed | News::DateMoved | News::CalledOff),
        link: format!("{}/visites/inscription/0123456789abcdef0123456789abcdef", head.address),
    }
}

/// One of each mail of this room, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let mut all = vec![("farm_visits/mail/known", draw_known(head, &sample(head, News::Confirmed))?)];
    for news in News::ALL {
        let (_, folder, draw) = news.letter();
        all.push((folder, draw(head, &sample(head, news))?));
    }
    all.extend(reminder::samples(head)?);
    all.extend(minimum::samples(head)?);
    all.extend(super::host::samples(head)?);
    all.extend(after::mail::samples(head)?);
    all.extend(super::carpool::mail_samples(head)?);
    all.extend(proposals::samples(head)?);
    Ok(all)
}
