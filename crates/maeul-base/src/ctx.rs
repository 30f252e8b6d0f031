//! The context of one request or job: whose office, who acts, when, in which language.

use jiff::Timestamp;

use crate::id::TypedId;
use crate::{Actor, Ids, Lang, OfficeId};

/// Comes first in every act, beside the transaction.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The office whose rows are touched.
    pub office: OfficeId,
    /// Who acts.
    pub actor: Actor,
    /// The reader's language.
    pub lang: Lang,
    /// When: one instant for the whole act.
    pub now: Timestamp,
    /// Where new ids come from.
    pub ids: Ids,
}

impl Ctx {
    /// A new id of this moment.
    pub fn id<I: TypedId>(&self) -> I {
        self.ids.next(self.now)
    }

    /// Today's date in Seoul.
    pub fn today(&self) -> jiff::civil::Date {
        crate::seoul::date(self.now)
    }
}
