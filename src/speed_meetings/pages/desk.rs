//! One edition as its organisers prepare it: each section a form of its own.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{FromRequest, Request, RequestBody, Response, handler};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;

use super::hours::Hours;
use super::remarks;
use super::stage::verb;
use crate::accounts::{Organiser, Person};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::places::{Commune, Places, Point};
use crate::speed_meetings::edition::{self, State};
use crate::speed_meetings::mail::{self, News};
use crate::speed_meetings::plan::{self, Plan};
use crate::speed_meetings::publication;
use crate::speed_meetings::section::{Field, Kind, Rows, SECTIONS, Section};
use crate::speed_meetings::{registration, rows, session};
use crate::suppliers::draft::Typed;
use crate::suppliers::{ProductFamily, Word};
use crate::web::{Csrf, Error, FieldErrors, Form, Frame, Result, filters, french, page_with, private, see_other};

/// The other pages of an edition: from which state on, last part of the address, words.
const ROOMS: [(State, &str, &str); 9] = [
    (State::Registration, "participants", "Participants"),
    (State::Registration, "invitations", "Invitations"),
    (State::Wishes, "souhaits", "Souhaits"),
    (State::Wishes, "planning", "Planning"),
    (State::Timetable, "publication", "Publication"),
    (State::Timetable, "documents", "À imprimer"),
    (State::Published, "accueil", "Accueil du jour"),
    (State::Running, "suites", "Suites des rendez-vous"),
    (State::Running, "bilan", "Bilan"),
];

/// An edition, for organisers; there is nothing for anybody else.
pub(crate) struct Workshop {
    /// Who looks.
    pub(in crate::speed_meetings) me: Person,
    /// The edition with all that is planned for it.
    pub(in crate::speed_meetings) plan: Plan,
}

impl<'a> FromRequest<'a> for Workshop {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        let Organiser(me) = Organiser::from_request(request, body).await?;
        let key = request.raw_path_param("key").and_then(|key| key.parse().ok()).ok_or(Error::NotFound)?;
        Ok(Self::find(app, me, key).await?.ok_or(Error::NotFound)?)
    }
}

impl Workshop {
    async fn find(app: &App, me: Person, key: i64) -> Result<Option<Self>> {
        let Some(edition) = edition::by_key(&app.db, key).await? else { return Ok(None) };
        Ok(Some(Self { me, plan: Plan::of(&app.db, edition).await? }))
    }
}

#[derive(Template)]
#[template(path = "speed_meetings/desk.html")]
struct DeskPage {
    plan: Plan,
    place: String,
    sections: Vec<SectionView>,
    /// The hours as they are kept, or as they were typed.
    hours: Option<Hours>,
    errors: FieldErrors,
    /// Longitude and latitude where a map begins.
    center: Option<String>,
    tiles: Option<(String, String)>,
    csrf: Csrf,
    frame: Frame,
}

/// A section as it is shown.
struct SectionView {
    section: &'static Section,
    inputs: Vec<Input>,
    rows: Vec<Row>,
    /// Tells what was shown from what is kept.
    seen: String,
    /// What somebody else saved since the form was shown.
    meanwhile: Vec<(String, String)>,
    /// What follows from what is kept, as whole sentences.
    remarks: Vec<String>,
    is_saved: bool,
    /// Whether what is shown was typed and not kept.
    is_typed: bool,
}

/// A plain field as it is shown.
struct Input {
    field: &'static Field,
    value: String,
    /// The name of the commune of a code.
    label: String,
}

/// A row as it is shown; what a kind of row does not have is empty.
struct Row {
    number: i32,
    text: String,
    begins: String,
    count: String,
    /// Code, words, whether chosen.
    choices: Vec<(&'static str, &'static str, bool)>,
    is_required: bool,
}

impl Input {
    fn most(&self) -> usize {
        match self.field.kind {
            Kind::Line(most) | Kind::Lines(most) => most,
            Kind::Number => 6,
            _ => 10,
        }
    }

    fn is_line(&self) -> bool {
        matches!(self.field.kind, Kind::Line(_) | Kind::Number | Kind::Day)
    }

    fn choices(&self) -> Option<Vec<(&'static str, &'static str, bool)>> {
        let Kind::One(choices) = self.field.kind else { return None };
        Some(choices.iter().map(|(code, words)| (*code, *words, *code == self.value)).collect())
    }
}

impl SectionView {
    fn new(section: &'static Section, typed: &Typed, plan: &Plan, places: &Places) -> Self {
        let input = |field: &'static Field| {
            let value = typed.of(field.name).to_owned();
            let named = places.commune(&value).map(Commune::label);
            Input { field, label: named.unwrap_or_else(|| typed.of("commune_nom").to_owned()), value }
        };
        Self {
            section,
            inputs: section.fields.iter().map(input).collect(),
            rows: row_views(section.rows, typed, plan),
            seen: typed.of("vu").to_owned(),
            meanwhile: Vec::new(),
            remarks: Vec::new(),
            is_saved: false,
            is_typed: false,
        }
    }

    fn has_rows(&self, rows: &str) -> bool {
        match self.section.rows {
            Rows::None => false,
            Rows::Sessions => rows == "sessions",
            Rows::Tables => rows == "tables",
            Rows::Questions => rows == "questions",
        }
    }
}

fn row_views(rows: Rows, typed: &Typed, plan: &Plan) -> Vec<Row> {
    let of = |name: &str, number: i32| typed.of(&format!("{name}-{number}")).to_owned();
    let row = |number: i32, text: &str| Row {
        number,
        text: of(text, number),
        begins: of("debut", number),
        count: of("nombre", number),
        choices: Vec::new(),
        is_required: of("obligatoire", number) == "oui",
    };
    match rows {
        Rows::None => Vec::new(),
        Rows::Sessions => {
            let most = i32::try_from(session::MOST).unwrap_or(1);
            let is_filled =
                |number: &i32| ["seance", "debut", "nombre"].iter().any(|name| !of(name, *number).is_empty());
            let last = (1..=most).rfind(is_filled).unwrap_or_default();
            (1..=most.min(last + 1)).map(|number| row(number, "seance")).collect()
        }
        Rows::Tables => {
            let zones = |number| {
                let chosen = of("zone", number);
                ProductFamily::WORDS.iter().map(move |(_, code, words)| (*code, *words, *code == chosen)).collect()
            };
            plan.tables.iter().map(|one| Row { choices: zones(one.number), ..row(one.number, "table") }).collect()
        }
        Rows::Questions => {
            let sides = |number| {
                let chosen = of("cote", number);
                let all = [("", "À tous"), ("cantine", "Aux cantines"), ("fournisseur", "Aux fournisseurs")];
                all.map(|(code, words)| (code, words, code == chosen)).to_vec()
            };
            let numbers = plan.questions.iter().map(|one| one.number).chain(rows::new_questions(plan));
            numbers.map(|number| Row { choices: sides(number), ..row(number, "question") }).collect()
        }
    }
}

impl DeskPage {
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "preparation" => Some("La rencontre est créée. Relisez chaque partie, puis ouvrez les inscriptions."),
            "etape" => Some("L’étape est changée."),
            _ => None,
        }
    }

    /// Why nothing was done.
    fn undone(&self) -> Option<&'static str> {
        (self.frame.done() == "deja").then_some(
            "Une rencontre de ce nom existe déjà ce jour-là\u{a0}: c’est celle-ci. Rien n’a été créé ni changé. Pour en préparer une autre, donnez-lui un autre nom.",
        )
    }

    /// Each state with whether it is behind and whether it is now.
    fn states(&self) -> Vec<(&'static str, bool, bool)> {
        let now = self.plan.edition.state;
        State::ALL.map(|state| (state.label(), state < now, state == now)).to_vec()
    }

    /// What the button to the next state says.
    fn next(&self) -> Option<&'static str> {
        self.plan.edition.state.next().map(verb)
    }

    /// The other pages of this edition, once there is something on them: last part of the address, words.
    fn rooms(&self) -> Vec<(&'static str, &'static str)> {
        let state = self.plan.edition.state;
        let there = ROOMS.into_iter().filter(|(since, ..)| state >= *since);
        there.map(|(_, path, words)| (path, words)).collect()
    }

    fn is_draft(&self) -> bool {
        self.plan.edition.state == State::Draft
    }

    fn day(&self) -> String {
        french::day(self.plan.edition.held_on)
    }
}

/// `GET /organisation/rencontres/{key}`
#[handler]
pub(crate) async fn show(app: Data<&App>, workshop: Workshop, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, StatusCode::OK, workshop.plan, None, (frame, csrf)).await
}

/// A section that was sent and is shown again.
struct Again {
    section: &'static Section,
    typed: Typed,
    errors: FieldErrors,
    meanwhile: Vec<(String, String)>,
    /// The plan with what was typed in it.
    hours: Option<Hours>,
}

async fn draw(
    app: &App,
    status: StatusCode,
    plan: Plan,
    again: Option<Again>,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let kept = |section: &'static Section| SectionView::new(section, &section.typed(&plan), &plan, &app.places);
    let mut sections: Vec<SectionView> = SECTIONS.iter().map(kept).collect();
    let mut hours = Hours::new(&plan, app.config.time_zone);
    let mut errors = FieldErrors::default();
    for view in &mut sections {
        view.is_saved = again.is_none() && frame.done() == view.section.path;
    }
    if let Some(again) = again {
        if let Some(view) = sections.iter_mut().find(|view| view.section.path == again.section.path) {
            *view = SectionView::new(again.section, &again.typed, &plan, &app.places);
            (view.meanwhile, view.is_typed) = (again.meanwhile, true);
        }
        if again.section.rows == Rows::Sessions {
            hours = again.hours;
        }
        errors = again.errors;
    }
    if let Some(view) = sections.iter_mut().find(|view| view.section.path == "inscription") {
        view.remarks = remarks::crowded(app, &plan.edition).await?;
    }
    if let Some(view) = sections.iter_mut().find(|view| view.section.path == "tables") {
        view.remarks = remarks::homeless(app, &plan).await?;
    }
    let home = plan.edition.insee_code.as_deref().and_then(|code| app.places.commune(code)?.point);
    let center = home.or_else(|| seat(app)).map(|point| format!("{},{}", point.lon, point.lat));
    let place = super::list::place(&plan.edition, &app.places);
    let tiles = app.config.map_tiles();
    Ok(private(page_with(status, &DeskPage { plan, place, sections, hours, errors, center, tiles, csrf, frame })?))
}

/// The largest commune of the territory, where a map begins that knows nothing better.
fn seat(app: &App) -> Option<Point> {
    let communes = app.places.communes_of_department(&app.config.territory);
    communes.max_by_key(|commune| commune.population)?.point
}

/// The section in an address.
#[derive(Deserialize)]
struct Which {
    section: String,
}

/// `POST /organisation/rencontres/{key}/{section}`; `geste=apercu` shows the hours that were typed and keeps nothing.
#[handler]
pub(crate) async fn save(
    app: Data<&App>,
    workshop: Workshop,
    Path(which): Path<Which>,
    frame: Frame,
    csrf: Csrf,
    Form(mut typed): Form<Typed>,
) -> Result<Response> {
    let section = Section::of(&which.section).ok_or(Error::NotFound)?;
    let (zone, when) = (app.config.time_zone, (app.today(), app.config.time_zone));
    let Workshop { me, plan: shown } = workshop;
    if shown.edition.state.is_over() {
        return Ok(see_other(&shown.edition.desk()));
    }
    if typed.of("geste") == "apercu" {
        let mut tried = shown.clone();
        let errors = section.read(&typed, &mut tried, &app.places, when);
        let hours = Hours::new(&tried, zone).filter(|_| errors.is_empty());
        let again = Again { section, typed, errors, meanwhile: Vec::new(), hours };
        return draw(&app, StatusCode::OK, shown, Some(again), (frame, csrf)).await;
    }
    let txn = app.write().await?;
    let before = Plan::lock(&txn, shown.edition.id).await?.ok_or(Error::NotFound)?;
    if before.edition.state.is_over() {
        return Ok(see_other(&before.edition.desk()));
    }
    let mut mine = before.clone();
    let mut errors = section.read(&typed, &mut mine, &app.places, when);
    if errors.is_empty() && publication::loses_hours(&txn, &mine, zone).await? {
        errors.add("debut-1", "Des rendez-vous déjà publiés se tiennent dans les créneaux que vous retirez.");
    }
    let is_stale = typed.of("vu") != section.fingerprint(&before) && mine != before;
    if errors.is_empty() && !is_stale {
        if mine != before {
            plan::keep(&txn, &before, &mut mine, zone).await?;
            tell_participants(&app, &txn, &before, &mine).await?;
            let act = Act::new("a modifié une rencontre", format!("editions/{}", mine.edition.id));
            audit::record(&txn, By::Person(me.id), act.with(section.title), app.clock.now()).await?;
            txn.commit().await?;
        }
        return Ok(see_other(&format!("{}?fait={}#{}", before.edition.desk(), section.path, section.path)));
    }
    drop(txn);
    let (status, meanwhile) = if errors.is_empty() {
        typed.put("vu", section.fingerprint(&before));
        (StatusCode::CONFLICT, section.meanwhile(&before, &mine, &app.places))
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, Vec::new())
    };
    let hours = Hours::new(&mine, zone).filter(|_| errors.is_empty());
    draw(&app, status, before, Some(Again { section, typed, errors, meanwhile, hours }), (frame, csrf)).await
}

/// Moves up those who wait for places that are there now, and tells those who come of another day, other hours or another hall.
async fn tell_participants(app: &App, txn: &DatabaseTransaction, before: &Plan, mine: &Plan) -> Result<()> {
    if mine.edition.sequence != before.edition.sequence {
        for told in registration::told_anew(txn, &mine.edition).await? {
            mail::tell(txn, app, mine, &told, News::Changed).await?;
        }
    }
    for moved in registration::move_up(txn, &mine.edition).await? {
        mail::tell(txn, app, mine, &moved, News::MovedUp).await?;
    }
    Ok(())
}
