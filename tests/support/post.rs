//! Mails of the tests: written down by hand, sent by hand.

use std::time::Duration;

use chrono::{DateTime, Utc};
use manger_local::{
    app::App,
    mail::{
        Content, EmailAddress, MailState, NewMail, OutgoingMail, Sender,
        carrier::{Carrier, Patience},
        delivery,
        delivery::Round,
        enqueue, latest,
    },
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use tokio::sync::watch;

use super::smtp::SmtpServer;

/// A mail about a row, which says its number.
pub(crate) async fn write(app: &App, subject: &str, version: u32) -> bool {
    write_to(app, subject, version, "chef@college.example").await
}

pub(crate) async fn write_to(app: &App, subject: &str, version: u32, to: &str) -> bool {
    let txn = app.write().await.unwrap();
    let written = write_in(&txn, app, subject, version, to, Kept::For(None)).await;
    txn.commit().await.unwrap();
    written
}

/// How long the text of a mail is kept.
pub(crate) enum Kept {
    /// While it is of use.
    For(Option<DateTime<Utc>>),
    /// Until it has left.
    Secret,
}

/// The same in an open transaction.
pub(crate) async fn write_in(
    txn: &DatabaseTransaction,
    app: &App,
    subject: &str,
    version: u32,
    to: &str,
    kept: Kept,
) -> bool {
    let to = EmailAddress::parse(to).unwrap();
    let content = Content {
        title: format!("Mail {version} de {subject}"),
        text: "Bonjour".to_owned(),
        html: "<p>Bonjour</p>".to_owned(),
        event: None,
        unsubscribe: None,
    };
    let sender = Sender::new(&app.config).unwrap();
    let (is_secret, useful_until) = match kept {
        Kept::For(until) => (false, until),
        Kept::Secret => (true, None),
    };
    let about = subject.to_owned();
    let mail = NewMail { kind: "test", about, version, to: &to, content, is_secret, useful_until };
    enqueue(txn, &sender, &app.random, mail, app.clock.now()).await.unwrap()
}

/// A worker that sends to this server.
pub(crate) fn carrier(app: &App, server: &SmtpServer) -> Carrier {
    carrier_to(app, server.url.clone())
}

pub(crate) fn carrier_to(app: &App, url: String) -> Carrier {
    let mut config = manger_local::config::Config::clone(&app.config);
    config.smtp_url = Some(url);
    config.mail_from = Some("annuaire@departement.example".to_owned());
    Carrier::new(&config).unwrap()
}

/// How long a test waits for a server that says nothing.
pub(crate) const IMPATIENT: Patience = Patience { step: Duration::from_millis(300), text: Duration::from_millis(300) };

/// Sends what is due; how many were tried when all went well.
pub(crate) async fn send(app: &App, carrier: &mut Carrier) -> usize {
    match round(app, carrier).await {
        Round::Sent(mails) => mails,
        Round::Done | Round::Unreachable => 0,
    }
}

/// Sends what is due; what became of it.
pub(crate) async fn round(app: &App, carrier: &mut Carrier) -> Round {
    let (_stop, told) = watch::channel(false);
    delivery::step(app, carrier, "worker", &told).await.unwrap()
}

/// State of each mail in the order in which they were written.
pub(crate) async fn states(app: &App) -> Vec<MailState> {
    mails(app).await.iter().map(|mail| mail.state).collect()
}

pub(crate) async fn mails(app: &App) -> Vec<OutgoingMail> {
    mails_in(&app.db).await
}

/// The same as an open transaction sees them.
pub(crate) async fn mails_in(db: &impl ConnectionTrait) -> Vec<OutgoingMail> {
    let mut mails = latest(db, 100_000).await.unwrap();
    mails.reverse();
    mails
}
