//! Writes a population in any of the three formats.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use maeul_rules::registry::Registry;
use maeul_rules::screen::{Batch, ColumnWriter, FileHead, Of, quote};
use maeul_rules::value::Type;

use crate::error::{ScreenError, at, parquet};
use crate::input::Format;
use crate::parquet_out::ParquetPopulationWriter;

/// Writes a population.
pub struct PopulationWriter {
    path: PathBuf,
    kind: Kind,
}

enum Kind {
    Columns(Box<ColumnWriter<BufWriter<File>>>),
    Csv(BufWriter<File>, Arc<Registry>, Vec<(Of, Type)>),
    Parquet(Box<ParquetPopulationWriter>),
}

impl PopulationWriter {
    /// Begins a file; the end of its name says the format.
    ///
    /// # Errors
    /// It cannot be written, or the name says no format.
    pub fn create(
        registry: &Arc<Registry>,
        path: &Path,
        head: &FileHead,
    ) -> Result<Self, ScreenError> {
        let buffered = || -> Result<_, ScreenError> {
            Ok(BufWriter::with_capacity(1 << 18, File::create(path).map_err(at(path))?))
        };
        let kind = match Format::of(path)? {
            Format::Columns => {
                Kind::Columns(Box::new(ColumnWriter::new(buffered()?, head).map_err(at(path))?))
            }
            Format::Parquet => {
                Kind::Parquet(Box::new(ParquetPopulationWriter::create(registry, path, head)?))
            }
            Format::Csv => {
                let mut out = buffered()?;
                let mut header = String::new();
                if head.synthetic {
                    header.push_str("# ");
                    header.push_str(&head.note.replace('\n', " "));
                    header.push('\n');
                }
                header.push_str("household_id,person_id,dong_code");
                let mut types = Vec::new();
                for fact in &head.facts {
                    header.push(',');
                    header.push_str(&fact.name);
                    types.push((
                        fact.of,
                        registry.fact(&fact.name).map_or(Type::Bool, |(_, def)| def.ty),
                    ));
                }
                header.push('\n');
                out.write_all(header.as_bytes()).map_err(at(path))?;
                Kind::Csv(out, registry.clone(), types)
            }
        };
        Ok(Self { path: path.to_owned(), kind })
    }

    /// Adds households.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&mut self, batch: Batch) -> Result<(), ScreenError> {
        match &mut self.kind {
            Kind::Columns(writer) => writer.write(&batch).map_err(at(&self.path)),
            Kind::Parquet(writer) => writer.write(batch).map_err(parquet(&self.path)),
            Kind::Csv(out, registry, types) => {
                csv(out, registry, types, &batch).map_err(at(&self.path))
            }
        }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(self) -> Result<(), ScreenError> {
        match self.kind {
            Kind::Columns(writer) => writer.finish().map(|_| ()).map_err(at(&self.path)),
            Kind::Parquet(writer) => writer.finish().map_err(parquet(&self.path)),
            Kind::Csv(mut out, ..) => out.flush().map_err(at(&self.path)),
        }
    }
}

fn csv(
    out: &mut impl Write,
    registry: &Registry,
    types: &[(Of, Type)],
    batch: &Batch,
) -> io::Result<()> {
    for home in 0..batch.households() {
        for row in batch.members(home) {
            let dong = batch.dong.get(home).copied().unwrap_or(0);
            write!(
                out,
                "{},{},{dong:010}",
                quote(batch.household_ids.get(home)),
                quote(batch.person_ids.get(row))
            )?;
            for ((of, ty), column) in types.iter().zip(&batch.columns) {
                let value = column.get(if *of == Of::Person { row } else { home });
                match value {
                    Some(value) => write!(out, ",{}", registry.plain(*ty, value))?,
                    None => out.write_all(b",")?,
                }
            }
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}
