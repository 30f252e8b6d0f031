//! Personal fields at rest: sealed with the installation's key so that a copied database file shows
//! nobody's name or telephone number, with a keyed hash beside them for exact look-up.
//!
//! AES-256-GCM; the associated data names table, column and row, so that a sealed value moved to
//! another row does not open. The first byte names the key, so that a new key can be taken into use
//! while old values stay readable.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use hmac::{Hmac, Mac};
use maeul_base::{Fault, FaultKind, Ids, OfficeId};
use sha2::Sha256;
use uuid::Uuid;

use crate::{Cell, FromValue, ToValue, Value};

/// Bytes of nonce after the key's number.
const NONCE: usize = 12;

/// Where a sealed value lives; it opens nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealAt {
    table: &'static str,
    column: &'static str,
    id: Uuid,
}

impl SealAt {
    /// The `column` of the row `id` in `table`.
    pub fn new(table: &'static str, column: &'static str, id: impl Into<Uuid>) -> Self {
        Self { table, column, id: id.into() }
    }

    fn bound(&self) -> Vec<u8> {
        format!("{}:{}:{}", self.table, self.column, self.id.simple()).into_bytes()
    }
}

/// A sealed text: key number, nonce, ciphertext and tag. Kept in a `bytea` column.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedText(Vec<u8>);

impl fmt::Debug for SealedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedText")
    }
}

impl ToValue for SealedText {
    fn to_value(&self) -> Value {
        Value::Bytes(self.0.clone())
    }
}

impl FromValue for SealedText {
    fn from_value(cell: Cell<'_>) -> Option<Self> {
        Vec::from_value(cell).map(Self)
    }
}

#[derive(Clone)]
struct Key {
    number: u8,
    cipher: Aes256Gcm,
}

/// The installation's keys.
#[derive(Clone)]
pub struct Seal {
    /// Oldest first; the last one seals.
    keys: Vec<Key>,
    /// From the oldest key, because hashes cannot be made again without the texts.
    lookup: [u8; 32],
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    /// One key, number 1.
    pub fn from_key_bytes(key: [u8; 32]) -> Self {
        let lookup = mac(&key, &[b"maeul look-up"]);
        Self { keys: vec![derived(1, &key)], lookup }
    }

    /// Adds a newer key; from now on it seals, and the older ones only open.
    #[must_use]
    pub fn with_newer_key(mut self, key: [u8; 32]) -> Self {
        let number = self.keys.last().map_or(1, |it| it.number.saturating_add(1));
        self.keys.push(derived(number, &key));
        self
    }

    /// Reads the key file (one key of 64 hexadecimal digits a line, oldest first), or makes one with
    /// one new key, readable by its owner only. Losing this file loses every sealed field.
    pub fn load_or_create(path: &Path, ids: &Ids) -> Result<Self, Fault> {
        let failed = |what: &'static str| move |error| Fault::from_error(what, error);
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        match made {
            Ok(mut file) => {
                let key: [u8; 32] = ids.bytes();
                let line: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
                writeln!(file, "{line}")
                    .and_then(|()| file.sync_all())
                    .map_err(failed("write the key file"))?;
                Ok(Self::from_key_bytes(key))
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let mut text = String::new();
                OpenOptions::new()
                    .read(true)
                    .open(path)
                    .and_then(|mut file| file.read_to_string(&mut text))
                    .map_err(failed("read the key file"))?;
                Self::from_lines(&text)
            }
            Err(error) => Err(failed("make the key file")(error)),
        }
    }

    /// Reads the key file, if there is one.
    pub fn load(path: &Path) -> Result<Option<Self>, Fault> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::from_lines(&text).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::from_error("read the key file", error)),
        }
    }

    /// Tells one installation's keys from another's, and gives nothing of them away.
    pub fn mark(&self) -> String {
        let mark = mac(&self.lookup, &[b"maeul mark"]);
        mark.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }

    fn from_lines(text: &str) -> Result<Self, Fault> {
        let wrong = || Fault::other("the key file holds a line that is not 64 hexadecimal digits");
        let mut seal: Option<Self> = None;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let key = unhex(line).ok_or_else(wrong)?;
            seal = Some(match seal {
                None => Self::from_key_bytes(key),
                Some(seal) => seal.with_newer_key(key),
            });
        }
        seal.ok_or_else(|| Fault::other("the key file is empty"))
    }

    /// Seals a text for its place.
    pub fn seal(&self, ids: &Ids, at: SealAt, plain: &str) -> Result<SealedText, Fault> {
        self.seal_bytes(ids, at, plain.as_bytes())
    }

    /// As [`Seal::seal`], of what need not be text: a part of a file.
    pub fn seal_bytes(&self, ids: &Ids, at: SealAt, plain: &[u8]) -> Result<SealedText, Fault> {
        let key = self.keys.last().ok_or_else(|| Fault::other("no key to seal with"))?;
        let nonce: [u8; NONCE] = ids.bytes();
        let payload = Payload { msg: plain, aad: &at.bound() };
        let sealed = key
            .cipher
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| Fault::other("sealing failed"))?;
        let mut bytes = vec![key.number];
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        Ok(SealedText(bytes))
    }

    /// Opens a text sealed for this place; any other place, key or change is a Decode fault.
    pub fn open(&self, at: SealAt, sealed: &SealedText) -> Result<String, Fault> {
        let text = self.opened(at, sealed).and_then(|plain| String::from_utf8(plain).ok());
        text.ok_or_else(|| shut(at))
    }

    /// As [`Seal::open`], of what need not be text.
    pub fn open_bytes(&self, at: SealAt, sealed: &SealedText) -> Result<Vec<u8>, Fault> {
        self.opened(at, sealed).ok_or_else(|| shut(at))
    }

    fn opened(&self, at: SealAt, sealed: &SealedText) -> Option<Vec<u8>> {
        let (number, rest) = sealed.0.split_first()?;
        let (nonce, msg) = rest.split_first_chunk::<NONCE>()?;
        let key = self.keys.iter().find(|key| key.number == *number)?;
        let payload = Payload { msg, aad: &at.bound() };
        key.cipher.decrypt(&Nonce::from(*nonce), payload).ok()
    }

    /// A keyed hash (HMAC-SHA256, 32 bytes) by which an exact value can be looked up without being
    /// readable; the same value gives another hash in another office. Normalise first.
    pub fn lookup_hash(&self, office: OfficeId, normalised: &str) -> Vec<u8> {
        mac(&self.lookup, &[&office.0.to_be_bytes(), normalised.as_bytes()]).to_vec()
    }
}

fn shut(at: SealAt) -> Fault {
    let (table, column) = (at.table, at.column);
    Fault::new(FaultKind::Decode, format!("a sealed {table}.{column} does not open"))
}

/// The key's own cipher key: what seals is never what hashes.
fn derived(number: u8, key: &[u8; 32]) -> Key {
    Key { number, cipher: Aes256Gcm::new(&mac(key, &[b"maeul seal"]).into()) }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a whole block; a shorter key is filled with zeros.
    let mut block = [0_u8; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut key = [0_u8; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(key)
}
