//! What is left of a word when particles and endings are taken off: enough to see that 꺼졌어요,
//! 꺼짐 and 꺼져 있습니다 speak of the same thing. Not a morphological analyser.

use crate::normal::{put_together, take_apart};

/// Particles behind a noun, longest first.
const PARTICLES: &[&str] = &[
    "에서는",
    "에서도",
    "으로는",
    "이라는",
    "에서",
    "에는",
    "에도",
    "으로",
    "부터",
    "까지",
    "한테",
    "에게",
    "이랑",
    "이나",
    "하고",
    "들이",
    "들은",
    "들을",
    "들",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "에",
    "의",
    "도",
    "로",
    "와",
    "과",
    "만",
    "랑",
    "나",
];

/// Endings behind a verb or adjective, longest first. They come off one after the other
/// (꺼져있었습니다: 습니다, 었, 있), always leaving a syllable.
const ENDINGS: &[&str] = &[
    "해주시기바랍니다",
    "해주십시오",
    "부탁드립니다",
    "해주세요",
    "바랍니다",
    "습니다",
    "습니까",
    "거든요",
    "는데요",
    "은데요",
    "더라고요",
    "려고요",
    "주세요",
    "세요",
    "네요",
    "어요",
    "아요",
    "에요",
    "예요",
    "데요",
    "대요",
    "래요",
    "군요",
    "구요",
    "고요",
    "니다",
    "니까",
    "는데",
    "은데",
    "면서",
    "거나",
    "려고",
    "도록",
    "었",
    "았",
    "있",
    "음",
    "요",
    "어",
    "아",
    "다",
    "네",
    "고",
    "서",
    "면",
    "며",
    "게",
    "나",
    "는",
    "은",
    "지만",
];

/// The noun without its particle; the word itself where it has none.
pub(crate) fn noun(word: &[char]) -> &[char] {
    PARTICLES.iter().find_map(|particle| strip(word, particle)).unwrap_or(word)
}

/// What taking the stem changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Nothing: it is no inflected word, as far as can be seen.
    Nothing,
    /// Only the last syllable was opened (꺼짐).
    Opened,
    /// An ending came off (꺼졌어요).
    Ending,
}

/// The stem of a verb or adjective, into `stem`.
///
/// The last syllable is opened (졌 → 져, 짐 → 지) and its contraction undone (져 → 지, 됐 → 되,
/// 해 → 하), so that all forms meet in the same stem.
pub(crate) fn verb(word: &[char], stem: &mut Vec<char>) -> Cut {
    let mut rest = word;
    for _ in 0..4 {
        match ENDINGS.iter().find_map(|ending| strip(rest, ending)) {
            Some(shorter) => rest = shorter,
            None => break,
        }
    }
    stem.clear();
    stem.extend_from_slice(rest);
    let mut cut = if rest.len() < word.len() { Cut::Ending } else { Cut::Nothing };
    if let Some(last) = stem.last_mut()
        && let Some(plain) = open(*last)
    {
        if cut == Cut::Nothing && plain != *last {
            cut = Cut::Opened;
        }
        *last = plain;
    }
    cut
}

/// The syllable without an inflecting coda (ㄴ ㄹ ㅁ ㅂ ㅆ) and without contraction.
fn open(syllable: char) -> Option<char> {
    let (onset, vowel, coda) = take_apart(syllable)?;
    let coda = if matches!(coda, 4 | 8 | 16 | 17 | 20) { 0 } else { coda };
    if coda != 0 {
        return Some(syllable);
    }
    // Vowels in Unicode's order: ㅕ 6 → ㅣ 20, ㅘ 9 → ㅗ 8, ㅙ 10 → ㅚ 11, ㅝ 14 → ㅜ 13,
    // and 해 → 하 (onset ㅎ 18, ㅐ 1 → ㅏ 0).
    let vowel = match (onset, vowel) {
        (_, 6) => 20,
        (_, 9) => 8,
        (_, 10) => 11,
        (_, 14) => 13,
        (18, 1) => 0,
        _ => vowel,
    };
    put_together(onset, vowel, coda)
}

/// The word without `ending`, if it ends so and something is left.
fn strip<'a>(word: &'a [char], ending: &str) -> Option<&'a [char]> {
    let mut rest = word;
    for sign in ending.chars().rev() {
        let (last, before) = rest.split_last()?;
        if *last != sign {
            return None;
        }
        rest = before;
    }
    (!rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stem(word: &str) -> String {
        let mut stem = Vec::new();
        verb(&word.chars().collect::<Vec<_>>(), &mut stem);
        stem.into_iter().collect()
    }

    #[test]
    fn forms_meet_in_one_stem() {
        for (forms, common) in [
            (
                &["꺼졌어요", "꺼짐", "꺼져요", "꺼졌습니다", "꺼진", "꺼집니다", "꺼져있어요"][..],
                "꺼지",
            ),
            (&["나갔어요", "나감", "나가요", "나갔습니다", "나갔네요"], "나가"),
            (&["깨졌어요", "깨진", "깨져서"], "깨지"),
            (&["파였어요", "파임", "파여있습니다"], "파이"),
            (&["막혔어요", "막힘", "막혀요"], "막히"),
            (&["쌓였어요", "쌓임", "쌓여있어요"], "쌓이"),
        ] {
            for form in forms {
                assert_eq!(stem(form), common, "{form}");
            }
        }
    }

    #[test]
    fn nouns_lose_one_particle() {
        for (word, kept) in
            [("가로등이", "가로등"), ("공원에서", "공원"), ("불", "불"), ("이", "이")]
        {
            let letters: Vec<char> = word.chars().collect();
            assert_eq!(noun(&letters).iter().collect::<String>(), kept);
        }
    }
}
