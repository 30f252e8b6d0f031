//! Personal fields at rest: sealed with the installation's key so that a copied database file shows
//! nobody's name or telephone number, with a keyed hash beside them for exact look-up.
//!
//! AES-256-GCM; the associated data names table, column and row, so that a sealed value moved to
//! another row does not open. The first byte names the key, so that a new key can be taken into use
//! while old values stay readable.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use hmac::{Hmac, Mac};
use maeul_base::{Fault, FaultKind, Ids, OfficeId, hex};
use sha2::Sha256;
use uuid::Uuid;

use crate::{Cell, FromValue, KeyFile, ToValue, Value};

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

/// What the keys are just now.
struct Ring {
    keys: Vec<Key>,
    /// The number of the one that seals.
    sealing: u8,
    /// Kept apart from the others: hashes cannot be made again without the texts, and links in
    /// residents' hands are made with it.
    lookup: [u8; 32],
    /// The file as it was when it was read.
    stamp: Option<Stamp>,
}

/// Tells one state of a file from another.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    length: u64,
    changed: (i64, i64),
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let about = std::fs::metadata(path).ok()?;
        let changed = (about.mtime(), about.mtime_nsec());
        Some(Self { inode: about.ino(), length: about.len(), changed })
    }
}

impl Ring {
    fn of(file: &KeyFile, stamp: Option<Stamp>) -> Self {
        let keys = file.keys().iter().map(|it| derived(it.number, &it.key)).collect();
        Self { keys, sealing: file.sealing(), lookup: file.lookup, stamp }
    }

    fn key(&self, number: u8) -> Option<&Key> {
        self.keys.iter().find(|key| key.number == number)
    }
}

/// The installation's keys. Clones share them: a key that comes into the file is known to all of them
/// at once.
#[derive(Clone)]
pub struct Seal {
    ring: Arc<RwLock<Ring>>,
    file: Option<Arc<PathBuf>>,
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    /// One key, number 1.
    pub fn from_key_bytes(key: [u8; 32]) -> Self {
        Self::of(&KeyFile::of(key))
    }

    /// The keys of a file that was read, without following it.
    pub fn of(file: &KeyFile) -> Self {
        Self { ring: Arc::new(RwLock::new(Ring::of(file, None))), file: None }
    }

    /// Reads the key file, or makes one with one new key, readable by its owner only, and follows it:
    /// what is changed in it holds from the next text sealed. Losing this file loses every sealed field.
    pub fn load_or_create(path: &Path, ids: &Ids) -> Result<Self, Fault> {
        let failed = |what: &'static str| move |error| Fault::from_error(what, error);
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        match made {
            Ok(mut file) => {
                let key: [u8; 32] = ids.bytes();
                let line = hex(key);
                writeln!(file, "{line}")
                    .and_then(|()| file.sync_all())
                    .map_err(failed("write the key file"))?;
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed("make the key file")(error)),
        }
        Self::load(path)?.ok_or_else(|| Fault::other("the key file is gone"))
    }

    /// Reads the key file, if there is one, and follows it.
    pub fn load(path: &Path) -> Result<Option<Self>, Fault> {
        let stamp = Stamp::of(path);
        let Some(file) = KeyFile::read(path)? else { return Ok(None) };
        let ring = Arc::new(RwLock::new(Ring::of(&file, stamp)));
        Ok(Some(Self { ring, file: Some(Arc::new(path.to_owned())) }))
    }

    /// Looks whether the file was changed, and reads it if it was. One that cannot be read, or that has
    /// other look-up hashes, changes nothing.
    fn follow(&self) {
        let Some(path) = &self.file else { return };
        let stamp = Stamp::of(path);
        if stamp.is_none() || stamp == self.ring().stamp {
            return;
        }
        let Ok(Some(file)) = KeyFile::read(path) else { return };
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        if file.lookup == ring.lookup {
            *ring = Ring::of(&file, stamp);
        }
    }

    fn ring(&self) -> RwLockReadGuard<'_, Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the key that seals now.
    pub fn sealing(&self) -> u8 {
        self.follow();
        self.ring().sealing
    }

    /// Whether there is a key of that number.
    pub fn knows(&self, number: u8) -> bool {
        self.follow();
        self.ring().key(number).is_some()
    }

    /// Whether there are other keys than the one that seals.
    pub fn has_several(&self) -> bool {
        self.follow();
        self.ring().keys.len() > 1
    }

    /// Tells one installation's keys from another's, and gives nothing of them away.
    pub fn mark(&self) -> String {
        let mark = mac(&self.ring().lookup, &[b"maeul mark"]);
        hex(mark.iter().take(6))
    }

    /// Seals a text for its place.
    pub fn seal(&self, ids: &Ids, at: SealAt, plain: &str) -> Result<SealedText, Fault> {
        self.seal_bytes(ids, at, plain.as_bytes())
    }

    /// As [`Seal::seal`], of what need not be text: a part of a file.
    pub fn seal_bytes(&self, ids: &Ids, at: SealAt, plain: &[u8]) -> Result<SealedText, Fault> {
        self.follow();
        let ring = self.ring();
        let key = ring.key(ring.sealing).ok_or_else(|| Fault::other("no key to seal with"))?;
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
        text.ok_or_else(|| self.shut(at, sealed))
    }

    /// As [`Seal::open`], of what need not be text.
    pub fn open_bytes(&self, at: SealAt, sealed: &SealedText) -> Result<Vec<u8>, Fault> {
        self.opened(at, sealed).ok_or_else(|| self.shut(at, sealed))
    }

    fn shut(&self, at: SealAt, sealed: &SealedText) -> Fault {
        let (table, column) = (at.table, at.column);
        let number = sealed.0.first().copied().unwrap_or_default();
        let known = self.ring().key(number).is_some();
        let why = if known { "does not open" } else { "needs a key that is not in the key file" };
        Fault::new(FaultKind::Decode, format!("a sealed {table}.{column} {why}: key {number}"))
    }

    fn opened(&self, at: SealAt, sealed: &SealedText) -> Option<Vec<u8>> {
        let (number, rest) = sealed.0.split_first()?;
        let (nonce, msg) = rest.split_first_chunk::<NONCE>()?;
        if self.ring().key(*number).is_none() {
            // Another server may have a newer file already.
            self.follow();
        }
        let ring = self.ring();
        let key = ring.key(*number)?;
        let payload = Payload { msg, aad: &at.bound() };
        key.cipher.decrypt(&Nonce::from(*nonce), payload).ok()
    }

    /// A keyed hash (HMAC-SHA256, 32 bytes) by which an exact value can be looked up without being
    /// readable; the same value gives another hash in another office. Normalise first.
    pub fn lookup_hash(&self, office: OfficeId, normalised: &str) -> Vec<u8> {
        mac(&self.ring().lookup, &[&office.0.to_be_bytes(), normalised.as_bytes()]).to_vec()
    }
}

/// The key of look-up hashes of an installation whose first key this was.
pub(crate) fn lookup_of(key: &[u8; 32]) -> [u8; 32] {
    mac(key, &[b"maeul look-up"])
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
