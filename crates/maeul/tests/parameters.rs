//! `maeul parameters` as it is run: words in, words and exit codes out.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn parameters(words: &[&str]) -> (i32, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_maeul")).arg("parameters").args(words).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_number_is_shown_with_its_days_source_and_mark() {
    let (code, out, err) =
        parameters(&["show", "welfare.median_income", "--on", "2026-03-02", "--lang", "en"]);
    assert_eq!((code, err.as_str()), (0, ""));
    for line in [
        "Standard median income  welfare.median_income",
        "2026-01-01 ~ 2026-12-31  ← in force on 2026-03-02",
        "4 persons: 6,494,738 won/month",
        "each further person: +959,198 won/month",
        "source mark: G",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
    let (code, out, _) = parameters(&["show", "emergency.assets", "--on", "2026-03-02", "--json"]);
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &json["known"]), (0, &Value::Bool(false)));
    let (code, out, err) = parameters(&["show", "welfare.median_incom", "--lang", "en"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("Did you mean `welfare.median_income`?"), "{err}");
    let (_, out, _) = parameters(&["list", "--on", "2026-03-02"]);
    assert!(out.contains("welfare.rate.living  생계급여 선정기준: 32% [G]\n"), "{out}");
    assert!(out.contains("emergency.assets  긴급복지 재산 기준: 알 수 없음\n"), "{out}");
}

#[test]
fn check_tells_what_ends_by_its_exit_code_and_what_is_wrong_by_line_and_column() {
    let (code, out, err) = parameters(&["check", "--on", "2026-11-22", "--lang", "en"]);
    assert_eq!(code, 3, "{out}{err}");
    assert!(
        out.contains("welfare.median_income: The value ends on 2026-12-31 (in 39 days)"),
        "{out}"
    );
    assert!(err.contains("0 wrong"), "{err}");

    let folder = tempfile::tempdir().unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    fs::create_dir(folder.path().join("parameters")).unwrap();
    fs::copy(data.join("facts.yaml"), folder.path().join("facts.yaml")).unwrap();
    let dir = folder.path().display().to_string();
    let write = |text: &str| fs::write(folder.path().join("parameters/own.yaml"), text).unwrap();
    let one = |value: &str| {
        format!(
            "parameters:\n  own.limit:\n    {{ko: 한도, en: Limit, unit: won, basis: 조례 제1조, mark: O, value: {value}}}\n"
        )
    };
    write(&one("5_000_000"));
    let (code, out, err) = parameters(&["check", "--on", "2026-11-22", "--data", &dir]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    write(&one("500"));
    let (code, out, _) = parameters(&["check", "--on", "2026-11-22", "--data", &dir]);
    assert_eq!(code, 1);
    assert!(out.contains("own.yaml:3:5"), "{out}");
    write(&one("-5"));
    let (code, _, err) = parameters(&["check", "--data", &dir, "--lang", "en"]);
    assert_eq!(code, 1);
    assert!(err.contains("own.yaml:3:67: `-5`: a value below 0 cannot be meant."), "{err}");
}
