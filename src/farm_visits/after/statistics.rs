//! What all visits came to: by year, by sector of those who came, by intercommunality of the farm. `gather` reads it,
//! the rest counts and is pure.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, Utc};
use sea_orm::{DbErr, QueryOrder, entity::prelude::*};

use super::review::{self, Review, Serves};
use super::sector;
use crate::app::App;
use crate::canteens;
use crate::farm_visits::attendance::{self, Attendances};
use crate::farm_visits::farm_visit::{self, FarmVisit};
use crate::farm_visits::registration::{self, Registration, Standing};
use crate::farm_visits::visit_date::{self, State, VisitDate};
use crate::figures::{self, Cell, SATISFACTION, Table, line};
use crate::places::Places;
use crate::tables;

/// A date that is over, with all that is known of it.
pub(super) struct Held {
    pub(super) visit: FarmVisit,
    pub(super) date: VisitDate,
    /// Its year, by the clock on the wall.
    year: i32,
    /// Everybody who asked to come, first come first.
    pub(super) asked: Vec<Registration>,
    /// Who was noted on the farm.
    noted: Attendances,
    pub(super) reviews: HashMap<i64, Review>,
}

/// All dates that are over, and the sectors of kitchens that are known.
pub(super) struct Gathered {
    pub(super) held: Vec<Held>,
    sectors: HashMap<i64, String>,
}

impl Gathered {
    /// Reads it.
    ///
    /// # Errors
    /// What the database said.
    pub(super) async fn of(app: &App, now: DateTime<Utc>) -> Result<Self, DbErr> {
        let db = &app.db;
        let over = visit_date::Entity::find()
            .filter(visit_date::Column::EndsAt.lte(now))
            .filter(visit_date::Column::State.is_in([State::Open, State::Closed]));
        let dates = over.order_by_desc(visit_date::Column::StartsAt).all(db).await?;
        let visits: HashMap<i64, FarmVisit> =
            farm_visit::Entity::find().all(db).await?.into_iter().map(|visit| (visit.id, visit)).collect();
        let keys: Vec<i64> = dates.iter().map(|date| date.id).collect();
        let mut asked: HashMap<i64, Vec<Registration>> = HashMap::new();
        let rows = registration::Entity::find().filter(registration::Column::VisitDateId.is_in(keys.iter().copied()));
        for row in rows.order_by_asc(registration::Column::Id).all(db).await? {
            asked.entry(row.visit_date_id).or_default().push(row);
        }
        let mut reviews = review::of_dates(db, &keys).await?;
        let mut noted = attendance::of_dates(db, &keys).await?;
        let held = dates.into_iter().filter_map(|date| {
            let asked = asked.remove(&date.id).unwrap_or_default();
            let noted = noted.remove(&date.id).unwrap_or_default();
            let reviews = asked.iter().filter_map(|row| Some((row.id, reviews.remove(&row.id)?))).collect();
            let year = app.local(date.starts_at).year();
            let visit = visits.get(&date.farm_visit_id)?.clone();
            Some(Held { visit, date, year, asked, noted, reviews })
        });
        Ok(Self { held: held.collect(), sectors: canteens::sectors(db).await? })
    }

    /// The sector of who asked.
    fn sector(&self, row: &Registration) -> &'static str {
        let code = row.organisation_id.and_then(|key| self.sectors.get(&key)).map(String::as_str);
        sector::of(code, &row.organisation)
    }
}

impl Held {
    /// Those who have a place.
    fn confirmed(&self) -> impl Iterator<Item = &Registration> {
        self.asked.iter().filter(|row| row.state == Standing::Confirmed)
    }

    /// People of one registration who came, as far as is known.
    fn came_of(&self, row: &Registration) -> u64 {
        u64::try_from(self.noted.came_of(row)).unwrap_or_default()
    }

    /// People who came, those without a registration too.
    fn came(&self) -> u64 {
        let registered: u64 = self.asked.iter().map(|row| self.came_of(row)).sum();
        let walked_in: i32 = self.noted.walked_in.iter().filter_map(|one| one.came).sum();
        registered + u64::try_from(walked_in).unwrap_or_default()
    }

    fn expected(&self) -> u64 {
        self.confirmed().map(|row| u64::try_from(row.party_size).unwrap_or_default()).sum()
    }
}

/// All tables, in the order of the page; no name of a person stands in them.
pub(super) fn tables(all: &Gathered, places: &Places) -> Vec<Table> {
    vec![by_year(all), by_sector(all), by_community(all, places), satisfaction(all)]
}

fn by_year(all: &Gathered) -> Table {
    let mut years: BTreeMap<i32, Vec<&Held>> = BTreeMap::new();
    for held in &all.held {
        years.entry(held.year).or_default().push(held);
    }
    let lines = years.into_iter().rev().map(|(year, held)| {
        let places = held.iter().map(|one| u64::try_from(one.date.places).unwrap_or_default()).sum();
        let expected = held.iter().map(|one| one.expected()).sum();
        line(
            year.to_string(),
            [
                Cell::Number(held.len() as u64),
                Cell::Share(expected, places),
                Cell::Number(held.iter().map(|one| one.came()).sum()),
            ],
        )
    });
    Table {
        id: "annees",
        title: "Par année",
        notes: vec![
            "Est venu qui a été noté sur la ferme\u{a0}; quand rien n’a été noté, qui était inscrit.".to_owned(),
        ],
        first: "Année",
        columns: vec!["Visites", "Inscrits, sur les places", "Personnes venues"],
        lines: lines.collect(),
        drawn: vec![(2, ["personne venue", "personnes venues"])],
        empty: "Aucune visite n’a encore eu lieu.",
    }
}

fn by_sector(all: &Gathered) -> Table {
    let count = |wanted: &'static str| {
        let rows = all.held.iter().flat_map(|held| held.confirmed().map(move |row| (held, row)));
        let own = rows.filter(|(_, row)| all.sector(row) == wanted);
        own.fold((0, 0), |(registrations, people), (held, row)| (registrations + 1, people + held.came_of(row)))
    };
    let lines = sector::all().map(|label| {
        let (registrations, people) = count(label);
        line(label, [Cell::Number(registrations), Cell::Number(people)])
    });
    Table {
        id: "secteurs",
        title: "Par secteur",
        notes: vec![
            "D’après la fiche de la cantine quand elle a un compte ici, sinon d’après son nom. Sans ceux qui sont venus sans s’inscrire."
                .to_owned(),
        ],
        first: "Secteur",
        columns: vec!["Inscriptions", "Personnes venues"],
        lines: lines.filter(|line| line.cells[0].count() > 0).collect(),
        drawn: vec![(1, ["personne venue", "personnes venues"])],
        empty: "Personne n’est encore venu.",
    }
}

fn by_community(all: &Gathered, places: &Places) -> Table {
    let mut communities: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for held in &all.held {
        let code = places.commune(&held.visit.insee_code).and_then(|commune| commune.epci.as_deref());
        let known = code.and_then(|code| places.epci(code)).map(|known| known.name.clone());
        let (visits, people) =
            communities.entry(known.unwrap_or_else(|| "Sans intercommunalité".to_owned())).or_default();
        *visits += 1;
        *people += held.came();
    }
    let lines = communities
        .into_iter()
        .map(|(name, (visits, people))| line(name, [Cell::Number(visits), Cell::Number(people)]));
    Table {
        id: "intercommunalites",
        title: "Par intercommunalité de la ferme",
        notes: Vec::new(),
        first: "Intercommunalité",
        columns: vec!["Visites", "Personnes venues"],
        lines: lines.collect(),
        drawn: Vec::new(),
        empty: "Aucune visite n’a encore eu lieu.",
    }
}

fn satisfaction(all: &Gathered) -> Table {
    let reviews: Vec<&Review> = all.held.iter().flat_map(|held| held.reviews.values()).collect();
    let given = reviews.len() as u64;
    let of = |so: &dyn Fn(&Review) -> bool| Cell::Share(reviews.iter().filter(|one| so(one)).count() as u64, given);
    let content = SATISFACTION.map(|(points, label)| line(label, [of(&|one| one.satisfaction == points)]));
    let serves = Serves::ALL.map(|(serves, _, label)| {
        line(
            format!("Servira des produits de la ferme\u{a0}: {}", label.to_lowercase()),
            [of(&|one| one.serves == serves)],
        )
    });
    Table {
        id: "avis",
        title: "Ce qu’ils en disent",
        notes: Vec::new(),
        first: "Avis",
        columns: vec!["Réponses"],
        lines: content.into_iter().chain(serves).collect(),
        drawn: Vec::new(),
        empty: "Personne n’a encore donné son avis.",
    }
}

/// Every registration of the dates that are over, one a line, for a spreadsheet.
pub(super) fn registrations(app: &App, all: &Gathered) -> tables::Sheet {
    let text = |text: &str| tables::Cell::text(Some(text).filter(|text| !text.is_empty()));
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    let number = |count: u64| tables::Cell::Number(count as f64);
    let rows = all.held.iter().flat_map(|held| {
        held.asked.iter().map(move |row| {
            vec![
                text(&held.visit.title),
                text(&held.visit.farm),
                tables::Cell::Date(app.local(held.date.starts_at).date()),
                text(&row.organisation),
                text(all.sector(row)),
                text(&row.name),
                text(row.state.label()),
                number(u64::try_from(row.party_size).unwrap_or_default()),
                number(held.came_of(row)),
                text(held.reviews.get(&row.id).map_or("", |one| &one.wants)),
            ]
        })
    });
    let headings = [
        "Visite",
        "Ferme",
        "Jour",
        "Organisation",
        "Secteur",
        "Nom",
        "État",
        "Personnes inscrites",
        "Personnes venues",
        "Aimerait acheter",
    ];
    tables::Sheet { name: "Inscriptions", headings: headings.map(str::to_owned).to_vec(), rows: rows.collect() }
}

/// The figures, for a spreadsheet.
pub(super) fn sheet(all: &Gathered, places: &Places) -> tables::Sheet {
    figures::sheet(&tables(all, places))
}
