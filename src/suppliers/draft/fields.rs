//! The fields of the steps that are plain forms: what they are called, what is read from them, what is written in them.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::Content;
use crate::config::Served;
use crate::places::{Commune, InseeCode, Places};
use crate::suppliers::delivery::ZoneKind;
use crate::suppliers::{
    Cents, DeliveryZones, Kind, PublishedPosition, Siret, Stored, Weekday, Word,
    contact::{email, website},
};
use crate::tables::{parse_list, parse_number};
use crate::web::{FieldErrors, french};

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
    get: fn(&Content) -> String,
    /// Reads what was typed into the draft, or says what is wrong.
    set: fn(&str, &mut Content, &Places) -> Result<(), String>,
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

/// The plain steps, in their order.
pub static STEPS: [Step; 3] = [
    Step {
        path: "identite",
        title: "Qui vous êtes",
        lead: "Votre nom, ce que vous faites, et comment une cantine vous joint.",
        fields: &[
            Field {
                name: "nom",
                label: "Nom de votre exploitation ou entreprise",
                hint: "Celui que vos clients connaissent.",
                kind: FieldKind::Line("text", "organization", 200),
                get: |content| content.name.clone(),
                set: |text, content, _| {
                    content.name =
                        text_of(&name_of(text), 200)?.ok_or("Écrivez le nom sous lequel on vous connaît.")?;
                    Ok(())
                },
            },
            Field {
                name: "type",
                label: "Vous êtes",
                hint: "",
                kind: FieldKind::One(|| Kind::WORDS.iter().map(|&(_, code, label)| (code, label)).collect()),
                get: |content| content.kind.map_or("", |kind| kind.0.code()).to_owned(),
                set: |text, content, _| {
                    content.kind =
                        Some(Stored(Kind::from_code(text).ok_or("Choisissez ce qui vous décrit le mieux.")?));
                    Ok(())
                },
            },
            Field {
                name: "siret",
                label: "SIRET",
                hint: "14 chiffres. Laissez vide si vous n’en avez pas encore.",
                kind: FieldKind::Line("text", "off", 20),
                get: |content| content.siret.as_ref().map(ToString::to_string).unwrap_or_default(),
                set: |text, content, _| {
                    let wrong = |expected| format!("Ce numéro n’est pas un SIRET\u{a0}: on attend {expected}.");
                    content.siret = filled(text).map(|text| Siret::parse(text).map_err(wrong)).transpose()?;
                    Ok(())
                },
            },
            Field {
                name: "telephone",
                label: "Téléphone",
                hint: "Montré aux cantines connectées seulement, jamais au public.",
                kind: FieldKind::Line("tel", "tel", 40),
                get: |content| content.phone.clone().unwrap_or_default(),
                set: |text, content, _| {
                    content.phone = phone(text)?;
                    Ok(())
                },
            },
            Field {
                name: "courriel",
                label: "Courriel des commandes",
                hint: "Les demandes des cantines y arrivent. Jamais montré au public.",
                kind: FieldKind::Line("email", "email", 254),
                get: |content| content.email.clone().unwrap_or_default(),
                set: |text, content, _| {
                    let wrong = |expected| format!("Cette adresse n’est pas complète\u{a0}: écrivez {expected}.");
                    content.email = filled(text).map(|text| email(text).map_err(wrong)).transpose()?;
                    Ok(())
                },
            },
            Field {
                name: "presentation",
                label: "Présentation",
                hint: "Quelques phrases\u{a0}: ce que vous produisez, comment, depuis quand.",
                kind: FieldKind::Lines(2_000),
                get: |content| content.description.clone(),
                set: |text, content, _| {
                    content.description = text_of(text, 2_000)?.unwrap_or_default();
                    Ok(())
                },
            },
            Field {
                name: "site",
                label: "Site web",
                hint: "",
                kind: FieldKind::Line("text", "url", 500),
                get: |content| content.website.clone().unwrap_or_default(),
                set: |text, content, _| {
                    let wrong = |expected| format!("Cette adresse ne mène pas à un site\u{a0}: écrivez {expected}.");
                    content.website = filled(text).map(|text| website(text).map_err(wrong)).transpose()?;
                    Ok(())
                },
            },
        ],
    },
    Step {
        path: "lieu",
        title: "Où vous êtes",
        lead: "Les cantines cherchent près de chez elles. C’est vous qui dites ce que le public voit.",
        fields: &[
            Field {
                name: "commune",
                label: "Commune",
                hint: "Celle de votre exploitation. Écrivez son nom, ou son code postal.",
                kind: FieldKind::Commune,
                get: |content| content.insee_code.clone().unwrap_or_default(),
                set: |text, content, places| {
                    content.insee_code = Some(commune(text, places)?.insee_code.to_string());
                    Ok(())
                },
            },
            Field {
                name: "position",
                label: "Ce que le public voit",
                hint: "L’adresse d’une ferme est souvent celle d’une maison\u{a0}: vous choisissez.",
                kind: FieldKind::One(|| {
                    vec![
                        ("commune", "Ma commune seulement"),
                        ("exact", "Le point exact, sur la carte"),
                        ("none", "Rien sur la carte"),
                    ]
                }),
                get: |content| content.position_shown().code().to_owned(),
                set: |text, content, _| {
                    let wrong = "Choisissez ce que le public voit.";
                    content.published_position = Some(Stored(PublishedPosition::from_code(text).ok_or(wrong)?));
                    Ok(())
                },
            },
            Field {
                name: "point",
                label: "Point exact",
                hint: "Touchez la carte là où l’on vient chercher les produits. Il n’est montré que si vous l’avez choisi plus haut.",
                kind: FieldKind::Point,
                get: |content| content.position.map(|(lat, lon)| format!("{lat:.5}, {lon:.5}")).unwrap_or_default(),
                set: |text, content, _| {
                    content.position = point(text)?;
                    if content.position.is_none() && content.position_shown() == PublishedPosition::Exact {
                        return Err(
                            "Touchez la carte pour placer le point, ou montrez votre commune seulement.".to_owned()
                        );
                    }
                    Ok(())
                },
            },
            Field {
                name: "adresse",
                label: "Rue ou lieu-dit",
                hint: "Montré seulement avec le point exact.",
                kind: FieldKind::Line("text", "street-address", 300),
                get: |content| content.address.clone().unwrap_or_default(),
                set: |text, content, _| {
                    content.address = text_of(text, 300)?;
                    Ok(())
                },
            },
        ],
    },
    Step {
        path: "livraison",
        title: "Où vous livrez",
        lead: "Une cantine voit tout de suite si vous livrez chez elle.",
        fields: &[
            Field {
                name: "livre",
                label: "Livrez-vous les cantines\u{a0}?",
                hint: "",
                kind: FieldKind::One(|| vec![("oui", "Oui"), ("non", "Non, on vient chercher")]),
                get: |content| content.delivers.map_or("", |yes| if yes { "oui" } else { "non" }).to_owned(),
                set: |text, content, _| {
                    content.delivers = match text {
                        "oui" => Some(true),
                        "non" => Some(false),
                        _ => return Err("Dites si vous livrez, ou si l’on vient chercher.".to_owned()),
                    };
                    Ok(())
                },
            },
            Field {
                name: "rayon",
                label: "Jusqu’à combien de kilomètres",
                hint: "Autour de votre commune, ou du point exact s’il est montré. Par exemple 30.",
                kind: FieldKind::Line("text", "off", 6),
                get: |content| content.delivery_radius_km.map(french::decimal).unwrap_or_default(),
                set: |text, content, _| {
                    let wrong = "Écrivez un nombre de kilomètres entre 1 et 1\u{202f}000, par exemple 30.";
                    let km = |text| parse_number(text).filter(|km| (1.0..=1_000.0).contains(km)).ok_or(wrong);
                    content.delivery_radius_km = filled(text.trim_end_matches("km").trim()).map(km).transpose()?;
                    Ok(())
                },
            },
            Field {
                name: "epci",
                label: "Intercommunalités livrées en entier",
                hint: "",
                kind: FieldKind::Any(epcis_near),
                get: |content| content.zones.epcis.join(", "),
                set: |text, content, places| {
                    let found: Result<Vec<String>, String> = parse_list(text)
                        .map(|code| places.epci(code).map(|epci| epci.code.clone()))
                        .map(|code| code.ok_or_else(|| "Choisissez dans la liste.".to_owned()))
                        .collect();
                    set_zones(&mut content.zones, ZoneKind::Epci, found?);
                    Ok(())
                },
            },
            Field {
                name: "departements",
                label: "Départements livrés en entier",
                hint: "Leurs numéros, séparés par des virgules\u{a0}: 43, 63.",
                kind: FieldKind::Line("text", "off", 300),
                get: |content| content.zones.departments.join(", "),
                set: |text, content, places| {
                    let found: Result<Vec<String>, String> = parse_list(text)
                        .map(|item| {
                            let found = places.department(item).or_else(|| places.department(&format!("0{item}")));
                            let found = found.map(|department| department.code.clone());
                            found.ok_or_else(|| {
                                format!("«\u{a0}{item}\u{a0}» n’est pas un numéro de département, comme 43.")
                            })
                        })
                        .collect();
                    set_zones(&mut content.zones, ZoneKind::Department, found?);
                    Ok(())
                },
            },
            Field {
                name: "communes",
                label: "Autres communes livrées",
                hint: "Leurs noms, séparés par des virgules.",
                kind: FieldKind::Lines(3_000),
                get: |content| content.zones.communes.join(", "),
                set: |text, content, places| {
                    let home = content.insee_code.as_deref().and_then(|code| places.commune(code));
                    let found: Result<Vec<String>, String> =
                        parse_list(text).map(|item| Ok(near(item, home, places)?.insee_code.to_string())).collect();
                    set_zones(&mut content.zones, ZoneKind::Commune, found?);
                    if content.delivers == Some(true) && !content.has_delivery_area() {
                        return Err("Dites où vous livrez\u{a0}: un nombre de kilomètres, ou des lieux.".to_owned());
                    }
                    Ok(())
                },
            },
            Field {
                name: "jours",
                label: "Jours de tournée",
                hint: "",
                kind: FieldKind::Any(|_, _| {
                    Weekday::WORDS.iter().map(|&(_, code, label)| (code.to_owned(), label.to_owned())).collect()
                }),
                get: |content| content.delivery_days.iter().map(Weekday::code).collect::<Vec<_>>().join(", "),
                set: |text, content, _| {
                    content.delivery_days = parse_list(text).filter_map(Weekday::from_code).collect();
                    Ok(())
                },
            },
            Field {
                name: "minimum",
                label: "Commande minimum, en euros hors taxes",
                hint: "Laissez vide s’il n’y en a pas.",
                kind: FieldKind::Line("text", "off", 12),
                get: |content| content.minimum_order.map(|cents| cents.to_string()).unwrap_or_default(),
                set: |text, content, _| {
                    content.minimum_order = amount(text)?;
                    Ok(())
                },
            },
            Field {
                name: "franco",
                label: "Livraison offerte à partir de, en euros hors taxes",
                hint: "",
                kind: FieldKind::Line("text", "off", 12),
                get: |content| content.free_delivery.map(|cents| cents.to_string()).unwrap_or_default(),
                set: |text, content, _| {
                    content.free_delivery = amount(text)?;
                    Ok(())
                },
            },
        ],
    },
];

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

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// A name on one line.
pub(in crate::suppliers) fn name_of(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A text without what no keyboard writes; nothing when it is empty.
///
/// # Errors
/// That it is too long, in French.
pub fn text_of(text: &str, most: usize) -> Result<Option<String>, String> {
    let plain: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let Some(text) = filled(&plain) else { return Ok(None) };
    let length = text.chars().count();
    if length > most {
        let said = |count: usize| french::number(count as u64);
        return Err(format!("Ce texte a {} caractères\u{a0}: raccourcissez-le à {}.", said(length), said(most)));
    }
    Ok(Some(text.to_owned()))
}

fn phone(text: &str) -> Result<Option<String>, String> {
    let Some(text) = text_of(text, 40)? else { return Ok(None) };
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let plain = text.chars().all(|c| c.is_ascii_digit() || " +.-()/\u{a0}".contains(c));
    if plain && digits >= 9 {
        Ok(Some(text))
    } else {
        Err("Écrivez un numéro de téléphone, par exemple 04 71 00 00 00.".to_owned())
    }
}

pub(in crate::suppliers) fn amount(text: &str) -> Result<Option<Cents>, String> {
    let text = text.trim().trim_end_matches('€').trim();
    let wrong = || "Écrivez un montant en euros, par exemple 80 ou 79,90.".to_owned();
    filled(text).map(|text| Cents::parse(text).ok_or_else(wrong)).transpose()
}

fn point(text: &str) -> Result<Option<(f64, f64)>, String> {
    let Some(text) = filled(text) else { return Ok(None) };
    let wrong =
        || "Ce point n’est pas lisible\u{a0}: touchez la carte, ou écrivez par exemple 45.04350, 3.88370.".to_owned();
    let (lat, lon) = text.split_once(',').ok_or_else(wrong)?;
    let number = |text: &str, most: f64| text.trim().parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
    number(lat, 90.0).zip(number(lon, 180.0)).map(Some).ok_or_else(wrong)
}

/// A commune by its code, its name or its postal code.
///
/// # Errors
/// Why none is meant, in French.
pub fn commune<'p>(text: &str, places: &'p Places) -> Result<&'p Commune, String> {
    let Some(text) = filled(text) else { return Err("Écrivez le nom de votre commune.".to_owned()) };
    if let Some(commune) = InseeCode::parse(text).ok().and_then(|code| places.commune(code.as_str())) {
        return Ok(commune);
    }
    near(text, None, places)
}

fn near<'p>(text: &str, home: Option<&Commune>, places: &'p Places) -> Result<&'p Commune, String> {
    if let Some(commune) = InseeCode::parse(text).ok().and_then(|code| places.commune(code.as_str())) {
        return Ok(commune);
    }
    let is_postal = |word: &&str| word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit());
    // `Brioude (43)` and `Brioude 43100`, as we write them and as people do.
    let (name, bracket) =
        text.split_once('(').map_or((text, ""), |(name, code)| (name, code.trim_end_matches(')').trim()));
    let words = || name.split_whitespace().chain([bracket]);
    let postal = words().find(is_postal);
    let name = name.split_whitespace().filter(|word| !is_postal(word)).collect::<Vec<_>>().join(" ");
    let said = Some(bracket).filter(|code| places.department(code).is_some());
    let department = said.or_else(|| home.map(|commune| commune.department.as_str()));
    places.resolve(&name, postal, department).map_err(|unresolved| {
        let near: Vec<String> = unresolved.near.iter().take(3).map(|label| format!("«\u{a0}{label}\u{a0}»")).collect();
        if near.is_empty() {
            format!(
                "Nous ne connaissons pas de commune «\u{a0}{text}\u{a0}». Essayez son nom complet avec son code postal."
            )
        } else {
            format!("Laquelle\u{a0}? {}\u{a0}: écrivez le nom avec le code postal.", near.join(", "))
        }
    })
}

/// The intercommunalities of its département, and those it has chosen elsewhere.
fn epcis_near(content: &Content, places: &Places) -> Vec<(String, String)> {
    let home = content.insee_code.as_deref().and_then(|code| places.commune(code));
    let mut choices: Vec<(String, String)> = home
        .into_iter()
        .flat_map(|commune| places.epcis_of_department(&commune.department))
        .map(|epci| (epci.code.clone(), epci.name.clone()))
        .collect();
    let chosen = content.zones.epcis.iter().filter_map(|code| places.epci(code));
    for epci in chosen {
        if choices.iter().all(|(code, _)| *code != epci.code) {
            choices.push((epci.code.clone(), epci.name.clone()));
        }
    }
    choices
}

fn set_zones(zones: &mut DeliveryZones, kind: ZoneKind, codes: Vec<String>) {
    match kind {
        ZoneKind::Department => zones.departments.clear(),
        ZoneKind::Epci => zones.epcis.clear(),
        ZoneKind::Commune => zones.communes.clear(),
    }
    for code in codes {
        zones.add(kind, code);
    }
}
