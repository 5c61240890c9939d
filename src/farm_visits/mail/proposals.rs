//! The mails about what farms propose.

use sea_orm::DatabaseTransaction;

use super::party;
use crate::accounts;
use crate::app::App;
use crate::farm_visits::proposal::Proposal;
use crate::mail::{Content, Letterhead, NotEnqueued, letter};

/// What a mail about a proposal tells.
struct Told<'a> {
    farm: &'a str,
    /// What can be seen.
    sights: &'a str,
    /// When.
    season: &'a str,
    /// « 12 personnes »
    people: String,
    /// What organisers say.
    words: &'a str,
    link: String,
}

letter!(
    draw_proposed,
    Told,
    "farm_visits/mail/proposed/subject.txt",
    "farm_visits/mail/proposed/body.txt",
    "farm_visits/mail/proposed/body.html"
);
letter!(
    draw_taken,
    Told,
    "farm_visits/mail/proposal_taken/subject.txt",
    "farm_visits/mail/proposal_taken/body.txt",
    "farm_visits/mail/proposal_taken/body.html"
);
letter!(
    draw_declined,
    Told,
    "farm_visits/mail/proposal_declined/subject.txt",
    "farm_visits/mail/proposal_declined/body.txt",
    "farm_visits/mail/proposal_declined/body.html"
);

/// Tells organisers that a farm proposes a visit.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(in crate::farm_visits) async fn proposed(
    txn: &DatabaseTransaction,
    app: &App,
    proposal: &Proposal,
    farm: &str,
) -> Result<(), NotEnqueued> {
    let told = told(app, proposal, farm, "/organisation/visites");
    let content = draw_proposed(&Letterhead::new(&app.config), &told)?;
    let organisers = accounts::organisers(txn).await?;
    accounts::write_to_each(txn, app, ("visit_proposed", row(proposal), 1), &organisers, &content).await
}

/// Tells the people of a farm that a visit is being prepared of what they proposed.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(in crate::farm_visits) async fn taken(
    txn: &DatabaseTransaction,
    app: &App,
    proposal: &Proposal,
    farm: &str,
) -> Result<(), NotEnqueued> {
    let told = told(app, proposal, farm, &format!("/fiche/{}/visite", proposal.organisation_id));
    let content = draw_taken(&Letterhead::new(&app.config), &told)?;
    let people = accounts::people(txn, proposal.organisation_id).await?;
    accounts::write_to_each(txn, app, ("visit_proposal_taken", row(proposal), 1), &people, &content).await
}

/// Tells the people of a farm why no visit is made of what they proposed.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(in crate::farm_visits) async fn declined(
    txn: &DatabaseTransaction,
    app: &App,
    proposal: &Proposal,
    farm: &str,
    words: &str,
) -> Result<(), NotEnqueued> {
    let told = told(app, proposal, farm, &format!("/fiche/{}/visite", proposal.organisation_id));
    let content = draw_declined(&Letterhead::new(&app.config), &Told { words, ..told })?;
    let people = accounts::people(txn, proposal.organisation_id).await?;
    accounts::write_to_each(txn, app, ("visit_proposal_declined", row(proposal), 1), &people, &content).await
}

fn row(proposal: &Proposal) -> String {
    format!("visit_proposals/{}", proposal.id)
}

fn told<'a>(app: &App, proposal: &'a Proposal, farm: &'a str, path: &str) -> Told<'a> {
    Told {
        farm,
        sights: &proposal.sights,
        season: &proposal.season,
        people: party(proposal.people),
        words: "",
        link: format!("{}{path}", app.config.public_url()),
    }
}

/// One of each, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub(super) fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let told = |words, path: &str| Told {
        farm: "GAEC des Genêts",
        sights: "La salle de traite, les vaches au pré, le tri des lentilles.",
        season: "En mai ou en juin, plutôt le mardi, après la traite.",
        people: party(12),
        words,
        link: format!("{}{path}", head.address),
    };
    let why = "Deux fermes laitières ouvrent déjà ce printemps. Proposez-la de nouveau en été.";
    Ok(vec![
        ("farm_visits/mail/proposed", draw_proposed(head, &told("", "/organisation/visites"))?),
        ("farm_visits/mail/proposal_taken", draw_taken(head, &told("", "/fiche/12/visite"))?),
        ("farm_visits/mail/proposal_declined", draw_declined(head, &told(why, "/fiche/12/visite"))?),
    ])
}
