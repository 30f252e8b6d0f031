//! The sealed outside of a backup: a header, then chunks of AES-256-GCM in the STREAM construction
//! (Hoang, Reyhanitabar, Rogaway, Vizár 2015), so that a file of any size is written and read with
//! one chunk in memory and cannot be changed, reordered or cut short unseen.
//!
//! ```text
//! "maeul backup 1\n"   15 bytes
//! kind of key          1 byte: 1 key file, 2 passphrase
//! Argon2id             3 × 4 bytes: memory in KiB, passes, lanes (0 0 0 for a key file)
//! salt                 32 bytes
//! chunks               65 536 bytes each, the last one shorter or as long, each with its 16-byte tag
//! ```
//!
//! The file's own key is HMAC-SHA256(key, header), so a changed header opens nothing. The nonce of a
//! chunk is its number (11 bytes, big endian) and one byte that is 1 for the last chunk.

use std::io::{self, Read, Write};

use aes_gcm::aead::Aead;
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use argon2::{Algorithm, Argon2, Params, Version};
use hmac::{Hmac, Mac};
use maeul_base::{Failure, Fault};
use sha2::Sha256;

use super::BackupRefusal;

/// How every backup begins.
const MAGIC: &[u8] = b"maeul backup 1\n";
/// Bytes of text in a chunk.
const CHUNK: usize = 64 * 1024;
/// Bytes of tag after it.
const TAG: usize = 16;
/// Bytes of salt.
const SALT: usize = 32;
/// Magic, kind, three parameters, salt.
const HEADER: usize = MAGIC.len() + 1 + 12 + SALT;
/// RFC 9106, second recommended option: 64 MiB, three passes.
const ARGON: [u32; 3] = [64 * 1024, 3, 4];
/// A header may ask for no more than this: 1 GiB, sixteen passes, sixteen lanes.
const ARGON_MOST: [u32; 3] = [1024 * 1024, 16, 16];

/// What a backup is sealed with; never the key of the sealed fields.
#[derive(Clone)]
pub enum BackupKey {
    /// 32 random bytes, kept in a file.
    File([u8; 32]),
    /// Words a person keeps.
    Passphrase(String),
}

impl std::fmt::Debug for BackupKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BackupKey")
    }
}

impl BackupKey {
    /// The text of a key file: 64 hexadecimal digits.
    pub fn of_file(text: &str) -> Option<Self> {
        crate::seal::unhex(text.trim()).map(Self::File)
    }

    const fn kind(&self) -> u8 {
        match self {
            Self::File(_) => 1,
            Self::Passphrase(_) => 2,
        }
    }

    /// The key of one file.
    fn cipher(&self, header: &[u8], argon: [u32; 3], salt: &[u8]) -> Result<Aes256Gcm, Fault> {
        let master = match self {
            Self::File(key) => *key,
            Self::Passphrase(words) => stretched(words, argon, salt)?,
        };
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&master)
            .map_err(|error| Fault::from_error("the key of a backup", error))?;
        mac.update(header);
        Ok(Aes256Gcm::new(&mac.finalize().into_bytes()))
    }
}

fn stretched(
    words: &str,
    [memory, passes, lanes]: [u32; 3],
    salt: &[u8],
) -> Result<[u8; 32], Fault> {
    let failed = |error: argon2::Error| Fault::other(format!("the passphrase: {error}"));
    let params = Params::new(memory, passes, lanes, Some(32)).map_err(failed)?;
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(words.trim().as_bytes(), salt, &mut key)
        .map_err(failed)?;
    Ok(key)
}

fn nonce(number: u64, last: bool) -> Nonce<aes_gcm::aead::consts::U12> {
    let mut bytes = [0; 12];
    for (to, from) in bytes.iter_mut().skip(3).zip(number.to_be_bytes()) {
        *to = from;
    }
    if let Some(flag) = bytes.last_mut() {
        *flag = u8::from(last);
    }
    bytes.into()
}

/// Seals what is written into it. [`Sealer::finish`] writes the last chunk: without it the file
/// counts as cut short.
pub(super) struct Sealer<W> {
    out: W,
    cipher: Aes256Gcm,
    number: u64,
    text: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    pub(super) fn new(mut out: W, key: &BackupKey, salt: [u8; 32]) -> Result<Self, Fault> {
        let argon = match key {
            BackupKey::File(_) => [0; 3],
            BackupKey::Passphrase(_) => ARGON,
        };
        let mut header = MAGIC.to_vec();
        header.push(key.kind());
        header.extend(argon.iter().flat_map(|it| it.to_be_bytes()));
        header.extend(salt);
        out.write_all(&header).map_err(|error| Fault::from_error("write the backup", error))?;
        let cipher = key.cipher(&header, argon, &salt)?;
        Ok(Self { out, cipher, number: 0, text: Vec::with_capacity(CHUNK) })
    }

    fn seal(&mut self, last: bool) -> io::Result<()> {
        let sealed = self.cipher.encrypt(&nonce(self.number, last), self.text.as_slice());
        self.out.write_all(&sealed.map_err(|_| io::Error::other("sealing failed"))?)?;
        self.number += 1;
        self.text.clear();
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits until more comes: the last one must be sealed as the last.
        if self.text.len() == CHUNK {
            self.seal(false)?;
        }
        let part = bytes.get(..bytes.len().min(CHUNK - self.text.len())).unwrap_or_default();
        self.text.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens what [`Sealer`] wrote. Any change, loss or addition is an error of kind `InvalidData` when
/// it is met, and the end is only reached if it is the true end.
pub(super) struct Opener<R> {
    from: R,
    cipher: Aes256Gcm,
    number: u64,
    /// The sealed chunk to come, read ahead to know whether it is the last.
    ahead: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    done: bool,
}

impl<R: Read> Opener<R> {
    pub(super) fn new(mut from: R, key: &BackupKey) -> Result<Self, Failure<BackupRefusal>> {
        let mut header = Vec::with_capacity(HEADER);
        let limit = u64::try_from(HEADER).unwrap_or(u64::MAX);
        (&mut from)
            .take(limit)
            .read_to_end(&mut header)
            .map_err(|error| Fault::from_error("read the backup", error))?;
        let refused = Failure::Refused;
        let rest = header.strip_prefix(MAGIC).ok_or(refused(BackupRefusal::NotABackup))?;
        let (&kind, rest) = rest.split_first().ok_or(refused(BackupRefusal::Damaged))?;
        let mut argon = [0; 3];
        let (params, salt) = rest.split_at_checked(12).ok_or(refused(BackupRefusal::Damaged))?;
        for (to, from) in argon.iter_mut().zip(params.chunks_exact(4)) {
            *to = u32::from_be_bytes(from.try_into().unwrap_or_default());
        }
        if salt.len() != SALT {
            return Err(refused(BackupRefusal::Damaged));
        }
        if kind != key.kind() {
            return Err(refused(match kind {
                1 => BackupRefusal::NeedsKeyFile,
                2 => BackupRefusal::NeedsPassphrase,
                _ => BackupRefusal::Damaged,
            }));
        }
        if argon.iter().zip(ARGON_MOST).any(|(asked, most)| *asked > most) {
            return Err(refused(BackupRefusal::Damaged));
        }
        let cipher = key.cipher(&header, argon, salt)?;
        let mut opener =
            Self { from, cipher, number: 0, ahead: vec![], text: vec![], at: 0, done: false };
        let read = |error| Fault::from_error("read the backup", error);
        opener.ahead = opener.sealed().map_err(read)?;
        // Whether it is the right key shows at the first chunk.
        opener.open().map_err(|_| refused(BackupRefusal::WrongKey))?;
        Ok(opener)
    }

    /// The next sealed chunk; empty at the end of the file.
    fn sealed(&mut self) -> io::Result<Vec<u8>> {
        let mut chunk = Vec::with_capacity(CHUNK + TAG);
        let limit = u64::try_from(CHUNK + TAG).unwrap_or(u64::MAX);
        (&mut self.from).take(limit).read_to_end(&mut chunk)?;
        Ok(chunk)
    }

    fn open(&mut self) -> io::Result<()> {
        let next = self.sealed()?;
        let last = next.is_empty();
        let sealed = std::mem::replace(&mut self.ahead, next);
        self.text = self
            .cipher
            .decrypt(&nonce(self.number, last), sealed.as_slice())
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a chunk does not open"))?;
        (self.number, self.at, self.done) = (self.number + 1, 0, last);
        Ok(())
    }
}

impl<R: Read> Read for Opener<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() {
            if self.done {
                return Ok(0);
            }
            self.open()?;
        }
        let mut left = self.text.get(self.at..).unwrap_or_default();
        let read = left.read(into)?;
        self.at += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: BackupKey = BackupKey::File([7; 32]);

    fn sealed(text: &[u8], key: &BackupKey) -> Vec<u8> {
        let mut sealer = Sealer::new(Vec::new(), key, [3; 32]).unwrap();
        sealer.write_all(text).unwrap();
        sealer.finish().unwrap()
    }

    fn opened(file: &[u8], key: &BackupKey) -> Result<Vec<u8>, String> {
        let mut opener = Opener::new(file, key).map_err(|failure| format!("{failure:?}"))?;
        let mut text = vec![];
        opener.read_to_end(&mut text).map_err(|error| error.to_string())?;
        Ok(text)
    }

    #[test]
    fn every_length_comes_back() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let text: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            assert_eq!(opened(&sealed(&text, &KEY), &KEY).unwrap(), text, "{length}");
        }
    }

    #[test]
    fn no_byte_can_be_changed_and_no_chunk_lost_moved_or_added() {
        let whole = sealed(&[1; 2 * CHUNK + 100], &KEY);
        assert!(opened(&whole, &KEY).is_ok());
        for at in [0, 15, 20, 40, HEADER, HEADER + CHUNK, whole.len() - 1] {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert!(opened(&changed, &KEY).is_err(), "byte {at}");
        }
        let first = HEADER + CHUNK + TAG;
        let second = first + CHUNK + TAG;
        for cut in [HEADER, first, second, whole.len() - 1] {
            assert!(opened(&whole[..cut], &KEY).is_err(), "cut at {cut}");
        }
        let moved =
            [&whole[..HEADER], &whole[first..second], &whole[HEADER..first], &whole[second..]];
        assert!(opened(&moved.concat(), &KEY).is_err());
        assert!(opened(&[&whole[..], b"x"].concat(), &KEY).is_err());
    }

    #[test]
    fn the_wrong_key_is_told_from_the_wrong_kind() {
        let file = sealed(b"text", &KEY);
        let with = |key: &BackupKey| opened(&file, key).unwrap_err();
        assert!(with(&BackupKey::File([8; 32])).contains("WrongKey"));
        assert!(with(&BackupKey::Passphrase("x".into())).contains("NeedsKeyFile"));
        assert!(opened(b"PK\x03\x04", &KEY).unwrap_err().contains("NotABackup"));
        let words = BackupKey::Passphrase("열두 개의 낱말".into());
        let file = sealed(b"text", &words);
        assert_eq!(opened(&file, &words).unwrap(), b"text");
        assert!(opened(&file, &KEY).unwrap_err().contains("NeedsPassphrase"));
    }

    #[test]
    fn a_header_cannot_ask_for_all_memory() {
        let words = BackupKey::Passphrase("x".into());
        let mut file = sealed(b"text", &words);
        file[16] = 0xff;
        assert!(opened(&file, &words).unwrap_err().contains("Damaged"));
    }
}
