//! The figures in French: one table a subject.

use chrono::{Datelike, NaiveDate};

use super::count::{Area, Freshness, Outcomes, STATES};
use super::gather::Counts;
use super::table::{Cell, Line, Table, line};
use crate::app::App;
use crate::directory::{capitalised, goods};
use crate::suppliers::{CertificationKind, ProductFamily, State, Word};
use crate::web::french;

/// Products that are shown of those canteens look for.
const PRODUCTS: usize = 25;

/// All tables, in the order of the page.
pub(super) fn tables(app: &App, counts: &Counts) -> Vec<Table> {
    vec![
        summary(app, counts),
        by_area(app, counts),
        by_family(counts),
        by_sign(counts),
        freshness(counts),
        states(counts),
        wanted(app, counts),
        missed(app, counts),
        contacts(counts),
    ]
}

fn summary(app: &App, counts: &Counts) -> Table {
    let (suppliers, canteens, contacts) = (&counts.suppliers, &counts.canteens, &counts.contacts);
    let (published, enrolled) = (suppliers.published.len() as u64, canteens.enrolled.len() as u64);
    let of_published = |count| [Cell::Share(count, published)];
    let wrote = contacts.canteens.intersection(&canteens.enrolled).count() as u64;
    let reached = contacts.suppliers.intersection(&suppliers.published).count() as u64;
    Table {
        id: "resume",
        title: "En bref",
        notes: vec![format!(
            "«\u{a0}Local\u{a0}» veut dire installé dans une commune du territoire ({}). «\u{a0}Certifié\u{a0}» veut dire prouvé par un certificat valable aujourd’hui. L’un ne dit rien de l’autre, ils sont comptés à part.",
            territory(app)
        )],
        first: "Quoi",
        columns: vec!["Combien"],
        lines: vec![
            line("Fournisseurs publiés", [Cell::Number(published)]),
            line("Fournisseurs locaux", of_published(suppliers.local())),
            line("Fournisseurs avec au moins une certification prouvée", of_published(suppliers.certified)),
            line(
                "Fournisseurs avec des certifications seulement déclarées ou périmées",
                of_published(suppliers.declared),
            ),
            line("Fiches publiées tenues par leur fournisseur", of_published(suppliers.by_state[0].1)),
            line("Fournisseurs à qui une cantine a écrit en 12 mois", of_published(reached)),
            line("Cantines inscrites", [Cell::Number(enrolled)]),
            line("Cantines inscrites qui ont fait leur liste", [Cell::Share(canteens.with_list, enrolled)]),
            line("Cantines inscrites qui ont écrit en 12 mois", [Cell::Share(wrote, enrolled)]),
            line("Cantines du registre inscrites ici", [Cell::Share(canteens.registered_here, canteens.registered)]),
        ],
        drawn: Vec::new(),
        empty: "Ni fournisseur ni cantine pour l’instant.",
    }
}

/// The name of the territory: "Haute-Loire".
fn territory(app: &App) -> &str {
    app.places.department(&app.config.territory).map_or(app.config.territory.as_str(), |known| known.name.as_str())
}

fn by_area(app: &App, counts: &Counts) -> Table {
    let (suppliers, canteens) = (&counts.suppliers, &counts.canteens);
    let (published, enrolled) = (suppliers.published.len() as u64, canteens.enrolled.len() as u64);
    let cells = |area: &Area| {
        let count = |map: &std::collections::HashMap<Area, u64>| map.get(area).copied().unwrap_or(0);
        [
            Cell::Share(count(&suppliers.by_area), published),
            Cell::Share(count(&canteens.by_area), enrolled),
            Cell::Share(count(&canteens.registered_by_area), canteens.registered),
        ]
    };
    let epcis = app.places.epcis_of_department(&app.config.territory);
    let named = epcis.into_iter().map(|epci| line(epci.name.clone(), cells(&Area::Epci(epci.code.clone()))));
    let others = [(Area::NoEpci, "Sans intercommunalité, ou commune inconnue"), (Area::Outside, "Hors du territoire")];
    let others = others.into_iter().map(|(area, name)| line(name, cells(&area)));
    let others = others.filter(|line| line.cells.iter().any(|cell| cell.count() > 0));
    let registry = if canteens.registered > 0 {
        "Le registre est celui de ma-cantine, tel qu’il a été importé."
    } else {
        "Le registre de ma-cantine n’a pas encore été importé."
    };
    Table {
        id: "intercommunalites",
        title: "Par intercommunalité",
        notes: vec![format!(
            "Une intercommunalité à cheval sur deux départements ne compte ici que pour ses communes du territoire ({}). {registry}",
            territory(app)
        )],
        first: "Inter\u{ad}communalité",
        columns: vec!["Fournisseurs publiés", "Cantines inscrites", "Cantines du registre"],
        lines: named.chain(others).collect(),
        drawn: vec![(0, ["fournisseur", "fournisseurs"]), (1, ["cantine", "cantines"])],
        empty: "Ni fournisseur ni cantine pour l’instant. Le tableau se remplit dès la première fiche publiée.",
    }
}

fn by_family(counts: &Counts) -> Table {
    let (suppliers, canteens) = (&counts.suppliers, &counts.canteens);
    let published = suppliers.published.len() as u64;
    let families = ProductFamily::WORDS.iter().map(|&(family, _, name)| {
        let (offer, seek) = (suppliers.by_family[family as usize], canteens.by_family[family as usize]);
        line(name, [Cell::Share(offer, published), Cell::Share(seek, canteens.with_list), Cell::For(seek, offer)])
    });
    Table {
        id: "familles",
        title: "Par famille de produits",
        notes: vec![
            "Un fournisseur compte dans chaque famille où il propose un produit, une cantine dans chaque famille de sa liste."
                .to_owned(),
        ],
        first: "Famille",
        columns: vec!["Fournisseurs qui en proposent", "Cantines qui en cherchent", "Cantines par fournisseur"],
        lines: families.collect(),
        drawn: vec![(0, ["fournisseur", "fournisseurs"]), (1, ["cantine", "cantines"])],
        empty: "Aucun produit proposé ni cherché pour l’instant.",
    }
}

fn by_sign(counts: &Counts) -> Table {
    let (suppliers, canteens) = (&counts.suppliers, &counts.canteens);
    let share = |count| Cell::Share(count, suppliers.published.len() as u64);
    let signs = CertificationKind::WORDS.iter().map(|&(sign, _, name)| {
        let standing = suppliers.by_sign[sign as usize];
        let asked = Cell::Share(canteens.by_sign[sign as usize], canteens.with_list);
        line(name, [share(standing.proven), share(standing.declared), share(standing.expired), asked])
    });
    Table {
        id: "certifications",
        title: "Par certification",
        notes: vec![
            "Prouvée\u{a0}: un certificat complet et valable aujourd’hui, ou l’annuaire officiel. Déclarée\u{a0}: le fournisseur le dit, sans preuve que l’on puisse vérifier\u{a0}; elle ne compte pas comme certifiée."
                .to_owned(),
        ],
        first: "Certification",
        columns: vec!["Prouvée", "Seulement déclarée", "Preuve périmée", "Cantines qui la demandent"],
        lines: signs.filter(|line| line.cells.iter().any(|cell| cell.count() > 0)).collect(),
        drawn: vec![(0, ["prouvée", "prouvées"]), (1, ["déclarée", "déclarées"])],
        empty: "Aucune certification, ni portée par un fournisseur ni demandée par une cantine.",
    }
}

fn freshness(counts: &Counts) -> Table {
    let published = counts.suppliers.published.len() as u64;
    let lines = Freshness::ALL.map(|age| {
        let name = match age {
            Freshness::HalfYear => "Moins de 6 mois",
            Freshness::Year => "De 6 à 12 mois",
            Freshness::TwoYears => "De 1 à 2 ans",
            Freshness::Older => "Plus de 2 ans",
            Freshness::Never => "Jamais confirmée",
        };
        line(name, [Cell::Share(counts.suppliers.by_freshness[age as usize], published)])
    });
    Table {
        id: "fraicheur",
        title: "Fraîcheur des fiches publiées",
        notes: vec!["Depuis que le fournisseur a confirmé sa fiche pour la dernière fois.".to_owned()],
        first: "Confirmée depuis",
        columns: vec!["Fiches publiées"],
        lines: lines.into(),
        drawn: vec![(0, ["fiche", "fiches"])],
        empty: "Aucune fiche publiée pour l’instant.",
    }
}

fn states(counts: &Counts) -> Table {
    let total = counts.suppliers.total() + counts.first_drafts;
    let known = STATES.iter().zip(counts.suppliers.by_state).map(|(state, (all, held))| {
        let name = match state {
            State::Draft => "Importée, pas encore publiée",
            named => named.label(),
        };
        line(name, [Cell::Share(all, total), Cell::Share(held, all)])
    });
    // Whoever writes a first draft holds it.
    let first = counts.first_drafts;
    let writing = line("Première fiche en préparation", [Cell::Share(first, total), Cell::Share(first, first)]);
    Table {
        id: "etats",
        title: "État des fiches",
        notes: vec![
            "«\u{a0}Tenue par son fournisseur\u{a0}»\u{a0}: quelqu’un l’a prise en main et peut la changer. Les autres viennent d’un import."
                .to_owned(),
        ],
        first: "État",
        columns: vec!["Fiches", "Tenues par leur fournisseur"],
        lines: known.chain([writing]).collect(),
        drawn: vec![(0, ["fiche", "fiches"]), (1, ["tenue", "tenues"])],
        empty: "Aucune fiche pour l’instant.",
    }
}

fn wanted(app: &App, counts: &Counts) -> Table {
    let (suppliers, canteens) = (&counts.suppliers, &counts.canteens);
    let (published, lexicon) = (suppliers.published.len() as u64, app.index.lexicon());
    let all = canteens.wanted(suppliers);
    let lines = all.iter().take(PRODUCTS).map(|&(id, seek, offer)| {
        let name = capitalised(&goods(lexicon.product(id)));
        line(name, [Cell::Share(seek, canteens.with_list), Cell::Share(offer, published), Cell::For(seek, offer)])
    });
    let mut notes = vec![
        "Les produits des listes des cantines, du plus demandé pour le moins de fournisseurs au mieux servi. Un fournisseur compte aussi quand il propose une sorte du produit.".to_owned(),
    ];
    if all.len() > PRODUCTS {
        notes.push(format!("Les {PRODUCTS} premiers sur {} produits cherchés.", all.len()));
    }
    if canteens.not_understood > 0 {
        notes.push(format!(
            "{} sur {} ne nomment aucun produit ni famille que le site connaisse.",
            french::count(canteens.not_understood, "ligne", "lignes"),
            french::number(canteens.lines)
        ));
    }
    Table {
        id: "manques",
        title: "Ce que cherchent les cantines",
        notes,
        first: "Produit",
        columns: vec!["Cantines qui en cherchent", "Fournisseurs qui en proposent", "Cantines par fournisseur"],
        lines: lines.collect(),
        drawn: vec![(0, ["cantine", "cantines"]), (1, ["fournisseur", "fournisseurs"])],
        empty: "Aucune cantine n’a encore fait sa liste de produits.",
    }
}

fn missed(app: &App, counts: &Counts) -> Table {
    let (published, lexicon) = (counts.suppliers.published.len() as u64, app.index.lexicon());
    let all = u64::try_from(counts.missed_in_all).unwrap_or(0);
    let lines = counts.missed.iter().map(|missed| {
        let product = lexicon.by_code(&missed.product_code);
        let family = ProductFamily::from_code(&missed.family);
        let name = match (missed.words.as_str(), product, family) {
            ("", Some(product), _) => goods(lexicon.product(product)),
            ("", None, family) => family.map_or("", Word::label).to_owned(),
            (words, ..) => format!("«\u{a0}{words}\u{a0}»"),
        };
        let offer = match (product, family) {
            (Some(product), _) => counts.suppliers.by_product.get(&product).copied().unwrap_or(0),
            (None, Some(family)) => counts.suppliers.by_family[family as usize],
            (None, None) => 0,
        };
        let searches = u64::try_from(missed.searches).unwrap_or(0);
        line(name, [Cell::Share(searches, all), Cell::Share(offer, published)])
    });
    Table {
        id: "recherches",
        title: "Recherches sans résultat",
        notes: vec![
            "Ce que l’on a cherché dans l’annuaire sans trouver personne, depuis 12 mois. Les mots paraissent à partir de deux recherches\u{a0}; qui cherche n’est pas enregistré.".to_owned(),
            "Une recherche peut aussi échouer parce qu’elle est étroite (près d’une commune, avec une certification)\u{a0}: la dernière colonne dit combien de fournisseurs proposent ce qui a été compris.".to_owned(),
        ],
        first: "Recherche",
        columns: vec!["Fois, sur toutes celles sans résultat", "Fournisseurs qui en proposent"],
        lines: lines.collect(),
        drawn: vec![(0, ["fois", "fois"])],
        empty: "Aucune recherche n’est restée deux fois sans résultat.",
    }
}

fn contacts(counts: &Counts) -> Table {
    let contacts = &counts.contacts;
    let total = contacts.total();
    let mut lines: Vec<Line> =
        contacts.by_month.iter().map(|(first, outcomes)| line(month(*first), outcome_cells(outcomes))).collect();
    lines.push(Line { is_total: true, ..line("12 mois", outcome_cells(&total)) });
    let answered = total.answered + total.worked;
    let mut notes = vec![
        "Les messages des cantines aux fournisseurs, par mois d’envoi, et leur suite, selon les cantines ou le fournisseur qui dit avoir répondu."
            .to_owned(),
    ];
    if total.sent > 0 {
        notes.push(format!(
            "Taux de réponse\u{a0}: {} sur {} ({}\u{a0}%), en comptant ceux qui travaillent ensemble.",
            french::count(answered, "réponse", "réponses"),
            french::count(total.sent, "message", "messages"),
            (answered * 100 + total.sent / 2) / total.sent
        ));
    }
    Table {
        id: "contacts",
        title: "Messages aux fournisseurs",
        notes,
        first: "Mois",
        columns: vec!["Messages", "Réponses", "Dont travaillent ensemble", "Sans suite", "Pas encore de réponse"],
        lines,
        drawn: vec![(0, ["message", "messages"]), (1, ["réponse", "réponses"])],
        empty: "Aucune cantine n’a écrit à un fournisseur depuis 12 mois.",
    }
}

fn outcome_cells(of: &Outcomes) -> [Cell; 5] {
    let share = |count| Cell::Share(count, of.sent);
    let answered = share(of.answered + of.worked);
    [Cell::Number(of.sent), answered, share(of.worked), share(of.nothing), share(of.open)]
}

/// "mars 2027".
fn month(first: NaiveDate) -> String {
    format!("{} {}", french::MONTHS[first.month0() as usize], first.year())
}
