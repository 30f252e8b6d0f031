//! Small helpers of forms: errors by field, coordinates without floats.

use maeul_base::{Lang, Refusal};

/// What is wrong with a form, by field, in the order of the page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Errors(Vec<(String, String)>);

impl Errors {
    /// Adds what is wrong with a field.
    pub(crate) fn add(&mut self, field: &str, text: impl Into<String>) {
        self.0.push((field.to_owned(), text.into()));
    }

    /// Adds a refusal; one without a field concerns the form as a whole.
    pub(crate) fn refuse(&mut self, lang: Lang, refusal: &impl Refusal) {
        self.add(refusal.field().unwrap_or("form"), refusal.say(lang));
    }

    /// The text of a field, or nothing.
    pub(crate) fn of(&self, field: &str) -> &str {
        self.0.iter().find(|(name, _)| name == field).map_or("", |(_, text)| text)
    }

    /// Field and text, in order.
    pub(crate) fn all(&self) -> &[(String, String)] {
        &self.0
    }

    /// Nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

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
