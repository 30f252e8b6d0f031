//! The services an office offers, and what each asks for.

use super::node::{Fields, Node};
use super::tree::Tree;

/// How an answer to a new request comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceKind {
    /// With its id at once.
    Realtime,
    /// With a token, exchanged for the id later.
    Batch,
    /// With neither.
    Blackbox,
}

impl ServiceKind {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Realtime => "realtime",
            Self::Batch => "batch",
            Self::Blackbox => "blackbox",
        }
    }

    /// The one of that word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Realtime, Self::Batch, Self::Blackbox].into_iter().find(|it| it.word() == word)
    }
}

/// A service in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its code.
    pub service_code: String,
    /// Its name.
    pub service_name: String,
    /// What it is for.
    pub description: String,
    /// Whether it has attributes: then ask for its definition.
    pub metadata: bool,
    /// How a new request is answered.
    pub kind: ServiceKind,
    /// Words by which it is found.
    pub keywords: Vec<String>,
    /// The heading it stands under.
    pub group: String,
}

impl Service {
    /// As a part of the list.
    pub fn node(&self) -> Node {
        Fields::default()
            .text("service_code", &self.service_code)
            .text("service_name", &self.service_name)
            .text("description", &self.description)
            .put("metadata", Node::Flag(self.metadata))
            .text("type", self.kind.word())
            .text("keywords", &self.keywords.join(","))
            .text("group", &self.group)
            .done()
    }

    /// The list.
    pub fn list(services: &[Self]) -> Node {
        Node::List("service", services.iter().map(Self::node).collect())
    }

    /// As it came in; `None` without a code.
    pub fn read(tree: &Tree) -> Option<Self> {
        let text = |name: &str| tree.text(name).unwrap_or_default();
        Some(Self {
            service_code: tree.text("service_code")?,
            service_name: text("service_name"),
            description: text("description"),
            metadata: text("metadata") == "true",
            kind: ServiceKind::parse(&text("type")).unwrap_or(ServiceKind::Realtime),
            keywords: split(&text("keywords")),
            group: text("group"),
        })
    }
}

fn split(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// The type of an attribute's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataType {
    /// One line.
    Line,
    /// A number.
    Number,
    /// A date and time.
    DateTime,
    /// Several lines.
    Text,
    /// One of a list.
    One,
    /// Any of a list.
    Many,
}

impl DataType {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Line, Self::Number, Self::DateTime, Self::Text, Self::One, Self::Many];

    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Line => "string",
            Self::Number => "number",
            Self::DateTime => "datetime",
            Self::Text => "text",
            Self::One => "singlevaluelist",
            Self::Many => "multivaluelist",
        }
    }

    /// The one of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// One value of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub key: String,
    /// What is shown.
    pub name: String,
}

/// A question of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Asks for something; otherwise it only tells something.
    pub variable: bool,
    /// Its code.
    pub code: String,
    /// The type of its value.
    pub datatype: DataType,
    /// Whether it must be answered.
    pub required: bool,
    /// How to write the value.
    pub datatype_description: String,
    /// Its place, from 1, no two alike.
    pub order: i64,
    /// The question.
    pub description: String,
    /// What can be chosen; only of the two lists.
    pub values: Vec<Choice>,
}

/// Everything a service asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Whose.
    pub service_code: String,
    /// Its questions, in order.
    pub attributes: Vec<Attribute>,
}

impl Definition {
    /// As it goes out, under `service_definition`.
    pub fn node(&self) -> Node {
        let attributes = self.attributes.iter().map(Attribute::node).collect();
        Fields::default()
            .text("service_code", &self.service_code)
            .put("attributes", Node::List("attribute", attributes))
            .done()
    }

    /// As it came in.
    pub fn read(tree: &Tree) -> Option<Self> {
        let attributes = tree.get("attributes").map(|it| it.items("attribute"));
        Some(Self {
            service_code: tree.text("service_code")?,
            attributes: attributes
                .unwrap_or_default()
                .into_iter()
                .filter_map(Attribute::read)
                .collect(),
        })
    }
}

impl Attribute {
    fn node(&self) -> Node {
        let values = self
            .values
            .iter()
            .map(|it| Fields::default().text("key", &it.key).text("name", &it.name).done());
        let listed = matches!(self.datatype, DataType::One | DataType::Many);
        Fields::default()
            .put("variable", Node::Flag(self.variable))
            .text("code", &self.code)
            .text("datatype", self.datatype.word())
            .put("required", Node::Flag(self.required))
            .text("datatype_description", &self.datatype_description)
            .put("order", Node::Whole(self.order))
            .text("description", &self.description)
            .maybe_node("values", listed.then(|| Node::List("value", values.collect())))
            .done()
    }

    fn read(tree: &Tree) -> Option<Self> {
        let text = |name: &str| tree.text(name).unwrap_or_default();
        let values = tree.get("values").map(|it| it.items("value")).unwrap_or_default();
        Some(Self {
            variable: text("variable") != "false",
            code: tree.text("code")?,
            datatype: DataType::parse(&text("datatype")).unwrap_or(DataType::Line),
            required: text("required") == "true",
            datatype_description: text("datatype_description"),
            order: text("order").parse().unwrap_or(0),
            description: text("description"),
            values: values
                .into_iter()
                .filter_map(|it| {
                    let key = it.text("key")?;
                    let name = it.text("name").unwrap_or_else(|| key.clone());
                    Some(Choice { key, name })
                })
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open311::Format;

    #[test]
    fn services_and_definitions_come_back_from_both_encodings() {
        let service = Service {
            service_code: "001".to_owned(),
            service_name: "가로등".to_owned(),
            description: String::new(),
            metadata: true,
            kind: ServiceKind::Realtime,
            keywords: vec!["불".to_owned(), "lamp".to_owned()],
            group: "도로".to_owned(),
        };
        let attribute = |code: &str, datatype, values| Attribute {
            variable: true,
            code: code.to_owned(),
            datatype,
            required: false,
            datatype_description: "one line".to_owned(),
            order: 1,
            description: "which?".to_owned(),
            values,
        };
        let choice = Choice { key: "1".to_owned(), name: "하나".to_owned() };
        let definition = Definition {
            service_code: "001".to_owned(),
            attributes: vec![
                attribute("A", DataType::Line, vec![]),
                attribute("B", DataType::Many, vec![choice]),
            ],
        };
        for format in [Format::Xml, Format::Json] {
            let text = Service::list(std::slice::from_ref(&service)).write("services", format);
            let tree = Tree::read(&text, format).unwrap();
            let read: Vec<_> =
                tree.items("service").into_iter().filter_map(Service::read).collect();
            assert_eq!(read, std::slice::from_ref(&service), "{text}");
            let text = definition.node().write("service_definition", format);
            let tree = Tree::read(&text, format).unwrap();
            assert_eq!(Definition::read(&tree).unwrap(), definition, "{text}");
        }
        // Ids stay strings though they look like numbers; a question without a list has no values.
        let json = definition.node().json();
        assert_eq!(json["service_code"], "001");
        assert!(json["attributes"][0].get("values").is_none());
        assert_eq!(json["attributes"][0]["variable"], true);
    }
}
