//! Who is invited to an edition: `audience` whom mails go to, `mailing` how they leave, `mail` what they say, `invitation` the
//! trace of who was invited, when and how, `trace` the same with what became of each, `tally` how many they are, `pages` where organisers read and add to it.

mod audience;
mod invitation;
mod mail;
mod mailing;
pub mod pages;
mod tally;
mod trace;

pub(super) use self::{
    audience::{not_yet_invited, registered},
    invitation::has_left,
    mail::samples,
    mailing::{Errand, ask_for_wishes, invite},
    tally::{Count, tally},
};
