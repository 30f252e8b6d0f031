//! Rows that cannot be taken, written as they stood, with line, column and reason: to be corrected and
//! brought in again.

use std::io;

use maeul_base::Lang;
use maeul_base::import::LineRefusal;

use super::{NOTES, Original, Row};

/// The file of refused rows, piece by piece; a table's header comes with its first row.
#[derive(Clone, Debug)]
pub struct RefusedRows {
    header: Vec<String>,
    begun: bool,
    lang: Lang,
}

impl RefusedRows {
    /// Of a file with that header; `begun` where a row was written before.
    pub fn new(header: &[String], begun: bool, lang: Lang) -> Self {
        Self { header: header.to_vec(), begun, lang }
    }

    /// The row and why, to be appended.
    pub fn put(&mut self, row: &Row, refusal: &LineRefusal) -> io::Result<Vec<u8>> {
        let why = self.lang.t(refusal.ko.as_str(), refusal.en.as_str());
        let values = [row.line.to_string(), refusal.field.clone(), why.to_owned()];
        let text = match &row.original {
            Original::Csv(record) => self.table_row(record, &values)?,
            Original::Json(text) => json_row(text, &values)?,
        };
        self.begun = true;
        Ok(text)
    }

    /// The cells as they stood; line, column and reason are columns of their own at the end.
    fn table_row(&self, record: &csv::ByteRecord, values: &[String; 3]) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        let mut table = csv::WriterBuilder::new().flexible(true).from_writer(&mut text);
        // What an earlier import said of the row is not said twice.
        let own =
            |at: &usize| self.header.get(*at).is_none_or(|name| !NOTES.contains(&name.as_str()));
        if !self.begun {
            let names = (0..self.header.len()).filter(own);
            let names = names.filter_map(|at| self.header.get(at)).map(String::as_str);
            table.write_record(names.chain(NOTES))?;
        }
        // A row with too few cells has its reason in the right column all the same.
        let width = self.header.len().max(record.len());
        let cells = (0..width).filter(own).map(|at| record.get(at).unwrap_or_default());
        table.write_record(cells.chain(values.iter().map(String::as_bytes)))?;
        table.flush()?;
        drop(table);
        Ok(text)
    }
}

fn json_row(text: &[u8], values: &[String; 3]) -> io::Result<Vec<u8>> {
    let mut object = match serde_json::from_slice(text) {
        Ok(serde_json::Value::Object(object)) => object,
        _ => {
            let raw = String::from_utf8_lossy(text).into_owned();
            [("refused_text".to_owned(), raw.into())].into_iter().collect()
        }
    };
    for (name, value) in NOTES.iter().zip(values) {
        object.insert((*name).to_owned(), value.clone().into());
    }
    let mut line = serde_json::to_vec(&object)?;
    line.push(b'\n');
    Ok(line)
}
