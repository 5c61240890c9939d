//! How fast the directory is, from files to answers, by number of suppliers: import, index, search, memory. Figures and ratios are
//! printed, nothing is judged. `cargo bench --bench directory -- 200 5000` measures other sizes; the data is made here, the same
//! every time. The full-text search of SQLite over the same data stands beside as a measure of the machine.

#![expect(clippy::print_stdout, reason = "the figures are the result")]
#![expect(clippy::cast_precision_loss, reason = "rates and milliseconds")]

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Parser;
use index::Request;
use manger_local::app::App;
use manger_local::config::Config;
use manger_local::directory::{self, Position};
use manger_local::suppliers::import::{self, Options};
use sea_orm::{ConnectionTrait, Statement};

const QUERIES: [&str; 12] = [
    "carottes",
    "lentile",
    "fromage de chèvre fermier",
    "oeufs bio près du Puy",
    "pommes de t",
    "yahourt",
    "légumes",
    "qui livre du pain à Brioude",
    "ferme du moulin",
    "viande hachée",
    "ordinateur",
    "",
];

#[tokio::main]
async fn main() {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|size| size.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![200, 5_000, 80_000] } else { sizes };
    println!(
        "suppliers |  import /s |   index /s | search p50, p99 ms | SQLite FTS5 p50 ms | ratio | memory MB | start s"
    );
    for size in sizes {
        measure(size).await;
    }
}

async fn measure(size: usize) {
    let folder = std::env::temp_dir().join(format!("manger-local-bench-{}-{size}", std::process::id()));
    let app = open(folder.clone()).await;
    let (suppliers, offers) = tables(&app, size);
    let imported = import(&app, suppliers.as_bytes(), offers.as_bytes()).await;
    app.db.close_by_ref().await.expect("the database closes");
    drop(app);

    let started = Instant::now();
    let app = open(folder.clone()).await;
    let building = Instant::now();
    directory::step(&app, Position::default()).await.expect("the index is built");
    let (built, start) = (building.elapsed(), started.elapsed());
    let mut ours = times(|q| {
        let request = Request { q: q.to_owned(), limit: 20, today: 20_781, ..Request::default() };
        std::hint::black_box(app.index.search(&request));
    });
    let baseline = full_text(&app).await;
    println!(
        "{size:9} | {:10.0} | {:10.0} | {:9.3} {:8.3} | {baseline:18.3} | {:5.1} | {:9} | {:7.2}",
        size as f64 / imported.as_secs_f64(),
        size as f64 / built.as_secs_f64(),
        percentile(&mut ours, 50),
        percentile(&mut ours, 99),
        baseline / percentile(&mut ours, 50),
        resident_mb(),
        start.as_secs_f64(),
    );
    app.db.close_by_ref().await.expect("the database closes");
    fs::remove_dir_all(folder).expect("the folder is removed");
}

async fn open(folder: PathBuf) -> App {
    let mut config = Line::parse_from(["bench"]).config;
    (config.data_dir, config.database_url) = (folder, None);
    App::open(config).await.expect("a database in a new folder")
}

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    config: Config,
}

async fn import(app: &App, suppliers: &[u8], offers: &[u8]) -> Duration {
    let options = Options::new("bench", app.clock.now(), app.today());
    let started = Instant::now();
    import::suppliers(app, suppliers, &options, &mut |_| {}).await.expect("the suppliers are saved");
    import::offers(app, offers, &options, &mut |_| {}).await.expect("the offers are saved");
    started.elapsed()
}

/// Two tables in the format of the import; about six offers a supplier.
fn tables(app: &App, size: usize) -> (String, String) {
    let communes: Vec<_> =
        app.places.communes().iter().filter(|c| c.point.is_some() && c.department.len() == 2).collect();
    let products = app.index.lexicon().products();
    let mut dice = Dice(42);
    let mut suppliers = String::from(
        "Référence;Nom;Type;Code INSEE;Présentation;Rayon de livraison (km);Certification 1;Numéro 1;Organisme 1;Valable jusqu'au 1\n",
    );
    let mut offers = String::from("Référence fournisseur;Produit;Famille;Prix HT;Mois;Certifications\n");
    for n in 0..size {
        let commune = communes[dice.roll(communes.len())];
        let organic = dice.roll(4) == 0;
        let names = ["Ferme", "GAEC", "Les Jardins", "La Ferme", "EARL", "Fournil"];
        let places = ["du Moulin", "des Genêts", "de la Roche", "du Suc", "des Sources", "de Chantemerle"];
        let (name, place) = (names[dice.roll(names.len())], places[dice.roll(places.len())]);
        let first = dice.roll(products.len());
        let _ = writeln!(
            suppliers,
            "B{n:06};{name} {place} {};Producteur;{};Installés à {} depuis longtemps, nous vendons {} aux cantines et livrons chaque semaine.;{};{}",
            dice.roll(5_000),
            commune.insee_code,
            commune.name,
            products[first].plural,
            10 + dice.roll(60),
            if organic { "Bio;12345;Ecocert;31/12/2035" } else { ";;;" },
        );
        for offer in 0..3 + dice.roll(7) {
            // Neighbours in the table of products are sold together: vegetables with vegetables.
            let product = &products[(first + offer * 3) % products.len()];
            let _ = writeln!(
                offers,
                "B{n:06};{};{};{},{:02};{};{}",
                product.plural,
                product.family.code(),
                1 + dice.roll(20),
                dice.roll(100),
                if dice.roll(2) == 0 { "6-10" } else { "" },
                if organic { "Bio" } else { "" },
            );
        }
    }
    (suppliers, offers)
}

/// Milliseconds of each query, many times.
fn times(mut ask: impl FnMut(&str)) -> Vec<f64> {
    let mut taken = Vec::new();
    for round in 0..30 {
        for q in QUERIES {
            let started = Instant::now();
            ask(q);
            if round > 2 {
                taken.push(started.elapsed().as_secs_f64() * 1000.0);
            }
        }
    }
    taken
}

/// The same words asked of a full-text table of SQLite: names, descriptions and offers, ranked by BM25.
async fn full_text(app: &App) -> f64 {
    let fill = "CREATE VIRTUAL TABLE words USING fts5(name, description, offers, tokenize = 'unicode61 remove_diacritics 2');
        INSERT INTO words SELECT s.name, s.description, (SELECT group_concat(o.name, ' ') FROM offers o WHERE o.supplier_id = s.id) FROM suppliers s;";
    app.db.execute_unprepared(fill).await.expect("SQLite has FTS5");
    let mut taken = Vec::new();
    for q in QUERIES.iter().cycle().take(QUERIES.len() * 5) {
        let words: Vec<String> = index::text::words(q).iter().map(|word| format!("\"{}\"*", word.folded)).collect();
        if words.is_empty() {
            continue;
        }
        let sql =
            "SELECT name, snippet(words, 1, '<', '>', '…', 20) FROM words WHERE words MATCH ? ORDER BY rank LIMIT 20";
        let statement = Statement::from_sql_and_values(app.db.get_database_backend(), sql, [words.join(" OR ").into()]);
        let started = Instant::now();
        std::hint::black_box(app.db.query_all_raw(statement).await.expect("FTS5 answers"));
        taken.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    percentile(&mut taken, 50)
}

fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() * percent / 100).min(values.len() - 1)]
}

/// Memory of the process, in megabytes; 0 where the system does not say.
fn resident_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|text| text.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// A small generator, so that the data is the same everywhere.
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: usize) -> usize {
        // Knuth's linear congruential generator.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides
    }
}
