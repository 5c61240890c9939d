//! How soon a change of a speed meeting stands on the open pages of those who take part: a served site, a hundred pages that listen,
//! one change after the other, written by another node. Milliseconds from the change until a page hears of it, and until it is read
//! again and shows it, on SQLite and, when `TEST_DATABASE_URL` names a server, on PostgreSQL; beside them the second that a change
//! may take. Figures and ratios are printed, nothing is judged.

#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs, process};

use chrono::{NaiveDate, TimeZone, Utc};
use clap::Parser;
use futures_util::future::join_all;
use manger_local::accounts::{self, OrganisationKind};
use manger_local::app::{App, Clock, Random};
use manger_local::config::Config;
use manger_local::mail::EmailAddress;
use manger_local::speed_meetings::{Guest, Live, Plan, Side, State, prepare, rehearse};
use manger_local::{routes, web};
use poem::http::{StatusCode, header};
use poem::test::TestClient;
use sea_orm::{ConnectionTrait, Database};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Pages that are open at once, shared out among those who come.
const PAGES: usize = 100;
const CANTEENS: usize = 28;
const SUPPLIERS: usize = 35;
/// Changes, one after the other; each is on every page.
const CHANGES: usize = 20;
/// Milliseconds that a change may take.
const TARGET: f64 = 1_000.0;

#[tokio::main]
async fn main() {
    println!("database   | pages | changes | heard p50, max ms | shown p50, max ms | target / max");
    let folder = env::temp_dir().join(format!("manger-local-live-{}", process::id()));
    measure("SQLite", &folder, None).await;
    if let Ok(server) = env::var("TEST_DATABASE_URL") {
        let name = format!("live_{}", process::id());
        run(&server, &format!("CREATE DATABASE {name}")).await;
        measure("PostgreSQL", &folder, Some(address_of(&server, &name))).await;
        run(&server, &format!("DROP DATABASE {name}")).await;
    }
}

async fn measure(database: &str, folder: &Path, url: Option<String>) {
    let app = open(folder.to_owned(), url).await;
    let organisations = begin(&app).await;
    let cookies = sign_in(&app).await;
    let (mut heard, mut shown) = follow(&app, &organisations, &cookies).await;
    let (heard, shown) = ([percentile(&mut heard, 50), percentile(&mut heard, 100)], &mut shown);
    let (half, most) = (percentile(shown, 50), percentile(shown, 100));
    println!(
        "{database:10} | {PAGES:5} | {CHANGES:7} | {:8.0} {:8.0} | {half:8.0} {most:8.0} | {:12.1}",
        heard[0],
        heard[1],
        TARGET / most
    );
    app.db.close().await.expect("the database closes");
    fs::remove_dir_all(folder).expect("the folder is removed");
}

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    config: Config,
}

/// A node whose clock stands still an hour before the first appointment.
async fn open(folder: PathBuf, url: Option<String>) -> App {
    let mut config = Line::parse_from(["bench"]).config;
    (config.data_dir, config.database_url, config.public_url) = (folder, url, None);
    config.requests_per_minute = NonZeroU32::MAX;
    let opened = App::open(config).await.expect("a database in a new place");
    let morning = Utc.with_ymd_and_hms(2027, 3, 16, 7, 30, 0).single().expect("a moment");
    App::with(Config::clone(&opened.config), opened.db, Clock::fixed(morning), Random::seeded(43))
}

/// A day that is going on, and the organisations that came to it.
async fn begin(app: &App) -> Vec<i64> {
    let (now, day) = (app.clock.now(), NaiveDate::from_ymd_opt(2027, 3, 16).expect("a day"));
    let mut plan = Plan::new("Rencontre du Velay", day, day, now);
    plan.edition.state = State::Wishes;
    (plan.edition.canteen_capacity, plan.edition.supplier_capacity) = (28, 35);
    let txn = app.write().await.expect("a write begins");
    let mut guests = Vec::new();
    for place in 0..CANTEENS + SUPPLIERS {
        let (kind, side) = if place < CANTEENS {
            (OrganisationKind::Canteen, Side::Canteen)
        } else {
            (OrganisationKind::Supplier, Side::Supplier)
        };
        let team = accounts::found(&txn, kind, &format!("Organisation {place}"), now).await.expect("it is founded");
        guests.push(Guest { organisation: team.id, side, name: "Sophie Arnaud", words: "" });
    }
    let key = prepare(&txn, &plan).await.expect("the day is prepared").edition().id;
    rehearse(&txn, app, (key, State::Running), &guests).await.expect("the day begins");
    txn.commit().await.expect("all is kept");
    guests.iter().map(|guest| guest.organisation).collect()
}

/// The cookies of an organiser, who may read every page: what one sends a form with first.
async fn sign_in(app: &App) -> Cookies {
    let address = EmailAddress::parse("claire@departement.example").expect("an address");
    let link = accounts::invite_organiser(app, &address).await.expect("she is invited");
    let path = link.splitn(4, '/').nth(3).expect("a path");
    let browser = TestClient::new(routes::site(app));
    let form = cookie(&browser.get("/connexion").send().await.0, "form");
    let entered = send(&browser, &format!("/{path}"), &[("_token", form.as_str())], &format!("form={form}")).await;
    let all = entered.headers().get_all(header::SET_COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let pairs = all.filter_map(|cookie| cookie.split(';').next()).map(str::to_owned);
    let known: Vec<String> = pairs.filter(|pair| !pair.ends_with('=')).collect();
    let form = known.iter().find_map(|pair| pair.strip_prefix("form=")).unwrap_or(&form).to_owned();
    let others = known.iter().filter(|pair| !pair.starts_with("form="));
    let all = others.fold(format!("form={form}"), |all, pair| format!("{all}; {pair}"));
    Cookies { token: form, all }
}

struct Cookies {
    /// What a form of hers carries.
    token: String,
    all: String,
}

fn cookie(answer: &poem::Response, name: &str) -> String {
    let given = answer.headers().get_all(header::SET_COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut values = given.filter_map(|cookie| cookie.split(';').next()?.strip_prefix(name)?.strip_prefix('='));
    values.next().expect("the page gives it").to_owned()
}

/// Sends a form, whose length poem’s client does not say.
async fn send(
    browser: &TestClient<impl poem::Endpoint<Output = poem::Response>>,
    path: &str,
    fields: &[(&str, &str)],
    cookies: &str,
) -> poem::Response {
    let length = fields.iter().map(|(name, value)| name.len() + value.len() + 2).sum::<usize>() - 1;
    let request = browser.post(path).header(header::COOKIE, cookies).header(header::CONTENT_LENGTH, length);
    let answer = request.form(&fields.to_vec()).send().await.0;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
    answer
}

/// Milliseconds until each page heard of each change, and until it showed it.
async fn follow(app: &App, organisations: &[i64], cookies: &Cookies) -> (Vec<f64>, Vec<f64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it has an address");
    tokio::spawn(web::serve(listener, routes::site_with(app, &Live::default()), std::future::pending()));
    let another = TestClient::new(routes::site(app));
    let own = organisations.iter().cycle().take(PAGES);
    let mut pages = join_all(own.map(|organisation| Page::open(address, *organisation, &cookies.all))).await;
    let (mut heard, mut shown) = (Vec::new(), Vec::new());
    for late in ["5", "10"].into_iter().cycle().take(CHANGES) {
        let started = Instant::now();
        let fields = [("_token", cookies.token.as_str()), ("retard", late)];
        let change = send(&another, "/organisation/rencontres/1/horaire", &fields, &cookies.all);
        let words = format!("décalés de {late}");
        let seen = join_all(pages.iter_mut().map(|page| page.follow(&words, started)));
        for (one, other) in futures_util::future::join(change, seen).await.1 {
            heard.push(one);
            shown.push(other);
        }
    }
    (heard, shown)
}

/// The open page of somebody who takes part.
struct Page {
    address: SocketAddr,
    path: String,
    cookies: String,
    stream: BufReader<TcpStream>,
    /// What it shows.
    known: String,
}

impl Page {
    async fn open(address: SocketAddr, organisation: i64, cookies: &str) -> Self {
        let page = "/rencontres/rencontre-du-velay-2027";
        let (path, cookies) = (format!("{page}/jour/{organisation}"), cookies.to_owned());
        let stream = ask(address, &format!("{page}/fil"), "").await;
        let mut page = Self { address, path, cookies, stream, known: String::new() };
        page.known = page.news().await;
        page
    }

    /// What the next event says of the page.
    async fn news(&mut self) -> String {
        let mut line = String::new();
        while self.stream.read_line(&mut line).await.expect("the stream flows") > 0 {
            if let Some(data) = line.strip_prefix("data: ") {
                let said: serde_json::Value = serde_json::from_str(data).expect("an event");
                return said["page"].to_string();
            }
            line.clear();
        }
        panic!("the stream ended: {line}")
    }

    /// Waits for a change and reads the page again, which shows it; says when it heard of it, and when it was read.
    async fn follow(&mut self, words: &str, started: Instant) -> (f64, f64) {
        let since = || started.elapsed().as_secs_f64() * 1_000.0;
        let before = self.known.clone();
        while self.known == before {
            self.known = self.news().await;
        }
        let heard = since();
        let mut answer = Vec::new();
        let mut asked = ask(self.address, &self.path, &self.cookies).await;
        asked.read_to_end(&mut answer).await.expect("a page");
        let shown = since();
        assert!(String::from_utf8_lossy(&answer).contains(words), "{} does not show it", self.path);
        (heard, shown)
    }
}

async fn ask(address: SocketAddr, path: &str, cookies: &str) -> BufReader<TcpStream> {
    let mut connection = TcpStream::connect(address).await.expect("the site answers");
    let asked = format!("GET {path} HTTP/1.1\r\nHost: site\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n");
    connection.write_all(asked.as_bytes()).await.expect("it is asked");
    BufReader::new(connection)
}

fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() * percent / 100).min(values.len() - 1)]
}

async fn run(server: &str, statement: &str) {
    let connection = Database::connect(server).await.expect("TEST_DATABASE_URL answers");
    connection.execute_unprepared(statement).await.expect("the server obeys");
    connection.close().await.expect("the connection closes");
}

/// `server` with another database; its parameters, such as the folder of its socket, stay.
fn address_of(server: &str, name: &str) -> String {
    let (base, parameters) = server.split_once('?').map_or((server, None), |(base, rest)| (base, Some(rest)));
    let host = base.find("://").map_or(0, |at| at + 3);
    let end = base[host..].find('/').map_or(base.len(), |at| host + at);
    let parameters = parameters.map(|parameters| format!("?{parameters}")).unwrap_or_default();
    format!("{}/{name}{parameters}", &base[..end])
}
