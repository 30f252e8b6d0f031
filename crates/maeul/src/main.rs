//! Maeul, the one binary: serve an office, show a demonstration, and do single tasks from the
//! command line.

mod case;
mod config;
mod demo;
mod due;
mod end;
mod export;
mod holiday;
mod import;
mod import_cases;
mod open;
mod serve;
mod store;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::end::{End, Told};

/// 주민의 신고를 받아 처리하고 답합니다. / Hears residents and answers them.
#[derive(Parser)]
#[command(name = "maeul", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve one or more offices.
    Serve(serve::ServeArgs),
    /// Fill a database with made-up reports of three offices and serve it.
    Demo(demo::DemoArgs),
    /// When an answer is due, and why.
    Due(due::DueArgs),
    /// Bring in an office's own files, or the cases of another system.
    Import(import::ImportArgs),
    /// Write cases in the exchange form, to be published or handed over.
    Export(export::ExportArgs),
    /// Keep the days on which the office is closed.
    Holiday(holiday::HolidayArgs),
    /// Receive, show and list cases.
    Case(case::CaseArgs),
}

/// A variable of the environment: the only place where one is read.
#[expect(clippy::disallowed_methods, reason = "the binary is where the environment is read")]
pub(crate) fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn main() -> ExitCode {
    let told = match Cli::parse().command {
        Command::Due(args) => {
            return match due::run(args, std::io::stdin().lock(), &mut std::io::stdout().lock()) {
                Ok(code) => code,
                Err(error) => {
                    complain(&error.to_string());
                    ExitCode::from(2)
                }
            };
        }
        Command::Serve(args) => block_on(serve::run(args)),
        Command::Demo(args) => block_on(demo::run(args)),
        Command::Import(args) => block_on(import::run(args)),
        Command::Export(args) => block_on(export::run(args)),
        Command::Holiday(args) => block_on(holiday::run(args)),
        Command::Case(args) => block_on(case::run(args)),
    };
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(End { words, code }) => {
            complain(&words);
            ExitCode::from(code)
        }
    }
}

fn block_on(work: impl Future<Output = Told>) -> Told {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| End::fault(format!("the threads cannot be started: {error}")))?
        // The work of a command is large; on the heap it does not weigh on the stack.
        .block_on(Box::pin(work))
}

/// Whoever reads our errors may have gone: that is no error of its own.
fn complain(words: &str) {
    let _written = writeln!(std::io::stderr(), "{words}");
}
