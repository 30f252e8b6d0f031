//! Judges one row: everything that can be wrong with it is found here, before anything is written.

use std::collections::BTreeMap;

use jiff::Timestamp;
use maeul_base::import::LineRefusal;
use maeul_base::{DongCode, Lang, Refusal};
use serde::Deserialize;

use super::{Column, Mapping, Outside, Row};
use crate::act::clean;
use crate::contact::{Contact, ContactInput};
use crate::knowledge::Knowledge;
use crate::locate::{PlaceInput, PlaceRefusal, locate};
use crate::place::{Located, Place};
use crate::words::{Bilingual, Channel, Outcome};

/// Longest description of another system, in letters: longer than ours, since nothing may be lost.
const LONGEST_BODY: usize = 20_000;
/// Longest number of another system, in bytes.
const LONGEST_REFERENCE: usize = 60;
/// Letters of the description that make a title where none is given.
const TITLE: usize = 100;

/// Columns in which an earlier import said why it refused a row: no part of the row.
pub const NOTES: [&str; 3] = ["refused_line", "refused_column", "refused_reason"];

/// A case of another system, every part of it judged.
#[derive(Clone, Debug, PartialEq)]
pub struct OldCase {
    /// The line it stood on.
    pub line: usize,
    /// The key by which it is known again.
    pub key: String,
    /// The number it had.
    pub reference: String,
    /// When it came in.
    pub received_at: Timestamp,
    /// How it ended, unless it is open.
    pub closed: Option<Closed>,
    /// In a few words.
    pub title: String,
    /// In the resident's words.
    pub body: String,
    /// By which way it came.
    pub channel: Channel,
    /// Our service, where one was found.
    pub service: Option<String>,
    /// Where.
    pub place: Place,
    /// The petitioner's language.
    pub lang: Lang,
    /// The petitioner, where known.
    pub contact: Option<Contact>,
    /// Those who joined.
    pub followers: Vec<Contact>,
    /// All that stood in the row, as it stood there, but for what says who somebody is.
    pub fields: BTreeMap<String, String>,
}

/// How a case of another system ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// When.
    pub at: Timestamp,
    /// How, where that is known.
    pub outcome: Option<Outcome>,
    /// What was said.
    pub answer: String,
}

/// The services a mapping names that are not there, as a refusal of the whole file.
pub fn unknown_services(mapping: &Mapping, know: &Knowledge) -> Option<Bilingual> {
    let missing: Vec<&str> =
        mapping.service_codes().filter(|code| know.service(code).is_none()).collect();
    let missing = (!missing.is_empty()).then(|| missing.join(", "))?;
    Some(Bilingual::new(
        format!("[values.service]에 없는 민원 종류가 있습니다: {missing}"),
        format!("[values.service] names services that are not there: {missing}"),
    ))
}

/// The row as a case, or why it cannot be one.
pub fn judge(
    mapping: &Mapping,
    know: &Knowledge,
    now: Timestamp,
    row: &Row,
) -> Result<OldCase, LineRefusal> {
    let cells = row.cells.as_ref().map_err(Clone::clone)?;
    let it = Judge { mapping, line: row.line, cells };
    let reference = it.need(Column::Reference)?.to_owned();
    if reference.len() > LONGEST_REFERENCE {
        return Err(it.refuse(
            Column::Reference,
            "접수번호가 너무 깁니다(60바이트까지).",
            "This number is too long (up to 60 bytes).",
        ));
    }
    let received_at = it.time(Column::Requested)?.ok_or_else(|| it.missing(Column::Requested))?;
    if received_at > now {
        return Err(it.refuse(
            Column::Requested,
            "접수한 때가 지금보다 늦습니다.",
            "It came in later than now.",
        ));
    }
    let (title, body) = it.words()?;
    let contact = it.contact()?;
    Ok(OldCase {
        line: row.line,
        key: format!("import:{}:{reference}", mapping.source),
        received_at,
        closed: it.closed(received_at, now)?,
        title,
        body,
        channel: it.cell(Column::Source).map_or(Channel::Import, |word| mapping.channel(word)),
        service: it.service(know)?,
        place: it.place(know)?,
        lang: it.cell(Column::Language).and_then(Lang::parse).unwrap_or_default(),
        followers: it.followers()?,
        contact,
        fields: it.kept(),
        reference,
    })
}

struct Judge<'a> {
    mapping: &'a Mapping,
    line: usize,
    cells: &'a BTreeMap<String, String>,
}

impl<'a> Judge<'a> {
    fn cell(&self, column: Column) -> Option<&'a str> {
        self.mapping.cell(self.cells, column).map(|(_, value)| value)
    }

    /// A refusal that names the column as it is called in the file.
    fn refuse(&self, column: Column, ko: impl Into<String>, en: impl Into<String>) -> LineRefusal {
        let theirs = self.mapping.names(column).find(|name| self.cells.contains_key(*name));
        let name = theirs.or_else(|| self.mapping.names(column).next()).unwrap_or_default();
        LineRefusal::new(self.line, name, ko, en)
    }

    fn missing(&self, column: Column) -> LineRefusal {
        self.refuse(column, "값이 있어야 합니다.", "A value is needed.")
    }

    fn need(&self, column: Column) -> Result<&'a str, LineRefusal> {
        self.cell(column).ok_or_else(|| self.missing(column))
    }

    fn time(&self, column: Column) -> Result<Option<Timestamp>, LineRefusal> {
        let Some(text) = self.cell(column) else { return Ok(None) };
        self.mapping.instant(text).map(Some).ok_or_else(|| {
            self.refuse(
                column,
                format!("시각으로 읽을 수 없습니다: {text}. 2026-06-08T10:30+09:00처럼 적거나 매핑 파일의 [time] format을 고쳐 주십시오."),
                format!("This is no time: {text}. Write it like 2026-06-08T10:30+09:00, or set [time] format in the mapping file."),
            )
        })
    }

    fn closed(&self, received: Timestamp, now: Timestamp) -> Result<Option<Closed>, LineRefusal> {
        let at = self.time(Column::Closed)?;
        let is_closed = match self.cell(Column::Status) {
            None => at.is_some(),
            Some(word) => self.mapping.is_closed(word).ok_or_else(|| {
                self.refuse(
                    Column::Status,
                    format!("'{word}'이(가) 열린 것인지 닫힌 것인지 알 수 없습니다. 매핑 파일의 [values.status]에 적어 주십시오."),
                    format!("Whether \u{201c}{word}\u{201d} is open or closed is not said; add it to [values.status] of the mapping file."),
                )
            })?,
        };
        if !is_closed {
            return Ok(None);
        }
        // Many systems keep no time of closing, only the last change.
        let at = match at {
            Some(at) => at,
            None => self.time(Column::Updated)?.ok_or_else(|| {
                self.refuse(
                    Column::Closed,
                    "닫힌 민원에는 닫은 때나 마지막으로 바뀐 때가 있어야 합니다.",
                    "A closed case needs the time it was closed or last changed.",
                )
            })?,
        };
        if at < received || at > now {
            return Err(self.refuse(
                Column::Closed,
                "닫은 때가 접수한 때보다 이르거나 지금보다 늦습니다.",
                "It was closed before it came in, or later than now.",
            ));
        }
        let outcome = match self.cell(Column::Outcome) {
            None => None,
            Some(word) => Some(self.mapping.outcome(word).ok_or_else(|| {
                self.refuse(
                    Column::Outcome,
                    format!("'{word}'이(가) 어떤 처리 결과인지 매핑 파일의 [values.outcome]에 적어 주십시오."),
                    format!("Which outcome \u{201c}{word}\u{201d} is must be said in [values.outcome] of the mapping file."),
                )
            })?),
        };
        let answer = self.cell(Column::Answer).or_else(|| self.cell(Column::StatusNotes));
        Ok(Some(Closed { at, outcome, answer: clean(answer.unwrap_or_default()) }))
    }

    fn words(&self) -> Result<(String, String), LineRefusal> {
        let title = clean(self.cell(Column::Title).unwrap_or_default()).replace(['\n', '\t'], " ");
        let body = clean(self.cell(Column::Description).unwrap_or_default());
        let others = [title.as_str(), self.cell(Column::ServiceName).unwrap_or_default()];
        // Many systems keep no words at all, only the kind.
        let body = match body.is_empty() {
            true => others.into_iter().find(|it| !it.is_empty()).unwrap_or_default().to_owned(),
            false => body,
        };
        if body.is_empty() {
            return Err(self.missing(Column::Description));
        }
        if body.chars().count() > LONGEST_BODY {
            return Err(self.refuse(
                Column::Description,
                "내용은 20,000자까지입니다.",
                "The description may have up to 20,000 characters.",
            ));
        }
        let title = match title.is_empty() {
            true => crate::act::title_of(&body),
            false => title.chars().take(TITLE).collect(),
        };
        Ok((title, body))
    }

    fn service(&self, know: &Knowledge) -> Result<Option<String>, LineRefusal> {
        let (code, name) = (self.cell(Column::ServiceCode), self.cell(Column::ServiceName));
        let mapped = code.into_iter().chain(name).find_map(|word| self.mapping.service(word));
        if let Some(code) = mapped {
            // The mapping's own codes were judged once, before the first row.
            return Ok(Some(code.to_owned()));
        }
        let known = code.filter(|code| know.service(code).is_some());
        let named = || {
            let name = name?;
            know.services().find(|it| it.name.ko == name || it.name.en == name)
        };
        Ok(known.map(str::to_owned).or_else(|| named().map(|service| service.code.clone())))
    }

    fn place(&self, know: &Knowledge) -> Result<Place, LineRefusal> {
        let text: String = clean(self.cell(Column::Address).unwrap_or_default());
        let text = text.replace('\n', " ").chars().take(200).collect();
        let dong = match self.cell(Column::Dong) {
            None => None,
            Some(code) => Some(code.parse::<DongCode>().map_err(|_| {
                self.refuse(
                    Column::Dong,
                    "행정동 코드는 숫자 10자리입니다.",
                    "The code of a dong has ten digits.",
                )
            })?),
        };
        let point = self.point()?;
        let input = PlaceInput { point, dong, text };
        match locate(know, &input) {
            Ok(place) => Ok(place),
            Err(
                PlaceRefusal::Outside { .. }
                | PlaceRefusal::Neighbour { .. }
                | PlaceRefusal::Point(_),
            ) if self.mapping.outside == Outside::Keep => Ok(Place {
                dong: None,
                located: Located::Nowhere,
                text: input.text,
                lat_e7: point.map(|it| it.0),
                lon_e7: point.map(|it| it.1),
            }),
            Err(refusal) => {
                let column =
                    if refusal.field() == Some("dong") { Column::Dong } else { Column::Lat };
                Err(self.refuse(column, refusal.say(Lang::Ko), refusal.say(Lang::En)))
            }
        }
    }

    /// Degrees × 10^7. No point at all, or 0/0 as some systems write it, is no point.
    fn point(&self) -> Result<Option<(i64, i64)>, LineRefusal> {
        let degrees = |column, most: f64| match self.cell(column) {
            None => Ok(None),
            Some(text) => {
                let number = text.parse::<f64>().ok().filter(|it| it.abs() <= most);
                number.map(Some).ok_or_else(|| {
                    self.refuse(
                        column,
                        format!("도 단위 좌표가 아닙니다: {text}"),
                        format!("These are no degrees: {text}"),
                    )
                })
            }
        };
        let (lat, long) = (degrees(Column::Lat, 90.0)?, degrees(Column::Long, 180.0)?);
        Ok(match (lat, long) {
            (Some(lat), Some(long)) if lat != 0.0 || long != 0.0 => Some((e7(lat), e7(long))),
            _ => None,
        })
    }

    fn contact(&self) -> Result<Option<Contact>, LineRefusal> {
        let part = |column| self.cell(column).unwrap_or_default().to_owned();
        let given = ContactInput {
            name: part(Column::Name),
            phone: part(Column::Phone),
            email: part(Column::Email),
            prefers: None,
        };
        if given.is_empty() {
            return Ok(None);
        }
        given.parse(false).map(Some).map_err(|refusal| {
            let column = match refusal.field() {
                Some("phone") => Column::Phone,
                Some("email") => Column::Email,
                _ => Column::Name,
            };
            self.refuse(column, refusal.say(Lang::Ko), refusal.say(Lang::En))
        })
    }

    fn followers(&self) -> Result<Vec<Contact>, LineRefusal> {
        #[derive(Deserialize)]
        struct Person {
            #[serde(default)]
            name: String,
            #[serde(default)]
            phone: String,
            #[serde(default)]
            email: String,
        }
        let Some(text) = self.cell(Column::Followers) else { return Ok(Vec::new()) };
        let people: Vec<Person> = serde_json::from_str(text).map_err(|_| {
            self.refuse(
                Column::Followers,
                "함께한 주민은 JSON 배열이어야 합니다.",
                "Those who joined must be a JSON array.",
            )
        })?;
        people
            .into_iter()
            .map(|Person { name, phone, email }| {
                let given = ContactInput { name, phone, email, prefers: None };
                given.parse(false).map_err(|refusal| {
                    self.refuse(Column::Followers, refusal.say(Lang::Ko), refusal.say(Lang::En))
                })
            })
            .collect()
    }

    /// What is kept word for word, so that nothing of the row is lost.
    fn kept(&self) -> BTreeMap<String, String> {
        let personal = |name: &str| self.mapping.is_mapped(name).is_some_and(Column::is_personal);
        self.cells
            .iter()
            .filter(|(name, value)| !value.trim().is_empty() && !personal(name))
            .filter(|(name, _)| !NOTES.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "at most 180 × 10^7, and rounded to the unit of the last place on purpose"
)]
fn e7(degrees: f64) -> i64 {
    (degrees * 1e7).round() as i64
}
