//! The mails that invite, drawn when they are decided.

use sea_orm::DatabaseTransaction;

use super::audience::{Guest, Letter};
use super::mailing::Errand;
use crate::app::App;
use crate::mail::suppression::{Category, OptionalMail, enqueue_optional};
use crate::mail::{Content, EmailAddress, Letterhead, NewMail, NotEnqueued, Sender, enqueue, letter};
use crate::speed_meetings::event;
use crate::speed_meetings::plan::Plan;
use crate::web::french;

/// What all mails of a mailing tell.
#[derive(Clone, Debug)]
struct About {
    title: String,
    /// « jeudi 20 mai 2027 »
    day: String,
    /// « de 9 h 30 à 15 h 58 », or nothing while they are not known.
    hours: String,
    location: String,
    /// Minutes of an appointment.
    minutes: i32,
    /// « jeudi 22 avril 2027 »
    until: String,
    /// Address of the public page.
    page: String,
}

/// What an invitation tells.
struct Told<'a> {
    about: &'a About,
    /// Her organisations.
    teams: Vec<String>,
    /// Where one registers.
    link: String,
    /// Where one gets no more of it.
    way_out: &'a str,
}

/// What the mail that asks for wishes tells.
struct Asked<'a> {
    about: &'a About,
    /// What each button says, and where it leads.
    links: Vec<(String, String)>,
}

letter!(
    draw_opening,
    Told,
    "speed_meetings/mail/opening/subject.txt",
    "speed_meetings/mail/opening/body.txt",
    "speed_meetings/mail/opening/body.html"
);
letter!(
    draw_reminder,
    Told,
    "speed_meetings/mail/invitation_reminder/subject.txt",
    "speed_meetings/mail/invitation_reminder/body.txt",
    "speed_meetings/mail/invitation_reminder/body.html"
);
letter!(
    draw_wishes,
    Asked,
    "speed_meetings/mail/wishes_open/subject.txt",
    "speed_meetings/mail/wishes_open/body.txt",
    "speed_meetings/mail/wishes_open/body.html"
);

impl About {
    fn new(app: &App, plan: &Plan, until: chrono::NaiveDate) -> Self {
        let edition = &plan.edition;
        Self {
            title: french::typographic(&edition.title),
            day: french::day(edition.held_on),
            hours: event::hours(app, plan),
            location: event::location(edition, &app.places),
            minutes: edition.appointment_minutes,
            until: french::day(until),
            page: format!("{}{}", app.config.public_url(), edition.path()),
        }
    }
}

/// The invitations of one mailing.
pub(super) struct Invites {
    about: About,
    errand: Errand,
    edition: i64,
    /// Which mailing of the edition it is.
    round: u32,
}

impl Invites {
    /// What all of them have in common.
    pub(super) fn new(app: &App, plan: &Plan, errand: Errand, round: i32) -> Self {
        Self {
            about: About::new(app, plan, plan.edition.registration_until),
            errand,
            edition: plan.edition.id,
            round: u32::try_from(round).unwrap_or_default(),
        }
    }

    /// Writes one down; false when its reader does not want it, or has it.
    ///
    /// # Errors
    /// When it cannot be made or written down.
    pub(super) async fn write(&self, txn: &DatabaseTransaction, app: &App, to: &Letter) -> Result<bool, NotEnqueued> {
        let address = &EmailAddress::parse(&to.person.email).map_err(|_| NotEnqueued::Address)?;
        let about = format!("editions/{}/people/{}", self.edition, to.person.id);
        let mail = OptionalMail { category: Category::Meeting, about, version: self.round, useful_until: None };
        enqueue_optional(txn, app, address, mail, |head, way_out| self.draw(head, to, way_out)).await
    }

    fn draw(&self, head: &Letterhead, to: &Letter, way_out: &str) -> askama::Result<Content> {
        let link = match to.guests.as_slice() {
            [only] => format!("{}/inscription/{}", self.about.page, only.id),
            _ => format!("{}/inscription", self.about.page),
        };
        let teams = to.guests.iter().map(|guest| french::typographic(&guest.name)).collect();
        let told = Told { about: &self.about, teams, link, way_out };
        match self.errand {
            Errand::Invite => draw_opening(head, &told),
            Errand::Remind => draw_reminder(head, &told),
        }
    }
}

/// The mails by which an edition asks for wishes.
pub(super) struct Wishes {
    about: About,
    edition: i64,
    head: Letterhead,
    sender: Sender,
}

impl Wishes {
    /// What all of them have in common.
    ///
    /// # Errors
    /// When nobody could send them.
    pub(super) fn new(app: &App, plan: &Plan) -> Result<Self, NotEnqueued> {
        Ok(Self {
            about: About::new(app, plan, plan.edition.wishes_until),
            edition: plan.edition.id,
            head: Letterhead::new(&app.config),
            sender: Sender::new(&app.config)?,
        })
    }

    /// Writes one down, once an edition; false when it was.
    ///
    /// # Errors
    /// When it cannot be made or written down.
    pub(super) async fn write(&self, txn: &DatabaseTransaction, app: &App, to: &Letter) -> Result<bool, NotEnqueued> {
        let address = &EmailAddress::parse(&to.person.email).map_err(|_| NotEnqueued::Address)?;
        let asked = Asked { about: &self.about, links: links(&self.about.page, &to.guests) };
        let mail = NewMail {
            kind: "meeting_wishes",
            about: format!("editions/{}/people/{}", self.edition, to.person.id),
            version: 1,
            to: address,
            content: draw_wishes(&self.head, &asked)?,
            is_secret: false,
            useful_until: None,
        };
        enqueue(txn, &self.sender, &app.random, mail, app.clock.now()).await
    }
}

/// What each button says and where it leads; who has one organisation needs not be told which.
fn links(page: &str, guests: &[Guest]) -> Vec<(String, String)> {
    let words = |guest: &Guest| match guests.len() {
        1 => "Dire qui je veux rencontrer".to_owned(),
        _ => french::typographic(&format!("Dire qui rencontrer, pour « {} »", guest.name)),
    };
    guests.iter().map(|guest| (words(guest), format!("{page}/souhaits/{}", guest.id))).collect()
}

/// One of each mail of this room, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub(in crate::speed_meetings) fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let about = About {
        title: "Rencontre du Velay".to_owned(),
        day: "jeudi 20 mai 2027".to_owned(),
        hours: "de 9\u{a0}h\u{a0}30 à 15\u{a0}h\u{a0}58".to_owned(),
        location: "Salle des fêtes, 43200 Yssingeaux".to_owned(),
        minutes: 10,
        until: "jeudi 22 avril 2027".to_owned(),
        page: format!("{}/rencontres/rencontre-du-velay-2027", head.address),
    };
    let guest = |id, name: &str| Guest { id, name: name.to_owned(), side: crate::speed_meetings::Side::Canteen };
    let (both, one) = ([guest(12, "Collège des Sucs"), guest(13, "Lycée du Mézenc")], [guest(12, "Collège des Sucs")]);
    let way_out = &format!("{}/courrier/arret/0123456789abcdef0123456789abcdef", head.address);
    let told = |guests: &[Guest], link: &str| Told {
        about: &about,
        teams: guests.iter().map(|guest| guest.name.clone()).collect(),
        link: format!("{}/{link}", about.page),
        way_out,
    };
    Ok(vec![
        ("speed_meetings/mail/opening", draw_opening(head, &told(&both, "inscription"))?),
        ("speed_meetings/mail/invitation_reminder", draw_reminder(head, &told(&one, "inscription/12"))?),
        (
            "speed_meetings/mail/wishes_open",
            draw_wishes(head, &Asked { about: &about, links: links(&about.page, &both) })?,
        ),
    ])
}
