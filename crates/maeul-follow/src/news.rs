//! What of a change is worth telling: how a public case stands against how it stood.

use jiff::{SignedDuration, Timestamp};
use maeul_cases::Outcome;
use maeul_public::PublicState;
use maeul_public::read::PublicCase;

use crate::wish::What;
pub use crate::words::Kind;

/// What came in longer ago is no news when it becomes public: an office that opens a service does not
/// write to everybody about its past. Seven days.
pub const FRESH: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How a public case stands, as far as it is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub state: PublicState,
    /// How it was answered.
    pub outcome: Option<Outcome>,
    /// How often it was opened again.
    pub reopened: i32,
    /// When an answer is due.
    pub due_at: Option<Timestamp>,
    /// Its summary can be read.
    pub with_text: bool,
}

impl Standing {
    /// Of a case as everybody sees it.
    pub fn of(case: &PublicCase) -> Self {
        Self {
            state: case.picture.state,
            outcome: case.picture.outcome,
            reopened: case.picture.reopened,
            due_at: case.picture.due_at,
            with_text: case.text.is_some(),
        }
    }
}

/// What happened between the two, if it is worth telling; of several things the one people wait for.
pub fn between(
    before: Option<&Standing>,
    after: &Standing,
    received_at: Timestamp,
    now: Timestamp,
) -> Option<Kind> {
    let Some(before) = before else {
        return (now.duration_since(received_at) <= FRESH).then_some(match after.state {
            PublicState::Answered => Kind::Answered,
            PublicState::Received | PublicState::Working => Kind::New,
        });
    };
    let answered = after.state == PublicState::Answered;
    if answered && (before.state != PublicState::Answered || before.outcome != after.outcome) {
        Some(Kind::Answered)
    } else if after.reopened > before.reopened && !answered {
        Some(Kind::Reopened)
    } else if (before.state, after.state) == (PublicState::Received, PublicState::Working) {
        Some(Kind::Begun)
    } else if !answered && before.due_at != after.due_at && after.due_at.is_some() {
        Some(Kind::DueMoved)
    } else if after.with_text && !before.with_text {
        Some(Kind::Summary)
    } else {
        None
    }
}

/// Whether those who follow `what` are told of it. Who follows one case hears every step; who follows
/// a place hears what is new, how it ended, and what it was about.
pub const fn concerns(kind: Kind, what: &What, with_words: bool) -> bool {
    match what {
        What::Case(_) => true,
        What::Dong(_) | What::Place { .. } | What::All => match kind {
            Kind::New | Kind::Answered | Kind::Reopened => true,
            // Words can only be found once they are published.
            Kind::Summary => with_words,
            Kind::Begun | Kind::DueMoved => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing() -> Standing {
        Standing {
            state: PublicState::Received,
            outcome: None,
            reopened: 0,
            due_at: Some("2026-06-15T09:00:00Z".parse().unwrap()),
            with_text: false,
        }
    }

    #[test]
    fn what_is_told_of_a_change() {
        let (now, old): (Timestamp, Timestamp) =
            ("2026-06-10T00:00:00Z".parse().unwrap(), "2026-05-10T00:00:00Z".parse().unwrap());
        let fresh = standing();
        let working = Standing { state: PublicState::Working, ..standing() };
        let moved = Standing { due_at: Some(now), ..working.clone() };
        let shown = Standing { with_text: true, ..working.clone() };
        let done = Standing {
            state: PublicState::Answered,
            outcome: Some(Outcome::Done),
            with_text: true,
            ..standing()
        };
        let refused = Standing { outcome: Some(Outcome::Refused), ..done.clone() };
        let again = Standing { state: PublicState::Working, reopened: 1, ..done.clone() };
        let hidden = Standing { with_text: false, ..done.clone() };
        for (name, before, after, received, expected) in [
            ("first seen", None, &fresh, now, Some(Kind::New)),
            ("first seen at its end", None, &done, now, Some(Kind::Answered)),
            ("first seen long after", None, &fresh, old, None),
            ("as before", Some(&fresh), &fresh, now, None),
            ("taken", Some(&fresh), &working, now, Some(Kind::Begun)),
            ("another due time", Some(&working), &moved, now, Some(Kind::DueMoved)),
            ("its words", Some(&working), &shown, now, Some(Kind::Summary)),
            ("its words are taken back", Some(&done), &hidden, now, None),
            ("answered, with its words", Some(&working), &done, old, Some(Kind::Answered)),
            ("answered otherwise", Some(&done), &refused, now, Some(Kind::Answered)),
            ("opened again", Some(&done), &again, now, Some(Kind::Reopened)),
        ] {
            assert_eq!(between(before, after, received, now), expected, "{name}");
        }
    }
}
