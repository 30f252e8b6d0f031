//! `cargo xtask test`: the README's second command.

use crate::fuzz;
use crate::journeys::{self, MailServer, Which};
use crate::postgres::Cluster;
use crate::scratch::Scratch;
use crate::setup::{self, Need, Tools};
use crate::shell::{Done, House, run, works};
use crate::step::Steps;
use crate::{failed, lint};
use std::process::ExitCode;

/// Seconds for each target of fuzzing: enough to try what is kept and some tens of thousands more.
const FUZZ: u32 = 6;

/// Which part of the tests to run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Everything.
    All,
    /// What can be judged without running the product.
    Lint,
    /// Rust's tests, on both databases.
    Unit,
    /// The browser.
    Journeys,
}

impl Part {
    /// The part with this name.
    pub fn named(name: &str) -> Done<Self> {
        match name {
            "lint" => Ok(Part::Lint),
            "unit" => Ok(Part::Unit),
            "journeys" => Ok(Part::Journeys),
            other => failed!("--only {other}: say lint, unit or journeys"),
        }
    }

    fn has(self, part: Part) -> bool {
        self == Part::All || self == part
    }

    fn needs(self) -> Vec<Need> {
        let mut needs = Vec::new();
        if self.has(Part::Lint) {
            needs.extend(lint::NEEDS);
        }
        if self.has(Part::Unit) {
            needs.extend([Need::Postgres, Need::Python, Need::Kannel, Need::Node]);
        }
        if self.has(Part::Journeys) {
            needs.extend(journeys::NEEDS);
            needs.push(Need::Postgres);
        }
        needs.sort_by_key(|need| *need as u8);
        needs.dedup();
        needs
    }
}

/// Runs a part of the tests and prints what came of it.
pub fn test(house: &House, part: Part) -> ExitCode {
    let mut steps = Steps::new();
    let needs = part.needs();
    if steps.run("what the tests need from the system", || setup::prepare(&needs)) {
        if part.has(Part::Lint) {
            lint::all(house, &mut steps);
        }
        if part.has(Part::Unit) || part.has(Part::Journeys) {
            run_product(house, &mut steps, part);
        }
    } else {
        steps.skip("everything else", "something is missing");
    }
    steps.finish()
}

/// The checks that run the product, with a database at hand.
fn run_product(house: &House, steps: &mut Steps, part: Part) {
    if !steps.run("build", || build(house, part)) {
        steps.skip("tests and journeys", "the build failed");
        return;
    }
    let mut cluster = None;
    steps.run("a private PostgreSQL", || {
        cluster = Some(Cluster::start(house)?);
        Ok(())
    });
    let Some(cluster) = cluster else {
        steps.skip("tests and journeys", "PostgreSQL did not start");
        return;
    };
    let scratch = Scratch::make();
    if part.has(Part::Unit) {
        steps.run("tests on SQLite and PostgreSQL", || unit(house, &cluster, &scratch));
        steps.run("examples in the documentation", || {
            run(&mut house.cargo(["test", "--quiet", "--doc", "--workspace", "--locked"]))
        });
        steps.run("any bytes for every front door", || fuzz::Built::build(house)?.all(FUZZ));
    }
    if part.has(Part::Journeys) {
        journeys::all(house, steps, &cluster, &scratch);
    }
}

/// Builds once what tests and journeys run: for all parts with one set of features, so that
/// nothing is compiled twice.
fn build(house: &House, part: Part) -> Done {
    if part == Part::Journeys {
        return run(&mut house.cargo(["build", "--package", "maeul", "--locked"]));
    }
    run(&mut house.cargo(["build", "--workspace", "--bins", "--tests", "--locked"]))
}

/// Rust's tests with nextest, or with cargo's own runner where nextest cannot be had.
fn unit(house: &House, cluster: &Cluster, scratch: &Scratch) -> Done {
    let mail = MailServer::start(house)?;
    let mut cargo = match nextest(house) {
        Some(mut nextest) => {
            nextest.args(["run", "--workspace", "--locked", "--no-tests", "fail"]);
            // Some tests wait for a server, a mail or a lock: one more than there are processors.
            let threads = std::thread::available_parallelism().map_or(2, |cores| cores.get() + 1);
            nextest.arg("--test-threads").arg(threads.to_string());
            nextest
        }
        None => {
            println!("   cargo-nextest cannot be had; `cargo test` does the same, more slowly");
            house.cargo(["test", "--workspace", "--bins", "--lib", "--tests", "--locked"])
        }
    };
    // A missing snapshot is a failure, never a file written in passing.
    cargo.env("INSTA_UPDATE", "no");
    // A test by itself kills its server a few times; the whole run does it until luck has no part.
    cargo.env("MAEUL_TEST_KILL_ROUNDS", "20");
    run(in_environment(&mut cargo, cluster, &mail, scratch))
}

fn nextest(house: &House) -> Option<std::process::Command> {
    if works("cargo", &["nextest", "--version"]) {
        return Some(house.cargo(["nextest"]));
    }
    let tools = Tools::prepare(house).ok()?;
    let mut command = house.command(tools.path("cargo-nextest"));
    command.arg("nextest");
    Some(command)
}

/// Tells tests where the servers they may use are.
fn in_environment<'a>(
    command: &'a mut std::process::Command,
    cluster: &Cluster,
    mail: &MailServer,
    scratch: &Scratch,
) -> &'a mut std::process::Command {
    scratch
        .give(command)
        .env("MAEUL_TEST_POSTGRES", cluster.test_url())
        .env("MAEUL_TEST_SMTP", &mail.url)
        .env("MAEUL_TEST_SMTP_FOLDER", &mail.folder)
        // Each test starts its own Kannel; this says that it is installed.
        .env("MAEUL_TEST_KANNEL", "1")
}

/// `cargo xtask lint`
pub fn lint_only(house: &House) -> ExitCode {
    test(house, Part::Lint)
}

/// `cargo xtask postgres -- COMMAND…`: runs a command with the tests' servers up.
pub fn with_servers(house: &House, words: &[String]) -> Done {
    let Some((program, arguments)) = words.split_first() else {
        return failed!("say what to run: cargo xtask postgres -- cargo nextest run -p maeul-db");
    };
    setup::prepare(&[Need::Postgres, Need::Kannel, Need::Node])?;
    let cluster = Cluster::start(house)?;
    let mail = MailServer::start(house)?;
    println!("   MAEUL_TEST_POSTGRES={}\n   MAEUL_TEST_SMTP={}", cluster.test_url(), mail.url);
    let mut command = house.command(program);
    command.args(arguments).stdin(std::process::Stdio::inherit());
    if let Ok(here) = std::env::current_dir() {
        command.current_dir(here);
    }
    run(in_environment(&mut command, &cluster, &mail, &Scratch::make()))
}

/// `cargo xtask screenshots`: pictures of every page in both languages and both widths.
pub fn screenshots(house: &House) -> ExitCode {
    let mut steps = Steps::new();
    if steps.run("what the browser needs", || setup::prepare(&journeys::NEEDS))
        && steps.run("build", || build(house, Part::Journeys))
    {
        steps.run("screenshots", || {
            journeys::drive(house, Which::Screens, None, None, &Scratch::make())?;
            println!("   in {}", house.root.join("journeys/artefacts").display());
            Ok(())
        });
    }
    steps.finish()
}
