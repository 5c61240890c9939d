//! Mail: written down in the transaction that causes it, sent once, its life kept for staff to read.
//!
//! - `message` makes a mail's text, `letter` out of templates, `calendar` the appointment in it, which `calendar_entry` keeps; `address` and `sender` say who
//! - `outgoing_mail` is the row, `attempt` what happened to it
//! - `bounce` what comes back, `failing` which addresses, `decision` what staff decide, `suppression` what readers do not want
//! - `claim` who sends which mail and how it ended; `delivery` the workers; `carrier` the other side; `signature` DKIM

mod address;
mod attempt;
pub mod bounce;
pub mod calendar;
mod calendar_entry;
pub mod carrier;
pub mod claim;
pub mod decision;
pub mod delivery;
mod failing;
mod letter;
mod letterhead;
mod message;
mod outgoing_mail;
mod sender;
mod signature;
pub mod suppression;

pub(crate) use self::letter::letter;
pub use self::{
    address::{EmailAddress, NotAnAddress},
    attempt::{Attempt, AttemptOutcome, attempts},
    calendar_entry::events_of,
    failing::{FailingAddress, failing_addresses},
    letterhead::Letterhead,
    message::{CannotCompose, Content},
    outgoing_mail::{
        MailState, NewMail, NotEnqueued, OutgoingMail, by_id, enqueue, first_about, forget_address, forget_old,
        in_state, latest, to_address,
    },
    sender::{Sender, WrongSender},
    signature::{Signature, WrongKey},
};
