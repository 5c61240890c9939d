use std::collections::{BTreeMap, HashMap};

use sea_orm::{ActiveValue::NotSet, DatabaseTransaction, IntoActiveModel, entity::prelude::*};
use serde_json::{Map, Value};

use super::{
    RegistryCanteen,
    registry::{ActiveModel, Column as Field, Entity},
    sector,
};
use crate::{
    app::App,
    places::{InseeCode, Places},
    suppliers::Siret,
    tables::{Column, Columns, ImportError, Line, OnProgress, Options, Progress, Report, Row, Severity, Table, fold},
};

/// The columns of the registry, of its yearly declarations (`canteen_…`) and of the files that `ma-cantine` imports
/// itself.
const COLUMNS: [Column; 13] = [
    column("id", &["canteen_id", "cantine_id"]),
    Column { heading: "name", aliases: &["canteen_name", "nom"], required: true },
    column("siret", &["canteen_siret"]),
    column("year", &[]),
    column("city_insee_code", &["canteen_city_insee_code", "code_insee"]),
    column("department", &["canteen_department"]),
    Column {
        heading: "sector_list",
        aliases: &["sectors", "canteen_sector_list", "canteen_sectors", "secteurs"],
        required: true,
    },
    column("production_type", &["canteen_production_type", "type_production"]),
    column("management_type", &["canteen_management_type", "type_gestion"]),
    column("economic_model", &["canteen_economic_model", "modèle_économique"]),
    column("central_producer_siret", &["canteen_central_kitchen_siret", "siret_cuisine_centrale"]),
    column("daily_meal_count", &["canteen_daily_meal_count", "nombre_repas_jour"]),
    column("yearly_meal_count", &["canteen_yearly_meal_count", "nombre_repas_an"]),
];
const PRODUCTION: [(&str, &str); 9] = [
    ("site", "site"),
    ("restaurant avec cuisine sur place", "site"),
    ("site_cooked_elsewhere", "site_cooked_elsewhere"),
    ("restaurant satellite", "site_cooked_elsewhere"),
    ("central", "central"),
    ("central_serving", "central_serving"),
    ("groupe", "groupe"),
    ("cuisine centrale sans lieu de consommation", "central"),
    ("cuisine centrale qui accueille aussi des convives sur place", "central_serving"),
];
const MANAGEMENT: [(&str, &str); 6] = [
    ("direct_management", "direct_management"),
    ("contracted_management", "contracted_management"),
    ("direct", "direct_management"),
    ("directe", "direct_management"),
    ("conceded", "contracted_management"),
    ("concedee", "contracted_management"),
];
const ECONOMIC_MODEL: [(&str, &str); 3] = [("public", "public"), ("private", "private"), ("prive", "private")];
/// Addresses of people: not kept.
const NOT_KEPT: [&str; 3] = ["gestionnaires_additionnels", "managers", "applicant_id"];
const BATCH: usize = 1_000;

const fn column(heading: &'static str, aliases: &'static [&'static str]) -> Column {
    Column { heading, aliases, required: false }
}

/// Keeps the canteens of a file of the `ma-cantine` registry: its export, its yearly declarations, or the files it
/// imports itself. Unknown sectors are reported and kept as they are written.
///
/// # Errors
/// When the file is no such table, or the database fails.
pub async fn import_registry(
    app: &App,
    bytes: &[u8],
    options: &Options,
    progress: OnProgress<'_>,
) -> Result<Report, ImportError> {
    let (rows, mut report) = read(&Table::read(bytes)?, &app.places, options)?;
    let total = rows.len();
    for (batch, saved) in rows.chunks(BATCH).zip((0..).step_by(BATCH)) {
        let failed = |source| ImportError::Database { saved, total, source };
        let txn = app.write().await.map_err(failed)?;
        save(&txn, batch, &mut report).await.map_err(failed)?;
        let end = if options.dry_run { txn.rollback().await } else { txn.commit().await };
        end.map_err(failed)?;
        progress(Progress { saved: saved + batch.len(), total });
    }
    Ok(report)
}

fn read(table: &Table, places: &Places, options: &Options) -> Result<(Vec<RegistryCanteen>, Report), ImportError> {
    let columns = Columns::find(&table.headings, &COLUMNS)?;
    let mut report = Report::new(&options.file, "cantines du registre");
    report.dry_run = options.dry_run;
    let mut rows: Vec<RegistryCanteen> = Vec::new();
    let mut seen: HashMap<(String, i16), usize> = HashMap::new();
    let mut unknown: BTreeMap<String, (u64, usize)> = BTreeMap::new();
    for row in table.rows() {
        report.read += 1;
        let mut line = Line::new(&row, &columns);
        let canteen = read_line(&mut line, places, options).filter(|_| !line.is_refused());
        report.problems.append(&mut line.into_problems());
        let Some(canteen) = canteen else {
            report.refused += 1;
            continue;
        };
        for label in canteen.unknown_sectors.split('|').filter(|label| !label.is_empty()) {
            unknown.entry(label.to_owned()).or_insert((row.line, 0)).1 += 1;
        }
        let canteen = RegistryCanteen { line: whole(&row, &table.headings), ..canteen };
        // The last line about a canteen and a year is the one that counts.
        match seen.insert((canteen.registry_key.clone(), canteen.year), rows.len()) {
            Some(place) => {
                report.unchanged += 1;
                seen.insert((canteen.registry_key.clone(), canteen.year), place);
                rows[place] = canteen;
            }
            None => rows.push(canteen),
        }
    }
    report.notes.extend(unknown.iter().map(|(label, (first, count))| {
        format!("secteur inconnu de ma-cantine, gardé tel quel : « {label} » (lignes : {count}, la première : {first})")
    }));
    Ok((rows, report))
}

fn read_line(line: &mut Line<'_>, places: &Places, options: &Options) -> Option<RegistryCanteen> {
    let siret = line.parse("siret", Severity::Cell, Siret::parse).map(|siret| siret.to_string());
    let key = line.text("id", 40, Severity::Line).or_else(|| siret.clone());
    let key = line.require("siret", key, "un SIRET, ou le numéro de la cantine dans la colonne id");
    let name = line.text("name", 300, Severity::Line);
    let name = line.require("name", name, "le nom de la cantine");
    let commune = line.parse("city_insee_code", Severity::Cell, |code| {
        let code = InseeCode::parse(code).map_err(|error| error.to_string())?;
        places.commune(code.as_str()).ok_or_else(|| "le code INSEE d’une commune".to_owned())
    });
    let (sectors, unknown_sectors) = sectors(line);
    let year = line.parse("year", Severity::Line, |year| {
        year.parse().ok().filter(|year| (1990..=2200).contains(year)).ok_or("une année")
    });
    Some(RegistryCanteen {
        id: 0,
        year: year.unwrap_or(0),
        siret,
        insee_code: commune.map(|commune| commune.insee_code.to_string()),
        department: commune
            .map(|commune| commune.department.clone())
            .or_else(|| line.text("department", 3, Severity::Cell)),
        sectors,
        unknown_sectors,
        production_type: word(line, "production_type", &PRODUCTION),
        management_type: word(line, "management_type", &MANAGEMENT),
        ownership: word(line, "economic_model", &ECONOMIC_MODEL),
        central_kitchen_siret: line
            .parse("central_producer_siret", Severity::Cell, Siret::parse)
            .map(|siret| siret.to_string()),
        daily_meal_count: count(line, "daily_meal_count"),
        yearly_meal_count: count(line, "yearly_meal_count"),
        line: String::new(),
        updated_at: options.now,
        registry_key: key?,
        name: name?,
    })
}

/// Codes of the known sectors, labels of the others.
fn sectors(line: &Line<'_>) -> (String, String) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for label in sector::labels(&line.raw("sector_list").unwrap_or_default()) {
        if let Some(code) = sector::of_label(&label) {
            known.push(code);
        } else {
            unknown.push(label);
        }
    }
    known.dedup();
    (known.join(","), unknown.join("|"))
}

fn word(line: &mut Line<'_>, heading: &str, words: &[(&str, &'static str)]) -> Option<String> {
    line.parse(heading, Severity::Cell, |text| {
        let text = fold(text);
        let known = words.iter().find(|(word, _)| *word == text);
        known
            .map(|(_, code)| (*code).to_owned())
            .ok_or_else(|| format!("un de : {}", words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")))
    })
}

fn count(line: &mut Line<'_>, heading: &str) -> Option<i32> {
    line.parse(heading, Severity::Cell, |text| {
        text.parse().ok().filter(|&count: &i32| count >= 0).ok_or("un nombre entier")
    })
}

/// The line as a JSON object, so that nothing is lost of what is not understood yet.
fn whole(row: &Row, headings: &[String]) -> String {
    let cells = headings
        .iter()
        .zip(row.cells.iter())
        .filter(|(heading, cell)| !cell.trim().is_empty() && !NOT_KEPT.contains(&fold(heading).as_str()));
    let kept = |text: &str| text.chars().filter(|c| *c != '\0').collect::<String>();
    let object: Map<String, Value> = cells.map(|(heading, cell)| (kept(heading), Value::String(kept(cell)))).collect();
    Value::Object(object).to_string()
}

async fn save(txn: &DatabaseTransaction, batch: &[RegistryCanteen], report: &mut Report) -> Result<(), DbErr> {
    let known = Entity::find().filter(Field::RegistryKey.is_in(batch.iter().map(|row| row.registry_key.as_str())));
    let known: HashMap<(String, i16), RegistryCanteen> =
        known.all(txn).await?.into_iter().map(|row| ((row.registry_key.clone(), row.year), row)).collect();
    let (mut written, mut gone) = (Vec::new(), Vec::new());
    for row in batch {
        match known.get(&(row.registry_key.clone(), row.year)) {
            Some(old) if RegistryCanteen { id: 0, updated_at: row.updated_at, ..old.clone() } == *row => {
                report.unchanged += 1;
                continue;
            }
            Some(old) => {
                report.updated += 1;
                gone.push(old.id);
            }
            None => report.created += 1,
        }
        written.push(ActiveModel { id: NotSet, ..row.clone().into_active_model().reset_all() });
    }
    Entity::delete_many().filter(Field::Id.is_in(gone)).exec(txn).await?;
    for rows in written.chunks(BATCH) {
        Entity::insert_many(rows.iter().cloned()).exec_without_returning(txn).await?;
    }
    Ok(())
}
