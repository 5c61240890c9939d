//! Points on the sphere. Distances are great-circle kilometres on a sphere of 6371.0088 km (the mean radius of WGS84),
//! within 0.5 % of the ellipsoid.

/// Mean radius of the Earth in kilometres.
pub const EARTH_KM: f64 = 6371.0088;

/// A point in WGS84 degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Latitude, -90 to 90.
    pub lat: f64,
    /// Longitude, -180 to 180.
    pub lon: f64,
}

impl Point {
    /// A point on the globe: latitude within ±90, longitude within ±180, or nothing.
    #[must_use]
    pub fn new(lat: f64, lon: f64) -> Option<Self> {
        ((-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon)).then_some(Self { lat, lon })
    }

    /// Great-circle distance in kilometres.
    ///
    /// ```
    /// use index::geo::Point;
    /// let puy = Point { lat: 45.0435, lon: 3.8852 };
    /// let brioude = Point { lat: 45.2942, lon: 3.3842 };
    /// assert!((puy.distance_km(brioude) - 48.2).abs() < 0.5);
    /// ```
    #[must_use]
    pub fn distance_km(self, other: Self) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = ((b - a) / 2.0).sin();
        let half_lon = ((other.lon - self.lon).to_radians() / 2.0).sin();
        let h = half_lat * half_lat + a.cos() * b.cos() * half_lon * half_lon;
        2.0 * EARTH_KM * h.sqrt().min(1.0).asin()
    }

    /// The point on the unit sphere; differences of these order distances without trigonometry.
    pub(crate) fn unit(self) -> [f32; 3] {
        let (lat, lon) = (self.lat.to_radians(), self.lon.to_radians());
        #[expect(clippy::cast_possible_truncation, reason = "a metre on the ground is enough to order by")]
        let narrow = |x: f64| x as f32;
        [narrow(lat.cos() * lon.cos()), narrow(lat.cos() * lon.sin()), narrow(lat.sin())]
    }
}

/// Squared chord between two points of the unit sphere: grows with the distance.
pub(crate) fn chord2(a: [f32; 3], b: [f32; 3]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// The squared chord that belongs to a distance.
pub(crate) fn chord2_of_km(km: f64) -> f32 {
    let chord = 2.0 * (km / (2.0 * EARTH_KM)).min(std::f64::consts::FRAC_PI_2).sin();
    #[expect(clippy::cast_possible_truncation, reason = "compared with other squared chords only")]
    let narrow = (chord * chord) as f32;
    narrow
}

/// A box of degrees; `west > east` passes the 180th meridian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Westernmost longitude.
    pub west: f64,
    /// Southernmost latitude.
    pub south: f64,
    /// Easternmost longitude.
    pub east: f64,
    /// Northernmost latitude.
    pub north: f64,
}

impl Bounds {
    /// Whether the point lies in the box, its edges included.
    #[must_use]
    pub fn contains(&self, p: Point) -> bool {
        let within = if self.west <= self.east {
            (self.west..=self.east).contains(&p.lon)
        } else {
            p.lon >= self.west || p.lon <= self.east
        };
        within && (self.south..=self.north).contains(&p.lat)
    }
}

/// Rings of a polygon, or of several, in degrees; a point is inside when it crosses an odd number of them (holes count).
#[derive(Clone, Debug, PartialEq)]
pub struct Polygon {
    rings: Vec<Vec<Point>>,
    bounds: Bounds,
}

impl Polygon {
    /// A polygon from its rings (outer ones and holes alike); nothing when no ring has three points.
    #[must_use]
    pub fn new(rings: Vec<Vec<Point>>) -> Option<Self> {
        let rings: Vec<Vec<Point>> = rings.into_iter().filter(|r| r.len() >= 3).collect();
        let all = || rings.iter().flatten();
        let low = |f: fn(&Point) -> f64| all().map(f).fold(f64::INFINITY, f64::min);
        let high = |f: fn(&Point) -> f64| all().map(f).fold(f64::NEG_INFINITY, f64::max);
        let bounds =
            Bounds { west: low(|p| p.lon), south: low(|p| p.lat), east: high(|p| p.lon), north: high(|p| p.lat) };
        (!rings.is_empty()).then_some(Self { rings, bounds })
    }

    /// Whether the point lies inside.
    #[must_use]
    pub fn contains(&self, p: Point) -> bool {
        self.bounds.contains(p) && self.rings.iter().filter(|ring| crosses(ring, p)).count() % 2 == 1
    }
}

/// Whether a line eastwards from the point crosses the ring an odd number of times.
fn crosses(ring: &[Point], p: Point) -> bool {
    let mut inside = false;
    let mut last = ring[ring.len() - 1];
    for &now in ring {
        if (now.lat > p.lat) != (last.lat > p.lat) {
            let lon = last.lon + (p.lat - last.lat) / (now.lat - last.lat) * (now.lon - last.lon);
            if p.lon < lon {
                inside = !inside;
            }
        }
        last = now;
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_hole_is_outside() {
        let square = |w: f64, e: f64| {
            vec![Point { lat: w, lon: w }, Point { lat: w, lon: e }, Point { lat: e, lon: e }, Point { lat: e, lon: w }]
        };
        let ring = Polygon::new(vec![square(0.0, 10.0), square(4.0, 6.0)]).expect("two rings");
        assert!(ring.contains(Point { lat: 1.0, lon: 1.0 }));
        assert!(!ring.contains(Point { lat: 5.0, lon: 5.0 }));
        assert!(!ring.contains(Point { lat: 11.0, lon: 5.0 }));
        assert_eq!(Polygon::new(vec![Vec::new()]), None);
    }

    proptest! {
        #[test]
        fn the_chord_orders_as_the_distance(lat in 41.0..51.0, lon in -5.0..9.0, lat2 in 41.0..51.0, lon2 in -5.0..9.0, lat3 in 41.0..51.0, lon3 in -5.0..9.0) {
            let (a, b, c) = (Point { lat, lon }, Point { lat: lat2, lon: lon2 }, Point { lat: lat3, lon: lon3 });
            let (near, far) = (a.distance_km(b), a.distance_km(c));
            if (near - far).abs() > 0.01 {
                prop_assert_eq!(near < far, chord2(a.unit(), b.unit()) < chord2(a.unit(), c.unit()));
            }
        }
    }
}
