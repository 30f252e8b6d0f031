//! Lots: worked draws, refusals, uniformity.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use maeul_base::{Lang, Refusal as _};
use maeul_tally::lot::{
    Candidates, Commitment, LotError, Passed, Quotas, Record, committed_text, draw, drawn_text,
};
use proptest::prelude::*;

/// A made-up 동 assembly: 40 candidates of three 동, with sex and age.
const PEOPLE: &str = include_str!("data/lot/candidates.csv");
const QUOTA: &str = include_str!("data/lot/quota.toml");
const SEED: &str = "7-11-19-23-30-41";

fn quotas(text: &str) -> Quotas {
    Quotas::read(&format!("procedure = \"maeul-lot/1\"\n{text}")).unwrap()
}

fn people(text: &str) -> Candidates {
    Candidates::read(text.as_bytes()).unwrap()
}

fn panel(list: &str, quota: &str, seed: &str) -> Vec<String> {
    let list = people(list);
    let drawn = draw(&list, &quotas(quota), seed).unwrap();
    drawn.panel().map(|at| list.rows()[at].id.clone()).collect()
}

fn refused(list: &str, quota: &str) -> LotError {
    draw(&people(list), &quotas(quota), "s").unwrap_err()
}

#[test]
fn tickets_are_those_anybody_can_compute() {
    // printf '%s\n%s' seed a | sha256sum, and so for b and c.
    let list = people("id\na\nb\nc\n");
    let drawn = draw(&list, &quotas("seats = 3"), "seed").unwrap();
    let tickets: Vec<(String, String)> = drawn
        .steps
        .iter()
        .map(|step| {
            (list.rows()[step.candidate].id.clone(), step.ticket.get(..8).unwrap().to_owned())
        })
        .collect();
    let expected = TICKETS.map(|(id, t)| (id.to_owned(), t.to_owned()));
    assert_eq!(tickets, expected);
}

/// From `sha256sum`, in ascending order.
const TICKETS: [(&str, &str); 3] = [("a", "1095c393"), ("b", "966be68f"), ("c", "a17d26e8")];

#[test]
fn the_published_record_of_an_assembly() {
    let (record, ..) = Record::draw(PEOPLE.as_bytes(), QUOTA, SEED, 6, None).unwrap();
    insta::assert_snapshot!("drawn_ko", drawn_text(&record, Lang::Ko));
    insta::assert_snapshot!("drawn_en", drawn_text(&record, Lang::En));
    let json = serde_json::to_string_pretty(&record).unwrap();
    insta::assert_snapshot!("record", json);
    let again = Record::read(&json).unwrap();
    assert_eq!(again, record);
    again.verify(PEOPLE.as_bytes(), QUOTA).unwrap();
    for part in &record.quotas {
        assert!(
            part.drawn >= part.min as usize && part.drawn <= part.max as usize,
            "{}",
            part.part
        );
    }
}

#[test]
fn the_commitment_is_published_before_and_checked_after() {
    let open = Commitment::new(PEOPLE.as_bytes(), QUOTA, None).unwrap();
    insta::assert_snapshot!("committed_ko", committed_text(&open, Lang::Ko));
    insta::assert_snapshot!("committed_en", committed_text(&open, Lang::En));
    let sealed = Commitment::new(PEOPLE.as_bytes(), QUOTA, Some(SEED)).unwrap();
    assert_ne!(open.commitment, sealed.commitment);
    for published in [&open.commitment, &sealed.commitment] {
        Record::draw(PEOPLE.as_bytes(), QUOTA, SEED, 0, Some(published)).unwrap();
    }
    // One candidate fewer, another bound, another seed: each is found.
    let fewer: String = PEOPLE.lines().take(40).map(|line| format!("{line}\n")).collect();
    let bound = QUOTA.replace("max_percent = 60", "max_percent = 61");
    assert_ne!(bound, QUOTA);
    for (list, quota, seed, published) in [
        (fewer.as_str(), QUOTA, SEED, &open),
        (PEOPLE, bound.as_str(), SEED, &open),
        (PEOPLE, QUOTA, "another", &sealed),
    ] {
        let refused = Record::draw(list.as_bytes(), quota, seed, 0, Some(&published.commitment));
        assert!(matches!(refused, Err(LotError::Commitment { .. })));
    }
}

#[test]
fn a_forged_record_is_found() {
    let (record, ..) = Record::draw(PEOPLE.as_bytes(), QUOTA, SEED, 4, None).unwrap();
    let differs = |forged: &Record| match forged.verify(PEOPLE.as_bytes(), QUOTA).unwrap_err() {
        LotError::Differs(field) => field,
        other => panic!("{other:?}"),
    };
    let mut forged = record.clone();
    forged.panel.swap(0, 1);
    assert_eq!(differs(&forged), "panel");
    let mut forged = record.clone();
    forged.reserves.reverse();
    assert_eq!(differs(&forged), "reserves");
    let mut forged = record.clone();
    forged.steps[0].ticket = "0".repeat(64);
    assert_eq!(differs(&forged), "steps");
    let mut forged = record.clone();
    forged.seed = "another".into();
    assert_eq!(differs(&forged), "commitment");
    assert!(matches!(Record::read("{}"), Err(LotError::Record(_))));
}

#[test]
fn the_walk_passes_over_whom_the_quotas_have_no_room_for() {
    let list = "id,sex\n1,F\n2,F\n3,F\n4,F\n5,M\n6,M\n";
    // Exactly two of each sex: whatever the seed, the first two of each in order of ticket.
    for seed in ["a", "b", "c", "d", "e"] {
        let free = panel(list, "seats = 6", seed);
        let sex = |id: &str| if id.parse::<u32>().unwrap() <= 4 { 'F' } else { 'M' };
        let mut expected = Vec::new();
        for id in &free {
            if expected.iter().filter(|known: &&String| sex(known) == sex(id)).count() < 2 {
                expected.push(id.clone());
            }
        }
        let drawn = panel(list, "seats = 4\n[[quota]]\neach = \"sex\"\nmin = 2\nmax = 2\n", seed);
        assert_eq!(drawn, expected, "{seed}");
    }
    let list = people(list);
    let drawn =
        draw(&list, &quotas("seats = 3\n[[quota]]\nwhere = { sex = \"M\" }\nmin = 2\n"), "a")
            .unwrap();
    let passed: Vec<_> = drawn.steps.iter().filter_map(|step| step.passed.clone()).collect();
    assert!(passed.iter().all(|p| *p == Passed::Needed(vec!["sex=M 2–3".into()])), "{passed:?}");
    assert_eq!(drawn.panel().filter(|&at| at >= 4).count(), 2);
}

#[test]
fn reserves_are_called_in_order_and_keep_the_quotas() {
    let list = people("id,sex\n1,F\n2,F\n3,F\n4,F\n5,M\n6,M\n7,M\n");
    let quotas = quotas("seats = 4\n[[quota]]\neach = \"sex\"\nmin = 2\nmax = 2\n");
    let drawn = draw(&list, &quotas, "x").unwrap();
    let id = |at: usize| list.rows()[at].id.clone();
    let reserves: Vec<usize> = drawn.reserves(9).iter().map(|&&(at, _)| at).collect();
    assert_eq!(reserves.len(), 3);
    let woman = drawn.panel().find(|&at| at < 4).unwrap();
    let women: Vec<usize> = reserves.iter().copied().filter(|&at| at < 4).collect();
    let called = drawn.replace(&list, &[id(woman)], &[]).unwrap();
    assert_eq!(called, [(woman, Some(women[0]))]);
    let called = drawn.replace(&list, &[id(woman)], &[id(women[0])]).unwrap();
    assert_eq!(called, [(woman, Some(women[1]))]);
    // Three women leave: two are called, then nobody is left who keeps the quota.
    let second = drawn.panel().filter(|&at| at < 4).nth(1).unwrap();
    let leaving = [id(woman), id(second), id(women[0])];
    let called = drawn.replace(&list, &leaving, &[]).unwrap();
    assert_eq!(called, [(woman, Some(women[0])), (second, Some(women[1])), (women[0], None)]);
    let refused = drawn.replace(&list, &["99".into()], &[]).unwrap_err();
    assert_eq!(refused, LotError::NotOnPanel("99".into()));
}

#[test]
fn quotas_that_cannot_be_met_are_named() {
    let list = "id,dong,sex\n1,A,F\n2,A,F\n3,B,M\n4,B,M\n";
    let LotError::Short(short) =
        refused(list, "seats = 3\n[[quota]]\nwhere = { dong = \"A\" }\nmin = 3\n")
    else {
        panic!()
    };
    assert_eq!((short[0].quota.as_str(), short[0].least, short[0].candidates), ("dong=A", 3, 2));
    // Two women at least and two of B at least, of three: B has men only. The bound on A is innocent.
    let quota = "seats = 3
        [[quota]]\nwhere = { sex = \"F\" }\nmin = 2
        [[quota]]\nwhere = { dong = \"A\" }\nmax = 3
        [[quota]]\nwhere = { dong = \"B\" }\nmin = 2\n";
    let LotError::Conflict(parts) = refused(list, quota) else { panic!() };
    assert_eq!(parts, ["sex=F 2–3 (2)", "dong=B 2–3 (2)"]);
    let LotError::Conflict(parts) =
        refused(list, "seats = 4\n[[quota]]\nwhere = { dong = \"A\" }\nmax = 1\n")
    else {
        panic!()
    };
    assert_eq!(parts, ["dong=A 0–1 (2)"]);
    assert!(matches!(refused(list, "seats = 5"), LotError::Seats { seats: 5, candidates: 4 }));
    assert!(matches!(refused(list, "seats = 0"), LotError::Seats { .. }));
}

#[test]
fn refusals_name_the_line_and_what_to_do() {
    let mut said = String::new();
    let mut say = |error: LotError| {
        for lang in Lang::ALL {
            writeln!(said, "{}", error.say(lang)).unwrap();
        }
        writeln!(said).unwrap();
    };
    let list = |text: &[u8]| Candidates::read(text).unwrap_err();
    say(list(b"id,sex\n1,F\n2,\xb3\xb2\n"));
    say(list(b""));
    say(list(b"name,sex\n1,F\n"));
    say(list(b"id,sex,sex\n1,F,F\n"));
    say(list("\u{feff}id,sex\r\n1,F\r\n2\r\n,F\r\n1,M\r\n".as_bytes()));
    let band = "seats = 1\n[[band]]\nname = \"b\"\nfrom = \"age\"\nsteps = [19, 40]\n[[quota]]\neach = \"b\"\nmax = 1\n";
    say(refused("id,age\n1,20\n2,\n3,x\n4,18\n", band));
    say(refused("id\n1\n", "seats = 1\n[[quota]]\neach = \"dong\"\nmin = 1\n"));
    let file = |text: &str| Quotas::read(text).unwrap_err();
    say(file("procedure = \"maeul-lot/9\"\nseats = 3"));
    say(file("procedure = \"maeul-lot/1\"\nseats = 3\nseat = 4"));
    for quota in [
        "min = 1",
        "each = \"sex\"",
        "each = \"sex\"\nmin = 1\nmin_percent = 5",
        "each = \"sex\"\nmin = 3\nmax = 2",
        "each = \"sex\"\nmax_percent = 101",
    ] {
        say(file(&format!("procedure = \"maeul-lot/1\"\nseats = 3\n[[quota]]\n{quota}\n")));
    }
    let steps = "procedure = \"maeul-lot/1\"\nseats = 3\n[[band]]\nname = \"b\"\nfrom = \"age\"\nsteps = [40, 19]\n";
    say(file(steps));
    say(refused("id,sex\n1,F\n", "seats = 1\n[[quota]]\nwhere = { sex = \"M\" }\nmin = 1\n"));
    say(draw(&people("id\n1\n"), &quotas("seats = 1"), " ").unwrap_err());
    say(LotError::Undecided);
    insta::assert_snapshot!(said);
}

#[test]
fn percentages_hold_exactly() {
    let list: String = (0..20)
        .fold("id,sex\n".into(), |t, i| t + &format!("{i},{}\n", if i < 10 { "F" } else { "M" }));
    // 60 % of 7 are 4.2: at most 4. 40 % are 2.8: at least 3.
    let list = people(&list);
    let quotas =
        quotas("seats = 7\n[[quota]]\neach = \"sex\"\nmin_percent = 40\nmax_percent = 60\n");
    let drawn = draw(&list, &quotas, "s").unwrap();
    for (quota, count) in drawn.composition() {
        assert_eq!((quota.least, quota.most), (3, 4));
        assert!((3..=4).contains(&count));
    }
}

#[test]
fn a_large_assembly_with_three_kinds_of_quotas() {
    // 18 동 × 2 sexes × 6 age bands, 2,000 candidates: every 동 2 to 6, sexes at most 60 %, bands by share.
    let mut list = String::from("id,dong,sex,age\n");
    for i in 0..2_000_u32 {
        let h = i.wrapping_mul(2_654_435_761) >> 7;
        writeln!(
            list,
            "{i},D{:02},{},{}",
            (h % 97) % 18,
            if h % 5 < 3 { 'F' } else { 'M' },
            18 + h % 71
        )
        .unwrap();
    }
    let quota = "seats = 60
        [[band]]\nname = \"band\"\nfrom = \"age\"\nsteps = [18, 30, 40, 50, 60, 70]
        [[quota]]\neach = \"dong\"\nmin = 2\nmax = 6
        [[quota]]\neach = \"sex\"\nmax_percent = 60
        [[quota]]\neach = \"band\"\nmin = 8\nmax = 12\n";
    let list = people(&list);
    let started = std::time::Instant::now();
    let drawn = draw(&list, &quotas(quota), "2026-11-22").unwrap();
    println!("2,000 candidates, 26 quotas: {} ms", started.elapsed().as_millis());
    assert_eq!(drawn.panel().count(), 60);
    for (quota, count) in drawn.composition() {
        assert!((quota.least as usize..=quota.most as usize).contains(&count), "{}", quota.text());
    }
}

/// Draws with the seeds `0`, `1`, … and counts how often each candidate is drawn.
fn counts(list: &str, quota: &str, draws: u32) -> BTreeMap<String, u32> {
    let (list, quotas) = (people(list), quotas(quota));
    let mut counts: BTreeMap<String, u32> =
        list.rows().iter().map(|row| (row.id.clone(), 0)).collect();
    for seed in 0..draws {
        for at in draw(&list, &quotas, &seed.to_string()).unwrap().panel() {
            *counts.get_mut(&list.rows()[at].id).unwrap() += 1;
        }
    }
    counts
}

/// χ² of draws without replacement: `k` of `n` equal candidates each time; n − 1 degrees of freedom. The draws of one
/// time exclude each other, which the factor (n − 1) ÷ n · 1 ÷ (1 − k/n) makes good.
fn chi_square(counts: &[u32], draws: u32, k: f64) -> f64 {
    let n = counts.len() as f64;
    let expected = f64::from(draws) * k / n;
    let sum: f64 = counts.iter().map(|&c| (f64::from(c) - expected).powi(2) / expected).sum();
    sum * (n - 1.0) / n / (1.0 - k / n)
}

// The critical values are the 0.999 quantiles of χ²: a correct procedure would fail each of these tests for one in a
// thousand choices of seeds. The seeds are fixed, so they pass always or never.

#[test]
fn without_quotas_everybody_is_drawn_alike() {
    let list: String = (0..20).fold("id\n".into(), |t, i| t + &format!("p{i}\n"));
    let counts: Vec<u32> = counts(&list, "seats = 5", 4_000).into_values().collect();
    let chi = chi_square(&counts, 4_000, 5.0);
    println!("χ² = {chi:.1} with 19 degrees of freedom");
    assert!(chi < 43.82, "{chi}");
}

#[test]
fn without_quotas_every_pair_is_drawn_alike() {
    let list = people("id\na\nb\nc\nd\ne\n");
    let quotas = quotas("seats = 2");
    let mut pairs: BTreeMap<Vec<usize>, u32> = BTreeMap::new();
    for seed in 0..5_000 {
        let mut pair: Vec<usize> =
            draw(&list, &quotas, &format!("pair {seed}")).unwrap().panel().collect();
        pair.sort_unstable();
        *pairs.entry(pair).or_default() += 1;
    }
    assert_eq!(pairs.len(), 10);
    let chi: f64 = pairs.values().map(|&c| (f64::from(c) - 500.0).powi(2) / 500.0).sum();
    println!("χ² = {chi:.1} with 9 degrees of freedom");
    assert!(chi < 27.88, "{chi}");
}

#[test]
fn within_a_cell_everybody_is_drawn_alike_and_across_cells_not() {
    // 12 women, 4 men, two of each: a man's chance is three times a woman's.
    let list: String = (0..16).fold("id,sex\n".into(), |t, i| {
        t + &format!("{i:02},{}\n", if i < 12 { 'F' } else { 'M' })
    });
    let counts = counts(&list, "seats = 4\n[[quota]]\neach = \"sex\"\nmin = 2\nmax = 2\n", 4_000);
    let of = |from: usize, to: usize| -> Vec<u32> {
        counts
            .iter()
            .filter(|(id, _)| (from..to).contains(&id.parse().unwrap()))
            .map(|(_, &c)| c)
            .collect()
    };
    let (women, men) = (of(0, 12), of(12, 16));
    assert_eq!((women.iter().sum::<u32>(), men.iter().sum::<u32>()), (8_000, 8_000));
    let (w, m) = (chi_square(&women, 4_000, 2.0), chi_square(&men, 4_000, 2.0));
    println!("χ² = {w:.1} with 11, {m:.1} with 3 degrees of freedom");
    assert!(w < 31.26 && m < 16.27, "{w} {m}");
}

#[test]
fn the_test_of_uniformity_finds_a_biased_lot() {
    // The same statistic on a lot that prefers the first half of the list by a tenth.
    let counts: Vec<u32> = (0..20).map(|i| if i < 10 { 1_050 } else { 950 }).collect();
    assert!(chi_square(&counts, 4_000, 5.0) > 43.82);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    /// The panel is the first in order of ticket of all panels that meet the quotas, found by trying all; the order
    /// of the list does not matter.
    #[test]
    fn the_panel_is_the_first_of_all_that_meet_the_quotas(
        kinds in proptest::collection::vec((0_u8..2, 0_u8..3, 0_u8..2), 4..10),
        seats in 1_usize..5,
        bounds in proptest::collection::vec((0_u32..3, 0_u32..4), 7),
        seed in "[a-z]{1,8}",
    ) {
        let seats = seats.min(kinds.len());
        let mut list = String::from("id,a,b,c\n");
        for (i, (a, b, c)) in kinds.iter().enumerate() {
            writeln!(list, "{i},{a},{b},{c}").unwrap();
        }
        let mut quota = format!("seats = {seats}\n");
        let parts: Vec<(&str, u8)> = [("a", 0), ("a", 1), ("b", 0), ("b", 1), ("b", 2), ("c", 0), ("c", 1)].into();
        for ((name, value), (least, more)) in parts.iter().zip(&bounds) {
            writeln!(quota, "[[quota]]\nwhere = {{ {name} = \"{value}\" }}\nmin = {least}\nmax = {}", least + more).unwrap();
        }
        let meets = |set: &[usize]| parts.iter().zip(&bounds).all(|((name, value), (least, more))| {
            let count = u32::try_from(set.iter().filter(|&&i| {
                let (a, b, c) = kinds[i];
                *value == match *name { "a" => a, "b" => b, _ => c }
            }).count()).unwrap();
            (*least..=least + more).contains(&count)
        });
        let free: Vec<usize> = panel(&list, &format!("seats = {}", kinds.len()), &seed)
            .iter().map(|id| id.parse().unwrap()).collect();
        // All sets of that size, by places in the order of tickets: the first that meets the quotas.
        let mut best: Option<Vec<usize>> = None;
        for mask in 0_u32..1 << kinds.len() {
            if mask.count_ones() as usize != seats { continue; }
            let places: Vec<usize> = (0..kinds.len()).filter(|i| mask >> i & 1 == 1).collect();
            let set: Vec<usize> = places.iter().map(|&p| free[p]).collect();
            if meets(&set) && best.as_ref().is_none_or(|known| places < *known) {
                best = Some(places);
            }
        }
        let candidates = people(&list);
        match (draw(&candidates, &quotas(&quota), &seed), best) {
            (Ok(drawn), Some(best)) => {
                let mine: Vec<usize> = drawn.panel().collect();
                prop_assert_eq!(&mine, &best.iter().map(|&p| free[p]).collect::<Vec<_>>());
                let mut lines: Vec<&str> = list.lines().skip(1).collect();
                lines.reverse();
                let turned = format!("id,a,b,c\n{}\n", lines.join("\n"));
                let again: Vec<usize> = panel(&turned, &quota, &seed).iter().map(|id| id.parse().unwrap()).collect();
                prop_assert_eq!(mine, again);
            }
            (Err(LotError::Conflict(_) | LotError::Short(_)), None) => {}
            (drawn, best) => prop_assert!(false, "{:?} {:?}", drawn.map(|_| ()), best),
        }
    }
}
