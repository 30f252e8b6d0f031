//! Percent-encoding (RFC 3986, 2.1) of what addresses and cookies may not hold.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands there as it is: letters, digits, and these (RFC 3986, 2.3).
const WRITTEN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Text as an address or a cookie holds it.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, WRITTEN).to_string()
}

/// The reverse of [`encode`]; what is no text becomes a sign that says so.
pub(crate) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_survives_a_cookie() {
        let text = "접수했어요. 100 %!";
        assert_eq!(decode(&encode(text)), text);
        assert!(encode(text).is_ascii());
    }
}
