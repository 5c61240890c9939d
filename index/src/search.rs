//! One search from the words to the page of hits.

use crate::corpus::Corpus;
use crate::filter::{Counter, Filter, deliverers};
use crate::geo::{EARTH_KM, chord2};
use crate::matching::{Found, Match, matches};
use crate::request::{Answer, Origin, Request, Sort, Understood};
use crate::shown::Shown;
use crate::understand::Meaning;

/// Answers a request whose words are understood; `place` is the commune among the words, when there is one.
pub(crate) fn search(corpus: &Corpus, request: &Request, meaning: &Meaning, place: Option<Origin>) -> Answer {
    let filter = Filter::new(corpus, request, meaning);
    let mut answer = Answer {
        understood: understood(request, meaning, place.as_ref()),
        correction: meaning.correction.clone(),
        ..Answer::default()
    };
    if meaning.unknown {
        return answer;
    }
    let origin = request.near.clone().or(place);
    let asked = !meaning.wanted.is_empty() || !meaning.words.is_empty();
    let order = Order::new(corpus, request, meaning, origin.as_ref(), &filter);
    let mut counter = Counter::new();
    let mut ranked: Vec<(u64, u32)> = Vec::new();
    let mut take = |supplier: usize, matched: Match| {
        if filter.supplier(supplier) && has_answer(&filter, matched, supplier) {
            counter.count(corpus, supplier);
            ranked.push((order.key(supplier, matched), u32::try_from(supplier).unwrap_or(u32::MAX)));
        }
    };
    if asked {
        let found = matches(corpus, &filter, meaning);
        let named = named_only(&filter, meaning, &found);
        let answers = |m: &Match| m.name >= 2 || !named && m.degree > 0;
        let found = found.iter().filter(|(_, matched)| answers(matched));
        found.for_each(|(supplier, matched)| take(supplier as usize, matched));
    } else {
        let all = (0..corpus.len()).filter(|supplier| order.carries_signs(*supplier));
        all.for_each(|supplier| take(supplier, Match::default()));
    }
    answer.total = ranked.len();
    answer.facets = counter.facets();
    let page = page(&mut ranked, corpus, request.offset, request.limit);
    let shown = Shown::new(corpus, &filter, meaning, origin.as_ref());
    answer.hits = page.iter().map(|(_, supplier)| shown.hit(*supplier)).collect();
    answer
}

/// Whether the query is somebody's name, so that only the bearers answer.
fn named_only(filter: &Filter<'_>, meaning: &Meaning, found: &Found) -> bool {
    meaning.name.len() >= 2
        && meaning.name_only > 0
        && found
            .iter()
            .map(|(supplier, m)| (supplier as usize, m))
            .any(|(supplier, m)| m.name >= 2 && filter.supplier(supplier) && filter.has_offer(supplier))
}

/// Offers were looked at where a product matched; elsewhere one must still pass.
fn has_answer(filter: &Filter<'_>, matched: Match, supplier: usize) -> bool {
    matched.worth > 0 || filter.has_offer(supplier)
}

fn understood(request: &Request, meaning: &Meaning, place: Option<&Origin>) -> Understood {
    Understood {
        commune: meaning.place.as_ref().and_then(|(_, words)| Some((place?.commune.clone()?, words.clone()))),
        certification: meaning.signs.first().map(|sign| (*sign, *sign == crate::codes::Certification::Organic)),
        products: meaning.wanted.iter().filter_map(|w| w.products.first().copied()).collect(),
        months: meaning.months,
        delivery_days: meaning.days,
        asks_nothing: !request.q.trim().is_empty() && !meaning.asks(),
    }
}

/// The first `offset + limit` in order, cut to the page; the rest stays unsorted.
fn page<'a>(ranked: &'a mut [(u64, u32)], corpus: &Corpus, offset: usize, limit: usize) -> &'a [(u64, u32)] {
    let rank = &corpus.suppliers.name_rank;
    let compare = |a: &(u64, u32), b: &(u64, u32)| b.0.cmp(&a.0).then(rank[a.1 as usize].cmp(&rank[b.1 as usize]));
    let end = offset.saturating_add(limit).min(ranked.len());
    if end < ranked.len() && end > 0 {
        ranked.select_nth_unstable_by(end - 1, compare);
    }
    ranked[..end].sort_unstable_by(compare);
    &ranked[offset.min(end)..end]
}

/// Makes one number of everything that orders a supplier: the greater, the earlier.
struct Order<'a> {
    corpus: &'a Corpus,
    sort: Sort,
    unit: Option<[f32; 3]>,
    /// The place only orders: nearness may outweigh a better match.
    soft: bool,
    /// Whether a supplier delivers there and then, when the words ask for it.
    delivers: Option<Box<dyn Fn(usize) -> bool + 'a>>,
    signs: u16,
    /// Number of products asked.
    products: u32,
    words: bool,
}

impl<'a> Order<'a> {
    fn new(
        corpus: &'a Corpus,
        request: &Request,
        meaning: &Meaning,
        origin: Option<&'a Origin>,
        filter: &Filter<'_>,
    ) -> Self {
        let words = !meaning.wanted.is_empty() || !meaning.words.is_empty();
        Self {
            corpus,
            sort: request.sort,
            unit: origin.map(|o| o.point.unit()),
            soft: origin.is_some() && !filter.asks_place(),
            delivers: delivers(corpus, meaning, origin),
            products: u32::try_from(meaning.wanted.len()).unwrap_or(u32::MAX),
            signs: meaning.signs.iter().fold(0, |mask, sign| mask | sign.bit()),
            words,
        }
    }

    /// A sign asked without a product is a condition: *label rouge* alone finds those who carry it.
    fn carries_signs(&self, supplier: usize) -> bool {
        self.signs == 0 || self.corpus.suppliers.briefs[supplier].signs & self.signs != 0
    }

    fn key(&self, supplier: usize, m: Match) -> u64 {
        match self.sort {
            Sort::Distance => nearness(self.metres10(supplier)),
            Sort::Name => 0,
            Sort::Freshness => u64::from(fresh(self.corpus.suppliers.briefs[supplier].confirmed)),
            Sort::Relevance if !self.words => self.listed(supplier),
            Sort::Relevance => self.relevance(supplier, m),
        }
    }

    /// Without words: proven signs that were asked, deliverers, then the nearest; without a place, by name.
    fn listed(&self, supplier: usize) -> u64 {
        let proven = self.corpus.suppliers.briefs[supplier].proven_signs() & self.signs;
        let proven = u64::from(proven != 0);
        let delivers = u64::from(self.delivers.as_ref().is_some_and(|d| d(supplier)));
        let near = if self.unit.is_some() { nearness(self.metres10(supplier)) } else { 0 };
        delivers << 61 | proven << 60 | near
    }

    fn relevance(&self, supplier: usize, m: Match) -> u64 {
        let name = u64::from(m.name);
        let fresh = u64::from(fresh(self.corpus.suppliers.briefs[supplier].confirmed)) >> 4;
        let (worth, extra, degree) =
            (u64::from(m.worth.min(63)), u64::from(m.extra.min(63)), u64::from(m.degree.min(63)));
        let answers = m.worth >= 6 || m.name > 1;
        let delivers = u64::from(answers && self.delivers.as_ref().is_some_and(|d| d(supplier)));
        if self.soft {
            return u64::from(m.name.max(1) - 1) << 62
                | delivers << 61
                | nearness(self.metres10(supplier).saturating_add(self.detour(m))) << 20
                | degree << 12
                | fresh >> 1;
        }
        let near = if self.unit.is_some() { nearness(self.metres10(supplier)) >> 2 } else { fresh << 12 };
        name << 62 | delivers << 61 | worth << 54 | extra << 48 | degree << 42 | near
    }

    /// What a weaker answer costs, as a detour in tens of metres: the product 30 km away is worth what replaces it here.
    fn detour(&self, m: Match) -> u32 {
        if m.worth == 0 {
            return 0;
        }
        let missing = self.products - u32::from(m.answered);
        let lost = (6 * self.products).saturating_sub(u32::from(m.worth));
        let km = [0, 15, 30, 60, 100, 150][(lost as usize).min(5)] + 250 * missing;
        (km * 100).saturating_sub(u32::from(m.extra.min(8)) * 500)
    }

    /// Distance in tens of metres; far beyond everything without a point.
    fn metres10(&self, supplier: usize) -> u32 {
        let Some(unit) = self.unit else { return 0 };
        let chord = chord2(self.corpus.suppliers.briefs[supplier].unit, unit).sqrt();
        // The first terms of the arc sine: it grows with the chord, and is right within France.
        let arc = chord * (1.0 + chord * chord / 24.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 3.6 million")]
        let metres10 = (arc * METRES10) as u32;
        // Without a point the chord is longer than the Earth is wide.
        if chord > 2.2 { 4_000_000 } else { metres10 }
    }
}

/// Who delivers to the place and on the days that the words ask for; nothing when they ask for neither.
fn delivers<'a>(
    corpus: &'a Corpus,
    meaning: &Meaning,
    origin: Option<&'a Origin>,
) -> Option<Box<dyn Fn(usize) -> bool + 'a>> {
    let there = origin.filter(|_| meaning.delivery).map(|origin| deliverers(corpus, origin));
    let days = meaning.days;
    let then = move |supplier: usize| days == 0 || corpus.suppliers.delivery_days[supplier] & days != 0;
    (there.is_some() || days != 0).then(|| {
        Box::new(move |supplier| then(supplier) && there.as_ref().is_none_or(|delivers| delivers(supplier))) as Box<_>
    })
}

/// Radius of the Earth in tens of metres.
#[expect(clippy::cast_possible_truncation, reason = "ordering needs no more")]
const METRES10: f32 = (EARTH_KM * 100.0) as f32;

/// 24 bits that grow as the distance shrinks.
fn nearness(metres10: u32) -> u64 {
    u64::from(0x00FF_FFFF - metres10.min(0x00FF_FFFF))
}

/// 16 bits that grow with the day of the last confirmation.
fn fresh(confirmed: i32) -> u32 {
    u32::try_from(confirmed.clamp(0, 0xFFFF)).unwrap_or(0)
}
