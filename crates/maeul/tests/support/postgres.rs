//! A PostgreSQL server of a test's own, which it may stop and start.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A cluster in a folder, stopped when dropped.
pub struct Cluster {
    bin: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
}

impl Cluster {
    /// Makes and starts it; `None`, with the reason printed, where the server's programs are not.
    pub fn start() -> Option<Self> {
        let Some(bin) = bin() else {
            println!("left out: PostgreSQL's server programs (initdb, pg_ctl) are not here");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        if is_root() {
            let owned = Command::new("chown").arg("postgres:").arg(folder.path()).status();
            assert!(owned.unwrap().success());
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Self { bin, folder, port };
        let data = cluster.data();
        cluster.run(
            "initdb",
            &["-D", &data, "-U", "maeul", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "-N"],
        );
        cluster.up();
        Some(cluster)
    }

    /// From now on it speaks TLS, and only TLS, with that certificate and key.
    pub fn only_tls(&self, certificate: &Path, key: &Path) {
        for (from, name) in [(certificate, "server.crt"), (key, "server.key")] {
            let to = format!("{}/{name}", self.data());
            std::fs::copy(from, &to).unwrap();
            std::fs::set_permissions(&to, std::fs::Permissions::from_mode(0o600)).unwrap();
            if is_root() {
                assert!(Command::new("chown").args(["postgres:", &to]).status().unwrap().success());
            }
        }
        let data = self.data();
        std::fs::write(format!("{data}/pg_hba.conf"), "hostssl all all 127.0.0.1/32 trust\n")
            .unwrap();
        let settings = std::fs::read_to_string(format!("{data}/postgresql.conf")).unwrap();
        std::fs::write(format!("{data}/postgresql.conf"), settings + "\nssl = on\n").unwrap();
        self.crash();
        self.up();
    }

    /// The port it listens on.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("postgres://maeul@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it and waits until it answers.
    pub fn up(&self) {
        let folder = self.folder.path().display();
        let options = format!("-p {} -c listen_addresses=127.0.0.1 -k {folder}", self.port);
        let log = format!("{folder}/log");
        self.run("pg_ctl", &["-D", &self.data(), "-w", "-o", &options, "-l", &log, "start"]);
    }

    /// Ends it at once, as a crash does: no checkpoint, no goodbye.
    pub fn crash(&self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn run(&self, program: &str, words: &[&str]) {
        let program = self.bin.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(&program);
            command
        } else {
            Command::new(&program)
        };
        let done = command
            .args(words)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        assert!(done.unwrap().success(), "{} {words:?}", program.display());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if Path::new(&self.data()).join("postmaster.pid").exists() {
            self.crash();
        }
    }
}

/// PostgreSQL's own folder, the newest first.
fn bin() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .flatten()
        .filter_map(|it| Some((it.file_name().to_str()?.parse().ok()?, it.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin)
}

/// Whether the test runs as root, as whom PostgreSQL refuses to run.
pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n")
}
