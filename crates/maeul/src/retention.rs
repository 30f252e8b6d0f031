//! `maeul retention`: what has been kept long enough, counted or destroyed.

use std::io::{self, Write as _};

use maeul_base::{Ctx, Lang, seoul};
use maeul_privacy::{Shelf, retention};

use crate::end::{End, Told};
use crate::open;
use crate::store::StoreArgs;

/// 보존과 파기. / Retention and destruction.
#[derive(clap::Args, Clone, Debug)]
pub struct RetentionArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Command {
    /// Destroy what the rules in force let go, as the server does each night.
    Run(RunArgs),
}

#[derive(clap::Args, Clone, Debug)]
struct RunArgs {
    /// Only count; nothing is destroyed.
    #[arg(long)]
    dry_run: bool,
    /// Only this office: its code or web name.
    #[arg(long, value_name = "CODE")]
    office: Option<String>,
    #[command(flatten)]
    store: StoreArgs,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

/// Runs the command.
pub(crate) async fn run(args: RetentionArgs) -> Told {
    let Command::Run(args) = args.command;
    let lang = args.lang;
    let site = open::open(&args.store.config()?).await?.site;
    let shelf = site.room::<Shelf>()?.clone();
    let offices = match &args.office {
        Some(name) => vec![open::office(&site, Some(name), lang)?],
        None => site.offices().values().cloned().collect(),
    };
    for office in offices {
        let ctx = Ctx { lang, ..site.system_ctx(office.id) };
        let done = retention::run(site.db(), &ctx, &shelf, args.dry_run).await?;
        let mut out = format!("{} {}\n", office.code, office.name(lang));
        if done.is_empty() {
            out.push_str(lang.t(
                "  정한 보존기간이 없습니다. 아무것도 지우지 않습니다.\n",
                "  No rule is in force. Nothing is destroyed.\n",
            ));
        }
        for it in done {
            let name = shelf.keeping(it.kind).map_or(it.kind, |of| lang.t(of.name[0], of.name[1]));
            let day = seoul::day_text(seoul::date(it.before), lang);
            let (records, held, busy) = (it.swept.records, it.swept.held, it.swept.busy);
            out.push_str(&match (lang, args.dry_run) {
                (Lang::Ko, true) => format!("  {name}: {day} 앞의 {records}건을 지울 때입니다"),
                (Lang::Ko, false) => format!("  {name}: {day} 앞의 {records}건을 지웠습니다"),
                (Lang::En, true) => format!("  {name}: {records} older than {day} would go"),
                (Lang::En, false) => format!("  {name}: {records} older than {day} destroyed"),
            });
            out.push_str(&match lang {
                Lang::Ko => format!(" · 보존 {held} · 다음에 {busy} · {}\n", it.rule.basis),
                Lang::En => format!(" · {held} on hold · {busy} later · {}\n", it.rule.basis),
            });
        }
        io::stdout().write_all(out.as_bytes()).map_err(End::doing("print"))?;
    }
    Ok(())
}
