//! One's certificates, each with the document that proves it.

use askama::Template;
use chrono::NaiveDate;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;
use tokio::task;

use super::desk::Desk;
use crate::app::App;
use crate::pictures::LARGEST_FORM;
use crate::suppliers::draft::{DraftCertificate, fingerprint};
use crate::suppliers::registers::{Answers, Said, answers_of, ask_operator, heed_operator};
use crate::suppliers::{CertificationKind, FileKind, NewFile, Stored, Word, WrongFile, keep_file};
use crate::tables::parse_date;
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Pressed, Result, SentFile, Upload, filters, page, page_with, private,
    see_other, text_of,
};

/// Certificates of one listing.
const MOST: usize = 30;

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    signe: String,
    numero: String,
    organisme: String,
    debut: String,
    fin: String,
    vu: String,
}

impl Typed {
    fn of(held: &DraftCertificate) -> Self {
        let day = |day: Option<NaiveDate>| day.map(|day| day.format("%d/%m/%Y").to_string()).unwrap_or_default();
        Self {
            signe: held.kind.0.code().to_owned(),
            numero: held.number.clone().unwrap_or_default(),
            organisme: held.body.clone().unwrap_or_default(),
            debut: day(held.valid_from),
            fin: day(held.valid_until),
            vu: fingerprint([format!("{held:?}")].into_iter()),
        }
    }

    fn read(&self) -> std::result::Result<DraftCertificate, FieldErrors> {
        let mut errors = FieldErrors::default();
        let kind = CertificationKind::from_code(&self.signe);
        if kind.is_none() {
            errors.add("signe", "Choisissez le signe de qualité.");
        }
        let mut text = |field: &'static str, text: &str, most| {
            text_of(text, most).unwrap_or_else(|sentence| {
                errors.add(field, sentence);
                None
            })
        };
        let (number, body) = (text("numero", &self.numero, 100), text("organisme", &self.organisme, 200));
        let mut day = |field: &'static str, text: &str| match text.trim() {
            "" => None,
            text => {
                let day = parse_date(text);
                if day.is_none() {
                    errors.add(field, "Écrivez une date comme 31/03/2031.");
                }
                day
            }
        };
        let (valid_from, valid_until) = (day("debut", &self.debut), day("fin", &self.fin));
        if valid_from.zip(valid_until).is_some_and(|(first, last)| first > last) {
            errors.add("fin", "Le dernier jour vient avant le premier\u{a0}: vérifiez les deux dates.");
        }
        match kind {
            Some(kind) if errors.is_empty() => Ok(DraftCertificate {
                key: 0,
                kind: Stored(kind),
                number,
                body,
                valid_from,
                valid_until,
                file: None,
                document: None,
                register_read_on: None,
            }),
            _ => Err(errors),
        }
    }
}

#[derive(Template)]
#[template(path = "suppliers/certificates.html")]
struct CertificatesPage {
    desk: Desk,
    /// What registers said.
    answers: Answers,
    remark: Option<String>,
    csrf: Csrf,
    frame: Frame,
}

impl CertificatesPage {
    fn held(&self) -> &[DraftCertificate] {
        &self.desk.draft.content.certificates
    }

    /// What a register says otherwise; that it says the same stands in the summary.
    fn said(&self, held: &DraftCertificate) -> Option<Said> {
        self.answers.of_certificate(held, &self.desk.draft.content).filter(|said| !said.is_fine)
    }

    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "certificat" => Some("Le certificat est enregistré."),
            "retrait" => Some("Le certificat est retiré."),
            _ => None,
        }
    }
}

#[derive(Template)]
#[template(path = "suppliers/certificate.html")]
struct CertificatePage {
    desk: Desk,
    key: Option<u32>,
    /// The document sent before.
    file: Option<i64>,
    typed: Typed,
    errors: FieldErrors,
    /// Whether somebody else saved it since the form was shown.
    is_contested: bool,
    /// What the register said of what is kept.
    said: Option<Said>,
    csrf: Csrf,
    frame: Frame,
}

impl CertificatePage {
    fn action(&self) -> String {
        let last = self.key.map_or_else(|| "ajout".to_owned(), |key| key.to_string());
        format!("{}/certifications/{last}", self.desk.path())
    }

    fn signs(&self) -> Vec<(&'static str, &'static str, bool)> {
        let words = CertificationKind::WORDS.iter();
        words.map(|&(_, code, label)| (code, label, code == self.typed.signe)).collect()
    }
}

/// `GET /fiche/{id}/certifications`
#[handler]
pub(crate) async fn list(app: Data<&App>, desk: Desk, frame: Frame, csrf: Csrf) -> Result<Response> {
    let remark = desk.draft.remarks.get("certifications").cloned();
    let answers = answers_of(&app.db, desk.id).await?;
    Ok(private(page(&CertificatesPage { desk, answers, remark, csrf, frame })?))
}

/// The certificate in an address.
#[derive(Deserialize)]
struct Which {
    key: u32,
}

/// `GET /fiche/{id}/certifications/ajout`
#[handler]
pub(crate) fn new_form(desk: Desk, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(StatusCode::OK, desk, Shown::default(), false, frame, csrf)
}

/// `GET /fiche/{id}/certifications/{key}`
#[handler]
pub(crate) async fn form(
    app: Data<&App>,
    desk: Desk,
    Path(which): Path<Which>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let held = desk.draft.content.certificates.iter().find(|held| held.key == which.key).ok_or(Error::NotFound)?;
    let said = answers_of(&app.db, desk.id).await?.of_certificate(held, &desk.draft.content);
    let (key, file, typed) = (Some(which.key), held.file, Typed::of(held));
    let shown = Shown { key, file, typed, said, ..Shown::default() };
    draw(StatusCode::OK, desk, shown, false, frame, csrf)
}

/// What a page shows of a certificate.
#[derive(Default)]
struct Shown {
    key: Option<u32>,
    file: Option<i64>,
    typed: Typed,
    errors: FieldErrors,
    said: Option<Said>,
}

fn draw(
    status: StatusCode,
    desk: Desk,
    shown: Shown,
    is_contested: bool,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let Shown { key, file, typed, errors, said } = shown;
    let view = CertificatePage { desk, key, file, typed, errors, is_contested, said, csrf, frame };
    Ok(private(page_with(status, &view)?))
}

/// The form again, with what is wrong.
fn refuse(desk: Desk, shown: Shown, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(StatusCode::UNPROCESSABLE_ENTITY, desk, shown, false, frame, csrf)
}

/// `POST /fiche/{id}/certifications/ajout`
#[handler]
pub(crate) async fn add(
    app: Data<&App>,
    desk: Desk,
    frame: Frame,
    csrf: Csrf,
    Upload { typed, files }: Upload<Typed, LARGEST_FORM>,
) -> Result<Response> {
    let mut read = typed.read();
    let sent = read_file(FileKind::Certificate, files).await?;
    if let Err(sentence) = &sent {
        read = refused(read, "document", sentence);
    }
    let (mut held, file) = match (read, sent) {
        (Ok(held), Ok(file)) => (held, file),
        (Err(errors), _) => {
            return refuse(desk, Shown { typed, errors, ..Shown::default() }, frame, csrf);
        }
        (Ok(_), Err(_)) => return Err(Error::NotFound),
    };
    let heard = ask_operator(&app, desk.me.id, &held).await?;
    let txn = app.write().await?;
    let mut draft = desk.lock(&txn, &app).await?;
    if draft.content.certificates.len() >= MOST {
        drop(txn);
        let mut errors = FieldErrors::default();
        errors.add("signe", "Votre fiche a déjà trente certificats.");
        return refuse(desk, Shown { typed, errors, ..Shown::default() }, frame, csrf);
    }
    if let Some(file) = file {
        held.file = keep_file(&txn, desk.id, file, app.clock.now()).await?;
        if held.file.is_none() {
            drop(txn);
            return refuse(desk, Shown { typed, errors: too_many(), ..Shown::default() }, frame, csrf);
        }
    }
    let key = draft.content.new_key();
    draft.content.certificates.push(DraftCertificate { key, ..held });
    let is_denied = match &heard {
        Some(heard) => heed_operator(&txn, desk.id, &mut draft.content, key, heard, app.clock.now()).await?,
        None => false,
    };
    draft.remarks.remove("certifications");
    desk.keep(&txn, &app, &mut draft, "a ajouté un certificat à sa fiche").await?;
    txn.commit().await?;
    Ok(see_other(&next(&desk, key, is_denied)))
}

/// `POST /fiche/{id}/certifications/{key}`
#[handler]
pub(crate) async fn save(
    app: Data<&App>,
    desk: Desk,
    Path(which): Path<Which>,
    frame: Frame,
    csrf: Csrf,
    Upload { mut typed, files }: Upload<Typed, LARGEST_FORM>,
) -> Result<Response> {
    let mut read = typed.read();
    let sent = read_file(FileKind::Certificate, files).await?;
    if let Err(sentence) = &sent {
        read = refused(read, "document", sentence);
    }
    let heard = match &read {
        Ok(new) => ask_operator(&app, desk.me.id, new).await?,
        Err(_) => None,
    };
    let txn = app.write().await?;
    let mut draft = desk.lock(&txn, &app).await?;
    let kept = draft.content.certificates.iter_mut().find(|held| held.key == which.key).ok_or(Error::NotFound)?;
    let (key, file) = (Some(which.key), kept.file);
    let (new, sent) = match (read, sent) {
        (Ok(new), Ok(sent)) => (new, sent),
        (Err(errors), _) => {
            drop(txn);
            return refuse(desk, Shown { key, file, typed, errors, said: None }, frame, csrf);
        }
        (Ok(_), Err(_)) => return Err(Error::NotFound),
    };
    let now = Typed::of(kept);
    if typed.vu != now.vu {
        drop(txn);
        typed.vu = now.vu;
        let shown = Shown { key, file, typed, ..Shown::default() };
        return draw(StatusCode::CONFLICT, desk, shown, true, frame, csrf);
    }
    // What a register said of another number, sign or body proves nothing of this one.
    let is_same = kept.kind == new.kind && kept.number == new.number && kept.body == new.body;
    let register_read_on = kept.register_read_on.filter(|_| is_same);
    *kept = DraftCertificate { key: which.key, file, document: kept.document.clone(), register_read_on, ..new };
    if let Some(sent) = sent {
        kept.file = keep_file(&txn, desk.id, sent, app.clock.now()).await?;
        if kept.file.is_none() {
            drop(txn);
            return refuse(desk, Shown { key, file, typed, errors: too_many(), said: None }, frame, csrf);
        }
    }
    let is_denied = match &heard {
        Some(heard) => heed_operator(&txn, desk.id, &mut draft.content, which.key, heard, app.clock.now()).await?,
        None => false,
    };
    draft.remarks.remove("certifications");
    desk.keep(&txn, &app, &mut draft, "a modifié un certificat de sa fiche").await?;
    txn.commit().await?;
    Ok(see_other(&next(&desk, which.key, is_denied)))
}

/// Where one goes once a certificate is kept: to the others, or back to its number when a register says something else.
fn next(desk: &Desk, key: u32, is_denied: bool) -> String {
    let one = if is_denied { format!("/{key}") } else { String::new() };
    format!("{}/certifications{one}?fait=certificat", desk.path())
}

/// `POST /fiche/{id}/certifications/{key}/retrait`
#[handler]
pub(crate) async fn remove(
    app: Data<&App>,
    desk: Desk,
    Path(which): Path<Which>,
    _: Form<Pressed>,
) -> Result<Response> {
    desk.take_off(&app, |content| &mut content.certificates, which.key, "a retiré un certificat de sa fiche").await?;
    Ok(see_other(&format!("{}/certifications?fait=retrait", desk.path())))
}

fn refused<T>(
    read: std::result::Result<T, FieldErrors>,
    field: &'static str,
    sentence: &str,
) -> std::result::Result<T, FieldErrors> {
    let mut errors = read.err().unwrap_or_default();
    errors.add(field, sentence);
    Err(errors)
}

fn too_many() -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.add("document", WrongFile::TooMany.to_string());
    errors
}

/// The file that was sent, found right; nothing when none was. The sentence says why it is not taken.
pub(super) async fn read_file(
    kind: FileKind,
    files: Vec<SentFile>,
) -> Result<std::result::Result<Option<NewFile>, String>> {
    let Some(file) = files.into_iter().next() else { return Ok(Ok(None)) };
    let read = task::spawn_blocking(move || NewFile::read(kind, &file.name, &file.bytes)).await;
    let read = read.map_err(Error::broken("reading a file"))?;
    Ok(read.map(Some).map_err(|wrong| wrong.to_string()))
}
