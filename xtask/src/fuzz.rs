//! `cargo xtask fuzz`: hands any bytes to every front door, with libFuzzer and the stable compiler.

use crate::failed;
use crate::shell::{Done, House, env, read, run};
use std::path::PathBuf;
use std::process::Command;

/// How long each target runs when nobody says.
const SECONDS: u32 = 20;
/// The largest input tried, in bytes: front doors have limits of their own.
const LONGEST: u32 = 65_536;

/// What makes libFuzzer see which way a program went (as cargo-fuzz does without a sanitizer: the
/// house forbids unsafe code, and a sanitizer would need another compiler).
const COUNTERS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// Runs what the words after `fuzz` say: nothing, or a target and perhaps seconds.
pub fn chore(house: &House, words: &[&str]) -> Done {
    let built = Built::build(house)?;
    match words {
        [] => built.all(SECONDS),
        [target] => built.one(target, SECONDS),
        [target, seconds] => match seconds.parse() {
            Ok(seconds) => built.one(target, seconds),
            Err(_) => failed!("{seconds} is no number of seconds: cargo xtask fuzz TARGET SECONDS"),
        },
        _ => failed!("cargo xtask fuzz [TARGET [SECONDS]]"),
    }
}

/// The targets, ready to run.
pub struct Built {
    root: PathBuf,
    /// Where the programs are.
    programs: PathBuf,
    /// Inputs of interest and finds of this machine.
    shelf: PathBuf,
    targets: Vec<String>,
}

impl Built {
    /// Compiles every target.
    pub fn build(house: &House) -> Done<Self> {
        let root = house.root.join("fuzz");
        let shelf = house.target.join("fuzz");
        let rustc = env("RUSTC").unwrap_or_else(|| "rustc".to_owned());
        let about = read(Command::new(rustc).arg("-vV"))?;
        let Some(host) = about.lines().find_map(|line| line.strip_prefix("host: ")) else {
            return failed!("the compiler does not say for which machine it compiles");
        };
        // Named, so that build scripts and macros are compiled without counters.
        run(house
            .cargo(["build", "--release", "--locked", "--manifest-path", "fuzz/Cargo.toml"])
            .args(["--target", host])
            .arg("--target-dir")
            .arg(&shelf)
            .env("RUSTFLAGS", COUNTERS))?;
        let mut targets: Vec<String> = std::fs::read_dir(root.join("targets"))?
            .flatten()
            .filter_map(|entry| Some(entry.path().file_stem()?.to_str()?.to_owned()))
            .collect();
        targets.sort();
        Ok(Built { programs: shelf.join(host).join("release"), root, shelf, targets })
    }

    /// Runs every target for so long.
    pub fn all(&self, seconds: u32) -> Done {
        self.targets.iter().try_for_each(|target| self.one(target, seconds))
    }

    fn one(&self, target: &str, seconds: u32) -> Done {
        if !self.targets.iter().any(|known| known == target) {
            return failed!("no target {target}; there are {}", self.targets.join(", "));
        }
        let (found, finds) = (self.shelf.join("corpus").join(target), self.shelf.join("finds"));
        std::fs::create_dir_all(&found)?;
        std::fs::create_dir_all(&finds)?;
        println!("   {target}, {seconds} s");
        let ended = run(Command::new(self.programs.join(target))
            // New inputs of interest go into the first folder; the second is what the house keeps.
            .arg(&found)
            .arg(self.root.join("corpus").join(target))
            .arg(format!("-artifact_prefix={}/{target}-", finds.display()))
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-max_len={LONGEST}"))
            .args(["-timeout=20", "-rss_limit_mb=2048", "-verbosity=0", "-print_final_stats=1"]));
        match ended {
            Ok(()) => Ok(()),
            Err(problem) => {
                failed!("{problem}\n   the input is in {}; see fuzz/README.md", finds.display())
            }
        }
    }
}
