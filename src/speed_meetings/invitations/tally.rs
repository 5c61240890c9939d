use sea_orm::{ConnectionTrait, DbErr};

use super::invitation::Way;
use super::trace::{Answer, Entry, Trace};
use crate::speed_meetings::edition::Side;
use crate::speed_meetings::participant::Standing;

/// Whom an invitation was for, in the order of the columns; none: both sides at once.
const SIDES: [Option<Side>; 3] = [Some(Side::Canteen), Some(Side::Supplier), None];
const ANSWERS: [Answer; 5] = [
    Answer::Came(Standing::Registered),
    Answer::Came(Standing::Waiting),
    Answer::Came(Standing::Withdrawn),
    Answer::Silent,
    Answer::Unknown,
];

/// What is counted, and how many of it: canteens, suppliers, invitations to both.
pub(in crate::speed_meetings) type Count = (String, [u64; 3]);

/// How many were invited to an edition, in what way and with what answer; what there is none of is left out.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn tally(db: &impl ConnectionTrait, edition: i64) -> Result<Vec<Count>, DbErr> {
    Ok(counted(&Trace::of(db, edition).await?))
}

fn counted(trace: &Trace) -> Vec<Count> {
    let of = |wanted: &dyn Fn(&Entry) -> bool| {
        SIDES.map(|side| trace.entries.iter().filter(|entry| entry.side == side && wanted(entry)).count() as u64)
    };
    let mut counts = vec![("Invités".to_owned(), of(&|_| true))];
    counts.extend(Way::ALL.map(|way| {
        let name = format!("Invités {}", way.label());
        (name, of(&|entry| entry.times.iter().any(|time| time.way == way)))
    }));
    counts.extend(ANSWERS.map(|answer| {
        let name = format!("Réponse\u{a0}: {}", answer.label());
        (name, of(&|entry| entry.answer == answer))
    }));
    let unasked = SIDES.map(|side| trace.unasked.iter().filter(|one| Some(**one) == side).count() as u64);
    counts.push(("Inscrits sans avoir été invités".to_owned(), unasked));
    counts.retain(|(_, counts)| counts.iter().sum::<u64>() > 0);
    counts
}
