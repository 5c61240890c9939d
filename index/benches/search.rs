//! How fast the engine is by itself: build, answers by kind of query, memory. The corpus is made here, the same every time;
//! `cargo bench -p index -- 200 5000` measures other sizes.
//!
//! Milliseconds of a shared machine drift: compare within one run.

#![expect(clippy::print_stdout, reason = "the figures are the result")]
#![expect(clippy::cast_precision_loss, reason = "rates and averages")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use index::codes::{Certification, Kind};
use index::gazetteer::Entry;
use index::geo::Point;
use index::request::Origin;
use index::{Certificate, Delivery, Gazetteer, Index, Lexicon, Listing, Offer, ProductId, Request};

const TODAY: i32 = 20_000;
const COMMUNES: usize = 2_000;
const ROUNDS: usize = 40;

const QUERIES: [(&str, &[&str]); 8] = [
    ("plain", &["carottes", "miel", "truite", "baguette"]),
    ("broad", &["légumes", "fromage", "viande", "fruits"]),
    ("typo", &["carrottes", "froamge", "oulet", "poirot"]),
    ("prefix", &["yao", "pommes de t", "lentilles ver", "steak h"]),
    ("need", &["oeufs bio", "pommes golden", "fromage de chèvre fermier", "pain et miel"]),
    ("sentence", &["je cherche des oeufs bio près de Saugival", "qui peut me livrer du pain à Montrac ?"]),
    ("name", &["ferme du moulin de bellac", "salaison durand"]),
    ("nothing", &["ordinateur portable", "xqzwvk"]),
];

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|size| size.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![200, 5_000, 80_000] } else { sizes };
    let world = World::new();
    for size in sizes {
        measure(&world, size);
    }
}

fn measure(world: &World, size: usize) {
    let before = resident_bytes();
    let index = world.empty_index();
    let mut rebuild = index.rebuild();
    let mut put = Duration::ZERO;
    for id in 0..size {
        let listing = world.listing(id);
        let start = Instant::now();
        rebuild.put(&listing);
        put += start.elapsed();
    }
    let start = Instant::now();
    index.install(rebuild, TODAY);
    let took = (put + start.elapsed()).as_secs_f64();
    let bytes = resident_bytes().saturating_sub(before) / size.max(1);
    println!("\n{size} suppliers: built at {:.0} a second, about {bytes} bytes each", size as f64 / took);
    println!("{:10} {:>9} {:>9} {:>9}", "ms", "p50", "p99", "found");
    for (kind, queries) in QUERIES {
        report(&index, kind, queries.iter().map(|q| asking(q)));
    }
    let near = |radius_km| Request { near: Some(origin(7)), radius_km, certifications: 1, ..asking("") };
    report(&index, "filter", [near(Some(30.0)), near(None)].into_iter());
    report(&index, "filtered", [Request { q: "légumes".to_owned(), ..near(Some(60.0)) }].into_iter());
}

fn report(index: &Index, kind: &str, requests: impl Iterator<Item = Request>) {
    let (mut took, mut found) = (Vec::new(), 0);
    for request in requests {
        found += index.search(&request).total;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let _ = index.search(&request);
            took.push(start.elapsed());
        }
    }
    took.sort_unstable();
    let ms = |part: usize| took[(took.len() - 1) * part / 100].as_secs_f64() * 1e3;
    println!("{kind:10} {:9.3} {:9.3} {found:9}", ms(50), ms(99));
}

fn asking(q: &str) -> Request {
    Request { q: q.to_owned(), limit: 20, today: TODAY, ..Request::default() }
}

/// Memory of this process, where the system tells.
fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok());
    kilobytes.unwrap_or(0) * 1024
}

/// Products of the program and invented communes.
struct World {
    lexicon: Arc<Lexicon>,
    gazetteer: Arc<Gazetteer>,
}

impl World {
    fn new() -> Self {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../src/suppliers/products.csv");
        let products = std::fs::read_to_string(file).expect("the program's table of products");
        let lexicon = Arc::new(Lexicon::parse(&products).expect("a table that can be read"));
        let names: Vec<(String, String)> = (0..COMMUNES).map(|at| (insee_code(at), commune_name(at))).collect();
        let entries = names.iter().enumerate().map(|(at, (insee_code, name))| Entry {
            insee_code,
            name,
            department: &insee_code[..2],
            population: 300 + u32::try_from(at * 7 % 9_000).unwrap_or(0),
            point: Some((point(at).lat, point(at).lon)),
            ..Entry::default()
        });
        let gazetteer = Arc::new(Gazetteer::new(entries));
        Self { lexicon, gazetteer }
    }

    fn empty_index(&self) -> Index {
        let home = Some("43".to_owned());
        Index::new(Arc::clone(&self.lexicon), Arc::clone(&self.gazetteer), Box::new(|at| Some(origin(at))), home)
    }

    fn listing(&self, id: usize) -> Listing {
        let mut dice = Dice(id as u64);
        let commune = dice.below(COMMUNES);
        let offers: Vec<Offer> = (0..3 + dice.below(7)).map(|_| self.offer(&mut dice)).collect();
        let told: Vec<&str> = offers.iter().take(2).map(|offer| offer.name.as_str()).collect();
        let description = format!("À {}, notre ferme propose {}.", commune_name(commune), told.join(" et "));
        Listing {
            id: i64::try_from(id).unwrap_or(i64::MAX),
            reference: format!("F{id:05}"),
            slug: format!("ferme-{id}"),
            name: supplier_name(&mut dice),
            kind: Kind::ALL[dice.below(Kind::ALL.len())],
            description,
            commune: insee_code(commune),
            department: insee_code(commune)[..2].to_owned(),
            intercommunality: None,
            point: Some(point(commune)),
            exact: false,
            on_map: true,
            delivery: Delivery { radius_km: Some(30.0), ..Delivery::default() },
            confirmed: Some(TODAY - i32::try_from(dice.below(900)).unwrap_or(0)),
            certificates: if dice.below(4) == 0 { vec![organic()] } else { Vec::new() },
            offers,
        }
    }

    fn offer(&self, dice: &mut Dice) -> Offer {
        let products = self.lexicon.products();
        let at = dice.below(products.len());
        let variety = ["", "", " fermier", " bio", " vrac", " Golden"][dice.below(6)];
        Offer {
            name: format!("{}{variety}", products[at].plural),
            product: ProductId::try_from(at).ok(),
            family: products[at].family,
            months: products[at].months,
            signs: if variety == " bio" { Certification::Organic.bit() } else { 0 },
            price_cents: Some(250),
            unit: "kg".to_owned(),
            packaging: String::new(),
        }
    }
}

fn organic() -> Certificate {
    Certificate { kind: Certification::Organic, first_day: TODAY - 9, last_day: TODAY + 9 }
}

fn supplier_name(dice: &mut Dice) -> String {
    let kinds = ["Ferme", "GAEC", "Salaisons", "Les Vergers", "Fromagerie", "EARL"];
    let places = ["du Moulin", "des Genêts", "de la Croix", "Durand", "Cortial", "des Sources"];
    format!("{} {} de {}", kinds[dice.below(6)], places[dice.below(6)], commune_name(dice.below(COMMUNES)))
}

fn commune_name(at: usize) -> String {
    let heads = ["Mont", "Saug", "Bell", "Roch", "Cham", "Vern", "Lang", "Brio", "Pol", "Cray"];
    let tails = ["rac", "ival", "ac", "efort", "bon", "eyre", "eac", "ude", "ignac", "onne"];
    let name = format!("{}{}", heads[at % 10], tails[at / 10 % 10]);
    if at < 100 { name } else { format!("Saint-{name}-les-{}", at / 100) }
}

fn insee_code(at: usize) -> String {
    format!("{:02}{:03}", 43 - at % 40, at / 40)
}

fn point(at: usize) -> Point {
    let part = |step: usize| (at * step % 997) as f64 / 997.0;
    Point { lat: 43.0 + 6.0 * part(31), lon: -1.0 + 8.0 * part(57) }
}

fn origin(at: usize) -> Origin {
    let code = insee_code(at);
    let department = Some(code[..2].to_owned());
    Origin { point: point(at), department, commune: Some(code), intercommunality: None }
}

/// Numbers that look thrown and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap_or(0)
    }
}
