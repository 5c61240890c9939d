use super::content::{Content, DraftCertificate, DraftOffer, Keyed};
use super::steps::STEPS;
use crate::places::Places;
use crate::suppliers::Word;
use crate::web::french;

/// Something that a draft says otherwise than what everybody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Path of the step.
    pub step: &'static str,
    /// What it is about: a field, or a product and its column.
    pub label: String,
    /// What was there; empty when nothing was.
    pub before: String,
    /// What is there now; empty when nothing is.
    pub after: String,
}

/// Whether nobody needs to look at it first: a content is the one before but for prices, months and amounts of its offers.
pub(super) fn is_small_change(before: &Content, after: &Content) -> bool {
    let mut same = Content { last_key: before.last_key, ..after.clone() };
    for offer in &mut same.offers {
        if let Some(old) = before.offers.iter().find(|old| old.key == offer.key) {
            (offer.price, offer.months, offer.volume_per_week) = (old.price, old.months, old.volume_per_week);
        }
    }
    same == *before
}

/// What a content says otherwise than the one before, field by field, in the order of the steps.
#[must_use]
pub fn differences(before: Option<&Content>, after: &Content, places: &Places) -> Vec<Difference> {
    let nothing = Content::default();
    let before = before.unwrap_or(&nothing);
    let mut found = Vec::new();
    for step in &STEPS {
        for field in step.fields {
            let words = (field.words(before, places), field.words(after, places));
            push(&mut found, step.path, field.label.to_owned(), words);
        }
    }
    parts(&mut found, "produits", &before.offers, &after.offers, offer_columns);
    parts(&mut found, "certifications", &before.certificates, &after.certificates, certificate_columns);
    let photo = |photo: &super::DraftPhoto| {
        let words = if photo.words.is_empty() { "sans description".to_owned() } else { photo.words.clone() };
        (format!("Photo {}", photo.file), vec![("", words)])
    };
    parts(&mut found, "photos", &before.photos, &after.photos, photo);
    found
}

/// A name, and columns with what they say.
type Columns = (String, Vec<(&'static str, String)>);

fn parts<T: Keyed + PartialEq>(
    found: &mut Vec<Difference>,
    step: &'static str,
    before: &[T],
    after: &[T],
    columns: impl Fn(&T) -> Columns,
) {
    for new in after {
        let (name, now) = columns(new);
        match before.iter().find(|old| old.key() == new.key()) {
            Some(old) => {
                let (_, was) = columns(old);
                for ((column, now), (_, was)) in now.into_iter().zip(was) {
                    let label = if column.is_empty() { name.clone() } else { format!("{name}\u{a0}: {column}") };
                    push(found, step, label, (was, now));
                }
            }
            None => push(found, step, name, (String::new(), summary(now))),
        }
    }
    for old in before.iter().filter(|old| after.iter().all(|new| new.key() != old.key())) {
        let (name, was) = columns(old);
        push(found, step, name, (summary(was), String::new()));
    }
}

fn summary(columns: Vec<(&'static str, String)>) -> String {
    let said = columns.into_iter().map(|(_, words)| words).filter(|words| !words.is_empty());
    said.collect::<Vec<_>>().join(", ")
}

fn push(found: &mut Vec<Difference>, step: &'static str, label: String, words: (String, String)) {
    let (before, after) = words;
    if before != after {
        found.push(Difference { step, label, before, after });
    }
}

/// What a product says otherwise than as it is now: column and what it says now.
pub(in crate::suppliers) fn offer_now(now: &DraftOffer, mine: &DraftOffer) -> Vec<(&'static str, String)> {
    let (now, mine) = (offer_columns(now).1, offer_columns(mine).1);
    now.into_iter().zip(mine).filter(|((_, now), (_, mine))| now != mine).map(|(now, _)| now).collect()
}

fn offer_columns(offer: &DraftOffer) -> Columns {
    let signs: Vec<&str> = offer.signs.iter().map(Word::label).collect();
    let price = offer.price.map(|cents| french::price(cents.0)).unwrap_or_default();
    let volume = offer.volume_per_week.map(|volume| format!("{} par semaine", french::decimal(volume)));
    let columns = vec![
        ("nom", offer.name.clone()),
        ("famille", offer.family.0.label().to_owned()),
        ("conditionnement", offer.packaging.clone().unwrap_or_default()),
        ("prix", price),
        ("unité", offer.sales_unit.clone().unwrap_or_default()),
        ("mois", offer.months.to_string()),
        ("quantité", volume.unwrap_or_default()),
        ("signes", signs.join(", ")),
    ];
    (offer.name.clone(), columns)
}

fn certificate_columns(held: &DraftCertificate) -> Columns {
    let day = |day: Option<chrono::NaiveDate>| day.map(french::date).unwrap_or_default();
    let file = held.file.map(|file| format!("fichier {file}")).or_else(|| held.document.clone());
    let columns = vec![
        ("signe", held.label().to_owned()),
        ("numéro", held.number.clone().unwrap_or_default()),
        ("organisme", held.body.clone().unwrap_or_default()),
        ("valable à partir du", day(held.valid_from)),
        ("valable jusqu’au", day(held.valid_until)),
        ("document", file.unwrap_or_default()),
        ("lu dans l’annuaire officiel le", day(held.register_read_on)),
    ];
    (held.label().to_owned(), columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suppliers::{Cents, CertificationKind, Months, ProductFamily, Signs, Stored};

    fn accepted() -> Content {
        let offer = DraftOffer {
            key: 1,
            name: "Panais".to_owned(),
            family: Stored(ProductFamily::FruitAndVegetables),
            packaging: None,
            sales_unit: Some("kg".to_owned()),
            price: Some(Cents(200)),
            months: Months::ALL_YEAR,
            volume_per_week: None,
            signs: Signs::default(),
        };
        let certificate = DraftCertificate {
            key: 2,
            kind: Stored(CertificationKind::Hve),
            number: Some("1".to_owned()),
            body: Some("Ecocert".to_owned()),
            valid_from: None,
            valid_until: None,
            file: None,
            document: None,
            register_read_on: None,
        };
        Content { offers: vec![offer], certificates: vec![certificate], last_key: 2, ..Content::default() }
    }

    #[test]
    fn prices_months_and_amounts_are_small_and_nothing_else_is() {
        let before = accepted();
        let changed = |change: fn(&mut Content)| {
            let mut after = accepted();
            change(&mut after);
            is_small_change(&before, &after)
        };
        assert!(changed(|after| after.offers[0].price = None));
        assert!(changed(|after| after.offers[0].months = Months::from_mask(1).unwrap()));
        assert!(changed(|after| after.offers[0].volume_per_week = Some(40.0)));
        assert!(!changed(|after| after.certificates[0].kind = Stored(CertificationKind::Organic)));
        assert!(!changed(|after| after.offers[0].signs = [CertificationKind::Organic].into_iter().collect()));
        assert!(!changed(|after| after.offers[0].sales_unit = None));
        assert!(!changed(|after| after.offers.clear()));
        assert!(!changed(|after| after.offers[0].key = 3));
        assert!(!changed(|after| "Autre".clone_into(&mut after.name)));
    }
}
