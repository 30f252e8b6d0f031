//! The fence of house rules that no compiler knows: purposes, lengths, words, and where SQL lives.

use crate::failed;
use crate::metadata::{Member, members};
use crate::rust_text::literals;
use crate::shell::{Done, House, read};
use std::collections::BTreeSet;

/// A longer file is two files.
const LONGEST: usize = 600;
/// Crates on these floors are rooms.
const ROOM_FLOORS: std::ops::Range<i64> = 40..50;
/// Files read for forbidden words; the rest is data or pictures.
const TEXT: [&str; 15] = [
    "css", "html", "js", "json", "md", "mjs", "rs", "service", "sh", "sql", "svg", "toml", "ts",
    "txt", "yml",
];
/// Crates that are about SQL.
const SQL_CRATES: [&str; 4] =
    ["crates/maeul-db/", "crates/maeul-queue/", "crates/maeul-testkit/", "xtask/"];
/// How a statement begins. Upper case, as all SQL of this house is written.
const STATEMENTS: [&str; 8] = [
    "SELECT ",
    "INSERT INTO ",
    "UPDATE ",
    "DELETE FROM ",
    "WITH ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "ALTER TABLE ",
];

/// Checks every file git knows or would add.
pub fn check(house: &House) -> Done {
    let mut listing = house.command("git");
    listing.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = read(&mut listing)?;
    let files: BTreeSet<&str> = listed.split('\0').filter(|name| !name.is_empty()).collect();
    let members = members(house)?;

    let mut problems = Vec::new();
    let mut rust_files = 0;
    for name in &files {
        let Ok(bytes) = std::fs::read(house.root.join(name)) else {
            // Deleted but still in git's index.
            continue;
        };
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        if !TEXT.contains(&extension) && !name.ends_with("/run") {
            continue;
        }
        let Ok(text) = String::from_utf8(bytes) else {
            problems.push(format!("{name}: is not UTF-8"));
            continue;
        };
        if !name.starts_with("data/") && !name.ends_with("package-lock.json") {
            problems.extend(words(name, &text));
        }
        if extension == "rs" {
            rust_files += 1;
            problems.extend(rust(name, &text));
        }
    }
    problems.extend(programs_of_tests(house, &files));
    problems.extend(architecture(house, &members));
    problems.extend(rooms(&members));
    problems.extend(data(house, &files));

    if !problems.is_empty() {
        return failed!("{}", problems.join("\n"));
    }
    println!("   {} files, {rust_files} of them Rust", files.len());
    Ok(())
}

/// Where `tests/all.rs` is the one program of tests, a file it does not name would never run.
fn programs_of_tests(house: &House, files: &BTreeSet<&str>) -> Vec<String> {
    let mut problems = Vec::new();
    for all in files.iter().filter(|name| name.ends_with("/tests/all.rs")) {
        let folder = all.trim_end_matches("all.rs");
        let text = std::fs::read_to_string(house.root.join(all)).unwrap_or_default();
        let forgotten = files
            .iter()
            .filter_map(|name| name.strip_prefix(folder)?.strip_suffix(".rs"))
            .filter(|name| *name != "all" && !name.contains('/'))
            .filter(|name| !text.lines().any(|line| line == format!("mod {name};")));
        problems.extend(forgotten.map(|name| {
            format!("{all}: says nothing of {name}.rs, so it never runs: add `mod {name};`")
        }));
    }
    problems
}

/// A file's purpose, length and SQL.
fn rust(name: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if !text.starts_with("//!") {
        problems.push(format!("{name}:1: begin with a `//!` sentence that says what it is for"));
    }
    let lines = text.lines().count();
    if lines > LONGEST {
        problems.push(format!("{name}: {lines} lines; cut it in two (at most {LONGEST})"));
    }
    if !may_hold_sql(name) {
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        problems.extend(literals(product).iter().filter(|literal| is_sql(&literal.text)).map(
            |literal| {
                format!(
                    "{name}:{}: SQL lives in store.rs, read.rs, store/, read/ and migrations/",
                    literal.line
                )
            },
        ));
    }
    problems
}

fn may_hold_sql(name: &str) -> bool {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    SQL_CRATES.iter().any(|allowed| name.starts_with(allowed))
        || file.starts_with("store")
        || file.starts_with("read")
        || folder.split('/').any(|part| {
            matches!(part, "store" | "read" | "migrations" | "tests" | "benches" | "bench")
        })
}

fn is_sql(literal: &str) -> bool {
    let mut words = literal.split_whitespace();
    let start = [words.next(), words.next(), words.next()].into_iter().flatten();
    let start = start.collect::<Vec<_>>().join(" ") + " ";
    STATEMENTS.iter().any(|statement| start.starts_with(statement))
}

/// Words that must not stay in what others read.
fn words(name: &str, text: &str) -> Vec<String> {
    // Put together here, so that this file does not hold them itself.
    let unfinished = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let elsewhere = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];
    let mut problems = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for word in unfinished.iter().filter(|word| has(line, word, is_word)) {
            problems.push(format!("{name}:{number}: {word}: do it, or write an issue"));
        }
        for path in elsewhere.iter().filter(|path| has(line, path, is_path)) {
            problems.push(format!("{name}:{number}: {path} is a path of one machine"));
        }
    }
    problems
}

/// Whether `line` holds `word` with no character that would make it part of a longer one.
fn has(line: &str, word: &str, joins: fn(char) -> bool) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|after| after.chars().next());
        let ends_open = word.ends_with('/');
        !before.is_some_and(joins) && (ends_open || !after.is_some_and(joins))
    })
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

fn is_path(char: char) -> bool {
    is_word(char) || matches!(char, '.' | '-' | '/' | '~' | '}' | ')')
}

/// ARCHITECTURE.md and the workspace name the same crates.
fn architecture(house: &House, members: &[Member]) -> Vec<String> {
    let Ok(text) = std::fs::read_to_string(house.root.join("ARCHITECTURE.md")) else {
        return vec!["ARCHITECTURE.md: is missing".to_owned()];
    };
    let named = crate_names(&text);
    let real: BTreeSet<&str> = members
        .iter()
        .map(|member| member.name.as_str())
        .filter(|name| name.starts_with("maeul-"))
        .collect();
    let ghosts = named
        .iter()
        .filter(|name| !real.contains(name.as_str()))
        .map(|name| format!("ARCHITECTURE.md: names {name}, which does not exist"));
    let unnamed = real
        .iter()
        .filter(|name| !named.contains(**name))
        .map(|name| format!("ARCHITECTURE.md: does not name {name}"));
    ghosts.chain(unnamed).collect()
}

fn crate_names(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, prefix) in text.match_indices("maeul-") {
        if text.get(..at).and_then(|before| before.chars().next_back()).is_some_and(is_path) {
            continue;
        }
        let rest = text.get(at + prefix.len()..).unwrap_or_default();
        let end = rest
            .find(|char: char| !(char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-'))
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        // `maeul-backup.service` is a file, not a crate.
        let mut after = after.chars();
        let is_file = after.next() == Some('.') && after.next().is_some_and(char::is_alphanumeric);
        if !name.is_empty() && !is_file {
            names.insert(format!("{prefix}{name}"));
        }
    }
    names
}

/// Every room explains itself.
fn rooms(members: &[Member]) -> Vec<String> {
    members
        .iter()
        .filter(|member| member.floor.is_some_and(|floor| ROOM_FLOORS.contains(&floor)))
        .filter(|member| !member.folder.join("README.md").exists())
        .map(|member| format!("crates/{}/README.md: is missing; a room has one page", member.name))
        .collect()
}

/// Everything the product ships says where it comes from.
fn data(house: &House, files: &BTreeSet<&str>) -> Vec<String> {
    let readme = std::fs::read_to_string(house.root.join("data/README.md")).unwrap_or_default();
    files
        .iter()
        .filter(|name| name.starts_with("data/") && !name.ends_with("README.md"))
        .filter(|name| {
            let below = name.trim_start_matches("data/");
            let file = name.rsplit('/').next().unwrap_or(name);
            // A folder of many small files is named once; each file then says its own source.
            let folder = below.match_indices('/').any(|(at, _)| {
                below.get(..=at).is_some_and(|folder| readme.contains(&format!("`{folder}`")))
            });
            !folder && !readme.contains(below) && !readme.contains(&format!("`{file}`"))
        })
        .map(|name| format!("data/README.md: does not name {name} with its source and licence"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_is_seen_where_it_must_not_be() {
        let handler = "//! A page.\nfn page() { let q = \"SELECT id\n FROM t\"; }";
        assert_eq!(rust("crates/maeul-cases/src/web/pages/list.rs", handler).len(), 1);
        assert_eq!(rust("crates/maeul-cases/src/store.rs", handler).len(), 0);
        assert_eq!(rust("crates/maeul-cases/src/read/queue.rs", handler).len(), 0);
        let prose = "//! A page.\nfn page() { let q = \"Select a service\"; } // \"SELECT 1\"";
        assert_eq!(rust("crates/maeul-cases/src/web/pages/list.rs", prose).len(), 0);
        assert!(is_sql("\n   UPDATE cases_case SET state = $1"));
        assert!(!is_sql("UPDATED"));
    }

    #[test]
    fn a_file_says_what_it_is_for_and_stays_short() {
        assert_eq!(rust("a.rs", "fn main() {}").len(), 1);
        assert_eq!(rust("a.rs", &("//! Long.\n".to_owned() + &"\n".repeat(600))).len(), 1);
    }

    #[test]
    fn unfinished_words_and_machine_paths_are_seen() {
        let todo = concat!("// TO", "DO: later");
        assert_eq!(words("a.rs", todo).len(), 1);
        assert_eq!(words("a.rs", concat!("let MAS", "TO", "DOS = 1;")).len(), 0);
        assert_eq!(words("a.md", concat!("see /wo", "rk/main")).len(), 1);
        assert_eq!(words("a.md", concat!("see /o/1/wo", "rk/queue")).len(), 0);
    }

    #[test]
    fn crates_are_read_out_of_prose() {
        let names = crate_names("`maeul-db`, maeul-cases/README.md; maeul-x.service, see-maeul-y");
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["maeul-cases", "maeul-db"]);
    }
}
