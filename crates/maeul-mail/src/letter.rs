//! A letter as it came in, read: who, to which letter it answers, in which words, with which
//! pictures, and whether anybody may be answered at all. Pure; the bytes are a stranger's.

use std::borrow::Cow;

use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders, PartType};

use crate::charset::{is_shifted, unshift};
use crate::cut::own_words;

/// Pictures taken from one letter.
pub const MOST_PICTURES: usize = 5;
/// References looked at.
const MOST_REFERENCES: usize = 50;
/// Letters of a subject.
const LONGEST_SUBJECT: usize = 300;

/// A letter, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Its Message-ID without brackets; empty where it has none.
    pub message_id: String,
    /// The Message-IDs it answers, the nearest first.
    pub answers: Vec<String>,
    /// What the sender calls themselves; may be empty.
    pub name: String,
    /// The sender's address as written; empty where there is none.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// The sender's own words.
    pub words: String,
    /// Everything, with what is quoted.
    pub whole: String,
    /// The pictures, as bytes.
    pub pictures: Vec<Vec<u8>>,
    /// Names of what else is attached.
    pub others: Vec<String>,
    /// Why nobody may be answered.
    pub silent: Option<Silent>,
    /// What the receiving mail server found out about the sender (SPF, DKIM): recorded, decided
    /// nothing by.
    pub verdict: String,
}

/// Why a letter is never answered and makes no case (RFC 3834).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silent {
    /// A mail server tells that a letter of ours was not delivered.
    Bounce,
    /// A program answered for somebody.
    Automatic,
    /// A list or a circular.
    List,
    /// It came from ourselves.
    Own,
    /// It has no sender.
    Nobody,
}

/// Reads a letter. `sent_by` is the sender of the envelope, empty for reports of mail servers;
/// `own` tells our own addresses.
pub fn read(raw: &[u8], sent_by: &str, own: impl Fn(&str) -> bool) -> Option<Letter> {
    let raw = seven_bits(raw);
    let raw = whole_ends(&raw);
    let message = MessageParser::default().parse(raw.as_ref())?;
    let sender = message.from().and_then(|it| it.first());
    let from = sign(sender.and_then(|it| it.address()).unwrap_or_default());
    let name = sender.and_then(|it| it.name()).unwrap_or_default();
    let whole = whole(&message);
    let (pictures, others) = attached(&message);
    let mut letter = Letter {
        message_id: sign(message.message_id().unwrap_or_default()),
        answers: answers(&message),
        name: line(name, 60),
        subject: line(message.subject().unwrap_or_default(), LONGEST_SUBJECT),
        words: own_words(&whole),
        whole,
        pictures,
        others,
        silent: None,
        verdict: verdict(&message),
        from,
    };
    letter.silent = silent(&message, &letter, sent_by, own);
    Some(letter)
}

/// Bytes of the head of a letter that are shown.
const LONGEST_HEAD: usize = 16 * 1024;

/// Its Message-ID without brackets; empty where it has none.
pub fn message_id(raw: &[u8]) -> String {
    let message = MessageParser::default().parse_headers(raw);
    let id = message.as_ref().and_then(Message::message_id).unwrap_or_default();
    id.trim().to_owned()
}

/// The head of a letter as it came in: by which ways, and what programs said of it.
pub fn head(raw: &[u8]) -> String {
    let head = raw.get(..LONGEST_HEAD).unwrap_or(raw);
    let text = String::from_utf8_lossy(head).replace("\r\n", "\n");
    let head = text.split_once("\n\n").map_or(text.as_str(), |(head, _)| head);
    head.chars().filter(|it| !it.is_control() || matches!(it, '\n' | '\t')).collect()
}

/// The parser's tables turn ISO-2022-KR away whole. As plain ASCII it comes through untouched and is
/// read afterwards.
fn seven_bits(raw: &[u8]) -> Cow<'_, [u8]> {
    const NAME: &[u8] = b"iso-2022-kr";
    let named = |at: &[u8]| at.eq_ignore_ascii_case(NAME);
    if !raw.windows(NAME.len()).any(named) {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((first, more)) = rest.split_first() {
        match rest.split_at_checked(NAME.len()) {
            Some((name, after)) if named(name) => {
                out.extend_from_slice(b"us-ascii");
                rest = after;
            }
            _ => {
                out.push(*first);
                rest = more;
            }
        }
    }
    Cow::Owned(out)
}

/// The parser takes the letters before a soft line break away when a delimiter follows at once, as
/// some programs write it (`…다=` and `--boundary`): an empty line between them keeps the words whole.
fn whole_ends(raw: &[u8]) -> Cow<'_, [u8]> {
    let breaks = broken_ends(raw);
    if breaks.is_empty() {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len() + breaks.len());
    let mut from = 0;
    for at in breaks {
        out.extend_from_slice(raw.get(from..at).unwrap_or_default());
        out.push(b'\n');
        from = at;
    }
    out.extend_from_slice(raw.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

/// Where a delimiter follows a soft line break.
fn broken_ends(raw: &[u8]) -> Vec<usize> {
    let dashes = raw.windows(2).enumerate().filter(|(_, it)| *it == b"--").map(|(at, _)| at);
    let mut ends: Vec<usize> = dashes.filter(|at| ends_softly(raw.split_at(*at).0)).collect();
    if !ends.is_empty() {
        let boundaries = boundaries(raw);
        ends.retain(|at| {
            let named = raw.get(at + 2..).unwrap_or_default();
            boundaries.iter().any(|it| named.starts_with(it))
        });
    }
    ends
}

/// Whether the last line ends in `=`, and perhaps blanks.
fn ends_softly(lines: &[u8]) -> bool {
    let Some((b'\n', line)) = lines.split_last() else { return false };
    let blank = |it: &u8| it.is_ascii_whitespace() && *it != b'\n';
    line.iter().rev().find(|it| !blank(it)) == Some(&b'=')
}

/// Boundaries looked at; a letter has as many as it has parts within parts.
const MOST_BOUNDARIES: usize = 20;
/// Bytes of a boundary looked at (RFC 2046, section 5.1.1, allows 70).
const LONGEST_BOUNDARY: usize = 200;

/// Every boundary the letter names, wherever it names it.
fn boundaries(raw: &[u8]) -> Vec<&[u8]> {
    const NAME: &[u8] = b"boundary=";
    let mut found = Vec::new();
    for (at, name) in raw.windows(NAME.len()).enumerate() {
        if !name.eq_ignore_ascii_case(NAME) {
            continue;
        }
        let value = raw.get(at + NAME.len()..).unwrap_or_default();
        let value = value.get(..LONGEST_BOUNDARY).unwrap_or(value);
        let (value, ends): (_, &[u8]) = match value.split_first() {
            Some((b'"', value)) => (value, b"\"\r\n"),
            _ => (value, b" \t;\r\n"),
        };
        let value = value.split(|it| ends.contains(it)).next().unwrap_or_default();
        if !value.is_empty() && !found.contains(&value) && found.len() < MOST_BOUNDARIES {
            found.push(value);
        }
    }
    found
}

/// An address or an id as written, without control characters: no database keeps U+0000 as text.
fn sign(text: &str) -> String {
    let text: String = text.chars().filter(|it| !it.is_control()).collect();
    text.trim().to_owned()
}

/// One line without control characters; old Korean in seven bits read.
fn line(text: &str, most: usize) -> String {
    let text = if is_shifted(text) { unshift(text) } else { text.to_owned() };
    let text: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(most).collect()
}

/// Every body of text, one after another; HTML as text where there is nothing else.
fn whole(message: &Message<'_>) -> String {
    let mut bodies = Vec::new();
    for at in 0..message.text_body_count() {
        let Some(text) = message.body_text(at) else { continue };
        bodies.push(if is_shifted(&text) { unshift(&text) } else { text.into_owned() });
    }
    let text = bodies.join("\n\n");
    text.chars().filter(|it| !it.is_control() || matches!(it, '\n' | '\t' | '\r')).collect()
}

fn attached(message: &Message<'_>) -> (Vec<Vec<u8>>, Vec<String>) {
    let (mut pictures, mut others) = (Vec::new(), Vec::new());
    for part in message.attachments() {
        let picture =
            part.content_type().is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("image"));
        match &part.body {
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) if picture => {
                if pictures.len() < MOST_PICTURES {
                    pictures.push(bytes.to_vec());
                    continue;
                }
                others.push(line(part.attachment_name().unwrap_or("image"), 100));
            }
            _ => others.push(line(part.attachment_name().unwrap_or("-"), 100)),
        }
    }
    (pictures, others)
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(one) => vec![one.trim().to_owned()],
        HeaderValue::TextList(many) => many.iter().map(|it| it.trim().to_owned()).collect(),
        _ => Vec::new(),
    }
}

fn answers(message: &Message<'_>) -> Vec<String> {
    let mut found = ids(message.in_reply_to());
    // The last reference is the nearest.
    found.extend(ids(message.references()).into_iter().rev());
    found.retain(|it| !it.is_empty() && it.len() <= 300 && !it.contains(char::is_control));
    let mut seen: Vec<String> = Vec::new();
    for id in found.into_iter().take(MOST_REFERENCES) {
        if !seen.contains(&id) {
            seen.push(id);
        }
    }
    seen
}

fn text_of(message: &Message<'_>, name: &'static str) -> String {
    message.header_raw(name).unwrap_or_default().trim().to_lowercase()
}

/// RFC 3834 and what programs do beside it.
fn silent(
    message: &Message<'_>,
    letter: &Letter,
    sent_by: &str,
    own: impl Fn(&str) -> bool,
) -> Option<Silent> {
    let kind = message.content_type();
    let report = kind.is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case("multipart")
            && kind.subtype().is_some_and(|it| it.eq_ignore_ascii_case("report"))
    });
    let local = letter.from.split('@').next().unwrap_or_default().to_lowercase();
    let daemon = matches!(local.as_str(), "mailer-daemon" | "postmaster" | "bounce" | "bounces");
    if sent_by.is_empty() || report || daemon {
        return Some(Silent::Bounce);
    }
    if letter.from.is_empty() {
        return Some(Silent::Nobody);
    }
    if own(&letter.from) || own(sent_by) {
        return Some(Silent::Own);
    }
    let submitted = text_of(message, "Auto-Submitted");
    let automatic = !submitted.is_empty() && !submitted.starts_with("no");
    let precedence = text_of(message, "Precedence");
    let has = |name| message.header_raw(name).is_some();
    if automatic || has("X-Autoreply") || has("X-Autorespond") || precedence == "auto_reply" {
        return Some(Silent::Automatic);
    }
    let listed = ["List-Id", "List-Unsubscribe", "List-Post"].into_iter().any(has);
    if listed || matches!(precedence.as_str(), "bulk" | "list" | "junk") {
        return Some(Silent::List);
    }
    None
}

/// The first of each header by which a receiving server says what it found out.
fn verdict(message: &Message<'_>) -> String {
    let found = ["Authentication-Results", "Received-SPF"].into_iter().filter_map(|name| {
        let value = line(message.header_raw(name)?, 500);
        Some(format!("{name}: {value}"))
    });
    found.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
#[path = "letter_tests.rs"]
mod tests;
