//! One TOML file and the environment. Every setting has a default that is safe on one machine.

mod operation;
mod staff;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Time;
use jiff::{SignedDuration, civil};
use maeul_base::OfficeId;
use maeul_cases::import::cases::ImportSettings;
use maeul_web::{Edge, Net};
use serde::{Deserialize, Serialize};

pub use operation::{Server, Telemetry};
pub use staff::Staff;

/// Variables of the environment and the settings they stand for.
pub const ENVIRONMENT: &[(&str, &str)] = &[
    ("MAEUL_DATABASE", "database"),
    ("MAEUL_SMTP", "mail.smtp"),
    ("MAEUL_TEXT_PASSWORD", "text.password"),
    ("MAEUL_OIDC_SECRET", "staff.oidc.client_secret"),
];

/// What `maeul serve --config FILE` reads. Unknown keys are refused: a misspelt setting that is
/// silently ignored is worse than none.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where a monitoring system reads `/metrics`; without it, nowhere.
    pub metrics_listen: Option<SocketAddr>,
    /// The address residents use; links in messages begin with it.
    pub base_url: String,
    /// `sqlite:PATH` or `postgres://…`.
    pub database: String,
    /// Keys, message files and the default database live here.
    pub data_dir: PathBuf,
    /// The office served where the address names none.
    pub default_office: i32,
    /// A reverse proxy stands before it: believe its `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Shows on every page that the data are for demonstration.
    pub demo: bool,
    /// Outgoing mail.
    pub mail: Mail,
    /// The public pages.
    pub public: Public,
    /// Text messages.
    pub text: Text,
    /// Other agencies to which cases are sent.
    pub transfer: Transfer,
    /// Following what becomes public.
    pub follow: Follow,
    /// What is taken from whom, and how much at once.
    pub edge: EdgeLimits,
    /// Files of another system's cases.
    pub import: Import,
    /// Signing in, and opening a case in an emergency.
    pub staff: Staff,
    /// The process itself.
    pub server: Server,
    /// Traces.
    pub telemetry: Telemetry,
    /// Logging.
    pub log: Log,
}

/// What is taken from whom, and how much at once. No law sets these; docs/operations.md says what a
/// request costs.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct EdgeLimits {
    /// Addresses of the proxies to be believed, where `behind_proxy` says that there is one.
    pub trusted_proxies: Vec<Net>,
    /// Addresses that are never counted: gateways of texts, systems that measure.
    pub uncounted: Vec<Net>,
    /// Pages an address may ask for each second, in the long run.
    pub pages_a_second: u16,
    /// Pages an address may ask for at once.
    pub pages_at_once: u16,
    /// Requests of everybody worked on at the same time.
    pub public_places: u16,
    /// Requests of signed-in staff worked on at the same time.
    pub staff_places: u16,
    /// Requests that wait for a place.
    pub queue: u16,
    /// For how many seconds they wait.
    pub patience_seconds: u16,
    /// Megabytes of large bodies read at the same time.
    pub body_megabytes: u16,
    /// Seconds a request may take until its answer begins.
    pub longest_seconds: u16,
}

impl Default for EdgeLimits {
    fn default() -> Self {
        let edge = Edge::default();
        let seconds = |it: Duration| u16::try_from(it.as_secs()).unwrap_or(u16::MAX);
        Self {
            trusted_proxies: Net::this_machine(),
            uncounted: edge.uncounted,
            pages_a_second: edge.pages_a_second,
            pages_at_once: edge.pages_at_once,
            public_places: edge.public_places,
            staff_places: edge.staff_places,
            queue: edge.queue,
            patience_seconds: seconds(edge.patience),
            body_megabytes: edge.body_megabytes,
            longest_seconds: seconds(edge.longest),
        }
    }
}

/// Outgoing mail.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// `smtp://host:25`, `smtps://user:password@host:465`; without it, mail is written to a file.
    pub smtp: Option<String>,
    /// The sender, e.g. `서구 민원 <minwon@example.go.kr>`.
    pub from: Option<String>,
    /// Incoming mail; without it, none is taken.
    pub inbound: Option<Inbound>,
}

/// Incoming mail, handed over by the office's own mail server.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Inbound {
    /// Where the mail server speaks LMTP: `127.0.0.1:2424` or the path of a socket.
    pub lmtp: String,
    /// Our addresses and the office of each: `"minwon@example.go.kr" = 29140`.
    pub addresses: BTreeMap<String, i32>,
    /// The most megabytes of one letter.
    #[serde(default = "most_megabytes")]
    pub most_megabytes: u16,
    /// The most letters of one sender an hour that are read.
    #[serde(default = "per_hour")]
    pub per_hour: u16,
}

const fn most_megabytes() -> u16 {
    25
}

const fn per_hour() -> u16 {
    20
}

impl Mail {
    /// As the room of letters takes them.
    pub fn letters(&self) -> maeul_mail::Settings {
        let Some(inbound) = &self.inbound else { return maeul_mail::Settings::default() };
        let addresses = inbound.addresses.iter();
        maeul_mail::Settings {
            addresses: addresses
                .map(|(address, office)| (address.trim().to_lowercase(), OfficeId(*office)))
                .collect(),
            most_bytes: usize::from(inbound.most_megabytes) * 1_024 * 1_024,
            per_hour: i64::from(inbound.per_hour),
        }
    }
}

/// The public pages. No law sets these; the defaults are careful ones.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Public {
    /// Hours between the receipt of a case and its published summary, however early an officer looks.
    pub summary_delay_hours: u16,
    /// Seconds for which figures are kept before they are counted again.
    pub figures_kept_seconds: u16,
    /// Counts below this are not told where figures are broken down.
    pub smallest_count: u16,
}

impl Default for Public {
    fn default() -> Self {
        Self { summary_delay_hours: 24, figures_kept_seconds: 60, smallest_count: 3 }
    }
}

impl Public {
    /// As the room of public pages takes them.
    pub fn settings(self) -> maeul_public::Settings {
        maeul_public::Settings {
            summary_delay: SignedDuration::from_hours(i64::from(self.summary_delay_hours)),
            figures_kept: Duration::from_secs(u64::from(self.figures_kept_seconds)),
            smallest_count: i64::from(self.smallest_count),
        }
    }
}

/// Other agencies to which cases are sent.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Transfer {
    /// How far their addresses may lead.
    pub reach: TransferReach,
}

/// How far the addresses of other agencies may lead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferReach {
    /// The open internet only.
    #[default]
    Public,
    /// Inner networks too: an agency may stand on the government's own.
    Anywhere,
}

/// Text messages, in and out; docs/text-messages.md.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Text {
    /// How texts go out.
    pub gateway: TextGateway,
    /// Where the gateway is: `http://127.0.0.1:13013/cgi-bin/sendsms`.
    pub url: String,
    /// Kannel's user.
    pub user: String,
    /// Kannel's password, or what a webhook is signed with.
    pub password: String,
    /// The sender's number where `numbers` names none for the office.
    pub from: String,
    /// Where Kannel reaches this server for its reports; without it, `base_url`.
    pub callback: Option<String>,
    /// What those who bring texts in must know. A way without a secret is closed.
    pub secrets: TextSecrets,
    /// Whose texts a number receives.
    pub numbers: Vec<TextNumber>,
}

/// How texts go out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TextGateway {
    /// Written to a file.
    #[default]
    File,
    /// Kannel's smsbox.
    Kannel,
    /// An Android handset with SMSsync fetches them.
    Smssync,
    /// A signed webhook.
    Webhook,
}

/// What those who bring texts in must know.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct TextSecrets {
    /// Kannel's `secret=` in `get-url`.
    pub kannel: Option<String>,
    /// SMSsync's secret key.
    pub smssync: Option<String>,
    /// The key of the webhook's signature.
    pub webhook: Option<String>,
}

/// Whose texts a number receives.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TextNumber {
    /// The number residents text to; answers come from it.
    pub number: String,
    /// The office's code.
    pub office: i32,
}

/// Following what becomes public. No law sets these; the defaults are careful ones.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Follow {
    /// From this time of the day on, no text message goes out to those who follow.
    pub quiet_from: Time,
    /// From this time on they go out again.
    pub quiet_until: Time,
    /// The most confirmations sent to one address on one day.
    pub confirmations_a_day: u16,
    /// The most requests taken from one network address in an hour.
    pub asks_an_hour: u16,
    /// The most that one address can follow.
    pub most: u16,
    /// After so many days what nobody confirmed is forgotten.
    pub unconfirmed_days: u16,
}

impl Default for Follow {
    fn default() -> Self {
        Self {
            quiet_from: civil::time(21, 0, 0, 0),
            quiet_until: civil::time(8, 0, 0, 0),
            confirmations_a_day: 5,
            asks_an_hour: 30,
            most: 20,
            unconfirmed_days: 3,
        }
    }
}

impl Follow {
    /// As the room takes them; `texts_come_back` where texts sent to the office arrive here.
    pub fn settings(self, texts_come_back: bool) -> maeul_follow::Settings {
        maeul_follow::Settings {
            quiet_from: self.quiet_from,
            quiet_until: self.quiet_until,
            confirmations_a_day: i32::from(self.confirmations_a_day),
            asks_an_hour: u32::from(self.asks_an_hour),
            most: i64::from(self.most),
            unconfirmed_days: i64::from(self.unconfirmed_days),
            texts_come_back,
            ..maeul_follow::Settings::default()
        }
    }
}

/// Files of another system's cases that are handed in on the page. No law sets these; the command has
/// no limit.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Import {
    /// The most megabytes of one file: 1 to 50.
    pub most_megabytes: u16,
    /// Days for which refused rows, and files nobody had taken in, are kept.
    pub keep_days: u16,
}

impl Default for Import {
    fn default() -> Self {
        Self { most_megabytes: 20, keep_days: 7 }
    }
}

impl Import {
    /// As the room of cases takes them.
    pub fn settings(self) -> ImportSettings {
        ImportSettings {
            most_bytes: usize::from(self.most_megabytes.clamp(1, 50)) * 1_024 * 1_024,
            keep: SignedDuration::from_hours(24 * i64::from(self.keep_days.max(1))),
            ..ImportSettings::default()
        }
    }
}

/// Logging.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// A filter such as `info` or `info,maeul_db=debug`.
    pub filter: String,
    /// JSON lines instead of text.
    pub json: bool,
}

impl Default for Log {
    fn default() -> Self {
        Self { filter: "info".to_owned(), json: false }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            metrics_listen: None,
            base_url: "http://127.0.0.1:8080".to_owned(),
            database: String::new(),
            data_dir: PathBuf::from("var"),
            default_office: 0,
            behind_proxy: false,
            demo: false,
            mail: Mail::default(),
            public: Public::default(),
            text: Text::default(),
            transfer: Transfer::default(),
            follow: Follow::default(),
            edge: EdgeLimits::default(),
            import: Import::default(),
            staff: Staff::default(),
            server: Server::default(),
            telemetry: Telemetry::default(),
            log: Log::default(),
        }
    }
}

/// A configuration that cannot be used: which file, what is wrong.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}. Give an existing file: maeul serve --config FILE")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not as it should be.
    #[error("{path} is not a valid configuration:\n{source}")]
    Parse {
        /// Which file.
        path: PathBuf,
        /// Line, column and what was expected.
        source: Box<toml::de::Error>,
    },
    /// The address has no scheme.
    #[error("base_url must begin with http:// or https:// (it is {0:?})")]
    BaseUrl(String),
}

impl Config {
    /// Reads a file; `DATABASE_URL`-like secrets may come from `MAEUL_DATABASE`, `MAEUL_SMTP` and
    /// `MAEUL_TEXT_PASSWORD` instead, so that the file need not hold a password.
    pub fn read(path: &Path, env: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        let mut config: Self = toml::from_str(&text).map_err(|source| ConfigError::Parse {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        config.override_from(&env);
        if !config.base_url.starts_with("http://") && !config.base_url.starts_with("https://") {
            return Err(ConfigError::BaseUrl(config.base_url));
        }
        config.base_url.truncate(config.base_url.trim_end_matches('/').len());
        Ok(config)
    }

    /// What stands in the environment goes before the file: see [`ENVIRONMENT`].
    pub fn override_from(&mut self, env: &impl Fn(&str) -> Option<String>) {
        if let Some(database) = env("MAEUL_DATABASE") {
            self.database = database;
        }
        if let Some(smtp) = env("MAEUL_SMTP") {
            self.mail.smtp = Some(smtp);
        }
        if let Some(password) = env("MAEUL_TEXT_PASSWORD") {
            self.text.password = password;
        }
    }

    /// The database's address; without one, a file in the data directory.
    pub fn database_url(&self) -> String {
        if self.database.is_empty() {
            format!("sqlite:{}", self.data_dir.join("maeul.db").display())
        } else {
            self.database.clone()
        }
    }

    /// The file of a SQLite database.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let url = self.database_url();
        let path = url.strip_prefix("sqlite:")?;
        Some(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
    }

    /// As the web side takes it.
    pub fn edge(&self) -> Edge {
        let limits = self.edge.clone();
        let seconds = |it: u16| Duration::from_secs(u64::from(it));
        Edge {
            proxies: if self.behind_proxy { limits.trusted_proxies } else { Vec::new() },
            uncounted: limits.uncounted,
            pages_a_second: limits.pages_a_second,
            pages_at_once: limits.pages_at_once,
            public_places: limits.public_places,
            staff_places: limits.staff_places,
            queue: limits.queue,
            patience: seconds(limits.patience_seconds),
            body_megabytes: limits.body_megabytes,
            longest: seconds(limits.longest_seconds),
        }
    }

    /// The office served where the address names none.
    pub const fn office(&self) -> OfficeId {
        OfficeId(self.default_office)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_written_about_the_public_pages_is_as_the_room_has_it() {
        assert_eq!(Public::default().settings(), maeul_public::Settings::default());
        assert_eq!(Config::default().edge(), Edge::default());
        assert_eq!(Follow::default().settings(false), maeul_follow::Settings::default());
        assert_eq!(Import::default().settings(), ImportSettings::default());
        assert_eq!(Staff::default().policy(), maeul_people::SignInPolicy::default());
    }

    #[test]
    fn a_misspelt_setting_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("maeul.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:1\"\nbase_ulr = \"http://x\"\n").unwrap();
        let error = Config::read(&file, |_| None).unwrap_err().to_string();
        assert!(error.contains("base_ulr") && error.contains("line 2"), "{error}");
    }

    #[test]
    fn only_named_proxies_are_believed_and_only_where_there_is_one() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("maeul.toml");
        let read = |text: &str| {
            std::fs::write(&file, text).unwrap();
            Config::read(&file, |_| None)
        };
        let named = "[edge]\ntrusted_proxies = [\"10.1.0.0/16\"]\n";
        assert_eq!(read(named).unwrap().edge().proxies, []);
        let edge = read(&format!("behind_proxy = true\n{named}")).unwrap().edge();
        assert_eq!(edge.proxies, ["10.1.0.0/16".parse().unwrap()]);
        let edge = read("behind_proxy = true\n").unwrap().edge();
        assert_eq!(edge.proxies, Net::this_machine());
        let wrong = read("[edge]\nuncounted = [\"10.1\"]\n").unwrap_err().to_string();
        assert!(wrong.contains("10.1") && wrong.contains("192.0.2.7"), "{wrong}");
    }

    #[test]
    fn text_messages_are_set_up_in_one_section() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("maeul.toml");
        let written = "[text]\ngateway = \"kannel\"\nurl = \"http://127.0.0.1:13013/cgi-bin/sendsms\"\n\
            user = \"maeul\"\n[text.secrets]\nkannel = \"k\"\n\
            [[text.numbers]]\nnumber = \"010-3080-0000\"\noffice = 29140\n";
        std::fs::write(&file, written).unwrap();
        let env = |name: &str| (name == "MAEUL_TEXT_PASSWORD").then(|| "p".to_owned());
        let text = Config::read(&file, env).unwrap().text;
        assert_eq!((text.gateway, text.password.as_str()), (TextGateway::Kannel, "p"));
        assert_eq!(text.secrets.kannel.as_deref(), Some("k"));
        assert_eq!(text.numbers.first().map(|it| it.office), Some(29140));
        std::fs::write(&file, "[text]\ngateway = \"pigeon\"\n").unwrap();
        assert!(Config::read(&file, |_| None).unwrap_err().to_string().contains("pigeon"));
    }

    #[test]
    fn secrets_may_come_from_the_environment() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("maeul.toml");
        std::fs::write(&file, "base_url = \"https://minwon.example.kr/\"").unwrap();
        let env = |name: &str| (name == "MAEUL_DATABASE").then(|| "postgres://db/maeul".to_owned());
        let config = Config::read(&file, env).unwrap();
        assert_eq!(config.database_url(), "postgres://db/maeul");
        assert_eq!(config.base_url, "https://minwon.example.kr");
    }
}
