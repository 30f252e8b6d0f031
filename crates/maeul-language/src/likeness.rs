//! How alike two short Korean texts are, in whole per mille; no float decides.

use crate::normal::{normalise, put_together, take_apart};
use crate::stem;

/// Letters of a text that are compared: reports say what they mean early.
const MOST_LETTERS: usize = 600;

/// Words that say only that something is asked for; they make unlike reports alike.
const EMPTY_WORDS: &[&str] = &[
    "안녕하세요",
    "안녕하십니까",
    "수고하십니다",
    "감사합니다",
    "부탁드립니다",
    "부탁드려요",
    "부탁합니다",
    "바랍니다",
    "해주세요",
    "주세요",
    "조치",
    "확인",
    "신고합니다",
    "신고해요",
    "민원",
    "있습니다",
    "있어요",
    "있는",
    "너무",
    "매우",
    "정말",
    "좀",
    "the",
    "a",
    "is",
    "of",
    "in",
    "on",
    "please",
];

/// What is compared of a text, prepared once to be held against many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// Sorted and distinct.
    pairs: Vec<u64>,
}

impl Fingerprint {
    /// The fingerprint of `text`: its pairs of neighbouring syllables, as written and without
    /// their codas (갈색 and 가색 are near), over words without particles and endings, spacing ignored.
    pub fn of(text: &str) -> Self {
        let mut letters: Vec<char> = Vec::new();
        let mut root = Vec::new();
        let mut seen = 0;
        let plain = normalise(text);
        for word in plain.split(|sign: char| !sign.is_alphanumeric()) {
            if word.is_empty() || EMPTY_WORDS.contains(&word) {
                continue;
            }
            let whole: Vec<char> = word.chars().take(MOST_LETTERS).collect();
            seen += whole.len();
            let noun = stem::noun(&whole);
            if noun.len() == whole.len() && stem::verb(&whole, &mut root) == stem::Cut::Ending {
                letters.extend_from_slice(&root);
            } else {
                letters.extend_from_slice(noun);
            }
            if seen >= MOST_LETTERS {
                break;
            }
        }
        let mut pairs = Vec::with_capacity(letters.len() * 2 + 2);
        if let [lone] = letters.as_slice() {
            pairs.push(key('\0', *lone, 0));
        }
        for pair in letters.windows(2) {
            if let [first, second] = pair {
                pairs.push(key(*first, *second, 0));
                pairs.push(key(without_coda(*first), without_coda(*second), 1));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        Self { pairs }
    }

    /// Likeness in per mille: 1000 the same pairs, 0 none in common or nothing to compare. The
    /// cosine of the two sets, rounded down, so that a short report and a long one about the same
    /// thing are not held apart by their lengths.
    pub fn similarity(&self, other: &Self) -> u32 {
        let (mut left, mut right) = (self.pairs.iter().peekable(), other.pairs.iter().peekable());
        let mut common = 0_u64;
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => left.next(),
                std::cmp::Ordering::Greater => right.next(),
                std::cmp::Ordering::Equal => {
                    common += 1;
                    left.next();
                    right.next()
                }
            };
        }
        let size = |pairs: &[u64]| u64::try_from(pairs.len()).unwrap_or(u64::MAX);
        let product = size(&self.pairs).saturating_mul(size(&other.pairs));
        let squared = (common * common * 1_000_000).checked_div(product).unwrap_or(0);
        u32::try_from(squared.isqrt()).unwrap_or(1000).min(1000)
    }
}

/// Likeness of two texts in per mille; symmetric. See [`Fingerprint::similarity`].
pub fn similarity(a: &str, b: &str) -> u32 {
    Fingerprint::of(a).similarity(&Fingerprint::of(b))
}

fn key(first: char, second: char, kind: u64) -> u64 {
    (kind << 48) | (u64::from(u32::from(first)) << 24) | u64::from(u32::from(second))
}

fn without_coda(sign: char) -> char {
    take_apart(sign).and_then(|(onset, vowel, _)| put_together(onset, vowel, 0)).unwrap_or(sign)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_same_matter_is_alike_and_another_is_not() {
        let one = "양동초등학교 앞 가로등이 꺼졌어요";
        let again = "양동초등학교앞 가로등 꺼져있습니다. 확인 부탁드립니다";
        let other = "상무시민공원 벤치가 부서졌어요";
        assert_eq!(similarity(one, one), 1000);
        assert!(similarity(one, again) > 650, "{}", similarity(one, again));
        assert!(similarity(one, other) < 100, "{}", similarity(one, other));
        assert_eq!(similarity("", ""), 0);
        assert_eq!(similarity("!!", one), 0);
        assert_eq!(similarity("불", "불이"), 1000);
    }

    proptest! {
        #[test]
        fn is_symmetric_and_bounded(a in "\\PC*", b in "\\PC*") {
            let likeness = similarity(&a, &b);
            prop_assert_eq!(likeness, similarity(&b, &a));
            prop_assert!(likeness <= 1000);
        }

        #[test]
        fn korean_texts_are_fully_like_themselves(a in "[가-힣 ]{2,60}") {
            prop_assume!(!Fingerprint::of(&a).pairs.is_empty());
            prop_assert_eq!(similarity(&a, &a), 1000);
        }
    }
}
