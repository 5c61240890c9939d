//! The program itself, served as an operator serves it, on a folder or a database of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbErr};

use crate::http::Client;

const BOSS: &str = "claire@departement.example";

/// A server that answers.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    folder: PathBuf,
    database: Option<String>,
}

/// A database of its own on a PostgreSQL server.
pub(crate) fn fresh_database(server: &str) -> String {
    let name = format!("bench_{}", std::process::id());
    let (before, after) = server.split_once("/postgres").expect("the address names the database postgres");
    run(async {
        let db = Database::connect(server).await?;
        db.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await?;
        db.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
        db.close().await
    });
    format!("{before}/{name}{after}")
}

fn run<T>(work: impl Future<Output = Result<T, DbErr>>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(work).expect("the database answers")
}

fn command(folder: &Path, database: Option<&str>, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_manger-local"));
    command.env_clear().env("DATA_DIR", folder).env("REQUESTS_PER_MINUTE", "10000000").args(arguments);
    command.envs(database.map(|url| ("DATABASE_URL", url))).stdin(Stdio::null());
    command
}

impl Server {
    /// Starts it, with the suppliers of the tests in the directory.
    pub(crate) fn start(database: Option<String>) -> Self {
        let kind = if database.is_some() { "postgres" } else { "sqlite" };
        let folder = std::env::temp_dir().join(format!("manger-local-registration-{}-{kind}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
        for (what, file) in [("suppliers", "fournisseurs.csv"), ("offers", "offres.csv")] {
            let file = data.join(file).display().to_string();
            let done = command(&folder, database.as_deref(), &["import", what, &file]).output().expect("it starts");
            assert!(done.status.code().is_some(), "the import ends");
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port").port();
        let address = format!("127.0.0.1:{port}");
        let mut serve = command(&folder, database.as_deref(), &["serve", "--listen", &address]);
        let mut child = serve.stderr(Stdio::piped()).spawn().expect("it starts");
        let mut errors = BufReader::new(child.stderr.take().expect("standard error"));
        let mut line = String::new();
        while !line.contains("answers on") {
            line.clear();
            assert_ne!(errors.read_line(&mut line).expect("a line"), 0, "the server ended before it answered");
        }
        // What it says later must go somewhere, or it would wait for us.
        std::thread::spawn(move || errors.lines().for_each(drop));
        let server = Self { child, address, folder, database };
        while Client::new(&server.address).get("/ready").status != 200 {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        server
    }

    fn say(&self, arguments: &[&str]) -> String {
        let output = command(&self.folder, self.database.as_deref(), arguments).output().expect("it starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// A key of an organiser, who comes in as everybody does.
    pub(crate) fn key(&self) -> String {
        let link = self.say(&["person", "invite", BOSS, "--role", "organiser"]);
        let path = link.split_once("/invitation/").map(|(_, token)| format!("/invitation/{token}"));
        let path = path.expect("a link");
        let mut client = Client::new(&self.address);
        let page = client.get(&path);
        let given = page.headers.iter().filter_map(|line| line.split_once(": "));
        let cookies = given.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        let cookies: Vec<&str> = cookies.filter_map(|(_, cookie)| cookie.split(';').next()).collect();
        let token = page.body.split_once("name=\"_token\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
        let token = token.expect("a form").0;
        let accepted = client.send(&path, &cookies.join("; "), &format!("_token={token}"));
        assert!(accepted.status < 400, "{}", accepted.body);
        self.say(&["token", "create", BOSS, "--scope", "visits", "--scope", "registrations"])
    }

    /// Asks the database itself.
    pub(crate) fn read<T>(&self, ask: impl AsyncFn(&DatabaseConnection) -> Result<T, DbErr>) -> T {
        let file = format!("sqlite://{}?mode=ro", self.folder.join("manger-local.sqlite").display());
        let url = self.database.clone().unwrap_or(file);
        run(async {
            let db = Database::connect(&url).await?;
            let told = ask(&db).await?;
            db.close().await?;
            Ok(told)
        })
    }

    /// Milliseconds of processor that the server and the database's own processes have used.
    pub(crate) fn processor(&self) -> (f64, f64) {
        let own = used(&self.child.id().to_string()).unwrap_or_default();
        let named =
            |id: &str| fs::read_to_string(format!("/proc/{id}/comm")).is_ok_and(|name| name.trim() == "postgres");
        let all = fs::read_dir("/proc").into_iter().flatten().flatten();
        let ids = all.map(|entry| entry.file_name().to_string_lossy().into_owned()).filter(|id| named(id));
        let database = ids.filter_map(|id| used(&id)).sum::<f64>();
        (own, if self.database.is_some() { database } else { 0.0 })
    }

    /// The most memory it has used, in MiB.
    pub(crate) fn most_memory(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse().map_or(f64::NAN, |kilobytes: f64| kilobytes / 1024.0)
    }
}

/// Milliseconds that a process has used, in a hundredth of a second (proc(5), stat).
fn used(id: &str) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(") ")?;
    let ticks = rest.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    Some(ticks.sum::<f64>() * 10.0)
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
