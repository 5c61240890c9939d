use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};

use super::Options;
use crate::{
    places::{Commune, Places},
    suppliers::{
        Cents, CertificationKind, Kind, Origin, PublishedPosition, Siret, State, Weekday, Weekdays, Word,
        contact::{email, website},
        wanted::{NewCertification, NewSupplier},
    },
    tables::{Column, Columns, Line, MissingColumns, Report, Severity, Table, parse_date, parse_list, parse_number},
};

use super::{place_cells, towns::Towns};

/// The headings of the table. The last seven groups are ours: they make an export whole, and an organiser's file does
/// without them.
pub(in crate::suppliers) const COLUMNS: [Column; 32] = [
    required("Référence"),
    required("Nom"),
    required("Type"),
    optional("Adresse"),
    optional("Code postal"),
    optional("Commune"),
    optional("Code INSEE"),
    optional("Latitude"),
    optional("Longitude"),
    optional("Position publiée"),
    optional("Présentation"),
    optional("Téléphone"),
    optional("Courriel"),
    optional("Site web"),
    optional("SIRET"),
    optional("Rayon de livraison (km)"),
    optional("Départements livrés"),
    optional("Communes livrées"),
    optional("Jours de livraison"),
    optional("Minimum de commande (€ HT)"),
    optional("Franco de port (€ HT)"),
    optional("Certification #"),
    optional("Numéro #"),
    optional("Organisme #"),
    optional("Valable jusqu'au #"),
    optional("Fiche confirmée le"),
    optional("État"),
    optional("Provenance"),
    optional("EPCI livrés"),
    optional("Valable à partir du #"),
    optional("Justificatif #"),
    optional("Vu dans l'annuaire officiel le #"),
];

const fn required(heading: &'static str) -> Column {
    Column { heading, aliases: &[], required: true }
}

const fn optional(heading: &'static str) -> Column {
    Column { heading, aliases: &[], required: false }
}

/// Reads the lines of a table of suppliers; the wrong ones are in the report.
pub(in crate::suppliers) fn read_suppliers(
    table: &Table,
    places: &Places,
    options: &Options,
) -> Result<(Vec<NewSupplier>, Report), MissingColumns> {
    let columns = Columns::find(&table.headings, &COLUMNS)?;
    let mut report = Report::new(&options.file, "fournisseurs");
    report.dry_run = options.dry_run;
    report.ignored_columns.clone_from(&columns.ignored);
    let numbers = columns.numbers_of("Certification #");
    let towns = Towns::new(places);
    let (mut suppliers, mut references) = (Vec::new(), HashSet::new());
    for row in table.rows() {
        report.read += 1;
        let mut line = Line::new(&row, &columns);
        let supplier = read_line(&mut line, &towns, &numbers, options.today);
        if let Some(supplier) = &supplier
            && !references.insert(supplier.reference.clone())
        {
            line.report(
                "Référence",
                &supplier.reference,
                "une référence qui ne sert qu’une fois dans le fichier",
                Severity::Line,
            );
        }
        match supplier.filter(|_| !line.is_refused()) {
            Some(supplier) => suppliers.push(supplier),
            None => report.refused += 1,
        }
        report.problems.append(&mut line.into_problems());
    }
    Ok((suppliers, report))
}

/// Reads every cell before it gives up, so that the report names all that are wrong.
fn read_line(line: &mut Line<'_>, towns: &Towns<'_>, numbers: &[u32], today: NaiveDate) -> Option<NewSupplier> {
    let reference = required_text(line, "Référence", 40);
    let name = required_text(line, "Nom", 200);
    let kind = line.parse("Type", Severity::Line, Kind::read);
    let kind =
        line.require("Type", kind, "Producteur, Artisan, Transformateur, Grossiste ou Groupement de producteurs");
    let commune = place_cells::commune(line, towns);
    let position = place_cells::position(line);
    let published_position = line.parse("Position publiée", Severity::Line, PublishedPosition::read);
    let amount = |text: &str| Cents::parse(text).ok_or("un montant en euros, sans unité (80 ou 79,90)");
    let supplier = NewSupplier {
        siret: line.parse("SIRET", Severity::Cell, Siret::parse),
        description: line.text("Présentation", 2_000, Severity::Cell).unwrap_or_default(),
        address: line.text("Adresse", 300, Severity::Cell),
        postal_code: place_cells::postal_code(line, commune),
        insee_code: commune.map(|commune| commune.insee_code.to_string()).unwrap_or_default(),
        commune: commune.map(|commune| commune.name.clone()).unwrap_or_default(),
        position,
        published_position: published_position.unwrap_or(PublishedPosition::Commune),
        phone: line.text("Téléphone", 40, Severity::Cell),
        email: line.parse("Courriel", Severity::Cell, email),
        website: line.parse("Site web", Severity::Cell, website),
        delivery_radius_km: line.parse("Rayon de livraison (km)", Severity::Line, |text| {
            parse_number(text).filter(|&km| km > 0.0).ok_or("un nombre de kilomètres plus grand que 0, sans unité")
        }),
        zones: place_cells::zones(line, towns, commune),
        delivery_days: days(line),
        minimum_order_cents: line.parse("Minimum de commande (€ HT)", Severity::Cell, amount),
        free_delivery_cents: line.parse("Franco de port (€ HT)", Severity::Cell, amount),
        certifications: numbers.iter().filter_map(|&number| certification(line, number, today)).collect(),
        confirmed_on: line.parse("Fiche confirmée le", Severity::Cell, |text| {
            let day = date(text, today)?;
            if day <= today { Ok(day) } else { Err("une date qui n’est pas à venir") }
        }),
        state: line.parse("État", Severity::Line, State::read),
        origin: line.parse("Provenance", Severity::Line, Origin::read),
        reference: reference?,
        name: name?,
        kind: kind?,
    };
    commune.map(|_: &Commune| supplier)
}

pub(super) fn required_text(line: &mut Line<'_>, heading: &str, limit: usize) -> Option<String> {
    let text = line.text(heading, limit, Severity::Line);
    line.require(heading, text, &format!("un texte de 1 à {limit} caractères"))
}

/// A year such as 0206 is mistyped, and would be believed.
fn date(text: &str, today: NaiveDate) -> Result<NaiveDate, &'static str> {
    let day = parse_date(text).ok_or("une date comme 31/03/2031 ou 2031-03-31")?;
    if (1900..=today.year() + 50).contains(&day.year()) {
        Ok(day)
    } else {
        Err("une date depuis 1900, d’ici à 50 ans")
    }
}

fn days(line: &mut Line<'_>) -> Weekdays {
    let text = line.raw("Jours de livraison").unwrap_or_default();
    let mut days = Vec::new();
    for item in parse_list(&text) {
        match Weekday::read(item) {
            Ok(day) => days.push(day),
            Err(expected) => line.report("Jours de livraison", item, &expected, Severity::Cell),
        }
    }
    days.into_iter().collect()
}

fn certification(line: &mut Line<'_>, number: u32, today: NaiveDate) -> Option<NewCertification> {
    let date = |text: &str| date(text, today);
    let column = |name: &str| format!("{name} {number}");
    let kind = line.parse(&column("Certification"), Severity::Line, CertificationKind::read);
    if line.raw(&column("Certification")).is_none() && line.raw(&column("Numéro")).is_some() {
        line.report(&column("Certification"), "", "la certification à laquelle appartient ce numéro", Severity::Cell);
    }
    let certification = NewCertification {
        number: line.text(&column("Numéro"), 100, Severity::Line),
        body: line.text(&column("Organisme"), 200, Severity::Line),
        valid_from: line.parse(&column("Valable à partir du"), Severity::Line, date),
        valid_until: line.parse(&column("Valable jusqu'au"), Severity::Line, date),
        document: line.parse(&column("Justificatif"), Severity::Cell, website),
        register_read_on: line.parse(&column("Vu dans l'annuaire officiel le"), Severity::Line, date),
        kind: kind?,
    };
    if let Some((from, until)) = certification.valid_from.zip(certification.valid_until)
        && from > until
    {
        line.report(
            &column("Valable jusqu'au"),
            &until.to_string(),
            "un jour après le premier jour de validité",
            Severity::Line,
        );
    }
    Some(certification)
}
