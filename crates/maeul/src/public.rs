//! `maeul public`: what everybody sees, made anew.

use std::io::{self, Write as _};

use maeul_base::{Ctx, Lang};
use maeul_cases::web::Desk;
use maeul_public::act::refresh_page;

use crate::end::{End, Told};
use crate::open;
use crate::store::StoreArgs;

/// Cases in one transaction.
const BATCH: usize = 200;

/// 공개 화면의 자료. / What everybody sees.
#[derive(clap::Args, Clone, Debug)]
pub struct PublicArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Command {
    /// Make the picture of every case anew. Changes nothing that is right already.
    Rebuild(RebuildArgs),
}

#[derive(clap::Args, Clone, Debug)]
struct RebuildArgs {
    /// The office's code or web name.
    #[arg(long, value_name = "CODE")]
    office: Option<String>,
    #[command(flatten)]
    store: StoreArgs,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

/// Runs the command.
pub(crate) async fn run(args: PublicArgs) -> Told {
    let Command::Rebuild(args) = args.command;
    let lang = args.lang;
    let config = args.store.config()?;
    let settings = config.public.settings();
    let site = open::open(&config).await?.site;
    let office = open::one_office(&site, args.office.as_deref(), lang)?;
    let desk = site.room::<Desk>()?.clone();
    let ctx = Ctx { lang, ..site.system_ctx(office.id) };
    let know = desk.knowledge.get(site.db(), office.id, ctx.now).await?;
    let (mut after, mut changed) = (None, 0);
    loop {
        let (ctx, know) = (ctx.clone(), know.clone());
        let (some, next) = site
            .db()
            .write(move |tx| refresh_page(tx, &ctx, &know, &settings, after, BATCH))
            .await?;
        changed += some;
        match next {
            Some(_) => after = next,
            None => break,
        }
    }
    let said = match lang {
        Lang::Ko => format!("{}: 다시 만들었고, 달라진 것은 {changed}건입니다.", office.name(lang)),
        Lang::En => {
            format!("{}: made anew; {changed} cases are other than before.", office.name(lang))
        }
    };
    writeln!(io::stdout(), "{said}").map_err(End::doing("print"))
}
