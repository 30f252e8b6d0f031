//! A population of any format becomes a column file: checked once, read fast ever after. What is refused is written
//! beside it with the reason.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

use maeul_rules::registry::Registry;
use maeul_rules::screen::{
    Batch, ColumnWriter, CsvPopulation, FactColumn, FileHead, RefusedRow, quote,
};

use crate::error::{ScreenError, at};
use crate::parquet_in::ParquetPopulation;

/// How many households are in one piece of a column file: small enough for a processor's own memory.
pub(crate) const PIECE: usize = 1024;

/// The format of a population file, by the end of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One person a line.
    Csv,
    /// Apache Parquet, one person a row.
    Parquet,
    /// Our own column file.
    Columns,
}

impl Format {
    /// Of a file's name.
    ///
    /// # Errors
    /// It ends in something else.
    pub fn of(path: &Path) -> Result<Self, ScreenError> {
        match path.extension().and_then(|end| end.to_str()) {
            Some("csv") => Ok(Self::Csv),
            Some("parquet") => Ok(Self::Parquet),
            Some("col") => Ok(Self::Columns),
            _ => Err(ScreenError::Format(path.to_owned())),
        }
    }
}

/// What was converted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Converted {
    /// Households that can be judged.
    pub households: u64,
    /// Their persons.
    pub persons: u64,
    /// Rows refused.
    pub refused: u64,
    /// Is the population marked as synthetic?
    pub synthetic: bool,
}

/// A source of batches.
enum Source<'a> {
    Csv(CsvPopulation<'a, BufReader<File>>),
    Parquet(ParquetPopulation<'a>),
}

impl Source<'_> {
    fn open<'a>(registry: &'a Registry, path: &Path) -> Result<Source<'a>, ScreenError> {
        match Format::of(path)? {
            Format::Csv => {
                let file = BufReader::with_capacity(1 << 18, File::open(path).map_err(at(path))?);
                let csv = CsvPopulation::new(registry, file);
                csv.map(Source::Csv)
                    .map_err(|source| ScreenError::Csv { path: path.to_owned(), source })
            }
            Format::Parquet => ParquetPopulation::open(registry, path).map(Source::Parquet),
            Format::Columns => Err(ScreenError::Format(path.to_owned())),
        }
    }

    fn facts(&self) -> &[FactColumn] {
        match self {
            Self::Csv(csv) => csv.facts(),
            Self::Parquet(parquet) => parquet.facts(),
        }
    }

    fn is_synthetic(&self) -> bool {
        match self {
            Self::Csv(csv) => csv.is_synthetic(),
            Self::Parquet(parquet) => parquet.is_synthetic(),
        }
    }

    fn next(&mut self, path: &Path) -> Result<Option<(Batch, Vec<RefusedRow>)>, ScreenError> {
        match self {
            Self::Csv(csv) => csv
                .next_batch(PIECE)
                .map_err(|source| ScreenError::Csv { path: path.to_owned(), source }),
            Self::Parquet(parquet) => parquet.next_batch(PIECE),
        }
    }
}

/// Converts the CSV or Parquet file `from` to the column file `to`; refused rows go to `refused` as CSV, which is
/// there only if there are any.
///
/// # Errors
/// The file as a whole cannot be read, or nothing can be written. A row that is wrong is no error.
pub fn convert(
    registry: &Registry,
    from: &Path,
    to: &Path,
    refused: &Path,
    mut progress: impl FnMut(u64),
) -> Result<Converted, ScreenError> {
    let mut source = Source::open(registry, from)?;
    let mut done = Converted { synthetic: source.is_synthetic(), ..Converted::default() };
    let head = FileHead {
        synthetic: done.synthetic,
        note: from.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        facts: source.facts().to_vec(),
    };
    let out = BufWriter::with_capacity(1 << 18, File::create(to).map_err(at(to))?);
    let mut writer = ColumnWriter::new(out, &head).map_err(at(to))?;
    let mut list: Option<BufWriter<File>> = None;
    while let Some((batch, rows)) = source.next(from)? {
        done.households += u64::try_from(batch.households()).unwrap_or(0);
        done.persons += u64::try_from(batch.persons()).unwrap_or(0);
        done.refused += u64::try_from(rows.len()).unwrap_or(0);
        writer.write(&batch).map_err(at(to))?;
        for row in rows {
            let list = match &mut list {
                Some(list) => list,
                None => {
                    let mut new = BufWriter::new(File::create(refused).map_err(at(refused))?);
                    writeln!(new, "line,reason_line,field,reason_ko,reason_en,row")
                        .map_err(at(refused))?;
                    list.insert(new)
                }
            };
            let RefusedRow { why, line, raw } = row;
            writeln!(
                list,
                "{line},{},{},{},{},{}",
                why.line,
                quote(&why.field),
                quote(&why.ko),
                quote(&why.en),
                quote(&raw)
            )
            .map_err(at(refused))?;
        }
        progress(done.persons);
    }
    writer.finish().map_err(at(to))?;
    if let Some(mut list) = list {
        list.flush().map_err(at(refused))?;
    }
    Ok(done)
}
