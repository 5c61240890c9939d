//! What becomes of a mail, whatever the other server does.

use chrono::TimeDelta;
use manger_local::mail::{AttemptOutcome, MailState, attempts, claim, decision, delivery, delivery::Round};
use sea_orm::ConnectionTrait;
use tokio::sync::watch;

use crate::support::{
    on_each_database,
    post::{IMPATIENT, Kept, carrier, carrier_to, mails, mails_in, round, send, states, write, write_in, write_to},
    smtp::{Misdeed, Moment, SmtpServer},
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
        let txn = site.app.write().await.unwrap();
        assert!(write_in(&txn, &site.app, "visit/1", 1, "chef@college.example", Kept::For(None)).await);
        txn.rollback().await.unwrap();
        assert_eq!(mails(&site.app).await.len(), 0);
        assert!(write(&site.app, "visit/1", 1).await, "it was never written down");
    })
    .await;
}

/// What the other server does, the state that follows, and whether its text left.
const TROUBLES: [(Misdeed, MailState, bool); 15] = [
    (Misdeed::Greet("421 too busy"), MailState::Waiting, false),
    (Misdeed::Greet("554 go away"), MailState::Waiting, false),
    (Misdeed::Sender("421 closing"), MailState::Waiting, false),
    (Misdeed::Sender("451 later"), MailState::Waiting, false),
    (Misdeed::Sender("550 not you"), MailState::Waiting, false),
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

/// A server that is to speak in secret or to know a password, what it does, and how often.
const CLOSED_DOORS: [(&str, &[Misdeed]); 6] = [
    ("smtp://HOST", &[]),
    ("smtp://HOST", &[Misdeed::Hello("250-test\r\n250 STARTTLS"), Misdeed::StartTls("454 not now")]),
    ("smtp://HOST", &[Misdeed::Hello("250-test\r\n250 STARTTLS"), Misdeed::StartTls("220 go on")]),
    ("smtps://HOST", &[]),
    ("smtp://chef:secret@HOST?tls=none", &[]),
    ("smtp://chef:secret@HOST?tls=none", &[Misdeed::Hello("250-test\r\n250 AUTH PLAIN"), Misdeed::Password("535 no")]),
];

#[tokio::test]
async fn nothing_leaves_by_a_door_that_is_not_as_it_was_asked_for() {
    on_each_database(async |site| {
        for (url, misdeeds) in CLOSED_DOORS {
            let server = SmtpServer::start().await;
            server.misbehave(misdeeds);
            let host = server.url.trim_start_matches("smtp://").trim_end_matches("?tls=none");
            let mut carrier = carrier_to(&site.app, url.replace("HOST", host)).waiting(IMPATIENT);
            write(&site.app, "visit/1", 1).await;
            assert_eq!(round(&site.app, &mut carrier).await, Round::Unreachable, "{url} {misdeeds:?}");
            let mail = mails(&site.app).await.pop().unwrap();
            assert_eq!(mail.state, MailState::Waiting, "{url} {misdeeds:?}");
            assert!(server.received().is_empty(), "{url} {misdeeds:?}");
            let told = attempts(&site.app.db, mail.id).await.unwrap().pop().unwrap().answer;
            assert!(!told.is_empty() && !told.contains("secret"), "{told}");
            site.app.db.execute_unprepared("DELETE FROM outgoing_mails").await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_server_that_falls_silent_is_left_and_only_one_that_has_the_text_leaves_a_doubt() {
    on_each_database(async |site| {
        for (number, (moment, state)) in [
            (Moment::Greeting, MailState::Waiting),
            (Moment::Text, MailState::Waiting),
            (Moment::Answer, MailState::Unknown),
        ]
        .into_iter()
        .enumerate()
        {
            let server = SmtpServer::start().await;
            let mut carrier = carrier(&site.app, &server).waiting(IMPATIENT);
            server.misbehave(&[Misdeed::Hush(moment)]);
            write(&site.app, &format!("visit/{number}"), 1).await;
            round(&site.app, &mut carrier).await;
            assert_eq!(mails(&site.app).await.pop().unwrap().state, state, "{moment:?}");
            write(&site.app, &format!("after/{number}"), 1).await;
            send(&site.app, &mut carrier).await;
            assert_eq!(mails(&site.app).await.pop().unwrap().state, MailState::Sent, "{moment:?}: the next leaves");
            site.app.db.execute_unprepared("DELETE FROM outgoing_mails").await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn one_bad_address_among_many_holds_up_nobody() {
    on_each_database(async |site| {
        let server = SmtpServer::start().await;
        server.misbehave(&[Misdeed::Recipient("550 no such mailbox")]);
        for number in 0..5 {
            write(&site.app, &format!("visit/{number}"), 1).await;
        }
        send(&site.app, &mut carrier(&site.app, &server)).await;
        let ended = states(&site.app).await;
        assert_eq!(ended.iter().filter(|state| **state == MailState::Failed).count(), 1);
        assert_eq!(ended.iter().filter(|state| **state == MailState::Sent).count(), 4);
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
async fn a_server_that_hung_up_while_nothing_was_sent_puts_no_mail_off() {
    on_each_database(async |site| {
        let server = SmtpServer::start().await;
        let mut carrier = carrier(&site.app, &server);
        for (number, word) in
            [None, Some(Misdeed::Sender("421 timeout exceeded")), Some(Misdeed::CutBeforeText)].iter().enumerate()
        {
            server.misbehave(&word.iter().copied().collect::<Vec<_>>());
            write(&site.app, &format!("visit/{number}"), 1).await;
            assert_eq!(send(&site.app, &mut carrier).await, 1);
        }
        assert_eq!(states(&site.app).await, [MailState::Sent; 3]);
    })
    .await;
}

#[tokio::test]
async fn while_the_server_cannot_be_reached_one_mail_tries_and_the_others_lose_nothing() {
    on_each_database(async |site| {
        for number in 0..50 {
            write(&site.app, &format!("visit/{number}"), 1).await;
        }
        // Nobody listens there.
        let mut carrier = carrier_to(&site.app, "smtp://127.0.0.1:9?tls=none".to_owned());
        assert_eq!(round(&site.app, &mut carrier).await, Round::Unreachable);
        let tried = mails(&site.app).await.iter().filter(|mail| mail.attempts > 0).count();
        assert_eq!((tried, states(&site.app).await), (1, vec![MailState::Waiting; 50]));
    })
    .await;
}

#[tokio::test]
async fn a_worker_claims_no_more_than_it_asks_for_whatever_the_table_held_before() {
    on_each_database(async |site| {
        let now = site.app.clock.now();
        let analyze = "ANALYZE outgoing_mails";
        site.app.db.execute_unprepared(analyze).await.unwrap();
        for number in 0..150 {
            write(&site.app, &format!("visit/{number}"), 1).await;
        }
        let txn = site.app.write().await.unwrap();
        assert_eq!(claim::claim(&txn, "first", 20, now).await.unwrap().len(), 20);
        txn.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_is_claimed_does_not_leave_once_sending_is_paused() {
    on_each_database(async |site| {
        write(&site.app, "visit/1", 1).await;
        let now = site.app.clock.now();
        let txn = site.app.write().await.unwrap();
        let claimed = claim::claim(&txn, "worker", 10, now).await.unwrap();
        decision::pause(&txn, now).await.unwrap();
        assert!(!claim::hand_over(&txn, &claimed[0], now).await.unwrap());
        claim::give_back(&txn, &claimed).await.unwrap();
        assert!(!claim::is_due(&txn, now).await.unwrap());
        decision::resume(&txn).await.unwrap();
        assert!(claim::is_due(&txn, now).await.unwrap());
        txn.commit().await.unwrap();
        assert_eq!(mails(&site.app).await[0].attempts, 0);
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_is_of_no_more_use_does_not_leave() {
    on_each_database(async |site| {
        let until = site.app.clock.now() + TimeDelta::minutes(15);
        let txn = site.app.write().await.unwrap();
        write_in(&txn, &site.app, "visit/1", 1, "chef@college.example", Kept::For(Some(until))).await;
        txn.commit().await.unwrap();
        site.app.clock.advance(TimeDelta::minutes(16));
        let server = SmtpServer::start().await;
        send(&site.app, &mut carrier(&site.app, &server)).await;
        assert_eq!((states(&site.app).await, server.received().len()), (vec![MailState::Failed], 0));
    })
    .await;
}

#[tokio::test]
async fn a_pause_takes_nothing_from_the_day_in_which_a_mail_is_tried() {
    on_each_database(async |site| {
        write(&site.app, "visit/1", 1).await;
        site.app.clock.advance(TimeDelta::days(3));
        let server = SmtpServer::start().await;
        server.misbehave(&[Misdeed::Recipient("450 later")]);
        send(&site.app, &mut carrier(&site.app, &server)).await;
        assert_eq!(states(&site.app).await, [MailState::Waiting]);
    })
    .await;
}

#[tokio::test]
async fn the_text_of_a_secret_mail_goes_with_its_end_whatever_that_is() {
    on_each_database(async |site| {
        let now = site.app.clock.now();
        let txn = site.app.write().await.unwrap();
        for number in 1..=3 {
            write_in(&txn, &site.app, &format!("visit/{number}"), 1, "chef@college.example", Kept::Secret).await;
        }
        let claimed = claim::claim(&txn, "worker", 2, now).await.unwrap();
        claim::end(&txn, &claimed[0], &claim::Ending::Refused("550".to_owned()), now).await.unwrap();
        claim::hand_over(&txn, &claimed[1], now).await.unwrap();
        claim::recover(&txn, claim::Gone::All, now).await.unwrap();
        let last = mails_in(&txn).await.pop().unwrap();
        assert!(!last.message.is_empty() && decision::give_up(&txn, last.id, "Claire", now).await.unwrap());
        txn.commit().await.unwrap();
        let found = mails(&site.app).await;
        assert_eq!(states(&site.app).await, [MailState::Failed, MailState::Unknown, MailState::Failed]);
        assert!(found.iter().all(|mail| mail.message.is_empty()));
        let txn = site.app.write().await.unwrap();
        assert!(!decision::resend(&txn, found[1].id, "Claire", now).await.unwrap(), "there is nothing to send");
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
        assert_eq!(delivery::recover(&site.app, claim::Gone::Silent).await.unwrap(), 0, "it may yet live");
        site.app.clock.advance(TimeDelta::minutes(11));
        assert_eq!(delivery::recover(&site.app, claim::Gone::Silent).await.unwrap(), 2);
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
async fn nothing_leaves_in_the_clear_unless_that_was_asked_for() {
    on_each_database(async |site| {
        let server = SmtpServer::start().await;
        write(&site.app, "visit/1", 1).await;
        // This server offers no STARTTLS.
        let mut carrier = carrier_to(&site.app, server.url.replace("?tls=none", ""));
        send(&site.app, &mut carrier).await;
        let mail = &mails(&site.app).await[0];
        assert_eq!((mail.state, server.received().len()), (MailState::Waiting, 0));
        let told = attempts(&site.app.db, mail.id).await.unwrap();
        assert!(told[0].answer.contains("STARTTLS"), "{told:?}");
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
