//! `maeul agency`: the agencies to which cases are sent, and whether what they offer fits.

use std::io::{self, Write};

use maeul_base::Lang;
use maeul_transfer::agency::Agency;
use maeul_transfer::check::check_agency;
use maeul_transfer::store;
use serde_json::{Value, json};

use crate::end::{End, Told};
use crate::open;
use crate::store::OfficeArgs;

/// 이송하는 기관. / Other agencies to which cases are sent.
#[derive(clap::Args, Clone, Debug)]
pub struct AgencyArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Command {
    /// Ask agencies what they offer, and say where our mapping does not fit.
    Check(CheckArgs),
    /// The agencies of an office.
    List(ListArgs),
}

#[derive(clap::Args, Clone, Debug)]
struct CheckArgs {
    /// The agency's code; without it, all that are in use.
    code: Option<String>,
    #[command(flatten)]
    at: OfficeArgs,
}

#[derive(clap::Args, Clone, Debug)]
struct ListArgs {
    #[command(flatten)]
    at: OfficeArgs,
}

/// Runs the command.
pub(crate) async fn run(args: AgencyArgs) -> Told {
    let (at, code, ask) = match args.command {
        Command::Check(args) => (args.at, args.code, true),
        Command::List(args) => (args.at, None, false),
    };
    let config = at.store.config()?;
    let house = open::open(&config).await?;
    let office = open::one_office(&house.site, at.office.as_deref(), at.lang)?.id;
    let mut found = house.site.db().read(move |tx| store::agencies(tx, office)).await?;
    if ask {
        found.retain(|it| it.active && code.as_ref().is_none_or(|code| it.code == *code));
    }
    if let (Some(code), true) = (&code, found.is_empty()) {
        return Err(End::refused(match at.lang {
            Lang::Ko => format!("code: {code} 기관이 없습니다."),
            Lang::En => format!("code: there is no agency {code}."),
        }));
    }
    if ask {
        let line = open::agencies(&config)?;
        let (ctx, seal) = (house.site.system_ctx(office), house.site.seal());
        for agency in &mut found {
            let checked = check_agency(house.site.db(), &ctx, seal, &line, agency.id).await?;
            if let Some(checked) = checked {
                *agency = checked;
            }
        }
    }
    print(&at, &found)?;
    // A mapping by which nothing can be sent is for whoever runs this at night to see.
    let bad = |it: &Agency| it.check_failed.is_some() || it.gaps().iter().any(|gap| !gap.passable);
    if ask && found.iter().any(bad) {
        return Err(End::refused(
            at.lang.t("맞지 않는 곳이 있습니다.", "There are things that do not fit."),
        ));
    }
    Ok(())
}

fn print(at: &OfficeArgs, agencies: &[Agency]) -> Told {
    let lang = at.lang;
    let mut text = String::new();
    if at.json {
        let all: Vec<Value> = agencies.iter().map(agency_json).collect();
        text = Value::Array(all).to_string();
    } else if agencies.is_empty() {
        text.push_str(lang.t(
            "등록된 기관이 없습니다. maeul import agencies FILE",
            "There are no agencies. maeul import agencies FILE",
        ));
    } else {
        let lines: Vec<String> = agencies.iter().flat_map(|it| lines(it, lang)).collect();
        text.push_str(&lines.join("\n"));
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(End::doing("write the answer"))
}

fn lines(it: &Agency, lang: Lang) -> Vec<String> {
    let state = match (&it.check_failed, it.checked_at, it.active) {
        (_, _, false) => lang.t("쓰지 않음", "not used").to_owned(),
        (Some(why), ..) => why.get(lang).to_owned(),
        (None, None, _) => lang.t("아직 확인하지 않음", "not asked yet").to_owned(),
        (None, Some(_), _) => {
            let n = it.offered.len();
            match lang {
                Lang::Ko => format!("서비스 {n}가지"),
                Lang::En => format!("{n} services"),
            }
        }
    };
    let head = format!("{}\t{}\t{}\t{state}", it.code, it.name(lang), it.endpoint);
    let gaps = it.gaps().into_iter().map(|gap| {
        let mark = if gap.passable { "-" } else { "!" };
        format!("  {mark} {}: {}", gap.service, gap.what.get(lang))
    });
    std::iter::once(head).chain(gaps).collect()
}

fn agency_json(it: &Agency) -> Value {
    json!({
        "code": it.code,
        "name_ko": it.name.ko,
        "name_en": it.name.en,
        "endpoint": it.endpoint,
        "active": it.active,
        "has_key": it.has_key,
        "services": it.offered.len(),
        "checked_at": it.checked_at.map(maeul_base::seoul::iso),
        "failed": it.check_failed.as_ref().map(|why| why.en.clone()),
        "gaps": it.gaps().iter().map(|gap| json!({
            "service": gap.service,
            "can_be_sent": gap.passable,
            "what_ko": gap.what.ko,
            "what_en": gap.what.en,
        })).collect::<Vec<_>>(),
    })
}
