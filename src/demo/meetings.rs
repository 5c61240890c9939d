//! Fictional meetings: one that has been, one that goes on, one at which one chooses, one that is open for registration.

use chrono::{Datelike, Days, NaiveDate, TimeDelta, Timelike, Weekday};
use sea_orm::DatabaseTransaction;

use crate::accounts::{self, OrganisationKind};
use crate::app::App;
use crate::mail::{EmailAddress, NotEnqueued};
use crate::speed_meetings::{Edition, Guest, Plan, Session, Side, State, prepare, rehearse};
use crate::suppliers::draft::{self, Content};
use crate::suppliers::{ProductFamily, Stored, by_reference};

/// How far the next one is, and how long ago the last one was.
const AHEAD: TimeDelta = TimeDelta::days(70);
const AGO: TimeDelta = TimeDelta::days(290);
/// How far the one is at which one chooses.
const SOON: TimeDelta = TimeDelta::days(30);
/// The latest minute of the day at which a day of fourteen appointments can begin.
const LATEST: i32 = 24 * 60 - 240;
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

/// Suppliers that come: reference of the listing, and who sits at the table.
const SUPPLIERS: [(&str, &str); 14] = [
    ("ML014", "Marc Pleynet"),
    ("ML044", "Anne Vialle"),
    ("ML021", "Hugo Chambon"),
    ("ML024", "Lise Ollier"),
    ("ML033", "Paul Masson"),
    ("ML016", "Agnès Bay"),
    ("ML009", "Rémi Faure"),
    ("ML029", "Yves Sagnol"),
    ("ML031", "Claire Dufour"),
    ("ML012", "Éric Mounier"),
    ("ML037", "Nadia Roux"),
    ("ML034", "Jean Bonnet"),
    ("ML022", "Inès Chalaye"),
    ("ML007", "Tom Brandely"),
];
/// Who sits at the tables of the canteens.
const COOKS: [&str; 12] = [
    "Sophie Arnaud",
    "Denis Pradier",
    "Karim Belkacem",
    "Julie Vernet",
    "Luc Tavernier",
    "Emma Sicard",
    "Alain Gory",
    "Maud Perrin",
    "Théo Garnier",
    "Rose Delabre",
    "Nicolas Hautier",
    "Fanny Convers",
];
/// Marc sells the vegetables of the first supplier.
const FARMER: &str = "marc.pleynet@ferme.example";

/// Writes them down, with these canteens at three of them.
///
/// # Errors
/// When the database refuses, or a mail cannot be made.
pub(crate) async fn load(app: &App, canteens: &[i64]) -> Result<(), NotEnqueued> {
    let today = app.today();
    let txn = app.write().await?;
    let suppliers = suppliers(app, &txn).await?;
    let guests: Vec<Guest<'_>> = guests(canteens, Side::Canteen, COOKS.iter().copied())
        .chain(guests(&suppliers, Side::Supplier, SUPPLIERS.iter().map(|(_, name)| *name)))
        .collect();
    let title = |day: NaiveDate| format!("Rencontre des cantines et des producteurs {}", day.year());
    let (last, next) = (thursday(today - AGO), thursday(today + AHEAD));
    let past = meeting(app, &title(last), last, State::Wishes);
    let now = begun(meeting(app, "Rencontre du bassin d’Yssingeaux", today, State::Wishes), app);
    let soon = meeting(app, "Rencontre du Val d’Allier", thursday(today + SOON), State::Wishes);
    for (plan, state) in [(past, State::FollowedUp), (now, State::Running), (soon, State::Wishes)] {
        let key = prepare(&txn, &plan).await?.edition().id;
        rehearse(&txn, app, (key, state), &guests).await?;
    }
    prepare(&txn, &meeting(app, &title(next), next, State::Registration)).await?;
    Ok(txn.commit().await?)
}

/// Those of a side, one person each.
fn guests<'a>(
    organisations: &'a [i64],
    side: Side,
    names: impl Iterator<Item = &'a str> + 'a,
) -> impl Iterator<Item = Guest<'a>> {
    organisations.iter().zip(names).map(move |(organisation, name)| Guest {
        organisation: *organisation,
        side,
        name,
        words: "",
    })
}

/// The teams of the suppliers that come, each with its listing.
async fn suppliers(app: &App, txn: &DatabaseTransaction) -> Result<Vec<i64>, NotEnqueued> {
    let (now, email) = (app.clock.now(), EmailAddress::parse(FARMER).map_err(|_| NotEnqueued::Address)?);
    let mut keys = Vec::new();
    let mut farmer = None;
    for (reference, _) in SUPPLIERS {
        let Some(listing) = by_reference(txn, reference).await? else { continue };
        let team = accounts::found(txn, OrganisationKind::Supplier, &listing.supplier.name, now).await?;
        if farmer.is_none() {
            accounts::enrol(txn, &email, team.id, now).await?;
            farmer = accounts::people(txn, team.id).await?.first().map(|person| person.id);
        }
        let content = Content::of(&listing);
        draft::begin(txn, team.id, &content, Some(&listing.supplier), farmer.unwrap_or_default(), now).await?;
        keys.push(team.id);
    }
    Ok(keys)
}

/// A day whose first appointments are going on, as far as there is time for it before midnight.
fn begun(mut plan: Plan, app: &App) -> Plan {
    let minutes = app.local(app.clock.now()).time().num_seconds_from_midnight() / 60;
    let first = i32::try_from(minutes).unwrap_or_default().saturating_sub(25).clamp(0, LATEST) / 5 * 5;
    for (session, (starts_at, appointments)) in plan.sessions.iter_mut().zip([(first, 8), (first + 120, 6)]) {
        (session.starts_at, session.appointments) = (starts_at, appointments);
    }
    plan
}

/// The first Thursday from a day on: nobody is in a hurry to cook.
fn thursday(day: NaiveDate) -> NaiveDate {
    let ahead = (Weekday::Thu.days_since(day.weekday())).into();
    day + Days::new(ahead)
}

/// 28 canteens and 35 suppliers at 18 tables.
fn meeting(app: &App, title: &str, day: NaiveDate, state: State) -> Plan {
    let mut plan = Plan::new(title, day, app.today().min(day - TimeDelta::days(60)), app.clock.now());
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
