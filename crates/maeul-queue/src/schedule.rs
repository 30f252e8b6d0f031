//! Jobs made by the clock: each office's slot is queued once, however many servers look.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use maeul_base::{Ctx, Fault, OfficeId, seoul};
use maeul_db::{Tx, args};
use serde_json::json;

use crate::{NewJob, enqueue};

/// A job that comes round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Its name, unique in the installation, e.g. `cases.remind`.
    pub name: &'static str,
    /// The kind of job it queues; the payload is `{"slot": instant}`.
    pub kind: &'static str,
    /// How often: slots are counted from midnight in Seoul.
    pub every: SignedDuration,
    /// How long after midnight the first slot of a day begins, e.g. 3 h.
    pub after_midnight: SignedDuration,
}

impl Schedule {
    /// The latest slot that has begun by `now`.
    pub fn slot(&self, now: Timestamp) -> Timestamp {
        let midnight = seoul::instant(seoul::date(now).at(0, 0, 0, 0));
        // Counted from a fixed midnight, so that a period longer than a day keeps its rhythm.
        let origin = seoul::instant(jiff::civil::date(2024, 1, 1).at(0, 0, 0, 0));
        let begin = if self.every > SignedDuration::from_hours(24) { origin } else { midnight };
        let begin = begin + self.after_midnight;
        let every = self.every.as_secs().max(1);
        let slots = now.duration_since(begin).as_secs().div_euclid(every);
        begin + SignedDuration::from_secs(slots.saturating_mul(every))
    }
}

/// Queues the slot that has begun since the last look, if it was not queued yet; of several missed
/// slots only the latest. A schedule seen for the first time waits for its next slot.
pub fn tick(tx: &mut Tx, ctx: &Ctx, schedule: &Schedule) -> Result<bool, Fault> {
    let slot = schedule.slot(ctx.now);
    let Some(last) = last(tx, ctx.office, schedule.name)? else {
        tx.exec_one(
            "INSERT INTO queue_schedule (office_id, name, slot_at) VALUES ($1, $2, $3)",
            args![ctx.office, schedule.name, slot],
        )?;
        return Ok(false);
    };
    if last >= slot {
        return Ok(false);
    }
    tx.exec_one(
        "UPDATE queue_schedule SET slot_at = $3 WHERE office_id = $1 AND name = $2",
        args![ctx.office, schedule.name, slot],
    )?;
    let job = NewJob::now(ctx, schedule.kind, json!({ "slot": slot }));
    enqueue(tx, ctx, &job.once(format!("{}@{slot}", schedule.name)))?;
    Ok(true)
}

/// For which offices and schedules [`tick`] would do anything: one read, so that an idle server writes
/// nothing.
pub(crate) fn due(
    tx: &mut Tx,
    offices: &[OfficeId],
    now: Timestamp,
    schedules: &[Schedule],
) -> Result<Vec<(OfficeId, Schedule)>, Fault> {
    let seen: Vec<(OfficeId, String, Timestamp)> =
        tx.all("SELECT office_id, name, slot_at FROM queue_schedule", [])?;
    let seen: HashMap<(OfficeId, &str), Timestamp> =
        seen.iter().map(|(office, name, at)| ((*office, name.as_str()), *at)).collect();
    let slots: Vec<(Schedule, Timestamp)> =
        schedules.iter().map(|schedule| (*schedule, schedule.slot(now))).collect();
    let mut due = Vec::new();
    for office in offices {
        for (schedule, slot) in &slots {
            if seen.get(&(*office, schedule.name)).is_none_or(|last| last < slot) {
                due.push((*office, *schedule));
            }
        }
    }
    Ok(due)
}

fn last(tx: &mut Tx, office: OfficeId, name: &str) -> Result<Option<Timestamp>, Fault> {
    let row: Option<(Timestamp,)> = tx.get(
        "SELECT slot_at FROM queue_schedule WHERE office_id = $1 AND name = $2",
        args![office, name],
    )?;
    Ok(row.map(|(at,)| at))
}
