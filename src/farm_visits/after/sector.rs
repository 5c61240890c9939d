//! For whom somebody came: the sector of a kitchen that is known here, else what the name of the organisation says.

use crate::tables::fold;

/// Each sector with the codes of the State's registry and the beginnings of words by which a name tells it; the first that
/// fits counts.
const SECTORS: [(&str, &[&str], &[&str]); 7] = [
    ("Collèges", &["education_secondaire_college"], &["college"]),
    ("Lycées", &["education_secondaire_lycee", "education_enseignement_agricole"], &["lycee", "mfr", "legta"]),
    ("EHPAD", &["social_ehpad"], &["ehpad", "residence", "retraite"]),
    (
        "Médico-social",
        &["social_esat", "social_ime", "social_pjj", "social_autre"],
        &["mecs", "esat", "ime", "foyer", "adapei"],
    ),
    ("Hôpitaux et cliniques", &["sante_hopital", "sante_clinique", "sante_autre"], &["hopital", "clinique", "chu"]),
    (
        "Communes, écoles et crèches",
        &["education_primaire", "social_creche", "administration_administratif_des_collectivites"],
        &["commune", "mairie", "ville", "ecole", "creche", "communaute", "sivu", "sivom"],
    ),
    (OTHER, &[], &[]),
];
const OTHER: &str = "Autres";

/// All of them, in the order of tables.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    SECTORS.into_iter().map(|(label, ..)| label)
}

/// The sector of an organisation: by its code, when its kitchen is known, else by its name.
pub(super) fn of(code: Option<&str>, name: &str) -> &'static str {
    let by_code = |(_, codes, _): &&(&str, &[&str], &[&str])| code.is_some_and(|code| codes.contains(&code));
    if let Some((label, ..)) = SECTORS.iter().find(by_code) {
        return label;
    }
    let name = fold(name);
    let words: Vec<&str> = name.split(|letter: char| !letter.is_alphanumeric()).collect();
    let says = |beginning: &&str| {
        // Short names stand alone: « ime » is no beginning of « imenez ».
        words.iter().any(|word| if beginning.len() < 5 { word == beginning } else { word.starts_with(*beginning) })
    };
    let by_name = |(.., names): &&(&str, &[&str], &[&str])| names.iter().any(says);
    SECTORS.iter().find(by_name).map_or(OTHER, |(label, ..)| label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_kitchen_has_its_sector_and_others_what_their_name_says() {
        assert_eq!(of(Some("social_ehpad"), "Les Genêts"), "EHPAD");
        for (name, sector) in [
            ("Collège Jules-Vallès", "Collèges"),
            ("LYCÉE agricole de Bonnefont", "Lycées"),
            ("Résidence Les Patios", "EHPAD"),
            ("MECS Les Gouspins", "Médico-social"),
            ("Mairie de Retournac", "Communes, écoles et crèches"),
            ("Écoles de Vorey", "Communes, écoles et crèches"),
            ("Chez Imenez", OTHER),
            ("", OTHER),
        ] {
            assert_eq!(of(None, name), sector, "{name}");
        }
    }

    #[test]
    fn each_code_stands_in_one_sector() {
        let mut codes: Vec<&str> = SECTORS.iter().flat_map(|(_, codes, _)| *codes).copied().collect();
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }
}
