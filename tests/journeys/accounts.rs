//! People come in with a mail, stay in with a browser, and leave.

mod open_id;
mod permissions;
mod second_factor;
mod second_factor_own;
mod sign_in;
mod staff;
mod teams;
