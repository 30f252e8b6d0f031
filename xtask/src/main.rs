//! Chores of the workspace: `cargo xtask test` is the one that checks everything.

mod shell;

mod arrows;
mod fuzz;
mod journeys;
mod lint;
mod metadata;
mod postgres;
mod release;
mod rust_text;
mod scratch;
mod setup;
mod step;
mod test;
mod third_party;
mod tidy;

use shell::{Done, House};
use std::process::ExitCode;
use test::Part;

const USAGE: &str = "\
Chores of the workspace.

  cargo xtask test                    everything: lints, tests on SQLite and PostgreSQL, browser
                                      journeys; installs what it needs (as root or with sudo)
  cargo xtask test --only PART        one part of it: lint, unit or journeys
  cargo xtask lint                    every lint: format, arrows, tidy, spelling, licences, unused
                                      dependencies, clippy, documentation
  cargo xtask arrows                  dependencies point down
  cargo xtask tidy                    the house's own rules
  cargo xtask postgres -- COMMAND…    runs a command with a private PostgreSQL and mail server
                                      (MAEUL_TEST_POSTGRES, MAEUL_TEST_SMTP)
  cargo xtask fuzz [TARGET [SECONDS]] any bytes for every front door; every target for 20 seconds
  cargo xtask release                 the archive an office installs, into target/release-archive/
  cargo xtask screenshots             pictures of every page into journeys/artefacts/
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match chore(&words) {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn chore(words: &[String]) -> Done<ExitCode> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let house = House::find()?;
    match words.as_slice() {
        ["test"] => Ok(test::test(&house, Part::All)),
        ["test", "--only", part] => Ok(test::test(&house, Part::named(part)?)),
        ["lint"] => Ok(test::lint_only(&house)),
        ["arrows"] => arrows::check(&house).map(|()| ExitCode::SUCCESS),
        ["tidy"] => tidy::check(&house).map(|()| ExitCode::SUCCESS),
        ["fuzz", words @ ..] => fuzz::chore(&house, words).map(|()| ExitCode::SUCCESS),
        ["release"] => release::release(&house).map(|()| ExitCode::SUCCESS),
        ["screenshots"] => Ok(test::screenshots(&house)),
        ["postgres", "--", command @ ..] | ["postgres", command @ ..] => {
            let command: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
            test::with_servers(&house, &command).map(|()| ExitCode::SUCCESS)
        }
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => failed!("Not a chore: {}\n\n{USAGE}", words.join(" ")),
    }
}
