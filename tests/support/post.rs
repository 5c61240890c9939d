//! Mails of the tests: written down by hand, sent by hand.

use manger_local::{
    app::App,
    mail::{
        Content, EmailAddress, MailState, NewMail, OutgoingMail, Sender, carrier::Carrier, delivery, enqueue, latest,
    },
};
use tokio::sync::watch;

use super::smtp::SmtpServer;

/// A mail about a row, which says its number.
pub(crate) async fn write(app: &App, subject: &str, version: u32) -> bool {
    write_to(app, subject, version, "chef@college.example").await
}

pub(crate) async fn write_to(app: &App, subject: &str, version: u32, to: &str) -> bool {
    let txn = app.write().await.unwrap();
    let to = EmailAddress::parse(to).unwrap();
    let content = Content {
        title: format!("Mail {version} de {subject}"),
        text: "Bonjour".to_owned(),
        html: "<p>Bonjour</p>".to_owned(),
        event: None,
        unsubscribe: None,
    };
    let sender = Sender::new(&app.config).unwrap();
    let mail = NewMail { kind: "test", subject: subject.to_owned(), version, to: &to, content, is_secret: false };
    let written = enqueue(&txn, &sender, &app.random, mail, app.clock.now()).await.unwrap();
    txn.commit().await.unwrap();
    written
}

/// A worker that sends to this server.
pub(crate) fn carrier(app: &App, server: &SmtpServer) -> Carrier {
    let mut config = manger_local::config::Config::clone(&app.config);
    config.smtp_url = Some(server.url.clone());
    config.mail_from = Some("annuaire@departement.example".to_owned());
    Carrier::new(&config).unwrap()
}

/// Sends what is due; how many were claimed.
pub(crate) async fn send(app: &App, carrier: &mut Carrier) -> usize {
    let (_stop, told) = watch::channel(false);
    delivery::step(app, carrier, "worker", &told).await.unwrap()
}

/// State of each mail in the order in which they were written.
pub(crate) async fn states(app: &App) -> Vec<MailState> {
    mails(app).await.iter().map(|mail| mail.state).collect()
}

pub(crate) async fn mails(app: &App) -> Vec<OutgoingMail> {
    let mut mails = latest(&app.db, 100_000).await.unwrap();
    mails.reverse();
    mails
}
