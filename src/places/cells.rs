//! The ground around each commune's point: nearer to it than to any other (Voronoi cells), united into areas.
//!
//! Membership is known by code and shapes are not: the border between two communes runs about half-way between their points,
//! which the cells tell to within a kilometre. At sea and abroad, where there are no communes, a grid of other points stands
//! for them, as far away as communes are from each other here.

use geo::{Area, Contains, Coord, MapCoords, MultiPoint, MultiPolygon, Polygon, Voronoi, unary_union};

use super::Point;

/// Degrees of latitude per kilometre.
const KILOMETRE: f64 = 1.0 / 111.195;
/// How far around the members other communes shape their cells: this far at least, or this many widths of a commune.
const MARGIN: f64 = 12.0 * KILOMETRE;
const MARGIN_WIDTHS: f64 = 3.0;
/// Which neighbour's distance tells how wide communes are here.
const NEIGHBOUR: usize = 5;
/// The grid begins this many widths away from a commune.
const SHORE: f64 = 1.3;
/// Gaps smaller than this, in square kilometres, are accidents of the method, not enclaves.
const SMALLEST_GAP: f64 = 5.0;

/// The ground of the members among all communes; coordinates are longitude, latitude in degrees.
///
/// Nothing when the members have no points.
pub(super) fn ground(members: &[Point], others: &[Point]) -> Option<MultiPolygon<f64>> {
    let plane = Plane::around(members)?;
    let others = others.iter().map(|point| plane.flat(*point)).filter(|site| plane.holds(*site));
    let members = members.iter().map(|point| plane.flat(*point));
    let mut communes: Vec<(Coord, bool)> =
        members.map(|site| (site, true)).chain(others.map(|site| (site, false))).collect();
    // Communes that parted not long ago still share a point: there is one cell for both.
    communes.sort_by(|(a, _), (b, _)| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    communes.dedup_by_key(|(site, _)| *site);
    let sites: Vec<Coord> = communes.iter().map(|(site, _)| *site).collect();
    let points: MultiPoint = sites.iter().copied().chain(plane.grid(&sites)).map(geo::Point::from).collect();
    // Cells come in the order of their sites; one that is squeezed flat is left out.
    let mut cells = points.voronoi_cells().ok()?.into_iter().peekable();
    let own_cell = |(site, is_member): &(Coord, bool)| cells.next_if(|cell| cell.contains(site)).filter(|_| *is_member);
    let ground: Vec<Polygon> = communes.iter().filter_map(own_cell).collect();
    Some(plane.round(&without_gaps(unary_union(&ground))))
}

fn without_gaps(area: MultiPolygon<f64>) -> MultiPolygon<f64> {
    let smallest = SMALLEST_GAP * KILOMETRE * KILOMETRE;
    let whole = |polygon: Polygon| {
        let (outside, mut gaps) = polygon.into_inner();
        gaps.retain(|gap| Polygon::new(gap.clone(), Vec::new()).unsigned_area() > smallest);
        Polygon::new(outside, gaps)
    };
    area.into_iter().map(whole).collect()
}

/// Degrees of longitude shortened so that distances are alike in all directions around a middle latitude.
struct Plane {
    shortening: f64,
    low: Coord,
    high: Coord,
}

impl Plane {
    fn around(points: &[Point]) -> Option<Self> {
        let (south, north) = bounds(points.iter().map(|point| point.lat))?;
        let shortening = f64::midpoint(south, north).to_radians().cos();
        let (west, east) = bounds(points.iter().map(|point| point.lon * shortening))?;
        let flat: Vec<Coord> = points.iter().map(|point| Coord { x: point.lon * shortening, y: point.lat }).collect();
        let margin = MARGIN.max(MARGIN_WIDTHS * usual_width(&flat));
        let low = Coord { x: west - margin, y: south - margin };
        Some(Self { shortening, low, high: Coord { x: east + margin, y: north + margin } })
    }

    fn flat(&self, point: Point) -> Coord {
        Coord { x: point.lon * self.shortening, y: point.lat }
    }

    fn round(&self, area: &MultiPolygon<f64>) -> MultiPolygon<f64> {
        area.map_coords(|corner| Coord { x: corner.x / self.shortening, y: corner.y })
    }

    fn holds(&self, site: Coord) -> bool {
        (self.low.x..=self.high.x).contains(&site.x) && (self.low.y..=self.high.y).contains(&site.y)
    }

    /// Points where no commune is; the communes are sorted from west to east.
    fn grid(&self, communes: &[Coord]) -> Vec<Coord> {
        let usual = usual_width(communes);
        // An island is not as wide as the mainland is far.
        let widest = SHORE * SHORE * usual;
        let shores: Vec<f64> = communes.iter().map(|site| (SHORE * width(*site, communes)).min(widest)).collect();
        let is_empty = |site: &Coord| {
            let from = communes.partition_point(|commune| commune.x < site.x - widest);
            let mut near =
                communes[from..].iter().zip(&shores[from..]).take_while(|(commune, _)| commune.x <= site.x + widest);
            near.all(|(commune, shore)| distance(*commune, *site) > *shore)
        };
        let step = usual / 2.0;
        let rows = count((self.high.y - self.low.y) / step);
        let columns = count((self.high.x - self.low.x) / step);
        // Every other row is shifted: four points of a square would leave their common corner undecided.
        let at = |row: i32, column: i32| Coord {
            x: self.low.x + step * (f64::from(column) + f64::from(row % 2) / 2.0),
            y: self.low.y + step * f64::from(row),
        };
        (0..rows).flat_map(|row| (0..columns).map(move |column| at(row, column))).filter(is_empty).collect()
    }
}

/// Distance to the fifth neighbour.
fn width(site: Coord, communes: &[Coord]) -> f64 {
    let mut distances: Vec<f64> = communes.iter().map(|other| distance(site, *other)).collect();
    let last = NEIGHBOUR.min(distances.len() - 1);
    let (_, width, _) = distances.select_nth_unstable_by(last, f64::total_cmp);
    width.max(KILOMETRE)
}

fn usual_width(communes: &[Coord]) -> f64 {
    let mut widths: Vec<f64> = communes.iter().map(|site| width(*site, communes)).collect();
    let middle = widths.len() / 2;
    *widths.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// Steps of the grid, within reason.
fn count(steps: f64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "between 1 and 300")]
    let count = steps.clamp(1.0, 300.0) as i32;
    count
}

fn distance(from: Coord, to: Coord) -> f64 {
    (from.x - to.x).hypot(from.y - to.y)
}

fn bounds(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |bounds, value| match bounds {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}
