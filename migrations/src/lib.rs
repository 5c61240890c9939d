//! Changes of the database.
//!
//! One dated file per change, in the order of [`Migrator::migrations`]. A change that has shipped is never edited.

use sea_orm_migration::prelude::*;

mod m20261124_000001_suppliers;
mod m20261124_000002_places;
mod m20261125_000003_mail;
mod m20261125_000004_accounts;
mod m20261125_000005_open_id;
mod m20261125_000008_territory;
mod m20261125_000009_audit;
mod m20261125_000010_organisations;
mod m20261125_000011_calendars;
mod m20261125_000012_suppressions;
mod m20261128_000013_drafts;
mod m20261128_000014_canteens;
mod m20261128_000015_contacts;
mod m20261128_000016_upkeep;
mod m20261128_000017_unanswered_searches;
mod m20261128_000018_favourites;
mod m20261128_000019_registers;
mod m20261128_000020_contact_blocks;
mod m20261128_000021_canteen_requests;
mod m20261128_000022_thumbnails;
mod m20261128_000023_match_news;
mod m20261129_000024_editions;
mod m20261129_000025_edition_steps;
mod m20261129_000026_participants;
mod m20261129_000027_wishes;
mod m20261129_000028_edition_invitations;
mod m20261129_000029_timetables;
mod m20261129_000030_day;
mod m20261129_000031_outcomes;
mod m20261129_000032_planning_feeds;
mod m20261129_000033_last_question;
mod m20261129_000034_told;
mod m20261129_000035_farm_visits;
mod m20261129_000036_exits;
mod m20261129_000037_visit_weather;
mod m20261129_000038_attendance;
mod m20261129_000039_shown_visits;
mod m20261129_000040_carpools;
mod m20261129_000041_absences;
mod m20261129_000042_after_visits;
mod m20261130_000043_line;
mod statements;

/// Brings a database to the shape the program expects.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_suppliers::CHANGE),
            Box::new(m20261124_000002_places::CHANGE),
            Box::new(m20261125_000003_mail::CHANGE),
            Box::new(m20261125_000004_accounts::CHANGE),
            Box::new(m20261125_000005_open_id::CHANGE),
            Box::new(m20261125_000008_territory::CHANGE),
            Box::new(m20261125_000009_audit::CHANGE),
            Box::new(m20261125_000010_organisations::CHANGE),
            Box::new(m20261125_000011_calendars::CHANGE),
            Box::new(m20261125_000012_suppressions::CHANGE),
            Box::new(m20261128_000013_drafts::CHANGE),
            Box::new(m20261128_000014_canteens::CHANGE),
            Box::new(m20261128_000015_contacts::CHANGE),
            Box::new(m20261128_000016_upkeep::CHANGE),
            Box::new(m20261128_000017_unanswered_searches::CHANGE),
            Box::new(m20261128_000018_favourites::CHANGE),
            Box::new(m20261128_000019_registers::CHANGE),
            Box::new(m20261128_000020_contact_blocks::CHANGE),
            Box::new(m20261128_000021_canteen_requests::CHANGE),
            Box::new(m20261128_000022_thumbnails::CHANGE),
            Box::new(m20261128_000023_match_news::CHANGE),
            Box::new(m20261129_000024_editions::CHANGE),
            Box::new(m20261129_000025_edition_steps::CHANGE),
            Box::new(m20261129_000026_participants::CHANGE),
            Box::new(m20261129_000027_wishes::CHANGE),
            Box::new(m20261129_000028_edition_invitations::CHANGE),
            Box::new(m20261129_000029_timetables::CHANGE),
            Box::new(m20261129_000030_day::CHANGE),
            Box::new(m20261129_000031_outcomes::CHANGE),
            Box::new(m20261129_000032_planning_feeds::CHANGE),
            Box::new(m20261129_000033_last_question::CHANGE),
            Box::new(m20261129_000034_told::CHANGE),
            Box::new(m20261129_000035_farm_visits::CHANGE),
            Box::new(m20261129_000036_exits::CHANGE),
            Box::new(m20261129_000037_visit_weather::CHANGE),
            Box::new(m20261129_000038_attendance::CHANGE),
            Box::new(m20261129_000039_shown_visits::CHANGE),
            Box::new(m20261129_000040_carpools::CHANGE),
            Box::new(m20261129_000041_absences::CHANGE),
            Box::new(m20261129_000042_after_visits::CHANGE),
            Box::new(m20261130_000043_line::CHANGE),
        ]
    }
}
