//! Communes in running words: "oeufs bio près du Puy", "lentilles saugues".

use super::Gazetteer;
use super::everyday::is_everyday;
use super::key::{is_connector, is_elided, push_word, spelt_out, telling_words};
use super::pull::Home;
use super::tables::{Kind, Name};
use super::typo::within_one;

/// Longest name read, in words; the longest in France has 8.
const MOST_WORDS: usize = 8;
/// A complete name is meant rather than the beginning of a longer one.
const COMPLETE: f32 = 6.0;
/// A beginning stands for the largest place only when it draws this much more than the next.
const CLEARLY: f32 = 3.0;
const SOMEWHAT: f32 = 1.5;
/// Inhabitants from which a town is called by the beginning of its name without further ado.
pub(super) const TOWN: u32 = 1_500;
/// Inhabitants from which a city is thought of before the ordinary sense of its name.
const CITY: u32 = 50_000;
/// Kilometres from the middle of the home department within which villages are known.
const NEARBY: f32 = 100.0;

/// What surrounds the words that are read.
struct Reading<'a> {
    home: Option<Home>,
    /// A preposition of place came before.
    strong: bool,
    is_word: &'a dyn Fn(&str) -> bool,
}

impl Gazetteer {
    /// The commune whose name begins at `words[at]`, and how many words it takes; the longest name wins.
    ///
    /// `words` are folded (lower case, no accents, one word each); `home` is the code of the department asked from. After a
    /// preposition of place (`strong`: "près de", "à", "vers") beginnings of names ("chambon") and one slip are accepted.
    /// Otherwise only a complete name is, or the beginning of the name of a town of the home department ("le puy"), and
    /// never an ordinary word: `is_word` tells those that the caller knows, the gazetteer adds its own.
    #[must_use]
    pub fn read(
        &self,
        words: &[&str],
        at: usize,
        home: Option<&str>,
        strong: bool,
        is_word: &dyn Fn(&str) -> bool,
    ) -> Option<(usize, usize)> {
        let reading = Reading { home: self.home(home), strong, is_word };
        let typed = Typed::new(words.get(at..)?);
        let known =
            typed.ends.iter().take_while(|(_, len)| !self.names.heads_with(&typed.key[..*len]).is_empty()).count();
        let mut readings = typed.ends[..known].iter().rev();
        let exact = readings.find_map(|(taken, len)| Some((self.meant(&typed.key[..*len], &reading)?, *taken)));
        let found = exact.or_else(|| {
            let mut slips = typed.ends.iter().rev().filter(|_| strong);
            slips.find_map(|(taken, len)| Some((self.misspelt(&typed.key[..*len], &reading)?, *taken)))
        });
        found.map(|(commune, taken)| (commune as usize, taken))
    }

    /// The commune meant by exactly this text, a complete name or the beginning of one.
    fn meant(&self, typed: &str, reading: &Reading) -> Option<u32> {
        let telling = Telling::of(typed, reading)?;
        let heads = self.names.heads_with(typed).iter();
        let (mut complete, mut beginnings) = (Best::default(), Best::default());
        for head in heads {
            let (name, tail) = (self.names.name(*head), self.names.tail(*head));
            let pull = self.pull(name.commune, reading.home);
            if tail.len() == typed.len() && (head.offset == 0 || telling.words > 1) {
                if self.accepts_complete(name, typed, &telling, reading) {
                    complete.offer(name.commune, if name.kind == Kind::Own { pull * COMPLETE } else { pull });
                }
            } else if is_whole_words(tail, typed.len()) && self.accepts_beginning(name, typed, &telling, reading) {
                beginnings.offer(name.commune, pull);
            }
        }
        let beginning = beginnings.clear(if reading.strong { SOMEWHAT } else { CLEARLY });
        let at_home = |(commune, _): &(u32, f32)| self.lies_home(*commune, reading.home.map(|home| home.department));
        let city = |(commune, _): &(u32, f32)| self.places[*commune as usize].population >= CITY;
        // *Craponne* is Craponne-sur-Arzon at home, not the larger Craponne elsewhere; *Saint-Étienne* is the city.
        let elsewhere = complete.first.as_ref().is_none_or(|it| !at_home(it) && !city(it));
        if let Some((town, _)) = beginning.filter(|it| elsewhere && at_home(it)) {
            return Some(town);
        }
        complete.first.into_iter().chain(beginning).max_by(|a, b| a.1.total_cmp(&b.1)).map(|(commune, _)| commune)
    }

    fn accepts_complete(&self, name: &Name, typed: &str, telling: &Telling, reading: &Reading) -> bool {
        let population = self.places[name.commune as usize].population;
        let at_home = self.is_home(name, reading.home.map(|home| home.department));
        if telling.ordinary {
            return reading.strong && at_home || population >= CITY && telling.foreign_to_caller;
        }
        let nearby = || reading.home.is_some_and(|home| self.kilometres(name.commune, home) <= NEARBY);
        let known = at_home || population >= TOWN || nearby();
        match typed.len() {
            0..=1 => false,
            2 => reading.strong && at_home,
            3 => known && (reading.strong || population >= TOWN),
            _ => reading.strong || telling.words > 1 || known,
        }
    }

    fn accepts_beginning(&self, name: &Name, typed: &str, telling: &Telling, reading: &Reading) -> bool {
        let population = self.places[name.commune as usize].population;
        let at_home = self.is_home(name, reading.home.map(|home| home.department));
        let told = typed.len() > 2 && !telling.ordinary && !typed.rsplit(' ').next().is_some_and(is_connector);
        told && name.kind != Kind::Former
            && match (at_home, reading.strong) {
                (true, true) => true,
                (true, false) | (false, true) => population > TOWN,
                (false, false) => population >= CITY,
            }
    }

    /// The commune whose name, or the beginning of whose name at home, is one slip away.
    fn misspelt(&self, typed: &str, reading: &Reading) -> Option<u32> {
        let telling = Telling::of(typed, reading)?;
        if typed.len() < 5 || telling.ordinary || typed.rsplit(' ').next().is_some_and(is_connector) {
            return None;
        }
        let mut best = Best::default();
        for name in self.names.within_one_slip(typed) {
            let at_home = self.is_home(name, reading.home.map(|home| home.department));
            let known = at_home || self.places[name.commune as usize].population > TOWN;
            if known && name.kind != Kind::Former {
                best.offer(name.commune, self.pull(name.commune, reading.home) * COMPLETE);
            }
        }
        for name in self.misspelt_beginnings(typed, reading) {
            best.offer(name.commune, self.pull(name.commune, reading.home));
        }
        best.clear(SOMEWHAT).map(|(commune, _)| commune)
    }

    /// Towns of the home department the first words of whose name are one slip away.
    fn misspelt_beginnings<'a>(&'a self, typed: &'a str, reading: &Reading) -> impl Iterator<Item = &'a Name> {
        let towns = reading.home.map_or(&[][..], |home| self.towns.of(home.department));
        towns
            .iter()
            .filter(move |head| begins_within_one_slip(self.names.tail(**head), typed))
            .map(|head| self.names.name(*head))
    }
}

fn begins_within_one_slip(name: &str, typed: &str) -> bool {
    let mut ends = typed.len().saturating_sub(1)..=typed.len() + 1;
    let name = name.as_bytes();
    ends.any(|end| name.get(end) == Some(&b' ') && within_one(&name[..end], typed.as_bytes()))
}

/// The words as one key, with the places where a name may end.
struct Typed {
    key: String,
    /// Words taken, length of the key after them.
    ends: Vec<(usize, usize)>,
}

impl Typed {
    fn new(words: &[&str]) -> Self {
        let (mut key, mut ends) = (String::new(), Vec::new());
        for (taken, word) in words.iter().take(MOST_WORDS).enumerate() {
            if word.is_empty() || !word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                break;
            }
            if is_elided(word) {
                continue;
            }
            push_word(&mut key, if taken == 0 { without_preposition(word) } else { spelt_out(word) });
            ends.push((taken + 1, key.len()));
        }
        Self { key, ends }
    }
}

/// "du Puy", "aux Estables": the article is inside the preposition.
fn without_preposition(word: &str) -> &str {
    match word {
        "du" | "au" => "le",
        "des" | "aux" => "les",
        _ => spelt_out(word),
    }
}

/// What a text says of a place, small words aside.
struct Telling {
    words: usize,
    /// It could as well be ordinary words.
    ordinary: bool,
    /// The caller does not take it for ordinary words.
    foreign_to_caller: bool,
}

impl Telling {
    /// Nothing when the text holds small words, figures or "saint" only.
    fn of(typed: &str, reading: &Reading) -> Option<Self> {
        let mut telling = Self { words: 0, ordinary: true, foreign_to_caller: false };
        let mut says_something = false;
        for word in telling_words(typed) {
            telling.words += 1;
            let saint = matches!(word, "saint" | "sainte" | "saints" | "saintes");
            says_something |= !saint && word.bytes().any(|byte| byte.is_ascii_alphabetic());
            telling.foreign_to_caller |= !(reading.is_word)(word);
            telling.ordinary &= !saint && (is_everyday(word) || (reading.is_word)(word));
        }
        says_something.then_some(telling)
    }
}

fn is_whole_words(tail: &str, len: usize) -> bool {
    tail.as_bytes().get(len).is_none_or(|byte| *byte == b' ')
}

/// The two communes that draw most.
#[derive(Default)]
struct Best {
    first: Option<(u32, f32)>,
    second: f32,
}

impl Best {
    fn offer(&mut self, commune: u32, pull: f32) {
        match self.first {
            Some((first, most)) if first == commune => self.first = Some((first, most.max(pull))),
            Some((_, most)) if pull <= most => self.second = self.second.max(pull),
            first => {
                self.second = first.map_or(0.0, |(_, most)| most);
                self.first = Some((commune, pull));
            }
        }
    }

    /// The first when it draws so much more than the second.
    fn clear(&self, times: f32) -> Option<(u32, f32)> {
        self.first.filter(|(_, pull)| *pull >= self.second * times)
    }
}
