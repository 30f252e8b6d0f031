//! A run of named checks: each is announced, timed and remembered, and the last line counts them.

use crate::shell::Done;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// What became of one check.
enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

/// The checks of one run, in order.
pub struct Steps {
    began: Instant,
    done: Vec<(String, Duration, Outcome)>,
}

impl Steps {
    /// A run in which nothing has happened yet.
    pub fn new() -> Self {
        Steps { began: Instant::now(), done: Vec::new() }
    }

    /// Runs one check, says what it is and how long it took, and returns whether it passed.
    pub fn run(&mut self, name: &str, check: impl FnOnce() -> Done) -> bool {
        println!("\n── {name}");
        let began = Instant::now();
        let outcome = match check() {
            Ok(()) => Outcome::Passed,
            Err(problem) => Outcome::Failed(problem.to_string()),
        };
        let took = began.elapsed();
        let passed = matches!(outcome, Outcome::Passed);
        match &outcome {
            Outcome::Failed(problem) => {
                println!("{problem}\n   ✗ {name} failed after {}", seconds(took));
            }
            Outcome::Passed | Outcome::Skipped(_) => {
                println!("   ✓ {name} ({})", seconds(took));
            }
        }
        self.done.push((name.to_owned(), took, outcome));
        passed
    }

    /// Remembers a check that could not be run because an earlier one failed.
    pub fn skip(&mut self, name: &str, why: &str) {
        self.done.push((name.to_owned(), Duration::ZERO, Outcome::Skipped(why.to_owned())));
    }

    /// Prints the table and the one closing line.
    pub fn finish(self) -> ExitCode {
        println!("\n── summary, {} in all", seconds(self.began.elapsed()));
        let (mut passed, mut failed, mut skipped) = (0, 0, 0);
        for (name, took, outcome) in &self.done {
            match outcome {
                Outcome::Passed => {
                    passed += 1;
                    println!("   ✓ {:>8}  {name}", seconds(*took));
                }
                Outcome::Failed(problem) => {
                    failed += 1;
                    let first = problem.lines().next().unwrap_or_default();
                    println!("   ✗ {:>8}  {name}: {first}", seconds(*took));
                }
                Outcome::Skipped(why) => {
                    skipped += 1;
                    println!("   - {:>8}  {name}: {why}", "");
                }
            }
        }
        println!();
        if skipped == 0 {
            println!("{passed} passed, {failed} failed");
        } else {
            println!("{passed} passed, {failed} failed, {skipped} skipped");
        }
        if failed == 0 && skipped == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// A duration for a person: `0.4 s`, `2 min 05 s`.
fn seconds(took: Duration) -> String {
    let whole = took.as_secs();
    if whole < 60 {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}
