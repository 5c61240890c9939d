//! One's own calendar: its address, and the calendar itself.

use askama::Template;
use poem::web::{Data, Path};
use poem::{Response, handler};

use crate::accounts::feed;
use crate::accounts::visit::SignedIn;
use crate::app::App;
use crate::mail::{Sender, calendar, events_of};
use crate::web::{Csrf, Error, Form, Frame, Pressed, Result, filters, french, page, private, see_other as see};

#[derive(Template)]
#[template(path = "accounts/agenda.html")]
struct AgendaPage {
    /// The address, when it was made just now, and the same as telephones and Outlook take it up by themselves.
    address: Option<(String, String)>,
    /// Since when there is one.
    since: Option<String>,
    coming: usize,
    csrf: Csrf,
    frame: Frame,
}

/// `GET /mon-espace/agenda`
#[handler]
pub(crate) async fn own(app: Data<&App>, signed_in: SignedIn, frame: Frame, csrf: Csrf) -> Result<Response> {
    show(&app, &signed_in, None, frame, csrf).await
}

/// `POST /mon-espace/agenda`: a new address, shown in the answer and never again.
#[handler]
pub(crate) async fn open(
    app: Data<&App>,
    signed_in: SignedIn,
    frame: Frame,
    csrf: Csrf,
    _: Form<Pressed>,
) -> Result<Response> {
    let token = app.random.token();
    let txn = app.write().await?;
    feed::open(&txn, &signed_in.person, &token, app.clock.now()).await?;
    txn.commit().await?;
    let address = frame.absolute(&format!("/agenda/{token}.ics"));
    show(&app, &signed_in, Some(address), frame, csrf).await
}

/// `POST /mon-espace/agenda/retrait`
#[handler]
pub(crate) async fn close(app: Data<&App>, signed_in: SignedIn, _: Form<Pressed>) -> Result<Response> {
    let txn = app.write().await?;
    feed::close(&txn, &signed_in.person).await?;
    txn.commit().await?;
    Ok(see("/mon-espace/agenda?fait=retrait"))
}

async fn show(app: &App, signed_in: &SignedIn, address: Option<String>, frame: Frame, csrf: Csrf) -> Result<Response> {
    let (person, now) = (&signed_in.person, app.clock.now());
    let since = feed::open_since(&app.db, person).await?;
    let since = since.map(|since| french::date(app.local(since).date()));
    let events = events_of(&app.db, &person.email, now).await?;
    let coming = events.iter().filter(|(event, _)| event.starts_at > now && event.method == calendar::Method::Request);
    let address = address.map(|address| {
        let subscription = address.replacen("https://", "webcal://", 1).replacen("http://", "webcal://", 1);
        (address, subscription)
    });
    let view = AgendaPage { address, since, coming: coming.count(), csrf, frame };
    Ok(private(page(&view)?))
}

/// `GET /agenda/{token}.ics`
#[handler]
pub(crate) async fn subscribed(app: Data<&App>, Path(file): Path<String>, frame: Frame) -> Result<Response> {
    let token = file.strip_suffix(".ics").ok_or(Error::NotFound)?;
    let person = feed::of_token(&app.db, token).await?.ok_or(Error::NotFound)?;
    let events = events_of(&app.db, &person.email, app.clock.now()).await?;
    let sender = Sender::new(&app.config).map_err(Error::broken("reading the sender of mails"))?;
    let name = format!("{} {}", frame.site(), frame.place());
    let text = calendar::feed(&name, &sender, &events);
    Ok(private(Response::builder().content_type("text/calendar; charset=utf-8").body(text)))
}
