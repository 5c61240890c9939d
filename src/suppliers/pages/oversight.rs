//! What organisers do with a listing that is in the directory: errors that were reported, closing, opening again.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;

use crate::accounts::{self, Organiser, Person};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::suppliers::absence::{self, Absence, Reason};
use crate::suppliers::draft;
use crate::suppliers::mail::{self, About};
use crate::suppliers::reported_error::{self, ReportState, ReportedError};
use crate::suppliers::{Supplier, by_slug};
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Result, filters, french, page_with, private, see_other, text_of,
};

/// Most characters of what an organiser says.
const LONGEST: usize = 1_000;

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    geste: String,
    mot: String,
    signalement: String,
}

#[derive(Template)]
#[template(path = "suppliers/oversight.html")]
struct OversightPage {
    supplier: Supplier,
    away: Option<Absence>,
    /// The organisation that holds it, and its people.
    holder: Option<(i64, Vec<Person>)>,
    /// Reports that wait, each with its day.
    reports: Vec<(ReportedError, String)>,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

impl OversightPage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "corrigee" => Some("Le signalement est classé comme corrigé."),
            "sans-suite" => Some("Le signalement est classé sans suite."),
            "fermeture" if self.away.is_some() => Some("La fiche n’est plus dans l’annuaire."),
            "reouverture" if self.away.is_none() => Some("La fiche est de nouveau dans l’annuaire."),
            _ => None,
        }
    }

    /// Why it is not shown.
    fn absence(&self) -> &'static str {
        match self.away.as_ref().map(|away| away.reason) {
            None if self.supplier.is_public() => "En ligne.",
            None => "Jamais mise en ligne.",
            Some(Reason::Pause) => "En pause, par le fournisseur.",
            Some(Reason::Silence) => "Hors des résultats\u{a0}: personne n’a répondu aux trois messages de l’année.",
            Some(Reason::Withdrawal) => "Retirée par le fournisseur.",
            Some(Reason::Closing) => "Retirée par un organisateur.",
        }
    }

    fn is_closed(&self) -> bool {
        self.away.as_ref().is_some_and(|away| away.reason == Reason::Closing)
    }
}

/// `GET /organisation/annuaire/{slug}`
#[handler]
pub(crate) async fn show(
    app: Data<&App>,
    _: Organiser,
    Path(slug): Path<String>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let supplier = by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?.supplier;
    draw(&app, supplier, Typed::default(), FieldErrors::default(), frame, csrf).await
}

async fn draw(
    app: &App,
    supplier: Supplier,
    typed: Typed,
    errors: FieldErrors,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let holder = match draft::held_among(&app.db, &[supplier.id]).await? {
        Some((_, organisation)) => Some((organisation, accounts::people(&app.db, organisation).await?)),
        None => None,
    };
    let reports = reported_error::open_of(&app.db, supplier.id).await?.into_iter();
    let reports = reports.map(|report| {
        let day = french::date(app.local(report.created_at).date());
        (report, day)
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let away = absence::absence_of(&app.db, &supplier).await?;
    let view = OversightPage { away, holder, reports: reports.collect(), supplier, typed, errors, csrf, frame };
    Ok(private(page_with(status, &view)?))
}

/// `POST /organisation/annuaire/{slug}`: closes a report, or the listing, or opens it again.
#[handler]
pub(crate) async fn decide(
    app: Data<&App>,
    Organiser(person): Organiser,
    Path(slug): Path<String>,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let now = app.clock.now();
    let supplier = by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?.supplier;
    let mut errors = FieldErrors::default();
    let words = text_of(&typed.mot, LONGEST).unwrap_or_else(|sentence| {
        errors.add("mot", sentence);
        None
    });
    if typed.geste == "fermeture" && words.is_none() && errors.is_empty() {
        errors.add("mot", "Dites pourquoi la fiche est retirée\u{a0}: le fournisseur le lira.");
    }
    if !errors.is_empty() {
        return draw(&app, supplier, typed, errors, frame, csrf).await;
    }
    let words = words.unwrap_or_default();
    let txn = app.write().await?;
    let Some(supplier) = absence::lock(&txn, supplier.id).await? else { return Err(Error::NotFound) };
    let act = match typed.geste.as_str() {
        "corrigee" => close_report(&txn, &app, &supplier, &typed, ReportState::Corrected).await?,
        "sans-suite" => close_report(&txn, &app, &supplier, &typed, ReportState::Dismissed).await?,
        "fermeture" => close(&txn, &app, &supplier, &words).await?,
        "reouverture" => open(&txn, &app, &supplier).await?,
        _ => None,
    };
    let path = format!("/organisation/annuaire/{}", supplier.slug);
    // Pressed twice, it is done once.
    let Some(act) = act else { return Ok(see_other(&path)) };
    let act = Act::new(act, format!("suppliers/{}", supplier.id));
    audit::record(&txn, By::Person(person.id), act, now).await?;
    txn.commit().await?;
    Ok(see_other(&format!("{path}?fait={}", typed.geste)))
}

/// What was done, for the journal; nothing when there was nothing to do.
type Done = Result<Option<&'static str>>;

async fn close_report(
    txn: &DatabaseTransaction,
    app: &App,
    supplier: &Supplier,
    typed: &Typed,
    outcome: ReportState,
) -> Done {
    let open = reported_error::open_of(txn, supplier.id).await?;
    let wanted = open.iter().find(|report| report.id.to_string() == typed.signalement);
    let Some(report) = wanted else { return Ok(None) };
    reported_error::close_report(txn, report.id, outcome, app.clock.now()).await?;
    let words = match outcome {
        ReportState::Corrected => "La fiche est corrigée.",
        _ => "Après vérification auprès du fournisseur, la fiche reste comme elle est.",
    };
    mail::answer(txn, app, supplier, report, words).await?;
    Ok(Some("a classé un signalement"))
}

async fn close(txn: &DatabaseTransaction, app: &App, supplier: &Supplier, words: &str) -> Done {
    let away = absence::absence_of(txn, supplier).await?;
    if away.is_some_and(|away| away.reason == Reason::Closing) {
        return Ok(None);
    }
    let now = app.clock.now();
    let absence = Absence {
        supplier_id: supplier.id,
        reason: Reason::Closing,
        returns_on: None,
        words: words.to_owned(),
        since: now,
    };
    absence::leave(txn, absence, now).await?;
    if let Some((_, organisation)) = draft::held_among(txn, &[supplier.id]).await? {
        mail::closed(txn, app, About { supplier, organisation }, words).await?;
    }
    Ok(Some("a retiré une fiche de l’annuaire"))
}

async fn open(txn: &DatabaseTransaction, app: &App, supplier: &Supplier) -> Done {
    if absence::absence_of(txn, supplier).await?.is_none() {
        return Ok(None);
    }
    absence::come_back(txn, supplier.id, app.clock.now()).await?;
    if let Some((_, organisation)) = draft::held_among(txn, &[supplier.id]).await? {
        mail::back(txn, app, About { supplier, organisation }).await?;
    }
    Ok(Some("a remis une fiche dans l’annuaire"))
}
