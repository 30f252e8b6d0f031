//! `maeul due` as its users meet it: arguments in, text or JSON out.

use std::process::ExitCode;

use clap::Parser;
use serde_json::{Value, json};

use super::{DueArgs, run};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    due: DueArgs,
}

fn ask_with(args: &str, stdin: &str) -> Result<(String, ExitCode), String> {
    let words = std::iter::once("due").chain(args.split_whitespace());
    let cli = Cli::try_parse_from(words).map_err(|error| error.to_string())?;
    let mut out = Vec::new();
    let code = run(cli.due, stdin.as_bytes(), &mut out).map_err(|error| error.to_string())?;
    Ok((String::from_utf8(out).unwrap(), code))
}

fn ask(args: &str) -> Result<String, String> {
    ask_with(args, "").map(|(out, _)| out)
}

fn ask_json(args: &str) -> Value {
    serde_json::from_str(&ask(&format!("{args} --json")).unwrap()).unwrap()
}

#[test]
fn a_page_for_people() {
    assert_eq!(
        ask("--received 2026-06-08T16:30 --period 즉시").unwrap(),
        "\
처리기한  2026. 6. 9.(화) 10:30
계산      근무시간으로 셈 (A)
근거      민원 처리에 관한 법률 제19조제1항, 같은 법 시행령 제19조

  + 2026. 6. 8.(월) 16:30–18:00: 1시간 30분 셈, 모두 1시간 30분
  - 2026. 6. 8.(월) 18:00–: 세지 않음, 근무 끝남, 다음 근무일 시작까지 멈춤
  + 2026. 6. 9.(화) 09:00–10:30: 1시간 30분 셈, 모두 3시간
"
    );
    let page = ask(
        "--received 2026-06-08 --period 7d --supplement 2026-06-10..2026-06-12 --lang en --office 29140",
    )
    .unwrap();
    assert!(page.starts_with("Due   Fri 19 Jun 2026 18:00\n"), "{page}");
    // One line for every day from the 8th to the 19th.
    assert_eq!(page.lines().filter(|line| line.starts_with("  ")).count(), 12, "{page}");
}

#[test]
fn an_object_for_machines() {
    let answer = ask_json("--received 2026-06-08T10:30 --period 7d");
    assert_eq!(answer["due"], "2026-06-16T18:00:00+09:00");
    assert_eq!(answer["calculator"], "B");
    assert_eq!(answer["article"], "민원 처리에 관한 법률 제19조제2항");
    assert_eq!(answer["steps"].as_array().unwrap().len(), 9);
    assert_eq!(answer["steps"][0]["date"], "2026-06-08");
    assert_eq!(answer["steps"][0]["counted"], true);
    for (args, due, calculator) in [
        ("--received 2026-06-08T01:30:00Z --period immediate", "2026-06-08T14:30:00+09:00", "A"),
        ("--received 2026-07-16T20:00 --period 8h", "2026-07-20T18:00:00+09:00", "A"),
        ("--received 2026-01-31 --period 1month", "2026-03-03T18:00:00+09:00", "C"),
        ("--received 2026-06-08 --period 10d --calculator civil", "2026-06-18T18:00:00+09:00", "D"),
        ("--received 2026-06-08 --period 7d --extend 7d", "2026-06-25T18:00:00+09:00", "B"),
        (
            "--received 2026-06-08 --period 7d --outage 2026-06-10..2026-06-10 --outage 2026-06-11..2026-06-11",
            "2026-06-18T18:00:00+09:00",
            "B",
        ),
    ] {
        let answer = ask_json(args);
        assert_eq!(
            (&answer["due"], &answer["calculator"]),
            (&json!(due), &json!(calculator)),
            "{args}"
        );
    }
    // Calendar periods too have a line for every day.
    let year = ask_json("--received 2026-06-08 --period 1year");
    assert_eq!(year["steps"].as_array().unwrap().len(), 365);
}

#[test]
fn refusals_say_which_field_why_and_what_to_do() {
    for (args, field, hint) in [
        ("--received 2026-06-08 --period 즉시", "--received", "2026-06-08T10:30"),
        ("--received 2026-02-30 --period 7d", "--received", "2026-06-08"),
        ("--received 1999-01-01 --period 7d", "--received", "2014-01-01"),
        ("--received 2026-06-08 --period 7", "--period", "7d"),
        ("--received 2026-06-08 --period 0d", "--period", "1"),
        ("--received 2050-12-01 --period 1year", "--period", "2050-12-31"),
        ("--received 2026-06-08 --period 7d --calculator tax", "--calculator", "petition"),
        ("--received 2026-06-08T10:00 --period 3h --calculator civil", "--period", "petition"),
        ("--received 2026-06-08 --period 7d --supplement 2026-06-10", "--supplement", ".."),
        (
            "--received 2026-06-08 --period 7d --supplement 2026-06-12..2026-06-10",
            "--supplement",
            "",
        ),
        (
            "--received 2026-05-04 --period 7d --outage 2026-05-04..2026-05-05",
            "--outage",
            "2026-05-06",
        ),
        ("--received 2026-06-08 --period 7d --office seogu", "--office", "29140"),
    ] {
        for lang in ["ko", "en"] {
            let error = ask(&format!("{args} --lang {lang}")).unwrap_err();
            assert!(error.starts_with(field) && error.contains(hint), "{args}: {error}");
        }
    }
    assert!(ask("--period 7d").unwrap_err().contains("--received"));
    assert!(ask("--batch x.jsonl --period 7d").unwrap_err().contains("--batch"));
    assert!(ask("--batch /nowhere/x.jsonl").unwrap_err().contains("/nowhere/x.jsonl"));
}

#[test]
fn a_batch_answers_every_line_in_its_place() {
    let lines = r#"{"received": "2026-06-08T10:30", "period": "즉시"}
{"received": "2026-06-08", "period": "7d", "supplement": ["2026-06-10..2026-06-12"], "office": "29140", "id": 7}

{"received": "2026-06-08", "period": "7d", "suplement": []}
{"received": 20260608, "period": "7d"}
{"period": "7d"}
[1, 2
{"received": "2026-06-08", "period": "7d", "outage": [3]}
{"received": "2026-06-08", "period": "10d", "calculator": "civil", "office": 29140, "outage": null}
"#;
    let (out, code) = ask_with("--batch - --lang en", lines).unwrap();
    let answers: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let seen: Vec<Value> = answers
        .iter()
        .map(|answer| match &answer["error"] {
            Value::Null => answer["due"].clone(),
            error => json!([error["line"], error["field"]]),
        })
        .collect();
    assert_eq!(
        seen,
        [
            json!("2026-06-08T14:30:00+09:00"),
            json!("2026-06-19T18:00:00+09:00"),
            json!([4, "suplement"]),
            json!([5, "received"]),
            json!([6, "received"]),
            json!([7, "json"]),
            json!([8, "outage"]),
            json!("2026-06-18T18:00:00+09:00"),
        ]
    );
    assert_eq!(answers[1]["id"], 7);
    assert_eq!(code, ExitCode::FAILURE);
    let (_, code) =
        ask_with("--batch -", "{\"received\":\"2026-06-08\",\"period\":\"7d\"}").unwrap();
    assert_eq!(code, ExitCode::SUCCESS);
}

#[test]
fn bytes_that_are_not_text_and_endless_lines_are_answered_too() {
    let cli = Cli::try_parse_from(["due", "--batch", "-"]).unwrap();
    let mut input = b"{\"received\": \"\xff\xfe\"}\n".to_vec();
    input.extend(vec![b' '; 3]);
    input.extend(vec![b'['; 2 << 20]);
    input.push(b'\n');
    let mut out = Vec::new();
    let code = run(cli.due, input.as_slice(), &mut out).unwrap();
    assert_eq!(code, ExitCode::FAILURE);
    let out = String::from_utf8(out).unwrap();
    assert_eq!(out.lines().filter(|line| line.contains("\"error\"")).count(), 2);
}
