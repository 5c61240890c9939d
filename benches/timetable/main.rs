//! How good timetables are and how soon, by shape of the day: status, figures, limits, seconds. Figures are printed,
//! nothing is judged. The days are invented here; `cargo bench --bench timetable -- FILE…` measures days of files instead.

#![expect(clippy::print_stdout, reason = "the figures are the result")]
#![expect(clippy::cast_precision_loss, reason = "shares in percent")]

mod days;

use std::time::Instant;

use timetable::{Answer, Effort, Figure, Instance, Mode, Phase, answer, read};

use self::days::{SHAPES, choose, forum, sized};

const SEEDS: u64 = 5;

fn main() {
    let files: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    println!("day                    | seed | status   | figures                                   | limits | seconds");
    if files.is_empty() {
        for shape in SHAPES {
            let limit = match shape.name {
                "national" => 60.0,
                "region" => 5.0,
                _ => 10.0,
            };
            let seeds = if shape.name == "national" { 2 } else { SEEDS };
            (1..=seeds).for_each(|seed| measure(&choose(&shape, 1), seed, limit));
        }
        for seed in 1..=SEEDS {
            measure(&forum(1, 70, 154, 21, 14, false), seed, 10.0);
            measure(&forum(2, 46, 180, 12, 18, true), seed, 10.0);
        }
        growth();
        println!("\nmost memory used by all of these: {} MB", most_memory() / 1024);
    }
    for file in files {
        let text = std::fs::read_to_string(&file).expect("the file is readable");
        (1..=SEEDS).for_each(|seed| measure(&text, seed, 10.0));
    }
}

/// Kilobytes, as Linux says; 0 elsewhere.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn measure(text: &str, seed: u64, limit: f64) {
    let started = Instant::now();
    let day = read(text).expect("the day is well formed");
    let effort = Effort {
        work: None,
        deadline: Some(limit),
        seconds: &|| started.elapsed().as_secs_f64(),
        stop: &|| false,
        progress: &|_| (),
    };
    let found = answer(&day, seed, 1, &effort);
    let seconds = started.elapsed().as_secs_f64();
    let Answer::Timetable { timetable, optimal, bounds } = found else {
        println!("{:22} | {seed:4} | {found:?}", day.name);
        return;
    };
    let figures: Vec<String> =
        Figure::order(day.mode).iter().map(|f| format!("{} {}", f.as_str(), timetable.figures().get(*f))).collect();
    let limits: Vec<String> = bounds.iter().map(|(_, limit)| limit.to_string()).collect();
    let status = if optimal { "optimal" } else { "feasible" };
    println!(
        "{:22} | {seed:4} | {status:8} | {:41} | {} | {seconds:.2}",
        day.name,
        figures.join(", "),
        limits.join(" ")
    );
}

/// Seconds to a feasible timetable and to within one percent of the proven limit, by number of people.
fn growth() {
    println!("\npeople | wishes | feasible s | within 1 % s");
    for people in [50, 100, 200, 500, 1_000, 2_000] {
        let day = read(&choose(&sized(people), 1)).expect("the day is well formed");
        let (feasible, close) = times(&day);
        let bar = (1..60).take_while(|half| f64::from(*half) <= close * 2.0).map(|_| '#').collect::<String>();
        println!("{people:6} | {:6} | {feasible:10.3} | {close:12.2} {bar}", day.wishes.len());
    }
}

fn times(day: &Instance) -> (f64, f64) {
    let started = Instant::now();
    let seen = std::sync::Mutex::new((f64::NAN, f64::NAN));
    let done = std::sync::atomic::AtomicBool::new(false);
    let progress = |p: &timetable::Progress| {
        let Ok(mut seen) = seen.lock() else { return };
        let now = started.elapsed().as_secs_f64();
        if seen.0.is_nan() && p.phase == Phase::Search {
            seen.0 = now;
        }
        let limit = p.bounds.iter().find(|bound| bound.0 == Figure::Weight).map_or(0, |bound| bound.1);
        if day.mode == Mode::Choose && p.best.weight as f64 >= 0.99 * limit as f64 && p.best.empty == 0 {
            seen.1 = now;
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    };
    let effort = Effort {
        work: None,
        deadline: Some(120.0),
        seconds: &|| started.elapsed().as_secs_f64(),
        stop: &|| done.load(std::sync::atomic::Ordering::Relaxed),
        progress: &progress,
    };
    drop(answer(day, 1, 1, &effort));
    seen.into_inner().unwrap_or((f64::NAN, f64::NAN))
}
