//! What stands on a person's own page once a timetable is out.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr};

use crate::accounts::pages::home::Task;
use crate::accounts::{self, Person};
use crate::speed_meetings::edition::{self, State};
use crate::speed_meetings::participant::{self, Standing};
use crate::web::french;

/// Most editions that are published at once.
const EDITIONS: u64 = 50;

/// For each of a person's organisations that comes to an edition whose timetable is out: to read whom it meets.
///
/// # Errors
/// What the database said.
pub(crate) async fn calls(db: &impl ConnectionTrait, person: &Person, today: NaiveDate) -> Result<Vec<Task>, DbErr> {
    let mut tasks = Vec::new();
    let teams = accounts::of_person(db, person.id).await?;
    if teams.is_empty() {
        return Ok(tasks);
    }
    for edition in edition::coming(db, today, EDITIONS).await? {
        if !matches!(edition.state, State::Published | State::Running) {
            continue;
        }
        for team in &teams {
            let row = participant::of_organisation(db, edition.id, team.id).await?;
            if row.is_some_and(|row| row.state == Standing::Registered) {
                let (title, day) = (french::typographic(&edition.title), french::day(edition.held_on));
                let (page, words) = match edition.state {
                    State::Running => ("jour", "Suivez votre journée en direct"),
                    _ => ("planning", "Lisez vos rendez-vous"),
                };
                tasks.push(Task {
                    href: format!("{}/{page}/{}", edition.path(), team.id),
                    words: words.to_owned(),
                    why: format!("«\u{a0}{title}\u{a0}», {}, {day}", team.name),
                });
            }
        }
    }
    Ok(tasks)
}
