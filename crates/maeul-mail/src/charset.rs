//! ISO-2022-KR (RFC 1557): Korean in seven bits, still sent by old systems. The parser's own tables
//! leave it out.

/// Begins Korean letters; the other byte ends them.
const SHIFT_OUT: char = '\u{0E}';
const SHIFT_IN: char = '\u{0F}';

/// Whether these words are still in it.
pub(crate) fn is_shifted(text: &str) -> bool {
    text.contains(SHIFT_OUT) && text.is_ascii()
}

/// The words: letters between the shifts are KS X 1001 with the high bits taken off.
pub(crate) fn unshift(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut korean = false;
    let plain = text.replace("\u{1B}$)C", "");
    for letter in plain.chars() {
        match letter {
            SHIFT_OUT => korean = true,
            SHIFT_IN => korean = false,
            // A line always begins outside (RFC 1557).
            '\n' => {
                korean = false;
                bytes.push(b'\n');
            }
            letter => {
                let byte = u8::try_from(u32::from(letter)).unwrap_or(b'?');
                bytes.push(if korean && byte > b' ' { byte | 0x80 } else { byte });
            }
        }
    }
    encoding_rs::EUC_KR.decode_without_bom_handling(&bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_bits_become_korean() {
        let (bytes, ..) = encoding_rs::EUC_KR.encode("가로등");
        let seven: String = bytes.iter().map(|byte| char::from(byte & 0x7f)).collect();
        let text = format!("\u{1B}$)C\n\u{0E}{seven}\u{0F} LED\n");
        assert!(is_shifted(&text));
        assert_eq!(unshift(&text), "\n가로등 LED\n");
        assert!(!is_shifted("가로등"));
    }
}
