//! Writes cases in the exchange form.

use std::io::{self, Write};

use maeul_base::{Lang, seoul};
use maeul_language::mask;
use serde_json::{Map, Value, json};

use super::{Column, Shape};
use crate::contact::Contact;
use crate::knowledge::Knowledge;
use crate::read::HandedOver;

/// The row of a case; an empty value has no cell. Without `full`, personal data in texts is hidden
/// and nobody's contact is written.
pub fn cells(know: &Knowledge, handed: &HandedOver, full: bool) -> Vec<(Column, String)> {
    let case = &handed.case;
    let text = |text: &str| if full { text.to_owned() } else { mask(text).text };
    let degrees = |e7: Option<i64>| e7.map(degrees).unwrap_or_default();
    let answer = case.answer.as_deref().map(text).unwrap_or_default();
    let contact = handed.petitioner.as_ref().filter(|_| full);
    let service = case.service.as_deref().unwrap_or_default();
    Column::ALL
        .into_iter()
        .map(|column| {
            let value = match column {
                Column::Reference => case.number.clone(),
                Column::Requested => seoul::iso(case.received_at),
                Column::Updated => seoul::iso(case.updated_at),
                Column::Closed => case.closed_at.map(seoul::iso).unwrap_or_default(),
                Column::Status => if case.state.is_open() { "open" } else { "closed" }.to_owned(),
                Column::StatusNotes => match case.outcome {
                    Some(outcome) if !case.state.is_open() => outcome.name(Lang::Ko).to_owned(),
                    _ => case.state.name(Lang::Ko).to_owned(),
                },
                Column::Source => case.channel.as_str().to_owned(),
                Column::ServiceCode => service.to_owned(),
                Column::ServiceName if service.is_empty() => String::new(),
                Column::ServiceName => know.service_name(service, Lang::Ko).to_owned(),
                Column::Title => text(&case.title),
                Column::Description => text(&case.body),
                Column::Agency => know.unit_name(case.unit, Lang::Ko).to_owned(),
                Column::Address => text(&case.place.text),
                Column::Dong => {
                    case.place.dong.as_ref().map(ToString::to_string).unwrap_or_default()
                }
                Column::Lat => degrees(case.place.lat_e7),
                Column::Long => degrees(case.place.lon_e7),
                Column::Expected => {
                    case.due.as_ref().map(|due| seoul::iso(due.at)).unwrap_or_default()
                }
                Column::Outcome => {
                    case.outcome.map(|outcome| outcome.as_str().to_owned()).unwrap_or_default()
                }
                Column::Answer => answer.clone(),
                Column::Language => case.lang.tag().to_owned(),
                Column::Name => contact.map(|it| it.name.clone()).unwrap_or_default(),
                Column::Phone => contact
                    .and_then(|it| it.phone.as_ref())
                    .map(|it| it.digits().to_owned())
                    .unwrap_or_default(),
                Column::Email => contact
                    .and_then(|it| it.email.as_ref())
                    .map(|it| it.as_str().to_owned())
                    .unwrap_or_default(),
                Column::Followers if full && !handed.followers.is_empty() => {
                    Value::Array(handed.followers.iter().map(person).collect()).to_string()
                }
                Column::Followers => String::new(),
            };
            (column, value)
        })
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

fn person(contact: &Contact) -> Value {
    json!({
        "name": contact.name,
        "phone": contact.phone.as_ref().map(|it| it.digits()).unwrap_or_default(),
        "email": contact.email.as_ref().map(|it| it.as_str()).unwrap_or_default(),
    })
}

/// Degrees with seven places, exactly.
fn degrees(e7: i64) -> String {
    let sign = if e7 < 0 { "-" } else { "" };
    let whole = e7.unsigned_abs();
    format!("{sign}{}.{:07}", whole / 10_000_000, whole % 10_000_000)
}

/// Writes rows one after another.
pub enum Writer<W: Write> {
    /// As a table; the columns are written first.
    Csv(Box<csv::Writer<W>>, Vec<Column>),
    /// As JSON lines.
    Json(W),
}

impl<W: Write> Writer<W> {
    /// Begins; columns that say who somebody is are there in a full hand-over alone.
    pub fn new(shape: Shape, out: W, full: bool) -> io::Result<Self> {
        let mut begun = Self::going_on(shape, out, full);
        if let Self::Csv(writer, columns) = &mut begun {
            writer.write_record(columns.iter().map(|it| it.as_str()))?;
        }
        Ok(begun)
    }

    /// Goes on with a file whose beginning was written before.
    pub fn going_on(shape: Shape, out: W, full: bool) -> Self {
        match shape {
            Shape::JsonLines => Self::Json(out),
            Shape::Csv => {
                let columns = Column::ALL.into_iter().filter(|it| full || !it.is_personal());
                Self::Csv(Box::new(csv::Writer::from_writer(out)), columns.collect())
            }
        }
    }

    /// One more row.
    pub fn row(&mut self, cells: &[(Column, String)]) -> io::Result<()> {
        match self {
            Self::Csv(writer, columns) => {
                let value = |column: &Column| {
                    let found = cells.iter().find(|(it, _)| it == column);
                    found.map_or("", |(_, value)| value.as_str())
                };
                Ok(writer.write_record(columns.iter().map(value))?)
            }
            Self::Json(out) => {
                let object: Map<String, Value> = cells
                    .iter()
                    .map(|(column, value)| {
                        let name = column.as_str().to_owned();
                        let plain = || Value::String(value.clone());
                        // Degrees are numbers; seven places fit one exactly enough to be read back.
                        let number = || value.parse().map_or_else(|_| plain(), Value::Number);
                        match column {
                            Column::Lat | Column::Long => (name, number()),
                            Column::Followers => {
                                (name, serde_json::from_str(value).unwrap_or_else(|_| plain()))
                            }
                            _ => (name, plain()),
                        }
                    })
                    .collect();
                serde_json::to_writer(&mut *out, &object)?;
                out.write_all(b"\n")
            }
        }
    }

    /// Nothing more comes.
    pub fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Csv(writer, _) => writer.flush(),
            Self::Json(out) => out.flush(),
        }
    }
}
