//! Degrees as clients write them, in units of 10⁻⁷ degree and without a float.

/// Reads `35.15208`, `+126.9`, `-0.5`; digits beyond the seventh are dropped. `None` for anything
/// else, and beyond 180 degrees.
pub fn degrees_e7(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || !plain(whole) || !plain(part) {
        return None;
    }
    let tail: String = part.chars().chain("0000000".chars()).take(7).collect();
    let value = whole.parse::<i64>().ok()? * 10_000_000 + tail.parse::<i64>().ok()?;
    (value <= 1_800_000_000).then_some(if negative { -value } else { value })
}

/// The reverse, without zeros at the end but with at least one decimal: `35.127`, `7.0`.
pub fn degrees_text(e7: i64) -> String {
    let sign = if e7 < 0 { "-" } else { "" };
    let value = e7.unsigned_abs();
    let part = format!("{:07}", value % 10_000_000);
    let part = part.trim_end_matches('0');
    format!("{sign}{}.{}", value / 10_000_000, if part.is_empty() { "0" } else { part })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_plain_degrees_are_taken() {
        assert_eq!(degrees_e7(" 126.8902357199 "), Some(1_268_902_357));
        assert_eq!(degrees_e7("+35"), Some(350_000_000));
        for none in ["", "north", "35,1", "1e2", "181", "NaN", "35.1.2", "--1", ".5"] {
            assert_eq!(degrees_e7(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(e7 in -1_800_000_000_i64..=1_800_000_000) {
            prop_assert_eq!(degrees_e7(&degrees_text(e7)), Some(e7));
        }
    }
}
