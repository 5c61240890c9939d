//! The mails of this room, drawn when they are decided: here those about a listing on its way to everybody, in `upkeep` those
//! about one that was shown.

mod upkeep;

use sea_orm::DatabaseTransaction;

pub(super) use self::upkeep::{About, answer, back, certificates_end, closed, hidden, invitation, question, reported};
use super::draft::{Draft, steps};
use crate::accounts;
use crate::app::App;
use crate::mail::{Content, Letterhead, NotEnqueued, letter};

/// What a mail about a listing tells.
struct Told<'a> {
    /// Name of the supplier.
    name: &'a str,
    /// What the organiser said: of which step, in which words; of all under no name.
    remarks: Vec<(&'a str, &'a str)>,
    /// Whether its supplier pauses: nobody sees it yet.
    is_away: bool,
    /// Where to go on.
    link: String,
}

letter!(
    draw_received,
    Told,
    "suppliers/mail/received/subject.txt",
    "suppliers/mail/received/body.txt",
    "suppliers/mail/received/body.html"
);
letter!(
    draw_waiting,
    Told,
    "suppliers/mail/waiting/subject.txt",
    "suppliers/mail/waiting/body.txt",
    "suppliers/mail/waiting/body.html"
);
letter!(
    draw_accepted,
    Told,
    "suppliers/mail/accepted/subject.txt",
    "suppliers/mail/accepted/body.txt",
    "suppliers/mail/accepted/body.html"
);
letter!(
    draw_returned,
    Told,
    "suppliers/mail/returned/subject.txt",
    "suppliers/mail/returned/body.txt",
    "suppliers/mail/returned/body.html"
);
letter!(
    draw_refused,
    Told,
    "suppliers/mail/refused/subject.txt",
    "suppliers/mail/refused/body.txt",
    "suppliers/mail/refused/body.html"
);

/// Tells the supplier's people that their listing arrived.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn received(txn: &DatabaseTransaction, app: &App, draft: &Draft) -> Result<(), NotEnqueued> {
    to_team(txn, app, draft, "listing_received", draw_received, false).await
}

/// Tells the supplier's people that everybody sees their listing, or will after their pause.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn accepted(
    txn: &DatabaseTransaction,
    app: &App,
    draft: &Draft,
    is_away: bool,
) -> Result<(), NotEnqueued> {
    to_team(txn, app, draft, "listing_accepted", draw_accepted, is_away).await
}

/// Tells the supplier's people what to change.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn returned(txn: &DatabaseTransaction, app: &App, draft: &Draft) -> Result<(), NotEnqueued> {
    to_team(txn, app, draft, "listing_returned", draw_returned, false).await
}

/// Tells the supplier's people why their listing is refused.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn refused(txn: &DatabaseTransaction, app: &App, draft: &Draft) -> Result<(), NotEnqueued> {
    to_team(txn, app, draft, "listing_refused", draw_refused, false).await
}

/// Tells the organisers that a listing waits for them.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn waiting(txn: &DatabaseTransaction, app: &App, draft: &Draft) -> Result<(), NotEnqueued> {
    let link = format!("{}/organisation/fiches/{}", app.config.public_url(), draft.organisation_id);
    let people = accounts::organisers(txn).await?;
    let told = Told { name: &draft.content.name, remarks: Vec::new(), is_away: false, link };
    send(txn, app, draft, "listing_waiting", &people, draw_waiting, &told).await
}

type Draw = fn(&Letterhead, &Told<'_>) -> askama::Result<Content>;

async fn to_team(
    txn: &DatabaseTransaction,
    app: &App,
    draft: &Draft,
    kind: &'static str,
    draw: Draw,
    is_away: bool,
) -> Result<(), NotEnqueued> {
    let link = format!("{}/fiche/{}", app.config.public_url(), draft.organisation_id);
    let people = accounts::people(txn, draft.organisation_id).await?;
    let title = |wanted: &str| steps().find(|(path, _)| *path == wanted).map_or("", |(_, title)| title);
    let remarks = draft.remarks.iter().map(|(path, remark)| (title(path), remark.as_str())).collect();
    let told = Told { name: &draft.content.name, remarks, is_away, link };
    send(txn, app, draft, kind, &people, draw, &told).await
}

async fn send(
    txn: &DatabaseTransaction,
    app: &App,
    draft: &Draft,
    kind: &'static str,
    people: &[accounts::Person],
    draw: Draw,
    told: &Told<'_>,
) -> Result<(), NotEnqueued> {
    let content = draw(&Letterhead::new(&app.config), told)?;
    let version = u32::try_from(draft.version).unwrap_or(u32::MAX);
    let key = (kind, format!("listings/{}", draft.organisation_id), version);
    accounts::write_to_each(txn, app, key, people, &content).await
}

/// One of each mail of this room, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let told = |remarks, link: &str| Told {
        name: "GAEC des Genêts",
        remarks,
        is_away: false,
        link: format!("{}{link}", head.address),
    };
    let plain = told(Vec::new(), "/fiche/12");
    let asked = vec![
        ("", "Merci, il ne manque presque rien."),
        ("Vos produits", "Le prix des lentilles est-il au kilo ou au sac\u{a0}?"),
    ];
    let refused = vec![("", "Votre activité, la restauration rapide, n’entre pas dans cet annuaire.")];
    let mut all = vec![
        ("suppliers/mail/received", draw_received(head, &plain)?),
        ("suppliers/mail/waiting", draw_waiting(head, &told(Vec::new(), "/organisation/fiches/12"))?),
        ("suppliers/mail/accepted", draw_accepted(head, &plain)?),
        ("suppliers/mail/returned", draw_returned(head, &told(asked, "/fiche/12"))?),
        ("suppliers/mail/refused", draw_refused(head, &told(refused, "/fiche/12"))?),
    ];
    all.extend(upkeep::samples(head)?);
    Ok(all)
}
