//! Programs of others that may call our interfaces: what they may do, and the key by which they
//! are known.

use std::fmt;

use jiff::Timestamp;
use maeul_base::{Ids, Lang, hex};
use maeul_db::row;
use sha2::{Digest, Sha256};

use crate::id::ApiClientId;

/// Calls a minute where nothing else is said: stops a program that runs wild, not a busy one.
pub const DEFAULT_PER_MINUTE: i32 = 60_000;

/// What every key begins with, so that scanners of leaked secrets can tell what it is.
const KEY_START: &str = "mk_";

/// What a client may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Send requests, and read back those it sent.
    CreateRequests,
    /// Read every request of the office, personal data masked.
    ReadRequests,
    /// Say what happened to a request that it may read.
    WriteUpdates,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::CreateRequests, Self::ReadRequests, Self::WriteUpdates];

    /// What a client has that nobody chose for: its own requests, and nothing of others.
    pub const USUAL: [Self; 2] = [Self::CreateRequests, Self::WriteUpdates];

    /// The word kept in the database and used on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateRequests => "requests.create",
            Self::ReadRequests => "requests.read",
            Self::WriteUpdates => "updates.write",
        }
    }

    /// The one of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }

    /// For people.
    pub const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::CreateRequests => lang
                .t("신고를 보내고, 보낸 신고를 다시 읽음", "Send requests, and read back its own"),
            Self::ReadRequests => lang.t(
                "이 기관의 모든 신고를 읽음(개인정보는 가림)",
                "Read all requests of this office (personal data masked)",
            ),
            Self::WriteUpdates => {
                lang.t("읽을 수 있는 신고에 소식을 보냄", "Send updates on requests it may read")
            }
        }
    }
}

/// Several scopes, as kept: in order, none twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// From any.
    pub fn new(scopes: impl IntoIterator<Item = Scope>) -> Self {
        let mut scopes: Vec<Scope> = scopes.into_iter().collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes)
    }

    /// Whether that one is among them.
    pub fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Scope> + '_ {
        self.0.iter().copied()
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With a comma between.
    pub fn as_text(&self) -> String {
        self.0.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",")
    }

    /// Reads [`Scopes::as_text`].
    pub fn parse(text: &str) -> Option<Self> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        words.map(Scope::parse).collect::<Option<Vec<_>>>().map(Self::new)
    }
}

impl maeul_db::FromValue for Scopes {
    fn from_value(cell: maeul_db::Cell<'_>) -> Option<Self> {
        String::from_value(cell).and_then(|text| Self::parse(&text))
    }
}

/// The secret of a client: 256 random bits. The database keeps only their SHA-256, so a copied
/// file opens nothing, and a look-up by hash takes equally long for every wrong key.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey")
    }
}

impl ApiKey {
    pub(crate) fn random(ids: &Ids) -> Self {
        let digits = hex(ids.bytes::<32>());
        Self(format!("{KEY_START}{digits}"))
    }

    /// As a client sent it; `None` for what cannot be a key.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(KEY_START)?;
        let hex = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
        (digits.len() == 64 && digits.bytes().all(hex)).then(|| Self(text.to_owned()))
    }

    /// To be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }

    /// The last four letters.
    pub(crate) fn end(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        letters.iter().skip(letters.len().saturating_sub(4)).collect()
    }
}

row! {
    /// A client.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ApiClient {
        /// Its id.
        pub id: ApiClientId,
        /// Its name; no two that are in use are called alike.
        pub name: String,
        /// The last four letters of its key.
        pub key_end: String,
        /// What it may do.
        pub scopes: Scopes,
        /// How many calls a minute.
        pub per_minute: i32,
        /// Whether new requests are answered with a token instead of their id.
        pub tokens: bool,
        /// Since when.
        pub created_at: Timestamp,
        /// When it last called, to the minute.
        pub last_used_at: Option<Timestamp>,
        /// Since when it may no longer.
        pub revoked_at: Option<Timestamp>,
    }
}

impl ApiClient {
    /// Whether it may do that.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.has(scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_shows_itself_only_when_asked() {
        let key = ApiKey::random(&Ids::seeded(3));
        assert_eq!(ApiKey::parse(key.reveal()), Some(key.clone()));
        assert_eq!(format!("{key:?}"), "ApiKey");
        assert!(key.reveal().ends_with(&key.end()) && key.end().len() == 4);
        for none in [
            "",
            "mk_",
            "mk_xyz",
            key.reveal().trim_start_matches("mk_"),
            &key.reveal().to_uppercase(),
        ] {
            assert_eq!(ApiKey::parse(none), None, "{none}");
        }
    }

    #[test]
    fn scopes_are_kept_as_text() {
        let scopes = Scopes::new([Scope::WriteUpdates, Scope::CreateRequests, Scope::WriteUpdates]);
        assert_eq!(scopes.as_text(), "requests.create,updates.write");
        assert_eq!(Scopes::parse(&scopes.as_text()), Some(scopes));
        assert_eq!(Scopes::parse("requests.create, everything"), None);
    }
}
