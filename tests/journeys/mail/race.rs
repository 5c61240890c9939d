//! Many workers at once on one table of mails.

use std::collections::HashMap;

use manger_local::{app::App, mail::MailState};
use sea_orm::ConnectionTrait;

use crate::support::{
    on_each_database,
    post::{carrier, send, states, write},
    smtp::SmtpServer,
};

const MAILS: usize = 120;
const WORKERS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_mail_leaves_once_however_many_workers_there_are() {
    on_each_database(async |site| {
        let server = SmtpServer::start().await;
        for number in 0..MAILS {
            write(&site.app, &format!("visit/{}", number / 2), u32::try_from(number % 2).unwrap()).await;
        }
        work_at_once(&site.app, &server).await;
        assert_eq!(states(&site.app).await, [MailState::Sent; MAILS]);
        let mut times: HashMap<String, usize> = HashMap::new();
        for mail in server.received() {
            *times.entry(mail.header("Message-ID").unwrap()).or_default() += 1;
        }
        assert!(times.len() == MAILS && times.values().all(|times| *times == 1), "{times:?}");
    })
    .await;
}

async fn work_at_once(app: &App, server: &SmtpServer) {
    let workers = (0..WORKERS).map(|_| {
        let (app, mut carrier) = (app.clone(), carrier(app, server));
        tokio::spawn(async move {
            let mut idle = 0;
            // A round may find only mails that wait for one in another worker's hands.
            while idle < 20 {
                idle = if send(&app, &mut carrier).await > 0 { 0 } else { idle + 1 };
                tokio::task::yield_now().await;
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.unwrap();
    }
}

/// The same when what is claimed looks unclaimed to others: this is what the claim prevents, and what shows that the test
/// above can fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_claim_mails_leave_twice() {
    on_each_database(async |site| {
        let server = SmtpServer::start().await;
        for number in 0..20 {
            write(&site.app, &format!("visit/{number}"), 1).await;
        }
        let mut first = carrier(&site.app, &server);
        send(&site.app, &mut first).await;
        let unclaim = "UPDATE outgoing_mails SET state = 'waiting', handed_over_at = NULL, ended_at = NULL";
        site.app.db.execute_unprepared(unclaim).await.unwrap();
        send(&site.app, &mut carrier(&site.app, &server)).await;
        assert_eq!(server.received().len(), 40);
    })
    .await;
}
