//! Farm visits: registered by a stranger, signed in, on behalf, by a program; places, waiting list, offers, mails.

mod after;
mod attendance;
mod before;
mod carpool;
mod doors;
mod life;
mod mended;
mod places;
mod programs;
mod promises;
mod questions;
mod race;
mod shown;

use chrono::{DateTime, Utc};
use manger_local::{
    accounts::{self, Scope},
    farm_visits::{self, SETTLE},
    mail::{EmailAddress, latest},
    schedule::{self, Duty},
};
use poem::http::StatusCode;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::support::{
    Site,
    people::{Answer, Browser, mail_to, organiser, path_of},
};

static DUTIES: [Duty; 1] =
    [Duty { kind: SETTLE, every: None, run: |app, txn, subject, _| Box::pin(farm_visits::settle(app, txn, subject)) }];

/// A program with a key for visits and registrations, and the organiser whose it is.
pub(crate) async fn program(site: &Site) -> (Browser<'_>, String) {
    let claire = organiser(&site.app, &site.browser).await;
    let address = EmailAddress::parse("claire@departement.example").unwrap();
    let scopes = [Scope::Visits, Scope::Registrations];
    let key = accounts::create_token(&site.app, &address, "tableur", &scopes).await.unwrap().unwrap();
    (claire, key)
}

/// What was answered.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// Sends JSON with a key of a program.
pub(crate) async fn send(site: &Site, key: &str, path: &str, once: &str, sent: &Value) -> Told {
    let asked = site.browser.post(path).header("authorization", format!("Bearer {key}"));
    let asked = if once.is_empty() { asked } else { asked.header("idempotency-key", once) };
    let answer = asked.content_type("application/json").body(sent.to_string()).send().await.0;
    let status = answer.status().as_u16();
    let text = answer.into_body().into_string().await.unwrap();
    Told { status, body: serde_json::from_str(&text).unwrap_or(Value::Null) }
}

/// A visit with a date, open at once: the key of the date. It begins on Tuesday 20 April 2027 at 10 h; registration ends
/// the day before at the same hour.
pub(crate) async fn date(site: &Site, key: &str, places: u32) -> i64 {
    date_at(site, key, places, "2027-04-20T08:00:00Z").await
}

/// The same, beginning at another moment.
pub(crate) async fn date_at(site: &Site, key: &str, places: u32, starts_at: &str) -> i64 {
    let sent = json!({ "title": "Ferme des Genêts", "commune": "43268", "farm": "GAEC des Genêts" });
    let visit = send(site, key, "/api/v1/farm-visits", "", &sent).await;
    assert_eq!(visit.status, 201, "{visit:?}");
    another(site, key, visit.body["id"].as_i64().unwrap(), places, starts_at).await
}

/// Another date of a visit.
pub(crate) async fn another(site: &Site, key: &str, visit: i64, places: u32, starts_at: &str) -> i64 {
    let sent = json!({ "starts_at": starts_at, "places": places });
    let date = send(site, key, &format!("/api/v1/farm-visits/{visit}/dates"), "", &sent).await;
    assert_eq!(date.status, 201, "{date:?}");
    date.body["id"].as_i64().unwrap()
}

/// Somebody registers through a program.
pub(crate) async fn register(site: &Site, key: &str, date: i64, who: &str, party: i32) -> Told {
    let sent = json!({
        "name": format!("Cuisine {who}"),
        "email": address(who),
        "organisation": format!("Collège {who}"),
        "party_size": party,
    });
    send(site, key, &format!("/api/v1/visit-dates/{date}/registrations"), "", &sent).await
}

pub(crate) fn address(who: &str) -> String {
    format!("{who}@cantine.example")
}

/// Sends the form of a stranger.
pub(crate) async fn ask(visitor: &Browser<'_>, path: &str, who: &str, party: &str) -> StatusCode {
    let email = address(who);
    visitor.post(path, &[("nom", who), ("courriel", &email), ("personnes", party)]).await.status
}

/// The link of the latest mail to somebody.
pub(crate) async fn link(site: &Site, who: &str) -> String {
    let (_, text) = mail_to(&site.app, &address(who)).await.expect("a mail");
    path_of(text.lines().find(|line| line.contains("/visites/inscription/")).expect("a link"))
}

/// Kinds of the mails to somebody, the first first.
pub(crate) async fn kinds(site: &Site, who: &str) -> Vec<String> {
    let mut all = latest(&site.app.db, 2_000).await.unwrap();
    all.reverse();
    let mine = address(who);
    all.into_iter().filter(|mail| mail.recipient == mine).map(|mail| mail.kind).collect()
}

/// Numbers and states of a question to the database: the first two columns.
pub(crate) async fn found(site: &Site, question: &str) -> Vec<(i64, String)> {
    let all = Statement::from_string(site.app.db.get_database_backend(), question);
    let rows = site.app.db.query_all_raw(all).await.unwrap();
    rows.into_iter().map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())).collect()
}

/// Where everybody at a date stands, first come first.
pub(crate) async fn standings(site: &Site, date: i64) -> Vec<(i64, String)> {
    found(site, &format!("SELECT id, state FROM registrations WHERE visit_date_id = {date} ORDER BY id")).await
}

/// Changes a date as who has its page open does: what is not named stays as it is shown.
pub(crate) async fn change(claire: &Browser<'_>, date: i64, fields: &[(&str, &str)]) -> Answer {
    let desk = format!("/organisation/visites/dates/{date}");
    let page = claire.get(&desk).await.page;
    let shown = |name: &str| {
        let input = page.all("input").into_iter().find(|input| input.attribute("name") == Some(name));
        input.and_then(|input| input.attribute("value").map(str::to_owned)).unwrap_or_default()
    };
    let names = ["jour", "debut", "fin", "places", "minimum", "cloture", "cloture_heure", "vu"];
    let typed = |name: &str| fields.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    let all = names.map(|name| (name, typed(name).unwrap_or_else(|| shown(name))));
    let mut all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.extend(fields.iter().filter(|(name, _)| !names.contains(name)));
    claire.post(&format!("{desk}/horaire"), &all).await
}

/// Lets time go by, and what is due then be done.
pub(crate) async fn until(site: &Site, moment: &str) {
    let moment: DateTime<Utc> = moment.parse().unwrap();
    site.app.clock.advance(moment - site.app.clock.now());
    work(site).await;
}

/// What is due is done.
pub(crate) async fn work(site: &Site) {
    while schedule::step(&site.app, &DUTIES).await.unwrap() {}
}
