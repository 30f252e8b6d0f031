//! `maeul export`: cases in the exchange form, to be published or handed over.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{Ctx, Lang, seoul};
use maeul_cases::import::cases::{Shape, Writer, cells};
use maeul_cases::read::{self, Span};
use maeul_cases::web::Desk;

use crate::end::{End, Told};
use crate::open;
use crate::store::StoreArgs;

/// How many cases are read at a time.
const PAGE: usize = 500;

/// 민원 내보내기. / Write cases in the exchange form.
#[derive(clap::Args, Clone, Debug)]
pub struct ExportArgs {
    /// Where to; - for standard output.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// csv or jsonl; without it, as the file's name says, otherwise csv.
    #[arg(long, value_parser = shape)]
    format: Option<Shape>,
    /// Only cases that came in on or after this day.
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// Only cases that came in on or before this day.
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,
    /// Everything another system needs to go on: texts as they are, and everybody's contact. Each
    /// look is logged.
    #[arg(long, requires_all = ["by", "reason"])]
    full: bool,
    /// The sign-in name of the member of staff who answers for a full hand-over.
    #[arg(long, value_name = "LOGIN")]
    by: Option<String>,
    /// Why it is handed over; kept in the access log.
    #[arg(long)]
    reason: Option<String>,
    /// The office's code or web name.
    #[arg(long, value_name = "CODE")]
    office: Option<String>,
    #[command(flatten)]
    store: StoreArgs,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

fn shape(text: &str) -> Result<Shape, String> {
    match text {
        "csv" => Ok(Shape::Csv),
        "jsonl" => Ok(Shape::JsonLines),
        _ => Err("csv, jsonl".to_owned()),
    }
}

/// Runs the command.
pub(crate) async fn run(args: ExportArgs) -> Told {
    let lang = args.lang;
    let house = open::open(&args.store.config()?).await?;
    let site = house.site;
    let office = open::one_office(&site, args.office.as_deref(), lang)?.id;
    let desk = site.room::<Desk>()?.clone();
    let mut ctx = Ctx { lang, ..site.system_ctx(office) };
    if let Some(login) = args.by.clone().filter(|_| args.full) {
        let wanted = login.clone();
        let found =
            site.db().read(move |tx| maeul_people::staff_by_login(tx, office, &wanted)).await?;
        let staff = found.ok_or_else(|| {
            let why = lang.t("그런 직원이 없습니다:", "there is no such member of staff:");
            End::refused(format!("by: {why} {login}"))
        })?;
        let today = ctx.today();
        ctx.actor =
            site.db().read(move |tx| maeul_people::actor_of(tx, office, &staff, today)).await?;
    }
    let know = desk.knowledge.get(site.db(), office, ctx.now).await?;
    let span = Span { from: args.from.map(start_of), until: args.to.and_then(end_of) };
    let reason = args.reason.clone().unwrap_or_default();

    let by_name = match args.output.extension().and_then(|it| it.to_str()) {
        Some("jsonl") => Shape::JsonLines,
        _ => Shape::Csv,
    };
    let to_file = args.output != Path::new("-");
    // Written beside and then put in place: a file of that name is always a whole one.
    let beside = args.output.with_extension("part");
    let out: Box<dyn Write> = match to_file {
        true => {
            Box::new(BufWriter::new(File::create(&beside).map_err(End::doing("open the file"))?))
        }
        false => Box::new(BufWriter::new(io::stdout())),
    };
    let failed = || End::doing("write the cases");
    let shape = args.format.unwrap_or(by_name);
    let mut writer = Writer::new(shape, out, args.full).map_err(failed())?;
    let (mut after, mut count) = (None, 0_usize);
    loop {
        let (page, next) = match args.full {
            false => {
                let ctx = ctx.clone();
                site.db().read(move |tx| read::cases_of(tx, &ctx, span, after, PAGE)).await?
            }
            true => {
                let (ctx, know, reason) = (ctx.clone(), know.clone(), reason.clone());
                site.db()
                    .write(move |tx| read::hand_over(tx, &ctx, &know, span, after, PAGE, &reason))
                    .await
                    .map_err(|failure| End::of(failure, lang))?
            }
        };
        for handed in &page {
            writer.row(&cells(&know, handed, args.full)).map_err(failed())?;
        }
        count += page.len();
        match next {
            Some(cursor) => after = Some(cursor),
            None => break,
        }
    }
    writer.finish().map_err(failed())?;
    drop(writer);
    if to_file {
        std::fs::rename(&beside, &args.output).map_err(End::doing("put the file in place"))?;
    }
    let name = args.output.display();
    let said = match lang {
        Lang::Ko => format!("{name}: {count}건을 내보냈습니다."),
        Lang::En => format!("{name}: {count} cases written."),
    };
    let _written = writeln!(io::stderr(), "{said}");
    Ok(())
}

fn start_of(day: Date) -> Timestamp {
    seoul::instant(day.at(0, 0, 0, 0))
}

fn end_of(day: Date) -> Option<Timestamp> {
    day.tomorrow().ok().map(start_of)
}
