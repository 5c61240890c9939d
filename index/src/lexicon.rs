//! The vocabulary of products: what canteens buy, how cooks and producers call it, what is broader and what is near.
//!
//! It is a CSV file that a non-programmer can mend (`src/suppliers/products.csv` of the program); this module reads it
//! and finds the product in a text, longest phrase first, so that *pommes de terre* is never *pommes*.

use std::collections::HashMap;
use std::fmt;

use crate::codes::Family;
use crate::phrases::{Closeness, Phrases, Reading, Standing};
use crate::text::{Word, words};

/// Place of a product in the lexicon.
pub type ProductId = u16;

/// A product that canteens buy.
#[derive(Clone, Debug)]
pub struct Product {
    /// Public code, e.g. `lentille-verte`.
    pub code: String,
    /// French name of one.
    pub singular: String,
    /// French name of several.
    pub plural: String,
    /// Family of the registry.
    pub family: Family,
    /// The product this one is a kind of.
    pub broader: Option<ProductId>,
    /// An offer of the broader product answers nearly as well: who wants a baguette is served by bread.
    pub close: bool,
    /// Products that are a weak hint for this one: apple juice for apples.
    pub related: Vec<ProductId>,
    /// Usual months, bit 0 is January.
    pub months: u16,
    /// Every narrower product, at any depth.
    pub narrower: Vec<ProductId>,
}

/// A vocabulary file that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub struct LexiconError {
    /// Line of the file, from 1.
    pub line: usize,
    /// What is wrong there, for the person who mends the file.
    pub message: String,
}

impl fmt::Display for LexiconError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "products, line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for LexiconError {}

/// A product read in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The product.
    pub product: ProductId,
    /// First word of the phrase.
    pub from: usize,
    /// Word after the phrase.
    pub to: usize,
}

/// All products and their names.
#[derive(Debug)]
pub struct Lexicon {
    products: Vec<Product>,
    by_code: HashMap<String, ProductId>,
    phrases: Phrases,
}

const HEADINGS: &str = "code;singulier;pluriel;famille;plus_large;proche;synonymes;fautes;variétés;voisins;saison";

struct Row<'a> {
    line: usize,
    cells: Vec<&'a str>,
}

impl<'a> Row<'a> {
    fn list(&self, at: usize) -> impl Iterator<Item = &'a str> {
        self.cells[at].split(',').map(str::trim).filter(|item| !item.is_empty())
    }

    fn error(&self, message: String) -> LexiconError {
        LexiconError { line: self.line, message }
    }
}

impl Lexicon {
    /// Reads the vocabulary: `;` between cells, `,` inside lists, the headings of `products.csv` on the first line.
    pub fn parse(file: &str) -> Result<Self, LexiconError> {
        let mut lines = file.trim_start_matches('\u{feff}').lines().enumerate();
        if lines.next().is_none_or(|(_, first)| first.trim() != HEADINGS) {
            return Err(LexiconError { line: 1, message: format!("the headings must be {HEADINGS}") });
        }
        let mut rows = Vec::new();
        for (at, text) in lines.filter(|(_, text)| !text.trim().is_empty()) {
            let row = Row { line: at + 1, cells: text.split(';').map(str::trim).collect() };
            if row.cells.len() != HEADINGS.split(';').count() {
                return Err(row.error(format!("11 cells expected, {} found", row.cells.len())));
            }
            rows.push(row);
        }
        let mut by_code = HashMap::new();
        for (id, row) in rows.iter().enumerate() {
            let id = ProductId::try_from(id).map_err(|_| row.error("too many products".to_owned()))?;
            if by_code.insert(row.cells[0].to_owned(), id).is_some() {
                return Err(row.error(format!("the code {} stands twice", row.cells[0])));
            }
        }
        let mut products = rows.iter().map(|row| product(row, &by_code)).collect::<Result<Vec<_>, _>>()?;
        fill_narrower(&mut products, &rows)?;
        let phrases = phrases(&rows, &products);
        Ok(Self { products, by_code, phrases })
    }

    /// Every product, in the order of the file; a [`ProductId`] is a place in it.
    #[must_use]
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// One product.
    #[must_use]
    pub fn product(&self, id: ProductId) -> &Product {
        &self.products[usize::from(id)]
    }

    /// The product that has this public code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<ProductId> {
        self.by_code.get(code).copied()
    }

    pub(crate) fn phrases(&self) -> &Phrases {
        &self.phrases
    }

    /// The product that a supplier means by the name of an offer, e.g. `Pdt Agata 10kg`. The first product named is the
    /// one sold; the family the supplier chose settles `PATES` between pasta and pâté.
    ///
    /// Returns nothing when no product is recognised, even with its usual misspellings.
    #[must_use]
    pub fn tie(&self, name: &str, family: Option<Family>) -> Option<ProductId> {
        let words = words(name);
        [Closeness::Exact, Closeness::Stem, Closeness::Typo].into_iter().find_map(|limit| {
            let fits = |id: ProductId| family.is_none_or(|f| self.product(id).family == f);
            let found: Vec<ProductId> = self.readings(&words, limit).map(|(_, r)| r.meant(fits)).collect();
            // A wrong family is likelier than a wrong name, but only when the name was written without a slip.
            found.iter().find(|id| fits(**id)).or_else(|| found.first().filter(|_| limit < Closeness::Typo)).copied()
        })
    }

    /// Every product named in a text, as written (no guessing).
    #[must_use]
    pub fn mentions(&self, words: &[Word]) -> Vec<Mention> {
        self.readings(words, Closeness::Exact)
            .filter(|(_, r)| r.standing != Standing::Variety)
            .map(|(from, r)| Mention { product: r.products[0], from, to: from + r.words })
            .collect()
    }

    /// Longest phrases from left to right.
    fn readings<'a>(&'a self, words: &'a [Word], limit: Closeness) -> impl Iterator<Item = (usize, Reading)> + 'a {
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < words.len() {
                let from = at;
                match self.phrases.longest(&words[at..], limit) {
                    Some(reading) => {
                        at += reading.words;
                        return Some((from, reading));
                    }
                    None => at += 1,
                }
            }
            None
        })
    }

    /// Whether the words name a variety of this product, and how many of them: `golden` after *pommes*.
    pub(crate) fn variety(&self, product: ProductId, words: &[Word]) -> Option<usize> {
        self.phrases.variety(words, |id| {
            id == product
                || self.product(product).narrower.contains(&id)
                || self.product(id).narrower.contains(&product)
        })
    }
}

fn product(row: &Row<'_>, by_code: &HashMap<String, ProductId>) -> Result<Product, LexiconError> {
    let code =
        |code: &str| by_code.get(code).copied().ok_or_else(|| row.error(format!("no product has the code {code}")));
    let family =
        Family::from_code(row.cells[3]).ok_or_else(|| row.error(format!("unknown family {}", row.cells[3])))?;
    Ok(Product {
        code: row.cells[0].to_owned(),
        singular: row.cells[1].to_owned(),
        plural: row.cells[2].to_owned(),
        family,
        broader: Some(row.cells[4]).filter(|c| !c.is_empty()).map(code).transpose()?,
        close: row.cells[5] == "oui",
        related: row.list(9).map(code).collect::<Result<_, _>>()?,
        months: months(row)?,
        narrower: Vec::new(),
    })
}

/// `7-4, 6` is a mask of months; an interval may pass the new year.
fn months(row: &Row<'_>) -> Result<u16, LexiconError> {
    let mut mask = 0;
    for part in row.list(10) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let month = |text: &str| text.trim().parse::<u16>().ok().filter(|m| (1..=12).contains(m));
        let (Some(first), Some(last)) = (month(first), month(last)) else {
            return Err(row.error(format!("{part} is not an interval of months such as 7-4")));
        };
        let mut m = first;
        mask |= 1 << (m - 1);
        while m != last {
            m = m % 12 + 1;
            mask |= 1 << (m - 1);
        }
    }
    Ok(mask)
}

fn fill_narrower(products: &mut [Product], rows: &[Row<'_>]) -> Result<(), LexiconError> {
    for id in 0..products.len() {
        let mut at = products[id].broader;
        let mut steps = 0;
        while let Some(broader) = at {
            steps += 1;
            if steps > 12 {
                return Err(rows[id].error("its broader products go in a circle".to_owned()));
            }
            let own = ProductId::try_from(id).unwrap_or(ProductId::MAX);
            products[usize::from(broader)].narrower.push(own);
            at = products[usize::from(broader)].broader;
        }
    }
    Ok(())
}

fn phrases(rows: &[Row<'_>], products: &[Product]) -> Phrases {
    let mut phrases = Phrases::new();
    for ((row, product), id) in rows.iter().zip(products).zip(0..) {
        for name in [&product.singular, &product.plural] {
            phrases.add(name, id, Standing::Name);
            let joined: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
            if name.contains([' ', '-']) {
                phrases.add(&joined, id, Standing::Misspelling);
            }
        }
        for (column, standing) in [(6, Standing::Synonym), (7, Standing::Misspelling), (8, Standing::Variety)] {
            for phrase in row.list(column) {
                phrases.add(phrase, id, standing);
            }
        }
    }
    phrases
}
