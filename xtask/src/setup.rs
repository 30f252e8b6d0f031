//! What the chores need from outside Rust and Node.js, and how it is brought in.

use crate::failed;
use crate::shell::{Done, House, env, read, run, works};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One thing a chore may need from the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The database server's own programs.
    Postgres,
    /// A browser that journeys drive.
    Chromium,
    /// Glyphs, without which every screenshot is boxes.
    KoreanFonts,
    /// Python able to make a virtual environment, for the linters that come as wheels.
    Python,
    /// The gateway of text messages, with the fake message centre of its tests.
    Kannel,
    /// Node.js with npm: not installed here, since its age matters and the README asks for it.
    Node,
}

impl Need {
    fn words(self) -> &'static str {
        match self {
            Need::Postgres => "the PostgreSQL server",
            Need::Chromium => "Chromium",
            Need::KoreanFonts => "Korean fonts",
            Need::Python => "Python 3 with venv",
            Need::Kannel => "Kannel with its fake message centre",
            Need::Node => "Node.js 20 or later with npm",
        }
    }

    /// Debian's packages that bring it.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Need::Postgres => &["postgresql"],
            Need::Chromium => &["chromium-headless-shell"],
            Need::KoreanFonts => &["fonts-noto-cjk", "fontconfig"],
            Need::Python => &["python3", "python3-venv"],
            Need::Kannel => &["kannel", "kannel-extras"],
            Need::Node => &["nodejs", "npm"],
        }
    }

    fn is_there(self) -> bool {
        match self {
            Need::Postgres => postgres_bin().is_some(),
            Need::Chromium => chromium().is_some(),
            Need::KoreanFonts => read(Command::new("fc-list").args([":lang=ko", "family"]))
                .is_ok_and(|families| !families.is_empty()),
            Need::Python => works("python3", &["-c", "import ensurepip, venv"]),
            Need::Kannel => {
                ["/usr/sbin/bearerbox", "/usr/sbin/smsbox", "/usr/lib/kannel/test/fakesmsc"]
                    .iter()
                    .all(|program| Path::new(program).exists())
            }
            Need::Node => node_is_new_enough() && works("npm", &["--version"]),
        }
    }
}

fn node_is_new_enough() -> bool {
    read(Command::new("node").arg("--version")).is_ok_and(|version| {
        let major = version.trim_start_matches('v').split('.').next().unwrap_or_default();
        major.parse::<u32>().is_ok_and(|major| major >= 20)
    })
}

/// Installs what is missing with Debian's package manager, or says what to type.
pub fn prepare(needs: &[Need]) -> Done {
    let missing = missing(needs);
    if missing.is_empty() {
        let names: Vec<_> = needs.iter().map(|need| need.words()).collect();
        println!("   there already: {}", names.join(", "));
        return Ok(());
    }
    let names: Vec<_> = missing.iter().map(|need| need.words()).collect();
    let packages: Vec<_> = missing.iter().flat_map(|need| need.packages()).copied().collect();
    println!("   missing: {}", names.join(", "));
    let by_hand = format!(
        "Missing: {}.\nInstall it and run this again:\n\n    sudo apt-get update && sudo apt-get install -y {}\n",
        names.join(", "),
        packages.join(" ")
    );
    if missing.contains(&Need::Node) {
        return failed!("{by_hand}\n(Debian's Node.js may be older than 20; then use nodejs.org.)");
    }
    let Some(mut update) = package_manager() else {
        return failed!("{by_hand}");
    };
    println!("   installing {} …", packages.join(", "));
    if let Err(problem) = run(update.args(["-q", "update"])) {
        // An old list may still be good enough.
        println!("   {problem}");
    }
    let Some(mut install) = package_manager() else {
        return failed!("{by_hand}");
    };
    install.args(["-q", "install", "-y", "--no-install-recommends"]).args(&packages);
    if let Err(problem) = run(&mut install) {
        return failed!("{problem}\n{by_hand}");
    }
    let still: Vec<_> = self::missing(needs).iter().map(|need| need.words()).collect();
    if still.is_empty() {
        return Ok(());
    }
    failed!("Installed {}, yet still missing: {}.", packages.join(" "), still.join(", "))
}

fn missing(needs: &[Need]) -> Vec<Need> {
    needs.iter().copied().filter(|need| !need.is_there()).collect()
}

/// `apt-get`, as root or by sudo where sudo can be used; None where neither can.
fn package_manager() -> Option<Command> {
    if !works("apt-get", &["--version"]) {
        return None;
    }
    let mut command = if is_root() {
        let mut command = Command::new("env");
        command.arg("DEBIAN_FRONTEND=noninteractive").arg("apt-get");
        command
    } else if works("sudo", &["-n", "true"]) || (at_a_terminal() && works("sudo", &["--version"])) {
        let mut command = Command::new("sudo");
        command.arg("env").arg("DEBIAN_FRONTEND=noninteractive").arg("apt-get");
        command
    } else {
        return None;
    };
    // Another installation may hold the lock for a while, as on a machine that has just started.
    command.args(["-o", "DPkg::Lock::Timeout=300"]);
    Some(command)
}

fn at_a_terminal() -> bool {
    use std::io::IsTerminal as _;
    std::io::stdin().is_terminal()
}

/// Whether this program runs as root.
pub fn is_root() -> bool {
    read(Command::new("id").arg("-u")).is_ok_and(|user| user == "0")
}

/// The folder of the newest PostgreSQL server's programs.
pub fn postgres_bin() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    if let Ok(folder) = read(Command::new("pg_config").arg("--bindir")) {
        found.push((0, PathBuf::from(folder)));
    }
    found.sort();
    found
        .into_iter()
        .rev()
        .map(|(_, folder)| folder)
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// The browser: what `MAEUL_CHROMIUM` names, or the first one found where systems put it.
pub fn chromium() -> Option<PathBuf> {
    if let Some(named) = env("MAEUL_CHROMIUM") {
        return Some(PathBuf::from(named)).filter(|path| path.exists());
    }
    // The shell is the same browser without windows, which cost it a quarter of its time.
    ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
        .iter()
        .map(|name| Path::new("/usr/bin").join(name))
        .find(|path| path.exists())
}

/// Linters and the test runner, as programs of a virtual environment in target/.
pub struct Tools {
    bin: PathBuf,
}

impl Tools {
    /// Installs the wheels that `xtask/tools.txt` names, once for each content of that file.
    pub fn prepare(house: &House) -> Done<Self> {
        let list = house.root.join("xtask/tools.txt");
        let wanted = std::fs::read_to_string(&list)?;
        let folder = house.target.join("tools");
        let stamp = folder.join("installed.txt");
        let tools = Tools { bin: folder.join("bin") };
        if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            return Ok(tools);
        }
        println!("   installing linters into {} …", folder.display());
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        run(Command::new(folder.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(["--only-binary", ":all:", "--requirement"])
            .arg(&list)
            .stdin(Stdio::null()))?;
        std::fs::write(&stamp, wanted)?;
        Ok(tools)
    }

    /// The path of one tool.
    pub fn path(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }
}

/// Puts a folder's npm packages in place when its lock file is newer than they are.
pub fn npm_ci(house: &House, folder: &str) -> Done {
    let folder = house.root.join(folder);
    let lock = folder.join("package-lock.json");
    let installed = folder.join("node_modules/.package-lock.json");
    if newer(&installed, &lock) {
        return Ok(());
    }
    println!("   installing npm packages in {} …", folder.display());
    run(house.command("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))
}

/// Whether `path` exists and was last written after `than`.
fn newer(path: &Path, than: &Path) -> bool {
    let written = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    matches!((written(path), written(than)), (Some(path), Some(than)) if path >= than)
}
