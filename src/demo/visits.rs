//! Fictional visits of farms: places left, a full one with a waiting list, one that a farm proposes.

use std::io::Cursor;

use chrono::{DateTime, Datelike, Days, NaiveTime, TimeDelta, TimeZone, Utc};

use image::ImageFormat;
use sea_orm::DatabaseTransaction;

use crate::accounts;
use crate::app::App;
use crate::farm_visits::{
    FarmVisit, Guest, Ride, State, VisitDate, recall, rehearse, rehearse_proposal, rehearse_ride,
};
use crate::mail::NotEnqueued;
use crate::suppliers::{by_reference, draft};

/// A drawn landscape; its parts stand for photographs: left, top, width and height in pixels.
const SCENE: &[u8] = include_bytes!("../../assets/pictures/card.png");
const FARM: [u32; 4] = [640, 230, 480, 360];
const FIELD: [u32; 4] = [0, 270, 480, 360];

const COMERS: [Guest<'static>; 5] = [
    ("Sophie Arnaud", "sophie.arnaud@college.example", "Collège des Sucs", 2),
    ("Denis Pradier", "denis.pradier@ehpad.example", "EHPAD des Sucs", 3),
    ("Karim Belkacem", "karim.belkacem@lycee.example", "Lycée du Bas", 1),
    ("Julie Vernet", "julie.vernet@ecole.example", "École de Saint-Front", 2),
    ("Luc Tavernier", "luc.tavernier@mecs.example", "MECS Les Gouspins", 2),
];

/// Who offers seats to one of the visits, who looks for one.
const RIDES: [Ride<'static>; 3] = [
    ("denis.pradier@ehpad.example", true, "43157", 8 * 60, 3),
    ("sophie.arnaud@college.example", false, "43216", 8 * 60, 2),
    ("karim.belkacem@lycee.example", true, "43040", 12 * 60, 2),
];

/// Loads them.
///
/// # Errors
/// When a mail cannot be made or the database refuses.
pub(crate) async fn load(app: &App) -> Result<(), NotEnqueued> {
    let txn = app.write().await?;
    let supplier = |reference: &'static str| by_reference(&txn, reference);
    let key = async |reference| Ok::<_, NotEnqueued>(supplier(reference).await?.map(|known| known.supplier.id));
    let dairy = FarmVisit {
        supplier_id: key("ML021").await?,
        farm: "Fromagerie de l’Arzon".to_owned(),
        address: "ZA de la Gare".to_owned(),
        latitude: Some(45.328_33),
        longitude: Some(3.851_19),
        sights: "La collecte du matin, la salle de caillage, les caves d’affinage.\nDégustation de quatre tommes, du plus jeune au plus vieux.".to_owned(),
        audience: "Cuisinières, cuisiniers, gestionnaires, élus qui décident des achats.".to_owned(),
        programme: "9 h 30 Accueil et café\n10 h La fromagerie, en tenue\n11 h 15 Dégustation, prix et conditionnements\n12 h Fin".to_owned(),
        advice: "Chaussures fermées. Blouse et charlotte sont fournies.".to_owned(),
        weather: "S’il neige, la route de la ZA est dégagée à 8\u{a0}h. La visite est à l’abri\u{a0}: la pluie n’y change rien.".to_owned(),
        accessibility: "Tout est de plain-pied, sauf les caves (huit marches).".to_owned(),
        access: "Depuis la gare, suivre « ZA » sur 400 mètres. Le bâtiment est le dernier à gauche.".to_owned(),
        parking: "Douze places devant la fromagerie.".to_owned(),
        guide: "Claire Fabre, Département".to_owned(),
        guide_phone: "04 71 00 00 00".to_owned(),
        ..FarmVisit::new("Du lait à la tomme, à la fromagerie", "43080", app.clock.now())
    };
    let fields = FarmVisit {
        supplier_id: key("ML014").await?,
        farm: "Légumes d’Altitude Pleynet".to_owned(),
        address: "lieu-dit la Croix de Pleynet".to_owned(),
        sights: "Trois hectares de légumes-racines à mille mètres, l’atelier de lavage, la chambre froide.".to_owned(),
        audience: "Collèges, EHPAD et communes qui cuisinent sur place.".to_owned(),
        programme: "14 h Tour des parcelles\n15 h L’atelier\n15 h 45 Volumes, prix, jours de livraison".to_owned(),
        advice: "Des bottes s’il a plu, et un vêtement chaud : il y a du vent.".to_owned(),
        weather: "S’il pleut, on commence par l’atelier. En cas d’orage, on vous appelle le matin même.".to_owned(),
        access: "Le GPS s’arrête 300 mètres trop tôt : continuez jusqu’à la croix.".to_owned(),
        meal: "Goûter de la ferme à quatre heures, pour qui veut.".to_owned(),
        meal_cents: Some(900),
        ..FarmVisit::new("Des légumes à mille mètres", "43223", app.clock.now())
    };
    let next = date(app, 21, (9, 30), 150, 12);
    let full = date(app, 9, (14, 0), 120, 6);
    let dates = [(next.clone(), &COMERS[..2]), (date(app, 42, (9, 30), 150, 12), &[])];
    let (farm, field) = (part(FARM), part(FIELD));
    let pictures = [(farm.as_slice(), "La fromagerie vue du champ"), (&field, "Une vache devant le muret du pré")];
    let dairy = rehearse(&txn, app, (&dairy, &pictures), &dates).await?;
    let ago = TimeDelta::days(35);
    let been = VisitDate {
        farm_visit_id: dairy.id,
        starts_at: next.starts_at - ago,
        ends_at: next.ends_at - ago,
        opens_at: next.closes_at - ago - ago,
        closes_at: next.closes_at - ago,
        ..next
    };
    let came = [(COMERS[2], 1), (COMERS[3], 2), (COMERS[4], 0)];
    recall(&txn, &been, &came, ("Marc Faure", "Mairie de Vorey")).await?;
    rehearse(&txn, app, (&fields, &[(&field, "Les planches de légumes sous les sucs")]), &[(full, &COMERS[..4])])
        .await?;
    propose(&txn, app).await?;
    share_cars(&txn, app).await?;
    Ok(txn.commit().await?)
}

/// Lets some of those who come offer seats in a car, and others look for one.
async fn share_cars(txn: &DatabaseTransaction, app: &App) -> Result<(), NotEnqueued> {
    for ride in RIDES {
        rehearse_ride(txn, app, ride).await?;
    }
    Ok(())
}

/// A part of the landscape.
fn part([left, top, width, height]: [u32; 4]) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let drawn = image::load_from_memory(SCENE).map(|scene| scene.crop_imm(left, top, width, height));
    // A picture that cannot be drawn is left out.
    let _ = drawn.and_then(|part| part.write_to(&mut bytes, ImageFormat::Png));
    bytes.into_inner()
}

/// Marc would show his greenhouses.
async fn propose(txn: &DatabaseTransaction, app: &App) -> Result<(), NotEnqueued> {
    let Some(listing) = by_reference(txn, "ML014").await? else { return Ok(()) };
    let Some((_, team)) = draft::held_among(txn, &[listing.supplier.id]).await? else { return Ok(()) };
    let Some(marc) = accounts::people(txn, team).await?.pop() else { return Ok(()) };
    let offer = (
        "Les semis sous serre, la conservation d’hiver, la préparation des caisses pour les cantines.",
        "En octobre ou en novembre, le lundi ou le mercredi après-midi.",
        15,
        "Un minibus passe, pas un car. Parking sur l’herbe, sec même après la pluie.",
        "Marc Pleynet, 04 71 00 00 14",
    );
    Ok(rehearse_proposal(txn, app, (team, &listing.supplier.insee_code, marc.id), offer).await?)
}

/// A date in so many days or soon after, when kitchens work; open for registration until the day before.
fn date(app: &App, days: u64, (hour, minute): (u32, u32), minutes: i64, places: i32) -> VisitDate {
    let zone = app.config.time_zone;
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    let day = app.today() + Days::new(days);
    let rest = u64::from(day.weekday().num_days_from_monday()).saturating_sub(4);
    let wall = (if rest == 0 { day } else { day + Days::new(3 - rest) }).and_time(time);
    let starts_at: DateTime<Utc> =
        zone.from_local_datetime(&wall).earliest().map_or_else(|| app.clock.now(), |at| at.to_utc());
    VisitDate {
        starts_at,
        ends_at: starts_at + TimeDelta::minutes(minutes),
        closes_at: starts_at - TimeDelta::hours(24),
        places,
        minimum: 4,
        state: State::Open,
        ..VisitDate::new(0, app.clock.now())
    }
}
