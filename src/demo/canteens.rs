//! Fictional canteens: name, commune, sector, meals a day, days of delivery, what they look for.

use sea_orm::{DatabaseTransaction, DbErr};

use crate::accounts::{self, OrganisationKind};
use crate::app::App;
use crate::canteens::{self, Canteen, read_list};
use crate::favourites::{self, Opened};
use crate::mail::EmailAddress;
use crate::suppliers::{Weekday, Weekdays, Word, by_reference};

/// What Sophie keeps in a list: reference of the supplier, and her note.
const KEPT: [(&str, &str); 3] = [
    ("ML033", "Carottes nouvelles dès avril. Commander avant le jeudi midi."),
    ("ML048", ""),
    ("ML020", "Demander le prix pour 50 kg."),
];
/// Sophie cooks for the first one.
const COOK: &str = "sophie.arnaud@college.example";

struct Fictional {
    name: &'static str,
    commune: &'static str,
    sector: &'static str,
    meals: i32,
    days: &'static [&'static str],
    list: &'static str,
}

/// A collège that cooks for itself.
const fn college(
    name: &'static str,
    commune: &'static str,
    meals: i32,
    days: &'static [&'static str],
    list: &'static str,
) -> Fictional {
    Fictional { name, commune, sector: "education_secondaire_college", meals, days, list }
}

const CANTEENS: [Fictional; 12] = [
    Fictional {
        name: "Collège des Sucs",
        commune: "43157",
        sector: "education_secondaire_college",
        meals: 420,
        days: &["monday", "thursday"],
        list: "carottes bio 40 kg\npommes de terre 80 kg\nlentilles vertes AOP 15 kg\nyaourts 400 pièces\npain bio 35 kg\npommes 60 kg",
    },
    Fictional {
        name: "EHPAD Les Genêts",
        commune: "43040",
        sector: "social_ehpad",
        meals: 85,
        days: &["tuesday"],
        list: "soupe de légumes\nfromage blanc 12 kg\nœufs bio 200 pièces\nveau 6 kg\nmiel",
    },
    Fictional {
        name: "Lycée agricole du Velay",
        commune: "43268",
        sector: "education_enseignement_agricole",
        meals: 610,
        days: &["monday", "wednesday", "friday"],
        list: "bœuf 60 kg\nsteaks hachés\nfromage AOP 20 kg\nlait bio 120 litres\nsalades 90 pièces\njus de pomme 60 litres",
    },
    Fictional {
        name: "Crèche Pomme d’Api",
        commune: "43051",
        sector: "social_creche",
        meals: 36,
        days: &[],
        list: "compote de pommes bio\ncarottes bio 4 kg\nyaourts nature bio\npoulet fermier 3 kg",
    },
    Fictional {
        name: "Cuisine centrale d’Yssingeaux",
        commune: "43268",
        sector: "education_primaire",
        meals: 950,
        days: &["tuesday", "thursday"],
        list: "pommes de terre bio 150 kg\npoireaux 60 kg\ncourges 80 kg\nporc 70 kg\nproduits laitiers et œufs",
    },
    college(
        "Collège du Lignon",
        "43051",
        310,
        &["tuesday", "friday"],
        "fromage blanc bio 10 kg\nbœuf haché 30 kg\nsalades 60 pièces\npain 25 kg",
    ),
    college(
        "Collège de la Gazeille",
        "43135",
        240,
        &["monday"],
        "lentilles vertes AOP 10 kg\ncarottes 25 kg\ntommes 8 kg\ntruites 12 kg",
    ),
    college(
        "Collège des Gorges de l’Allier",
        "43112",
        380,
        &["wednesday"],
        "poireaux 30 kg\npommes 40 kg\nporc 35 kg\nyaourts bio 300 pièces",
    ),
    college(
        "Collège du Pays de Monistrol",
        "43137",
        190,
        &["thursday"],
        "miel 5 kg\nœufs 180 pièces\ncourges 40 kg\npain bio 15 kg",
    ),
    college(
        "Collège Les Orgues",
        "43040",
        450,
        &["monday", "thursday"],
        "pommes de terre 90 kg\nveau 20 kg\nlait 80 litres\nfraises 15 kg",
    ),
    college(
        "Collège de la Dunière",
        "43087",
        270,
        &["tuesday"],
        "carottes bio 30 kg\npoulet fermier 25 kg\nfromage de chèvre 6 kg",
    ),
    college(
        "Collège du Devès",
        "43268",
        520,
        &["monday", "wednesday"],
        "lentilles 25 kg\nbœuf 45 kg\ncompote 60 kg\nsalades 120 pièces",
    ),
];

/// Founds them, and enrols the cook; says their keys.
pub(super) async fn load(app: &App) -> Result<Vec<i64>, DbErr> {
    let now = app.clock.now();
    let txn = app.write().await?;
    let mut keys = Vec::new();
    for (number, one) in CANTEENS.iter().enumerate() {
        let founded = accounts::found(&txn, OrganisationKind::Canteen, one.name, now).await?;
        let days: Weekdays = one.days.iter().filter_map(|day| Weekday::from_code(day)).collect();
        let canteen = Canteen {
            organisation_id: founded.id,
            registry_key: None,
            siret: None,
            insee_code: one.commune.to_owned(),
            sector: Some(one.sector.to_owned()),
            production_type: Some("site".to_owned()),
            management_type: Some("direct_management".to_owned()),
            daily_meal_count: Some(one.meals),
            delivery_days: days,
            updated_at: now,
        };
        canteens::save(&txn, canteen, read_list(one.list), now).await?;
        keys.push(founded.id);
        if let (0, Ok(email)) = (number, EmailAddress::parse(COOK)) {
            accounts::enrol(&txn, &email, founded.id, now).await?;
            keep(app, &txn, founded.id).await?;
        }
    }
    txn.commit().await?;
    Ok(keys)
}

/// The list « Pour le menu de printemps ».
async fn keep(app: &App, txn: &DatabaseTransaction, canteen: i64) -> Result<(), DbErr> {
    let now = app.clock.now();
    let Opened::New(list) = favourites::open(txn, canteen, "Pour le menu de printemps", now).await? else {
        return Ok(());
    };
    for (reference, note) in KEPT {
        let Some(listing) = by_reference(txn, reference).await? else { continue };
        favourites::keep(txn, canteen, list.id, listing.supplier.id, now).await?;
        favourites::annotate(txn, canteen, list.id, listing.supplier.id, note).await?;
    }
    Ok(())
}
