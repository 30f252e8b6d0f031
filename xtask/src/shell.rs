//! The repository's folders, and running other programs in them.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why a chore could not be done, in words for whoever typed the command.
///
/// A chore has nobody above it who could act on a kind of failure, so text is all it carries.
#[derive(Debug)]
pub struct Failed(pub String);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        Failed(error.to_string())
    }
}

/// What a chore returns.
pub type Done<T = ()> = Result<T, Failed>;

/// A failure with formatted words: `return failed!("no {name} here")`.
#[macro_export]
macro_rules! failed {
    ($($words:tt)*) => { Err($crate::shell::Failed(format!($($words)*))) };
}

/// An environment variable, if it is set and not empty.
pub fn env(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the chores are a program of their own")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The folders every chore works in.
#[derive(Clone, Debug)]
pub struct House {
    /// The repository's root.
    pub root: PathBuf,
    /// Where cargo builds.
    pub target: PathBuf,
}

impl House {
    /// Finds the folders from where this program was built.
    pub fn find() -> Done<Self> {
        let manifest = env("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let Some(root) = manifest.parent().map(Path::to_path_buf) else {
            return failed!("{} has no parent folder", manifest.display());
        };
        let target =
            env("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        std::fs::create_dir_all(&target)?;
        Ok(House { root, target })
    }

    /// A command that runs in the root of the repository.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).stdin(Stdio::null());
        // Cargo sets these for a program it runs; a cargo run from here must not inherit them,
        // or a build script that watches one would be rebuilt in every other run.
        for (name, _) in std::env::vars_os() {
            let leaked = name.to_str().is_some_and(|name| {
                name.starts_with("CARGO_PKG_")
                    || matches!(
                        name,
                        "CARGO_MANIFEST_DIR"
                            | "CARGO_MANIFEST_PATH"
                            | "CARGO_CRATE_NAME"
                            | "CARGO_BIN_NAME"
                            | "CARGO_PRIMARY_PACKAGE"
                    )
            });
            if leaked {
                command.env_remove(name);
            }
        }
        command
    }

    /// The cargo that runs this program.
    pub fn cargo<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = self.command(env("CARGO").unwrap_or_else(|| "cargo".to_owned()));
        command.args(arguments);
        command
    }
}

/// Runs a command with its output shown, and fails unless it succeeds.
pub fn run(command: &mut Command) -> Done {
    let words = show(command);
    match command.status() {
        Err(error) => failed!("could not start `{words}`: {error}"),
        Ok(status) if status.success() => Ok(()),
        Ok(status) => failed!("`{words}` ended with {status}"),
    }
}

/// Runs a command quietly and returns what it printed.
pub fn read(command: &mut Command) -> Done<String> {
    let words = show(command);
    match command.output() {
        Err(error) => failed!("could not start `{words}`: {error}"),
        Ok(output) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
        }
        Ok(output) => failed!(
            "`{words}` ended with {}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        ),
    }
}

/// Whether a command can be run and succeeds, its output thrown away.
pub fn works(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command as a person would type it, shortened where it is very long.
fn show(command: &Command) -> String {
    let words: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect();
    let line = words.join(" ");
    if line.chars().count() > 160 {
        line.chars().take(160).collect::<String>() + " …"
    } else {
        line
    }
}
