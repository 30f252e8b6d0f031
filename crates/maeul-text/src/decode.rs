//! The bytes of a text message become letters: by what the gateway says of their coding, and where
//! that says little, by what reads as Korean.

use encoding_rs::{EUC_KR, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The data coding of GSM 03.38 as gateways tell it: 0 seven bits, 1 eight bits, 2 UCS-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Coding {
    /// Seven bits; gateways hand it over as UTF-8.
    #[default]
    Gsm,
    /// Eight bits of anything: a picture, or a text in a coding of its own.
    Data,
    /// UCS-2, read as UTF-16 with the high byte first.
    Ucs2,
}

impl Coding {
    /// The one of that number; unknown numbers are read as data.
    pub fn of(number: &str) -> Self {
        match number.trim() {
            "" | "0" => Self::Gsm,
            "2" => Self::Ucs2,
            _ => Self::Data,
        }
    }

    /// Its number.
    pub const fn number(self) -> i32 {
        match self {
            Self::Gsm => 0,
            Self::Data => 1,
            Self::Ucs2 => 2,
        }
    }
}

/// Of a hundred letters, how many must read as usual for bytes of unsaid coding to be a text.
const USUAL: usize = 80;

/// The letters of a message; `None` where the bytes are no text.
///
/// A named character set is believed if the bytes keep to it. Otherwise seven-bit text is UTF-8 (as
/// gateways convert it) or the EUC-KR some Korean centres send under the same number, UCS-2 is
/// UTF-16BE, and eight-bit data is whatever of UTF-8, UTF-16 and EUC-KR reads most like Korean or
/// plain Latin: real text keeps to the 2,350 syllables of KS X 1001, misread bytes do not.
pub fn decode(coding: Coding, charset: &str, bytes: &[u8]) -> Option<String> {
    if bytes.is_empty() {
        return Some(String::new());
    }
    let named = named(charset).and_then(|encoding| strictly(encoding, bytes));
    if let Some(text) = named.filter(|text| is_text(text)) {
        return Some(text);
    }
    let order: &[&'static Encoding] = match coding {
        Coding::Gsm => &[UTF_8, EUC_KR],
        Coding::Ucs2 => &[UTF_16BE],
        Coding::Data => &[UTF_8, UTF_16BE, EUC_KR, UTF_16LE],
    };
    if coding != Coding::Data {
        let read = order.iter().find_map(|encoding| strictly(encoding, bytes));
        if let Some(text) = read.filter(|text| is_text(text)) {
            return Some(text);
        }
    }
    let all: &[&'static Encoding] = &[UTF_8, UTF_16BE, EUC_KR, UTF_16LE];
    let mut best: Option<(usize, String)> = None;
    for encoding in all {
        let Some(text) = strictly(encoding, bytes) else { continue };
        let usual = usual_percent(&text);
        if usual >= USUAL && best.as_ref().is_none_or(|(most, _)| usual > *most) {
            best = Some((usual, text));
        }
    }
    // A sign of machines among letters of people, a NUL at the end for example, is left out: no
    // database keeps it, and the text is worth more than the sign.
    best.map(|(_, text)| {
        let kept: String = text.chars().filter(|letter| !is_of_machines(*letter)).collect();
        without_marks(&kept)
    })
}

fn named(charset: &str) -> Option<&'static Encoding> {
    let name = charset.trim().to_ascii_lowercase();
    match name.as_str() {
        "" => None,
        // What carriers call KS X 1001, and what iconv calls UCS-2.
        "ksc5601" | "ks_c_5601-1987" | "ksx1001" | "cp949" | "uhc" | "ms949" => Some(EUC_KR),
        "ucs-2" | "ucs2" | "ucs-2be" | "utf-16" | "utf16" => Some(UTF_16BE),
        other => Encoding::for_label(other.as_bytes()),
    }
}

/// Decodes without a byte order mark's opinion, refusing what is not of the coding.
fn strictly(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(without_marks(&text))
}

/// A byte order mark at the beginning, in any coding and however often, is none of the letters.
fn without_marks(text: &str) -> String {
    text.trim_start_matches('\u{feff}').to_owned()
}

/// Whether nothing in it is a sign of machines.
fn is_text(text: &str) -> bool {
    !text.chars().any(is_of_machines)
}

fn is_of_machines(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\r' | '\t' | '\u{c}')
}

/// Of a hundred letters, how many are those that people write.
fn usual_percent(text: &str) -> usize {
    let all = text.chars().count();
    let usual = text.chars().filter(|letter| is_usual(*letter)).count();
    (usual * 100).checked_div(all).unwrap_or(0)
}

fn is_usual(letter: char) -> bool {
    match letter {
        '\n' | '\r' | '\t' | ' '..='~' => true,
        // Letters by themselves (ㅋㅋ, ㅠㅠ), signs and brackets of Korean writing, full-width forms.
        'ㄱ'..='ㆎ' | '\u{3000}'..='\u{303f}' | '！'..='～' | '·' | '…' | '※' => true,
        '\u{2010}'..='\u{2027}' | '\u{2190}'..='\u{27bf}' => true,
        '\u{1f300}'..='\u{1faff}' | '\u{fe0f}' | '\u{200d}' => true,
        '가'..='힣' => in_ks_x_1001(letter),
        _ => false,
    }
}

/// Whether the syllable is one of the 2,350 of KS X 1001, which EUC-KR writes with both bytes from
/// A1 on; the rest are an extension hardly anybody writes.
fn in_ks_x_1001(letter: char) -> bool {
    let mut room = [0; 4];
    let text: &str = letter.encode_utf8(&mut room);
    let (bytes, _, lost) = EUC_KR.encode(text);
    !lost && matches!(*bytes, [0xb0..=0xc8, 0xa1..=0xfe])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    }

    fn euc_kr(text: &str) -> Vec<u8> {
        EUC_KR.encode(text).0.into_owned()
    }

    const TEXT: &str = "상무초 앞 가로등이 꺼졌어요. ㅠㅠ 3일째입니다!";

    #[test]
    fn every_coding_a_gateway_may_name() {
        for (coding, charset, bytes) in [
            ("0", "", TEXT.as_bytes().to_vec()),
            ("0", "UTF-8", TEXT.as_bytes().to_vec()),
            ("2", "", utf16(TEXT)),
            ("2", "UTF-16BE", utf16(TEXT)),
            ("2", "UTF-8", TEXT.as_bytes().to_vec()),
            // What Kannel says of UCS-2 it did not convert.
            ("1", "", utf16(TEXT)),
            ("1", "", TEXT.as_bytes().to_vec()),
            ("1", "", euc_kr(TEXT)),
            ("1", "EUC-KR", euc_kr(TEXT)),
            ("1", "ksc5601", euc_kr(TEXT)),
            ("0", "", euc_kr(TEXT)),
            // The label is wrong, the bytes are not.
            ("1", "UTF-8", euc_kr(TEXT)),
            ("0", "", utf16(TEXT)),
        ] {
            let read = decode(Coding::of(coding), charset, &bytes);
            assert_eq!(read.as_deref(), Some(TEXT), "coding {coding}, charset {charset:?}");
        }
    }

    #[test]
    fn marks_of_the_order_of_bytes_are_no_letters() {
        let marked = |text: &str| format!("\u{feff}{text}");
        let little: Vec<u8> = marked(TEXT).encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (charset, bytes) in [
            ("UTF-8", marked(TEXT).into_bytes()),
            ("UTF-8", marked(&marked(TEXT)).into_bytes()),
            ("UTF-16BE", utf16(&marked(TEXT))),
            ("UTF-16LE", little.clone()),
            ("", utf16(&format!("\0{}", marked(TEXT)))),
            ("", little),
        ] {
            assert_eq!(decode(Coding::Data, charset, &bytes).as_deref(), Some(TEXT), "{charset}");
        }
    }

    #[test]
    fn short_words_in_eight_bits_are_told_apart() {
        for text in ["네", "감사합니다", "STOP", "수신거부", "ok", "가로등 고장"] {
            for bytes in [utf16(text), text.as_bytes().to_vec()] {
                assert_eq!(decode(Coding::Data, "", &bytes).as_deref(), Some(text));
            }
        }
        assert_eq!(decode(Coding::Data, "", &euc_kr("감사합니다")).as_deref(), Some("감사합니다"));
        assert_eq!(decode(Coding::Gsm, "", b"").as_deref(), Some(""));
    }

    #[test]
    fn pictures_are_no_text() {
        let png = [0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R'];
        assert_eq!(decode(Coding::Data, "", &png), None);
        let noise: Vec<u8> = (0..120_u8).map(|at| at.wrapping_mul(197).wrapping_add(31)).collect();
        assert_eq!(decode(Coding::Data, "", &noise), None);
        // Padded to an even length by a centre that counts bytes.
        let padded = [utf16("가로등이 꺼졌어요"), vec![0, 0]].concat();
        assert_eq!(decode(Coding::Ucs2, "", &padded).as_deref(), Some("가로등이 꺼졌어요"));
        // Half a letter.
        assert_eq!(decode(Coding::Ucs2, "", &[0xd8, 0x3d]), None);
    }

    fn common() -> impl Strategy<Value = char> {
        let syllables: Vec<char> = ('가'..='힣').filter(|it| in_ks_x_1001(*it)).collect();
        assert_eq!(syllables.len(), 2_350);
        prop_oneof![8 => prop::sample::select(syllables), 2 => prop::char::range(' ', '~')]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(letters in prop::collection::vec(common(), 12..60)) {
            let text: String = letters.into_iter().collect();
            let read = |coding, bytes: &[u8]| decode(coding, "", bytes);
            prop_assert_eq!(read(Coding::Gsm, text.as_bytes()), Some(text.clone()));
            prop_assert_eq!(read(Coding::Ucs2, &utf16(&text)), Some(text.clone()));
            prop_assert_eq!(read(Coding::Data, text.as_bytes()), Some(text.clone()));
            if text.chars().filter(|it| !it.is_ascii()).count() > 6 {
                prop_assert_eq!(read(Coding::Data, &utf16(&text)), Some(text.clone()));
                prop_assert_eq!(read(Coding::Data, &euc_kr(&text)), Some(text.clone()));
            }
        }

        #[test]
        fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..200), coding in "[0-3]") {
            let _read = decode(Coding::of(&coding), "", &bytes);
        }
    }
}
