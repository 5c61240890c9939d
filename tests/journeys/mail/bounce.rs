//! What comes back from other servers.

use std::fs;

use manger_local::{
    app::App,
    mail::{
        AttemptOutcome, MailState, OutgoingMail, attempts,
        bounce::{Received, collect, receive},
    },
    schedule::Next,
};
use poem::http::StatusCode;
use sea_orm::ConnectionTrait;

use crate::support::{
    Site, on_each_database,
    people::organiser,
    post::{carrier, mails, send, states, write},
    smtp::{Misdeed, SmtpServer},
};

/// A notice about a mail, with an action, a status and a name of its own.
fn notice(about: &OutgoingMail, name: &str, action: &str, status: &str) -> String {
    format!(
        "Message-ID: <{name}@mx.example>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {}\r\nAction: {action}\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; 550 {status} User unknown\r\n\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\n{}\r\n--b--\r\n",
        about.recipient, about.message
    )
}

async fn told(app: &App, notice: &str) -> Received {
    let txn = app.write().await.unwrap();
    let received = receive(&txn, notice.as_bytes(), app.clock.now()).await.unwrap();
    txn.commit().await.unwrap();
    received
}

async fn sent(site: &Site) -> OutgoingMail {
    let server = SmtpServer::start().await;
    write(&site.app, "visit/1", 1).await;
    send(&site.app, &mut carrier(&site.app, &server)).await;
    mails(&site.app).await.pop().unwrap()
}

#[tokio::test]
async fn a_mail_that_comes_back_is_shown_as_such_with_the_reason_and_can_be_sent_again() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        site.app.db.execute_unprepared("DELETE FROM outgoing_mails").await.unwrap();
        let mail = sent(site).await;
        let delayed = notice(&mail, "1", "delayed", "4.4.1");
        assert_eq!(told(&site.app, &delayed).await, Received::Noted(mail.id));
        assert_eq!(states(&site.app).await, [MailState::Sent]);
        let failed = notice(&mail, "2", "failed", "5.1.1");
        assert_eq!(told(&site.app, &failed).await, Received::Bounced(mail.id));
        assert_eq!(states(&site.app).await, [MailState::Bounced]);
        for again in [&delayed, &failed] {
            assert_eq!(told(&site.app, again).await, Received::Known);
        }
        let outcomes: Vec<_> = attempts(&site.app.db, mail.id).await.unwrap().iter().map(|told| told.outcome).collect();
        assert_eq!(outcomes, [AttemptOutcome::Sent, AttemptOutcome::Delayed, AttemptOutcome::Bounced]);
        let life = format!("/organisation/courrier/{}", mail.id);
        let page = claire.get(&life).await.page.texts("main").join(" ");
        assert!(page.contains("revenu") && page.contains("550 5.1.1 User unknown"), "{page}");
        assert_eq!(claire.post(&format!("{life}/renvoi"), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(states(&site.app).await, [MailState::Waiting]);
        let server = SmtpServer::start().await;
        send(&site.app, &mut carrier(&site.app, &server)).await;
        assert_eq!(
            told(&site.app, &failed).await,
            Received::Known,
            "the notice of the first time says nothing of this one"
        );
        assert_eq!(states(&site.app).await, [MailState::Sent]);
    })
    .await;
}

#[tokio::test]
async fn a_notice_is_believed_for_the_message_id_alone() {
    on_each_database(async |site| {
        let mail = sent(site).await;
        let forged = OutgoingMail {
            message: mail.message.replace(&mail.message_id, "<guess@departement.example>"),
            ..mail.clone()
        };
        assert_eq!(told(&site.app, &notice(&forged, "1", "failed", "5.1.1")).await, Received::NotOurs);
        assert_eq!(told(&site.app, "Subject: Absence\r\n\r\nJe suis en congé.").await, Received::NoNotice);
        assert_eq!(states(&site.app).await, [MailState::Sent]);
    })
    .await;
}

#[tokio::test]
async fn a_mail_whose_fate_was_unknown_is_known_to_have_come_back_and_one_that_waits_is_left_alone() {
    on_each_database(async |site| {
        let server = SmtpServer::start().await;
        server.misbehave(&[Misdeed::CutAfterText]);
        write(&site.app, "visit/1", 1).await;
        send(&site.app, &mut carrier(&site.app, &server)).await;
        write(&site.app, "visit/2", 1).await;
        let found = mails(&site.app).await;
        assert_eq!(told(&site.app, &notice(&found[0], "1", "failed", "5.1.1")).await, Received::Bounced(found[0].id));
        assert_eq!(told(&site.app, &notice(&found[1], "2", "failed", "5.1.1")).await, Received::Noted(found[1].id));
        assert_eq!(states(&site.app).await, [MailState::Bounced, MailState::Waiting]);
    })
    .await;
}

#[tokio::test]
async fn notices_laid_in_the_folder_are_put_away_once_they_are_written_down() {
    let site = Site::new().await;
    let mail = sent(&site).await;
    let folder = site.folder().join("bounces");
    fs::create_dir_all(folder.join("new")).unwrap();
    let lay = |name: &str, text: &str| fs::write(folder.join("new").join(name), text).unwrap();
    lay("1.M1.mx", &notice(&mail, "1", "failed", "5.1.1"));
    lay("2.M2.mx", "Subject: Absence\r\n\r\nJe suis en congé.");
    let mut config = manger_local::config::Config::clone(&site.app.config);
    config.mail_bounces_dir = Some(folder.clone());
    let read = async |commits: bool| {
        let txn = site.app.write().await.unwrap();
        let next = collect(&config, &txn, site.app.clock.now()).await.unwrap();
        if commits {
            txn.commit().await.unwrap();
        } else {
            txn.rollback().await.unwrap();
        }
        next
    };
    let lying = |part: &str| {
        let files =
            fs::read_dir(folder.join(part)).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        files.collect::<Vec<_>>()
    };
    assert_eq!(read(false).await, Next::More, "the program ends before it is written down");
    assert_eq!((lying("new"), states(&site.app).await), (vec!["1.M1.mx".to_owned()], vec![MailState::Sent]));
    assert_eq!(read(true).await, Next::More);
    assert_eq!((lying("new").len(), states(&site.app).await), (1, vec![MailState::Bounced]));
    assert_eq!(read(true).await, Next::Done);
    assert_eq!(lying("new").len(), 0);
    let mut away = lying("cur");
    away.sort();
    assert_eq!(away, ["1.M1.mx:2,S", "2.M2.mx:2,S"]);
    assert_eq!(attempts(&site.app.db, mail.id).await.unwrap().len(), 2);
}
