//! `maeul db`: what the database as a whole is asked.

use std::io::{self, Write as _};

use maeul_base::Lang;
use maeul_db::distribute::{Distribution, distribution, has_citus};
use maeul_db::{Db, Engine};

use crate::end::{End, Told};
use crate::open;
use crate::store::StoreArgs;

/// 데이터베이스. / The database.
#[derive(clap::Args, Clone, Debug)]
pub struct DbArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Command {
    /// Print the statements that spread the tables over a Citus cluster by office, or run them.
    Distribute(DistributeArgs),
}

#[derive(clap::Args, Clone, Debug)]
struct DistributeArgs {
    /// Run the statements. No server may be running, and the database must be backed up.
    #[arg(long)]
    apply: bool,
    #[command(flatten)]
    store: StoreArgs,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

/// Runs the command.
pub(crate) async fn run(args: DbArgs) -> Told {
    let Command::Distribute(args) = args.command;
    let lang = args.lang;
    let config = args.store.config()?;
    let house = open::open(&config).await?;
    let db = house.site.db();
    if db.engine() == Engine::Sqlite {
        return Err(End::refused(lang.t(
            "SQLite는 한 대에서만 씁니다. 여러 대로 나누려면 PostgreSQL로 옮기십시오: maeul backup, 그다음 maeul restore --to postgres://…",
            "SQLite serves one machine. To spread over several, move to PostgreSQL: maeul backup, then maeul restore --to postgres://…",
        )));
    }
    let plan = db.read(distribution).await?;
    let mut out = io::stdout().lock();
    if !plan.obstacles.is_empty() {
        return Err(End::refused(obstacles(&plan, lang)));
    }
    if !args.apply {
        for statement in &plan.statements {
            writeln!(out, "{statement};").map_err(End::doing("print"))?;
        }
        return Ok(());
    }
    apply(db, &plan, lang).await?;
    writeln!(
        out,
        "{}: {}",
        lang.t("나눈 테이블", "tables spread over the workers"),
        plan.distributed.len()
    )
    .map_err(End::doing("print"))
}

fn obstacles(plan: &Distribution, lang: Lang) -> String {
    let lines: Vec<String> =
        plan.obstacles.iter().map(|it| format!("  {} {}: {}", it.table, it.key, it.why)).collect();
    let head = lang.t(
        "나눌 수 없는 테이블이 있습니다. 이 판에서 만든 테이블이 아니면 옮기거나 지우십시오.",
        "These tables cannot be spread. Move or remove what this version did not make.",
    );
    format!("{head}\n{}", lines.join("\n"))
}

async fn apply(db: &Db, plan: &Distribution, lang: Lang) -> Told {
    if !db.read(has_citus).await? {
        return Err(End::refused(lang.t(
            "이 서버에는 Citus 확장이 없습니다. docs/scaling.md의 순서대로 클러스터를 먼저 만드십시오. 아무것도 바꾸지 않았습니다.",
            "This server has no Citus extension. Make the cluster first, as docs/scaling.md says. Nothing was changed.",
        )));
    }
    let plan = plan.clone();
    db.write(move |tx| maeul_db::distribute::apply(tx, &plan)).await?;
    Ok(())
}
