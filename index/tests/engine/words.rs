//! How the words of a cook are read.

use index::{Answer, Listing, Offer, Request};

use crate::support::{Farm, all, asking, farm, found, ids, index, lexicon, offer};

/// One farm for each product and for what stands beside it.
fn market() -> Vec<Listing> {
    let offers = [
        "Carottes",
        "Pommes de terre",
        "Pommes",
        "Jus de pomme",
        "Choux",
        "Lentilles vertes",
        "Fraises",
        "Maïs",
        "Bœuf",
        "Poulets",
        "Pâtes",
        "Pâtés de campagne",
        "Noix de veau",
        "Œufs",
        "Lait",
        "Yaourts",
        "Fromages",
        "Fromages de chèvre",
        "Salers",
        "Pain",
        "Baguettes",
        "Pains au chocolat",
        "Tartes",
        "Miel",
        "Sel",
        "Soupe",
    ];
    (0..).zip(offers).map(|(id, name)| farm(id, &format!("Établissement {id}")).sells(&[name])).collect()
}

fn search(q: &str) -> Answer {
    index(&market()).search(&asking(q))
}

/// Codes of the products understood.
fn products(q: &str) -> Vec<String> {
    search(q).understood.products.iter().map(|id| lexicon().product(*id).code.clone()).collect()
}

#[test]
fn words_that_ask_for_nothing_are_told() {
    let index = index(&[farm(1, "A").sells(&["Miel"])]);
    for q in ["moins cher", "collège", "je cherche un fournisseur pas trop cher"] {
        let answer = index.search(&asking(q));
        assert!(answer.understood.asks_nothing && answer.total == 1, "{q}");
    }
    for q in ["", "miel", "bio", "Brioude", "jeudi", "mai", "xylophone"] {
        assert!(!index.search(&asking(q)).understood.asks_nothing, "{q}");
    }
}

#[test]
fn a_product_is_found_however_it_is_written() {
    for (q, code) in [
        ("carotte", "carotte"),
        ("CAROTTES", "carotte"),
        ("d'carottes", "carotte"),
        ("carrottes", "carotte"),
        ("karottes", "carotte"),
        ("arotte", "carotte"),
        ("caro", "carotte"),
        ("patates", "pomme-de-terre"),
        ("pommes-de-terre", "pomme-de-terre"),
        ("pommedeterre", "pomme-de-terre"),
        ("pommes de tere", "pomme-de-terre"),
        ("pommes de t", "pomme-de-terre"),
        ("pommes de te", "pomme-de-terre"),
        ("pommes de", "pomme-de-terre"),
        ("oeufs", "oeuf"),
        ("œuf", "oeuf"),
        ("fromage de chevre", "fromage-de-chevre"),
        ("formage de chèvre", "fromage-de-chevre"),
        ("biquette", "fromage-de-chevre"),
        ("pain au choolat", "pain-au-chocolat"),
        ("pâtes", "pates"),
        ("pâté", "pate-de-campagne"),
        ("noix de veau", "noix-de-veau"),
        ("maïs", "mais"),
        ("golden", "pomme"),
        ("je cherche du miel pour la cantine s'il vous plaît", "miel"),
        ("lentilles AND (", "lentille"),
        ("fromage 🧀🐐", "fromage"),
    ] {
        assert_eq!(products(q), [code], "{q}");
        assert!(search(q).total > 0, "{q}");
    }
}

#[test]
fn apples_are_no_potatoes() {
    let names = |q| search(q).hits.iter().map(|hit| hit.offers[0].name.clone()).collect::<Vec<_>>();
    assert_eq!(names("pomme"), ["Pommes", "Jus de pomme"]);
    assert_eq!(names("pommes de terre"), ["Pommes de terre"]);
}

#[test]
fn both_products_come_before_one_of_them() {
    let farms = [
        farm(1, "A").sells(&["Carottes"]),
        farm(2, "B").sells(&["Miel", "Carottes"]),
        farm(3, "C").sells(&["Miel", "Pain"]),
    ];
    for q in ["miel et carottes", "carottes, miel", "des carottes ainsi que du miel"] {
        let hits = found(&farms, q);
        assert_eq!((hits[0], hits.len()), (2, 3), "{q}");
    }
}

#[test]
fn words_after_a_product_say_which_kind() {
    let farms = [
        farm(1, "A").sells(&["Pommes", "Choux verts"]),
        farm(2, "B").sells(&["Pommes Golden", "Yaourts au miel"]),
        farm(3, "C").sells(&["Pommes ridées", "Choux rouges"]),
        farm(4, "D").sells(&["Miel", "Yaourts"]),
    ];
    assert_eq!(found(&farms, "pommes golden")[0], 2);
    assert_eq!(found(&farms, "golden pommes")[0], 2);
    assert_eq!(found(&farms, "pommes ridées")[0], 3);
    assert_eq!(found(&farms, "chou rouge"), [3, 1]);
    assert_eq!(found(&farms, "yaourt au miel"), [2, 4]);
    assert_eq!(products("pommes rouges"), ["pomme"]);
}

#[test]
fn a_mark_separates_what_would_be_one() {
    assert_eq!(products("yaourt, miel"), ["yaourt", "miel"]);
    assert_eq!(products("yaourt miel"), ["yaourt"]);
    assert_eq!(products("bœuf salers"), ["boeuf"]);
    assert_eq!(products("salers"), ["salers"]);
}

#[test]
fn what_is_refused_is_not_asked() {
    assert_eq!(products("pain sans sel"), ["pain"]);
    assert_eq!(products("du miel mais pas de lait"), ["miel"]);
}

#[test]
fn months_and_figures_are_no_words() {
    let summer = Offer { months: 0b0000_1110_0000, ..offer("Fraises") };
    let farms = [Listing { offers: vec![summer], ..farm(1, "A") }, farm(2, "B").sells(&["Fraises"])];
    assert_eq!(found(&farms, "fraises en janvier"), [2]);
    assert_eq!(found(&farms, "fraises de juin à août").len(), 2);
    assert_eq!(products("12 kg de carottes pour 300 repas"), ["carotte"]);
}

#[test]
fn nonsense_finds_nothing() {
    for q in ["xqzwvk", "ordinateur portable", "plombier", "voiture", "zz", "东京"] {
        let answer = search(q);
        assert_eq!((answer.total, answer.correction), (0, None), "{q}");
    }
}

#[test]
fn a_product_is_found_beside_a_word_nobody_knows() {
    assert_eq!(products("carottes xqzwvk"), ["carotte"]);
    assert_eq!(search("carottes xqzwvk").total, search("carottes").total);
}

#[test]
fn a_correction_helps_and_stays_away_when_nothing_is_wrong() {
    assert_eq!(search("karottes").correction.as_deref(), Some("carottes"));
    assert_eq!(search("du formage").correction.as_deref(), Some("du fromage"));
    assert_eq!(search("carottes").correction, None);
    assert_eq!(search("caro").correction, None);
}

#[test]
fn a_supplier_is_called_by_its_name() {
    let farms = [
        farm(1, "Les Chèvres de Léa").sells(&["Fromages de chèvre"]),
        farm(2, "Fromagerie des Gorges de l'Allier").sells(&["Fromages"]),
        farm(3, "Salaisons Cortial").sells(&["Pâtés"]),
        farm(4, "Ferme de Saint-Flour").sells(&["Fromages de chèvre"]).says("Nous aimons Léa."),
    ];
    for (q, id) in [
        ("les chèvres de léa", 1),
        ("chevres lea", 1),
        ("Fromagerie des gorge de l'alier", 2),
        ("salaison cortial", 3),
        ("cortail", 3),
        ("ferme de st flour", 4),
    ] {
        assert_eq!(found(&farms, q), [id], "{q}");
    }
}

#[test]
fn a_word_said_twice_is_nobodys_name() {
    let farms = [
        farm(1, "Les Chèvres de Léa").sells(&["Miel"]),
        farm(2, "Ferme des Genêts").sells(&["Fromages de chèvre"]),
        farm(3, "Rucher du Bois").sells(&["Miel"]),
    ];
    for q in ["chèvre chèvre", "chèvre chèvres", "chevre fromage chevre"] {
        let once = found(&farms, q.rsplit_once(' ').unwrap().0);
        assert_eq!(found(&farms, q), once, "{q}");
        assert!(once.contains(&2), "{q}");
    }
    assert_eq!(found(&farms, "léa léa chèvre"), [1], "said twice, a name is one still");
}

#[test]
fn a_word_that_is_no_product_is_found_where_it_stands() {
    let farms = [
        farm(1, "A").sells(&["Pain"]).says("Four à bois."),
        farm(2, "B").sells(&["Terrine de bois fumé"]),
        farm(3, "Le Bois Joli").sells(&["Pain"]),
        farm(4, "D").sells(&["Pain"]),
    ];
    assert_eq!(found(&farms, "bois"), [3, 2, 1]);
}

#[test]
fn politeness_alone_asks_for_nothing_and_shows_everybody() {
    assert_eq!(search("bonjour").total, market().len());
    assert_eq!(index(&market()).search(&all()).total, market().len());
}

#[test]
fn a_query_is_read_up_to_a_limit() {
    let long = format!("carottes {}", "a".repeat(8_000));
    assert_eq!(products(&long), ["carotte"]);
    assert_eq!(index(&market()).search(&Request { q: "\u{0}\u{7}carottes\n".to_owned(), ..all() }).total, 1);
    assert_eq!(ids(&search("carottes")).len(), 1);
}
