//! Writes meet-solution/1.

use serde_json::{Map, Value, json};

use super::checker::Timetable;
use super::figures::{Figure, Figures};
use super::instance::Instance;
use super::reason::Reason;

/// A timetable and what is proven of it. `optimal`: no timetable is better, in any figure.
#[must_use]
pub fn solution(day: &Instance, timetable: &Timetable, optimal: bool, bounds: &[(Figure, i64)]) -> String {
    let limits: Map<String, Value> =
        bounds.iter().map(|(figure, value)| (figure.as_str().into(), json!(value))).collect();
    let order = Figure::order(day.mode);
    let values = |figures: &Figures| -> Map<String, Value> {
        order.iter().map(|figure| (figure.as_str().into(), json!(figures.get(*figure)))).collect()
    };
    let mut solution = frame(day.name.as_str(), if optimal { "optimal" } else { "feasible" });
    solution.insert("meetings".into(), json!(timetable.meetings()));
    solution.insert("figures".into(), Value::Object(values(&timetable.figures())));
    solution.insert("bounds".into(), Value::Object(limits));
    text(solution)
}

/// Why there is no timetable.
#[must_use]
pub fn refusal(name: &str, reasons: &[Reason]) -> String {
    let mut solution = frame(name, "refused");
    solution.insert("meetings".into(), json!([]));
    solution.insert("reasons".into(), reasons.iter().map(reason).collect());
    text(solution)
}

/// None was found in time.
#[must_use]
pub fn unknown(name: &str) -> String {
    let mut solution = frame(name, "unknown");
    solution.insert("meetings".into(), json!([]));
    text(solution)
}

fn reason(reason: &Reason) -> Value {
    let mut entry = Map::new();
    entry.insert("code".into(), json!(reason.code.as_str()));
    entry.insert("text".into(), json!(reason.text));
    let about = [("wish", reason.wish), ("participant", reason.participant), ("slot", reason.slot)];
    for (key, value) in about {
        if let Some(value) = value {
            entry.insert(key.into(), json!(value));
        }
    }
    if let Some(place) = &reason.place {
        entry.insert("place".into(), json!(place));
    }
    if !reason.changes.is_empty() {
        entry.insert("changes".into(), json!(reason.changes));
    }
    Value::Object(entry)
}

fn frame(name: &str, status: &str) -> Map<String, Value> {
    let mut solution = Map::new();
    solution.insert("format".into(), json!("meet-solution/1"));
    solution.insert("instance".into(), json!(name));
    solution.insert("status".into(), json!(status));
    solution.insert("solver".into(), json!("manger-local"));
    solution
}

fn text(solution: Map<String, Value>) -> String {
    let mut text = Value::Object(solution).to_string();
    text.push('\n');
    text
}
