//! What we write passes the format's own checker, PyPI `pabulib-checker`, in an environment of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use maeul_tally::pb::{self, Described};
use maeul_tally::{Limits, tally};

/// Python with the checker installed, made once below the target directory; nothing where that cannot be.
fn checker() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pabulib-checker-1.0.8");
    let python = folder.join("bin/python");
    let works = || {
        Command::new(&python)
            .args(["-c", "import pabulib.checker"])
            .output()
            .is_ok_and(|out| out.status.success())
    };
    if works() {
        return Some(python);
    }
    let run = |command: &mut Command| command.output().is_ok_and(|out| out.status.success());
    let made = run(Command::new("python3").args(["-m", "venv"]).arg(&folder))
        && run(Command::new(&python).args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--timeout",
            "20",
            "pabulib-checker==1.0.8",
        ]));
    (made && works()).then_some(python)
}

const SCRIPT: &str = "
import contextlib, io, json, sys
from pabulib.checker import Checker
with contextlib.redirect_stdout(io.StringIO()):
    told = Checker().process_files([sys.argv[1]])
found = [one['results']['errors'] for one in told.values() if isinstance(one, dict) and 'results' in one]
print(json.dumps(found[0]))
";

/// The errors the checker finds in a text.
fn errors(python: &Path, name: &str, text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("{name}.pb"));
    std::fs::write(&path, text).unwrap();
    let out = Command::new(python).args(["-c", SCRIPT]).arg(&path).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let told: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    told.as_object()
        .map(|told| told.iter().map(|(kind, each)| format!("{kind}: {each}")).collect())
        .unwrap_or_default()
}

#[test]
fn our_files_pass_the_formats_checker() {
    let Some(python) = checker() else {
        println!("not run: no python3 with venv, or pabulib-checker cannot be installed here");
        return;
    };
    // Its own recomputation of the winners is part of the check, so the outcome is written with the rule's name.
    for (name, text, rule, stated, more) in [
        (
            "village",
            include_str!("data/village.pb"),
            "greedy-votes",
            "greedy",
            vec![("min_length", "1"), ("max_length", "2")],
        ),
        (
            "village",
            include_str!("data/village.pb"),
            "mes-cost",
            "equalshares",
            vec![("min_length", "1"), ("max_length", "2")],
        ),
        (
            "village",
            include_str!("data/village.pb"),
            "mes-cost+add1+greedy",
            "equalshares/add1",
            vec![("min_length", "1"), ("max_length", "2")],
        ),
        (
            "one",
            include_str!("data/one.pb"),
            "greedy-votes",
            "greedy",
            vec![("min_length", "1"), ("max_length", "1")],
        ),
        (
            "points",
            include_str!("data/points.pb"),
            "greedy-points",
            "unknown",
            vec![("max_sum_points", "3")],
        ),
        (
            "ranks",
            include_str!("data/ranks.pb"),
            "greedy-borda",
            "unknown",
            vec![("min_length", "2"), ("max_length", "3")],
        ),
    ] {
        let file = pb::read(text).unwrap();
        assert_eq!(
            errors(&python, name, &pb::write(&file)),
            Vec::<String>::new(),
            "{name} as read"
        );
        let election = file.election().unwrap();
        let outcome = tally(
            &election,
            &rule.parse().unwrap(),
            &"cost,votes".parse().unwrap(),
            &Limits::default(),
            &mut |_| {},
        );
        let described = Described {
            description: "주민참여예산 시험".into(),
            country: "South Korea".into(),
            unit: "Eunpyeong-gu".into(),
            instance: "2026".into(),
            rule: stated.into(),
            date_begin: "02.11.2026".into(),
            date_end: "08.11.2026".into(),
            more: more.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        };
        let built = pb::write(&pb::file(&election, &described, Some(&outcome.unwrap())));
        assert_eq!(
            errors(&python, name, &built),
            Vec::<String>::new(),
            "{name} under {rule}\n{built}"
        );
        let again = pb::read(&built).unwrap().election().unwrap();
        assert_eq!((again.ballots, again.budget), (election.ballots, election.budget));
    }
}

/// Files of others keep their own errors; writing adds none, and the renamed field is gone.
#[test]
fn writing_others_files_adds_no_error() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/elections");
    let (Some(python), true) = (checker(), folder.exists()) else {
        println!("not run: no checker, or the shared elections are not here");
        return;
    };
    let mut ran = Vec::new();
    for name in [
        "poland_warszawa_2018_pole-mokotowskie",
        "poland_gdynia_2020_orlowo-large",
        "france_toulouse_2019_",
    ] {
        use std::io::Read as _;
        let packed = std::fs::File::open(folder.join(format!("{name}.pb.gz"))).unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
        let before = errors(&python, name, &text);
        let after = errors(&python, name, &pb::write(&pb::read(&text).unwrap()));
        for error in &after {
            assert!(before.contains(error), "{name}: {error}");
        }
        assert!(!after.iter().any(|error| error.contains("'target'")), "{name}: {after:?}");
        ran.push(name);
    }
    println!("ran: {ran:?}");
}
