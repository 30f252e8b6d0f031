//! Bytes as hexadecimal digits.

use std::borrow::Borrow;

/// Two small digits for each byte.
pub fn hex(bytes: impl IntoIterator<Item: Borrow<u8>>) -> String {
    let digit = |of: u8| char::from_digit(of.into(), 16).unwrap_or_default();
    let digits = |byte: u8| [digit(byte >> 4), digit(byte & 15)];
    bytes.into_iter().flat_map(|byte| digits(*byte.borrow())).collect()
}

#[cfg(test)]
mod tests {
    use super::hex;

    #[test]
    fn two_digits_for_each_byte() {
        assert_eq!(hex([0x00, 0x0f, 0xa5, 0xff]), "000fa5ff");
        assert_eq!(hex([0xab, 0xcd].iter().take(1)), "ab");
    }
}
