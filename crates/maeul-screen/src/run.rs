//! A screening: pieces of a column file are judged by several threads, the lists are written in the order of the
//! file, and what is done is noted, so that an interrupted run goes on where it was.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::hash::{DefaultHasher, Hasher};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use maeul_rules::compile::Compiled;
use maeul_rules::registry::Registry;
use maeul_rules::screen::{
    Aside, Batch, ColumnReader, ELIGIBLE_HEADER, FileHead, Judge, Packed, Piece, Plan, Tally,
    UNKNOWN_HEADER, check_range,
};
use serde_json::{Value, json};

use crate::error::{ScreenError, at, columns};
use crate::lists::{ListCount, difference};

/// So many bytes at either end of a population tell it from another of the same length.
const SAMPLE: u64 = 1 << 18;

/// How a screening is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunOptions {
    /// How many threads judge.
    pub threads: usize,
    /// Pieces that each thread takes at a time; what is done is noted after each such round.
    pub pieces_each: usize,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self { threads: 1, pieces_each: 32 }
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Pieces judged.
    pub pieces: u64,
    /// Persons judged.
    pub persons: u64,
    /// Pieces that an earlier, interrupted run had judged.
    pub resumed: u64,
}

/// What a run found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunResult {
    /// The counts.
    pub tally: Tally,
    /// Is the population marked as synthetic?
    pub synthetic: bool,
    /// How far it came, and from where.
    pub progress: Progress,
}

/// The files of a run.
struct Files {
    eligible: PathBuf,
    unknown: PathBuf,
    progress: PathBuf,
}

impl Files {
    fn of(folder: &Path) -> Self {
        let file = |name| folder.join(name);
        Self {
            eligible: file("eligible.csv"),
            unknown: file("unknown.csv"),
            progress: file("progress.json"),
        }
    }
}

/// What an interrupted run had done.
#[derive(Default)]
struct Done {
    pieces: u64,
    eligible: u64,
    unknown: u64,
    tally: Tally,
}

/// Judges the column file `population` by `compiled`; the lists go to `folder`. `progress` is told after each round
/// and ends the run by answering false, as an interruption would.
///
/// # Errors
/// A file cannot be read or written, is damaged, or does not fit the rules.
pub fn screen(
    compiled: &Compiled,
    population: &Path,
    folder: &Path,
    options: RunOptions,
    mut progress: impl FnMut(Progress) -> bool,
) -> Result<RunResult, ScreenError> {
    fs::create_dir_all(folder).map_err(at(folder))?;
    let files = Files::of(folder);
    let mut reader = open(population)?;
    let head = reader.head().clone();
    fits(&compiled.registry, population, &head)?;
    let plan = Plan::new(compiled, &head);
    let mark = mark(compiled, population, &head)?;
    let done = earlier(&files.progress, &mark).unwrap_or_default();
    let mut eligible = continue_list(&files.eligible, done.eligible, ELIGIBLE_HEADER)?;
    let mut unknown = continue_list(&files.unknown, done.unknown, UNKNOWN_HEADER)?;
    for _ in 0..done.pieces {
        reader.next_packed().map_err(columns(population))?;
    }
    let mut result =
        RunResult { synthetic: head.synthetic, tally: done.tally, ..RunResult::default() };
    result.progress =
        Progress { pieces: done.pieces, persons: result.tally.persons, resumed: done.pieces };
    let threads = options.threads.max(1);
    let mut judges: Vec<Judge<'_>> = (0..threads).map(|_| Judge::new(&plan)).collect();
    loop {
        let mut packed = Vec::with_capacity(threads * options.pieces_each);
        while packed.len() < threads * options.pieces_each.max(1) {
            let Some(piece) = reader.next_packed().map_err(columns(population))? else { break };
            packed.push(piece);
        }
        if packed.is_empty() {
            break;
        }
        let share = packed.len().div_ceil(threads);
        let judged = judge_all(&mut judges, &packed, share, &head, &compiled.registry, population)?;
        for piece in judged {
            eligible.write_all(&piece.eligible).map_err(at(&files.eligible))?;
            unknown.write_all(&piece.unknown).map_err(at(&files.unknown))?;
            result.tally.add(&piece.tally);
            result.progress.pieces += 1;
        }
        result.progress.persons = result.tally.persons;
        let lengths = (
            eligible.stream_position().map_err(at(&files.eligible))?,
            unknown.stream_position().map_err(at(&files.unknown))?,
        );
        note_progress(&files.progress, &mark, &result, lengths)?;
        if !progress(result.progress) {
            return Ok(result);
        }
    }
    // A finished run is not gone on with.
    fs::remove_file(&files.progress).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(ScreenError::Io { path: files.progress.clone(), source: error }),
    })?;
    Ok(result)
}

pub(crate) fn open(population: &Path) -> Result<ColumnReader<BufReader<File>>, ScreenError> {
    let file = BufReader::with_capacity(1 << 18, File::open(population).map_err(at(population))?);
    ColumnReader::new(file).map_err(columns(population))
}

/// Does every fact of the file exist, of that unit?
pub(crate) fn fits(registry: &Registry, path: &Path, head: &FileHead) -> Result<(), ScreenError> {
    for fact in &head.facts {
        let expected = registry.fact(&fact.name).map(|(_, def)| registry.type_name(def.ty));
        if expected.as_ref() != Some(&fact.unit) {
            let wanted = expected.unwrap_or_else(|| "-".to_owned());
            return Err(ScreenError::Fact {
                path: path.to_owned(),
                fact: fact.name.clone(),
                ko: format!(
                    "단위가 {wanted}이어야 하는데 {}입니다. 파일을 다시 만드십시오.",
                    fact.unit
                ),
                en: format!(
                    "its unit must be {wanted}, but is {}: make the file again.",
                    fact.unit
                ),
            });
        }
    }
    Ok(())
}

/// Unpacks a piece and makes sure that no value is impossible: the rules' arithmetic relies on it.
pub(crate) fn unpack(
    packed: &Packed,
    head: &FileHead,
    registry: &Registry,
    path: &Path,
) -> Result<Batch, ScreenError> {
    let batch = packed.unpack(head).map_err(columns(path))?;
    for (fact, column) in head.facts.iter().zip(&batch.columns) {
        let ends = [column.values.iter().min(), column.values.iter().max()];
        for value in ends.into_iter().flatten().filter(|value| **value != 0) {
            check_range(registry, &fact.name, *value).map_err(|(ko, en)| ScreenError::Fact {
                path: path.to_owned(),
                fact: fact.name.clone(),
                ko,
                en,
            })?;
        }
    }
    Ok(batch)
}

fn judge_all(
    judges: &mut [Judge<'_>],
    packed: &[Packed],
    share: usize,
    head: &FileHead,
    registry: &Registry,
    path: &Path,
) -> Result<Vec<Piece>, ScreenError> {
    let part = |judge: &mut Judge<'_>, part: &[Packed]| -> Result<Vec<Piece>, ScreenError> {
        part.iter().map(|packed| Ok(judge.judge(&unpack(packed, head, registry, path)?))).collect()
    };
    let mut parts = packed.chunks(share.max(1)).zip(judges.iter_mut());
    let mut results = Vec::new();
    std::thread::scope(|scope| {
        let first = parts.next();
        let running: Vec<_> =
            parts.map(|(packed, judge)| scope.spawn(move || part(judge, packed))).collect();
        // The first part is judged here: with one thread none is started.
        results.extend(first.map(|(packed, judge)| part(judge, packed)));
        for thread in running {
            match thread.join() {
                Ok(result) => results.push(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    let mut pieces = Vec::with_capacity(packed.len());
    for result in results {
        pieces.extend(result?);
    }
    Ok(pieces)
}

/// What a run is about: it goes on only with the same population, rules and day.
fn mark(compiled: &Compiled, population: &Path, head: &FileHead) -> Result<Value, ScreenError> {
    let mut file = File::open(population).map_err(at(population))?;
    let length = file.metadata().map_err(at(population))?.len();
    let mut ends = DefaultHasher::default();
    let mut part = Vec::new();
    for from in [0, length.saturating_sub(SAMPLE)] {
        part.clear();
        file.seek(SeekFrom::Start(from)).map_err(at(population))?;
        Read::by_ref(&mut file).take(SAMPLE).read_to_end(&mut part).map_err(at(population))?;
        ends.write(&part);
    }
    let programmes: Vec<[&str; 2]> = compiled
        .programmes
        .iter()
        .map(|programme| [&*programme.id, &*programme.fingerprint])
        .collect();
    Ok(
        json!({"on": compiled.on, "length": length, "ends": ends.finish(), "note": head.note, "facts": head.facts.len(), "programmes": programmes}),
    )
}

fn earlier(path: &Path, mark: &Value) -> Option<Done> {
    let text = fs::read(path).ok()?;
    let value: Value = serde_json::from_slice(&text).ok()?;
    if value.get("of") != Some(mark) {
        return None;
    }
    let number = |key: &str| value.get(key)?.as_u64();
    Some(Done {
        pieces: number("pieces")?,
        eligible: number("eligible")?,
        unknown: number("unknown")?,
        tally: Tally::of_json(value.get("tally")?)?,
    })
}

fn note_progress(
    path: &Path,
    mark: &Value,
    result: &RunResult,
    lengths: (u64, u64),
) -> Result<(), ScreenError> {
    let value = json!({
        "of": mark,
        "pieces": result.progress.pieces,
        "eligible": lengths.0,
        "unknown": lengths.1,
        "tally": result.tally.to_json(),
    });
    // Written beside and moved, so that it is there whole or not at all.
    let beside = path.with_extension("json.new");
    fs::write(&beside, value.to_string()).map_err(at(&beside))?;
    fs::rename(&beside, path).map_err(at(path))
}

/// Opens a list to go on after `length` bytes; anything behind is of an unfinished round.
fn continue_list(path: &Path, length: u64, header: &str) -> Result<File, ScreenError> {
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(at(path))?;
    file.set_len(length).map_err(at(path))?;
    file.seek(SeekFrom::End(0)).map_err(at(path))?;
    if length == 0 {
        file.write_all(header.as_bytes()).map_err(at(path))?;
    }
    Ok(file)
}

/// What follows a run: who is new and who is gone since the run in `previous`, who is eligible and not in the list
/// `receiving`, and who receives and is not eligible. Gives what is told beside the counts, and the counts by 동.
///
/// # Errors
/// A list cannot be read or lacks a column.
pub fn follow_up(
    folder: &Path,
    previous: Option<&Path>,
    receiving: Option<&Path>,
    result: &RunResult,
    refused: u64,
) -> Result<(Aside, BTreeMap<&'static str, ListCount>), ScreenError> {
    let mut aside = Aside { synthetic: result.synthetic, refused, lists: Vec::new() };
    let mut counts = BTreeMap::new();
    let eligible = Files::of(folder).eligible;
    let mut make =
        |these: &Path, those: &Path, name: &'static str, label| -> Result<(), ScreenError> {
            let count = difference(these, those, &folder.join(name))?;
            aside.lists.push((name, label, count.lines));
            counts.insert(name, count);
            Ok(())
        };
    if let Some(previous) = previous {
        if same(previous, folder) {
            return Err(ScreenError::SameFolder(folder.to_owned()));
        }
        let before = Files::of(previous).eligible;
        make(&eligible, &before, "newly_eligible.csv", ("새로 대상이 됨", "newly eligible"))?;
        make(
            &before,
            &eligible,
            "no_longer_eligible.csv",
            ("더는 대상이 아님", "no longer eligible"),
        )?;
    }
    if let Some(receiving) = receiving {
        make(
            &eligible,
            receiving,
            "eligible_not_receiving.csv",
            ("대상인데 받지 않음", "eligible and not receiving"),
        )?;
        make(
            receiving,
            &eligible,
            "receiving_not_eligible.csv",
            ("받고 있으나 대상으로 확인되지 않음", "receiving and not found eligible"),
        )?;
    }
    Ok((aside, counts))
}

fn same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}
