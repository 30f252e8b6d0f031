//! What cargo knows of the workspace's own crates.

use crate::failed;
use crate::shell::{Done, House, read};
use serde_json::Value;
use std::path::PathBuf;

/// One of the workspace's crates.
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// The floor it says it stands on.
    pub floor: Option<i64>,
    /// The workspace's crates it uses.
    pub arrows: Vec<Arrow>,
}

/// One crate's use of another.
pub struct Arrow {
    /// The crate used.
    pub to: String,
    /// Whether only its tests use it.
    pub only_in_tests: bool,
}

/// Reads the workspace, crates in alphabetical order.
pub fn members(house: &House) -> Done<Vec<Member>> {
    let text = read(&mut house.cargo(["metadata", "--no-deps", "--format-version", "1"]))?;
    match serde_json::from_str(&text) {
        Ok(metadata) => parse(&metadata),
        Err(error) => failed!("cargo metadata: {error}"),
    }
}

fn parse(metadata: &Value) -> Done<Vec<Member>> {
    let mut members = Vec::new();
    for package in list(metadata, "packages") {
        let (Some(name), Some(manifest)) = (word(package, "name"), word(package, "manifest_path"))
        else {
            return failed!("cargo metadata lists a package without a name");
        };
        let arrows = list(package, "dependencies")
            .iter()
            // Only the workspace's own crates are named by a path.
            .filter(|dependency| word(dependency, "path").is_some())
            .filter_map(|dependency| {
                let only_in_tests = word(dependency, "kind") == Some("dev");
                Some(Arrow { to: word(dependency, "name")?.to_owned(), only_in_tests })
            })
            .collect();
        members.push(Member {
            name: name.to_owned(),
            folder: PathBuf::from(manifest).parent().map(PathBuf::from).unwrap_or_default(),
            floor: package.pointer("/metadata/maeul/floor").and_then(Value::as_i64),
            arrows,
        });
    }
    members.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(members)
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn word<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}
