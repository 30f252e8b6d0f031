//! `maeul synth population` and `maeul screen`, as an officer types them.

use std::path::Path;
use std::process::{Command, Output};

fn maeul(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_maeul")).current_dir(folder).args(args).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_synthetic_population_is_screened_compared_and_asked_what_if() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| maeul(folder.path(), args);
    let made = run(&[
        "synth",
        "population",
        "--office",
        "29140",
        "--size",
        "800",
        "--on",
        "2026-03-15",
        "-o",
        "people.csv",
    ]);
    assert!(made.status.success() && told(&made).contains("합성 자료"), "{}", told(&made));

    let first = run(&["screen", "people.csv", "--on", "2026-03-15", "--json", "-o", "first"]);
    assert!(first.status.success(), "{}", told(&first));
    let summary: serde_json::Value = serde_json::from_slice(&first.stdout).unwrap();
    assert_eq!(summary["persons"], 800);
    assert_eq!(summary["synthetic"], true);

    let again = run(&[
        "screen",
        "people.csv",
        "--on",
        "2026-03-15",
        "--previous",
        "first",
        "-o",
        "again",
        "--lang",
        "en",
    ]);
    let text = told(&again);
    assert!(again.status.success() && text.contains("newly eligible 0"), "{text}");
    assert!(text.contains("an officer enquires and decides"), "{text}");

    let what_if = run(&[
        "screen",
        "people.csv",
        "--programmes",
        "living_benefit",
        "--on",
        "2026-03-15",
        "--set",
        "welfare.rate.living=50%",
        "-o",
        "if",
    ]);
    assert!(what_if.status.success(), "{}", told(&what_if));
    assert!(folder.path().join("if/changed.csv").exists());
}

#[test]
fn what_cannot_be_meant_is_refused_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| maeul(folder.path(), args);
    let office = run(&["synth", "population", "--office", "99999", "-o", "people.csv"]);
    assert_eq!(office.status.code(), Some(1));
    assert!(told(&office).contains("29140"), "{}", told(&office));
    std::fs::write(
        folder.path().join("people.csv"),
        "household_id,person_id,dong_code,role,incme\n",
    )
    .unwrap();
    let column = run(&["screen", "people.csv", "-o", "out"]);
    assert_eq!(column.status.code(), Some(1));
    assert!(told(&column).contains("incme"), "{}", told(&column));
}
