//! Suppliers come and go.

use std::collections::HashSet;

use super::columns::{Brief, OfferBrief};
use super::{Corpus, NONE, sort_key};
use crate::geo::Point;
use crate::lexicon::ProductId;
use crate::listing::{Listing, Offer};
use crate::text::{Word, is_function_word, stem, words};

impl Corpus {
    /// Forgets a supplier.
    pub(crate) fn remove(&mut self, id: i64) {
        if let Some(ordinal) = self.by_id.remove(&id) {
            self.suppliers.briefs[ordinal as usize].gone = true;
        }
    }

    /// Adds a supplier, or replaces what was known of it. [`Self::settle`] follows the last of a batch.
    pub(crate) fn put(&mut self, listing: &Listing) {
        self.remove(listing.id);
        let ordinal = u32::try_from(self.len()).expect("fewer than 4 billion suppliers");
        self.by_id.insert(listing.id, ordinal);
        self.put_supplier(listing);
        self.put_words(ordinal, listing);
        let mut families = 0;
        let mut signs = 0;
        for offer in &listing.offers {
            families |= offer.family.bit();
            signs |= offer.signs;
            self.put_offer(ordinal, offer);
        }
        let brief = &mut self.suppliers.briefs[ordinal as usize];
        (brief.families, brief.signs) = (families, signs);
        self.suppliers.first_offer.push(u32::try_from(self.offers.briefs.len()).expect("fewer than 4 billion offers"));
    }

    fn put_supplier(&mut self, listing: &Listing) {
        let s = &mut self.suppliers;
        s.ids.push(listing.id);
        s.briefs.push(Brief {
            unit: listing.point.map_or([2.0; 3], Point::unit),
            confirmed: listing.confirmed.unwrap_or(i32::MIN),
            families: 0,
            signs: 0,
            proven: 0,
            kind: listing.kind,
            gone: false,
        });
        s.communes.push(self.communes.add(&listing.commune));
        s.departments.push(self.departments.add_short(&listing.department));
        s.intercommunalities
            .push(listing.intercommunality.as_ref().map_or(NONE, |code| self.intercommunalities.add_short(code)));
        s.points.push(listing.point);
        s.exact.push(listing.exact);
        s.on_map.push(listing.on_map && listing.point.is_some());
        let delivery = &listing.delivery;
        #[expect(clippy::cast_possible_truncation, reason = "a radius in kilometres")]
        s.radii.push(delivery.radius_km.map_or(0.0, |km| km as f32));
        s.delivery_departments.push(delivery.departments.iter().map(|code| self.departments.add_short(code)));
        s.delivery_intercommunalities
            .push(delivery.intercommunalities.iter().map(|code| self.intercommunalities.add_short(code)));
        s.delivery_communes.push(delivery.communes.iter().map(|code| self.communes.add(code)));
        s.delivery_days.push(delivery.days);
        s.certificates.push(listing.certificates.iter().copied());
        s.references.push(&listing.reference);
        s.slugs.push(&listing.slug);
        s.names.push(&listing.name);
        s.folded_names.push(&sort_key(&listing.name));
        s.descriptions.push(&listing.description);
        self.proven_on = i32::MIN;
    }

    fn put_words(&mut self, ordinal: u32, listing: &Listing) {
        // A word that stands twice is one, as in a query.
        let mut named = HashSet::new();
        for word in words(&listing.name).iter().filter(|w| !is_function_word(&w.folded)) {
            named.insert(stem(&word.folded));
            let id = self.vocabulary.add(&word.folded);
            push_once(&mut self.vocabulary.places_mut(id).names, ordinal);
        }
        self.suppliers.name_lengths.push(u8::try_from(named.len()).unwrap_or(u8::MAX));
        let text = words(&listing.description);
        for word in text.iter().filter(|w| !is_function_word(&w.folded)) {
            let id = self.vocabulary.add(&word.folded);
            push_once(&mut self.vocabulary.places_mut(id).texts, ordinal);
        }
        for mention in self.lexicon.mentions(&text) {
            push_once(&mut self.mentioned[usize::from(mention.product)], ordinal);
        }
    }

    fn put_offer(&mut self, supplier: u32, offer: &Offer) {
        let ordinal = u32::try_from(self.offers.briefs.len()).expect("fewer than 4 billion offers");
        let name = self.offer_name(&offer.name, offer.product);
        self.offers_by_name[name as usize].push(ordinal);
        if let Some(product) = offer.product {
            self.by_product[usize::from(product)].push(ordinal);
        }
        let o = &mut self.offers;
        o.briefs.push(OfferBrief {
            supplier,
            product: offer.product.unwrap_or(NONE),
            months: offer.months,
            signs: offer.signs,
            family: offer.family as u8,
        });
        o.names.push(name);
        o.prices.push(offer.price_cents.unwrap_or(u32::MAX));
        o.units.push(self.measures.add_short(&offer.unit));
        o.packagings.push(self.measures.add_short(&offer.packaging));
    }

    /// The number of an offer's name; its words are looked at once, however many offers bear it.
    fn offer_name(&mut self, name: &str, product: Option<ProductId>) -> u32 {
        let known = self.offers_by_name.len();
        let number = self.offer_names.add(name);
        if number as usize == known {
            self.offers_by_name.push(Vec::new());
            let content = words(name);
            for word in content.iter().filter(|w| !is_function_word(&w.folded)) {
                let id = self.vocabulary.add(&word.folded);
                push_once(&mut self.vocabulary.places_mut(id).offer_names, number);
            }
            self.put_named(number, product, &content);
        }
        number
    }

    /// Notes the products an offer's name mentions beside its own: *tarte aux pommes* is a hint for apples. A variety of
    /// its own product is none: *tomate cœur de bœuf* says nothing of beef.
    fn put_named(&mut self, number: u32, product: Option<ProductId>, content: &[Word]) {
        for mention in self.lexicon.mentions(content) {
            let own = product.is_some_and(|p| {
                p == mention.product
                    || (0..=mention.from).rev().take(3).any(|from| {
                        self.lexicon.variety(p, &content[from..]).is_some_and(|used| from + used >= mention.to)
                    })
            });
            if !own {
                push_once(&mut self.named[usize::from(mention.product)], number);
            }
        }
    }

    /// Brings orders up to date after a batch of changes.
    pub(crate) fn settle(&mut self) {
        self.vocabulary.sort();
        if self.ranked_up_to == self.len() {
            return;
        }
        let fresh = u32::try_from(self.ranked_up_to).expect("as in put")..u32::try_from(self.len()).expect("as in put");
        self.by_name.extend(fresh);
        let (names, ids) = (&self.suppliers.folded_names, &self.suppliers.ids);
        self.by_name.sort_by(|a, b| names.get(*a).cmp(names.get(*b)).then(ids[*a as usize].cmp(&ids[*b as usize])));
        self.suppliers.name_rank.resize(self.by_name.len(), 0);
        for (rank, ordinal) in self.by_name.iter().enumerate() {
            self.suppliers.name_rank[*ordinal as usize] = u32::try_from(rank).expect("as in put");
        }
        self.ranked_up_to = self.len();
    }

    /// Gives back what growing took too much, after a rebuild.
    pub(crate) fn shrink(&mut self) {
        self.vocabulary.shrink();
        for lists in [&mut self.offers_by_name, &mut self.by_product, &mut self.named, &mut self.mentioned] {
            lists.iter_mut().for_each(Vec::shrink_to_fit);
        }
        let s = &mut self.suppliers;
        for texts in [&mut s.references, &mut s.slugs, &mut s.names, &mut s.folded_names, &mut s.descriptions] {
            texts.shrink();
        }
        s.certificates.shrink();
        let o = &mut self.offers;
        o.briefs.shrink_to_fit();
        o.names.shrink_to_fit();
        o.prices.shrink_to_fit();
        for column in [&mut o.units, &mut o.packagings] {
            column.shrink_to_fit();
        }
    }
}

fn push_once(list: &mut Vec<u32>, value: u32) {
    if list.last() != Some(&value) {
        list.push(value);
    }
}
