//! Which suppliers and which offers a request lets through.

use crate::codes::{Certification, Family, Kind};
use crate::corpus::{Corpus, NONE};
use crate::geo::{chord2, chord2_of_km};
use crate::request::{Origin, Request};
use crate::understand::Meaning;

/// The conditions of a request on offers and suppliers, ready to be asked many times.
pub(crate) struct Filter<'a> {
    corpus: &'a Corpus,
    request: &'a Request,
    /// By product, whether it is one of those asked; empty when none is.
    products: Vec<bool>,
    /// Signs that must all be proven on the offer (`bio` among the words).
    must_prove: u16,
    department: Option<u16>,
    intercommunality: Option<u16>,
    commune: Option<u32>,
    origin: Option<Area>,
    /// Months among the words.
    said_months: u16,
    /// A code was asked that no supplier has.
    nobody: bool,
}

/// The origin in the corpus's own numbers.
struct Area {
    unit: [f32; 3],
    radius2: f32,
    department: Option<u16>,
    intercommunality: Option<u16>,
    commune: Option<u32>,
}

impl<'a> Filter<'a> {
    pub(crate) fn new(corpus: &'a Corpus, request: &'a Request, meaning: &Meaning) -> Self {
        let mut nobody = false;
        let mut must = |number: Option<Option<u32>>| {
            nobody |= number == Some(None);
            number.flatten()
        };
        let department = must(request.department.as_ref().map(|code| corpus.departments.number(code)));
        let intercommunality =
            must(request.intercommunality.as_ref().map(|code| corpus.intercommunalities.number(code)));
        let commune = must(request.commune.as_ref().map(|code| corpus.communes.number(code)));
        Self {
            corpus,
            request,
            products: product_set(corpus, request),
            must_prove: if meaning.signs.contains(&Certification::Organic) { Certification::Organic.bit() } else { 0 },
            department: department.and_then(short),
            intercommunality: intercommunality.and_then(short),
            commune,
            origin: request.near.as_ref().map(|origin| Area::new(corpus, origin, request.radius_km)),
            said_months: meaning.months,
            nobody,
        }
    }

    /// Whether offers have conditions at all.
    pub(crate) fn asks_offers(&self) -> bool {
        let r = self.request;
        r.families | r.certifications | r.months | self.said_months | self.must_prove != 0 || !self.products.is_empty()
    }

    /// Whether the place is a condition, not only an order.
    pub(crate) fn asks_place(&self) -> bool {
        let r = self.request;
        (r.near.is_some() && (r.radius_km.is_some() || r.delivers_to)) || r.bounds.is_some() || r.polygon.is_some()
    }

    /// Whether the offer meets every condition on offers.
    pub(crate) fn offer(&self, offer: usize) -> bool {
        let (r, o) = (self.request, &self.corpus.offers.briefs[offer]);
        if r.families != 0 && r.families & (1 << o.family) == 0
            || r.months != 0 && r.months & o.months == 0
            || self.said_months != 0 && self.said_months & o.months == 0
        {
            return false;
        }
        if r.certifications | self.must_prove != 0 {
            let proven = self.corpus.proven(offer);
            if r.certifications != 0 && r.certifications & proven == 0 || self.must_prove & !proven != 0 {
                return false;
            }
        }
        self.products.is_empty() || o.product != NONE && self.products[usize::from(o.product)]
    }

    /// Whether an offer of the supplier meets every condition on offers.
    pub(crate) fn has_offer(&self, supplier: usize) -> bool {
        if !self.asks_offers() {
            return true;
        }
        let (r, s) = (self.request, &self.corpus.suppliers.briefs[supplier]);
        let proof = r.certifications | self.must_prove;
        if r.families != 0 && s.families & r.families == 0 || proof != 0 && s.proven_signs() & proof == 0 {
            return false;
        }
        self.corpus.offers_of(supplier).any(|offer| self.offer(offer))
    }

    /// Whether the supplier itself passes: there, of the kind, in the place, delivering.
    pub(crate) fn supplier(&self, supplier: usize) -> bool {
        let (r, s) = (self.request, &self.corpus.suppliers);
        let brief = &s.briefs[supplier];
        if brief.gone || self.nobody || r.kinds != 0 && r.kinds & brief.kind.bit() == 0 {
            return false;
        }
        if self.department.is_some_and(|code| s.departments[supplier] != code)
            || self.intercommunality.is_some_and(|code| s.intercommunalities[supplier] != code)
            || self.commune.is_some_and(|code| s.communes[supplier] != code)
        {
            return false;
        }
        if r.delivery_days != 0 && r.delivery_days & s.delivery_days[supplier] == 0 {
            return false;
        }
        self.in_reach(supplier) && self.in_shape(supplier) && (!r.delivers_to || self.delivers(supplier))
    }

    fn in_reach(&self, supplier: usize) -> bool {
        let (Some(area), Some(km), Some(origin)) = (&self.origin, self.request.radius_km, &self.request.near) else {
            return true;
        };
        let chord = chord2(self.corpus.suppliers.briefs[supplier].unit, area.unit);
        if (chord - area.radius2).abs() > area.radius2 * 1e-3 {
            return chord < area.radius2;
        }
        self.corpus.suppliers.points[supplier].is_some_and(|p| p.distance_km(origin.point) <= km)
    }

    fn in_shape(&self, supplier: usize) -> bool {
        let r = self.request;
        if r.bounds.is_none() && r.polygon.is_none() {
            return true;
        }
        self.corpus.suppliers.points[supplier].is_some_and(|p| {
            r.bounds.is_none_or(|b| b.contains(p)) && r.polygon.as_ref().is_none_or(|shape| shape.contains(p))
        })
    }

    fn delivers(&self, supplier: usize) -> bool {
        let (Some(area), Some(origin)) = (&self.origin, &self.request.near) else { return false };
        delivers(self.corpus, supplier, area, origin)
    }

    /// Offers that pass, of a supplier.
    pub(crate) fn offers(&self, supplier: usize) -> impl Iterator<Item = usize> {
        self.corpus.offers_of(supplier).filter(|offer| self.offer(*offer))
    }
}

impl Area {
    fn new(corpus: &Corpus, origin: &Origin, radius_km: Option<f64>) -> Self {
        let number = |code: &Option<String>, codes: &crate::corpus::Codes| code.as_ref().and_then(|c| codes.number(c));
        Self {
            unit: origin.point.unit(),
            radius2: chord2_of_km(radius_km.unwrap_or(0.0)),
            department: number(&origin.department, &corpus.departments).and_then(short),
            intercommunality: number(&origin.intercommunality, &corpus.intercommunalities).and_then(short),
            commune: number(&origin.commune, &corpus.communes),
        }
    }
}

fn delivers(corpus: &Corpus, supplier: usize, area: &Area, origin: &Origin) -> bool {
    let s = &corpus.suppliers;
    area.department.is_some_and(|code| s.delivery_departments.get(supplier).contains(&code))
        || area.intercommunality.is_some_and(|code| s.delivery_intercommunalities.get(supplier).contains(&code))
        || area.commune.is_some_and(|code| s.delivery_communes.get(supplier).contains(&code))
        || s.radii[supplier] > 0.0
            && s.points[supplier].is_some_and(|p| p.distance_km(origin.point) <= f64::from(s.radii[supplier]))
}

/// By ordinal, whether the supplier delivers to a place; for an order, not a condition.
pub(crate) fn deliverers<'a>(corpus: &'a Corpus, origin: &'a Origin) -> impl Fn(usize) -> bool + 'a {
    let area = Area::new(corpus, origin, None);
    move |supplier| delivers(corpus, supplier, &area, origin)
}

fn product_set(corpus: &Corpus, request: &Request) -> Vec<bool> {
    if request.products.is_empty() {
        return Vec::new();
    }
    let mut wanted = vec![false; corpus.lexicon.products().len()];
    for id in &request.products {
        if let Some(product) = corpus.lexicon.products().get(usize::from(*id)) {
            wanted[usize::from(*id)] = true;
            product.narrower.iter().for_each(|narrower| wanted[usize::from(*narrower)] = true);
        }
    }
    wanted
}

fn short(number: u32) -> Option<u16> {
    u16::try_from(number).ok()
}

/// Counts suppliers by combination of bits first, so that each supplier costs three additions.
pub(crate) struct Counter {
    families: [u32; 256],
    certifications: Vec<u32>,
    kinds: [u32; 5],
}

impl Counter {
    pub(crate) fn new() -> Self {
        Self { families: [0; 256], certifications: vec![0; 1 << Certification::ALL.len()], kinds: [0; 5] }
    }

    pub(crate) fn count(&mut self, corpus: &Corpus, supplier: usize) {
        let brief = &corpus.suppliers.briefs[supplier];
        self.families[usize::from(brief.families)] += 1;
        self.certifications[usize::from(brief.proven_signs())] += 1;
        self.kinds[brief.kind as usize] += 1;
    }

    pub(crate) fn facets(&self) -> crate::request::Facets {
        let mut facets = crate::request::Facets { kinds: self.kinds, ..Default::default() };
        spread(&self.families, &mut facets.families);
        spread(&self.certifications, &mut facets.certifications);
        debug_assert_eq!(facets.families.len(), Family::ALL.len());
        debug_assert_eq!(facets.kinds.len(), Kind::ALL.len());
        facets
    }
}

fn spread(by_mask: &[u32], by_bit: &mut [u32]) {
    for (mask, count) in by_mask.iter().enumerate().filter(|(_, count)| **count > 0) {
        for (bit, total) in by_bit.iter_mut().enumerate() {
            if mask & (1 << bit) != 0 {
                *total += count;
            }
        }
    }
}
