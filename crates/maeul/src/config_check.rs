//! `maeul config check`: every setting with its value and where it comes from, secrets masked, and
//! what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use maeul_base::Lang;
use maeul_db::{TlsMode, TlsPlan};
use maeul_outside::SmtpGateway;
use serde::Serialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, ENVIRONMENT};
use crate::end::{End, Told};
use crate::finding::{Finding, Findings, Level};
use crate::open;

/// 설정. / The configuration.
#[derive(clap::Args, Clone, Debug)]
pub struct ConfigArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Command {
    /// Show every setting with its value and source, and say what is wrong.
    Check(CheckArgs),
}

#[derive(clap::Args, Clone, Debug)]
struct CheckArgs {
    /// The configuration file; without it, the defaults.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    lang: Lang,
}

/// One setting as it is in force.
#[derive(Debug, Serialize)]
struct Setting {
    /// With dots: `mail.smtp`.
    name: String,
    /// As TOML; secrets masked; nothing where it is not set.
    value: Option<String>,
    /// `default`, `file:12` or the name of the variable.
    source: String,
}

/// Runs the command.
pub(crate) fn run(args: ConfigArgs) -> Told {
    let Command::Check(args) = args.command;
    let (settings, findings) = check(args.config.as_deref(), args.lang, crate::env)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        let text = serde_json::json!({ "settings": settings, "findings": findings.all });
        writeln!(out, "{text:#}").map_err(End::doing("print"))?;
    } else {
        for Setting { name, value, source } in &settings {
            let value = value.as_deref().unwrap_or("-");
            writeln!(out, "{name:<18} = {value:<44} # {source}").map_err(End::doing("print"))?;
        }
        writeln!(out).and_then(|()| findings.print(&mut out)).map_err(End::doing("print"))?;
    }
    if findings.worst() == Level::Bad {
        return Err(End::refused(
            args.lang.t("고칠 것이 있습니다.", "There is something to mend."),
        ));
    }
    Ok(())
}

/// The settings in force and what is to be said of them.
fn check(
    path: Option<&Path>,
    lang: Lang,
    env: impl Fn(&str) -> Option<String>,
) -> Result<(Vec<Setting>, Findings), End> {
    let mut findings = Findings::new(lang);
    let mut config = Config::default();
    let mut lines = BTreeMap::new();
    if let Some(path) = path {
        let text = std::fs::read_to_string(path)
            .map_err(|source| crate::config::ConfigError::Read { path: path.to_owned(), source })?;
        lines = lines_of(&text);
        match toml::from_str(&text) {
            Ok(read) => config = read,
            Err(error) => {
                let line = error.span().map(|span| line_of(&text, span.start));
                findings.bad(
                    "file",
                    (error.message().to_owned(), error.message().to_owned()),
                    (
                        "그 줄을 고치십시오. 있는 설정의 이름은 위에, 뜻은 docs/operations.md에 있습니다.",
                        "Mend that line. The settings there are stand above, their meaning in docs/operations.md.",
                    ),
                );
                if let Some(finding) = findings.all.last_mut() {
                    finding.line = line;
                }
            }
        }
    }
    config.override_from(&env);
    let settings = settings(&config, &lines, &env)?;
    judge(&config, &mut findings);
    if let Some(path) = path {
        readable_secrets(path, &settings, &mut findings);
    }
    for Finding { check, line, .. } in &mut findings.all {
        *line = line.or_else(|| lines.get(check).copied());
    }
    if findings.all.is_empty() {
        findings.ok("settings", "설정에 잘못이 없습니다.", "Nothing is wrong with the settings.");
    }
    Ok((settings, findings))
}

/// What is doubtful or wrong with settings that could be read.
pub(crate) fn judge(config: &Config, findings: &mut Findings) {
    let local = |host: &str| host.starts_with("127.") || host == "localhost" || host == "[::1]";
    let host = config.base_url.split("://").nth(1).unwrap_or_default();
    let host = host.split(['/', ':']).next().unwrap_or_default();
    if !config.base_url.starts_with("http://") && !config.base_url.starts_with("https://") {
        findings.bad(
            "base_url",
            (
                format!("http로 시작하지 않습니다: {}", config.base_url),
                format!("does not begin with http: {}", config.base_url),
            ),
            (
                "주민이 쓰는 주소를 https://로 시작해 적으십시오.",
                "Write the address residents use, beginning with https://.",
            ),
        );
    } else if config.base_url.starts_with("http://") && !local(host) {
        findings.warn(
            "base_url",
            (
                "암호화되지 않은 주소입니다. 쿠키에 Secure가 붙지 않습니다.",
                "The address is not encrypted; cookies are not marked Secure.",
            ),
            (
                "앞단 프록시에 인증서를 두고 https:// 주소를 적으십시오.",
                "Put a certificate on the proxy before it and write the https:// address.",
            ),
        );
    }
    if !config.listen.ip().is_loopback() {
        findings.warn(
            "listen",
            ("프록시를 거치지 않고도 닿을 수 있습니다. Maeul은 암호화하지 않은 HTTP로 답합니다.", "It can be reached around the proxy, and Maeul answers in plain HTTP."),
            ("프록시가 같은 기계에 있으면 127.0.0.1을 쓰고, 아니면 방화벽으로 막으십시오.", "With the proxy on this machine, listen on 127.0.0.1; otherwise let the firewall allow the proxy only."),
        );
    }
    if config.metrics_listen.is_some_and(|address| !address.ip().is_loopback()) {
        findings.warn(
            "metrics_listen",
            (
                "다른 기계에서 지표를 읽을 수 있습니다.",
                "The numbers can be read from other machines.",
            ),
            (
                "감시 서버만 닿도록 방화벽으로 막으십시오.",
                "Let the firewall allow the monitoring server only.",
            ),
        );
    }
    let url = config.database_url();
    if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) {
        findings.bad(
            "database",
            ("모르는 데이터베이스 주소입니다.", "This is no address of a database."),
            (
                "sqlite:경로 또는 postgres://사용자@호스트/이름을 적으십시오.",
                "Write sqlite:PATH or postgres://USER@HOST/NAME.",
            ),
        );
    }
    way_to_database(&url, findings);
    mail(config, findings);
    providers(config, findings);
    if let Some(url) = config.telemetry.otlp_endpoint.as_deref()
        && !url.starts_with("http://")
        && !url.starts_with("https://")
    {
        findings.bad(
            "telemetry.otlp_endpoint",
            ("HTTP 주소가 아닙니다.", "This is no HTTP address."),
            (
                "수집기의 OTLP/HTTP 주소를 적으십시오: http://127.0.0.1:4318",
                "Write the collector's address for OTLP over HTTP: http://127.0.0.1:4318",
            ),
        );
    }
    if let Err(error) = EnvFilter::try_new(&config.log.filter) {
        findings.bad(
            "log.filter",
            (error.to_string(), error.to_string()),
            (
                "info 또는 info,maeul_db=debug처럼 적으십시오.",
                "Write something like info or info,maeul_db=debug.",
            ),
        );
    }
    if config.demo {
        findings.warn(
            "demo",
            (
                "모든 페이지에 시연용이라고 표시됩니다.",
                "Every page says that it is a demonstration.",
            ),
            ("실제로 운영한다면 이 줄을 지우십시오.", "In earnest, remove this line."),
        );
    }
    if config.data_dir.is_relative() {
        findings.warn(
            "data_dir",
            (
                "상대 경로라서 어디에서 켜느냐에 따라 다른 폴더가 됩니다.",
                "A relative path: another folder for each place it is started from.",
            ),
            (
                "/var/lib/maeul처럼 절대 경로를 적으십시오.",
                "Write an absolute path such as /var/lib/maeul.",
            ),
        );
    }
}

/// The offices' own identity providers: what is written of them.
fn providers(config: &Config, findings: &mut Findings) {
    let (mut names, mut buttons) = (BTreeSet::new(), BTreeSet::new());
    for it in &config.staff.oidc {
        let check = "staff.oidc";
        if !names.insert((it.office, &it.name)) {
            let which = it.label();
            findings.bad(
                check,
                (
                    format!("이름이 같은 로그인 서버가 둘입니다: {which}"),
                    format!("two providers have one name: {which}"),
                ),
                (
                    "둘째부터는 name에 서로 다른 이름을 적으십시오. 이름은 로그인 서버에 등록하는 주소에 들어갑니다.",
                    "Write another name for each but the first; it stands in the address that is registered at the provider.",
                ),
            );
        }
        let korean = buttons.insert((it.office, "ko", &it.label_ko));
        if !buttons.insert((it.office, "en", &it.label_en)) || !korean {
            findings.warn(
                check,
                (
                    format!("로그인 화면의 두 단추가 같은 말입니다: {}", it.label_ko),
                    format!("two buttons of the sign-in page say the same: {}", it.label_en),
                ),
                (
                    "label_ko와 label_en에 서로 다른 말을 적으십시오.",
                    "Write different words into label_ko and label_en.",
                ),
            );
        }
        if !it.name_fits() {
            findings.bad(
                check,
                (
                    format!("name에 쓸 수 없는 글자가 있습니다: {}", it.name),
                    format!("name holds what cannot stand there: {}", it.name),
                ),
                (
                    "영어 소문자, 숫자, 붙임표로 마흔 자까지 적으십시오.",
                    "Write small letters, digits and hyphens, forty at the most.",
                ),
            );
        }
        let host = it.issuer.split("://").nth(1).unwrap_or_default();
        let here = host.starts_with("127.0.0.1") || host.starts_with("localhost");
        let near = here && it.issuer.starts_with("http://");
        if !near && !it.issuer.starts_with("https://") {
            findings.bad(
                check,
                (
                    format!("issuer가 https 주소가 아닙니다: {}", it.issuer),
                    format!("issuer is no https address: {}", it.issuer),
                ),
                (
                    "로그인 서버가 discovery에서 issuer라고 부르는 https 주소를 그대로 적으십시오.",
                    "Write the https address that the provider's discovery calls issuer, exactly so.",
                ),
            );
        }
        if it.client_id.trim().is_empty() || it.login_claim.trim().is_empty() {
            findings.bad(
                check,
                ("client_id나 login_claim이 비었습니다.", "client_id or login_claim is empty."),
                (
                    "로그인 서버에 등록한 이름과, 아이디가 든 claim의 이름을 적으십시오.",
                    "Write what the provider calls us, and the claim that holds the login.",
                ),
            );
        }
        if let Err(error) = it.secret(|_| None) {
            let file = it.client_secret_file.clone().unwrap_or_default();
            findings.bad(
                check,
                (format!("{}: {error}", file.display()), format!("{}: {error}", file.display())),
                (
                    "client_secret_file을 maeul 사용자만 읽을 수 있게 두십시오.",
                    "Put client_secret_file where the user maeul, and nobody else, can read it.",
                ),
            );
        }
    }
}

/// How what is asked of PostgreSQL travels.
fn way_to_database(url: &str, findings: &mut Findings) {
    if !url.starts_with("postgres:") && !url.starts_with("postgresql:") {
        return;
    }
    match TlsPlan::of(url) {
        Err(fault) => findings.bad(
            "database",
            (fault.chain(), fault.chain()),
            (
                "postgres://사용자@호스트/이름?sslmode=verify-full&sslrootcert=/경로/ca.pem처럼 적으십시오.",
                "Write it like postgres://USER@HOST/NAME?sslmode=verify-full&sslrootcert=/PATH/ca.pem.",
            ),
        ),
        Ok(plan) if !plan.here && plan.mode < TlsMode::VerifyCa => findings.warn(
            "database",
            (
                format!(
                    "다른 기계의 PostgreSQL인데 인증서를 확인하지 않습니다(sslmode={}).",
                    plan.mode.as_str()
                ),
                format!(
                    "PostgreSQL is on another machine and its certificate is not checked (sslmode={}).",
                    plan.mode.as_str()
                ),
            ),
            (
                "sslmode를 빼거나 verify-full로 하고, 기관의 인증기관 파일을 sslrootcert로 주십시오.",
                "Leave sslmode out or make it verify-full, and name your authority's file with sslrootcert.",
            ),
        ),
        Ok(_) => {}
    }
}

fn mail(config: &Config, findings: &mut Findings) {
    match &config.mail.smtp {
        None => findings.warn(
            "mail.smtp",
            (
                "메일 서버가 없어 메일을 보내지 않고 data_dir/messages.jsonl에 적습니다.",
                "Without a mail server, mail is not sent but written to data_dir/messages.jsonl.",
            ),
            (
                "기관의 메일 서버 주소를 적으십시오: smtp://호스트:25",
                "Write the address of the office's mail server: smtp://HOST:25",
            ),
        ),
        Some(url) => {
            let from = config.mail.from.as_deref().unwrap_or_default();
            if let Err(error) = SmtpGateway::new(url, from) {
                let check =
                    if error.to_string().contains("mail.from") { "mail.from" } else { "mail.smtp" };
                findings.bad(
                    check,
                    (error.to_string(), error.to_string()),
                    (
                        "[mail]의 smtp와 from을 위와 같이 적으십시오.",
                        "Write smtp and from of [mail] like that.",
                    ),
                );
            }
        }
    }
}

/// A file that others may read should hold no password.
fn readable_secrets(path: &Path, settings: &[Setting], findings: &mut Findings) {
    let secret = settings.iter().any(|setting| {
        setting.source.starts_with("file:")
            && setting.value.as_deref().is_some_and(|it| it.contains(MASK))
    });
    let mode = std::fs::metadata(path).map_or(0, |it| it.permissions().mode());
    if secret && mode & 0o077 != 0 {
        findings.warn(
            "file",
            (
                format!("비밀번호가 든 파일을 다른 사용자가 읽을 수 있습니다({:o}).", mode & 0o777),
                format!("The file holds a password and others can read it ({:o}).", mode & 0o777),
            ),
            (
                "chmod 640으로 바꾸거나 비밀번호를 환경 변수로 옮기십시오.",
                "chmod it to 640, or move the password into the environment.",
            ),
        );
    }
}

/// Stands for a secret.
const MASK: &str = "•••";

fn settings(
    config: &Config,
    lines: &BTreeMap<String, usize>,
    env: &impl Fn(&str) -> Option<String>,
) -> Result<Vec<Setting>, End> {
    let tree = serde_json::to_value(config).map_err(End::doing("list the settings"))?;
    let mut found = vec![];
    flatten("", &tree, &mut found);
    Ok(found
        .into_iter()
        .map(|(name, value)| {
            let variable = ENVIRONMENT
                .iter()
                .find(|(variable, setting)| *setting == name && env(variable).is_some());
            let source = match (variable, lines.get(&name)) {
                (Some((variable, _)), _) => (*variable).to_owned(),
                (None, Some(line)) => format!("file:{line}"),
                (None, None) => "default".to_owned(),
            };
            let value = (!value.is_null()).then(|| masked(&name, &value));
            Setting { name, value, source }
        })
        .collect())
}

fn flatten(prefix: &str, value: &serde_json::Value, into: &mut Vec<(String, serde_json::Value)>) {
    match value {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                flatten(&name, value, into);
            }
        }
        other => into.push((prefix.to_owned(), other.clone())),
    }
}

/// A value with its secret parts hidden: by the name of the setting, and the password of an address.
fn masked(name: &str, value: &serde_json::Value) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    let secret = name.split('.').any(|part| part == "secrets")
        || ["password", "secret", "token", "key"].iter().any(|word| last.ends_with(word));
    let Some(text) = value.as_str() else {
        return if secret { MASK.to_owned() } else { value.to_string() };
    };
    if secret && !text.is_empty() {
        return MASK.to_owned();
    }
    format!("{:?}", without_password(text))
}

fn without_password(text: &str) -> String {
    let hidden = || {
        let (scheme, rest) = text.split_once("://")?;
        let (user, host) = rest.rsplit_once('@')?;
        let (user, _) = user.split_once(':')?;
        Some(format!("{scheme}://{user}:{MASK}@{host}"))
    };
    let shown = hidden().unwrap_or_else(|| text.to_owned());
    // A password may also stand among the parameters.
    match shown.split_once("password=") {
        Some((before, after)) => {
            let rest = after.find('&').and_then(|at| after.get(at..)).unwrap_or_default();
            format!("{before}password={MASK}{rest}")
        }
        None => shown,
    }
}

/// The line of each key of a TOML file, by its name with dots.
fn lines_of(text: &str) -> BTreeMap<String, usize> {
    fn walk(text: &str, prefix: &str, table: &DeTable<'_>, into: &mut BTreeMap<String, usize>) {
        for (key, value) in table.iter() {
            let name = format!("{prefix}{}", key.get_ref());
            match value.get_ref() {
                DeValue::Table(inner) => walk(text, &format!("{name}."), inner, into),
                _ => {
                    into.insert(name, line_of(text, Spanned::span(key).start));
                }
            }
        }
    }
    let mut lines = BTreeMap::new();
    let (document, _) = DeTable::parse_recoverable(text);
    walk(text, "", document.get_ref(), &mut lines);
    lines
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str, env: &[(&str, &str)]) -> (Vec<Setting>, Findings) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("maeul.toml");
        std::fs::write(&file, text).unwrap();
        let env = |name: &str| env.iter().find(|it| it.0 == name).map(|it| it.1.to_owned());
        check(Some(&file), Lang::En, env).unwrap()
    }

    fn setting<'a>(settings: &'a [Setting], name: &str) -> (&'a str, &'a str) {
        let found = settings.iter().find(|it| it.name == name).unwrap();
        (found.value.as_deref().unwrap_or("-"), &found.source)
    }

    #[test]
    fn every_setting_has_its_value_and_source_and_no_secret_is_shown() {
        let text = "base_url = \"https://minwon.example.kr\"\n\ndata_dir = \"/var/lib/maeul\"\n\
                    database = \"postgres://maeul:geheim@db/maeul\"\n[mail]\n# the server\n\
                    from = \"a@example.kr\"\n";
        let env = [("MAEUL_SMTP", "smtps://u:geheim@mail:465")];
        let (settings, findings) = checked(text, &env);
        assert_eq!(setting(&settings, "base_url"), ("\"https://minwon.example.kr\"", "file:1"));
        assert_eq!(setting(&settings, "database"), ("\"postgres://maeul:•••@db/maeul\"", "file:4"));
        assert_eq!(setting(&settings, "mail.from").1, "file:7");
        assert_eq!(setting(&settings, "mail.smtp"), ("\"smtps://u:•••@mail:465\"", "MAEUL_SMTP"));
        assert_eq!(setting(&settings, "log.json"), ("false", "default"));
        assert_eq!(setting(&settings, "metrics_listen"), ("-", "default"));
        assert!(!format!("{settings:?}{findings:?}").contains("geheim"));
        let doubtful: Vec<_> =
            findings.all.iter().map(|it| (it.level, it.check.as_str())).collect();
        assert_eq!(doubtful, [(Level::Warn, "file")], "others can read the password");
    }

    #[test]
    fn providers_of_one_name_or_one_button_are_told_of() {
        let one = |more: &str| {
            let issuer = "issuer = \"https://sso.example.kr\"\nclient_id = \"m\"";
            format!("[[staff.oidc]]\noffice = 29140\n{issuer}\n{more}\n")
        };
        let told = |second: &str| {
            let (_, findings) = checked(&(one("") + &one(second)), &[]);
            let oidc = findings.all.iter().filter(|it| it.check == "staff.oidc");
            oidc.map(|it| it.level).collect::<Vec<_>>()
        };
        let words = "label_ko = \"둘\"\nlabel_en = \"Two\"\n";
        assert_eq!((told(""), told(words)), (vec![Level::Bad, Level::Warn], vec![Level::Bad]));
        assert_eq!(told("name = \"two\""), [Level::Warn]);
        assert_eq!(told(&format!("{words}name = \"two\"")), []);
        assert_eq!(told(&format!("{words}name = \"Two/\"")), [Level::Bad]);
    }

    #[test]
    fn each_mistake_is_named_with_its_line_and_what_to_do() {
        for (line, check, level) in [
            ("base_url = \"minwon.example.kr\"", "base_url", Level::Bad),
            ("base_url = \"http://minwon.example.kr\"", "base_url", Level::Warn),
            ("listen = \"0.0.0.0:80\"", "listen", Level::Warn),
            ("metrics_listen = \"0.0.0.0:80\"", "metrics_listen", Level::Warn),
            ("database = \"mysql://x\"", "database", Level::Bad),
            ("database = \"postgres://db/x?sslmode=full\"", "database", Level::Bad),
            ("database = \"postgres://db/x?sslmode=require\"", "database", Level::Warn),
            ("mail.smtp = \"nowhere\"\nmail.from = \"a@example.kr\"", "mail.smtp", Level::Bad),
            ("demo = true", "demo", Level::Warn),
            ("telemetry.otlp_endpoint = \"x:1\"", "telemetry.otlp_endpoint", Level::Bad),
            ("log.filter = \"maeul=loud=er\"", "log.filter", Level::Bad),
            ("data_dir = \"var\"", "data_dir", Level::Warn),
        ] {
            let (_, findings) = checked(&format!("\n{line}\n"), &[]);
            let found = findings.all.iter().find(|it| it.check == check);
            let found = found.unwrap_or_else(|| panic!("{check}: {findings:?}"));
            assert_eq!((found.level, found.line), (level, Some(2)), "{found:?}");
            assert!(found.mend.is_some());
        }
        let (_, findings) = checked("\n\nlisten = 8080\n", &[]);
        assert_eq!((findings.worst(), findings.all[0].line), (Level::Bad, Some(3)));
    }

    #[test]
    fn passwords_are_hidden_wherever_they_stand() {
        assert_eq!(
            without_password("postgres://h/db?password=x&a=1"),
            "postgres://h/db?password=•••&a=1"
        );
        assert_eq!(without_password("postgres://u@h/db"), "postgres://u@h/db");
        assert_eq!(without_password("smtp://u:p@ss@h"), "smtp://u:•••@h");
        assert_eq!(masked("sms.api_key", &"x".into()), "•••");
        assert_eq!(masked("text.secrets.kannel", &"x".into()), "•••");
    }
}
