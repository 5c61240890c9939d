use proptest::prelude::*;

use super::*;

/// INSEE code, name, postal codes, latitude, longitude, department, inhabitants, former names.
type Row = (&'static str, &'static str, &'static str, f64, f64, &'static str, u32, &'static str);

const ROWS: [Row; 30] = [
    ("25460", "Le Puy", "25640", 47.31, 6.23, "25", 200, ""),
    ("26362", "Valence", "26000", 44.92, 4.91, "26", 64_000, ""),
    ("42218", "Saint-Étienne", "42000 42100", 45.43, 4.39, "42", 173_000, ""),
    ("43019", "Bains", "43370", 45.01, 3.77, "43", 1_378, ""),
    ("43020", "Bas-en-Basset", "43210", 45.31, 4.12, "43", 4_638, ""),
    ("43040", "Brioude", "43100", 45.29, 3.38, "43", 6_527, ""),
    ("43048", "La Chaise-Dieu", "43160", 45.32, 3.70, "43", 594, ""),
    ("43051", "Le Chambon-sur-Lignon", "43400", 45.05, 4.32, "43", 2_501, ""),
    ("43090", "Esplantas-Vazeilles", "43170 43580", 44.90, 3.56, "43", 126, "Vazeilles-près-Saugues"),
    ("43091", "Les Estables", "43150", 44.90, 4.16, "43", 321, ""),
    ("43118", "Lavoûte-Chilhac", "43380", 45.15, 3.41, "43", 254, ""),
    ("43119", "Lavoûte-sur-Loire", "43800", 45.12, 3.90, "43", 805, ""),
    ("43136", "Monistrol-d'Allier", "43580", 44.97, 3.65, "43", 226, ""),
    ("43137", "Monistrol-sur-Loire", "43120", 45.29, 4.19, "43", 8_823, ""),
    ("43141", "Montfaucon-en-Velay", "43290", 45.18, 4.31, "43", 1_158, ""),
    ("43157", "Le Puy-en-Velay", "43000", 45.03, 3.90, "43", 18_540, ""),
    ("43190", "Saint-Germain-Laprade", "43700", 45.04, 3.97, "43", 3_432, ""),
    ("43196", "Saint-Étienne-Lardeyrol", "43260", 45.10, 3.99, "43", 771, ""),
    ("43200", "Saint-Julien-Chapteuil", "43260", 45.03, 4.06, "43", 2_019, ""),
    ("43201", "Saint-Julien-d'Ance", "43500", 45.30, 3.90, "43", 245, ""),
    ("43234", "Saugues", "43170", 44.96, 3.55, "43", 1_652, ""),
    ("43268", "Yssingeaux", "43200", 45.14, 4.12, "43", 7_415, ""),
    ("69123", "Lyon", "69001 69002 69003", 45.76, 4.84, "69", 520_000, ""),
    ("69383", "Lyon 3e Arrondissement", "69003", 45.75, 4.87, "69", 100_000, ""),
    ("10192", "Lentilles", "10330", 48.51, 4.57, "10", 90, ""),
    ("38555", "Vienne", "38200", 45.52, 4.87, "38", 32_000, ""),
    ("69235", "Saint-Julien", "69640", 46.03, 4.65, "69", 900, ""),
    ("2A004", "Ajaccio", "20000 20090", 41.93, 8.70, "2A", 74_000, ""),
    ("75056", "Paris", "75001", 48.86, 2.35, "75", 2_100_000, ""),
    ("07066", "Coucouron", "07470", 44.80, 3.96, "07", 800, ""),
];

fn gazetteer() -> Gazetteer {
    let split = |text: &'static str, by: char| text.split(by).filter(|part| !part.is_empty()).collect();
    Gazetteer::new(ROWS.iter().map(|(insee_code, name, postal, lat, lon, department, population, former)| Entry {
        insee_code,
        name,
        postal_codes: split(postal, ' '),
        point: Some((*lat, *lon)),
        department,
        population: *population,
        former_names: split(former, '|'),
    }))
}

fn code(commune: usize) -> &'static str {
    ROWS[commune].0
}

fn found(text: &str, home: Option<&str>) -> Vec<&'static str> {
    gazetteer().search(text, home, 5).into_iter().map(code).collect()
}

/// What is read at the first word where something is, as "code words".
fn read(query: &str, strong: bool) -> Option<(&'static str, usize)> {
    let folded = query.to_lowercase();
    let words: Vec<&str> = folded.split(' ').collect();
    gazetteer()
        .read(&words, 0, Some("43"), strong, &|word| word == "lait")
        .map(|(commune, words)| (code(commune), words))
}

#[test]
fn completion_finds_the_commune_however_it_is_typed() {
    for (typed, expected) in [
        ("St Julien", "43200"),
        ("saint-julien chapteuil", "43200"),
        ("julien chap", "43200"),
        ("43200", "43268"),
        ("43200 yss", "43268"),
        ("le puy", "43157"),
        ("puy en velay", "43157"),
        ("monistrol/loire", "43137"),
        ("Monistrol s/ Loire", "43137"),
        ("monis", "43137"),
        ("yssingaux", "43268"),
        ("briuode", "43040"),
        ("Vazeilles", "43090"),
        ("lavoute chilhac", "43118"),
        ("LAVOÛTE", "43119"),
        ("chambon lignon", "43051"),
        ("2a004", "2A004"),
        ("saint étienne", "42218"),
        ("lyon 3", "69383"),
    ] {
        assert_eq!(found(typed, Some("43")).first(), Some(&expected), "{typed}");
    }
}

#[test]
fn a_postal_code_lists_its_communes_home_and_large_ones_first() {
    assert_eq!(found("43260", Some("43")), ["43200", "43196"]);
    assert_eq!(found("69003", None), ["69123", "69383"]);
    assert_eq!(found("432", Some("43"))[0], "43268");
}

#[test]
fn a_slip_is_tolerated_only_when_nothing_else_is_found() {
    assert_eq!(found("pari", None), ["75056"]);
    assert_eq!(found("bxyzt", None), [""; 0]);
    assert_eq!(found("", Some("43")), [""; 0]);
    assert_eq!(found("' - /", Some("43")), [""; 0]);
}

#[test]
fn without_a_preposition_only_sure_names_are_read() {
    assert_eq!(read("saugues", false), Some(("43234", 1)));
    assert_eq!(read("le puy", false), Some(("43157", 2)));
    assert_eq!(read("du puy en velay bio", false), Some(("43157", 4)));
    assert_eq!(read("puy", false), Some(("43157", 1)));
    assert_eq!(read("monistrol", false), Some(("43137", 1)));
    assert_eq!(read("st julien chapteuil", false), Some(("43200", 3)));
    assert_eq!(read("coucouron", false), Some(("07066", 1)));
    for words in
        ["lentilles", "lait", "bains", "montfaucon", "brioud", "bas", "le", "saint", "vente directe", "2", "sur"]
    {
        assert_eq!(read(words, false), None, "{words}");
    }
}

#[test]
fn after_a_preposition_beginnings_and_a_slip_are_read() {
    assert_eq!(read("bains", true), Some(("43019", 1)));
    assert_eq!(read("chambon bio", true), Some(("43051", 1)));
    assert_eq!(read("montfaucon", true), Some(("43141", 1)));
    assert_eq!(read("aux estables", true), Some(("43091", 2)));
    assert_eq!(read("yssingaux", true), Some(("43268", 1)));
    assert_eq!(read("monistroll", true), Some(("43137", 1)));
    assert_eq!(read("st etienne", true), Some(("42218", 2)));
    assert_eq!(read("d yssingeaux", true), Some(("43268", 2)));
    assert_eq!(read("monistrol loire", true), Some(("43137", 2)));
    for words in ["lentilles", "lait", "saint", "la", "domicile", "cuire"] {
        assert_eq!(read(words, true), None, "{words}");
    }
}

#[test]
fn names_and_codes_are_looked_up_exactly() {
    let gazetteer = gazetteer();
    let codes = |found: Vec<usize>| found.into_iter().map(code).collect::<Vec<_>>();
    assert_eq!(codes(gazetteer.named("VAZEILLES PRES SAUGUES")), ["43090"]);
    assert_eq!(codes(gazetteer.named("Chaise-Dieu")), ["43048"]);
    assert_eq!(codes(gazetteer.named("le puy")), ["25460"]);
    assert_eq!(codes(gazetteer.named("le yssingeaux")), ["43268"]);
    assert_eq!(gazetteer.by_insee_code("2a004").map(code), Some("2A004"));
    assert_eq!(gazetteer.by_insee_code("432000"), None);
    assert_eq!((gazetteer.len(), gazetteer.is_empty()), (ROWS.len(), false));
}

proptest! {
    #[test]
    fn any_text_gets_an_answer_and_always_the_same(text in ".{0,40}", home in "[0-9]{2}|43", limit in 0_usize..9) {
        let gazetteer = gazetteer();
        let first = gazetteer.search(&text, Some(&home), limit);
        prop_assert!(first.len() <= limit);
        prop_assert_eq!(first, gazetteer.search(&text, Some(&home), limit));
    }

    #[test]
    fn any_words_are_read_within_their_bounds(words in proptest::collection::vec("[a-zé0-9]{0,9}|puy|saint|le|d|monistrol|sur", 0..12), at in 0_usize..14, strong: bool) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if let Some((commune, taken)) = gazetteer().read(&words, at, Some("43"), strong, &|_| false) {
            prop_assert!(commune < ROWS.len() && taken > 0 && at + taken <= words.len());
        }
    }

    #[test]
    fn a_name_with_one_slip_is_still_completed(row in 0..ROWS.len(), at in 1_usize..12, letter in "[a-z]") {
        let mut typed = key(ROWS[row].1);
        prop_assume!(typed.len() > 5 && at < typed.len());
        typed.replace_range(at..=at, &letter);
        prop_assert!(!gazetteer().search(&typed, Some("43"), 5).is_empty(), "{}", typed);
    }
}
