//! The mails of this room, drawn when they are decided.

use sea_orm::DatabaseTransaction;

use crate::accounts::{self, Person};
use crate::app::App;
use crate::mail::{Content, Letterhead, NotEnqueued, letter};

/// What a mail about a canteen tells.
struct Told<'a> {
    name: &'a str,
    /// What the organiser said.
    words: &'a str,
    /// Who registered it.
    by: &'a str,
    link: String,
}

letter!(
    draw_waiting,
    Told,
    "canteens/mail/waiting/subject.txt",
    "canteens/mail/waiting/body.txt",
    "canteens/mail/waiting/body.html"
);
letter!(
    draw_accepted,
    Told,
    "canteens/mail/accepted/subject.txt",
    "canteens/mail/accepted/body.txt",
    "canteens/mail/accepted/body.html"
);
letter!(
    draw_refused,
    Told,
    "canteens/mail/refused/subject.txt",
    "canteens/mail/refused/body.txt",
    "canteens/mail/refused/body.html"
);

/// Tells the organisers that a canteen waits for them.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn waiting(
    txn: &DatabaseTransaction,
    app: &App,
    organisation: i64,
    name: &str,
    by: &Person,
) -> Result<(), NotEnqueued> {
    let link = format!("{}/organisation/cantines", app.config.public_url());
    let content = draw_waiting(&Letterhead::new(&app.config), &Told { name, words: "", by: &by.email, link })?;
    let key = ("canteen_waiting", format!("canteens/{organisation}"), 1);
    accounts::write_to_each(txn, app, key, &accounts::organisers(txn).await?, &content).await
}

/// Tells the people of a canteen that it may write to suppliers.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn accepted(
    txn: &DatabaseTransaction,
    app: &App,
    organisation: i64,
    name: &str,
) -> Result<(), NotEnqueued> {
    let link = format!("{}/cantine/{organisation}", app.config.public_url());
    let content = draw_accepted(&Letterhead::new(&app.config), &Told { name, words: "", by: "", link })?;
    let key = ("canteen_accepted", format!("canteens/{organisation}"), 1);
    accounts::write_to_each(txn, app, key, &accounts::people(txn, organisation).await?, &content).await
}

/// Tells the people of a canteen why it may not.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn refused(
    txn: &DatabaseTransaction,
    app: &App,
    organisation: i64,
    name: &str,
    words: &str,
) -> Result<(), NotEnqueued> {
    let link = format!("{}/annuaire", app.config.public_url());
    let content = draw_refused(&Letterhead::new(&app.config), &Told { name, words, by: "", link })?;
    let key = ("canteen_refused", format!("canteens/{organisation}"), 1);
    accounts::write_to_each(txn, app, key, &accounts::people(txn, organisation).await?, &content).await
}

/// One of each mail of this room, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let told = |words, link: &str| Told {
        name: "Collège des Sucs",
        words,
        by: "sophie.arnaud@college.example",
        link: format!("{}{link}", head.address),
    };
    let why = "Cette cantine est déjà inscrite : demandez une invitation à votre collègue.";
    Ok(vec![
        ("canteens/mail/waiting", draw_waiting(head, &told("", "/organisation/cantines"))?),
        ("canteens/mail/accepted", draw_accepted(head, &told("", "/cantine/12"))?),
        ("canteens/mail/refused", draw_refused(head, &told(why, "/annuaire"))?),
    ])
}
