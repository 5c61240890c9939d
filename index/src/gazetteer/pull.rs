//! Which of several communes is meant: the larger and the nearer to home.

use super::Gazetteer;

/// A commune of the home department is meant ten times rather than a like one elsewhere.
const HOME: f32 = 10.0;
/// Kilometres at which nearness stops mattering.
const NEAR: f32 = 20.0;
/// For communes without a point, and for those overseas.
const FAR: f32 = 1000.0;

/// Department codes with the middle of their communes.
#[derive(Debug, Default)]
pub(super) struct Departments(Vec<Department>);

#[derive(Debug)]
struct Department {
    code: String,
    /// Latitude and longitude; a sum until `settle`.
    middle: (f64, f64),
    points: f64,
}

impl Departments {
    /// Number of the department, one more point counted.
    pub(super) fn add(&mut self, code: &str, point: Option<(f64, f64)>) -> u16 {
        // Entries come sorted by code, so the last department is nearly always the one.
        let at = self.0.iter().rposition(|department| department.code == code).unwrap_or_else(|| {
            self.0.push(Department { code: code.to_owned(), middle: (0.0, 0.0), points: 0.0 });
            self.0.len() - 1
        });
        if let Some((lat, lon)) = point {
            let department = &mut self.0[at];
            department.middle = (department.middle.0 + lat, department.middle.1 + lon);
            department.points += 1.0;
        }
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    pub(super) fn settle(&mut self) {
        for Department { middle, points, .. } in &mut self.0 {
            *middle = (middle.0 / points.max(1.0), middle.1 / points.max(1.0));
        }
    }
}

/// Where the question comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Home {
    pub(super) department: u16,
    middle: (f32, f32),
}

impl Gazetteer {
    /// The home department, when it is known here.
    pub(super) fn home(&self, department: Option<&str>) -> Option<Home> {
        let at = self.departments.0.iter().position(|known| Some(known.code.as_str()) == department)?;
        Some(Home { department: u16::try_from(at).ok()?, middle: super::single(self.departments.0[at].middle) })
    }

    /// How strongly a commune draws: its inhabitants over the square of the distance from home.
    pub(super) fn pull(&self, commune: u32, home: Option<Home>) -> f32 {
        let place = &self.places[commune as usize];
        #[expect(clippy::cast_precision_loss, reason = "an order of magnitude is enough")]
        let inhabitants = place.population as f32 + 50.0;
        let Some(home) = home else { return inhabitants };
        let away = NEAR + self.kilometres(commune, home);
        let pull = inhabitants / (away * away);
        if place.department == home.department { HOME * pull } else { pull }
    }

    /// Rough kilometres from the middle of the home department.
    pub(super) fn kilometres(&self, commune: u32, home: Home) -> f32 {
        let Some((lat, lon)) = self.places[commune as usize].point else { return FAR };
        let (north, east) = ((lat - home.middle.0) * 111.0, (lon - home.middle.1) * 78.0);
        north.hypot(east)
    }
}
