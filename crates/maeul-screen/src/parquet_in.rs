//! A population as Apache Parquet: one person a row, the columns of the CSV format. Values are read as the text they
//! would have in a CSV file, so that both formats accept and refuse the same.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use maeul_base::import::LineRefusal;
use maeul_rules::registry::{ROLE, Registry};
use maeul_rules::screen::{
    Assembler, Batch, FactColumn, KEYS, RefusedRow, Row, fact_columns, read_cell,
};
use parquet::basic::LogicalType;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType, FixedLenByteArray};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescPtr;

use crate::error::{ScreenError, parquet as wrong};

/// How many rows are read at once.
const ROWS: usize = 4096;

/// Reads a Parquet population a batch at a time.
pub(crate) struct ParquetPopulation<'a> {
    registry: &'a Registry,
    path: PathBuf,
    file: Arc<SerializedFileReader<File>>,
    group: usize,
    open: Vec<OpenColumn>,
    facts: Vec<FactColumn>,
    keys: [usize; 4],
    at: Vec<usize>,
    synthetic: bool,
    assembler: Assembler,
    row: usize,
    ended: bool,
}

struct OpenColumn {
    reader: ColumnReader,
    desc: ColumnDescPtr,
}

impl<'a> ParquetPopulation<'a> {
    pub(crate) fn open(registry: &'a Registry, path: &Path) -> Result<Self, ScreenError> {
        let file = File::open(path).map_err(crate::error::at(path))?;
        let file = Arc::new(SerializedFileReader::new(file).map_err(wrong(path))?);
        let meta = file.metadata().file_metadata();
        let synthetic = meta
            .key_value_metadata()
            .into_iter()
            .flatten()
            .any(|pair| pair.key == "maeul.synthetic" && pair.value.as_deref() == Some("true"));
        let schema = meta.schema_descr();
        let names: Vec<String> =
            schema.columns().iter().map(|column| column.path().string()).collect();
        let mut refusals = Vec::new();
        let mut keys = [0; 4];
        for (key, slot) in KEYS.iter().zip(&mut keys) {
            match names.iter().position(|name| name == key) {
                Some(at) => *slot = at,
                None => refusals.push(LineRefusal::new(
                    0,
                    *key,
                    "열이 없습니다.",
                    "The column is missing.",
                )),
            }
        }
        let is_key = |name: &str| name != ROLE && KEYS.contains(&name);
        let at: Vec<usize> = (0..names.len())
            .filter(|&at| names.get(at).is_some_and(|name| !is_key(name)))
            .collect();
        let chosen: Vec<&str> =
            at.iter().filter_map(|&at| names.get(at)).map(String::as_str).collect();
        let facts = fact_columns(registry, &chosen, 0);
        let facts = match facts {
            Ok(facts) if refusals.is_empty() => facts,
            facts => {
                refusals.extend(facts.err().into_iter().flatten());
                let source = maeul_rules::screen::CsvError::Header(refusals);
                return Err(ScreenError::Csv { path: path.to_owned(), source });
            }
        };
        Ok(Self {
            registry,
            path: path.to_owned(),
            file,
            group: 0,
            open: Vec::new(),
            assembler: Assembler::new(registry, facts.clone()),
            facts,
            keys,
            at,
            synthetic,
            row: 0,
            ended: false,
        })
    }

    pub(crate) fn facts(&self) -> &[FactColumn] {
        &self.facts
    }

    pub(crate) const fn is_synthetic(&self) -> bool {
        self.synthetic
    }

    pub(crate) fn next_batch(
        &mut self,
        size: usize,
    ) -> Result<Option<(Batch, Vec<RefusedRow>)>, ScreenError> {
        if self.ended {
            return Ok(None);
        }
        while self.assembler.ready() < size {
            if !self.read_rows()? {
                self.ended = true;
                self.assembler.finish();
                break;
            }
        }
        Ok(Some((self.assembler.take_batch(), self.assembler.take_refused())))
    }

    /// Reads some rows; false at the end of the file.
    fn read_rows(&mut self) -> Result<bool, ScreenError> {
        loop {
            if self.open.is_empty() {
                if self.group >= self.file.num_row_groups() {
                    return Ok(false);
                }
                let group = self.file.get_row_group(self.group).map_err(wrong(&self.path))?;
                self.group += 1;
                let schema = self.file.metadata().file_metadata().schema_descr_ptr();
                for (at, desc) in schema.columns().iter().enumerate() {
                    let reader = group.get_column_reader(at).map_err(wrong(&self.path))?;
                    self.open.push(OpenColumn { reader, desc: desc.clone() });
                }
            }
            let mut columns = Vec::with_capacity(self.open.len());
            for column in &mut self.open {
                columns.push(column.texts(&self.path)?);
            }
            let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
            if rows == 0 {
                self.open.clear();
                continue;
            }
            for row in 0..rows {
                self.push(row, &columns);
            }
            return Ok(true);
        }
    }

    fn push(&mut self, row: usize, columns: &[Vec<Option<String>>]) {
        self.row += 1;
        let cell = |at: usize| {
            columns
                .get(at)
                .and_then(|column| column.get(row))
                .and_then(Option::as_deref)
                .unwrap_or("")
        };
        let [household, person, dong, _] = self.keys;
        let raw: Vec<&str> = (0..columns.len()).map(cell).collect();
        let mut read = Row {
            line: self.row,
            household_id: cell(household).to_owned(),
            person_id: cell(person).to_owned(),
            dong_code: cell(dong).to_owned(),
            values: Vec::with_capacity(self.facts.len()),
            refusals: Vec::new(),
            raw: raw.join(","),
        };
        for (fact, &at) in self.facts.iter().zip(&self.at) {
            let value =
                read_cell(self.registry, &fact.name, cell(at)).unwrap_or_else(|(ko, en)| {
                    read.refusals.push(LineRefusal::new(self.row, fact.name.clone(), ko, en));
                    None
                });
            read.values.push(value);
        }
        self.assembler.push(read);
    }
}

impl OpenColumn {
    /// The next values as text; none at the end of the group.
    fn texts(&mut self, path: &Path) -> Result<Vec<Option<String>>, ScreenError> {
        let desc = &self.desc;
        let logical = desc.logical_type_ref().cloned();
        let is_date = matches!(logical, Some(LogicalType::Date))
            || desc.converted_type() == parquet::basic::ConvertedType::DATE;
        let scale = match logical {
            Some(LogicalType::Decimal { .. }) => {
                u32::try_from(desc.type_scale().max(0)).unwrap_or(0)
            }
            _ => 0,
        };
        let whole = move |value: i64| decimal(value, scale);
        let result = match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => take(reader, |value| Some(value.to_string())),
            ColumnReader::Int32ColumnReader(reader) if is_date => {
                take(reader, |days| Some(date(i64::from(*days))))
            }
            ColumnReader::Int32ColumnReader(reader) => {
                take(reader, |value| Some(whole(i64::from(*value))))
            }
            ColumnReader::Int64ColumnReader(reader) => take(reader, |value| Some(whole(*value))),
            // Tables in memory turn whole numbers with gaps into floats; they are written as they read.
            ColumnReader::FloatColumnReader(reader) => {
                take(reader, |value| (!value.is_nan()).then(|| value.to_string()))
            }
            ColumnReader::DoubleColumnReader(reader) => {
                take(reader, |value| (!value.is_nan()).then(|| value.to_string()))
            }
            ColumnReader::ByteArrayColumnReader(reader) => take(reader, |text: &ByteArray| {
                Some(String::from_utf8_lossy(text.data()).into_owned())
            }),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                take(reader, |text: &FixedLenByteArray| {
                    Some(String::from_utf8_lossy(text.data()).into_owned())
                })
            }
            ColumnReader::Int96ColumnReader(_) => {
                return Err(ScreenError::ParquetType {
                    path: path.to_owned(),
                    column: desc.path().string(),
                });
            }
        };
        if desc.max_rep_level() > 0 {
            return Err(ScreenError::ParquetType {
                path: path.to_owned(),
                column: desc.path().string(),
            });
        }
        result.map_err(wrong(path))
    }
}

fn take<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    text: impl Fn(&T::T) -> Option<String>,
) -> Result<Vec<Option<String>>, parquet::errors::ParquetError> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let (records, _, levels_read) =
        reader.read_records(ROWS, Some(&mut levels), None, &mut values)?;
    if levels_read == 0 || levels.is_empty() {
        return Ok(values.iter().map(text).collect());
    }
    let most = levels.iter().copied().max().unwrap_or(0).max(1);
    let mut values = values.iter();
    Ok(levels
        .iter()
        .take(records)
        .map(|level| if *level == most { values.next().and_then(&text) } else { None })
        .collect())
}

/// A whole number of `scale` decimals as text.
fn decimal(value: i64, scale: u32) -> String {
    let one = 10_u64.pow(scale.min(18));
    let (whole, rest) = (value.unsigned_abs() / one, value.unsigned_abs() % one);
    let sign = if value < 0 { "-" } else { "" };
    if scale == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{rest:0width$}", width = usize::try_from(scale).unwrap_or(0))
    }
}

/// Days since 1970-01-01 as a date.
fn date(days: i64) -> String {
    // From the civil calendar: years that begin in March, eras of 400 years.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_decimals_are_written_as_files_write_them() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(19_782), "2024-02-29");
        assert_eq!(date(-1), "1969-12-31");
        assert_eq!(
            (decimal(3306, 2), decimal(-5, 2), decimal(12, 0)),
            ("33.06".into(), "-0.05".into(), "12".into())
        );
    }
}
