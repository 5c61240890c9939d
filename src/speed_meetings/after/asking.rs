//! Who is asked what came of the day: each person once, whatever the number of her organisations.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, DbErr};

use super::follow_up::{self, Question};
use super::mail::{self, Owed};
use super::outcome::{self, Outcome};
use crate::accounts::{self, Person};
use crate::app::App;
use crate::schedule::{Failed, Next};
use crate::speed_meetings::day::presence;
use crate::speed_meetings::edition::{self, Edition};
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::participant::{self, Participant, Standing};
use crate::speed_meetings::publication::version;

/// Asks what is due of one edition: the day after it what came of the appointments, three months later what was delivered.
///
/// # Errors
/// When a mail cannot be made or written down, or the database does not answer.
pub async fn ask(app: &App, txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Next, Failed> {
    for known in edition::under_way(txn).await? {
        let Some(edition) = edition::lock(txn, known.id).await? else { continue };
        let asked = follow_up::of(txn, edition.id).await?;
        let Some(question) = asked.due(&edition, app.today()) else { continue };
        for (person, owed) in letters(txn, app, &edition, question).await? {
            mail::ask(txn, app, (&edition, question), &person, &owed).await?;
        }
        follow_up::mark(txn, asked, question, now).await?;
        return Ok(Next::More);
    }
    Ok(Next::Done)
}

/// Each person with what her organisations have not answered.
async fn letters(
    txn: &DatabaseTransaction,
    app: &App,
    edition: &Edition,
    question: Question,
) -> Result<Vec<(Person, Vec<Owed>)>, DbErr> {
    let Some(in_force) = version::in_force(txn, edition.id).await? else { return Ok(Vec::new()) };
    let outcomes = outcome::of_edition(txn, edition.id).await?;
    let presences = presence::of(txn, edition.id).await?;
    let mut letters: BTreeMap<i64, (Person, Vec<Owed>)> = BTreeMap::new();
    let comers = participant::of(txn, edition.id).await?.into_iter().filter(|own| own.state == Standing::Registered);
    let comers: Vec<Participant> = comers.collect();
    let organisations: Vec<i64> = comers.iter().map(|own| own.organisation_id).collect();
    let names: BTreeMap<i64, String> = accounts::names_of(txn, &organisations).await?.into_iter().collect();
    let people = accounts::people_of(txn, &organisations).await?;
    for own in comers {
        if presences.get(&own.id).is_some_and(|known| known.state == presence::State::NoShow) {
            continue;
        }
        let planned: BTreeSet<(i64, i64)> = in_force
            .meetings
            .iter()
            .filter(|meeting| meeting.on(own.side).participant == own.id)
            .map(Meeting::pair)
            .collect();
        let open = unanswered(&own, &planned, &outcomes, question);
        if open == 0 {
            continue;
        }
        let organisation = names.get(&own.organisation_id).cloned().unwrap_or_default();
        let link = mail::link(app, edition, own.organisation_id, question);
        for (_, person) in people.iter().filter(|(of, _)| *of == own.organisation_id) {
            let owed = Owed { organisation: organisation.clone(), open, link: link.clone() };
            letters.entry(person.id).or_insert_with(|| (person.clone(), Vec::new())).1.push(owed);
        }
    }
    Ok(letters.into_values().collect())
}

/// How many appointments a participant has said nothing of.
pub(super) fn unanswered(
    own: &Participant,
    planned: &BTreeSet<(i64, i64)>,
    outcomes: &[Outcome],
    question: Question,
) -> u64 {
    let said = outcomes.iter().filter(|one| one.side == own.side && planned.contains(&one.pair()));
    match question {
        Question::Outcomes => (planned.len() - said.filter(|one| one.said().is_some()).count()) as u64,
        Question::Deliveries => said.filter(|one| one.may_follow() && one.delivered.is_none()).count() as u64,
    }
}
