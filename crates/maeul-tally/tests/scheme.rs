//! Korean schemes: every one that ships, on a small election counted by hand.

use std::fmt::Write as _;

use maeul_base::{Lang, Refusal as _};
use maeul_tally::scheme::{self, Count, SHIPPED, Scheme, SchemeError, Verdict, Void};
use maeul_tally::{Election, Exact, pb};
use proptest::prelude::*;

/// A `.pb` file: `projects` are `id;cost;category[;more]`, ballots are `(method, ids, how many)`.
fn file(budget: u64, more: &str, projects: &[&str], ballots: &[(&str, &str, u32)]) -> String {
    let voters: u32 = ballots.iter().map(|(.., times)| times).sum();
    let mut text = format!(
        "META\nkey;value\ndescription;made up\ncountry;Korea\nunit;느티구\ninstance;2026\nnum_projects;{}\nnum_votes;{voters}\nbudget;{budget}\nvote_type;approval\nrule;greedy\ndate_begin;2026\ndate_end;2026\nPROJECTS\nproject_id;cost;category{more}\n",
        projects.len()
    );
    for project in projects {
        writeln!(text, "{project}").unwrap();
    }
    text.push_str("VOTES\nvoter_id;voting_method;vote\n");
    let mut voter = 0;
    for (method, ids, times) in ballots {
        for _ in 0..*times {
            writeln!(text, "{voter};{method};{ids}").unwrap();
            voter += 1;
        }
    }
    text
}

fn shipped(name: &str) -> Scheme {
    Scheme::read(scheme::shipped(name).unwrap()).unwrap()
}

fn count(scheme: &Scheme, text: &str) -> (Election, Count) {
    let file = pb::read(text).unwrap();
    let election = file.election().unwrap();
    let count = scheme.count(&file, &election).unwrap();
    (election, count)
}

fn winners(election: &Election, count: &Count) -> Vec<String> {
    count.selected.iter().map(|&ix| election.id(ix).to_owned()).collect()
}

fn score(election: &Election, count: &Count, id: &str) -> String {
    count.standing(election.find(id).unwrap()).unwrap().score.to_string()
}

fn verdict(election: &Election, count: &Count, id: &str) -> Verdict {
    count.standing(election.find(id).unwrap()).unwrap().verdict.clone()
}

fn exact(text: &str) -> Exact {
    text.parse().unwrap()
}

#[test]
fn every_shipped_scheme_is_read_and_says_its_source() {
    for (name, text) in SHIPPED {
        let scheme = Scheme::read(text).unwrap_or_else(|e| panic!("{name}: {}", e.say(Lang::En)));
        assert!(!scheme.source.is_empty() && !scheme.name.ko.is_empty(), "{name}");
    }
}

/// 은평 2025: 70/30, 12 % floor, ceilings. 100 ballots before, 20 at the assembly.
///
/// | project | cost | field | before | there | score |
/// |---|---|---|---|---|---|
/// | A | 9억 | 일반 | 60 | 4 | 0.7·0.6 + 0.3·0.2 = 0.48 |
/// | B | 7.5억 | 일반 | 40 | 16 | 0.28 + 0.24 = 0.52 |
/// | C | 1억 | 일반 | 30 | 2 | 0.21 + 0.03 = 0.24: 16.5억 are spent exactly by A and B |
/// | D | 1억 | 청년 | 12 | 2 | 0.084 + 0.03 = 0.114: under the floor, though it would fit |
/// | E | 0.6억 | 청년 | 15 | 1 | 0.105 + 0.015 = 0.12: exactly the floor, stays |
/// | F | 0.5억 | 청년 | 50 | 0 | 0.35 |
/// | G | 1억 | 청소년 | 10 | 10 | 0.07 + 0.15 = 0.22: exactly its ceiling |
#[test]
fn eunpyeong_2025_district() {
    let projects = [
        "A;900000000;일반",
        "B;750000000;일반",
        "C;100000000;일반",
        "D;100000000;청년",
        "E;60000000;청년",
        "F;50000000;청년",
        "G;100000000;청소년",
    ];
    let ballots = [
        ("internet", "A,F", 50),
        ("internet", "A,G", 10),
        ("internet", "B,C,D", 12),
        ("internet", "B,E", 10),
        ("internet", "B,C,E", 5),
        ("mobile", "B,C", 13),
        ("paper", "A,G", 4),
        ("paper", "B,G", 6),
        ("paper", "B,C,D", 2),
        ("on-site", "B,E", 1),
        ("paper", "B", 7),
    ];
    let text = file(1_850_000_000, "", &projects, &ballots);
    let (election, count) = count(&shipped("eunpyeong-2025-gu"), &text);
    assert_eq!((count.channels[0].valid, count.channels[1].valid), (100, 20));
    let scores = ["A", "B", "C", "D", "E", "F", "G"].map(|id| score(&election, &count, id));
    assert_eq!(scores, ["12/25", "13/25", "6/25", "57/500", "3/25", "7/20", "11/50"]);
    assert_eq!(winners(&election, &count), ["B", "A", "F", "G"]);
    assert_eq!(
        verdict(&election, &count, "C"),
        Verdict::Ceiling { group: "일반".into(), left: Exact::ZERO }
    );
    assert_eq!(
        verdict(&election, &count, "D"),
        Verdict::BelowFloor { has: exact("0.114"), needs: exact("0.12") }
    );
    // E is at the floor; 0.5억 of the ceiling are left, it costs 0.6억.
    assert_eq!(
        verdict(&election, &count, "E"),
        Verdict::Ceiling { group: "청년".into(), left: exact("50000000") }
    );
    assert_eq!(count.cost, exact("1800000000"));
    let scheme = shipped("eunpyeong-2025-gu");
    for lang in Lang::ALL {
        let mut said = scheme::summary(&scheme, &election, &count, lang);
        for standing in &count.standings {
            said += "\n";
            said += &scheme::explain(&scheme, &election, &count, standing, lang);
        }
        insta::assert_snapshot!(format!("eunpyeong_2025_{}", lang.tag()), said);
    }
    let json = scheme::json(&scheme, &election, &count);
    insta::assert_snapshot!("eunpyeong_2025_json", serde_json::to_string_pretty(&json).unwrap());
}

/// 은평 2025, 동: three channels added, 7,000만 for each 동.
#[test]
fn eunpyeong_2025_dong() {
    let projects = [
        "A;40000000;환경;느티1동",
        "B;30000000;시설;느티1동",
        "C;20000000;프로그램;느티1동",
        "D;70000000;시설;버들동",
        "E;10000000;환경;버들동",
    ];
    let ballots = [
        ("pre", "A,D", 5),
        ("paper", "A,B", 3),
        ("internet", "C,B", 4),
        ("mobile", "D", 2),
        ("on-site", "E", 1),
    ];
    // A 5+3 = 8, B 3+4 = 7, C 4, D 5+2 = 7, E 1. 느티1동: A + B use up 7,000만; 버들동: D alone does.
    let (election, count) = count(
        &shipped("eunpyeong-2025-dong"),
        &file(500_000_000, ";district", &projects, &ballots),
    );
    assert_eq!(
        ["A", "B", "C", "D", "E"].map(|id| score(&election, &count, id)),
        ["8", "7", "4", "7", "1"]
    );
    assert_eq!(winners(&election, &count), ["A", "B", "D"]);
    for (id, dong) in [("C", "느티1동"), ("E", "버들동")] {
        let none = Verdict::Ceiling { group: dong.into(), left: Exact::ZERO };
        assert_eq!(verdict(&election, &count, id), none);
    }
}

/// 은평 2013: five votes online, ten at the assembly; more are void.
#[test]
fn eunpyeong_2013() {
    let projects: Vec<String> = (1..=12).map(|i| format!("P{i:02};10;일반")).collect();
    let projects: Vec<&str> = projects.iter().map(String::as_str).collect();
    let ids = |n: usize| (1..=n).map(|i| format!("P{i:02}")).collect::<Vec<_>>().join(",");
    let (five, six, ten, eleven) = (ids(5), ids(6), ids(10), ids(11));
    let ballots = [
        ("internet", five.as_str(), 3),
        ("internet", six.as_str(), 2),
        ("paper", ten.as_str(), 4),
        ("paper", eleven.as_str(), 1),
    ];
    let (election, count) = count(&shipped("eunpyeong-2013"), &file(60, "", &projects, &ballots));
    assert_eq!((count.channels[0].cast, count.channels[0].valid), (5, 3));
    assert_eq!(count.channels[0].void[&Void::Over], 2);
    assert_eq!((count.channels[1].cast, count.channels[1].valid), (5, 4));
    // P01–P05: 3 + 4 = 7; P06–P10: 4; the others nothing. Six of ten fit; ties by id.
    assert_eq!(score(&election, &count, "P05"), "7");
    assert_eq!(score(&election, &count, "P06"), "4");
    assert_eq!(winners(&election, &count), ["P01", "P02", "P03", "P04", "P05", "P06"]);
    assert_eq!(verdict(&election, &count, "P11"), Verdict::NoSupport);
    assert_eq!(verdict(&election, &count, "P07"), Verdict::DoesNotFit { left: Exact::ZERO });
}

/// One project strong in the large channel, one in the small one: weights decide.
fn weighted(name: &str, channels: &[(&str, [u32; 3])], ballots: u32) -> (Vec<String>, Vec<String>) {
    // Votes for A, B, C in each channel, of `ballots` ballots in each.
    let mut cast = Vec::new();
    for (method, votes) in channels {
        for voter in 0..ballots {
            let ids = ["A", "B", "C"].iter().zip(votes).filter(|(_, n)| voter < **n);
            cast.push((*method, ids.map(|(id, _)| *id).collect::<Vec<_>>().join(","), 1));
        }
    }
    let cast: Vec<(&str, &str, u32)> =
        cast.iter().map(|(m, ids, n)| (*m, ids.as_str(), *n)).collect();
    let text = file(200, "", &["A;100;x", "B;100;x", "C;100;x"], &cast);
    let (election, count) = count(&shipped(name), &text);
    let scores = ["A", "B", "C"].map(|id| score(&election, &count, id));
    (winners(&election, &count), scores.into())
}

/// 대전 50/50: A ½·(8+0)/10 = 0.4, B ½·(2+7)/10 = 0.45, C ½·(4+5)/10 = 0.45. B before C by id.
#[test]
fn daejeon() {
    let (winners, scores) = weighted("daejeon", &[("a", [8, 2, 4]), ("b", [0, 7, 5])], 10);
    assert_eq!(scores, ["2/5", "9/20", "9/20"]);
    assert_eq!(winners, ["B", "C"]);
}

/// 여주 30/70 (votes as in 대전): A 0.24, B 0.06 + 0.49 = 0.55, C 0.12 + 0.35 = 0.47.
#[test]
fn yeoju_weights() {
    let (winners, scores) = weighted("yeoju", &[("a", [8, 2, 4]), ("b", [0, 7, 5])], 10);
    assert_eq!(scores, ["6/25", "11/20", "47/100"]);
    assert_eq!(winners, ["B", "C"]);
}

/// 시흥 50/25/25: A 0.5·0.8 + 0.25·0.1 + 0 = 0.425, B 0.1 + 0.25·1.7 = 0.525, C 0.2 + 0.25·0.7 = 0.375.
#[test]
fn siheung_2025() {
    let votes = [("a", [8, 2, 4]), ("b", [1, 8, 3]), ("c", [0, 9, 4])];
    let (winners, scores) = weighted("siheung-2025", &votes, 10);
    assert_eq!(scores, ["17/40", "21/40", "3/8"]);
    assert_eq!(winners, ["B", "A"]);
}

/// 서울 2015, 45/45/10: A 0.36 + 0.045 + 0 = 0.405, B 0.09 + 0.36 + 0.09 = 0.54, C 0.18 + 0.135 + 0.04 = 0.355.
#[test]
fn seoul_2015() {
    let votes = [("a", [8, 2, 4]), ("b", [1, 8, 3]), ("c", [0, 9, 4])];
    let (winners, scores) = weighted("seoul-2015", &votes, 10);
    assert_eq!(scores, ["81/200", "27/50", "71/200"]);
    assert_eq!(winners, ["B", "A"]);
}

/// 서울 2017, 50/40/10: A 0.4 + 0.04 + 0 = 0.44, B 0.1 + 0.32 + 0.09 = 0.51, C 0.2 + 0.12 + 0.04 = 0.36.
#[test]
fn seoul_2017() {
    let votes = [("a", [8, 2, 4]), ("b", [1, 8, 3]), ("c", [0, 9, 4])];
    let (winners, scores) = weighted("seoul-2017", &votes, 10);
    assert_eq!(scores, ["11/25", "51/100", "9/25"]);
    assert_eq!(winners, ["B", "A"]);
}

/// 부산: three votes in the first field, seven in the second; too many void that field only.
#[test]
fn busan() {
    let mut projects: Vec<String> = (1..=5).map(|i| format!("A{i};10;A")).collect();
    projects.extend((1..=8).map(|i| format!("B{i};10;B")));
    let projects: Vec<&str> = projects.iter().map(String::as_str).collect();
    let ballots = [
        ("a", "A1,A2,A3,B1", 2),
        ("a", "A1,A2,A3,A4,B2", 1),
        ("b", "A5,B1,B2,B3,B4,B5,B6,B7,B8", 1),
        ("b", "A5,B1", 3),
    ];
    let (election, count) = count(&shipped("busan"), &file(30, "", &projects, &ballots));
    assert_eq!((count.channels[0].valid, count.channels[0].trimmed), (3, 1));
    assert_eq!((count.channels[1].valid, count.channels[1].trimmed), (4, 1));
    // A1: ½·2/3; A4: nothing, its ballot had four; B2: ½·1/3; A5: ½·4/4; B1: ½·2/3 + ½·3/4 = 17/24.
    let of = |id| score(&election, &count, id);
    assert_eq!(
        [of("A1"), of("A4"), of("B2"), of("A5"), of("B1")],
        ["1/3", "0", "1/6", "1/2", "17/24"]
    );
    assert_eq!(winners(&election, &count), ["B1", "A5", "A1"]);
}

/// 여주: twelve votes, three in each of four fields. Four in one field void that field, eleven in all are fine.
#[test]
fn yeoju_three_votes_in_each_field() {
    let projects: Vec<String> = (0..16)
        .map(|i| {
            format!(
                "{}{};10;{}",
                ["가", "나", "다", "라"][i / 4],
                i % 4 + 1,
                ["가", "나", "다", "라"][i / 4]
            )
        })
        .collect();
    let projects: Vec<&str> = projects.iter().map(String::as_str).collect();
    let ballots = [
        ("a", "가1,가2,가3,나1,나2,나3,다1,다2,다3,라1,라2,라3", 1),
        ("a", "가1,가2,가3,가4,나1", 1),
        ("b", "가4,나1", 1),
    ];
    let (election, count) = count(&shipped("yeoju"), &file(20, "", &projects, &ballots));
    let of = |id| score(&election, &count, id);
    // 가1: 0.3·1/2; 나1: 0.3·2/2 + 0.7·1/1; 가4: 0.7.
    assert_eq!([of("가1"), of("나1"), of("가4"), of("라4")], ["3/20", "1", "7/10", "0"]);
    assert_eq!(winners(&election, &count), ["나1", "가4"]);
    assert_eq!(count.channels[0].trimmed, 1);
}

/// 서울 2014: exactly 30 percent of the projects. Of 560 they are 168; 167 and 169 are void.
#[test]
fn seoul_2014() {
    let projects: Vec<String> = (1..=560).map(|i| format!("{i};10;x")).collect();
    let projects: Vec<&str> = projects.iter().map(String::as_str).collect();
    let ids = |from: usize, n: usize| {
        (from..from + n).map(|i| i.to_string()).collect::<Vec<_>>().join(",")
    };
    let (right, other, fewer, more) = (ids(1, 168), ids(100, 168), ids(1, 167), ids(1, 169));
    let ballots = [
        ("", right.as_str(), 2),
        ("", other.as_str(), 1),
        ("", fewer.as_str(), 4),
        ("", more.as_str(), 3),
    ];
    let (election, count) = count(&shipped("seoul-2014"), &file(690, "", &projects, &ballots));
    let channel = &count.channels[0];
    assert_eq!((channel.cast, channel.valid), (10, 3));
    assert_eq!((channel.void[&Void::Over], channel.void[&Void::Under]), (3, 4));
    // 100–168 have three votes, 1–99 two, 169–267 one. Exactly 69 fit.
    assert_eq!(score(&election, &count, "100"), "3");
    let mut funded: Vec<u32> =
        winners(&election, &count).iter().map(|id| id.parse().unwrap()).collect();
    funded.sort_unstable();
    assert_eq!(funded, (100..=168).collect::<Vec<_>>());
}

/// A scheme with everything else: a committee's score, kept and fixed places, the end at what does not fit.
const COMMITTEE: &str = r#"
name = { ko = "위원회", en = "committee" }
source = "made up"
fit = "stop"
ties = "votes,cost"
places = 4
budget = 100
[[channel]]
id = "vote"
name = { ko = "투표", en = "vote" }
weight = "0.5"
share_of = "most"
[[channel]]
id = "committee"
name = { ko = "위원회", en = "committee" }
weight = "0.5"
column = "points"
max = 20
[floor]
percent = 10
of = "vote"
[[group]]
value = "환경"
at_least = 1
at_most = 1
"#;

#[test]
fn committees_kept_places_and_the_end() {
    let scheme = Scheme::read(COMMITTEE).unwrap();
    let projects = [
        "A;40;시설;20",
        "B;30;시설;10",
        "C;20;환경;0",
        "D;5;환경;10",
        "E;50;시설;12",
        "F;1;시설;20",
    ];
    let ballots = [("internet", "A,B", 10), ("paper", "A,C", 4), ("", "E,D", 6), ("", "F", 1)];
    let (election, count) = count(&scheme, &file(999, ";points", &projects, &ballots));
    // Votes of 14 (A has most): A 14, B 10, C 4, D 6, E 6, F 1.
    // A ½ + ½ = 1; B 5/14 + 1/4 = 17/28; C 1/7; D 3/14 + 1/4 = 13/28; E 3/14 + 3/10 = 18/35; F under 10 %.
    let of = |id| score(&election, &count, id);
    assert_eq!(
        [of("A"), of("B"), of("C"), of("D"), of("E")],
        ["1", "17/28", "1/7", "13/28", "18/35"]
    );
    // The kept place goes to D first; A and B follow; E costs 50 of the 25 left: the end.
    assert_eq!(winners(&election, &count), ["D", "A", "B"]);
    assert_eq!(
        verdict(&election, &count, "D"),
        Verdict::Selected { order: 1, kept: Some("환경".into()) }
    );
    assert_eq!(verdict(&election, &count, "E"), Verdict::DoesNotFit { left: exact("25") });
    assert_eq!(
        verdict(&election, &count, "C"),
        Verdict::Stopped { at: election.find("E").unwrap() }
    );
    assert_eq!(
        verdict(&election, &count, "F"),
        Verdict::BelowFloor { has: exact("1/14"), needs: exact("1/10") }
    );
    // Skipping instead: C's field has its only place, F stays under the floor.
    let skip = Scheme::read(&COMMITTEE.replace("\"stop\"", "\"skip\"")).unwrap();
    let (election, count) = self::count(&skip, &file(999, ";points", &projects, &ballots));
    assert_eq!(
        verdict(&election, &count, "C"),
        Verdict::NoPlace { group: "환경".into(), places: 1 }
    );
}

#[test]
fn refusals_name_the_line_or_part() {
    let mut said = String::new();
    let mut say = |error: SchemeError| {
        for lang in Lang::ALL {
            writeln!(said, "{}", error.say(lang)).unwrap();
        }
        writeln!(said).unwrap();
    };
    for (from, to) in [
        ("fit = \"stop\"", "fits = \"stop\""),
        ("weight = \"0.5\"", "weight = 0.5"),
        ("weight = \"0.5\"", "weight = \"half\""),
        ("weight = \"0.5\"", "weight = 0"),
        ("max = 20", "max = 0"),
        ("of = \"vote\"", "of = \"votes\""),
        ("votes,cost", "votes,luck"),
        ("at_least = 1", "at_least = 2"),
        ("value = \"환경\"", "value = \"환경\"\neach = true"),
        ("[floor]", "[[ballots]]\nmost = 3\n[floor]"),
        ("[floor]", "[[ballots]]\nover = \"void\"\n[floor]"),
    ] {
        assert!(COMMITTEE.contains(from), "{from}");
        say(Scheme::read(&COMMITTEE.replace(from, to)).unwrap_err());
    }
    let refused = |scheme: &Scheme, text: &str| {
        let file = pb::read(text).unwrap();
        let election = file.election().unwrap();
        scheme.count(&file, &election).unwrap_err()
    };
    let scheme = Scheme::read(COMMITTEE).unwrap();
    let cast = [("internet", "A", 1), ("fax", "A", 1)];
    say(refused(&scheme, &file(9, ";points", &["A;1;x;21"], &cast)));
    say(refused(&scheme, &file(9, "", &["A;1;x"], &cast)));
    say(refused(&shipped("eunpyeong-2025-gu"), &file(9, "", &["A;1;일반"], &cast)));
    let ordinal =
        file(9, ";points", &["A;1;x;1"], &cast).replace("vote_type;approval", "vote_type;ordinal");
    say(refused(&scheme, &ordinal));
    insta::assert_snapshot!(said);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    /// No ceiling and no budget is ever exceeded, every project has a verdict, nobody under the floor is selected,
    /// and who is selected does not depend on the order of the ballots.
    #[test]
    fn limits_hold(
        costs in proptest::collection::vec((1_u64..9, 0_usize..3), 2..9),
        votes in proptest::collection::vec((0_u32..512, proptest::bool::ANY), 1..30),
        budget in 5_u64..40,
    ) {
        let projects: Vec<String> =
            costs.iter().enumerate().map(|(i, (cost, field))| format!("{i};{};{}", cost * 100_000_000, ["일반", "청년", "청소년"][*field])).collect();
        let projects: Vec<&str> = projects.iter().map(String::as_str).collect();
        let ballots: Vec<(&str, String, u32)> = votes.iter().map(|(mask, there)| {
            let ids: Vec<String> = (0..costs.len()).filter(|i| mask >> i & 1 == 1).map(|i| i.to_string()).collect();
            (if *there { "paper" } else { "internet" }, ids.join(","), 1)
        }).collect();
        let mut ballots: Vec<(&str, &str, u32)> = ballots.iter().map(|(m, ids, n)| (*m, ids.as_str(), *n)).collect();
        let scheme = shipped("eunpyeong-2025-gu");
        let (election, count) = count(&scheme, &file(budget * 100_000_000, "", &projects, &ballots));
        prop_assert_eq!(count.standings.len(), costs.len());
        prop_assert!(count.cost <= count.budget);
        for (field, ceiling) in [(0, 1_650_000_000_u64), (1, 100_000_000), (2, 100_000_000)] {
            let spent: u64 = count.selected.iter().map(|&ix| costs[ix as usize]).filter(|(_, f)| *f == field).map(|(c, _)| c * 100_000_000).sum();
            prop_assert!(spent <= ceiling);
        }
        for standing in &count.standings {
            let selected = matches!(standing.verdict, Verdict::Selected { .. });
            prop_assert_eq!(selected, count.selected.contains(&standing.project));
            prop_assert!(!selected || standing.score >= exact("0.12"));
        }
        ballots.reverse();
        let (_, again) = self::count(&scheme, &file(budget * 100_000_000, "", &projects, &ballots));
        prop_assert_eq!(&count.selected, &again.selected);
        let _ = election;
    }
}
