//! What a person and a program read as an answer.

use crate::common::{household, library};
use maeul_base::Lang;
use maeul_rules::answer::{answers, answers_json, explain};
use maeul_rules::eval::Values;
use serde_json::{Value, json};

const HELP: &str = "\
programme: help
ko: 월세 지원
en: Rent help
for: household
law: 지원법
note: {ko: 시험용 사업이다., en: A programme for tests.}
versions:
  - from: 2024-01-01
    to: 2026-12-31
    mark: V
    announcement: {ko: 월세를 도와 드려요., en: We help with the rent.}
    let: {limit: 'floor(p.by_size[size] * 1_000 / 1 months)'}
    conditions:
      - {id: income, ko: 소득, en: Income, article: 지원법 제2조, when: members.sum(income) <= limit}
      - {id: head_age, ko: 가구주 나이, en: Age of the head, article: 지원법 제3조, when: head.age >= 19 years}
      - {id: place, ko: 지역, en: Region, article: 지원법 제4조, when: \"region in ['seoul']\"}
    exclusions:
      - {id: owner, ko: 집이 있음, en: Owns a home, article: 지원법 제5조, when: owner}
      - {id: dear, ko: 월세가 비쌈, en: Rent too high, article: 지원법 제6조, when: rent > 500_000 won/month}
    ongoing:
      - {id: stays, ko: 계속 거주, en: Still lives there, article: 지원법 제8조, when: area > 0}
    amount: {article: 지원법 제7조, value: 'floor(rent * 30%, 100 won/month)'}
    score:
      - {id: many, ko: 가구원 수, en: Size, article: 지원법 제9조, points: size * 2.5 points}
";

const ILL: &str = "\
programme: ill
ko: 아픈 사람 지원
en: Help for the ill
for: person
law: 건강법
versions:
  - from: 2025-01-01
    mark: V
    announcement: {ko: 도와 드려요., en: We help.}
    conditions:
      - {id: ill, ko: 질병, en: Illness, article: 건강법 제1조, when: ill}
      - {id: poor, ko: 소득, en: Income, article: 건강법 제2조, when: income < 100_000 won/month}
    amount: {article: 건강법 제3조, value: 50_000 won}
";

struct World {
    library: maeul_rules::Library,
}

impl World {
    fn new() -> Self {
        Self {
            library: library(&[("help", HELP), ("ill", ILL)])
                .unwrap_or_else(|problems| panic!("{problems}")),
        }
    }

    fn ask(&self, home: &str, on: i64, lang: Lang, trace: bool) -> (String, Vec<Value>) {
        let compiled = self.library.compile(on).unwrap();
        let home = household(home);
        let mut values = Values::default();
        let found = answers(&compiled, &home, &mut values);
        let json = answers_json(&compiled, &home, &values, &found, lang, true);
        let json = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (explain(&compiled, &home, &values, &found, lang, trace), json)
    }
}

const POOR: &str = "household: {size: 3, region: seoul, rent: 333333, owner: false, area: 33.06}\n\
    members: [{id: a, role: head, birth: 1980-03-02, income: 90000, ill: true}, {id: b, income: 209999, ill: true}, {id: c, income: 1, ill: true}]";
const RICH: &str = "household: {size: 3, region: busan, rent: 500001, owner: true}\n\
    members: [{id: a, role: head, birth: 2007-03-03, income: 300001, ill: false}]";
const HALF: &str =
    "household: {size: 3, rent: 333333}\nmembers: [{id: a, role: head, income: 90000}, {id: b}]";

#[test]
fn what_a_person_reads() {
    let world = World::new();
    for (name, home) in [("eligible", POOR), ("not_eligible", RICH), ("unknown", HALF)] {
        for lang in Lang::ALL {
            let text = world.ask(home, 20_260_302, lang, false).0;
            insta::assert_snapshot!(format!("{name}_{}", lang.tag()), text);
        }
    }
    insta::assert_snapshot!("trace_ko", world.ask(POOR, 20_260_302, Lang::Ko, true).0);
    insta::assert_snapshot!("trace_en", world.ask(HALF, 20_260_302, Lang::En, true).0);
    insta::assert_snapshot!("not_in_force_ko", world.ask(POOR, 20_240_101, Lang::Ko, false).0);
    insta::assert_snapshot!("ended_en", world.ask(POOR, 20_270_101, Lang::En, false).0);
}

#[test]
fn eligible_says_how_much_for_whom_and_from_which_values() {
    let (_, json) = World::new().ask(POOR, 20_260_302, Lang::En, false);
    let help = &json[0];
    assert_eq!(help["programme"], "help");
    assert_eq!(help["version"], "2024-01-01");
    assert_eq!(help["outcome"], "eligible");
    assert_eq!((&help["amount_won"], &help["amount_unit"]), (&json!(99_900), &json!("won/month")));
    assert_eq!(help["missing"], json!([]));
    assert_eq!(help["score"], json!(7.5));
    let income = &help["conditions"][0];
    assert_eq!((&income["id"], &income["holds"]), (&json!("income"), &json!(true)));
    assert_eq!(
        (&income["value"], &income["relation"], &income["threshold"]),
        (&json!(300_000), &json!("<="), &json!(300_000))
    );
    assert_eq!(help["conditions"][2]["threshold"], json!(["seoul"]));
    assert_eq!(help["parameters"][0]["key"], "by_size");
    assert_eq!(help["parameters"][0]["value"], 300);
    assert_eq!(help["parameters"][0]["basis"], "법 1");
    assert!(help["note"].as_str().unwrap().contains("art. 20"));
    // Two of three persons: both amounts together.
    let ill = &json[1];
    assert_eq!(
        (&ill["outcome"], &ill["amount_won"], &ill["person"]),
        (&json!("eligible"), &json!(100_000), &json!("a"))
    );
    let each: Vec<&str> = ill["persons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(each, ["eligible", "not_eligible", "eligible"]);
}

#[test]
fn not_eligible_says_which_condition_and_by_how_much() {
    let (_, json) = World::new().ask(RICH, 20_260_302, Lang::En, false);
    let help = &json[0];
    assert_eq!((&help["outcome"], &help["amount_won"]), (&json!("not_eligible"), &Value::Null));
    let by = |id: &str| {
        let found = help["conditions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["id"] == id)
            .unwrap()
            .clone();
        (found["holds"].clone(), found["misses_by"].clone(), found["relation"].clone())
    };
    assert_eq!(by("income"), (json!(false), json!(1), json!("<=")));
    assert_eq!(by("head_age"), (json!(false), json!(-1), json!(">=")));
    assert_eq!(by("place"), (json!(false), Value::Null, json!("in")));
    assert_eq!(by("owner"), (json!(false), Value::Null, json!("==")));
    // An exclusion is turned: so it must be.
    assert_eq!(by("dear"), (json!(false), json!(1), json!("<=")));
    assert_eq!(by("stays"), (Value::Null, Value::Null, json!(">")));
    assert_eq!(help["missing"], json!([]));
}

#[test]
fn unknown_says_what_is_missing_and_whether_it_could_matter() {
    let (_, json) = World::new().ask(HALF, 20_260_302, Lang::En, false);
    let help = &json[0];
    assert_eq!(help["outcome"], "unknown");
    assert_eq!(help["missing"], json!(["income", "birth", "region", "owner"]));
    for detail in help["missing_detail"].as_array().unwrap() {
        assert_eq!(detail["could_matter"], true, "{detail}");
        assert_ne!(detail["example"][0]["outcome"], detail["example"][1]["outcome"]);
    }
    assert_eq!(help["missing_detail"][0]["person"], "b");
}

#[test]
fn a_programme_not_in_force_is_an_answer_too() {
    let (_, json) = World::new().ask(POOR, 20_240_101, Lang::En, false);
    let ill = json.iter().find(|one| one["programme"] == "ill").unwrap();
    assert_eq!((&ill["outcome"], &ill["version"]), (&json!("not_eligible"), &Value::Null));
    assert_eq!(ill["conditions"][0]["id"], "in_force");
    assert_eq!(ill["conditions"][0]["threshold"], "2025-01-01");
    // On that day the limit has no value yet: the other programme cannot know.
    let help = json.iter().find(|one| one["programme"] == "help").unwrap();
    assert_eq!((&help["outcome"], &help["missing"]), (&json!("unknown"), &json!(["p.by_size"])));
}
