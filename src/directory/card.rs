//! A supplier as a card of the results.

use chrono::{Datelike, NaiveDate};
use index::Lexicon;
use index::codes::{Certification, Family};
use index::request::{Fragment, Hit, Reason};
use index::text::{is_function_word, stem, words as split};

use super::words;
use crate::places::{Commune, Places};
use crate::suppliers::{Listing, Proof};
use crate::web::french;

/// What the card shows.
pub(super) struct Card {
    /// Address of the listing, with the kitchen in it.
    pub href: String,
    /// The organiser's key, which ties the card to its pin.
    pub reference: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: &'static str,
    /// Name of the commune.
    pub commune: String,
    /// `environ 13 km`.
    pub distance: Option<String>,
    /// Picture of what it sells, under `assets/`.
    pub picture: &'static str,
    /// Address of its first photograph, in little, which stands in the place of the picture.
    pub photo: Option<String>,
    /// Why it is here.
    pub why: Why,
    /// Signs it carries.
    pub marks: Vec<Mark>,
    /// When what answers can be had.
    pub season: Season,
    /// Delivery in one line.
    pub delivery: String,
    /// Families, beyond what the picture says.
    pub families: Vec<(&'static str, &'static str)>,
    /// Day it last confirmed the listing.
    pub confirmed: Option<NaiveDate>,
}

/// Why a supplier is among the results.
pub(super) struct Why {
    /// `Correspond à`, `Propose` …
    pub lead: &'static str,
    /// What it offers, the words asked for marked.
    pub parts: Vec<Fragment>,
}

/// A sign of quality as it is shown: never by colour alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// `proven`, `declared` or `expired`.
    pub class: &'static str,
    /// Icon.
    pub icon: &'static str,
    /// Name of the sign.
    pub label: &'static str,
    /// What stands behind it, in words.
    pub standing: &'static str,
}

impl Mark {
    /// A sign with what stands behind it.
    #[must_use]
    pub(super) fn new(label: &'static str, proof: Proof) -> Self {
        let (class, icon, standing) = match proof {
            Proof::Proven => ("proven", "badge-check", "preuve à jour"),
            Proof::Declared => ("declared", "pencil-line", "simple déclaration"),
            Proof::Expired => ("expired", "calendar-x-2", "preuve expirée"),
        };
        Self { class, icon, label, standing }
    }

    /// A sign of a supplier on a day; without a certificate it is only declared.
    #[must_use]
    pub(super) fn of(sign: Certification, listing: &Listing, today: NaiveDate) -> Self {
        Self::new(words::certification(sign), listing.proof_of(sign, today).unwrap_or(Proof::Declared))
    }
}

/// Signs with what stands behind each on a day: the proven first, then the expired, then the declared.
#[must_use]
pub(super) fn marks(signs: impl Iterator<Item = Certification>, listing: &Listing, today: NaiveDate) -> Vec<Mark> {
    let mut marks: Vec<Mark> = signs.map(|sign| Mark::of(sign, listing, today)).collect();
    marks.sort_by_key(|mark| ["proven", "expired", "declared"].iter().position(|class| *class == mark.class));
    marks
}

/// Signs of the offers of a hit.
pub(super) fn carried(hit: &Hit) -> impl Iterator<Item = Certification> {
    Certification::ALL.iter().copied().filter(|sign| hit.signs & sign.bit() != 0)
}

/// Twelve months, those in season, and which one it is now.
pub(super) struct Season {
    mask: u16,
    now: u32,
}

impl Season {
    /// The months of a mask (bit 0 is January) as seen on a day.
    #[must_use]
    pub(super) fn new(mask: u16, today: NaiveDate) -> Self {
        Self { mask, now: today.month0() }
    }

    /// In words.
    #[must_use]
    pub(super) fn text(&self) -> String {
        words::season(self.mask)
    }

    /// First letter of each month, whether it is in season, whether it is now.
    pub(super) fn dots(&self) -> impl Iterator<Item = (char, bool, bool)> {
        "JFMAMJJASOND"
            .chars()
            .zip(0..)
            .map(|(letter, month): (char, u32)| (letter, self.mask & (1 << month) != 0, month == self.now))
    }
}

impl Card {
    /// The card of a hit, with what the database adds; `kitchen` is the commune distances start from.
    #[must_use]
    pub(super) fn new(
        hit: &Hit,
        listing: &Listing,
        kitchen: Option<&Commune>,
        q: &str,
        places: &Places,
        lexicon: &Lexicon,
        today: NaiveDate,
    ) -> Self {
        let near = kitchen.map(|commune| format!("?near={}", commune.insee_code)).unwrap_or_default();
        let families: Vec<Family> = Family::ALL.iter().copied().filter(|f| hit.families & f.bit() != 0).collect();
        Self {
            href: format!("/annuaire/{}{near}", hit.slug),
            reference: hit.reference.clone(),
            name: hit.name.clone(),
            kind: words::kind(hit.kind),
            commune: places.commune(&hit.commune).map(|c| french::typographic(&c.name)).unwrap_or_default(),
            distance: hit.distance_km.map(french::distance),
            picture: picture(hit, lexicon, &families),
            photo: listing.photos.first().map(|photo| format!("/photos/{}/vignette", photo.file_id)),
            why: why(hit, q, lexicon),
            marks: marks(carried(hit), listing, today),
            season: Season::new(hit.months, today),
            delivery: words::delivery_line(listing, kitchen, places),
            families: families.iter().map(|f| (words::family_picture(*f), words::family(*f))).collect(),
            confirmed: listing.supplier.confirmed_on,
        }
    }
}

/// Products that have a drawing of their own.
pub(super) const DRAWN: [(&str, &str); 15] = [
    ("boeuf", "pictures/products/boeuf.svg"),
    ("carotte", "pictures/products/carotte.svg"),
    ("fraise", "pictures/products/fraise.svg"),
    ("fromage", "pictures/products/fromage.svg"),
    ("lait", "pictures/products/lait.svg"),
    ("lentille", "pictures/products/lentille.svg"),
    ("miel", "pictures/products/miel.svg"),
    ("oeuf", "pictures/products/oeuf.svg"),
    ("pain", "pictures/products/pain.svg"),
    ("poireau", "pictures/products/poireau.svg"),
    ("pomme", "pictures/products/pomme.svg"),
    ("pomme-de-terre", "pictures/products/pomme-de-terre.svg"),
    ("poulet", "pictures/products/poulet.svg"),
    ("tomate", "pictures/products/tomate.svg"),
    ("truite", "pictures/products/truite.svg"),
];

/// The drawing of a product or of what it is a kind of.
#[must_use]
pub(super) fn product_picture(lexicon: &Lexicon, id: index::ProductId) -> Option<&'static str> {
    let mut at = Some(id);
    while let Some(id) = at {
        let product = lexicon.product(id);
        if let Some((_, picture)) = DRAWN.iter().find(|(code, _)| *code == product.code) {
            return Some(picture);
        }
        at = product.broader;
    }
    None
}

fn picture(hit: &Hit, lexicon: &Lexicon, families: &[Family]) -> &'static str {
    let first = hit.offers.first();
    first
        .and_then(|offer| product_picture(lexicon, offer.product?))
        .or_else(|| first.map(|offer| words::family_picture(Family::ALL[usize::from(offer.family)])))
        .or_else(|| families.first().map(|f| words::family_picture(*f)))
        .unwrap_or("pictures/families/autres.svg")
}

fn why(hit: &Hit, q: &str, lexicon: &Lexicon) -> Why {
    let only_mentioned = !hit.matched.is_empty()
        && hit.matched.iter().all(|reason| matches!(reason, Reason::Mention(_) | Reason::Text(_)));
    if only_mentioned && hit.snippet.iter().any(|fragment| fragment.marked) {
        return Why { lead: "Cité dans sa présentation :", parts: hit.snippet.clone() };
    }
    let lead = match hit.matched.first() {
        Some(Reason::Product(_) | Reason::Narrower(..) | Reason::OfferWord(_)) => "Correspond à :",
        Some(Reason::Broader(..)) => "Plus large :",
        Some(Reason::Near(..) | Reason::Mention(_)) => "Proche :",
        Some(Reason::Name(_) | Reason::Text(_)) | None => "Propose :",
    };
    let mut parts = Vec::new();
    let asked = asked_stems(q, hit, lexicon);
    let names = distinct(hit.offers.iter().map(|offer| tidy(&offer.name)));
    for (at, name) in names.iter().take(4).enumerate() {
        if at > 0 {
            parts.push(Fragment { text: ", ".to_owned(), marked: false });
        }
        mark(&if at > 0 { uncapitalised(name) } else { name.clone() }, &asked, &mut parts);
    }
    match hit.offer_count.saturating_sub(4) {
        _ if names.len() < 4 => {}
        0 => {}
        1 => parts.push(Fragment { text: " et 1 autre".to_owned(), marked: false }),
        n => parts.push(Fragment { text: format!(" et {n} autres"), marked: false }),
    }
    Why { lead, parts }
}

/// Without those that say the same: one product in three packagings is named once.
pub(super) fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for name in names {
        if !kept.iter().any(|known| index::text::fold(known) == index::text::fold(&name)) {
            kept.push(name);
        }
    }
    kept
}

/// Inside a list, a name begins in lower case unless it is an abbreviation.
fn uncapitalised(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}

/// Stems worth marking: the words typed, and those of the products they stood for.
fn asked_stems(q: &str, hit: &Hit, lexicon: &Lexicon) -> Vec<String> {
    let products = hit.matched.iter().filter_map(|reason| match reason {
        Reason::Product(id) | Reason::Narrower(id, _) => Some(lexicon.product(*id).singular.as_str()),
        _ => None,
    });
    let typed = std::iter::once(q).filter(|_| !hit.matched.is_empty());
    typed.chain(products).flat_map(split).filter(|w| !is_function_word(&w.folded)).map(|w| stem(&w.folded)).collect()
}

fn mark(text: &str, asked: &[String], parts: &mut Vec<Fragment>) {
    let mut at = 0;
    for word in split(text) {
        if asked.contains(&stem(&word.folded)) {
            if word.start > at {
                parts.push(Fragment { text: text[at..word.start].to_owned(), marked: false });
            }
            parts.push(Fragment { text: text[word.start..word.end].to_owned(), marked: true });
            at = word.end;
        }
    }
    if at < text.len() {
        parts.push(Fragment { text: text[at..].to_owned(), marked: false });
    }
}

/// Names in capitals are hard to read in a line: `STEAK HACHE 100G` is shown `Steak hache 100g`.
#[must_use]
pub(super) fn tidy(name: &str) -> String {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    let shouted = letters().count() > 4 && letters().all(char::is_uppercase);
    if !shouted {
        return name.to_owned();
    }
    let lower = name.to_lowercase();
    let mut chars = lower.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
