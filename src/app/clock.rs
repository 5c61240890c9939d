use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// The time. The system's, or one that stands still until a test moves it.
#[derive(Clone, Debug)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands at `at`; its clones move together.
    #[must_use]
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.timestamp_micros()))))
    }

    /// Now, to the microsecond, as PostgreSQL keeps it: what is read back equals what was written.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock the lint sends everybody to")]
    pub fn now(&self) -> DateTime<Utc> {
        let micros =
            self.0.as_ref().map_or_else(|| Utc::now().timestamp_micros(), |fixed| fixed.load(Ordering::Relaxed));
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// The date in `zone`.
    #[must_use]
    pub fn today(&self, zone: Tz) -> NaiveDate {
        self.now().with_timezone(&zone).date_naive()
    }

    /// Moves a fixed clock; the machine's stays as it is.
    pub fn advance(&self, by: TimeDelta) {
        if let Some(fixed) = &self.0 {
            fixed.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::Relaxed);
        }
    }
}
