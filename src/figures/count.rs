//! Counting, and nothing else: listings, kitchens and messages in, numbers out.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Months, NaiveDate};
use index::codes::{Certification, Family};
use index::{Lexicon, ProductId};

use crate::canteens::{Kitchen, RegistryCanteen};
use crate::contacts::{Happened, Outcome};
use crate::places::Places;
use crate::suppliers::{Listing, Proof, State};

/// What counting needs to know of the territory.
pub(super) struct Ground<'a> {
    pub(super) places: &'a Places,
    /// Code of the département.
    pub(super) territory: &'a str,
    pub(super) lexicon: &'a Lexicon,
    pub(super) today: NaiveDate,
}

/// Where somebody is, seen from the territory. Whoever is not outside is local.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Area {
    /// In a commune of the département that belongs to this intercommunality: its SIREN.
    Epci(String),
    /// In the département, but in no intercommunality, or in an unknown commune of it.
    NoEpci,
    /// In another département.
    Outside,
}

impl Ground<'_> {
    pub(super) fn area(&self, insee_code: &str) -> Area {
        match self.places.commune(insee_code) {
            Some(commune) if commune.department == self.territory => {
                commune.epci.clone().map_or(Area::NoEpci, Area::Epci)
            }
            // A commune that was merged into another keeps its old code in files.
            None if insee_code.starts_with(self.territory) => Area::NoEpci,
            _ => Area::Outside,
        }
    }
}

/// How long ago a supplier last confirmed its listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    /// Less than six months.
    HalfYear,
    /// Less than a year.
    Year,
    /// Less than two years.
    TwoYears,
    /// More.
    Older,
    /// Never.
    Never,
}

impl Freshness {
    pub(super) const ALL: [Self; 5] = [Self::HalfYear, Self::Year, Self::TwoYears, Self::Older, Self::Never];

    pub(super) fn of(confirmed: Option<NaiveDate>, today: NaiveDate) -> Self {
        let Some(day) = confirmed else { return Self::Never };
        let within = |months| today.checked_sub_months(Months::new(months)).is_none_or(|from| day > from);
        match () {
            () if within(6) => Self::HalfYear,
            () if within(12) => Self::Year,
            () if within(24) => Self::TwoYears,
            () => Self::Older,
        }
    }
}

/// What stands behind a sign, over all listings that carry it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) proven: u64,
    /// Said, without anything that can be checked.
    pub(super) declared: u64,
    /// Proven once; the last day is past.
    pub(super) expired: u64,
}

/// The listings. All but the states are counted over the published ones.
#[derive(Debug, Default)]
pub(super) struct Suppliers {
    /// By state, in the order of [`STATES`]: all, and those held by their supplier.
    pub(super) by_state: [(u64, u64); 4],
    /// Their keys.
    pub(super) published: HashSet<i64>,
    pub(super) by_area: HashMap<Area, u64>,
    pub(super) by_family: [u64; Family::ALL.len()],
    pub(super) by_sign: [Standing; Certification::ALL.len()],
    /// With at least one proven sign.
    pub(super) certified: u64,
    /// With signs, none of them proven.
    pub(super) declared: u64,
    pub(super) by_freshness: [u64; Freshness::ALL.len()],
    /// Those that answer whoever looks for a product: with the product itself, a kind of it, or what serves nearly as well.
    pub(super) by_product: HashMap<ProductId, u64>,
}

/// The states of a listing in the order in which they are shown.
pub(super) const STATES: [State; 4] = [State::Published, State::Paused, State::Draft, State::Withdrawn];

impl Suppliers {
    /// Counts one more listing.
    pub(super) fn add(&mut self, listing: &Listing, ground: &Ground<'_>) {
        let supplier = &listing.supplier;
        if let Some(place) = STATES.iter().position(|state| *state == supplier.state) {
            self.by_state[place].0 += 1;
            self.by_state[place].1 += u64::from(supplier.claimed);
        }
        if !supplier.is_public() {
            return;
        }
        self.published.insert(supplier.id);
        *self.by_area.entry(ground.area(&supplier.insee_code)).or_default() += 1;
        self.by_freshness[Freshness::of(supplier.confirmed_on, ground.today) as usize] += 1;
        for family in Family::ALL {
            self.by_family[*family as usize] += u64::from(listing.offers.iter().any(|offer| *offer.family == *family));
        }
        let products = listing.offers.iter().filter_map(|offer| ground.lexicon.by_code(offer.product_code.as_deref()?));
        let answered: HashSet<ProductId> = products.flat_map(|product| answers(product, ground.lexicon)).collect();
        for product in answered {
            *self.by_product.entry(product).or_default() += 1;
        }
        self.add_signs(listing, ground.today);
    }

    fn add_signs(&mut self, listing: &Listing, today: NaiveDate) {
        let (mut is_proven, mut carries) = (false, false);
        for sign in listing.signs() {
            carries = true;
            let standing = &mut self.by_sign[sign as usize];
            match listing.proof_of(sign, today) {
                Some(Proof::Proven) => {
                    standing.proven += 1;
                    is_proven = true;
                }
                Some(Proof::Expired) => standing.expired += 1,
                // An offer that carries a sign without any certificate says so, no more.
                Some(Proof::Declared) | None => standing.declared += 1,
            }
        }
        self.certified += u64::from(is_proven);
        self.declared += u64::from(carries && !is_proven);
    }

    pub(super) fn total(&self) -> u64 {
        self.by_state.iter().map(|(all, _)| all).sum()
    }

    pub(super) fn local(&self) -> u64 {
        local(&self.by_area)
    }
}

/// The products that an offer of `product` answers: itself, what it is a kind of, and those it serves nearly as well.
fn answers(product: ProductId, lexicon: &Lexicon) -> Vec<ProductId> {
    let is_near = |id: &ProductId| {
        let near = lexicon.product(*id);
        near.close && near.broader == Some(product)
    };
    let near = lexicon.product(product).narrower.iter().copied().filter(is_near);
    std::iter::successors(Some(product), |id| lexicon.product(*id).broader).chain(near).collect()
}

fn local(by_area: &HashMap<Area, u64>) -> u64 {
    by_area.iter().filter(|(area, _)| **area != Area::Outside).map(|(_, count)| count).sum()
}

/// The canteens: those that said here where they are, and those of the State's registry in the département.
#[derive(Debug, Default)]
pub(super) struct Canteens {
    /// Keys of those that are here.
    pub(super) enrolled: HashSet<i64>,
    pub(super) by_area: HashMap<Area, u64>,
    /// Those that look for something.
    pub(super) with_list: u64,
    pub(super) by_family: [u64; Family::ALL.len()],
    pub(super) by_sign: [u64; Certification::ALL.len()],
    pub(super) by_product: HashMap<ProductId, u64>,
    /// Lines of all lists, and those that were not understood.
    pub(super) lines: u64,
    pub(super) not_understood: u64,
    pub(super) registered: u64,
    pub(super) registered_by_area: HashMap<Area, u64>,
    /// Those of the registry that are here too.
    pub(super) registered_here: u64,
}

impl Canteens {
    pub(super) fn of(kitchens: &[Kitchen], registry: &[RegistryCanteen], ground: &Ground<'_>) -> Self {
        let mut counts = Self::default();
        for kitchen in kitchens {
            counts.add(kitchen, ground);
        }
        let keys = kitchens.iter().filter_map(|kitchen| kitchen.canteen.registry_key.as_deref());
        let keys: HashSet<&str> = keys.collect();
        for row in registry {
            let area = row.insee_code.as_deref().map_or(Area::NoEpci, |code| ground.area(code));
            counts.registered += 1;
            *counts.registered_by_area.entry(area).or_default() += 1;
            counts.registered_here += u64::from(keys.contains(row.registry_key.as_str()));
        }
        counts
    }

    fn add(&mut self, kitchen: &Kitchen, ground: &Ground<'_>) {
        self.enrolled.insert(kitchen.canteen.organisation_id);
        *self.by_area.entry(ground.area(&kitchen.canteen.insee_code)).or_default() += 1;
        self.with_list += u64::from(!kitchen.wants.is_empty());
        for family in Family::ALL {
            let wants = kitchen.wants.iter().any(|want| want.family.is_some_and(|wanted| wanted.0 == *family));
            self.by_family[*family as usize] += u64::from(wants);
        }
        for sign in Certification::ALL {
            self.by_sign[*sign as usize] += u64::from(kitchen.wants.iter().any(|want| want.signs.contains(*sign)));
        }
        let products = kitchen.wants.iter().filter_map(|want| ground.lexicon.by_code(want.product_code.as_deref()?));
        for product in products.collect::<HashSet<_>>() {
            *self.by_product.entry(product).or_default() += 1;
        }
        self.lines += kitchen.wants.len() as u64;
        let unread = kitchen.wants.iter().filter(|want| want.product_code.is_none() && want.family.is_none());
        self.not_understood += unread.count() as u64;
    }

    /// Products that canteens look for, with how many do and how many suppliers answer; first those that most canteens
    /// share among fewest suppliers.
    pub(super) fn wanted(&self, offered: &Suppliers) -> Vec<(ProductId, u64, u64)> {
        let suppliers = |product| offered.by_product.get(product).copied().unwrap_or(0);
        let mut all: Vec<_> = self.by_product.iter().map(|(id, wanted)| (*id, *wanted, suppliers(id))).collect();
        // One supplier more than there are: what ten canteens seek of one comes before what one seeks of nobody.
        all.sort_by_key(|&(id, wanted, offers)| {
            (std::cmp::Reverse(wanted * 1_000_000 / (offers + 1)), std::cmp::Reverse(wanted), id)
        });
        all
    }
}

/// The messages of canteens to suppliers.
#[derive(Debug, Default)]
pub(super) struct Contacts {
    /// By month of the territory's calendar, each as its first day, from the first to the last that is counted.
    pub(super) by_month: BTreeMap<NaiveDate, Outcomes>,
    /// Canteens that wrote, and suppliers that were written to.
    pub(super) canteens: HashSet<i64>,
    pub(super) suppliers: HashSet<i64>,
}

/// What came of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcomes {
    pub(super) sent: u64,
    pub(super) answered: u64,
    pub(super) worked: u64,
    pub(super) nothing: u64,
    pub(super) open: u64,
}

impl Contacts {
    /// Counts over these months; `month` says in which one a message was written.
    pub(super) fn of(
        messages: &[Happened],
        months: impl IntoIterator<Item = NaiveDate>,
        month: impl Fn(&Happened) -> NaiveDate,
    ) -> Self {
        let by_month = months.into_iter().map(|first| (first, Outcomes::default())).collect();
        let mut counts = Self { by_month, ..Self::default() };
        for message in messages {
            let Some(of_month) = counts.by_month.get_mut(&month(message)) else { continue };
            of_month.sent += 1;
            *match message.outcome {
                Outcome::Answered => &mut of_month.answered,
                Outcome::Worked => &mut of_month.worked,
                Outcome::Nothing => &mut of_month.nothing,
                Outcome::Open => &mut of_month.open,
            } += 1;
            counts.canteens.insert(message.organisation_id);
            counts.suppliers.insert(message.supplier_id);
        }
        counts
    }

    /// All months together.
    pub(super) fn total(&self) -> Outcomes {
        self.by_month.values().fold(Outcomes::default(), |sum, one| Outcomes {
            sent: sum.sent + one.sent,
            answered: sum.answered + one.answered,
            worked: sum.worked + one.worked,
            nothing: sum.nothing + one.nothing,
            open: sum.open + one.open,
        })
    }
}

#[cfg(test)]
mod tests;
