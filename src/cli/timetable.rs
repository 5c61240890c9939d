//! The timetable solver on the command line: a day in, a timetable or the reasons for none out.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use clap::{Args, Subcommand};

use super::Refusal;
pub(super) use super::explain::{Explain, explain};
use timetable::{self, Answer, Effort, Figure, Instance, Phase, Progress, Reason};

/// Kept back of the time limit for the check and the file.
const FOR_WRITING: f64 = 0.03;
/// Seconds without `--time-limit`.
const USUAL_LIMIT: f64 = 10.0;
/// Milliseconds between two lines of progress.
const BETWEEN_LINES: u64 = 250;

#[derive(Debug, Subcommand)]
pub(super) enum Timetable {
    /// Who meets whom when, as good as can be: reads meet/1, writes meet-solution/1
    Solve(Solve),
    /// How good a timetable is and why a wish is not held, in French: checks it first
    Explain(Explain),
}

#[derive(Args, Debug)]
pub(super) struct Solve {
    /// The day to plan
    #[arg(value_name = "INSTANCE.json")]
    instance: PathBuf,
    /// Where the timetable goes
    #[arg(long, value_name = "SOLUTION.json")]
    output: PathBuf,
    /// Seconds after which the best so far is kept; it ends earlier with a proof
    #[arg(long, value_name = "SECONDS", default_value_t = USUAL_LIMIT, value_parser = seconds)]
    time_limit: f64,
    /// Where chance begins
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Searches side by side
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: u8,
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds is expected".to_owned())?;
    if seconds.is_finite() && seconds > 0.0 { Ok(seconds) } else { Err("more than 0 seconds are needed".to_owned()) }
}

/// Reads the day, searches, writes what became of it. Ctrl-C ends the search and keeps the best.
pub(super) async fn solve(solve: Solve) -> Result<(), Refusal> {
    let started = Instant::now();
    let name = solve.instance.display();
    let text = fs::read_to_string(&solve.instance).map_err(|error| format!("cannot read {name}: {error}"))?;
    let day = match timetable::read(&text) {
        Ok(day) => day,
        Err(reasons) => {
            write(&solve, &timetable::refusal("", &reasons))?;
            return Err(refused(&reasons));
        }
    };
    let stop = Arc::new(AtomicBool::new(false));
    let interrupted = Arc::clone(&stop);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            interrupted.store(true, Ordering::Relaxed);
        }
    });
    let (seed, threads, limit) = (solve.seed, usize::from(solve.threads), solve.time_limit - FOR_WRITING);
    let searched = tokio::task::spawn_blocking(move || (search(&day, seed, threads, limit, started, &stop), day));
    let (answer, day) = searched.await?;
    keep(&solve, &day, answer, started)
}

fn search(day: &Instance, seed: u64, threads: usize, limit: f64, started: Instant, stop: &AtomicBool) -> Answer {
    let last = AtomicU64::new(0);
    let progress = |progress: &Progress| {
        let now = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let before = last.load(Ordering::Relaxed);
        if now >= before + BETWEEN_LINES && last.swap(now, Ordering::Relaxed) == before {
            tell(day, progress, now);
        }
    };
    let effort = Effort {
        work: None,
        deadline: Some(limit),
        seconds: &|| started.elapsed().as_secs_f64(),
        stop: &|| stop.load(Ordering::Relaxed),
        progress: &progress,
    };
    timetable::answer(day, seed, threads, &effort)
}

fn tell(day: &Instance, progress: &Progress, now: u64) {
    let phase = match progress.phase {
        Phase::Search => "search",
        Phase::Proof => "proof",
        Phase::Exact => "exact",
    };
    let figure = |figure: &Figure| {
        let limit = progress.bounds.iter().find(|bound| bound.0 == *figure).map_or(0, |bound| bound.1);
        format!("{} {} (limit {limit})", figure.as_str(), progress.best.get(*figure))
    };
    let figures: Vec<String> = Figure::order(day.mode).iter().map(figure).collect();
    eprintln!("{now:6} ms {phase}: {}", figures.join(", "));
}

fn keep(solve: &Solve, day: &Instance, answer: Answer, started: Instant) -> Result<(), Refusal> {
    match answer {
        Answer::Timetable { timetable, optimal, bounds } => {
            write(solve, &timetable::solution(day, &timetable, optimal, &bounds))?;
            let figures = timetable.figures();
            let named = Figure::order(day.mode).iter().map(|f| format!("{} {}", f.as_str(), figures.get(*f)));
            let sure = if optimal { "optimal" } else { "feasible" };
            let seconds = started.elapsed().as_secs_f64();
            eprintln!("{}: {sure}, {}, {seconds:.2} s", day.name, named.collect::<Vec<_>>().join(", "));
            Ok(())
        }
        Answer::Refused(reasons) => {
            write(solve, &timetable::refusal(&day.name, &reasons))?;
            Err(refused(&reasons))
        }
        Answer::Unknown => {
            write(solve, &timetable::unknown(&day.name))?;
            Err("no timetable found in time: give more with --time-limit".into())
        }
        Answer::Wrong(faults) => Err(format!("the timetable found breaks a rule, please report it: {faults:?}").into()),
    }
}

fn write(solve: &Solve, text: &str) -> Result<(), Refusal> {
    fs::write(&solve.output, text).map_err(|error| format!("cannot write {}: {error}", solve.output.display()).into())
}

pub(super) fn refused(reasons: &[Reason]) -> Refusal {
    let line = |reason: &Reason| {
        let changes =
            if reason.changes.is_empty() { String::new() } else { format!(" ({})", reason.changes.join("\u{a0}; ")) };
        format!("{}: {}{changes}", reason.code.as_str(), reason.text)
    };
    reasons.iter().map(line).collect::<Vec<_>>().join("\n").into()
}
