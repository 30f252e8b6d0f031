//! The rules that ship are right: every file loads, and every worked example gives the answer it
//! expects.

use maeul_base::Lang;
use maeul_rules::{Library, example};

fn library() -> Library {
    Library::shipped().unwrap_or_else(|problems| panic!("\n{}", problems.text(Lang::Ko)))
}

#[test]
fn every_worked_example_gives_the_answer_it_expects() {
    let library = library();
    let mut ran = 0;
    let mut failed = vec![];
    for source in &library.examples {
        let report = example::run(&library, source);
        ran += report.ran;
        failed.extend(report.failed);
    }
    println!("{ran} examples of {} programmes", library.programmes.len());
    let text: Vec<String> = failed.iter().map(|problem| problem.text(Lang::Ko)).collect();
    assert!(failed.is_empty(), "{} of {ran} differ:\n{}", failed.len(), text.join("\n"));
}

#[test]
fn every_programme_has_worked_examples() {
    let library = library();
    for programme in library.programmes.iter() {
        let has = library.examples.iter().any(|source| source.stem() == programme.id);
        assert!(has, "{} has no data/programmes/tests/{}.yaml", programme.id, programme.id);
    }
}
