//! `maeul eligible`: what a household may receive, why, why not, and what would have to be known.

use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use maeul_base::{Clock, Lang, seoul};
use maeul_rules::answer::{answers, answers_json, explain};
use maeul_rules::eval::Values;
use maeul_rules::household;
use maeul_rules::yaml::Source;
use maeul_rules::{Library, shipped, value};

use crate::end::{End, Told};
use crate::open;

/// 받을 수 있는 지원을 알아봅니다. / What a household may receive, and why.
#[derive(clap::Args, Clone, Debug)]
pub struct EligibleArgs {
    /// The household's facts (JSON; - for standard input). What is not given is unknown.
    #[arg(long, value_name = "FILE.json", required_unless_present = "schema")]
    household: Option<PathBuf>,
    /// The day the rules are asked about; today if left out.
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<i64>,
    /// Only this programme; may be repeated.
    #[arg(long, value_name = "ID")]
    programme: Vec<String>,
    /// Print one JSON object for each programme, one a line.
    #[arg(long)]
    json: bool,
    /// Show every condition, the rule as written, and the parameters with their sources.
    #[arg(long)]
    trace: bool,
    /// Print the JSON Schema of the household file.
    #[arg(long, exclusive = true)]
    schema: bool,
    /// Read facts, parameters and programmes from this folder instead of those built in.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

/// A date on the command line, as the rules count days.
pub(crate) fn day(text: &str) -> Result<i64, String> {
    value::date(text)
        .ok_or_else(|| "날짜는 2026-03-27처럼 씁니다. / Write a date like 2026-03-27.".to_owned())
}

/// Today in Seoul, as the rules count days.
pub(crate) fn today() -> i64 {
    let today = seoul::date(Clock::System.now());
    i64::from(today.year()) * 10_000 + i64::from(today.month()) * 100 + i64::from(today.day())
}

/// The rules built in, or those of a folder.
pub(crate) fn library(data: Option<&Path>, lang: Lang) -> Result<Library, End> {
    let sources = match data {
        None => shipped(),
        Some(folder) => {
            let mut sources = vec![];
            for part in ["", "definitions", "parameters", "programmes", "programmes/tests"] {
                gather(folder, part, lang, &mut sources)?;
            }
            sources
        }
    };
    Library::load(&sources).map_err(|problems| End::refused(problems.text(lang)))
}

fn gather(folder: &Path, part: &str, lang: Lang, into: &mut Vec<Source>) -> Result<(), End> {
    let path = folder.join(part);
    if !path.is_dir() && !part.is_empty() {
        return Ok(());
    }
    let entries = std::fs::read_dir(&path).map_err(|error| unreadable(&path, &error, lang))?;
    let mut files: Vec<PathBuf> =
        entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    files.sort();
    for file in files.into_iter().filter(|file| file.extension().is_some_and(|end| end == "yaml")) {
        // Beside the folders only the list of facts is a rule's file.
        if part.is_empty() && file.file_stem().is_none_or(|stem| stem != "facts") {
            continue;
        }
        let text =
            std::fs::read_to_string(&file).map_err(|error| unreadable(&file, &error, lang))?;
        into.push(Source::new(&file.display().to_string(), &text));
    }
    Ok(())
}

fn unreadable(path: &Path, error: &io::Error, lang: Lang) -> End {
    End::fault(format!(
        "{}: {}: {error}",
        path.display(),
        lang.t("읽을 수 없습니다", "cannot be read")
    ))
}

/// Runs the command. Ends with 1 when the household or a rule is refused, with 2 when a file cannot
/// be read.
pub(crate) fn run(args: &EligibleArgs, out: &mut impl Write) -> Told {
    let lang = args.lang;
    let library = library(args.data.as_deref(), lang)?;
    let Some(path) = args.household.as_deref().filter(|_| !args.schema) else {
        let schema = household::schema(&library.registry);
        return told(writeln!(out, "{schema:#}"), lang);
    };
    let text = if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.map_err(|error| unreadable(path, &error, lang))?;
    let source = Source::new(&path.display().to_string(), &text);
    let refused = |problems: maeul_rules::problem::Problems| End::refused(problems.text(lang));
    let household = household::read(&library.registry, &source).map_err(refused)?;
    let on = args.on.unwrap_or_else(today);
    let compiled = if args.programme.is_empty() {
        library.compile(on)
    } else {
        library.compile_only(&args.programme, on)
    }
    .map_err(refused)?;
    let mut values = Values::default();
    let found = answers(&compiled, &household, &mut values);
    let text = if args.json {
        answers_json(&compiled, &household, &values, &found, lang, true)
    } else {
        explain(&compiled, &household, &values, &found, lang, args.trace)
    };
    told(out.write_all(text.as_bytes()), lang)
}

/// Whoever reads us may have read enough: that is no error of its own.
fn told(written: io::Result<()>, lang: Lang) -> Told {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(End::fault(format!(
            "{}: {error}",
            lang.t("답을 쓸 수 없습니다", "the answer cannot be written")
        ))),
        _ => Ok(()),
    }
}
