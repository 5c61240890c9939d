//! What organisers see of the wishes of an edition: who has some and who has none, all of them as a file, and the reminders.

use std::collections::HashMap;

use askama::Template;
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;

use crate::accounts;
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::speed_meetings::edition::{self, Edition, Side, State};
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::participant::{self, Standing};
use crate::speed_meetings::registration::Asks;
use crate::speed_meetings::wishes::choice::{is_open, remaining};
use crate::speed_meetings::wishes::{Wish, reminder, wish};
use crate::tables::{Cell, Sheet, fold};
use crate::web::{Csrf, Error, Form, Frame, Result, attached, filters, french, page, private, see_other};

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    sans: String,
}

#[derive(Template)]
#[template(path = "speed_meetings/wishes/overview.html")]
struct OverviewPage {
    edition: Edition,
    day: String,
    remaining: Option<String>,
    /// Whether organisers may choose for others.
    may_note: bool,
    sides: Vec<SideView>,
    only_without: bool,
    is_silent: bool,
    csrf: Csrf,
    frame: Frame,
}

/// A side of the tables.
struct SideView {
    id: &'static str,
    title: &'static str,
    /// « 12 sur 28 ont fait leur choix. »
    count: String,
    lines: Vec<Line>,
}

/// A participant that has a place.
struct Line {
    href: String,
    name: String,
    wishes: String,
}

impl OverviewPage {
    fn path(&self) -> String {
        path(&self.edition)
    }

    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "arret" => Some("Les rappels sont arrêtés\u{a0}: plus aucun ne part pour cette rencontre."),
            "reprise" => Some("Les rappels reprennent."),
            _ => None,
        }
    }

    fn is_early(&self) -> bool {
        self.edition.state < State::Wishes
    }
}

/// Address of the page of an edition.
fn path(edition: &Edition) -> String {
    format!("{}/souhaits", edition.desk())
}

/// « 8 souhaits », « 1 souhait, 2 à éviter », « aucun souhait »
pub(in crate::speed_meetings) fn counted(wishes: &[Wish], participant: i64) -> String {
    let own = || wishes.iter().filter(|wish| wish.participant_id == participant);
    let count = |is_wanted: bool| own().filter(|wish| wish.rank.is_some() == is_wanted).count() as u64;
    let wanted = match count(true) {
        0 => "aucun souhait".to_owned(),
        some => french::count(some, "souhait", "souhaits"),
    };
    match count(false) {
        0 => wanted,
        some => format!("{wanted}, {} à éviter", french::number(some)),
    }
}

/// `GET /organisation/rencontres/{key}/souhaits`
#[handler]
pub(crate) async fn show(
    app: Data<&App>,
    workshop: Workshop,
    Query(asked): Query<Asked>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let edition = workshop.plan.edition;
    let wishes = wish::of_edition(&app.db, edition.id).await?;
    let only_without = !asked.sans.is_empty();
    let mut sides = Vec::new();
    for (side, id, title) in [(Side::Canteen, "cantines", "Cantines"), (Side::Supplier, "fournisseurs", "Fournisseurs")]
    {
        sides.push(SideView::read(&app, &edition, (side, id, title), &wishes, only_without).await?);
    }
    let view = OverviewPage {
        day: french::day(edition.held_on),
        remaining: remaining(&edition, app.today()),
        may_note: is_open(&edition, Asks::Organiser, app.today()),
        is_silent: reminder::is_silent(&app.db, edition.id).await?,
        sides,
        only_without,
        edition,
        csrf,
        frame,
    };
    Ok(private(page(&view)?))
}

impl SideView {
    async fn read(
        app: &App,
        edition: &Edition,
        (side, id, title): (Side, &'static str, &'static str),
        wishes: &[Wish],
        only_without: bool,
    ) -> Result<Self> {
        let rows = participant::in_state(&app.db, edition.id, side, Standing::Registered).await?;
        let organisations: Vec<i64> = rows.iter().map(|row| row.organisation_id).collect();
        let names: HashMap<i64, String> = accounts::names_of(&app.db, &organisations).await?.into_iter().collect();
        let wishing = |id: i64| wishes.iter().any(|wish| wish.participant_id == id && wish.rank.is_some());
        let chosen = rows.iter().filter(|row| wishing(row.id)).count();
        let count = match (chosen, rows.len()) {
            (_, 0) => "Personne n’est inscrit de ce côté.".to_owned(),
            (0, all) => format!("Personne n’a encore choisi, sur {all}."),
            (1, all) => format!("1 sur {all} a fait son choix."),
            (chosen, all) => format!("{chosen} sur {all} ont fait leur choix."),
        };
        let shown = rows.iter().filter(|row| !only_without || !wishing(row.id));
        let mut lines: Vec<Line> = shown
            .map(|row| Line {
                href: format!("{}/{}", path(edition), row.organisation_id),
                name: names.get(&row.organisation_id).map(french::typographic).unwrap_or_default(),
                wishes: counted(wishes, row.id),
            })
            .collect();
        lines.sort_by_key(|line| fold(&line.name));
        Ok(Self { id, title, count, lines })
    }
}

/// What the button says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Gesture {
    geste: String,
}

/// `POST /organisation/rencontres/{key}/souhaits`: stops the reminders, or lets them go on.
#[handler]
pub(crate) async fn change(app: Data<&App>, workshop: Workshop, Form(gesture): Form<Gesture>) -> Result<Response> {
    let stops = gesture.geste == "arreter";
    let txn = app.write().await?;
    let edition = edition::lock(&txn, workshop.plan.edition.id).await?.ok_or(Error::NotFound)?;
    if reminder::silence(&txn, edition.id, stops, app.clock.now()).await? {
        let what = if stops { "a arrêté les rappels des souhaits" } else { "a repris les rappels des souhaits" };
        let act = Act::new(what, format!("editions/{}", edition.id)).with(edition.title.clone());
        audit::record(&txn, By::Person(workshop.me.id), act, app.clock.now()).await?;
        txn.commit().await?;
    }
    let word = if stops { "arret" } else { "reprise" };
    Ok(see_other(&format!("{}?fait={word}", path(&edition))))
}

/// `GET /organisation/rencontres/{key}/souhaits.csv`
#[handler]
pub(crate) async fn csv(app: Data<&App>, workshop: Workshop) -> Result<Response> {
    let sheet = sheet(&app, &workshop.plan.edition).await?;
    Ok(kept(&workshop.plan.edition, "csv", Sheet::CSV, sheet.to_csv()))
}

/// `GET /organisation/rencontres/{key}/souhaits.xlsx`
#[handler]
pub(crate) async fn xlsx(app: Data<&App>, workshop: Workshop) -> Result<Response> {
    let sheet = sheet(&app, &workshop.plan.edition).await?;
    let workbook = sheet.to_xlsx().map_err(Error::broken("writing a workbook"))?;
    Ok(kept(&workshop.plan.edition, "xlsx", Sheet::XLSX, workbook))
}

const HEADINGS: [&str; 6] = ["Organisation", "Côté", "Souhait", "Rang", "Autre organisation", "Depuis le"];

async fn sheet(app: &App, edition: &Edition) -> Result<Sheet> {
    let rows = participant::of(&app.db, edition.id).await?;
    let organisations: Vec<i64> = rows.iter().map(|row| row.organisation_id).collect();
    let names: HashMap<i64, String> = accounts::names_of(&app.db, &organisations).await?.into_iter().collect();
    let of = |id: i64| rows.iter().find(|row| row.id == id);
    let name = |id: i64| Cell::text(of(id).and_then(|row| names.get(&row.organisation_id)).map(String::as_str));
    let line = |wish: Wish| {
        vec![
            name(wish.participant_id),
            Cell::text(of(wish.participant_id).map(|row| row.side.code())),
            Cell::Text(if wish.rank.is_some() { "à rencontrer" } else { "à éviter" }.to_owned()),
            wish.rank.map_or(Cell::Empty, |rank| Cell::Number(rank.into())),
            name(wish.wished_id),
            Cell::Date(app.local(wish.made_at).date()),
        ]
    };
    Ok(Sheet {
        name: "Souhaits",
        headings: HEADINGS.iter().map(|heading| (*heading).to_owned()).collect(),
        rows: wish::of_edition(&app.db, edition.id).await?.into_iter().map(line).collect(),
    })
}

/// A file to keep: `souhaits-rencontre-du-velay-2027.csv`.
fn kept(edition: &Edition, extension: &str, content_type: &str, body: Vec<u8>) -> Response {
    private(attached(&format!("souhaits-{}.{extension}", edition.slug), content_type, body))
}
