//! The mailroom: which addresses are ours, and keeping a letter before it is accepted. The listener
//! to which mail servers speak stands in `maeul-outside`.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use maeul_base::{Actor, Clock, Ctx, Fault, Ids, Lang, OfficeId};
use maeul_db::{Db, Seal};

use crate::act;

/// Bytes of one letter where nothing else is set: five photos, encoded.
pub const MOST_BYTES: usize = 25 * 1024 * 1024;
/// Letters of one sender an hour where nothing else is set. No law sets it.
pub const PER_HOUR: i64 = 20;

/// What an installation decides about letters.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Our addresses, in lower case, and whose they are.
    pub addresses: BTreeMap<String, OfficeId>,
    /// The most bytes of one letter.
    pub most_bytes: usize,
    /// The most letters of one sender an hour that are read.
    pub per_hour: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { addresses: BTreeMap::new(), most_bytes: MOST_BYTES, per_hour: PER_HOUR }
    }
}

/// One of our addresses, as a letter was sent to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ours {
    /// Whose.
    pub office: OfficeId,
    /// Without what stood behind a plus.
    pub address: String,
    /// What stood behind a plus; may be empty.
    pub tag: String,
}

impl Settings {
    /// Whose address that is.
    pub fn ours(&self, recipient: &str) -> Option<Ours> {
        let recipient = recipient.trim().to_lowercase();
        let (local, domain) = recipient.rsplit_once('@')?;
        let (local, tag) = local.split_once('+').unwrap_or((local, ""));
        let address = format!("{local}@{domain}");
        let office = *self.addresses.get(&address)?;
        Some(Ours { office, address, tag: tag.to_owned() })
    }
}

/// A letter at the door.
#[derive(Clone)]
pub struct Arriving {
    /// The recipient, one of ours.
    pub recipient: String,
    /// The sender of the envelope; empty for reports of mail servers.
    pub sent_by: String,
    /// The letter whole.
    pub raw: Arc<[u8]>,
}

/// A letter being kept: done only when it is durably stored.
pub type Keeping<'a> = Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + 'a>>;

/// Where mail servers hand letters over.
pub trait Inbox: Send + Sync {
    /// What is taken.
    fn settings(&self) -> &Settings;
    /// Keeps a letter; once this says so, the sender may forget it.
    fn keep<'a>(&'a self, letter: &'a Arriving) -> Keeping<'a>;
}

/// Keeps letters in the database.
#[derive(Clone)]
pub struct Mailroom {
    db: Db,
    clock: Clock,
    ids: Ids,
    seal: Seal,
    settings: Arc<Settings>,
}

impl Mailroom {
    /// Over that database.
    pub fn new(db: Db, clock: Clock, ids: Ids, seal: Seal, settings: Arc<Settings>) -> Self {
        Self { db, clock, ids, seal, settings }
    }
}

impl Inbox for Mailroom {
    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn keep<'a>(&'a self, letter: &'a Arriving) -> Keeping<'a> {
        Box::pin(async move {
            let ours = self.settings.ours(&letter.recipient);
            let ours =
                ours.ok_or_else(|| Fault::other("a letter to an address that is not ours"))?;
            let ctx = Ctx {
                office: ours.office,
                actor: Actor::System,
                lang: Lang::Ko,
                now: self.clock.now(),
                ids: self.ids.clone(),
            };
            let (seal, letter) = (self.seal.clone(), letter.clone());
            self.db.write(move |tx| act::keep(tx, &ctx, &seal, &ours, &letter)).await?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_known_with_and_without_a_tag() {
        let settings = Settings {
            addresses: [("minwon@seogu.example".to_owned(), OfficeId(29140))].into(),
            ..Settings::default()
        };
        let ours = settings.ours("Minwon+0AF@Seogu.Example").unwrap();
        assert_eq!((ours.office, ours.tag.as_str()), (OfficeId(29140), "0af"));
        assert_eq!(ours.address, "minwon@seogu.example");
        assert!(settings.ours("someone@seogu.example").is_none());
        assert!(settings.ours("minwon").is_none());
    }
}
