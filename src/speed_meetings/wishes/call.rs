//! What is to be done on a person's own page.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr};

use super::choice::remaining;
use super::wish;
use crate::accounts::pages::home::Task;
use crate::accounts::{self, Person};
use crate::speed_meetings::edition;
use crate::speed_meetings::participant::{self, Standing};
use crate::web::french;

/// Most editions that take wishes at once.
const EDITIONS: u64 = 50;

/// For each of a person's organisations that comes to an edition where one chooses: to choose, or to look at it again.
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
        let Some(remaining) = remaining(&edition, today) else { continue };
        for team in &teams {
            let row = participant::of_organisation(db, edition.id, team.id).await?;
            let Some(row) = row.filter(|row| row.state == Standing::Registered) else { continue };
            let count = wish::of(db, row.id).await?.iter().filter(|wish| wish.rank.is_some()).count() as u64;
            let title = french::typographic(&edition.title);
            tasks.push(Task {
                href: format!("{}/souhaits/{}", edition.path(), team.id),
                words: if count == 0 {
                    "Dites qui vous voulez rencontrer".to_owned()
                } else {
                    "Revoyez vos souhaits".to_owned()
                },
                why: match count {
                    0 => format!("«\u{a0}{title}\u{a0}», {}, {remaining}", team.name),
                    count => {
                        let wishes = french::count(count, "souhait", "souhaits");
                        format!("«\u{a0}{title}\u{a0}», {}, {wishes}, {remaining}", team.name)
                    }
                },
            });
        }
    }
    Ok(tasks)
}
