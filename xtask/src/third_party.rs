//! Whose work is in the program, under which licences, with their texts: what those licences ask to be
//! passed on with it.

use crate::failed;
use crate::shell::{Done, House, read};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The packages of `web/` whose code or pictures reach the browser; the others only build.
const IN_THE_BROWSER: [&str; 3] = ["htmx.org", "krds-uiux", "ol"];

/// One package of somebody else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    version: String,
    licence: String,
    from: String,
    folder: PathBuf,
}

/// The whole text: the list, then every licence text once with whom it is of. The same for the same
/// lock files.
pub fn text(house: &House) -> Done<String> {
    let mut packages = crates(house)?;
    packages.append(&mut browser(&house.root.join("web"))?);
    packages.sort();
    if packages.len() < 50 {
        return failed!("only {} packages of others were found", packages.len());
    }
    Ok(written(&packages))
}

/// What `maeul` is linked from, by cargo's own resolution for the machine the archive is for.
fn crates(house: &House) -> Done<Vec<Package>> {
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let text = read(&mut house.cargo([
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--filter-platform",
        &target,
    ]))?;
    match serde_json::from_str(&text) {
        Ok(metadata) => Ok(linked(&metadata)),
        Err(error) => failed!("cargo metadata: {error}"),
    }
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// From the package `maeul` along what is neither for tests nor for building only.
fn linked(metadata: &Value) -> Vec<Package> {
    let all: BTreeMap<&str, &Value> =
        list(metadata, "packages").iter().map(|it| (word(it, "id"), it)).collect();
    let resolved = metadata.get("resolve").map_or(&[][..], |it| list(it, "nodes"));
    let nodes: BTreeMap<&str, &Value> = resolved.iter().map(|it| (word(it, "id"), it)).collect();
    let mut to_see: Vec<&str> =
        all.iter().filter(|(_, it)| word(it, "name") == "maeul").map(|(id, _)| *id).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = to_see.pop() {
        if !seen.insert(id) {
            continue;
        }
        for one in nodes.get(id).map_or(&[][..], |it| list(it, "deps")) {
            if list(one, "dep_kinds").iter().any(|it| it.get("kind").is_none_or(Value::is_null)) {
                to_see.push(word(one, "pkg"));
            }
        }
    }
    let others = seen.into_iter().filter_map(|id| all.get(id)).filter(|it| {
        // The workspace's own have no source.
        it.get("source").is_some_and(|source| !source.is_null())
    });
    others
        .map(|it| Package {
            name: word(it, "name").to_owned(),
            version: word(it, "version").to_owned(),
            licence: word(it, "license").to_owned(),
            from: word(it, "repository").to_owned(),
            folder: Path::new(word(it, "manifest_path"))
                .parent()
                .unwrap_or(Path::new(""))
                .to_owned(),
        })
        .collect()
}

/// What the browser gets, with what that is made of.
fn browser(web: &Path) -> Done<Vec<Package>> {
    let text = std::fs::read_to_string(web.join("package-lock.json"))?;
    let lock: Value = match serde_json::from_str(&text) {
        Ok(lock) => lock,
        Err(error) => return failed!("web/package-lock.json: {error}"),
    };
    let (mut found, mut to_see) = (BTreeMap::new(), Vec::from(IN_THE_BROWSER.map(str::to_owned)));
    while let Some(name) = to_see.pop() {
        let place = format!("node_modules/{name}");
        let Some(one) = lock.get("packages").and_then(|it| it.get(&place)) else {
            return failed!("web/package-lock.json has no {name}");
        };
        let uses = one.get("dependencies").and_then(Value::as_object);
        let new = found.insert(
            name.clone(),
            Package {
                version: word(one, "version").to_owned(),
                licence: word(one, "license").to_owned(),
                from: format!("https://www.npmjs.com/package/{name}"),
                folder: web.join(place),
                name,
            },
        );
        if new.is_none() {
            to_see.extend(uses.into_iter().flat_map(|it| it.keys().cloned()));
        }
    }
    Ok(found.into_values().collect())
}

fn written(packages: &[Package]) -> String {
    let mut text = String::from(
        "Maeul is built from the work of others. What each is, where it comes from, its licence; below, the\n\
         texts of the licences.\n\n",
    );
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for it in packages {
        let called = format!("{} {}", it.name, it.version);
        let _in_memory = writeln!(text, "{called}  {}  {}", it.licence, it.from);
        for licence in licences(&it.folder) {
            texts.entry(licence).or_default().push(called.clone());
        }
    }
    let mut by_first: Vec<(&Vec<String>, &String)> =
        texts.iter().map(|(licence, of)| (of, licence)).collect();
    by_first.sort();
    for (of, licence) in by_first {
        let _in_memory = writeln!(text, "\n{}\n{}\n\n{licence}", "=".repeat(78), of.join(", "));
    }
    text
}

/// The texts a package brings, without the spaces that differ from copy to copy.
fn licences(folder: &Path) -> BTreeSet<String> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let wanted = files.filter(|file| {
        let name = file.file_name().to_string_lossy().to_uppercase();
        ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"]
            .iter()
            .any(|it| name.starts_with(it))
    });
    wanted
        .filter_map(|file| std::fs::read_to_string(file.path()).ok())
        .map(|text| {
            let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
            lines.join("\n").trim_matches('\n').to_owned()
        })
        .filter(|text| !text.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_linked_is_named_with_its_licence_and_text() {
        let house = House::find().unwrap();
        let text = text(&house).unwrap();
        let line = |name: &str| text.lines().find(|line| line.starts_with(name));
        assert!(
            line("rustls 0.").is_some_and(|it| it.contains("Apache-2.0")),
            "{:?}",
            line("rustls 0.")
        );
        assert!(line("ol ").is_some_and(|it| it.contains("BSD-2-Clause")), "{:?}", line("ol "));
        assert!(text.contains("Permission is hereby granted, free of charge"));
        // What only tests or building need is not in the program.
        assert!(line("insta ").is_none() && line("esbuild ").is_none() && line("maeul").is_none());
        let first: Vec<&str> = text.lines().skip(3).take_while(|it| !it.is_empty()).collect();
        assert!(first.len() > 100, "{}", first.len());
        for line in first {
            assert_eq!(line.split("  ").count(), 3, "{line}");
            assert!(!line.contains("    "), "a licence is missing: {line}");
        }
        assert_eq!(text, super::text(&house).unwrap(), "twice the same");
    }
}
