//! A server that is killed while it reads the directory or follows it, and one beside which somebody imports.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use super::generated;
use crate::support::{
    Site,
    cast::import_suppliers,
    on_each_database,
    process::{self, RunningServer},
};

const SUPPLIERS: usize = 6_000;
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_server_killed_while_it_reads_the_directory_answers_with_all_when_it_starts_again() {
    on_each_database(async |site| {
        import_suppliers(&site.app, &generated::suppliers(SUPPLIERS, 44).0).await;
        let server = start(site);
        assert_eq!(total(&server.address, ""), None, "it had read everything before it was killed");
        assert_eq!(server.stop("-KILL"), None);
        let server = start(site);
        until(|| total(&server.address, "") == Some(SUPPLIERS)).await;
        assert_eq!(total(&server.address, "&q=Zyrgolan"), Some(1));
    })
    .await;
}

#[tokio::test]
async fn a_server_killed_while_it_follows_an_import_answers_with_all_when_it_starts_again() {
    on_each_database(async |site| {
        let server = start(site);
        let (table, _) = generated::suppliers(SUPPLIERS, 45);
        let mut import = import(site, &table).spawn().unwrap();
        until(|| total(&server.address, "") > Some(0)).await;
        assert_eq!(server.stop("-KILL"), None);
        let server = start(site);
        assert!(import.wait().unwrap().success(), "the import is not disturbed");
        until(|| total(&server.address, "") == Some(SUPPLIERS)).await;
        assert_eq!(total(&server.address, "&q=Zyrgolan"), Some(1));
    })
    .await;
}

#[tokio::test]
async fn a_server_finds_what_is_imported_beside_it() {
    on_each_database(async |site| {
        import_suppliers(&site.app, &generated::suppliers(100, 46).0.replace(generated::LAST, "Ferme")).await;
        let server = start(site);
        until(|| total(&server.address, "") == Some(100)).await;
        let (table, _) = generated::suppliers(SUPPLIERS, 46);
        let imported = import(site, &table).output().unwrap();
        assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
        until(|| total(&server.address, "&q=Zyrgolan") == Some(1)).await;
        assert_eq!(total(&server.address, ""), Some(SUPPLIERS));
        assert_eq!(server.stop("-TERM"), Some(0));
    })
    .await;
}

pub(super) fn start(site: &Site) -> RunningServer {
    let mut arguments = vec!["--requests-per-minute".to_owned(), "1000000".to_owned()];
    arguments.extend(process::same_database(site));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    RunningServer::start(&arguments, &site.folder())
}

fn import(site: &Site, table: &str) -> std::process::Command {
    let file = site.folder().join("suppliers.csv");
    fs::write(&file, table).unwrap();
    let mut arguments = vec!["import".to_owned(), "suppliers".to_owned(), file.display().to_string()];
    arguments.extend(process::same_database(site));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut command = process::command(&arguments, &site.folder());
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    command
}

/// Asks again until it holds: another process is at work, and nobody tells us when it is done.
async fn until(holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "not within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

/// How many suppliers the server finds; nothing while it reads the directory.
fn total(address: &str, query: &str) -> Option<usize> {
    let mut connection = TcpStream::connect(address).unwrap();
    let path = format!("/api/v1/suppliers?per_page=1{query}");
    write!(connection, "GET {path} HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    if answer.starts_with("HTTP/1.1 503") {
        return None;
    }
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let after = answer.split_once("\"total\":").expect("a total").1;
    after.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}
