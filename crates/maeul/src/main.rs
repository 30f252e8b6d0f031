//! Maeul, the one binary: serve an office, show a demonstration, and do single tasks from the
//! command line.

mod agency;
mod api_client;
mod audit;
mod backup;
mod case;
mod config;
mod config_check;
mod db;
mod demo;
mod doctor;
mod due;
mod eligible;
mod end;
mod export;
mod finding;
mod holiday;
mod import;
mod import_cases;
mod keys;
mod lot;
mod open;
mod parameters;
mod public;
mod retention;
mod routing;
mod screen;
mod serve;
mod staff;
mod store;
mod synth;
mod tally;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::end::{End, Told};

/// A case is many small pieces of text: with this allocator a sixth more of them come in (bench/RESULTS.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    /// Show the settings and say what is wrong with them.
    Config(config_check::ConfigArgs),
    /// Look the installation over and say what is wrong and how to mend it.
    Doctor(doctor::DoctorArgs),
    /// Write the whole database to one sealed file, while the servers work.
    Backup(backup::BackupArgs),
    /// Bring a backup into an empty database of either engine.
    Restore(backup::RestoreArgs),
    /// Open a backup and check every row of it.
    Verify(backup::VerifyArgs),
    /// When an answer is due, and why.
    Due(due::DueArgs),
    /// What a household may receive, and why.
    Eligible(eligible::EligibleArgs),
    /// Judge a whole population, or ask what if a value of the law were another.
    Screen(screen::ScreenArgs),
    /// Make synthetic data to run on.
    Synth(synth::SynthArgs),
    /// The numbers of the law with their dates and sources.
    Parameters(parameters::ParametersArgs),
    /// Bring in an office's own files, or the cases of another system.
    Import(import::ImportArgs),
    /// Write cases in the exchange form, to be published or handed over.
    Export(export::ExportArgs),
    /// Keep the days on which the office is closed.
    Holiday(holiday::HolidayArgs),
    /// Count a file of ballots by a named rule or a scheme, and say why.
    Tally(tally::TallyArgs),
    /// Draw people by quotas from a public seed; verify a draw.
    Lot(lot::LotArgs),
    /// Learn, judge and ask which service or unit a text is for.
    Routing(routing::RoutingArgs),
    /// Receive, show and list cases.
    Case(case::CaseArgs),
    /// Make anew what everybody sees.
    Public(public::PublicArgs),
    /// Spread the tables over several machines.
    Db(db::DbArgs),
    /// Other agencies to which cases are sent.
    Agency(agency::AgencyArgs),
    /// What people may do: give, end, and look it up.
    Staff(staff::StaffArgs),
    /// Let programs of others call the interfaces, and turn them away.
    ApiClient(api_client::ApiClientArgs),
    /// The keys of sealed fields: show, take a new one into use, retire.
    Keys(keys::KeysArgs),
    /// Whether the log of looks at personal data is whole.
    Audit(audit::AuditArgs),
    /// Destroy personal data that have been kept long enough.
    Retention(retention::RetentionArgs),
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
        Command::Lot(args) => lot::run(&args, &mut std::io::stdout().lock()),
        Command::Routing(args) => {
            block_on(routing::run(&args, std::io::stdin().lock(), &mut std::io::stdout().lock()))
        }
        Command::Eligible(args) => eligible::run(&args, &mut std::io::stdout().lock()),
        Command::Screen(args) => screen::run(&args, &mut std::io::stdout().lock()),
        Command::Synth(args) => synth::run(&args, &mut std::io::stdout().lock()),
        Command::Parameters(args) => parameters::run(&args, &mut std::io::stdout().lock()),
        Command::Tally(args) => {
            let (stdin, mut stdout) = (std::io::stdin().lock(), std::io::stdout().lock());
            tally::run(&args, stdin, &mut stdout, &mut std::io::stderr())
                .map_err(|tally::TallyEnd { words, code }| End { words, code })
        }
        Command::Serve(args) => block_on(serve::run(args)),
        Command::Doctor(args) => block_on(doctor::run(args)),
        Command::Backup(args) => block_on(backup::back_up(args)),
        Command::Restore(args) => block_on(backup::restore(args)),
        Command::Config(args) => config_check::run(args),
        Command::Verify(args) => backup::verify(&args),
        Command::Demo(args) => block_on(demo::run(args)),
        Command::Import(args) => block_on(import::run(args)),
        Command::Export(args) => block_on(export::run(args)),
        Command::Holiday(args) => block_on(holiday::run(args)),
        Command::Case(args) => block_on(case::run(args)),
        Command::Public(args) => block_on(public::run(args)),
        Command::Db(args) => block_on(db::run(args)),
        Command::Agency(args) => block_on(agency::run(args)),
        Command::Staff(args) => block_on(staff::run(args)),
        Command::ApiClient(args) => block_on(api_client::run(args)),
        Command::Keys(args) => block_on(keys::run(args)),
        Command::Audit(args) => block_on(audit::run(args)),
        Command::Retention(args) => block_on(retention::run(args)),
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
