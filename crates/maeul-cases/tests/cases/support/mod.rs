//! A small made-up office: two 동, five units, five services, five people, a standing clock.

mod data;
mod outbox;
mod raw;
mod world;

pub use data::*;
pub use outbox::Outbox;
pub use raw::*;
pub use world::World;

use std::fmt::Debug;

use jiff::Timestamp;
use maeul_base::{Failure, Lang, Refusal, seoul};
use maeul_cases::act::NewFollower;
use maeul_cases::{Answer, ContactInput, Outcome};
use maeul_db::Migration;

/// The tables of every room a case touches.
pub fn steps() -> Vec<Migration> {
    [
        maeul_queue::MIGRATIONS,
        maeul_org::MIGRATIONS,
        maeul_place::MIGRATIONS,
        maeul_people::MIGRATIONS,
        maeul_notice::MIGRATIONS,
        maeul_cases::MIGRATIONS,
    ]
    .concat()
}

/// The instant of a wall-clock time in Seoul.
pub fn at(text: &str) -> Timestamp {
    seoul::instant(text.parse().unwrap())
}

/// Why it was refused.
pub fn refusal<T: Debug, R: Debug>(result: Result<T, Failure<R>>) -> R {
    match result {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("this should have been refused: {other:?}"),
    }
}

/// The code of the refusal.
pub fn code_of<T: Debug, R: Refusal>(result: Result<T, Failure<R>>) -> &'static str {
    refusal(result).code()
}

/// A resident with a mobile telephone; each `n` is another person.
pub fn by_phone(n: u32) -> ContactInput {
    ContactInput {
        name: format!("길동{n}"),
        phone: format!("010-9000-{n:04}"),
        ..ContactInput::default()
    }
}

/// A resident with an e-mail address.
pub fn by_email(n: u32) -> ContactInput {
    ContactInput {
        name: format!("길순{n}"),
        email: format!("resident{n}@example.kr"),
        ..ContactInput::default()
    }
}

/// Someone who joins a case.
pub fn follower(case: maeul_base::CaseId, contact: ContactInput) -> NewFollower {
    NewFollower { case, contact, text: String::new(), lang: Lang::Ko, draft: None }
}

/// An answer that lacks nothing.
pub fn done(result: &str) -> Answer {
    Answer {
        outcome: Outcome::Done,
        result: result.to_owned(),
        reason: String::new(),
        remedy: String::new(),
        review_on: None,
        template: None,
    }
}
