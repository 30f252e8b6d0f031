//! `maeul import cases`: the cases of another system, row by row. What cannot be taken is written
//! beside the file with its reason; an interrupted import is simply begun again.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use maeul_base::Lang;
use maeul_base::import::LineRefusal;
use maeul_cases::Knowledge;
use maeul_cases::import::cases::{
    Brought, Mapping, RefusedRows, Rows, Shape, Survey, bring_batch, judge_some, unknown_services,
};
use maeul_cases::web::Desk;

use crate::end::{End, Told};
use crate::open;
use crate::store::StoreArgs;

/// How often progress is told.
const TELL: Duration = Duration::from_millis(500);
/// The exit code where rows were refused and the others taken.
const SOME_REFUSED: u8 = 3;

/// 다른 시스템의 민원. / The cases of another system.
#[derive(clap::Args, Clone, Debug)]
pub struct ImportCasesArgs {
    /// A .csv table with a header, or .jsonl; - for JSON lines on standard input.
    file: PathBuf,
    /// Which of its columns are which (TOML); without it they are named as in the Open311 bulk form.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    #[command(flatten)]
    store: StoreArgs,
    /// The office's code or web name; not needed where there is only one.
    #[arg(long, value_name = "CODE")]
    office: Option<String>,
    /// Judge every row and report; change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Where refused rows are written; otherwise beside the file, as NAME.refused.csv or .jsonl.
    #[arg(long, value_name = "FILE")]
    refused: Option<PathBuf>,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

/// Runs the command.
pub(crate) async fn run(args: ImportCasesArgs) -> Told {
    let lang = args.lang;
    let mapping = mapping(&args)?;
    let shape = shape(&args.file);
    let house = open::open(&args.store.config()?).await?;
    let site = house.site;
    let office = open::one_office(&site, args.office.as_deref(), lang)?.id;
    let desk = site.room::<Desk>()?.clone();
    let ctx = maeul_base::Ctx { lang, ..site.system_ctx(office) };
    let know = desk.knowledge.get(site.db(), office, ctx.now).await?;
    codes_exist(&mapping, &know, lang)?;

    let input: Box<dyn Read> = match args.file == Path::new("-") {
        true => Box::new(io::stdin().lock()),
        false => {
            let name = args.file.display();
            Box::new(
                File::open(&args.file).map_err(|error| End::refused(format!("{name}: {error}")))?,
            )
        }
    };
    let rows = Rows::new(shape, BufReader::new(input)).map_err(|it| unreadable(&args, &it))?;
    let mut refused = RefusedRows::new(rows.header(), false, lang);
    let mut rows = rows;
    let mut beside = Beside::new(&args, shape);
    let mut survey = Survey::default();
    let mut progress = Progress::new(lang);
    let mut done = Brought::default();
    let broken = loop {
        let some = judge_some(&mut rows, &mapping, &know, ctx.now, &mut survey, &mut refused)
            .and_then(|some| beside.put(&some.refused).map(|()| some))
            .map_err(End::doing("write the refused rows"))?;
        if !args.dry_run {
            let more = bring_batch(site.db(), &desk.numbers, &ctx, &know, some.cases).await?;
            done.new += more.new;
            done.before += more.before;
        }
        progress.tell(survey.rows, survey.refused);
        if some.rows == 0 || some.broken.is_some() {
            break some.broken;
        }
    };
    progress.end();
    let written = beside.finish().map_err(End::doing("write the refused rows"))?;

    let mut out = io::stdout().lock();
    let mut lines = survey.say(&mapping, &know, lang);
    lines.push(match (args.dry_run, lang) {
        (true, _) => lang
            .t(
                "시험 실행이라 아무것도 저장하지 않았습니다.",
                "This was a dry run: nothing was saved.",
            )
            .to_owned(),
        (false, Lang::Ko) => {
            format!("새로 가져옴 {}건, 이미 있던 것 {}건", done.new, done.before)
        }
        (false, Lang::En) => format!("{} brought in, {} there before", done.new, done.before),
    });
    for line in lines {
        writeln!(out, "{line}").map_err(End::doing("write the report"))?;
    }
    if let Some(refusal) = broken {
        return Err(unreadable(&args, &refusal));
    }
    match written {
        None => Ok(()),
        Some(path) => Err(End {
            words: match lang {
                Lang::Ko => format!(
                    "{}건을 받지 못했습니다. 까닭과 함께 {}에 적었습니다. 고친 뒤 그 파일을 다시 가져오면 됩니다.",
                    survey.refused,
                    path.display()
                ),
                Lang::En => format!(
                    "{} rows were refused; they stand with their reasons in {}. Correct them there and import that file.",
                    survey.refused,
                    path.display()
                ),
            },
            code: SOME_REFUSED,
        }),
    }
}

fn mapping(args: &ImportCasesArgs) -> Result<Mapping, End> {
    let Some(path) = &args.mapping else { return Ok(Mapping::bulk("open311")) };
    let text = open::read_text(path)?;
    Mapping::parse(&text)
        .map_err(|lines| End::refused(crate::import::refusals(path, &lines, args.lang)))
}

/// A mapping that names a service we do not have is refused before the first row.
fn codes_exist(mapping: &Mapping, know: &Knowledge, lang: Lang) -> Told {
    match unknown_services(mapping, know) {
        None => Ok(()),
        Some(said) => Err(End::refused(format!("mapping: {}", said.get(lang)))),
    }
}

fn shape(path: &Path) -> Shape {
    match path.extension().and_then(|it| it.to_str()) {
        Some("csv") => Shape::Csv,
        _ => Shape::JsonLines,
    }
}

fn unreadable(args: &ImportCasesArgs, refusal: &LineRefusal) -> End {
    End::refused(format!("{}: {}", args.file.display(), refusal.say(args.lang)))
}

/// The file of refused rows: made when the first one is.
struct Beside {
    path: PathBuf,
    writer: Option<BufWriter<File>>,
}

impl Beside {
    fn new(args: &ImportCasesArgs, shape: Shape) -> Self {
        let ending = match shape {
            Shape::Csv => "refused.csv",
            Shape::JsonLines => "refused.jsonl",
        };
        let beside = || match args.file == Path::new("-") {
            true => PathBuf::from(ending),
            false => args.file.with_extension(ending),
        };
        Self { path: args.refused.clone().unwrap_or_else(beside), writer: None }
    }

    fn put(&mut self, rows: &[u8]) -> io::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(BufWriter::new(File::create(&self.path)?)),
        };
        writer.write_all(rows)
    }

    /// Where the rows are, if there are any.
    fn finish(self) -> io::Result<Option<PathBuf>> {
        let Some(mut writer) = self.writer else { return Ok(None) };
        writer.flush()?;
        Ok(Some(self.path))
    }
}

/// A line on the error stream that tells how far it is, where a person looks on.
struct Progress {
    lang: Lang,
    begun: Instant,
    told: Option<Instant>,
    wanted: bool,
}

impl Progress {
    fn new(lang: Lang) -> Self {
        Self { lang, begun: Instant::now(), told: None, wanted: io::stderr().is_terminal() }
    }

    fn tell(&mut self, rows: usize, refused: usize) {
        if !self.wanted || self.told.is_some_and(|at| at.elapsed() < TELL) {
            return;
        }
        self.told = Some(Instant::now());
        let seconds = self.begun.elapsed().as_secs_f64().max(0.001);
        let rate = u32::try_from(rows).map_or(0.0, |rows| f64::from(rows) / seconds);
        let said = match self.lang {
            Lang::Ko => format!("{rows}행 읽음 · 받지 못함 {refused} · 초당 {rate:.0}행"),
            Lang::En => format!("{rows} rows · {refused} refused · {rate:.0} rows/s"),
        };
        let _written = write!(io::stderr(), "\r\u{1b}[K{said}");
    }

    fn end(&self) {
        if self.told.is_some() {
            let _written = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}
