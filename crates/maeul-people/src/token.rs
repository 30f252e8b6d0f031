//! The secret a signed-in browser holds.

use std::fmt;

use maeul_base::{Ids, hex};
use sha2::{Digest, Sha256};

/// 256 random bits; the database keeps only their SHA-256, so a copied file signs nobody in.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken")
    }
}

impl SessionToken {
    pub(crate) fn random(ids: &Ids) -> Self {
        Self(hex(ids.bytes::<32>()))
    }

    /// From a cookie: 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
        (text.len() == 64 && text.bytes().all(hex)).then(|| Self(text.to_owned()))
    }

    /// For the cookie.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}
