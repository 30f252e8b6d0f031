//! `maeul demo`: fills a database of its own with made-up reports and serves it.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use maeul_app::House;
use maeul_app::demo::{DemoAccount, DemoSummary, FillOptions, offices};
use maeul_base::Lang;
use maeul_people::{TotpSecret, totp_code};
use tokio::net::TcpListener;

use crate::config::{Config, Follow, Log};
use crate::end::{End, Told};
use crate::open;
use crate::serve::{announce, listen, serve};
use crate::store::{DEMO_DIR, DemoSchema};

/// The accounts of the demonstration, in its folder: written last, so it also says that the
/// demonstration is whole.
const ACCOUNTS: &str = "demo-accounts.json";
/// The database file. Not the name a real installation uses, so that `--fresh` can take none away.
const DATABASE: &str = "demo.db";
/// What other commands read to find this demonstration's database.
const CONFIG: &str = "maeul.toml";

/// 시연. / A demonstration.
#[derive(clap::Args, Clone, Debug)]
pub struct DemoArgs {
    /// The folder of the demonstration.
    #[arg(long, value_name = "D", default_value = DEMO_DIR)]
    pub dir: PathBuf,
    /// Where to listen; port 0 takes any free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// `postgres://…`: into a schema of its own there. Without it, SQLite in the folder.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Take away what an earlier demonstration left and begin anew.
    #[arg(long)]
    pub fresh: bool,
    /// The language of what is printed: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    pub lang: Lang,
}

/// Runs the command.
pub(crate) async fn run(mut args: DemoArgs) -> Told {
    open::log(&Log { filter: "warn".to_owned(), json: false }, None)?;
    std::fs::create_dir_all(&args.dir).map_err(End::doing("make the folder"))?;
    // What is kept in it must be found from any other folder too.
    args.dir = args.dir.canonicalize().map_err(End::doing("find the folder"))?;
    let place = Place::of(&args)?;
    // First of all, so that links can name the port.
    let listener = listen(&args.listen).await?;
    let whole = !args.fresh && is_whole(&args.dir, &place);
    if args.fresh {
        place.clear(&args.dir).await?;
    } else if !whole {
        place.prepare(&args.dir).await?;
    }
    let config = config(&args, &place, &listener)?;
    let house = open::open(&config).await?;
    if !whole && !house.site.offices().is_empty() {
        return Err(End::refused(args.lang.t(
            "이 데이터베이스에 다른 자료나 채우다 만 시연이 있습니다. 시연이라면 --fresh로 새로 시작하십시오.",
            "This database holds something else, or a demonstration that was not finished. If it is a \
             demonstration, begin anew with --fresh.",
        )));
    }
    keep(&args.dir, &config)?;
    let made = fill(&args, &house).await?;
    let accounts = accounts(&args.dir)?;
    tell(&args, &config, &house, made.as_ref(), &accounts).map_err(End::doing("print"))?;
    announce(&listener)?;
    serve(house, listener, None, None, Duration::ZERO).await
}

/// Where the demonstration's database is.
enum Place {
    /// A file in the folder.
    File(PathBuf),
    /// A schema on a server.
    Schema(DemoSchema),
}

impl Place {
    fn of(args: &DemoArgs) -> Result<Self, End> {
        match &args.database {
            None => Ok(Self::File(args.dir.join(DATABASE))),
            Some(url) if url.starts_with("sqlite:") => {
                let path = url.trim_start_matches("sqlite:");
                let path = PathBuf::from(path.strip_prefix("//").unwrap_or(path));
                let own = args.dir.join(DATABASE);
                if path == own {
                    return Ok(Self::File(own));
                }
                if args.fresh && path.exists() {
                    return Err(End::refused(format!(
                        "--fresh: {} 파일은 시연 폴더의 것이 아니어서 지우지 않습니다. --database 없이 쓰거나 \
                         파일을 직접 지우십시오. / this file is not the demonstration folder's own and is \
                         not removed; leave --database out, or remove it yourself",
                        path.display()
                    )));
                }
                Ok(Self::File(path))
            }
            Some(url) => Ok(Self::Schema(DemoSchema::on(url)?)),
        }
    }

    fn url(&self) -> String {
        match self {
            Self::File(path) => format!("sqlite:{}", path.display()),
            Self::Schema(schema) => schema.url.clone(),
        }
    }

    /// Readies a place in which no whole demonstration is: what is half-made in the folder goes.
    async fn prepare(&self, dir: &Path) -> Told {
        match self {
            Self::File(_) => self.clear(dir).await,
            Self::Schema(schema) => schema.make().await,
        }
    }

    /// Takes the demonstration's own database away, and nothing else.
    async fn clear(&self, dir: &Path) -> Told {
        let mut gone = vec![dir.join(ACCOUNTS), dir.join(open::MESSAGES)];
        match self {
            Self::File(path) if *path == dir.join(DATABASE) => {
                gone.extend(["", "-wal", "-shm"].map(|end| {
                    let mut name = path.clone().into_os_string();
                    name.push(end);
                    PathBuf::from(name)
                }));
            }
            Self::File(_) => {}
            Self::Schema(schema) => schema.make_anew().await?,
        }
        for path in gone {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(End::fault(format!("{}: {error}", path.display())));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Whether the folder's demonstration was filled to its end, in this place.
fn is_whole(dir: &Path, place: &Place) -> bool {
    let kept = Config::read(&dir.join(CONFIG), |_| None);
    dir.join(ACCOUNTS).exists() && kept.is_ok_and(|kept| kept.database == place.url())
}

fn config(args: &DemoArgs, place: &Place, listener: &TcpListener) -> Result<Config, End> {
    let address = listener.local_addr().map_err(End::doing("the address listened on"))?;
    // An address that means "every" is none to follow.
    let host = if address.ip().is_unspecified() {
        "127.0.0.1".to_owned()
    } else if address.is_ipv6() {
        format!("[{}]", address.ip())
    } else {
        address.ip().to_string()
    };
    Ok(Config {
        listen: address,
        base_url: format!("http://{host}:{}", address.port()),
        database: place.url(),
        data_dir: args.dir.clone(),
        default_office: offices().first().map_or(0, |office| office.0),
        demo: true,
        // Whoever tries a demonstration is one address, and nobody is written to.
        follow: Follow { asks_an_hour: 1_000, ..Follow::default() },
        ..Config::default()
    })
}

/// Other commands find the demonstration by its folder; the address may hold a password.
fn keep(dir: &Path, config: &Config) -> Told {
    let kept = toml::Table::from_iter([
        ("listen".to_owned(), toml::Value::from(config.listen.to_string())),
        ("base_url".to_owned(), config.base_url.clone().into()),
        ("database".to_owned(), config.database.clone().into()),
        ("data_dir".to_owned(), config.data_dir.display().to_string().into()),
        ("default_office".to_owned(), i64::from(config.default_office).into()),
        ("demo".to_owned(), true.into()),
    ]);
    private_file(&dir.join(CONFIG), &kept.to_string())
}

/// Makes up the reports, unless they are there.
async fn fill(args: &DemoArgs, house: &House) -> Result<Option<DemoSummary>, End> {
    if !house.site.offices().is_empty() {
        return Ok(None);
    }
    let summary =
        maeul_app::demo::fill(&house.site, &FillOptions::at(house.site.clock().now())).await?;
    let text = serde_json::to_string_pretty(&summary.accounts)
        .map_err(End::doing("write the accounts"))?;
    private_file(&args.dir.join(ACCOUNTS), &(text + "\n"))?;
    Ok(Some(summary))
}

fn accounts(dir: &Path) -> Result<Vec<DemoAccount>, End> {
    let path = dir.join(ACCOUNTS);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(End::fault(format!(
                "{} is missing: this database is no demonstration's. Choose another --dir",
                path.display()
            )));
        }
        Err(error) => return Err(End::fault(format!("{}: {error}", path.display()))),
    };
    serde_json::from_str(&text)
        .map_err(|error| End::fault(format!("{}: {error}; try --fresh", path.display())))
}

/// Writes a file whole or not at all, for its owner alone.
fn private_file(path: &Path, text: &str) -> Told {
    let part = path.with_extension("part");
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&part)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| std::fs::rename(&part, path));
    written.map_err(|error| End::fault(format!("{}: {error}", path.display())))
}

/// What the office of a 동 is called.
const DONG_OFFICE: &str = "행정복지센터";

/// The logins worth showing: one of each role, and one of a 동.
const SHOWN: [&str; 4] = ["road1", "roadhead", "coordinator", "admin"];

fn tell(
    args: &DemoArgs,
    config: &Config,
    house: &House,
    made: Option<&DemoSummary>,
    accounts: &[DemoAccount],
) -> io::Result<()> {
    let lang = args.lang;
    let mut text = String::new();
    let said = match made {
        Some(_) => lang.t(
            "시연용으로 꾸며 낸 민원을 채웠습니다. 실제 사람이나 사건과 관계없습니다.",
            "Filled with made-up reports, which concern no real person or event.",
        ),
        None => lang.t(
            "있던 시연 자료를 그대로 씁니다. 새로 채우려면 --fresh를 쓰십시오.",
            "Using the demonstration that is there. To make a new one: --fresh",
        ),
    };
    let _ = writeln!(text, "{said}");
    for office in made.map(|made| &made.offices).into_iter().flatten() {
        let name = lang.t(&office.name_ko, &office.name_en);
        let (reports, open, slug) = (office.reports, office.open, &office.slug);
        let _ = match lang {
            Lang::Ko => writeln!(text, "  {name}: 민원 {reports}건 (처리 중 {open}건)  /o/{slug}/"),
            Lang::En => writeln!(text, "  {name}: {reports} reports ({open} open)  /o/{slug}/"),
        };
    }
    let _ = writeln!(text, "\n  {}", lang.t("주민 화면", "Residents"));
    let _ = writeln!(text, "    {}/", config.base_url);
    let _ = writeln!(text, "  {}", lang.t("직원 화면", "Staff"));
    let _ = writeln!(text, "    {}/staff", config.base_url);
    let _ = writeln!(
        text,
        "\n  {} {}",
        lang.t("비밀번호(모든 시연 계정):", "Password of every account:"),
        maeul_app::demo::PASSWORD
    );
    let now = house.site.clock().now();
    for account in shown(accounts) {
        let code = code(account, now);
        let _ = writeln!(
            text,
            "    {:<16} {}  {} {code}  {}",
            account.login,
            account.totp_secret,
            lang.t("지금 코드", "code now"),
            account_line(account),
        );
    }
    let _ = writeln!(
        text,
        "  {} {}",
        lang.t(
            "코드는 30초마다 바뀝니다. 비밀키를 인증 앱에 넣으십시오. 모든 계정:",
            "Codes change every 30 seconds; put the secret into an authenticator app. All accounts:",
        ),
        args.dir.join(ACCOUNTS).display()
    );
    let _ = writeln!(
        text,
        "  {} {}\n",
        lang.t("보낸 것으로 치는 문자와 전자우편:", "Messages that would have been sent:"),
        args.dir.join(open::MESSAGES).display()
    );
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}

fn shown(accounts: &[DemoAccount]) -> Vec<&DemoAccount> {
    let home = accounts.first().map(|first| first.office.clone()).unwrap_or_default();
    let at_home: Vec<&DemoAccount> = accounts.iter().filter(|it| it.office == home).collect();
    let mut shown: Vec<&DemoAccount> = SHOWN
        .iter()
        .filter_map(|login| at_home.iter().find(|it| it.login == *login).copied())
        .collect();
    let of_dong = at_home.iter().find(|it| it.role == "officer" && it.unit.ends_with(DONG_OFFICE));
    shown.extend(of_dong.copied());
    shown
}

fn account_line(account: &DemoAccount) -> String {
    format!("{} · {} ({})", account.unit, account.name, account.role)
}

fn code(account: &DemoAccount, now: Timestamp) -> String {
    TotpSecret::from_base32(&account.totp_secret)
        .and_then(|secret| totp_code(&secret, now).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(dir: &Path, database: Option<&str>, fresh: bool) -> DemoArgs {
        DemoArgs {
            dir: dir.to_owned(),
            listen: "127.0.0.1:0".to_owned(),
            database: database.map(str::to_owned),
            fresh,
            lang: Lang::Ko,
        }
    }

    #[tokio::test]
    async fn fresh_takes_away_only_its_own() {
        let dir = tempfile::tempdir().unwrap();
        for name in [DATABASE, "demo.db-wal", ACCOUNTS, "maeul.db", "field.key"] {
            std::fs::write(dir.path().join(name), "x").unwrap();
        }
        let own = args(dir.path(), None, true);
        Place::of(&own).unwrap().clear(dir.path()).await.unwrap();
        let mut left: Vec<_> = std::fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(left, ["field.key", "maeul.db"]);

        let other = format!("sqlite:{}", dir.path().join("maeul.db").display());
        assert_eq!(Place::of(&args(dir.path(), Some(&other), true)).err().unwrap().code, 1);
        assert!(Place::of(&args(dir.path(), Some(&other), false)).is_ok());
    }
}
