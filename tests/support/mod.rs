//! A site of its own for each journey: a fresh database, a clock that stands still, the same randomness every time.

pub(crate) mod cast;
mod database;
pub(crate) mod html;
pub(crate) mod people;
pub(crate) mod post;
pub(crate) mod process;
pub(crate) mod provider;
pub(crate) mod registers;
pub(crate) mod second_factor;
pub(crate) mod smtp;

use std::{num::NonZeroU32, path::PathBuf};

use chrono::{DateTime, TimeZone, Utc};
use clap::Parser;
use manger_local::{
    app::{App, Clock, Random},
    config::Config,
    routes,
};
use poem::{
    Endpoint, EndpointExt, Request, Response,
    endpoint::BoxEndpoint,
    http::{Method, header},
    test::TestClient,
};

use self::database::TestDatabase;

/// Every line of the program that names an address of the site.
pub(crate) fn routes_as_written() -> String {
    ["src/routes.rs", "src/routes/meetings.rs", "src/routes/visits.rs"]
        .map(|file| std::fs::read_to_string(file).unwrap())
        .concat()
}

/// A site nobody else uses, and a browser on it.
pub(crate) struct Site {
    /// What the rooms are given.
    pub(crate) app: App,
    /// Asks the site as a browser does.
    pub(crate) browser: TestClient<BoxEndpoint<'static>>,
    database: TestDatabase,
}

/// When journeys happen: a Tuesday morning in Le Puy.
pub(crate) fn morning() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2027, 3, 16, 7, 30, 0).unwrap()
}

impl Site {
    /// A site on SQLite.
    pub(crate) async fn new() -> Self {
        Self::on(TestDatabase::sqlite().await, |_| {}).await
    }

    /// A site on SQLite with other settings.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::on(TestDatabase::sqlite().await, change).await
    }

    async fn on(database: TestDatabase, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = settings(database.folder());
        config.database_url = database.url();
        change(&mut config);
        let opened = App::open(config).await.expect("a test database opens");
        let config = Config::clone(&opened.config);
        let app = App::with(config, opened.db, Clock::fixed(morning()), Random::seeded(43));
        let browser = browser(routes::site(&app));
        Self { app, browser, database }
    }

    /// Where the site keeps its files.
    pub(crate) fn folder(&self) -> PathBuf {
        self.database.folder()
    }

    async fn close(self) {
        let Self { app, browser, database } = self;
        drop(browser);
        app.db.close().await.expect("the database closes");
        database.remove().await;
    }
}

/// Asks `site` as a browser does, which says how long what it sends is; poem's client does not.
pub(crate) fn browser<E: Endpoint<Output = Response> + 'static>(site: E) -> TestClient<BoxEndpoint<'static>> {
    TestClient::new(site.before(with_length).boxed())
}

async fn with_length(mut request: Request) -> poem::Result<Request> {
    let says = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING];
    if request.method() != Method::GET && !says.iter().any(|name| request.headers().contains_key(name)) {
        let body = request.take_body().into_bytes().await?;
        request.headers_mut().insert(header::CONTENT_LENGTH, body.len().into());
        request.set_body(body);
    }
    Ok(request)
}

/// Runs a journey on SQLite, then on PostgreSQL when `TEST_DATABASE_URL` names a server (`make test` starts one).
///
/// What a failed journey leaves behind is kept for whoever looks into it.
pub(crate) async fn on_each_database(journey: impl AsyncFn(&Site)) {
    on_each_database_with(|_| {}, journey).await;
}

/// The same with other settings.
pub(crate) async fn on_each_database_with(change: impl Fn(&mut Config), journey: impl AsyncFn(&Site)) {
    let site = Site::with(&change).await;
    journey(&site).await;
    site.close().await;
    if let Some(database) = TestDatabase::postgres().await {
        let site = Site::on(database, &change).await;
        journey(&site).await;
        site.close().await;
    }
}

/// The default settings, whatever the environment says of those that would leave the test.
fn settings(folder: PathBuf) -> Config {
    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        config: Config,
    }
    let mut config = Line::parse_from(["test"]).config;
    config.data_dir = folder;
    config.public_url = None;
    config.requests_per_minute = NonZeroU32::new(1_000_000).unwrap();
    config
}
