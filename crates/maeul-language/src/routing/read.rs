//! The features of a text: which letter groups it has, in one pass and without keeping any.

use std::borrow::Cow;

use crate::normal::{is_pairwise, normalise};

/// Letters of a text that are read: more adds work and no accuracy.
pub(super) const MOST_LETTERS: u32 = 2_500;
/// Letters of a Latin word that tell it from another.
const MOST_LATIN: u32 = 24;

/// Who listens while a text is read.
pub(super) trait Listen {
    /// A feature, the number of letters before it, and the word it stands in; `joined` where it
    /// spans the end of the word before as well.
    fn feature(&mut self, key: u64, at: u32, word: u32, joined: bool);
    /// A pairwise letter with the groups that end in it.
    #[inline]
    fn letter(&mut self, group: Group, at: u32, word: u32, joined: bool) {
        self.feature(group.one(), at, word, false);
        if group.last != 0 {
            self.feature(group.two(), at, word, joined);
            if group.before != 0 {
                self.feature(group.three(), at, word, false);
            }
        }
    }
    /// A word, when it ends: its bytes in the text and a number that tells it from others. Words
    /// come in the order of their numbers, from 0.
    fn word(&mut self, _from: usize, _to: usize, _known_by: u64) {}
}

/// A pairwise letter, the one before it, and the one before that in the same word; 0 where there is
/// none (`before` is 0 where `last` is).
#[derive(Clone, Copy)]
pub(super) struct Group {
    pub(super) letter: u64,
    pub(super) last: u64,
    pub(super) before: u64,
}

impl Group {
    /// The key of the letter alone.
    #[inline]
    pub(super) const fn one(self) -> u64 {
        self.letter
    }

    /// The key of the pair.
    #[inline]
    pub(super) const fn two(self) -> u64 {
        (self.last << 21) | self.letter
    }

    /// The key of the three.
    #[inline]
    pub(super) const fn three(self) -> u64 {
        (self.before << 42) | (self.last << 21) | self.letter
    }
}

/// The text as [`read`] wants it: composed, full-width signs narrowed where there are such.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if surely_plain(text.as_bytes()) || text.chars().all(is_plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(normalise(text))
    }
}

/// Whether no byte begins a block of signs that [`is_plain`] looks at more closely: true of most
/// texts, and many bytes are judged at once.
fn surely_plain(bytes: &[u8]) -> bool {
    // U+0300-, U+1000-, U+F000-; then U+A940-, U+3080-, U+D7B0-.
    let doubts = |first: u8, next: u8, third: u8| {
        (first == 0xcc)
            | (first == 0xcd)
            | (first == 0xe1)
            | (first == 0xef)
            | ((first == 0xea) & (next == 0xa5))
            | ((first == 0xe3) & (next == 0x82))
            | ((first == 0xed) & ((next == 0x9f) | ((next == 0x9e) & (third >= 0xb0))))
    };
    // A sign of three bytes ends two before the end; those of two begin with other bytes.
    let ends = bytes.iter().rev().take(2).any(|byte| matches!(byte, 0xcc | 0xcd));
    let threes = bytes.iter().zip(bytes.iter().skip(1)).zip(bytes.iter().skip(2));
    !threes.fold(ends, |any, ((first, next), third)| any | doubts(*first, *next, *third))
}

/// Whether no composition is needed to meet the same letter written otherwise.
#[inline]
const fn is_plain(sign: char) -> bool {
    !matches!(sign,
        '\u{300}'..='\u{36f}' | '\u{1100}'..='\u{11ff}' | '\u{3099}'..='\u{309c}'
        | '\u{a960}'..='\u{a97f}' | '\u{d7b0}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff01}'..='\u{ffef}')
}

/// Reads a plain text aloud to `ear`.
///
/// - Hangul, Chinese characters and kana: each letter, each pair of neighbours (also over a space,
///   so that 가로등불 and 가로등 불 meet), each three inside one word.
/// - Latin words and numbers: whole, and the first four letters of a longer one.
pub(super) fn read(text: &str, ear: &mut impl Listen) {
    Reading::default().run(text, ear);
}

/// Where the reading stands.
#[derive(Default)]
struct Reading {
    /// Letters read.
    at: u32,
    /// Words begun.
    words: u32,
    /// Where the open word began, in bytes, and how many letters it has; none open where 0.
    from: usize,
    length: u32,
    /// Whether the open word is a Latin one.
    latin: bool,
    /// The last pairwise letter and the one before it in the same word; 0 where there is none.
    last: u64,
    before: u64,
    /// The hash of the open word, and of the first four letters of a Latin one.
    hash: u64,
    start: u64,
}

impl Reading {
    fn run(mut self, text: &str, ear: &mut impl Listen) {
        for (place, sign) in text.char_indices() {
            if matches!(sign, '\u{ac00}'..='\u{d7a3}') || is_pairwise(sign) {
                if self.latin || self.length == 0 {
                    self.close(place, ear);
                    self.open(place, false);
                }
                self.syllable(u64::from(u32::from(sign)), ear);
            } else if sign.is_ascii_alphanumeric() || (!sign.is_ascii() && sign.is_alphanumeric()) {
                if !self.latin || self.length == 0 {
                    self.close(place, ear);
                    self.open(place, true);
                }
                self.letter(sign.to_ascii_lowercase());
            } else {
                self.close(place, ear);
                if self.at >= MOST_LETTERS {
                    return;
                }
            }
            if self.at >= MOST_LETTERS * 2 {
                break;
            }
        }
        self.close(text.len(), ear);
    }

    fn open(&mut self, place: usize, latin: bool) {
        self.from = place;
        self.latin = latin;
        self.words += 1;
        self.before = 0;
        self.hash = 0xcbf2_9ce4_8422_2325;
        if latin {
            self.last = 0;
        }
    }

    #[inline]
    fn syllable(&mut self, letter: u64, ear: &mut impl Listen) {
        let group = Group { letter, last: self.last, before: self.before };
        ear.letter(group, self.at, self.words - 1, self.length == 0);
        self.hash = (self.hash ^ letter).wrapping_mul(0x0000_0100_0000_01b3);
        self.before = if self.length == 0 { 0 } else { self.last };
        self.last = letter;
        self.length += 1;
        self.at += 1;
    }

    fn letter(&mut self, sign: char) {
        if self.length < MOST_LATIN {
            self.hash =
                (self.hash ^ u64::from(u32::from(sign))).wrapping_mul(0x0000_0100_0000_01b3);
        }
        self.length += 1;
        self.at += 1;
        if self.length == 4 {
            self.start = self.hash;
        }
    }

    fn close(&mut self, place: usize, ear: &mut impl Listen) {
        if self.length == 0 {
            return;
        }
        if self.latin {
            const LATIN: u64 = 1 << 63;
            const START: u64 = 0x5555_5555_5555_5555;
            ear.feature(self.hash | LATIN, self.at, self.words - 1, false);
            if self.length > 4 {
                ear.feature((self.start ^ START) | LATIN, self.at, self.words - 1, false);
            }
        }
        ear.word(self.from, place, self.hash);
        self.length = 0;
        self.latin = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Heard {
        keys: Vec<u64>,
        words: Vec<(usize, usize)>,
        joined: usize,
    }

    impl Listen for Heard {
        fn feature(&mut self, key: u64, _: u32, _: u32, joined: bool) {
            self.keys.push(key);
            self.joined += usize::from(joined);
        }
        fn word(&mut self, from: usize, to: usize, _: u64) {
            self.words.push((from, to));
        }
    }

    fn heard(text: &str) -> Heard {
        let mut heard = Heard::default();
        read(&plain(text), &mut heard);
        heard
    }

    #[test]
    fn hears_groups_and_words() {
        let text = "가로등 고장, CCTV설치!";
        let one = heard(text);
        let words: Vec<&str> =
            one.words.iter().map(|(from, to)| text.get(*from..*to).unwrap()).collect();
        assert_eq!(words, ["가로등", "고장", "CCTV", "설치"]);
        // 3 + 2 + 1 of 가로등, 2 + 1 and one over the space of 고장, one Latin, 2 + 1 of 설치.
        assert_eq!(one.keys.len(), 6 + 4 + 1 + 3);
        assert_eq!(one.joined, 1);
        assert_eq!(heard("cctv").keys, heard("CCTV").keys);
        assert_eq!(heard("ＣＣＴＶ").keys, heard("cctv").keys);
        assert_eq!(heard("streets").keys.len(), 2);
        assert!(heard("!? …").keys.is_empty());
    }

    #[test]
    fn a_quick_look_overlooks_no_sign() {
        for sign in ('\0'..=char::MAX).filter(|sign| !is_plain(*sign)) {
            assert!(!surely_plain(format!("가{sign}").as_bytes()), "{sign:?}");
        }
        assert!(surely_plain("가로등 고장, CCTV 설치! 힘든 …".as_bytes()));
    }

    #[test]
    fn a_space_changes_little() {
        let (apart, together) = (heard("가로등 불"), heard("가로등불"));
        assert!(apart.keys.iter().all(|key| together.keys.contains(key)));
    }

    #[test]
    fn stops_in_a_text_without_end() {
        assert!(heard(&"가".repeat(100_000)).keys.len() < 30_000);
        assert!(heard(&"가 ".repeat(100_000)).keys.len() < 30_000);
    }
}
