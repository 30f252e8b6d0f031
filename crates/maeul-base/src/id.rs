//! Every id is its own type, so that a case can never be looked up with a unit's id.
//! The registry below is alphabetical; ids are UUID version 7 unless said otherwise.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An id that can be made from a UUID; [`crate::Ids::next`] makes any of them.
pub trait TypedId: Copy + From<Uuid> + Into<Uuid> {}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl TypedId for $name {}
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self { Self(id) }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self { id.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.simple().fmt(f) }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> { Uuid::from_str(text).map(Self) }
        }
    )*};
}

ids! {
    /// An answer template (답변 서식).
    AnswerTemplateId;
    /// A case (민원 건).
    CaseId;
    /// A report being written and not yet sent.
    DraftId;
    /// A job in the queue, or a fact on its way to another room.
    JobId;
    /// A message to a person outside: SMS, e-mail or letter.
    NoticeId;
    /// A resident who raised or follows one case.
    PartyId;
    /// A photo attached to a case or a draft.
    PhotoId;
    /// A signed-in browser.
    SessionId;
    /// A member of staff (직원).
    StaffId;
    /// A unit of the organisation: bureau, division, team or 동 (부서).
    UnitId;
}

/// An office (시·군·구): the five-digit code it had when it joined this installation.
///
/// The national code may change later (Gimje's did in 2024); this number does not, because it is
/// the first column of every key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OfficeId(pub i32);

impl fmt::Display for OfficeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The ten-digit code of a 행정동 (administrative dong), e.g. `2914057500`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DongCode(String);

impl DongCode {
    /// The ten digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DongCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for DongCode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err("a dong code has ten digits")
        }
    }
}
