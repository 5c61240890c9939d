//! All work that is due at a time, one line each: its name, when, what.

use crate::{
    accounts, audit, mail,
    schedule::{Duty, Every, Next},
};

/// What `serve` does beside answering.
pub(crate) static DUTIES: [Duty; 3] = [
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
        kind: "audit.forget",
        every: Some(Every::Minutes(60)),
        run: |_, txn, _, now| Box::pin(async move { Ok(audit::forget_old(txn, now).await.map(|()| Next::Done)?) }),
    },
];
