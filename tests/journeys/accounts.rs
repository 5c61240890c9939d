//! People come in with a mail, stay in with a browser, and leave.

mod open_id;
mod permissions;
mod sign_in;
mod staff;
