//! The mail of this room, drawn when it is decided.

use askama::Template;
use sea_orm::DatabaseTransaction;

use crate::app::App;
use crate::mail::{Content, EmailAddress, Letterhead, NewMail, NotEnqueued, Sender, enqueue};

#[derive(Template)]
#[template(path = "post_office/mail/test/subject.txt")]
struct TestSubject<'a> {
    head: &'a Letterhead,
}

#[derive(Template)]
#[template(path = "post_office/mail/test/body.txt")]
struct TestText<'a> {
    head: &'a Letterhead,
}

#[derive(Template)]
#[template(path = "post_office/mail/test/body.html")]
struct TestHtml<'a> {
    head: &'a Letterhead,
}

/// A mail that shows that mail leaves; each is another.
///
/// # Errors
/// When the mail cannot be made or written down.
pub(super) async fn test(txn: &DatabaseTransaction, app: &App, to: &str) -> Result<bool, NotEnqueued> {
    let content = content(&Letterhead::new(&app.config))?;
    let to = &EmailAddress::parse(to).map_err(|_| NotEnqueued::Address)?;
    let about = format!("test/{}", app.random.token());
    let mail = NewMail { kind: "test", about, version: 1, to, content, is_secret: false, useful_until: None };
    enqueue(txn, &Sender::new(&app.config)?, &app.random, mail, app.clock.now()).await
}

fn content(head: &Letterhead) -> askama::Result<Content> {
    Content::draw(&TestSubject { head }, &TestText { head }, &TestHtml { head })
}

/// One of each mail of this room, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub(super) fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    Ok(vec![("post_office/mail/test", content(head)?)])
}
