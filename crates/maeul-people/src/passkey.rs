//! Passkeys of staff, and tickets: what is handed out to be brought back once and soon.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use maeul_base::{Ids, OfficeId, StaffId};
use maeul_db::{Seal, row};
use sha2::{Digest, Sha256};

use crate::id::PasskeyId;
use crate::signature::{from_base64url, to_base64url};

/// The most passkeys of one person.
pub const MOST_PASSKEYS: usize = 10;

/// A passkey may be added only so soon after signing in: a browser left open must not give somebody
/// else a way in that lasts. Our choice.
pub const ADD_WITHIN: SignedDuration = SignedDuration::from_mins(15);

/// Longest name a person gives a passkey, in letters.
pub const LONGEST_LABEL: usize = 40;

row! {
    /// A passkey somebody may sign in with.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Passkey {
        /// Its id.
        pub id: PasskeyId,
        /// Whose.
        pub staff: StaffId,
        /// What the person calls it.
        pub label: String,
        /// When it was made.
        pub made_at: Timestamp,
        /// When it last signed the person in.
        pub used_at: Option<Timestamp>,
    }

    /// What a sign-in with a passkey is judged by.
    #[derive(Clone, Debug)]
    pub(crate) struct PasskeyRow {
        pub id: PasskeyId,
        pub staff: StaffId,
        pub algorithm: String,
        pub key: Vec<u8>,
        pub counter: i64,
    }
}

/// What a ticket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketKind {
    /// The challenge of a passkey that is made.
    NewPasskey,
    /// The challenge of a sign-in with a passkey.
    Passkey,
    /// The journey to an identity provider and back.
    Provider,
    /// The one-time code that is still to come after the provider.
    ProviderCode,
    /// The way to the provider to sign out there too, and back.
    ProviderLeft,
}

impl TicketKind {
    /// The word kept in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NewPasskey => "passkey_new",
            Self::Passkey => "passkey",
            Self::Provider => "provider",
            Self::ProviderCode => "provider_code",
            Self::ProviderLeft => "provider_left",
        }
    }

    /// How long it holds. Our choice: as long as a person needs at a slow provider, and no longer.
    pub const fn holds(self) -> SignedDuration {
        match self {
            Self::NewPasskey | Self::Passkey | Self::ProviderCode => SignedDuration::from_mins(5),
            Self::Provider | Self::ProviderLeft => SignedDuration::from_mins(10),
        }
    }
}

/// 256 random bits that come back once; the database keeps their SHA-256.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket([u8; 32]);

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket")
    }
}

impl Ticket {
    pub(crate) fn random(ids: &Ids) -> Self {
        Self(ids.bytes::<32>())
    }

    /// From what came back, in base64url.
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_bytes(&from_base64url(text)?)
    }

    /// From the bytes that came back.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(bytes.try_into().ok()?))
    }

    /// For the browser, in base64url.
    pub fn reveal(&self) -> String {
        to_base64url(&self.0)
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }
}

/// The browser a ticket was handed to, by the random mark it keeps.
pub(crate) fn browser_hash(seal: &Seal, office: OfficeId, mark: &str) -> Vec<u8> {
    seal.lookup_hash(office, &format!("browser {mark}"))
}

/// How authenticators know the person: nothing that can be read.
pub fn user_handle(office: OfficeId, staff: StaffId) -> Vec<u8> {
    let staff = uuid::Uuid::from(staff);
    [&office.0.to_be_bytes()[..], staff.as_bytes()].concat()
}
