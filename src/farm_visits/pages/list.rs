//! All visits, for organisers; and what farms propose: taken or declined.

use std::collections::HashMap;

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};

use super::desk::{PATH, path, taken};
use super::open::day;
use crate::accounts::{self, Organiser};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::farm_visits::farm_visit::{self, FarmVisit};
use crate::farm_visits::mail::{party, proposals as letters};
use crate::farm_visits::proposal::{self, Proposal};
use crate::farm_visits::visit_date::{self, State, VisitDate};
use crate::suppliers::draft::{self, Content, Typed};
use crate::web::{
    Csrf, FieldErrors, Form, Frame, Pages, Result, filters, french, page_with, private, see_other, text_of,
};

/// Visits on a page.
const SHOWN: u64 = 25;
/// Proposals on a page.
const PROPOSED: u64 = 50;

#[derive(Template)]
#[template(path = "farm_visits/list.html")]
struct ListPage {
    proposals: Vec<Offer>,
    /// The proposal that is not declined yet, and what was typed.
    refused: Option<(i64, String)>,
    lines: Vec<Line>,
    pages: Pages,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// What a farm proposes.
struct Offer {
    key: i64,
    /// Desk of its listing.
    href: String,
    farm: String,
    place: String,
    day: String,
    sights: String,
    season: String,
    people: String,
    access: String,
    contact: String,
}

/// A visit in the list.
struct Line {
    href: String,
    title: String,
    place: String,
    dates: Vec<String>,
}

impl ListPage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "effacement" => Some("La visite est effacée."),
            "retiree" => Some("La ferme a retiré cette proposition entre-temps\u{a0}: il n’y a plus rien à répondre."),
            "refus" => Some("C’est dit à la ferme, par courriel."),
            _ => None,
        }
    }

    /// What was typed about a proposal, when its form is shown again.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates give references")]
    fn typed(&self, key: &i64) -> Option<&str> {
        self.refused.as_ref().filter(|(refused, _)| refused == key).map(|(_, words)| words.as_str())
    }
}

/// `GET /organisation/visites`
#[handler]
pub(crate) async fn list(app: Data<&App>, _: Organiser, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, (None, FieldErrors::default()), frame, csrf).await
}

async fn draw(
    app: &App,
    (refused, errors): (Option<(i64, String)>, FieldErrors),
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let pages = Pages::asked(frame.uri(), SHOWN, farm_visit::count(&app.db).await?);
    let visits = farm_visit::page(&app.db, pages.offset(), SHOWN).await?;
    let keys: Vec<i64> = visits.iter().map(|visit| visit.id).collect();
    let mut dates: HashMap<i64, Vec<String>> = HashMap::new();
    for date in visit_date::of_visits(&app.db, &keys).await? {
        dates.entry(date.farm_visit_id).or_default().push(summary(app, &date));
    }
    let line = |visit: FarmVisit| Line {
        href: path(&visit),
        place: place(app, &visit.insee_code),
        dates: dates.remove(&visit.id).unwrap_or_default(),
        title: french::typographic(&visit.title),
    };
    let lines = visits.into_iter().map(line).collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = ListPage { proposals: offers(app).await?, refused, lines, pages, errors, csrf, frame };
    Ok(private(page_with(status, &view)?))
}

/// What farms propose and nobody has answered.
async fn offers(app: &App) -> Result<Vec<Offer>> {
    let waiting = proposal::waiting(&app.db, PROPOSED).await?;
    let farms: Vec<i64> = waiting.iter().map(|one| one.organisation_id).collect();
    let names: HashMap<i64, String> = accounts::names_of(&app.db, &farms).await?.into_iter().collect();
    let offer = |one: Proposal| Offer {
        key: one.id,
        href: format!("/fiche/{}", one.organisation_id),
        farm: names.get(&one.organisation_id).map(french::typographic).unwrap_or_default(),
        place: place(app, &one.insee_code),
        day: french::date(app.local(one.made_at).date()),
        sights: french::typographic(&one.sights),
        season: french::typographic(&one.season),
        people: party(one.people),
        access: french::typographic(&one.access),
        contact: french::typographic(&one.contact),
    };
    Ok(waiting.into_iter().map(offer).collect())
}

fn place(app: &App, insee_code: &str) -> String {
    app.places.commune(insee_code).map(|one| one.name.clone()).unwrap_or_default()
}

/// « jeudi 20 mai 2027, 12 sur 20 places prises »
fn summary(app: &App, date: &VisitDate) -> String {
    let state = match date.state {
        State::Draft => ", brouillon",
        State::Cancelled => ", annulée",
        State::Open | State::Closed if date.is_waited_for => ", liste d’attente",
        State::Open | State::Closed => "",
    };
    format!("{}, {}{state}", day(app, date), taken(date))
}

/// `POST /organisation/visites/propositions/{key}`: a visit is made of it, or it is declined.
#[handler]
pub(crate) async fn answer(
    app: Data<&App>,
    Organiser(me): Organiser,
    Path(key): Path<i64>,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let Some(proposal) = proposal::by_key(&app.db, key).await? else {
        return Ok(see_other(&format!("{PATH}?fait=retiree")));
    };
    let names = accounts::names_of(&app.db, &[proposal.organisation_id]).await?;
    let farm = names.into_iter().next().map(|(_, name)| name).unwrap_or_default();
    match typed.of("geste") {
        "reprise" => take(&app, me.id, &proposal, &farm).await,
        "refus" => match text_of(typed.of("mot"), 1_000) {
            Ok(Some(words)) => decline(&app, me.id, (&proposal, &farm), &words).await,
            said => {
                let mut errors = FieldErrors::default();
                errors.add("mot", said.err().unwrap_or_else(|| "Dites pourquoi\u{a0}: la ferme le lira.".to_owned()));
                draw(&app, (Some((key, typed.of("mot").to_owned())), errors), frame, csrf).await
            }
        },
        _ => Ok(see_other(PATH)),
    }
}

async fn take(app: &App, by: i64, proposal: &Proposal, farm: &str) -> Result<Response> {
    let txn = app.write().await?;
    let kept = draft::draft_of(&txn, proposal.organisation_id).await?;
    let (supplier, listing) = kept.map_or_else(
        || (None, Content { name: farm.to_owned(), ..Content::default() }),
        |kept| (kept.supplier_id, kept.content),
    );
    let Some(visit) = proposal::take(&txn, proposal.id, (supplier, &listing), app.clock.now()).await? else {
        drop(txn);
        // Pressed twice, or a colleague has answered: the visit is there, or the proposal is gone from the list.
        let made = proposal::by_key(&app.db, proposal.id).await?.and_then(|one| one.farm_visit_id);
        return Ok(see_other(&made.map_or_else(|| PATH.to_owned(), |key| format!("{PATH}/{key}?fait=reprise"))));
    };
    letters::taken(&txn, app, proposal, farm).await?;
    let act = Act::new("a fait une visite de la proposition d’une ferme", format!("farm_visits/{}", visit.id));
    audit::record(&txn, By::Person(by), act.with(visit.title.clone()), app.clock.now()).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{}?fait=reprise", path(&visit))))
}

async fn decline(app: &App, by: i64, (proposal, farm): (&Proposal, &str), words: &str) -> Result<Response> {
    let txn = app.write().await?;
    if !proposal::decline(&txn, proposal.id, words, app.clock.now()).await? {
        return Ok(see_other(PATH));
    }
    letters::declined(&txn, app, proposal, farm, words).await?;
    let act = Act::new("a décliné la proposition d’une ferme", format!("organisations/{}", proposal.organisation_id));
    audit::record(&txn, By::Person(by), act, app.clock.now()).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{PATH}?fait=refus")))
}
