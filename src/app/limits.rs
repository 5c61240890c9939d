use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::Arc,
};

use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use crate::figures::Unanswered;

/// What a registration may ask of others in an hour: who looks for a seat asks a few cars.
const ERRANDS_PER_HOUR: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Forms that strangers may send us in an hour, by address: a person writes a few, a program hundreds.
const FORMS_PER_HOUR: NonZeroU32 = NonZeroU32::new(10).unwrap();

/// How much more often than other pages those that follow a day may be asked for: the telephones of a whole hall, behind
/// one router, are one address.
const TELEPHONES: NonZeroU32 = NonZeroU32::new(10).unwrap();

/// Questions that one person may have us put to services elsewhere in a minute: one puts a handful.
const QUESTIONS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Questions of a node to services elsewhere in a second, after some at once: the register of companies takes seven.
const QUESTIONS_PER_SECOND: NonZeroU32 = NonZeroU32::new(5).unwrap();
const QUESTIONS_AT_ONCE: NonZeroU32 = NonZeroU32::new(20).unwrap();

/// What a node counts in its memory: how much one address may ask, and we of others, and the searches that found nobody.
#[derive(Clone)]
pub struct Limits {
    requests: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    followers: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    forms: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    unanswered: Arc<Unanswered>,
    errands: Arc<DefaultKeyedRateLimiter<i64>>,
    askers: Arc<DefaultKeyedRateLimiter<i64>>,
    questions: Arc<DefaultDirectRateLimiter>,
}

/// One address asked too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// Seconds after which it may ask again, at least one.
    pub retry_after: u64,
}

impl Limits {
    /// At most `per_minute` requests a minute, all at once or spread; ten times as many of pages that follow a day.
    #[must_use]
    pub fn new(per_minute: NonZeroU32) -> Self {
        Self {
            requests: Arc::new(RateLimiter::keyed(Quota::per_minute(per_minute))),
            followers: Arc::new(RateLimiter::keyed(Quota::per_minute(per_minute.saturating_mul(TELEPHONES)))),
            forms: Arc::new(RateLimiter::keyed(Quota::per_hour(FORMS_PER_HOUR))),
            unanswered: Arc::default(),
            errands: Arc::new(RateLimiter::keyed(Quota::per_hour(ERRANDS_PER_HOUR))),
            askers: Arc::new(RateLimiter::keyed(Quota::per_minute(QUESTIONS_PER_MINUTE))),
            questions: Arc::new(RateLimiter::direct(
                Quota::per_second(QUESTIONS_PER_SECOND).allow_burst(QUESTIONS_AT_ONCE),
            )),
        }
    }

    /// Searches that found nobody, until they are written down.
    #[must_use]
    pub fn unanswered(&self) -> &Unanswered {
        &self.unanswered
    }

    /// Counts one request of `address`.
    ///
    /// # Errors
    /// When it is one too many.
    pub fn count(&self, address: IpAddr) -> Result<(), TooMany> {
        check(&self.requests, address)
    }

    /// Counts one request of `address` for what a page that follows a day asks for, apart from all others.
    ///
    /// # Errors
    /// When it is one too many.
    pub fn count_follower(&self, address: IpAddr) -> Result<(), TooMany> {
        check(&self.followers, address)
    }

    /// Counts one form that `address` sends without an account: ten an hour.
    ///
    /// # Errors
    /// When it is one too many.
    pub fn count_form(&self, address: IpAddr) -> Result<(), TooMany> {
        check(&self.forms, address)
    }

    /// Counts one thing that a registration for a farm visit asks of others, who are written to: twenty an hour.
    ///
    /// # Errors
    /// When it is one too many.
    pub fn count_errand(&self, registration: i64) -> Result<(), TooMany> {
        self.errands.check_key(&registration).map_err(|wait| too_many(&wait))
    }

    /// Counts one question that this node puts to a service elsewhere on behalf of a person.
    ///
    /// # Errors
    /// When it is one too many of hers, or of the node's.
    pub fn count_question(&self, person: i64) -> Result<(), TooMany> {
        self.askers.check_key(&person).map_err(|wait| too_many(&wait))?;
        self.questions.check().map_err(|wait| too_many(&wait))
    }

    /// Forgets the addresses and people that asked nothing of late.
    pub fn forget_idle(&self) {
        for limiter in [&self.askers, &self.errands] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        for limiter in [&self.requests, &self.followers, &self.forms] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

fn check(limiter: &DefaultKeyedRateLimiter<IpAddr>, address: IpAddr) -> Result<(), TooMany> {
    limiter.check_key(&subscriber(address)).map_err(|wait| too_many(&wait))
}

fn too_many(wait: &NotUntil<<DefaultClock as Clock>::Instant>) -> TooMany {
    let seconds = wait.wait_time_from(DefaultClock::default().now()).as_secs();
    TooMany { retry_after: seconds + 1 }
}

/// One subscriber holds a whole /64 of IPv6: counting single addresses would let it ask as often as it likes.
#[must_use]
pub fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_ipv6_subscriber_share_their_allowance() {
        let limits = Limits::new(NonZeroU32::MIN);
        assert!(limits.count("2001:db8:0:1::1".parse().unwrap()).is_ok());
        assert!(limits.count("2001:db8:0:1::2".parse().unwrap()).is_err());
        assert!(limits.count("2001:db8:0:2::1".parse().unwrap()).is_ok());
    }

    #[test]
    fn forms_are_counted_apart_from_pages() {
        let limits = Limits::new(NonZeroU32::MIN);
        let address = "192.0.2.1".parse().unwrap();
        assert!((0..10).all(|_| limits.count_form(address).is_ok()));
        assert!(limits.count_form(address).is_err() && limits.count(address).is_ok());
    }

    #[test]
    fn the_telephones_of_a_hall_are_counted_apart_and_may_ask_ten_times_as_much() {
        let limits = Limits::new(NonZeroU32::new(6).unwrap());
        let address = "192.0.2.1".parse().unwrap();
        assert!((0..60).all(|_| limits.count_follower(address).is_ok()));
        assert!(limits.count_follower(address).is_err() && limits.count(address).is_ok());
    }

    #[test]
    fn whoever_asks_much_leaves_questions_to_others_and_all_together_do_not_flood_a_register() {
        let limits = Limits::new(NonZeroU32::MIN);
        let asked = (0..100).filter(|_| limits.count_question(1).is_ok()).count();
        assert_eq!(asked, 20);
        let limits = Limits::new(NonZeroU32::MIN);
        let asked = (0..100).filter(|&person| limits.count_question(person).is_ok()).count();
        assert!((20..=25).contains(&asked), "{asked}");
    }

    #[test]
    fn a_refusal_says_when_to_come_back() {
        let limits = Limits::new(NonZeroU32::MIN);
        let address = "192.0.2.1".parse().unwrap();
        assert!(limits.count(address).is_ok());
        let refused = limits.count(address).unwrap_err();
        assert!((1..=61).contains(&refused.retry_after));
    }
}
