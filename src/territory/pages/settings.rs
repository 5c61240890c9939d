//! The settings that are words.

use askama::Template;
use poem::{Response, handler, http::StatusCode};

use super::{Tab, tabs};
use crate::accounts::Organiser;
use crate::app::App;
use crate::audit::By;
use crate::territory::section::{Field, Kind, SECTIONS, Section, Typed, fingerprint, read};
use crate::territory::settings::{self, Saved, Settings};
use crate::texts;
use crate::web::{Csrf, Error, FieldErrors, Form, Frame, Result, filters, page_with, private, see_other};

#[derive(Template)]
#[template(path = "territory/settings.html")]
struct SettingsPage {
    title: &'static str,
    lead: &'static str,
    path: &'static str,
    tabs: Vec<Tab>,
    fields: Vec<FieldView>,
    errors: FieldErrors,
    /// Fingerprint of what is saved.
    seen: String,
    csrf: Csrf,
    frame: Frame,
}

/// A field as it is shown.
struct FieldView {
    field: &'static Field,
    value: String,
    /// What an empty field means.
    usual: String,
    /// Our text, which an organiser's would replace.
    replaced: Option<String>,
    /// What somebody else saved since the form was shown.
    meanwhile: Option<String>,
}

impl FieldView {
    fn rows(&self) -> Option<u8> {
        match self.field.kind {
            Kind::Line | Kind::Address => None,
            Kind::Lines => Some(4),
            Kind::Document(_) => Some(12),
        }
    }

    fn is_address(&self) -> bool {
        self.field.kind == Kind::Address
    }
}

impl SettingsPage {
    fn is_contested(&self) -> bool {
        self.fields.iter().any(|view| view.meanwhile.is_some())
    }
}

/// `GET /organisation/reglages`, `…/messages`, `…/textes`
#[handler]
pub(crate) async fn form(app: &App, _: Organiser, frame: Frame, csrf: Csrf) -> Result<Response> {
    let saved = settings::current(&app.db).await?;
    let section = section(&frame)?;
    let fields = views(app, section, &frame, |field| field.of(&saved).to_owned()).await?;
    let seen = fingerprint(section.fields, &saved);
    draw(StatusCode::OK, section, fields, FieldErrors::default(), seen, csrf, frame)
}

/// `POST /organisation/reglages`, `…/messages`, `…/textes`
#[handler]
pub(crate) async fn save(
    app: &App,
    Organiser(person): Organiser,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let section = section(&frame)?;
    let said = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let values = match read(section.fields, &typed) {
        Ok(values) => values,
        Err(errors) => {
            let fields = views(app, section, &frame, |field| said(field.name)).await?;
            return draw(StatusCode::UNPROCESSABLE_ENTITY, section, fields, errors, said("vu"), csrf, frame);
        }
    };
    let txn = app.write().await?;
    let saved =
        settings::save(&txn, section.fields, &values, &said("vu"), By::Person(person.id), app.clock.now()).await?;
    txn.commit().await?;
    if let Saved::Meanwhile(current) = saved {
        let mut fields = views(app, section, &frame, |field| said(field.name)).await?;
        contest(&mut fields, &values, &current);
        let seen = fingerprint(section.fields, &current);
        return draw(StatusCode::CONFLICT, section, fields, FieldErrors::default(), seen, csrf, frame);
    }
    settings::refresh(app).await?;
    Ok(see_other(&format!("{}?fait=reglages", section.path)))
}

fn section(frame: &Frame) -> Result<&'static Section> {
    SECTIONS.iter().find(|section| section.path == frame.uri().path()).ok_or(Error::NotFound)
}

async fn views(
    app: &App,
    section: &'static Section,
    frame: &Frame,
    value: impl Fn(&Field) -> String,
) -> Result<Vec<FieldView>> {
    let mut views = Vec::new();
    for field in section.fields {
        let replaced = match field.kind {
            Kind::Document(text) => Some(texts::usual(app, text, frame).await?),
            _ => None,
        };
        let usual = field.usual(&app.config);
        views.push(FieldView { field, value: value(field), usual, replaced, meanwhile: None });
    }
    Ok(views)
}

/// Shows beside what was typed what is saved now, where they differ.
fn contest(fields: &mut [FieldView], values: &[String], current: &Settings) {
    for (view, value) in fields.iter_mut().zip(values) {
        let saved = view.field.of(current);
        view.meanwhile = Some(saved.to_owned()).filter(|saved| saved != value);
    }
}

fn draw(
    status: StatusCode,
    section: &'static Section,
    fields: Vec<FieldView>,
    errors: FieldErrors,
    seen: String,
    csrf: Csrf,
    frame: Frame,
) -> Result<Response> {
    let &Section { title, lead, path, .. } = section;
    let view = SettingsPage { title, lead, path, tabs: tabs(path), fields, errors, seen, csrf, frame };
    Ok(private(page_with(status, &view)?))
}
