//! The mails of this room, drawn when they are decided. Nobody is bound to get them: each holds a way out.

use sea_orm::DatabaseTransaction;

use super::follow_up::Question;
use crate::accounts::Person;
use crate::app::App;
use crate::mail::suppression::{Category, OptionalMail, enqueue_optional};
use crate::mail::{Content, EmailAddress, Letterhead, NotEnqueued, letter};
use crate::speed_meetings::edition::Edition;
use crate::web::french;

/// What an organisation has not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Owed {
    /// Its name.
    pub(super) organisation: String,
    /// Appointments of which it said nothing.
    pub(super) open: u64,
    /// Where it says it.
    pub(super) link: String,
}

impl Owed {
    /// « 9 rendez-vous »
    fn count(&self) -> String {
        french::count(self.open, "rendez-vous", "rendez-vous")
    }
}

/// What a mail asks.
struct Told<'a> {
    title: String,
    /// « jeudi 20 mai 2027 »
    day: String,
    owed: &'a [Owed],
    /// Where one gets no more of it.
    way_out: &'a str,
}

letter!(
    draw_outcomes,
    Told,
    "speed_meetings/mail/outcomes/subject.txt",
    "speed_meetings/mail/outcomes/body.txt",
    "speed_meetings/mail/outcomes/body.html"
);
letter!(
    draw_deliveries,
    Told,
    "speed_meetings/mail/deliveries/subject.txt",
    "speed_meetings/mail/deliveries/body.txt",
    "speed_meetings/mail/deliveries/body.html"
);

/// Where an organisation answers.
pub(super) fn link(app: &App, edition: &Edition, organisation: i64, question: Question) -> String {
    let page = match question {
        Question::Outcomes => "suites",
        Question::Deliveries => "livraisons",
    };
    format!("{}{}/{page}/{organisation}", app.config.public_url(), edition.path())
}

/// Asks a person what her organisations have not answered, once for each question of an edition; false when she wants no such
/// mail, or had it.
///
/// # Errors
/// When the mail cannot be made or written down.
pub(super) async fn ask(
    txn: &DatabaseTransaction,
    app: &App,
    (edition, question): (&Edition, Question),
    person: &Person,
    owed: &[Owed],
) -> Result<bool, NotEnqueued> {
    let to = &EmailAddress::parse(&person.email).map_err(|_| NotEnqueued::Address)?;
    let about = format!("editions/{}/{}", edition.id, person.id);
    let mail = OptionalMail { category: Category::FollowUp, about, version: question.number(), useful_until: None };
    enqueue_optional(txn, app, to, mail, |head, way_out| {
        let (title, day) = (french::typographic(&edition.title), french::day(edition.held_on));
        let told = Told { title, day, owed, way_out };
        match question {
            Question::Outcomes => draw_outcomes(head, &told),
            Question::Deliveries => draw_deliveries(head, &told),
        }
    })
    .await
}

/// One of each mail of this room, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let owed = |page: &str, open| {
        let link = format!("{}/rencontres/rencontre-du-velay-2027/{page}/12", head.address);
        [Owed { organisation: "Collège des Sucs".to_owned(), open, link }]
    };
    let way_out = format!("{}/courrier/arret/0123456789abcdef0123456789abcdef", head.address);
    let told = |owed| Told {
        title: "Rencontre du Velay".to_owned(),
        day: "jeudi 20 mai 2027".to_owned(),
        owed,
        way_out: &way_out,
    };
    Ok(vec![
        ("speed_meetings/mail/outcomes", draw_outcomes(head, &told(&owed("suites", 9)))?),
        ("speed_meetings/mail/deliveries", draw_deliveries(head, &told(&owed("livraisons", 4)))?),
    ])
}
