//! The difference of two lists by programme, household and person: who is newly eligible, who no longer is, who is
//! eligible and does not receive. Memory is bounded: long lists are compared in several passes.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use crate::error::{ScreenError, at};

/// Bytes of a list that are remembered in one pass: about a quarter of it in keys.
const PASS: u64 = 128 << 20;

/// How many lines a list has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListCount {
    /// All.
    pub lines: u64,
    /// By programme and 동 (as the list writes it; empty where it does not).
    pub by: BTreeMap<(String, String), u64>,
}

/// Reads the keys of a list's lines.
struct Reader {
    input: BufReader<File>,
    /// Where programme, household, person and 동 are; the last may be missing.
    places: [Option<usize>; 4],
    header: String,
    line: String,
}

impl Reader {
    fn open(path: &Path) -> Result<Self, ScreenError> {
        let mut input = BufReader::with_capacity(1 << 18, File::open(path).map_err(at(path))?);
        let mut header = String::new();
        loop {
            header.clear();
            let read = input.read_line(&mut header).map_err(at(path))?;
            if read == 0 || !header.starts_with('#') {
                break;
            }
        }
        let header = header.trim_start_matches('\u{feff}').trim_end().to_owned();
        let place = |name: &str| header.split(',').position(|column| column.trim() == name);
        let places =
            [place("programme"), place("household_id"), place("person_id"), place("dong_code")];
        for (column, place) in ["programme", "household_id", "person_id"].into_iter().zip(places) {
            if place.is_none() {
                return Err(ScreenError::List { path: path.to_owned(), column });
            }
        }
        Ok(Self { input, places, header, line: String::new() })
    }

    /// The next line's key, with the line itself.
    fn next(&mut self, path: &Path) -> Result<Option<(u128, &str)>, ScreenError> {
        loop {
            self.line.clear();
            if self.input.read_line(&mut self.line).map_err(at(path))? == 0 {
                return Ok(None);
            }
            if !self.line.trim().is_empty() {
                break;
            }
        }
        let fields = fields(&self.line);
        let field =
            |place: Option<usize>| place.and_then(|place| fields.get(place)).copied().unwrap_or("");
        let [programme, household, person, _] = self.places;
        let key = key(field(programme), field(household), field(person));
        Ok(Some((key, self.line.trim_end())))
    }

    fn names(&self, line: &str) -> (String, String) {
        let fields = fields(line);
        let [programme, .., dong] = self.places;
        let field =
            |place: Option<usize>| place.and_then(|place| fields.get(place)).copied().unwrap_or("");
        (field(programme).to_owned(), field(dong).to_owned())
    }
}

/// The fields of a line; identifiers in quotes keep their quotes and commas.
fn fields(line: &str) -> Vec<&str> {
    let line = line.trim_end_matches(['\n', '\r']);
    let mut fields = Vec::with_capacity(8);
    let (mut start, mut quoted) = (0, false);
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                fields.push(line.get(start..at).unwrap_or("").trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    fields.push(line.get(start..).unwrap_or("").trim());
    fields
}

/// 128 bits of the three names: two different lines do not meet.
fn key(programme: &str, household: &str, person: &str) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::default();
        (salt, programme, household, person).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(1) << 64 | half(2)
}

/// Writes the lines of `these` that are not in `those` to `out`, in passes; gives their counts.
///
/// # Errors
/// A list cannot be read, lacks a column, or the result cannot be written.
pub fn difference(these: &Path, those: &Path, out: &Path) -> Result<ListCount, ScreenError> {
    let size = std::fs::metadata(those).map_err(at(those))?.len();
    difference_in_passes(these, those, out, u128::from(size / PASS + 1))
}

fn difference_in_passes(
    these: &Path,
    those: &Path,
    out: &Path,
    passes: u128,
) -> Result<ListCount, ScreenError> {
    let mut count = ListCount::default();
    let mut writer = BufWriter::with_capacity(1 << 18, File::create(out).map_err(at(out))?);
    for pass in 0..passes {
        let mut known: HashSet<u128, BuildHasherDefault<DefaultHasher>> = HashSet::default();
        let mut reader = Reader::open(those)?;
        while let Some((key, _)) = reader.next(those)? {
            if key % passes == pass {
                known.insert(key);
            }
        }
        let mut reader = Reader::open(these)?;
        if pass == 0 {
            writeln!(writer, "{}", reader.header).map_err(at(out))?;
        }
        while let Some((key, line)) = reader.next(these)? {
            if key % passes == pass && !known.contains(&key) {
                writeln!(writer, "{line}").map_err(at(out))?;
                let line = line.to_owned();
                count.lines += 1;
                *count.by.entry(reader.names(&line)).or_default() += 1;
            }
        }
    }
    writer.flush().map_err(at(out))?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_the_same_in_one_pass_or_many() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let mut these =
            String::from("programme,household_id,person_id,dong_code,amount_won,unit\n");
        let mut those = String::from("# a comment\nperson_id,programme,household_id\n");
        for number in 0..500 {
            these.push_str(&format!("a,\"H,{number}\",P{number},2914057500,1,won\n"));
            if number % 3 == 0 {
                those.push_str(&format!("P{number},a,\"H,{number}\"\n"));
                // The same person in another programme is another line.
                those.push_str(&format!("P{},b,\"H,{}\"\n", number + 1, number + 1));
            }
        }
        std::fs::write(path("these.csv"), these).unwrap();
        std::fs::write(path("those.csv"), those).unwrap();
        let one = difference_in_passes(&path("these.csv"), &path("those.csv"), &path("one.csv"), 1)
            .unwrap();
        let many =
            difference_in_passes(&path("these.csv"), &path("those.csv"), &path("many.csv"), 7)
                .unwrap();
        assert_eq!(one, many);
        assert_eq!(one.lines, 500 - 167);
        assert_eq!(one.by[&("a".to_owned(), "2914057500".to_owned())], 333);
        let sorted = |name: &str| {
            let text = std::fs::read_to_string(path(name)).unwrap();
            let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted("one.csv"), sorted("many.csv"));
    }

    #[test]
    fn a_list_without_a_column_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        std::fs::write(&path, "programme,household\n").unwrap();
        let refused = difference(&path, &path, &folder.path().join("out.csv")).unwrap_err();
        assert!(matches!(refused, ScreenError::List { column: "household_id", .. }));
    }
}
