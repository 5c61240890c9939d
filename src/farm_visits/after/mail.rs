//! What is written after a visit: thanks to those who came, and to the farm what a kitchen would buy.

use sea_orm::DatabaseTransaction;

use crate::accounts::{self, Person};
use crate::app::App;
use crate::farm_visits::farm_visit::FarmVisit;
use crate::farm_visits::mail::Desk;
use crate::farm_visits::registration::Registration;
use crate::mail::{Content, Letterhead, NotEnqueued, letter};
use crate::web::french;

/// What one who came is told.
struct Thanked<'a> {
    title: &'a str,
    /// « jeudi 20 mai 2027 »
    day: &'a str,
    /// The organiser's words; may be empty.
    words: &'a str,
    /// Whether she was noted on the farm: there is a sheet that says so.
    has_certificate: bool,
    /// Whether there are photographs of the visit.
    has_photos: bool,
    /// Where she says what it was like.
    link: String,
}

/// What a kitchen would buy.
struct Wanted<'a> {
    title: String,
    name: String,
    /// May be empty.
    organisation: String,
    email: &'a str,
    wants: String,
    /// Whether the reader is an organiser, who passes it on.
    is_organiser: bool,
}

letter!(
    draw_thanks,
    Thanked,
    "farm_visits/mail/thanks/subject.txt",
    "farm_visits/mail/thanks/body.txt",
    "farm_visits/mail/thanks/body.html"
);
letter!(
    draw_wanted,
    Wanted,
    "farm_visits/mail/wanted/subject.txt",
    "farm_visits/mail/wanted/body.txt",
    "farm_visits/mail/wanted/body.html"
);

/// Thanks one who came, once.
///
/// # Errors
/// When the mail cannot be made or written down.
pub(super) async fn thank(
    desk: &Desk<'_>,
    txn: &DatabaseTransaction,
    row: &Registration,
    (words, has_certificate, has_photos): (&str, bool, bool),
) -> Result<(), NotEnqueued> {
    let told = desk.told(txn, row).await?;
    let words = &french::typographic(&words);
    let link = format!("{}/avis", told.link);
    let thanked = Thanked { title: told.title, day: told.day, words, has_certificate, has_photos, link };
    let content = draw_thanks(&desk.head, &thanked)?;
    desk.write(txn, row, ("visit_thanks", 1), content, None).await
}

/// Passes on to these people what a kitchen would buy from the farm, with how it is reached.
///
/// # Errors
/// When the mail cannot be made or written down.
pub(super) async fn pass_on(
    txn: &DatabaseTransaction,
    app: &App,
    visit: &FarmVisit,
    (row, wants): (&Registration, &str),
    (people, is_organiser): (&[Person], bool),
) -> Result<(), NotEnqueued> {
    let wanted = Wanted {
        title: french::typographic(&visit.title),
        name: french::typographic(&row.name),
        organisation: french::typographic(&row.organisation),
        email: &row.email,
        wants: french::typographic(&wants),
        is_organiser,
    };
    let content = draw_wanted(&Letterhead::new(&app.config), &wanted)?;
    let about = format!("registrations/{}/wants", row.id);
    accounts::write_to_each(txn, app, ("visit_wanted", about, 1), people, &content).await
}

/// One of each of these mails, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub(in crate::farm_visits) fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let title = "Ferme des Genêts\u{a0}: lentilles et vaches laitières";
    let thanked = Thanked {
        title,
        day: "jeudi 20 mai 2027",
        words: "Merci d’être venus si nombreux, malgré la pluie.",
        has_certificate: true,
        has_photos: true,
        link: format!("{}/visites/inscription/0123456789abcdef0123456789abcdef/avis", head.address),
    };
    let wanted = Wanted {
        title: title.to_owned(),
        name: "Ana Faure".to_owned(),
        organisation: "Collège Jules-Vallès".to_owned(),
        email: "cuisine@college.example",
        wants: "40\u{a0}kg de lentilles par trimestre, livrées le mardi.".to_owned(),
        is_organiser: false,
    };
    Ok(vec![
        ("farm_visits/mail/thanks", draw_thanks(head, &thanked)?),
        ("farm_visits/mail/wanted", draw_wanted(head, &wanted)?),
    ])
}
