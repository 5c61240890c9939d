use super::content::{Content, DraftCertificate, DraftOffer, Keyed};
use super::fields::STEPS;
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
    /// Whether nobody needs to look at it first: a price, an amount, months.
    pub is_small: bool,
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
            push(&mut found, step.path, field.label.to_owned(), words, false);
        }
    }
    parts(&mut found, "produits", &before.offers, &after.offers, offer_columns);
    parts(&mut found, "certifications", &before.certificates, &after.certificates, certificate_columns);
    let photo = |photo: &super::DraftPhoto| {
        let words = if photo.words.is_empty() { "sans description".to_owned() } else { photo.words.clone() };
        (format!("Photo {}", photo.file), vec![("", words, false)])
    };
    parts(&mut found, "photos", &before.photos, &after.photos, photo);
    found
}

/// A name, and columns with what they say and whether they are small.
type Columns = (String, Vec<(&'static str, String, bool)>);

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
                for ((column, now, is_small), (_, was, _)) in now.into_iter().zip(was) {
                    let label = if column.is_empty() { name.clone() } else { format!("{name}\u{a0}: {column}") };
                    push(found, step, label, (was, now), is_small);
                }
            }
            None => push(found, step, name, (String::new(), summary(now)), false),
        }
    }
    for old in before.iter().filter(|old| after.iter().all(|new| new.key() != old.key())) {
        let (name, was) = columns(old);
        push(found, step, name, (summary(was), String::new()), false);
    }
}

fn summary(columns: Vec<(&'static str, String, bool)>) -> String {
    let said = columns.into_iter().map(|(_, words, _)| words).filter(|words| !words.is_empty());
    said.collect::<Vec<_>>().join(", ")
}

fn push(found: &mut Vec<Difference>, step: &'static str, label: String, words: (String, String), is_small: bool) {
    let (before, after) = words;
    if before != after {
        found.push(Difference { step, label, before, after, is_small });
    }
}

fn offer_columns(offer: &DraftOffer) -> Columns {
    let signs: Vec<&str> = offer.signs.iter().map(Word::label).collect();
    let unit = offer.sales_unit.as_ref().map(|unit| format!(" / {unit}")).unwrap_or_default();
    let price = offer.price.map(|cents| format!("{}{unit}", french::price(cents.0))).unwrap_or_default();
    let volume = offer.volume_per_week.map(|volume| format!("{} par semaine", french::decimal(volume)));
    let columns = vec![
        ("nom", offer.name.clone(), false),
        ("famille", offer.family.0.label().to_owned(), false),
        ("conditionnement", offer.packaging.clone().unwrap_or_default(), false),
        ("prix", price, true),
        ("mois", offer.months.to_string(), true),
        ("quantité", volume.unwrap_or_default(), true),
        ("signes", signs.join(", "), false),
    ];
    (offer.name.clone(), columns)
}

fn certificate_columns(held: &DraftCertificate) -> Columns {
    let day = |day: Option<chrono::NaiveDate>| day.map(french::date).unwrap_or_default();
    let file = held.file.map(|file| format!("fichier {file}")).or_else(|| held.document.clone());
    let columns = vec![
        ("numéro", held.number.clone().unwrap_or_default(), false),
        ("organisme", held.body.clone().unwrap_or_default(), false),
        ("valable à partir du", day(held.valid_from), false),
        ("valable jusqu’au", day(held.valid_until), false),
        ("document", file.unwrap_or_default(), false),
    ];
    (held.kind.0.label().to_owned(), columns)
}
