//! Forms are bound to the browser that opened them: a hidden field signs the browser's random
//! cookie and the time, so another site can neither guess nor replay it.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// How long a form may stay open, in seconds: a working day.
pub const LIFETIME_SECONDS: i64 = 9 * 60 * 60;

/// What a hidden field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This browser opened the form, not long ago.
    Good,
    /// This browser opened the form, too long ago: ask to send again.
    Expired,
    /// Missing, or from elsewhere.
    Forged,
}

fn mac(key: &[u8; 32], visitor: &str, at: i64) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(visitor.as_bytes());
    mac.update(b".");
    mac.update(at.to_string().as_bytes());
    Some(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The hidden field for a form opened now by this browser.
pub fn issue(key: &[u8; 32], visitor: &str, now: Timestamp) -> String {
    let at = now.as_second();
    mac(key, visitor, at).map(|mac| format!("{at}.{mac}")).unwrap_or_default()
}

/// Checks a hidden field.
pub fn check(key: &[u8; 32], visitor: &str, field: &str, now: Timestamp) -> Verdict {
    let Some((at, given)) = field.split_once('.') else { return Verdict::Forged };
    let Ok(at) = at.parse::<i64>() else { return Verdict::Forged };
    let Some(expected) = mac(key, visitor, at) else { return Verdict::Forged };
    if visitor.is_empty() || !bool::from(expected.as_bytes().ct_eq(given.as_bytes())) {
        Verdict::Forged
    } else if now.as_second() - at > LIFETIME_SECONDS || at > now.as_second() + 60 {
        Verdict::Expired
    } else {
        Verdict::Good
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_browser_in_time_is_good() {
        let key = [7; 32];
        let now = Timestamp::from_second(1_780_000_000).unwrap();
        let later = Timestamp::from_second(1_780_000_000 + LIFETIME_SECONDS + 1).unwrap();
        let field = issue(&key, "browser", now);
        assert_eq!(check(&key, "browser", &field, now), Verdict::Good);
        assert_eq!(check(&key, "browser", &field, later), Verdict::Expired);
        assert_eq!(check(&key, "other", &field, now), Verdict::Forged);
        assert_eq!(check(&[8; 32], "browser", &field, now), Verdict::Forged);
        assert_eq!(check(&key, "browser", "", now), Verdict::Forged);
        assert_eq!(check(&key, "", &issue(&key, "", now), now), Verdict::Forged);
    }
}
