//! Boundary files: what is read, and everything that is refused with its place.

use crate::common::{beside, collection, shipped, square};
use maeul_base::Lang;
use maeul_place::{BoundaryFault, BoundaryProblem, Shape, parse_boundaries};

fn problems(text: &str) -> Vec<BoundaryProblem> {
    parse_boundaries(text).unwrap_err()
}

fn feature(properties: &str, geometry: &str) -> String {
    format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{geometry}}}"#)
}

const SQUARE: &str = r#"{"type":"Polygon","coordinates":[[[126.9,35.1],[126.91,35.1],[126.91,35.11],[126.9,35.11],[126.9,35.1]]]}"#;

#[test]
fn reads_our_own_and_the_public_properties() {
    let text = format!(
        r#"{{"type":"FeatureCollection","valid_from":"2021-04-01","features":[{},{},{}]}}"#,
        square("2914010000", "가동", 126_900, 35_150, 10),
        feature(
            r#""adm_nm":"광주광역시 서구 나동","adm_cd2":"2914020000","valid_from":"2024-01-01""#,
            SQUARE
        ),
        feature(r#""admi_nm":"다동","admi_cd":2914030000"#, SQUARE),
    );
    let read = parse_boundaries(&text).unwrap();
    let seen: Vec<_> = read
        .iter()
        .map(|b| {
            (
                b.code.as_str(),
                b.name_ko.as_str(),
                b.name_en.as_str(),
                b.valid_from.unwrap().to_string(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("2914010000", "가동", "가동-dong", "2021-04-01".to_owned()),
            ("2914020000", "나동", "나동", "2024-01-01".to_owned()),
            ("2914030000", "다동", "다동", "2021-04-01".to_owned()),
        ]
    );
}

#[test]
fn reports_every_fault_with_its_line_and_feature() {
    let ring = |positions: &str| format!(r#"{{"type":"Polygon","coordinates":[[{positions}]]}}"#);
    let named = |code: &str| format!(r#""dong_code":"{code}","name_ko":"가동""#);
    let text = collection(&[
        feature(&named("2914010000"), SQUARE),
        feature(&named("2914010000"), SQUARE),
        feature(&named("29140"), SQUARE),
        feature(r#""name_ko":"가동""#, SQUARE),
        feature(r#""dong_code":"2914050000","valid_from":"어제""#, SQUARE),
        feature(&named("2914060000"), r#"{"type":"Point","coordinates":[126.9,35.1]}"#),
        feature(
            &named("2914070000"),
            &ring("[35.1,126.9],[35.1,126.91],[35.11,126.91],[35.1,126.9]"),
        ),
        feature(&named("2914080000"), &ring("[126.9,35.1],[139.7,35.7],[126.9,35.2],[126.9,35.1]")),
        feature(&named("2914090000"), &ring("[126.9,35.1],[126.91,35.1],[126.91,35.11]")),
        feature(&named("2914100000"), &ring("[126.9,35.1],[126.91,35.1],[126.9,35.1]")),
        feature(
            &named("2914110000"),
            &ring("[126.9,35.1],[126.91,35.11],[126.91,35.1],[126.9,35.11],[126.9,35.1]"),
        ),
        feature(&named("2914120000"), &ring("[126.9,35.1],[\"x\",35.1],[126.9,35.1]")),
        feature(&named("2914130000"), "null"),
    ]);
    let found: Vec<_> =
        problems(&text).into_iter().map(|p| (p.line, p.feature.unwrap(), p.what)).collect();
    let near = "35.1000000, 126.9000000".to_owned();
    assert_eq!(
        found,
        [
            (3, 2, BoundaryFault::Duplicate(1)),
            (4, 3, BoundaryFault::Code("29140".into())),
            (5, 4, BoundaryFault::CodeMissing),
            (6, 5, BoundaryFault::NameMissing),
            (6, 5, BoundaryFault::Date("어제".into())),
            (7, 6, BoundaryFault::Geometry("Point".into())),
            (8, 7, BoundaryFault::Swapped { ring: 1 }),
            (9, 8, BoundaryFault::OutsideKorea { ring: 1, position: 2 }),
            (10, 9, BoundaryFault::Unclosed { ring: 1 }),
            (11, 10, BoundaryFault::TooShort { ring: 1 }),
            (12, 11, BoundaryFault::Crossing { ring: 1, near }),
            (13, 12, BoundaryFault::Position { ring: 1, position: 2 }),
            (14, 13, BoundaryFault::Geometry("null".into())),
        ]
    );
    for problem in problems(&text) {
        assert!(Lang::ALL.into_iter().all(|lang| !problem.say(lang).is_empty()));
    }
}

#[test]
fn refuses_what_is_no_collection() {
    assert!(matches!(
        problems("{\n\"type\":")[0],
        BoundaryProblem { line: 2, what: BoundaryFault::Syntax(_), .. }
    ));
    for text in [
        "[]",
        "{}",
        r#"{"type":"FeatureCollection","features":[]}"#,
        r#"{"type":"Topology","features":[1]}"#,
    ] {
        assert_eq!(problems(text)[0].what, BoundaryFault::NoFeatures, "{text}");
    }
    assert_eq!(problems(r#"{"type":"FeatureCollection","features":[1,"x",[]]}"#).len(), 9);
}

#[test]
fn the_shipped_files_are_sound() {
    let offices = shipped();
    for (path, dongs) in &offices {
        assert!(dongs.len() >= 14, "{}", path.display());
        for dong in dongs {
            assert!((100_000..200_000_000).contains(&dong.shape.area_m2()), "{}", dong.name_ko);
            assert_ne!(dong.name_en, dong.name_ko);
            assert_eq!(Shape::from_json(&dong.shape.to_json()).as_ref(), Some(&dong.shape));
        }
    }
    eprintln!("{} offices", offices.len());
}

#[test]
fn finds_the_one_crossing_ring_of_the_country() {
    for (file, dongs) in
        [("hjd_2021-04_gimje.geojson", 19), ("hjd_2021-04_gwangju_seogu.geojson", 18)]
    {
        let Some(bytes) = beside(&format!("boundaries/{file}")) else { return };
        assert_eq!(parse_boundaries(std::str::from_utf8(&bytes).unwrap()).unwrap().len(), dongs);
    }
    let Some(bytes) = beside("boundaries/hjd_2024-06_nationwide_simplified.geojson.gz") else {
        return;
    };
    let found = problems(std::str::from_utf8(&bytes).unwrap());
    eprintln!("{found:?}");
    assert_eq!(found.len(), 1);
}
