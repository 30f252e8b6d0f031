//! Randomness is a parameter: ids, tokens and codes come from [`Ids`], which a test can seed.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Builder;

use crate::id::TypedId;

/// A source of ids and secrets, cheap to clone and shared by all clones.
#[derive(Clone)]
pub struct Ids(Arc<Mutex<StdRng>>);

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ids")
    }
}

impl Ids {
    /// Seeded by the operating system.
    pub fn random() -> Self {
        Self(Arc::new(Mutex::new(rand::make_rng())))
    }

    /// The same sequence every time, for tests and demonstration data.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// A new id that sorts by `at` (UUID version 7).
    pub fn next<I: TypedId>(&self, at: Timestamp) -> I {
        let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
        I::from(Builder::from_unix_timestamp_millis(millis, &self.bytes::<10>()).into_uuid())
    }

    /// A secret for a link: 128 random bits as 32 hexadecimal digits.
    pub fn token(&self) -> String {
        crate::hex(self.bytes::<16>())
    }

    /// A one-time code of `digits` decimal digits (at most 9), for reading aloud.
    pub fn code(&self, digits: u32) -> String {
        let bound = 10_u64.pow(digits.min(9));
        let width = usize::try_from(digits.min(9)).unwrap_or(9);
        format!("{:0width$}", u64::from_le_bytes(self.bytes::<8>()) % bound)
    }
}
