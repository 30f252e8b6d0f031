//! `maeul eligible` as it is run: words and a file in, an answer and an exit code out.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

const HOME: &str = r#"{
  "household": { "crisis_cause": "job_lost" },
  "members": [ { "id": "a", "role": "head", "birth_date": "1980-03-02", "earned_income": 9000000,
    "business_income": 0, "property_income": 0, "transfer_income": 0 } ]
}"#;

fn eligible(words: &[&str], input: &str) -> (i32, String, String) {
    use std::io::Write as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_maeul"))
        .arg("eligible")
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its words does not read.
    let _unread = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn one_object_a_programme_with_what_failed_and_by_how_much() {
    let words =
        ["--household", "-", "--on", "2026-03-02", "--programme", "emergency_living", "--json"];
    let (code, out, err) = eligible(&words, HOME);
    assert_eq!((code, out.lines().count()), (0, 1), "{err}");
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["programme"], "emergency_living");
    assert_eq!((&answer["outcome"], &answer["amount_won"]), (&json!("not_eligible"), &Value::Null));
    let conditions = answer["conditions"].as_array().unwrap();
    let income = conditions.iter().find(|one| one["id"] == "income").unwrap();
    // 75 % of 2,564,238.
    let parts = ["holds", "value", "threshold", "misses_by"].map(|name| &income[name]);
    assert_eq!(parts, [&json!(false), &json!(9_000_000), &json!(1_923_179), &json!(7_076_821)]);
    assert!(income["article"].as_str().unwrap().contains("긴급복지지원법"));
    assert_eq!(answer["missing"], json!([]));
}

#[test]
fn all_programmes_for_a_person_to_read_in_both_languages() {
    let (code, out, _) = eligible(&["--household", "-", "--on", "2026-03-02"], HOME);
    assert_eq!(code, 0);
    assert!(out.contains("긴급복지 생계지원 (emergency_living) — 해당하지 않음(추정)"), "{out}");
    assert!(out.contains("행정기본법 제20조"));
    let (_, out, _) = eligible(&["--household", "-", "--on", "2026-03-02", "--lang", "en"], HOME);
    assert!(out.contains("An officer enquires and decides"), "{out}");
    let (_, lines, _) = eligible(&["--household", "-", "--on", "2026-03-02", "--json"], HOME);
    assert!(lines.lines().count() >= 30);
    for line in lines.lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        assert!(
            ["eligible", "not_eligible", "unknown"].contains(&answer["outcome"].as_str().unwrap())
        );
    }
}

#[test]
fn a_wrong_file_is_refused_with_its_place() {
    for (from, to, expected) in [
        ("\"crisis_cause\"", "\"crisis_causex\"", "-:2:18"),
        ("9000000", "-1", "-:3:90"),
        ("9000000", "\"1 won/year\"", "won/month"),
        ("\"head\"", "\"child\"", "가구주가 없습니다"),
    ] {
        let (code, out, err) = eligible(&["--household", "-"], &HOME.replace(from, to));
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        assert!(err.contains(expected), "{to}: {err}");
    }
    let (code, _, err) = eligible(&["--household", "-", "--programme", "emergency_livingx"], HOME);
    assert_eq!(code, 1);
    assert!(err.contains("emergency_living"), "{err}");
    assert_eq!(eligible(&["--household", "/no/such/file"], "").0, 2);
}

#[test]
fn rules_of_a_folder_stand_for_those_built_in_and_their_mistakes_are_shown() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let folder = tempfile::tempdir().unwrap();
    for part in ["definitions", "parameters", "programmes"] {
        std::fs::create_dir(folder.path().join(part)).unwrap();
        for entry in std::fs::read_dir(data.join(part)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "yaml") {
                std::fs::copy(&path, folder.path().join(part).join(path.file_name().unwrap()))
                    .unwrap();
            }
        }
    }
    std::fs::copy(data.join("facts.yaml"), folder.path().join("facts.yaml")).unwrap();
    let at = folder.path().display().to_string();
    let words = ["--data", &at, "--household", "-", "--on", "2026-03-02", "--json"];
    let built_in = eligible(&words[2..], HOME);
    assert_eq!(eligible(&words, HOME), built_in);
    let file = folder.path().join("programmes/emergency_living.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("crisis_cause !=", "crisis_causex !=")).unwrap();
    let (code, _, err) = eligible(&words, HOME);
    assert_eq!(code, 1);
    assert!(err.contains("emergency_living.yaml:") && err.contains("`crisis_cause`"), "{err}");
}

#[test]
fn the_schema_is_json_and_needs_no_household() {
    let (code, out, _) = eligible(&["--schema"], "");
    let schema: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 0);
    assert!(schema["properties"]["household"]["properties"]["crisis_cause"]["enum"].is_array());
    assert_eq!(eligible(&[], "").0, 2);
}
