//! The bulk form of requests for open data and for moving from one system to another: one row
//! each, as CSV, JSON or XML with the same columns.

use jiff::Timestamp;

use super::degrees::degrees_text;
use super::node::{Fields, Node};
use super::time::write_time;

/// The columns, in order: those proposed for bulk files, then two that let a row be read back.
pub const BULK_COLUMNS: [&str; 16] = [
    "service_request_id",
    "requested_datetime",
    "updated_datetime",
    "closed_date",
    "status_description",
    "status_notes",
    "source",
    "service_name",
    "service_subtype",
    "description",
    "agency_responsible",
    "address",
    "lat",
    "long",
    "status",
    "service_code",
];

/// One request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BulkRow {
    /// Its id.
    pub service_request_id: String,
    /// When it was made.
    pub requested: Timestamp,
    /// When it last changed.
    pub updated: Option<Timestamp>,
    /// When it was closed.
    pub closed: Option<Timestamp>,
    /// Where it stands, for people.
    pub status_description: String,
    /// Why.
    pub status_notes: String,
    /// By which way it came.
    pub source: String,
    /// The service's name.
    pub service_name: String,
    /// The heading of the service.
    pub service_subtype: String,
    /// What was reported, as far as it may be shown.
    pub description: String,
    /// Who does it.
    pub agency_responsible: String,
    /// Where.
    pub address: String,
    /// Latitude and longitude, degrees × 10⁷.
    pub point: Option<(i64, i64)>,
    /// `open` or `closed`.
    pub status: String,
    /// The service's code.
    pub service_code: String,
}

impl BulkRow {
    /// The cells, in the order of [`BULK_COLUMNS`].
    pub fn cells(&self) -> [String; 16] {
        let time = |at: Option<Timestamp>| at.map(write_time).unwrap_or_default();
        let degrees = |value: Option<i64>| value.map(degrees_text).unwrap_or_default();
        [
            self.service_request_id.clone(),
            write_time(self.requested),
            time(self.updated),
            time(self.closed),
            self.status_description.clone(),
            self.status_notes.clone(),
            self.source.clone(),
            self.service_name.clone(),
            self.service_subtype.clone(),
            self.description.clone(),
            self.agency_responsible.clone(),
            self.address.clone(),
            degrees(self.point.map(|point| point.0)),
            degrees(self.point.map(|point| point.1)),
            self.status.clone(),
            self.service_code.clone(),
        ]
    }

    /// As one element or object.
    pub fn node(&self) -> Node {
        let mut fields = Fields::default();
        for (name, cell) in BULK_COLUMNS.into_iter().zip(self.cells()) {
            let node = match (name, self.point) {
                ("lat", Some((lat, _))) => Node::Degrees(lat),
                ("long", Some((_, lon))) => Node::Degrees(lon),
                _ => Node::Text(cell),
            };
            fields = fields.put(name, node);
        }
        fields.done()
    }
}

/// One line of CSV (RFC 4180). A cell that a spreadsheet would run as a formula gets an apostrophe
/// in front.
pub fn csv_line<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> String {
    let mut line = String::new();
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            line.push(',');
        }
        let cell = cell.as_ref();
        let formula =
            cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
        let quoted = formula || cell.contains([',', '"', '\n', '\r']);
        if quoted {
            line.push('"');
            if formula {
                line.push('\'');
            }
            line.push_str(&cell.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(cell);
        }
    }
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_back_and_runs_nothing() {
        let line = csv_line(["a", "b,\"c\"", "한 줄\n두 줄", "=1+1", "-35.5", ""]);
        assert_eq!(line, "a,\"b,\"\"c\"\"\",\"한 줄\n두 줄\",\"'=1+1\",-35.5,\r\n");
    }

    #[test]
    fn cells_stand_under_their_columns() {
        let row = BulkRow {
            service_request_id: "7".to_owned(),
            point: Some((351_270_000, 1_268_770_000)),
            service_code: "streetlight".to_owned(),
            ..BulkRow::default()
        };
        let json = row.node().json();
        for (name, cell) in BULK_COLUMNS.into_iter().zip(row.cells()) {
            match &json[name] {
                serde_json::Value::Null => assert_eq!(cell, "", "{name}"),
                serde_json::Value::Number(number) => assert_eq!(number.to_string(), cell, "{name}"),
                value => assert_eq!(value.as_str(), Some(cell.as_str()), "{name}"),
            }
        }
    }
}
