//! Every recorded outcome of the shared real elections, replayed: identical winners in identical order.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use maeul_tally::election::Election;
use maeul_tally::outcome::Outcome;
use maeul_tally::rule::limits::Limits;
use maeul_tally::rule::tally;
use maeul_tally::ties::TieChain;
use serde_json::Value;

fn elections() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/elections");
    folder.join("oracle.json").exists().then_some(folder)
}

fn text(folder: &Path, file: &str) -> String {
    let file = std::fs::File::open(folder.join(format!("{file}.gz"))).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    text
}

fn count(election: &Election, rule: &str, ties: &str) -> Outcome {
    let ties: TieChain = ties.parse().unwrap();
    tally(election, &rule.parse().unwrap(), &ties, &Limits::default(), &mut |_| {}).unwrap()
}

fn ids(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect()
}

/// The recorded key, our name.
const RULES: [(&str, &str); 13] = [
    ("greedy_cost", "greedy-votes"),
    ("greedy_card", "greedy-cardinality"),
    ("greedy_points", "greedy-points"),
    ("greedy_borda", "greedy-borda"),
    ("mes_cost", "mes-cost"),
    ("mes_card", "mes-cardinality"),
    ("mes_points", "mes-points"),
    ("mes_borda", "mes-borda"),
    ("phragmen", "phragmen"),
    ("mes_cost_add1", "mes-cost+add1-exhaustive"),
    ("mes_card_add1", "mes-cardinality+add1-exhaustive"),
    ("mes_cost_1pct", "mes-cost+1pct"),
    ("mes_cost_add1_then_greedy", "mes-cost+add1-exhaustive+greedy"),
];

/// Without optimisation the large files take too long; `cargo nextest run --release -p maeul-tally` replays them too.
fn too_large(bytes: usize) -> bool {
    cfg!(debug_assertions) && bytes > 500_000
}

/// Raised shares are hundreds of runs: without optimisation only the smaller elections are raised.
fn too_long(election: &Election) -> bool {
    cfg!(debug_assertions) && election.ballots.len() * election.projects.len() > 300
}

/// All elections that are here and not too large, with what was recorded of them.
fn replayed(mut check: impl FnMut(&str, &Value, &Election)) {
    let Some(folder) = elections() else {
        println!("not run: the shared elections are not here");
        return;
    };
    let oracle = std::fs::read_to_string(folder.join("oracle.json")).unwrap();
    let oracle: Value = serde_json::from_str(&oracle).unwrap();
    let (mut ran, mut left) = (0, Vec::new());
    for entry in oracle["elections"].as_array().unwrap() {
        let file = entry["file"].as_str().unwrap();
        let text = text(&folder, file);
        if too_large(text.len()) {
            left.push(file);
            continue;
        }
        let read = maeul_tally::pb::read(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let election = read.election().unwrap_or_else(|error| panic!("{file}: {error}"));
        check(file, entry, &election);
        ran += 1;
    }
    println!("ran: {ran} elections; left away without optimisation: {left:?}");
}

#[test]
fn every_recorded_outcome_is_ours() {
    let mut ran = std::collections::BTreeMap::<&str, usize>::new();
    let mut wrong = Vec::new();
    replayed(|file, entry, election| {
        for (key, rule) in RULES {
            let Some(expected) = entry["pabutools_exact"].get(key) else { continue };
            let outcome = count(election, rule, "id");
            let mut ours: Vec<&str> = outcome.winner_ids(election).collect();
            if key == "phragmen" {
                // Recorded without the order of selection.
                ours.sort_unstable();
            }
            *ran.entry(key).or_default() += 1;
            let theirs = ids(&expected["order"]);
            if ours != theirs {
                wrong.push(format!("{file} {rule}: {ours:?} instead of {theirs:?}"));
            }
            let cost = expected["cost"].to_string().parse().unwrap();
            if outcome.cost != cost {
                wrong.push(format!("{file} {rule}: costs {} instead of {cost:?}", outcome.cost));
            }
            // Ties were not counted for greedy, and for raised shares they add up over all runs.
            let ties = usize::try_from(expected["ties"].as_u64().unwrap()).unwrap();
            let counted = key.starts_with("mes") && !key.contains("add1") && !key.contains("pct")
                || key == "phragmen";
            if counted && outcome.tied_rounds() != ties {
                wrong.push(format!(
                    "{file} {rule}: {} tied rounds instead of {ties}",
                    outcome.tied_rounds()
                ));
            }
        }
    });
    println!("outcomes: {ran:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The second recorded count, in floats: only where it says that no decision was closer than its errors.
#[test]
fn certified_second_counts_are_ours() {
    const KEYS: [(&str, &str); 6] = [
        ("mes_cost", "mes-cost"),
        ("mes_card", "mes-cardinality"),
        ("mes_cost_add1", "mes-cost+add1"),
        ("mes_card_add1", "mes-cardinality+add1"),
        ("mes_cost_add1e", "mes-cost+add1-exhaustive"),
        ("mes_card_add1e", "mes-cardinality+add1-exhaustive"),
    ];
    let (mut ran, mut wrong) = (0, Vec::new());
    replayed(|file, entry, election| {
        for (key, rule) in KEYS {
            if rule.contains("add1") && too_long(election) {
                continue;
            }
            let Some(expected) =
                entry["fast_float"].get(key).filter(|told| told["certified"] == true)
            else {
                continue;
            };
            let mut ours: Vec<String> =
                count(election, rule, "id").winner_ids(election).map(str::to_owned).collect();
            ours.sort_unstable();
            ran += 1;
            if ours != ids(&expected["winners"]) {
                wrong.push(format!("{file} {rule}: {ours:?} instead of {}", expected["winners"]));
            }
        }
    });
    println!("outcomes: {ran}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Other chains of ties, and how many voters get nothing.
#[test]
fn recorded_variants_are_ours() {
    let (mut ran, mut wrong) = (0, Vec::new());
    replayed(|file, entry, election| {
        let Some(variants) = entry.get("variants").filter(|variants| variants.is_object()) else {
            return;
        };
        for (key, rule, ties) in [
            ("greedy_votes", "greedy-votes", "id"),
            ("exact_add1_lexi", "mes-cost+add1", "id"),
            ("exact_add1_mincost", "mes-cost+add1", "cost,votes"),
            ("exact_add1_maxvotes", "mes-cost+add1", "votes"),
            ("exact_add1e_lexi", "mes-cost+add1-exhaustive", "id"),
            ("add1_then_greedy", "mes-cost+add1+greedy", "id"),
        ] {
            if rule.contains("add1") && too_long(election) {
                continue;
            }
            let mut ours: Vec<String> =
                count(election, rule, ties).winner_ids(election).map(str::to_owned).collect();
            ours.sort_unstable();
            ran += 1;
            if ours != ids(&variants[key]) {
                wrong.push(format!("{file} {key}: {ours:?} instead of {}", variants[key]));
            }
        }
        let nothing =
            maeul_tally::compare::coverage(election, &count(election, "greedy-votes", "id")).0;
        if variants["zero_greedy"] != nothing {
            wrong.push(format!(
                "{file}: {nothing} voters with nothing instead of {}",
                variants["zero_greedy"]
            ));
        }
    });
    println!("outcomes: {ran}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the organisers themselves published, where the record says that it is one of our rules.
#[test]
fn official_results_are_ours() {
    let (mut ran, mut wrong) = (0, Vec::new());
    replayed(|file, entry, election| {
        let rule = match entry["official_check"]["official_matches"].as_str() {
            Some("greedy-by-votes") => "greedy-votes",
            _ if file == "poland_wieliczka_2023_green-budget.pb" => "mes-cost+add1",
            _ => return,
        };
        let outcome = count(election, rule, "id");
        let mut ours: Vec<&str> = outcome.winner_ids(election).collect();
        ours.sort_unstable();
        let mut published: Vec<&str> = election
            .projects
            .iter()
            .filter(|project| project.published.as_deref() == Some("1"))
            .map(|project| project.id.as_str())
            .collect();
        published.sort_unstable();
        ran += 1;
        if ours != published {
            wrong.push(format!("{file}: {ours:?} instead of {published:?}"));
        }
        if rule == "mes-cost+add1" {
            assert_eq!(outcome.cost, "995079".parse().unwrap());
            assert_eq!(outcome.endowment.unwrap().decimal(2), "≈315.83");
        }
    });
    println!("officially published: {ran}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files where floats fund nothing because one project costs exactly the whole budget; and the other cases to keep.
#[test]
fn regressions_of_other_programs_are_not_ours() {
    let mut whole = Vec::new();
    replayed(|file, _, election| {
        let winners = |rule: &str| count(election, rule, "id").rounds.len();
        let short = file.trim_start_matches("poland_").trim_end_matches(".pb");
        match short {
            "warszawa_2019_radiowo-wolka-weglowa-placowka-huta"
            | "zabrze_2020_osiedle-mlodego-gornika"
            | "zabrze_2021_osiedle-mlodego-gornika"
            | "zabrze_2021_zaborze-poludnie"
            | "zabrze_2021_zandka" => {
                assert_eq!(winners("mes-cost"), 1, "{file}");
                whole.push(short.to_owned());
            }
            "wroclaw_2018_cultural" => {
                assert_eq!((winners("mes-cost"), winners("phragmen")), (0, 3))
            }
            "gdynia_2020_babie-doly-large" | "warszawa_2017_marysin-polnocny" => {
                let ids = |rule: &str| {
                    count(election, rule, "id").winners().collect::<std::collections::BTreeSet<_>>()
                };
                assert_ne!(ids("mes-cost+add1"), ids("mes-cost+add1-exhaustive"), "{file}");
            }
            "warszawa_2020_ursynow" => {
                let all =
                    ["greedy-votes", "mes-cost", "mes-cardinality", "phragmen", "mes-cost+add1"]
                        .map(winners);
                assert_eq!(all, [22, 50, 58, 70, 52]);
                let nothing = |rule: &str| {
                    let share =
                        maeul_tally::compare::coverage(election, &count(election, rule, "id")).0
                            * 1000;
                    share / election.voter_count()
                };
                assert_eq!(
                    (nothing("greedy-votes"), nothing("mes-cost+add1")),
                    (135, 73),
                    "13.6 and 7.4 in a hundred"
                );
            }
            _ => {}
        }
    });
    println!("one project of exactly the budget: {whole:?}");
}

/// Reading, writing and reading again is the identity.
#[test]
fn shared_files_are_written_as_they_were_read() {
    replayed(|file, _, election| {
        let text = text(&elections().unwrap(), file);
        let read = maeul_tally::pb::read(&text).unwrap();
        let written = maeul_tally::pb::write(&read);
        let again = maeul_tally::pb::read(&written).unwrap();
        assert!(again.same(&read), "{file}");
        assert_eq!(&again.election().unwrap(), election, "{file}");
    });
}
