//! Suppliers by the thousand, the same for the same seed.

use std::{collections::BTreeMap, fmt::Write};

use manger_local::{
    app::Random,
    suppliers::{Listing, Word},
};

const DEPARTMENTS: [&str; 6] = ["07", "15", "42", "43", "48", "63"];
const COMMUNES: [&str; 5] = ["43012", "43040", "43112", "43157", "43268"];
const SIGNS: [&str; 4] = ["Bio", "HVE", "Label Rouge", "Fermier"];
const HEADINGS: &str = "Référence;Nom;Type;Code INSEE;Départements livrés;Communes livrées;Jours de livraison;\
    Certification 1;Numéro 1;Certification 2;Numéro 2;Certification 3;Numéro 3";

/// What must be found of a supplier, all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Whole {
    name: String,
    departments: Vec<String>,
    communes: Vec<String>,
    days: usize,
    certificates: Vec<(String, String)>,
}

/// A table of suppliers, and what each is by its reference.
pub(super) fn suppliers(count: usize, seed: u64) -> (String, BTreeMap<String, Whole>) {
    let random = Random::seeded(seed);
    let some = |all: &[&str]| -> Vec<String> {
        let chosen = random.u64();
        all.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1).map(|(_, one)| (*one).to_owned()).collect()
    };
    let (mut table, mut all) = (HEADINGS.to_owned(), BTreeMap::new());
    for number in 0..count {
        let (departments, communes) = (some(&DEPARTMENTS), some(&COMMUNES));
        let days = some(&["lundi", "mardi", "jeudi", "samedi"]);
        let signs: Vec<String> = some(&SIGNS).into_iter().take(3).collect();
        let (reference, name) = (format!("K{number:06}"), format!("Ferme du Hameau {number}"));
        let lists = [&departments, &communes, &days].map(|list| list.join(", ")).join(";");
        let _ = write!(table, "\n{reference};{name};Producteur;{};{lists}", COMMUNES[number % COMMUNES.len()]);
        let numbered = |at: usize| format!("{number}-{at}");
        for at in 0..3 {
            let cells = signs.get(at).map_or(";;".to_owned(), |sign| format!(";{sign};{}", numbered(at)));
            table.push_str(&cells);
        }
        let certificates = signs.into_iter().enumerate().map(|(at, sign)| (sign, numbered(at))).collect();
        all.insert(reference, Whole { name, departments, communes, days: days.len(), certificates });
    }
    (table, all)
}

/// Two offers for each of the first suppliers.
pub(super) fn offers(suppliers: usize) -> String {
    let mut table = "Référence fournisseur;Produit;Famille;Prix HT".to_owned();
    for number in 0..suppliers {
        for (product, cents) in [("Lentilles vertes", 320 + number % 90), ("Carottes", 110 + number % 50)] {
            let price = format!("{},{:02}", cents / 100, cents % 100);
            let _ = write!(table, "\nK{number:06};{product};Fruits et légumes;{price}");
        }
    }
    table
}

/// What the database holds of a supplier.
pub(super) fn whole(listing: &Listing) -> Whole {
    let certificates = listing.certifications.iter();
    let sorted = |codes: &[String]| {
        let mut codes = codes.to_vec();
        codes.sort();
        codes
    };
    Whole {
        name: listing.supplier.name.clone(),
        departments: sorted(&listing.zones.departments),
        communes: sorted(&listing.zones.communes),
        days: listing.supplier.delivery_days.iter().count(),
        certificates: certificates
            .map(|one| (one.kind.label().to_owned(), one.number.clone().unwrap_or_default()))
            .collect(),
    }
}
