//! `maeul holiday`: the days on which the office is closed beyond the computed public holidays.

use jiff::civil::Date;
use maeul_base::{Lang, seoul};
use maeul_org::{HolidayKind, NewHoliday};

use crate::end::{End, Told};
use crate::open;
use crate::store::StoreArgs;

/// 공휴일. / Holidays.
#[derive(clap::Args, Clone, Debug)]
pub struct HolidayArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Command {
    /// Add a temporary or local holiday; running due times are counted anew.
    Add(AddArgs),
}

#[derive(clap::Args, Clone, Debug)]
struct AddArgs {
    /// The day, e.g. 2026-10-02.
    date: Date,
    /// Its name in Korean.
    #[arg(long, value_name = "NAME")]
    name_ko: String,
    /// Its name in English.
    #[arg(long, value_name = "NAME")]
    name_en: String,
    /// temporary (임시공휴일) or local (지방공휴일).
    #[arg(long, value_parser = kind)]
    kind: HolidayKind,
    /// The decision, notice or ordinance it rests on.
    #[arg(long, value_name = "TEXT")]
    basis: String,
    /// The office's code or web name.
    #[arg(long, value_name = "CODE")]
    office: Option<String>,
    #[command(flatten)]
    store: StoreArgs,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

fn kind(text: &str) -> Result<HolidayKind, String> {
    HolidayKind::parse(text).ok_or_else(|| "temporary 또는 local / temporary or local".to_owned())
}

/// Runs the command.
pub(crate) async fn run(args: HolidayArgs) -> Told {
    let Command::Add(args) = args.command;
    let lang = args.lang;
    let house = open::open(&args.store.config()?).await?;
    let office = open::office(&house.site, args.office.as_deref(), lang)?;
    let ctx = house.site.system_ctx(office.id);
    let new = NewHoliday {
        on_day: args.date,
        name_ko: args.name_ko,
        name_en: args.name_en,
        kind: args.kind,
        basis: args.basis,
    };
    let added = house.site.db().write(move |tx| maeul_org::add_holiday(tx, &ctx, &new)).await;
    let added = added.map_err(|failure| End::of(failure, lang))?;
    let (day, name) = (seoul::day_text(added.on_day, lang), lang.t(&added.name_ko, &added.name_en));
    println!("{}: {day} {name}", office.name(lang));
    println!(
        "{}",
        lang.t(
            "운영 중인 서버가 처리 중인 민원의 기한을 다시 계산합니다.",
            "The running server counts the due times of open cases anew.",
        )
    );
    Ok(())
}
