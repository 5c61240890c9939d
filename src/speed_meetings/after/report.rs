//! What an edition gave, in French: in sums for everybody, and name by name the trace that the law asks for.

use super::count::{self, RANKS, SIDES};
use super::gather::Gathered;
use super::outcome::{Said, Upshot};
use crate::app::App;
use crate::figures::{Cell, Line, SATISFACTION, Table, line};
use crate::speed_meetings::day::presence::State as Seen;
use crate::speed_meetings::edition::Side;
use crate::suppliers::{ProductFamily, Word};
use crate::tables::{self, Sheet};
use crate::web::french;

/// From an order down to nothing.
const ORDER: [Said; 6] = [
    Said::Came(Upshot::Order),
    Said::Came(Upshot::Quote),
    Said::Came(Upshot::Sample),
    Said::Came(Upshot::Contact),
    Said::Came(Upshot::Nothing),
    Said::NotHeld,
];
const BY_SIDE: [&str; 2] = ["Selon les cantines", "Selon les fournisseurs"];

/// All tables of the report, in the order of the page; no name stands in them.
pub(super) fn tables(all: &Gathered) -> Vec<Table> {
    vec![summary(all), invitations(all), wishes(all), outcomes(all), families(all), satisfaction(all), deliveries(all)]
}

fn summary(all: &Gathered) -> Table {
    let appointments = count::appointments(all);
    let [(canteens, all_canteens), (suppliers, all_suppliers)] = SIDES.map(|side| count::came(all, side));
    let of_planned = |count| [Cell::Share(count, appointments.planned)];
    let reviews = all.reviews.len() as u64;
    let points: u64 = all.reviews.iter().filter_map(|one| u64::try_from(one.satisfaction).ok()).sum();
    let registered = all_canteens + all_suppliers;
    let mut lines = vec![
        line("Cantines venues, sur les inscrites", [Cell::Share(canteens, all_canteens)]),
        line("Fournisseurs venus, sur les inscrits", [Cell::Share(suppliers, all_suppliers)]),
    ];
    if all.has_desk() {
        lines.push(line("Inscrits notés absents à l’accueil", [Cell::Share(count::absent(all), registered)]));
    }
    lines.extend([
        line("Rencontres souhaitées par l’un ou l’autre", [Cell::Number(appointments.wished)]),
        line("Rencontres souhaitées des deux côtés", [Cell::Share(appointments.mutual, appointments.wished)]),
    ]);
    if appointments.lost + appointments.added > 0 && appointments.told > 0 {
        lines.extend([
            line("Rendez-vous annoncés avant la journée", [Cell::Number(appointments.told)]),
            line("Perdus le jour même", [Cell::Share(appointments.lost, appointments.told)]),
            line("Ajoutés le jour même", [Cell::Number(appointments.added)]),
        ]);
    }
    lines.extend([
        line("Rendez-vous au planning", [Cell::Number(appointments.planned)]),
        line("Rendez-vous tenus", of_planned(appointments.held)),
        line("Rendez-vous manqués", of_planned(appointments.missed)),
        line("Rendez-vous suivis d’une livraison", of_planned(count::delivered(all))),
        line("Avis donnés", [Cell::Share(reviews, registered)]),
        line("Satisfaction moyenne, de 1 à 5", [Cell::For(points, reviews)]),
    ]);
    Table {
        id: "resume",
        title: "En bref",
        notes: vec![
            "Un rendez-vous compte comme tenu dès que l’un des deux le dit, comme manqué si l’un le dit sans que l’autre dise le contraire, ou si l’accueil a noté l’un des deux absent."
                .to_owned(),
            "Est venu qui a été noté arrivé à l’accueil, ou, quand l’accueil n’a rien noté, qui a eu un rendez-vous.".to_owned(),
        ],
        first: "Quoi",
        columns: vec!["Combien"],
        lines,
        drawn: Vec::new(),
        empty: "Personne n’est inscrit.",
    }
}

fn invitations(all: &Gathered) -> Table {
    let lines = all.invited.iter().map(|(name, counts)| line(name.clone(), counts.map(Cell::Number)));
    Table {
        id: "invitations",
        title: "Qui a été invité",
        notes: vec!["Qui a été invité de plusieurs façons compte dans chacune.".to_owned()],
        first: "Quoi",
        columns: vec!["Cantines", "Fournisseurs", "Aux deux à la fois"],
        lines: lines.collect(),
        drawn: Vec::new(),
        empty: "Aucune invitation n’est notée.",
    }
}

fn wishes(all: &Gathered) -> Table {
    let sides = SIDES.map(|side| count::wishes(all, side));
    let named = |at: usize| match at {
        0 => "1er souhait".to_owned(),
        RANKS => format!("Après le {RANKS}e"),
        _ => format!("{}e souhait", at + 1),
    };
    let lines = (0..=RANKS).map(|at| line(named(at), sides.map(|lines| Cell::Share(lines[at].0, lines[at].1))));
    Table {
        id: "souhaits",
        title: "Souhaits exaucés, par rang",
        notes: vec![
            "Un souhait est exaucé quand le rendez-vous était au planning et que personne ne dit qu’il a manqué."
                .to_owned(),
        ],
        first: "Rang",
        columns: vec!["Souhaits des cantines", "Souhaits des fournisseurs"],
        lines: lines
            .filter(|line| line.cells.iter().any(|cell| matches!(cell, Cell::Share(_, all) if *all > 0)))
            .collect(),
        drawn: vec![(0, ["de cantine", "de cantines"]), (1, ["de fournisseur", "de fournisseurs"])],
        empty: "Aucun souhait exaucé pour l’instant.",
    }
}

fn outcomes(all: &Gathered) -> Table {
    let planned = all.meetings.len() as u64;
    let of = |what| SIDES.map(|side| Cell::Share(count::said(all, side, what), planned));
    let mut lines: Vec<Line> = ORDER.iter().map(|said| line(said.label(), of(Some(*said)))).collect();
    lines.push(line("Pas encore noté", of(None)));
    Table {
        id: "suites",
        title: "Suites des rendez-vous",
        notes: vec![
            "Chaque côté note ses rendez-vous pour lui-même\u{a0}: les deux colonnes peuvent différer.".to_owned(),
        ],
        first: "Suite",
        columns: BY_SIDE.to_vec(),
        lines,
        drawn: vec![
            (0, ["selon les cantines", "selon les cantines"]),
            (1, ["selon les fournisseurs", "selon les fournisseurs"]),
        ],
        empty: "Aucun rendez-vous n’est publié.",
    }
}

fn families(all: &Gathered) -> Table {
    let lines = ProductFamily::WORDS.iter().map(|&(family, _, name)| {
        let (planned, [canteens, suppliers]) = count::family(all, family);
        let of = |count| Cell::Share(count, planned);
        line(name, [Cell::Number(planned), of(canteens.0), of(canteens.1), of(suppliers.0), of(suppliers.1)])
    });
    Table {
        id: "familles",
        title: "Suites par famille de produits",
        notes: vec![
            "Un rendez-vous compte dans chaque famille que propose le fournisseur. «\u{a0}Avec suite\u{a0}»\u{a0}: contact, échantillon, devis ou commande."
                .to_owned(),
        ],
        first: "Famille",
        columns: vec![
            "Rendez-vous",
            "Avec suite, selon les cantines",
            "Dont commandes, selon les cantines",
            "Avec suite, selon les fournisseurs",
            "Dont commandes, selon les fournisseurs",
        ],
        lines: lines.filter(|line| line.cells[0].count() > 0).collect(),
        drawn: vec![(0, ["rendez-vous", "rendez-vous"]), (1, ["avec suite", "avec suite"])],
        empty: "Aucun rendez-vous avec un fournisseur qui propose des produits.",
    }
}

fn satisfaction(all: &Gathered) -> Table {
    let given =
        SIDES.map(|side| SATISFACTION.iter().map(|(points, _)| count::content(all, side, *points)).sum::<u64>());
    let lines = SATISFACTION.map(|(points, label)| {
        let of = |at: usize| Cell::Share(count::content(all, SIDES[at], points), given[at]);
        line(label, [of(0), of(1)])
    });
    Table {
        id: "satisfaction",
        title: "Satisfaction",
        notes: Vec::new(),
        first: "Avis",
        columns: vec!["Cantines", "Fournisseurs"],
        lines: lines.into(),
        drawn: vec![(0, ["cantine", "cantines"]), (1, ["fournisseur", "fournisseurs"])],
        empty: "Personne n’a encore donné son avis.",
    }
}

fn deliveries(all: &Gathered) -> Table {
    let sides = SIDES.map(|side| count::deliveries(all, side));
    let lines = ["Une livraison a suivi", "Aucune livraison", "Pas encore répondu"].into_iter().enumerate();
    let of = |at: usize| sides.map(|counts| Cell::Share(counts[at], counts.iter().sum()));
    Table {
        id: "livraisons",
        title: "Livraisons, trois mois après",
        notes: vec![
            "Sur les rendez-vous qui ont donné un contact, un échantillon, un devis ou une commande.".to_owned(),
        ],
        first: "Réponse",
        columns: BY_SIDE.to_vec(),
        lines: lines.map(|(at, name)| line(name, of(at))).collect(),
        drawn: vec![
            (0, ["selon les cantines", "selon les cantines"]),
            (1, ["selon les fournisseurs", "selon les fournisseurs"]),
        ],
        empty: "Aucun rendez-vous n’a encore eu de suite.",
    }
}

/// Who met whom, when and where: the trace of the day.
pub(super) fn who_met_whom(app: &App, all: &Gathered) -> Sheet {
    let day = all.plan.day(app.config.time_zone).unwrap_or_default();
    let text = |text: &str| tables::Cell::text(Some(text));
    let rows = all.meetings.iter().map(|meeting| {
        let slot = usize::try_from(meeting.slot).unwrap_or_default();
        let at = day.slots.iter().find(|one| one.number == slot);
        let at = at.map(|slot| slot.starts_at.format("%H:%M").to_string()).unwrap_or_default();
        let table = all.plan.tables.iter().find(|table| table.number == meeting.table);
        vec![
            text(all.name(meeting.canteen.participant)),
            text(all.name(meeting.supplier.participant)),
            tables::Cell::Date(all.plan.edition.held_on),
            text(&at),
            text(table.map_or("", |table| &table.name)),
            text(all.held(meeting.pair()).label()),
        ]
    });
    Sheet {
        name: "Qui a rencontré qui",
        headings: ["Cantine", "Fournisseur", "Jour", "Heure", "Table", "Tenu"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

/// Who registered and who met how many, for the trace.
pub(super) fn who_came(app: &App, all: &Gathered) -> Sheet {
    let text = |text: &str| tables::Cell::text(Some(text));
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    let number = |count: usize| tables::Cell::Number(count as f64);
    let rows = all.participants.iter().map(|one| {
        vec![
            text(all.name(one.id)),
            text(side_label(one.side)),
            text(one.state.label()),
            tables::Cell::Date(app.local(one.asked_at).date()),
            text(&all.people(one.id).join(", ")),
            text(all.seen(one.id).map_or("", seen_label)),
            number(all.of_participant(one).count()),
            number(all.held_by(one)),
        ]
    });
    let headings = [
        "Organisation",
        "Côté",
        "État",
        "Demandé le",
        "Personnes",
        "Noté à l’accueil",
        "Rendez-vous",
        "Dont non manqués",
    ];
    Sheet { name: "Inscrits", headings: headings.map(str::to_owned).to_vec(), rows: rows.collect() }
}

fn seen_label(seen: Seen) -> &'static str {
    match seen {
        Seen::Arrived => "arrivé",
        Seen::NoShow => "absent",
        Seen::Late => "en retard",
    }
}

fn side_label(side: Side) -> &'static str {
    match side {
        Side::Canteen => "cantine",
        Side::Supplier => "fournisseur",
    }
}

/// The trace in a sentence: « 28 cantines et 35 fournisseurs inscrits, 212 rendez-vous au planning ».
pub(super) fn trace(all: &Gathered) -> String {
    let [canteens, suppliers] = SIDES.map(|side| all.registered(side).count() as u64);
    format!(
        "{} et {} inscrits, {} au planning.",
        french::count(canteens, "cantine", "cantines"),
        french::count(suppliers, "fournisseur", "fournisseurs"),
        french::count(all.meetings.len() as u64, "rendez-vous", "rendez-vous"),
    )
}
