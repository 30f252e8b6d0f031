//! `cargo xtask release`: the archive an office installs, the same bytes wherever it is made from
//! the same commit with the same tools.

use crate::failed;
use crate::shell::{Done, House, read, run};
use crate::third_party;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What goes into the archive beside the program: from the repository, and where it stands there.
const FILES: [(&str, &str); 16] = [
    ("LICENSE", "LICENSE"),
    ("README.md", "README.md"),
    ("README.ko.md", "README.ko.md"),
    ("CHANGELOG.md", "CHANGELOG.md"),
    ("deploy/maeul.service", "deploy/maeul.service"),
    ("deploy/maeul-backup.service", "deploy/maeul-backup.service"),
    ("deploy/maeul-backup.timer", "deploy/maeul-backup.timer"),
    ("deploy/maeul.toml", "deploy/maeul.toml"),
    ("deploy/Containerfile", "deploy/Containerfile"),
    ("docs/operations.md", "docs/operations.md"),
    ("docs/backup-format.md", "docs/backup-format.md"),
    ("docs/import-formats.md", "docs/import-formats.md"),
    ("docs/hand-over.md", "docs/hand-over.md"),
    ("docs/personal-data.md", "docs/personal-data.md"),
    ("docs/scaling.md", "docs/scaling.md"),
    ("docs/security.md", "docs/security.md"),
];

/// Builds the program and packs it into `target/release-archive/`.
pub fn release(house: &House) -> Done {
    let when = read(house.command("git").args(["log", "-1", "--format=%ct"]))?;
    let changed = read(house.command("git").args(["status", "--porcelain"]))?;
    if !changed.is_empty() {
        return failed!("commit first: an archive is made from a commit\n{changed}");
    }
    let root = house.root.display();
    // The builder's own folders must not stand in the program.
    let flags =
        format!("--remap-path-prefix={root}=maeul --remap-path-prefix={}=cargo", cargo_home());
    run(house
        .cargo(["build", "--profile", "dist", "--package", "maeul", "--locked"])
        .env("RUSTFLAGS", flags)
        .env("CARGO_INCREMENTAL", "0")
        .env("SOURCE_DATE_EPOCH", &when))?;
    let version = env!("CARGO_PKG_VERSION");
    let name = format!("maeul-{version}-{}-linux", std::env::consts::ARCH);
    let out = house.target.join("release-archive");
    std::fs::create_dir_all(&out)?;
    let program = bare(&house.target.join("dist/maeul"), &out)?;
    let others = third_party::text(house)?;
    let archive = pack(&house.root, &program, &others, &out, &name, when.trim())?;
    std::fs::remove_file(program)?;
    println!("   {}\n   {}", archive.display(), out.join("SHA256SUMS").display());
    Ok(())
}

/// The program without its names and the linker's mark. Some names hold a number that differs with the
/// folder it was built in, though nothing else does; the mark is a sum of all.
fn bare(program: &Path, out: &Path) -> Done<PathBuf> {
    let bare = out.join("maeul");
    read(
        Command::new("strip")
            .args(["--strip-all", "--remove-section=.note.gnu.build-id", "-o"])
            .args([&bare, program]),
    )?;
    Ok(bare)
}

fn cargo_home() -> String {
    crate::shell::env("CARGO_HOME")
        .or_else(|| crate::shell::env("HOME").map(|home| format!("{home}/.cargo")))
        .unwrap_or_default()
}

/// Lays the files out, and packs them sorted, without owners, all of one moment (seconds since
/// 1970); the archive's path. Its sum goes beside it.
fn pack(
    root: &Path,
    program: &Path,
    others: &str,
    out: &Path,
    name: &str,
    when: &str,
) -> Done<PathBuf> {
    let folder = out.join(name);
    let _left = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("bin"))?;
    std::fs::copy(program, folder.join("bin/maeul"))?;
    std::fs::write(folder.join("THIRD-PARTY.txt"), others)?;
    for (from, to) in FILES {
        let from = root.join(from);
        // The licence's text stands where the repository keeps it, if it does.
        if !from.exists() && to == "LICENSE" {
            continue;
        }
        let to = folder.join(to);
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent)?;
        }
        if let Err(error) = std::fs::copy(&from, &to) {
            return failed!("{}: {error}", from.display());
        }
    }
    // One umask for everybody.
    read(Command::new("chmod").args(["-R", "u=rwX,go=rX"]).arg(&folder))?;
    let tar = format!("{name}.tar");
    read(
        Command::new("tar")
            .current_dir(out)
            .args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu"])
            .arg(format!("--mtime=@{when}"))
            .args(["-cf", &tar, name]),
    )?;
    // Without -n the moment of packing would stand in the header.
    read(Command::new("gzip").current_dir(out).args(["-9", "-n", "-f", &tar]))?;
    std::fs::remove_dir_all(&folder)?;
    let sums = read(Command::new("sha256sum").current_dir(out).arg(format!("{tar}.gz")))?;
    std::fs::write(out.join("SHA256SUMS"), sums + "\n")?;
    Ok(out.join(format!("{tar}.gz")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_program_has_no_names_and_no_mark_and_still_runs() {
        let own = std::env::current_exe().unwrap();
        let out = std::env::temp_dir().join(format!("maeul-bare-{}", std::process::id()));
        std::fs::create_dir_all(&out).unwrap();
        let bare = bare(&own, &out).unwrap();
        let sections =
            |file: &Path| read(Command::new("readelf").args(["-S", "-W"]).arg(file)).unwrap();
        for section in [".note.gnu.build-id", ".symtab"] {
            assert!(sections(&own).contains(section), "the linker writes {section}");
            assert!(!sections(&bare).contains(section), "{section}");
        }
        assert!(Command::new(&bare).arg("--list").output().unwrap().status.success());
        std::fs::remove_dir_all(out).unwrap();
    }

    #[test]
    fn the_same_files_make_the_same_archive() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let base = std::env::temp_dir().join(format!("maeul-release-{}", std::process::id()));
        let packed = |turn: &str| {
            let here = base.join(turn);
            std::fs::create_dir_all(&here).unwrap();
            // Written anew each time: another moment, another inode.
            std::fs::write(here.join("program"), "the program").unwrap();
            let out = here.join("out");
            let archive =
                pack(root, &here.join("program"), "others", &out, "maeul-0", "1700000000").unwrap();
            (
                std::fs::read(archive).unwrap(),
                std::fs::read_to_string(out.join("SHA256SUMS")).unwrap(),
            )
        };
        let first = packed("first");
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        let second = packed("second");
        assert!(first == second, "two archives of the same files differ");
        assert!(first.1.ends_with("  maeul-0.tar.gz\n"), "{}", first.1);
        let archive = base.join("first/out/maeul-0.tar.gz");
        let listed = read(Command::new("tar").arg("-tzf").arg(archive)).unwrap();
        assert!(
            listed.contains("maeul-0/bin/maeul")
                && listed.contains("maeul-0/THIRD-PARTY.txt")
                && listed.contains("maeul-0/deploy/maeul.service")
        );
        std::fs::remove_dir_all(base).unwrap();
    }
}
