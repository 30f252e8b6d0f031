//! Passwords: argon2id, slow on purpose, so never inside a write transaction.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use maeul_base::{Fault, Ids, Lang, Refusal, StaffId};

/// Fewest characters of a new password. Our choice: the safety standard of personal data left the
/// composition of passwords to each controller.
pub const MIN_CHARS: usize = 10;

/// Most bytes hashed; a longer text is not a password but an attack.
pub const MAX_BYTES: usize = 256;

/// What an unknown name is compared with, so that it takes as long as a known one: a well-formed
/// hash that no known password has, and a match with it would count for nothing.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bWFldWwtbm9ib2R5LTAw$/vWRxUjVQPPrCY7ZOT8gSUxuV1U+uhCQ4ipe4pVsBaY";

/// An argon2id hash with its salt and parameters, as text.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub(crate) String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// What a password costs whoever guesses it, and whoever signs in with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
}

impl Cost {
    /// 19 MiB, two passes, one lane: a setting the OWASP password storage guide names for argon2id.
    pub const USUAL: Self = Self { memory_kib: 19_456, passes: 2 };
    /// The least there is: for the accounts of tests, which are many and hide nothing.
    pub const OF_TESTS: Self = Self { memory_kib: 8, passes: 1 };

    fn argon2(self) -> Result<Argon2<'static>, Fault> {
        let params = Params::new(self.memory_kib, self.passes, 1, None)
            .map_err(|error| Fault::other(format!("argon2 parameters: {error}")))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// Hashes a password with a new salt. Takes tens of milliseconds: outside any transaction, on a
/// thread that may block.
pub fn hash_password(ids: &Ids, password: &str) -> Result<PasswordHash, Fault> {
    hash_at(ids, password, Cost::USUAL)
}

pub(crate) fn hash_at(ids: &Ids, password: &str, cost: Cost) -> Result<PasswordHash, Fault> {
    let salt: [u8; 16] = ids.bytes();
    cost.argon2()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| PasswordHash(hash.to_string()))
        .map_err(|error| Fault::other(format!("hash a password: {error}")))
}

/// Someone who may be signing in: what is needed to compare a password, known name or not.
#[derive(Clone)]
pub struct Candidate {
    pub(crate) known: Option<(StaffId, PasswordHash)>,
}

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Candidate")
    }
}

/// A candidate whose password was compared. Only [`verify_password`] makes one.
#[derive(Clone)]
pub struct Verified {
    pub(crate) known: Option<(StaffId, PasswordHash)>,
    pub(crate) matches: bool,
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verified")
    }
}

/// Compares the password. As slow for an unknown name as for a known one; on a thread that may
/// block.
pub fn verify_password(candidate: Candidate, password: &str) -> Verified {
    let hash = candidate.known.as_ref().map_or(NOBODY, |(_, hash)| hash.0.as_str());
    let compared = password.len() <= MAX_BYTES
        // Compared at the cost it was hashed at, which it says itself.
        && Cost::USUAL.argon2().is_ok_and(|it| {
            PasswordVerifier::<str>::verify_password(&it, password.as_bytes(), hash).is_ok()
        });
    Verified { matches: compared && candidate.known.is_some(), known: candidate.known }
}

/// Why a password is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordRefusal {
    /// The present password was not right.
    WrongOld,
    /// Fewer than [`MIN_CHARS`] characters.
    TooShort,
    /// More than [`MAX_BYTES`] bytes.
    TooLong,
    /// It holds the sign-in name.
    HoldsLogin,
    /// It is one letter again and again, or the old one.
    TooPlain,
    /// Someone else's password, or an account that has ended.
    NotAllowed,
}

impl Refusal for PasswordRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongOld => "password.wrong_old",
            Self::TooShort => "password.too_short",
            Self::TooLong => "password.too_long",
            Self::HoldsLogin => "password.holds_login",
            Self::TooPlain => "password.too_plain",
            Self::NotAllowed => "password.not_allowed",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::WrongOld => lang
                .t("지금 비밀번호가 맞지 않습니다.", "The present password is not right.")
                .to_owned(),
            Self::TooShort => match lang {
                Lang::Ko => format!("비밀번호를 {MIN_CHARS}자 이상으로 정해 주십시오."),
                Lang::En => format!("Please choose at least {MIN_CHARS} characters."),
            },
            Self::TooLong => {
                lang.t("비밀번호가 너무 깁니다.", "The password is too long.").to_owned()
            }
            Self::HoldsLogin => lang
                .t(
                    "비밀번호에 아이디를 넣지 마십시오.",
                    "Please leave your sign-in name out of the password.",
                )
                .to_owned(),
            Self::TooPlain => lang
                .t(
                    "지금과 다르고, 같은 글자만 되풀이하지 않는 비밀번호를 정해 주십시오.",
                    "Please choose another password that is not one letter repeated.",
                )
                .to_owned(),
            Self::NotAllowed => lang
                .t("자기 비밀번호만 바꿀 수 있습니다.", "You can change only your own password.")
                .to_owned(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::WrongOld => Some("old_password"),
            Self::NotAllowed => None,
            _ => Some("new_password"),
        }
    }

    fn status(&self) -> u16 {
        if *self == Self::NotAllowed { 403 } else { 422 }
    }
}

/// Judges a new password before it is hashed.
pub fn check_new_password(login: &str, old: &str, new: &str) -> Result<(), PasswordRefusal> {
    let mut signs = new.chars();
    let first = signs.next();
    if new.chars().count() < MIN_CHARS {
        Err(PasswordRefusal::TooShort)
    } else if new.len() > MAX_BYTES {
        Err(PasswordRefusal::TooLong)
    } else if new == old || signs.all(|sign| Some(sign) == first) {
        Err(PasswordRefusal::TooPlain)
    } else if new.to_lowercase().contains(&login.to_lowercase()) {
        Err(PasswordRefusal::HoldsLogin)
    } else {
        Ok(())
    }
}

/// A password to be given out once: 80 random bits in four groups, without signs that look the same.
pub(crate) fn random_password(ids: &Ids) -> String {
    const SIGNS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";
    let mut text = String::with_capacity(19);
    for (at, byte) in ids.bytes::<16>().into_iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        // 256 is a multiple of 32, so every sign is equally likely.
        text.push(SIGNS.get(usize::from(byte % 32)).map_or('2', |sign| char::from(*sign)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_only_itself_and_nobody_matches_nothing() {
        let ids = Ids::seeded(1);
        let hash = hash_password(&ids, "gwangju-seogu-1").unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_ne!(hash, hash_password(&ids, "gwangju-seogu-1").unwrap(), "each has its own salt");
        let id = ids.next::<StaffId>(jiff::Timestamp::UNIX_EPOCH);
        let known = Candidate { known: Some((id, hash)) };
        assert!(verify_password(known.clone(), "gwangju-seogu-1").matches);
        assert!(!verify_password(known, "gwangju-seogu-2").matches);
        assert!(!verify_password(Candidate { known: None }, "nobody").matches);

        let hash = hash_at(&ids, "gwangju-seogu-1", Cost::OF_TESTS).unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        let known = Candidate { known: Some((id, hash)) };
        assert!(verify_password(known.clone(), "gwangju-seogu-1").matches);
        assert!(!verify_password(known, "gwangju-seogu-2").matches);
    }

    #[test]
    fn nobody_is_compared_at_the_same_cost() {
        let parsed = argon2::PasswordHash::new(NOBODY).unwrap();
        let params = Params::try_from(&parsed).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (19_456, 2, 1));
        assert_eq!(parsed.hash.unwrap().as_bytes().len(), 32);
    }

    #[test]
    fn new_passwords_are_judged() {
        let old = "old-password-1";
        for (new, wanted) in [
            ("short", Err(PasswordRefusal::TooShort)),
            ("가나다라마바사아자", Err(PasswordRefusal::TooShort)),
            ("가나다라마바사아자차", Ok(())),
            ("aaaaaaaaaaaa", Err(PasswordRefusal::TooPlain)),
            (old, Err(PasswordRefusal::TooPlain)),
            ("my-Road1-secret", Err(PasswordRefusal::HoldsLogin)),
            ("a good long one", Ok(())),
        ] {
            assert_eq!(check_new_password("road1", old, new), wanted, "{new}");
        }
        let long = "ab".repeat(200);
        assert_eq!(check_new_password("road1", old, &long), Err(PasswordRefusal::TooLong));
    }

    #[test]
    fn a_given_password_is_long_and_readable() {
        let password = random_password(&Ids::seeded(3));
        assert_eq!(password.len(), 19);
        assert!(check_new_password("road1", "", &password).is_ok());
    }
}
