//! `import(export(x))` is `x`.

use std::sync::{Arc, LazyLock};

use chrono::{NaiveDate, TimeZone, Utc};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{offers_sheet, suppliers_sheet};
use crate::{
    places::Places,
    suppliers::{
        Cents, CertificationKind, Kind, Listing, Months, Origin, ProductFamily, PublishedPosition, Siret, State,
        Weekday, Word,
        delivery::{DeliveryZones, ZoneKind},
        import::{Options, read_offers, read_suppliers},
        save::{
            offers::offer_row,
            suppliers::{certificate, supplier_row},
        },
        wanted::{NewCertification, NewOffer, NewOffers, NewSupplier},
    },
    tables::{Sheet, Table},
};

static PLACES: LazyLock<Arc<Places>> = LazyLock::new(Places::embedded);

fn options() -> Options {
    let now = Utc.with_ymd_and_hms(2027, 3, 16, 7, 30, 0).unwrap();
    Options::new("x", now, now.date_naive())
}

/// A text as a cell keeps it: trimmed, never empty, with everything that could be taken for something else.
fn text(longest: usize) -> impl Strategy<Value = String> {
    let any = vec(select("aéœZ0 ;,\t\"'’=+-@\n\u{a0}€🥕#_x".chars().collect::<Vec<_>>()), 1..longest.min(30));
    any.prop_map(|chars| chars.into_iter().filter(|c| *c != '\t').collect::<String>().trim().to_owned())
        .prop_filter("not empty", |text| !text.is_empty())
}

fn word<W: Word + std::fmt::Debug>() -> impl Strategy<Value = W> {
    select(W::WORDS).prop_map(|(word, ..)| word)
}

/// Up to `most`, with as many decimals as a spreadsheet keeps.
fn number(most: u32) -> impl Strategy<Value = f64> {
    (1..most * 10_000).prop_map(|number| f64::from(number) / 10_000.0)
}

fn date(from: i32, to: i32) -> impl Strategy<Value = NaiveDate> {
    (from..to, 1_u32..366).prop_filter_map("exists", |(year, day)| NaiveDate::from_yo_opt(year, day))
}

fn zones() -> impl Strategy<Value = DeliveryZones> {
    let code = select(vec![
        (ZoneKind::Department, "43"),
        (ZoneKind::Department, "2A"),
        (ZoneKind::Department, "07"),
        (ZoneKind::Epci, "200073419"),
        (ZoneKind::Commune, "43157"),
        (ZoneKind::Commune, "2A004"),
        (ZoneKind::Commune, "01004"),
    ]);
    vec(code, 0..5).prop_map(|codes| {
        let mut zones = DeliveryZones::default();
        for (kind, code) in codes {
            zones.add(kind, code.to_owned());
        }
        zones
    })
}

fn certification() -> impl Strategy<Value = NewCertification> {
    let page = select(vec!["https://certificat.example.fr/1?a=b", "www.annuaire.example"]).prop_map(str::to_owned);
    (
        word::<CertificationKind>(),
        option::of(text(100)),
        option::of(text(200)),
        option::of(date(2001, 2020)),
        option::of(date(2021, 2040)),
        option::of(page),
        option::of(date(2026, 2027)),
    )
        .prop_map(|(kind, number, body, valid_from, valid_until, document, register_read_on)| NewCertification {
            kind,
            number,
            body,
            valid_from,
            valid_until,
            document,
            register_read_on,
        })
}

prop_compose! {
    fn supplier()(
        (reference, name, kind) in (text(40), text(200), word::<Kind>()),
        siret in option::of(select(vec!["88958973500014", "35600000049837"])),
        (description, address) in (option::of(text(2_000)), option::of(text(300))),
        (postal_code, commune) in (option::of(select(vec!["43000", "01400"])), select(vec!["43157", "2A004", "97411", "13206"])),
        position in option::of((number(89), number(179))),
        published_position in word::<PublishedPosition>(),
        (phone, email, website) in (option::of(text(40)), option::of(Just("a@b.fr")), option::of(Just("b.fr/é"))),
        (radius, zones, days) in (option::of(number(300)), zones(), vec(word::<Weekday>(), 0..4)),
        (minimum, free) in (option::of(0_i64..1_000_000), option::of(0_i64..1_000_000)),
        certifications in vec(certification(), 0..5),
        confirmed_on in option::of(date(2020, 2027)),
        (state, origin) in (word::<State>(), word::<Origin>()),
    ) -> NewSupplier {
        NewSupplier {
            reference, name, kind,
            siret: siret.and_then(|siret| Siret::parse(siret).ok()),
            description: description.unwrap_or_default(),
            address,
            postal_code: postal_code.map(str::to_owned),
            insee_code: commune.to_owned(),
            commune: PLACES.commune(commune).unwrap().name.clone(),
            position, published_position, phone,
            email: email.map(str::to_owned),
            website: website.map(str::to_owned),
            delivery_radius_km: radius,
            zones,
            delivery_days: days.into_iter().collect(),
            minimum_order_cents: minimum.map(Cents),
            free_delivery_cents: free.map(Cents),
            certifications, confirmed_on,
            state: Some(state),
            origin: Some(origin),
        }
    }
}

prop_compose! {
    fn offer()(
        (name, family) in (text(200), word::<ProductFamily>()),
        (packaging, sales_unit) in (option::of(text(200)), option::of(text(40))),
        price in option::of(0_i64..100_000),
        months in 1_u16..=0xfff,
        volume in option::of(number(5_000)),
        signs in vec(word::<CertificationKind>(), 0..4),
    ) -> NewOffer {
        NewOffer {
            line: 0, name, family, packaging, sales_unit,
            price_cents: price.map(Cents),
            months: Months::from_mask(months).unwrap(),
            volume_per_week: volume,
            signs: signs.into_iter().collect(),
        }
    }
}

fn listing(new: &NewSupplier, offers: &[NewOffer]) -> Listing {
    Listing {
        photos: Vec::new(),
        supplier: supplier_row(new, String::new(), new.state.unwrap(), new.origin.unwrap(), &options()),
        zones: new.zones.clone(),
        certifications: (0..).zip(&new.certifications).map(|(position, new)| certificate(new, position)).collect(),
        offers: (0..).zip(offers).map(|(position, new)| offer_row(new, 0, position)).collect(),
    }
}

fn formats(sheet: &Sheet) -> [Table; 2] {
    [Table::read(&sheet.to_csv()).unwrap(), Table::read(&sheet.to_xlsx().unwrap()).unwrap()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn suppliers_come_back_as_they_were(mut suppliers in vec(supplier(), 1..4)) {
        for (place, supplier) in suppliers.iter_mut().enumerate() {
            supplier.reference.push_str(&place.to_string());
        }
        let listings: Vec<Listing> = suppliers.iter().map(|new| listing(new, &[])).collect();
        for table in formats(&suppliers_sheet(&listings, &PLACES)) {
            let (read, report) = read_suppliers(&table, &PLACES, &options()).unwrap();
            prop_assert!(report.is_clean(), "{}", report);
            prop_assert_eq!(&read, &suppliers);
        }
    }

    #[test]
    fn offers_come_back_as_they_were(offers in vec(offer(), 1..6), supplier in supplier()) {
        for table in formats(&offers_sheet(&[listing(&supplier, &offers)])) {
            let (mut read, report) = read_offers(&table, &options()).unwrap();
            prop_assert!(report.is_clean(), "{}", report);
            read.iter_mut().flat_map(|new| &mut new.offers).for_each(|offer| offer.line = 0);
            prop_assert_eq!(&read, &[NewOffers { reference: supplier.reference.clone(), offers: offers.clone() }]);
        }
    }
}
