//! The second factor: time-based one-time codes (RFC 6238, six digits, thirty seconds, SHA-1, which
//! every authenticator app understands).

use std::fmt;

use jiff::Timestamp;
use maeul_base::{Fault, Ids};
use totp_rs::{Builder, Secret, Totp};

/// Seconds for which one code is shown.
pub const STEP_SECONDS: u64 = 30;

/// What an authenticator app and Maeul share.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret(Vec<u8>);

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret")
    }
}

impl TotpSecret {
    /// A new one of 160 bits.
    pub fn random(ids: &Ids) -> Self {
        Self(ids.bytes::<20>().to_vec())
    }

    /// From its base32 text; at least 128 bits (RFC 4226 section 4).
    pub fn from_base32(text: &str) -> Option<Self> {
        let secret = Secret::try_from_base32(text).ok()?;
        let bytes = secret.as_bytes().to_vec();
        (bytes.len() >= 16).then_some(Self(bytes))
    }

    /// As the text one types into an authenticator app.
    pub fn to_base32(&self) -> String {
        Secret::from(self.0.clone()).to_base32()
    }

    fn totp(&self) -> Result<Totp, Fault> {
        self.builder().build().map_err(|error| Fault::other(format!("one-time code: {error}")))
    }

    fn builder(&self) -> Builder {
        // One step before and one after, for clocks that are a little wrong (RFC 6238 section 5.2).
        Builder::new().with_secret(self.0.clone()).with_skew(1).with_step_duration(STEP_SECONDS)
    }

    /// The step for which the code is right at that moment, if it is right. A caller accepts each
    /// step once.
    pub(crate) fn step(&self, code: &str, at: Timestamp) -> Result<Option<i64>, Fault> {
        let code: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
        let step = self.totp()?.check(&code, seconds(at));
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }
}

/// The code shown at that moment; for tests and the demonstration.
pub fn totp_code(secret: &TotpSecret, at: Timestamp) -> Result<String, Fault> {
    Ok(secret.totp()?.generate(seconds(at)).to_string())
}

/// The address an authenticator app reads from a QR code.
pub fn totp_uri(secret: &TotpSecret, issuer: &str, login: &str) -> Result<String, Fault> {
    // A colon separates issuer and account in the address, so neither may hold one.
    let (issuer, login) = (issuer.replace(':', " "), login.replace(':', " "));
    secret
        .builder()
        .with_issuer(Some(issuer))
        .with_account_name(login)
        .build()
        .and_then(|totp| totp.to_url())
        .map_err(|error| Fault::other(format!("one-time code: {error}")))
}

fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.as_second()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238 appendix B, the last six of its eight digits.
        let secret = TotpSecret(b"12345678901234567890".to_vec());
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(totp_code(&secret, at(second)).unwrap(), code);
            assert_eq!(secret.step(code, at(second)).unwrap(), Some(second / 30));
        }
    }

    #[test]
    fn a_code_holds_one_step_before_and_after() {
        let secret = TotpSecret::random(&Ids::seeded(5));
        let code = totp_code(&secret, at(3_000)).unwrap();
        for (second, wanted) in
            [(2_969, None), (2_970, Some(100)), (3_059, Some(100)), (3_060, None)]
        {
            assert_eq!(secret.step(&code, at(second)).unwrap(), wanted, "{second}");
        }
        assert_eq!(secret.step("abcdef", at(3_000)).unwrap(), None);
        assert_eq!(secret.step("", at(3_000)).unwrap(), None);
        let (one, two) = code.split_at(3);
        assert_eq!(secret.step(&format!(" {one} {two}"), at(3_000)).unwrap(), Some(100));
    }

    #[test]
    fn a_secret_travels_as_text() {
        let secret = TotpSecret::random(&Ids::seeded(6));
        assert_eq!(TotpSecret::from_base32(&secret.to_base32()), Some(secret.clone()));
        assert_eq!(TotpSecret::from_base32("AAAA"), None);
        let uri = totp_uri(&secret, "광주 서구", "road1").unwrap();
        assert!(uri.starts_with("otpauth://totp/"), "{uri}");
        assert!(uri.contains(&secret.to_base32()), "{uri}");
    }
}
