//! `maeul doctor`: looks at everything an installation stands on and says, a line each, what is
//! well, doubtful or wrong and how to mend it. It changes nothing.

mod channels;
mod data;
mod machine;

use std::io::Write as _;

use maeul_base::{Clock, Lang};
use maeul_db::{Db, DbOptions, Seal};

use crate::config::Config;
use crate::config_check;
use crate::end::{End, Told};
use crate::finding::{Findings, Level};
use crate::open;
use crate::store::StoreArgs;

/// 점검. / Look the installation over.
#[derive(clap::Args, Clone, Debug)]
pub struct DoctorArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

/// Runs the command: exit code 0 where nothing is wrong, 1 where something is.
pub(crate) async fn run(args: DoctorArgs) -> Told {
    let mut findings = Findings::new(args.lang);
    match args.store.config() {
        Ok(config) => look(&config, &mut findings).await,
        Err(error) => findings.bad(
            "config",
            (error.to_string(), error.to_string()),
            ("maeul config check로 자세히 보십시오.", "See maeul config check."),
        ),
    }
    let mut out = std::io::stdout().lock();
    let printed = if args.json {
        let text = serde_json::to_string_pretty(&findings.all).map_err(End::doing("print"))?;
        writeln!(out, "{text}")
    } else {
        findings.print(&mut out)
    };
    printed.map_err(End::doing("print"))?;
    match findings.worst() {
        Level::Bad => Err(End::refused(args.lang.t(
            "잘못된 것이 있습니다. BAD 줄의 화살표를 따르십시오.",
            "Something is wrong: follow the arrows of the lines marked BAD.",
        ))),
        _ => Ok(()),
    }
}

async fn look(config: &Config, findings: &mut Findings) {
    let before = findings.all.len();
    config_check::judge(config, findings);
    if findings.all.len() == before {
        findings.ok("config", "설정에 잘못이 없습니다.", "Nothing is wrong with the settings.");
    }
    machine::folder(config, findings);
    machine::disk(config, findings);
    machine::mail_server(config, findings).await;
    channels::texts(config, findings).await;
    channels::letters(config, findings).await;
    channels::providers(config, findings).await;
    let seal = machine::key(config, findings);
    if let Some(db) = database(config, findings).await {
        data::look(&db, config, seal.as_ref(), Clock::System.now(), findings).await;
        channels::transfers(&db, findings).await;
    }
}

/// Opens the database, if it is there.
async fn database(config: &Config, findings: &mut Findings) -> Option<Db> {
    if let Some(path) = config.sqlite_file().filter(|path| !path.exists()) {
        findings.warn(
            "database",
            (
                format!("아직 없습니다: {}", path.display()),
                format!("not there yet: {}", path.display()),
            ),
            (
                "maeul serve나 maeul import org가 만듭니다.",
                "maeul serve or maeul import org makes it.",
            ),
        );
        return None;
    }
    let options = DbOptions { pool_size: 1, ..DbOptions::default() };
    match Db::open(&config.database_url(), options).await {
        Ok(db) => Some(db),
        Err(fault) => {
            findings.bad(
                "database",
                (fault.chain(), fault.chain()),
                (
                    "데이터베이스 서버가 켜져 있는지, 주소와 비밀번호가 맞는지, 서버의 인증서가 sslrootcert의 인증기관 것인지 확인하십시오.",
                    "Check that the database server runs, that address and password are right, and that its certificate comes from an authority in sslrootcert.",
                ),
            );
            None
        }
    }
}

/// The keys, where there are any.
type Keys = Option<Seal>;
