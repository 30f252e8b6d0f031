//! The household file: what is refused, and at which place.

use crate::common::library;
use maeul_rules::household::{Household, read, schema};
use maeul_rules::problem::Problems;
use maeul_rules::yaml::Source;

fn load(text: &str) -> Result<Household, Problems> {
    read(&library(&[]).unwrap().registry, &Source::new("home.json", text))
}

#[test]
fn a_json_file_is_read_whatever_its_layout() {
    let pretty = "{\n\t\"household\": {\n\t\t\"rent\": 300000,\n\t\t\"region\": \"busan\",\n\t\t\"owner\": null\n\t},\n\t\"members\": [\n\t\t{\"role\": \"head\", \"birth\": \"1980-03-02\", \"ill\": true}\n\t]\n}\n";
    let compact = r#"{"household":{"rent":300000,"region":"busan","owner":null},"members":[{"role":"head","birth":"1980-03-02","ill":true}]}"#;
    let home = load(pretty).unwrap();
    assert_eq!(home, load(compact).unwrap());
    assert_eq!(home.facts.iter().flatten().count(), 2);
    let units = r#"{"household":{"rent":{"value":300000,"unit":"won/month"},"region":"busan"},"members":[{"role":"head","birth":"1980-03-02","ill":true}]}"#;
    assert_eq!(home, load(units).unwrap());
    let words = r#"{"household":{"rent":"300,000 won/month","region":"busan"},"members":[{"role":"head","birth":"1980-03-02","ill":true}]}"#;
    assert_eq!(home, load(words).unwrap());
}

#[test]
fn a_mistake_is_refused_at_its_place() {
    let home = |household: &str, members: &str| {
        format!("{{\n\"household\": {{{household}}},\n\"members\": [{members}]\n}}")
    };
    let head = r#"{"role": "head"}"#;
    for (text, place, expected) in [
        (home(r#""rnt": 1"#, head), "2:15", "Unknown fact `rnt`. Did you mean `rent`?"),
        (home(r#""rent": -1"#, head), "2:23", "It cannot be below 0 won/month, found -1 won/month"),
        (home(r#""rent": 1.5"#, head), "2:23", "has at most 0 decimals"),
        (
            home(r#""rent": "1 won/year""#, head),
            "2:23",
            "Wrong unit: expected won/month, found `won/year`",
        ),
        (
            home(r#""rent": {"value": 1, "unit": "won"}"#, head),
            "2:23",
            "Wrong unit: expected won/month",
        ),
        (home(r#""rent": 99999999999999"#, head), "2:23", "is too large"),
        (home(r#""rent": true"#, head), "2:23", "Expected a number in won/month, found `true`"),
        (home(r#""size": 11"#, head), "2:23", "It cannot be above 10"),
        (home(r#""owner": "yes""#, head), "2:24", "Expected true or false"),
        (home(r#""region": "seuol""#, head), "2:25", "Did you mean `seoul`?"),
        (
            home(r#""income": 1"#, head),
            "2:15",
            "`income` is a fact of a person: write it in `members`",
        ),
        (home("", r#"{"role": "head", "rent": 1}"#), "3:30", "is a fact of the household"),
        (home("", r#"{"role": "head", "birth": "1980-02-30"}"#), "3:39", "Expected a date such as"),
        (
            home("", r#"{"role": "head", "ill": true, "ill": false}"#),
            "3:43",
            "`ill` is written twice",
        ),
        (
            home("", r#"{"id": "a", "role": "head"}, {"id": "a"}"#),
            "3:42",
            "The member `a` is listed twice",
        ),
        (home("", r#"{"role": "spouse"}"#), "1:1", "The household has no head"),
        (home("", ""), "1:1", "The household has no head"),
        (home("", r#"{"role": "head"}, {"role": "head"}"#), "1:1", "more than one head"),
        (r#"{"member": []}"#.to_owned(), "1:2", "Unknown field `member`. Did you mean `members`?"),
        ("{".to_owned(), "2:1", "This is not YAML"),
        ("[1]".to_owned(), "1:1", "Expected a map, found a list"),
    ] {
        let problems = load(&text).expect_err(expected);
        let problem = &problems.0[0];
        assert!(problem.en.contains(expected), "{text}\n{problems}");
        assert_eq!(problem.place.to_string(), format!("home.json:{place}"), "{text}\n{problem}");
    }
}

#[test]
fn everything_wrong_is_told_at_once() {
    let problems =
        load(r#"{"household": {"rnt": 1, "rent": -1}, "members": [{"role": "spouse"}]}"#);
    assert_eq!(problems.unwrap_err().0.len(), 3);
}

#[test]
fn the_schema_names_every_fact_with_its_unit() {
    let library = library(&[]).unwrap();
    let schema = schema(&library.registry);
    let household = schema["properties"]["household"]["properties"].as_object().unwrap();
    let person = schema["properties"]["members"]["items"]["properties"].as_object().unwrap();
    // Every fact, and the member's `id`.
    assert_eq!(household.len() + person.len(), library.registry.facts.len() + 1);
    assert_eq!(household["region"]["enum"], serde_json::json!(["seoul", "busan", null]));
    assert!(household["rent"]["description"].as_str().unwrap().contains("[won/month]"));
    assert!(
        household["given_size"]["description"].as_str().unwrap().contains("computed unless given")
    );
}
