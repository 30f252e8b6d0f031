//! Measures routing on labelled texts: training, loading, asking, and the figures on held-out rows.
//!
//! `cargo run --release -p maeul-language --example bench_routing -- TRAIN.jsonl TEST.jsonl`
//!
//! Rows are `{"text": …, "label": …}`. Prints one JSON object; times are CPU seconds of this
//! process (all threads), from `/proc/self/stat` where there is one, else wall time.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use maeul_language::routing::{Evaluator, Model, TrainOptions, train};
use serde_json::{Value, json};

type Rows = Vec<(String, String)>;

fn rows(path: &str) -> Result<Rows, Box<dyn Error>> {
    let mut rows = Vec::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let field = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        rows.push((field("text"), field("label")));
    }
    Ok(rows)
}

/// CPU seconds used so far.
fn cpu(start: Instant) -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds: Option<f64> = stat.split(' ').next().and_then(|first| first.parse().ok());
    nanoseconds.map_or_else(|| start.elapsed().as_secs_f64(), |ns| ns / 1e9)
}

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let [taught, asked] = paths.as_slice() else {
        return Err("name a file of training rows and one of held-out rows".into());
    };
    let (taught, asked) = (rows(taught)?, rows(asked)?);
    let start = Instant::now();

    let wall = Instant::now();
    let model = train(taught.iter().map(|(t, l)| (t, l)), &TrainOptions::default())
        .map_err(|refused| format!("{refused:?}"))?;
    let train_wall = wall.elapsed().as_secs_f64();

    let bytes = model.to_bytes();
    let mut load = f64::MAX;
    for _ in 0..7 {
        let before = cpu(start);
        black_box(Model::from_bytes(&bytes).map_err(|refused| format!("{refused:?}"))?);
        load = load.min(cpu(start) - before);
    }

    let mut told = Evaluator::new();
    let mut asker = model.asker();
    let place = |label: &str| {
        let place = model.labels().iter().position(|known| known == label);
        place.and_then(|place| u32::try_from(place).ok()).unwrap_or(u32::MAX)
    };
    for (text, label) in &asked {
        let (order, confidences, unsure) = asker.rank(text);
        let first = order.first().and_then(|first| usize::try_from(*first).ok());
        let confidence = first.and_then(|first| confidences.get(first)).copied().unwrap_or(0.0);
        told.add(place(label), order, confidence, unsure);
    }
    let figures = told.figures(|label| label.to_string());

    let texts = f64::from(u32::try_from(asked.len())?);
    let letters: usize = asked.iter().map(|(text, _)| text.chars().count()).sum();
    let (mut rank, mut ask) = (f64::MAX, f64::MAX);
    for _ in 0..7 {
        let before = cpu(start);
        for (text, _) in &asked {
            black_box(asker.rank(text));
        }
        rank = rank.min(cpu(start) - before);
        let before = cpu(start);
        for (text, _) in &asked {
            black_box(asker.ask(text));
        }
        ask = ask.min(cpu(start) - before);
    }
    let facts = model.facts();
    println!(
        "{}",
        json!({
            "top1": figures.accuracy, "top3": figures.top3, "macro_f1": figures.macro_f1,
            "ece": figures.calibration_error, "sure": figures.sure,
            "accuracy_when_sure": figures.accuracy_when_sure,
            "cross_validated": {"top1": facts.accuracy, "top3": facts.top3, "macro_f1": facts.macro_f1},
            "ridge": facts.ridge, "features": facts.features, "train_texts": facts.texts,
            "train_seconds": train_wall, "file_bytes": bytes.len(),
            "load_ms": load * 1e3,
            "letters_a_text": f64::from(u32::try_from(letters)?) / texts,
            "rank_per_second": texts / rank, "ask_per_second": texts / ask,
        })
    );
    Ok(())
}
