//! `maeul import`: an office's own files, whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use maeul_app::import::{ImportFailure, Imported, Kind, Request};
use maeul_base::Lang;
use maeul_base::import::LineRefusal;

use crate::end::{End, Told};
use crate::open;
use crate::store::StoreArgs;

/// 기관의 자료 가져오기. / Bring in an office's own files.
#[derive(clap::Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ImportArgs {
    #[command(subcommand)]
    rows: Option<RowsCommand>,
    #[command(flatten)]
    whole: WholeArgs,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum RowsCommand {
    /// The cases of another system, row by row.
    Cases(crate::import_cases::ImportCasesArgs),
}

/// A file that is taken whole or not at all.
#[derive(clap::Args, Clone, Debug)]
pub struct WholeArgs {
    /// org, boundaries, population, legal-dongs, services, staff, holidays, templates or agencies.
    #[arg(required = true)]
    kind: Option<Kind>,
    /// The file; - for standard input.
    #[arg(required = true)]
    file: Option<PathBuf>,
    #[command(flatten)]
    pub store: StoreArgs,
    /// The office's code or web name; not needed for org, nor where there is only one.
    #[arg(long, value_name = "CODE")]
    pub office: Option<String>,
    /// Say what would change; change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    pub lang: Lang,
}

/// Runs the command.
pub(crate) async fn run(args: ImportArgs) -> Told {
    if let Some(RowsCommand::Cases(args)) = args.rows {
        return crate::import_cases::run(args).await;
    }
    let args = args.whole;
    // Both are required where no subcommand stands in their place.
    let (Some(kind), Some(file)) = (args.kind, args.file.clone()) else {
        return Err(End::refused("maeul import --help"));
    };
    let text = open::read_text(&file)?;
    let config = args.store.config()?;
    let house = open::open(&config).await?;
    let mut request = Request::new(&house.site, kind, &text);
    request.dry_run = args.dry_run;
    // A chart names its own office, which may not be here yet.
    if kind != Kind::Org {
        let office = open::one_office(&house.site, args.office.as_deref(), args.lang)?;
        request.office = Some(office.id);
    } else if let Some(code) = &args.office {
        let known = house.site.office_named(code).map(|office| office.id);
        request.office = known.or_else(|| code.parse().ok().map(maeul_base::OfficeId));
    }
    match maeul_app::import::run(&house.site, &request).await {
        Ok(done) => print(&args, kind, &house.site, &done).map_err(End::doing("write the report")),
        Err(ImportFailure::Refused(lines)) => Err(End::refused(refusals(&file, &lines, args.lang))),
        Err(ImportFailure::NoOffice) => Err(End::refused(
            args.lang.t("office: 그런 기관이 없습니다.", "office: there is no such office."),
        )),
        Err(ImportFailure::Fault(fault)) => Err(fault.into()),
    }
}

/// One line each, as compilers write them: `FILE:LINE: field: why`.
pub(crate) fn refusals(file: &Path, lines: &[LineRefusal], lang: Lang) -> String {
    let name = if file == Path::new("-") { "-".to_owned() } else { file.display().to_string() };
    let mut text: Vec<String> = lines
        .iter()
        .map(|it| {
            let why = lang.t(&it.ko, &it.en);
            match it.field.as_str() {
                "" => format!("{name}:{}: {why}", it.line),
                field => format!("{name}:{}: {field}: {why}", it.line),
            }
        })
        .collect();
    text.push(match lang {
        Lang::Ko => {
            format!("고칠 곳이 {}군데 있습니다. 아무것도 저장하지 않았습니다.", lines.len())
        }
        Lang::En => format!("{} to correct. Nothing was saved.", lines.len()),
    });
    text.join("\n")
}

fn print(args: &WholeArgs, kind: Kind, site: &maeul_web::Site, done: &Imported) -> io::Result<()> {
    let lang = args.lang;
    let mut out = io::stdout().lock();
    let offices = site.offices();
    let office = offices
        .get(&done.office)
        .map_or_else(|| done.office.to_string(), |office| office.name(lang).to_owned());
    writeln!(out, "{office}: {}: {}", kind.name(lang), done.report.say(lang))?;
    for note in &done.report.notes {
        writeln!(out, "- {}", lang.t(&note.ko, &note.en))?;
    }
    if args.dry_run {
        let said = lang.t(
            "시험 실행이라 아무것도 저장하지 않았습니다.",
            "This was a dry run: nothing was saved.",
        );
        writeln!(out, "{said}")?;
    }
    if !done.accounts.is_empty() {
        let said = lang.t(
            "새 계정입니다. 비밀번호와 일회용 비밀키는 지금 한 번만 보입니다. 본인에게 안전하게 전하십시오.",
            "New accounts. The passwords and one-time secrets are shown only now; hand them over safely.",
        );
        writeln!(out, "\n{said}")?;
        for account in &done.accounts {
            let (login, password) = (&account.login, &account.password);
            writeln!(out, "{login}\t{password}\t{}", account.totp.to_base32())?;
        }
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_read_like_a_compilers() {
        let lines = [
            LineRefusal::new(3, "unit", "없는 부서입니다.", "There is no such unit."),
            LineRefusal::new(9, "", "칸이 모자랍니다.", "A cell is missing."),
        ];
        let said = refusals(Path::new("staff.csv"), &lines, Lang::En);
        assert_eq!(
            said,
            "staff.csv:3: unit: There is no such unit.\nstaff.csv:9: A cell is missing.\n2 to \
             correct. Nothing was saved."
        );
        assert!(refusals(Path::new("-"), &lines, Lang::Ko).starts_with("-:3: unit: 없는"));
    }
}
