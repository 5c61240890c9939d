//! The mailbox of the demonstration: every mail as its reader sees it. Nothing of it exists elsewhere.

use askama::Template;
use chrono::{NaiveDateTime, TimeDelta};
use mail_parts::{Parts, parts};
use poem::http::{StatusCode, header};
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use crate::app::App;
use crate::mail::{OutgoingMail, by_id, carrier, latest};
use crate::web::{Csrf, Error, Form, Frame, Result, filters, framing, french, page, see_other};

#[derive(Template)]
#[template(path = "post_office/mailbox.html")]
struct Mailbox {
    mails: Vec<OutgoingMail>,
    now: NaiveDateTime,
    csrf: Csrf,
    frame: Frame,
}

impl Mailbox {
    /// The day and the hour.
    fn moment(&self) -> String {
        french::moment(self.now)
    }
}

/// How much later it becomes.
#[derive(Clone, Copy, Default, Deserialize)]
enum Later {
    #[serde(rename = "heure")]
    Hour,
    #[default]
    #[serde(rename = "jour")]
    Day,
    #[serde(rename = "semaine")]
    Week,
}

#[derive(Deserialize)]
struct Passing {
    #[serde(default)]
    dans: Later,
}

#[derive(Template)]
#[template(path = "post_office/letter.html")]
struct Letter {
    frame: Frame,
    mail: OutgoingMail,
    parts: Parts,
}

/// `GET /demo/courrier`
#[handler]
pub(crate) async fn mailbox(app: Data<&App>, frame: Frame, csrf: Csrf) -> Result<Response> {
    only_in_demo(&app)?;
    let now = app.local(app.clock.now());
    page(&Mailbox { mails: latest(&app.db, 200).await?, now, csrf, frame })
}

/// `POST /demo/courrier/temps`: it becomes later, and what is due until then is done.
#[handler]
pub(crate) fn later(app: Data<&App>, Form(Passing { dans }): Form<Passing>) -> Result<Response> {
    only_in_demo(&app)?;
    app.clock.advance(match dans {
        Later::Hour => TimeDelta::hours(1),
        Later::Day => TimeDelta::days(1),
        Later::Week => TimeDelta::weeks(1),
    });
    Ok(see_other("/demo/courrier?fait=temps"))
}

/// `GET /demo/courrier/{id}`
#[handler]
pub(crate) async fn read(app: Data<&App>, Path(id): Path<i64>, frame: Frame) -> Result<Response> {
    let mail = mail(&app, id).await?;
    Ok(framing(page(&Letter { parts: parts(&mail.message), mail, frame })?, &app.config))
}

/// `GET /demo/courrier/{id}/html`: the HTML part by itself, in a frame of the page above.
#[handler]
pub(crate) async fn html(app: Data<&App>, Path(id): Path<i64>) -> Result<Response> {
    let mail = mail(&app, id).await?;
    Ok(framed(&parts(&mail.message).html))
}

/// The HTML of a mail for a frame of ours: nothing in it runs, its links lead out of the frame.
pub(super) fn framed(text: &str) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups allow-top-navigation-by-user-activation";
    Response::builder()
        .content_type("text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, policy)
        .body(text.replacen("<head>", "<head><base target=\"_top\">", 1))
}

/// `GET /demo/courrier/{id}/message.eml`
#[handler]
pub(crate) async fn file(app: Data<&App>, Path(id): Path<i64>) -> Result<Response> {
    Ok(Response::builder().content_type("message/rfc822").body(mail(&app, id).await?.message))
}

async fn mail(app: &App, id: i64) -> Result<OutgoingMail> {
    only_in_demo(app)?;
    let mut mail = by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    if mail.message.is_empty() {
        // The text of a secret mail is in no row once it has left; here it left for a file.
        let left = carrier::file_of(&app.config, &mail);
        mail.message = tokio::fs::read_to_string(left).await.map_err(|_| forgotten())?;
    }
    Ok(mail)
}

fn forgotten() -> Error {
    Error::Refused {
        status: StatusCode::GONE,
        sentence: "Ce message portait un lien ou un code\u{a0}: son texte est effacé sept jours après son départ."
            .into(),
    }
}

pub(super) fn only_in_demo(app: &App) -> Result<()> {
    if app.config.demo { Ok(()) } else { Err(Error::NotFound) }
}

mod mail_parts {
    //! The parts of a mail of ours, taken apart again.

    use std::collections::HashMap;

    /// What a reader's program makes of a mail.
    #[derive(Default)]
    pub(super) struct Parts {
        pub(super) headers: Vec<(String, String)>,
        pub(super) text: String,
        pub(super) html: String,
        pub(super) calendar: String,
    }

    /// Takes a mail apart.
    pub(super) fn parts(message: &str) -> Parts {
        let Ok(mail) = mailparse::parse_mail(message.as_bytes()) else { return Parts::default() };
        let headers = mail.headers.iter().map(|header| (header.get_key(), header.get_value()));
        let mut found: HashMap<String, String> = HashMap::new();
        collect(&mail, &mut found);
        let mut take = |kind: &str| found.remove(kind).unwrap_or_default();
        Parts {
            headers: headers.collect(),
            text: take("text/plain"),
            html: take("text/html"),
            calendar: take("text/calendar"),
        }
    }

    fn collect(part: &mailparse::ParsedMail<'_>, found: &mut HashMap<String, String>) {
        part.subparts.iter().for_each(|part| collect(part, found));
        if part.subparts.is_empty() {
            found.entry(part.ctype.mimetype.clone()).or_insert_with(|| part.get_body().unwrap_or_default());
        }
    }
}
