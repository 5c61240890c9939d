//! The mails about a listing that was shown: whether it is still true, why it is shown no more, what somebody found wrong.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::DatabaseTransaction;

use crate::accounts;
use crate::app::App;
use crate::mail::suppression::{Category, OptionalMail, enqueue_optional};
use crate::mail::{Content, EmailAddress, Letterhead, NewMail, NotEnqueued, Sender, enqueue, letter};
use crate::suppliers::question::Question;
use crate::suppliers::{Certification, Listing, Offer, ReportedError, Supplier, Word, question as asked};
use crate::web::french;

/// Products named in a question.
const NAMED: usize = 8;

/// What a mail about a listing tells.
struct Told<'a> {
    /// Name of the supplier.
    name: &'a str,
    /// How often it was asked, from 1.
    asked: i16,
    /// What the mail lists.
    lines: Vec<String>,
    /// `12 mars 2027`; empty when no day matters.
    day: String,
    /// What somebody said.
    words: &'a str,
    /// Where to go on.
    link: String,
}

letter!(
    draw_question,
    Told,
    "suppliers/mail/question/subject.txt",
    "suppliers/mail/question/body.txt",
    "suppliers/mail/question/body.html"
);
letter!(
    draw_hidden,
    Told,
    "suppliers/mail/hidden/subject.txt",
    "suppliers/mail/hidden/body.txt",
    "suppliers/mail/hidden/body.html"
);
letter!(
    draw_back,
    Told,
    "suppliers/mail/back/subject.txt",
    "suppliers/mail/back/body.txt",
    "suppliers/mail/back/body.html"
);
letter!(
    draw_closed,
    Told,
    "suppliers/mail/closed/subject.txt",
    "suppliers/mail/closed/body.txt",
    "suppliers/mail/closed/body.html"
);
letter!(
    draw_certificates_end,
    Told,
    "suppliers/mail/certificates_end/subject.txt",
    "suppliers/mail/certificates_end/body.txt",
    "suppliers/mail/certificates_end/body.html"
);
letter!(
    draw_reported,
    Told,
    "suppliers/mail/reported/subject.txt",
    "suppliers/mail/reported/body.txt",
    "suppliers/mail/reported/body.html"
);
letter!(
    draw_answer,
    Told,
    "suppliers/mail/answer/subject.txt",
    "suppliers/mail/answer/body.txt",
    "suppliers/mail/answer/body.html"
);
letter!(
    draw_invitation,
    Told,
    "suppliers/mail/invitation/subject.txt",
    "suppliers/mail/invitation/body.txt",
    "suppliers/mail/invitation/body.html"
);

impl<'a> Told<'a> {
    fn about(supplier: &'a Supplier, link: String) -> Self {
        Self { name: &supplier.name, asked: 1, lines: Vec::new(), day: String::new(), words: "", link }
    }
}

/// Whose listing a mail is about.
#[derive(Clone, Copy, Debug)]
pub(in crate::suppliers) struct About<'a> {
    /// The listing.
    pub(in crate::suppliers) supplier: &'a Supplier,
    /// Who holds it.
    pub(in crate::suppliers) organisation: i64,
}

/// Asks each person of a listing whether it is still true, with a link of her own.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(in crate::suppliers) async fn question(
    txn: &DatabaseTransaction,
    app: &App,
    listing: &Listing,
    organisation: i64,
    question: &Question,
) -> Result<(), NotEnqueued> {
    let supplier = &listing.supplier;
    let day = if question.asked > 1 { day(app, question.ends()) } else { String::new() };
    for person in accounts::people(txn, organisation).await? {
        let token = asked::link(txn, app, supplier.id, person.id).await?;
        let link = format!("{}/fournisseurs/a-jour/{token}", app.config.public_url());
        let told =
            Told { asked: question.asked, lines: lines(listing), day: day.clone(), ..Told::about(supplier, link) };
        let content = draw_question(&Letterhead::new(&app.config), &told)?;
        let about = format!("listings/{organisation}/{}", person.id);
        write(txn, app, ("listing_question", about, today(app)), &person.email, content).await?;
    }
    Ok(())
}

/// What the cooks read of it: its products with their prices, where it delivers.
fn lines(listing: &Listing) -> Vec<String> {
    let offer = |offer: &Offer| {
        let unit = offer.sales_unit.as_ref().map(|unit| format!(" / {unit}")).unwrap_or_default();
        let price = offer.price_cents.map(|cents| format!("\u{a0}: {}{unit}", french::price(cents.0)));
        format!("{}{}", offer.name, price.unwrap_or_default())
    };
    let mut lines: Vec<String> = listing.offers.iter().take(NAMED).map(offer).collect();
    let more = listing.offers.len().saturating_sub(NAMED);
    if more > 0 {
        lines.push(french::count(more as u64, "autre produit", "autres produits"));
    }
    if lines.is_empty() {
        lines.push("aucun produit".to_owned());
    }
    lines
}

/// Tells the people of a listing that it left the results, for want of an answer.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(in crate::suppliers) async fn hidden(
    txn: &DatabaseTransaction,
    app: &App,
    about: About<'_>,
) -> Result<(), NotEnqueued> {
    let told = Told::about(about.supplier, standing(app, about.organisation));
    to_team(txn, app, about, "listing_hidden", draw_hidden(&Letterhead::new(&app.config), &told)?).await
}

/// Tells the people of a listing that everybody sees it again.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(in crate::suppliers) async fn back(
    txn: &DatabaseTransaction,
    app: &App,
    about: About<'_>,
) -> Result<(), NotEnqueued> {
    let told = Told::about(about.supplier, format!("{}/fiche/{}", app.config.public_url(), about.organisation));
    to_team(txn, app, about, "listing_back", draw_back(&Letterhead::new(&app.config), &told)?).await
}

/// Tells the people of a listing that an organiser took it out, and why.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(in crate::suppliers) async fn closed(
    txn: &DatabaseTransaction,
    app: &App,
    about: About<'_>,
    words: &str,
) -> Result<(), NotEnqueued> {
    let told = Told { words, ..Told::about(about.supplier, standing(app, about.organisation)) };
    to_team(txn, app, about, "listing_closed", draw_closed(&Letterhead::new(&app.config), &told)?).await
}

/// Tells the people of a listing which certificates end on a day, once.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(in crate::suppliers) async fn certificates_end(
    txn: &DatabaseTransaction,
    app: &App,
    about: About<'_>,
    certificates: &[Certification],
    last: NaiveDate,
) -> Result<(), NotEnqueued> {
    let said = |held: &Certification| {
        let number = held.number.as_ref().map(|number| format!(", n°\u{a0}{number}")).unwrap_or_default();
        let body = held.body.as_ref().map(|body| format!(", {body}")).unwrap_or_default();
        format!("{}{number}{body}", held.kind.label())
    };
    let lines = certificates.iter().map(said).collect();
    let link = format!("{}/fiche/{}/certifications", app.config.public_url(), about.organisation);
    let told = Told { lines, day: french::date(last), ..Told::about(about.supplier, link) };
    let content = draw_certificates_end(&Letterhead::new(&app.config), &told)?;
    let key = ("certificates_end", format!("certificates/{}/{last}", about.supplier.id), 1);
    accounts::write_to_each(txn, app, key, &accounts::people(txn, about.organisation).await?, &content).await
}

/// Tells the organisers that somebody found something wrong.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(in crate::suppliers) async fn reported(
    txn: &DatabaseTransaction,
    app: &App,
    supplier: &Supplier,
    report: i64,
    words: &str,
) -> Result<(), NotEnqueued> {
    let link = format!("{}/organisation/annuaire/{}", app.config.public_url(), supplier.slug);
    let told = Told { words, ..Told::about(supplier, link) };
    let content = draw_reported(&Letterhead::new(&app.config), &told)?;
    let key = ("listing_reported", format!("reported_errors/{report}"), 1);
    accounts::write_to_each(txn, app, key, &accounts::organisers(txn).await?, &content).await
}

/// Tells whoever reported an error what became of it, if there is an address.
///
/// # Errors
/// When the mail cannot be made or written down.
pub(in crate::suppliers) async fn answer(
    txn: &DatabaseTransaction,
    app: &App,
    supplier: &Supplier,
    report: &ReportedError,
    words: &str,
) -> Result<(), NotEnqueued> {
    let Some(email) = &report.email else { return Ok(()) };
    let told =
        Told { words, ..Told::about(supplier, format!("{}/annuaire/{}", app.config.public_url(), supplier.slug)) };
    let content = draw_answer(&Letterhead::new(&app.config), &told)?;
    write(txn, app, ("report_answer", format!("reported_errors/{}", report.id), 1), email, content).await
}

/// Invites an address to take its listings over; false when its reader does not want to be invited.
///
/// # Errors
/// When the mail cannot be made or written down.
pub(in crate::suppliers) async fn invitation(
    txn: &DatabaseTransaction,
    app: &App,
    email: &EmailAddress,
    row: &str,
    listings: &[String],
) -> Result<bool, NotEnqueued> {
    let link = format!("{}/fournisseurs/inscription", app.config.public_url());
    let about = format!("claim_invitations/{row}");
    let mail = OptionalMail { category: Category::Invitation, about, version: 1, useful_until: None };
    enqueue_optional(txn, app, email, mail, |head, way_out| {
        let told = Told { name: "", asked: 1, lines: listings.to_vec(), day: String::new(), words: way_out, link };
        draw_invitation(head, &told)
    })
    .await
}

async fn to_team(
    txn: &DatabaseTransaction,
    app: &App,
    about: About<'_>,
    kind: &'static str,
    content: Content,
) -> Result<(), NotEnqueued> {
    let version = u32::try_from(about.supplier.version).unwrap_or(u32::MAX);
    let key = (kind, format!("listings/{}", about.organisation), version);
    accounts::write_to_each(txn, app, key, &accounts::people(txn, about.organisation).await?, &content).await
}

/// Kind, row and version of a mail.
type Key = (&'static str, String, u32);

async fn write(
    txn: &DatabaseTransaction,
    app: &App,
    (kind, about, version): Key,
    email: &str,
    content: Content,
) -> Result<(), NotEnqueued> {
    // What a reader typed long ago may be no address: nobody else waits for that.
    let Ok(to) = EmailAddress::parse(email) else { return Ok(()) };
    let mail = NewMail { kind, about, version, to: &to, content, is_secret: false, useful_until: None };
    enqueue(txn, &Sender::new(&app.config)?, &app.random, mail, app.clock.now()).await.map(drop)
}

/// The same question is not written twice on one day.
fn today(app: &App) -> u32 {
    u32::try_from(app.clock.now().timestamp() / (24 * 3600)).unwrap_or_default()
}

fn day(app: &App, at: DateTime<Utc>) -> String {
    french::date(app.local(at).date())
}

/// Where a listing's people say whether it is shown.
fn standing(app: &App, organisation: i64) -> String {
    format!("{}/fiche/{organisation}/etat", app.config.public_url())
}

/// One of each mail of this file, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub(super) fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let told = |words, day: &str, lines: &[&str], link: &str| Told {
        name: "GAEC des Genêts",
        asked: 2,
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        day: day.to_owned(),
        words,
        link: format!("{}{link}", head.address),
    };
    let products =
        ["Lentilles vertes\u{a0}: 3,20 € / kg", "Carottes de conservation\u{a0}: 1,40 € / kg", "6 autres produits"];
    let wrong = "Livraison ou lieu : la ferme ne livre plus le jeudi.";
    let way = format!("{}/courrier/arret/0123456789abcdef0123456789abcdef", head.address);
    let certificate = ["Bio, n°\u{a0}114386, Ecocert"];
    let token = "/fournisseurs/a-jour/0123456789abcdef0123456789abcdef";
    let corrected = "La fiche est corrigée.";
    let left = "Vous nous avez dit avoir cessé votre activité.";
    Ok(vec![
        ("suppliers/mail/question", draw_question(head, &told("", "15 juin 2027", &products, token))?),
        ("suppliers/mail/hidden", draw_hidden(head, &told("", "", &[], "/fiche/12/etat"))?),
        ("suppliers/mail/back", draw_back(head, &told("", "", &[], "/fiche/12"))?),
        ("suppliers/mail/closed", draw_closed(head, &told(left, "", &[], "/fiche/12/etat"))?),
        (
            "suppliers/mail/certificates_end",
            draw_certificates_end(head, &told("", "31 mars 2027", &certificate, "/fiche/12/certifications"))?,
        ),
        (
            "suppliers/mail/reported",
            draw_reported(head, &told(wrong, "", &[], "/organisation/annuaire/gaec-des-genets"))?,
        ),
        ("suppliers/mail/answer", draw_answer(head, &told(corrected, "", &[], "/annuaire/gaec-des-genets"))?),
        (
            "suppliers/mail/invitation",
            draw_invitation(head, &told(&way, "", &["GAEC des Genêts, à Saugues"], "/fournisseurs/inscription"))?,
        ),
    ])
}
