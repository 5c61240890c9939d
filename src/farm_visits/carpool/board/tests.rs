//! What must never happen, whatever people do in whatever order: more people than seats, somebody in two cars, somebody
//! left without a word, a name given to who did not agree.

use chrono::DateTime;
use proptest::prelude::*;

use super::*;

/// Registrations there are.
const PEOPLE: i64 = 7;

fn entry(registration_id: i64, side: Side, leaves_at: i32, seats: i32) -> Entry {
    Entry {
        id: 0,
        visit_date_id: 1,
        registration_id,
        side,
        insee_code: "43157".to_owned(),
        leaves_at,
        seats,
        seats_taken: 0,
        is_return: false,
        is_doubtful: false,
        phone: String::new(),
        words: String::new(),
        version: 0,
    }
}

/// Odd hours go with odd hours.
fn suits(one: &Entry, other: &Entry) -> bool {
    (one.leaves_at + other.leaves_at) % 2 == 0
}

fn act() -> impl Strategy<Value = Act> {
    let who = 1..=PEOPLE;
    let side = prop_oneof![2 => Just(Side::Offer), 3 => Just(Side::Request)];
    prop_oneof![
        6 => (who.clone(), side, 0i32..3, 1i32..4).prop_map(|(who, side, at, seats)| Act::Put(entry(who, side, at, seats))),
        2 => who.clone().prop_map(Act::Withdraw),
        8 => (who.clone(), 1i64..12).prop_map(|(by, with)| Act::Ask { by, with, seen: String::new() }),
        8 => (who.clone(), 1i64..20, prop::bool::weighted(0.8))
            .prop_map(|(by, pair, is_yes)| Act::Answer { by, pair, seen: is_yes.then(String::new) }),
        2 => (who.clone(), 1i64..20).prop_map(|(by, pair)| Act::Part { by, pair }),
        1 => (who, 1i32..4).prop_map(|(who, people)| Act::Resize(who, people)),
        1 => Just(Act::Move),
    ]
}

/// Who does it.
fn doer(act: &Act) -> Option<i64> {
    match act {
        Act::Put(entry) => Some(entry.registration_id),
        Act::Withdraw(by)
        | Act::Resize(by, _)
        | Act::Ask { by, .. }
        | Act::Answer { by, .. }
        | Act::Part { by, .. } => Some(*by),
        Act::Move | Act::CallOff => None,
    }
}

/// Of what was drawn by number, what there is: mostly she whom it concerns acts, by what is there now.
fn look(board: &Board, act: Act) -> Act {
    let mark = |key: i64| board.entry(key).map(Entry::mark).unwrap_or_default();
    let nth = |number: i64, count: usize| usize::try_from(number).unwrap_or_default().checked_rem(count);
    let owner = |key: i64| board.entry(key).map_or(0, |entry| entry.registration_id);
    let pair = |number: i64| nth(number, board.pairs.len()).map(|at| &board.pairs[at]);
    match act {
        Act::Ask { by, with, .. } => {
            let with = nth(with, board.entries.len()).map_or(with, |at| board.entries[at].id);
            Act::Ask { by, with, seen: mark(with) }
        }
        Act::Answer { by, pair: number, seen } => {
            let Some(pair) = pair(number) else { return Act::Answer { by, pair: number, seen } };
            let asked = if pair.asked_by == Side::Offer { pair.request_id } else { pair.offer_id };
            let by = if by == 1 { by } else { owner(asked) };
            Act::Answer { by, pair: pair.id, seen: seen.map(|_| mark(pair.other(asked))) }
        }
        Act::Part { by, pair: number } => {
            let Some(pair) = pair(number) else { return Act::Part { by, pair: number } };
            let by = if by == 1 { by } else { owner(if by % 2 == 0 { pair.offer_id } else { pair.request_id }) };
            Act::Part { by, pair: pair.id }
        }
        other => other,
    }
}

/// Gives keys to what is new, as the database does: none twice.
fn number(board: &mut Board, next: &mut (i64, i64)) {
    for entry in board.entries.iter_mut().filter(|entry| entry.id == 0) {
        entry.id = next.0;
        next.0 += 1;
    }
    for pair in board.pairs.iter_mut().filter(|pair| pair.id == 0) {
        pair.id = next.1;
        next.1 += 1;
    }
}

/// What holds after every step.
fn holds(board: &Board) -> Result<(), TestCaseError> {
    for entry in &board.entries {
        let twice = board.entries.iter().filter(|other| other.registration_id == entry.registration_id).count();
        prop_assert_eq!(twice, 1, "one for each registration");
        let agreed = board.companions(entry.id);
        let people: i32 = agreed.iter().filter_map(|key| board.entry(*key)).map(|guest| guest.seats).sum();
        match entry.side {
            Side::Offer => prop_assert_eq!(entry.seats_taken, people, "what is counted is who sits there"),
            Side::Request => prop_assert!(entry.seats_taken == 0 && agreed.len() <= 1, "nobody sits in two cars"),
        }
        prop_assert!(entry.seats_taken <= entry.seats, "{} of {}", entry.seats_taken, entry.seats);
        let mine = |pair: &&Pair| pair.is_of(entry.id) && pair.state == Stage::Asked && pair.asked_by == entry.side;
        prop_assert!(board.pairs.iter().filter(mine).count() <= MOST);
    }
    for pair in &board.pairs {
        let (car, guest) = (board.entry(pair.offer_id), board.entry(pair.request_id));
        let (Some(car), Some(guest)) = (car, guest) else {
            return Err(TestCaseError::fail("a pair of which one is gone"));
        };
        prop_assert_eq!((car.side, guest.side), (Side::Offer, Side::Request));
        let same = |other: &&Pair| (other.offer_id, other.request_id) == (pair.offer_id, pair.request_id);
        prop_assert_eq!(board.pairs.iter().filter(same).count(), 1);
        if pair.state == Stage::Asked {
            prop_assert!(board.may_go(car, guest), "a question that nobody can say yes to");
        }
    }
    Ok(())
}

/// Who waits for an answer or goes with somebody and does not any more, by what another did, is told; once.
fn told_well(before: &Board, after: &Board, told: &[Told], by: Option<i64>) -> Result<(), TestCaseError> {
    for one in told {
        let is_mine = Some(one.to.registration_id) == by;
        prop_assert!(!is_mine || one.news == News::Agreed, "told of what she did: {one:?}");
        if let (News::Agreed, Some(other)) = (one.news, &one.other) {
            prop_assert!(after.companions(one.to.id).contains(&other.id), "a name for who does not go along");
        }
        let same =
            |other: &&Told| other.to.registration_id == one.to.registration_id && other.to.version == one.to.version;
        prop_assert_eq!(told.iter().filter(same).count(), 1, "each mail has a number of its own");
    }
    // Of a seat that was not to be had before hears who looked for one and had none, once, and nobody else.
    let seats = |board: &Board| -> Vec<(i64, i64)> {
        let (cars, guests): (Vec<&Entry>, Vec<&Entry>) = board.entries.iter().partition(|one| one.side == Side::Offer);
        let fit = |car: &&Entry, guest: &&Entry| board.may_go(car, guest) && suits(car, guest);
        let of = |guest: &Entry| {
            cars.iter()
                .filter(|car| fit(car, &guest))
                .map(|car| (car.registration_id, guest.registration_id))
                .collect::<Vec<_>>()
        };
        guests.into_iter().flat_map(of).collect()
    };
    let (had, has) = (seats(before), seats(after));
    for (car, guest) in &has {
        let (Some(one), Some(other)) = (after.of(*guest), after.of(*car)) else { continue };
        let about = |told: &&Told| told.other.as_ref().is_some_and(|told| told.registration_id == *car);
        let hears = told.iter().filter(|told| told.news == News::Found && told.to.id == one.id).filter(about).count();
        let looked = before.of(*guest).is_some_and(|known| known.side == Side::Request && !before.is_seated(known.id));
        let is_asked = after.pairs.iter().any(|pair| pair.is_of(one.id) && pair.is_of(other.id));
        let is_new = !had.contains(&(*car, *guest)) && looked && !is_asked && Some(*guest) != by;
        prop_assert_eq!(hears, usize::from(is_new), "{:?} of {:?}", one, other);
    }
    let found = told.iter().filter(|told| told.news == News::Found);
    let known = |told: &Told| told.other.as_ref().map(|car| (car.registration_id, told.to.registration_id));
    prop_assert!(found.clone().all(|told| known(told).is_some_and(|pair| has.contains(&pair))), "a seat that is none");
    for pair in before.pairs.iter().filter(|pair| pair.state != Stage::Declined) {
        let is_kept = after.pairs.iter().any(|kept| kept.id == pair.id && kept.state != Stage::Declined);
        for key in [pair.offer_id, pair.request_id].into_iter().filter(|_| !is_kept) {
            let Some(left) = after.entry(key) else { continue };
            // Who agrees with another hears that; else what became of this question.
            let heard = told.iter().filter(|one| one.to.id == key);
            let about = heard.clone().filter(|one| one.other.as_ref().is_some_and(|other| other.id == pair.other(key)));
            let ends = about.filter(|one| matches!(one.news, News::Gone | News::Parted | News::Declined)).count();
            let is_mine = Some(left.registration_id) == by;
            prop_assert!(ends <= usize::from(!is_mine), "told {ends} times: {left:?} of {pair:?}");
            prop_assert!(is_mine || heard.count() > 0, "not told: {left:?} of {pair:?}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_no_seat_is_given_twice_nobody_is_left_without_a_word(acts in prop::collection::vec(act(), 1..60)) {
        let (mut board, mut next) = (Board::default(), (1, 1));
        for act in acts {
            let act = look(&board, act);
            let (before, by) = (board.clone(), doer(&act));
            let done = board.apply(act.clone(), &suits, DateTime::UNIX_EPOCH);
            number(&mut board, &mut next);
            holds(&board)?;
            match done {
                Err(_) => prop_assert_eq!(&board, &before, "what is refused changes nothing"),
                Ok(told) => told_well(&before, &board, &told, by)?,
            }
        }
    }
}

#[test]
fn the_last_seat_goes_to_one_and_the_other_is_told() {
    let mut board = Board::default();
    let mut next = (1, 1);
    let mut now = |board: &mut Board, act: Act| {
        let told = board.apply(act, &suits, DateTime::UNIX_EPOCH);
        number(board, &mut next);
        told
    };
    let car = entry(1, Side::Offer, 0, 1);
    let ask = |by| Act::Ask { by, with: 1, seen: car.mark() };
    let yes = |by| Act::Answer { by, pair: 1, seen: Some(entry(2, Side::Request, 0, 1).mark()) };
    now(&mut board, Act::Put(car.clone())).unwrap();
    for guest in [2, 3] {
        now(&mut board, Act::Put(entry(guest, Side::Request, 0, 1))).unwrap();
        let told = now(&mut board, ask(guest)).unwrap();
        assert_eq!((told.len(), told[0].news, told[0].to.registration_id), (1, News::Asked, 1));
    }
    assert_eq!(now(&mut board, yes(2)), Err(Refusal::Over), "not hers to answer");
    let told = now(&mut board, yes(1)).unwrap();
    let told: Vec<_> = told.iter().map(|one| (one.to.registration_id, one.news)).collect();
    assert_eq!(told, [(2, News::Agreed), (1, News::Agreed), (3, News::Gone)]);
    assert_eq!(now(&mut board, ask(3)), Err(Refusal::Full));
    assert!(now(&mut board, yes(1)).unwrap().is_empty(), "pressed twice");
}

#[test]
fn who_saw_another_hour_reads_again_before_she_agrees() {
    let mut board = Board::default();
    let mut next = (1, 1);
    for act in [Act::Put(entry(1, Side::Offer, 0, 2)), Act::Put(entry(2, Side::Request, 0, 1))] {
        board.apply(act, &suits, DateTime::UNIX_EPOCH).unwrap();
        number(&mut board, &mut next);
    }
    let seen = board.entries.iter().map(Entry::mark).collect::<Vec<_>>();
    let ask = Act::Ask { by: 1, with: 2, seen: seen[1].clone() };
    board.apply(ask, &suits, DateTime::UNIX_EPOCH).unwrap();
    number(&mut board, &mut next);
    board.apply(Act::Put(entry(1, Side::Offer, 2, 2)), &suits, DateTime::UNIX_EPOCH).unwrap();
    let yes = |board: &mut Board, seen: String| {
        board.apply(Act::Answer { by: 2, pair: 1, seen: Some(seen) }, &suits, DateTime::UNIX_EPOCH).map(drop)
    };
    assert_eq!(yes(&mut board, seen[0].clone()), Err(Refusal::Changed));
    let now = board.entries[0].mark();
    assert_eq!(yes(&mut board, now), Ok(()));
}
