//! Browser journeys: the built program on each database, driven by a real browser.

use crate::failed;
use crate::postgres::Cluster;
use crate::scratch::{Scratch, left_behind};
use crate::setup::{self, Need};
use crate::shell::{Done, House, run};
use crate::step::Steps;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};

/// What journeys need from the system, beside a database.
pub const NEEDS: [Need; 3] = [Need::Chromium, Need::KoreanFonts, Need::Node];

/// Which journeys to run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Every one, as one of two runs side by side.
    All,
    /// Only those that take screenshots of every page.
    Screens,
}

/// Runs the journeys on SQLite and on PostgreSQL, and the harness's own tests.
pub fn all(house: &House, steps: &mut Steps, cluster: &Cluster, scratch: &Scratch) {
    steps.run("journeys on SQLite and PostgreSQL, and their harness", || {
        setup::npm_ci(house, "journeys")?;
        side_by_side(house, cluster, scratch)
    });
}

/// Both at once, each with a server and a browser of its own, and the harness while they get ready;
/// what one says comes after the other.
fn side_by_side(house: &House, cluster: &Cluster, scratch: &Scratch) -> Done {
    let url = cluster.create_database("journeys")?;
    let said = |of: &str| house.target.join(format!("journeys-{of}.txt"));
    let (other, own) = (said("postgres"), said("harness"));
    let drive = |url, said| drive(house, Which::All, url, said, scratch);
    let runs = std::thread::scope(|scope| {
        let postgres = scope.spawn(|| drive(Some(&url), Some(&other)));
        let harness = scope.spawn(|| node(house, &["run.mjs", "--harness"], Some(&own), scratch));
        let sqlite = drive(None, None);
        let end = |run: std::thread::ScopedJoinHandle<'_, Done>| {
            run.join().unwrap_or_else(|_| failed!("broke off"))
        };
        [("on SQLite", sqlite), ("on PostgreSQL", end(postgres)), ("the harness", end(harness))]
    });
    for (name, file) in [("on PostgreSQL", &other), ("the harness", &own)] {
        println!("\n   {name}:\n{}", std::fs::read_to_string(file).unwrap_or_default());
    }
    let broken: Vec<String> = runs
        .into_iter()
        .filter_map(|(name, run)| run.err().map(|why| format!("{name}: {why}")))
        .collect();
    if broken.is_empty() { Ok(()) } else { failed!("{}", broken.join("\n")) }
}

/// Runs journeys against the built program on one database (SQLite where none is named); what they
/// say goes into the file `said` where one is named.
pub fn drive(
    house: &House,
    which: Which,
    database: Option<&str>,
    said: Option<&Path>,
    scratch: &Scratch,
) -> Done {
    setup::npm_ci(house, "journeys")?;
    let binary = house.target.join("debug/maeul");
    if !binary.exists() {
        return failed!("{} is not built", binary.display());
    }
    let binary = binary.to_string_lossy();
    let mut arguments = vec!["run.mjs", "--binary", &binary];
    if let Some(url) = database {
        arguments.extend(["--database", url]);
    }
    match which {
        Which::All => arguments.push("--share"),
        Which::Screens => arguments.extend(["--only", "screens"]),
    }
    node(house, &arguments, said, scratch)
}

fn node(house: &House, arguments: &[&str], said: Option<&Path>, scratch: &Scratch) -> Done {
    let mut command = house.command("node");
    command.args(arguments).current_dir(house.root.join("journeys"));
    if let Some(chromium) = setup::chromium() {
        command.env("MAEUL_CHROMIUM", chromium);
    }
    if let Some(said) = said {
        let file = std::fs::File::create(said)?;
        command.stdout(file.try_clone()?).stderr(file);
    }
    run(scratch.give(&mut command))
}

/// A mail server that keeps what it is given: each message one JSON file in `folder`.
pub struct MailServer {
    server: Child,
    /// Held open: the server ends when this program does, however it ends.
    _lifeline: Option<ChildStdin>,
    /// `smtp://127.0.0.1:PORT`
    pub url: String,
    /// Where messages are put.
    pub folder: PathBuf,
}

impl MailServer {
    /// Starts it on a free loopback port and waits until it listens.
    pub fn start(house: &House) -> Done<Self> {
        setup::npm_ci(house, "journeys")?;
        let shelf = house.target.join("mail");
        for folder in left_behind(&shelf) {
            std::fs::remove_dir_all(folder)?;
        }
        let folder = shelf.join(std::process::id().to_string());
        let mut server = house
            .command("node")
            .args(["journeys/mail-server.mjs", "--folder"])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(output) = server.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let lifeline = server.stdin.take();
        let Some(url) = line.trim().strip_prefix("listening on ").map(str::to_owned) else {
            let _ended = server.kill();
            let _status = server.wait();
            return failed!("the mail server did not start (it said {line:?})");
        };
        Ok(MailServer { server, _lifeline: lifeline, url, folder })
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ended = self.server.kill();
        let _status = self.server.wait();
        let _removed = std::fs::remove_dir_all(&self.folder);
    }
}
