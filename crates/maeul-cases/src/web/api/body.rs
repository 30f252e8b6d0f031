//! Reads a JSON body or a query strictly: known fields, right types, UTF-8, within limits; what is
//! wrong is told with the field's name.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, StatusCode, header};
use maeul_web::Fields;
use maeul_web::form::FORM_BYTES;
use serde_json::{Map, Value};

use super::problem::Problem;

/// The fields of an object that have not been read yet.
#[derive(Debug)]
pub(crate) struct Reader {
    map: Map<String, Value>,
    /// What stands before the names: empty, or `place.`.
    path: String,
}

/// Reads the body as one JSON object.
pub(crate) async fn object(headers: &HeaderMap, body: Body) -> Result<Reader, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    let mut parts = kind.split(';').map(str::trim);
    if parts.next() != Some("application/json") {
        return Err(Problem::whole(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "body.kind",
            "Content-Type을 application/json으로 보내십시오.",
            "Send the body with Content-Type application/json.",
        ));
    }
    let foreign = |part: &str| {
        part.strip_prefix("charset=").is_some_and(|name| name.trim_matches('"') != "utf-8")
    };
    if parts.any(foreign) {
        return Err(charset());
    }
    let bytes = to_bytes(body, FORM_BYTES).await.map_err(|_| {
        Problem::whole(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body.too_large",
            "본문은 256 KiB까지 받습니다.",
            "The body may be up to 256 KiB.",
        )
    })?;
    let text = std::str::from_utf8(&bytes).map_err(|_| charset())?;
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Problem::whole(
            StatusCode::BAD_REQUEST,
            "body.json",
            &format!("JSON이 아닙니다. {line}번째 줄 {column}번째 글자를 확인하십시오."),
            &format!("Not JSON: see line {line}, column {column}."),
        )
    })?;
    match value {
        Value::Object(map) => Ok(Reader { map, path: String::new() }),
        _ => Err(Problem::whole(
            StatusCode::BAD_REQUEST,
            "body.object",
            "본문은 JSON 객체({…})여야 합니다.",
            "The body must be a JSON object ({…}).",
        )),
    }
}

/// Reads a query; `lang` is always known, because it chooses the language of the answer.
pub(crate) fn query(query: Option<&str>, known: &[&str]) -> Result<Fields, Problem> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes()).ok_or_else(charset)?;
    for (name, _) in fields.pairs() {
        if name != "lang" && !known.contains(&name.as_str()) {
            return Err(unknown(name));
        }
    }
    Ok(fields)
}

fn charset() -> Problem {
    Problem::whole(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "charset",
        "글자를 읽을 수 없습니다. UTF-8로 보내십시오.",
        "The text cannot be read. Send UTF-8.",
    )
}

fn unknown(name: &str) -> Problem {
    let name: String = name.chars().take(60).collect();
    Problem::field(
        name,
        "field.unknown",
        "모르는 항목입니다. 이름을 확인하거나 빼십시오.",
        "Unknown field. Check its name, or leave it out.",
    )
}

impl Reader {
    fn name(&self, name: &str) -> String {
        format!("{}{name}", self.path)
    }

    fn wrong(&self, name: &str, ko: &str, en: &str) -> Problem {
        Problem::field(self.name(name), "field.type", ko, en)
    }

    /// A field that may be missing or null.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.map.remove(name).filter(|value| !value.is_null())
    }

    /// A text; missing, null and blank are none.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, Problem> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => {
                if text.contains('\0') {
                    return Err(self.wrong(
                        name,
                        "글자 U+0000은 받을 수 없습니다.",
                        "The character U+0000 cannot be taken.",
                    ));
                }
                Ok(Some(text).filter(|text| !text.trim().is_empty()))
            }
            Some(_) => Err(self.wrong(name, "글(문자열)이어야 합니다.", "Must be a string.")),
        }
    }

    /// One of the words that `parse` knows.
    pub(crate) fn word<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
        words: &str,
    ) -> Result<Option<T>, Problem> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        parse(&text).map(Some).ok_or_else(|| {
            let ko = format!("다음 가운데 하나여야 합니다: {words}");
            let en = format!("Must be one of: {words}");
            Problem::field(self.name(name), "field.word", &ko, &en)
        })
    }

    /// True or false; missing is false.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, Problem> {
        match self.take(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => {
                Err(self.wrong(name, "true 또는 false여야 합니다.", "Must be true or false."))
            }
        }
    }

    /// Degrees as a number, in units of 10⁻⁷ degree.
    pub(crate) fn degrees(&mut self, name: &str) -> Result<Option<i64>, Problem> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Number(number)) => {
                crate::web::form::degrees_e7(&number.to_string()).map(Some).ok_or_else(|| {
                    self.wrong(
                        name,
                        "도 단위의 수여야 합니다. 예: 35.1521",
                        "Must be degrees, e.g. 35.1521.",
                    )
                })
            }
            Some(_) => Err(self.wrong(
                name,
                "도 단위의 수여야 합니다. 예: 35.1521",
                "Must be a number of degrees, e.g. 35.1521.",
            )),
        }
    }

    /// An object within.
    pub(crate) fn object(&mut self, name: &str) -> Result<Option<Self>, Problem> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Object(map)) => {
                Ok(Some(Self { map, path: format!("{}.", self.name(name)) }))
            }
            Some(_) => Err(self.wrong(name, "객체({…})여야 합니다.", "Must be an object ({…}).")),
        }
    }

    /// Every field that is left, each a text or a list of texts.
    pub(crate) fn lists(mut self) -> Result<Vec<(String, Vec<String>)>, Problem> {
        let names: Vec<String> = self.map.keys().cloned().collect();
        let mut lists = Vec::with_capacity(names.len());
        for name in names {
            let values = match self.take(&name) {
                None => continue,
                Some(Value::Array(values)) => values,
                Some(value) => vec![value],
            };
            let mut texts = Vec::with_capacity(values.len());
            for value in values {
                texts.push(match value {
                    Value::String(text) if !text.contains('\0') => text,
                    Value::Number(number) => number.to_string(),
                    _ => {
                        return Err(self.wrong(
                            &name,
                            "글이나 수, 또는 그 목록이어야 합니다.",
                            "Must be a string or number, or a list of them.",
                        ));
                    }
                });
            }
            lists.push((name, texts));
        }
        Ok(lists)
    }

    /// Refuses whatever was not read.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        match self.map.keys().next() {
            None => Ok(()),
            Some(name) => Err(unknown(&self.name(name))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(text: &str) -> Reader {
        let Value::Object(map) = serde_json::from_str(text).unwrap() else { panic!("{text}") };
        Reader { map, path: String::new() }
    }

    fn field_of(problem: Problem) -> String {
        match problem {
            Problem::Said { field, .. } => field.unwrap_or_default(),
            Problem::Web(_) => "web".to_owned(),
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let mut it =
            reader(r#"{"text": 7, "place": {"lat": "35", "nowhere": 1}, "anonymous": "no"}"#);
        assert_eq!(field_of(it.text("text").unwrap_err()), "text");
        assert_eq!(field_of(it.flag("anonymous").unwrap_err()), "anonymous");
        let mut place = it.object("place").unwrap().unwrap();
        assert_eq!(field_of(place.degrees("lat").unwrap_err()), "place.lat");
        assert_eq!(field_of(place.finish().unwrap_err()), "place.nowhere");
        assert!(it.finish().is_ok());
    }

    #[test]
    fn degrees_come_without_a_float() {
        let mut it = reader(r#"{"lat": 35.1521, "long": 126.89023571, "far": 1e300}"#);
        assert_eq!(it.degrees("lat").unwrap(), Some(351_521_000));
        assert_eq!(it.degrees("long").unwrap(), Some(1_268_902_357));
        assert!(it.degrees("far").is_err());
        assert_eq!(it.degrees("none").unwrap(), None);
    }

    #[test]
    fn a_query_is_read_as_strictly() {
        assert_eq!(query(Some("lat=1&lang=en"), &["lat"]).unwrap().get("lat"), "1");
        assert_eq!(field_of(query(Some("lon=1"), &["lat", "long"]).unwrap_err()), "lon");
        assert!(query(Some("lat=%B0%A1"), &["lat"]).is_err());
    }
}
