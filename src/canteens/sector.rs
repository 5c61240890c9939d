use std::{collections::HashMap, sync::LazyLock};

use crate::tables::fold;

/// A sector of the State's `ma-cantine` registry: its code (`education_secondaire_college`).
pub(super) type Code = &'static str;

static CODES: LazyLock<HashMap<String, Code>> = LazyLock::new(|| {
    let mut codes = HashMap::new();
    for line in include_str!("sectors.csv").lines().skip(1) {
        let mut cells = line.split(';');
        let code = cells.next().unwrap_or_default();
        let labels = cells.flat_map(|cell| cell.split('|')).filter(|label| !label.is_empty());
        codes.extend(labels.chain([code]).map(|label| (key(label), code)));
    }
    codes
});

/// Every sector: its code and its label, in the order of the registry.
pub(super) fn all() -> impl Iterator<Item = (Code, String)> {
    include_str!("sectors.csv").lines().skip(1).filter_map(|line| {
        let mut cells = line.split(';');
        Some((cells.next()?, cells.next()?.to_owned()))
    })
}

/// The sector of a label or code in any of its spellings (`EHPAD/ maisons…`, `d’entreprises`).
pub(super) fn of_label(label: &str) -> Option<Code> {
    CODES.get(&key(label)).copied()
}

fn key(label: &str) -> String {
    fold(label).split('/').map(str::trim).collect::<Vec<_>>().join("/")
}

/// The labels in a cell of the registry: separated by commas since November 2025; before, a list in JSON; before March
/// 2024, a list as Python prints it, each `{'id': 27, 'name': 'Secondaire collège', …}`.
pub(super) fn labels(cell: &str) -> Vec<String> {
    let cell = cell.trim();
    let Some(inside) = cell.strip_prefix('[').map(|rest| rest.strip_suffix(']').unwrap_or(rest)) else {
        return kept(cell.split(',').map(str::to_owned));
    };
    if !inside.contains('{') {
        return kept(strings(inside).into_iter());
    }
    let after_name =
        inside.split("'name'").chain(inside.split("\"name\"")).filter(|part| part.trim_start().starts_with(':'));
    kept(after_name.filter_map(|part| strings(part).into_iter().next()))
}

fn kept(labels: impl Iterator<Item = String>) -> Vec<String> {
    labels.map(|label| label.trim().to_owned()).filter(|label| !label.is_empty()).collect()
}

/// The texts between quotes. Python takes the double ones when an apostrophe stands inside.
fn strings(text: &str) -> Vec<String> {
    let (mut found, mut open, mut current) = (Vec::new(), None, String::new());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (open, character) {
            (None, '\'' | '"') => open = Some(character),
            (None, _) => {}
            (Some(_), '\\') => current.extend(characters.next()),
            (Some(quote), _) if character == quote => {
                found.push(std::mem::take(&mut current));
                open = None;
            }
            (Some(_), _) => current.push(character),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_sector_have_one_code() {
        for label in [
            "EHPAD / maisons de retraite / foyers de personnes âgées",
            "EHPAD/ maisons de retraite / foyers de personnes agees",
        ] {
            assert_eq!(of_label(label), Some("social_ehpad"));
        }
        assert_eq!(of_label("Restaurants d’entreprises"), of_label("Restaurants d'entreprises"));
        assert_eq!(of_label("Secondaire Lycée agricole"), Some("education_enseignement_agricole"));
        assert_eq!(of_label("sante_hopital"), Some("sante_hopital"));
        assert_eq!(of_label("Autres établissements du secteur public"), None);
    }

    #[test]
    fn the_three_forms_of_the_registry_are_read() {
        let expected = ["Secondaire lycée agricole", "Restaurants d'entreprises"];
        for cell in [
            "Secondaire lycée agricole, Restaurants d'entreprises",
            r#"["Secondaire lycée agricole", "Restaurants d'entreprises"]"#,
            r#"[{'id': 27, 'name': 'Secondaire lycée agricole', 'category': 'education', 'hasLineMinistry': False}, {'id': 3, 'name': "Restaurants d'entreprises"}]"#,
        ] {
            assert_eq!(labels(cell), expected, "{cell}");
        }
        assert!(labels(" ").is_empty() && labels("[]").is_empty());
        assert_eq!(labels("[{'id': 27"), Vec::<String>::new());
    }
}
