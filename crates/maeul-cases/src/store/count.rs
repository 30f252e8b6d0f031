//! What the queues hold, kept as small changes that a job adds up: intake never waits for a sum.

use jiff::civil::Date;
use maeul_base::{Ctx, Fault, OfficeId, StaffId, UnitId};
use maeul_db::{Sql, Tx, args, row};
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

/// The cases of a unit, of an officer or of all, as sums: folded and not yet folded together.
pub(crate) fn sums(tx: &mut Tx, office: OfficeId, whose: Whose) -> Result<Vec<Sum>, Fault> {
    let mut sql =
        Sql::new("SELECT unit_id, assignee_id, state, due_on, CAST(sum(n) AS bigint) FROM (", []);
    for (table, then) in [("cases_count", " UNION ALL "), ("cases_count_delta", ") AS counted")] {
        sql.add(
            &format!(
                "SELECT unit_id, assignee_id, state, due_on, n FROM {table} WHERE office_id = ?"
            ),
            args![office],
        );
        match whose {
            Whose::All => {}
            Whose::Unit(unit) => {
                sql.add(" AND unit_id = ?", args![unit]);
            }
            Whose::Officer(staff) => {
                sql.add(" AND assignee_id = ?", args![staff]);
            }
        }
        sql.add(then, []);
    }
    sql.add(
        " GROUP BY unit_id, assignee_id, state, due_on HAVING sum(n) <> 0
          ORDER BY unit_id, assignee_id, state, due_on",
        [],
    );
    tx.all(sql.text(), sql.args())
}

/// Whose cases are summed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Whose {
    /// Everyone's.
    All,
    /// One unit's; the nil id is the coordinator's queue.
    Unit(UnitId),
    /// One officer's.
    Officer(StaffId),
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
    Ok(ids.len())
}
