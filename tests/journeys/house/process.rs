//! The program as an operator runs it.

use std::{fs, sync::Arc};

use manger_local::web::{self, Gate};
use poem::{EndpointExt, Route, get, handler, web::Data};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::{Notify, oneshot},
};

use crate::support::{
    Site,
    process::{Folder, RunningServer, run},
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
    assert_eq!(run(&["doctor"], &folder.0).status.code(), Some(1));
    assert_eq!(run(&["serve", "--unknown"], &folder.0).status.code(), Some(2));
    assert_eq!(run(&["serve", "--requests-per-minute", "0"], &folder.0).status.code(), Some(2));
    let help = run(&["--help"], &folder.0);
    assert_eq!(help.status.code(), Some(0));
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains("[env: DATA_DIR=]") && !help.contains("doctor"), "{help}");
}
