//! What a room says of the personal data it holds: for how long, how it is destroyed, and what of it is
//! about one person. The room of privacy calls these; it knows no other room's tables.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Cursor, Fault, PartyId};
use maeul_db::{Seal, Tx};

/// A Korean text and its English one.
pub type Both = [&'static str; 2];

/// A kind of personal data that is destroyed some time after it was last needed.
#[derive(Clone)]
pub struct Keeping {
    /// `room.what`
    pub kind: &'static str,
    /// As people read it.
    pub name: Both,
    /// What is destroyed, and what stays.
    pub what: Both,
    /// From which day the time runs.
    pub since: Both,
    /// Months that are proposed to an office that has decided nothing. No law sets them.
    pub months: i32,
    /// Destroys some of it.
    pub destroy: Destroy,
}

/// Destroys, or counts, what is older than a time.
pub type Destroy = Arc<dyn Fn(&mut Tx, &Ctx, &Sweep) -> Result<Swept, Fault> + Send + Sync>;

/// One step of destroying.
#[derive(Clone)]
pub struct Sweep {
    /// What was last needed before this.
    pub before: Timestamp,
    /// Where the step before ended.
    pub after: Option<Cursor>,
    /// The most records of one step.
    pub most: usize,
    /// Only count.
    pub dry: bool,
    /// Cases that are kept whatever their age.
    pub held: Arc<BTreeSet<CaseId>>,
    /// Why, as it stands in the records: the rule in force.
    pub why: String,
    /// The keys of sealed fields.
    pub seal: Seal,
}

/// What one step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Records destroyed, or that would be.
    pub records: i64,
    /// Records that are old enough and held.
    pub held: i64,
    /// Records that are old enough and still in use: a message is on its way.
    pub busy: i64,
    /// Where the next step begins; none: that was all.
    pub next: Option<Cursor>,
}

/// A person as a case knows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// The case.
    pub case: CaseId,
    /// Who they are in it.
    pub party: PartyId,
}

/// Everything a room holds about a person, for them to read.
pub type About =
    Arc<dyn Fn(&mut Tx, &Ctx, &Seal, Person) -> Result<Vec<Part>, Fault> + Send + Sync>;

/// One kind of thing that is held about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name in a file: `contact`, `messages` …
    pub key: &'static str,
    /// As people read it.
    pub title: Both,
    /// The kind ([`Keeping`]) by whose rule it is kept; none: no rule of retention lets it go.
    pub keeping: Option<&'static str>,
    /// The records, each with what it says.
    pub records: Vec<Vec<Said>>,
}

/// One thing a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its name in a file.
    pub key: &'static str,
    /// As people read it.
    pub label: Both,
    /// What it says.
    pub text: String,
}

impl Said {
    /// One thing; nothing where there is no text.
    pub fn some(key: &'static str, label: Both, text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        (!text.is_empty()).then_some(Self { key, label, text })
    }
}
