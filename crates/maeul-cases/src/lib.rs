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
pub use due::Due;
pub use event::{Answer, Event, Recorded, Signature, TransferStep, Transferred};
pub use hours::working_minutes;
pub use id::ImportId;
pub use knowledge::{Knowledge, KnowledgeCache, Settings};
pub use locate::{PlaceInput, PlaceRefusal};
pub use number::{CaseNumber, WrongNumber};
pub use place::Place;
pub use refusal::CaseRefusal;
pub use service::{Answers, Choice, Question, Service};
pub use store::{Import, NumberLease, PhotoBytes, PhotoOf, PhotoSize, PhotoView};
pub use words::{
    Bilingual, Channel, DataType, Outcome, PartyKind, PetitionKind, Prefers, Publicity, State,
    Visibility,
};

use maeul_db::{Migration, migration};

/// The tables of this room.
pub const MIGRATIONS: &[Migration] = &[
    migration!("cases", "0001_cases"),
    migration!("cases", "0002_search", pair),
    migration!("cases", "0003_open311"),
    migration!("cases", "0004_routing"),
    migration!("cases", "0005_groups"),
    migration!("cases", "0006_import"),
];
