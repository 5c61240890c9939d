//! The program is killed at each step of a mail's life, and started again: no mail is lost, none leaves twice blindly.

use std::time::{Duration, Instant};

use manger_local::mail::{MailState, OutgoingMail};
use sea_orm::{ConnectionTrait, DbBackend};

use crate::support::{
    Site, on_each_database,
    post::{self, mails},
    process::{self, RunningServer},
    smtp::{Misdeed, Moment, SmtpServer},
};

const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_before_a_mail_is_claimed_it_leaves_after_the_next_start() {
    on_each_database(async |site| {
        let smtp = SmtpServer::start().await;
        pause(site).await;
        let server = start(site, &smtp);
        write(site, "visit/1", 1).await;
        assert_eq!(server.stop("-KILL"), None);
        assert_eq!(states(site).await, [MailState::Waiting]);
        site.app.db.execute_unprepared("DELETE FROM mail_pauses").await.unwrap();
        let server = start(site, &smtp);
        until(async || states(site).await == [MailState::Sent]).await;
        assert_eq!(server.stop("-TERM"), Some(0));
        assert_eq!(smtp.received().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_once_it_is_claimed_or_agreed_upon_it_leaves_after_the_next_start() {
    on_each_database(async |site| {
        for (number, moment) in [Moment::Greeting, Moment::Text].into_iter().enumerate() {
            let smtp = SmtpServer::start().await;
            smtp.misbehave(&[Misdeed::Hush(moment)]);
            let server = start(site, &smtp);
            write(site, &format!("visit/{number}"), 1).await;
            until(async || smtp.hushed() == 1).await;
            assert_eq!(last(site).await.state, MailState::Sending, "{moment:?}");
            assert_eq!(server.stop("-KILL"), None);
            the_dead_are_known(site).await;
            let server = start(site, &smtp);
            until(async || last(site).await.state == MailState::Sent).await;
            assert_eq!(server.stop("-TERM"), Some(0));
            assert_eq!(smtp.received().len(), 1, "{moment:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_once_the_text_has_left_nobody_knows_and_it_is_not_sent_again() {
    on_each_database(async |site| {
        let smtp = SmtpServer::start().await;
        smtp.misbehave(&[Misdeed::Hush(Moment::Answer)]);
        let server = start(site, &smtp);
        write(site, "visit/1", 1).await;
        until(async || smtp.hushed() == 1).await;
        assert_eq!(server.stop("-KILL"), None);
        the_dead_are_known(site).await;
        let server = start(site, &smtp);
        until(async || states(site).await == [MailState::Unknown]).await;
        write(site, "visit/1", 2).await;
        until(async || last(site).await.state == MailState::Sent).await;
        assert_eq!(server.stop("-TERM"), Some(0));
        assert_eq!(smtp.received().len(), 2, "the second mail of that row leaves, the first not again");
        assert_eq!(states(site).await, [MailState::Unknown, MailState::Sent]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_before_the_other_servers_word_is_written_down_nobody_knows() {
    on_each_database(async |site| {
        let smtp = SmtpServer::start().await;
        smtp.misbehave(&[Misdeed::Hush(Moment::Text)]);
        let server = start(site, &smtp);
        write(site, "visit/1", 1).await;
        until(async || smtp.hushed() == 1).await;
        assert_eq!(server.stop("-KILL"), None);
        // What the program would have written down before it gave the text.
        let handed = "UPDATE outgoing_mails SET handed_over_at = claimed_until";
        site.app.db.execute_unprepared(handed).await.unwrap();
        the_dead_are_known(site).await;
        let server = start(site, &smtp);
        until(async || states(site).await == [MailState::Unknown]).await;
        assert_eq!(server.stop("-TERM"), Some(0));
        assert_eq!(smtp.received().len(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_to_stop_the_program_finishes_the_mail_in_its_hands() {
    on_each_database(async |site| {
        let smtp = SmtpServer::start().await;
        let server = start(site, &smtp);
        for number in 0..60 {
            write(site, &format!("visit/{number}"), 1).await;
        }
        until(async || !smtp.received().is_empty()).await;
        assert_eq!(server.stop("-TERM"), Some(0));
        let found = states(site).await;
        let sent = found.iter().filter(|state| **state == MailState::Sent).count();
        assert_eq!(sent, smtp.received().len());
        assert!(found.iter().all(|state| matches!(state, MailState::Sent | MailState::Waiting)), "{found:?}");
    })
    .await;
}

fn start(site: &Site, smtp: &SmtpServer) -> RunningServer {
    let mut arguments = process::same_database(site);
    arguments.extend(["--smtp-url", &smtp.url, "--mail-from", "annuaire@departement.example"].map(str::to_owned));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    RunningServer::start(&arguments, &site.folder())
}

/// The program goes by the machine's clock and not by ours, for which this mail would be due next year.
async fn write(site: &Site, subject: &str, version: u32) {
    post::write(&site.app, subject, version).await;
    let due = "UPDATE outgoing_mails SET due_at = '2020-01-01 00:00:00+00:00' WHERE state = 'waiting'";
    site.app.db.execute_unprepared(due).await.unwrap();
}

async fn pause(site: &Site) {
    let pause = "INSERT INTO mail_pauses VALUES (1, '2027-03-16 07:30:00+00:00')";
    site.app.db.execute_unprepared(pause).await.unwrap();
}

/// Several nodes wait until a claim runs out before they take another's mails; here it has.
async fn the_dead_are_known(site: &Site) {
    if site.app.db.get_database_backend() == DbBackend::Postgres {
        let over = "UPDATE outgoing_mails SET claimed_until = '2020-01-01 00:00:00+00:00' WHERE state = 'sending'";
        site.app.db.execute_unprepared(over).await.unwrap();
    }
}

async fn states(site: &Site) -> Vec<MailState> {
    post::states(&site.app).await
}

async fn last(site: &Site) -> OutgoingMail {
    mails(&site.app).await.pop().unwrap()
}

/// There is no event to await from another process.
async fn until(holds: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds().await {
        assert!(Instant::now() < deadline, "it does not come");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
