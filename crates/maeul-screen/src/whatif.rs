//! What if, over a whole population: both rule sets over the same pieces, in order, in bounded memory.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use maeul_rules::compile::Compiled;
use maeul_rules::whatif::{CHANGED_HEADER, Changes, Comparison};

use crate::error::{ScreenError, at, columns};
use crate::run::{fits, open, unpack};

/// What changed in a piece, its lines, and its persons.
type Compared = (Changes, Vec<u8>, u64);

/// Compares `before` and `after` over the column file `population`; those whom the change touches are listed in
/// `list`. `progress` is told the persons done.
///
/// # Errors
/// A file cannot be read or written, is damaged, or does not fit the rules.
pub fn compare(
    before: &Compiled,
    after: &Compiled,
    population: &Path,
    list: &Path,
    threads: usize,
    mut progress: impl FnMut(u64),
) -> Result<Changes, ScreenError> {
    let mut reader = open(population)?;
    let head = reader.head().clone();
    fits(&before.registry, population, &head)?;
    let comparison = Comparison::new(before, after, &head);
    let mut out = BufWriter::with_capacity(1 << 18, File::create(list).map_err(at(list))?);
    out.write_all(CHANGED_HEADER.as_bytes()).map_err(at(list))?;
    let mut changes = Changes::new();
    let mut persons = 0;
    loop {
        let mut packed = Vec::new();
        while packed.len() < threads.max(1) * 8 {
            let Some(piece) = reader.next_packed().map_err(columns(population))? else { break };
            packed.push(piece);
        }
        if packed.is_empty() {
            break;
        }
        let share = packed.len().div_ceil(threads.max(1));
        let results: Vec<Result<Vec<Compared>, ScreenError>> = std::thread::scope(|scope| {
            let (comparison, head, registry) = (&comparison, &head, &before.registry);
            let running: Vec<_> = packed
                .chunks(share)
                .map(|part| {
                    scope.spawn(move || {
                        part.iter()
                            .map(|packed| {
                                let batch = unpack(packed, head, registry, population)?;
                                let mut lines = Vec::new();
                                let changes = comparison.batch(&batch, &mut lines);
                                Ok((changes, lines, u64::try_from(batch.persons()).unwrap_or(0)))
                            })
                            .collect()
                    })
                })
                .collect();
            running
                .into_iter()
                .map(|thread| {
                    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                })
                .collect()
        });
        for result in results {
            for (part, lines, count) in result? {
                out.write_all(&lines).map_err(at(list))?;
                persons += count;
                for (key, change) in part {
                    changes.entry(key).or_default().add(&change);
                }
            }
        }
        progress(persons);
    }
    out.flush().map_err(at(list))?;
    Ok(changes)
}
