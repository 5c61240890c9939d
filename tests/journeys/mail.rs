//! A mail is written down with what causes it, leaves once, and its life can be read.

mod bounce;
mod crash;
mod delivery;
mod feed;
mod gallery;
mod race;
mod signature;
mod text;
mod unsubscribe;
