//! One case as a record of a file: stable columns, both languages, nothing a page would not show.

use maeul_base::{Lang, seoul};
use maeul_cases::Knowledge;
use maeul_wire::open311::{BulkRow, degrees_text, write_time};
use serde_json::{Value, json};

use super::line::title;
use crate::read::PublicCase;
use crate::words::PublicState;

/// The columns, in order. Only ever added to, at the end.
pub(crate) const COLUMNS: [&str; 26] = [
    "id",
    "url",
    "service_code",
    "service_name_ko",
    "service_name_en",
    "dong_code",
    "dong_name_ko",
    "dong_name_en",
    "unit_name_ko",
    "unit_name_en",
    "channel",
    "state",
    "outcome",
    "received_at",
    "due_at",
    "due_is_statutory",
    "closed_at",
    "work_minutes",
    "in_time",
    "reopened",
    "latitude",
    "longitude",
    "place_precision",
    "title",
    "summary",
    "changed_at",
];

/// A record being written for one office.
#[derive(Clone)]
pub(crate) struct Record {
    pub(crate) know: Knowledge,
    /// The address of the office's pages, without a slash at the end.
    pub(crate) root: String,
    /// The path of the office's pages, for links inside the house.
    pub(crate) base: String,
}

impl Record {
    /// The cells, in the order of [`COLUMNS`].
    pub(crate) fn cells(&self, case: &PublicCase) -> [String; 26] {
        let it = &case.picture;
        let (ko, en) = (Lang::Ko, Lang::En);
        let know = &self.know;
        let time = |at: Option<jiff::Timestamp>| at.map(seoul::iso).unwrap_or_default();
        let service = it.service.clone().unwrap_or_default();
        let dong = |lang| {
            it.dong.as_ref().map(|code| know.dong_name(code, lang).to_owned()).unwrap_or_default()
        };
        let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        [
            case.id().to_owned(),
            format!("{}/cases/{}", self.root, case.id()),
            service.clone(),
            know.service_name(&service, ko).to_owned(),
            know.service_name(&service, en).to_owned(),
            it.dong.as_ref().map(ToString::to_string).unwrap_or_default(),
            dong(ko),
            dong(en),
            know.unit_name(it.unit, ko).to_owned(),
            know.unit_name(it.unit, en).to_owned(),
            it.channel.map(|it| it.as_str().to_owned()).unwrap_or_default(),
            it.state.as_str().to_owned(),
            it.outcome.map(|it| it.as_str().to_owned()).unwrap_or_default(),
            seoul::iso(it.received_at),
            time(it.due_at),
            it.due_at.map(|_| it.statutory.to_string()).unwrap_or_default(),
            time(it.closed_at),
            number(it.work_minutes),
            it.in_time.map(|it| it.to_string()).unwrap_or_default(),
            it.reopened.to_string(),
            it.cell.map(|(lat, _)| degrees_text(lat)).unwrap_or_default(),
            it.cell.map(|(_, lon)| degrees_text(lon)).unwrap_or_default(),
            it.cell.map(|_| "cell-250m".to_owned()).unwrap_or_default(),
            case.text.as_ref().map(|text| text.title.clone()).unwrap_or_default(),
            case.text.as_ref().map(|text| text.body.clone()).unwrap_or_default(),
            seoul::iso(case.changed_at),
        ]
    }

    /// As an object with the same names; numbers and truths as such, what is blank as `null`.
    pub(crate) fn json(&self, case: &PublicCase) -> Value {
        let pairs = COLUMNS.into_iter().zip(self.cells(case)).map(|(name, cell)| {
            let value = match name {
                _ if cell.is_empty() => Value::Null,
                "work_minutes" | "reopened" => cell.parse::<i64>().map_or(Value::Null, Value::from),
                "due_is_statutory" | "in_time" => Value::from(cell == "true"),
                "latitude" | "longitude" => cell.parse::<f64>().map_or(Value::Null, Value::from),
                _ => Value::from(cell),
            };
            (name.to_owned(), value)
        });
        Value::Object(pairs.collect())
    }

    /// As a feature of GeoJSON, at the middle of its cell.
    pub(crate) fn feature(&self, case: &PublicCase, lang: Lang) -> Option<Value> {
        case.picture.cell?;
        let mut properties = self.json(case);
        let object = properties.as_object_mut()?;
        let latitude = object.remove("latitude")?;
        let longitude = object.remove("longitude")?;
        // What the map of the pages shows and follows.
        object.insert("link".to_owned(), object.get("url").cloned().unwrap_or_default());
        let path = format!("{}/cases/{}", self.base, case.id());
        object.insert("url".to_owned(), Value::from(path));
        object.insert("title".to_owned(), Value::from(title(&self.know, case, lang)));
        Some(json!({
            "type": "Feature",
            "id": case.id(),
            "geometry": { "type": "Point", "coordinates": [longitude, latitude] },
            "properties": properties,
        }))
    }

    /// In the bulk form of Open311.
    pub(crate) fn bulk(&self, case: &PublicCase, lang: Lang) -> BulkRow {
        let it = &case.picture;
        let know = &self.know;
        let service = it.service.as_deref().and_then(|code| know.service(code));
        let dong = it.dong.as_ref().map(|code| know.dong_name(code, lang).to_owned());
        let address = [dong, Some(know.office().name(lang).to_owned())];
        let address: Vec<String> = address.into_iter().flatten().collect();
        let words = case.text.as_ref().map(|text| format!("{}\n{}", text.title, text.body));
        BulkRow {
            service_request_id: case.id().to_owned(),
            requested: it.received_at,
            updated: Some(case.changed_at),
            closed: it.closed_at,
            status_description: it.state.name(lang).to_owned(),
            status_notes: it.outcome.map(|it| it.name(lang).to_owned()).unwrap_or_default(),
            source: it.channel.map(|it| it.name(lang).to_owned()).unwrap_or_default(),
            service_name: service.map(|it| it.name.get(lang).to_owned()).unwrap_or_default(),
            service_subtype: service.map(|it| it.group.get(lang).to_owned()).unwrap_or_default(),
            description: words.unwrap_or_default(),
            agency_responsible: know.unit_name(it.unit, lang).to_owned(),
            address: address.join(", "),
            point: it.cell,
            status: if it.state == PublicState::Answered { "closed" } else { "open" }.to_owned(),
            service_code: it.service.clone().unwrap_or_default(),
        }
    }

    /// An entry of a feed, as RSS.
    pub(crate) fn rss(&self, case: &PublicCase, lang: Lang) -> String {
        let link = xml(&format!("{}/cases/{}", self.root, case.id()));
        format!(
            "<item><title>{}</title><link>{link}</link><guid isPermaLink=\"true\">{link}</guid>\
             <pubDate>{}</pubDate><category>{}</category><description>{}</description></item>\n",
            xml(&self.heading(case, lang)),
            rfc_2822(case.picture.received_at),
            xml(self.know.service_name(case.picture.service.as_deref().unwrap_or_default(), lang)),
            xml(&self.words(case, lang)),
        )
    }

    /// An entry of a feed, as Atom.
    pub(crate) fn atom(&self, case: &PublicCase, lang: Lang) -> String {
        let link = xml(&format!("{}/cases/{}", self.root, case.id()));
        let service = case.picture.service.as_deref().unwrap_or_default();
        format!(
            "<entry><title>{}</title><id>{link}</id><link href=\"{link}\"/><published>{}</published>\
             <updated>{}</updated><category term=\"{}\" label=\"{}\"/><summary>{}</summary></entry>\n",
            xml(&self.heading(case, lang)),
            write_time(case.picture.received_at),
            write_time(case.changed_at),
            xml(service),
            xml(self.know.service_name(service, lang)),
            xml(&self.words(case, lang)),
        )
    }

    fn heading(&self, case: &PublicCase, lang: Lang) -> String {
        let state = super::line::state_name(case.picture.state, case.picture.outcome, lang);
        let dong = super::line::dong_name(&self.know, case, lang);
        let dong = if dong.is_empty() { dong } else { format!(" · {dong}") };
        format!("[{state}] {}{dong}", title(&self.know, case, lang))
    }

    fn words(&self, case: &PublicCase, lang: Lang) -> String {
        let due = case
            .picture
            .due_at
            .map(|at| format!("{} {}", lang.t("처리 기한", "Due by"), seoul::time_text(at, lang)));
        let text = case.text.as_ref().map(|text| text.body.clone());
        [text, due].into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}

/// `Mon, 08 Jun 2026 10:15:00 +0900`
pub(crate) fn rfc_2822(at: jiff::Timestamp) -> String {
    jiff::Zoned::new(at, seoul::zone()).strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
}

/// Text for XML; what XML cannot hold is left out.
pub(crate) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(sign),
            _ if sign.is_control() || matches!(sign, '\u{FFFE}' | '\u{FFFF}') => {}
            _ => out.push(sign),
        }
    }
    out
}
