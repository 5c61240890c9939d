//! Many workers at once on one table of mails.

use std::collections::HashMap;

use crate::support::{
    on_each_database,
    post::{carrier, mails, send, states, write},
    smtp::SmtpServer,
};
use manger_local::{app::App, mail::MailState};

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

/// The same when a claim leaves no trace: two workers read what is due before either has sent it. This is what the claim
/// prevents, and what shows that the test above can fail.
#[tokio::test]
async fn without_the_claim_mails_leave_twice() {
    on_each_database(async |site| {
        let server = SmtpServer::start().await;
        for number in 0..20 {
            write(&site.app, &format!("visit/{number}"), 1).await;
        }
        let mut workers = [carrier(&site.app, &server), carrier(&site.app, &server)];
        let due = [mails(&site.app).await, mails(&site.app).await];
        for (worker, due) in workers.iter_mut().zip(&due) {
            for mail in due {
                worker.offer(mail).await.unwrap();
                worker.give(mail).await;
            }
        }
        assert_eq!(server.received().len(), 40);
    })
    .await;
}
