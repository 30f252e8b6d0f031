//! Small helpers of forms: errors by field, coordinates without floats.

pub(crate) use maeul_web::Errors;

/// Degrees as people and browsers write them (`35.15208`) in units of 10⁻⁷ degree, without a float.
pub(crate) fn degrees_e7(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || !plain(whole) || !plain(part) {
        return None;
    }
    let mut tail: String = part.chars().take(7).collect();
    while tail.len() < 7 {
        tail.push('0');
    }
    let value = whole.parse::<i64>().ok()? * 10_000_000 + tail.parse::<i64>().ok()?;
    Some(if negative { -value } else { value })
}

/// The reverse of [`degrees_e7`]; empty where there is none.
pub(crate) fn degrees_text(value: Option<i64>) -> String {
    value.map_or_else(String::new, |value| {
        let sign = if value < 0 { "-" } else { "" };
        let value = value.unsigned_abs();
        format!("{sign}{}.{:07}", value / 10_000_000, value % 10_000_000)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_go_both_ways_without_a_float() {
        for (text, value) in [
            ("35.15208", 351_520_800),
            ("126.8902357", 1_268_902_357),
            ("-0.5", -5_000_000),
            ("7", 70_000_000),
        ] {
            assert_eq!(degrees_e7(text), Some(value));
            assert_eq!(degrees_e7(&degrees_text(Some(value))), Some(value));
        }
        for bad in ["", "abc", "1e3", "35,1", "1234.5", "35.1x", "--1"] {
            assert_eq!(degrees_e7(bad), None, "{bad}");
        }
    }
}
