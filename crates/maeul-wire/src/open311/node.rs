//! A resource before it is written: the one tree from which XML and Spark JSON both come, so that
//! the two can never say different things.

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::{Map, Value};

use super::degrees::degrees_text;

/// Root of a list of services.
pub const SERVICES: &str = "services";
/// Root of a list of requests, of the answer to a new one and of a token.
pub const SERVICE_REQUESTS: &str = "service_requests";

/// The format a resource's name ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.xml`
    Xml,
    /// `.json`
    Json,
}

impl Format {
    /// The name before the ending, and the format; `None` for any other ending.
    pub fn split(name: &str) -> Option<(&str, Self)> {
        let (stem, ending) = name.rsplit_once('.')?;
        let format = match ending {
            "xml" => Self::Xml,
            "json" => Self::Json,
            _ => return None,
        };
        (!stem.is_empty()).then_some((stem, format))
    }

    /// The media type with its charset.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Xml => "text/xml; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

/// A part of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// There, but nothing in it: `<zipcode></zipcode>`, `null`.
    Empty,
    /// A text; an empty one is [`Node::Empty`].
    Text(String),
    /// True or false, unquoted.
    Flag(bool),
    /// A whole number, unquoted.
    Whole(i64),
    /// Degrees × 10⁷, written as a decimal number.
    Degrees(i64),
    /// Named parts, in order.
    Fields(Vec<(Cow<'static, str>, Self)>),
    /// Parts that are all called alike in XML and have no name in JSON.
    List(&'static str, Vec<Self>),
}

impl Node {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A text or, where there is none, an empty element.
    pub fn text_or_empty(text: Option<&str>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }

    /// The resource as it goes out, under `root` in XML.
    pub fn write(&self, root: &str, format: Format) -> String {
        match format {
            Format::Json => self.json().to_string(),
            Format::Xml => {
                let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
                self.element(root, &mut out);
                out.push('\n');
                out
            }
        }
    }

    /// As Spark JSON, the root dropped.
    pub fn json(&self) -> Value {
        match self {
            Self::Empty => Value::Null,
            Self::Text(text) if text.is_empty() => Value::Null,
            Self::Text(text) => Value::String(text.clone()),
            Self::Flag(flag) => Value::Bool(*flag),
            Self::Whole(number) => Value::from(*number),
            Self::Degrees(e7) => degrees_text(*e7).parse().map_or(Value::Null, Value::Number),
            Self::Fields(fields) => Value::Object(
                fields
                    .iter()
                    .map(|(name, node)| (name.clone().into_owned(), node.json()))
                    .collect::<Map<_, _>>(),
            ),
            Self::List(_, items) => Value::Array(items.iter().map(Self::json).collect()),
        }
    }

    /// As one XML element.
    pub fn element(&self, name: &str, out: &mut String) {
        // Writing to a String cannot fail.
        let _ = write!(out, "<{name}>");
        match self {
            Self::Empty => {}
            Self::Text(text) => escape(text, out),
            Self::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Self::Whole(number) => {
                let _ = write!(out, "{number}");
            }
            Self::Degrees(e7) => out.push_str(&degrees_text(*e7)),
            Self::Fields(fields) => {
                for (name, node) in fields {
                    node.element(name, out);
                }
            }
            Self::List(item, items) => {
                for node in items {
                    node.element(item, out);
                }
            }
        }
        let _ = write!(out, "</{name}>");
    }
}

/// Text in an element; letters that XML cannot hold are left out.
fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A bare carriage return would be read back as a line feed.
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(letter),
            '\u{FFFE}' | '\u{FFFF}' => {}
            letter if u32::from(letter) < 0x20 => {}
            letter => out.push(letter),
        }
    }
}

/// Named parts put together, leaving out what may be left out.
#[derive(Default)]
pub(crate) struct Fields(Vec<(Cow<'static, str>, Node)>);

impl Fields {
    /// A part that is always there.
    pub(crate) fn put(mut self, name: &'static str, node: Node) -> Self {
        self.0.push((Cow::Borrowed(name), node));
        self
    }

    /// A text that is always there, perhaps empty.
    pub(crate) fn text(self, name: &'static str, text: &str) -> Self {
        self.put(name, Node::text(text))
    }

    /// A text that is left out where there is none.
    pub(crate) fn maybe(self, name: &'static str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// A part that is left out where there is none.
    pub(crate) fn maybe_node(self, name: &'static str, node: Option<Node>) -> Self {
        match node {
            Some(node) => self.put(name, node),
            None => self,
        }
    }

    pub(crate) fn done(self) -> Node {
        Node::Fields(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_say_the_format() {
        assert_eq!(Format::split("services.xml"), Some(("services", Format::Xml)));
        assert_eq!(Format::split("a.b.json"), Some(("a.b", Format::Json)));
        for none in ["services", "services.", ".json", "services.XML", "services.html", ""] {
            assert_eq!(Format::split(none), None, "{none}");
        }
    }

    #[test]
    fn one_tree_two_encodings() {
        let node = Fields::default()
            .text("id", "001")
            .put("ok", Node::Flag(true))
            .put("order", Node::Whole(1))
            .put("lat", Node::Degrees(351_270_000))
            .put("zipcode", Node::Empty)
            .text("description", "a<b & \u{1}c")
            .put("values", Node::List("value", vec![Node::text("x"), Node::text("")]))
            .maybe("left_out", None)
            .done();
        assert_eq!(
            node.write("root", Format::Xml),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<root><id>001</id><ok>true</ok>\
             <order>1</order><lat>35.127</lat><zipcode></zipcode><description>a&lt;b &amp; \
             c</description><values><value>x</value><value></value></values></root>\n"
        );
        assert_eq!(
            node.json(),
            serde_json::json!({"id": "001", "ok": true, "order": 1, "lat": 35.127, "zipcode": null,
                "description": "a<b & \u{1}c", "values": ["x", null]})
        );
    }
}
