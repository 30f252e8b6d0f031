//! What came in, in either encoding, as one tree: the reader of a resource asks it for names.
//!
//! The XML read here is what Open311 servers send: elements, text, CDATA, the five entities and
//! numbered letters. A document type is refused, so no entity can be made to grow.

use serde_json::Value;

use super::node::Format;

/// A part of a resource as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// Empty or `null`.
    Nothing,
    /// A text, a number or a truth value, as text.
    Text(String),
    /// Named parts, in order; in XML a name may come several times.
    Fields(Vec<(String, Self)>),
    /// Parts without names.
    List(Vec<Self>),
}

/// Why it cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeError {
    /// Not JSON.
    Json,
    /// Not well-formed, at that byte.
    Xml(usize),
    /// It brings a document type, which no Open311 server needs.
    DocumentType,
    /// Deeper than any resource.
    TooDeep,
}

impl std::fmt::Display for TreeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Json => f.write_str("not JSON"),
            Self::Xml(at) => write!(f, "not well-formed XML at byte {at}"),
            Self::DocumentType => f.write_str("a document type is not read"),
            Self::TooDeep => f.write_str("nested too deep"),
        }
    }
}

impl std::error::Error for TreeError {}

const DEEPEST: usize = 32;

impl Tree {
    /// Reads a whole document; the XML root's own name is dropped, as in Spark JSON.
    pub fn read(text: &str, format: Format) -> Result<Self, TreeError> {
        match format {
            Format::Json => {
                serde_json::from_str(text).map(Self::of_json).map_err(|_| TreeError::Json)
            }
            Format::Xml => Reader { text, at: 0 }.document(),
        }
    }

    fn of_json(value: Value) -> Self {
        match value {
            Value::Null => Self::Nothing,
            Value::Bool(flag) => Self::Text(flag.to_string()),
            Value::Number(number) => Self::Text(number.to_string()),
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::List(items.into_iter().map(Self::of_json).collect()),
            Value::Object(map) => Self::Fields(
                map.into_iter().map(|(name, value)| (name, Self::of_json(value))).collect(),
            ),
        }
    }

    /// The part of that name.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Fields(fields) => {
                fields.iter().find(|(key, _)| key == name).map(|(_, tree)| tree)
            }
            _ => None,
        }
    }

    /// The text of that name; blank and missing are none.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(Self::own_text)
    }

    /// Its own text, if it is one and not blank.
    pub fn own_text(&self) -> Option<String> {
        match self {
            Self::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => None,
        }
    }

    /// Its items: a bare array, or the elements called `item`. Some servers keep the wrapper in
    /// JSON too, so an array of that name is looked into.
    pub fn items(&self, item: &str) -> Vec<&Self> {
        match self {
            Self::List(items) => items.iter().collect(),
            Self::Fields(fields) => fields
                .iter()
                .filter(|(name, _)| name == item)
                .flat_map(|(_, tree)| match tree {
                    Self::List(items) => items.iter().collect(),
                    one => vec![one],
                })
                .collect(),
            Self::Nothing | Self::Text(_) => Vec::new(),
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn wrong<T>(&self) -> Result<T, TreeError> {
        Err(TreeError::Xml(self.at))
    }

    /// Takes what stands before `end`, and `end` itself.
    fn until(&mut self, end: &str) -> Result<&'a str, TreeError> {
        let Some((before, _)) = self.rest().split_once(end) else { return self.wrong() };
        self.at += before.len() + end.len();
        Ok(before)
    }

    fn skip(&mut self, start: &str) -> bool {
        let there = self.rest().starts_with(start);
        if there {
            self.at += start.len();
        }
        there
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Spaces, comments and instructions.
    fn nothing(&mut self) -> Result<(), TreeError> {
        loop {
            self.blank();
            if self.skip("<!--") {
                self.until("-->")?;
            } else if self.skip("<?") {
                self.until("?>")?;
            } else if self.rest().starts_with("<!DOCTYPE") {
                return Err(TreeError::DocumentType);
            } else {
                return Ok(());
            }
        }
    }

    fn document(mut self) -> Result<Tree, TreeError> {
        self.skip("\u{FEFF}");
        self.nothing()?;
        let (_, tree) = self.element(0)?;
        self.nothing()?;
        if self.rest().is_empty() { Ok(tree) } else { self.wrong() }
    }

    /// One element, from its `<` on.
    fn element(&mut self, depth: usize) -> Result<(String, Tree), TreeError> {
        if depth > DEEPEST {
            return Err(TreeError::TooDeep);
        }
        if !self.skip("<") {
            return self.wrong();
        }
        let tag = self.tag()?;
        let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let name = tag.split_whitespace().next().unwrap_or_default().to_owned();
        let good = |letter: char| letter.is_alphanumeric() || "_-.:".contains(letter);
        if name.is_empty() || !name.chars().all(good) {
            return self.wrong();
        }
        if closed {
            return Ok((name, Tree::Nothing));
        }
        let (mut text, mut parts) = (String::new(), Vec::new());
        loop {
            if self.skip("</") {
                if self.until(">")?.trim_end() != name {
                    return self.wrong();
                }
                break;
            } else if self.skip("<!--") {
                self.until("-->")?;
            } else if self.skip("<![CDATA[") {
                text.push_str(self.until("]]>")?);
            } else if self.rest().starts_with('<') {
                parts.push(self.element(depth + 1)?);
            } else {
                let rest = self.rest();
                let Some(end) = rest.find('<') else { return self.wrong() };
                let raw = rest.get(..end).unwrap_or_default();
                text.push_str(&unescape(raw).ok_or(TreeError::Xml(self.at))?);
                self.at += end;
            }
        }
        let tree = match (parts.is_empty(), text.trim().is_empty()) {
            (false, _) => Tree::Fields(parts),
            (true, true) => Tree::Nothing,
            (true, false) => Tree::Text(text),
        };
        Ok((name, tree))
    }

    /// What stands between `<` and `>`; a `>` may stand inside an attribute's quotes.
    fn tag(&mut self) -> Result<&'a str, TreeError> {
        let rest = self.rest();
        let mut quote = None;
        for (index, letter) in rest.char_indices() {
            match (quote, letter) {
                (None, '>') => {
                    self.at += index + 1;
                    return Ok(rest.get(..index).unwrap_or_default());
                }
                (None, '"' | '\'') => quote = Some(letter),
                (Some(open), letter) if open == letter => quote = None,
                _ => {}
            }
        }
        self.wrong()
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (name, after) = after.split_once(';')?;
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            name => {
                let digits = name.strip_prefix('#')?;
                let code = match digits.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => digits.parse().ok()?,
                };
                char::from_u32(code)?
            }
        });
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_servers_send_is_read() {
        let xml = "\u{FEFF}<?xml version=\"1.0\"?>\n<!-- a --><rs n='>'>\n <r><id>1</id><d>a &amp; \
                   &#44032;<![CDATA[<b>]]></d><e/></r><r><id>2</id></r></rs>";
        let tree = Tree::read(xml, Format::Xml).unwrap();
        let items = tree.items("r");
        assert_eq!(items.len(), 2);
        assert_eq!(items[0].text("d").unwrap(), "a & 가<b>");
        assert_eq!(items[0].get("e"), Some(&Tree::Nothing));
        assert_eq!(items[1].text("id").unwrap(), "2");
        let json =
            Tree::read(r#"{"r": [{"id": 1, "ok": true, "e": null}]}"#, Format::Json).unwrap();
        assert_eq!(json.items("r")[0].text("ok").unwrap(), "true");
    }

    #[test]
    fn what_is_broken_is_told() {
        for (xml, error) in [
            ("", TreeError::Xml(0)),
            ("<a>", TreeError::Xml(3)),
            ("<a></b>", TreeError::Xml(7)),
            ("<a/>x", TreeError::Xml(4)),
            ("<a>&nbsp;</a>", TreeError::Xml(3)),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", TreeError::DocumentType),
        ] {
            assert_eq!(Tree::read(xml, Format::Xml), Err(error), "{xml}");
        }
        let deep = "<a>".repeat(40) + &"</a>".repeat(40);
        assert_eq!(Tree::read(&deep, Format::Xml), Err(TreeError::TooDeep));
        assert_eq!(Tree::read("{", Format::Json), Err(TreeError::Json));
    }
}
