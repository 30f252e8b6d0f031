//! Measures one election: CPU and wall seconds of reading and of each rule, and the most memory held.
//!
//! `cargo run --release -p maeul-tally --example bench_tally -- FILE.pb[.gz] RULE…` prints one JSON object; the peer's side
//! is `bench/tally`.

use std::io::Read as _;
use std::time::Instant;

use maeul_tally::{Limits, TieChain, tally};
use serde_json::{Map, Value, json};

/// Nanoseconds this thread was on a processor (Linux).
fn on_cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or(f64::NAN)
}

/// The most memory this process has held, in KiB (Linux).
fn most_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// What it gives, and CPU and wall seconds of one run: the kernel counts processor time in steps of some milliseconds,
/// so a short run is repeated for a fifth of a second.
fn timed<T>(mut run: impl FnMut() -> T) -> (T, f64, f64) {
    let (cpu, wall) = (on_cpu(), Instant::now());
    let mut times = 0.0;
    loop {
        let done = run();
        times += 1.0;
        let elapsed = wall.elapsed().as_secs_f64();
        if elapsed > 0.2 {
            return (done, (on_cpu() - cpu) / 1e9 / times, elapsed / times);
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("which file?")?;
    let bytes = std::fs::read(&path)?;
    let mut text = String::new();
    if path.ends_with(".gz") {
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text)?;
    } else {
        text = String::from_utf8(bytes)?;
    }
    let before = most_memory();
    let (election, cpu, wall) =
        timed(|| maeul_tally::pb::read(&text).and_then(|file| file.election()));
    let election = election?;
    let mut rules = Map::new();
    for name in args {
        let rule = name.parse().map_err(|_| format!("no rule {name}"))?;
        let (outcome, cpu, wall) = timed(|| {
            tally(&election, &rule, &TieChain::default(), &Limits::default(), &mut |_| {})
        });
        let outcome = outcome.map_err(|error| format!("{error:?}"))?;
        let winners: Vec<&str> = outcome.winner_ids(&election).collect();
        rules.insert(
            name,
            json!({"cpu_s": cpu, "wall_s": wall, "raises": outcome.raises, "winners": winners}),
        );
    }
    let told = json!({
        "file": path,
        "bytes": text.len(),
        "voters": election.voter_count(),
        "distinct": election.ballots.len(),
        "projects": election.projects.len(),
        "parse": {"cpu_s": cpu, "wall_s": wall},
        "rules": Value::Object(rules),
        "before_kib": before,
        "most_kib": most_memory(),
    });
    println!("{told}");
    Ok(())
}
