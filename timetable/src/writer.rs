//! Writes meet/1, and meet-solution/1, which it also reads.

use serde_json::{Map, Value, json};

use super::checker::Timetable;
use super::figures::{Figure, Figures};
use super::instance::{Instance, Mode, Participant, Wish};
use super::reason::Reason;

/// Wish and slot of each meeting, and proven limits.
type Known = (Vec<(usize, usize)>, Vec<(Figure, i64)>);

/// A day in meet/1, as [`read`](super::read) takes it.
#[must_use]
pub fn write_instance(day: &Instance) -> String {
    let mode = match day.mode {
        Mode::Choose => "choose",
        Mode::Repair => "repair",
        Mode::All => "all",
    };
    let person =
        |p: &Participant| json!({"id": p.id, "side": p.side, "available": p.available, "min": p.min, "max": p.max});
    let wish = |w: &Wish| json!({"a": w.a, "b": w.b, "rank_a": w.rank_a, "rank_b": w.rank_b, "weight": w.weight, "slots": w.slots});
    let pin = |(wish, slot): &(usize, usize)| json!({"wish": wish, "slot": slot});
    let previous = day.previous.as_ref().map(|p| json!({"frozen": p.frozen, "meetings": p.meetings}));
    let file = json!({
        "format": "meet/1",
        "name": day.name,
        "mode": mode,
        "slots": day.slots(),
        "tables": day.tables,
        "breaks": day.breaks,
        "seated": day.seated,
        "gap_cost": [day.gap_cost.run, day.gap_cost.slot],
        "gap_spread": day.gap_spread,
        "participants": day.participants.iter().map(person).collect::<Vec<_>>(),
        "wishes": day.wishes.iter().map(wish).collect::<Vec<_>>(),
        "pinned": day.pinned.iter().map(pin).collect::<Vec<_>>(),
        "before": day.before,
        "previous": previous,
    });
    file.to_string()
}

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

/// Wish and slot of each meeting, and the limits that were proven, of a file that [`solution`] or another solver wrote.
///
/// # Errors
/// In English, what is wrong in it.
pub fn read_solution(text: &str) -> Result<Known, String> {
    let file: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if file.get("format").and_then(Value::as_str) != Some("meet-solution/1") {
        return Err("format: meet-solution/1 is expected".to_owned());
    }
    let list = file.get("meetings").and_then(Value::as_array).ok_or("meetings: a list is expected")?;
    let mut meetings = Vec::new();
    for (n, entry) in list.iter().enumerate() {
        let number = |at: usize| Some(usize::try_from(entry.get(at)?.as_u64()?).unwrap_or(usize::MAX));
        let pair = number(0).zip(number(1));
        meetings.push(pair.ok_or_else(|| format!("meetings[{n}]: a wish and a slot are expected"))?);
    }
    let limit = |figure: Figure| Some((figure, file.get("bounds")?.get(figure.as_str())?.as_i64()?));
    let figures = [Figure::Empty, Figure::Shortfall, Figure::Changes, Figure::Weight, Figure::Gaps];
    Ok((meetings, figures.into_iter().filter_map(limit).collect()))
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
