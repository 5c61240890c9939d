//! Who comes to an edition, for organisers: both sides, those who wait, whom to add, and the table to take away.

use askama::Template;
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::desk::Workshop;
use super::registration::said_to_organiser;
use crate::accounts::{self, OrganisationKind};
use crate::app::App;
use crate::speed_meetings::edition::{Edition, Side, State};
use crate::speed_meetings::participant::{self, Participant, Standing, clock};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::registration::{self, capacity};
use crate::speed_meetings::representative;
use crate::speed_meetings::wishes::{counted, of_edition};
use crate::tables::{Cell, Sheet, fold};
use crate::web::{Error, Frame, Pages, Result, attached, filters, french, page, private};

/// Organisations on a page.
const SHOWN: u64 = 50;
/// Most organisations that a search for one to add shows.
const OFFERED: usize = 20;

/// Address of the page of an edition.
pub(super) fn path(edition: &Edition) -> String {
    format!("{}/participants", edition.desk())
}

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    ajout: String,
    /// Only those who have said nobody yet.
    sans: String,
}

#[derive(Template)]
#[template(path = "speed_meetings/participants.html")]
struct ParticipantsPage {
    edition: Edition,
    day: String,
    sides: Vec<SideView>,
    asked: Asked,
    offered: Vec<Offered>,
    pages: Pages,
    frame: Frame,
}

/// A side of the tables.
struct SideView {
    id: &'static str,
    title: &'static str,
    /// « 12 inscrits pour 35 places »
    count: String,
    registered: Vec<Line>,
    waiting: Vec<Line>,
    withdrawn: Vec<Line>,
    /// Whether some of those who come stand on another page.
    is_cut: bool,
}

/// An organisation.
struct Line {
    /// Its place in the list, from 1.
    number: u64,
    href: String,
    name: String,
    people: String,
    notes: String,
    /// How many wishes, and where they are.
    wishes: Option<(String, String)>,
    may_leave: bool,
}

/// An organisation that could be added.
struct Offered {
    href: String,
    name: String,
    kind: &'static str,
    /// Why not.
    barred: Option<&'static str>,
}

impl ParticipantsPage {
    fn path(&self) -> String {
        path(&self.edition)
    }

    fn is_draft(&self) -> bool {
        self.edition.state == State::Draft
    }

    /// Whether one may already say whom one would meet.
    fn has_wishes(&self) -> bool {
        self.edition.state >= State::Wishes
    }

    fn may_add(&self) -> bool {
        !self.is_draft() && !self.edition.state.is_over()
    }
}

/// `GET /organisation/rencontres/{key}/participants`
#[handler]
pub(crate) async fn list(
    app: Data<&App>,
    workshop: Workshop,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response> {
    let edition = workshop.plan.edition;
    let all = entries(&app, &edition).await?;
    let wanted = fold(&asked.q);
    let found = all.iter().filter(|entry| entry.says(&wanted) && (asked.sans.is_empty() || entry.has_no_wish()));
    let mut found: Vec<&Entry> = found.collect();
    found.sort_by_key(|entry| entry.place());
    let pages = Pages::asked(frame.uri(), SHOWN, found.len() as u64);
    let (before, most) = (usize::try_from(pages.offset()), usize::try_from(pages.per_page));
    let shown = found.iter().skip(before.unwrap_or_default()).take(most.unwrap_or(usize::MAX)).copied();
    let shown: Vec<&Entry> = shown.collect();
    let side = |side, id, title| SideView::new(&edition, (side, id, title), (&all, &found, &shown));
    let sides = vec![side(Side::Canteen, "cantines", "Cantines"), side(Side::Supplier, "fournisseurs", "Fournisseurs")];
    let offered = offered(&app, &edition, &asked.ajout).await?;
    let day = french::day(edition.held_on);
    Ok(private(page(&ParticipantsPage { edition, day, sides, asked, offered, pages, frame })?))
}

/// A participant with its names.
struct Entry {
    row: Participant,
    name: String,
    people: Vec<String>,
    /// « 8 souhaits », once it has a place.
    wishes: Option<String>,
}

impl Entry {
    /// Where it stands on the page: canteens first, and of each side those who come, who wait, who do not.
    fn place(&self) -> (bool, u8, i64) {
        let state = match self.row.state {
            Standing::Registered => 0,
            Standing::Waiting => 1,
            Standing::Withdrawn => 2,
        };
        (self.row.side == Side::Supplier, state, self.row.turn)
    }

    fn has_no_wish(&self) -> bool {
        self.wishes.as_ref().is_some_and(|words| words.starts_with("aucun"))
    }

    fn says(&self, wanted: &str) -> bool {
        fold(&self.name).contains(wanted) || self.people.iter().any(|name| fold(name).contains(wanted))
    }
}

/// All who are or were to come, in the order of their turns.
async fn entries(app: &App, edition: &Edition) -> Result<Vec<Entry>> {
    let rows = participant::of(&app.db, edition.id).await?;
    let organisations: Vec<i64> = rows.iter().map(|row| row.organisation_id).collect();
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let names = accounts::names_of(&app.db, &organisations).await?;
    let people = representative::names_of(&app.db, &keys).await?;
    let wishes = of_edition(&app.db, edition.id).await?;
    let entry = |row: Participant| Entry {
        name: names.iter().find(|(id, _)| *id == row.organisation_id).map(|(_, name)| name.clone()).unwrap_or_default(),
        people: people.iter().filter(|(id, _)| *id == row.id).map(|(_, name)| name.clone()).collect(),
        wishes: (row.state == Standing::Registered && edition.state >= State::Wishes).then(|| counted(&wishes, row.id)),
        row,
    };
    Ok(rows.into_iter().map(entry).collect())
}

impl SideView {
    fn new(
        edition: &Edition,
        (side, id, title): (Side, &'static str, &'static str),
        (all, found, shown): (&[Entry], &[&Entry], &[&Entry]),
    ) -> Self {
        let number = |state| all.iter().filter(|one| one.row.side == side && one.row.state == state).count() as u64;
        let come = french::count(number(Standing::Registered), "inscrit", "inscrits");
        let places = french::count(capacity(edition, side) as u64, "place", "places");
        let count = match number(Standing::Waiting) {
            0 => format!("{come} pour {places}"),
            waiting => format!("{come} pour {places}, {} en attente", french::number(waiting)),
        };
        let own = |state| found.iter().filter(move |one| one.row.side == side && one.row.state == state);
        let lines = |state| {
            let there = (1..).zip(own(state)).filter(|(_, one)| shown.iter().any(|shown| shown.row.id == one.row.id));
            there.map(|(number, one)| Line::new(edition, one, number)).collect()
        };
        let (registered, waiting): (Vec<Line>, _) = (lines(Standing::Registered), lines(Standing::Waiting));
        let is_cut = registered.len() < own(Standing::Registered).count();
        Self { id, title, count, registered, waiting, withdrawn: lines(Standing::Withdrawn), is_cut }
    }
}

impl Line {
    fn new(edition: &Edition, entry: &Entry, number: u64) -> Self {
        let row = &entry.row;
        let notes = [
            (row.tables_at_once == 2).then(|| "deux tables".to_owned()),
            (row.meals > 0).then(|| format!("{}\u{a0}repas", row.meals)),
            (!row.needs.is_empty()).then(|| format!("besoins\u{a0}: {}", row.needs)),
        ];
        Self {
            number,
            href: format!("{}/{}", path(edition), row.organisation_id),
            name: french::typographic(&entry.name),
            people: entry.people.join(", "),
            notes: row
                .presence_in_words()
                .into_iter()
                .chain(notes.into_iter().flatten())
                .collect::<Vec<_>>()
                .join(", "),
            wishes: entry
                .wishes
                .clone()
                .map(|words| (words, format!("{}/souhaits/{}", edition.desk(), row.organisation_id))),
            may_leave: row.state != Standing::Withdrawn && registration::is_withdrawable(edition),
        }
    }
}

/// The organisations of these words that one could add.
async fn offered(app: &App, edition: &Edition, words: &str) -> Result<Vec<Offered>> {
    let wanted = fold(words);
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let all = accounts::all_organisations(&app.db).await?.into_iter();
    let teams: Vec<_> = all.filter(|team| fold(&team.name).contains(&wanted)).take(OFFERED).collect();
    let keys: Vec<_> = teams.iter().map(|team| (team.kind, team.id)).collect();
    let barred = registration::barred_among(&app.db, &keys).await?;
    let offered = teams.into_iter().map(|team| Offered {
        href: format!("{}/{}", path(edition), team.id),
        barred: barred.get(&team.id).copied().map(said_to_organiser),
        kind: OrganisationKind::label(team.kind),
        name: team.name,
    });
    Ok(offered.collect())
}

/// `GET /organisation/rencontres/{key}/participants.csv`
#[handler]
pub(crate) async fn csv(app: Data<&App>, workshop: Workshop) -> Result<Response> {
    let sheet = sheet(&app, &workshop.plan).await?;
    Ok(kept(&workshop.plan.edition, "csv", Sheet::CSV, sheet.to_csv()))
}

/// `GET /organisation/rencontres/{key}/participants.xlsx`
#[handler]
pub(crate) async fn xlsx(app: Data<&App>, workshop: Workshop) -> Result<Response> {
    let sheet = sheet(&app, &workshop.plan).await?;
    let workbook = sheet.to_xlsx().map_err(Error::broken("writing a workbook"))?;
    Ok(kept(&workshop.plan.edition, "xlsx", Sheet::XLSX, workbook))
}

/// Headings of the table; the questions of the edition follow.
const HEADINGS: [&str; 17] = [
    "Organisation",
    "Côté",
    "État",
    "Demandé le",
    "Personnes",
    "Tables en même temps",
    "Arrivée",
    "Départ",
    "Absent de",
    "Absent jusqu’à",
    "Absent encore de",
    "Absent encore jusqu’à",
    "Rendez-vous au moins",
    "Rendez-vous au plus",
    "Produits",
    "Besoins",
    "Repas",
];

async fn sheet(app: &App, plan: &Plan) -> Result<Sheet> {
    let entries = entries(app, &plan.edition).await?;
    let keys: Vec<i64> = entries.iter().map(|entry| entry.row.id).collect();
    let answers = representative::answers_of(&app.db, &keys).await?;
    let words = |text: &str| Cell::text(Some(text).filter(|text| !text.is_empty()));
    let number = |number: Option<i32>| number.map_or(Cell::Empty, |number| Cell::Number(number.into()));
    let hour =
        |minutes: Option<i32>| minutes.map_or(Cell::Empty, |at| Cell::Text(clock(at).format("%H:%M").to_string()));
    let line = |entry: &Entry| {
        let row = &entry.row;
        let mut cells = vec![
            words(&entry.name),
            words(row.side.code()),
            words(row.state.label()),
            Cell::Date(app.local(row.asked_at).date()),
            words(&entry.people.join(", ")),
            number(Some(row.tables_at_once)),
            hour(row.arrives_at),
            hour(row.leaves_at),
            hour(row.absent_from),
            hour(row.absent_until),
            hour(row.absent_again_from),
            hour(row.absent_again_until),
            number(row.minimum_wished),
            number(row.maximum_wished),
            words(&row.words),
            words(&row.needs),
            number(Some(row.meals)),
        ];
        let answer = |asked: i32| answers.iter().find(|(id, number, _)| *id == row.id && *number == asked);
        cells.extend(plan.questions.iter().map(|one| answer(one.number).map_or(Cell::Empty, |(.., text)| words(text))));
        cells
    };
    let asked = plan.questions.iter().map(|one| one.text.clone());
    Ok(Sheet {
        name: "Participants",
        headings: HEADINGS.iter().map(|heading| (*heading).to_owned()).chain(asked).collect(),
        rows: entries.iter().map(line).collect(),
    })
}

/// A file to keep: `participants-rencontre-du-velay-2027.csv`.
fn kept(edition: &Edition, extension: &str, content_type: &str, body: Vec<u8>) -> Response {
    private(attached(&format!("participants-{}.{extension}", edition.slug), content_type, body))
}
