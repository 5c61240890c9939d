//! The fields of a step that is a plain form: what is read from them, what is written in them.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::Content;
use crate::config::Served;
use crate::places::{Commune, Places};
use crate::tables::parse_list;
use crate::web::FieldErrors;

/// What was typed, by the name of the field; several values of one name stand behind each other with commas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed(BTreeMap<String, String>);

impl<'de> Deserialize<'de> for Typed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut typed = BTreeMap::<String, String>::new();
        for (name, value) in Vec::<(String, String)>::deserialize(deserializer)? {
            let known = typed.entry(name).or_default();
            if !known.is_empty() && !value.is_empty() {
                known.push_str(", ");
            }
            known.push_str(&value);
        }
        Ok(Self(typed))
    }
}

impl Typed {
    /// What was typed into a field; nothing when it was not there.
    #[must_use]
    pub fn of(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// Puts a value into a field.
    pub fn put(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), value);
    }
}

/// A step of the registration that is a plain form.
#[derive(Debug)]
pub struct Step {
    /// Last part of its address.
    pub path: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What it is for.
    pub lead: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

/// A field of a step.
#[derive(Debug)]
pub struct Field {
    /// Its name in the form.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What one must know to fill it in; may be empty.
    pub hint: &'static str,
    /// How it is filled in.
    pub kind: FieldKind,
    /// What the draft holds, as it would be typed.
    pub(super) get: fn(&Content) -> String,
    /// Reads what was typed into the draft, or says what is wrong.
    pub(super) set: fn(&str, &mut Content, &Places) -> Result<(), String>,
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug)]
pub enum FieldKind {
    /// One line: its `type`, its `autocomplete`, most characters.
    Line(&'static str, &'static str, usize),
    /// Several lines, at most so many characters.
    Lines(usize),
    /// One of these: value and words.
    One(fn() -> Vec<(&'static str, &'static str)>),
    /// Any of these.
    Any(fn(&Content, &Places) -> Vec<(String, String)>),
    /// A commune.
    Commune,
    /// A point on a map: latitude and longitude.
    Point,
}

impl Step {
    /// What the draft holds, as it would be typed.
    #[must_use]
    pub fn typed(&self, content: &Content) -> Typed {
        let mut typed = Typed::default();
        for field in self.fields {
            typed.put(field.name, field.of(content));
        }
        typed
    }

    /// Reads what was typed into the draft; what is wrong is said of every field, and what is right is read all the same.
    #[must_use]
    pub fn read(&self, typed: &Typed, content: &mut Content, places: &Places) -> FieldErrors {
        let mut errors = FieldErrors::default();
        for field in self.fields {
            if let Err(sentence) = (field.set)(typed.of(field.name), content, places) {
                errors.add(field.name, sentence);
            }
        }
        errors
    }

    /// Tells two states of these fields apart.
    #[must_use]
    pub fn fingerprint(&self, content: &Content) -> String {
        fingerprint(self.fields.iter().map(|field| field.of(content)))
    }
}

/// Tells two states of something apart, by what its fields hold.
#[must_use]
pub fn fingerprint(values: impl Iterator<Item = String>) -> String {
    Served::new(values.collect::<Vec<_>>().join("\0")).version
}

impl Field {
    /// What the draft holds, as it would be typed.
    #[must_use]
    pub fn of(&self, content: &Content) -> String {
        (self.get)(content)
    }

    /// The same as a reader understands it.
    #[must_use]
    pub fn words(&self, content: &Content, places: &Places) -> String {
        let value = self.of(content);
        match self.kind {
            FieldKind::One(choices) => {
                let chosen = choices().into_iter().find(|(code, _)| *code == value);
                chosen.map(|(_, words)| words.to_owned()).unwrap_or_default()
            }
            FieldKind::Any(choices) => {
                let choices = choices(content, places);
                let words = |code| Some(choices.iter().find(|(known, _)| known == code)?.1.clone());
                parse_list(&value).filter_map(words).collect::<Vec<_>>().join(", ")
            }
            FieldKind::Commune => places.commune(&value).map(Commune::label).unwrap_or_default(),
            FieldKind::Lines(_) if self.name == "communes" => names(&value, places),
            _ => value,
        }
    }
}

/// Names of communes for their codes.
fn names(codes: &str, places: &Places) -> String {
    parse_list(codes).filter_map(|code| places.commune(code).map(Commune::label)).collect::<Vec<_>>().join(", ")
}
