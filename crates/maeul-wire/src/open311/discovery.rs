//! Where an installation serves what, in which formats, and since when.

use jiff::Timestamp;

use super::node::{Fields, Format, Node};
use super::time::{read_time, write_time};
use super::tree::Tree;

/// The address that names GeoReport v2.
pub const SPECIFICATION: &str = "http://wiki.open311.org/GeoReport_v2";

/// Whether what is sent to an endpoint counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointKind {
    /// It does.
    Production,
    /// It is checked and thrown away.
    Test,
}

impl EndpointKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Test => "test",
        }
    }
}

/// One endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its address, without a slash at the end.
    pub url: String,
    /// When its services or their definitions last changed.
    pub changed: Timestamp,
    /// Whether it counts.
    pub kind: EndpointKind,
}

/// The discovery document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// When anything in it last changed.
    pub changed: Timestamp,
    /// Whom to ask.
    pub contact: String,
    /// How to get a key.
    pub key_service: String,
    /// The endpoints.
    pub endpoints: Vec<Endpoint>,
}

impl Discovery {
    /// As it goes out, under `discovery`.
    pub fn node(&self) -> Node {
        let formats = || {
            let types = [Format::Xml, Format::Json].map(|format| {
                Node::text(format.media_type().split(';').next().unwrap_or_default())
            });
            Node::List("format", types.into())
        };
        let endpoints = self.endpoints.iter().map(|it| {
            Fields::default()
                .text("specification", SPECIFICATION)
                .text("url", &it.url)
                .text("changeset", &write_time(it.changed))
                .text("type", it.kind.word())
                .put("formats", formats())
                .done()
        });
        Fields::default()
            .text("changeset", &write_time(self.changed))
            .text("contact", &self.contact)
            .text("key_service", &self.key_service)
            .put("endpoints", Node::List("endpoint", endpoints.collect()))
            .done()
    }

    /// As it came in; endpoints of other specifications are left out.
    pub fn read(tree: &Tree) -> Option<Self> {
        let endpoints = tree.get("endpoints")?.items("endpoint");
        let changed = |tree: &Tree| tree.text("changeset").and_then(|text| read_time(&text));
        Some(Self {
            changed: changed(tree).unwrap_or(Timestamp::UNIX_EPOCH),
            contact: tree.text("contact").unwrap_or_default(),
            key_service: tree.text("key_service").unwrap_or_default(),
            endpoints: endpoints
                .into_iter()
                .filter(|it| it.text("specification").is_some_and(|it| it.contains("GeoReport_v2")))
                .filter_map(|it| {
                    let test = it.text("type").is_some_and(|kind| kind == "test");
                    Some(Endpoint {
                        url: it.text("url")?.trim_end_matches('/').to_owned(),
                        changed: changed(it).unwrap_or(Timestamp::UNIX_EPOCH),
                        kind: if test { EndpointKind::Test } else { EndpointKind::Production },
                    })
                })
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discovery_comes_back_from_both_encodings() {
        let changed = "2026-06-08T01:15:00Z".parse().unwrap();
        let endpoint = |url: &str, kind| Endpoint { url: url.to_owned(), changed, kind };
        let discovery = Discovery {
            changed,
            contact: "서구청".to_owned(),
            key_service: "전화".to_owned(),
            endpoints: vec![
                endpoint("https://h/open311/v2", EndpointKind::Production),
                endpoint("https://h/open311/test/v2", EndpointKind::Test),
            ],
        };
        for format in [Format::Xml, Format::Json] {
            let text = discovery.node().write("discovery", format);
            let tree = Tree::read(&text, format).unwrap();
            assert_eq!(Discovery::read(&tree).unwrap(), discovery, "{text}");
        }
        let json = discovery.node().json();
        assert_eq!(json["endpoints"][0]["formats"][0], "text/xml");
    }
}
