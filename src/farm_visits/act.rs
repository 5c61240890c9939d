//! What people ask of a date, and what became of it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::registration::{NewRegistration, Registration, Standing};
use super::visit_date::Shut;
use crate::web::french;

/// What is to become of a registration, or of a date.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// Somebody would come.
    Register(NewRegistration),
    /// Whoever asked reads the mails of that address.
    Prove(i64),
    /// The places that are kept for it are taken; an organiser gives what is free after the deadline.
    Accept(i64),
    /// It comes with more or fewer.
    Resize(i64, i32),
    /// It does not come.
    Cancel(i64),
    /// Time went by, or organisers changed the number of places.
    Settle,
    /// A registration that comes to another date comes to this one instead.
    Arrive(Box<Registration>),
    /// So many places are free again: who had them comes to another date.
    Release(i32),
    /// The date takes place at another time: when it was to be, in words; empty when one only meets elsewhere.
    Move(String),
    /// Organisers say that the date takes place.
    Assure,
    /// The date does not take place.
    CallOff,
}

/// Under what circumstances it is decided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances {
    /// When.
    pub(super) now: DateTime<Utc>,
    /// Where the clock on the wall hangs.
    pub(super) zone: Tz,
    /// Who decides, when it is a person who is known.
    pub(super) by: Option<i64>,
    /// Whether an organiser decides, whom deadlines do not bind.
    pub(super) is_organiser: bool,
}

/// What became of a registration; each is told in a mail of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum News {
    /// Its places are kept until the address is proven.
    Held,
    /// It waits, once the address is proven.
    Unproven,
    /// It waits.
    Waiting,
    /// It comes.
    Confirmed,
    /// Places came free: it is to answer.
    Offered,
    /// It did not answer in time.
    Lapsed,
    /// It comes with more or fewer.
    Resized,
    /// It does not come.
    Cancelled,
    /// The visit is at another time.
    DateMoved,
    /// The visit takes place for sure.
    Sure,
    /// The visit does not take place.
    CalledOff,
}

/// A registration and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) registration: Registration,
    /// Where it stood before; nothing of one that is new.
    pub(super) was: Option<Standing>,
    pub(super) news: News,
}

/// Why something cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is too late, or too early.
    Shut(Shut),
    /// The party is larger than all places together.
    TooLarge(i32),
    /// The address is registered already.
    Already(Box<Registration>),
    /// So many more do not fit, or others wait for these places.
    NoRoom,
    /// It is over, or there is nothing to prove, accept or change.
    Over,
}

impl Refusal {
    /// The word for programs.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Shut(Shut::NotYet) => "not_open_yet",
            Self::Shut(Shut::Closed) => "closed",
            Self::Shut(Shut::Cancelled) => "cancelled",
            Self::Shut(Shut::Past) => "past",
            Self::TooLarge(_) => "party_too_large",
            Self::Already(_) => "already_registered",
            Self::NoRoom => "no_room",
            Self::Over => "over",
        }
    }

    /// As people read it.
    pub(super) fn sentence(&self) -> String {
        match self {
            Self::Shut(Shut::NotYet) => "Les inscriptions ne sont pas encore ouvertes.".to_owned(),
            Self::Shut(Shut::Closed) => "Les inscriptions sont closes.".to_owned(),
            Self::Shut(Shut::Cancelled) => "Cette visite est annulée.".to_owned(),
            Self::Shut(Shut::Past) => "Cette visite a déjà eu lieu.".to_owned(),
            Self::TooLarge(places) => format!("Cette visite n’a que {} en tout.", seats(*places)),
            Self::Already(_) => "Cette adresse est déjà inscrite à cette date.".to_owned(),
            Self::NoRoom => "Il ne reste pas assez de places, ou d’autres personnes les attendent.".to_owned(),
            Self::Over => "Cette inscription n’est plus à changer ainsi.".to_owned(),
        }
    }
}

/// What was done: whoever moved is told, also when what was asked is refused.
#[derive(Debug)]
pub(super) struct Done {
    /// In the order in which it happened.
    pub(super) moved: Vec<Moved>,
    /// The registration that was asked for, or why not; nothing was asked for one.
    pub(super) asked: Result<Option<Registration>, Refusal>,
}

/// « 2 places »
pub(super) fn seats(count: i32) -> String {
    french::count(u64::try_from(count).unwrap_or_default(), "place", "places")
}
