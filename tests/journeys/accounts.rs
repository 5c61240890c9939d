//! People come in with a mail, stay in with a browser, and leave.

mod invitations;
mod journal;
mod keys;
mod open_id;
mod permissions;
mod second_factor;
mod second_factor_own;
mod sessions;
mod shared_device;
mod sign_in;
mod staff;
mod teams;
