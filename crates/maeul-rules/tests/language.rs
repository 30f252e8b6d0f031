//! The rules language: what it says to a mistake, and what it computes.

use crate::common::{FACTS, PARAMETERS, household, library, rule, value};
use maeul_base::Lang;
use maeul_rules::Library;
use maeul_rules::yaml::Source;

fn complaint(expr: &str) -> (u32, String) {
    let file = rule("household", expr);
    let line = file.lines().nth(8).unwrap();
    let before = line.split(expr).next().unwrap().chars().count();
    let problems = match library(&[("a", &file)]) {
        Ok(_) => panic!("no complaint about: {expr}"),
        Err(problems) => problems,
    };
    let problem = &problems.0[0];
    assert_eq!(problem.place.line, 9, "{problem}");
    (problem.place.column - 1 - u32::try_from(before).unwrap(), problem.en.clone())
}

#[test]
fn a_mistake_is_shown_at_its_column_with_what_was_expected() {
    for (expr, column, expected) in [
        ("rent <=", 7, "Expected a value, a name or `(`, found the end"),
        ("rent <= 5 5", 10, "Expected an operator or the end of the expression, found `5`"),
        ("(rent <= 5 won/month", 20, "Expected `)`"),
        ("rent = 5", 5, "Equality is `==`"),
        ("rent <= 5 won/month && owner", 20, "Expected `and`, found `&&`"),
        ("rent <= 500000", 8, "Expected a number in `won/month`, found a number in `count`"),
        ("rent <= 500000 won", 8, "Expected a number in `won/month`, found a number in `won`"),
        ("rent <= p.limit", 8, "Expected a number in `won/month`, found a number in `won`"),
        ("owner <= true", 0, "Expected values that have an order"),
        ("owner", 0, ""),
        ("rent", 0, "Expected a yes/no value (bool), found a number in `won/month`"),
        ("rnt <= 5 won/month", 0, "Unknown name `rnt`. Did you mean `rent`?"),
        ("rent <= p.limitx", 8, "There is no parameter `limitx`. Did you mean `limit`?"),
        ("rent <= p.by_size", 8, "is looked up by 1 values [count], found 0"),
        (
            "rent <= p.by_size[region]",
            18,
            "Expected a number in `count`, found a value of `region`",
        ),
        ("income <= 5 won/month", 0, "`income` is a fact of a person"),
        ("region == 'seuol'", 10, "`seuol` is no allowed value. Did you mean `seoul`?"),
        ("region == 3", 10, "Expected a value of `region`"),
        ("region < 'seoul'", 0, "Expected values that have an order"),
        ("owner == 'seoul'", 9, "Expected a yes/no value (bool), found 'seoul'"),
        (
            "rent / 2 <= 5 won/month",
            0,
            "A division stands only directly inside a rounding function",
        ),
        ("floor(rent / size) <= 5 won/month", 13, "The divisor could be 0"),
        (
            "floor(rent, 10 won) <= rent",
            12,
            "Expected a number in `won/month`, found a number in `won`",
        ),
        ("floorx(rent) <= rent", 0, "There is no function `floorx`. Did you mean `floor`?"),
        ("max(rent) <= rent", 0, "`max` takes two or more values"),
        ("members.each(income > 0)", 8, "Expected any, all, count, sum, max or min"),
        ("members.any(income) ", 12, "Expected a yes/no value (bool)"),
        ("rent * rent * rent <= 0", 0, "could leave 64-bit integers"),
        ("on >= 2026-02-30", 6, "`2026-02-30` is no date"),
        ("on >= 65 years", 6, "Expected a date, found a number in `years`"),
    ] {
        if expr == "owner" {
            assert!(library(&[("a", &rule("household", expr))]).is_ok());
            continue;
        }
        let (at, text) = complaint(expr);
        assert!(text.contains(expected), "{expr}\n  {text}");
        assert_eq!(at, column, "{expr}\n  {text}");
    }
}

#[test]
fn a_file_that_means_two_things_is_refused() {
    let good = rule("household", "owner");
    let overlapping = format!(
        "{good}  - from: 2025-06-01\n    announcement: {{ko: 가, en: a}}\n    conditions: [{{id: x, ko: 가, en: a, article: 법, when: owner}}]\n"
    );
    for (text, place, expected) in [
        (overlapping.as_str(), "data/programmes/a.yaml:11:5", "overlap another's"),
        (
            &good.replace("law: 법", "lawn: 법"),
            "data/programmes/a.yaml:5:1",
            "Unknown field `lawn`. Did you mean `law`?",
        ),
        (
            &good.replace("programme: a", "programme: b"),
            "data/programmes/a.yaml:1:12",
            "must be the file's name",
        ),
        (
            &good.replace("for: household", "for: family"),
            "data/programmes/a.yaml:4:6",
            "must be household or person",
        ),
        (&good.replace("article: 법, ", ""), "data/programmes/a.yaml:9:9", "`article` is missing"),
        (
            &good.replace("    conditions:", "    let: {rent: rent}\n    conditions:"),
            "data/programmes/a.yaml:8:11",
            "is the name of a fact",
        ),
        (
            &good.replace("    conditions:", "    let: {x: y, y: x}\n    conditions:"),
            "data/programmes/a.yaml:8:14",
            "circular): y → x → y",
        ),
        (
            &format!("{good}    amount: {{value: 1.5 * p.limit}}\n"),
            "data/programmes/a.yaml:11:21",
            "whole won",
        ),
        (
            &format!("{good}    amount: {{value: rent * 2 months * 2 months}}\n"),
            "data/programmes/a.yaml:11:21",
            "Expected an amount in won",
        ),
        (
            &format!("{good}    score: [{{id: s, ko: 가, en: a, article: 법, points: size}}]\n"),
            "data/programmes/a.yaml:11:55",
            "Expected a number in `points`",
        ),
    ] {
        let problems = library(&[("a", text)]).expect_err(expected);
        let problem = &problems.0[0];
        assert!(problem.en.contains(expected), "{problems}");
        assert_eq!(problem.place.to_string(), place, "{problem}");
        assert!(!problem.ko.is_empty());
    }
}

#[test]
fn mistakes_in_facts_definitions_and_parameters_are_found_at_load() {
    let load = |facts: &str, parameters: &str| {
        Library::load(&[
            Source::new("data/facts.yaml", facts),
            Source::new("data/parameters/p.yaml", parameters),
        ])
        .expect_err("no complaint")
    };
    let facts = load(
        &FACTS.replace(
            "rent: {of: household, type: won/month",
            "rent: {of: household, type: won/mnth",
        ),
        PARAMETERS,
    );
    assert!(
        facts.0[0].en.contains("Unknown type `won/mnth`. Did you mean `won/month`?"),
        "{facts}"
    );
    let overlap = load(
        FACTS,
        &PARAMETERS.replace("{from: 2026-01-01, value: 200", "{from: 2025-06-01, value: 200"),
    );
    assert_eq!(overlap.0[0].place.line, 8, "{overlap}");
}

#[test]
fn expressions_compute_exactly() {
    let home = household(
        "household: {rent: 333333, size: 3, region: seoul, owner: false, area: 33.06}\n\
         members: [{role: head, income: 1000001, birth: 1961-03-02}, {income: 500000, birth: 2020-02-29}]",
    );
    for (expr, expected) in [
        ("members.sum(income)", "1500001"),
        ("members.max(income)", "1000001"),
        ("members.min(birth)", "1961-03-02"),
        ("members.count(income >= 500_000 won/month)", "2"),
        ("head.income", "1000001"),
        ("round(rent * 30%)", "100000"),
        ("floor(rent * 4.17%)", "13899"),
        ("ceil(rent / 7, 10 won/month)", "47620"),
        ("floor(rent * 12 months / 1.5, 100 won)", "2666600"),
        ("rent * 12 months", "3999996"),
        ("max(0, rent - 400_000 won/month)", "0"),
        ("-rent", "-333333"),
        ("if owner then 1 won else 2 won", "2"),
        ("p.by_size[size]", "300"),
        ("p.by_size[size + 3]", "500"),
        ("p.limit", "200"),
        ("head.age", "65"),
        ("members.count(age < 19 years)", "1"),
        ("years_between(2000-02-29, 2023-02-28)", "22"),
        ("plus_years(2024-02-29, 1 years)", "2025-02-28"),
        ("days_since(2026-02-01)", "29"),
        ("round(area * 100_000 won / 1 m2)", "3306000"),
        ("1 - 2 - 3", "-4"),
        ("2 + 3 * 4", "14"),
        ("region in ['busan', 'seoul'] and not owner or false", "true"),
    ] {
        assert_eq!(value(expr, &home, 20_260_302).as_deref(), Some(expected), "{expr}");
    }
}

#[test]
fn what_is_not_known_stays_unknown_and_only_that() {
    let home =
        household("household: {size: 9, owner: false}\nmembers: [{role: head, income: 5}, {}]");
    for (expr, expected) in [
        ("rent", None),
        ("owner and rent > 0", Some("false")),
        ("not owner or rent > 0", Some("true")),
        ("owner or rent > 0", None),
        ("members.sum(income)", None),
        ("members.any(income > 1 won/month)", Some("true")),
        ("members.all(income > 9 won/month)", Some("false")),
        ("members.all(income > 1 won/month)", None),
        ("if rent > 0 then 1 else 1", Some("1")),
        ("if rent > 0 then 1 else 2", None),
        ("if owner then rent else 7 won/month", Some("7")),
        ("p.later", None),
        ("p.by_region[region]", None),
        ("p.by_region['busan']", None),
        ("p.by_region['seoul']", Some("9")),
        ("given_size", Some("2")),
    ] {
        assert_eq!(value(expr, &home, 20_260_302).as_deref(), expected, "{expr}");
    }
    let stated = household("household: {given_size: 5}\nmembers: [{role: head}, {}]");
    assert_eq!(value("given_size", &stated, 20_260_302).as_deref(), Some("5"));
}

#[test]
fn a_parameter_is_the_one_in_force_on_the_day() {
    let home = household("members: [{role: head}]");
    for (on, expected) in [(20_251_231, Some("100")), (20_260_101, Some("200")), (20_241_231, None)]
    {
        assert_eq!(value("p.limit", &home, on).as_deref(), expected, "{on}");
    }
}

#[test]
fn the_fingerprint_changes_with_the_rule_or_a_value_and_with_nothing_else() {
    let print = |files: &[(&str, &str)], on| {
        library(files).unwrap().compile(on).unwrap().programme("b").unwrap().fingerprint.clone()
    };
    let one = rule("household", "p.limit > 150 won").replace("programme: a", "programme: b");
    let before = print(&[("b", &one)], 20_260_302);
    let other = rule("household", "owner or p.limit > 1 won");
    assert_eq!(print(&[("a", &other), ("b", &one)], 20_260_302), before);
    assert_ne!(print(&[("b", &one)], 20_250_302), before);
    assert_ne!(print(&[("b", &one.replace("150", "151"))], 20_260_302), before);
    assert_ne!(print(&[("b", &one.replace('>', ">="))], 20_260_302), before);
    assert!(Lang::Ko.t("가", "a") == "가");
}
