//! What an office shows on purpose, and the two ways to hide the rest: stars, or the kind's name.

use std::ops::Range;

use maeul_base::Lang;
use maeul_wire::Phone;

use super::reading::Reading;
use super::{Find, Personal, PersonalKind, finds};

/// How to mask: nothing is open by default.
#[derive(Clone, Debug, Default)]
pub struct Masking {
    /// National digits of numbers that may be shown.
    phones: Vec<String>,
    /// Names and addresses that may be shown, in lower case.
    words: Vec<String>,
    kinds: Vec<PersonalKind>,
}

/// A text that can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// The text, every letter and digit of what was found a star.
    pub text: String,
    /// What was found, in the text before masking.
    pub found: Vec<Personal>,
}

/// A text that can be shown, with `[전화번호]` where something was hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// The text.
    pub text: String,
    /// What was taken out, in order: to be sealed elsewhere, or purged.
    pub pieces: Vec<Piece>,
}

/// One hidden piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PersonalKind,
    /// Where its label stands in the masked text, in bytes.
    pub at: Range<usize>,
    /// What stood there.
    pub original: String,
}

impl Masking {
    /// Leaves a number of the office open.
    #[must_use]
    pub fn open_phone(mut self, phone: &Phone) -> Self {
        self.phones.push(phone.digits().to_owned());
        self
    }

    /// Leaves a name or an e-mail address open: a public official's, by an officer's choice.
    #[must_use]
    pub fn open_word(mut self, word: &str) -> Self {
        self.words.push(word.to_lowercase());
        self
    }

    /// Leaves all of a kind open, for instance [`PersonalKind::Official`].
    #[must_use]
    pub fn open_kind(mut self, kind: PersonalKind) -> Self {
        self.kinds.push(kind);
        self
    }

    /// Every piece of personal data that is to be hidden, in order, not overlapping.
    pub fn find(&self, text: &str) -> Vec<Personal> {
        let reading = Reading::of(text);
        finds(&reading)
            .into_iter()
            .filter(|find| !self.is_open(&reading, find))
            .map(|find| Personal { kind: find.kind, range: reading.bytes(find.from, find.to) })
            .collect()
    }

    fn is_open(&self, reading: &Reading, find: &Find) -> bool {
        if self.kinds.contains(&find.kind) {
            return true;
        }
        if self.phones.is_empty() && self.words.is_empty() {
            return false;
        }
        let text: String = reading.slice(find.from..find.to).iter().collect();
        match find.kind {
            PersonalKind::Phone => text
                .parse::<Phone>()
                .is_ok_and(|phone| self.phones.iter().any(|open| open == phone.digits())),
            PersonalKind::Email | PersonalKind::Name | PersonalKind::Official => {
                self.words.contains(&text.to_lowercase())
            }
            _ => false,
        }
    }

    /// The text with a star for every hidden letter and digit: `010-1234-5678` becomes
    /// `***-****-****`.
    pub fn mask(&self, text: &str) -> Masked {
        let found = self.find(text);
        let mut shown = String::with_capacity(text.len());
        let mut at = 0;
        for piece in &found {
            shown.push_str(text.get(at..piece.range.start).unwrap_or_default());
            let hidden = text.get(piece.range.clone()).unwrap_or_default();
            shown.extend(hidden.chars().map(|sign| if stays(sign) { sign } else { '*' }));
            at = piece.range.end;
        }
        shown.push_str(text.get(at..).unwrap_or_default());
        Masked { text: shown, found }
    }

    /// The text with the kind's name for every hidden piece, the originals beside it.
    pub fn label(&self, text: &str, lang: Lang) -> Labelled {
        let mut shown = String::with_capacity(text.len());
        let mut pieces = Vec::new();
        let mut at = 0;
        for piece in self.find(text) {
            shown.push_str(text.get(at..piece.range.start).unwrap_or_default());
            let from = shown.len();
            shown.push('[');
            shown.push_str(piece.kind.name(lang));
            shown.push(']');
            pieces.push(Piece {
                kind: piece.kind,
                at: from..shown.len(),
                original: text.get(piece.range.clone()).unwrap_or_default().to_owned(),
            });
            at = piece.range.end;
        }
        shown.push_str(text.get(at..).unwrap_or_default());
        Labelled { text: shown, pieces }
    }
}

impl Labelled {
    /// The text as it was, put together from the pieces.
    pub fn restore(&self) -> String {
        let mut whole = String::with_capacity(self.text.len());
        let mut at = 0;
        for piece in &self.pieces {
            whole.push_str(self.text.get(at..piece.at.start).unwrap_or_default());
            whole.push_str(&piece.original);
            at = piece.at.end;
        }
        whole.push_str(self.text.get(at..).unwrap_or_default());
        whole
    }
}

/// Signs that may stay where something is hidden: they tell the form, not the content.
fn stays(sign: char) -> bool {
    sign.is_whitespace()
        || matches!(
            sign,
            '-' | '.'
                | '@'
                | '+'
                | '('
                | ')'
                | '/'
                | ','
                | ':'
                | '_'
                | '·'
                | '~'
                | '－'
                | '．'
                | '＠'
                | '＋'
                | '*'
        )
}
