//! Search text for Korean: one column of syllable pairs serves both database engines.
//!
//! Most Korean words have two syllables, which the engines' own trigram indexes miss. `가로등 고장`
//! is kept as `가로 로등 고장` and a word is looked up as the phrase of its pairs. The rules:
//!
//! - Hangul, Chinese characters and kana: every pair of neighbours inside a word.
//! - A word of one syllable (불) is kept alone; looked up, it finds itself and words in which the
//!   syllable is followed by another (불법), not words that end in it (등불): that would need every
//!   syllable as its own token, doubling the column for the poorest kind of query.
//! - Latin words and numbers: whole (`cctv`, `2026`), so digits inside a longer number are not found.
//! - Words of a query are each sought as a phrase and must all be there, in any order.

use crate::normal::{is_pairwise, normalise};

/// Longest word kept, in letters: longer ones are noise that would bloat the index.
const LONGEST: usize = 64;

/// The tokens of `text`, one space between: the value of a `grams` column.
pub fn grams(text: &str) -> String {
    let mut column = String::with_capacity(text.len() * 2);
    each_word(text, |word| {
        for token in tokens(word) {
            if !column.is_empty() {
                column.push(' ');
            }
            column.extend(token);
        }
    });
    column
}

/// The whole query as one phrase (its words in this order, side by side), for engines' phrase
/// functions; `None` when nothing in it can be searched.
pub fn query_grams(query: &str) -> Option<String> {
    Some(grams(query)).filter(|phrase| !phrase.is_empty())
}

/// The query for SQLite's `MATCH`: a quoted phrase per word, all required.
pub fn fts5_query(query: &str) -> Option<String> {
    let mut phrases = Vec::new();
    each_word(query, |word| {
        let prefix = if is_lone(word) { " *" } else { "" };
        let phrase: Vec<String> = tokens(word).map(|token| token.collect()).collect();
        phrases.push(format!("\"{}\"{prefix}", phrase.join(" ")));
    });
    join(phrases, " AND ")
}

/// The query for PostgreSQL's `to_tsquery('simple', …)`: a phrase per word, all required.
pub fn tsquery(query: &str) -> Option<String> {
    let mut phrases = Vec::new();
    each_word(query, |word| {
        let prefix = if is_lone(word) { ":*" } else { "" };
        let phrase: Vec<String> =
            tokens(word).map(|token| format!("'{}'{prefix}", token.collect::<String>())).collect();
        phrases.push(format!("({})", phrase.join(" <-> ")));
    });
    join(phrases, " & ")
}

/// Words beyond this many in a query add nothing but work.
const MOST_WORDS: usize = 12;

fn join(mut phrases: Vec<String>, with: &str) -> Option<String> {
    phrases.truncate(MOST_WORDS);
    Some(phrases.join(with)).filter(|query| !query.is_empty())
}

fn is_lone(word: &[char]) -> bool {
    word.len() == 1 && word.first().is_some_and(|sign| is_pairwise(*sign))
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
fn tokens(word: &[char]) -> impl Iterator<Item = impl Iterator<Item = char>> {
    let pairs = word.len() > 1 && word.first().is_some_and(|sign| is_pairwise(*sign));
    let size = if pairs { 2 } else { word.len().max(1) };
    word.windows(size).map(|token| token.iter().copied())
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
    fn asks_both_engines_the_same() {
        assert_eq!(query_grams("가로등").as_deref(), Some("가로 로등"));
        assert_eq!(fts5_query("가로등 고장").as_deref(), Some("\"가로 로등\" AND \"고장\""));
        assert_eq!(tsquery("가로등 고장").as_deref(), Some("('가로' <-> '로등') & ('고장')"));
        assert_eq!(fts5_query("불").as_deref(), Some("\"불\" *"));
        assert_eq!(tsquery("불").as_deref(), Some("('불':*)"));
        assert_eq!(query_grams("!?"), None);
        assert_eq!(fts5_query("\"') OR 1 --").as_deref(), Some("\"or\" AND \"1\""));
    }

    proptest! {
        #[test]
        fn holds_only_tokens(text in "\\PC*") {
            let column = grams(&text);
            prop_assert!(column.split(' ').all(|token| token.chars().all(char::is_alphanumeric)));
            for query in [fts5_query(&text), tsquery(&text)].into_iter().flatten() {
                prop_assert!(!query.contains("\"\"") && !query.contains("''"));
            }
        }
    }
}
