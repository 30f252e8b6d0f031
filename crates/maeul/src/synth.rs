//! `maeul synth population`: residents who do not exist, by an office's real counts.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use maeul_base::Lang;
use maeul_rules::synth::{Generator, SynthOptions};
use maeul_screen::{PopulationWriter, office_counts, shipped_offices};

use crate::eligible::{day, library, today};
use crate::end::{End, Told};
use crate::open;

/// 합성 자료를 만듭니다. / Makes synthetic data.
#[derive(clap::Args, Clone, Debug)]
pub struct SynthArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum What {
    /// A population that follows an office's real counts by 동, age and sex; nobody in it lives.
    Population(PopulationArgs),
}

#[derive(clap::Args, Clone, Debug)]
struct PopulationArgs {
    /// The office's 5-digit code.
    #[arg(long, value_name = "CODE")]
    office: String,
    /// How many persons; as many as the office counts if left out.
    #[arg(long, value_name = "N")]
    size: Option<u64>,
    /// The same seed gives the same people.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The day of the population; today if left out.
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<i64>,
    /// How many in a thousand of the facts an office often lacks are left unknown.
    #[arg(long, value_name = "PER_MILLE", default_value_t = 20, value_parser = clap::value_parser!(u64).range(0..=1000))]
    unknown: u64,
    /// The office's population.csv; that of an office that ships if left out.
    #[arg(long, value_name = "FILE")]
    counts: Option<PathBuf>,
    /// Read facts, parameters and programmes from this folder instead of those built in.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where to: the name ends in .csv, .parquet or .col (our column file).
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The language of messages: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

/// Runs the command. Ends with 1 when what is asked cannot be meant.
pub(crate) fn run(args: &SynthArgs, out: &mut impl Write) -> Told {
    let What::Population(args) = &args.what;
    let lang = args.lang;
    let library = library(args.data.as_deref(), lang)?;
    let counts = match &args.counts {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| End::fault(format!("{}: {error}", path.display())))?,
        None => office_counts(&args.office).map(ToOwned::to_owned).ok_or_else(|| {
            let known = shipped_offices().collect::<Vec<_>>().join(", ");
            End::refused(match lang {
                Lang::Ko => format!("--office: 인구 자료가 들어 있는 기관은 {known}입니다. 다른 기관은 --counts로 population.csv를 주십시오."),
                Lang::En => format!("--office: the counts of {known} are built in. For another office give its population.csv with --counts."),
            })
        })?,
    };
    let options = SynthOptions {
        office: args.office.clone(),
        size: args.size,
        seed: args.seed,
        on: args.on.unwrap_or_else(today),
        unknown_per_mille: args.unknown,
    };
    let refused = |error: maeul_rules::synth::SynthError| End::refused(error.to_string());
    let mut generator = Generator::new(&library.registry, &counts, options).map_err(refused)?;
    let told = |error: maeul_screen::ScreenError| End::fault(error.to_string());
    let registry = Arc::clone(&library.registry);
    let mut writer =
        PopulationWriter::create(&registry, &args.output, &generator.head()).map_err(told)?;
    let (mut households, mut persons) = (0, 0);
    loop {
        let batch = generator.next_batch(1024);
        if batch.households() == 0 {
            break;
        }
        households += batch.households();
        persons += batch.persons();
        writer.write(batch).map_err(told)?;
    }
    writer.finish().map_err(told)?;
    let path = args.output.display();
    let line = match lang {
        Lang::Ko => {
            format!("{path}: {households}가구 {persons}명. 합성 자료입니다. 실제 사람이 아닙니다.")
        }
        Lang::En => format!(
            "{path}: {households} households, {persons} persons. Synthetic: nobody in it lives."
        ),
    };
    writeln!(out, "{line}").map_err(End::doing("stdout"))
}
