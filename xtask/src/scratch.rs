//! Where runs keep what they throw away: in memory where there is room, each in a folder named by its process.

use crate::shell::read;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Room the tests' temporary files need at the most, with some to spare, in KiB.
const ROOM: u64 = 3 * 1024 * 1024;

/// A folder for temporary files, removed when dropped; the system's own where memory is short.
pub struct Scratch(Option<PathBuf>);

impl Scratch {
    /// Removes what killed runs left behind and makes a folder.
    pub fn make() -> Self {
        let Some(shelf) = in_memory("maeul-tests", ROOM) else {
            return Scratch(None);
        };
        for folder in left_behind(&shelf) {
            let _removed = std::fs::remove_dir_all(folder);
        }
        let folder = shelf.join(std::process::id().to_string());
        Scratch(std::fs::create_dir_all(&folder).is_ok().then_some(folder))
    }

    /// What this command makes for a while, it makes here.
    pub fn give<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        match &self.0 {
            Some(folder) => command.env("TMPDIR", folder),
            None => command,
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some(folder) = &self.0 {
            let _removed = std::fs::remove_dir_all(folder);
        }
    }
}

/// The shelf of this name in memory, where there are so many KiB for it.
pub fn in_memory(name: &str, needed: u64) -> Option<PathBuf> {
    let memory = Path::new("/dev/shm");
    room(memory).is_some_and(|free| free >= needed).then(|| memory.join(name))
}

/// KiB that can be written there, as far as both the file system and the machine's memory have them.
fn room(folder: &Path) -> Option<u64> {
    let said = read(Command::new("df").args(["--output=avail", "-k"]).arg(folder)).ok()?;
    let free: u64 = said.lines().last()?.trim().parse().ok()?;
    let memory = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = memory.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let available: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(free.min(available / 2))
}

/// The folders of a shelf whose owner, the run whose process number they are named by, is gone.
pub fn left_behind(shelf: &Path) -> Vec<PathBuf> {
    let this = std::process::id().to_string();
    let gone = |owner: &str| {
        // A number may have been given to another program since.
        let name = std::fs::read_to_string(format!("/proc/{owner}/comm")).unwrap_or_default();
        owner == this || name.trim() != "xtask"
    };
    std::fs::read_dir(shelf)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(gone))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_takes_its_folder_along_when_it_ends() {
        let shelf = std::env::temp_dir().join(format!("maeul-scratch-{}", std::process::id()));
        let folder = shelf.join("run");
        std::fs::create_dir_all(&folder).unwrap();
        let scratch = Scratch(Some(folder.clone()));
        assert!(run_in(&scratch, "test \"$TMPDIR\" = \"$0\"", &folder));
        drop(scratch);
        assert!(!folder.exists() && shelf.exists());
        std::fs::remove_dir(shelf).unwrap();
    }

    #[test]
    fn without_a_folder_of_its_own_a_run_has_the_systems() {
        let system = std::env::var_os("TMPDIR").unwrap_or_default();
        assert!(run_in(&Scratch(None), "test \"$TMPDIR\" = \"$0\"", Path::new(&system)));
    }

    #[test]
    fn what_ended_runs_left_is_found() {
        let shelf = std::env::temp_dir().join(format!("maeul-shelf-{}", std::process::id()));
        let left = shelf.join("4294967295");
        std::fs::create_dir_all(&left).unwrap();
        assert_eq!(left_behind(&shelf), [left]);
        std::fs::remove_dir_all(shelf).unwrap();
    }

    fn run_in(scratch: &Scratch, script: &str, expected: &Path) -> bool {
        let mut command = Command::new("sh");
        scratch.give(command.arg("-c").arg(script).arg(expected)).status().unwrap().success()
    }
}
