//! What came of the appointments of a made-up day: each kind, so that the report shows them all.

use super::outcome::{Said, Upshot};
use crate::speed_meetings::edition::Side;

/// What the canteen and the supplier of a made-up appointment say, one after the other: each kind as often as it happens, and
/// now and then the two say different things.
const MADE_UP: [[Said; 2]; 13] = {
    use Upshot::{Contact, Nothing, Order, Quote, Sample};
    const fn both(one: Upshot, other: Upshot) -> [Said; 2] {
        [Said::Came(one), Said::Came(other)]
    }
    [
        both(Contact, Contact),
        both(Quote, Quote),
        both(Sample, Sample),
        both(Nothing, Contact),
        both(Order, Order),
        both(Contact, Quote),
        [Said::NotHeld, Said::NotHeld],
        both(Quote, Quote),
        both(Sample, Contact),
        both(Nothing, Nothing),
        both(Contact, Contact),
        both(Order, Quote),
        both(Contact, Sample),
    ]
};

/// What a side says of the appointment at this place of a made-up day.
pub(super) fn said(place: usize, side: Side) -> Said {
    let [canteen, supplier] = MADE_UP[place % MADE_UP.len()];
    match side {
        Side::Canteen => canteen,
        Side::Supplier => supplier,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_up_day_of_twenty_appointments_has_each_kind_on_both_sides() {
        for side in [Side::Canteen, Side::Supplier] {
            let said: Vec<Said> = (0..20).map(|place| super::said(place, side)).collect();
            let missing: Vec<Said> = Said::ALL.into_iter().filter(|kind| !said.contains(kind)).collect();
            assert!(missing.is_empty(), "{side:?} never says {missing:?}");
        }
    }
}
