//! The numbers of the law: those that ship are the reference's, mistakes are refused where they
//! stand, and what is not written is unknown.

use maeul_base::Lang;
use maeul_rules::Library;
use maeul_rules::parameter::{FindingKind, Level, Parameters, PlainValue, find};
use maeul_rules::registry::Registry;
use maeul_rules::yaml::Source;
use proptest::prelude::*;

fn library() -> Library {
    Library::shipped().unwrap_or_else(|problems| panic!("\n{}", problems.text(Lang::Ko)))
}

fn registry() -> Registry {
    let facts = "enums:\n  role: {ko: 관계, en: Role, values: {head: 가구주, other: 그 밖}}\n  place: {ko: 곳, en: Place, values: {city: 도시, rural: 농촌}}\nfacts:\n  role: {of: person, type: role, ko: 관계, en: Role}\n";
    Registry::load(&[Source::new("facts.yaml", facts)], &[]).unwrap()
}

/// One parameter `a.b` with these lines.
fn load(lines: &str) -> Result<Parameters, String> {
    let lines = lines.lines().map(|line| format!("    {line}\n")).collect::<String>();
    let text = format!("parameters:\n  a.b:\n    ko: 가\n    en: A\n{lines}");
    Parameters::load(&[Source::new("p.yaml", &text)], &registry())
        .map_err(|problems| problems.text(Lang::En))
}

fn value(all: &Parameters, key: &str, at: &[i64], day: i64) -> Option<i64> {
    all.get(key).unwrap_or_else(|| panic!("no {key}")).on(day)?.value.look_up(at)
}

#[test]
fn the_median_table_is_the_published_one_for_each_year_and_size() {
    let all = library().parameters;
    let median = |size, day| value(&all, "welfare.median_income", &[size], day);
    // Published amounts, and what the rule for 8 and more gives.
    for (size, day, won) in [
        (1, 20_200_101, 1_757_194),
        (7, 20_201_231, 7_389_715),
        (8, 20_200_701, 7_389_715 + 883_347),
        (3, 20_211_231, 3_983_950),
        (5, 20_220_101, 6_024_515),
        (4, 20_230_630, 5_400_964),
        (8, 20_230_101, 8_107_515 + 879_534),
        (2, 20_241_231, 3_682_609),
        (6, 20_250_101, 8_064_805),
        (1, 20_260_608, 2_564_238),
        (8, 20_261_231, 10_474_348),
        (10, 20_260_101, 9_515_150 + 3 * 959_198),
    ] {
        assert_eq!(median(size, day), Some(won), "{size} on {day}");
    }
    for (size, day) in [(1, 20_191_231), (1, 20_270_101), (0, 20_260_101)] {
        assert_eq!(median(size, day), None, "{size} on {day} is not known");
    }
    let table = all.get("welfare.median_income").unwrap();
    for value in &table.values {
        let cells: Vec<i64> = value.value.known().collect();
        assert_eq!(
            value.value.each_more,
            [Some(cells[6] - cells[5])],
            "8 and more: {}",
            value.from
        );
    }
    let year = table.on(20_210_101).unwrap();
    assert_eq!((year.mark_of("7"), year.mark_of("6")), ('U', 'G'));
}

#[test]
fn a_rate_changes_on_its_day_and_a_year_without_a_source_is_unknown() {
    let all = library().parameters;
    for (key, day, want) in [
        ("welfare.rate.living", 20_231_231, Some(3_000)),
        ("welfare.rate.living", 20_240_101, Some(3_200)),
        ("welfare.rate.housing", 20_201_231, None),
        ("welfare.rate.housing", 20_221_231, Some(4_600)),
        ("welfare.rate.housing", 20_230_101, Some(4_700)),
        ("welfare.rate.housing", 20_240_101, Some(4_800)),
        ("emergency.income_rate", 20_260_608, Some(7_500)),
        ("donation.cap", 20_221_231, None),
        ("donation.cap", 20_241_231, Some(5_000_000)),
        ("donation.cap", 20_250_101, Some(20_000_000)),
        ("donation.credit.rate_middle", 20_251_231, None),
        ("donation.credit.rate_middle", 20_260_101, Some(4_400)),
        ("slate.house_general", 20_200_601, Some(3_440_000)),
        ("slate.house_general", 20_240_601, None),
        ("emergency.housing", 20_260_101, None),
        ("care.age", 20_260_326, None),
        ("care.age", 20_260_327, Some(65)),
        ("welfare.conversion.general", 20_250_601, Some(417)),
    ] {
        assert_eq!(value(&all, key, &[], day), want, "{key} on {day}");
    }
    // 4-person living support: each amount of 2024 is 32 % of the median cut to 100 won.
    for size in 1..=6 {
        let median = value(&all, "welfare.median_income", &[size], 20_240_101).unwrap();
        let support = value(&all, "emergency.living", &[size], 20_240_101).unwrap();
        assert_eq!(support, median * 32 / 100 / 100 * 100, "{size}");
    }
    assert_eq!(value(&all, "emergency.living", &[7], 20_250_101), None, "not given for 7");
    assert_eq!(value(&all, "emergency.living", &[8], 20_260_101), Some(2_636_700 + 2 * 286_900));
    // Fines: the child zone rose on 2021-05-11.
    let place = |day| value(&all, "parking.fine", &[1, 0], day);
    assert_eq!((place(20_210_510), place(20_210_511)), (Some(80_000), Some(120_000)));
    // Carbon points: a bracket holds from its threshold.
    let points = |share| value(&all, "carbon.home.electricity", &[share], 20_260_608);
    assert_eq!(
        (points(499), points(500), points(1_499), points(1_500)),
        (Some(0), Some(500_000), Some(1_000_000), Some(1_500_000))
    );
}

#[test]
fn what_no_rule_computes_with_is_kept_as_written() {
    let all = library().parameters;
    let plain = |key: &str, day| {
        let one = all.plain().find(|one| one.key == key).unwrap_or_else(|| panic!("no {key}"));
        one.on(day).map(|value| value.value.clone())
    };
    let list = |words: &[&str]| {
        Some(PlainValue::List(words.iter().map(|word| (*word).to_owned()).collect()))
    };
    assert_eq!(plain("petition.extension.causes", 20_260_505), list(&["unavoidable"]));
    assert_eq!(
        plain("petition.extension.causes", 20_260_506),
        list(&["agency", "site", "force_majeure", "similar"])
    );
    assert_eq!(plain("petition.extension.forbidden", 20_260_505), None);
    assert_eq!(plain("cbs.length", 20_260_930), Some(PlainValue::One("90".into())));
    let Some(PlainValue::Rows(rows)) = plain("climate.grid_factor", 20_260_608) else { panic!() };
    assert!(rows.contains(&("2023".into(), "0.4173".into())));
}

#[test]
fn every_number_names_its_source_and_the_shipped_files_have_no_mistake() {
    let library = library();
    let all = &library.parameters;
    assert!(all.iter().count() + all.plain().count() > 200);
    for one in all.iter() {
        assert!(one.values.iter().all(|value| !value.basis.is_empty()), "{}", one.key);
    }
    let found = all.check(&library.registry, 20_260_608, 60);
    let errors: Vec<_> = found.iter().filter(|found| found.kind.level() == Level::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    // Honest about what is missing: the asset limits of 2026 are not in the references.
    assert!(
        found
            .iter()
            .any(|found| found.key == "emergency.assets" && found.kind == FindingKind::Ended)
    );
    assert!(
        found
            .iter()
            .any(|found| found.key == "emergency.housing" && found.kind == FindingKind::NoValue)
    );
    assert!(found.iter().any(
        |found| found.key == "welfare.basic_property" && found.kind == FindingKind::Unverified
    ));
    let soon = all.check(&library.registry, 20_261_122, 60);
    assert!(
        soon.iter()
            .any(|found| found.key == "welfare.median_income" && found.kind == FindingKind::Ending)
    );
}

#[test]
fn a_mistake_is_refused_with_its_line_its_column_and_what_was_expected() {
    let good = "unit: won\nbasis: 제1조\nmark: V\n";
    for (lines, place, why) in [
        ("unit: wonn\nbasis: x\nmark: V\nvalue: 1", "p.yaml:5:11", "Did you mean `won`?"),
        ("unit: won\nmark: V\nvalue: 5_000", "p.yaml:3:5", "`basis` is missing"),
        ("unit: won\nbasis: ' '\nmark: V\nvalue: 5_000", "p.yaml:3:5", "`basis` is missing"),
        ("unit: won\nbasis: x\nvalue: 5_000", "p.yaml:3:5", "`mark` is missing"),
        ("unit: won\nbasis: x\nmark: W\nvalue: 5_000", "p.yaml:7:11", "V, O, G, X, I, U"),
        (&format!("{good}value: -1"), "p.yaml:8:12", "below 0"),
        (&format!("{good}value: 1.5"), "p.yaml:8:12", "at most 0 decimals"),
        (&format!("{good}value: 30%"), "p.yaml:8:12", "Wrong unit"),
        (
            &format!("{good}values: [{{from: 2024-02-30, value: 1000}}]"),
            "p.yaml:8:21",
            "a date such as",
        ),
        (
            &format!("{good}values:\n  - {{from: 2025-01-01, to: 2024-12-31, value: 1000}}"),
            "p.yaml:9:9",
            "before it begins",
        ),
        (
            &format!(
                "{good}values:\n  - {{from: 2024-01-01, to: 2024-12-31, value: 1000}}\n  - {{from: 2024-12-31, value: 2000}}"
            ),
            "p.yaml:10:9",
            "two values on 2024-12-31",
        ),
        (
            &format!("{good}values:\n  - {{value: 1000}}\n  - {{from: 2024-12-31, value: 2000}}"),
            "p.yaml:10:9",
            "overlaps",
        ),
        (&format!("{good}vlaue: 1000"), "p.yaml:8:5", "Did you mean `value`?"),
        (&format!("{good}value: 1000\nvalues: []"), "p.yaml:3:5", "either `value`"),
        (
            &format!("{good}by: [place]\nvalue: {{city: 1000, town: 2000}}"),
            "p.yaml:9:25",
            "Allowed: city, rural",
        ),
        (&format!("{good}by: [size]\nvalue: {{1: 1000, 3: 2000}}"), "p.yaml:9:22", "without a gap"),
        (&format!("{good}by: [size]\nvalue: 1000"), "p.yaml:9:12", "must be a table"),
        (&format!("{good}by: [village]\nvalue: {{a: 1000}}"), "p.yaml:8:10", "found `village`"),
        (
            &format!("{good}by: [{{bracket: percent}}]\nvalue: {{10%: 1000, 5%: 2000}}"),
            "p.yaml:9:24",
            "must ascend",
        ),
        (
            &format!("{good}by: [size]\nvalue: {{1: 1000}}\nmarks: {{2: U}}"),
            "p.yaml:10:13",
            "no cell `2`",
        ),
        (&format!("{good}value: 1000\neach_more: 5"), "p.yaml:9:16", "size as the last axis"),
        ("unit: won\nvalues: []", "p.yaml:3:5", "why there is none"),
        ("unit: flag\nbasis: x\nmark: V\nvalue: perhaps", "p.yaml:8:12", "true or false"),
        ("unit: time\nbasis: x\nmark: V\nvalue: '25:00'", "p.yaml:8:12", "a time"),
    ] {
        let said = load(lines).map(|_| ()).unwrap_err();
        assert!(said.starts_with(&format!("{place}: ")) && said.contains(why), "{lines}\n→ {said}");
    }
    let twice = "parameters:\n  a: {ko: 가, en: A, unit: won, basis: x, mark: V, value: 1000}\n";
    let files = [Source::new("p.yaml", twice), Source::new("q.yaml", twice)];
    let said = Parameters::load(&files, &registry()).unwrap_err().text(Lang::En);
    assert_eq!(said, "q.yaml:2:3: The parameter `a` is already at p.yaml:2:3.");
}

#[test]
fn check_finds_gaps_unit_mistakes_disorder_and_ends() {
    let find = |lines: &str, on, days| {
        let all = load(&format!("basis: x\nmark: V\n{lines}")).unwrap();
        all.check(&registry(), on, days).into_iter().map(|found| found.kind).collect::<Vec<_>>()
    };
    let two = |gap: &str| {
        format!(
            "unit: won\n{gap}values:\n  - {{from: 2023-01-01, to: 2023-12-31, value: 5_000}}\n  - {{from: 2024-01-02, value: 6_000}}"
        )
    };
    assert_eq!(find(&two(""), 20_240_601, 60), [FindingKind::Gap]);
    assert_eq!(find(&two("gap: 하루 비었다\n"), 20_240_601, 60), []);
    assert_eq!(find(&two("").replace("01-02", "01-01"), 20_240_601, 60), []);
    assert_eq!(find("unit: won\nvalue: 500", 20_240_601, 60), [FindingKind::Unit], "500 man won?");
    assert_eq!(find("unit: percent\nvalue: 0.3", 20_240_601, 60), [FindingKind::Unit], "30 %?");
    assert_eq!(
        find(
            "unit: won\nvalues:\n  - {to: 2023-12-31, value: 50_000}\n  - {from: 2024-01-01, value: 500_000}",
            20_240_601,
            60
        ),
        [FindingKind::Unit]
    );
    assert_eq!(
        find("unit: won\nby: [size]\nvalue: {1: 5_000, 2: 4_999}", 20_240_601, 60),
        [FindingKind::Order]
    );
    let until = "unit: won\nvalues: [{from: 2024-01-01, to: 2024-12-31, value: 5_000}]";
    assert_eq!(find(until, 20_241_031, 60), [], "61 days before");
    assert_eq!(find(until, 20_241_101, 60), [FindingKind::Ending], "60 days before");
    assert_eq!(find(until, 20_241_231, 0), [FindingKind::Ending]);
    assert_eq!(find(until, 20_250_101, 60), [FindingKind::Ended]);
    assert_eq!(find(&format!("{until}\nclosed: true"), 20_250_101, 60), []);
    assert_eq!(
        find("unit: won\nby: [place]\nvalue: {city: 5_000}", 20_240_601, 60),
        [FindingKind::NoCell]
    );
    assert_eq!(
        find("unit: won\nmark: V\nvalue: 5_000".replace("mark: V\n", "").as_str(), 20_240_601, 60),
        []
    );
}

#[test]
fn what_if_changes_one_value_from_a_day_on_and_nothing_else() {
    let library = library();
    let all = &library.parameters;
    let set = |key: &str, to: &str, from| all.set(key, to, from, &library.registry);
    let changed = set("emergency.income_rate", "80%", None).unwrap();
    assert_eq!(value(&changed, "emergency.income_rate", &[], 20_260_101), Some(8_000));
    assert_eq!(
        value(all, "emergency.income_rate", &[], 20_260_101),
        Some(7_500),
        "the original stays"
    );
    let changed = set("welfare.rate.living", "35%", Some(20_260_701)).unwrap();
    let rate = |day| value(&changed, "welfare.rate.living", &[], day);
    assert_eq!(
        [20_231_231, 20_260_630, 20_260_701, 20_300_101].map(rate),
        [Some(3_000), Some(3_200), Some(3_500), Some(3_500)]
    );
    let changed = set("emergency.assets[city]", "200,000,000 won", None).unwrap();
    assert_eq!(value(&changed, "emergency.assets", &[1], 20_250_701), Some(200_000_000));
    assert_eq!(value(&changed, "emergency.assets", &[0], 20_250_701), Some(241_000_000));
    assert_eq!(
        value(&changed, "emergency.assets", &[1], 20_260_701),
        Some(200_000_000),
        "a day without a table"
    );
    assert_eq!(
        value(&changed, "emergency.assets", &[0], 20_260_701),
        None,
        "the other cells stay unknown"
    );
    assert_eq!(value(&changed, "emergency.assets", &[1], 20_200_701), Some(200_000_000));
    let changed = set("emergency.assets[city]", "200,000,000 won", Some(20_260_701)).unwrap();
    let limit = |day| value(&changed, "emergency.assets", &[1], day);
    assert_eq!(
        [20_250_701, 20_260_630, 20_260_701].map(limit),
        [Some(152_000_000), None, Some(200_000_000)]
    );
    let changed = set("parking.fine[child_zone,car]", "150000", Some(20_260_101)).unwrap();
    let fine = |day| value(&changed, "parking.fine", &[1, 0], day);
    assert_eq!((fine(20_251_231), fine(20_260_101)), (Some(120_000), Some(150_000)));
    let changed = set("jobs.debt_deducted", "true", None).unwrap();
    assert_eq!(value(&changed, "jobs.debt_deducted", &[], 20_230_101), Some(1));
    for (key, to, why) in [
        ("emergency.incom_rate", "80%", "Did you mean `emergency.income_rate`?"),
        ("emergency.income_rate", "80 won", "Wrong unit"),
        ("emergency.income_rate", "-5%", "below 0"),
        ("emergency.assets", "5000", "is a table"),
        ("emergency.assets[town]", "5000", "Cells: large_city, city, rural"),
        ("emergency.assets[city", "5000", "`]` is missing"),
        ("emergency.assets[city,rural]", "5000", "has no cell"),
    ] {
        let said = set(key, to, None).unwrap_err().text(Lang::En);
        assert!(said.contains(why), "{key}={to}: {said}");
    }
}

#[test]
fn a_person_reads_what_held_when_and_what_is_not_known() {
    let library = library();
    let page = |key: &str, on, only, lang| {
        let shown = find(&library.parameters, key).unwrap();
        shown
            .iter()
            .map(|one| one.page(&library.registry, on, only, lang))
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(
        page("donation.cap", 20_241_231, false, Lang::Ko),
        "고향사랑기부 한도(한 사람, 한 해)  donation.cap\n  단위 won\n  2023-01-01 ~ 2024-12-31  ← 2024-12-31에 쓰는 값\n    5,000,000원\n    근거: 고향사랑 기부금에 관한 법률 제8조\n    출처 표시: V 법령 조문에서 확인\n  2025-01-01 ~ \n    20,000,000원\n    근거: 고향사랑 기부금에 관한 법률 제8조\n    출처 표시: V 법령 조문에서 확인\n"
    );
    let unknown = page("emergency.assets", 20_260_301, true, Lang::En);
    assert!(unknown.contains("No value is known for 2026-03-01: unknown, not zero. The last value held until 2025-12-31."), "{unknown}");
    let flagged = page("welfare.median_income", 20_210_301, true, Lang::En);
    assert!(flagged.contains("7 persons: 7,497,198 won/month [?] not verified\n"), "{flagged}");
    assert!(
        page("welfare.basic_property", 20_260_301, true, Lang::Ko)
            .contains("출처 표시: [?] U 확인되지 않음")
    );
    assert!(
        page("parking.fine", 20_260_301, true, Lang::Ko)
            .contains("어린이보호구역 · 승용등: 120,000원\n")
    );
    assert_eq!(
        find(&library.parameters, "emergency").unwrap().len(),
        library.parameters.iter().filter(|one| one.key.starts_with("emergency.")).count()
    );
    let said = find(&library.parameters, "emergancy").unwrap_err();
    assert!(said.en.contains("Did you mean `emergency`?"), "{said}");

    let json = find(&library.parameters, "welfare.median_income").unwrap()[0].json(
        &library.registry,
        20_270_101,
        true,
        Lang::En,
    );
    assert_eq!((&json["known"], json["values"].as_array().unwrap().len()), (&false.into(), 0));
    let json = find(&library.parameters, "welfare.conversion.housing").unwrap()[0].json(
        &library.registry,
        20_260_101,
        true,
        Lang::En,
    );
    assert_eq!(json["values"][0]["value"], "1.04%");
    assert_eq!(json["values"][0]["verified"], false);
}

proptest! {
    /// On every day at most one value holds, and it is the one whose days contain it.
    #[test]
    fn at_most_one_value_holds_on_any_day(cuts in prop::collection::btree_set(1_u32..600, 2..12), day in 0_u32..700) {
        let date = |n: u32| format!("{}-{:02}-{:02}", 2000 + n / 336, n / 28 % 12 + 1, n % 28 + 1);
        let number = |n: u32| i64::from((2000 + n / 336) * 10_000 + (n / 28 % 12 + 1) * 100 + n % 28 + 1);
        let cuts: Vec<u32> = cuts.into_iter().collect();
        let mut lines = String::from("unit: won\nbasis: x\nmark: V\ngap: 일부러\nvalues:\n");
        for pair in cuts.chunks(2).filter(|pair| pair.len() == 2) {
            lines += &format!("  - {{from: {}, to: {}, value: {}}}\n", date(pair[0]), date(pair[1]), 1_000 + pair[0]);
        }
        let all = load(&lines).unwrap();
        let want = cuts.chunks(2).find(|pair| pair.len() == 2 && pair[0] <= day && day <= pair[1]);
        let want = want.map(|pair| 1_000 + i64::from(pair[0]));
        prop_assert_eq!(value(&all, "a.b", &[], number(day)), want);
    }
}
