//! A private PostgreSQL cluster for tests: made in memory or in target/, listening on one free loopback port,
//! gone when the chore ends.

use crate::failed;
use crate::scratch::{in_memory, left_behind};
use crate::setup;
use crate::shell::{Done, House, read};
use std::io::Read as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The name of the cluster's one role and of its first database.
const NAME: &str = "maeul";
/// A cold machine needs a second or two; longer means the server refused to start.
const START_LIMIT: Duration = Duration::from_secs(30);

/// A running cluster, stopped and removed when dropped.
pub struct Cluster {
    server: Child,
    folder: PathBuf,
    bin: PathBuf,
    port: u16,
    password: String,
}

impl Cluster {
    /// Removes what killed runs left behind, makes a cluster and waits until it answers.
    pub fn start(house: &House) -> Done<Self> {
        let Some(bin) = setup::postgres_bin() else {
            return failed!("PostgreSQL's server programs (initdb, postgres) were not found");
        };
        let shelf = shelf(house)?;
        clear_stale(&shelf);

        let folder = shelf.join(std::process::id().to_string());
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let password = random_word()?;
        let secret = folder.join("password");
        std::fs::write(&secret, &password)?;
        if is_root() {
            // The server refuses to run as root, so the folder belongs to the user it runs as.
            read(Command::new("chown").arg("-R").arg("postgres:").arg(&folder))?;
        }

        let data = folder.join("data");
        read(
            as_server(&bin.join("initdb"))
                .current_dir(&folder)
                .arg("--pgdata")
                .arg(&data)
                .arg("--pwfile")
                .arg(&secret)
                .args(["--username", NAME, "--auth", "scram-sha-256"])
                .args(["--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]),
        )?;

        let mut last = String::new();
        // Between asking for a free port and using it, somebody else may take it.
        for _ in 0..5 {
            let port = free_port()?;
            let log = std::fs::File::create(folder.join("log"))?;
            let server = as_server(&bin.join("postgres"))
                .current_dir(&folder)
                .arg("-D")
                .arg(&data)
                .args(settings(port))
                .stdin(Stdio::null())
                .stdout(log.try_clone()?)
                .stderr(log)
                .spawn()?;
            let mut cluster = Cluster {
                server,
                folder: folder.clone(),
                bin: bin.clone(),
                port,
                password: password.clone(),
            };
            if cluster.wait_until_ready()? {
                cluster.create_database(NAME)?;
                return Ok(cluster);
            }
            last = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            let _gone = cluster.server.wait();
            // Only the server is dead; the folder serves the next try.
            cluster.folder = PathBuf::new();
        }
        let _removed = std::fs::remove_dir_all(&folder);
        failed!("PostgreSQL did not start:\n{last}")
    }

    /// The address of one of the cluster's databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{NAME}:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    /// The address tests use.
    pub fn test_url(&self) -> String {
        self.url(NAME)
    }

    /// Makes one more empty database and returns its address.
    pub fn create_database(&self, name: &str) -> Done<String> {
        read(
            Command::new(self.bin.join("createdb"))
                .args(["--host", "127.0.0.1", "--username", NAME, "--no-password"])
                .args(["--maintenance-db", "postgres", "--port"])
                .arg(self.port.to_string())
                .arg(name)
                .env("PGPASSWORD", &self.password),
        )?;
        Ok(self.url(name))
    }

    /// True when the server answers, false when it died first.
    fn wait_until_ready(&mut self) -> Done<bool> {
        let began = Instant::now();
        while began.elapsed() < START_LIMIT {
            if self.server.try_wait()?.is_some() {
                return Ok(false);
            }
            let answer = Command::new(self.bin.join("pg_isready"))
                .args(["--host", "127.0.0.1", "--quiet", "--port"])
                .arg(self.port.to_string())
                .status()?;
            if answer.success() {
                return Ok(true);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        failed!("PostgreSQL did not answer within {} s", START_LIMIT.as_secs())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if matches!(self.server.try_wait(), Ok(None)) {
            // Nothing in it is worth a checkpoint.
            kill("QUIT", self.server.id());
            let _status = self.server.wait();
        }
        if !self.folder.as_os_str().is_empty() {
            let _removed = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// The server's settings: quick and forgetful, since its data never outlives the tests.
fn settings(port: u16) -> Vec<String> {
    [
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        "fsync=off".to_owned(),
        "synchronous_commit=off".to_owned(),
        "full_page_writes=off".to_owned(),
        "autovacuum_naptime=1h".to_owned(),
        "jit=off".to_owned(),
        "max_connections=300".to_owned(),
        // A test drops its whole schema in one transaction, and every table is one lock.
        "max_locks_per_transaction=512".to_owned(),
        "shared_buffers=256MB".to_owned(),
        "timezone=UTC".to_owned(),
        "log_min_messages=warning".to_owned(),
        "log_min_error_statement=panic".to_owned(),
    ]
    .into_iter()
    .flat_map(|setting| ["-c".to_owned(), setting])
    .collect()
}

/// Whether this program runs as root.
fn is_root() -> bool {
    setup::is_root()
}

/// A command that runs as the user the server may run as, and dies with this program.
fn as_server(program: &Path) -> Command {
    if !works_setpriv() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "QUIT"]);
    if is_root() {
        command.args(["--reuid", "postgres", "--regid", "postgres", "--init-groups"]);
    }
    command.arg("--").arg(program);
    command
}

fn works_setpriv() -> bool {
    crate::shell::works("setpriv", &["--pdeathsig", "QUIT", "--", "true"])
}

/// Room a cluster needs at the most, with some to spare, in KiB.
const ROOM: u64 = 6 * 1024 * 1024;

/// The folder that holds clusters: in memory where there is room, because tests make and drop hundreds of
/// databases of hundreds of files; else in target/, or in the system's temporary folder where the
/// server's user cannot reach target/ (a home folder closed to others).
fn shelf(house: &House) -> Done<PathBuf> {
    let mut shelves: Vec<PathBuf> = in_memory("maeul-postgres", ROOM).into_iter().collect();
    shelves.extend([house.target.join("postgres"), std::env::temp_dir().join("maeul-postgres")]);
    for shelf in shelves {
        // Another user's shelf may stand there already.
        let trial = shelf.join("trial");
        if std::fs::create_dir_all(&trial).is_err() {
            continue;
        }
        // Another run may have tried the same at this moment.
        let _removed = std::fs::remove_dir(&trial);
        let reached = as_server(Path::new("test"))
            .arg("-x")
            .arg(&shelf)
            .current_dir("/")
            .status()
            .is_ok_and(|status| status.success());
        if reached {
            return Ok(shelf);
        }
    }
    failed!("the user postgres can reach neither target/ nor the temporary folder")
}

/// Ends and removes clusters whose owner is gone.
fn clear_stale(shelf: &Path) {
    for folder in left_behind(shelf) {
        if let Some(server) = server_of(&folder) {
            kill("QUIT", server);
            let began = Instant::now();
            while Path::new(&format!("/proc/{server}")).exists()
                && began.elapsed() < Duration::from_secs(5)
            {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        println!("   removing the PostgreSQL cluster that an ended run left: {}", folder.display());
        let _removed = std::fs::remove_dir_all(&folder);
    }
}

/// The process that serves a cluster's folder, when it still runs and really is that server.
fn server_of(folder: &Path) -> Option<u32> {
    let file = std::fs::read_to_string(folder.join("data/postmaster.pid")).ok()?;
    let process: u32 = file.lines().next()?.trim().parse().ok()?;
    let words = std::fs::read_to_string(format!("/proc/{process}/cmdline")).ok()?;
    words.contains(folder.to_str()?).then_some(process)
}

fn kill(signal: &str, process: u32) {
    let _status = Command::new("kill").arg(format!("-{signal}")).arg(process.to_string()).status();
}

/// A port nobody listens on right now.
fn free_port() -> Done<u16> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    Ok(listener.local_addr()?.port())
}

/// A password: 32 hexadecimal digits from the system's random source.
fn random_word() -> Done<String> {
    let mut bytes = [0_u8; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn a_free_port_can_be_listened_on() {
        let port = free_port().unwrap();
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
        assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok());
    }

    #[test]
    fn passwords_differ() {
        assert_ne!(random_word().unwrap(), random_word().unwrap());
        assert_eq!(random_word().unwrap().len(), 32);
    }
}
