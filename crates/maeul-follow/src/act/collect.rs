//! What became public since the last look is compared with how it stood, and what is worth telling is
//! noted. Acts on cases do none of this: however many follow, receiving a report costs the same.

use jiff::{SignedDuration, Timestamp};
use maeul_base::{CaseId, Ctx, Cursor, Fault};
use maeul_db::Tx;
use maeul_public::read::{Change, since};

use crate::news::{Standing, between};
use crate::store::{self, Mark};

/// Changes in one transaction.
const BATCH: usize = 500;

/// A change that was long in committing can lie before the mark: each look begins so much earlier.
/// What was seen then is seen again as no change.
const BACK: SignedDuration = SignedDuration::from_secs(60);

/// What one transaction found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collected {
    /// How many changes were looked at.
    pub seen: usize,
    /// How many were worth telling.
    pub noted: usize,
    /// Where the next transaction goes on; none: that was all.
    pub next: Option<Cursor>,
}

/// Looks at some changes; `from` is where the transaction before it ended.
pub fn collect(tx: &mut Tx, ctx: &Ctx, from: Option<Cursor>) -> Result<Collected, Fault> {
    let before = store::mark(tx, ctx.office)?;
    let caught_up = before.is_some_and(|mark| mark.caught_up);
    let read = before.and_then(|mark| mark.read);
    let begin = from.or(if caught_up { read.map(back) } else { read });
    let (changes, end) = since(tx, ctx.office, begin, BATCH)?;
    // Whatever clocks say, nothing is noted before it happened, nor before what was noted earlier:
    // who follows is told what was noted after they confirmed.
    let happened = end.map_or(ctx.now, |end| end.at.max(ctx.now));
    let noted_at = before.map_or(happened, |mark| happened.max(just_after(mark.noted_at)));
    let cases: Vec<CaseId> = changes.iter().map(Change::case).collect();
    let known = store::standings(tx, ctx.office, &cases)?;
    let (mut news, mut standings) = (Vec::new(), Vec::new());
    for change in &changes {
        match change {
            Change::Gone { case, .. } => store::forget_case(tx, ctx.office, *case)?,
            Change::Shown(it) => {
                let (case, after) = (it.picture.case, Standing::of(it));
                let before = known.get(&case);
                if before == Some(&after) {
                    continue;
                }
                let kind = between(before, &after, it.picture.received_at, ctx.now);
                // What was public before anybody looked is no news.
                if let Some(kind) = kind.filter(|_| caught_up) {
                    news.push((case, kind, it.changed_at));
                }
                standings.push((case, after));
            }
        }
    }
    store::put_standings(tx, ctx.office, &standings)?;
    store::put_news(tx, ctx, &news, noted_at)?;
    let more = changes.len() == BATCH;
    let furthest = match (read, end) {
        (Some(a), Some(b)) => Some(if (a.at, a.id) < (b.at, b.id) { b } else { a }),
        (a, b) => a.or(b),
    };
    let mark = Mark {
        read: furthest,
        // An instant is only used up by news.
        noted_at: if news.is_empty() { before.map_or(ctx.now, |it| it.noted_at) } else { noted_at },
        caught_up: caught_up || !more,
    };
    if before != Some(mark) {
        store::put_mark(tx, ctx.office, mark)?;
    }
    Ok(Collected { seen: changes.len(), noted: news.len(), next: end.filter(|_| more) })
}

fn back(mark: Cursor) -> Cursor {
    Cursor { at: mark.at.checked_sub(BACK).unwrap_or(mark.at), id: uuid::Uuid::nil() }
}

fn just_after(at: Timestamp) -> Timestamp {
    at.checked_add(SignedDuration::from_micros(1)).unwrap_or(at)
}
