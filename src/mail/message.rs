//! A mail as it leaves: one text, made once, when it is decided.

use std::time::SystemTime;

use askama::Template;
use chrono::{DateTime, Utc};
use lettre::message::header::{ContentDisposition, ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart, SinglePartBuilder};

use super::calendar::{Event, Parties};
use super::{EmailAddress, Sender};

/// What a mail says, in both forms, and the appointment it brings.
#[derive(Clone, Debug)]
pub struct Content {
    /// Subject, one line.
    pub title: String,
    /// As plain text.
    pub text: String,
    /// The same as HTML, styles inside.
    pub html: String,
    /// The appointment, when the mail is about one.
    pub event: Option<Event>,
    /// Where one click ends mails of this kind; only for mails nobody is bound to get (RFC 8058).
    pub unsubscribe: Option<String>,
}

impl Content {
    /// The content of three templates: subject, plain text, HTML.
    ///
    /// # Errors
    /// When one cannot be drawn.
    pub fn draw(title: &impl Template, text: &impl Template, html: &impl Template) -> Result<Self, askama::Error> {
        let (title, text, html) = (title.render()?, text.render()?, html.render()?);
        // A name with a line break, or a long one, must not keep its mail from leaving.
        let title = shortened(&title.replace(|c: char| c.is_control(), " "));
        Ok(Self { title, text, html, event: None, unsubscribe: None })
    }
}

/// Most characters of a subject.
const LONGEST_TITLE: usize = 200;

fn shortened(title: &str) -> String {
    if title.chars().count() <= LONGEST_TITLE {
        return title.to_owned();
    }
    title.chars().take(LONGEST_TITLE - 1).chain(['…']).collect()
}

/// A mail that cannot be made. Nothing a visitor types leads here: addresses are [`EmailAddress`]es.
#[derive(Debug, thiserror::Error)]
pub enum CannotCompose {
    /// A header would hold a line break or another control character.
    #[error("a header of the mail would hold a control character: {0:?}")]
    Header(String),
    /// The library refused.
    #[error("the mail cannot be made")]
    Library(#[from] lettre::error::Error),
}

/// The mail as bytes of ASCII, and its Message-ID. `token` is random and makes the Message-ID and the boundaries.
pub(super) fn compose(
    sender: &Sender,
    to: &EmailAddress,
    content: &Content,
    token: &str,
    now: DateTime<Utc>,
) -> Result<(String, String), CannotCompose> {
    let message_id = format!("<{token}@{}>", sender.from.domain());
    let mut builder = lettre::Message::builder()
        .message_id(Some(message_id.clone()))
        .date(SystemTime::from(now))
        .from(mailbox(Some(&sender.name), &sender.from)?)
        .to(mailbox(None, to)?)
        .subject(one_line(&content.title)?)
        .raw_header(header("Auto-Submitted", "auto-generated")?);
    if let Some(reply_to) = &sender.reply_to {
        builder = builder.reply_to(mailbox(None, reply_to)?);
    }
    if let Some(address) = &content.unsubscribe {
        builder = builder
            .raw_header(header("List-Unsubscribe", &format!("<{address}>"))?)
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?);
    }
    let message = builder.multipart(body(sender, to, content, token, now))?;
    Ok((message_id, String::from_utf8_lossy(&message.formatted()).into_owned()))
}

/// `mixed(alternative(plain, html, calendar), invite.ics)`; without an appointment the alternative alone.
fn body(sender: &Sender, to: &EmailAddress, content: &Content, token: &str, now: DateTime<Utc>) -> MultiPart {
    let alternative = MultiPart::alternative()
        .boundary(format!("alternative-{token}"))
        .singlepart(text_part("text/plain; charset=utf-8", &content.text))
        .singlepart(text_part("text/html; charset=utf-8", &content.html));
    let Some(event) = &content.event else { return alternative };
    let organiser = sender.reply_to.as_ref().unwrap_or(&sender.from);
    let parties = Parties { organiser_name: &sender.name, organiser, attendee: to };
    let file = event.file(&parties, now);
    let kind = format!("text/calendar; charset=utf-8; method={}", event.method.word());
    let attachment = SinglePart::builder().header(ContentDisposition::attachment("invite.ics"));
    MultiPart::mixed()
        .boundary(format!("mixed-{token}"))
        .multipart(alternative.singlepart(text_part(&kind, &file)))
        .singlepart(encoded(attachment, &kind, &file))
}

/// In base64: no line is too long and no server has a reason to touch it.
fn text_part(kind: &str, text: &str) -> SinglePart {
    encoded(SinglePart::builder(), kind, text)
}

fn encoded(part: SinglePartBuilder, kind: &str, text: &str) -> SinglePart {
    let builder = part.header(ContentType::parse(kind).unwrap_or(ContentType::TEXT_PLAIN));
    match Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::Base64) {
        Ok(body) => builder.body(body),
        Err(text) => builder.body(text),
    }
}

fn mailbox(name: Option<&str>, address: &EmailAddress) -> Result<Mailbox, CannotCompose> {
    let name = name.map(one_line).transpose()?;
    let address = address.as_str().parse().map_err(|_| CannotCompose::Header(address.to_string()))?;
    Ok(Mailbox::new(name, address))
}

fn header(name: &'static str, value: &str) -> Result<HeaderValue, CannotCompose> {
    Ok(HeaderValue::new(HeaderName::new_from_ascii_str(name), one_line(value)?))
}

/// A header's value: CR, LF, NUL and their like would begin another header.
fn one_line(text: &str) -> Result<String, CannotCompose> {
    if text.chars().any(char::is_control) { Err(CannotCompose::Header(text.to_owned())) } else { Ok(text.to_owned()) }
}
