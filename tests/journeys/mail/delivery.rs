//! What becomes of a mail, whatever the other server does.

use chrono::TimeDelta;
use manger_local::mail::{AttemptOutcome, MailState, attempts, claim, delivery};
use sea_orm::ConnectionTrait;
use tokio::sync::watch;

use crate::support::{
    on_each_database,
    post::{carrier, mails, send, states, write, write_to},
    smtp::{Misdeed, SmtpServer},
};

#[tokio::test]
async fn a_mail_leaves_once_with_what_the_contract_asks_of_every_mail() {
    on_each_database(async |site| {
        let server = SmtpServer::start().await;
        assert!(write(&site.app, "visit/1", 1).await);
        assert!(!write(&site.app, "visit/1", 1).await, "the same mail a second time");
        let mut carrier = carrier(&site.app, &server);
        assert_eq!(send(&site.app, &mut carrier).await, 1);
        assert_eq!(send(&site.app, &mut carrier).await, 0);
        let [received] = &server.received()[..] else { panic!("one mail") };
        assert_eq!(
            (received.from.as_str(), received.to.as_str()),
            ("annuaire@departement.example", "chef@college.example")
        );
        let mail = &mails(&site.app).await[0];
        assert_eq!(received.header("Message-ID"), Some(mail.message_id.clone()));
        assert_eq!(received.header("Auto-Submitted").as_deref(), Some("auto-generated"));
        assert_eq!((mail.state, mail.attempts), (MailState::Sent, 1));
        assert_eq!(attempts(&site.app.db, mail.id).await.unwrap()[0].outcome, AttemptOutcome::Sent);
    })
    .await;
}

#[tokio::test]
async fn a_mail_of_a_write_that_is_taken_back_is_none() {
    on_each_database(async |site| {
        write(&site.app, "visit/1", 1).await;
        let txn = site.app.write().await.unwrap();
        txn.execute_unprepared("UPDATE outgoing_mails SET business_key = 'other'").await.unwrap();
        txn.rollback().await.unwrap();
        assert!(!write(&site.app, "visit/1", 1).await);
        assert_eq!(mails(&site.app).await.len(), 1);
    })
    .await;
}

/// What the other server does, the state that follows, and whether its text left.
const TROUBLES: [(Misdeed, MailState, bool); 15] = [
    (Misdeed::Greet("421 too busy"), MailState::Waiting, false),
    (Misdeed::Greet("554 go away"), MailState::Waiting, false),
    (Misdeed::Sender("421 closing"), MailState::Waiting, false),
    (Misdeed::Sender("451 later"), MailState::Waiting, false),
    (Misdeed::Sender("550 not you"), MailState::Failed, false),
    (Misdeed::Recipient("450 mailbox busy"), MailState::Waiting, false),
    (Misdeed::Recipient("550 no such mailbox"), MailState::Failed, false),
    (Misdeed::Data("451 later"), MailState::Waiting, false),
    (Misdeed::Data("554 no"), MailState::Failed, false),
    (Misdeed::CutBeforeText, MailState::Waiting, false),
    (Misdeed::Text("421 closing"), MailState::Waiting, true),
    (Misdeed::Text("451 later"), MailState::Waiting, true),
    (Misdeed::Text("552 too large"), MailState::Failed, true),
    (Misdeed::Text("554 spam"), MailState::Failed, true),
    (Misdeed::CutAfterText, MailState::Unknown, true),
];

#[tokio::test]
async fn each_trouble_has_its_state_and_the_next_mail_leaves() {
    on_each_database(async |site| {
        for (number, (misdeed, state, left)) in TROUBLES.into_iter().enumerate() {
            let server = SmtpServer::start().await;
            let mut carrier = carrier(&site.app, &server);
            server.misbehave(&[misdeed]);
            let subject = format!("trouble/{number}");
            write(&site.app, &subject, 1).await;
            send(&site.app, &mut carrier).await;
            let mail = mails(&site.app).await.into_iter().find(|mail| mail.subject_key == subject).unwrap();
            assert_eq!(mail.state, state, "{misdeed:?}");
            assert_eq!(!server.received().is_empty(), left, "{misdeed:?}");
            write(&site.app, &format!("after/{number}"), 1).await;
            send(&site.app, &mut carrier).await;
            assert_eq!(
                server.received().iter().filter(|mail| mail.taken).count(),
                1,
                "{misdeed:?}: the next mail leaves"
            );
            // Out of the way of the next trouble.
            site.app.db.execute_unprepared("DELETE FROM outgoing_mails").await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_mail_is_tried_again_ever_later_with_the_same_text_and_given_up_after_a_day() {
    on_each_database(async |site| {
        let server = SmtpServer::start().await;
        let mut carrier = carrier(&site.app, &server);
        server.misbehave(&[Misdeed::Text("451 later"); 60]);
        write(&site.app, "visit/1", 1).await;
        let mut waits = Vec::new();
        while states(&site.app).await == [MailState::Waiting] {
            let mail = &mails(&site.app).await[0];
            let wait = mail.due_at - site.app.clock.now();
            waits.push(wait.num_minutes());
            if wait > TimeDelta::zero() {
                site.app.clock.advance(wait - TimeDelta::seconds(1));
                assert_eq!(send(&site.app, &mut carrier).await, 0, "not before its time");
                site.app.clock.advance(TimeDelta::seconds(1));
            }
            assert_eq!(send(&site.app, &mut carrier).await, 1);
        }
        assert_eq!(waits[..6], [0, 1, 5, 15, 30, 60]);
        assert!(waits.is_sorted() && waits.iter().sum::<i64>() <= 24 * 60);
        let mail = &mails(&site.app).await[0];
        assert_eq!(mail.state, MailState::Failed);
        let told = attempts(&site.app.db, mail.id).await.unwrap();
        assert_eq!(told.last().unwrap().outcome, AttemptOutcome::GivenUp);
        assert!(told.last().unwrap().answer.contains("later"), "{told:?}");
        let texts = server.received();
        assert!(texts.len() == waits.len() && texts.iter().all(|mail| mail.text == texts[0].text));
    })
    .await;
}

#[tokio::test]
async fn mails_about_one_row_leave_in_order_and_others_pass() {
    on_each_database(async |site| {
        let server = SmtpServer::start().await;
        let mut carrier = carrier(&site.app, &server);
        for version in 1..=3 {
            write(&site.app, "visit/1", version).await;
        }
        write(&site.app, "visit/2", 1).await;
        server.misbehave(&[Misdeed::Recipient("450 busy")]);
        // The first is put off, which ends the round: nobody knows whether the others would be taken.
        while send(&site.app, &mut carrier).await > 0 {}
        let titles = || server.received().iter().map(|mail| mail.header("Subject").unwrap()).collect::<Vec<_>>();
        assert_eq!(titles(), ["Mail 1 de visit/2"], "the second and third wait for the first");
        site.app.clock.advance(TimeDelta::minutes(2));
        while send(&site.app, &mut carrier).await > 0 {}
        assert_eq!(titles()[1..], ["Mail 1 de visit/1", "Mail 2 de visit/1", "Mail 3 de visit/1"]);
    })
    .await;
}

#[tokio::test]
async fn a_bad_recipient_is_no_bar_to_the_others() {
    on_each_database(async |site| {
        let server = SmtpServer::start().await;
        let mut carrier = carrier(&site.app, &server);
        for number in 1..=3 {
            write_to(&site.app, &format!("visit/{number}"), 1, &format!("chef{number}@college.example")).await;
        }
        server.misbehave(&[Misdeed::Recipient("550 no such mailbox")]);
        assert_eq!(send(&site.app, &mut carrier).await, 3);
        assert_eq!(states(&site.app).await, [MailState::Failed, MailState::Sent, MailState::Sent]);
    })
    .await;
}

#[tokio::test]
async fn nothing_leaves_while_sending_is_paused_or_after_the_word_to_stop() {
    on_each_database(async |site| {
        let server = SmtpServer::start().await;
        let mut carrier = carrier(&site.app, &server);
        write(&site.app, "visit/1", 1).await;
        site.app
            .db
            .execute_unprepared("INSERT INTO mail_pauses VALUES (1, '2027-03-16 07:30:00+00:00')")
            .await
            .unwrap();
        assert_eq!(send(&site.app, &mut carrier).await, 0);
        site.app.db.execute_unprepared("DELETE FROM mail_pauses").await.unwrap();
        let (_stop, told) = watch::channel(true);
        delivery::step(&site.app, &mut carrier, "worker", &told).await.unwrap();
        let mail = &mails(&site.app).await[0];
        assert_eq!((mail.state, mail.attempts, server.received().len()), (MailState::Waiting, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn what_a_worker_that_is_gone_had_is_taken_back_and_never_sent_blindly() {
    on_each_database(async |site| {
        for number in 1..=2 {
            write(&site.app, &format!("visit/{number}"), 1).await;
        }
        let now = site.app.clock.now();
        let txn = site.app.write().await.unwrap();
        let claimed = claim::claim(&txn, "gone", 10, now).await.unwrap();
        assert!(claim::hand_over(&txn, &claimed[1], now).await.unwrap());
        txn.commit().await.unwrap();
        assert_eq!(delivery::recover(&site.app, false).await.unwrap(), 0, "it may yet live");
        site.app.clock.advance(TimeDelta::minutes(11));
        assert_eq!(delivery::recover(&site.app, false).await.unwrap(), 2);
        assert_eq!(states(&site.app).await, [MailState::Waiting, MailState::Unknown]);
        // It was only slow: neither its text leaves nor does its word count.
        let txn = site.app.write().await.unwrap();
        assert!(!claim::hand_over(&txn, &claimed[0], now).await.unwrap());
        assert!(!claim::end(&txn, &claimed[1], &claim::Ending::Sent("250".to_owned()), now).await.unwrap());
        txn.commit().await.unwrap();
        assert_eq!(states(&site.app).await, [MailState::Waiting, MailState::Unknown]);
    })
    .await;
}

#[tokio::test]
async fn without_a_server_mails_are_files() {
    on_each_database(async |site| {
        write(&site.app, "visit/1", 1).await;
        let mut carrier = manger_local::mail::carrier::Carrier::new(&site.app.config).unwrap();
        assert_eq!(send(&site.app, &mut carrier).await, 1);
        let mail = &mails(&site.app).await[0];
        let file = site.folder().join("mails").join(format!("{}-test.eml", mail.id));
        assert_eq!(std::fs::read_to_string(file).unwrap(), mail.message);
        assert_eq!(mail.state, MailState::Sent);
    })
    .await;
}
