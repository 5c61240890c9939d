//! The steps that are plain forms.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};

use super::desk::Desk;
use super::point;
use crate::accounts;
use crate::app::App;
use crate::places::{Commune, Places, Point};
use crate::suppliers::Siret;
use crate::suppliers::draft::{self, Content, Field, FieldKind, STEPS, Step, Typed};
use crate::suppliers::registers::{Company, Heard, Said, answers_of, ask_company, keep_companies};
use crate::tables::parse_list;
use crate::web::{Csrf, Error, FieldErrors, Form, Frame, Result, filters, page_with, private, see_other};

#[derive(Template)]
#[template(path = "suppliers/step.html")]
struct StepPage {
    desk: Desk,
    step: &'static Step,
    fields: Vec<FieldView>,
    errors: FieldErrors,
    /// Tells what was shown from what is kept.
    seen: String,
    remark: Option<String>,
    /// What the register of companies says.
    register: Option<Said>,
    /// What the geocoder says of the address.
    found: Option<Said>,
    /// Whether there is one to ask.
    has_geocoder: bool,
    /// Latitude and longitude of the commune, for the map.
    center: Option<String>,
    tiles: Option<(String, String)>,
    csrf: Csrf,
    frame: Frame,
}

/// A field as it is shown.
struct FieldView {
    field: &'static Field,
    value: String,
    /// Value, words, whether chosen.
    choices: Vec<(String, String, bool)>,
    /// The name of the commune of a code.
    label: String,
    /// What somebody else saved since the form was shown.
    meanwhile: Option<String>,
}

impl FieldView {
    fn new(field: &'static Field, value: String, content: &Content, places: &Places) -> Self {
        let all: Vec<(String, String)> = match field.kind {
            FieldKind::One(choices) => {
                choices().into_iter().map(|(code, words)| (code.to_owned(), words.to_owned())).collect()
            }
            FieldKind::Any(choices) => choices(content, places),
            _ => Vec::new(),
        };
        let chosen = |code: &str| parse_list(&value).any(|one| one == code);
        let choices = all.into_iter().map(|(code, words)| (chosen(&code), code, words));
        let choices = choices.map(|(chosen, code, words)| (code, words, chosen)).collect();
        let label = places.commune(&value).map_or_else(|| value.clone(), Commune::label);
        Self { field, value, choices, label, meanwhile: None }
    }

    /// `type`, `autocomplete` and most characters of a line.
    fn line(&self) -> Option<(&'static str, &'static str, usize)> {
        if let FieldKind::Line(kind, complete, most) = self.field.kind { Some((kind, complete, most)) } else { None }
    }

    fn lines(&self) -> Option<usize> {
        if let FieldKind::Lines(most) = self.field.kind { Some(most) } else { None }
    }

    fn is_one(&self) -> bool {
        matches!(self.field.kind, FieldKind::One(_))
    }

    fn is_any(&self) -> bool {
        matches!(self.field.kind, FieldKind::Any(_)) && !self.choices.is_empty()
    }

    fn is_commune(&self) -> bool {
        matches!(self.field.kind, FieldKind::Commune)
    }

    fn is_point(&self) -> bool {
        matches!(self.field.kind, FieldKind::Point)
    }
}

impl StepPage {
    fn is_filled(&self, names: &[&str]) -> bool {
        let of_these = |view: &&FieldView| names.contains(&view.field.name);
        self.fields.iter().filter(of_these).any(|view| !view.value.is_empty() || view.meanwhile.is_some())
            || names.iter().any(|name| self.errors.of(name).is_some())
    }

    /// Whether places are named to which it delivers: the fold that holds them is open.
    fn has_places(&self) -> bool {
        self.is_filled(&["epci", "departements", "communes"])
    }

    /// Whether a point or a street is named: the fold that holds them is open.
    fn has_point(&self) -> bool {
        self.is_filled(&["point", "adresse"])
    }

    fn is_contested(&self) -> bool {
        self.fields.iter().any(|view| view.meanwhile.is_some())
    }
}

/// `GET /fiche/{id}/identite`, `…/lieu`, `…/livraison`
#[handler]
pub(crate) async fn form(app: Data<&App>, desk: Desk, frame: Frame, csrf: Csrf) -> Result<Response> {
    let step = step(&frame)?;
    let content = desk.draft.content.clone();
    let values = |field: &Field| shown(field, &content, &app.places);
    let fields = views(step, values, &content, &app.places);
    let seen = step.fingerprint(&content);
    let drawn = Drawn { desk, step, fields, errors: FieldErrors::default(), seen, found: None };
    draw(&app, StatusCode::OK, drawn, frame, csrf).await
}

/// `POST /fiche/{id}/identite`, `…/lieu`, `…/livraison`
#[handler]
pub(crate) async fn save(
    app: Data<&App>,
    desk: Desk,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let step = step(&frame)?;
    let mut typed = named(typed);
    if let (Some(geocoder), "point") = (&app.config.registers.geocoder_url, typed.of("geste")) {
        let (errors, found) = point::find(&app, &desk, geocoder, &mut typed).await;
        let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let fields = views(step, |field| typed.of(field.name).to_owned(), &desk.draft.content, &app.places);
        let drawn = Drawn { seen: typed.of("vu").to_owned(), desk, step, fields, errors, found };
        return draw(&app, status, drawn, frame, csrf).await;
    }
    let asked = asked(&app, &desk, step, &typed).await?;
    let txn = app.write().await?;
    let mut draft = desk.lock(&txn, &app).await?;
    let before = draft.content.clone();
    let errors = step.read(&typed, &mut draft.content, &app.places);
    let is_stale = typed.of("vu") != step.fingerprint(&before) && draft.content != before;
    if errors.is_empty() && !is_stale {
        if draft.content != before {
            draft.remarks.remove(step.path);
            // What a register said of a certificate was said of this name and SIRET.
            answers_of(&txn, desk.id).await?.judge(&mut draft.content);
            if draft.content.name != before.name {
                accounts::rename_organisation(&txn, desk.id, &draft.content.name).await?;
            }
            desk.keep(&txn, &app, &mut draft, "a modifié sa fiche").await?;
        }
        if let Some((siret, heard)) = &asked {
            keep_companies(&txn, desk.id, siret, heard, app.clock.now()).await?;
        }
        txn.commit().await?;
        return Ok(see_other(&next(&desk, step)));
    }
    drop(txn);
    let mut fields = views(step, |field| typed.of(field.name).to_owned(), &before, &app.places);
    let (status, seen) = if errors.is_empty() {
        for view in &mut fields {
            let (theirs, mine) = (view.field.of(&before), view.field.of(&draft.content));
            view.meanwhile = (theirs != mine).then(|| view.field.words(&before, &app.places));
        }
        (StatusCode::CONFLICT, step.fingerprint(&before))
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, typed.of("vu").to_owned())
    };
    draw(&app, status, Drawn { desk, step, fields, errors, seen, found: None }, frame, csrf).await
}

/// What the register of companies says of the SIRET that was typed, unless it said so already.
async fn asked(app: &App, desk: &Desk, step: &Step, typed: &Typed) -> Result<Option<(Siret, Heard<Company>)>> {
    let siret = draft::siret(typed.of("siret")).ok().flatten().filter(|_| step.path == "identite");
    let Some(siret) = siret else { return Ok(None) };
    if answers_of(&app.db, desk.id).await?.knows(&siret) {
        return Ok(None);
    }
    Ok(ask_company(app, desk.me.id, &siret).await.map(|heard| (siret, heard)))
}

/// A commune that was picked from the list is known by its code; one that was only typed, by its name.
fn named(mut typed: Typed) -> Typed {
    if typed.of("commune").is_empty() {
        let name = typed.of("commune_nom").to_owned();
        typed.put("commune", name);
    }
    typed
}

/// Where one goes once a step is kept: on through the first steps, back to the listing's page once all are there.
fn next(desk: &Desk, step: &Step) -> String {
    let at = STEPS.iter().position(|known| known.path == step.path).unwrap_or_default();
    let is_new = desk.draft.accepted.is_none() && desk.draft.content.offers.is_empty();
    match STEPS.get(at + 1) {
        Some(next) if is_new => format!("{}/{}", desk.path(), next.path),
        None if is_new => format!("{}/produits", desk.path()),
        _ => format!("{}?fait=retour", desk.path()),
    }
}

fn step(frame: &Frame) -> Result<&'static Step> {
    let last = frame.uri().path().rsplit('/').next().unwrap_or_default();
    STEPS.iter().find(|step| step.path == last).ok_or(Error::NotFound)
}

/// What a field holds, as one would type it: names of communes rather than their codes.
fn shown(field: &Field, content: &Content, places: &Places) -> String {
    if field.name == "communes" { field.words(content, places) } else { field.of(content) }
}

fn views(
    step: &'static Step,
    value: impl Fn(&'static Field) -> String,
    content: &Content,
    places: &Places,
) -> Vec<FieldView> {
    step.fields.iter().map(|field| FieldView::new(field, value(field), content, places)).collect()
}

/// The largest commune of the territory, where a map begins that knows nothing better.
fn seat(app: &App) -> Option<Point> {
    let communes = app.places.communes_of_department(&app.config.territory);
    communes.max_by_key(|commune| commune.population)?.point
}

/// What a page shows of a step.
struct Drawn {
    desk: Desk,
    step: &'static Step,
    fields: Vec<FieldView>,
    errors: FieldErrors,
    seen: String,
    found: Option<Said>,
}

async fn draw(app: &App, status: StatusCode, drawn: Drawn, frame: Frame, csrf: Csrf) -> Result<Response> {
    let Drawn { desk, step, fields, errors, seen, found } = drawn;
    let remark = desk.draft.remarks.get(step.path).cloned();
    let own = desk.draft.content.insee_code.as_deref().and_then(|code| app.places.commune(code)?.point);
    let home = own.or_else(|| seat(app).filter(|_| step.path == "lieu"));
    let center = home.map(|point| format!("{},{}", point.lon, point.lat));
    let tiles = app.config.map_tiles();
    let register = match step.path {
        "identite" | "lieu" => desk.register(app).await?,
        _ => None,
    };
    let has_geocoder = app.config.registers.geocoder_url.is_some();
    let view = StepPage {
        desk,
        step,
        fields,
        errors,
        seen,
        remark,
        register,
        found,
        has_geocoder,
        center,
        tiles,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}
