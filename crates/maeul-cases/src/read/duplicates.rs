//! Likely duplicates near a place, shown before a report is sent.

use jiff::{Timestamp, ToSpan};
use maeul_base::{CaseId, Ctx, Fault};
use maeul_db::{Sql, Tx, args, row};
use maeul_language::{DuplicatePart, DuplicateScore, SameService, Sketch, duplicate_score, mask};

use crate::knowledge::Knowledge;
use crate::place::{cells_around, metres_between};
use crate::words::State;

/// The most that are shown.
const MOST_SHOWN: usize = 5;
/// The most that are looked at: the newest in the nine cells.
const MOST_READ: i64 = 300;
/// Days after which an old report says nothing about a new one.
const DAYS: i64 = 60;

/// What is about to be reported, where.
#[derive(Clone, Debug)]
pub struct Near {
    /// Latitude and longitude, degrees × 10^7.
    pub point: (i64, i64),
    /// The words so far.
    pub text: String,
    /// The service, if one was chosen.
    pub service: Option<String>,
}

/// A report that is likely about the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The case.
    pub case: CaseId,
    /// The receipt number.
    pub number: String,
    /// In a few words, personal data masked.
    pub title: String,
    /// How far, in metres.
    pub metres: u32,
    /// How likely, and why.
    pub score: DuplicateScore,
    /// When it came in.
    pub received_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// How many joined in.
    pub followers: i32,
}

row! {
    struct Line {
        id: CaseId,
        number: String,
        title: String,
        body: String,
        service: Option<String>,
        lat_e7: Option<i64>,
        lon_e7: Option<i64>,
        received_at: Timestamp,
        state: State,
        followers: i32,
    }
}

/// The likely duplicates, the likeliest first. Only open cases: an answered one cannot be joined.
pub fn duplicates(
    tx: &mut Tx,
    ctx: &Ctx,
    _know: &Knowledge,
    near: &Near,
) -> Result<Vec<Duplicate>, Fault> {
    let since = ctx.now - (DAYS * 24).hours();
    let mut sql = Sql::new(
        "SELECT id, number, title, body, service_code, lat_e7, lon_e7, received_at, state,
                followers
           FROM cases_case WHERE office_id = ? AND cell IS NOT NULL AND state <> 'closed'",
        args![ctx.office],
    );
    sql.and_in("cell", &cells_around(near.point.0, near.point.1));
    sql.add(
        " AND received_at > ? ORDER BY received_at DESC, id DESC LIMIT ?",
        args![since, MOST_READ],
    );
    let lines: Vec<Line> = tx.all(sql.text(), sql.args())?;
    let sketch = Sketch::of(&near.text);
    let mut found: Vec<Duplicate> =
        lines.into_iter().filter_map(|line| weigh(ctx, near, &sketch, line)).collect();
    found.sort_by_key(|it| (std::cmp::Reverse(it.score.score), it.metres, it.case));
    found.truncate(MOST_SHOWN);
    Ok(found)
}

fn weigh(ctx: &Ctx, near: &Near, sketch: &Sketch, line: Line) -> Option<Duplicate> {
    let point = line.lat_e7.zip(line.lon_e7)?;
    let metres = u32::try_from(metres_between(near.point, point)).ok()?;
    let days = (ctx.now.as_second() - line.received_at.as_second()).max(0) / 86_400;
    // Most of the nine cells is too far away to be read.
    if DuplicatePart::Distance(metres).factor() == 0 {
        return None;
    }
    let words = Sketch::of(&format!("{} {}", line.title, line.body));
    let service = SameService::of(near.service.as_deref(), line.service.as_deref());
    let days = u32::try_from(days).unwrap_or(u32::MAX);
    let score = duplicate_score(metres, service, sketch, &words, days);
    score.is_likely().then(|| Duplicate {
        case: line.id,
        number: line.number,
        title: mask(&line.title).text,
        metres,
        score,
        received_at: line.received_at,
        state: line.state,
        followers: line.followers,
    })
}
