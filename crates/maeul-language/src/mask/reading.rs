//! A text as the rules read it: what looks the same is the same, what is not seen is not there,
//! and every sign knows where it stood.

use std::ops::Range;

use super::words::WordList;
use crate::normal::{put_together, take_apart};

/// Digits a number has at most that any rule looks at.
const LONGEST_NUMBER: usize = 20;

/// A text folded sign by sign, with the places of its runs of digits.
pub(super) struct Reading {
    signs: Vec<char>,
    spans: Vec<(usize, usize)>,
    /// Places of every run of digits, in order.
    pub(super) groups: Vec<(usize, usize)>,
}

/// Neighbouring runs of digits read as one number, most of them first.
#[derive(Default)]
pub(super) struct Number {
    /// The digits of all groups.
    pub(super) digits: Vec<u8>,
    /// How many digits each group has.
    pub(super) sizes: Vec<usize>,
    /// Where the number begins.
    pub(super) from: usize,
    /// Where each group ends.
    pub(super) ends: Vec<usize>,
}

impl Number {
    /// Leaves out the last group.
    pub(super) fn shorten(&mut self) {
        let last = self.sizes.pop().unwrap_or(0);
        self.ends.pop();
        self.digits.truncate(self.digits.len().saturating_sub(last));
    }

    /// Where it ends.
    pub(super) fn to(&self) -> usize {
        self.ends.last().copied().unwrap_or(self.from)
    }

    /// Whether a group ends after that many digits.
    pub(super) fn breaks_at(&self, digits: usize) -> bool {
        let mut sum = 0;
        self.sizes.iter().any(|size| {
            sum += size;
            sum == digits
        })
    }

    /// The digits as text.
    pub(super) fn text(&self) -> String {
        self.digits.iter().map(|digit| char::from(b'0' + digit)).collect()
    }
}

impl Reading {
    /// Folds a text: full-width and other digits to ASCII, jamo to syllables, invisible signs out.
    pub(super) fn of(text: &str) -> Self {
        let mut reading = Self {
            signs: Vec::with_capacity(text.len()),
            spans: Vec::with_capacity(text.len()),
            groups: Vec::new(),
        };
        let mut enclosed = false;
        let mut rest = text.char_indices().peekable();
        while let Some((at, sign)) = rest.next() {
            let end = at + sign.len_utf8();
            let was_enclosed = enclosed;
            enclosed = false;
            let folded = match sign {
                ' '..='~' | '\u{ac00}'..='\u{d7a3}' | '\u{3131}'..='\u{318e}' => sign,
                '\u{1161}'..='\u{1175}' | '\u{11a8}'..='\u{11c2}'
                    if reading.join_jamo(sign, end) =>
                {
                    continue;
                }
                _ if is_invisible(sign) => {
                    enclosed = was_enclosed;
                    continue;
                }
                _ => {
                    if let Some(digit) = enclosed_digit(sign) {
                        // ①010-… begins a list; ⓪①⓪ is a number.
                        let next = rest.peek().map_or('\0', |(_, next)| *next);
                        let marks = !was_enclosed
                            && next.is_ascii_digit()
                            && !reading.signs.last().is_some_and(char::is_ascii_digit);
                        enclosed = true;
                        if marks { '·' } else { digit }
                    } else {
                        fold(sign)
                    }
                }
            };
            reading.push(folded, at, end);
        }
        reading
    }

    fn push(&mut self, sign: char, at: usize, end: usize) {
        if sign.is_ascii_digit() {
            let place = self.signs.len();
            match self.groups.last_mut() {
                Some((_, to)) if *to == place => *to += 1,
                _ => self.groups.push((place, place + 1)),
            }
        }
        self.signs.push(sign);
        self.spans.push((at, end));
    }

    /// Joins a vowel or coda to what stands before it.
    fn join_jamo(&mut self, jamo: char, end: usize) -> bool {
        let Some(last) = self.signs.last_mut() else { return false };
        let code = u32::from(jamo);
        let joined = match (u32::from(*last), take_apart(*last)) {
            (onset @ 0x1100..=0x1112, _) if code < 0x11a8 => {
                put_together(onset - 0x1100, code - 0x1161, 0)
            }
            (_, Some((onset, vowel, 0))) if code >= 0x11a8 => {
                put_together(onset, vowel, code - 0x11a7)
            }
            _ => None,
        };
        let Some(joined) = joined else { return false };
        *last = joined;
        if let Some(span) = self.spans.last_mut() {
            span.1 = end;
        }
        true
    }

    /// How many signs there are.
    pub(super) const fn len(&self) -> usize {
        self.signs.len()
    }

    /// The sign at a place; NUL before the beginning and behind the end.
    pub(super) fn at(&self, place: usize) -> char {
        self.signs.get(place).copied().unwrap_or('\0')
    }

    /// The sign before a place.
    pub(super) fn before(&self, place: usize) -> char {
        self.at(place.wrapping_sub(1))
    }

    /// The signs between two places.
    pub(super) fn slice(&self, places: Range<usize>) -> &[char] {
        self.signs.get(places).unwrap_or_default()
    }

    /// Bytes of the original from the sign at `from` to the sign before `to`.
    pub(super) fn bytes(&self, from: usize, to: usize) -> Range<usize> {
        let start = self.spans.get(from).map_or(0, |span| span.0);
        let end = self.spans.get(to.wrapping_sub(1)).map_or(start, |span| span.1);
        start..end
    }

    /// Whether `word` stands at a place.
    pub(super) fn is(&self, place: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(step, sign)| self.at(place + step) == sign)
    }

    /// The length of the first of `words` that stands at a place.
    pub(super) fn any_at(&self, place: usize, list: &impl WordList) -> Option<usize> {
        let first = self.at(place);
        if !list.may_begin(first) {
            return None;
        }
        list.words().iter().find(|word| self.is(place, word)).map(|word| word.chars().count())
    }

    /// Whether `word` ends just before a place.
    pub(super) fn ends(&self, place: usize, word: &str) -> bool {
        word.chars().rev().zip(1..).all(|(sign, step)| {
            place.checked_sub(step).is_some_and(|at| self.at(at).eq_ignore_ascii_case(&sign))
        })
    }

    /// The length of the first of `words` that ends just before a place.
    pub(super) fn any_ends(&self, place: usize, list: &impl WordList) -> Option<usize> {
        if !list.may_end(self.before(place)) {
            return None;
        }
        list.words().iter().find(|word| self.ends(place, word)).map(|word| word.chars().count())
    }

    /// Whether one of `words` stands in the `reach` signs before a place.
    pub(super) fn near_before(&self, place: usize, reach: usize, words: &impl WordList) -> bool {
        (0..=reach.min(place)).any(|back| self.any_ends(place - back, words).is_some())
    }

    /// Whether one of `words` begins in the `reach` signs from a place on.
    pub(super) fn near_after(&self, place: usize, reach: usize, words: &impl WordList) -> bool {
        (place..(place + reach).min(self.len())).any(|at| self.any_at(at, words).is_some())
    }

    /// Whether a place is inside a web address.
    pub(super) fn in_address(&self, place: usize) -> bool {
        let start = (0..=120.min(place))
            .find(|back| self.before(place - back).is_whitespace() || *back == place)
            .map_or(place, |back| place - back);
        let head = self.slice(start..place);
        let has = |word: &str| {
            let word: Vec<char> = word.chars().collect();
            head.windows(word.len()).any(|part| part == word)
        };
        head.len() > 5
            && (has("://") || has("www.") || has(".kr/") || has(".com/") || has("?") && has("="))
    }

    /// The place before blanks that end at `place`, at most `most` of them.
    pub(super) fn back_over_blanks(&self, place: usize, most: usize) -> usize {
        let blanks =
            (1..=most.min(place)).take_while(|back| self.at(place - back).is_whitespace()).count();
        place - blanks
    }

    /// The place behind blanks that begin at `place`, at most `most` of them.
    pub(super) fn over_blanks(&self, place: usize, most: usize) -> usize {
        let blanks = (0..most).take_while(|step| self.at(place + step).is_whitespace()).count();
        place + blanks
    }

    /// The number that begins with group `first`: groups joined as numbers are written.
    pub(super) fn number(&self, first: usize, number: &mut Number) {
        number.digits.clear();
        number.sizes.clear();
        number.ends.clear();
        let mut last = None;
        for &(from, to) in self.groups.iter().skip(first) {
            if last.is_some_and(|last| !self.joins(last, from)) {
                break;
            }
            if number.digits.len() + (to - from) > LONGEST_NUMBER {
                break;
            }
            if last.is_none() {
                number.from = from;
            }
            number.digits.extend(self.slice(from..to).iter().filter_map(|sign| value(*sign)));
            number.sizes.push(to - from);
            number.ends.push(to);
            last = Some(to);
        }
    }

    /// Whether the signs between two groups of digits may stand inside one number.
    fn joins(&self, from: usize, to: usize) -> bool {
        to - from <= 4 && self.slice(from..to).iter().all(|sign| is_joint(*sign))
            || self.spoken_joint(from) == Some(to)
    }

    /// Behind a spoken dash (`에`, `다시`, `국에`), blanks around it.
    pub(super) fn spoken_joint(&self, place: usize) -> Option<usize> {
        const JOINTS: [&str; 9] =
            ["국에", "국의", "다시", "대시", "하이픈", "작대기", "에", "의", "국"];
        let word = self.over_blanks(place, 2);
        let length = self.any_at(word, &JOINTS)?;
        Some(self.over_blanks(word + length, 2))
    }
}

/// Signs people put between the parts of a number; ㅡ and 一 look like dashes.
pub(super) const fn is_joint(sign: char) -> bool {
    matches!(
        sign,
        ' ' | '\n'
            | '\r'
            | '\t'
            | '-'
            | '.'
            | '('
            | ')'
            | '/'
            | '_'
            | '~'
            | '·'
            | 'ㅡ'
            | '一'
            | '―'
            | 'ー'
            | '‧'
            | '・'
            | 'ㆍ'
            | '•'
            | '='
            | '\u{2010}'..='\u{2015}' | '\u{2212}'
    )
}

/// The value of an ASCII digit.
pub(super) fn value(sign: char) -> Option<u8> {
    sign.to_digit(10).and_then(|digit| u8::try_from(digit).ok())
}

/// Hangul syllables.
pub(super) const fn is_hangul(sign: char) -> bool {
    matches!(sign, '\u{ac00}'..='\u{d7a3}')
}

/// Signs that are not seen: they split numbers only for a machine.
fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{20e3}'
        | '\u{300}'..='\u{36f}')
        || sign.is_control() && !sign.is_whitespace()
}

/// What a sign looks like, as ASCII where that is possible.
fn fold(sign: char) -> char {
    const DIGITS: [u32; 12] = [
        0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x2080, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6,
        0x1fbf0,
    ];
    let code = u32::from(sign);
    match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(code - 0xfee0).unwrap_or(sign),
        '﹫' => '@',
        '。' | '｡' | '﹒' => '.',
        '﹣' | '⁃' | '➖' | '﹘' => '-',
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴'..='⁹' => char::from_digit(code - 0x2070, 10).unwrap_or(sign),
        _ if sign.is_whitespace() && sign != '\n' => ' ',
        _ => DIGITS
            .iter()
            .find(|zero| (**zero..**zero + 10).contains(&code))
            .and_then(|zero| char::from_digit(code - zero, 10))
            .unwrap_or(sign),
    }
}

/// The digit in a ring, a disc or brackets.
fn enclosed_digit(sign: char) -> Option<char> {
    const ONES: [u32; 6] = [0x2460, 0x2474, 0x24f5, 0x2776, 0x2780, 0x278a];
    let code = u32::from(sign);
    if matches!(sign, '⓪' | '⓿' | '🄋' | '🄌') {
        return Some('0');
    }
    ONES.iter()
        .find(|one| (**one..**one + 9).contains(&code))
        .and_then(|one| char::from_digit(code - one + 1, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        Reading::of(text).signs.iter().collect()
    }

    #[test]
    fn what_looks_the_same_is_the_same() {
        for (text, plain) in [
            ("０１０－１２３４", "010-1234"),
            ("0\u{200b}1\u{2060}0", "010"),
            ("0\u{fe0f}\u{20e3}1\u{fe0f}\u{20e3}", "01"),
            ("⓪①⓪-①②③④", "010-1234"),
            ("①010", "·010"),
            ("𝟎𝟏𝟎 ٠١٠", "010 010"),
            ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}", "한글"),
            ("ＡＢ＠", "AB@"),
            ("a\u{3000}b\u{a0}c", "a b c"),
        ] {
            assert_eq!(folded(text), plain, "{text}");
        }
    }

    #[test]
    fn signs_know_where_they_stood() {
        let text = "가\u{1112}\u{1161}\u{11ab}０";
        let reading = Reading::of(text);
        assert_eq!(text.get(reading.bytes(1, 2)), Some("\u{1112}\u{1161}\u{11ab}"));
        assert_eq!(text.get(reading.bytes(2, 3)), Some("０"));
        assert_eq!(reading.groups, [(2, 3)]);
    }
}
