//! The listings that wait for the organisers: what changed, and what to answer.

use askama::Template;
use chrono::{DateTime, Utc};
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use crate::accounts::{self, Organiser};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::suppliers::claim::{self, Known};
use crate::suppliers::draft::{self, Difference, Draft, DraftCertificate, DraftState, Remarks, Typed};
use crate::suppliers::registers::{Answers, Said, answers_of};
use crate::suppliers::{State, listing, load_many, mail, reported_error};
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Pages, Result, filters, french, page, page_with, private, see_other,
};

const PATH: &str = "/organisation/fiches";
/// Listings on a page.
const SHOWN: u64 = 50;
/// Reports read for the page.
const REPORTS: u64 = 500;
/// Listings found by their name.
const NAMED: usize = 20;
/// Most characters of a remark.
const LONGEST: usize = 1_000;

#[derive(Template)]
#[template(path = "suppliers/moderation.html")]
struct QueuePage {
    /// Listings in which errors were reported: slug, name, how many reports and since when.
    reported: Vec<(String, String, String)>,
    /// What was asked for, and the listings with such a name: slug, name, whether everybody sees it.
    asked: String,
    named: Vec<(String, String, bool)>,
    waiting: Vec<Waiting>,
    total: u64,
    pages: Pages,
    frame: Frame,
}

/// A listing that waits.
struct Waiting {
    href: String,
    name: String,
    /// When it was sent.
    sent: String,
    is_new: bool,
}

impl QueuePage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "acceptation" => Some("La fiche est en ligne, et le fournisseur le sait par courriel."),
            "retour" => Some("Vos demandes partent par courriel au fournisseur."),
            "refus" => Some("Le refus et sa raison partent par courriel au fournisseur."),
            _ => None,
        }
    }

    fn count(&self) -> String {
        french::count(self.total, "fiche attend", "fiches attendent")
    }
}

#[derive(Template)]
#[template(path = "suppliers/decision.html")]
struct DecisionPage {
    draft: Draft,
    name: String,
    people: Vec<String>,
    sections: Vec<Section>,
    /// The listing that was shown once and is not now: it will not be by accepting either.
    away: Option<String>,
    /// The listing that nobody holds and that has the same SIRET: it will be taken over.
    takes_over: Option<String>,
    typed: Typed,
    errors: FieldErrors,
    /// Whether the supplier changed it since the page was shown.
    is_stale: bool,
    csrf: Csrf,
    frame: Frame,
}

impl Section {
    /// Name of the field for what is said of a step.
    fn remark(&self) -> String {
        remark_of(self.path)
    }

    /// Whether there is something to look at.
    fn is_shown(&self) -> bool {
        !self.changes.is_empty() || self.said.iter().any(|said| !said.is_fine)
    }
}

impl DecisionPage {
    /// Whether it waits for a decision.
    fn waits(&self) -> bool {
        self.draft.state == DraftState::Submitted
    }
}

/// A step and what changed in it.
struct Section {
    path: &'static str,
    title: &'static str,
    changes: Vec<Difference>,
    /// What was sent with it: address, words, whether it is a picture of its products.
    files: Vec<(String, String, bool)>,
    /// What registers say of it.
    said: Vec<Said>,
}

/// `GET /organisation/fiches`
#[handler]
pub(crate) async fn queue(app: Data<&App>, _: Organiser, frame: Frame) -> Result<Response> {
    let total = draft::count_waiting(&app.db).await?;
    let pages = Pages::asked(frame.uri(), SHOWN, total);
    let drafts = draft::waiting(&app.db, pages.offset(), SHOWN).await?;
    let waiting = drafts.into_iter().map(|draft| Waiting {
        href: format!("{PATH}/{}", draft.organisation_id),
        name: draft.content.name,
        sent: draft.submitted_at.map(|at| french::moment(app.local(at))).unwrap_or_default(),
        is_new: draft.accepted.is_none(),
    });
    let asked = frame.uri().query().unwrap_or_default();
    let Asked { nom: asked } = serde_urlencoded::from_str(asked).unwrap_or_default();
    let named = listing::named(&app.db, &asked, NAMED).await?;
    let named = named.into_iter().map(|one| (one.slug, one.name, one.state == State::Published)).collect();
    let reported = reported(&app).await?;
    let waiting = waiting.collect();
    Ok(private(page(&QueuePage { reported, asked, named, waiting, total, pages, frame })?))
}

/// What was asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    nom: String,
}

/// The listings with reports that wait, the longest first.
async fn reported(app: &App) -> Result<Vec<(String, String, String)>> {
    let mut by_listing: Vec<(i64, u64, DateTime<Utc>)> = Vec::new();
    for report in reported_error::open_reports(&app.db, REPORTS).await? {
        match by_listing.iter_mut().find(|(id, ..)| *id == report.supplier_id) {
            Some((_, count, _)) => *count += 1,
            None => by_listing.push((report.supplier_id, 1, report.created_at)),
        }
    }
    let ids: Vec<i64> = by_listing.iter().map(|(id, ..)| *id).collect();
    let listings = load_many(&app.db, &ids).await?;
    let line = |(id, count, since): (i64, u64, DateTime<Utc>)| {
        let supplier = &listings.iter().find(|listing| listing.supplier.id == id)?.supplier;
        let since = french::date(app.local(since).date());
        let words = format!("{}, depuis le {since}", french::count(count, "signalement", "signalements"));
        Some((supplier.slug.clone(), supplier.name.clone(), words))
    };
    Ok(by_listing.into_iter().filter_map(line).collect())
}

/// `GET /organisation/fiches/{id}`
#[handler]
pub(crate) async fn show(
    app: Data<&App>,
    _: Organiser,
    Path(id): Path<i64>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let draft = draft::draft_of(&app.db, id).await?.ok_or(Error::NotFound)?;
    let shown = Shown { draft, typed: Typed::default(), errors: FieldErrors::default(), is_stale: false };
    draw(&app, StatusCode::OK, shown, frame, csrf).await
}

/// What the page shows.
struct Shown {
    draft: Draft,
    typed: Typed,
    errors: FieldErrors,
    is_stale: bool,
}

async fn draw(app: &App, status: StatusCode, shown: Shown, frame: Frame, csrf: Csrf) -> Result<Response> {
    let Shown { draft, typed, errors, is_stale } = shown;
    let people = accounts::people(&app.db, draft.organisation_id).await?;
    let changes = draft::differences(draft.accepted.as_ref(), &draft.content, &app.places);
    let answers = answers_of(&app.db, draft.organisation_id).await?;
    let section = |(path, title)| Section {
        path,
        title,
        changes: changes.iter().filter(|change| change.step == path).cloned().collect(),
        files: files(path, &draft),
        said: said(path, &answers, &draft, app),
    };
    let sections = draft::steps().map(section).collect();
    let takes_over = match (&draft.content.siret, draft.supplier_id) {
        (Some(siret), None) => match claim::known(&app.db, siret).await? {
            Known::Free(listing) => Some(listing.supplier.name),
            Known::Held { .. } | Known::Nothing => None,
        },
        _ => None,
    };
    let away = match draft.supplier_id {
        Some(id) if draft.accepted.is_some() => load_many(&app.db, &[id]).await?.pop(),
        _ => None,
    };
    let away = away.map(|listing| listing.supplier).filter(|supplier| !supplier.is_public());
    let view = DecisionPage {
        away: away.map(|supplier| supplier.slug),
        name: draft.content.name.clone(),
        people: people.into_iter().map(|person| person.email).collect(),
        sections,
        takes_over,
        draft,
        typed,
        errors,
        is_stale,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}

/// What registers say of what is written in a step.
fn said(step: &str, answers: &Answers, draft: &Draft, app: &App) -> Vec<Said> {
    let content = &draft.content;
    match step {
        "identite" => answers.to_organiser(content, app).into_iter().collect(),
        "certifications" => {
            let of = |held| answers.of_certificate(held, content).map(|said| said.about(held));
            content.certificates.iter().filter_map(of).collect()
        }
        _ => Vec::new(),
    }
}

/// `POST /organisation/fiches/{id}`: accepts, asks for changes or refuses.
#[handler]
pub(crate) async fn decide(
    app: Data<&App>,
    Organiser(person): Organiser,
    Path(id): Path<i64>,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let now = app.clock.now();
    let txn = app.write().await?;
    let mut draft = draft::lock_draft(&txn, id).await?.ok_or(Error::NotFound)?;
    let errors = errors_of(&typed);
    let is_stale = draft.state != DraftState::Submitted || typed.of("version") != draft.version.to_string();
    if is_stale || !errors.is_empty() {
        drop(txn);
        let status = if is_stale { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
        return draw(&app, status, Shown { draft, typed, errors, is_stale }, frame, csrf).await;
    }
    let (act, done) = match typed.of("geste") {
        "acceptation" => {
            take_over(&txn, &mut draft).await?;
            draft::publish(&txn, &app, &mut draft, now).await?;
            let is_away = is_away(&txn, &draft).await?;
            mail::accepted(&txn, &app, &draft, is_away).await?;
            ("a accepté une fiche", "acceptation")
        }
        "retour" => {
            draft::give_back(&txn, &mut draft, DraftState::Returned, remarks(&typed), now).await?;
            mail::returned(&txn, &app, &draft).await?;
            ("a demandé des changements à une fiche", "retour")
        }
        _ => {
            draft::give_back(&txn, &mut draft, DraftState::Refused, remarks(&typed), now).await?;
            mail::refused(&txn, &app, &draft).await?;
            ("a refusé une fiche", "refus")
        }
    };
    audit::record(&txn, By::Person(person.id), Act::new(act, format!("organisations/{id}")), now).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{PATH}?fait={done}")))
}

/// What was sent with a step.
fn files(step: &str, draft: &Draft) -> Vec<(String, String, bool)> {
    let address = |file: i64| format!("/fiche/{}/fichiers/{file}", draft.organisation_id);
    match step {
        "certifications" => {
            let of = |held: &DraftCertificate| Some((address(held.file?), held.label().to_owned(), false));
            draft.content.certificates.iter().filter_map(of).collect()
        }
        "photos" => draft.content.photos.iter().map(|it| (address(it.file), it.words.clone(), true)).collect(),
        _ => Vec::new(),
    }
}

/// Whether its supplier pauses.
async fn is_away(txn: &sea_orm::DatabaseTransaction, draft: &Draft) -> Result<bool> {
    let Some(id) = draft.supplier_id else { return Ok(false) };
    Ok(load_many(txn, &[id]).await?.iter().any(|listing| !listing.supplier.is_public()))
}

/// A listing of the same establishment that nobody holds becomes this one.
async fn take_over(txn: &sea_orm::DatabaseTransaction, draft: &mut Draft) -> Result<()> {
    if let (Some(siret), None) = (&draft.content.siret, draft.supplier_id)
        && let Known::Free(listing) = claim::known(txn, siret).await?
    {
        draft.supplier_id = Some(listing.supplier.id);
    }
    Ok(())
}

fn errors_of(typed: &Typed) -> FieldErrors {
    let mut errors = FieldErrors::default();
    match typed.of("geste") {
        "retour" if remarks(typed).is_empty() => {
            errors.add("remarque", "Dites ce qu’il faut changer, sous l’étape concernée ou en bas.");
        }
        "refus" if typed.of("remarque").is_empty() => {
            errors.add("remarque", "Dites pourquoi la fiche est refusée\u{a0}: le fournisseur le lira.");
        }
        "acceptation" | "retour" | "refus" => {}
        _ => errors.add("geste", "Choisissez ce que vous décidez."),
    }
    errors
}

/// Name of the field for what is said of a step.
fn remark_of(path: &str) -> String {
    format!("remarque_{path}")
}

/// What was said of each step, and of all.
fn remarks(typed: &Typed) -> Remarks {
    let of_steps = draft::steps().map(|(path, _)| (path.to_owned(), typed.of(&remark_of(path)).to_owned()));
    let all = of_steps.chain([(String::new(), typed.of("remarque").to_owned())]);
    let short = |text: String| text.chars().take(LONGEST).collect::<String>();
    all.filter(|(_, remark)| !remark.is_empty()).map(|(path, remark)| (path, short(remark))).collect()
}
