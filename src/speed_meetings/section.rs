//! The parts of an edition as organisers fill them in, each a form of its own: what is read from it, what is written in it.

mod fields;

use chrono::NaiveDate;
use chrono_tz::Tz;

use self::fields::{HOURS, PLACE, REGISTRATION, TABLES, WORDS};
use super::edition::Edition;
use super::plan::Plan;
use super::rows;
use super::slots::WrongDay;
use crate::places::{Commune, Places};
use crate::suppliers::draft::{Typed, fingerprint};
use crate::tables::parse_date;
use crate::web::{FieldErrors, line_of, text_of};

/// A part of an edition.
#[derive(Debug)]
pub(super) struct Section {
    /// Last part of the address of its form.
    pub(super) path: &'static str,
    /// Its heading.
    pub(super) title: &'static str,
    /// What it is for; may be empty.
    pub(super) lead: &'static str,
    /// Its plain fields.
    pub(super) fields: &'static [Field],
    /// Its rows.
    pub(super) rows: Rows,
}

/// What a section has many of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// Nothing.
    None,
    /// Sessions of the day.
    Sessions,
    /// Tables of the hall.
    Tables,
    /// Questions at the registration.
    Questions,
}

/// A plain field.
#[derive(Debug)]
pub(super) struct Field {
    /// Its name in the form.
    pub(super) name: &'static str,
    /// What it is called.
    pub(super) label: &'static str,
    /// What one must know to fill it in; may be empty.
    pub(super) hint: &'static str,
    /// How it is filled in.
    pub(super) kind: Kind,
    get: fn(&Plan) -> String,
    set: fn(&str, &mut Plan, &Places) -> Result<(), String>,
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One line of at most so many characters.
    Line(usize),
    /// A whole number.
    Number,
    /// A day.
    Day,
    /// Several lines, at most so many characters.
    Lines(usize),
    /// One of these: code and words.
    One(&'static [(&'static str, &'static str)]),
    /// A commune.
    Commune,
    /// A point on a map.
    Point,
}

/// All of them, in the order of the page.
pub(super) static SECTIONS: &[Section] = &[
    Section { path: "lieu", title: "Quand et où", lead: "", fields: PLACE, rows: Rows::None },
    Section {
        path: "horaires",
        title: "Horaires",
        lead: "Une séance est une suite de rendez-vous sans coupure. Ce qui est entre deux séances est une pause.",
        fields: HOURS,
        rows: Rows::Sessions,
    },
    Section {
        path: "tables",
        title: "Tables et zones",
        lead: "Autant de tables, autant de rendez-vous en même temps. Une zone rassemble les produits d’une même famille.",
        fields: TABLES,
        rows: Rows::Tables,
    },
    Section {
        path: "inscription",
        title: "Qui peut s’inscrire",
        lead: "La rencontre est ouverte à toutes les cantines et à tous les fournisseurs, dans la limite des places.",
        fields: REGISTRATION,
        rows: Rows::None,
    },
    Section {
        path: "questions",
        title: "Questions posées à l’inscription",
        lead: "Effacez le texte d’une question pour la retirer\u{a0}: ses réponses s’effacent avec elle.",
        fields: &[],
        rows: Rows::Questions,
    },
    Section {
        path: "textes",
        title: "Textes",
        lead: "Ce que chacun lit sur la page publique de la rencontre.",
        fields: WORDS,
        rows: Rows::None,
    },
];

impl Section {
    /// The section of an address.
    pub(super) fn of(path: &str) -> Option<&'static Self> {
        SECTIONS.iter().find(|section| section.path == path)
    }

    /// What a plan says of it, by the name of the field, as it would be typed.
    pub(super) fn values(&self, plan: &Plan) -> Vec<(String, String)> {
        let fields = self.fields.iter().map(|field| (field.name.to_owned(), (field.get)(plan)));
        fields.chain(rows::values(self.rows, plan)).collect()
    }

    /// The same as a form holds it.
    pub(super) fn typed(&self, plan: &Plan) -> Typed {
        let mut typed = Typed::default();
        for (name, value) in self.values(plan) {
            typed.put(&name, value);
        }
        typed.put("vu", self.fingerprint(plan));
        typed
    }

    /// Tells two states of it apart.
    pub(super) fn fingerprint(&self, plan: &Plan) -> String {
        fingerprint(self.values(plan).into_iter().map(|(_, value)| value))
    }

    /// Reads what was typed into a plan; what is wrong is said of every field, and what is right is read all the same.
    pub(super) fn read(
        &self,
        typed: &Typed,
        plan: &mut Plan,
        places: &Places,
        (today, zone): (NaiveDate, Tz),
    ) -> FieldErrors {
        let (mut errors, before) = (FieldErrors::default(), plan.edition.held_on);
        rows::read(self.rows, typed, plan, &mut errors);
        for field in self.fields {
            if let Err(sentence) = (field.set)(named(typed, field.name), plan, places) {
                errors.add(field.name, sentence);
            }
        }
        if errors.is_empty() {
            self.check(plan, (before, today), zone, &mut errors);
        }
        errors
    }

    /// What no field says alone.
    fn check(&self, plan: &Plan, (before, today): (NaiveDate, NaiveDate), zone: Tz, errors: &mut FieldErrors) {
        let edition = &plan.edition;
        match self.path {
            "lieu" => {
                if edition.held_on != before && edition.held_on < today {
                    errors.add("jour", PAST);
                }
                if edition.wishes_until > edition.held_on {
                    let told = "Ce jour est avant la fin des souhaits ou des inscriptions\u{a0}: changez d’abord ces dates, plus bas.";
                    errors.add("jour", told);
                }
                if let Err(WrongDay::NoSuchHour(_)) = plan.day(zone) {
                    errors.add(
                        "jour",
                        "Ce jour-là on change d’heure, et une séance commence à une heure qui n’existe pas.",
                    );
                }
            }
            "inscription" => deadlines(edition, errors),
            "horaires" => {
                if let Err(wrong) = plan.day(zone) {
                    rows::wrong_day(wrong, plan, errors);
                }
            }
            _ => {}
        }
    }

    /// What others saved that differs from what was typed: what it is called, and what is saved.
    pub(super) fn meanwhile(&self, theirs: &Plan, mine: &Plan, places: &Places) -> Vec<(String, String)> {
        let (theirs, mine) = (self.values(theirs), self.values(mine));
        let names = theirs.iter().chain(mine.iter().filter(|(name, _)| !theirs.iter().any(|(known, _)| known == name)));
        let value = |all: &[(String, String)], wanted: &str| {
            all.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let differing = names.map(|(name, _)| name).filter(|name| value(&theirs, name) != value(&mine, name));
        differing.map(|name| (self.label(name), self.shown(name, value(&theirs, name), places))).collect()
    }

    fn label(&self, name: &str) -> String {
        let plain = self.fields.iter().find(|field| field.name == name);
        plain.map_or_else(|| rows::label(name), |field| field.label.to_owned())
    }

    fn shown(&self, name: &str, value: String, places: &Places) -> String {
        match self.fields.iter().find(|field| field.name == name).map(|field| field.kind) {
            Some(Kind::Commune) => places.commune(&value).map(Commune::label).unwrap_or(value),
            Some(Kind::One(choices)) => {
                choices.iter().find(|(code, _)| *code == value).map_or(value, |(_, words)| (*words).to_owned())
            }
            Some(_) => value,
            None => rows::shown(name, value),
        }
    }
}

/// Of a day that is over.
pub(super) const PAST: &str = "Ce jour est passé\u{a0}: choisissez un jour à venir.";

/// A commune that was picked from the list is known by its code; one that was only typed, by its name.
fn named<'t>(typed: &'t Typed, name: &str) -> &'t str {
    let text = typed.of(name);
    if name == "commune" && text.is_empty() { typed.of("commune_nom") } else { text }
}

fn deadlines(edition: &Edition, errors: &mut FieldErrors) {
    if edition.registration_until > edition.held_on {
        errors.add("fin_inscriptions", "Les inscriptions doivent finir avant la rencontre.");
    }
    if edition.wishes_until > edition.held_on {
        errors.add("fin_souhaits", "Les souhaits doivent être connus avant la rencontre.");
    }
    if edition.wishes_until < edition.registration_until {
        errors.add(
            "fin_souhaits",
            "Laissez du temps après les inscriptions\u{a0}: choisissez un jour qui ne soit pas avant.",
        );
    }
}

/// The name of an edition.
///
/// # Errors
/// What is wrong with it, in French.
pub(super) fn title(text: &str) -> Result<String, String> {
    let title = line_of(text, 120)?;
    if title.is_empty() { Err("Donnez un nom à la rencontre.".to_owned()) } else { Ok(title) }
}

/// A day.
///
/// # Errors
/// That it is none, in French.
pub(super) fn day(text: &str) -> Result<NaiveDate, String> {
    let wrong = || "Écrivez un jour comme 20/05/2027.".to_owned();
    parse_date(text).filter(|day| (2000..2200).contains(&chrono::Datelike::year(day))).ok_or_else(wrong)
}

/// A day as it would be typed.
pub(super) fn typed_day(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// A whole number between two others.
///
/// # Errors
/// That it is none, in French.
pub(super) fn number(text: &str, least: i32, most: i32) -> Result<i32, String> {
    let plain = text.replace([' ', '\u{a0}', '\u{202f}'], "");
    let number = plain.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("Écrivez un nombre entre {least} et {most}."))
}

fn lines(text: &str, most: usize) -> Result<String, String> {
    Ok(text_of(text, most)?.unwrap_or_default())
}
