//! What an organisation does with its wishes. Every decision is taken with the edition locked: of two colleagues who order
//! the list at once, the second orders what the first has left. A button says the rank it leads to: pressed twice, it does
//! the same.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::wish::{self, Wish};
use crate::speed_meetings::edition::{Edition, Side, State};
use crate::speed_meetings::participant::{self, Participant, Standing};
use crate::speed_meetings::registration::Asks;

/// What one does with a participant of the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// To the end of the list.
    Add,
    /// To this rank of the list, from 1.
    Place(usize),
    /// Out of the list.
    Remove,
    /// Rather not; out of the list too.
    Avoid,
    /// No longer rather not.
    Forgive,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// It is kept.
    Done,
    /// It was so: pressed twice, or a colleague was faster.
    Same,
    /// Not yet, or not any more.
    Closed,
    /// Nobody who comes, on the other side.
    Nobody,
}

/// Whether wishes may be changed now. Organisers may until the day begins: who comes late has wishes too, for the next
/// timetable that is searched for.
pub(in crate::speed_meetings) fn is_open(edition: &Edition, asks: Asks, today: NaiveDate) -> bool {
    match asks {
        Asks::Own => edition.state == State::Wishes && edition.wishes_until >= today,
        Asks::Organiser => edition.state >= State::Wishes && !edition.state.has_begun(),
    }
}

/// How long one may still say whom one would meet: « encore 5 jours »; nothing when one may not.
pub(in crate::speed_meetings) fn remaining(edition: &Edition, today: NaiveDate) -> Option<String> {
    let days = (edition.wishes_until - today).num_days();
    is_open(edition, Asks::Own, today).then(|| match days {
        0 => "c’est le dernier jour".to_owned(),
        1 => "encore 1 jour".to_owned(),
        days => format!("encore {days} jours"),
    })
}

/// The side that one meets.
pub(super) fn other(side: Side) -> Side {
    match side {
        Side::Supplier => Side::Canteen,
        Side::Canteen => Side::Supplier,
    }
}

/// Changes what an organisation wishes of a participant of a locked edition.
///
/// # Errors
/// What the database said.
pub(super) async fn choose(
    txn: &DatabaseTransaction,
    edition: &Edition,
    organisation: i64,
    (wished, choice): (i64, Choice),
    (asks, today): (Asks, NaiveDate),
    now: DateTime<Utc>,
) -> Result<Chosen, DbErr> {
    let Some(own) = who_may(txn, edition, organisation, asks, today).await? else { return Ok(Chosen::Closed) };
    let comers = participant::in_state(txn, edition.id, other(own.side), Standing::Registered).await?;
    let comers: HashSet<i64> = comers.into_iter().map(|one| one.id).collect();
    // Who does not come any more can still be taken out.
    if !comers.contains(&wished) && !matches!(choice, Choice::Remove | Choice::Forgive) {
        return Ok(Chosen::Nobody);
    }
    let kept = wish::of(txn, own.id).await?;
    let before = Lists::of(&kept);
    let after = before.with(wished, choice, &comers);
    if after == before {
        return Ok(Chosen::Same);
    }
    let since: HashMap<i64, DateTime<Utc>> = kept.iter().map(|wish| (wish.wished_id, wish.made_at)).collect();
    wish::keep(txn, own.id, &after.rows(own.id, &since, now)).await?;
    Ok(Chosen::Done)
}

/// Says how many appointments an organisation wants at a locked edition, at least and at most.
///
/// # Errors
/// What the database said.
pub(super) async fn bound(
    txn: &DatabaseTransaction,
    edition: &Edition,
    organisation: i64,
    (least, most): (Option<i32>, Option<i32>),
    (asks, today): (Asks, NaiveDate),
) -> Result<Chosen, DbErr> {
    let Some(mut own) = who_may(txn, edition, organisation, asks, today).await? else { return Ok(Chosen::Closed) };
    if (own.minimum_wished, own.maximum_wished) == (least, most) {
        return Ok(Chosen::Same);
    }
    (own.minimum_wished, own.maximum_wished, own.version) = (least, most, own.version + 1);
    participant::write(txn, &own).await?;
    Ok(Chosen::Done)
}

/// The row of an organisation that may say now whom it would meet.
async fn who_may(
    txn: &impl ConnectionTrait,
    edition: &Edition,
    organisation: i64,
    asks: Asks,
    today: NaiveDate,
) -> Result<Option<Participant>, DbErr> {
    if !is_open(edition, asks, today) {
        return Ok(None);
    }
    let own = participant::of_organisation(txn, edition.id, organisation).await?;
    Ok(own.filter(|own| own.state == Standing::Registered))
}

/// Whom one would meet, the most wanted first, and whom rather not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Lists {
    wanted: Vec<i64>,
    avoided: Vec<i64>,
}

impl Lists {
    fn of(wishes: &[Wish]) -> Self {
        let ids = |is_wanted: bool| {
            wishes.iter().filter(|wish| wish.rank.is_some() == is_wanted).map(|wish| wish.wished_id).collect()
        };
        Self { wanted: ids(true), avoided: ids(false) }
    }

    /// The same after a choice. Ranks are counted among those who come: one sees no others.
    fn with(&self, one: i64, choice: Choice, comers: &HashSet<i64>) -> Self {
        let mut lists = self.clone();
        let is_wanted = self.wanted.contains(&one);
        match choice {
            Choice::Add if is_wanted => {}
            Choice::Add => {
                lists.avoided.retain(|known| *known != one);
                lists.wanted.push(one);
            }
            Choice::Place(_) if !is_wanted => {}
            Choice::Place(rank) => {
                lists.wanted.retain(|known| *known != one);
                let mut seen = lists.wanted.iter().enumerate().filter(|(_, known)| comers.contains(known));
                let at = seen.nth(rank.max(1) - 1).map_or(lists.wanted.len(), |(at, _)| at);
                lists.wanted.insert(at, one);
            }
            Choice::Remove => lists.wanted.retain(|known| *known != one),
            Choice::Avoid if self.avoided.contains(&one) => {}
            Choice::Avoid => {
                lists.wanted.retain(|known| *known != one);
                lists.avoided.push(one);
            }
            Choice::Forgive => lists.avoided.retain(|known| *known != one),
        }
        lists
    }

    fn rows(&self, participant_id: i64, since: &HashMap<i64, DateTime<Utc>>, now: DateTime<Utc>) -> Vec<Wish> {
        let row = |wished_id: i64, rank| {
            let made_at = since.get(&wished_id).copied().unwrap_or(now);
            Wish { participant_id, wished_id, rank, made_at }
        };
        let wanted = (1..).zip(&self.wanted).map(|(rank, one)| row(*one, Some(rank)));
        wanted.chain(self.avoided.iter().map(|one| row(*one, None))).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn choice() -> impl Strategy<Value = Choice> {
        prop_oneof![
            Just(Choice::Add),
            (0_usize..8).prop_map(Choice::Place),
            Just(Choice::Remove),
            Just(Choice::Avoid),
            Just(Choice::Forgive),
        ]
    }

    proptest! {
        #[test]
        fn nobody_is_twice_in_the_lists_and_a_choice_made_twice_is_made_once(
            choices in vec((1_i64..7, choice()), 0..40), comers in vec(1_i64..7, 0..7),
        ) {
            let comers: HashSet<i64> = comers.into_iter().collect();
            let mut lists = Lists::default();
            for (one, choice) in choices {
                let next = lists.with(one, choice, &comers);
                prop_assert_eq!(&next.with(one, choice, &comers), &next);
                let mut all = [next.wanted.clone(), next.avoided.clone()].concat();
                let count = all.len();
                all.sort_unstable();
                all.dedup();
                prop_assert_eq!(all.len(), count);
                if matches!(choice, Choice::Place(_)) {
                    prop_assert_eq!(next.wanted.len(), lists.wanted.len());
                }
                lists = next;
            }
        }
    }

    #[test]
    fn ranks_are_counted_among_those_who_come() {
        let lists = Lists { wanted: vec![1, 2, 3, 4], avoided: vec![] };
        let comers = HashSet::from([1, 3, 4]);
        assert_eq!(lists.with(4, Choice::Place(2), &comers).wanted, [1, 2, 4, 3]);
        assert_eq!(lists.with(4, Choice::Place(1), &comers).wanted, [4, 1, 2, 3]);
        assert_eq!(lists.with(1, Choice::Place(9), &comers).wanted, [2, 3, 4, 1]);
        assert_eq!(lists.with(3, Choice::Avoid, &comers).avoided, [3]);
    }
}
