//! What becomes of the mail: for organisers its queue and the life of each mail, in the demonstration a mailbox that shows
//! each as its reader sees it.

pub(crate) mod bounces;
pub mod gallery;
mod mail;
pub mod mailbox;
pub mod pages;
pub(crate) mod unsubscribe;
