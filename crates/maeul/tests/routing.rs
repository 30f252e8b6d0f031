//! `maeul routing` as it is run: on files, and on the cases of an office.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

/// Exit code, standard output, standard error.
fn maeul(words: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_maeul")).args(words).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn json_of(words: &[&str]) -> Value {
    let (code, out, err) = maeul(words);
    assert_eq!(code, 0, "{words:?}: {err}");
    serde_json::from_str(&out).unwrap()
}

const PLACES: [&str; 10] = [
    "시장 입구",
    "공원 옆",
    "학교 앞",
    "우리 골목",
    "다리 밑",
    "역 광장",
    "놀이터",
    "천변",
    "도서관 뒤",
    "주민센터 앞",
];
const MATTERS: [(&str, &str); 4] = [
    ("가로등이 꺼져서 밤에 어두워요", "streetlight"),
    ("도로가 파여서 차가 덜컹거려요", "road-damage"),
    ("누가 쓰레기를 몰래 버리고 갔어요", "dumping"),
    ("차를 보도에 세워서 지나갈 수 없어요", "illegal-parking"),
];

/// Forty texts of four services.
fn texts() -> impl Iterator<Item = (String, &'static str)> {
    PLACES.iter().flat_map(|place| {
        MATTERS.iter().map(move |(matter, service)| (format!("{place} {matter}"), *service))
    })
}

#[test]
fn a_file_teaches_a_model_that_is_judged_and_asked() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).display().to_string();
    let (file, model) = (at("cases.jsonl"), at("routing.model"));
    let lines: Vec<String> =
        texts().map(|(text, label)| json!({"text": text, "label": label}).to_string()).collect();
    std::fs::write(&file, lines.join("\n")).unwrap();

    let trained = json_of(&["routing", "train", &file, "-o", &model, "--json"]);
    assert_eq!(
        (trained["texts"].as_u64(), trained["labels"].as_array().unwrap().len()),
        (Some(40), 4)
    );
    let once = std::fs::read(&model).unwrap();
    json_of(&["routing", "train", &file, "-o", &model, "--json"]);
    assert_eq!(std::fs::read(&model).unwrap(), once, "the same texts and seed, the same file");

    let judged = json_of(&["routing", "evaluate", &file, "--model", &model, "--json"]);
    assert_eq!(judged["accuracy"], 1.0);
    let crossed = json_of(&["routing", "evaluate", &file, "--folds", "4", "--json"]);
    assert!(crossed["accuracy"].as_f64().unwrap() > 0.9, "{crossed}");
    assert_eq!(crossed["how"]["folds"], 4);

    let asked =
        json_of(&["routing", "ask", "우체국 가로등이 꺼졌어요", "--model", &model, "--json"]);
    assert_eq!(asked["candidates"][0]["label"], "streetlight");
    let words = asked["candidates"][0]["because"].as_array().unwrap();
    assert!(words.iter().any(|it| it["word"].as_str().unwrap().contains("가로등")), "{asked}");
    let (_, said, _) = maeul(&["routing", "ask", "우체국 가로등이 꺼졌어요", "--model", &model]);
    assert!(said.starts_with("1. streetlight "), "{said}");

    // What is refused names its line; a damaged model is no model.
    std::fs::write(&file, "{\"text\":\"가\",\"label\":\"x\"}\n{\"text\":\"\"}\n").unwrap();
    let (code, _, err) = maeul(&["routing", "train", &file, "-o", &model]);
    assert!(code == 1 && err.contains("2번째 줄"), "{err}");
    let mut broken = once;
    broken[200] ^= 1;
    std::fs::write(&model, broken).unwrap();
    let (code, _, err) = maeul(&["routing", "ask", "가로등", "--model", &model, "--lang", "en"]);
    assert!(code == 1 && err.contains("checksum"), "{err}");
    assert_ne!(maeul(&["routing", "train", "-o", &model]).0, 0, "texts or --from-cases");
}

#[test]
fn an_office_learns_from_its_own_cases() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().display().to_string();
    let run = |words: &[&str]| maeul(&[words, &["--dir", &store]].concat());
    let shipped = |name: &str| {
        let office =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/offices/29140-gwangju-seogu");
        office.join(name).display().to_string()
    };
    for (kind, name) in
        [("org", "org.toml"), ("boundaries", "boundaries.geojson"), ("services", "services.toml")]
    {
        assert_eq!(run(&["import", kind, &shipped(name)]).0, 0);
    }
    let (code, _, err) = run(&["routing", "train", "--from-cases", "--lang", "en"]);
    assert!(code == 1 && err.contains("only 0 cases"), "{err}");
    let (code, _, err) = run(&["routing", "ask", "가로등", "--from-cases", "--lang", "en"]);
    assert!(code == 1 && err.contains("No model"), "{err}");

    let mut old = "service_request_id,requested_datetime,status,closed_datetime,service_code,description,status_notes\n".to_owned();
    for (number, (text, service)) in texts().enumerate() {
        writeln!(old, "{number},2026-05-04T10:30+09:00,closed,2026-05-06T17:00+09:00,{service},{text},마쳤습니다").unwrap();
    }
    writeln!(old, "open,2026-05-04T10:30+09:00,open,,dumping,아직 답하지 않은 신고,").unwrap();
    let file = dir.path().join("old.csv").display().to_string();
    std::fs::write(&file, old).unwrap();
    assert_eq!(run(&["import", "cases", &file]).0, 0);

    let dry = run(&["routing", "train", "--from-cases", "--dry-run", "--json"]);
    let dry: Value = serde_json::from_str(&dry.1).unwrap();
    assert_eq!((dry["cases"].as_u64(), dry["version"].is_null()), (Some(40), true));
    let (code, out, err) = run(&["routing", "train", "--from-cases", "--json"]);
    assert_eq!(code, 0, "{err}");
    let trained: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (trained["version"].as_u64(), trained["cases"].as_u64()),
        (Some(1), Some(40)),
        "an open case is no lesson"
    );
    assert!(
        trained["labels"].as_array().unwrap().len() > 20,
        "services nobody asked for yet, by their words"
    );
    let (code, out, _) = run(&["routing", "ask", "시장 가로등이 꺼졌어요", "--from-cases"]);
    assert!(code == 0 && out.starts_with("1. streetlight"), "{out}");
    let (_, out, _) = run(&["routing", "evaluate", "--from-cases", "--json"]);
    let judged: Value = serde_json::from_str(&out).unwrap();
    assert!(judged["accuracy"].as_f64().unwrap() > 0.9, "{judged}");
    let (_, out, _) = run(&["routing", "models", "--lang", "en"]);
    assert!(out.contains("model 1") && out.contains("40 cases, 0 corrected ← in use"), "{out}");
    let (_, out, _) = run(&["routing", "models", "--drop", "1", "--lang", "en"]);
    assert!(out.contains("No model was trained"), "{out}");
    assert_eq!(run(&["routing", "models", "--drop", "1"]).0, 1);
}
