//! Cases: a resident's report is received, located, routed to a unit, runs against the statutory
//! clock, is worked and answered, and the resident follows it to the end.
//!
//! Reading order: [`words`] and [`event`] say what there is, [`case`] how events add up, [`act`]
//! what can be done, [`read`] what is shown, [`jobs`] what happens by itself.

pub mod advise;
pub mod case;
pub mod contact;
pub mod disclosure;
pub mod due;
pub mod event;
mod event_purge;
pub mod number;
pub mod permissions;
pub mod personal;
pub mod place;
pub mod service;
pub mod template;
pub mod texts;
pub mod words;

mod hours;
mod id;
mod locate;
mod notify;
mod outbox;
mod place_load;
mod routing;
mod store;

pub mod knowledge;
pub mod media;
pub mod reach;
pub mod refusal;

pub mod act;
pub mod read;

pub mod import;
pub mod jobs;

pub mod web;

#[doc(hidden)]
pub mod testing;

pub use advise::{Advice, AdviceSource, Candidate, OwnModel};
pub use case::Case;
pub use contact::{Contact, ContactInput, ContactRefusal};
pub use due::{Due, ExplainedDue};
pub use event::{Answer, Event, Purged, Recorded, Signature, TransferStep, Transferred};
pub use hours::working_minutes;
pub use id::ImportId;
pub use knowledge::{Knowledge, KnowledgeCache, Settings};
pub use locate::{PlaceInput, PlaceRefusal};
pub use number::{CaseNumber, WrongNumber};
pub use place::Place;
pub use reach::{Reach, ReachColumns};
pub use refusal::CaseRefusal;
pub use service::{Answers, Choice, Question, Service};
pub use store::{Import, NumberLease, PhotoBytes, PhotoOf, PhotoSize, PhotoView};
pub use words::{
    Bilingual, Channel, DataType, Outcome, PartyKind, PetitionKind, Prefers, Publicity, State,
    Visibility,
};

use maeul_db::{BytesColumn, Migration, migration};

/// What each column of bytes holds: the sealed ones are sealed again when a new key is taken into use.
pub const BYTES: &[BytesColumn] = &[
    BytesColumn::sealed("cases_party", "name", "id"),
    BytesColumn::sealed("cases_party", "phone", "id"),
    BytesColumn::sealed("cases_party", "email", "id"),
    BytesColumn::hash("cases_party", "phone_hash"),
    BytesColumn::hash("cases_party", "email_hash"),
    BytesColumn::hash("cases_access", "token_hash"),
    BytesColumn::hash("cases_code", "code_hash"),
    BytesColumn::sealed("cases_draft", "body", "id"),
    BytesColumn::hash("cases_photo", "sha256"),
    BytesColumn::open(
        "cases_photo",
        "thumb",
        "a photo, re-encoded without metadata; the disk under it is to be encrypted",
    ),
    BytesColumn::open(
        "cases_photo",
        "bytes",
        "a photo, re-encoded without metadata; the disk under it is to be encrypted",
    ),
    BytesColumn::sealed("cases_import", "survey", "id"),
    BytesColumn::sealed("cases_import_part", "bytes", "id"),
    BytesColumn::open("cases_routing_model", "bytes", "weights of letter groups, no text"),
];

/// The tables of this room.
pub const MIGRATIONS: &[Migration] = &[
    migration!("cases", "0001_cases"),
    migration!("cases", "0002_search", pair),
    migration!("cases", "0003_open311"),
    migration!("cases", "0004_routing"),
    migration!("cases", "0005_groups"),
    migration!("cases", "0006_search_order", pair),
    migration!("cases", "0007_import"),
    migration!("cases", "0008_dong"),
    migration!("cases", "0009_folded"),
    migration!("cases", "0010_search_quarters", pair),
    migration!("cases", "0011_unassigned"),
    migration!("cases", "0012_unassigned_alone"),
];
