//! Measures the rules: whole populations and single households. `bench/rules/run.sh` runs it beside OpenFisca.
//!
//! ```text
//! bench_screen synth SIZE FILE.col           a synthetic population of Gwangju Seo-gu
//! bench_screen screen FILE.col DIR           all shipped programmes over it, one thread, lists written
//! bench_screen one FILE.col HOUSEHOLDS       single households with every condition and parameter traced, as JSON
//! bench_screen convert RULES FILE.csv FILE.col
//! bench_screen formulas RULES FILE.col       the eleven formulas of the country template
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods
)]

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

use maeul_base::Lang;
use maeul_rules::Library;
use maeul_rules::answer::{answers, answers_json};
use maeul_rules::eval::Values;
use maeul_rules::household::{Household, Member};
use maeul_rules::registry::Entity;
use maeul_rules::screen::{
    Batch, ColumnReader, ColumnWriter, CsvPopulation, FileHead, Judge, Machine, Of, Plan, Tally,
};
use maeul_rules::synth::{Generator, SynthOptions};
use maeul_rules::yaml::Source;
use serde_json::json;

const ON: i64 = 20_260_615;
const PIECE: usize = 1024;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["synth", size, file] => synth(size.parse().unwrap(), file),
        ["screen", file, folder] => screen(file, Path::new(folder)),
        ["one", file, households] => one(file, households.parse().unwrap()),
        ["convert", rules, from, to] => convert(rules, from, to),
        ["formulas", rules, file] => formulas(rules, file),
        _ => panic!("see the head of this file"),
    }
}

/// Seconds this (single) thread has been on a processor.
fn cpu() -> f64 {
    let text = fs::read_to_string("/proc/self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

/// The most memory that was in use, in MB.
fn peak() -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

/// How often a measurement is repeated: `ROUNDS`, or ten times.
fn rounds() -> u32 {
    std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(10)
}

fn synth(size: u64, file: &str) {
    let library = Library::shipped().unwrap();
    let counts = include_str!("../../../data/offices/29140-gwangju-seogu/population.csv");
    let options = SynthOptions {
        office: "29140".into(),
        size: Some(size),
        seed: 1,
        on: ON,
        unknown_per_mille: 20,
    };
    let mut generator = Generator::new(&library.registry, counts, options).unwrap();
    let begun = cpu();
    let mut writer =
        ColumnWriter::new(BufWriter::new(File::create(file).unwrap()), &generator.head()).unwrap();
    let mut households = 0;
    loop {
        let batch = generator.next_batch(PIECE);
        households += batch.households();
        if batch.households() == 0 {
            break;
        }
        writer.write(&batch).unwrap();
    }
    writer.finish().unwrap();
    println!(
        "{}",
        json!({"persons": size, "households": households, "cpu": cpu() - begun, "peak_mb": peak()})
    );
}

fn open(file: &str) -> ColumnReader<BufReader<File>> {
    ColumnReader::new(BufReader::with_capacity(1 << 18, File::open(file).unwrap())).unwrap()
}

fn screen(file: &str, folder: &Path) {
    let library = Library::shipped().unwrap();
    let begun = cpu();
    let compiled = library.compile(ON).unwrap();
    let compile = cpu() - begun;
    fs::create_dir_all(folder).unwrap();
    let mut eligible = BufWriter::new(File::create(folder.join("eligible.csv")).unwrap());
    let mut unknown = BufWriter::new(File::create(folder.join("unknown.csv")).unwrap());
    let begun = cpu();
    let mut reader = open(file);
    let plan = Plan::new(&compiled, reader.head());
    let mut judge = Judge::new(&plan);
    let mut tally = Tally::default();
    let mut load = 0.0;
    loop {
        let from = cpu();
        let Some(batch) = reader.next_batch().unwrap() else { break };
        load += cpu() - from;
        let piece = judge.judge(&batch);
        eligible.write_all(&piece.eligible).unwrap();
        unknown.write_all(&piece.unknown).unwrap();
        tally.add(&piece.tally);
    }
    eligible.flush().unwrap();
    unknown.flush().unwrap();
    let total = cpu() - begun;
    let counts = (0..compiled.programmes.len()).map(|index| tally.programme(index));
    let (found, open) =
        counts.fold((0, 0), |sum, count| (sum.0 + count.eligible, sum.1 + count.unknown));
    println!(
        "{}",
        json!({"persons": tally.persons, "programmes": compiled.programmes.len(), "steps": compiled.nodes.len(),
            "compile_cpu": compile, "load_cpu": load, "total_cpu": total, "eligible": found, "unknown": open, "peak_mb": peak()})
    );
}

fn households(library: &Library, head: &FileHead, batch: &Batch) -> Vec<Household> {
    let registry = &library.registry;
    let mut homes: Vec<Household> = (0..batch.households())
        .map(|home| Household {
            facts: vec![None; registry.slots(Entity::Household)],
            members: batch
                .members(home)
                .map(|row| Member {
                    id: row.to_string(),
                    facts: vec![None; registry.slots(Entity::Person)],
                })
                .collect(),
            head: 0,
        })
        .collect();
    for (fact, column) in head.facts.iter().zip(&batch.columns) {
        let slot = registry.fact(&fact.name).unwrap().1.slot;
        for (index, home) in homes.iter_mut().enumerate() {
            match fact.of {
                Of::Household => home.facts[slot] = column.get(index),
                Of::Person => {
                    for (member, row) in home.members.iter_mut().zip(batch.members(index)) {
                        member.facts[slot] = column.get(row);
                    }
                }
            }
        }
    }
    homes
}

fn one(file: &str, wanted: usize) {
    let library = Library::shipped().unwrap();
    let compiled = library.compile(ON).unwrap();
    let mut reader = open(file);
    let head = reader.head().clone();
    let mut homes = Vec::new();
    while homes.len() < wanted {
        homes.extend(households(&library, &head, &reader.next_batch().unwrap().unwrap()));
    }
    homes.truncate(wanted);
    let mut values = Values::default();
    let begun = cpu();
    let mut bytes = 0;
    for home in &homes {
        let found = answers(&compiled, home, &mut values);
        bytes += answers_json(&compiled, home, &values, &found, Lang::Ko, false).to_string().len();
    }
    let all = cpu() - begun;
    // The programme that OpenFisca's users ask for first: one means-tested benefit.
    let single = library.compile_only(&["living_benefit".to_owned()], ON).unwrap();
    let mut slowest = 0.0_f64;
    let begun = cpu();
    for home in &homes {
        let from = std::time::Instant::now();
        let found = answers(&single, home, &mut values);
        bytes += answers_json(&single, home, &values, &found, Lang::Ko, false).to_string().len();
        slowest = slowest.max(from.elapsed().as_secs_f64());
    }
    let alone = cpu() - begun;
    println!(
        "{}",
        json!({"households": homes.len(), "programmes": compiled.programmes.len(), "households_per_s": homes.len() as f64 / all,
            "answers_per_s": (homes.len() * compiled.programmes.len()) as f64 / all,
            "one_programme_per_s": homes.len() as f64 / alone, "slowest_ms": slowest * 1e3, "bytes": bytes})
    );
}

fn rules(folder: &str) -> Library {
    let mut sources = Vec::new();
    for part in ["", "definitions", "parameters", "programmes"] {
        let mut files: Vec<_> = fs::read_dir(Path::new(folder).join(part))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "yaml")) {
            sources
                .push(Source::new(&file.display().to_string(), &fs::read_to_string(file).unwrap()));
        }
    }
    Library::load(&sources).unwrap_or_else(|problems| panic!("{problems}"))
}

fn convert(folder: &str, from: &str, to: &str) {
    let library = rules(folder);
    let mut csv =
        CsvPopulation::new(&library.registry, BufReader::new(File::open(from).unwrap())).unwrap();
    let head = FileHead { synthetic: true, note: String::new(), facts: csv.facts().to_vec() };
    let begun = cpu();
    let mut writer = ColumnWriter::new(BufWriter::new(File::create(to).unwrap()), &head).unwrap();
    let mut persons = 0;
    while let Some((batch, refused)) = csv.next_batch(PIECE).unwrap() {
        assert!(refused.is_empty(), "{refused:?}");
        persons += batch.persons();
        writer.write(&batch).unwrap();
    }
    writer.finish().unwrap();
    println!("{}", json!({"persons": persons, "convert_cpu": cpu() - begun}));
}

fn formulas(folder: &str, file: &str) {
    let library = rules(folder);
    let compiled = library.compile(20_160_601).unwrap();
    let outputs: Vec<(&str, usize)> = compiled
        .programmes
        .iter()
        .map(|programme| {
            (
                programme.id.trim_start_matches("v_"),
                programme.conditions[0].measured.as_ref().unwrap().0,
            )
        })
        .collect();
    if std::env::var("NODES").is_ok() {
        compiled
            .nodes
            .iter()
            .enumerate()
            .for_each(|(n, node)| println!("{n} {:?} {:?}", node.level, node.op));
    }
    let mut reader = open(file);
    let mut batches = Vec::new();
    while let Some(batch) = reader.next_batch().unwrap() {
        batches.push(batch);
    }
    let rounds = rounds();
    let head = open(file).head().clone();
    let plan = Plan::of_outputs(&compiled, &head.facts, outputs.iter().map(|(_, n)| *n));
    let mut machine = Machine::new(&plan);
    // The clock of a thread moves by ticks: everything is done often enough that a tick does not matter.
    let begun = cpu();
    for _ in 0..rounds {
        batches.iter().for_each(|batch| machine.run(batch));
    }
    let compute = (cpu() - begun) / f64::from(rounds);
    let held = peak();
    // Read and computed piece by piece, as a screening runs: nothing is held.
    let begun = cpu();
    for _ in 0..rounds {
        let mut reader = open(file);
        while let Some(batch) = reader.next_batch().unwrap() {
            machine.run(&batch);
        }
    }
    let build = (cpu() - begun) / f64::from(rounds) - compute;
    let mut sums = vec![0_i128; outputs.len()];
    let mut persons = 0;
    for batch in &batches {
        machine.run(batch);
        persons += batch.persons();
        for ((_, n), sum) in outputs.iter().zip(&mut sums) {
            *sum += machine.sum(batch, *n);
        }
    }
    let scale = |n: usize| match compiled.nodes[n].ty {
        maeul_rules::value::Type::Number(quantity) => 10_f64.powi(i32::from(quantity.scale)),
        _ => 1.0,
    };
    let sums: serde_json::Map<String, serde_json::Value> = outputs
        .iter()
        .zip(&sums)
        .map(|((name, n), sum)| ((*name).to_owned(), json!(*sum as f64 / scale(*n))))
        .collect();
    println!(
        "{}",
        json!({"persons": persons, "build": build, "compute": compute, "peak_mb": held, "sums": sums})
    );
}
