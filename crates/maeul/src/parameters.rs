//! `maeul parameters`: the numbers of the law, what held when, where it is written and what is
//! missing.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;

use maeul_base::Lang;
use maeul_rules::parameter::{Finding, Level, Shown, find};
use serde_json::{Value, json};

use crate::eligible::{day, library, today};
use crate::end::{End, Told};
use crate::open;

/// 법령의 수를 날짜와 출처와 함께 보여 줍니다. / The numbers of the law with their dates and sources.
#[derive(clap::Args, Clone, Debug)]
pub struct ParametersArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Command {
    /// Show one parameter, or all under a name, with every value or with that of a day.
    Show(ShowArgs),
    /// List all parameters with the value of a day.
    List(Common),
    /// Look for gaps, mistakes of unit, missing and unverified values, and values that end soon.
    /// Ends with 1 where something is wrong, with 3 where a value has ended or ends soon.
    Check(CheckArgs),
}

#[derive(clap::Args, Clone, Debug)]
struct Common {
    /// The day asked about; today if left out.
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<i64>,
    /// Answer with JSON.
    #[arg(long)]
    json: bool,
    /// Read facts, parameters and programmes from this folder instead of those built in.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

#[derive(clap::Args, Clone, Debug)]
struct ShowArgs {
    /// The key, such as welfare.median_income, or the beginning of several, such as emergency.
    key: String,
    #[command(flatten)]
    common: Common,
}

#[derive(clap::Args, Clone, Debug)]
struct CheckArgs {
    /// A value without a successor that ends within so many days is told.
    #[arg(long, value_name = "DAYS", default_value_t = 60, value_parser = clap::value_parser!(i64).range(0..=3650))]
    within: i64,
    #[command(flatten)]
    common: Common,
}

/// Runs the command.
pub(crate) fn run(args: &ParametersArgs, out: &mut impl Write) -> Told {
    match &args.command {
        Command::Show(args) => show(args, out),
        Command::List(common) => list(common, out),
        Command::Check(args) => check(args, out),
    }
}

fn show(args: &ShowArgs, out: &mut impl Write) -> Told {
    let Common { on, json, data, lang } = &args.common;
    let lang = *lang;
    let library = library(data.as_deref(), lang)?;
    let shown = find(&library.parameters, &args.key)
        .map_err(|problem| End::refused(lang.t(&problem.ko, &problem.en)))?;
    let (day, only) = (on.unwrap_or_else(today), on.is_some());
    let text = if *json {
        let list: Vec<Value> =
            shown.iter().map(|one| one.json(&library.registry, day, only, lang)).collect();
        match <[Value; 1]>::try_from(list) {
            Ok([one]) => format!("{one:#}\n"),
            Err(list) => format!("{:#}\n", Value::from(list)),
        }
    } else {
        let pages: Vec<String> =
            shown.iter().map(|one| one.page(&library.registry, day, only, lang)).collect();
        pages.join("\n")
    };
    told(out.write_all(text.as_bytes()), lang)
}

fn list(args: &Common, out: &mut impl Write) -> Told {
    let lang = args.lang;
    let library = library(args.data.as_deref(), lang)?;
    let on = args.on.unwrap_or_else(today);
    let mut text = String::new();
    for one in Shown::all(&library.parameters) {
        let _ = if args.json {
            writeln!(text, "{}", one.json(&library.registry, on, args.on.is_some(), lang))
        } else {
            writeln!(text, "{}", one.line(&library.registry, on, lang))
        };
    }
    told(out.write_all(text.as_bytes()), lang)
}

fn check(args: &CheckArgs, out: &mut impl Write) -> Told {
    let Common { on, json, data, lang } = &args.common;
    let lang = *lang;
    let library = library(data.as_deref(), lang)?;
    let found = library.parameters.check(&library.registry, on.unwrap_or_else(today), args.within);
    let count = |level: Level| found.iter().filter(|one| one.kind.level() == level).count();
    let (errors, warnings, remarks) =
        (count(Level::Error), count(Level::Warning), count(Level::Remark));
    let mut text = String::new();
    if *json {
        for one in &found {
            let _ = writeln!(text, "{}", finding(one, lang));
        }
    } else {
        for (level, head) in [
            (Level::Error, lang.t("고쳐야 합니다", "To be put right")),
            (Level::Warning, lang.t("끝났거나 곧 끝납니다", "Ended or ending soon")),
            (Level::Remark, lang.t("알아 두십시오", "Worth knowing")),
        ] {
            let those: Vec<&Finding> =
                found.iter().filter(|one| one.kind.level() == level).collect();
            if !those.is_empty() {
                let _ = writeln!(text, "{head} ({})", those.len());
                for one in those {
                    let _ = writeln!(text, "  {}", one.text(lang));
                }
            }
        }
    }
    told(out.write_all(text.as_bytes()), lang)?;
    let all = Shown::all(&library.parameters).len();
    let words = match lang {
        Lang::Ko => {
            format!("파라미터 {all}개: 잘못 {errors}, 끝나는 값 {warnings}, 알림 {remarks}")
        }
        Lang::En => format!(
            "{all} parameters: {errors} wrong, {warnings} ended or ending, {remarks} remarks"
        ),
    };
    match (errors, warnings) {
        (0, 0) if *json => Ok(()),
        (0, 0) => told(writeln!(out, "{words}"), lang),
        (0, _) => Err(End { words, code: 3 }),
        _ => Err(End { words, code: 1 }),
    }
}

fn finding(one: &Finding, lang: Lang) -> Value {
    let level = match one.kind.level() {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Remark => "remark",
    };
    json!({
        "level": level, "kind": one.kind.name(), "key": one.key, "file": &*one.place.file,
        "line": one.place.line, "column": one.place.column, "text": lang.t(&one.ko, &one.en),
    })
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
