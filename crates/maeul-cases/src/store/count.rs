//! What the queues hold, kept as small changes that a job adds up: intake never waits for a sum.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use maeul_base::{Ctx, Fault, OfficeId};
use maeul_db::{Tx, args, row};
use uuid::Uuid;

use crate::case::Case;
use crate::outbox;
use crate::words::State;

/// How many changes are folded in one transaction.
const FOLD: i64 = 5_000;

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CountKey {
    pub(crate) unit: Uuid,
    pub(crate) assignee: Uuid,
    pub(crate) state: State,
    pub(crate) due_on: Date,
}

/// The day that stands for "no due day".
pub(crate) const NO_DAY: Date = Date::constant(9999, 12, 31);

impl CountKey {
    /// The key of a case. Answered cases are only counted by unit: their officer and day no
    /// longer sort them.
    pub(crate) fn of(case: &Case) -> Self {
        let unit = key(case.unit);
        if case.state.is_open() {
            Self {
                unit,
                assignee: key(case.assignee),
                state: case.state,
                due_on: case.due.as_ref().map_or(NO_DAY, |due| due.on),
            }
        } else {
            Self { unit, assignee: Uuid::nil(), state: case.state, due_on: NO_DAY }
        }
    }
}

fn key(id: Option<impl Into<Uuid>>) -> Uuid {
    id.map_or_else(Uuid::nil, Into::into)
}

/// Writes the change a case's move from one key to another makes.
pub(crate) fn record_change(
    tx: &mut Tx,
    ctx: &Ctx,
    before: Option<&Case>,
    after: &Case,
) -> Result<(), Fault> {
    let (was, is) = (before.map(CountKey::of), CountKey::of(after));
    if was == Some(is) {
        return Ok(());
    }
    for (key, n) in was.into_iter().map(|key| (key, -1)).chain([(is, 1)]) {
        let id: maeul_base::JobId = ctx.id();
        tx.insert(
            "INSERT INTO cases_count_delta (office_id, id, unit_id, assignee_id, state, due_on, n)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            args![ctx.office, id, key.unit, key.assignee, key.state, key.due_on, n],
        )?;
        // Ids end in chance: one change in so many asks for the fold, and nobody has to count them.
        if id.0.as_bytes().last().is_some_and(|last| *last == 0) {
            outbox::fold(tx, ctx)?;
        }
    }
    Ok(())
}

row! {
    /// One sum.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) struct Sum {
        pub(crate) unit: Uuid,
        pub(crate) assignee: Uuid,
        pub(crate) state: State,
        pub(crate) due_on: Date,
        pub(crate) n: i64,
    }
}

/// The sums of one office as they were last folded, kept in memory until they are folded again; with
/// the revision they are of.
#[derive(Debug, Default)]
pub(crate) struct Folded(Mutex<Option<Kept>>);

type Kept = (i64, Arc<[Sum]>);

impl Folded {
    /// The sums this transaction sees.
    fn sums(&self, tx: &mut Tx, office: OfficeId) -> Result<Arc<[Sum]>, Fault> {
        let revision = revision(tx, office)?;
        if let Some((_, sums)) = self.kept().as_ref().filter(|(kept, _)| *kept == revision) {
            return Ok(Arc::clone(sums));
        }
        let read: Vec<Sum> = tx.all(
            "SELECT unit_id, assignee_id, state, due_on, n FROM cases_count WHERE office_id = $1",
            args![office],
        )?;
        let read: Arc<[Sum]> = read.into();
        let mut kept = self.kept();
        // An older snapshot does not put out what a newer one saw.
        if kept.as_ref().is_none_or(|(kept, _)| *kept < revision) {
            *kept = Some((revision, Arc::clone(&read)));
        }
        Ok(read)
    }

    fn kept(&self) -> MutexGuard<'_, Option<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How often the office's sums were folded.
fn revision(tx: &mut Tx, office: OfficeId) -> Result<i64, Fault> {
    let found: Option<(i64,)> =
        tx.get("SELECT revision FROM cases_folded WHERE office_id = $1", args![office])?;
    Ok(found.map_or(0, |(revision,)| revision))
}

/// The cases of an office as sums: what was folded, and each change since. A key may come more than
/// once, and with a number below zero; together they are right.
pub(crate) struct Sums {
    folded: Arc<[Sum]>,
    since: Vec<Sum>,
}

impl Sums {
    /// Those this transaction sees.
    pub(crate) fn load(tx: &mut Tx, office: OfficeId, folded: &Folded) -> Result<Self, Fault> {
        let since = tx.all(
            "SELECT unit_id, assignee_id, state, due_on, CAST(n AS bigint)
               FROM cases_count_delta WHERE office_id = $1",
            args![office],
        )?;
        Ok(Self { folded: folded.sums(tx, office)?, since })
    }

    /// Each of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Sum> {
        self.folded.iter().chain(&self.since)
    }
}

/// Adds changes to the sums; how many changes were folded.
pub(crate) fn fold(tx: &mut Tx, office: OfficeId) -> Result<usize, Fault> {
    let ids: Vec<(Uuid,)> = tx.all(
        "SELECT id FROM cases_count_delta WHERE office_id = $1 ORDER BY id LIMIT $2",
        args![office, FOLD],
    )?;
    let Some((last,)) = ids.last().copied() else { return Ok(0) };
    // An id made earlier may be committed later; it is then simply folded the next time, because
    // exactly the rows seen by this transaction are summed and deleted.
    let sums: Vec<Sum> = tx.all(
        "SELECT unit_id, assignee_id, state, due_on, CAST(sum(n) AS bigint) AS n
           FROM cases_count_delta WHERE office_id = $1 AND id <= $2
          GROUP BY unit_id, assignee_id, state, due_on",
        args![office, last],
    )?;
    tx.exec_count(
        "DELETE FROM cases_count_delta WHERE office_id = $1 AND id <= $2",
        args![office, last],
        u64::try_from(ids.len()).unwrap_or(u64::MAX),
    )?;
    let sets: Vec<_> = sums
        .iter()
        .map(|sum| args![office, sum.unit, sum.assignee, sum.state, sum.due_on, sum.n])
        .collect();
    tx.exec_many(
        "INSERT INTO cases_count (office_id, unit_id, assignee_id, state, due_on, n)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (office_id, unit_id, assignee_id, state, due_on)
         DO UPDATE SET n = cases_count.n + excluded.n",
        sets,
    )?;
    tx.exec("DELETE FROM cases_count WHERE office_id = $1 AND n = 0", args![office])?;
    tx.exec_one(
        "INSERT INTO cases_folded (office_id, revision) VALUES ($1, 1)
         ON CONFLICT (office_id) DO UPDATE SET revision = cases_folded.revision + 1",
        args![office],
    )?;
    Ok(ids.len())
}
