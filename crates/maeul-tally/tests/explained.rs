//! What people read: outcomes, projects, ballots and comparisons, in Korean and English.

use std::fmt::Write as _;

use maeul_base::Lang;
use maeul_tally::{Election, Limits, compare, explain, pb, tally};

const VILLAGE: &str = include_str!("data/village.pb");

fn village() -> Election {
    pb::read(VILLAGE).unwrap().election().unwrap()
}

fn said(rule: &str, lang: Lang) -> String {
    let election = village();
    let outcome = tally(
        &election,
        &rule.parse().unwrap(),
        &"id".parse().unwrap(),
        &Limits::default(),
        &mut |_| {},
    )
    .unwrap();
    let mut text = explain::summary_text(&election, &outcome, lang);
    for project in election.indices() {
        let account = explain::project(&election, &outcome, project).unwrap();
        let _ = write!(text, "\n{}", explain::project_text(&election, &outcome, &account, lang));
    }
    let ballot = explain::ballot(&election, &outcome, &election.ballots[0]);
    let _ = write!(text, "\n{}", explain::ballot_text(&election, &outcome, "1", &ballot, lang));
    text
}

#[test]
fn equal_shares_says_who_paid_what() {
    insta::assert_snapshot!("equal-shares.ko", said("mes-cardinality+add1+greedy", Lang::Ko));
    insta::assert_snapshot!("equal-shares.en", said("mes-cardinality", Lang::En));
}

#[test]
fn greedy_says_what_was_left() {
    insta::assert_snapshot!("greedy.ko", said("greedy-votes", Lang::Ko));
    insta::assert_snapshot!("greedy.en", said("greedy-votes+no-skip", Lang::En));
}

#[test]
fn phragmen_says_where_it_stopped() {
    insta::assert_snapshot!("phragmen.ko", said("phragmen", Lang::Ko));
    insta::assert_snapshot!("phragmen.en", said("phragmen", Lang::En));
}

#[test]
fn rules_stand_side_by_side() {
    let election = village();
    let mut rules = compare::usual(&election);
    rules.insert(0, "mes-cost+add1".parse().unwrap());
    let compared = compare::compare(
        &election,
        &rules,
        &"id".parse().unwrap(),
        &Limits::default(),
        &mut |_| {},
    )
    .unwrap();
    insta::assert_snapshot!(
        "compared",
        format!("{}\n{}", compared.text(&election, Lang::Ko), compared.text(&election, Lang::En))
    );
}

#[test]
fn machines_get_the_same() {
    let election = village();
    let outcome = tally(
        &election,
        &"mes-cardinality".parse().unwrap(),
        &"votes".parse().unwrap(),
        &Limits::default(),
        &mut |_| {},
    )
    .unwrap();
    let account = explain::project(&election, &outcome, 2).unwrap();
    let ballot = explain::ballot(&election, &outcome, &election.ballots[3]);
    let all = serde_json::json!({
        "result": explain::json::result(&election, &outcome),
        "project": explain::json::project(&election, &account),
        "ballot": explain::json::ballot(&election, "9", &ballot),
    });
    insta::assert_snapshot!("json", serde_json::to_string_pretty(&all).unwrap());
}

#[test]
fn amounts_are_grouped_for_readers() {
    let money = |text: &str| explain::money(&text.parse().unwrap());
    assert_eq!(money("1234567.5"), "1,234,567.5");
    assert_eq!(money("100"), "100");
    assert_eq!(money("-1000"), "-1,000");
    assert_eq!(money("10000/3"), "≈3,333.33");
}
