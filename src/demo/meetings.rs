//! Fictional meetings: one to come that is open for registration, one that has been.

use chrono::{Datelike, Days, NaiveDate, TimeDelta, Weekday};
use sea_orm::DbErr;

use crate::app::App;
use crate::speed_meetings::{Edition, Plan, Session, State, prepare};
use crate::suppliers::{ProductFamily, Stored};

/// How far the next one is, and how long ago the last one was.
const AHEAD: TimeDelta = TimeDelta::days(70);
const AGO: TimeDelta = TimeDelta::days(290);
/// How many tables each family has, in the order of the hall.
const ZONES: [(ProductFamily, usize); 6] = [
    (ProductFamily::FruitAndVegetables, 5),
    (ProductFamily::Dairy, 4),
    (ProductFamily::Meat, 4),
    (ProductFamily::Bakery, 2),
    (ProductFamily::Drinks, 1),
    (ProductFamily::Other, 2),
];
const ACCESS: &str = "Parking gratuit devant la salle, 120 places. En bus : arrêt Centre culturel, à 200 mètres.\n\
    Entrée de plain-pied, accessible en fauteuil. Déchargement des produits par la porte arrière, dès 8 h.";
const FOR_CANTEENS: &str = "Venez à deux si vous pouvez : la personne qui cuisine et celle qui achète.\n\
    Apportez vos menus du mois et les quantités que vous commandez. Un repas de produits locaux est offert à midi.";
const FOR_SUPPLIERS: &str = "Apportez vos tarifs par conditionnement, vos jours de livraison et quelques produits à goûter.\n\
    Une armoire froide et des prises sont à votre disposition. Un repas de produits locaux est offert à midi.";

/// Writes them down.
pub(super) async fn load(app: &App) -> Result<(), DbErr> {
    let today = app.today();
    let txn = app.write().await?;
    prepare(&txn, &meeting(app, thursday(today - AGO), State::FollowedUp)).await?;
    prepare(&txn, &meeting(app, thursday(today + AHEAD), State::Registration)).await?;
    txn.commit().await
}

/// The first Thursday from a day on: nobody is in a hurry to cook.
fn thursday(day: NaiveDate) -> NaiveDate {
    let ahead = (Weekday::Thu.days_since(day.weekday())).into();
    day + Days::new(ahead)
}

/// 28 canteens and 35 suppliers at 18 tables.
fn meeting(app: &App, day: NaiveDate, state: State) -> Plan {
    let title = format!("Rencontre des cantines et des producteurs {}", day.year());
    let mut plan = Plan::new(&title, day, app.today().min(day - TimeDelta::days(60)), app.clock.now());
    plan.edition = Edition {
        state,
        hall: "Salle polyvalente du Centre culturel".to_owned(),
        address: "12 avenue des Sucs".to_owned(),
        insee_code: Some("43268".to_owned()),
        latitude: Some(45.1419),
        longitude: Some(4.1236),
        access: ACCESS.to_owned(),
        canteen_capacity: 28,
        supplier_capacity: 35,
        minimum_appointments: 6,
        canteen_words: FOR_CANTEENS.to_owned(),
        supplier_words: FOR_SUPPLIERS.to_owned(),
        ..plan.edition
    };
    let session = |number, label: &str, starts_at, appointments| Session {
        edition_id: 0,
        number,
        label: label.to_owned(),
        starts_at,
        appointments,
    };
    plan.sessions = vec![session(1, "Matin", 9 * 60 + 15, 13), session(2, "Après-midi", 13 * 60 + 45, 12)];
    let zones = ZONES.iter().flat_map(|(family, count)| std::iter::repeat_n(*family, *count));
    for (table, zone) in plan.tables.iter_mut().zip(zones) {
        table.zone = Some(Stored(zone));
    }
    plan
}
