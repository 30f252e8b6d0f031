//! One spelling for what looks the same, and Hangul syllables taken apart.

use unicode_normalization::UnicodeNormalization;

/// The text in one spelling: compatibility-composed (NFKC: jamo joined into syllables, full-width
/// signs narrowed), lower case, every run of white space or invisible sign one space, trimmed.
pub fn normalise(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for sign in text.nfkc().flat_map(char::to_lowercase).nfc() {
        if sign.is_whitespace() || is_invisible(sign) {
            if !plain.is_empty() && !plain.ends_with(' ') {
                plain.push(' ');
            }
        } else {
            plain.push(sign);
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Control and formatting signs that are not seen but split words for a machine.
fn is_invisible(sign: char) -> bool {
    sign.is_control()
        || matches!(
            sign,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

const FIRST: u32 = 0xAC00;
const CODAS: u32 = 28;
const VOWELS: u32 = 21;
const SYLLABLES: u32 = 19 * VOWELS * CODAS;

/// A Hangul syllable as the places of its onset (0–18), vowel (0–20) and coda (0 none, 1–27), in
/// Unicode's order.
pub(crate) fn take_apart(syllable: char) -> Option<(u32, u32, u32)> {
    let place = u32::from(syllable).checked_sub(FIRST).filter(|place| *place < SYLLABLES)?;
    Some((place / (VOWELS * CODAS), place / CODAS % VOWELS, place % CODAS))
}

/// The syllable of those places.
pub(crate) fn put_together(onset: u32, vowel: u32, coda: u32) -> Option<char> {
    char::from_u32(FIRST + (onset * VOWELS + vowel) * CODAS + coda)
}

/// Letters written without spaces between words, which are searched by pairs: Hangul syllables
/// and jamo, Chinese characters, kana.
pub(crate) const fn is_pairwise(sign: char) -> bool {
    matches!(sign,
        '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}'
        | '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}'
        | '\u{3041}'..='\u{30ff}')
}
