//! `maeul backup`, `maeul restore`, `maeul verify`: the whole database as one sealed file, made
//! while the servers work, and brought back into an empty database of either engine.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use maeul_app::{bytes, migrations};
use maeul_base::{Clock, Ids, Lang};
use maeul_db::backup::{self, BackupKey, Manifest, Opening, Progress};
use maeul_db::{Db, DbOptions, Seal, keys_missing};

use crate::config::Config;
use crate::end::{End, Told};
use crate::open;
use crate::store::StoreArgs;

/// The environment may hold the passphrase instead of a file.
const PASSPHRASE: &str = "MAEUL_BACKUP_PASSPHRASE";

/// What a backup is sealed with.
#[derive(clap::Args, Clone, Debug)]
struct KeyArgs {
    /// A file of 64 hexadecimal digits, kept apart from the server; not field.key.
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_file")]
    key_file: Option<PathBuf>,
    /// A file that holds a passphrase; or set MAEUL_BACKUP_PASSPHRASE.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// 백업. / Write the whole database to one sealed file.
#[derive(clap::Args, Clone, Debug)]
pub struct BackupArgs {
    /// The file to make; it must not exist yet.
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    key: KeyArgs,
    /// Make the key file first, if it is not there.
    #[arg(long, requires = "key_file")]
    new_key: bool,
    #[command(flatten)]
    store: StoreArgs,
    /// Say nothing while it goes well.
    #[arg(long)]
    quiet: bool,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

/// 복원. / Bring a backup into an empty database.
#[derive(clap::Args, Clone, Debug)]
pub struct RestoreArgs {
    /// The backup.
    file: PathBuf,
    #[command(flatten)]
    key: KeyArgs,
    /// The empty database to bring it into: `sqlite:PATH` or `postgres://…`; either engine.
    #[arg(long, value_name = "URL", required_unless_present = "config")]
    to: Option<String>,
    /// The configuration file whose database it is brought into.
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    config: Option<PathBuf>,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

/// 백업 확인. / Open a backup and check every row of it.
#[derive(clap::Args, Clone, Debug)]
pub struct VerifyArgs {
    /// The backup.
    file: PathBuf,
    #[command(flatten)]
    key: KeyArgs,
    /// The manifest as JSON.
    #[arg(long)]
    json: bool,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

/// `maeul backup`
pub(crate) async fn back_up(args: BackupArgs) -> Told {
    let lang = args.lang;
    let config = args.store.config()?;
    if args.out.exists() {
        let out = args.out.display();
        return Err(End::refused(match lang {
            Lang::Ko => format!("out: {out} 파일이 이미 있습니다. 다른 이름을 주십시오."),
            Lang::En => format!("out: {out} exists already. Give another name."),
        }));
    }
    let ids = Ids::random();
    if let (true, Some(path)) = (args.new_key, &args.key.key_file) {
        make_key(path, &ids, lang)?;
    }
    let key = key(&args.key, lang)?;
    let db = there(&config, lang).await?;
    let field_key = Seal::load(&config.data_dir.join("field.key"))?.map(|seal| seal.mark());
    let opening = Opening {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: Clock::System.now(),
        engine: String::new(),
        migrations: vec![],
        field_key,
    };
    let progress = progress(args.quiet);
    let done = backup::back_up(&db, &args.out, key, opening, ids.bytes(), progress).await?;
    if !args.quiet {
        told(&done, lang);
        say(lang.t(
            "이 백업을 열려면 봉한 키가, 이름과 연락처를 읽으려면 field.key도 있어야 합니다. 둘 다 서버 밖에 따로 보관하십시오.",
            "Opening it takes the key it is sealed with, and reading names and contacts takes field.key too. Keep both away from the server.",
        ));
    }
    Ok(())
}

/// `maeul restore`
pub(crate) async fn restore(args: RestoreArgs) -> Told {
    let lang = args.lang;
    let key = key(&args.key, lang)?;
    let config = match &args.config {
        Some(path) => Some(Config::read(path, crate::env)?),
        None => None,
    };
    let to = match (&args.to, &config) {
        (Some(to), _) => to.clone(),
        (None, Some(config)) => config.database_url(),
        (None, None) => String::new(),
    };
    if let Some(config) = &config {
        std::fs::create_dir_all(&config.data_dir).map_err(End::doing("make the data directory"))?;
    }
    let db = Db::open(&to, DbOptions { pool_size: 2, ..DbOptions::default() }).await?;
    let now = Clock::System.now();
    let done = backup::restore(&db, &args.file, key, &migrations(), now, progress(false)).await;
    let done = done.map_err(|failure| End::of(failure, lang))?;
    told(&done, lang);
    if let (Some(config), Some(mark)) = (&config, &done.0.field_key) {
        let here = Seal::load(&config.data_dir.join("field.key"))?.map(|seal| seal.mark());
        if here.as_ref() != Some(mark) {
            say(lang.t(
                "주의: data_dir에 이 백업의 field.key가 없습니다. 서버를 켜기 전에 그 파일을 되돌려 놓으십시오. 없으면 이름과 연락처를 읽을 수 없습니다.",
                "Warning: data_dir does not hold the field.key of this backup. Put it back before starting the server; without it names and contacts cannot be read.",
            ));
        }
    }
    if let Some(config) = &config {
        keys_are_there(&db, config, lang).await?;
    }
    say(lang.t(
        "복원한 모든 행을 다시 읽어 백업의 목록과 같음을 확인했습니다.",
        "Every restored row was read again and is as the backup lists it.",
    ));
    Ok(())
}

/// Says which keys the restored rows need and the key file does not have.
async fn keys_are_there(db: &Db, config: &Config, lang: Lang) -> Told {
    let Some(seal) = Seal::load(&config.data_dir.join("field.key"))? else { return Ok(()) };
    let missing = db.read(move |tx| keys_missing(tx, &bytes(), Some(&seal))).await?;
    for (number, values) in missing {
        say(&match lang {
            Lang::Ko => format!(
                "주의: field.key에 키 {number}번이 없습니다. 그 키로 봉한 값 {values}개를 읽을 수 없습니다. 이 백업을 만들 때의 field.key에서 그 키를 되돌려 놓으십시오."
            ),
            Lang::En => format!(
                "Warning: key {number} is missing from field.key; {values} values sealed with it cannot be read. Put back the field.key of the time of this backup."
            ),
        });
    }
    Ok(())
}

/// `maeul verify`
pub(crate) fn verify(args: &VerifyArgs) -> Told {
    let lang = args.lang;
    let key = key(&args.key, lang)?;
    let done = backup::verify(&args.file, &key, &progress(true));
    let done = done.map_err(|failure| End::of(failure, lang))?;
    if args.json {
        let text = serde_json::json!({ "opening": done.0, "tables": done.1.tables });
        let mut out = std::io::stdout().lock();
        writeln!(out, "{text:#}").map_err(End::doing("print"))?;
    } else {
        told(&done, lang);
        say(lang.t("백업이 온전합니다.", "The backup is whole."));
    }
    Ok(())
}

/// The database of the configuration, if there is one: a backup of nothing is none.
async fn there(config: &Config, lang: Lang) -> Result<Db, End> {
    if let Some(path) = config.sqlite_file().filter(|path| !path.exists()) {
        let path = path.display();
        return Err(End::refused(match lang {
            Lang::Ko => {
                format!("database: {path} 파일이 없습니다. --config로 설정 파일을 주십시오.")
            }
            Lang::En => {
                format!("database: there is no {path}. Give the configuration with --config.")
            }
        }));
    }
    Ok(Db::open(&config.database_url(), DbOptions { pool_size: 1, ..DbOptions::default() }).await?)
}

fn key(args: &KeyArgs, lang: Lang) -> Result<BackupKey, End> {
    let text = |path: &Path| {
        std::fs::read_to_string(path)
            .map_err(|error| End::refused(format!("{}: {error}", path.display())))
    };
    if let Some(path) = &args.key_file {
        return BackupKey::of_file(&text(path)?).ok_or_else(|| {
            let path = path.display();
            End::refused(match lang {
                Lang::Ko => format!(
                    "key-file: {path}: 16진수 64자리가 아닙니다. --new-key로 만들 수 있습니다."
                ),
                Lang::En => {
                    format!("key-file: {path} is not 64 hexadecimal digits. --new-key makes one.")
                }
            })
        });
    }
    let words = match &args.passphrase_file {
        Some(path) => Some(text(path)?),
        None => crate::env(PASSPHRASE),
    };
    let words = words.map(|words| words.trim().to_owned()).unwrap_or_default();
    if words.chars().count() < 12 {
        return Err(End::refused(if words.is_empty() {
            lang.t(
                "백업을 봉할 키를 주십시오: --key-file FILE, --passphrase-file FILE 또는 MAEUL_BACKUP_PASSPHRASE.",
                "Give the key of the backup: --key-file FILE, --passphrase-file FILE or MAEUL_BACKUP_PASSPHRASE.",
            )
        } else {
            lang.t(
                "passphrase: 암호 문구는 12자 이상이어야 합니다.",
                "passphrase: a passphrase has at least 12 letters.",
            )
        }));
    }
    Ok(BackupKey::Passphrase(words))
}

fn make_key(path: &Path, ids: &Ids, lang: Lang) -> Told {
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = match made {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(End::refused(format!("{}: {error}", path.display()))),
    };
    let key: String = ids.bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
    writeln!(file, "{key}")
        .and_then(|()| file.sync_all())
        .map_err(End::doing("write the key file"))?;
    say(&match lang {
        Lang::Ko => format!("키를 만들었습니다: {}", path.display()),
        Lang::En => format!("made the key {}", path.display()),
    });
    Ok(())
}

fn progress(quiet: bool) -> Progress {
    Arc::new(move |table, rows| {
        if !quiet {
            say(&format!("{table:<32}{rows:>12}"));
        }
    })
}

fn told((opening, manifest): &(Opening, Manifest), lang: Lang) {
    let (made, from) = (maeul_base::seoul::iso(opening.made_at), &opening.engine);
    let (tables, rows) = (manifest.tables.len(), manifest.rows());
    say(&match lang {
        Lang::Ko => format!("{made} {from}: 표 {tables}개, 행 {rows}개"),
        Lang::En => format!("{made} {from}: {tables} tables, {rows} rows"),
    });
}

fn say(line: &str) {
    // Nobody may be reading.
    let _written = writeln!(std::io::stderr().lock(), "{line}");
}
