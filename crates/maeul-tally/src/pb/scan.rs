//! Finding separators eight bytes at a time.

const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Marks the bytes of `word` that are `byte`: the lowest mark is exact, those above it may be wrong.
#[inline]
const fn marks(word: u64, byte: u8) -> u64 {
    let other = word ^ (EACH * byte as u64);
    other.wrapping_sub(EACH) & !other & HIGH
}

/// The place of the first `;` or line break at or behind `from`, or the end of the text.
#[inline]
pub(super) fn cell_end(bytes: &[u8], from: usize) -> usize {
    let (words, tail) = bytes.get(from..).unwrap_or(&[]).as_chunks::<8>();
    let mut at = from;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let found = marks(word, b';') | marks(word, b'\n');
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    at + tail.iter().position(|byte| matches!(byte, b';' | b'\n')).unwrap_or(tail.len())
}

/// A short text as a number: its bytes and, in the highest, how many they are. Different texts are different numbers.
pub(super) type Key = u128;

/// The text up to the first comma as a number, and its length; nothing for one of more than 15 bytes.
#[inline]
pub(super) fn key(bytes: &[u8]) -> Option<(Key, usize)> {
    let (word, len) = match bytes.first_chunk::<8>() {
        Some(word) if marks(u64::from_le_bytes(*word), b',') != 0 => {
            let word = u64::from_le_bytes(*word);
            // The mark is the highest bit of the comma's byte; what lies below that byte is the text.
            let bits = marks(word, b',').trailing_zeros() & !7;
            (u128::from(word & !(u64::MAX << bits)), (bits / 8) as usize)
        }
        _ => {
            let (mut word, mut len) = ([0; 16], 0);
            for (room, byte) in word.iter_mut().zip(bytes.iter().take_while(|byte| **byte != b','))
            {
                *room = *byte;
                len += 1;
            }
            (u128::from_le_bytes(word), len)
        }
    };
    let length = u128::try_from(len).ok().filter(|len| *len < 16)?;
    Some((word | length << 120, len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_first_separator_wherever_it_stands() {
        for len in 0..30 {
            let mut text = vec![b':'; len];
            assert_eq!(cell_end(&text, 0), len);
            for at in 0..len {
                for separator in [b';', b'\n'] {
                    text[at] = separator;
                    for from in 0..=at {
                        assert_eq!(cell_end(&text, from), at);
                    }
                    text[at] = b':';
                }
            }
        }
    }

    #[test]
    fn different_short_texts_have_different_keys() {
        let texts = ["", "a", "a\0", "-", "12", "1234567", "12345678", "123456789012345", "사업"];
        for one in texts {
            for more in ["", ",", ",9", ",,,,,,,,,,,,", ",-+.1234567890"] {
                let (found, len) = key(format!("{one}{more}").as_bytes()).unwrap();
                assert_eq!(len, one.len(), "{one:?}{more:?}");
                for other in texts {
                    assert_eq!(found == key(other.as_bytes()).unwrap().0, one == other);
                }
            }
        }
        assert_eq!(key(b"1234567890123456"), None);
        assert_eq!(key(b"1234567890123456,1"), None);
    }
}
