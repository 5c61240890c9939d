//! Completion for a text box: what is typed so far → communes, the likeliest first.

use super::Gazetteer;
use super::key::{article_len, key};
use super::pull::Home;
use super::tables::{Kind, Name};
use super::typo::Starts;

/// A full name is meant rather than the beginning of a longer one, unless that place is ten times larger or nearer.
const EXACT: f32 = 10.0;
const FORMER: f32 = 0.1;

/// How a commune was found, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    NameAtHome,
    Beginning,
    Words,
    Slips(usize),
}

#[derive(Debug, Clone, Copy)]
struct Found {
    rank: Rank,
    pull: f32,
    commune: u32,
}

impl Gazetteer {
    /// The communes somebody may mean who has typed `text` so far, the likeliest first, at most `limit`.
    ///
    /// Knows names and their beginnings, words of names, postal and INSEE codes; tolerates slips when nothing else is found.
    /// `home_department` is the code of the department asked from: its communes come first, then large and near ones.
    #[must_use]
    pub fn search(&self, text: &str, home_department: Option<&str>, limit: usize) -> Vec<usize> {
        let (home, typed) = (self.home(home_department), key(text));
        let mut found = Vec::new();
        self.find_codes(&typed, home, &mut found);
        if found.is_empty() {
            self.find_names(&typed, home, limit, &mut found);
        }
        if found.is_empty() {
            self.find_names(&without_codes(&typed), home, limit, &mut found);
        }
        best(found, limit)
    }

    /// `43200`, `432`, `43157`, `43200 yssingeaux`.
    fn find_codes(&self, typed: &str, home: Option<Home>, found: &mut Vec<Found>) {
        let is_digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
        let (digits, words): (Vec<&str>, Vec<&str>) = typed.split(' ').partition(|word| is_digits(word));
        if let ([digits], true) = (digits.as_slice(), words.is_empty() || digits.len() == 1 && digits[0].len() > 2) {
            let named = |commune: &usize| words.is_empty() || self.bears_words(*commune, &words);
            found.extend(self.with_postal_code(digits).filter(named).map(|at| self.found(Rank::Beginning, at, home)));
        }
        if let Some(at) = self.by_insee_code(typed) {
            found.push(self.found(Rank::Words, at, home));
        }
    }

    fn find_names(&self, typed: &str, home: Option<Home>, limit: usize, found: &mut Vec<Found>) {
        if typed.is_empty() {
            return;
        }
        let department = home.map(|home| home.department);
        for head in self.names.heads_with(typed) {
            let name = self.names.name(*head);
            let exact = self.names.tail(*head).len() == typed.len();
            let rank = if exact && self.is_home(name, department) { Rank::NameAtHome } else { Rank::Beginning };
            found.push(self.found_name(rank, name, home, if exact { EXACT } else { 1.0 }));
        }
        if found.len() < limit {
            self.find_words(typed, home, found);
        }
        if found.is_empty() {
            self.find_misspelt(typed, home, found);
        }
    }

    /// Names of which every typed word begins a word: "chapteuil julien", "chambon lignon".
    fn find_words(&self, typed: &str, home: Option<Home>, found: &mut Vec<Found>) {
        let typed = &typed[article_len(typed)..];
        let words: Vec<&str> = typed.split(' ').collect();
        let Some(rarest) = words.iter().map(|word| self.names.words_with(word)).min_by_key(|range| range.len()) else {
            return;
        };
        let names = rarest.iter().map(|start| self.names.name(*start));
        found.extend(
            names
                .filter(|name| has_words(self.names.text_of(name), &words))
                .map(|name| self.found_name(Rank::Words, name, home, 1.0)),
        );
    }

    fn find_misspelt(&self, typed: &str, home: Option<Home>, found: &mut Vec<Found>) {
        let most = match typed.len() {
            0..=3 => return,
            4..=7 => 1,
            _ => 2,
        };
        let mut starts = Starts::new(typed, most);
        for head in self.names.heads() {
            if let Some(slips) = starts.slips(self.names.tail(*head)) {
                found.push(self.found_name(Rank::Slips(slips), self.names.name(*head), home, 1.0));
            }
        }
    }

    fn bears_words(&self, commune: usize, words: &[&str]) -> bool {
        let Some(rarest) = words.iter().map(|word| self.names.words_with(word)).min_by_key(|range| range.len()) else {
            return false;
        };
        let mut names = rarest.iter().map(|start| self.names.name(*start));
        names.any(|name| name.commune as usize == commune && has_words(self.names.text_of(name), words))
    }

    fn found_name(&self, rank: Rank, name: &Name, home: Option<Home>, factor: f32) -> Found {
        let factor = if name.kind == Kind::Former { factor * FORMER } else { factor };
        Found { rank, pull: self.pull(name.commune, home) * factor, commune: name.commune }
    }

    fn found(&self, rank: Rank, commune: usize, home: Option<Home>) -> Found {
        let commune = u32::try_from(commune).unwrap_or(u32::MAX);
        Found { rank, pull: self.pull(commune, home), commune }
    }
}

/// "43201 yssingeaux": the postal code is wrong, the name may be right.
fn without_codes(typed: &str) -> String {
    let is_code = |word: &&str| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    typed.split(' ').filter(|word| !is_code(word)).collect::<Vec<_>>().join(" ")
}

fn has_words(name: &str, words: &[&str]) -> bool {
    words.iter().all(|word| name.split(' ').any(|part| part.starts_with(word)))
}

fn best(mut found: Vec<Found>, limit: usize) -> Vec<usize> {
    found.sort_unstable_by(|a, b| a.rank.cmp(&b.rank).then(b.pull.total_cmp(&a.pull)).then(a.commune.cmp(&b.commune)));
    let mut best: Vec<usize> = Vec::new();
    for commune in found.into_iter().map(|found| found.commune as usize) {
        if best.len() == limit {
            break;
        }
        if !best.contains(&commune) {
            best.push(commune);
        }
    }
    best
}
