//! The engine as the program holds it: shared by all requests, replaced or amended by one writer.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::corpus::Corpus;
use crate::gazetteer::Gazetteer;
use crate::lexicon::Lexicon;
use crate::listing::Listing;
use crate::request::{Answer, Origin, Request};
use crate::search::search;
use crate::suggest::{Suggestion, suggest};
use crate::text::Word;
use crate::understand::{Meaning, understand};

/// Where a commune of the gazetteer lies, by its number there.
pub type Locate = Box<dyn Fn(usize) -> Option<Origin> + Send + Sync>;

/// The search engine.
pub struct Index {
    lexicon: Arc<Lexicon>,
    gazetteer: Arc<Gazetteer>,
    locate: Locate,
    home: Option<String>,
    corpus: RwLock<Corpus>,
    built: AtomicBool,
    generation: AtomicU64,
}

/// A corpus being built beside the one that answers.
pub struct Rebuild {
    corpus: Corpus,
}

impl Rebuild {
    /// Adds a supplier, or replaces it.
    pub fn put(&mut self, listing: &Listing) {
        self.corpus.put(listing);
    }

    /// Number of suppliers put so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.corpus.present()
    }

    /// Whether none was put.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Index {
    /// An empty index. `home` is the department whose communes are meant first.
    #[must_use]
    pub fn new(lexicon: Arc<Lexicon>, gazetteer: Arc<Gazetteer>, locate: Locate, home: Option<String>) -> Self {
        let corpus = RwLock::new(Corpus::new(Arc::clone(&lexicon)));
        Self { lexicon, gazetteer, locate, home, corpus, built: AtomicBool::new(false), generation: AtomicU64::new(0) }
    }

    /// The vocabulary of products.
    #[must_use]
    pub fn lexicon(&self) -> &Arc<Lexicon> {
        &self.lexicon
    }

    /// Number of suppliers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.read().present()
    }

    /// Whether it knows no supplier.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Starts a corpus from nothing; searches go on in the present one until [`Self::install`].
    #[must_use]
    pub fn rebuild(&self) -> Rebuild {
        Rebuild { corpus: Corpus::new(Arc::clone(&self.lexicon)) }
    }

    /// Puts a rebuilt corpus in place of the present one.
    pub fn install(&self, rebuild: Rebuild, today: i32) {
        let mut corpus = rebuild.corpus;
        corpus.settle();
        corpus.prove(today);
        corpus.shrink();
        let before = std::mem::replace(&mut *self.write(), corpus);
        self.built.store(true, Ordering::Release);
        self.turn();
        // Freed once searches go on: it may be hundreds of megabytes.
        drop(before);
    }

    /// Whether a corpus was installed: before, it knows nobody because it was told of nobody.
    #[must_use]
    pub fn is_built(&self) -> bool {
        self.built.load(Ordering::Acquire)
    }

    /// Removes some suppliers and adds or replaces others; a search sees all of it or nothing.
    pub fn update(&self, gone: &[i64], put: &[Listing], today: i32) {
        let mut corpus = self.write();
        for id in gone {
            corpus.remove(*id);
        }
        for listing in put {
            corpus.put(listing);
        }
        corpus.settle();
        corpus.prove(today);
        drop(corpus);
        self.turn();
    }

    /// A number that changes whenever an answer may, and that no other index of the process has: for those who keep answers.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    fn turn(&self) {
        static TURNS: AtomicU64 = AtomicU64::new(1);
        self.generation.store(TURNS.fetch_add(1, Ordering::Relaxed), Ordering::Release);
    }

    /// Whether updates left so much behind that a rebuild is worth it.
    #[must_use]
    pub fn is_worn(&self) -> bool {
        let corpus = self.read();
        let left_behind = corpus.len() - corpus.present();
        left_behind > 2_000.max(corpus.present() / 2)
    }

    /// Answers a request.
    #[must_use]
    pub fn search(&self, request: &Request) -> Answer {
        let corpus = self.proven(request.today);
        let meaning = self.understand(&corpus, request);
        let place = meaning.place.as_ref().and_then(|(commune, _)| (self.locate)(*commune));
        if request.near.is_none() && request.radius_km.is_some() && place.is_some() {
            // *Miel à Brioude*, within 30 km: of Brioude.
            let around = Request { near: place.clone(), ..request.clone() };
            return search(&corpus, &around, &meaning, place);
        }
        search(&corpus, request, &meaning, place)
    }

    /// Completes what is being typed: products, suppliers, communes, at most `limit` of each.
    #[must_use]
    pub fn suggest(&self, typed: &str, limit: usize) -> Vec<Suggestion> {
        suggest(&self.read(), &self.gazetteer, self.home.as_deref(), typed, limit, &|commune| self.is_home(commune))
    }

    fn understand(&self, corpus: &Corpus, request: &Request) -> Meaning {
        let is_word = |word: &str| self.lexicon.phrases().names(word);
        let read_place = |words: &[Word], at: usize, strong: bool| {
            let word = words[at].folded.as_str();
            if word.len() == 5 && word.bytes().all(|b| b.is_ascii_digit()) {
                // A postal code names a place; the largest of its communes at home stands for it.
                return self.gazetteer.search(word, self.home.as_deref(), 1).first().map(|commune| (*commune, 1));
            }
            let folded: Vec<&str> = words.iter().map(|w| w.folded.as_str()).collect();
            self.gazetteer.read(&folded, at, self.home.as_deref(), strong, &is_word)
        };
        let mut meaning = understand(&request.q, request.ignore, corpus, &read_place, &|commune| self.is_home(commune));
        let conditions = !meaning.signs.is_empty() || meaning.months != 0 || meaning.days != 0;
        if conditions && meaning.name.len() > 1 && corpus.is_name(&request.q) {
            // *Les Paniers Bio du Velay* are called so, whatever they can prove.
            meaning.signs.clear();
            (meaning.months, meaning.days) = (0, 0);
        }
        meaning
    }

    fn is_home(&self, commune: usize) -> bool {
        let department = (self.locate)(commune).and_then(|origin| origin.department);
        department.is_some() && department == self.home
    }

    /// The corpus with its certificates judged on the day asked.
    fn proven(&self, today: i32) -> RwLockReadGuard<'_, Corpus> {
        loop {
            let corpus = self.read();
            if corpus.is_proven_on(today) {
                return corpus;
            }
            drop(corpus);
            self.write().prove(today);
        }
    }

    // A panic while the lock was held left the old corpus or whole columns: both can be read.
    fn read(&self) -> RwLockReadGuard<'_, Corpus> {
        self.corpus.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Corpus> {
        self.corpus.write().unwrap_or_else(PoisonError::into_inner)
    }
}
