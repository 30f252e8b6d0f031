//! Writes a population as Parquet: one person a row, a fact of the household in each of its members' rows.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use maeul_rules::registry::Registry;
use maeul_rules::screen::{Batch, Column, FileHead, Of};
use maeul_rules::value::{Type as FactType, day_number, power};
use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use crate::error::{ScreenError, parquet as wrong};

/// Households in one row group.
const GROUP: usize = 32_768;

/// How a fact is stored.
#[derive(Clone, Copy)]
enum Stored {
    Bool,
    Date,
    Words(usize),
    Number,
}

/// The fields of the schema, and how each fact is stored.
type Layout = (Vec<Arc<Type>>, Vec<(Of, Stored)>);

/// Writes Parquet.
pub(crate) struct ParquetPopulationWriter {
    writer: SerializedFileWriter<File>,
    stored: Vec<(Of, Stored)>,
    words: Vec<Vec<ByteArray>>,
    waiting: Vec<Batch>,
    households: usize,
}

impl ParquetPopulationWriter {
    pub(crate) fn create(
        registry: &Registry,
        path: &Path,
        head: &FileHead,
    ) -> Result<Self, ScreenError> {
        let text = |name: &str, needed| {
            let repetition = if needed { Repetition::REQUIRED } else { Repetition::OPTIONAL };
            Type::primitive_type_builder(name, PhysicalType::BYTE_ARRAY)
                .with_repetition(repetition)
                .with_logical_type(Some(LogicalType::String))
                .build()
        };
        let build = || -> Result<Layout, ParquetError> {
            let mut fields = Vec::new();
            for key in ["household_id", "person_id", "dong_code"] {
                fields.push(Arc::new(text(key, true)?));
            }
            let mut stored = Vec::new();
            for fact in &head.facts {
                let Some((_, def)) = registry.fact(&fact.name) else { continue };
                let number = |kind, logical, scale: u8| {
                    Type::primitive_type_builder(&fact.name, kind)
                        .with_repetition(Repetition::OPTIONAL)
                        .with_logical_type(logical)
                        .with_precision(if scale > 0 { 18 } else { -1 })
                        .with_scale(if scale > 0 { i32::from(scale) } else { -1 })
                        .build()
                };
                let (field, how) = match def.ty {
                    FactType::Bool => (number(PhysicalType::BOOLEAN, None, 0)?, Stored::Bool),
                    FactType::Date => {
                        (number(PhysicalType::INT32, Some(LogicalType::Date), 0)?, Stored::Date)
                    }
                    FactType::Enum(id) => (text(&fact.name, false)?, Stored::Words(id)),
                    FactType::Number(quantity) if power(quantity.scale) > 1 => {
                        // A percentage is written as per cent, as people write it.
                        let scale = if quantity.percent {
                            quantity.scale.saturating_sub(2)
                        } else {
                            quantity.scale
                        };
                        let logical = LogicalType::Decimal(parquet::basic::DecimalType {
                            scale: i32::from(scale),
                            precision: 18,
                        });
                        (number(PhysicalType::INT64, Some(logical), scale)?, Stored::Number)
                    }
                    FactType::Number(_) => (number(PhysicalType::INT64, None, 0)?, Stored::Number),
                };
                fields.push(Arc::new(field));
                stored.push((fact.of, how));
            }
            Ok((fields, stored))
        };
        let (fields, stored) = build().map_err(wrong(path))?;
        let schema = Type::group_type_builder("population")
            .with_fields(fields)
            .build()
            .map_err(wrong(path))?;
        let pair = |key: &str, value: String| KeyValue { key: key.to_owned(), value: Some(value) };
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_key_value_metadata(Some(vec![
                pair("maeul.synthetic", head.synthetic.to_string()),
                pair("maeul.note", head.note.clone()),
            ]))
            .build();
        let file = File::create(path).map_err(crate::error::at(path))?;
        let writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties))
            .map_err(wrong(path))?;
        let bytes = |word: &str| ByteArray::from(word.as_bytes().to_vec());
        let words = registry
            .enums
            .iter()
            .map(|one| one.values.iter().map(|(word, _)| bytes(word)).collect())
            .collect();
        Ok(Self { writer, stored, words, waiting: Vec::new(), households: 0 })
    }

    pub(crate) fn write(&mut self, batch: Batch) -> Result<(), ParquetError> {
        self.households += batch.households();
        self.waiting.push(batch);
        if self.households >= GROUP { self.flush() } else { Ok(()) }
    }

    pub(crate) fn finish(mut self) -> Result<(), ParquetError> {
        self.flush()?;
        self.writer.close().map(|_| ())
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        let batches = std::mem::take(&mut self.waiting);
        if std::mem::take(&mut self.households) == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        let by_person = |of: &dyn Fn(&Batch, usize, usize) -> String| -> Vec<ByteArray> {
            let mut values = Vec::new();
            for batch in &batches {
                for home in 0..batch.households() {
                    values.extend(
                        batch
                            .members(home)
                            .map(|row| ByteArray::from(of(batch, home, row).into_bytes())),
                    );
                }
            }
            values
        };
        strings(
            &mut group,
            &by_person(&|batch, home, _| batch.household_ids.get(home).to_owned()),
            None,
        )?;
        strings(
            &mut group,
            &by_person(&|batch, _, row| batch.person_ids.get(row).to_owned()),
            None,
        )?;
        strings(
            &mut group,
            &by_person(&|batch, home, _| batch.dong.get(home).copied().unwrap_or(0).to_string()),
            None,
        )?;
        for (index, (of, how)) in self.stored.iter().enumerate() {
            let mut values = Vec::new();
            let mut levels: Vec<i16> = Vec::new();
            for batch in &batches {
                let Some(column) = batch.columns.get(index) else { continue };
                for value in by_row(batch, column, *of) {
                    levels.push(i16::from(value.is_some()));
                    values.extend(value);
                }
            }
            match how {
                Stored::Words(id) => {
                    let words = self.words.get(*id);
                    let word = |value: &i64| {
                        usize::try_from(*value).ok().and_then(|at| words?.get(at)).cloned()
                    };
                    let values: Vec<ByteArray> =
                        values.iter().map(|value| word(value).unwrap_or_default()).collect();
                    strings(&mut group, &values, Some(&levels))?;
                }
                Stored::Bool => {
                    let values: Vec<bool> = values.iter().map(|value| *value != 0).collect();
                    numbers::<BoolType>(&mut group, &values, &levels)?;
                }
                Stored::Date => {
                    let epoch = day_number(19_700_101);
                    let days = |value: &i64| i32::try_from(day_number(*value) - epoch).unwrap_or(0);
                    let values: Vec<i32> = values.iter().map(days).collect();
                    numbers::<Int32Type>(&mut group, &values, &levels)?;
                }
                Stored::Number => numbers::<Int64Type>(&mut group, &values, &levels)?,
            }
        }
        group.close().map(|_| ())
    }
}

/// A column's values with one for each person.
fn by_row<'a>(
    batch: &'a Batch,
    column: &'a Column,
    of: Of,
) -> Box<dyn Iterator<Item = Option<i64>> + 'a> {
    match of {
        Of::Person => Box::new((0..column.len()).map(|row| column.get(row))),
        Of::Household => Box::new(
            (0..batch.households())
                .flat_map(move |home| batch.members(home).map(move |_| column.get(home))),
        ),
    }
}

fn strings(
    group: &mut SerializedRowGroupWriter<'_, File>,
    values: &[ByteArray],
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    column.typed::<ByteArrayType>().write_batch(values, levels, None)?;
    column.close()
}

fn numbers<T: parquet::data_type::DataType>(
    group: &mut SerializedRowGroupWriter<'_, File>,
    values: &[T::T],
    levels: &[i16],
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    column.typed::<T>().write_batch(values, Some(levels), None)?;
    column.close()
}
