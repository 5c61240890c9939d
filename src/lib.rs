//! Manger local: local and organic producers brought into public canteens.
//!
//! The rooms of the house:
//! - [`config`]: every setting, its default, its environment variable
//! - [`app`]: the database, the index, the clock, randomness and limits, given to every room
//! - [`routes`]: every URL, one line each
//! - `duties`: all work that is due at a time, one line each
//! - [`web`]: the frame of a page, forms, error pages, security headers, assets
//! - [`outside`]: what is asked of services elsewhere, within limits
//! - [`pictures`]: photographs that people send, drawn anew
//! - [`tables`]: the CSV and XLSX files people bring, and what is wrong in them
//! - [`audit`]: who did what, when
//! - [`schedule`]: work that is due at a time, done once
//! - [`mail`]: what is sent, once, and what became of it
//! - [`places`]: communes, intercommunalities and departments, found by name or code
//! - [`suppliers`]: profiles, offers, certificates, import and export
//! - [`directory`]: the search: page, map, API; keeps the index in step with the database
//! - [`canteens`]: what canteens say of themselves and look for; those of the registry
//! - [`matching`]: who suits whom, and why
//! - [`contacts`]: what canteens write to suppliers, and what came of it
//! - [`figures`]: where the territory stands, for its organisers: counts, and searches that found nobody
//! - [`favourites`]: suppliers that a canteen keeps in lists, and searches whose news a person wants
//! - [`farm_visits`]: visits of farms: places, waiting list, what people are told
//! - [`speed_meetings`]: a day of short appointments, and its timetable
//! - [`accounts`]: people, how they come in, their browsers
//! - [`personal_data`]: all that is known of a person, given to her or erased
//! - [`post_office`]: what staff see of the mail; in the demonstration, everybody
//! - [`territory`]: how its organisers present the site: name, colour, logo, words
//! - `texts`: legal notice, accessibility, personal data, open data
//! - [`cli`]: the commands
//!
//! A request makes three stops: its line in `routes`; a page function, which parses and asks; a function of the
//! domain, which takes a transaction and the time, decides and writes.

pub mod accounts;
pub mod app;
pub mod audit;
pub mod canteens;
pub mod cli;
pub mod config;
pub mod contacts;
mod demo;
pub mod directory;
mod duties;
pub mod farm_visits;
pub mod favourites;
pub mod figures;
pub mod mail;
pub mod matching;
pub mod outside;
pub mod personal_data;
pub mod pictures;
pub mod places;
pub mod post_office;
pub mod routes;
pub mod schedule;
pub mod speed_meetings;
pub mod suppliers;
pub mod tables;
pub mod territory;
mod texts;
pub mod web;
