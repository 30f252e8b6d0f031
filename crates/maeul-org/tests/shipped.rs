//! The offices shipped with the product are read without a complaint and import twice alike.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::fs;
use std::path::PathBuf;

use maeul_org::{plan_holidays, plan_org};

fn offices() -> Vec<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data/offices");
    let mut folders: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("org.toml").exists())
        .collect();
    folders.sort();
    folders
}

#[test]
fn every_shipped_file_is_accepted() {
    assert!(!offices().is_empty());
    for folder in offices() {
        let text = fs::read_to_string(folder.join("org.toml")).unwrap();
        match plan_org(&text) {
            Ok(file) => println!("{}: {} units", folder.display(), file.units.len()),
            Err(refusals) => {
                let lines: Vec<_> =
                    refusals.iter().map(|it| it.say(maeul_base::Lang::En)).collect();
                panic!("{}:\n{}", folder.display(), lines.join("\n"));
            }
        }
        let text = fs::read_to_string(folder.join("holidays.csv")).unwrap();
        plan_holidays(&text)
            .unwrap_or_else(|refusals| panic!("{}: {refusals:?}", folder.display()));
    }
}
