use chrono::{DateTime, Utc};

use super::*;
use crate::canteens::{Canteen, read_list};
use crate::suppliers::{
    Certification as Certificate, CertificationSource, DeliveryZones, Kind, Months as Season, Offer, Origin,
    PublishedPosition, Signs, Stored, Supplier, Weekdays, lexicon,
};

const PUY: &str = "43157";
const LYON: &str = "69123";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn on_ground<T>(ask: impl FnOnce(&Ground<'_>) -> T) -> T {
    let (places, lexicon) = (Places::embedded(), lexicon());
    ask(&Ground { places: &places, territory: "43", lexicon: &lexicon, today: day("2027-03-16") })
}

fn listing(id: i64, insee_code: &str) -> Listing {
    let supplier = Supplier {
        id,
        reference: id.to_string(),
        slug: id.to_string(),
        name: format!("Ferme {id}"),
        kind: Stored(Kind::Producer),
        siret: None,
        description: String::new(),
        address: None,
        postal_code: None,
        insee_code: insee_code.to_owned(),
        latitude: None,
        longitude: None,
        published_position: PublishedPosition::Commune,
        phone: None,
        email: None,
        website: None,
        delivery_radius_km: None,
        delivery_days: Weekdays::default(),
        minimum_order_cents: None,
        free_delivery_cents: None,
        confirmed_on: None,
        state: State::Published,
        origin: Origin::Organiser,
        claimed: false,
        version: 1,
        created_at: moment("2027-01-01T00:00:00Z"),
        updated_at: moment("2027-01-01T00:00:00Z"),
    };
    let zones = DeliveryZones::default();
    Listing { supplier, zones, certifications: Vec::new(), offers: Vec::new(), photos: Vec::new() }
}

fn offer(code: &str, signs: &[Certification]) -> Offer {
    let product = lexicon().by_code(code).unwrap();
    Offer {
        id: 0,
        supplier_id: 0,
        position: 0,
        name: code.to_owned(),
        product_code: Some(code.to_owned()),
        family: Stored(lexicon().product(product).family),
        packaging: None,
        sales_unit: None,
        price_cents: None,
        months: Season::ALL_YEAR,
        volume_per_week: None,
        signs: signs.iter().copied().collect::<Signs>(),
    }
}

fn certificate(kind: Certification, until: Option<&str>) -> Certificate {
    Certificate {
        id: 0,
        supplier_id: 0,
        position: 0,
        kind: Stored(kind),
        number: Some("1".into()),
        body: Some("Ecocert".into()),
        valid_from: None,
        valid_until: until.map(day),
        source: CertificationSource::Statement,
        checked_on: None,
        document: None,
    }
}

fn counted(listings: &[Listing]) -> Suppliers {
    on_ground(|ground| {
        let mut counts = Suppliers::default();
        for listing in listings {
            counts.add(listing, ground);
        }
        counts
    })
}

fn kitchen(id: i64, insee_code: &str, list: &str) -> Kitchen {
    let canteen = Canteen {
        organisation_id: id,
        registry_key: Some(format!("R{id}")),
        siret: None,
        insee_code: insee_code.to_owned(),
        sector: None,
        production_type: None,
        management_type: None,
        daily_meal_count: None,
        delivery_days: Weekdays::default(),
        updated_at: moment("2027-01-01T00:00:00Z"),
    };
    Kitchen { canteen, name: String::new(), wants: read_list(list) }
}

#[test]
fn local_is_the_commune_and_certified_is_the_proof_each_counted_apart() {
    let organic = Certification::Organic;
    let proven = Listing { certifications: vec![certificate(organic, Some("2031-03-31"))], ..listing(1, LYON) };
    let declared = Listing { certifications: vec![certificate(organic, None)], ..listing(2, PUY) };
    let expired = Listing { certifications: vec![certificate(organic, Some("2027-03-15"))], ..listing(3, PUY) };
    // Signs of an offer behind which no certificate stands.
    let said = Listing { offers: vec![offer("carotte", &[organic])], ..listing(4, PUY) };
    let counts = counted(&[proven, declared, expired, said, listing(5, PUY)]);
    assert_eq!(counts.by_sign[organic as usize], Standing { proven: 1, declared: 2, expired: 1 });
    assert_eq!((counts.certified, counts.declared), (1, 3));
    assert_eq!(counts.local(), 4, "the proven one is not local, which takes nothing from either");
    assert_eq!(counts.by_area[&Area::Outside], 1);
    assert_eq!(counts.by_area.values().sum::<u64>(), 5, "everybody is somewhere");
}

#[test]
fn what_the_public_does_not_see_counts_in_the_states_only() {
    let hidden = |state| {
        let mut hidden = Listing { offers: vec![offer("carotte", &[])], ..listing(2, PUY) };
        (hidden.supplier.state, hidden.supplier.claimed) = (state, true);
        hidden
    };
    let counts = counted(&[listing(1, PUY), hidden(State::Paused), hidden(State::Withdrawn), hidden(State::Withdrawn)]);
    assert_eq!(counts.by_state, [(1, 0), (1, 1), (0, 0), (2, 2)]);
    assert_eq!((counts.total(), counts.published.len(), counts.local()), (4, 1, 1));
    assert_eq!(counts.by_family[Family::FruitAndVegetables as usize], 0);
    assert!(counts.by_product.is_empty());
}

#[test]
fn a_family_counts_a_supplier_once_and_a_product_what_it_is_a_kind_of() {
    let offers = vec![offer("carotte", &[]), offer("lentille-verte-du-puy", &[]), offer("lentille-verte", &[])];
    let counts = counted(&[Listing { offers, ..listing(1, PUY) }]);
    assert_eq!(counts.by_family[Family::FruitAndVegetables as usize], 1);
    let of = |code: &str| counts.by_product.get(&lexicon().by_code(code).unwrap()).copied();
    assert_eq!((of("carotte"), of("lentille-verte-du-puy"), of("lentille-verte")), (Some(1), Some(1), Some(1)));
    assert_eq!(of("pomme"), None);
}

#[test]
fn freshness_goes_by_months_to_the_day() {
    let today = day("2027-03-16");
    let of = |text: &str| Freshness::of(Some(day(text)), today);
    assert_eq!((of("2026-09-17"), of("2026-09-16")), (Freshness::HalfYear, Freshness::Year));
    assert_eq!((of("2026-03-17"), of("2026-03-16")), (Freshness::Year, Freshness::TwoYears));
    assert_eq!((of("2025-03-17"), of("2025-03-16")), (Freshness::TwoYears, Freshness::Older));
    assert_eq!(Freshness::of(None, today), Freshness::Never);
}

#[test]
fn canteens_count_once_for_what_they_look_for_and_the_scarcest_comes_first() {
    let kitchens = [
        kitchen(1, PUY, "carottes bio 40 kg\ncarottes\nananas du marché noir"),
        kitchen(2, LYON, "carottes\npommes"),
        kitchen(3, PUY, ""),
    ];
    let counts = on_ground(|ground| Canteens::of(&kitchens, &[], ground));
    assert_eq!((counts.enrolled.len(), counts.with_list, counts.lines), (3, 2, 5));
    assert_eq!(counts.by_family[Family::FruitAndVegetables as usize], 2);
    assert_eq!(counts.by_sign[Certification::Organic as usize], 1);
    let carrot = lexicon().by_code("carotte").unwrap();
    assert_eq!(counts.by_product[&carrot], 2, "twice on one list is one canteen");
    let offered = counted(&[
        Listing { offers: vec![offer("carotte", &[])], ..listing(1, PUY) },
        Listing { offers: vec![offer("carotte", &[])], ..listing(2, PUY) },
    ]);
    let wanted = counts.wanted(&offered);
    assert_eq!(wanted.last(), Some(&(carrot, 2, 2)), "two canteens, two suppliers: {wanted:?}");
    assert!(wanted[..wanted.len() - 1].iter().all(|(_, _, offers)| *offers == 0));
}

#[test]
fn messages_count_in_their_month_and_those_of_other_months_nowhere() {
    let message = |at: &str, outcome| Happened { supplier_id: 7, organisation_id: 1, outcome, created_at: moment(at) };
    let messages = [
        message("2027-03-02T10:00:00Z", Outcome::Answered),
        message("2027-03-03T10:00:00Z", Outcome::Worked),
        message("2027-02-03T10:00:00Z", Outcome::Open),
        message("2026-02-03T10:00:00Z", Outcome::Nothing),
    ];
    let months = [day("2027-02-01"), day("2027-03-01")];
    let counts = Contacts::of(&messages, months, |message| {
        use chrono::Datelike;
        message.created_at.date_naive().with_day(1).unwrap()
    });
    let march = Outcomes { sent: 2, answered: 1, worked: 1, ..Outcomes::default() };
    assert_eq!(counts.by_month[&months[1]], march);
    assert_eq!(counts.total(), Outcomes { sent: 3, open: 1, ..march });
    assert_eq!((counts.canteens.len(), counts.suppliers.len()), (1, 1));
}
