//! GeoReport v2 as a client: what is asked, and what an answer means. Whether a thing was done there
//! is told apart from whether we heard of it.

use jiff::{SignedDuration, Timestamp};
use maeul_web::encode;
use maeul_wire::open311::{
    Definition, Discovery, Errors, Format, Receipt, Request, Service, Tree, Update, write_time,
};

use crate::agency::{Agency, WireFormat};
use crate::line::{Call, Line, LineError, Method, Reply};

/// Why there is no good answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing was done there: they were not reached, or had no time (429).
    NotDone(String),
    /// Whether it was done is not known.
    Lost(String),
    /// They said no.
    Refused {
        /// The HTTP status.
        status: u16,
        /// In their words, one for each thing that is wrong.
        said: Vec<String>,
    },
}

impl Trouble {
    /// In a few words, for the officer.
    pub fn say(&self) -> String {
        match self {
            Self::NotDone(why) | Self::Lost(why) => why.clone(),
            Self::Refused { status, said } if said.is_empty() => format!("HTTP {status}"),
            Self::Refused { status, said } => format!("HTTP {status}: {}", said.join(" / ")),
        }
    }
}

/// The clock of another system may be off by so much.
const CLOCKS: SignedDuration = SignedDuration::from_mins(10);

/// One agency, as something to be asked.
pub struct Client<'a> {
    line: &'a dyn Line,
    agency: &'a Agency,
    key: &'a str,
}

impl<'a> Client<'a> {
    /// Asks that agency by that line; the key may be empty.
    pub fn new(line: &'a dyn Line, agency: &'a Agency, key: &'a str) -> Self {
        Self { line, agency, key }
    }

    /// Its services.
    pub async fn services(&self) -> Result<Vec<Service>, Trouble> {
        let tree = self.get("services", &[]).await?;
        Ok(tree.items("service").into_iter().filter_map(Service::read).collect())
    }

    /// What a service asks.
    pub async fn definition(&self, code: &str) -> Result<Definition, Trouble> {
        let tree = self.get(&format!("services/{}", encode(code)), &[]).await?;
        Definition::read(&tree).ok_or_else(|| Trouble::Lost("no service definition".to_owned()))
    }

    /// Its discovery document.
    pub async fn discovery(&self) -> Result<Discovery, Trouble> {
        let call = Call {
            method: Method::Get,
            address: self.agency.discovery.clone(),
            query: Vec::new(),
            headers: Vec::new(),
            form: Vec::new(),
        };
        let tree = self.ask(&call).await?;
        Discovery::read(&tree).ok_or_else(|| Trouble::Lost("no discovery document".to_owned()))
    }

    /// Sends a new request; `once` names this sending, for servers that know a repetition by it.
    pub async fn post(&self, form: &[(String, String)], once: &str) -> Result<Receipt, Trouble> {
        let mut form = form.to_vec();
        form.extend(self.own());
        let call = Call {
            method: Method::Post,
            address: self.address("requests"),
            query: Vec::new(),
            headers: vec![("Idempotency-Key", once.to_owned())],
            form,
        };
        let tree = self.ask(&call).await?;
        let receipt = Receipt::read(&tree).unwrap_or_default();
        if receipt.service_request_id.is_some() || receipt.token.is_some() {
            return Ok(receipt);
        }
        // Some say no with status 200.
        let errors = Errors::read(400, &tree);
        let said: Vec<String> = errors
            .problems
            .into_iter()
            .map(|it| it.description)
            .filter(|it| !it.is_empty())
            .collect();
        if said.is_empty() { Ok(receipt) } else { Err(Trouble::Refused { status: 200, said }) }
    }

    /// The number behind a token; none until there is one.
    pub async fn number_of(&self, token: &str) -> Result<Option<String>, Trouble> {
        let tree = self.get(&format!("tokens/{}", encode(token)), &[]).await?;
        Ok(Receipt::read(&tree).and_then(|it| it.service_request_id))
    }

    /// The request of that number; none where it cannot be read as one.
    pub async fn request(&self, id: &str) -> Result<Request, Trouble> {
        let tree = self.get(&format!("requests/{}", encode(id)), &[]).await?;
        let first = tree.items("request").into_iter().next().map(Request::read);
        match first {
            Some(Ok(request)) => Ok(request),
            Some(Err(field)) => Err(Trouble::Lost(format!("a request without {field}"))),
            None => Err(Trouble::Lost("an answer without a request".to_owned())),
        }
    }

    /// The number of a request sent since then whose words hold `mark`; none where there is none.
    pub async fn find(
        &self,
        service: &str,
        mark: &str,
        (since, now): (Timestamp, Timestamp),
    ) -> Result<Option<String>, Trouble> {
        let query = [
            ("service_code", service.to_owned()),
            ("start_date", write_time(since.saturating_sub(CLOCKS).unwrap_or(since))),
            ("end_date", write_time(now.saturating_add(CLOCKS).unwrap_or(now))),
        ];
        let tree = self.get("requests", &query).await?;
        let found = tree
            .items("request")
            .into_iter()
            .find(|it| it.text("description").is_some_and(|words| words.contains(mark)));
        Ok(found.and_then(|it| it.text("service_request_id")))
    }

    /// What the updates extension tells about that request since then, oldest first.
    pub async fn updates(
        &self,
        id: &str,
        (since, now): (Timestamp, Timestamp),
    ) -> Result<Vec<Update>, Trouble> {
        let query = [
            ("service_request_id", id.to_owned()),
            ("start_date", write_time(since.saturating_sub(CLOCKS).unwrap_or(since))),
            ("end_date", write_time(now.saturating_add(CLOCKS).unwrap_or(now))),
        ];
        let tree = self.get("servicerequestupdates", &query).await?;
        let mut found: Vec<Update> = tree
            .items("request_update")
            .into_iter()
            .filter_map(|it| Update::read(it).ok())
            .filter(|it| it.service_request_id == id)
            .collect();
        found.sort_by_key(|it| it.updated);
        Ok(found)
    }

    /// `jurisdiction_id` and `api_key`, where there are any.
    fn own(&self) -> Vec<(String, String)> {
        [("jurisdiction_id", self.agency.jurisdiction.as_str()), ("api_key", self.key)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    fn address(&self, resource: &str) -> String {
        format!("{}/{resource}.{}", self.agency.endpoint, self.agency.format.as_str())
    }

    async fn get(&self, resource: &str, query: &[(&str, String)]) -> Result<Tree, Trouble> {
        let query = query.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let call = Call {
            method: Method::Get,
            address: self.address(resource),
            query: query.chain(self.own()).collect(),
            headers: Vec::new(),
            form: Vec::new(),
        };
        self.ask(&call).await
    }

    async fn ask(&self, call: &Call) -> Result<Tree, Trouble> {
        match self.line.ask(call).await {
            Ok(reply) => read(&reply, self.agency.format),
            Err(LineError::Unreached(why) | LineError::Barred(why)) => Err(Trouble::NotDone(why)),
            Err(LineError::Lost(why)) => Err(Trouble::Lost(why)),
        }
    }
}

/// What a reply means.
fn read(reply: &Reply, asked: WireFormat) -> Result<Tree, Trouble> {
    let text = String::from_utf8_lossy(&reply.body);
    let text = text.trim_start_matches('\u{FEFF}').trim();
    // What they say counts before what they were asked for: some err in one form only.
    let format = match text.chars().next() {
        Some('<') => Format::Xml,
        Some('[' | '{') => Format::Json,
        _ if asked == WireFormat::Json => Format::Json,
        _ => Format::Xml,
    };
    let tree = Tree::read(text, format);
    let status = reply.status;
    let said = || -> Vec<String> {
        let Ok(tree) = &tree else { return Vec::new() };
        let problems = Errors::read(status, tree).problems.into_iter();
        problems.map(|it| it.description).filter(|it| !it.is_empty()).collect()
    };
    match status {
        200..=299 => tree.map_err(|error| Trouble::Lost(error.to_string())),
        // Too many at once, or too slow: they say themselves that nothing was done.
        408 | 425 | 429 => Err(Trouble::NotDone(format!("HTTP {status}"))),
        400..=499 => Err(Trouble::Refused { status, said: said() }),
        _ => {
            let said = said().join(" / ");
            Err(Trouble::Lost(format!("HTTP {status} {said}").trim().to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use maeul_wire::open311::Update;
    use proptest::prelude::*;

    use super::*;

    /// Bytes that look like the replies of agencies more often than by chance.
    fn body() -> impl Strategy<Value = Vec<u8>> {
        let word = prop::sample::select(vec![
            "<",
            ">",
            "</",
            "/>",
            "<?xml version=\"1.0\"?>",
            "<!DOCTYPE a [<!ENTITY b \"c\">]>",
            "&b;",
            "<service_requests>",
            "<request>",
            "</request>",
            "<service_request_id>",
            "12",
            "<lat>",
            "35.1",
            "<![CDATA[",
            "]]>",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\u0000",
            "null",
            "1e999",
            "\"service_request_id\"",
            "\"errors\"",
            "<errors>",
            "<description>",
            "가로등",
            "\u{FEFF}",
        ]);
        let words = prop::collection::vec(word, 0..40);
        prop_oneof![
            3 => words.prop_map(|words| words.concat().into_bytes()),
            1 => prop::collection::vec(any::<u8>(), 0..200),
        ]
    }

    proptest! {
        #[test]
        fn no_reply_breaks_it(status in 100_u16..1_000, body in body(), json in any::<bool>()) {
            let format = if json { WireFormat::Json } else { WireFormat::Xml };
            match read(&Reply { status, body }, format) {
                // Done only where they say so, and whatever they say is read or refused.
                Ok(tree) => {
                    prop_assert!((200..300).contains(&status));
                    let _ = (Request::read(&tree), Service::read(&tree), Receipt::read(&tree));
                    let _ = (Update::read(&tree), Discovery::read(&tree), Definition::read(&tree));
                }
                Err(Trouble::Refused { status: said, .. }) => prop_assert_eq!(said, status),
                Err(_) => {}
            }
        }

        #[test]
        fn no_number_leaves_its_part_of_the_path(text in any::<String>()) {
            let part = encode(&text);
            prop_assert!(part.is_ascii() && !part.contains(['/', '?', '#', ' ', '&']));
        }
    }

    fn reply(status: u16, body: &str) -> Reply {
        Reply { status, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn what_was_done_is_told_apart_from_what_was_heard() {
        let xml = WireFormat::Xml;
        let refused =
            |status, words: &str| Err(Trouble::Refused { status, said: vec![words.to_owned()] });
        let errors =
            "<errors><error><code>400</code><description>lat?</description></error></errors>";
        assert_eq!(read(&reply(400, errors), xml), refused(400, "lat?"));
        assert_eq!(
            read(&reply(403, r#"[{"code":"403.1","description":"api_key?"}]"#), xml),
            refused(403, "api_key?"),
            "an error in the form nobody asked for"
        );
        assert_eq!(
            read(&reply(404, "<html>no</html>"), xml),
            Err(Trouble::Refused { status: 404, said: Vec::new() })
        );
        assert_eq!(read(&reply(429, ""), xml), Err(Trouble::NotDone("HTTP 429".to_owned())));
        assert_eq!(read(&reply(500, errors), xml), Err(Trouble::Lost("HTTP 500 lat?".to_owned())));
        assert!(matches!(read(&reply(200, "<half"), xml), Err(Trouble::Lost(_))));
        assert!(matches!(read(&reply(302, ""), xml), Err(Trouble::Lost(_))));
        assert!(read(&reply(200, "\u{FEFF}<services/>"), WireFormat::Json).is_ok());
    }

    #[test]
    fn numbers_of_others_are_safe_in_a_path() {
        assert_eq!(encode("12-3_a.b~"), "12-3_a.b~");
        assert_eq!(encode("2026 서/?"), "2026%20%EC%84%9C%2F%3F");
    }
}
