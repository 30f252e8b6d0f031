//! YAML as a tree in which every key and value knows its line and column. Tags, anchors and
//! repeated keys are refused: a rule is read as it is written.

use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use crate::problem::{Place, Problem, did_you_mean, nearest};

/// A file's name and text.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name shown in problems: `data/programmes/emergency_living.yaml`.
    pub name: Arc<str>,
    /// The text.
    pub text: Arc<str>,
}

impl Source {
    /// A file's name and text.
    pub fn new(name: &str, text: &str) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// The file's name without folders and ending.
    pub fn stem(&self) -> &str {
        let file = self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name);
        file.strip_suffix(".yaml").unwrap_or(file)
    }

    /// Is it in this folder (`programmes`, `parameters`, `programmes/tests`)?
    pub fn is_in(&self, folder: &str) -> bool {
        self.name.rsplit_once('/').is_some_and(|(path, _)| {
            path == folder || path.strip_suffix(folder).is_some_and(|before| before.ends_with('/'))
        })
    }
}

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it begins.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A word, number, date, text or expression.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// Keys and values in the order of the file.
    Map(Vec<(Key, Node)>),
}

/// A single value.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The value as YAML reads it.
    pub text: String,
    /// The very characters of the file, for expressions: their columns are true.
    pub raw: String,
    /// Where `raw` begins.
    pub raw_place: Place,
    /// Not in quotes.
    pub plain: bool,
}

/// A key with its place.
#[derive(Clone, Debug)]
pub struct Key {
    /// Where it begins.
    pub place: Place,
    /// The key.
    pub text: String,
}

/// Reads a file of one document. An empty file is an empty map.
///
/// # Errors
/// What is wrong with the YAML, with its line and column.
pub fn parse(source: &Source) -> Result<Node, Problem> {
    // What some editors write before everything else.
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let chars: Vec<char> = text.chars().collect();
    let mut reader =
        Reader { file: &source.name, chars: &chars, parser: Parser::new_from_str(text) };
    let mut document = None;
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
            Event::StreamEnd => break,
            _ if document.is_some() => {
                return Err(Problem::new(
                    &reader.place(&span.start),
                    "한 파일에는 문서가 하나만 있어야 합니다.",
                    "A file holds one document only.",
                ));
            }
            event => document = Some(reader.node(event, span, 0)?),
        }
    }
    Ok(document
        .unwrap_or_else(|| Node { place: Place::file(&source.name), kind: Kind::Map(vec![]) }))
}

struct Reader<'a> {
    file: &'a Arc<str>,
    chars: &'a [char],
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
}

impl<'a> Reader<'a> {
    fn place(&self, marker: &Marker) -> Place {
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Place {
            file: self.file.clone(),
            line: number(marker.line()),
            column: number(marker.col() + 1),
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), Problem> {
        match self.parser.next_event() {
            None => Ok((Event::StreamEnd, Span::default())),
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(Problem::new(
                &self.place(error.marker()),
                format!(
                    "YAML로 읽을 수 없습니다: {}. `: `나 `#`이 든 식은 따옴표로 묶으세요.",
                    error.info()
                ),
                format!(
                    "This is not YAML: {}. Put an expression with `: ` or `#` into quotes.",
                    error.info()
                ),
            )),
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Problem> {
        let place = self.place(&span.start);
        let (anchor, tag) = match &event {
            Event::Scalar(_, _, anchor, tag) => (*anchor, tag.is_some()),
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                (*anchor, tag.is_some())
            }
            _ => (1, false),
        };
        if anchor != 0 || tag || depth > 20 {
            return Err(Problem::new(
                &place,
                "YAML 태그(!), 앵커(&, *), 20단이 넘는 중첩은 쓰지 않습니다. 부정은 `not`으로 쓰세요.",
                "YAML tags (!), anchors (&, *) and nesting beyond 20 levels are not used here. Write `not` for negation.",
            ));
        }
        let kind = match event {
            Event::Scalar(text, style, ..) => {
                let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
                let inset = usize::from(quoted);
                let from = span.start.index() + inset;
                let until = span.end.index().saturating_sub(inset);
                let raw = self.chars.get(from..until).unwrap_or_default().iter().collect();
                let mut raw_place = place.clone();
                raw_place.column += u32::from(quoted);
                Kind::Scalar(Scalar { text: text.into_owned(), raw, raw_place, plain: !quoted })
            }
            Event::SequenceStart(..) => {
                let mut list = vec![];
                loop {
                    match self.next()? {
                        (Event::SequenceEnd | Event::StreamEnd, _) => break,
                        (event, span) => list.push(self.node(event, span, depth + 1)?),
                    }
                }
                Kind::List(list)
            }
            _ => self.map(depth)?,
        };
        Ok(Node { place, kind })
    }

    fn map(&mut self, depth: usize) -> Result<Kind, Problem> {
        let mut entries: Vec<(Key, Node)> = vec![];
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd | Event::StreamEnd) {
                return Ok(Kind::Map(entries));
            }
            let key = self.node(event, span, depth + 1)?;
            let key = Key { text: key.text()?.to_owned(), place: key.place };
            if entries.iter().any(|(other, _)| other.text == key.text) {
                return Err(Problem::new(
                    &key.place,
                    format!("`{}`이(가) 두 번 적혀 있습니다.", key.text),
                    format!("`{}` is written twice.", key.text),
                ));
            }
            let (event, span) = self.next()?;
            entries.push((key, self.node(event, span, depth + 1)?));
        }
    }
}

impl Node {
    fn expected(&self, ko: &str, en: &str) -> Problem {
        let (found_ko, found_en) = match &self.kind {
            Kind::Scalar(scalar) => (format!("`{}`", scalar.text), format!("`{}`", scalar.text)),
            Kind::List(_) => ("목록".to_owned(), "a list".to_owned()),
            Kind::Map(_) => ("키와 값의 묶음".to_owned(), "a map".to_owned()),
        };
        Problem::new(
            &self.place,
            format!("{ko}이(가) 와야 하는데 {found_ko}이(가) 있습니다."),
            format!("Expected {en}, found {found_en}."),
        )
    }

    /// The single value.
    ///
    /// # Errors
    /// It is a list or a map.
    pub fn scalar(&self) -> Result<&Scalar, Problem> {
        match &self.kind {
            Kind::Scalar(scalar) => Ok(scalar),
            _ => Err(self.expected("하나의 값", "a single value")),
        }
    }

    /// The text of a single value.
    ///
    /// # Errors
    /// It is a list or a map.
    pub fn text(&self) -> Result<&str, Problem> {
        Ok(self.scalar()?.text.as_str())
    }

    /// Is it empty, `null` or `~`?
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(scalar) if scalar.plain && matches!(scalar.text.as_str(), "" | "null" | "~"))
    }

    /// The items of a list.
    ///
    /// # Errors
    /// It is no list.
    pub fn list(&self) -> Result<&[Self], Problem> {
        match &self.kind {
            Kind::List(list) => Ok(list),
            _ => Err(self.expected("목록", "a list")),
        }
    }

    /// The keys and values of a map, whatever its keys.
    ///
    /// # Errors
    /// It is no map.
    pub fn entries(&self) -> Result<&[(Key, Self)], Problem> {
        match &self.kind {
            Kind::Map(entries) => Ok(entries),
            _ => Err(self.expected("키와 값의 묶음", "a map")),
        }
    }

    /// A map that may have these keys and no others.
    ///
    /// # Errors
    /// It is no map, or has a key that is not among `known`.
    pub fn fields(&self, known: &[&str]) -> Result<Fields<'_>, Problem> {
        let entries = self.entries()?;
        if let Some((key, _)) = entries.iter().find(|(key, _)| !known.contains(&key.text.as_str()))
        {
            let (ko, en) = did_you_mean(nearest(&key.text, known.iter().copied()));
            return Err(Problem::new(
                &key.place,
                format!(
                    "모르는 항목 `{}`입니다.{ko} 쓸 수 있는 것: {}.",
                    key.text,
                    known.join(", ")
                ),
                format!("Unknown field `{}`.{en} Possible: {}.", key.text, known.join(", ")),
            ));
        }
        Ok(Fields { place: &self.place, entries })
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// It is neither.
    pub fn bool(&self) -> Result<bool, Problem> {
        match self.text()? {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.expected("true 또는 false", "true or false")),
        }
    }

    /// A date as the number yyyymmdd.
    ///
    /// # Errors
    /// It is no date of the calendar.
    pub fn date(&self) -> Result<i64, Problem> {
        crate::value::date(self.text()?)
            .ok_or_else(|| self.expected("날짜(예: 2026-03-27)", "a date such as 2026-03-27"))
    }
}

/// A map whose keys are known to be allowed.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    place: &'a Place,
    entries: &'a [(Key, Node)],
}

impl<'a> Fields<'a> {
    /// Where the map begins.
    pub fn place(&self) -> &'a Place {
        self.place
    }

    /// The value of a key; `null` counts as absent.
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.entries
            .iter()
            .find(|(known, _)| known.text == key)
            .map(|(_, node)| node)
            .filter(|node| !node.is_null())
    }

    /// Is the key written at all, even as `null`?
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(known, _)| known.text == key)
    }

    /// The value of a key that must be there.
    ///
    /// # Errors
    /// It is absent or `null`.
    pub fn need(&self, key: &str) -> Result<&'a Node, Problem> {
        self.get(key).ok_or_else(|| {
            Problem::new(
                self.place,
                format!("`{key}` 항목이 없습니다. 적어 주세요."),
                format!("`{key}` is missing. Please write it."),
            )
        })
    }

    /// The text of a key that must be there.
    ///
    /// # Errors
    /// It is absent, or no single value.
    pub fn text(&self, key: &str) -> Result<String, Problem> {
        Ok(self.need(key)?.text()?.to_owned())
    }

    /// The text of a key, or nothing.
    ///
    /// # Errors
    /// It is no single value.
    pub fn text_or(&self, key: &str) -> Result<String, Problem> {
        self.get(key).map_or_else(|| Ok(String::new()), |node| Ok(node.text()?.to_owned()))
    }

    /// The items of a list; none where it is absent.
    ///
    /// # Errors
    /// It is no list.
    pub fn list(&self, key: &str) -> Result<&'a [Node], Problem> {
        self.get(key).map_or(Ok(&[]), Node::list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_line_and_column() {
        let source = Source::new(
            "data/programmes/a.yaml",
            "이름: 값\nwhen: \"a <= b\"\nblock: >\n  c ==\n  d\nlist: [x, {y: z}]\n",
        );
        let node = parse(&source).unwrap();
        let fields = node.fields(&["이름", "when", "block", "list"]).unwrap();
        let when = fields.need("when").unwrap().scalar().unwrap();
        assert_eq!(
            (when.raw.as_str(), when.raw_place.line, when.raw_place.column),
            ("a <= b", 2, 8)
        );
        let block = fields.need("block").unwrap().scalar().unwrap();
        assert_eq!(
            (block.raw.trim_end(), block.raw_place.line, block.raw_place.column),
            ("c ==\n  d", 4, 3)
        );
        let inner = fields.list("list").unwrap()[1].entries().unwrap();
        assert_eq!(inner[0].1.place.to_string(), "data/programmes/a.yaml:6:15");
        assert!(source.is_in("programmes") && !source.is_in("grammes") && source.stem() == "a");
    }

    #[test]
    fn what_could_be_read_two_ways_is_refused() {
        for (text, place) in
            [("a: 1\na: 2", "x:2:1"), ("a: &b 1", "x:1:4"), ("a: !t 1", "x:1:4"), ("a: [", "x:2:1")]
        {
            let problem = parse(&Source::new("x", text)).unwrap_err();
            assert_eq!(problem.place.to_string(), place, "{text}: {problem}");
        }
        let node = parse(&Source::new("x", "conditionz: 1")).unwrap();
        let problem = node.fields(&["conditions"]).unwrap_err();
        assert!(problem.en.contains("Did you mean `conditions`?"), "{problem}");
    }
}
