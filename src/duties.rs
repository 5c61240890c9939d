//! All work that is due at a time, one line each: its name, when, what.

use chrono::{NaiveTime, Weekday};

use crate::{
    accounts, audit, contacts, farm_visits, favourites, figures, mail, matching, personal_data,
    schedule::{Duty, Every, Next},
    speed_meetings, suppliers,
};

/// What `serve` does beside answering.
pub(crate) static DUTIES: &[Duty] = &[
    Duty {
        kind: "mail.bounces",
        every: Some(Every::Minutes(1)),
        run: |app, txn, _, now| Box::pin(async move { Ok(mail::bounce::collect(&app.config, txn, now).await?) }),
    },
    Duty {
        kind: "accounts.forget",
        every: Some(Every::Minutes(60)),
        run: |_, txn, _, now| Box::pin(async move { Ok(accounts::forget_old(txn, now).await.map(|()| Next::Done)?) }),
    },
    Duty {
        kind: "mail.forget",
        every: Some(Every::Minutes(60)),
        run: |_, txn, _, now| Box::pin(async move { Ok(mail::forget_old(txn, now).await.map(|()| Next::Done)?) }),
    },
    Duty {
        kind: "suppliers.forget_changes",
        every: Some(Every::Minutes(60)),
        run: |_, txn, _, now| {
            Box::pin(async move { Ok(suppliers::forget_old_changes(txn, now).await.map(|()| Next::Done)?) })
        },
    },
    Duty {
        kind: contacts::REMIND,
        every: None,
        run: |app, txn, subject, _| Box::pin(contacts::remind(app, txn, subject)),
    },
    Duty {
        kind: contacts::REVIEW,
        every: None,
        run: |app, txn, subject, now| Box::pin(contacts::review(app, txn, subject, now)),
    },
    Duty {
        kind: "contacts.silent",
        every: Some(Every::Day(NaiveTime::from_hms_opt(7, 45, 0).unwrap())),
        run: |app, txn, _, now| Box::pin(contacts::ask_the_silent(app, txn, now)),
    },
    Duty {
        kind: "suppliers.look_after",
        every: Some(Every::Day(NaiveTime::from_hms_opt(7, 30, 0).unwrap())),
        run: |app, txn, _, now| Box::pin(suppliers::look_after(app, txn, now)),
    },
    Duty {
        kind: "farm_visits.thank",
        every: Some(Every::Day(NaiveTime::from_hms_opt(9, 0, 0).unwrap())),
        run: |app, txn, _, now| Box::pin(farm_visits::thank(app, txn, now)),
    },
    Duty { kind: suppliers::INVITE, every: None, run: |app, txn, _, now| Box::pin(suppliers::invite(app, txn, now)) },
    Duty {
        kind: "figures.forget",
        every: Some(Every::Minutes(60)),
        run: |app, txn, _, _| {
            Box::pin(async move { Ok(figures::forget_old(txn, app.today()).await.map(|()| Next::Done)?) })
        },
    },
    Duty {
        kind: "favourites.forget",
        every: Some(Every::Minutes(60)),
        run: |_, txn, _, now| {
            Box::pin(async move { Ok(favourites::forget_removed(txn, now).await.map(|()| Next::Done)?) })
        },
    },
    Duty {
        kind: "favourites.digest",
        every: Some(Every::Week(Weekday::Mon, NaiveTime::from_hms_opt(7, 0, 0).unwrap())),
        run: |app, txn, _, now| Box::pin(favourites::tell_news(app, txn, now)),
    },
    Duty {
        kind: "matching.news",
        every: Some(Every::Week(Weekday::Wed, NaiveTime::from_hms_opt(7, 0, 0).unwrap())),
        run: |app, txn, _, now| Box::pin(matching::tell_matches(app, txn, now)),
    },
    Duty {
        kind: "speed_meetings.remind_wishes",
        every: Some(Every::Day(NaiveTime::from_hms_opt(9, 0, 0).unwrap())),
        run: |app, txn, _, now| Box::pin(speed_meetings::wishes::remind(app, txn, now)),
    },
    Duty {
        kind: "meetings.follow_up",
        every: Some(Every::Day(NaiveTime::from_hms_opt(8, 0, 0).unwrap())),
        run: |app, txn, _, now| Box::pin(speed_meetings::after::ask(app, txn, now)),
    },
    Duty {
        kind: farm_visits::SETTLE,
        every: None,
        run: |app, txn, subject, _| Box::pin(farm_visits::settle(app, txn, subject)),
    },
    Duty {
        kind: farm_visits::BEFORE,
        every: None,
        run: |app, txn, subject, now| Box::pin(farm_visits::before(app, txn, subject, now)),
    },
    Duty {
        kind: "farm_visits.forget",
        every: Some(Every::Minutes(60)),
        run: |_, txn, _, now| {
            Box::pin(async move { Ok(farm_visits::forget_old(txn, now).await.map(|()| Next::Done)?) })
        },
    },
    Duty {
        kind: "suppliers.forget_registrations",
        every: Some(Every::Minutes(60)),
        run: |_, txn, _, now| {
            Box::pin(async move { Ok(suppliers::forget_old_registrations(txn, now).await.map(|()| Next::Done)?) })
        },
    },
    Duty {
        kind: "personal_data.inactivity",
        every: Some(Every::Day(NaiveTime::from_hms_opt(4, 0, 0).unwrap())),
        run: |app, txn, _, now| Box::pin(async move { Ok(personal_data::look_after_inactive(app, txn, now).await?) }),
    },
    Duty {
        kind: "audit.forget",
        every: Some(Every::Minutes(60)),
        run: |_, txn, _, now| Box::pin(async move { Ok(audit::forget_old(txn, now).await.map(|()| Next::Done)?) }),
    },
];
