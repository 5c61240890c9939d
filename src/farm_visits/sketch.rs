//! A small map for paper, drawn here so that it needs no network: where one meets among the towns around.

use crate::places::{Commune, Point};

/// Size of the drawing, in its own units, and how many of them a kilometre has: 30 kilometres by 15.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 300.0;
const KILOMETRE: f64 = 20.0;
/// Kilometres of a degree of latitude.
const DEGREE: f64 = 111.2;
/// Towns that are named.
const MOST: usize = 14;
/// Width of a letter and half the height of a line.
const LETTER: f64 = 7.5;
const HALF_LINE: f64 = 9.0;
/// From a town's dot to its name.
const GAP: f64 = 7.0;

/// The map, its middle being where one meets.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sketch {
    /// The towns that find room.
    pub(super) towns: Vec<Town>,
}

/// A town on it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Town {
    pub(super) name: String,
    /// Its dot.
    pub(super) x: f64,
    pub(super) y: f64,
    /// Where its name begins, or ends when it stands to the left.
    pub(super) label_x: f64,
    /// `start` or `end`.
    pub(super) anchor: &'static str,
}

/// Left, top, right, bottom.
type Frame = (f64, f64, f64, f64);

impl Sketch {
    /// Draws the surroundings of a point; the larger of two towns that are in each other's way is named, `own` before all.
    pub(super) fn around(point: Point, own: &str, communes: &[Commune]) -> Self {
        let narrowed = point.lat.to_radians().cos();
        let place = |at: Point| {
            let x = WIDTH / 2.0 + (at.lon - point.lon) * DEGREE * narrowed * KILOMETRE;
            let y = HEIGHT / 2.0 - (at.lat - point.lat) * DEGREE * KILOMETRE;
            (x.round(), y.round())
        };
        let near = communes.iter().filter_map(|commune| Some((commune, place(commune.point?))));
        let mut near: Vec<_> = near.filter(|(_, at)| fits((at.0, at.1, at.0, at.1))).collect();
        near.sort_by_key(|(commune, _)| (commune.insee_code.as_str() != own, std::cmp::Reverse(commune.population)));
        let (middle, half) = (WIDTH / 2.0, HEIGHT / 2.0);
        // The pin and its word, which stands below; the scale; the arrow to the north.
        let pin = (middle - 48.0, half - 26.0, middle + 48.0, half + 24.0);
        let mut taken: Vec<Frame> = vec![pin, (12.0, 256.0, 128.0, 292.0), (564.0, 8.0, 596.0, 62.0)];
        let mut towns = Vec::new();
        for (commune, (x, y)) in near {
            if let Some((town, frame)) = named(&commune.name, (x, y), &taken) {
                taken.push(frame);
                towns.push(town);
            }
            if towns.len() == MOST {
                break;
            }
        }
        Self { towns }
    }
}

/// A town with its name on the side where there is room.
fn named(name: &str, (x, y): (f64, f64), taken: &[Frame]) -> Option<(Town, Frame)> {
    let letters = u16::try_from(name.chars().count()).unwrap_or(u16::MAX);
    let length = GAP + f64::from(letters) * LETTER;
    let right = (x - GAP, y - HALF_LINE, x + length, y + HALF_LINE);
    let left = (x - length, y - HALF_LINE, x + GAP, y + HALF_LINE);
    let is_free = |frame: &Frame| fits(*frame) && !taken.iter().any(|other| overlap(*frame, *other));
    let (frame, label_x, anchor) = if is_free(&right) { (right, x + GAP, "start") } else { (left, x - GAP, "end") };
    is_free(&frame).then(|| (Town { name: name.to_owned(), x, y, label_x, anchor }, frame))
}

fn fits((left, top, right, bottom): Frame) -> bool {
    left >= 4.0 && top >= 4.0 && right <= WIDTH - 4.0 && bottom <= HEIGHT - 4.0
}

fn overlap(a: Frame, b: Frame) -> bool {
    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
}

#[cfg(test)]
mod tests {
    use super::{Point, Sketch, named, overlap};
    use crate::places::Places;

    #[test]
    fn towns_around_are_named_where_they_lie_and_not_over_each_other() {
        let places = Places::embedded();
        let own = places.commune("43157").unwrap();
        let point = own.point.unwrap();
        let sketch = Sketch::around(Point { lat: point.lat + 0.05, ..point }, "43157", places.communes());
        let puy = &sketch.towns[0];
        assert_eq!(puy.name, "Le Puy-en-Velay");
        assert!(puy.y > 200.0 && (puy.x - 300.0).abs() < 1.0, "five kilometres to the south: {puy:?}");
        assert!(sketch.towns.len() > 5, "{sketch:?}");
    }

    #[test]
    fn a_name_stands_on_the_left_when_the_right_is_taken_and_nowhere_when_both_are() {
        let right = (310.0, 90.0, 420.0, 110.0);
        assert_eq!(named("Brives", (300.0, 100.0), &[right]).unwrap().0.anchor, "end");
        assert_eq!(named("Brives", (300.0, 100.0), &[right, (200.0, 90.0, 290.0, 110.0)]), None);
        assert!(!overlap((0.0, 0.0, 1.0, 1.0), (1.0, 0.0, 2.0, 1.0)), "side by side");
    }
}
