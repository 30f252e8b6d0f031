//! Events without what people wrote.

use crate::event::{Answer, Event};
use crate::words::Bilingual;

/// What stands where a title stood.
pub const PURGED_TITLE: &str = "[지운 글 · purged]";

impl Event {
    /// The event without any text that a person wrote. Kinds, times, services, units, outcomes and
    /// due times stay; so do points, which the map's figures stand on.
    #[must_use]
    pub fn without_words(self) -> Self {
        match self {
            Self::Received(mut it) => {
                PURGED_TITLE.clone_into(&mut it.title);
                it.body.clear();
                it.answers.clear();
                it.place.text.clear();
                it.client_key = None;
                Self::Received(it)
            }
            Self::Noted { .. } => Self::Noted { text: String::new() },
            Self::Asked { .. } => Self::Asked { text: String::new() },
            Self::Replied { party, .. } => Self::Replied { party, text: String::new() },
            Self::Drafted { answer } => Self::Drafted { answer: bare(answer) },
            Self::Returned { .. } => Self::Returned { reason: String::new() },
            Self::Answered(mut it) => {
                it.answer = bare(it.answer);
                it.letter.clear();
                Self::Answered(it)
            }
            Self::Reopened(mut it) => {
                it.reason.clear();
                Self::Reopened(it)
            }
            Self::Reassigned(mut it) => {
                it.reason.clear();
                Self::Reassigned(it)
            }
            Self::Relocated(mut it) => {
                it.from.text.clear();
                it.to.text.clear();
                it.reason.clear();
                Self::Relocated(it)
            }
            Self::Reclassified(mut it) => {
                it.reason.clear();
                Self::Reclassified(it)
            }
            Self::Rated { party, score, .. } => Self::Rated { party, score, text: String::new() },
            Self::DueRecomputed(mut it) => {
                it.reason = Bilingual::default();
                Self::DueRecomputed(it)
            }
            Self::Brought(mut it) => {
                it.fields.clear();
                if let Some(end) = &mut it.end {
                    end.answer.clear();
                }
                Self::Brought(it)
            }
            Self::Transferred(mut it) => {
                it.reason.clear();
                Self::Transferred(it)
            }
            Self::Told(mut it) => {
                it.text.clear();
                Self::Told(it)
            }
            it @ (Self::Routed { .. }
            | Self::Followed { .. }
            | Self::Taken { .. }
            | Self::Assigned { .. }
            | Self::Submitted
            | Self::PhotoAdded { .. }
            | Self::Joined(_)
            | Self::Parted(_)
            | Self::Purged(_)) => it,
        }
    }
}

/// An answer's outcome and day without its words.
fn bare(answer: Answer) -> Answer {
    Answer { result: String::new(), reason: String::new(), remedy: String::new(), ..answer }
}
