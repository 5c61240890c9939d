//! How far somebody is from the way of a car, and whether their hours agree. Distances are great circles, longer by what
//! roads wind; as communes are points, they are said with « environ ».

use chrono::Timelike;

use super::entry::{Entry, Side};
use crate::app::App;
use crate::farm_visits::farm_visit::FarmVisit;
use crate::farm_visits::visit_date::VisitDate;
use crate::places::{Places, commune::Point};

/// How much longer roads are than the straight line, in hilly country.
const WINDING: f64 = 1.3;
/// Kilometres in a minute, stops included.
const SPEED: f64 = 0.9;
/// Minutes that people arrange among themselves.
const GIVE: i32 = 15;

/// The ways to one date of a visit.
pub(super) struct Road<'a> {
    places: &'a Places,
    farm: Option<Point>,
    /// Minutes since midnight by the clock on the wall when the visit begins.
    begins: i32,
}

/// What it means for a car to take somebody along.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Way {
    /// Kilometres that it drives more; nothing when a place is unknown.
    pub(super) detour_km: Option<f64>,
    /// When it comes by, in minutes since midnight, to five minutes.
    pub(super) passes_at: i32,
}

impl<'a> Road<'a> {
    /// The ways to where one meets, or to the commune when that is not on the map.
    pub(super) fn new(app: &'a App, visit: &FarmVisit, date: &VisitDate) -> Self {
        let begins = app.local(date.starts_at).time();
        let places: &Places = &app.places;
        let farm = visit.position().and_then(|(lat, lon)| Point::new(lat, lon));
        let farm = farm.or_else(|| point(places, &visit.insee_code));
        Self { places, farm, begins: i32::try_from(begins.num_seconds_from_midnight() / 60).unwrap_or_default() }
    }

    /// When the visit begins, in minutes since midnight.
    pub(super) fn begins(&self) -> i32 {
        self.begins
    }

    /// What it means when both go together, whichever of both is the car; nothing when their hours do not agree.
    pub(super) fn way(&self, one: &Entry, other: &Entry) -> Option<Way> {
        let (car, guest) = if one.side == Side::Offer { (one, other) } else { (other, one) };
        let [from, via] = [car, guest].map(|entry| point(self.places, &entry.insee_code));
        let points = from.zip(via).zip(self.farm);
        let km = points.map(|((from, via), farm)| [road(from, via), road(via, farm), road(from, farm)]);
        let [to_guest, to_farm, direct] = km.unwrap_or_default().map(minutes);
        let passes_at = car.leaves_at + to_guest;
        // Who would be late alone already is not later for it than she is.
        let latest = self.begins.max(car.leaves_at + direct) + GIVE;
        let agree = passes_at + GIVE >= guest.leaves_at && passes_at + to_farm <= latest;
        agree.then(|| Way {
            detour_km: km.map(|[to_guest, to_farm, direct]| (to_guest + to_farm - direct).max(0.0)),
            passes_at: (passes_at.max(guest.leaves_at) + 2) / 5 * 5,
        })
    }
}

fn point(places: &Places, insee_code: &str) -> Option<Point> {
    places.commune(insee_code).and_then(|commune| commune.point)
}

fn road(from: Point, to: Point) -> f64 {
    from.distance_km(to) * WINDING
}

#[expect(clippy::cast_possible_truncation, reason = "a way on Earth is shorter than 30,000 minutes")]
fn minutes(km: f64) -> i32 {
    (km / SPEED).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// To Yssingeaux, where a visit begins at ten.
    fn way(car: (&str, i32), guest: (&str, i32)) -> Option<Way> {
        let places = Places::embedded();
        let road = Road { places: &places, farm: point(&places, "43268"), begins: 600 };
        let entry = |(insee_code, leaves_at): (&str, i32), side| Entry {
            id: 0,
            visit_date_id: 1,
            registration_id: 1,
            side,
            insee_code: insee_code.to_owned(),
            leaves_at,
            seats: 1,
            seats_taken: 0,
            is_return: false,
            is_doubtful: false,
            phone: String::new(),
            words: String::new(),
            version: 1,
        };
        let (car, guest) = (entry(car, Side::Offer), entry(guest, Side::Request));
        assert_eq!(road.way(&car, &guest), road.way(&guest, &car));
        road.way(&car, &guest)
    }

    #[test]
    fn who_lives_on_the_way_is_no_detour_and_who_lives_beyond_is_one() {
        // From Le Puy: Saint-Hostien lies on the road, Brioude behind.
        let near = way(("43157", 480), ("43194", 480)).unwrap();
        assert!(near.detour_km.unwrap() < 5.0, "{near:?}");
        let far = way(("43157", 420), ("43040", 420)).unwrap();
        assert!(far.detour_km.unwrap() > 80.0, "{far:?}");
        assert_eq!(way(("43157", 480), ("43157", 480)).unwrap().detour_km, Some(0.0), "the same town");
    }

    #[test]
    fn hours_agree_when_the_car_comes_by_late_enough_and_is_there_in_time() {
        assert!(way(("43157", 480), ("43194", 540)).is_none(), "gone by then");
        assert_eq!(way(("43157", 540), ("43194", 540)).unwrap().passes_at % 5, 0);
        assert!(way(("43157", 540), ("43040", 400)).is_none(), "too late at the farm");
        assert!(way(("43157", 595), ("43157", 500)).is_some(), "who is late anyway is late with her");
    }
}
