//! The steps of a listing, and each field of the plain ones.

use super::Content;
use super::fields::{Field, FieldKind, Step};
use super::reading::{amount, commune, near, phone, point, siret};
use crate::places::Places;
use crate::suppliers::delivery::ZoneKind;
use crate::suppliers::{
    DeliveryZones, Kind, PublishedPosition, Stored, Weekday, Word,
    contact::{email, website},
};
use crate::tables::{parse_list, parse_number};
use crate::web::{filled, french, one_line, text_of};

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
                        text_of(&one_line(text), 200)?.ok_or("Écrivez le nom sous lequel on vous connaît.")?;
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
                    content.siret = siret(text)?;
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

/// Every step, the plain ones first: last part of its address and its heading.
pub fn steps() -> impl Iterator<Item = (&'static str, &'static str)> {
    let others = [("produits", "Vos produits"), ("certifications", "Signes de qualité"), ("photos", "Photos")];
    STEPS.iter().map(|step| (step.path, step.title)).chain(others)
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
