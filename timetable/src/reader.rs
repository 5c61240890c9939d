//! Reads meet/1. Every fault names its place in the file; a day without a fault has every number within the day.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::instance::{GapCost, Instance, Mode, Participant, Previous, Wish};
use super::reason::Reason;

/// More faults than this are not listed.
const MOST_FAULTS: usize = 20;
/// Most slots of a day.
pub(super) const MOST_SLOTS: usize = 60_000;
/// Most participants × slots, and wishes × slots: what fits in memory.
const MOST_CELLS: usize = 20_000_000;
/// Most that all weights, or all waits of the worst day, may add up to.
const MOST_WORTH: i64 = 1 << 60;

/// Reads a day.
///
/// # Errors
/// What is wrong in the file, at most twenty faults, each with its place.
pub fn read(text: &str) -> Result<Instance, Vec<Reason>> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let place = format!("ligne {}, colonne {}", error.line(), error.column());
        vec![Reason::malformed(place, "ce n’est pas du JSON lisible")]
    })?;
    let mut reader = Reader { faults: Vec::new() };
    let instance = reader.instance(&value);
    match instance {
        Some(instance) if reader.faults.is_empty() => Ok(instance),
        _ => {
            if reader.faults.is_empty() {
                reader.fault("", "le fichier est incomplet");
            }
            Err(reader.faults)
        }
    }
}

struct Reader {
    faults: Vec<Reason>,
}

impl Reader {
    fn fault(&mut self, place: &str, text: impl std::fmt::Display) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(Reason::malformed(place, text));
        }
    }

    fn instance(&mut self, value: &Value) -> Option<Instance> {
        let Some(day) = value.as_object() else {
            self.fault("$", "un objet JSON est attendu");
            return None;
        };
        if day.get("format").and_then(Value::as_str) != Some("meet/1") {
            self.fault("format", "« meet/1 » est attendu");
        }
        let mode = match day.get("mode").and_then(Value::as_str) {
            Some("choose") => Some(Mode::Choose),
            Some("repair") => Some(Mode::Repair),
            Some("all") => Some(Mode::All),
            _ => {
                self.fault("mode", "« choose », « repair » ou « all » est attendu");
                None
            }
        };
        let name = self.text(day.get("name"), "name")?;
        let slots = self.number(day.get("slots"), "slots", 0, MOST_SLOTS as u64)? as usize;
        let tables: Vec<u64> = self
            .list(day.get("tables"), "tables")?
            .iter()
            .enumerate()
            .filter_map(|(t, v)| self.number(Some(v), &format!("tables[{t}]"), 0, u64::MAX))
            .collect();
        if tables.len() != slots {
            self.fault("tables", format!("il faut {slots} nombres, un par créneau"));
            return None;
        }
        let breaks = Self::optional(day, "breaks").map_or(Some(BTreeSet::new()), |v| self.slots(v, "breaks", slots))?;
        let seated = match Self::optional(day, "seated") {
            None => None,
            Some(v) => Some(self.text(Some(v), "seated")?),
        };
        let gap_cost = self.gap_cost(day)?;
        let gap_spread = match Self::optional(day, "gap_spread") {
            None => None,
            Some(v) => Some(self.number(Some(v), "gap_spread", 0, u64::MAX)?),
        };
        let participants = self.participants(day, slots)?;
        let wishes = self.wishes(day, participants.len(), slots)?;
        let instance = Instance {
            name,
            mode: mode?,
            breaks,
            tables,
            seated,
            gap_cost,
            gap_spread,
            pinned: self.pinned(day, wishes.len(), slots)?,
            before: self.before(day, wishes.len())?,
            previous: self.previous(day, wishes.len(), slots)?,
            participants,
            wishes,
        };
        self.whole(&instance);
        Some(instance)
    }

    fn participants(&mut self, day: &Map<String, Value>, slots: usize) -> Option<Vec<Participant>> {
        let list = self.list(day.get("participants"), "participants")?;
        if list.len().saturating_mul(slots) > MOST_CELLS {
            self.fault("participants", "trop de participants pour autant de créneaux");
            return None;
        }
        let mut participants = Vec::with_capacity(list.len());
        for (p, value) in list.iter().enumerate() {
            let at = format!("participants[{p}]");
            let Some(entry) = self.object(value, &at) else { continue };
            let id = self.text(entry.get("id"), &format!("{at}.id"));
            let side = self.text(entry.get("side"), &format!("{at}.side"));
            let place = format!("{at}.available");
            let available = match entry.get("available") {
                Some(v) => self.slots(v, &place, slots),
                None => self.missing(&place),
            };
            let min = self.number(entry.get("min"), &format!("{at}.min"), 0, u64::MAX);
            let max = self.number(entry.get("max"), &format!("{at}.max"), 0, u64::MAX);
            if let (Some(id), Some(side), Some(available), Some(min), Some(max)) = (id, side, available, min, max) {
                if min > max {
                    self.fault(&format!("{at}.min"), format!("le minimum {min} dépasse le maximum {max}"));
                }
                participants.push(Participant { id, side, available, min, max });
            }
        }
        (participants.len() == list.len()).then_some(participants)
    }

    fn wishes(&mut self, day: &Map<String, Value>, people: usize, slots: usize) -> Option<Vec<Wish>> {
        let list = self.list(day.get("wishes"), "wishes")?;
        if list.len().saturating_mul(slots) > MOST_CELLS {
            self.fault("wishes", "trop de souhaits pour autant de créneaux");
            return None;
        }
        let (mut wishes, mut total) = (Vec::with_capacity(list.len()), 0i64);
        for (w, value) in list.iter().enumerate() {
            let at = format!("wishes[{w}]");
            let Some(wish) = self.wish(value, &at, people, slots) else { continue };
            total = total.saturating_add(wish.weight);
            if total > MOST_WORTH {
                self.fault(&format!("{at}.weight"), "la somme des poids est trop grande");
                return None;
            }
            wishes.push(wish);
        }
        (wishes.len() == list.len()).then_some(wishes)
    }

    fn wish(&mut self, value: &Value, at: &str, people: usize, slots: usize) -> Option<Wish> {
        let entry = self.object(value, at)?;
        let mut person = |key: &str| {
            let place = format!("{at}.{key}");
            if people == 0 {
                self.fault(&place, "il n’y a aucun participant");
                return None;
            }
            self.number(entry.get(key), &place, 0, people as u64 - 1).map(|p| p as usize)
        };
        let (a, b) = (person("a"), person("b"));
        let weight = self.number(entry.get("weight"), &format!("{at}.weight"), 0, MOST_WORTH as u64);
        let mut rank = |key: &str| match entry.get(key) {
            None | Some(Value::Null) => Some(None),
            Some(v) => self.number(Some(v), &format!("{at}.{key}"), 1, u64::MAX).map(Some),
        };
        let (rank_a, rank_b) = (rank("rank_a"), rank("rank_b"));
        let only = match entry.get("slots") {
            None | Some(Value::Null) => None,
            Some(v) => Some(self.slots(v, &format!("{at}.slots"), slots)?),
        };
        let (a, b) = (a?, b?);
        if a == b {
            self.fault(at, "les deux participants sont la même personne");
            return None;
        }
        Some(Wish { a, b, rank_a: rank_a?, rank_b: rank_b?, weight: weight? as i64, slots: only })
    }

    fn pinned(&mut self, day: &Map<String, Value>, wishes: usize, slots: usize) -> Option<Vec<(usize, usize)>> {
        let Some(value) = Self::optional(day, "pinned") else { return Some(Vec::new()) };
        let list = self.list(Some(value), "pinned")?;
        let mut pinned = Vec::with_capacity(list.len());
        for (n, value) in list.iter().enumerate() {
            let at = format!("pinned[{n}]");
            let Some(entry) = self.object(value, &at) else { continue };
            let wish = self.position(entry.get("wish"), &format!("{at}.wish"), wishes);
            let slot = self.position(entry.get("slot"), &format!("{at}.slot"), slots);
            pinned.extend(wish.zip(slot));
        }
        (pinned.len() == list.len()).then_some(pinned)
    }

    fn before(&mut self, day: &Map<String, Value>, wishes: usize) -> Option<Vec<(usize, usize)>> {
        let Some(value) = Self::optional(day, "before") else { return Some(Vec::new()) };
        let list = self.list(Some(value), "before")?;
        let mut before = Vec::with_capacity(list.len());
        for (n, value) in list.iter().enumerate() {
            let at = format!("before[{n}]");
            let Some((i, j)) = self.pair(value, &at, wishes, wishes) else { continue };
            if i == j {
                self.fault(&at, "un rendez-vous ne peut pas être avant lui-même");
                continue;
            }
            before.push((i, j));
        }
        (before.len() == list.len()).then_some(before)
    }

    /// `Some(None)`: there is none.
    #[expect(clippy::option_option, reason = "absent and faulty differ")]
    fn previous(&mut self, day: &Map<String, Value>, wishes: usize, slots: usize) -> Option<Option<Previous>> {
        let Some(value) = Self::optional(day, "previous") else { return Some(None) };
        let entry = self.object(value, "previous")?;
        let frozen = self.number(entry.get("frozen"), "previous.frozen", 0, u64::MAX)?;
        let list = self.list(entry.get("meetings"), "previous.meetings")?;
        let (mut meetings, mut seen) = (Vec::with_capacity(list.len()), HashSet::new());
        for (n, value) in list.iter().enumerate() {
            let at = format!("previous.meetings[{n}]");
            let Some((wish, slot)) = self.pair(value, &at, wishes, slots) else { continue };
            if !seen.insert(wish) {
                self.fault(&at, format!("le souhait {wish} y est deux fois"));
                continue;
            }
            meetings.push((wish, slot));
        }
        let frozen = usize::try_from(frozen).unwrap_or(slots).min(slots);
        (meetings.len() == list.len()).then_some(Some(Previous { frozen, meetings }))
    }

    fn gap_cost(&mut self, day: &Map<String, Value>) -> Option<GapCost> {
        let Some(value) = Self::optional(day, "gap_cost") else { return Some(GapCost { run: 1, slot: 1 }) };
        let (run, slot) = self.pair(value, "gap_cost", 1 << 30, 1 << 30)?;
        Some(GapCost { run: run as i64, slot: slot as i64 })
    }

    /// What only the whole day shows.
    fn whole(&mut self, day: &Instance) {
        if day.is_repair() != day.previous.is_some() {
            self.fault("previous", "le mode « repair » et un planning précédent vont ensemble");
        }
        let mut pairs = HashSet::new();
        for (w, wish) in day.wishes.iter().enumerate() {
            if day.seated.is_some() && day.is_seated(wish.a) == day.is_seated(wish.b) {
                self.fault(&format!("wishes[{w}]"), "il faut une personne assise et une qui se déplace");
            }
            if day.mode != Mode::All && !pairs.insert((wish.a.min(wish.b), wish.a.max(wish.b))) {
                let text = "un autre souhait réunit déjà ces deux participants";
                self.fault(&format!("wishes[{w}]"), text);
            }
        }
    }

    fn optional<'v>(day: &'v Map<String, Value>, key: &str) -> Option<&'v Value> {
        day.get(key).filter(|value| !value.is_null())
    }

    fn missing<T>(&mut self, place: &str) -> Option<T> {
        self.fault(place, "cette valeur manque");
        None
    }

    fn text(&mut self, value: Option<&Value>, place: &str) -> Option<String> {
        let Some(value) = value else { return self.missing(place) };
        let text = value.as_str().map(ToOwned::to_owned);
        if text.is_none() {
            self.fault(place, "un texte est attendu");
        }
        text
    }

    fn object<'v>(&mut self, value: &'v Value, place: &str) -> Option<&'v Map<String, Value>> {
        let object = value.as_object();
        if object.is_none() {
            self.fault(place, "un objet est attendu");
        }
        object
    }

    fn list<'v>(&mut self, value: Option<&'v Value>, place: &str) -> Option<&'v [Value]> {
        let Some(value) = value else { return self.missing(place) };
        let list = value.as_array().map(Vec::as_slice);
        if list.is_none() {
            self.fault(place, "une liste est attendue");
        }
        list
    }

    fn number(&mut self, value: Option<&Value>, place: &str, least: u64, most: u64) -> Option<u64> {
        let Some(value) = value else { return self.missing(place) };
        let number = value.as_u64().filter(|n| (least..=most).contains(n));
        if number.is_none() {
            let range =
                if most == u64::MAX { format!("d’au moins {least}") } else { format!("de {least} à {most}") };
            let mut shown = value.to_string();
            if shown.chars().count() > 40 {
                shown = shown.chars().take(40).chain(['…']).collect();
            }
            self.fault(place, format!("un nombre entier {range} est attendu, il y a {shown}"));
        }
        number
    }

    fn position(&mut self, value: Option<&Value>, place: &str, length: usize) -> Option<usize> {
        let Some(last) = length.checked_sub(1) else {
            self.fault(place, "il n’y a rien à désigner");
            return None;
        };
        self.number(value, place, 0, last as u64).map(|n| n as usize)
    }

    fn pair(&mut self, value: &Value, place: &str, first: usize, second: usize) -> Option<(usize, usize)> {
        let list = self.list(Some(value), place)?;
        let [x, y] = list else {
            self.fault(place, "deux nombres sont attendus");
            return None;
        };
        let x = self.position(Some(x), &format!("{place}[0]"), first);
        x.zip(self.position(Some(y), &format!("{place}[1]"), second))
    }

    fn slots(&mut self, value: &Value, place: &str, slots: usize) -> Option<BTreeSet<usize>> {
        let list = self.list(Some(value), place)?;
        let found: Vec<usize> = list
            .iter()
            .enumerate()
            .filter_map(|(n, v)| self.position(Some(v), &format!("{place}[{n}]"), slots))
            .collect();
        (found.len() == list.len()).then(|| found.into_iter().collect())
    }
}
