//! Who is responsible: the rule, by table.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use jiff::civil::Date;
use maeul_base::{DongCode, Lang, UnitId};
use maeul_org::{Assignment, Chart, Duty, Succession, Unit, UnitKind};
use uuid::Uuid;

const DONG_1: &str = "2914057500";
const DONG_2: &str = "2914059000";

fn id(number: u128) -> UnitId {
    UnitId(Uuid::from_u128(number))
}

fn day(text: &str) -> Option<Date> {
    (!text.is_empty()).then(|| text.parse().unwrap())
}

fn unit(number: u128, name: &str, from: &str, to: &str) -> Unit {
    Unit {
        id: id(number),
        code: name.to_lowercase(),
        name_ko: name.to_owned(),
        name_en: name.to_owned(),
        kind: UnitKind::Division,
        parent: None,
        phone: String::new(),
        dong: None,
        valid_from: day(from),
        valid_to: day(to),
        trigger: from.is_empty().then(|| "인사발령".to_owned()),
    }
}

fn assigned(duty: &str, unit: u128, dong: &str, from: &str, to: &str) -> Assignment {
    Assignment {
        id: Uuid::nil(),
        duty: duty.to_owned(),
        unit: id(unit),
        dong: dong.parse().ok(),
        valid_from: day(from),
        valid_to: day(to),
        trigger: None,
        basis: "규칙".to_owned(),
    }
}

fn succession(from: u128, to: u128, duty: &str, on: &str) -> Succession {
    let duty = (!duty.is_empty()).then(|| duty.to_owned());
    Succession { id: Uuid::nil(), from: id(from), to: id(to), duty, on_day: on.parse().unwrap() }
}

fn chart() -> Chart {
    let duty = |code: &str| Duty {
        code: code.to_owned(),
        name_ko: code.to_owned(),
        name_en: code.to_owned(),
    };
    Chart::new(
        vec![
            unit(1, "Roads", "2023-01-01", "2025-01-01"),
            unit(2, "Construction", "2025-01-01", "2026-01-01"),
            unit(3, "Infrastructure", "2026-01-01", ""),
            unit(4, "Cleaning", "2023-01-01", ""),
            unit(5, "Dong one", "2023-01-01", ""),
            unit(6, "Split", "2023-01-01", "2025-01-01"),
            unit(7, "Circle a", "2023-01-01", "2025-01-01"),
            unit(8, "Circle b", "2023-01-01", "2025-01-01"),
            unit(9, "Coming", "", ""),
        ],
        [
            "lights", "litter", "drains", "parks", "circle", "coming", "moved", "ended", "split",
            "orphan",
        ]
        .map(duty)
        .to_vec(),
        vec![
            assigned("lights", 1, "", "2023-01-01", ""),
            assigned("litter", 4, "", "2023-01-01", ""),
            assigned("litter", 5, DONG_1, "2024-01-01", "2025-01-01"),
            assigned("drains", 1, "", "2023-01-01", "2025-01-01"),
            assigned("parks", 5, DONG_1, "2023-01-01", ""),
            assigned("circle", 7, "", "2023-01-01", ""),
            assigned("coming", 9, "", "2023-01-01", ""),
            assigned("moved", 4, "", "2023-01-01", ""),
            assigned("ended", 4, "", "2023-01-01", "2024-01-01"),
            assigned("split", 6, "", "2023-01-01", ""),
        ],
        vec![
            succession(1, 2, "", "2025-01-01"),
            succession(2, 3, "", "2026-01-01"),
            succession(6, 2, "", "2025-01-01"),
            succession(6, 4, "", "2025-01-01"),
            succession(7, 8, "", "2025-01-01"),
            succession(8, 7, "", "2025-01-01"),
            succession(4, 3, "moved", "2026-03-01"),
        ],
    )
}

#[test]
fn the_responsible_unit_is_found_by_duty_dong_and_day() {
    let chart = chart();
    // duty, dong, day, unit (empty: the coordinator), why
    let table = [
        ("lights", "", "2024-06-01", "Roads", "assigned and in force"),
        ("lights", "", "2022-12-31", "", "before anyone was assigned"),
        ("lights", "", "2024-12-31", "Roads", "the last day"),
        ("lights", "", "2025-01-01", "Construction", "followed on the first day"),
        ("lights", "", "2026-11-01", "Infrastructure", "followed twice"),
        ("lights", DONG_2, "2024-06-01", "Roads", "an assignment for all serves every dong"),
        ("litter", DONG_1, "2024-06-01", "Dong one", "the dong's own assignment wins"),
        ("litter", DONG_2, "2024-06-01", "Cleaning", "another dong's does not count"),
        ("litter", DONG_1, "2025-06-01", "Cleaning", "after it ended, the general one"),
        ("litter", "", "2024-06-01", "Cleaning", "no dong known"),
        ("drains", "", "2025-06-01", "Construction", "it ended with its unit and passes on"),
        ("parks", DONG_2, "2024-06-01", "", "assigned only elsewhere"),
        ("parks", "", "2024-06-01", "", "a duty split by dong needs the dong"),
        ("circle", "", "2025-06-01", "", "a circle ends at the coordinator"),
        ("coming", "", "2025-06-01", "", "the unit waits for its event"),
        ("moved", "", "2026-02-28", "Cleaning", "before the duty moved"),
        ("moved", "", "2026-03-01", "Infrastructure", "one duty moved, the unit lives on"),
        ("litter", "", "2026-03-01", "Cleaning", "its other duties stay"),
        ("ended", "", "2024-06-01", "", "taken away from a unit that lives on"),
        ("split", "", "2025-06-01", "", "two successors are none"),
        ("orphan", "", "2025-06-01", "", "nobody was ever assigned"),
        ("unknown", "", "2025-06-01", "", "no such duty"),
    ];
    for (duty, dong, on, wanted, why) in table {
        let dong: Option<DongCode> = dong.parse().ok();
        let routing = chart.responsible(duty, dong.as_ref(), on.parse().unwrap());
        let found = routing.unit.as_ref().map_or("", |unit| unit.name(Lang::En));
        assert_eq!(found, wanted, "{duty} {dong:?} {on}: {why}; {:?}", routing.because);
        assert!(!routing.because.is_empty(), "{duty} {on}: no explanation");
    }
}

#[test]
fn the_explanation_names_each_step() {
    let routing = chart().responsible("lights", None, "2026-11-01".parse().unwrap());
    let korean: Vec<&str> = routing.because.iter().map(|it| it.say(Lang::Ko)).collect();
    assert_eq!(
        korean,
        [
            "'lights' 업무의 담당 부서: Roads (2023-01-01부터, 지역: 모든 동, 근거: 규칙)",
            "2025-01-01 업무 승계: Roads → Construction",
            "2026-01-01 업무 승계: Construction → Infrastructure",
        ]
    );
}

#[test]
fn a_unit_stands_in_its_own_place_while_it_exists() {
    let chart = chart();
    let on = |text: &str| text.parse().unwrap();
    let name = |found: Option<&Unit>| found.map(|unit| unit.code.clone());
    assert_eq!(name(chart.successor(id(1), None, on("2024-01-01"))).as_deref(), Some("roads"));
    assert_eq!(
        name(chart.successor(id(1), None, on("2026-01-01"))).as_deref(),
        Some("infrastructure")
    );
    assert_eq!(name(chart.successor(id(9), None, on("2026-01-01"))), None);
}
