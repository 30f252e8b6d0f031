//! A request as others see it, and the receipt of a new one.

use jiff::Timestamp;

use super::degrees::degrees_e7;
use super::node::{Fields, Node};
use super::time::{read_time, write_time};
use super::tree::Tree;

/// The two states of the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// An answer is owed.
    Open,
    /// Answered.
    Closed,
}

impl Status {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    /// The one of that word, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::Closed].into_iter().find(|it| it.word().eq_ignore_ascii_case(word))
    }
}

/// Something that happened, for `extensions=true`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub at: Timestamp,
    /// In words.
    pub description: String,
    /// What, as a code.
    pub kind: String,
}

/// What `extensions=true` adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attached {
    /// The answers to the service's questions: code, question, values.
    pub attributes: Vec<(String, String, Vec<String>)>,
    /// By which way it came.
    pub channel: String,
    /// Where it stands, finer than open and closed.
    pub detailed_status: String,
    /// Addresses of its photos.
    pub photos: Vec<String>,
    /// What happened so far.
    pub notes: Vec<Note>,
}

/// A request. What is `None` may not be shown, or is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub service_request_id: String,
    /// Open or closed.
    pub status: Status,
    /// Why.
    pub status_notes: Option<String>,
    /// The service's name.
    pub service_name: String,
    /// The service's code.
    pub service_code: String,
    /// What was reported.
    pub description: Option<String>,
    /// Who does it.
    pub agency_responsible: Option<String>,
    /// What will be done.
    pub service_notice: Option<String>,
    /// When it was made.
    pub requested: Timestamp,
    /// When it last changed; the closing time once closed.
    pub updated: Option<Timestamp>,
    /// When it is due.
    pub expected: Option<Timestamp>,
    /// Where, the most specific first.
    pub address: Option<String>,
    /// The address in the office's own register.
    pub address_id: Option<String>,
    /// The postal code.
    pub zipcode: Option<String>,
    /// Latitude and longitude, degrees × 10⁷, WGS 84.
    pub point: Option<(i64, i64)>,
    /// A picture of it.
    pub media_url: Option<String>,
    /// Only where it was asked for.
    pub attached: Option<Attached>,
}

impl Request {
    /// As a part of the list.
    pub fn node(&self) -> Node {
        let time = |at: Option<Timestamp>| at.map(write_time);
        let mut fields = Fields::default()
            .text("service_request_id", &self.service_request_id)
            .text("status", self.status.word())
            .maybe("status_notes", self.status_notes.as_deref())
            .text("service_name", &self.service_name)
            .text("service_code", &self.service_code)
            .put("description", Node::text_or_empty(self.description.as_deref()))
            .maybe("agency_responsible", self.agency_responsible.as_deref())
            .maybe("service_notice", self.service_notice.as_deref())
            .text("requested_datetime", &write_time(self.requested))
            // A time that is not there is left out: validators fail on an empty one.
            .maybe("updated_datetime", time(self.updated).as_deref())
            .maybe("expected_datetime", time(self.expected).as_deref())
            .put("address", Node::text_or_empty(self.address.as_deref()))
            .put("address_id", Node::text_or_empty(self.address_id.as_deref()))
            .put("zipcode", Node::text_or_empty(self.zipcode.as_deref()));
        if let Some((lat, lon)) = self.point {
            fields = fields.put("lat", Node::Degrees(lat)).put("long", Node::Degrees(lon));
        }
        fields = fields.put("media_url", Node::text_or_empty(self.media_url.as_deref()));
        if let Some(attached) = &self.attached {
            fields = attached.add_to(fields);
        }
        fields.done()
    }

    /// The list; of one, too.
    pub fn list(requests: &[Self]) -> Node {
        Node::List("request", requests.iter().map(Self::node).collect())
    }

    /// As it came in; the name of the field without which it is none.
    pub fn read(tree: &Tree) -> Result<Self, &'static str> {
        let time = |name: &str| tree.text(name).and_then(|text| read_time(&text));
        let degrees = |name: &str| tree.text(name).and_then(|text| degrees_e7(&text));
        Ok(Self {
            service_request_id: tree.text("service_request_id").ok_or("service_request_id")?,
            status: tree.text("status").and_then(|it| Status::parse(&it)).ok_or("status")?,
            status_notes: tree.text("status_notes"),
            service_name: tree.text("service_name").unwrap_or_default(),
            service_code: tree.text("service_code").unwrap_or_default(),
            description: tree.text("description"),
            agency_responsible: tree.text("agency_responsible"),
            service_notice: tree.text("service_notice"),
            requested: time("requested_datetime").ok_or("requested_datetime")?,
            updated: time("updated_datetime"),
            expected: time("expected_datetime"),
            address: tree.text("address"),
            address_id: tree.text("address_id"),
            zipcode: tree.text("zipcode"),
            point: degrees("lat").zip(degrees("long")),
            media_url: tree.text("media_url"),
            attached: None,
        })
    }
}

impl Attached {
    fn add_to(&self, fields: Fields) -> Fields {
        let attributes = self.attributes.iter().map(|(code, name, values)| {
            let values = values.iter().map(|value| Node::text(value.as_str())).collect();
            Fields::default()
                .text("code", code)
                .text("name", name)
                .put("values", Node::List("value", values))
                .done()
        });
        let photos = self.photos.iter().map(|url| Fields::default().text("media_url", url).done());
        let notes = self.notes.iter().map(|note| {
            Fields::default()
                .text("datetime", &write_time(note.at))
                .text("description", &note.description)
                .text("type", &note.kind)
                .done()
        });
        let extended = Fields::default()
            .text("channel", &self.channel)
            .text("detailed_status", &self.detailed_status)
            .put("photos", Node::List("photo", photos.collect()))
            .done();
        fields
            .put("attributes", Node::List("attribute", attributes.collect()))
            .put("extended_attributes", extended)
            .put("notes", Node::List("note", notes.collect()))
    }
}

/// The answer to a new request, or to a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The id, once there is one.
    pub service_request_id: Option<String>,
    /// What it is exchanged for.
    pub token: Option<String>,
    /// What will be done.
    pub service_notice: Option<String>,
    /// The sender's own account, given back.
    pub account_id: Option<String>,
}

impl Receipt {
    /// As it goes out: a list of one.
    pub fn list(&self) -> Node {
        let request = Fields::default()
            .maybe("service_request_id", self.service_request_id.as_deref())
            .maybe("token", self.token.as_deref())
            .maybe("service_notice", self.service_notice.as_deref())
            .maybe("account_id", self.account_id.as_deref())
            .done();
        Node::List("request", vec![request])
    }

    /// As it came in.
    pub fn read(tree: &Tree) -> Option<Self> {
        let item = tree.items("request").into_iter().next()?;
        Some(Self {
            service_request_id: item.text("service_request_id"),
            token: item.text("token"),
            service_notice: item.text("service_notice"),
            account_id: item.text("account_id"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open311::{Format, SERVICE_REQUESTS};

    fn request() -> Request {
        Request {
            service_request_id: "2026-000001-4".to_owned(),
            status: Status::Open,
            status_notes: None,
            service_name: "가로등".to_owned(),
            service_code: "streetlight".to_owned(),
            description: Some("꺼졌어요\n<어두워요>".to_owned()),
            agency_responsible: Some("건설과".to_owned()),
            service_notice: None,
            requested: "2026-06-08T01:15:00Z".parse().unwrap(),
            updated: "2026-06-08T01:15:00Z".parse().ok(),
            expected: None,
            address: Some("풍암동, 광주광역시 서구".to_owned()),
            address_id: None,
            zipcode: None,
            point: Some((351_270_000, 1_268_770_000)),
            media_url: None,
            attached: None,
        }
    }

    #[test]
    fn a_request_comes_back_from_both_encodings() {
        for format in [Format::Xml, Format::Json] {
            let text = Request::list(&[request()]).write(SERVICE_REQUESTS, format);
            let tree = Tree::read(&text, format).unwrap();
            let items = tree.items("request");
            assert_eq!(items.len(), 1);
            assert_eq!(Request::read(items[0]).unwrap(), request(), "{text}");
            assert!(!text.contains("expected_datetime"), "an empty time is left out: {text}");
        }
        let json = Request::list(&[request()]).json();
        assert!(json.is_array(), "a single request is an array too");
        assert_eq!(json[0]["zipcode"], serde_json::Value::Null);
        assert_eq!(json[0]["lat"], 35.127);
        let none = Request::list(&[]);
        assert_eq!(none.json(), serde_json::json!([]));
        assert!(
            none.write(SERVICE_REQUESTS, Format::Xml)
                .ends_with("<service_requests></service_requests>\n")
        );
    }

    #[test]
    fn a_receipt_holds_an_id_or_a_token() {
        let receipt = Receipt { token: Some("abc".to_owned()), ..Receipt::default() };
        for format in [Format::Xml, Format::Json] {
            let text = receipt.list().write(SERVICE_REQUESTS, format);
            assert!(!text.contains("service_request_id"), "{text}");
            let tree = Tree::read(&text, format).unwrap();
            assert_eq!(Receipt::read(&tree), Some(receipt.clone()));
        }
        assert_eq!(Request::read(&Tree::Nothing), Err("service_request_id"));
    }

    #[test]
    fn extensions_are_added() {
        let attached = Attached {
            attributes: vec![("fault".into(), "상태".into(), vec!["꺼짐".into()])],
            channel: "web".into(),
            detailed_status: "received".into(),
            photos: vec!["http://x/1.jpg".into()],
            notes: vec![Note {
                at: request().requested,
                description: "접수".into(),
                kind: "received".into(),
            }],
        };
        let json = Request { attached: Some(attached), ..request() }.node().json();
        assert_eq!(json["attributes"][0]["values"][0], "꺼짐");
        assert_eq!(json["extended_attributes"]["photos"][0]["media_url"], "http://x/1.jpg");
        assert_eq!(json["notes"][0]["datetime"], "2026-06-08T10:15:00+09:00");
    }
}
