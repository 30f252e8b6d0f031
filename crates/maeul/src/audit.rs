//! `maeul audit`: whether the log of looks at personal data is whole, and its end to be published.

use std::io::{self, Write as _};

use maeul_base::{Lang, OfficeId, hex};
use maeul_people::{Checking, look_head};
use maeul_web::Site;

use crate::end::{End, Told};
use crate::open;
use crate::store::StoreArgs;

/// 열람 기록. / The log of looks at personal data.
#[derive(clap::Args, Clone, Debug)]
pub struct AuditArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Command {
    /// Check the chain link by link and say what is first wrong. Exit code 1 where something is.
    Verify(VerifyArgs),
    /// The end of the chain: number and hash, as the public page /audit shows it.
    Head(HeadArgs),
}

#[derive(clap::Args, Clone, Debug)]
struct VerifyArgs {
    /// Only this office: its code or web name.
    #[arg(long, value_name = "CODE")]
    office: Option<String>,
    /// From this link on; the one before is believed.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    from: i64,
    /// An end that was published or kept elsewhere, `NUMBER:HASH`: whether it is still there.
    #[arg(long, value_name = "NUMBER:HASH", value_parser = head, requires = "office")]
    head: Vec<(i64, Vec<u8>)>,
    #[command(flatten)]
    store: StoreArgs,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

#[derive(clap::Args, Clone, Debug)]
struct HeadArgs {
    /// Only this office: its code or web name.
    #[arg(long, value_name = "CODE")]
    office: Option<String>,
    #[command(flatten)]
    store: StoreArgs,
}

fn head(text: &str) -> Result<(i64, Vec<u8>), String> {
    let wrong = || "NUMBER:HASH (64 hexadecimal digits)".to_owned();
    let (number, hash) = text.split_once(':').ok_or_else(wrong)?;
    let number = number.parse().map_err(|_| wrong())?;
    if hash.len() != 64 || !hash.is_ascii() {
        return Err(wrong());
    }
    let bytes = (0..32)
        .map(|at| hash.get(2 * at..2 * at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()));
    Ok((number, bytes.collect::<Option<Vec<u8>>>().ok_or_else(wrong)?))
}

/// Runs the command.
pub(crate) async fn run(args: AuditArgs) -> Told {
    match args.command {
        Command::Verify(args) => verify(args).await,
        Command::Head(args) => end(args).await,
    }
}

/// The offices meant: all where none is named. Each with its code.
fn offices(site: &Site, named: Option<&str>, lang: Lang) -> Result<Vec<(OfficeId, String)>, End> {
    match named {
        Some(_) => {
            let office = open::office(site, named, lang)?;
            Ok(vec![(office.id, office.code)])
        }
        None => Ok(site.offices().values().map(|it| (it.id, it.code.clone())).collect()),
    }
}

async fn verify(args: VerifyArgs) -> Told {
    let lang = args.lang;
    let site = open::open(&args.store.config()?).await?.site;
    let mut broken = Vec::new();
    for (office, code) in offices(&site, args.office.as_deref(), lang)? {
        let mut checking = Checking::new(office, args.from, &args.head);
        let found = loop {
            let seal = site.seal().clone();
            // The act may be run again, so it works on a copy.
            let next = checking.clone();
            let (moved, found) = site
                .db()
                .read(move |tx| {
                    let mut next = next.clone();
                    let found = next.step(tx, &seal)?;
                    Ok::<_, maeul_base::Fault>((next, found))
                })
                .await?;
            checking = moved;
            if let Some(found) = found {
                break found;
            }
        };
        let said = match lang {
            Lang::Ko => {
                format!("{code}: 고리 {}개, 기다리는 기록 {}건", found.links, found.waiting)
            }
            Lang::En => format!("{code}: {} links, {} looks waiting", found.links, found.waiting),
        };
        let ends = found.head.map(|it| format!(", {}:{}", it.seq, hex(&it.hash)));
        let whole = match found.broken {
            None => lang.t("온전합니다.", "Intact.").to_owned(),
            Some(what) => {
                broken.push(format!("{code}: {}", what.say(lang)));
                lang.t("온전하지 않습니다.", "NOT intact.").to_owned()
            }
        };
        writeln!(io::stdout(), "{said}{}. {whole}", ends.unwrap_or_default())
            .map_err(End::doing("print"))?;
    }
    if broken.is_empty() { Ok(()) } else { Err(End::refused(broken.join("\n"))) }
}

async fn end(args: HeadArgs) -> Told {
    let site = open::open(&args.store.config()?).await?.site;
    for (office, code) in offices(&site, args.office.as_deref(), Lang::En)? {
        let head = site.db().read(move |tx| look_head(tx, office)).await?;
        let said = head.map_or_else(
            || format!("{code} 0"),
            |it| format!("{code} {}:{} {}", it.seq, hex(&it.hash), it.at),
        );
        writeln!(io::stdout(), "{said}").map_err(End::doing("print"))?;
    }
    Ok(())
}
