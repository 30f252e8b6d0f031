//! Builds the browser's files (web/) and writes the table of them that goes into the binary.

use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

use serde::Deserialize;

/// One line of the manifest that web/build.mjs writes.
#[derive(Deserialize)]
struct Entry {
    name: String,
    file: String,
    r#type: String,
    brotli: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let here =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo gives CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo gives OUT_DIR")?);
    let web = here.join("../../web").canonicalize()?;
    println!("cargo::rerun-if-env-changed=MAEUL_WEB_DIST");
    println!("cargo::rerun-if-changed=build.rs");
    let dist = if let Some(dir) = env::var_os("MAEUL_WEB_DIST") {
        let dir = PathBuf::from(dir).canonicalize()?;
        println!("cargo::rerun-if-changed={}", dir.display());
        dir
    } else {
        watch(&web)?;
        build(&web, &out.join("dist"))?
    };
    let manifest = fs::read_to_string(dist.join("manifest.json"))
        .map_err(|error| format!("{} has no manifest.json: {error}", dist.display()))?;
    let mut entries: Vec<Entry> = serde_json::from_str(&manifest)?;
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    let mut table = String::from("pub(crate) static ASSETS: &[Asset] = &[\n");
    for Entry { name, file, r#type, brotli } in &entries {
        let path = dist.join(file);
        let packed = dist.join(format!("{file}.br"));
        writeln!(
            table,
            "Asset {{ name: {name:?}, file: {file:?}, url: {:?},",
            format!("/assets/{file}")
        )?;
        writeln!(table, "kind: {:?}, plain: include_bytes!({path:?}),", r#type)?;
        match brotli {
            true => writeln!(table, "brotli: Some(include_bytes!({packed:?})) }},")?,
            false => writeln!(table, "brotli: None }},")?,
        }
    }
    table.push_str("];\n");
    fs::write(out.join("assets_table.rs"), table)?;
    Ok(())
}

/// Only the sources of the look are watched, so that nothing else starts npm or node.
fn watch(web: &Path) -> io::Result<()> {
    for part in [
        "package.json",
        "package-lock.json",
        "build.mjs",
        "krds.mjs",
        "fonts",
        "icons",
        "islands",
        "styles",
    ] {
        println!("cargo::rerun-if-changed={}", web.join(part).display());
    }
    Ok(())
}

/// Installs the packages of the lock file, unless they are there, and builds into `dist`.
fn build(web: &Path, dist: &Path) -> Result<PathBuf, Box<dyn Error>> {
    // Two builds at once (another target directory, an editor) must not install over each other:
    // the lock file of npm serves as the lock.
    let lock_path = web.join("package-lock.json");
    let lock = File::open(&lock_path)?;
    lock.lock()?;
    let stamp = web.join("node_modules/.maeul-installed");
    let wanted = fs::read_to_string(&lock_path)?;
    if fs::read_to_string(&stamp).ok().as_deref() != Some(wanted.as_str()) {
        run(web, "npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"])?;
        fs::write(&stamp, &wanted)?;
    }
    let target = dist.to_str().ok_or("the build directory's name is not UTF-8")?;
    run(web, "node", &["build.mjs", target])?;
    lock.unlock()?;
    Ok(dist.to_owned())
}

fn run(web: &Path, program: &str, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let output = Command::new(program).args(arguments).current_dir(web).output();
    let output = output.map_err(|error| match error.kind() {
        ErrorKind::NotFound => format!(
            "`{program}` was not found. Building Maeul's web pages needs Node.js 20 or later with \
             npm (on Debian: apt-get install nodejs npm). To build without them, set MAEUL_WEB_DIST \
             to a directory made elsewhere by `npm ci && node build.mjs DIRECTORY` in web/."
        ),
        _ => format!("`{program}` could not be started: {error}"),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{program} {}` failed in web/:\n{said}\n{complained}", arguments.join(" ")).into())
}
