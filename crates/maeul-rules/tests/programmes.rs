//! The programmes that ship, as an officer reads them: what each rests on, and that its worked
//! examples cover what the law changed, what is just over the line and what is not known.

use std::path::Path;

use maeul_base::Lang;
use maeul_rules::yaml::{Source, parse};
use maeul_rules::{Library, example};

/// The files of `data/` as they lie on the disk.
fn sources() -> Vec<Source> {
    let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data"));
    let mut sources = vec![];
    for folder in ["", "definitions", "parameters", "programmes", "programmes/tests"] {
        let mut files: Vec<_> = std::fs::read_dir(data.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
            .collect();
        files.sort();
        for path in files {
            let name = format!("data/{folder}/{}", path.file_name().unwrap().to_str().unwrap());
            let text = std::fs::read_to_string(&path).unwrap();
            sources.push(Source::new(&name.replace("//", "/"), &text));
        }
    }
    sources
}

fn library() -> Library {
    Library::load(&sources()).unwrap_or_else(|problems| panic!("\n{}", problems.text(Lang::Ko)))
}

/// The outcomes and days of the examples of a programme.
fn examples(library: &Library, id: &str) -> Vec<(i64, String)> {
    let source = library.examples.iter().find(|source| source.stem() == id).unwrap();
    let node = parse(source).unwrap();
    let file = node.fields(&["programme", "tests"]).unwrap();
    let known = ["name", "on", "household", "members", "set", "expect"];
    file.list("tests")
        .unwrap()
        .iter()
        .map(|test| {
            let test = test.fields(&known).unwrap();
            let expect = test.need("expect").unwrap().entries().unwrap();
            let outcome = expect.iter().find(|(key, _)| key.text == "outcome").unwrap();
            (test.need("on").unwrap().date().unwrap(), outcome.1.text().unwrap().to_owned())
        })
        .collect()
}

#[test]
fn the_files_on_the_disk_give_the_answers_their_examples_expect() {
    let library = library();
    let mut ran = 0;
    let mut failed = vec![];
    for source in &library.examples {
        let report = example::run(&library, source);
        ran += report.ran;
        failed.extend(report.failed.iter().map(|problem| problem.text(Lang::Ko)));
    }
    println!("{ran} examples of {} programmes", library.programmes.len());
    assert!(failed.is_empty(), "{} of {ran} differ:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn there_are_thirty_programmes_and_each_names_its_law_and_how_well_it_is_known() {
    let library = library();
    assert!(library.programmes.len() >= 30, "{}", library.programmes.len());
    for programme in library.programmes.iter() {
        for version in &programme.versions {
            let whose = format!("{} of {}", programme.id, version.period.from);
            assert!(
                ["V", "O", "G", "X", "I", "U"].contains(&version.mark.as_str()),
                "{whose}: {}",
                version.mark
            );
            assert!(
                !version.announcement.0.is_empty() && !version.announcement.1.is_empty(),
                "{whose}"
            );
            let all = version
                .conditions
                .iter()
                .chain(&version.exclusions)
                .chain(&version.ongoing)
                .chain(&version.score);
            for condition in all {
                assert!(
                    !condition.article.trim().is_empty(),
                    "{whose}: {} has no article",
                    condition.id
                );
            }
        }
    }
}

#[test]
fn every_version_is_exercised_and_every_programme_has_a_yes_a_no_and_an_unknown() {
    let library = library();
    for programme in library.programmes.iter() {
        let examples = examples(&library, &programme.id);
        for version in &programme.versions {
            let met = examples.iter().any(|(day, _)| version.period.holds(*day));
            assert!(
                met,
                "{}: no example falls into the version of {}",
                programme.id, version.period.from
            );
        }
        for outcome in ["eligible", "not_eligible", "unknown"] {
            let met = examples.iter().any(|(_, found)| found == outcome);
            assert!(met, "{}: no example is {outcome}", programme.id);
        }
    }
}
