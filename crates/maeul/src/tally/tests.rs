//! The command without a process: answers, refusals and their exit codes.

use std::io::Write as _;

use clap::Parser as _;
use serde_json::Value;

use super::{TallyArgs, TallyEnd, run};

const VILLAGE: &str = include_str!("../../../maeul-tally/tests/data/village.pb");

#[derive(clap::Parser)]
struct Command {
    #[command(flatten)]
    args: TallyArgs,
}

fn tally(stdin: &[u8], words: &[&str]) -> Result<String, TallyEnd> {
    let words = ["tally", "-"].iter().chain(words);
    let args = Command::try_parse_from(words).unwrap().args;
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    run(&args, stdin, &mut out, &mut notes).map(|()| String::from_utf8(out).unwrap())
}

fn code(stdin: &[u8], words: &[&str]) -> u8 {
    tally(stdin, words).unwrap_err().code
}

#[test]
fn json_has_what_a_machine_needs() {
    let told = tally(VILLAGE.as_bytes(), &["--rule", "mes-cost+add1", "--json"]).unwrap();
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["rule"], "mes-cost+add1");
    assert_eq!(told["ties"], "id");
    assert_eq!((&told["budget"], &told["cost"]), (&100.into(), &100.into()));
    assert_eq!(told["winners"], serde_json::json!(["A", "C", "D"]));
    assert_eq!(told["rounds"][1]["project"], "C");
    assert_eq!(told["rounds"][1]["price"], "15/2");
    assert_eq!(told["tied_rounds"], 0);
    assert_eq!(told["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn gzip_is_known_by_itself() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(VILLAGE.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    assert_eq!(
        tally(&packed, &["--json"]).unwrap(),
        tally(VILLAGE.as_bytes(), &["--json"]).unwrap()
    );
    assert_eq!(code(packed.get(..40).unwrap(), &[]), 3, "cut off");
}

#[test]
fn a_project_and_a_ballot_are_explained() {
    let ballot =
        tally(VILLAGE.as_bytes(), &["--rule", "mes-cost", "--ballot", "9", "--lang", "en"])
            .unwrap();
    assert!(
        ballot.contains("funded in round 2, paid 7.5") && ballot.contains("Left 2.5"),
        "{ballot}"
    );
    let project = tally(VILLAGE.as_bytes(), &["--rule", "mes-cost", "--explain", "B"]).unwrap();
    assert!(project.contains("모아도 0이라 40이 모자랐습니다"), "{project}");
}

#[test]
fn the_rules_stand_side_by_side() {
    let told =
        tally(VILLAGE.as_bytes(), &["--rule", "mes-cost+add1", "--compare", "--json"]).unwrap();
    let told: Value = serde_json::from_str(&told).unwrap();
    let rules: Vec<&str> =
        told["rules"].as_array().unwrap().iter().map(|row| row["rule"].as_str().unwrap()).collect();
    assert_eq!(rules.first(), Some(&"mes-cost+add1"));
    assert!(rules.contains(&"greedy-votes") && rules.contains(&"phragmen"));
    assert_eq!(told["rules"][1]["voters_with_nothing"], 4, "7 to 10 get nothing by votes");
}

#[test]
fn a_directory_gets_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("new/result");
    tally(VILLAGE.as_bytes(), &["-o", into.to_str().unwrap()]).unwrap();
    for name in ["report.html", "result.json", "result.txt"] {
        assert!(std::fs::metadata(into.join(name)).unwrap().len() > 100, "{name}");
    }
}

#[test]
fn every_refusal_has_its_code() {
    let village = VILLAGE.as_bytes();
    assert_eq!(code(village, &["--rule", "best"]), 2);
    assert_eq!(code(village, &["--ties", "dice"]), 2);
    assert_eq!(code(village, &["--min-score", "many"]), 2);
    assert_eq!(code(village, &["--ceiling", "sea=3"]), 2);
    assert_eq!(code(village, &["--scheme", "no-such-file.toml"]), 3);
    assert_eq!(code(b"META\nkey;value\n\xff\n", &[]), 4);
    assert_eq!(code(VILLAGE.replace("B;40", "B;x").as_bytes(), &[]), 4);
    assert_eq!(code(village, &["--rule", "mes-borda"]), 5);
    assert_eq!(code(village, &["--explain", "Z"]), 6);
    assert_eq!(code(village, &["--ballot", "Z"]), 6);
    assert_eq!(code(village, &["--exclusive", "A,Z"]), 6);
}
