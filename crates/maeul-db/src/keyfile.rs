//! The file of keys: read by every server, changed by `maeul keys`. Each key has a number, which stands
//! before everything it sealed, and a state; beside them stands the key of look-up hashes, which stays.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use jiff::Timestamp;
use maeul_base::{Fault, Ids, hex};

use crate::seal::{lookup_of, unhex};

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Known to be coming: opens, and seals nothing yet.
    Next,
    /// Seals what is written now. There is always exactly one.
    Seals,
    /// Opens what it sealed until that is sealed again.
    Opens,
    /// No row needs it; opens what comes back from an older backup.
    Retired,
}

impl KeyState {
    const ALL: [Self; 4] = [Self::Next, Self::Seals, Self::Opens, Self::Retired];

    /// The word in the file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Seals => "seals",
            Self::Opens => "opens",
            Self::Retired => "retired",
        }
    }
}

/// One key of the file.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyLine {
    /// Its number, 1 to 255.
    pub number: u8,
    /// What it is for.
    pub state: KeyState,
    /// Since when; none for a key made before this was written down.
    pub since: Option<Timestamp>,
    pub(crate) key: [u8; 32],
}

impl fmt::Debug for KeyLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "key {} {}", self.number, self.state.as_str())
    }
}

/// Why the keys stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRefusal {
    /// A key is prepared already.
    Prepared,
    /// All 255 numbers are taken: retired keys must be forgotten first.
    Full,
    /// There is no retired key of that number.
    NotRetired,
}

/// The keys of an installation.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyFile {
    pub(crate) lookup: [u8; 32],
    keys: Vec<KeyLine>,
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.keys).finish()
    }
}

const ABOUT: &str = "\
# Keys of sealed fields. Whoever loses this file loses names, telephone numbers and letters.
# Keep a copy away from the server and away from backups. Changed by `maeul keys`.\n";

impl KeyFile {
    /// One key, number 1.
    pub(crate) fn of(key: [u8; 32]) -> Self {
        let line = KeyLine { number: 1, state: KeyState::Seals, since: None, key };
        Self { lookup: lookup_of(&key), keys: vec![line] }
    }

    /// Reads the file, if there is one.
    pub fn read(path: &Path) -> Result<Option<Self>, Fault> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::from_error("read the key file", error)),
        }
    }

    /// The keys, in the order of their making.
    pub fn keys(&self) -> &[KeyLine] {
        &self.keys
    }

    /// The number of the key that seals.
    pub fn sealing(&self) -> u8 {
        self.line(KeyState::Seals).map_or(0, |it| it.number)
    }

    fn line(&self, state: KeyState) -> Option<&KeyLine> {
        self.keys.iter().find(|it| it.state == state)
    }

    /// Reads a file's text. Files of the first form have one key of 64 hexadecimal digits a line,
    /// oldest first, and nothing else.
    pub(crate) fn parse(text: &str) -> Result<Self, Fault> {
        let wrong = |what: &str| Fault::other(format!("the key file: {what}"));
        let mut lookup = None;
        let mut keys: Vec<KeyLine> = Vec::new();
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let words: Vec<&str> = line.split_ascii_whitespace().collect();
            match words.as_slice() {
                [key] => {
                    let key = unhex(key).ok_or_else(|| {
                        wrong("a line is neither a key nor 64 hexadecimal digits")
                    })?;
                    let number = next_number(&keys).ok_or_else(|| wrong("more than 255 keys"))?;
                    lookup = lookup.or_else(|| Some(lookup_of(&key)));
                    for before in &mut keys {
                        before.state = KeyState::Opens;
                    }
                    keys.push(KeyLine { number, state: KeyState::Seals, since: None, key });
                }
                ["hash", key] => {
                    lookup = Some(unhex(key).ok_or_else(|| wrong("the hash key is no 64 digits"))?);
                }
                ["key", number, state, since, key] => {
                    let number = number.parse().map_err(|_| wrong("a number is not 1 to 255"))?;
                    let state = KeyState::ALL.into_iter().find(|it| it.as_str() == *state);
                    keys.push(KeyLine {
                        number,
                        state: state.ok_or_else(|| wrong("a key's state is none"))?,
                        since: since.parse().ok(),
                        key: unhex(key).ok_or_else(|| wrong("a key is no 64 digits"))?,
                    });
                }
                _ => return Err(wrong("a line is neither a key nor 64 hexadecimal digits")),
            }
        }
        let lookup = lookup.ok_or_else(|| wrong("it is empty"))?;
        if keys.iter().filter(|it| it.state == KeyState::Seals).count() != 1 {
            return Err(wrong("not exactly one key seals"));
        }
        let mut numbers: Vec<u8> = keys.iter().map(|it| it.number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.len() != keys.len() || numbers.first() == Some(&0) {
            return Err(wrong("two keys have one number"));
        }
        Ok(Self { lookup, keys })
    }

    fn text(&self) -> String {
        let mut text = ABOUT.to_owned();
        text.push_str(&format!("hash {}\n", hex(self.lookup)));
        for it in &self.keys {
            let since = it.since.map_or_else(|| "-".to_owned(), |at| at.to_string());
            let (number, state, key) = (it.number, it.state.as_str(), hex(it.key));
            text.push_str(&format!("key {number} {state} {since} {key}\n"));
        }
        text
    }

    /// Puts the file in the place of the one before, whole or not at all, readable by its owner only.
    pub fn write(&self, path: &Path) -> Result<(), Fault> {
        let failed = |error| Fault::from_error("write the key file", error);
        let beside = path.with_extension("key.new");
        match std::fs::remove_file(&beside) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&beside)
            .map_err(failed)?;
        file.write_all(self.text().as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        std::fs::rename(&beside, path).map_err(failed)?;
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        let folder = File::open(folder.unwrap_or_else(|| Path::new("."))).map_err(failed)?;
        folder.sync_all().map_err(failed)
    }

    /// Makes a key that opens and does not seal yet: for servers whose files are copied by hand.
    pub fn prepare(&mut self, ids: &Ids, now: Timestamp) -> Result<u8, KeyRefusal> {
        if self.line(KeyState::Next).is_some() {
            return Err(KeyRefusal::Prepared);
        }
        let number = next_number(&self.keys).ok_or(KeyRefusal::Full)?;
        let line = KeyLine { number, state: KeyState::Next, since: Some(now), key: ids.bytes() };
        self.keys.push(line);
        Ok(number)
    }

    /// Takes the prepared key into use, or a new one; its number.
    pub fn rotate(&mut self, ids: &Ids, now: Timestamp) -> Result<u8, KeyRefusal> {
        let number = match self.line(KeyState::Next) {
            Some(next) => next.number,
            None => self.prepare(ids, now)?,
        };
        for it in &mut self.keys {
            let state = match it.state {
                KeyState::Seals => KeyState::Opens,
                KeyState::Next => KeyState::Seals,
                state => state,
            };
            if state != it.state {
                (it.state, it.since) = (state, Some(now));
            }
        }
        Ok(number)
    }

    /// Since when the key that seals does so.
    pub fn sealing_since(&self) -> Option<Timestamp> {
        self.line(KeyState::Seals).and_then(|it| it.since)
    }

    /// Marks the keys that only open as needed by no row; which. The caller has looked.
    pub fn retire(&mut self, now: Timestamp) -> Vec<u8> {
        let mut retired = Vec::new();
        for it in self.keys.iter_mut().filter(|it| it.state == KeyState::Opens) {
            (it.state, it.since) = (KeyState::Retired, Some(now));
            retired.push(it.number);
        }
        retired
    }

    /// Takes a retired key out for good: what only it opens is lost, older backups too.
    pub fn forget(&mut self, number: u8) -> Result<(), KeyRefusal> {
        let before = self.keys.len();
        self.keys.retain(|it| it.number != number || it.state != KeyState::Retired);
        if self.keys.len() == before { Err(KeyRefusal::NotRetired) } else { Ok(()) }
    }
}

/// One more than the highest; where that is 255, the lowest that is free.
fn next_number(keys: &[KeyLine]) -> Option<u8> {
    let highest = keys.iter().map(|it| it.number).max().unwrap_or(0);
    let free = |number: &u8| keys.iter().all(|it| it.number != *number);
    highest.checked_add(1).or_else(|| (1..=u8::MAX).find(free))
}
