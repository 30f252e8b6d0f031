//! The matching table, and the index against looking at everything.

use maeul_cases::Publicity;
use maeul_cases::place::cell_centre;
use maeul_public::picture::Picture;
use maeul_public::read::Text;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const AT: (i64, i64) = (351_520_123, 1_268_900_456);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn case(number: u128, dong: &str, place: Option<(i64, i64)>, words: Option<&str>) -> PublicCase {
    let id = CaseId(Uuid::from_u128(number));
    let mut picture = Picture::nothing(id);
    picture.level = Publicity::Summary;
    picture.dong = Some(dong.parse().unwrap());
    picture.service = Some("streetlight".to_owned());
    picture.cell = place.map(|(lat, lon)| cell_centre(lat, lon));
    PublicCase {
        picture,
        text: words.map(|words| Text {
            case: id,
            title: words.to_owned(),
            body: String::new(),
            shown_at: at("2026-06-08T00:00:00Z"),
        }),
        changed_at: at("2026-06-08T00:00:00Z"),
    }
}

fn wish(what: What) -> Wish {
    Wish { what, service: None, words: String::new() }
}

fn around(at: (i64, i64), radius_m: i32) -> What {
    What::Place { at: cell_centre(at.0, at.1), radius_m }
}

#[test]
fn who_is_told_of_what() {
    const HERE: &str = "2914057500";
    let (marked, noted) = (at("2026-06-08T00:00:00Z"), at("2026-06-08T00:01:00Z"));
    let dong = |code: &str| What::Dong(code.parse().unwrap());
    let one = What::Case(CaseId(Uuid::from_u128(1)));
    let other = What::Case(CaseId(Uuid::from_u128(2)));
    let words = |words: &str| Wish { words: words.to_owned(), ..wish(What::All) };
    let service = |code: &str| Wish { service: Some(code.to_owned()), ..wish(What::All) };
    // About 1.1 km to the north.
    let north = (AT.0 + 100_000, AT.1);
    let shown = case(1, HERE, Some(AT), Some("가로등이 꺼졌어요"));
    let wordless = case(1, HERE, Some(AT), None);
    let placeless = case(1, HERE, None, None);
    for (name, wish, case, kind, expected) in [
        ("the case", wish(one.clone()), &shown, Kind::Begun, true),
        ("another case", wish(other), &shown, Kind::Begun, false),
        ("its words, too", wish(one.clone()), &shown, Kind::Summary, true),
        ("the dong", wish(dong(HERE)), &shown, Kind::New, true),
        ("another dong", wish(dong("2914052500")), &shown, Kind::New, false),
        ("a dong hears of ends", wish(dong(HERE)), &shown, Kind::Answered, true),
        ("a dong hears of no steps", wish(dong(HERE)), &shown, Kind::Begun, false),
        ("a dong hears of no due times", wish(dong(HERE)), &shown, Kind::DueMoved, false),
        ("a dong hears once", wish(dong(HERE)), &shown, Kind::Summary, false),
        ("the place itself", wish(around(AT, 250)), &shown, Kind::New, true),
        ("a kilometre away, 1 km", wish(around(north, 1_000)), &shown, Kind::New, false),
        ("a kilometre away, 2 km", wish(around(north, 2_000)), &shown, Kind::New, true),
        ("a case without place", wish(around(AT, 3_000)), &placeless, Kind::New, false),
        ("everything", wish(What::All), &placeless, Kind::New, true),
        ("the service", service("streetlight"), &shown, Kind::New, true),
        ("another service", service("potholes"), &shown, Kind::New, false),
        ("the words", words("가로등"), &shown, Kind::Summary, true),
        ("the words in the end", words("가로등 꺼졌"), &shown, Kind::Answered, true),
        ("other words", words("신호등"), &shown, Kind::Summary, false),
        ("words nobody published", words("가로등"), &wordless, Kind::New, false),
    ] {
        let wanted = Wanted::new(wish, marked);
        assert_eq!(Subject::new(case, kind, noted).is_wanted(&wanted), expected, "{name}");
        let told = Wanted { mark_at: noted, ..wanted.clone() };
        assert!(!Subject::new(case, kind, noted).is_wanted(&told), "{name}: told already");
        let all = [wanted];
        let found = Index::new(&all).matching(&Subject::new(case, kind, noted));
        assert_eq!(!found.is_empty(), expected, "{name}: by the index");
    }
}

#[test]
fn ten_thousand_follow_a_hundred_changes_and_few_are_looked_at() {
    let marked = at("2026-06-08T00:00:00Z");
    let wanted: Vec<Wanted> = (0..10_000_i64)
        .map(|number| {
            let step = 7 * (number % 900) * 100;
            let what = match number % 4 {
                0 => What::Dong(format!("29140{}500", 10 + number % 80).parse().unwrap()),
                1 => around((AT.0 + step, AT.1 - step), 500),
                2 => What::Case(CaseId(Uuid::from_u128(u128::try_from(number).unwrap()))),
                _ => What::Dong(format!("29140{}600", 10 + number % 80).parse().unwrap()),
            };
            Wanted::new(wish(what), marked)
        })
        .collect();
    let index = Index::new(&wanted);
    let begun = std::time::Instant::now();
    let mut found = 0;
    for number in 0..100_u128 {
        let case = case(number, &format!("29140{}500", 10 + number % 80), Some(AT), Some("가로등"));
        found += index.matching(&Subject::new(&case, Kind::New, at("2026-06-08T00:01:00Z"))).len();
    }
    let took = begun.elapsed();
    println!("10,000 × 100: {found} matches in {took:?}");
    assert!(found > 1_000, "{found}");
    assert!(took.as_secs() < 5, "{took:?}");
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        (0_u128..30).prop_map(|case| What::Case(CaseId(Uuid::from_u128(case)))),
        (10_u32..16).prop_map(|dong| What::Dong(format!("29140{dong}500").parse().unwrap())),
        (-60_000_i64..60_000, -60_000_i64..60_000, 0_usize..5).prop_map(|(north, east, which)| {
            around((AT.0 + 10 * north, AT.1 + 10 * east), crate::settings::RADII[which])
        }),
        Just(What::All),
    ]
}

proptest! {
    #[test]
    fn the_index_finds_what_looking_at_everything_finds(
        wishes in proptest::collection::vec((what(), any::<bool>()), 0..40),
        number in 0_u128..30, dong in 10_u32..16,
        north in -60_000_i64..60_000, east in -60_000_i64..60_000, words in any::<bool>(),
    ) {
        let marked = at("2026-06-08T00:00:00Z");
        let wanted: Vec<Wanted> = wishes
            .into_iter()
            .map(|(what, words)| {
                let words = if words { "가로등".to_owned() } else { String::new() };
                Wanted::new(Wish { words, ..wish(what) }, marked)
            })
            .collect();
        let place = Some((AT.0 + 10 * north, AT.1 + 10 * east));
        let case = case(number, &format!("29140{dong}500"), place, words.then_some("가로등 고장"));
        for kind in Kind::ALL {
            let subject = Subject::new(&case, *kind, at("2026-06-08T00:01:00Z"));
            let slow: Vec<usize> = wanted
                .iter()
                .enumerate()
                .filter(|(_, wanted)| subject.is_wanted(wanted))
                .map(|(place, _)| place)
                .collect();
            prop_assert_eq!(Index::new(&wanted).matching(&subject), slow);
        }
    }
}
