//! 조사: the particle's form that fits the word before it.

use crate::normal::take_apart;

/// A particle with two forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Josa {
    /// 은/는
    EunNeun,
    /// 이/가
    IGa,
    /// 을/를
    EulReul,
    /// 과/와
    GwaWa,
    /// 으로/로 (로 also after ㄹ)
    EuroRo,
    /// 이라/라, as in “공원녹지과라고”
    IraRa,
}

/// How the word before sounds at its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Vowel,
    Rieul,
    Consonant,
    Unknown,
}

/// The form of the particle after `word`: `josa("가로등", Josa::IGa)` is `이`.
///
/// Digits are read aloud (3 삼, 10 십), capital letters by their names (CCTV 씨씨티브이), other
/// Latin words by their last letter, a closing bracket is skipped with what it holds, quotation
/// marks alone. Where the sound is not known both forms are given: `은(는)`.
pub fn josa(word: &str, josa: Josa) -> &'static str {
    let forms = match josa {
        Josa::EunNeun => ["은", "는", "은(는)"],
        Josa::IGa => ["이", "가", "이(가)"],
        Josa::EulReul => ["을", "를", "을(를)"],
        Josa::GwaWa => ["과", "와", "과(와)"],
        Josa::EuroRo => ["으로", "로", "(으)로"],
        Josa::IraRa => ["이라", "라", "(이)라"],
    };
    let [closed, open, either] = forms;
    match end_of(word) {
        End::Vowel => open,
        End::Rieul if josa == Josa::EuroRo => open,
        End::Rieul | End::Consonant => closed,
        End::Unknown => either,
    }
}

/// The word with its particle: `with_josa("가로등", Josa::IGa)` is `가로등이`.
pub fn with_josa(word: &str, particle: Josa) -> String {
    format!("{word}{}", josa(word, particle))
}

fn end_of(word: &str) -> End {
    let mut depth = 0_u32;
    let mut rest = word.trim_end();
    let mut last = None;
    while let Some(sign) = rest.chars().next_back() {
        match sign {
            ')' | ']' | '）' | '］' => depth += 1,
            '(' | '[' | '（' | '［' => depth = depth.saturating_sub(1),
            _ if depth == 0 && (sign.is_alphanumeric() || sign == '%') => {
                last = Some(sign);
                break;
            }
            _ => {}
        }
        rest = rest.strip_suffix(sign).unwrap_or("");
    }
    // A word that is nothing but a bracket is read for what the bracket holds.
    let Some(last) = last else {
        let inner = word.trim_matches(|sign: char| !sign.is_alphanumeric());
        return if inner.is_empty() || inner.len() == word.len() {
            End::Unknown
        } else {
            end_of(inner)
        };
    };
    if let Some((_, _, coda)) = take_apart(last) {
        return match coda {
            0 => End::Vowel,
            8 => End::Rieul,
            _ => End::Consonant,
        };
    }
    match last {
        '%' | '2' | '4' | '5' | '9' => End::Vowel,
        '1' | '7' | '8' => End::Rieul,
        '0' | '3' | '6' => End::Consonant,
        _ if last.is_ascii_alphabetic() => latin_end(rest, last),
        _ => End::Unknown,
    }
}

fn latin_end(word: &str, last: char) -> End {
    let spelled = word
        .chars()
        .rev()
        .take_while(char::is_ascii_alphabetic)
        .all(|letter| letter.is_ascii_uppercase());
    match (spelled, last.to_ascii_lowercase()) {
        // 엘, 알 by name; “hotel” 호텔 by sound.
        (true, 'l' | 'r') | (false, 'l') => End::Rieul,
        (_, 'm' | 'n') => End::Consonant,
        (false, 'b' | 'c' | 'k' | 'p' | 't') => End::Consonant,
        (false, 'g') if word.ends_with("ng") => End::Consonant,
        _ => End::Vowel,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_the_sound_before() {
        for (word, particle, whole) in [
            ("가로등", Josa::IGa, "가로등이"),
            ("도로", Josa::IGa, "도로가"),
            ("양동", Josa::EunNeun, "양동은"),
            ("건설과", Josa::EuroRo, "건설과로"),
            ("교통지도팀", Josa::EuroRo, "교통지도팀으로"),
            ("서울", Josa::EuroRo, "서울로"),
            ("서울", Josa::EulReul, "서울을"),
            ("사진 3", Josa::EulReul, "사진 3을"),
            ("사진 2", Josa::EulReul, "사진 2를"),
            ("10", Josa::IGa, "10이"),
            ("1", Josa::EuroRo, "1로"),
            ("6", Josa::EuroRo, "6으로"),
            ("CCTV", Josa::EulReul, "CCTV를"),
            ("SNS", Josa::EuroRo, "SNS로"),
            ("PM", Josa::EunNeun, "PM은"),
            ("Seoul", Josa::EuroRo, "Seoul로"),
            ("Kim", Josa::GwaWa, "Kim과"),
            ("parking", Josa::EulReul, "parking을"),
            ("50%", Josa::EulReul, "50%를"),
            ("‘가로등’", Josa::IGa, "‘가로등’이"),
            ("민원봉사과(1층)", Josa::EuroRo, "민원봉사과(1층)로"),
            ("양동(陽洞)", Josa::GwaWa, "양동(陽洞)과"),
            ("(가로등)", Josa::IGa, "(가로등)이"),
            ("공원녹지과", Josa::IraRa, "공원녹지과라"),
            ("西", Josa::EunNeun, "西은(는)"),
            ("", Josa::IGa, "이(가)"),
            ("…", Josa::EuroRo, "…(으)로"),
        ] {
            assert_eq!(with_josa(word, particle), whole);
        }
    }
}
