//! From cells to text.

use super::{Part, PbFile, Table};

/// The file as text: UTF-8, one line break after each row, cells quoted where they must be.
pub fn write(file: &PbFile<'_>) -> String {
    let mut text = String::new();
    text.push_str("META\nkey;value\n");
    for (key, value) in &file.meta {
        cell(&mut text, key);
        text.push(';');
        cell(&mut text, value);
        text.push('\n');
    }
    for (part, table) in [(Part::Projects, &file.projects), (Part::Votes, &file.votes)] {
        text.push_str(part.name());
        text.push('\n');
        rows(&mut text, table);
    }
    text
}

fn rows(text: &mut String, table: &Table<'_>) {
    row(text, table.columns().iter().map(AsRef::as_ref));
    for at in 0..table.len() {
        row(text, table.row(at));
    }
}

fn row<'t>(text: &mut String, cells: impl Iterator<Item = &'t str>) {
    for (at, value) in cells.enumerate() {
        if at > 0 {
            text.push(';');
        }
        cell(text, value);
    }
    text.push('\n');
}

/// A cell, quoted if its text would otherwise end it.
fn cell(text: &mut String, value: &str) {
    if value.contains([';', '"', '\n', '\r']) {
        text.push('"');
        text.push_str(&value.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(value);
    }
}
