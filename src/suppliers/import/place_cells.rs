use super::towns::Towns;
use crate::{
    places::Commune,
    suppliers::delivery::{DeliveryZones, ZoneKind},
    tables::{Line, Severity, parse_list, parse_number},
};

/// The commune of a line: by its INSEE code, else by name and postal code.
pub(super) fn commune<'p>(line: &mut Line<'_>, towns: &Towns<'p>) -> Option<&'p Commune> {
    if line.raw("Code INSEE").is_some() {
        return line.parse("Code INSEE", Severity::Line, |code| {
            towns.by_code(code).ok_or("le code INSEE d’une commune, comme 43157 ou 2A004")
        });
    }
    let (Some(name), postal_code) = (line.raw("Commune"), line.raw("Code postal")) else {
        line.report("Commune", "", "la commune, ou son code INSEE", Severity::Line);
        return None;
    };
    let Some(postal_code) = postal_code else {
        line.report("Code postal", "", "le code postal de la commune, ou son code INSEE", Severity::Line);
        return None;
    };
    let Some(digits) = five_digits(&postal_code) else {
        line.report("Code postal", &postal_code, "5 chiffres", Severity::Line);
        return None;
    };
    let found = towns.by_postal_code(&name, &digits);
    found
        .map_err(|near| {
            let expected = format!("une commune du code postal {digits}{}", hint(&near));
            line.report("Commune", &name, &expected, Severity::Line);
        })
        .ok()
}

/// The postal code as five digits. A spreadsheet may have taken the zero before it.
pub(super) fn postal_code(line: &mut Line<'_>, commune: Option<&Commune>) -> Option<String> {
    let text = line.raw("Code postal")?;
    let digits = five_digits(&text)
        .filter(|digits| text.len() >= 5 || commune.is_some_and(|commune| commune.postal_codes.contains(digits)));
    // Without an INSEE code it has been judged with the commune.
    if digits.is_none() && line.raw("Code INSEE").is_some() {
        line.report("Code postal", &text, "5 chiffres", Severity::Cell);
    }
    digits
}

/// Latitude and longitude: both or neither.
pub(super) fn position(line: &mut Line<'_>) -> Option<(f64, f64)> {
    let degrees = |limit: f64, expected: &'static str| {
        move |text: &str| parse_number(text).filter(|degrees| degrees.abs() <= limit).ok_or(expected)
    };
    let latitude = line.parse("Latitude", Severity::Line, degrees(90.0, "un nombre de degrés entre -90 et 90"));
    let longitude = line.parse("Longitude", Severity::Line, degrees(180.0, "un nombre de degrés entre -180 et 180"));
    for (heading, other) in [("Latitude", "Longitude"), ("Longitude", "Latitude")] {
        if line.raw(heading).is_none() && line.raw(other).is_some() {
            line.report(heading, "", "les deux coordonnées, ou aucune", Severity::Line);
        }
    }
    latitude.zip(longitude)
}

/// Where the supplier delivers. Communes are codes, or names in its own département.
pub(super) fn zones(line: &mut Line<'_>, towns: &Towns<'_>, own: Option<&Commune>) -> DeliveryZones {
    let (mut zones, places) = (DeliveryZones::default(), towns.places());
    for item in items(line, "Départements livrés") {
        // A spreadsheet may have taken the zero of `07`.
        match places.department(&item).or_else(|| places.department(&format!("0{item}"))) {
            Some(department) => zones.add(ZoneKind::Department, department.code.clone()),
            None => line.report("Départements livrés", &item, "des codes comme 43, 2A, 07", Severity::Line),
        }
    }
    for item in items(line, "EPCI livrés") {
        match places.epci(&item) {
            Some(epci) => zones.add(ZoneKind::Epci, epci.code.clone()),
            None => line.report("EPCI livrés", &item, "des codes d’intercommunalités, de 9 chiffres", Severity::Line),
        }
    }
    for item in items(line, "Communes livrées") {
        if let Some(commune) = towns.by_code(&item) {
            zones.add(ZoneKind::Commune, commune.insee_code.to_string());
        } else if let Some(own) = own {
            match towns.in_department(&item, &own.department) {
                Ok(commune) => zones.add(ZoneKind::Commune, commune.insee_code.to_string()),
                Err(near) => {
                    let code = &own.department;
                    let expected = format!("des communes du département {code}, ou des codes INSEE{}", hint(&near));
                    line.report("Communes livrées", &item, &expected, Severity::Line);
                }
            }
        }
    }
    zones
}

fn items(line: &Line<'_>, heading: &str) -> Vec<String> {
    line.raw(heading).map(|text| parse_list(&text).map(str::to_owned).collect()).unwrap_or_default()
}

fn five_digits(text: &str) -> Option<String> {
    let digits: String = text.split_whitespace().collect();
    let digits = if digits.len() == 4 { format!("0{digits}") } else { digits };
    (digits.len() == 5 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

fn hint(near: &[String]) -> String {
    if near.is_empty() {
        String::new()
    } else {
        format!(" (peut-être {})", near.iter().take(3).cloned().collect::<Vec<_>>().join(", "))
    }
}
