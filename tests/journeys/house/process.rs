//! The program as an operator runs it.

use std::{fs, sync::Arc};

use manger_local::web::{self, Gate};
use poem::{EndpointExt, Route, get, handler, web::Data};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::{Notify, oneshot},
};

use crate::support::{
    Site, on_each_database,
    process::{Folder, RunningServer, ask, command, run, same_database},
};

#[derive(Default)]
struct Signals {
    arrived: Notify,
    finish: Notify,
}

#[handler]
async fn slow(signals: Data<&Arc<Signals>>) -> &'static str {
    signals.arrived.notify_one();
    signals.finish.notified().await;
    "finished"
}

#[tokio::test]
async fn a_server_told_to_stop_finishes_the_requests_in_flight_and_takes_no_other() {
    let site = Site::new().await;
    let signals = Arc::new(Signals::default());
    let routes = Gate::new(Route::new().at("/slow", get(slow)), site.app.clone()).data(signals.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(web::serve(listener, routes, async { stopped.await.unwrap_or_default() }));

    let mut idle = tokio::net::TcpStream::connect(address).await.unwrap();
    let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
    client.write_all(b"GET /slow HTTP/1.1\r\nHost: site\r\n\r\n").await.unwrap();
    signals.arrived.notified().await;
    stop.send(()).unwrap();
    assert_eq!(idle.read(&mut [0]).await.unwrap(), 0, "an idle connection is closed at once");
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "a new connection is taken");
    signals.finish.notify_one();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("finished"), "{answer}");
    server.await.unwrap().unwrap();
}

#[test]
fn told_to_stop_the_program_ends_well_and_a_demonstration_leaves_nothing() {
    for signal in ["-TERM", "-INT"] {
        let folder = Folder::new();
        let server = RunningServer::start(&["--demo"], &folder.0);
        server.wait_until_ready();
        assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1, "the throw-away folder");
        assert_eq!(server.stop(signal), Some(0));
        assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 0, "nothing is left");
    }
}

#[test]
fn a_demonstration_told_to_stop_while_it_loads_leaves_nothing() {
    let folder = Folder::new();
    let mut child = command(&["serve", "--demo", "--listen", "127.0.0.1:0"], &folder.0).spawn().unwrap();
    while fs::read_dir(&folder.0).unwrap().count() == 0 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it began");
        std::thread::yield_now();
    }
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success() && child.wait().unwrap().success());
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 0, "nothing is left");
}

#[tokio::test]
async fn with_one_connection_allowed_the_program_starts_and_keeps_quiet_about_its_tables() {
    on_each_database(async |site| {
        let same = same_database(site);
        let mut arguments = vec!["index", "rebuild", "--database-connections", "1"];
        arguments.extend(same.iter().map(String::as_str));
        let done = run(&arguments, &site.folder());
        let said = String::from_utf8(done.stderr).unwrap();
        assert!(done.status.success() && !said.contains("skipping"), "{said}");
    })
    .await;
}

#[test]
fn a_monitor_of_this_machine_sees_when_the_index_last_followed() {
    let folder = Folder::new();
    let data = folder.0.join("data");
    let server = RunningServer::start(&["--data-dir", data.to_str().unwrap()], &folder.0);
    server.wait_until_ready();
    let figures = ask(&server.address, "/metrics");
    let line = figures.lines().find(|line| line.starts_with("index_followed_timestamp_seconds ")).unwrap();
    assert!(line.split(' ').nth(1).unwrap().parse::<f64>().unwrap() > 1.0e9, "{line}");
}

#[test]
fn the_secrets_of_links_and_what_is_typed_stay_out_of_the_log() {
    let folder = Folder::new();
    let data = folder.0.join("data");
    let server = RunningServer::start(&["--data-dir", data.to_str().unwrap()], &folder.0);
    let secret = "0123456789abcdef0123456789abcdef";
    let before = ["/invitation/", "/connexion/lien/", "/agenda/", "/courrier/arret/"];
    for before in before {
        ask(&server.address, &format!("{before}{secret}?code=123456&courriel=cook@college.example"));
    }
    let said = server.last_words();
    for before in before {
        assert!(said.contains(&format!("path=\"{before}\"")), "{before}: {said}");
    }
    assert!(!said.contains(secret) && !said.contains("code=") && !said.contains("cook@"), "{said}");
}

#[test]
fn a_second_server_on_one_data_folder_is_refused_and_starts_once_the_first_is_gone() {
    let folder = Folder::new();
    let data = folder.0.join("data");
    let arguments = ["--data-dir", data.to_str().unwrap()];
    let server = RunningServer::start(&arguments, &folder.0);
    let second = run(&["serve", "--listen", "127.0.0.1:0", arguments[0], arguments[1]], &folder.0);
    assert_eq!(second.status.code(), Some(1));
    let message = String::from_utf8(second.stderr).unwrap();
    assert!(message.contains("a server already runs on the data folder") && message.contains("DATA_DIR"), "{message}");
    // Killed, it leaves no lock behind.
    assert_eq!(server.stop("-KILL"), None);
    assert_eq!(RunningServer::start(&arguments, &folder.0).stop("-TERM"), Some(0));
}

#[test]
fn refusals_end_with_1_and_wrong_usage_with_2() {
    let folder = Folder::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = folder.0.join("data");
    let refused = run(&["serve", "--listen", &address, "--data-dir", data.to_str().unwrap()], &folder.0);
    assert_eq!(refused.status.code(), Some(1));
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(message.contains("is taken by another program") && message.contains("LISTEN"), "{message}");
    let open = run(&["serve", "--demo", "--listen", "0.0.0.0:0"], &folder.0);
    assert_eq!(open.status.code(), Some(1));
    let nowhere =
        run(&["serve", "--database-url", "mysql://root:secret@db/x", "--data-dir", data.to_str().unwrap()], &folder.0);
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(!String::from_utf8_lossy(&nowhere.stderr).contains("secret"));
    let elsewhere = run(&["serve", "--territory", "999", "--data-dir", data.to_str().unwrap()], &folder.0);
    assert_eq!(elsewhere.status.code(), Some(1));
    let message = String::from_utf8(elsewhere.stderr).unwrap();
    assert!(message.contains("TERRITORY=999 is no département"), "{message}");
    assert_eq!(run(&["doctor"], &folder.0).status.code(), Some(1));
    assert_eq!(run(&["serve", "--unknown"], &folder.0).status.code(), Some(2));
    assert_eq!(run(&["serve", "--requests-per-minute", "0"], &folder.0).status.code(), Some(2));
    let help = run(&["--help"], &folder.0);
    assert_eq!(help.status.code(), Some(0));
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains("[env: DATA_DIR=]") && !help.contains("doctor"), "{help}");
}
