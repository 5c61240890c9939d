use std::collections::HashMap;

use super::{Options, supplier_lines::required_text};
use crate::{
    suppliers::{
        Cents, CertificationKind, Months, ProductFamily, Signs, Word,
        wanted::{NewOffer, NewOffers},
    },
    tables::{Column, Columns, Line, MissingColumns, Report, Severity, Table, parse_list, parse_number},
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
    let name = required_text(line, "Produit", 200);
    let family = line.parse("Famille", Severity::Line, ProductFamily::read);
    let family = line.require("Famille", family, "une famille, comme Fruits et légumes");
    let offer = NewOffer {
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
    };
    Some((reference?, offer))
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
