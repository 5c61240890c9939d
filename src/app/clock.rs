use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// The time: the machine's, or one that tests and the demonstration move.
#[derive(Clone, Debug)]
pub struct Clock(Hands);

/// What a clock shows, in microseconds.
#[derive(Clone, Debug)]
enum Hands {
    /// What the machine's shows.
    Machine,
    /// What the machine's shows, and so much more.
    Ahead(Arc<AtomicI64>),
    /// This, until it is moved.
    Still(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Hands::Machine)
    }

    /// A clock that runs on from now; its clones move together.
    #[must_use]
    pub fn running() -> Self {
        Self(Hands::Ahead(Arc::default()))
    }

    /// A clock that stands at `at`; its clones move together.
    #[must_use]
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self(Hands::Still(Arc::new(AtomicI64::new(at.timestamp_micros()))))
    }

    /// Now, to the microsecond, as PostgreSQL keeps it: what is read back equals what was written.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock the lint sends everybody to")]
    pub fn now(&self) -> DateTime<Utc> {
        let machine = || Utc::now().timestamp_micros();
        let micros = match &self.0 {
            Hands::Machine => machine(),
            Hands::Ahead(by) => machine().saturating_add(by.load(Ordering::Relaxed)),
            Hands::Still(at) => at.load(Ordering::Relaxed),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// The date in `zone`.
    #[must_use]
    pub fn today(&self, zone: Tz) -> NaiveDate {
        self.now().with_timezone(&zone).date_naive()
    }

    /// Moves a clock that can be moved; the machine's stays as it is.
    pub fn advance(&self, by: TimeDelta) {
        if let Hands::Ahead(hands) | Hands::Still(hands) = &self.0 {
            hands.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::Relaxed);
        }
    }
}
