//! A small country: a few products, communes and farms.

use std::sync::{Arc, LazyLock};

use index::codes::{Certification, Family, Kind};
use index::gazetteer::Entry;
use index::geo::Point;
use index::request::Origin;
use index::{Answer, Certificate, Delivery, Gazetteer, Index, Lexicon, Listing, Offer, ProductId, Request};

/// The day all tests happen, in days since 1970-01-01.
pub(crate) const TODAY: i32 = 20_000;

const PRODUCTS: &str = "\
code;singulier;pluriel;famille;plus_large;proche;synonymes;fautes;variétés;voisins;saison
legumes;légume;légumes;FRUITS_ET_LEGUMES;;;légumes de saison;;;soupe;1-12
carotte;carotte;carottes;FRUITS_ET_LEGUMES;legumes;;;;jaune;;6-3
pomme-de-terre;pomme de terre;pommes de terre;FRUITS_ET_LEGUMES;legumes;;patate;;Charlotte;;7-4
chou;chou;choux;FRUITS_ET_LEGUMES;legumes;;;;rouge, vert;;6-3
lentille;lentille;lentilles;FRUITS_ET_LEGUMES;;;;;;;1-12
lentille-verte;lentille verte;lentilles vertes;FRUITS_ET_LEGUMES;lentille;oui;;;;;1-12
fruits;fruit;fruits;FRUITS_ET_LEGUMES;;;;;;;1-12
pomme;pomme;pommes;FRUITS_ET_LEGUMES;fruits;;;;Golden;jus-de-pomme;8-4
fraise;fraise;fraises;FRUITS_ET_LEGUMES;fruits;;;;Charlotte;;4-9
mais;maïs;maïs;FRUITS_ET_LEGUMES;legumes;;;;;;7-10
boeuf;bœuf;bœufs;VIANDES_VOLAILLES;;;;;Salers;;1-12
poulet;poulet;poulets;VIANDES_VOLAILLES;;;;;;;1-12
noix-de-veau;noix de veau;noix de veau;VIANDES_VOLAILLES;;;;;;;1-12
pate-de-campagne;pâté de campagne;pâtés de campagne;CHARCUTERIE;;;pâté;;;;1-12
oeuf;œuf;œufs;PRODUITS_LAITIERS;;;;;plein air;;1-12
lait;lait;lait;PRODUITS_LAITIERS;;;;;;;1-12
yaourt;yaourt;yaourts;PRODUITS_LAITIERS;;;;;au miel, à la fraise;;1-12
fromage;fromage;fromages;PRODUITS_LAITIERS;;;;;;;1-12
fromage-de-chevre;fromage de chèvre;fromages de chèvre;PRODUITS_LAITIERS;fromage;oui;biquette;;;;1-12
salers;salers;salers;PRODUITS_LAITIERS;fromage;;;;;;4-11
pain;pain;pains;BOULANGERIE;;;;;;;1-12
baguette;baguette;baguettes;BOULANGERIE;pain;oui;;;;;1-12
pain-au-chocolat;pain au chocolat;pains au chocolat;BOULANGERIE;;;;;;;1-12
tarte;tarte;tartes;BOULANGERIE;;;;;aux pommes;;1-12
jus-de-pomme;jus de pomme;jus de pomme;BOISSONS;;;;;;;1-12
pates;pâtes;pâtes;AUTRES;;;;;;;1-12
miel;miel;miels;AUTRES;;;;;;;1-12
sel;sel;sels;AUTRES;;;;;;;1-12
soupe;soupe;soupes;AUTRES;;;;;;;1-12
";

/// INSEE code, name, department, latitude, longitude, inhabitants.
const COMMUNES: [(&str, &str, &str, f64, f64, u32); 6] = [
    ("43157", "Le Puy-en-Velay", "43", 45.0435, 3.8852, 18_540),
    ("43040", "Brioude", "43", 45.2942, 3.3842, 6_527),
    ("43137", "Monistrol-sur-Loire", "43", 45.2931, 4.1722, 8_823),
    ("43234", "Saugues", "43", 44.9601, 3.5469, 1_652),
    ("43200", "Saint-Julien-Chapteuil", "43", 45.0336, 4.0606, 2_019),
    ("69123", "Lyon", "69", 45.7580, 4.8351, 520_000),
];

pub(crate) fn lexicon() -> &'static Arc<Lexicon> {
    static LEXICON: LazyLock<Arc<Lexicon>> =
        LazyLock::new(|| Arc::new(Lexicon::parse(PRODUCTS).expect("the table of the tests is right")));
    &LEXICON
}

fn gazetteer() -> &'static Arc<Gazetteer> {
    static GAZETTEER: LazyLock<Arc<Gazetteer>> = LazyLock::new(|| {
        let entries = COMMUNES.iter().map(|(insee_code, name, department, lat, lon, population)| Entry {
            insee_code,
            name,
            department,
            population: *population,
            point: Some((*lat, *lon)),
            ..Entry::default()
        });
        Arc::new(Gazetteer::new(entries))
    });
    &GAZETTEER
}

pub(crate) fn product(code: &str) -> ProductId {
    lexicon().by_code(code).unwrap_or_else(|| panic!("{code} is in the table"))
}

pub(crate) fn point_of(insee_code: &str) -> Point {
    let (.., lat, lon, _) = *COMMUNES.iter().find(|row| row.0 == insee_code).expect("a commune of the table");
    Point { lat, lon }
}

pub(crate) fn origin(insee_code: &str) -> Origin {
    Origin {
        point: point_of(insee_code),
        commune: Some(insee_code.to_owned()),
        department: Some(insee_code[..2].to_owned()),
        intercommunality: None,
    }
}

/// An index of these listings, seen from the Haute-Loire.
pub(crate) fn index(listings: &[Listing]) -> Index {
    let index = empty_index();
    let mut rebuild = index.rebuild();
    for listing in listings {
        rebuild.put(listing);
    }
    index.install(rebuild, TODAY);
    index
}

pub(crate) fn empty_index() -> Index {
    let locate = |at: usize| Some(origin(COMMUNES[at].0));
    Index::new(Arc::clone(lexicon()), Arc::clone(gazetteer()), Box::new(locate), Some("43".to_owned()))
}

/// A producer of Le Puy-en-Velay with nothing to sell yet.
pub(crate) fn farm(id: i64, name: &str) -> Listing {
    Listing {
        id,
        reference: format!("F{id}"),
        slug: format!("f-{id}"),
        name: name.to_owned(),
        kind: Kind::Producer,
        description: String::new(),
        commune: "43157".to_owned(),
        department: "43".to_owned(),
        intercommunality: None,
        point: Some(point_of("43157")),
        exact: false,
        on_map: true,
        delivery: Delivery::default(),
        confirmed: None,
        certificates: Vec::new(),
        offers: Vec::new(),
    }
}

/// An offer all the year round, tied to its product as the program does.
pub(crate) fn offer(name: &str) -> Offer {
    let product = lexicon().tie(name, None);
    Offer {
        name: name.to_owned(),
        product,
        family: product.map_or(Family::Other, |id| lexicon().product(id).family),
        months: 0xFFF,
        signs: 0,
        price_cents: None,
        unit: "kg".to_owned(),
        packaging: String::new(),
    }
}

/// Makes a farm what a test needs.
pub(crate) trait Farm {
    fn sells(self, names: &[&str]) -> Self;
    fn sells_with(self, name: &str, signs: &[Certification]) -> Self;
    fn certified(self, sign: Certification, last_day: i32) -> Self;
    fn says(self, description: &str) -> Self;
    fn at(self, insee_code: &str) -> Self;
}

impl Farm for Listing {
    fn sells(mut self, names: &[&str]) -> Self {
        self.offers.extend(names.iter().map(|name| offer(name)));
        self
    }

    fn sells_with(mut self, name: &str, signs: &[Certification]) -> Self {
        let signs = signs.iter().fold(0, |mask, sign| mask | sign.bit());
        self.offers.push(Offer { signs, ..offer(name) });
        self
    }

    fn certified(mut self, sign: Certification, last_day: i32) -> Self {
        self.certificates.push(Certificate { kind: sign, first_day: i32::MIN, last_day });
        self
    }

    fn says(mut self, description: &str) -> Self {
        description.clone_into(&mut self.description);
        self
    }

    fn at(mut self, insee_code: &str) -> Self {
        insee_code.clone_into(&mut self.commune);
        insee_code[..2].clone_into(&mut self.department);
        self.point = Some(point_of(insee_code));
        self
    }
}

/// A request for everything, on the day of the tests.
pub(crate) fn all() -> Request {
    Request { limit: 100, today: TODAY, ..Request::default() }
}

/// A request for words.
pub(crate) fn asking(q: &str) -> Request {
    Request { q: q.to_owned(), ..all() }
}

pub(crate) fn ids(answer: &Answer) -> Vec<i64> {
    answer.hits.iter().map(|hit| hit.id).collect()
}

pub(crate) fn sorted(mut ids: Vec<i64>) -> Vec<i64> {
    ids.sort_unstable();
    ids
}

/// Keys of what the words find, best first.
pub(crate) fn found(listings: &[Listing], q: &str) -> Vec<i64> {
    ids(&index(listings).search(&asking(q)))
}
