//! Work that is due at a time.

use std::collections::HashMap;

use chrono::{NaiveTime, TimeDelta};
use manger_local::{
    app::App,
    audit::{self, Act, By},
    schedule::{self, Duty, Every, Next, cancel, due_at, plan},
};

use crate::support::{Site, morning, on_each_database};

/// Writes down that it was done; what is called `bad` fails and what is called `worse` panics, after that.
static DUTIES: [Duty; 2] = [
    Duty {
        kind: "remind",
        every: None,
        run: |app, txn, subject, now| {
            Box::pin(async move {
                audit::record(txn, By::Program, Act::new("a rappelé", subject), now).await?;
                match subject {
                    "bad" => Err("this one cannot be done".into()),
                    "worse" => panic!("this one breaks"),
                    // Work may move itself.
                    "again" => {
                        plan(txn, "remind", subject, app.clock.now() + TimeDelta::days(1)).await?;
                        Ok(Next::Done)
                    }
                    _ => Ok(Next::Done),
                }
            })
        },
    },
    Duty {
        kind: "tidy",
        every: Some(Every::Day(NaiveTime::from_hms_opt(3, 30, 0).unwrap())),
        run: |_, txn, _, now| {
            Box::pin(async move {
                audit::record(txn, By::Program, Act::new("a rangé", ""), now).await?;
                Ok(Next::Done)
            })
        },
    },
];

async fn planned(app: &App, subject: &str, after: TimeDelta) {
    let txn = app.write().await.unwrap();
    plan(&txn, "remind", subject, app.clock.now() + after).await.unwrap();
    txn.commit().await.unwrap();
}

async fn work_off(app: &App) -> usize {
    let mut steps = 0;
    while schedule::step(app, &DUTIES).await.unwrap() {
        steps += 1;
    }
    steps
}

/// What was done, latest first.
async fn done(site: &Site) -> Vec<String> {
    let entries = audit::page(&site.app.db, None, 0, 1000).await.unwrap();
    entries.into_iter().map(|entry| entry.subject).collect()
}

#[tokio::test]
async fn work_is_done_when_it_is_due_and_a_date_that_moves_moves_it() {
    on_each_database(async |site| {
        planned(&site.app, "visit/1", TimeDelta::hours(2)).await;
        planned(&site.app, "visit/2", TimeDelta::hours(1)).await;
        planned(&site.app, "visit/3", TimeDelta::hours(1)).await;
        planned(&site.app, "visit/1", TimeDelta::hours(5)).await;
        let txn = site.app.write().await.unwrap();
        cancel(&txn, "remind", "visit/3").await.unwrap();
        txn.commit().await.unwrap();
        assert_eq!(work_off(&site.app).await, 0, "nothing is due yet");
        site.app.clock.advance(TimeDelta::hours(3));
        work_off(&site.app).await;
        assert_eq!(done(site).await, ["visit/2"]);
        site.app.clock.advance(TimeDelta::hours(3));
        work_off(&site.app).await;
        assert_eq!(done(site).await, ["visit/1", "visit/2"]);
        assert_eq!(due_at(&site.app.db, "remind", "visit/1").await.unwrap(), None, "done once");
    })
    .await;
}

#[tokio::test]
async fn work_that_fails_leaves_nothing_behind_holds_up_nobody_and_is_tried_again() {
    on_each_database(async |site| {
        for subject in ["bad", "worse", "good", "again"] {
            planned(&site.app, subject, TimeDelta::zero()).await;
        }
        work_off(&site.app).await;
        assert_eq!(done(site).await, ["again", "good"]);
        let next = async |subject| due_at(&site.app.db, "remind", subject).await.unwrap();
        assert_eq!(next("bad").await, Some(morning() + TimeDelta::minutes(1)));
        assert_eq!(next("worse").await, Some(morning() + TimeDelta::minutes(1)));
        assert_eq!(next("again").await, Some(morning() + TimeDelta::days(1)), "work that moved itself keeps its date");
        site.app.clock.advance(TimeDelta::minutes(1));
        work_off(&site.app).await;
        assert_eq!(next("bad").await, Some(morning() + TimeDelta::minutes(6)), "later each time");
    })
    .await;
}

#[tokio::test]
async fn daily_work_comes_once_a_day_and_once_after_a_long_sleep() {
    on_each_database(async |site| {
        schedule::prepare(&site.app, &DUTIES).await.unwrap();
        let first = due_at(&site.app.db, "tidy", "").await.unwrap().unwrap();
        assert_eq!(first.to_rfc3339(), "2027-03-17T02:30:00+00:00");
        site.app.clock.advance(TimeDelta::days(13));
        schedule::prepare(&site.app, &DUTIES).await.unwrap();
        assert_eq!(work_off(&site.app).await, 1, "what was missed is not done thirteen times");
        let next = due_at(&site.app.db, "tidy", "").await.unwrap().unwrap();
        assert_eq!(next.to_rfc3339(), "2027-03-30T01:30:00+00:00", "summer time has begun");
    })
    .await;
}

#[tokio::test]
async fn a_territory_in_another_zone_has_its_nights_there() {
    let site = Site::with(|config| config.time_zone = chrono_tz::Indian::Reunion).await;
    schedule::prepare(&site.app, &DUTIES).await.unwrap();
    let first = due_at(&site.app.db, "tidy", "").await.unwrap().unwrap();
    assert_eq!(first.to_rfc3339(), "2027-03-16T23:30:00+00:00");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_piece_is_done_once_however_many_servers_there_are() {
    const PIECES: usize = 100;
    on_each_database(async |site| {
        for number in 0..PIECES {
            planned(&site.app, &format!("visit/{number}"), TimeDelta::zero()).await;
        }
        let servers = (0..6).map(|_| {
            let app = site.app.clone();
            tokio::spawn(async move { work_off(&app).await })
        });
        for server in servers.collect::<Vec<_>>() {
            server.await.unwrap();
        }
        work_off(&site.app).await;
        let mut times: HashMap<String, usize> = HashMap::new();
        for subject in done(site).await {
            *times.entry(subject).or_default() += 1;
        }
        assert!(times.len() == PIECES && times.values().all(|times| *times == 1), "{times:?}");
    })
    .await;
}
