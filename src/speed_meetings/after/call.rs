//! What stands on a person's own page after the day.

use sea_orm::{ConnectionTrait, DbErr};

use super::asking::unanswered;
use super::follow_up::Question;
use super::outcome;
use crate::accounts::pages::home::Task;
use crate::accounts::{self, Person};
use crate::speed_meetings::day::presence;
use crate::speed_meetings::edition::{self, State};
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::participant::{self, Standing};
use crate::web::french;

/// For each of a person's organisations that was at an edition whose day is over: to say what came of its appointments, as
/// long as it has not said it of all.
///
/// # Errors
/// What the database said.
pub(crate) async fn calls(db: &impl ConnectionTrait, person: &Person) -> Result<Vec<Task>, DbErr> {
    let mut tasks = Vec::new();
    let teams = accounts::of_person(db, person.id).await?;
    if teams.is_empty() {
        return Ok(tasks);
    }
    for edition in edition::under_way(db).await?.into_iter().filter(|edition| edition.state == State::Closed) {
        let presences = presence::of(db, edition.id).await?;
        for team in &teams {
            let own = participant::of_organisation(db, edition.id, team.id).await?;
            let Some(own) = own.filter(|own| own.state == Standing::Registered) else { continue };
            if presences.get(&own.id).is_some_and(|known| known.state == presence::State::NoShow) {
                continue;
            }
            let planned = outcome::appointments(db, &own).await?.iter().map(Meeting::pair).collect();
            let said = outcome::of_participant(db, &own).await?;
            let open = unanswered(&own, &planned, &said, Question::Outcomes);
            if open > 0 {
                let title = french::typographic(&edition.title);
                let open = french::count(open, "rendez-vous à noter", "rendez-vous à noter");
                tasks.push(Task {
                    href: format!("{}/suites/{}", edition.path(), team.id),
                    words: "Notez vos rendez-vous".to_owned(),
                    why: format!("«\u{a0}{title}\u{a0}», {}, {open}", team.name),
                });
            }
        }
    }
    Ok(tasks)
}
