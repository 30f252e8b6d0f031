//! `maeul due`: when an answer is due, and what did and did not count, for one case or a file of them.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use maeul_base::{Lang, Refusal, seoul};
use maeul_calendar::{
    Calculator, Calendar, CalendarOptions, Due, DueInput, Excluded, Ground, Period, Step, WhenSpec,
    local_holidays,
};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// 처리기한을 계산하고 이유를 보여 줍니다. / When an answer is due, and why.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct DueArgs {
    /// When it was received: 2026-06-08T10:30 (Seoul, or with an offset). A date alone will do
    /// where the period is counted in days or longer.
    #[arg(long, value_name = "TIME", required_unless_present = "batch")]
    pub received: Option<String>,
    /// The period: 즉시 (or immediate), 8h, 7d, 2w, 1month, 1year.
    #[arg(long, required_unless_present = "batch")]
    pub period: Option<String>,
    /// petition (민원 처리에 관한 법률 제19조) or civil (민법 제155조-제161조).
    #[arg(long, value_name = "LAW")]
    pub calculator: Option<String>,
    /// A supplement (보완), sent..arrived, both days left out; may be repeated.
    #[arg(long, value_name = "A..B")]
    pub supplement: Vec<String>,
    /// A system outage, from..to; may be repeated.
    #[arg(long, value_name = "A..B")]
    pub outage: Vec<String>,
    /// An extension by a further period (민원 처리에 관한 법률 시행령 제21조); may be repeated.
    #[arg(long, value_name = "PERIOD")]
    pub extend: Vec<String>,
    /// The office's 5-digit code, for its local holidays.
    #[arg(long, value_name = "CODE")]
    pub office: Option<String>,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = ["ko", "en"])]
    pub lang: String,
    /// Answer with one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Answer each line of a file of JSON objects (- for standard input) with one JSON line.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["received", "period", "calculator", "supplement", "outage", "extend", "office"]
    )]
    pub batch: Option<PathBuf>,
}

/// Why `maeul due` could not answer.
#[derive(Debug)]
pub enum DueError {
    /// Something asked cannot be meant.
    Input(Problem),
    /// A file could not be read or the answer not written.
    Io(String, io::Error),
}

/// Which field, why, and what to do, in the reader's language.
#[derive(Debug)]
pub struct Problem {
    /// The field, as in the command line without its dashes.
    pub field: String,
    /// Why, and what to do.
    pub message: String,
}

impl fmt::Display for DueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(Problem { field, message }) => write!(f, "--{field}: {message}"),
            Self::Io(what, error) => write!(f, "{what}: {error}"),
        }
    }
}

impl std::error::Error for DueError {}

impl From<Problem> for DueError {
    fn from(problem: Problem) -> Self {
        Self::Input(problem)
    }
}

/// Answers on `out`; `input` is read for `--batch -` only. Ends with 1 when a line of a batch could
/// not be answered.
pub fn run(args: DueArgs, input: impl BufRead, out: &mut impl Write) -> Result<ExitCode, DueError> {
    let lang = Lang::parse(&args.lang).unwrap_or_default();
    let mut out = BufWriter::new(out);
    let mut desk = Desk { lang, calendars: HashMap::new() };
    let done = match &args.batch {
        None => {
            let due = desk.answer(&Question::of(args.clone()))?;
            if args.json { line(&mut out, &answer(&due, lang)) } else { page(&mut out, &due, lang) }
                .map(|()| ExitCode::SUCCESS)
        }
        Some(path) if path == Path::new("-") => batch(&mut desk, input, &mut out)?,
        Some(path) => {
            let file = File::open(path).map_err(|error| {
                let what =
                    lang.t("--batch 파일을 열 수 없습니다", "--batch: the file cannot be opened");
                DueError::Io(format!("{what}: {}", path.display()), error)
            })?;
            batch(&mut desk, BufReader::new(file), &mut out)?
        }
    };
    match done.and_then(|code| out.flush().map(|()| code)) {
        // Whoever reads us has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(DueError::Io(
            lang.t("답을 쓸 수 없습니다", "the answer cannot be written").into(),
            error,
        )),
        Ok(code) => Ok(code),
    }
}

/// What is asked, still as text.
#[derive(Default)]
struct Question {
    received: Option<String>,
    period: Option<String>,
    calculator: Option<String>,
    supplement: Vec<String>,
    outage: Vec<String>,
    extend: Vec<String>,
    office: Option<String>,
    /// Given back with the answer of a batch line.
    id: Option<Value>,
}

impl Question {
    fn of(args: DueArgs) -> Self {
        Self {
            received: args.received,
            period: args.period,
            calculator: args.calculator,
            supplement: args.supplement,
            outage: args.outage,
            extend: args.extend,
            office: args.office,
            id: None,
        }
    }

    fn of_json(fields: Map<String, Value>, lang: Lang) -> Result<Self, Problem> {
        let mut question = Self::default();
        for (name, value) in fields {
            if value.is_null() {
                continue;
            }
            match name.as_str() {
                "received" => question.received = Some(text(&name, value, lang)?),
                "period" => question.period = Some(text(&name, value, lang)?),
                "calculator" => question.calculator = Some(text(&name, value, lang)?),
                "office" => question.office = Some(text_or_number(&name, value, lang)?),
                "supplement" => question.supplement = texts(&name, value, lang)?,
                "outage" => question.outage = texts(&name, value, lang)?,
                "extend" => question.extend = texts(&name, value, lang)?,
                "id" => question.id = Some(value),
                _ => {
                    let message = lang.t(
                        "모르는 항목입니다. received, period, calculator, supplement, outage, extend, office, id만 쓸 수 있습니다.",
                        "This field is not known. Use received, period, calculator, supplement, outage, extend, office or id.",
                    );
                    return Err(problem(&name, message));
                }
            }
        }
        Ok(question)
    }

    fn input(&self, lang: Lang) -> Result<DueInput, Problem> {
        let missing = |field: &str| {
            problem(field, lang.t("없습니다. 넣어 주십시오.", "It is missing. Please give it."))
        };
        let received = self.received.as_deref().ok_or_else(|| missing("received"))?;
        let received = when("received", received, lang)?;
        let period = self.period.as_deref().ok_or_else(|| missing("period"))?;
        let period = read_period("period", period, lang)?;
        let calculator = match self.calculator.as_deref() {
            None | Some("petition") => Calculator::Petition,
            Some("civil") => Calculator::Civil,
            Some(other) => {
                let message = match lang {
                    Lang::Ko => {
                        format!("'{other}' 계산은 없습니다. petition 또는 civil로 쓰십시오.")
                    }
                    Lang::En => format!("There is no calculator '{other}'. Use petition or civil."),
                };
                return Err(problem("calculator", message));
            }
        };
        if matches!(received, WhenSpec::Day(_))
            && calculator == Calculator::Petition
            && period.runs_in_hours()
        {
            let message = lang.t(
                "이 기간은 시간으로 세므로 시각이 필요합니다. 2026-06-08T10:30처럼 쓰십시오.",
                "This period runs in hours, so the time is needed. Write it like 2026-06-08T10:30.",
            );
            return Err(problem("received", message));
        }
        let mut excluded = Vec::new();
        for (ground, spans) in
            [(Ground::Supplement, &self.supplement), (Ground::Outage, &self.outage)]
        {
            for span in spans {
                excluded.push(read_span(ground, span, lang)?);
            }
        }
        let extensions = self.extend.iter().map(|period| read_period("extend", period, lang));
        let extensions = extensions.collect::<Result<_, _>>()?;
        Ok(DueInput { received: received.start(), period, calculator, excluded, extensions })
    }
}

/// Answers questions; keeps the calendars of the offices it has met.
struct Desk {
    lang: Lang,
    calendars: HashMap<String, Calendar>,
}

impl Desk {
    fn answer(&mut self, question: &Question) -> Result<Due, Problem> {
        let input = question.input(self.lang)?;
        let lang = self.lang;
        self.calendar(question.office.as_deref())?
            .due(&input)
            .map_err(|refusal| problem(refusal.field().unwrap_or("received"), refusal.say(lang)))
    }

    fn calendar(&mut self, office: Option<&str>) -> Result<&Calendar, Problem> {
        let Some(office) = office else { return Ok(Calendar::national()) };
        if office.len() != 5 || !office.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = match self.lang {
                Lang::Ko => format!(
                    "'{office}'은(는) 기관 코드가 아닙니다. 29140처럼 숫자 다섯 자리로 쓰십시오."
                ),
                Lang::En => {
                    format!("'{office}' is not an office code. Write five digits such as 29140.")
                }
            };
            return Err(problem("office", message));
        }
        let (extra, local) = local_holidays(office);
        if extra.is_empty() {
            return Ok(Calendar::national());
        }
        Ok(self.calendars.entry(office.to_owned()).or_insert_with(|| {
            Calendar::new(&CalendarOptions { extra, local, ..CalendarOptions::default() })
        }))
    }
}

/// One answer for machines.
#[derive(Serialize)]
struct Answer<'a> {
    due: String,
    calculator: &'static str,
    article: &'a str,
    received: String,
    period: Period,
    summary: String,
    steps: Vec<Step>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
}

fn answer(due: &Due, lang: Lang) -> Answer<'_> {
    Answer {
        due: seoul::iso(due.at),
        calculator: due.calculator.letter(),
        article: due.article.t(lang),
        received: seoul::iso(due.input.received),
        period: due.input.period,
        summary: due.summary(lang),
        steps: due.daily_steps(),
        notes: due.notes.iter().map(|note| note.t(lang)).collect(),
        id: None,
    }
}

fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

fn page(out: &mut impl Write, due: &Due, lang: Lang) -> io::Result<()> {
    let (what, how, law) =
        (lang.t("처리기한", "Due "), lang.t("계산    ", "How "), lang.t("근거    ", "Law "));
    writeln!(out, "{what}  {}", seoul::time_text(due.at, lang))?;
    writeln!(out, "{how}  {} ({})", due.calculator.name(lang), due.calculator.letter())?;
    writeln!(out, "{law}  {}", due.article.t(lang))?;
    writeln!(out)?;
    for step in due.daily_steps() {
        writeln!(out, "  {} {}", if step.counted { '+' } else { '-' }, step.text(lang))?;
    }
    for note in &due.notes {
        writeln!(out, "\n{}", note.t(lang))?;
    }
    Ok(())
}

/// The longest line of a batch, in bytes.
const LINE_MAX: usize = 1 << 20;

/// The outer error is reading, the inner one writing.
fn batch(
    desk: &mut Desk,
    mut input: impl BufRead,
    out: &mut impl Write,
) -> Result<io::Result<ExitCode>, DueError> {
    let lang = desk.lang;
    let mut code = ExitCode::SUCCESS;
    let mut bytes = Vec::new();
    for number in 1_u64.. {
        bytes.clear();
        let read = input.read_until(b'\n', &mut bytes).map_err(|error| {
            let what =
                lang.t("--batch 파일을 읽을 수 없습니다", "--batch: the file cannot be read");
            DueError::Io(what.into(), error)
        })?;
        if read == 0 {
            break;
        }
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let written = match answer_line(desk, &bytes) {
            Ok((due, id)) => line(out, &Answer { id, ..answer(&due, lang) }),
            Err(Problem { field, message }) => {
                code = ExitCode::FAILURE;
                line(out, &json!({"error": {"line": number, "field": field, "message": message}}))
            }
        };
        if let Err(error) = written {
            return Ok(Err(error));
        }
    }
    Ok(Ok(code))
}

fn answer_line(desk: &mut Desk, bytes: &[u8]) -> Result<(Due, Option<Value>), Problem> {
    let lang = desk.lang;
    if bytes.len() > LINE_MAX {
        let message = lang.t(
            "줄이 1 MiB보다 깁니다. 나누어 쓰십시오.",
            "The line is longer than 1 MiB. Split it.",
        );
        return Err(problem("json", message));
    }
    let fields: Map<String, Value> = serde_json::from_slice(bytes).map_err(|error| {
        let message = match lang {
            Lang::Ko => format!(
                "JSON 객체가 아닙니다({error}). {{\"received\": \"2026-06-08T10:30\", \"period\": \"7d\"}}처럼 쓰십시오."
            ),
            Lang::En => format!(
                "This is not a JSON object ({error}). Write it like {{\"received\": \"2026-06-08T10:30\", \"period\": \"7d\"}}."
            ),
        };
        problem("json", message)
    })?;
    let question = Question::of_json(fields, lang)?;
    let due = desk.answer(&question)?;
    Ok((due, question.id))
}

fn problem(field: &str, message: impl Into<String>) -> Problem {
    Problem { field: field.into(), message: message.into() }
}

fn when(field: &str, text: &str, lang: Lang) -> Result<WhenSpec, Problem> {
    text.parse().map_err(|error: maeul_calendar::WhenSpecError| problem(field, error.say(lang)))
}

fn read_period(field: &str, text: &str, lang: Lang) -> Result<Period, Problem> {
    text.parse().map_err(|error: maeul_calendar::PeriodError| problem(field, error.say(lang)))
}

fn read_span(ground: Ground, span: &str, lang: Lang) -> Result<Excluded, Problem> {
    let field = ground.code();
    let Some((from, to)) = span.split_once("..") else {
        let message = match lang {
            Lang::Ko => {
                format!("'{span}'은(는) 기간이 아닙니다. 2026-06-10..2026-06-12처럼 쓰십시오.")
            }
            Lang::En => format!("'{span}' is not a span. Write it like 2026-06-10..2026-06-12."),
        };
        return Err(problem(field, message));
    };
    Ok(Excluded { from: when(field, from, lang)?, to: when(field, to, lang)?, ground })
}

fn text(field: &str, value: Value, lang: Lang) -> Result<String, Problem> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(problem(
            field,
            lang.t("따옴표 안의 글자여야 합니다.", "It must be text in quotation marks."),
        )),
    }
}

fn text_or_number(field: &str, value: Value, lang: Lang) -> Result<String, Problem> {
    match value {
        Value::Number(number) => Ok(number.to_string()),
        other => text(field, other, lang),
    }
}

/// A list of texts; one text alone is a list of one.
fn texts(field: &str, value: Value, lang: Lang) -> Result<Vec<String>, Problem> {
    match value {
        Value::Array(values) => values.into_iter().map(|value| text(field, value, lang)).collect(),
        one => text(field, one, lang).map(|text| vec![text]),
    }
}

#[cfg(test)]
mod tests;
