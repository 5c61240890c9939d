//! What an edition gave: read, printed and taken away by organisers.

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};

use super::progress::begun;
use crate::app::App;
use crate::figures::{self, Table};
use crate::speed_meetings::after::gather::Gathered;
use crate::speed_meetings::after::report;
use crate::speed_meetings::edition::{Edition, State};
use crate::speed_meetings::event;
use crate::speed_meetings::invitations::pages::sheet::of_edition as who_was_invited;
use crate::speed_meetings::pages::desk::Workshop;
use crate::tables::{Sheet, workbook};
use crate::web::{Error, Frame, Result, attached, filters, french, page, private};

#[derive(Template)]
#[template(path = "speed_meetings/after/report.html")]
struct ReportPage {
    edition: Edition,
    /// « jeudi 20 mai 2027, Salle des fêtes, Yssingeaux »
    facts: String,
    tables: Vec<Table>,
    trace: String,
    /// What participants add, without their names.
    words: Vec<String>,
    frame: Frame,
}

impl ReportPage {
    fn is_final(&self) -> bool {
        self.edition.state == State::FollowedUp
    }

    fn is_running(&self) -> bool {
        self.edition.state == State::Running
    }
}

/// `GET /organisation/rencontres/{key}/bilan`
#[handler]
pub(crate) async fn show(app: Data<&App>, workshop: Workshop, frame: Frame) -> Result<Response> {
    let edition = begun(&workshop.plan.edition)?.clone();
    let all = Gathered::of(&app.db, workshop.plan, app.config.time_zone).await?;
    let place = event::location(&edition, &app.places);
    let facts = [french::day(edition.held_on), place].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let mut words: Vec<String> =
        all.reviews.iter().filter(|one| !one.words.is_empty()).map(|one| french::typographic(&one.words)).collect();
    // In an order that tells nothing of who wrote what.
    words.sort();
    let view = ReportPage {
        facts: facts.join(", "),
        tables: report::tables(&all),
        trace: report::trace(&all),
        words,
        edition,
        frame,
    };
    Ok(private(page(&view)?))
}

/// `GET /organisation/rencontres/{key}/bilan.csv`: who met whom.
#[handler]
pub(crate) async fn csv(app: Data<&App>, workshop: Workshop) -> Result<Response> {
    let edition = begun(&workshop.plan.edition)?.clone();
    let all = Gathered::of(&app.db, workshop.plan, app.config.time_zone).await?;
    Ok(kept(&edition, "rendez-vous", "csv", Sheet::CSV, report::who_met_whom(&app, &all).to_csv()))
}

/// `GET /organisation/rencontres/{key}/bilan.xlsx`: the figures, who was invited, who came, who met whom.
#[handler]
pub(crate) async fn xlsx(app: Data<&App>, workshop: Workshop) -> Result<Response> {
    let edition = begun(&workshop.plan.edition)?.clone();
    let all = Gathered::of(&app.db, workshop.plan, app.config.time_zone).await?;
    let sheets = [
        figures::sheet(&report::tables(&all)),
        who_was_invited(&app, &edition).await?,
        report::who_came(&app, &all),
        report::who_met_whom(&app, &all),
    ];
    let workbook = workbook(&sheets).map_err(Error::broken("writing a workbook"))?;
    Ok(kept(&edition, "bilan", "xlsx", Sheet::XLSX, workbook))
}

/// A file to keep: `bilan-rencontre-du-velay-2027.xlsx`.
fn kept(edition: &Edition, what: &str, extension: &str, content_type: &str, body: Vec<u8>) -> Response {
    private(attached(&format!("{what}-{}.{extension}", edition.slug), content_type, body))
}
