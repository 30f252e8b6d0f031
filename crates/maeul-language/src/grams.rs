//! Search text for Korean: one column of syllable pairs serves both database engines.
//!
//! Most Korean words have two syllables, which the engines' own trigram indexes miss. `가로등 고장`
//! is kept as `가로 로등 고장` and a word is looked up as the phrase of its pairs. The rules:
//!
//! - Hangul, Chinese characters and kana: every pair of neighbours inside a word.
//! - A word of one syllable (불) is kept alone; so is the noun of a short word that has a particle
//!   (불이), at the end of the column where it breaks no phrase. A longer word is not found by one
//!   of its syllables: that would double the column for the poorest kind of query.
//! - Latin words and numbers: whole (`cctv`, `2026`), so digits inside a longer number are not found.
//! - Words of a query are each sought as a phrase and must all be there, in any order.

use crate::normal::{is_pairwise, normalise};
use crate::stem;

/// Longest word kept, in letters: longer ones are noise that would bloat the index.
const LONGEST: usize = 64;

/// The tokens of `text`, one space between: the value of a `grams` column.
pub fn grams(text: &str) -> String {
    let mut column = String::with_capacity(text.len() * 2);
    let mut lone: Vec<char> = Vec::new();
    let mut add = |token: &[char]| {
        if !column.is_empty() {
            column.push(' ');
        }
        column.extend(token);
    };
    each_word(text, |word| {
        tokens(word).for_each(&mut add);
        if let [noun] = stem::noun(word)
            && word.len() > 1
            && is_pairwise(*noun)
            && !lone.contains(noun)
        {
            lone.push(*noun);
        }
    });
    lone.chunks(1).for_each(&mut add);
    column
}

/// The whole query as one phrase: its words in this order, side by side; `None` when nothing in it
/// can be searched.
pub fn query_grams(query: &str) -> Option<String> {
    Some(query_phrases(query).join(" ")).filter(|phrase| !phrase.is_empty())
}

/// One phrase for each word of the query; a record is found that has them all, in any order. Words
/// beyond the twelfth add nothing but work and are left out.
pub fn query_phrases(query: &str) -> Vec<String> {
    let mut phrases = Vec::new();
    each_word(query, |word| {
        let phrase: Vec<String> = tokens(word).map(|token| token.iter().collect()).collect();
        phrases.push(phrase.join(" "));
    });
    phrases.truncate(12);
    phrases
}

/// Calls `visit` with every run of letters of one kind: pairwise script, or the others.
fn each_word(text: &str, mut visit: impl FnMut(&[char])) {
    let mut word: Vec<char> = Vec::new();
    let mut flush = |word: &mut Vec<char>| {
        word.truncate(LONGEST);
        if !word.is_empty() {
            visit(word);
            word.clear();
        }
    };
    for sign in normalise(text).chars() {
        if !sign.is_alphanumeric() {
            flush(&mut word);
            continue;
        }
        if word.last().is_some_and(|last| is_pairwise(*last) != is_pairwise(sign)) {
            flush(&mut word);
        }
        word.push(sign);
    }
    flush(&mut word);
}

/// The tokens of one word: its pairs, or itself.
fn tokens(word: &[char]) -> std::slice::Windows<'_, char> {
    let pairs = word.len() > 1 && word.first().is_some_and(|sign| is_pairwise(*sign));
    word.windows(if pairs { 2 } else { word.len().max(1) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keeps_pairs_and_whole_latin_words() {
        assert_eq!(grams("가로등 고장"), "가로 로등 고장");
        assert_eq!(grams("불 꺼짐!"), "불 꺼짐");
        assert_eq!(grams("CCTV설치 요청 2026-07"), "cctv 설치 요청 2026 07");
        // Decomposed jamo (as macOS types file names) and full-width signs.
        assert_eq!(grams("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af} ＡＢＣ１"), "한글 abc1");
        assert_eq!(grams(" \u{200b}…"), "");
    }

    #[test]
    fn asks_for_the_phrase_of_each_word() {
        assert_eq!(query_grams("가로등").as_deref(), Some("가로 로등"));
        assert_eq!(query_phrases("가로등 고장"), ["가로 로등", "고장"]);
        assert_eq!(query_phrases("CCTV설치"), ["cctv", "설치"]);
        assert_eq!(query_grams("!?"), None);
        assert_eq!(query_phrases("\"') OR 1 --"), ["or", "1"]);
        assert_eq!(grams("불이 나갔어요 불이"), "불이 나갔 갔어 어요 불이 불");
    }

    proptest! {
        #[test]
        fn every_word_of_a_text_finds_it(text in "\\PC*") {
            let column = format!(" {} ", grams(&text));
            prop_assert!(column.trim().split(' ').all(|t| t.chars().all(char::is_alphanumeric)));
            for phrase in query_phrases(&text) {
                let sought = format!(" {phrase} ");
                prop_assert!(column.contains(&sought));
            }
        }
    }
}
