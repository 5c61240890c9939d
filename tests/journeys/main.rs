//! What people and programs live through on the site, one module a journey.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod after;
mod api;
mod canteens;
mod contacts;
mod crash;
mod day;
mod directory;
mod editions;
mod favourites;
mod figures;
mod follow;
mod house;
mod imports;
mod invitations;
mod mail;
mod meetings_api;
mod open_web;
mod pages;
mod participants;
mod personal_data;
mod places;
mod played;
mod publication;
mod reported_errors;
mod schedule;
mod suppliers;
mod territory;
mod timetable;
mod visits;
mod wishes;
mod workshop;
