//! Towns as people write them, and how like two names are.

use index::gazetteer::{key, slips, telling_words};

/// Words of a town, comparable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelling {
    text: String,
    /// Letters that belong to "saint" and tell nothing.
    common: usize,
}

/// How like a town's name what was written is, the most like first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// The same words, small ones aside.
    Same,
    /// The same, for a name of the past.
    Former,
    /// The end is missing: `SAINT GENEYS PRÈS SAINT PAULIE`.
    Cut,
    /// A letter or two differ: `DOLAISON`.
    Slips,
    /// The name with more around it, or a part of it: `Le Bourg, Cayres`, `Vorey-sur-Arzon`, `Cocurès`.
    Part,
}

impl Likeness {
    pub(super) fn of_former_name(self) -> Self {
        if self == Self::Same { Self::Former } else { self }
    }
}

impl Spelling {
    pub(super) fn new(name: &str) -> Self {
        let text = key(name);
        let common = if text.starts_with("saint") { text.find(' ').unwrap_or(0) } else { 0 };
        Self { text, common }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// How like a commune's name this is, if at all.
    pub(super) fn likeness(&self, name: &Self) -> Option<Likeness> {
        if self.text == name.text {
            return Some(Likeness::Same);
        }
        let (typed, telling): (Vec<&str>, Vec<&str>) =
            (telling_words(&self.text).collect(), telling_words(&name.text).collect());
        if typed.is_empty() || telling.is_empty() {
            return None;
        }
        if typed == telling {
            return Some(Likeness::Same);
        }
        if is_cut(&typed, &telling) {
            return Some(Likeness::Cut);
        }
        if self.has_slips(name) {
            return Some(Likeness::Slips);
        }
        (is_inside(&telling, &typed) || is_inside(&typed, &telling)).then_some(Likeness::Part)
    }

    fn has_slips(&self, name: &Self) -> bool {
        let letters = self.text.len() - self.common;
        let most = if letters < 5 { 0 } else { 1 + usize::from(letters > 8) };
        most > 0 && slips(&self.text, &name.text, most).is_some()
    }
}

/// `["puy"]` of `["puy", "velay"]`; only the last word may be cut itself. "Saint" alone says nothing.
fn is_cut(typed: &[&str], name: &[&str]) -> bool {
    let [whole @ .., last] = typed else { return false };
    let says_something = !(whole.is_empty() && last.starts_with("saint"));
    says_something
        && last.len() > 2
        && typed.len() <= name.len()
        && *whole == name[..whole.len()]
        && name[whole.len()].starts_with(last)
}

/// Whether these words follow each other within others; very short ones or "saint" alone say nothing.
fn is_inside(words: &[&str], others: &[&str]) -> bool {
    let says_something = words.iter().any(|word| word.len() > 3 && !word.starts_with("saint"));
    says_something && others.windows(words.len()).any(|part| part == words)
}

/// What was written in the columns "commune" and "postal code".
#[derive(Debug)]
pub(super) struct Town {
    /// The town as a whole first, then parts of it; empty when nothing is said.
    pub(super) spellings: Vec<Spelling>,
    /// Five digits.
    pub(super) postal_code: Option<String>,
}

impl Town {
    pub(super) fn read(name: &str, postal_code: Option<&str>) -> Self {
        let (name, inside) = without_postal_code(name);
        let (name, _) = split_at_cedex(&name);
        let parts = name.split(['/', ',', ';', '(', ')', '\n']).flat_map(|part| part.split(" - "));
        let mut spellings = Vec::new();
        for text in [name, without_number(name)].into_iter().chain(parts) {
            let spelling = Spelling::new(text);
            if spelling.text.bytes().any(|byte| byte.is_ascii_alphabetic()) && !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        }
        Self { spellings, postal_code: postal_code.and_then(five_digits).or(inside) }
    }

    pub(super) fn likeness(&self, name: &Spelling) -> Option<Likeness> {
        self.spellings.iter().filter_map(|spelling| spelling.likeness(name)).min()
    }
}

/// `43200 SAINT-JEURES` → `SAINT-JEURES`, `43200`.
fn without_postal_code(name: &str) -> (String, Option<String>) {
    let is_code = |word: &&str| word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit());
    let code = name.split_whitespace().find(is_code).map(str::to_owned);
    let name = name.split_inclusive(char::is_whitespace).filter(|word| !is_code(&word.trim())).collect();
    (name, code)
}

/// `LE PUY EN VELAY CEDEX 9` → `LE PUY EN VELAY`.
fn split_at_cedex(name: &str) -> (&str, &str) {
    name.to_ascii_uppercase().find("CEDEX").map_or((name, ""), |at| name.split_at(at))
}

/// `MARSEILLE 15`, `Paris 13e` → the city.
fn without_number(name: &str) -> &str {
    let trimmed = name.trim();
    match trimmed.rsplit_once(' ') {
        Some((city, last)) if last.starts_with(|first: char| first.is_ascii_digit()) => city,
        _ => trimmed,
    }
}

/// A postal code, spaces aside; a zero that a spreadsheet dropped is put back.
fn five_digits(text: &str) -> Option<String> {
    let code: String = text.chars().filter(|char| !char.is_whitespace()).collect();
    let code = if text.trim().len() == 4 { format!("0{code}") } else { code };
    (code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::{Likeness, Spelling, Town};

    #[test]
    fn likeness_goes_from_the_same_to_a_part() {
        let likeness = |typed, name| Spelling::new(typed).likeness(&Spelling::new(name));
        assert_eq!(likeness("ST PIERRE DU CHAMP", "Saint-Pierre-du-Champ"), Some(Likeness::Same));
        assert_eq!(likeness("Le Mazet-St-Voy", "Mazet-Saint-Voy"), Some(Likeness::Same));
        assert_eq!(likeness("SAINT GENEYS PRÈS SAINT PAULIE", "Saint-Geneys-près-Saint-Paulien"), Some(Likeness::Cut));
        assert_eq!(likeness("saint george lagricol", "Saint-Georges-Lagricol"), Some(Likeness::Slips));
        assert_eq!(likeness("Vorey-sur-Arzon", "Vorey"), Some(Likeness::Part));
        assert_eq!(likeness("Saint", "Saint-Pal-de-Mons"), None);
        assert_eq!(likeness("La Grange", "Cayres"), None);
        assert_eq!(likeness("", "Cayres"), None);
    }

    #[test]
    fn what_surrounds_a_town_is_set_aside() {
        let town = Town::read("43009 Le Puy-en-Velay Cedex 9", None);
        assert_eq!(town.spellings, [Spelling::new("le puy en velay")]);
        assert_eq!(town.postal_code.as_deref(), Some("43009"));
        assert_eq!(Town::read("Paris 13e", Some("75 013")).postal_code.as_deref(), Some("75013"));
        assert_eq!(Town::read("Bourg", Some("1000")).postal_code.as_deref(), Some("01000"));
        assert_eq!(Town::read("Bourg", Some("2B290")).postal_code, None);
        assert!(Town::read(" 43000 - ", None).spellings.is_empty());
    }
}
