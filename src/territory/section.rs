//! The fields that organisers fill in, page by page, and what of their words is kept.

use std::collections::BTreeMap;

use super::settings::{Column, Settings};
use crate::config::{Config, Served};
use crate::mail::EmailAddress;
use crate::texts::Text;
use crate::web::{FieldErrors, french};

/// The fields of one page.
pub(super) struct Section {
    pub(super) path: &'static str,
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) fields: &'static [Field],
}

/// One field: where it is kept, and what an organiser must know of it.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) column: Column,
    pub(super) label: &'static str,
    /// What it is for and where it shows.
    pub(super) purpose: &'static str,
    pub(super) kind: Kind,
    /// Most characters.
    pub(super) longest: usize,
    get: fn(&Settings) -> &str,
    /// What shows when it is empty; empty when nothing does.
    usual: fn(&Config) -> String,
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One line.
    Line,
    /// An e-mail address.
    Address,
    /// Some lines.
    Lines,
    /// Headings and paragraphs, in place of one of our texts.
    Document(Text),
}

/// What was typed, by the name of the field.
pub(super) type Typed = BTreeMap<String, String>;

pub(super) const APPEARANCE: &str = "/organisation/reglages/apparence";

pub(super) static SECTIONS: [Section; 3] = [
    Section {
        path: "/organisation/reglages",
        title: "Nom et contact",
        lead: "Sous quel nom le site se présente, qui le tient et où quelqu’un répond.",
        fields: &[
            Field {
                name: "site",
                column: Column::SiteName,
                label: "Nom du site",
                purpose: "En tête de chaque page, et comme expéditeur des courriels.",
                kind: Kind::Line,
                longest: 60,
                get: |settings| &settings.site_name,
                usual: |config| config.site_name.clone(),
            },
            Field {
                name: "lieu",
                column: Column::Place,
                label: "Lieu",
                purpose: "Suit le nom et complète des phrases\u{a0}: «\u{a0}Vous produisez en Haute-Loire\u{a0}?\u{a0}» Écrivez-le avec «\u{a0}en\u{a0}», «\u{a0}dans\u{a0}» ou «\u{a0}sur\u{a0}».",
                kind: Kind::Line,
                longest: 80,
                get: |settings| &settings.place,
                usual: Config::usual_place,
            },
            Field {
                name: "organisme",
                column: Column::Publisher,
                label: "Qui tient le site",
                purpose: "Au pied des pages et des courriels, et dans les mentions légales. Exemple\u{a0}: «\u{a0}le Département de la Haute-Loire\u{a0}».",
                kind: Kind::Line,
                longest: 120,
                get: |settings| &settings.publisher,
                usual: |config| config.publisher.clone().unwrap_or_default(),
            },
            Field {
                name: "contact",
                column: Column::ContactEmail,
                label: "Adresse où quelqu’un répond",
                purpose: "Montrée sur les pages\u{a0}; quand on répond à un courriel du site, la réponse y arrive. Une adresse que plusieurs personnes lisent, si possible.",
                kind: Kind::Address,
                longest: 254,
                get: |settings| &settings.contact_email,
                usual: |config| config.contact_email.clone().unwrap_or_default(),
            },
        ],
    },
    Section {
        path: "/organisation/reglages/messages",
        title: "Accueil et courriels",
        lead: "Vos mots pour accueillir les visiteurs et terminer les courriels.",
        fields: &[
            Field {
                name: "accueil",
                column: Column::Welcome,
                label: "Phrase de bienvenue",
                purpose: "Sur la page d’accueil, sous le titre.",
                kind: Kind::Line,
                longest: 300,
                get: |settings| &settings.welcome,
                usual: |_| String::new(),
            },
            Field {
                name: "pied",
                column: Column::MailFoot,
                label: "Pied des courriels",
                purpose: "À la fin de chaque courriel envoyé à partir de maintenant, par exemple votre téléphone et vos horaires.",
                kind: Kind::Lines,
                longest: 400,
                get: |settings| &settings.mail_foot,
                usual: |_| String::new(),
            },
        ],
    },
    Section {
        path: "/organisation/reglages/textes",
        title: "Textes légaux",
        lead: "Le site a ses propres textes. Vous pouvez écrire les vôtres à la place\u{a0}: une ligne vide sépare deux paragraphes, une ligne qui commence par un dièse et une espace, comme «\u{a0}# Hébergeur\u{a0}», devient un titre.",
        fields: &[
            Field {
                name: "mentions",
                column: Column::LegalText,
                label: "Mentions légales",
                purpose: "Qui publie le site, qui l’héberge, sous quelles conditions.",
                kind: Kind::Document(Text::Legal),
                longest: 20_000,
                get: |settings| &settings.legal_text,
                usual: |_| String::new(),
            },
            Field {
                name: "donnees",
                column: Column::DataText,
                label: "Données personnelles",
                purpose: "Ce que le site sait des personnes, pourquoi, combien de temps, et comment exercer ses droits.",
                kind: Kind::Document(Text::PersonalData),
                longest: 20_000,
                get: |settings| &settings.data_text,
                usual: |_| String::new(),
            },
            Field {
                name: "accessibilite",
                column: Column::AccessibilityText,
                label: "Accessibilité",
                purpose: "La déclaration que demande la loi\u{a0}: état de conformité, difficultés connues, contact, voies de recours.",
                kind: Kind::Document(Text::Accessibility),
                longest: 20_000,
                get: |settings| &settings.accessibility_text,
                usual: |_| String::new(),
            },
        ],
    },
];

/// The main colour has a page of its own, with the logo.
pub(super) static COLOUR: [Field; 1] = [Field {
    name: "couleur",
    column: Column::Colour,
    label: "Couleur principale",
    purpose: "Celle des liens et des boutons, sur les pages et dans les courriels.",
    kind: Kind::Line,
    longest: 7,
    get: |settings| &settings.colour,
    usual: |_| String::new(),
}];

impl Field {
    /// What is saved.
    pub(super) fn of<'a>(&self, settings: &'a Settings) -> &'a str {
        (self.get)(settings)
    }

    /// What an empty field means.
    pub(super) fn usual(&self, config: &Config) -> String {
        match (self.kind, (self.usual)(config)) {
            (Kind::Document(_), _) => "Vide\u{a0}: le texte du site.".to_owned(),
            (_, usual) if usual.is_empty() => "Vide\u{a0}: rien ne s’affiche.".to_owned(),
            (_, usual) => format!("Vide\u{a0}: «\u{a0}{usual}\u{a0}»."),
        }
    }

    /// What is kept of what was typed.
    fn read(&self, typed: &str) -> Result<String, String> {
        let words = match self.kind {
            Kind::Line => one_line(typed),
            Kind::Lines | Kind::Document(_) => lines(typed),
            Kind::Address if typed.trim().is_empty() => String::new(),
            Kind::Address => EmailAddress::parse(typed)
                .map_err(|_| "Écrivez une adresse de courriel, par exemple annuaire@departement.fr.".to_owned())?
                .to_string(),
        };
        let (length, most) = (words.chars().count(), self.longest);
        if length > most {
            let said = |count: usize| french::number(count as u64);
            let (label, length, most) = (self.label, said(length), said(most));
            return Err(format!("«\u{a0}{label}\u{a0}» a {length} caractères\u{a0}: raccourcissez ce texte à {most}."));
        }
        Ok(words)
    }
}

/// What is kept of what was typed into `fields`, in their order.
pub(super) fn read(fields: &[Field], typed: &Typed) -> Result<Vec<String>, FieldErrors> {
    let mut errors = FieldErrors::default();
    let read = |field: &Field| {
        let typed = typed.get(field.name).map_or("", String::as_str);
        field.read(typed).unwrap_or_else(|sentence| {
            errors.add(field.name, sentence);
            String::new()
        })
    };
    let values = fields.iter().map(read).collect();
    if errors.is_empty() { Ok(values) } else { Err(errors) }
}

/// Tells two states of the same fields apart: a form brings that of the state it showed.
pub(super) fn fingerprint(fields: &[Field], settings: &Settings) -> String {
    let values: Vec<&str> = fields.iter().map(|field| field.of(settings)).collect();
    Served::new(values.join("\0")).version
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Lines without what no keyboard writes nor spaces at their ends.
fn lines(text: &str) -> String {
    let plain = |line: &str| line.chars().filter(|c| !c.is_control()).collect::<String>().trim_end().to_owned();
    text.lines().map(plain).collect::<Vec<_>>().join("\n").trim().to_owned()
}
