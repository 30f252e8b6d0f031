//! Builds the data folder's rules into the crate, so that an installed program has them.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The folders of `data/` that hold rules.
const FOLDERS: [&str; 4] = ["definitions", "parameters", "programmes", "programmes/tests"];

#[expect(
    clippy::disallowed_methods,
    reason = "Cargo tells a build script its folder through the environment"
)]
fn main() -> Result<(), Box<dyn Error>> {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo gives CARGO_MANIFEST_DIR")?;
    let root = Path::new(&here).join("../../data").canonicalize()?;
    let mut files = vec!["facts.yaml".to_owned()];
    println!("cargo::rerun-if-changed={}", root.join("facts.yaml").display());
    for folder in FOLDERS {
        let path = root.join(folder);
        // A folder is watched even before it exists.
        println!("cargo::rerun-if-changed={}", path.display());
        let Ok(entries) = fs::read_dir(&path) else { continue };
        for entry in entries {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".yaml") {
                files.push(format!("{folder}/{name}"));
            }
        }
    }
    files.sort();
    let mut list = String::from("[\n");
    for file in files {
        let path = root.join(&file);
        println!("cargo::rerun-if-changed={}", path.display());
        writeln!(
            list,
            "    ({:?}, include_str!({:?})),",
            format!("data/{file}"),
            path.display().to_string()
        )?;
    }
    list.push_str("]\n");
    let out = std::env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("shipped.rs"), list)?;
    Ok(())
}
