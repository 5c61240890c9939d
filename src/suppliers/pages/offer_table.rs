//! Many products at once: rows pasted from a spreadsheet, or a file. What is wrong is said cell by cell, what is right is
//! added, what is wrong stays there to be corrected.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};
use serde::Deserialize;
use tokio::task;

use super::desk::Desk;
use super::offers::{MOST, family_of};
use crate::app::App;
use crate::suppliers::draft::DraftOffer;
use crate::suppliers::import::{OfferRow, offer_rows};
use crate::tables::{Problem, Table};
use crate::web::{Csrf, Error, Frame, Result, Upload, filters, french, page, page_with, private, see_other};

/// What is sent at most.
const LARGEST: usize = 8 * 1024 * 1024;
/// Rows looked at at once.
const MOST_ROWS: usize = 2_000;

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    tableau: String,
    /// `ajout` to add what is right.
    geste: String,
}

#[derive(Template)]
#[template(path = "suppliers/offer_table.html")]
struct TablePage {
    desk: Desk,
    /// What is in the field.
    table: String,
    /// Why nothing could be read at all.
    refusal: Option<String>,
    /// What was read.
    read: Option<Read>,
    csrf: Csrf,
    frame: Frame,
}

/// What was read of a table.
struct Read {
    /// Rows that are right, as they will be listed.
    right: Vec<DraftOffer>,
    /// What is wrong, cell by cell.
    problems: Vec<Problem>,
    /// Rows that cannot be added.
    wrong: usize,
    /// Rows just added.
    added: usize,
    /// Headings that nobody asked for.
    ignored: Vec<String>,
}

impl Read {
    fn count_right(&self) -> String {
        french::count(self.right.len() as u64, "produit juste", "produits justes")
    }

    fn count_wrong(&self) -> String {
        french::count(self.wrong as u64, "ligne à corriger", "lignes à corriger")
    }

    fn count_added(&self) -> String {
        french::count(self.added as u64, "produit ajouté", "produits ajoutés")
    }
}

/// `GET /fiche/{id}/produits/tableau`
#[handler]
pub(crate) fn form(desk: Desk, frame: Frame, csrf: Csrf) -> Result<Response> {
    Ok(private(page(&TablePage { desk, table: String::new(), refusal: None, read: None, csrf, frame })?))
}

/// `POST /fiche/{id}/produits/tableau`
#[handler]
pub(crate) async fn send(
    app: Data<&App>,
    desk: Desk,
    frame: Frame,
    csrf: Csrf,
    Upload { typed, files }: Upload<Typed, LARGEST>,
) -> Result<Response> {
    let file = files.into_iter().find(|file| !file.bytes.is_empty());
    let bytes = file.map_or_else(|| typed.tableau.clone().into_bytes(), |file| file.bytes);
    let read = task::spawn_blocking(move || rows(&bytes)).await.map_err(Error::broken("reading a table"))?;
    let (rows, ignored) = match read {
        Ok(read) => read,
        Err(sentence) => {
            let view = TablePage { desk, table: typed.tableau, refusal: Some(sentence), read: None, csrf, frame };
            return Ok(private(page_with(StatusCode::UNPROCESSABLE_ENTITY, &view)?));
        }
    };
    let is_told = typed.geste == "ajout";
    let (right, wrong): (Vec<OfferRow>, Vec<OfferRow>) = rows.into_iter().partition(|row| row.offer.is_some());
    let problems = right.iter().chain(&wrong).flat_map(|row| row.problems.clone()).collect::<Vec<_>>();
    let offers: Vec<DraftOffer> =
        right.iter().filter_map(|row| row.offer.clone()).map(|new| DraftOffer::from_line(new, 0)).collect();
    if is_told && !offers.is_empty() {
        if let Err(sentence) = add(&app, &desk, offers.clone()).await? {
            let table = text(right.iter().chain(&wrong));
            let view = TablePage { desk, table, refusal: Some(sentence), read: None, csrf, frame };
            return Ok(private(page_with(StatusCode::UNPROCESSABLE_ENTITY, &view)?));
        }
        if wrong.is_empty() {
            return Ok(see_other(&format!("{}/produits?fait=tableau", desk.path())));
        }
        let mut problems: Vec<Problem> = wrong.iter().flat_map(|row| row.problems.clone()).collect();
        renumber(&mut problems, &wrong);
        let read = Read { right: Vec::new(), problems, wrong: wrong.len(), added: offers.len(), ignored };
        let view = TablePage { desk, table: text(wrong.iter()), refusal: None, read: Some(read), csrf, frame };
        return Ok(private(page(&view)?));
    }
    // In the order of the file, so that lines are found again.
    let mut all: Vec<OfferRow> = right.into_iter().chain(wrong).collect();
    all.sort_by_key(|row| row.line);
    let wrong = all.iter().filter(|row| row.offer.is_none()).count();
    let mut problems = problems;
    problems.sort_by_key(|problem| problem.line);
    renumber(&mut problems, &all);
    let read = Read { right: offers, problems, wrong, added: 0, ignored };
    let status = if wrong == 0 { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = TablePage { desk, table: text(all.iter()), refusal: None, read: Some(read), csrf, frame };
    Ok(private(page_with(status, &view)?))
}

/// Adds the products that are right; or says why there is no room.
async fn add(app: &App, desk: &Desk, offers: Vec<DraftOffer>) -> Result<std::result::Result<(), String>> {
    let txn = app.write().await?;
    let mut draft = desk.lock(&txn, app).await?;
    if draft.content.offers.len() + offers.len() > MOST {
        return Ok(Err("Une fiche a mille produits au plus\u{a0}: retirez-en avant d’en ajouter autant.".to_owned()));
    }
    for mut offer in offers {
        offer.key = draft.content.new_key();
        draft.content.offers.push(offer);
    }
    draft.remarks.remove("produits");
    desk.keep(&txn, app, &mut draft, "a ajouté des produits à sa fiche").await?;
    txn.commit().await?;
    Ok(Ok(()))
}

/// The rows of a table, and the headings nobody asked for; or why it is none.
fn rows(bytes: &[u8]) -> std::result::Result<(Vec<OfferRow>, Vec<String>), String> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err("Collez d’abord vos lignes, ou choisissez un fichier.".to_owned());
    }
    let table = Table::read(bytes).map_err(|unreadable| format!("Rien n’a été lu\u{a0}: {unreadable}."))?;
    let (rows, ignored) = offer_rows(&table, family_of);
    if rows.is_empty() {
        return Err("Ce tableau n’a aucune ligne de produit.".to_owned());
    }
    if rows.len() > MOST_ROWS {
        return Err("Ce tableau a plus de 2\u{202f}000 lignes\u{a0}: envoyez-le en plusieurs fois.".to_owned());
    }
    Ok((rows, ignored))
}

/// The rows as a field holds them, under our headings, ready to be corrected and sent again.
fn text<'a>(rows: impl Iterator<Item = &'a OfferRow>) -> String {
    let mut lines = vec![OfferRow::HEADINGS.join("\t")];
    lines.extend(rows.map(|row| row.cells.join("\t")));
    lines.join("\n")
}

/// Lines as they stand in the field, under our headings, rather than in the file they came from.
fn renumber(problems: &mut [Problem], rows: &[OfferRow]) {
    for problem in problems {
        let at = rows.iter().zip(2..).find(|(row, _)| row.line == problem.line);
        problem.line = at.map_or(problem.line, |(_, line)| line);
    }
}
