//! The mail as organisers see it.

use askama::Template;
use poem::web::{Data, Path};
use poem::{Response, handler};
use sea_orm::{DatabaseTransaction, DbErr};
use serde::Deserialize;

use super::mail;
use crate::accounts::{Organiser, Person};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::mail::{
    AttemptOutcome, FailingAddress, MailState, OutgoingMail, Sender, Signature, attempts, by_id, decision,
    failing_addresses, in_state, latest,
};
use crate::web::{Csrf, Error, Form, Frame, Pressed, Result, filters, french, page, private, see_other as see};

/// Mails on the page.
const SHOWN: u64 = 100;
const PATH: &str = "/organisation/courrier";

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    etat: String,
}

#[derive(Template)]
#[template(path = "post_office/queue.html")]
struct Queue {
    frame: Frame,
    csrf: Csrf,
    /// Where mails go.
    carrier: Option<String>,
    paused: Option<String>,
    states: Vec<Tab>,
    mails: Vec<Line>,
    /// Addresses that the last mail did not reach.
    failing: Vec<FailingAddress>,
    mine: String,
    records: Vec<(&'static str, String, String)>,
}

impl Queue {
    /// What a form before has done.
    fn done(&self) -> Option<String> {
        match (self.frame.done(), self.paused.is_some()) {
            ("essai", _) => Some(format!(
                "Un message d’essai est écrit pour {}. Rechargez la page dans un instant pour voir s’il est parti.",
                self.mine
            )),
            ("pause", true) => Some("C’est fait\u{a0}: seuls les codes de connexion partent encore.".to_owned()),
            ("reprise", false) => Some("L’envoi a repris\u{a0}: les messages qui attendaient partent.".to_owned()),
            _ => None,
        }
    }
}

/// A state, how many mails are in it, and whether only those are shown.
struct Tab {
    label: &'static str,
    href: String,
    count: i64,
    chosen: bool,
}

struct Line {
    id: i64,
    title: String,
    recipient: String,
    state: &'static str,
    class: &'static str,
    icon: &'static str,
    when: String,
}

#[derive(Template)]
#[template(path = "post_office/life.html")]
struct Life {
    frame: Frame,
    csrf: Csrf,
    mail: Line,
    attempts: Vec<(String, &'static str, String)>,
    /// When it is tried again.
    next: Option<String>,
    can_resend: bool,
    can_give_up: bool,
    is_unknown: bool,
}

impl Life {
    /// What a form before has done.
    fn done(&self) -> Option<&'static str> {
        match self.frame.done() {
            "renvoi" => Some("Le message est remis à l’envoi."),
            "abandon" => Some("Le message ne sera plus envoyé."),
            _ => None,
        }
    }
}

/// `GET /organisation/courrier`
#[handler]
pub(crate) async fn queue(app: Data<&App>, Organiser(person): Organiser, frame: Frame, csrf: Csrf) -> Result<Response> {
    let asked: Asked = serde_urlencoded::from_str(frame.uri().query().unwrap_or_default()).unwrap_or_default();
    let chosen = MailState::ALL.into_iter().find(|state| state.code() == asked.etat);
    let mails = match chosen {
        Some(state) => in_state(&app.db, state, SHOWN).await?,
        None => latest(&app.db, SHOWN).await?,
    };
    let counts = decision::counts(&app.db).await?;
    let count = |state| counts.iter().find(|(known, _)| *known == state).map_or(0, |(_, count)| *count);
    let tab = |state: MailState| Tab {
        label: state.label(),
        href: if chosen == Some(state) { PATH.to_owned() } else { format!("{PATH}?etat={}", state.code()) },
        count: count(state),
        chosen: chosen == Some(state),
    };
    let view = Queue {
        carrier: server(&app),
        paused: decision::paused_since(&app.db).await?.map(|since| french::moment(app.local(since))),
        states: MailState::ALL.into_iter().map(tab).filter(|tab| tab.count > 0 || tab.chosen).collect(),
        mails: mails.iter().map(|mail| line(&app, mail)).collect(),
        failing: failing_addresses(&app.db, SHOWN).await?,
        mine: person.email,
        records: records(&app),
        frame,
        csrf,
    };
    Ok(private(page(&view)?))
}

/// `GET /organisation/courrier/{id}`
#[handler]
pub(crate) async fn life(
    app: Data<&App>,
    _: Organiser,
    Path(id): Path<i64>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let mail = by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let told = attempts(&app.db, id).await?;
    let paused = !mail.is_secret && decision::paused_since(&app.db).await?.is_some();
    let view = Life {
        attempts: told
            .into_iter()
            .map(|told| (french::moment(app.local(told.at)), outcome(told.outcome), told.answer))
            .collect(),
        next: (mail.state == MailState::Waiting).then(|| {
            if paused {
                "L’envoi est suspendu : ce message partira à la reprise.".to_owned()
            } else {
                format!("Prochain essai : {}.", french::moment(app.local(mail.due_at)))
            }
        }),
        can_resend: matches!(mail.state, MailState::Unknown | MailState::Failed | MailState::Bounced)
            && !mail.message.is_empty(),
        can_give_up: matches!(mail.state, MailState::Unknown | MailState::Waiting),
        is_unknown: mail.state == MailState::Unknown,
        mail: line(&app, &mail),
        frame,
        csrf,
    };
    Ok(private(page(&view)?))
}

/// `POST /organisation/courrier/{id}/renvoi`
#[handler]
pub(crate) async fn resend(
    app: Data<&App>,
    Organiser(person): Organiser,
    Path(id): Path<i64>,
    _: Form<Pressed>,
) -> Result<Response> {
    let txn = app.write().await?;
    let is_done = decision::resend(&txn, id, person.called(), app.clock.now()).await?;
    if is_done {
        note(&txn, &app, &person, "a renvoyé un message", format!("outgoing_mails/{id}")).await?;
    }
    txn.commit().await?;
    Ok(see(&format!("{PATH}/{id}{}", if is_done { "?fait=renvoi" } else { "" })))
}

/// `POST /organisation/courrier/{id}/abandon`
#[handler]
pub(crate) async fn give_up(
    app: Data<&App>,
    Organiser(person): Organiser,
    Path(id): Path<i64>,
    _: Form<Pressed>,
) -> Result<Response> {
    let txn = app.write().await?;
    let is_done = decision::give_up(&txn, id, person.called(), app.clock.now()).await?;
    if is_done {
        note(&txn, &app, &person, "a abandonné un message", format!("outgoing_mails/{id}")).await?;
    }
    txn.commit().await?;
    Ok(see(&format!("{PATH}/{id}{}", if is_done { "?fait=abandon" } else { "" })))
}

/// `POST /organisation/courrier/pause`
#[handler]
pub(crate) async fn pause(app: Data<&App>, Organiser(person): Organiser, _: Form<Pressed>) -> Result<Response> {
    let txn = app.write().await?;
    decision::pause(&txn, app.clock.now()).await?;
    note(&txn, &app, &person, "a suspendu l’envoi du courrier", String::new()).await?;
    txn.commit().await?;
    Ok(see("/organisation/courrier?fait=pause"))
}

/// `POST /organisation/courrier/reprise`
#[handler]
pub(crate) async fn resume(app: Data<&App>, Organiser(person): Organiser, _: Form<Pressed>) -> Result<Response> {
    let txn = app.write().await?;
    decision::resume(&txn).await?;
    note(&txn, &app, &person, "a repris l’envoi du courrier", String::new()).await?;
    txn.commit().await?;
    Ok(see("/organisation/courrier?fait=reprise"))
}

/// `POST /organisation/courrier/essai`: a mail to whoever asks.
#[handler]
pub(crate) async fn test(app: Data<&App>, Organiser(person): Organiser, _: Form<Pressed>) -> Result<Response> {
    let txn = app.write().await?;
    mail::test(&txn, &app, &person.email).await?;
    txn.commit().await?;
    Ok(see("/organisation/courrier?fait=essai"))
}

async fn note(
    txn: &DatabaseTransaction,
    app: &App,
    person: &Person,
    what: &'static str,
    on: String,
) -> Result<(), DbErr> {
    audit::record(txn, By::Person(person.id), Act::new(what, on), app.clock.now()).await
}

fn line(app: &App, mail: &OutgoingMail) -> Line {
    let (class, icon) = match mail.state {
        MailState::Waiting | MailState::Sending => ("declared", "clock"),
        MailState::Sent => ("proven", "check"),
        MailState::Failed | MailState::Bounced => ("expired", "circle-x"),
        MailState::Unknown => ("expired", "triangle-alert"),
    };
    Line {
        id: mail.id,
        title: mail.title.clone(),
        recipient: mail.recipient.clone(),
        state: mail.state.label(),
        class,
        icon,
        when: french::moment(app.local(mail.ended_at.unwrap_or(mail.created_at))),
    }
}

fn outcome(outcome: AttemptOutcome) -> &'static str {
    match outcome {
        AttemptOutcome::Sent => "Envoyé",
        AttemptOutcome::Refused => "Refusé",
        AttemptOutcome::Postponed => "Remis à plus tard",
        AttemptOutcome::Unknown => "Sort inconnu",
        AttemptOutcome::Resent => "À renvoyer",
        AttemptOutcome::GivenUp => "Abandonné",
        AttemptOutcome::Delayed => "Retenu en chemin",
        AttemptOutcome::Bounced => "Revenu",
    }
}

/// Name of the server that takes our mails, without its password.
fn server(app: &App) -> Option<String> {
    let url = url::Url::parse(app.config.smtp_url.as_deref()?).ok()?;
    url.host_str().map(ToOwned::to_owned)
}

/// What the domain should publish, so that mails are believed: kind, name, value.
fn records(app: &App) -> Vec<(&'static str, String, String)> {
    let Ok(sender) = Sender::new(&app.config) else { return Vec::new() };
    let (Some(server), domain) = (server(app), sender.from.domain()) else { return Vec::new() };
    let selector = &app.config.dkim_selector;
    let literal = server.trim_matches(['[', ']']).parse::<std::net::IpAddr>().ok();
    let mechanism = match literal {
        Some(std::net::IpAddr::V4(address)) => format!("ip4:{address}"),
        Some(std::net::IpAddr::V6(address)) => format!("ip6:{address}"),
        None => format!("a:{server}"),
    };
    let spf =
        format!("ajouter {mechanism} à la ligne « v=spf1 … » qui existe ; s’il n’y en a pas : v=spf1 {mechanism} ~all");
    let mut records = vec![
        ("SPF", sender.bounces.domain().to_owned(), spf),
        ("DMARC", format!("_dmarc.{domain}"), "si cette ligne n’existe pas encore : v=DMARC1; p=none".to_owned()),
    ];
    let key = app.config.dkim_key_file.as_ref().and_then(|file| Signature::read(file, selector, domain).ok());
    if let Some(key) = key {
        records.push(("DKIM", format!("{selector}._domainkey.{domain}"), key.record().to_owned()));
    }
    records
}
