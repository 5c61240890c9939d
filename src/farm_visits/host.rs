//! The farm that receives a visit: those who keep its listing are told when one may register, when the visit is moved, when
//! it is called off. Of a draft they hear nothing.

use sea_orm::{DatabaseTransaction, DbErr};

use super::farm_visit::FarmVisit;
use super::mail::{guide, hours, location};
use super::pages::desk::taken;
use super::visit_date::VisitDate;
use crate::accounts::{self, Person};
use crate::app::App;
use crate::mail::{Content, Letterhead, NotEnqueued, letter};
use crate::suppliers::draft;
use crate::web::french;

/// What a farm is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News<'a> {
    /// One may register.
    Opened,
    /// It is at another time than this.
    Moved(&'a str),
    /// It does not take place.
    CalledOff,
}

impl News<'_> {
    /// Kind of the mail, and what it is about.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Opened => ("visit_host_opened", "inscriptions ouvertes chez vous"),
            Self::Moved(_) => ("visit_host_moved", "nouvel horaire chez vous"),
            Self::CalledOff => ("visit_host_called_off", "visite annulée chez vous"),
        }
    }
}

/// What a mail to a farm tells.
struct Told<'a> {
    about: &'static str,
    title: &'a str,
    /// « jeudi 20 mai 2027 »
    day: String,
    /// « de 9 h 30 à 12 h »
    hours: String,
    location: String,
    /// « 7 sur 12 places prises »
    taken: String,
    is_off: bool,
    /// When it was to be; empty unless it is moved.
    before: &'a str,
    /// What the organiser says of the change; may be empty.
    words: &'a str,
    guide: &'a str,
    link: String,
}

letter!(
    draw,
    Told,
    "farm_visits/mail/host/subject.txt",
    "farm_visits/mail/host/body.txt",
    "farm_visits/mail/host/body.html"
);

/// Those who keep the listing of the farm; nobody when nobody does.
///
/// # Errors
/// What the database said.
pub(super) async fn people(txn: &DatabaseTransaction, visit: &FarmVisit) -> Result<Vec<Person>, DbErr> {
    let Some(supplier) = visit.supplier_id else { return Ok(Vec::new()) };
    match draft::held_among(txn, &[supplier]).await? {
        Some((_, team)) => accounts::people(txn, team).await,
        None => Ok(Vec::new()),
    }
}

/// Tells those who keep the listing of the farm what became of a locked date there.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn tell(
    txn: &DatabaseTransaction,
    app: &App,
    (visit, date): (&FarmVisit, &VisitDate),
    news: News<'_>,
) -> Result<(), NotEnqueued> {
    let people = people(txn, visit).await?;
    if people.is_empty() {
        return Ok(());
    }
    let (kind, about) = news.words();
    let told = Told {
        about,
        title: &french::typographic(&visit.title),
        day: french::day(app.local(date.starts_at).date()),
        hours: hours(app, date),
        location: location(app, visit),
        taken: taken(date),
        is_off: news == News::CalledOff,
        before: if let News::Moved(before) = news { before } else { "" },
        words: if news == News::Opened { "" } else { &french::typographic(&date.words) },
        guide: &guide(visit),
        link: format!("{}{}", app.config.public_url(), visit.path()),
    };
    let content = draw(&Letterhead::new(&app.config), &told)?;
    let version = u32::try_from(date.version).unwrap_or(u32::MAX);
    accounts::write_to_each(txn, app, (kind, format!("visit_dates/{}", date.id), version), &people, &content).await
}

/// One of them, with the folder of its templates.
///
/// # Errors
/// When it cannot be drawn.
pub(super) fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let told = Told {
        about: News::Moved("").words().1,
        title: "Ferme des Genêts\u{a0}: lentilles et vaches laitières",
        day: "jeudi 20 mai 2027".to_owned(),
        hours: "de 9\u{a0}h\u{a0}30 à 12\u{a0}h".to_owned(),
        location: "GAEC des Genêts, Le Bourg, 43200 Yssingeaux".to_owned(),
        taken: "7 sur 12 places prises".to_owned(),
        is_off: false,
        before: "mardi 18 mai 2027, de 14\u{a0}h à 16\u{a0}h\u{a0}30",
        words: "Le car n’arrive qu’à neuf heures.",
        guide: "Claire Fabre, 04\u{a0}71\u{a0}00\u{a0}00\u{a0}00",
        link: format!("{}/visites/ferme-des-genets", head.address),
    };
    Ok(vec![("farm_visits/mail/host", draw(head, &told)?)])
}
