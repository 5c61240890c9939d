//! Open pages hear of what is new, through real sockets.

use std::net::SocketAddr;

use futures_util::future::join_all;
use manger_local::{routes, speed_meetings::Live, web};
use poem::http::{StatusCode, header};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use super::{Cast, DOOR, day, step, write};
use crate::editions::{DESK, PAGE};
use crate::support::{Site, on_each_database, people::Browser};

const PAGES: usize = 100;

/// Another node of a site, on a socket.
struct Node {
    address: SocketAddr,
    live: Live,
    stop: oneshot::Sender<()>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Node {
    async fn start(site: &Site) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, live) = (listener.local_addr().unwrap(), Live::default());
        let (stop, stopped) = oneshot::channel();
        let told = async move {
            let _ = stopped.await;
        };
        let served = tokio::spawn(web::serve(listener, routes::site_with(&site.app, &live), told));
        Self { address, live, stop, served }
    }

    /// Stops as a server does that was told to.
    async fn stop(self) {
        self.live.close();
        self.stop.send(()).unwrap();
        self.served.await.unwrap().unwrap();
    }

    async fn ask(&self, path: &str, cookies: &str) -> BufReader<TcpStream> {
        let mut connection = TcpStream::connect(self.address).await.unwrap();
        let asked = format!("GET {path} HTTP/1.1\r\nHost: site\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n");
        connection.write_all(asked.as_bytes()).await.unwrap();
        BufReader::new(connection)
    }

    /// The whole answer.
    async fn read(&self, path: &str, cookies: &str) -> String {
        let mut answer = Vec::new();
        self.ask(path, cookies).await.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// The next event of a stream; nothing once it has ended.
async fn heard(stream: &mut BufReader<TcpStream>) -> Option<serde_json::Value> {
    let mut line = String::new();
    while stream.read_line(&mut line).await.unwrap() > 0 {
        if let Some(data) = line.strip_prefix("data: ") {
            return Some(serde_json::from_str(data).unwrap());
        }
        line.clear();
    }
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_open_pages_hear_of_a_change_and_show_it() {
    on_each_database(async |site| {
        let Cast { claire, cook, .. } = day(site).await;
        step(&claire, "published").await;
        let node = Node::start(site).await;
        let (path, own) = (format!("{PAGE}/fil"), format!("{PAGE}/jour/1"));
        let mut pages = join_all((0..PAGES).map(|_| node.ask(&path, ""))).await;
        let first = join_all(pages.iter_mut().map(heard)).await;
        let page = first[0].as_ref().unwrap()["page"].clone();
        assert!(first.iter().all(|pulse| pulse.as_ref().unwrap()["page"] == page), "{first:?}");
        assert!(!node.read(&own, &cook.cookies()).await.contains("pas là"), "nobody is missing");

        // The change is written through another node.
        let noted = claire.post(DOOR, &[("participant", "3"), ("geste", "absent")]).await;
        assert_eq!(noted.status, StatusCode::SEE_OTHER);
        let shown = join_all(pages.iter_mut().map(async |stream| {
            let pulse = heard(stream).await.expect("the stream flows");
            (pulse["page"] != page, node.read(&own, &cook.cookies()).await.contains("pas là"))
        }))
        .await;
        assert_eq!(shown.iter().filter(|one| **one == (true, true)).count(), PAGES, "{shown:?}");

        node.stop().await;
        let ended = join_all(pages.iter_mut().map(heard)).await;
        assert!(ended.iter().all(Option::is_none), "streams end with their node");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_arrival_is_news_for_the_desk_and_not_for_those_who_take_part() {
    on_each_database(async |site| {
        let Cast { claire, .. } = day(site).await;
        let node = Node::start(site).await;
        let mut stream = node.ask(&format!("{PAGE}/fil"), "").await;
        let before = heard(&mut stream).await.unwrap();
        claire.post(DOOR, &[("participant", "1"), ("geste", "arrive")]).await;
        let arrived = heard(&mut stream).await.unwrap();
        assert_eq!(arrived["page"], before["page"]);
        assert!(arrived["version"].as_i64() > before["version"].as_i64());
        claire.post(&format!("{DESK}/horaire"), &[("retard", "5")]).await;
        assert_ne!(heard(&mut stream).await.unwrap()["page"], before["page"], "the day runs late");
        step(&claire, "published").await;
        assert_ne!(heard(&mut stream).await.unwrap()["page"], before["page"], "the day has begun");
        node.stop().await;
    })
    .await;
}

#[tokio::test]
async fn who_cannot_listen_asks_and_nothing_is_said_before_there_is_a_timetable() {
    on_each_database(async |site| {
        let stranger = Browser::new(&site.browser);
        let ask = async |path: &str| {
            let answer = site.browser.get(path).send().await;
            let kept = answer.0.headers().get(header::CACHE_CONTROL).map(|it| it.to_str().unwrap().to_owned());
            (answer.0.status(), kept, answer.0.into_body().into_string().await.unwrap())
        };
        day(site).await;
        let (status, kept, body) = ask(&format!("{PAGE}/version")).await;
        let said: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, kept.as_deref()), (StatusCode::OK, Some("no-store")));
        assert_eq!(said["at"], site.app.clock.now().timestamp_millis());
        assert_eq!(said.as_object().unwrap().len(), 3, "nothing of anybody: {said}");
        write(site, "UPDATE editions SET state = 'timetable'").await;
        for path in [format!("{PAGE}/version"), format!("{PAGE}/fil")] {
            assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}
