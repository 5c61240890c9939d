//! Databases cloned from one migrated template: migrating anew for each test would take most of its time.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use manger_local::app::App;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use tokio::sync::OnceCell;

const FILE: &str = "manger-local.sqlite";
static SQLITE: OnceCell<PathBuf> = OnceCell::const_new();
static POSTGRES: OnceCell<String> = OnceCell::const_new();
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A database and a folder that nobody else uses.
pub(super) struct TestDatabase {
    folder: PathBuf,
    /// Server and name of a PostgreSQL database.
    postgres: Option<(String, String)>,
}

impl TestDatabase {
    pub(super) async fn sqlite() -> Self {
        let template = SQLITE.get_or_init(migrated_file).await;
        let folder = new_folder();
        fs::copy(template, folder.join(FILE)).expect("the template is copied");
        Self { folder, postgres: None }
    }

    /// None when `TEST_DATABASE_URL` names no server.
    pub(super) async fn postgres() -> Option<Self> {
        let server = env::var("TEST_DATABASE_URL").ok()?;
        let template = POSTGRES.get_or_init(|| migrated_database(server.clone())).await;
        let name = format!("journey_{}_{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        run(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Some(Self { folder: new_folder(), postgres: Some((server, name)) })
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.folder.clone()
    }

    /// What `DATABASE_URL` would say; SQLite is the default.
    pub(super) fn url(&self) -> Option<String> {
        self.postgres.as_ref().map(|(server, name)| address_of(server, name))
    }

    pub(super) async fn remove(self) {
        fs::remove_dir_all(&self.folder).expect("the folder is removed");
        if let Some((server, name)) = &self.postgres {
            run(server, &format!("DROP DATABASE {name}")).await;
        }
    }
}

fn new_folder() -> PathBuf {
    let name = format!("journey-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

async fn migrated_file() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("template-{}", process::id()));
    let _ = fs::remove_dir_all(&folder);
    migrate(folder.clone(), None).await;
    folder.join(FILE)
}

async fn migrated_database(server: String) -> String {
    let name = format!("template_{}", process::id());
    run(&server, &format!("DROP DATABASE IF EXISTS {name}")).await;
    run(&server, &format!("CREATE DATABASE {name}")).await;
    let folder = new_folder();
    migrate(folder.clone(), Some(address_of(&server, &name))).await;
    fs::remove_dir_all(folder).expect("the folder is removed");
    name
}

async fn migrate(folder: PathBuf, url: Option<String>) {
    let mut config = super::settings(folder);
    config.database_url = url;
    let app = App::open(config).await.expect("the template is migrated");
    // A copy of the file is whole, and a clone of the database allowed, once nobody is connected.
    app.db.close().await.expect("the template closes");
}

async fn run(server: &str, statement: &str) {
    let connection: DatabaseConnection = Database::connect(server).await.expect("TEST_DATABASE_URL answers");
    connection.execute_unprepared(statement).await.expect("the server obeys");
    connection.close().await.expect("the connection closes");
}

/// `server` with the database `name` in place of its own; its parameters, such as the socket's folder, stay.
fn address_of(server: &str, name: &str) -> String {
    let (base, parameters) =
        server.split_once('?').map_or((server, String::new()), |(base, rest)| (base, format!("?{rest}")));
    let host = base.find("://").map_or(0, |at| at + 3);
    let end = base[host..].find('/').map_or(base.len(), |at| host + at);
    format!("{}/{name}{parameters}", &base[..end])
}
