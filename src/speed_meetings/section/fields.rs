//! The plain fields of each section: what they are called, what of a plan they show, and what they write in it.

use super::{Field, Kind, day, lines, number, title, typed_day};
use crate::speed_meetings::edition::Side;
use crate::speed_meetings::{rows, table};
use crate::suppliers::draft::{commune, point};
use crate::web::line_of;

/// Who keeps a table.
const SEATED: &[(&str, &str)] = &[
    ("", "Personne : chacun change de table"),
    ("fournisseur", "Les fournisseurs : les cantines passent d’une table à l’autre"),
    ("cantine", "Les cantines : les fournisseurs passent d’une table à l’autre"),
];

/// When and where.
pub(super) static PLACE: &[Field] = &[
    Field {
        name: "titre",
        label: "Nom de la rencontre",
        hint: "",
        kind: Kind::Line(120),
        get: |plan| plan.edition.title.clone(),
        set: |text, plan, _| {
            plan.edition.title = title(text)?;
            Ok(())
        },
    },
    Field {
        name: "jour",
        label: "Jour",
        hint: "Exemple : 20/05/2027",
        kind: Kind::Day,
        get: |plan| typed_day(plan.edition.held_on),
        set: |text, plan, _| {
            plan.edition.held_on = day(text)?;
            Ok(())
        },
    },
    Field {
        name: "salle",
        label: "Salle",
        hint: "Exemple : Salle polyvalente, Centre culturel",
        kind: Kind::Line(150),
        get: |plan| plan.edition.hall.clone(),
        set: |text, plan, _| {
            plan.edition.hall = line_of(text, 150)?;
            Ok(())
        },
    },
    Field {
        name: "adresse",
        label: "Rue et numéro",
        hint: "",
        kind: Kind::Line(300),
        get: |plan| plan.edition.address.clone(),
        set: |text, plan, _| {
            plan.edition.address = line_of(text, 300)?;
            Ok(())
        },
    },
    Field {
        name: "commune",
        label: "Commune",
        hint: "",
        kind: Kind::Commune,
        get: |plan| plan.edition.insee_code.clone().unwrap_or_default(),
        set: |text, plan, places| {
            let named = if text.is_empty() { None } else { Some(commune(text, places)?.insee_code.to_string()) };
            plan.edition.insee_code = named;
            Ok(())
        },
    },
    Field {
        name: "point",
        label: "Point sur la carte (facultatif)",
        hint: "Touchez la carte, ou écrivez la latitude et la longitude. Sans point, la page montre la commune.",
        kind: Kind::Point,
        get: |plan| plan.edition.position().map(|(lat, lon)| format!("{lat:.5}, {lon:.5}")).unwrap_or_default(),
        set: |text, plan, _| {
            (plan.edition.latitude, plan.edition.longitude) = point(text)?.unzip();
            Ok(())
        },
    },
    Field {
        name: "acces",
        label: "Comment venir",
        hint: "Stationnement, transports, entrée accessible en fauteuil, où décharger les produits.",
        kind: Kind::Lines(2_000),
        get: |plan| plan.edition.access.clone(),
        set: |text, plan, _| {
            plan.edition.access = lines(text, 2_000)?;
            Ok(())
        },
    },
];

/// How long an appointment is.
pub(super) static HOURS: &[Field] = &[
    Field {
        name: "duree",
        label: "Durée d’un rendez-vous, en minutes",
        hint: "",
        kind: Kind::Number,
        get: |plan| plan.edition.appointment_minutes.to_string(),
        set: |text, plan, _| {
            plan.edition.appointment_minutes = number(text, 3, 120)?;
            Ok(())
        },
    },
    Field {
        name: "changement",
        label: "Temps pour changer de table, en minutes",
        hint: "",
        kind: Kind::Number,
        get: |plan| plan.edition.change_over_minutes.to_string(),
        set: |text, plan, _| {
            plan.edition.change_over_minutes = number(text, 0, 60)?;
            Ok(())
        },
    },
];

/// The hall.
pub(super) static TABLES: &[Field] = &[
    Field {
        name: "assis",
        label: "Qui garde sa table toute la journée",
        hint: "",
        kind: Kind::One(SEATED),
        get: |plan| plan.edition.seated.map(Side::code).unwrap_or_default().to_owned(),
        set: |text, plan, _| {
            plan.edition.seated = Side::from_code(text);
            Ok(())
        },
    },
    Field {
        name: "combien",
        label: "Nombre de tables",
        hint: "Pour en ajouter ou en retirer à la fin, changez ce nombre.",
        kind: Kind::Number,
        get: |plan| plan.tables.len().to_string(),
        set: |text, plan, _| {
            rows::resize_tables(number(text, 1, table::MOST)?, plan);
            Ok(())
        },
    },
];

/// Who may register, and until when.
pub(super) static REGISTRATION: &[Field] = &[
    Field {
        name: "places_cantines",
        label: "Places pour les cantines",
        hint: "",
        kind: Kind::Number,
        get: |plan| plan.edition.canteen_capacity.to_string(),
        set: |text, plan, _| {
            plan.edition.canteen_capacity = number(text, 1, 1_000)?;
            Ok(())
        },
    },
    Field {
        name: "places_fournisseurs",
        label: "Places pour les fournisseurs",
        hint: "",
        kind: Kind::Number,
        get: |plan| plan.edition.supplier_capacity.to_string(),
        set: |text, plan, _| {
            plan.edition.supplier_capacity = number(text, 1, 1_000)?;
            Ok(())
        },
    },
    Field {
        name: "fin_inscriptions",
        label: "Dernier jour pour s’inscrire",
        hint: "",
        kind: Kind::Day,
        get: |plan| typed_day(plan.edition.registration_until),
        set: |text, plan, _| {
            plan.edition.registration_until = day(text)?;
            Ok(())
        },
    },
    Field {
        name: "fin_souhaits",
        label: "Dernier jour pour dire qui l’on veut rencontrer",
        hint: "",
        kind: Kind::Day,
        get: |plan| typed_day(plan.edition.wishes_until),
        set: |text, plan, _| {
            plan.edition.wishes_until = day(text)?;
            Ok(())
        },
    },
    Field {
        name: "minimum",
        label: "Rendez-vous promis à chacun, au moins",
        hint: "0 : rien n’est promis.",
        kind: Kind::Number,
        get: |plan| plan.edition.minimum_appointments.to_string(),
        set: |text, plan, _| {
            plan.edition.minimum_appointments = number(text, 0, 200)?;
            Ok(())
        },
    },
];

/// What everybody reads.
pub(super) static WORDS: &[Field] = &[
    Field {
        name: "texte_cantines",
        label: "Pour les cantines",
        hint: "",
        kind: Kind::Lines(4_000),
        get: |plan| plan.edition.canteen_words.clone(),
        set: |text, plan, _| {
            plan.edition.canteen_words = lines(text, 4_000)?;
            Ok(())
        },
    },
    Field {
        name: "texte_fournisseurs",
        label: "Pour les fournisseurs",
        hint: "",
        kind: Kind::Lines(4_000),
        get: |plan| plan.edition.supplier_words.clone(),
        set: |text, plan, _| {
            plan.edition.supplier_words = lines(text, 4_000)?;
            Ok(())
        },
    },
];
