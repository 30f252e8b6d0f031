//! The independent verifier (`tools/verify-tally`, Python) on our results: it agrees with what we publish and finds
//! what is forged. Where there is no Python, this says so.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use maeul_tally::explain::json;
use maeul_tally::lot::Record;
use maeul_tally::{Election, Limits, RuleName, TieChain, pb, rule, tally};

/// Runs the verifier; nothing when there is no Python that can.
fn verify(words: &[&Path], lot: bool) -> Option<(i32, String)> {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify-tally");
    let mut command = Command::new("python3");
    command.arg(tool).args(lot.then_some("--lot")).args(words);
    let Ok(done) = command.output() else {
        println!("python3 is missing: the independent verifier did not run");
        return None;
    };
    let said =
        String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    if said.contains("needs Python 3.11") {
        println!("python3 is too old for draws: the independent verifier did not run");
        return None;
    }
    Some((done.status.code().unwrap(), said))
}

/// A made-up election of that kind: ties, empty ballots, decimals, a free and an unsupported project.
fn small(kind: &str) -> String {
    let mut text = format!(
        "META\nkey;value\ndescription;made up\ncountry;Korea\nunit;느티구\ninstance;2026\nnum_projects;9\nnum_votes;60\nbudget;100.05\nvote_type;{kind}\nrule;greedy\ndate_begin;2026\ndate_end;2026\nPROJECTS\nproject_id;cost\n"
    );
    let costs = ["30", "15.05", "15.05", "40", "9", "6,025", "25", "0", "7.5"];
    for (i, cost) in costs.iter().enumerate() {
        text += &format!("{};{cost}\n", i * 7 % 10 + 1);
    }
    let points = matches!(kind, "cumulative" | "scoring");
    text += if points { "VOTES\nvoter_id;vote;points\n" } else { "VOTES\nvoter_id;vote\n" };
    let ids: Vec<String> = (0..9).map(|i| (i * 7 % 10 + 1).to_string()).collect();
    for voter in 0..60_usize {
        let most = if kind == "choose-1" { 1 } else { 4 };
        let mut own: Vec<&str> = Vec::new();
        for step in 0..(voter * 5 % 7).min(most) {
            let id = &ids[(voter * voter + step * (voter % 3 + 1) * 2) % 8];
            if !own.contains(&id.as_str()) {
                own.push(id);
            }
        }
        text += &format!("{voter};{}", own.join(","));
        if points {
            let points: Vec<String> = (0..own.len())
                .map(|i| ["3", "1.5", "0", "2"][(voter + i) % 4].to_owned())
                .collect();
            text += &format!(";{}", points.join(","));
        }
        text.push('\n');
    }
    text
}

/// Writes a result into the folder, named for its rule.
fn publish(folder: &Path, election: &Election, name: &str, ties: &str) -> PathBuf {
    let rule: RuleName = name.parse().unwrap();
    let ties: TieChain = ties.parse().unwrap();
    let outcome = tally(election, &rule, &ties, &Limits::default(), &mut |_| {}).unwrap();
    let path = folder.join(format!("{name}.json"));
    std::fs::write(&path, json::result(election, &outcome).to_string()).unwrap();
    path
}

const GREEDY: [&str; 3] = ["greedy-votes", "greedy-votes+no-skip", "greedy-cardinality"];
const SHARES: [&str; 9] = [
    "mes-cost",
    "mes-cardinality",
    "mes-cost+add1",
    "mes-cost+add1-exhaustive",
    "mes-cost+add2+greedy",
    "mes-cost+10pct",
    "mes-cost+greedy+comparison",
    "mes-cardinality+add1+greedy",
    "mes-cost+20pct+greedy+comparison",
];

#[test]
fn the_verifier_agrees_on_every_kind_of_ballot_and_rule() {
    let folder = tempfile::tempdir().unwrap();
    let mut agreed = 0;
    for (kind, more) in [
        ("approval", vec![]),
        ("choose-1", vec![]),
        ("ordinal", vec!["greedy-borda", "mes-borda", "mes-borda+add1+greedy"]),
        ("cumulative", vec!["greedy-points", "mes-points", "mes-points+25pct+greedy"]),
        ("scoring", vec!["greedy-points", "mes-points+add1"]),
    ] {
        let text = small(kind);
        let file = folder.path().join("file.pb");
        std::fs::write(&file, &text).unwrap();
        let election = pb::read(&text).unwrap().election().unwrap();
        let mut words = vec![file.clone()];
        for (at, name) in GREEDY.iter().chain(&SHARES).copied().chain(more).enumerate() {
            assert!(rule::counts(&name.parse().unwrap(), &election), "{name}");
            let ties = ["id", "votes,cost,lot:2026-11-22"][(at + kind.len()) % 2];
            words.push(publish(folder.path(), &election, name, ties));
        }
        let words: Vec<&Path> = words.iter().map(PathBuf::as_path).collect();
        let Some((code, said)) = verify(&words, false) else { return };
        assert_eq!(code, 0, "{kind}: {said}");
        agreed += words.len() - 1;
    }
    println!("the independent verifier agrees on {agreed} counts");
}

#[test]
fn the_verifier_finds_what_is_forged() {
    let folder = tempfile::tempdir().unwrap();
    let text = small("approval");
    let file = folder.path().join("file.pb");
    std::fs::write(&file, &text).unwrap();
    let election = pb::read(&text).unwrap().election().unwrap();
    let result = publish(folder.path(), &election, "mes-cost+greedy", "id");
    let honest: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&result).unwrap()).unwrap();
    let forge = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut forged = honest.clone();
        change(&mut forged);
        assert_ne!(forged, honest);
        std::fs::write(&result, forged.to_string()).unwrap();
        verify(&[&file, &result], false)
    };
    type Change<'a> = (&'a str, &'a dyn Fn(&mut serde_json::Value));
    let changes: [Change<'_>; 5] = [
        ("winners", &|told| told["winners"].as_array_mut().unwrap().swap(0, 1)),
        ("cost", &|told| told["cost"] = 1.into()),
        ("price", &|told| told["rounds"][1]["price"] = "1/7".into()),
        ("endowment", &|told| told["endowment"] = "17".into()),
        ("voters", &|told| told["voters"] = 61.into()),
    ];
    for (what, change) in changes {
        let Some((code, said)) = forge(change) else { return };
        assert_eq!(code, 1, "{said}");
        assert!(said.contains(&format!("DIFFERS  {what}")), "{said}");
    }
    let Some((code, said)) = forge(&|told| told["rule"] = "mes-luck".into()) else { return };
    assert!(code == 2 && said.contains("not known here"), "{said}");
}

#[test]
fn the_verifier_draws_the_same_people() {
    let folder = tempfile::tempdir().unwrap();
    let (list, quota) =
        (include_str!("data/lot/candidates.csv"), include_str!("data/lot/quota.toml"));
    let paths = ["list.csv", "quota.toml", "record.json"].map(|name| folder.path().join(name));
    let words: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    std::fs::write(&paths[0], list).unwrap();
    let tight = quota
        .replace("min = 3\nmax = 5", "min = 4\nmax = 4")
        .replace("min = 2\n", "min = 3\nmax = 3\n");
    assert_ne!(tight, quota);
    for quota in [quota, &tight] {
        std::fs::write(&paths[1], quota).unwrap();
        for seed in 0..3 {
            let drawn = Record::draw(list.as_bytes(), quota, &format!("seed {seed}"), 5, None);
            let (record, ..) = drawn.unwrap();
            std::fs::write(&paths[2], serde_json::to_string(&record).unwrap()).unwrap();
            let Some((code, said)) = verify(&words, true) else { return };
            assert_eq!(code, 0, "seed {seed}: {said}");
            if seed > 0 {
                continue;
            }
            let mut forged = record;
            forged.panel.swap(3, 4);
            std::fs::write(&paths[2], serde_json::to_string(&forged).unwrap()).unwrap();
            let (code, said) = verify(&words, true).unwrap();
            assert!(code == 1 && said.contains("DIFFERS  panel"), "{said}");
        }
    }
}

/// Recorded elections small enough for Python.
#[test]
fn the_verifier_agrees_on_recorded_elections() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/elections");
    let Ok(found) = std::fs::read_dir(&shared) else {
        println!("the recorded elections are not beside this project: made-up ones only");
        return;
    };
    let mut files: Vec<PathBuf> = found.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        path.extension().is_some_and(|kind| kind == "gz") && path.metadata().unwrap().len() < 12_000
    });
    files.sort();
    let folder = tempfile::tempdir().unwrap();
    let mut agreed = 0;
    for path in files.iter().step_by(8) {
        let mut text = String::new();
        flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap())
            .read_to_string(&mut text)
            .unwrap();
        let election = pb::read(&text).unwrap().election().unwrap();
        let results = ["greedy-votes", "mes-cost+greedy"]
            .map(|name| publish(folder.path(), &election, name, "id"));
        let Some((code, said)) = verify(&[path, &results[0], &results[1]], false) else { return };
        assert_eq!(code, 0, "{}: {said}", path.display());
        agreed += results.len();
    }
    println!(
        "the independent verifier agrees on {agreed} counts of {} recorded elections",
        files.len().div_ceil(8)
    );
}
