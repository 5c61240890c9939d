//! The score of a supply for a need, from 0 to 1. A pure function of facts.
//!
//! Each line of the need is covered by the offer that covers it best; the score is the mean of the lines, times what the
//! place is worth. So one more offer, a proof, a larger volume, a shorter way or a delivery never lowers it.
//!
//! | an offer covers a line | by |
//! | --- | --- |
//! | the very product, or a kind of it | 1 |
//! | what the product is a kind of, and serves nearly as well | 0.8 |
//! | what the product is a kind of | 0.4 |
//! | the family, when the line names no product | 0.5 |
//! | … a sign that is asked for, only declared | × 0.5 |
//! | … a sign that is asked for, missing | × 0.2 |
//! | … not in this month | × 0.6 |
//! | … a volume that is not said, or covers a share `s` of what is needed | × 0.8, × (0.5 + 0.5 s) |
//!
//! | the place | is worth |
//! | --- | --- |
//! | it delivers there, nobody said, it does not | 1, 0.7, 0.5 |
//! | `d` km away, not known | 1 / (1 + d / 80), 0.5 |
//! | days of both are said and none is common | × 0.85 |

use index::codes::Family;
use index::{Lexicon, ProductId};

use crate::suppliers::{CertificationKind, Months, Signs, Weekdays};

/// What a canteen looks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Need {
    /// The lines of its list.
    pub wants: Vec<Wanted>,
    /// Days on which it takes deliveries; none says nothing.
    pub days: Weekdays,
}

/// A line of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// As a sentence says it: `lentilles vertes`.
    pub name: String,
    /// The product, when it names one.
    pub product: Option<ProductId>,
    /// The family, when it names one.
    pub family: Option<Family>,
    /// How much in a week, and in which unit.
    pub quantity: Option<(f64, String)>,
    /// The signs it must carry.
    pub signs: Signs,
}

/// What a supplier has, seen from one canteen.
#[derive(Clone, Debug, PartialEq)]
pub struct Supply {
    /// What it sells.
    pub offers: Vec<Offered>,
    /// Whether it delivers there.
    pub delivery: Delivery,
    /// How far it is, in kilometres.
    pub distance_km: Option<f64>,
    /// Days of its round; none says nothing.
    pub days: Weekdays,
}

/// An offer.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered {
    /// As the supplier writes it.
    pub name: String,
    /// The product it is.
    pub product: Option<ProductId>,
    /// Its family.
    pub family: Family,
    /// Signs it carries.
    pub signs: Signs,
    /// Those of them that are proven today.
    pub proven: Signs,
    /// When it can be had.
    pub months: Months,
    /// How much in a week, and in which unit.
    pub volume: Option<(f64, String)>,
}

/// Whether a supplier delivers to a canteen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It does.
    Yes,
    /// Nobody said.
    Unknown,
    /// It does not.
    No,
}

/// How near an offer comes to what is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    /// Of the same family.
    Family,
    /// What it is a kind of.
    Broader,
    /// What it is a kind of, which serves nearly as well.
    Nearly,
    /// The very product, or a kind of it.
    Same,
}

/// How well a supply suits a need.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// From 0 to 1.
    pub score: f64,
    /// Why, the best first.
    pub reasons: Vec<Reason>,
}

/// Why a supply suits a need.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reason {
    /// Which line of the need.
    pub want: usize,
    /// Which offer covers it best.
    pub offer: usize,
    /// How near it comes.
    pub closeness: Closeness,
    /// Whether every sign that is asked for is proven.
    pub is_proven: bool,
    /// Whether it can be had in this month.
    pub is_in_season: bool,
    /// How much of the line it covers, from 0 to 1.
    pub cover: f64,
}

impl Match {
    /// Better first; of two as good, any order that is kept.
    #[must_use]
    pub fn is_before(&self, other: &Self) -> std::cmp::Ordering {
        other.score.total_cmp(&self.score)
    }
}

/// Judges a supply for a need in a month (1 to 12); nothing when it covers no line.
#[must_use]
pub fn judge(need: &Need, supply: &Supply, lexicon: &Lexicon, month: u32) -> Option<Match> {
    let mut reasons: Vec<Reason> =
        need.wants.iter().enumerate().filter_map(|(at, want)| best(at, want, supply, lexicon, month)).collect();
    if reasons.is_empty() {
        return None;
    }
    let covered: f64 = reasons.iter().map(|reason| reason.cover).sum();
    #[expect(clippy::cast_precision_loss, reason = "a list has 60 lines")]
    let lines = need.wants.len() as f64;
    reasons.sort_by(|one, other| other.cover.total_cmp(&one.cover).then(one.want.cmp(&other.want)));
    Some(Match { score: covered / lines * place(need, supply), reasons })
}

/// The offer that covers a line best; of several as good, the first.
fn best(at: usize, want: &Wanted, supply: &Supply, lexicon: &Lexicon, month: u32) -> Option<Reason> {
    let offers = supply.offers.iter().enumerate();
    let reasons = offers.filter_map(|(offer, offered)| {
        let closeness = closeness(want, offered, lexicon)?;
        let is_in_season = offered.months.contains(month);
        let is_proven = want.signs.iter().all(|sign| offered.proven.contains(sign));
        let signs: f64 = want.signs.iter().map(|sign| worth_of(sign, offered)).product();
        let season = if is_in_season { 1.0 } else { 0.6 };
        let cover = worth(closeness) * signs * season * share(want, offered);
        Some(Reason { want: at, offer, closeness, is_proven, is_in_season, cover })
    });
    reasons.reduce(|best, next| if next.cover > best.cover { next } else { best })
}

fn worth(closeness: Closeness) -> f64 {
    match closeness {
        Closeness::Same => 1.0,
        Closeness::Nearly => 0.8,
        Closeness::Family => 0.5,
        Closeness::Broader => 0.4,
    }
}

fn closeness(want: &Wanted, offered: &Offered, lexicon: &Lexicon) -> Option<Closeness> {
    let Some(wanted) = want.product else {
        return (want.family == Some(offered.family)).then_some(Closeness::Family);
    };
    let product = lexicon.product(wanted);
    let has = offered.product?;
    if has == wanted || product.narrower.contains(&has) {
        Some(Closeness::Same)
    } else if product.broader == Some(has) {
        Some(if product.close { Closeness::Nearly } else { Closeness::Broader })
    } else {
        None
    }
}

fn worth_of(sign: CertificationKind, offered: &Offered) -> f64 {
    if offered.proven.contains(sign) {
        1.0
    } else if offered.signs.contains(sign) {
        0.5
    } else {
        0.2
    }
}

fn share(want: &Wanted, offered: &Offered) -> f64 {
    match (&want.quantity, &offered.volume) {
        (None, _) => 1.0,
        (Some((needed, unit)), Some((had, own))) if unit == own => 0.5 + 0.5 * (had / needed).min(1.0),
        _ => 0.8,
    }
}

fn place(need: &Need, supply: &Supply) -> f64 {
    let delivery = match supply.delivery {
        Delivery::Yes => 1.0,
        Delivery::Unknown => 0.7,
        Delivery::No => 0.5,
    };
    let distance = supply.distance_km.map_or(0.5, |km| 1.0 / (1.0 + km / 80.0));
    let both = need.days.iter().next().is_some() && supply.days.iter().next().is_some();
    let common = need.days.iter().any(|day| supply.days.iter().any(|own| own == day));
    delivery * distance * if both && !common { 0.85 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, option, prelude::*, sample::select};

    use super::*;
    use crate::suppliers::lexicon;

    fn products() -> impl Strategy<Value = Option<ProductId>> {
        let codes = ["carotte", "legumes", "lentille-verte", "yaourt", "pain", "pomme", "boeuf"];
        let known: Vec<Option<ProductId>> = codes.iter().map(|code| lexicon().by_code(code)).collect();
        select([known, vec![None]].concat())
    }

    fn signs() -> impl Strategy<Value = Signs> {
        let kinds = vec![CertificationKind::Organic, CertificationKind::Aop, CertificationKind::LabelRouge];
        vec(select(kinds), 0..3).prop_map(|kinds| kinds.into_iter().collect())
    }

    fn offered() -> impl Strategy<Value = Offered> {
        let families = select(Family::ALL.to_vec());
        let volume = option::of((1.0..500.0_f64, select(vec!["kg".to_owned(), "pièce".to_owned()])));
        (products(), families, signs(), 1_u16..=0xfff, volume).prop_map(|(product, family, signs, months, volume)| {
            let months = Months::from_mask(months).unwrap();
            Offered { name: String::new(), product, family, signs, proven: Signs::default(), months, volume }
        })
    }

    fn wanted() -> impl Strategy<Value = Wanted> {
        let quantity = option::of((1.0..500.0_f64, Just("kg".to_owned())));
        (products(), option::of(select(Family::ALL.to_vec())), quantity, signs()).prop_map(
            |(product, family, quantity, signs)| Wanted { name: String::new(), product, family, quantity, signs },
        )
    }

    fn supply() -> impl Strategy<Value = Supply> {
        let delivery = select(vec![Delivery::Yes, Delivery::Unknown, Delivery::No]);
        (vec(offered(), 0..6), delivery, option::of(0.0..300.0_f64), 0_u8..128).prop_map(
            |(offers, delivery, distance_km, days)| Supply {
                offers,
                delivery,
                distance_km,
                days: Weekdays::from_mask(days),
            },
        )
    }

    fn need() -> impl Strategy<Value = Need> {
        (vec(wanted(), 1..6), 0_u8..128).prop_map(|(wants, days)| Need { wants, days: Weekdays::from_mask(days) })
    }

    fn score(need: &Need, supply: &Supply, month: u32) -> f64 {
        judge(need, supply, &lexicon(), month).map_or(0.0, |found| found.score)
    }

    proptest! {
        #[test]
        fn a_score_lies_between_0_and_1_and_has_reasons(need in need(), supply in supply(), month in 1_u32..=12) {
            if let Some(found) = judge(&need, &supply, &lexicon(), month) {
                prop_assert!(found.score > 0.0 && found.score <= 1.0 && !found.reasons.is_empty());
                prop_assert!(found.reasons.iter().all(|why| why.want < need.wants.len() && why.offer < supply.offers.len()));
            }
        }

        #[test]
        fn more_of_what_is_wanted_never_ranks_lower(
            need in need(), supply in supply(), more in offered(), at in any::<prop::sample::Index>(), month in 1_u32..=12,
        ) {
            let mut larger = supply.clone();
            larger.offers.insert(at.index(supply.offers.len() + 1), more);
            prop_assert!(score(&need, &larger, month) >= score(&need, &supply, month));
        }

        #[test]
        fn proof_volume_delivery_and_nearness_never_rank_lower(need in need(), supply in supply(), month in 1_u32..=12) {
            let before = score(&need, &supply, month);
            let mut better = supply.clone();
            for offer in &mut better.offers {
                offer.proven = offer.signs;
                offer.months = Months::ALL_YEAR;
                if let Some((volume, _)) = &mut offer.volume {
                    *volume *= 2.0;
                }
            }
            prop_assert!(score(&need, &better, month) >= before);
            let nearer = Supply { distance_km: Some(supply.distance_km.unwrap_or(80.0) / 2.0), ..supply.clone() };
            prop_assert!(score(&need, &nearer, month) >= before);
            let delivered = Supply { delivery: Delivery::Yes, ..supply };
            prop_assert!(score(&need, &delivered, month) >= before);
        }
    }

    #[test]
    fn the_very_product_that_is_proven_and_near_comes_before_what_is_like_it() {
        let known = lexicon();
        let organic: Signs = [CertificationKind::Organic].into_iter().collect();
        let want = Wanted { product: known.by_code("carotte"), signs: organic, ..Wanted::default() };
        let need = Need { wants: vec![want], days: Weekdays::default() };
        let offer = |code: &str, signs, proven| Offered {
            name: code.to_owned(),
            product: known.by_code(code),
            family: Family::FruitAndVegetables,
            signs,
            proven,
            months: Months::ALL_YEAR,
            volume: None,
        };
        let at = |offer: Offered, km| Supply {
            offers: vec![offer],
            delivery: Delivery::Yes,
            distance_km: Some(km),
            days: Weekdays::default(),
        };
        let none = Signs::default();
        let ranked = [
            at(offer("carotte", organic, organic), 10.0),
            at(offer("carotte", organic, organic), 40.0),
            at(offer("carotte", organic, none), 10.0),
            at(offer("carotte", none, none), 10.0),
            at(offer("legumes", none, none), 10.0),
        ];
        let scores: Vec<f64> = ranked.iter().map(|supply| score(&need, supply, 11)).collect();
        assert!(scores.windows(2).all(|pair| pair[0] > pair[1]), "{scores:?}");
        assert!(judge(&need, &at(offer("pain", none, none), 1.0), &known, 11).is_none());
    }
}
