use std::collections::HashMap;

use super::{Options, supplier_lines::required_text};
use crate::{
    suppliers::{
        Cents, CertificationKind, Months, ProductFamily, Signs, Word,
        wanted::{NewOffer, NewOffers},
    },
    tables::{Column, Columns, Line, MissingColumns, Problem, Report, Row, Severity, Table, parse_list, parse_number},
};

/// The headings of the table. The last one is ours: an organiser's file does without it.
pub(in crate::suppliers) const COLUMNS: [Column; 9] = [
    Column { heading: "Référence fournisseur", aliases: &[], required: true },
    Column { heading: "Produit", aliases: &[], required: true },
    Column { heading: "Famille", aliases: &[], required: true },
    Column { heading: "Conditionnement", aliases: &[], required: false },
    Column { heading: "Unité", aliases: &[], required: false },
    Column { heading: "Prix HT", aliases: &[], required: false },
    Column { heading: "Mois", aliases: &[], required: false },
    Column { heading: "Certifications", aliases: &[], required: false },
    Column { heading: "Volume par semaine", aliases: &[], required: false },
];

/// Reads the lines of a table of offers, gathered by supplier in the order in which the suppliers first appear; the
/// wrong ones are in the report. A supplier all of whose lines are wrong is not among them: its offers stay as they
/// are.
pub(in crate::suppliers) fn read_offers(
    table: &Table,
    options: &Options,
) -> Result<(Vec<NewOffers>, Report), MissingColumns> {
    let columns = Columns::find(&table.headings, &COLUMNS)?;
    let mut report = Report::new(&options.file, "offres");
    report.dry_run = options.dry_run;
    report.ignored_columns.clone_from(&columns.ignored);
    let mut suppliers: Vec<NewOffers> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in table.rows() {
        report.read += 1;
        let mut line = Line::new(&row, &columns);
        let read = read_line(&mut line, row.line).filter(|_| !line.is_refused());
        report.problems.append(&mut line.into_problems());
        let Some((reference, offer)) = read else {
            report.refused += 1;
            continue;
        };
        let place = *places.entry(reference).or_insert_with_key(|reference| {
            suppliers.push(NewOffers { reference: reference.clone(), offers: Vec::new() });
            suppliers.len() - 1
        });
        suppliers[place].offers.push(offer);
    }
    Ok((suppliers, report))
}

fn read_line(line: &mut Line<'_>, number: u64) -> Option<(String, NewOffer)> {
    let reference = required_text(line, "Référence fournisseur", 40);
    let offer = read_offer(line, number, &|_: &str| None);
    Some((reference?, offer?))
}

fn read_offer(line: &mut Line<'_>, number: u64, guess: &impl Fn(&str) -> Option<ProductFamily>) -> Option<NewOffer> {
    let name = required_text(line, "Produit", 200);
    let family = line.parse("Famille", Severity::Line, ProductFamily::read);
    let guessed = name.as_deref().filter(|_| line.raw("Famille").is_none()).and_then(guess);
    let family = family.or(guessed);
    let family = line.require("Famille", family, "une famille, comme Fruits et légumes");
    Some(NewOffer {
        line: number,
        packaging: line.text("Conditionnement", 200, Severity::Cell),
        sales_unit: line.text("Unité", 40, Severity::Cell),
        price_cents: line.parse("Prix HT", Severity::Line, |text| {
            Cents::parse(text).ok_or("un prix en euros sans unité, avec deux décimales au plus (1,29)")
        }),
        months: line.parse("Mois", Severity::Line, Months::parse).unwrap_or(Months::ALL_YEAR),
        volume_per_week: line.parse("Volume par semaine", Severity::Cell, |text| {
            parse_number(text).filter(|&volume| volume > 0.0).ok_or("un nombre plus grand que 0, sans unité")
        }),
        signs: signs(line),
        name: name?,
        family: family?,
    })
}

fn signs(line: &mut Line<'_>) -> Signs {
    let text = line.raw("Certifications").unwrap_or_default();
    let mut signs = Vec::new();
    for item in parse_list(&text) {
        match CertificationKind::read(item) {
            Ok(kind) => signs.push(kind),
            Err(expected) => line.report("Certifications", item, &expected, Severity::Line),
        }
    }
    signs.into_iter().collect()
}

/// A row of products that a supplier pasted or sent.
#[derive(Clone, Debug)]
pub(in crate::suppliers) struct OfferRow {
    /// Where it stands in what was sent.
    pub(in crate::suppliers) line: u64,
    /// What was written under our headings, in their order.
    pub(in crate::suppliers) cells: Vec<String>,
    /// The product, when nothing that matters is wrong.
    pub(in crate::suppliers) offer: Option<NewOffer>,
    /// What is wrong, cell by cell.
    pub(in crate::suppliers) problems: Vec<Problem>,
}

impl OfferRow {
    /// Our headings but for whose product it is.
    pub(in crate::suppliers) const HEADINGS: [&str; 8] =
        ["Produit", "Famille", "Conditionnement", "Unité", "Prix HT", "Mois", "Certifications", "Volume par semaine"];
}

/// Reads the products of one supplier, with our headings, with others that mean the same, or without any: then the columns
/// are ours, in their order. `guess` gives the family of a product whose line names none. Any wrong cell leaves its line out:
/// whoever pasted it is there to correct it.
pub(in crate::suppliers) fn offer_rows(
    table: &Table,
    guess: impl Fn(&str) -> Option<ProductFamily>,
) -> (Vec<OfferRow>, Vec<String>) {
    let (columns, first) = if let Ok(columns) = Columns::find(&table.headings, &OWN_COLUMNS) {
        (columns, None)
    } else {
        let ours: Vec<String> = OfferRow::HEADINGS.iter().map(|&heading| heading.to_owned()).collect();
        let columns = Columns::find(&ours, &OWN_COLUMNS).expect("our own headings are known");
        (columns, Some(table.headings.clone()))
    };
    let first = first.map(|cells| Row { line: 1, cells: cells.into() });
    let rows = first.into_iter().chain(table.rows()).map(|row| own_row(&row, &columns, &guess));
    (rows.collect(), columns.ignored.clone())
}

fn own_row(row: &Row, columns: &Columns, guess: &impl Fn(&str) -> Option<ProductFamily>) -> OfferRow {
    let mut line = Line::new(row, columns);
    let one_line = |text: &str| text.replace(['\n', '\t'], " ");
    let cells = OfferRow::HEADINGS.map(|heading| one_line(&line.raw(heading).unwrap_or_default()));
    // What stands beyond the last heading is wrong, and not lost.
    let beyond = row.cells.iter().skip(columns.count()).map(one_line);
    let cells: Vec<String> = cells.into_iter().chain(beyond).collect();
    let offer = read_offer(&mut line, row.line, guess);
    let mut problems = line.into_problems();
    for problem in &mut problems {
        problem.refused = true;
    }
    OfferRow { line: row.line, cells, offer: offer.filter(|_| problems.is_empty()), problems }
}

/// The headings that suppliers write themselves.
const OWN_COLUMNS: [Column; 8] = [
    Column { heading: "Produit", aliases: &["Produits", "Désignation", "Article", "Nom", "Libellé"], required: true },
    Column { heading: "Famille", aliases: &["Catégorie"], required: false },
    Column { heading: "Conditionnement", aliases: &["Emballage", "Colisage"], required: false },
    Column { heading: "Unité", aliases: &["Unité de vente"], required: false },
    Column {
        heading: "Prix HT",
        aliases: &["Prix", "Prix unitaire", "Tarif", "Prix € HT", "PU HT", "Prix HT (€)"],
        required: false,
    },
    Column { heading: "Mois", aliases: &["Saison", "Période", "Disponibilité"], required: false },
    Column {
        heading: "Certifications",
        aliases: &["Certification", "Signes", "Labels", "Label", "Signe"],
        required: false,
    },
    Column {
        heading: "Volume par semaine", aliases: &["Volume", "Quantité", "Quantité par semaine"], required: false
    },
];
