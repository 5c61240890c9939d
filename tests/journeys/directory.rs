//! The cook looks for suppliers near her kitchen, with nothing but a browser.

mod doubts;
mod facets;
mod form;
mod page;
mod privacy;
mod words;
