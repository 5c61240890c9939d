//! Days that look like those of the field, invented: the same for the same shape and number.

use std::fmt::Write;

/// What a day looks like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// What it is called.
    pub(crate) name: &'static str,
    /// Suppliers and canteens.
    pub(crate) people: [usize; 2],
    pub(crate) slots: usize,
    pub(crate) tables: usize,
    /// Wishes that a canteen and a supplier rank at most.
    pub(crate) ranks: [usize; 2],
    /// Side that stays seated.
    pub(crate) seated: Option<&'static str>,
    /// Of ten people, how many come late or leave early.
    pub(crate) part_time: usize,
    /// Every canteen's first wish is the same supplier.
    pub(crate) star: bool,
    /// Half the people come in the morning, half in the afternoon.
    pub(crate) half_days: bool,
}

const PLAIN: Shape = Shape {
    name: "plain",
    people: [35, 28],
    slots: 14,
    tables: 18,
    ranks: [8, 4],
    seated: None,
    part_time: 4,
    star: false,
    half_days: false,
};

/// The shapes that are measured.
pub(crate) const SHAPES: [Shape; 9] = [
    Shape { name: "lantriac", ..PLAIN },
    Shape {
        name: "haute-loire",
        people: [20, 30],
        slots: 12,
        tables: 16,
        ranks: [8, 5],
        seated: Some("supplier"),
        ..PLAIN
    },
    Shape { name: "star", people: [12, 30], slots: 12, tables: 12, ranks: [4, 3], star: true, ..PLAIN },
    Shape { name: "half-days", half_days: true, ..PLAIN },
    Shape { name: "scarce", people: [9, 40], slots: 12, tables: 9, ranks: [6, 12], ..PLAIN },
    Shape { name: "seated-canteens", people: [35, 20], slots: 12, tables: 15, seated: Some("canteen"), ..PLAIN },
    Shape { name: "few-tables", people: [25, 25], slots: 14, tables: 8, seated: Some("supplier"), ..PLAIN },
    Shape { name: "region", people: [80, 150], slots: 20, tables: 60, ranks: [11, 4], ..PLAIN },
    Shape { name: "national", people: [300, 600], slots: 24, tables: 220, ranks: [13, 6], ..PLAIN },
];

/// A day of a given number of people, for growth.
pub(crate) fn sized(people: usize) -> Shape {
    let suppliers = people / 3;
    Shape {
        name: "sized",
        people: [suppliers, people - suppliers],
        slots: 20,
        tables: suppliers * 3 / 4,
        ranks: [11, 4],
        ..PLAIN
    }
}

/// Numbers that look random.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap_or_default()
    }
}

/// A day of this shape in meet/1, mode `choose`.
pub(crate) fn choose(shape: &Shape, number: u64) -> String {
    let mut chance = Chance(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let total = shape.people[0] + shape.people[1];
    let mut people = String::new();
    for p in 0..total {
        let side = if p < shape.people[0] { "supplier" } else { "canteen" };
        let (from, to) = presence(shape, &mut chance, p);
        let (min, max) = (1 + chance.below(4), 4 + chance.below(shape.slots - 3));
        let slots: Vec<String> = (from..to).map(|t| t.to_string()).collect();
        let comma = if p > 0 { "," } else { "" };
        let _ = write!(
            people,
            "{comma}{{\"id\":\"{side} {p}\",\"side\":\"{side}\",\"available\":[{}],\"min\":{min},\"max\":{}}}",
            slots.join(","),
            max.max(min)
        );
    }
    let mut wishes = String::new();
    for (n, (a, b, ranks)) in pairs(shape, &mut chance).into_iter().enumerate() {
        let points = |rank: Option<usize>| rank.map_or(0, |rank| 11usize.saturating_sub(rank).max(1));
        let both = if ranks.iter().all(Option::is_some) { 10 } else { 0 };
        let shown = ranks.map(|rank| rank.map_or("null".to_owned(), |rank| rank.to_string()));
        let comma = if n > 0 { "," } else { "" };
        let _ = write!(
            wishes,
            "{comma}{{\"a\":{a},\"b\":{b},\"rank_a\":{},\"rank_b\":{},\"weight\":{}}}",
            shown[0],
            shown[1],
            points(ranks[0]) + points(ranks[1]) + both
        );
    }
    let tables = vec![shape.tables.to_string(); shape.slots].join(",");
    let seated = shape.seated.map_or("null".to_owned(), |side| format!("\"{side}\""));
    format!(
        "{{\"format\":\"meet/1\",\"name\":\"{}-{number}\",\"mode\":\"choose\",\"slots\":{},\"breaks\":[{}],\"tables\":[{tables}],\
         \"seated\":{seated},\"participants\":[{people}],\"wishes\":[{wishes}]}}",
        shape.name,
        shape.slots,
        shape.slots / 2 - 1
    )
}

fn presence(shape: &Shape, chance: &mut Chance, p: usize) -> (usize, usize) {
    let slots = shape.slots;
    if shape.half_days {
        return if p.is_multiple_of(2) {
            (0, slots / 2 + chance.below(2))
        } else {
            (slots / 2 - chance.below(2), slots)
        };
    }
    if chance.below(10) >= shape.part_time {
        return (0, slots);
    }
    if chance.below(3) == 0 { (0, slots - 1 - chance.below(slots / 3)) } else { (1 + chance.below(slots / 3), slots) }
}

/// Supplier, canteen, their ranks.
fn pairs(shape: &Shape, chance: &mut Chance) -> Vec<(usize, usize, [Option<usize>; 2])> {
    let [suppliers, canteens] = shape.people;
    let mut pairs: std::collections::BTreeMap<(usize, usize), [Option<usize>; 2]> = std::collections::BTreeMap::new();
    for c in 0..canteens {
        let mut seen = Vec::new();
        for rank in 1..=shape.ranks[0].min(suppliers) {
            // The first of each four suppliers are asked for more often.
            let s = if shape.star && rank == 1 { 0 } else { chance.below(suppliers).min(chance.below(suppliers)) };
            if !seen.contains(&s) {
                seen.push(s);
                pairs.entry((s, c)).or_default()[1] = Some(seen.len());
            }
        }
    }
    for s in (0..suppliers).filter(|s| !(s + 1).is_multiple_of(7)) {
        for rank in 1..=shape.ranks[1] {
            let c = chance.below(canteens);
            let asked: Vec<usize> = pairs.keys().filter(|(x, _)| *x == s).map(|(_, c)| *c).collect();
            let c = if chance.below(2) == 0 || asked.is_empty() { c } else { asked[chance.below(asked.len())] };
            let entry = pairs.entry((s, c)).or_default();
            entry[0] = entry[0].or(Some(rank));
        }
    }
    pairs.into_iter().map(|((s, c), ranks)| (s, suppliers + c, ranks)).collect()
}

/// A forum in mode `all`: agreed meetings of people without sides, morning or afternoon, nearly no free slot for the
/// busiest when `tight`.
pub(crate) fn forum(number: u64, people: usize, meetings: usize, slots: usize, tables: usize, tight: bool) -> String {
    let mut chance = Chance(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut busy = vec![vec![false; people]; slots];
    let mut load = vec![0; slots];
    let (mut wishes, mut count) = (Vec::new(), vec![0; people]);
    for _ in 0..meetings * 60 {
        if wishes.len() == meetings {
            break;
        }
        let (a, b, t) = (chance.below(people).min(chance.below(people)), chance.below(people), chance.below(slots));
        if a == b || busy[t][a] || busy[t][b] || load[t] >= tables {
            continue;
        }
        (busy[t][a], busy[t][b]) = (true, true);
        load[t] += 1;
        count[a] += 1;
        count[b] += 1;
        let half = if t <= slots / 2 { 0..slots / 2 + 1 } else { slots / 2 + 1..slots };
        let only = if tight || chance.below(2) == 0 { half } else { 0..slots };
        let only: Vec<String> = only.map(|t| t.to_string()).collect();
        wishes.push(format!(
            "{{\"a\":{a},\"b\":{b},\"rank_a\":1,\"rank_b\":null,\"weight\":1,\"slots\":[{}]}}",
            only.join(",")
        ));
    }
    let all: Vec<String> = (0..slots).map(|t| t.to_string()).collect();
    let people: Vec<String> = count
        .iter()
        .enumerate()
        .map(|(p, n)| {
            format!("{{\"id\":\"p{p}\",\"side\":\"any\",\"available\":[{}],\"min\":{n},\"max\":{n}}}", all.join(","))
        })
        .collect();
    format!(
        "{{\"format\":\"meet/1\",\"name\":\"forum-{number}\",\"mode\":\"all\",\"slots\":{slots},\"breaks\":[{}],\"tables\":[{}],\
         \"participants\":[{}],\"wishes\":[{}]}}",
        slots / 2,
        vec![tables.to_string(); slots].join(","),
        people.join(","),
        wishes.join(",")
    )
}
