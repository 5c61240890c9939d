//! The territory as its organisers present it: name, place, colour, logo, words. What they leave empty is the operator's.
//!
//! - `settings` is the row, what is saved into it and how each node learns of it
//! - `section` names the fields and checks what was typed; `logo` the picture; `style` the sheet of the colour
//! - `pages` where organisers change them, and the two files that browsers get

mod logo;
pub mod pages;
mod section;
mod settings;
mod style;

pub use self::settings::refresh;
