//! Everything that can happen to a case. Events are only ever appended; the case is their sum.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{Actor, CaseId, DongCode, Lang, PartyId, PhotoId, StaffId, UnitId};
use serde::{Deserialize, Serialize};

use crate::due::{Due, ExplainedDue};
use crate::place::Place;
use crate::words::{Bilingual, Channel, Outcome, PetitionKind, Visibility};

/// What happened. Each variant carries all that [`crate::case::Case::apply`] needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// The case came in. Always the first event.
    Received(Box<Received>),
    /// A unit was found for it, or none: then the coordinator's queue.
    Routed {
        /// The responsible unit.
        unit: Option<UnitId>,
        /// Why this unit, for the officer.
        why: Bilingual,
    },
    /// Another resident joined in ("me too").
    Followed {
        /// The new party.
        party: PartyId,
        /// How many photos came with it.
        photos: i32,
    },
    /// An officer took it from the queue.
    Taken {
        /// Who.
        by: StaffId,
    },
    /// Given to an officer of the unit.
    Assigned {
        /// To whom.
        to: StaffId,
    },
    /// Passed to another unit, or to the coordinator (`to` is none).
    Reassigned(Box<Reassigned>),
    /// An internal note.
    Noted {
        /// What.
        text: String,
    },
    /// A question to the resident.
    Asked {
        /// The question.
        text: String,
    },
    /// The resident wrote.
    Replied {
        /// Which of the parties.
        party: PartyId,
        /// What.
        text: String,
    },
    /// An answer was drafted, or the draft changed.
    Drafted {
        /// The draft as it stands now.
        answer: Answer,
    },
    /// The draft was handed in for approval.
    Submitted,
    /// The draft came back to its officer.
    Returned {
        /// What to change.
        reason: String,
    },
    /// The answer went out.
    Answered(Box<Answered>),
    /// The case is open again.
    Reopened(Box<Reopened>),
    /// The place was corrected; the old one is kept here.
    Relocated(Box<Relocated>),
    /// It was given another service.
    Reclassified(Box<Reclassified>),
    /// A party rated the answer.
    Rated {
        /// Which party.
        party: PartyId,
        /// One (very dissatisfied) to five (very satisfied).
        score: i32,
        /// In their words.
        text: String,
    },
    /// The due time was computed again, because the days it counted on changed.
    DueRecomputed(Box<DueRecomputed>),
    /// It was brought in from another system; always after the receipt.
    Brought(Box<Brought>),
    /// A photo was added after receipt.
    PhotoAdded {
        /// Which.
        photo: PhotoId,
    },
    /// Another system told something about it.
    Told(Box<Told>),
    /// It was sent to another agency, or something became of that.
    Transferred(Box<Transferred>),
    /// It is answered together with another case.
    Joined(Tied),
    /// It is answered by itself again.
    Parted(Tied),
    /// What it held of people was taken out for good.
    Purged(Purged),
}

/// The facts of a transfer to another agency (이송).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transferred {
    /// The agency.
    pub agency: Bilingual,
    /// How far it went.
    pub step: TransferStep,
    /// Why; empty where nobody decided anything.
    pub reason: String,
}

/// How far a transfer to another agency went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum TransferStep {
    /// It was decided; the petitioner was told.
    Decided {
        /// The agency's telephone; may be empty.
        phone: String,
        /// Whether the petitioner's contact goes along.
        with_contact: bool,
        /// Working minutes since the receipt.
        held_minutes: i64,
        /// The statutory limit for a transfer to another agency, in working minutes (영13).
        limit_minutes: i64,
    },
    /// The agency has it, under a number of its own.
    Accepted {
        /// That number.
        reference: String,
    },
    /// It is ours again; the petitioner was told.
    Ended,
}

/// What was taken out of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purged {
    /// Every text.
    pub words: bool,
    /// Everybody's contact and links.
    pub contacts: bool,
    /// The photos.
    pub photos: bool,
    /// Why.
    pub reason: String,
}

/// With which case it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tied {
    /// The case.
    pub lead: CaseId,
    /// Its receipt number.
    pub number: String,
}

/// The facts of what another system told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What the system is called.
    pub by: String,
    /// Its own id of what it told.
    pub update: Option<String>,
    /// Its word for where the case stands.
    pub status: Option<String>,
    /// In words.
    pub text: String,
}

/// The facts of a receipt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Received {
    /// The receipt number.
    pub number: String,
    /// The key by which the same submission is known again.
    pub client_key: Option<String>,
    /// In a few words.
    pub title: String,
    /// In the resident's words.
    pub body: String,
    /// By which way.
    pub channel: Channel,
    /// Told by word of mouth and written down by an officer (법8 allows it for 기타민원).
    pub oral: bool,
    /// Without a name: then no statutory petition (영2).
    pub anonymous: bool,
    /// The language of the petitioner.
    pub lang: Lang,
    /// The service chosen.
    pub service: Option<String>,
    /// The answers to the service's questions, by question code.
    pub answers: BTreeMap<String, Vec<String>>,
    /// Its kind.
    pub petition_kind: PetitionKind,
    /// Where.
    pub place: Place,
    /// When it arrived.
    pub received_at: Timestamp,
    /// Its due time, where one can be computed.
    pub due: Option<ExplainedDue>,
    /// How many photos came with it.
    pub photos: i32,
    /// The petitioner.
    pub party: PartyId,
}

/// What another system knew of the case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Brought {
    /// The number it had there.
    pub reference: String,
    /// How it ended there, unless it was still open.
    pub end: Option<BroughtEnd>,
    /// All that stood in its row, by column, but for what says who somebody is.
    pub fields: BTreeMap<String, String>,
}

/// How a case ended in another system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BroughtEnd {
    /// When.
    pub at: Timestamp,
    /// How, where that is known.
    pub outcome: Option<Outcome>,
    /// What was said.
    pub answer: String,
}

/// The facts of a passing-on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reassigned {
    /// From which unit.
    pub from: Option<UnitId>,
    /// To which; none is the coordinator's queue.
    pub to: Option<UnitId>,
    /// Which unit was asked for, when a third hop went to the coordinator instead.
    pub proposed: Option<UnitId>,
    /// Why.
    pub reason: String,
    /// How many times it was passed on, this time included.
    pub hop: i32,
    /// Working minutes the giving unit held it.
    pub held_minutes: i64,
    /// The statutory limit for passing on inside the office, in working minutes (영13).
    pub limit_minutes: i64,
}

/// An answer's parts, as the officer writes them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The honest outcome.
    pub outcome: Outcome,
    /// What was done or decided.
    pub result: String,
    /// Why, where refused.
    pub reason: String,
    /// What the resident can do about it, where refused (법27: reasons and remedies).
    pub remedy: String,
    /// When it is looked at again, for a long-term review.
    pub review_on: Option<Date>,
    /// The template it began from.
    pub template: Option<String>,
}

/// Whom the resident can call (영31: unit, name, contact in every notice).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The officer's name.
    pub officer: String,
    /// The unit's name.
    pub unit: String,
    /// The telephone.
    pub phone: String,
}

/// The facts of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// Its parts.
    pub answer: Answer,
    /// Who signs.
    pub signature: Signature,
    /// The officer who wrote it.
    pub officer: StaffId,
    /// The whole letter, as sent.
    pub letter: String,
}

/// Who asked for a case to be opened again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReopenedBy {
    /// A party to it.
    Resident,
    /// A member of staff.
    Staff,
    /// The review date of a long-term answer came.
    Review,
}

/// The facts of a reopening.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reopened {
    /// By whom.
    pub by: ReopenedBy,
    /// Which party, when a resident.
    pub party: Option<PartyId>,
    /// Why.
    pub reason: String,
    /// The new due time, counted from the reopening.
    pub due: Option<ExplainedDue>,
}

/// The facts of a correction of the place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relocated {
    /// As it was.
    pub from: Place,
    /// As it is.
    pub to: Place,
    /// Why.
    pub reason: String,
}

/// The facts of a due time counted again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DueRecomputed {
    /// As it was.
    pub before: Option<Due>,
    /// As it is.
    pub after: ExplainedDue,
    /// Why, e.g. which holiday was added.
    pub reason: Bilingual,
}

/// The facts of a change of service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reclassified {
    /// The service it had.
    pub from: Option<String>,
    /// The service it has.
    pub to: Option<String>,
    /// The kind it has.
    pub petition_kind: PetitionKind,
    /// The due time it has, counted from the receipt.
    pub due: Option<ExplainedDue>,
    /// The unit it has.
    pub unit: Option<UnitId>,
    /// Why this unit.
    pub why: Bilingual,
    /// Why another service.
    pub reason: String,
}

/// The kinds of event that give a case its due time; [`due_of`] reads them.
pub(crate) const GIVE_DUE: [&str; 4] = ["received", "reopened", "reclassified", "due_recomputed"];

/// The due time a case with this history has, with every line of its count.
pub(crate) fn due_of(events: &[Recorded]) -> Option<&ExplainedDue> {
    let given = events.iter().rev().find_map(|it| match &it.event {
        Event::Received(received) => Some(received.due.as_ref()),
        Event::Reopened(reopened) => Some(reopened.due.as_ref()),
        Event::Reclassified(changed) => Some(changed.due.as_ref()),
        Event::DueRecomputed(counted) => Some(Some(&counted.after)),
        _ => None,
    });
    given.flatten()
}

impl Event {
    /// The name kept in the database.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Received(_) => "received",
            Self::Routed { .. } => "routed",
            Self::Followed { .. } => "followed",
            Self::Taken { .. } => "taken",
            Self::Assigned { .. } => "assigned",
            Self::Reassigned(_) => "reassigned",
            Self::Noted { .. } => "noted",
            Self::Asked { .. } => "asked",
            Self::Replied { .. } => "replied",
            Self::Drafted { .. } => "drafted",
            Self::Submitted => "submitted",
            Self::Returned { .. } => "returned",
            Self::Answered(_) => "answered",
            Self::Reopened(_) => "reopened",
            Self::Relocated(_) => "relocated",
            Self::Reclassified(_) => "reclassified",
            Self::Rated { .. } => "rated",
            Self::DueRecomputed(_) => "due_recomputed",
            Self::Brought(_) => "brought",
            Self::PhotoAdded { .. } => "photo_added",
            Self::Told(_) => "told",
            Self::Transferred(_) => "transferred",
            Self::Joined(_) => "joined",
            Self::Parted(_) => "parted",
            Self::Purged(_) => "purged",
        }
    }

    /// Who may see it. Notes and the making of an answer stay inside; that others follow is
    /// nobody else's business.
    pub const fn visibility(&self) -> Visibility {
        match self {
            Self::Noted { .. }
            | Self::Drafted { .. }
            | Self::Submitted
            | Self::Returned { .. }
            | Self::Followed { .. }
            | Self::Rated { .. }
            | Self::Told(_)
            | Self::Joined(_)
            | Self::Parted(_)
            | Self::Purged(_) => Visibility::Internal,
            Self::Received(_)
            | Self::Routed { .. }
            | Self::Taken { .. }
            | Self::Assigned { .. }
            | Self::Reassigned(_)
            | Self::Asked { .. }
            | Self::Replied { .. }
            | Self::Answered(_)
            | Self::Reopened(_)
            | Self::Relocated(_)
            | Self::Reclassified(_)
            | Self::DueRecomputed(_)
            | Self::Brought(_)
            | Self::PhotoAdded { .. }
            | Self::Transferred(_) => Visibility::Resident,
        }
    }

    /// The 동 a place correction leads to, for those who only care where.
    pub const fn new_dong(&self) -> Option<&DongCode> {
        match self {
            Self::Received(received) => received.place.dong.as_ref(),
            Self::Relocated(moved) => moved.to.dong.as_ref(),
            _ => None,
        }
    }
}

/// An event with its place in the case's history.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// One for the first, then without gaps; also the case's version after it.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who: `resident`, `staff` or `system`.
    pub actor_kind: String,
    /// Which member of staff.
    pub actor: Option<StaffId>,
    /// What.
    pub event: Event,
}

impl Recorded {
    /// The event done by `actor` at `at` as the case's `seq`-th.
    pub fn new(seq: i64, at: Timestamp, actor: &Actor, event: Event) -> Self {
        Self { seq, at, actor_kind: actor.kind().to_owned(), actor: actor.staff_id(), event }
    }
}
