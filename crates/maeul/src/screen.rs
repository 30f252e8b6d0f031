//! `maeul screen`: a whole population judged by all programmes, and what if a value of the law were another.

use std::collections::HashMap;
use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use maeul_base::Lang;
use maeul_rules::Library;
use maeul_rules::compile::{Compiled, CompiledProgramme};
use maeul_rules::problem::{Problem, Problems};
use maeul_rules::screen::{summary_json, summary_text};
use maeul_rules::whatif::{Reform, change_json, change_text, read_reform};
use maeul_rules::yaml::Source;
use maeul_screen::{
    Converted, Format, RunOptions, ScreenError, compare, convert, dong_names, follow_up, screen,
};
use serde_json::json;

use crate::eligible::{day, library, today};
use crate::end::{End, Told};
use crate::open;

/// 모든 주민을 한꺼번에 판정합니다(추정). / Judges a whole population at once (an estimate).
#[derive(clap::Args, Clone, Debug)]
pub struct ScreenArgs {
    /// The population: .csv, .parquet or .col.
    population: PathBuf,
    /// Which programmes: all, or identifiers with commas between.
    #[arg(long, value_name = "IDS", default_value = "all")]
    programmes: String,
    /// The day the rules are asked about; today if left out.
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<i64>,
    /// Who receives now: CSV with programme, household_id, person_id.
    #[arg(long, value_name = "FILE")]
    receiving: Option<PathBuf>,
    /// The folder of an earlier run, to tell who is new and who is gone.
    #[arg(long, value_name = "DIR")]
    previous: Option<PathBuf>,
    /// What if this parameter had this value; may be repeated.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// What if: a reform file.
    #[arg(long, value_name = "FILE.yaml", conflicts_with = "set")]
    reform: Option<PathBuf>,
    /// How many threads judge; all cores if left out.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Print the summary as JSON.
    #[arg(long)]
    json: bool,
    /// Read facts, parameters and programmes from this folder instead of those built in.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The folder for the results.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// The language of the summary: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

/// Runs the command. Ends with 1 when the file, a rule or a setting is refused.
pub(crate) fn run(args: &ScreenArgs, out: &mut impl Write) -> Told {
    let lang = args.lang;
    let rules = library(args.data.as_deref(), lang)?;
    let on = args.on.unwrap_or_else(today);
    let refused = |problems: Problems| End::refused(problems.text(lang));
    let before = compile(&rules, &args.programmes, on).map_err(refused)?;
    fs::create_dir_all(&args.output)
        .map_err(|error| End::fault(format!("{}: {error}", args.output.display())))?;
    let mut bar = Bar::new(lang);
    let (columns, converted) = columns(&rules, args, &mut bar)?;
    let text = match reform(args).map_err(|problem| End::refused(problem.text(lang)))? {
        Some(reform) => {
            let mut changed = rules.clone();
            changed.parameters = reform.apply(&rules).map_err(refused)?;
            let after = compile(&changed, &args.programmes, on).map_err(refused)?;
            what_if(args, &reform, &before, &after, &columns, &mut bar)?
        }
        None => judge(args, &before, &columns, converted.refused, &mut bar)?,
    };
    bar.end();
    if converted.refused > 0 {
        let file = args.output.join("refused.csv");
        let line = match lang {
            Lang::Ko => format!(
                "줄 {}개를 판정하지 못했습니다. 까닭은 {}에 있습니다.",
                converted.refused,
                file.display()
            ),
            Lang::En => format!(
                "{} rows were refused; the reasons are in {}.",
                converted.refused,
                file.display()
            ),
        };
        crate::complain(&line);
    }
    write!(out, "{text}").map_err(End::doing("stdout"))
}

fn end(error: ScreenError) -> End {
    match error {
        ScreenError::Io { .. } => End::fault(error.to_string()),
        _ => End::refused(error.to_string()),
    }
}

fn compile(library: &Library, programmes: &str, on: i64) -> Result<Compiled, Problems> {
    if programmes == "all" {
        return library.compile(on);
    }
    let ids: Vec<String> = programmes.split(',').map(|id| id.trim().to_owned()).collect();
    library.compile_only(&ids, on)
}

/// The population as a column file: itself, or made in the folder of the results.
fn columns(rules: &Library, args: &ScreenArgs, bar: &mut Bar) -> Result<(PathBuf, Converted), End> {
    if Format::of(&args.population).map_err(end)? == Format::Columns {
        return Ok((args.population.clone(), Converted::default()));
    }
    let file = args.output.join("population.col");
    let refused = args.output.join("refused.csv");
    if refused.exists() {
        fs::remove_file(&refused)
            .map_err(|error| End::fault(format!("{}: {error}", refused.display())))?;
    }
    let converted = convert(&rules.registry, &args.population, &file, &refused, |persons| {
        bar.show("읽음", "read", persons)
    });
    Ok((file, converted.map_err(end)?))
}

fn reform(args: &ScreenArgs) -> Result<Option<Reform>, Problem> {
    let Some(path) = &args.reform else {
        return if args.set.is_empty() {
            Ok(None)
        } else {
            Reform::of_settings(&args.set).map(Some)
        };
    };
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| {
        Problem::new(
            &maeul_rules::problem::Place::file(&name),
            format!("읽을 수 없습니다: {error}"),
            format!("cannot be read: {error}"),
        )
    })?;
    read_reform(&Source::new(&name, &text)).map(Some)
}

fn threads(args: &ScreenArgs) -> usize {
    args.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

fn judge(
    args: &ScreenArgs,
    compiled: &Compiled,
    columns: &Path,
    refused: u64,
    bar: &mut Bar,
) -> Result<String, End> {
    let options = RunOptions { threads: threads(args), ..RunOptions::default() };
    let result = screen(compiled, columns, &args.output, options, |progress| {
        bar.show("판정", "judged", progress.persons);
        true
    })
    .map_err(end)?;
    let (aside, lists) = follow_up(
        &args.output,
        args.previous.as_deref(),
        args.receiving.as_deref(),
        &result,
        refused,
    )
    .map_err(end)?;
    let names = dong_names();
    let mut summary = summary_json(compiled, &result.tally, &aside);
    let by: serde_json::Map<String, serde_json::Value> = lists
        .iter()
        .map(|(name, count)| {
            let rows: Vec<_> = count
                .by
                .iter()
                .map(|((programme, dong), count)| json!({"programme": programme, "dong_code": dong, "count": count}))
                .collect();
            ((*name).to_owned(), rows.into())
        })
        .collect();
    if let Some(object) = summary.as_object_mut() {
        object.insert("lists_by_dong".to_owned(), by.into());
    }
    let text = |lang| {
        summary_text(compiled, &result.tally, &aside, |dong| name_of(&names, dong, lang), lang)
    };
    save(&args.output.join("summary.json"), &format!("{summary:#}\n"))?;
    save(&args.output.join("summary.ko.txt"), &text(Lang::Ko))?;
    save(&args.output.join("summary.en.txt"), &text(Lang::En))?;
    Ok(if args.json { format!("{summary}\n") } else { text(args.lang) })
}

fn what_if(
    args: &ScreenArgs,
    reform: &Reform,
    before: &Compiled,
    after: &Compiled,
    columns: &Path,
    bar: &mut Bar,
) -> Result<String, End> {
    let list = args.output.join("changed.csv");
    let changes = compare(before, after, columns, &list, threads(args), |persons| {
        bar.show("비교", "compared", persons)
    });
    let changes = changes.map_err(end)?;
    let touched: Vec<&CompiledProgramme> = before
        .programmes
        .iter()
        .filter(|programme| changes.keys().any(|(id, _)| *id == programme.id))
        .collect();
    let names = dong_names();
    let json = change_json(&reform.name, &changes, &touched);
    let text = |lang| {
        change_text(&reform.name, &changes, &touched, |dong| name_of(&names, dong, lang), lang)
    };
    save(&args.output.join("what-if.json"), &format!("{json:#}\n"))?;
    save(&args.output.join("what-if.ko.txt"), &text(Lang::Ko))?;
    save(&args.output.join("what-if.en.txt"), &text(Lang::En))?;
    Ok(if args.json { format!("{json}\n") } else { text(args.lang) })
}

fn name_of(names: &HashMap<i64, (String, String)>, dong: i64, lang: Lang) -> Option<String> {
    names.get(&dong).map(|(ko, en)| lang.t(ko, en).to_owned())
}

fn save(path: &Path, text: &str) -> Result<(), End> {
    fs::write(path, text).map_err(|error| End::fault(format!("{}: {error}", path.display())))
}

/// How far it is, on the error stream: one line that is written over on a terminal, now and then a line elsewhere.
struct Bar {
    lang: Lang,
    terminal: bool,
    shown: u64,
}

impl Bar {
    fn new(lang: Lang) -> Self {
        Self { lang, terminal: std::io::stderr().is_terminal(), shown: 0 }
    }

    fn show(&mut self, ko: &str, en: &str, persons: u64) {
        let step = if self.terminal { 10_000 } else { 1_000_000 };
        if persons / step == self.shown / step && persons >= self.shown {
            return;
        }
        self.shown = persons;
        let line = match self.lang {
            Lang::Ko => format!("{persons}명 {ko}"),
            Lang::En => format!("{persons} persons {en}"),
        };
        let (before, after) = if self.terminal { ("\r", "") } else { ("", "\n") };
        let _shown = write!(std::io::stderr(), "{before}{line}{after}");
    }

    fn end(&self) {
        if self.terminal && self.shown > 0 {
            let _shown = writeln!(std::io::stderr());
        }
    }
}
