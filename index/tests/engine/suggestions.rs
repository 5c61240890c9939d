//! Completions: products that are sold, suppliers, communes.

use index::Suggestion;

use crate::support::{Farm, farm, index, product};

#[test]
fn products_come_with_the_number_of_their_sellers() {
    let farms = [
        farm(1, "A").sells(&["Fromages", "Fromages de chèvre"]),
        farm(2, "B").sells(&["Fromages de chèvre"]),
        farm(3, "C").sells(&["Pommes de terre"]),
    ];
    let first = |typed: &str| index(&farms).suggest(typed, 5).into_iter().next();
    assert_eq!(first("fro"), Some(Suggestion::Product(product("fromage"), 2)));
    assert_eq!(first("fromage de chè"), Some(Suggestion::Product(product("fromage-de-chevre"), 2)));
    assert_eq!(first("pommes de t"), Some(Suggestion::Product(product("pomme-de-terre"), 1)));
    assert_eq!(first("formage"), Some(Suggestion::Product(product("fromage"), 2)));
}

#[test]
fn suppliers_and_communes_are_completed() {
    let index = index(&[farm(1, "GAEC des Genêts"), farm(2, "Ferme des Genêts du Mézenc")]);
    let suppliers: Vec<String> = index
        .suggest("genet", 5)
        .into_iter()
        .filter_map(|s| if let Suggestion::Supplier(_, name, _) = s { Some(name) } else { None })
        .collect();
    assert_eq!(suppliers, ["GAEC des Genêts", "Ferme des Genêts du Mézenc"]);
    assert!(index.suggest("st jul", 5).contains(&Suggestion::Commune(4)));
}

#[test]
fn nothing_is_suggested_for_nothing_and_no_more_than_asked() {
    let farms: Vec<_> = (0..9).map(|id| farm(id, &format!("Genêts {id}"))).collect();
    let index = index(&farms);
    assert_eq!(index.suggest("  ", 5), []);
    assert_eq!(index.suggest("xqz", 5), []);
    assert_eq!(index.suggest("genets", 3).len(), 3);
    index.update(&[0, 1, 2, 3, 4, 5, 6, 7], &[], 0);
    assert_eq!(index.suggest("genets", 3).len(), 1);
}
