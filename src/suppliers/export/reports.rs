use chrono_tz::Tz;

use crate::{
    suppliers::{ReportedError, Supplier, Word},
    tables::{Cell, Sheet},
};

const HEADINGS: [&str; 7] =
    ["Référence fournisseur", "Nom", "Sujet", "Message", "Courriel pour répondre", "Reçu le", "État"];

pub(super) fn sheet(reports: &[(ReportedError, Supplier)], zone: Tz) -> Sheet {
    let rows = reports.iter().map(|(report, supplier)| row(report, supplier, zone)).collect();
    Sheet { name: "Signalements", headings: HEADINGS.map(str::to_owned).to_vec(), rows }
}

fn row(report: &ReportedError, supplier: &Supplier, zone: Tz) -> Vec<Cell> {
    // The form keeps what a report is about in front of what was typed.
    let (subject, message) = report.message.split_once(" : ").unwrap_or(("", &report.message));
    vec![
        Cell::text(Some(&supplier.reference)),
        Cell::text(Some(&supplier.name)),
        Cell::text(Some(subject)),
        Cell::text(Some(message)),
        Cell::text(report.email.as_deref()),
        Cell::Date(report.created_at.with_timezone(&zone).date_naive()),
        Cell::text(Some(report.state.label())),
    ]
}
