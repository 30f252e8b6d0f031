//! An installation on either engine and its servers as real processes, for tests that kill them.

pub mod collector;
pub mod intake;
pub mod postgres;

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use maeul_db::testing::{TestDb, postgres_url};
use maeul_db::{Db, DbOptions};
use serde_json::{Value, json};

/// Runs the program.
pub fn maeul(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_maeul")).args(words).output().unwrap()
}

/// Exit code, standard output, error stream.
pub fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// Waits for a future on a runtime of its own.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

/// Where a test's database is.
pub enum Engine {
    /// A file in the folder.
    Sqlite,
    /// A schema on the tests' server.
    Postgres,
}

/// An installation with one office: a folder, a configuration, a database.
pub struct Place {
    /// The folder.
    pub dir: tempfile::TempDir,
    /// The address of the database.
    pub database: String,
    _schema: Option<TestDb>,
}

impl Place {
    /// An empty installation; `None` where PostgreSQL is left out on purpose.
    pub fn empty(engine: &Engine) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let (database, schema) = match engine {
            Engine::Sqlite => (format!("sqlite:{}/maeul.db", dir.path().display()), None),
            Engine::Postgres => {
                let (url, schema) = schema()?;
                (url, Some(schema))
            }
        };
        Some(Self { dir, database, _schema: schema })
    }

    /// An installation with the office of Gwangju Seo-gu.
    pub fn new(engine: &Engine) -> Option<Self> {
        let place = Self::empty(engine)?;
        place.configure("maeul.toml", "");
        place.import();
        Some(place)
    }

    /// Writes a configuration; `more` is TOML that follows the address of the database.
    pub fn configure(&self, name: &str, more: &str) -> PathBuf {
        let path = self.path(name);
        let text = format!(
            "listen = \"127.0.0.1:0\"\nmetrics_listen = \"127.0.0.1:0\"\ndatabase = \"{}\"\n\
             data_dir = \"{}\"\ndefault_office = 29140\n{more}",
            self.database,
            self.dir.path().display()
        );
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A file of the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Opens the office in it, without its staff.
    pub fn import(&self) {
        for (kind, name) in [
            ("org", "org.toml"),
            ("boundaries", "boundaries.geojson"),
            ("services", "services.toml"),
            ("templates", "templates.toml"),
        ] {
            self.import_one(kind, name);
        }
    }

    /// Brings one of the office's files in.
    pub fn import_one(&self, kind: &str, name: &str) {
        let config = self.path("maeul.toml").display().to_string();
        let file = shipped(name).display().to_string();
        let mut words = vec!["import", kind, &file, "--config", &config];
        if kind != "org" {
            words.extend(["--office", "29140"]);
        }
        let (code, _, err) = said(&maeul(&words));
        assert_eq!(code, 0, "import {kind}: {err}");
    }

    /// Opens the database beside the servers.
    pub async fn db(&self) -> Db {
        Db::open(&self.database, DbOptions { pool_size: 2, ..DbOptions::default() }).await.unwrap()
    }

    /// The messages that were sent.
    pub fn messages(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.path("messages.jsonl")).unwrap_or_default();
        // A server that was killed may have left half a line.
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// An installation in that folder, on SQLite.
    pub fn inside(dir: tempfile::TempDir) -> Self {
        let database = format!("sqlite:{}/maeul.db", dir.path().display());
        Self { dir, database, _schema: None }
    }
}

/// A new schema on the tests' server, and the address that opens it.
pub fn schema() -> Option<(String, TestDb)> {
    let server = postgres_url()?;
    let schema = block_on(TestDb::postgres(&server, vec![])).unwrap();
    let name = schema.address().1.unwrap();
    let joint = if server.contains('?') { '&' } else { '?' };
    Some((format!("{server}{joint}options=-c%20search_path%3D{name}"), schema))
}

/// A file of the office the product ships.
pub fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/offices/29140-gwangju-seogu").join(name)
}

/// A running server; killed when dropped.
pub struct Server {
    child: Child,
    /// Where it serves.
    pub address: String,
    /// Where it tells its numbers.
    pub metrics: String,
    log: PathBuf,
}

impl Server {
    /// Starts it and waits until it listens; its log goes beside the configuration.
    pub fn start(config: &Path) -> Self {
        let log = config.with_extension("log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_maeul"));
        command.args(["serve", "--config"]).arg(config);
        Self::begin(command, log)
    }

    /// Starts a command that ends in a server.
    pub fn begin(mut command: Command, log: PathBuf) -> Self {
        let err = File::options().create(true).append(true).open(&log).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(err).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (mut address, mut metrics) = (String::new(), String::new());
        for line in out.lines().map_while(Result::ok) {
            if let Some(found) = line.strip_prefix("metrics on http://") {
                metrics = found.trim_end_matches("/metrics").to_owned();
            }
            if let Some(found) = line.strip_prefix("listening on http://") {
                address = found.to_owned();
                break;
            }
        }
        let server = Self { child, address, metrics, log };
        assert!(!server.address.is_empty(), "it never listened: {}", server.log());
        server
    }

    /// What it wrote on its error stream.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Ends it without warning (SIGKILL).
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end (SIGTERM) and waits.
    pub fn end(self) -> i32 {
        self.ask_to_end();
        self.wait()
    }

    /// Asks it to end (SIGTERM).
    pub fn ask_to_end(&self) {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(asked.success());
    }

    /// Waits until it has ended; its exit code.
    pub fn wait(mut self) -> i32 {
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// One request; `None` if no whole answer came.
pub fn ask(address: &str, request: &[u8]) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    stream.write_all(request).ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.split(' ').nth(1)?.parse().ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let whole = length.is_none_or(|length| length.parse() == Ok(body.len()));
    whole.then(|| (status, text.clone()))
}

/// `GET`.
pub fn get(address: &str, path: &str) -> Option<(u16, String)> {
    ask(address, format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes())
}

/// `POST`.
pub fn post(address: &str, path: &str, kind: &str, body: &str) -> Option<(u16, String)> {
    let length = body.len();
    ask(
        address,
        format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {kind}\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        )
        .as_bytes(),
    )
}

/// Hands in a report; its status and the answer's body.
pub fn report(address: &str, key: &str, text: &str) -> Option<(u16, Value)> {
    let body = json!({
        "client_key": key,
        "text": text,
        "service": "streetlight",
        "place": { "lat": 35.1265, "long": 126.8790 },
        "contact": { "name": "주민 가", "phone": "010-0000-1234", "prefers": "sms" },
    });
    let (status, answer) = post(address, "/api/v1/cases", "application/json", &body.to_string())?;
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Some((status, serde_json::from_str(body).unwrap_or(Value::Null)))
}
