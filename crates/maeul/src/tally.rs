//! `maeul tally`: counts a file of ballots by a named rule, explains and compares.
//!
//! It ends with 0, or with 2 for a command that cannot be meant (an option, a rule, ties), 3 for a file that cannot be
//! read or written, 4 for a file that is refused (its line is named), 5 for ballots the rule cannot count, 6 for a project
//! or ballot that is not there.

mod bar;
mod input;
mod limits;
mod scheme;

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use maeul_base::{Lang, Refusal};
use maeul_tally::compare::{Comparison, compare, usual};
use maeul_tally::explain::{self, json};
use maeul_tally::pb::{self, PbFile};
use maeul_tally::{Election, Limits, Outcome, ProjectIx, RuleName, TieChain, report, tally};
use serde_json::Value;

use bar::Bar;

/// 표를 세고 이유를 보여 줍니다. / Counts votes and says why.
#[derive(clap::Args, Clone, Debug)]
#[command(
    after_help = "Rules: greedy-votes, greedy-cardinality, greedy-points, greedy-borda, mes-cost, mes-cardinality, \
mes-points, mes-borda, phragmen.\nCompletions: +add1, +add1-exhaustive, +1pct, +greedy, +comparison (equal shares); +no-skip \
(greedy); +greedy (phragmen).\nExit codes: 0 done, 2 command, 3 reading or writing, 4 file refused, 5 rule and ballots do not \
suit, 6 no such project or ballot."
)]
pub struct TallyArgs {
    /// A Pabulib file, also as .gz; - for standard input.
    #[arg(value_name = "FILE.pb")]
    pub file: PathBuf,
    /// The rule, e.g. greedy-votes or mes-cost+add1+greedy.
    #[arg(long, value_name = "NAME", default_value = "greedy-votes")]
    pub rule: String,
    /// A scheme of channels, weights, floors and ceilings: a TOML file, or the name of one that is shipped.
    #[arg(long, value_name = "FILE.toml", conflicts_with_all = ["rule", "ties", "min_score", "exclusive", "ceiling", "compare", "ballot"])]
    pub scheme: Option<PathBuf>,
    /// How ties are settled: a chain of id, votes, cost, lot:SEED.
    #[arg(long, value_name = "CHAIN", default_value = "id")]
    pub ties: String,
    /// The least number of votes (or points) a project needs.
    #[arg(long, value_name = "NUMBER")]
    pub min_score: Option<String>,
    /// Projects of which at most one may be funded; may be repeated.
    #[arg(long, value_name = "ID,ID")]
    pub exclusive: Vec<String>,
    /// The most that may be spent on a category; may be repeated.
    #[arg(long, value_name = "CATEGORY=SUM")]
    pub ceiling: Vec<String>,
    /// Show the usual rules on the same ballots, the one asked for first.
    #[arg(long, conflicts_with_all = ["explain", "ballot"])]
    pub compare: bool,
    /// Why this project was funded or not.
    #[arg(long, value_name = "PROJECT", conflicts_with = "ballot")]
    pub explain: Option<String>,
    /// Where the share of this voter's ballot went.
    #[arg(long, value_name = "ID")]
    pub ballot: Option<String>,
    /// Answer with one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Also write report.html, result.json and result.txt into this directory.
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = ["ko", "en"])]
    pub lang: String,
}

/// Why `maeul tally` did not count, and its exit code.
#[derive(Debug)]
pub struct TallyEnd {
    /// What to say on the error stream.
    pub words: String,
    /// The exit code.
    pub code: u8,
}

impl TallyEnd {
    fn command(words: impl Into<String>) -> Self {
        Self { words: words.into(), code: 2 }
    }

    fn file(words: impl Into<String>) -> Self {
        Self { words: words.into(), code: 3 }
    }

    fn refused(words: impl Into<String>) -> Self {
        Self { words: words.into(), code: 4 }
    }

    fn unsuited(words: impl Into<String>) -> Self {
        Self { words: words.into(), code: 5 }
    }

    fn missing(words: impl Into<String>) -> Self {
        Self { words: words.into(), code: 6 }
    }
}

/// Counts; answers on `out`, oddities of the file on `notes`.
pub fn run(
    args: &TallyArgs,
    stdin: impl Read,
    out: &mut impl Write,
    notes: &mut impl Write,
) -> Result<(), TallyEnd> {
    let lang = Lang::parse(&args.lang).unwrap_or_default();
    // What can be refused without the file is refused before it is read.
    let rule: RuleName = args
        .rule
        .parse()
        .map_err(|error: maeul_tally::rule::name::RuleError| TallyEnd::command(error.say(lang)))?;
    let ties: TieChain = args
        .ties
        .parse()
        .map_err(|error: maeul_tally::ties::TieError| TallyEnd::command(error.say(lang)))?;
    let text = input::text(&args.file, stdin, lang)?;
    let refused = |error: pb::PbError| {
        TallyEnd::refused(format!("{}: {}", args.file.display(), error.say(lang)))
    };
    let file = pb::read(&text).map_err(refused)?;
    let (election, odd) = file.election_with_notes().map_err(refused)?;
    told(odd.iter().map(|note| note.say(lang)), notes, lang);
    let title =
        file.meta("description").map_or_else(|| args.file.display().to_string(), str::to_owned);
    if let Some(path) = &args.scheme {
        let answer = scheme::answer(args, path, &title, &file, &election, lang)?;
        return say(args, answer, out, lang);
    }
    unused_threshold(&file, args, notes, lang);
    // From here on only what is counted is needed.
    drop(file);
    drop(text);
    let limits = limits::limits(args, &election, lang)?;
    let counting =
        Counting { election: &election, ties: &ties, limits: &limits, title: &title, lang };
    say(args, counting.answer(args, &rule)?, out, lang)
}

fn say(args: &TallyArgs, answer: Answer, out: &mut impl Write, lang: Lang) -> Result<(), TallyEnd> {
    let answer = if args.json { line(&answer.json) } else { answer.text };
    match out.write_all(answer.as_bytes()).and_then(|()| out.flush()) {
        // Whoever reads us has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(TallyEnd::file(format!(
            "{} ({error})",
            lang.t("답을 쓸 수 없습니다", "the answer cannot be written")
        ))),
        Ok(()) => Ok(()),
    }
}

/// What is said, in both forms.
struct Answer {
    text: String,
    json: Value,
}

/// Everything a count needs.
struct Counting<'a> {
    election: &'a Election,
    ties: &'a TieChain,
    limits: &'a Limits,
    title: &'a str,
    lang: Lang,
}

impl Counting<'_> {
    fn answer(&self, args: &TallyArgs, rule: &RuleName) -> Result<Answer, TallyEnd> {
        let Self { election, lang, .. } = *self;
        // A wrong id is told before a long count.
        let asked = args.explain.as_deref().map(|id| self.project(id)).transpose()?;
        let voter = args.ballot.as_deref().map(|id| self.voter(id)).transpose()?;
        if args.compare || args.output.is_some() {
            let compared = self.compared(rule)?;
            if let (Some(folder), Some(row)) = (&args.output, compared.rows.first()) {
                self.write(folder, &row.outcome, &compared)?;
            }
            if args.compare {
                return Ok(Answer {
                    text: compared.text(election, lang),
                    json: json::comparison(election, &compared),
                });
            }
        }
        let outcome = self.count(rule)?;
        if let Some(project) = asked {
            let account = explain::project(election, &outcome, project)
                .ok_or_else(|| TallyEnd::missing(""))?;
            return Ok(Answer {
                text: explain::project_text(election, &outcome, &account, lang),
                json: json::project(election, &account),
            });
        }
        if let Some((id, ballot)) = voter {
            let account = explain::ballot(election, &outcome, ballot);
            return Ok(Answer {
                text: explain::ballot_text(election, &outcome, id, &account, lang),
                json: json::ballot(election, id, &account),
            });
        }
        Ok(Answer {
            text: explain::summary_text(election, &outcome, lang),
            json: json::result(election, &outcome),
        })
    }

    fn count(&self, rule: &RuleName) -> Result<Outcome, TallyEnd> {
        let mut bar = Bar::new(self.lang);
        let outcome = tally(self.election, rule, self.ties, self.limits, &mut |progress| {
            bar.show(&progress, &self.election.budget);
        });
        bar.clear();
        outcome.map_err(|error| TallyEnd::unsuited(error.say(self.lang)))
    }

    fn compared(&self, rule: &RuleName) -> Result<Comparison, TallyEnd> {
        let mut rules = vec![rule.clone()];
        rules.extend(usual(self.election).into_iter().filter(|usual| usual != rule));
        let mut bar = Bar::new(self.lang);
        let compared = compare(self.election, &rules, self.ties, self.limits, &mut |progress| {
            bar.show(&progress, &self.election.budget);
        });
        bar.clear();
        compared.map_err(|error| TallyEnd::unsuited(error.say(self.lang)))
    }

    /// Writes the result into a directory; the comparison is part of the report.
    fn write(
        &self,
        folder: &Path,
        outcome: &Outcome,
        compared: &Comparison,
    ) -> Result<(), TallyEnd> {
        let files = [
            ("report.html", report::html(self.title, self.election, outcome, Some(compared))),
            ("result.json", line(&json::result(self.election, outcome))),
            ("result.txt", explain::summary_text(self.election, outcome, self.lang)),
        ];
        write_all(folder, &files, self.lang)
    }

    fn project(&self, id: &str) -> Result<ProjectIx, TallyEnd> {
        self.election.find(id).ok_or_else(|| {
            TallyEnd::missing(match self.lang {
                Lang::Ko => format!("사업 '{id}'가 없습니다. 파일의 project_id를 그대로 쓰십시오."),
                Lang::En => {
                    format!("There is no project '{id}'. Write its project_id as in the file.")
                }
            })
        })
    }

    /// The first ballot of that voter; an id that stands there twice was told as a note.
    fn voter<'a>(&'a self, id: &'a str) -> Result<(&'a str, &'a maeul_tally::Ballot), TallyEnd> {
        let ballot = self.election.voters_called(id).next();
        ballot
            .and_then(|voter| self.election.ballots.get(voter.ballot as usize))
            .map(|ballot| (id, ballot))
            .ok_or_else(|| {
                TallyEnd::missing(match self.lang {
                    Lang::Ko => format!("표 '{id}'가 없습니다. 파일의 voter_id를 그대로 쓰십시오."),
                    Lang::En => {
                        format!("There is no ballot '{id}'. Write its voter_id as in the file.")
                    }
                })
            })
    }
}

/// Writes files into a directory, which is made if it is not there.
fn write_all(folder: &Path, files: &[(&str, String)], lang: Lang) -> Result<(), TallyEnd> {
    let cannot = |path: &Path, error: &io::Error| {
        let why = lang.t("쓸 수 없습니다", "it cannot be written");
        TallyEnd::file(format!("{}: {why} ({error})", path.display()))
    };
    std::fs::create_dir_all(folder).map_err(|error| cannot(folder, &error))?;
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| cannot(&path, &error))?;
    }
    Ok(())
}

fn line(value: &Value) -> String {
    let mut text = value.to_string();
    text.push('\n');
    text
}

/// Notes, the first ten of them.
fn told(said: impl ExactSizeIterator<Item = String>, notes: &mut impl Write, lang: Lang) {
    let more = said.len().saturating_sub(10);
    for words in said.take(10) {
        let _ = writeln!(notes, "{words}");
    }
    if more > 0 {
        let _ = match lang {
            Lang::Ko => writeln!(notes, "그 밖에 {more}건이 더 있습니다."),
            Lang::En => writeln!(notes, "There are {more} more."),
        };
    }
}

/// A threshold that the file states and the command does not ask for may have been forgotten.
fn unused_threshold(file: &PbFile<'_>, args: &TallyArgs, notes: &mut impl Write, lang: Lang) {
    if let (Some(least), None) = (file.meta("min_project_score_threshold"), &args.min_score) {
        let _ = match lang {
            Lang::Ko => writeln!(
                notes,
                "파일에 min_project_score_threshold {least}이(가) 적혀 있으나 적용하지 않았습니다. 적용하려면 --min-score {least}"
            ),
            Lang::En => writeln!(
                notes,
                "The file states min_project_score_threshold {least}, which is not applied. To apply it: --min-score {least}"
            ),
        };
    }
}

#[cfg(test)]
mod tests;
