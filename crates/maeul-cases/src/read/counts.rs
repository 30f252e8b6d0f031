//! How many cases each queue holds: from sums, never by looking at cases.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maeul_base::{Ctx, Fault, OfficeId};
use maeul_db::Tx;

use crate::knowledge::Knowledge;
use crate::permissions::{CASES_SEE, COORDINATE};
use crate::reach::Reach;
use crate::store::{Folded, NO_DAY, Sum, Sums};
use crate::words::State;

/// The numbers beside the queues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// 내 업무
    pub mine: i64,
    /// 우리 과
    pub unit: i64,
    /// 미배정
    pub unassigned: i64,
    /// 오늘까지
    pub due_today: i64,
    /// 기한 지남
    pub overdue: i64,
    /// 승인 대기
    pub approval: i64,
}

/// The sums of what the reader sees: of their units, or of the office where they see all of it. What
/// lies in a 동 is not kept as a sum: it is found by looking, and only when asked for.
fn sees(sees: &Reach, sum: &Sum) -> bool {
    sees.is_office() || sees.units().iter().any(|unit| unit.0 == sum.unit)
}

/// The numbers for the acting member of staff.
pub fn counts(tx: &mut Tx, ctx: &Ctx, know: &Knowledge) -> Result<QueueCounts, Fault> {
    let reach = Reach::of(ctx, know, &CASES_SEE);
    let Some((staff, _)) = ctx.actor.staff().filter(|_| !reach.is_nothing()) else {
        return Ok(QueueCounts::default());
    };
    // Only units are in the sums: who sees by 동 or by assignment sees all that is assigned to them.
    let by_unit = reach.is_by_unit_alone();
    let today = ctx.today();
    let coordinates = ctx.actor.may(&COORDINATE);
    let mut counts = QueueCounts::default();
    for sum in know.sums(tx)?.iter().filter(|sum| sum.state.is_open()) {
        let theirs = sees(&reach, sum);
        let add = |number: &mut i64, counted: bool| {
            if counted {
                *number += sum.n;
            }
        };
        add(&mut counts.mine, sum.assignee == staff.0 && (!by_unit || theirs));
        let waits = if coordinates { sum.unit.is_nil() } else { sum.assignee.is_nil() };
        add(&mut counts.unit, theirs);
        add(&mut counts.unassigned, theirs && waits);
        add(&mut counts.due_today, theirs && sum.due_on == today);
        add(&mut counts.overdue, theirs && sum.due_on < today);
        add(&mut counts.approval, theirs && sum.state == State::Approval);
    }
    Ok(counts)
}

/// How many cases of the reader's units stand in one state and are due on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The state.
    pub state: State,
    /// The day; none for those without one, and for answered cases.
    pub due_on: Option<Date>,
    /// How many.
    pub n: i64,
}

/// The figures of the reader's units, from the same sums as the queues' numbers.
pub fn figures(tx: &mut Tx, ctx: &Ctx, know: &Knowledge) -> Result<Vec<Figure>, Fault> {
    let reach = Reach::of(ctx, know, &CASES_SEE);
    let mut added: BTreeMap<(State, Date), i64> = BTreeMap::new();
    for sum in know.sums(tx)?.iter().filter(|sum| sees(&reach, sum)) {
        *added.entry((sum.state, sum.due_on)).or_default() += sum.n;
    }
    Ok(added
        .into_iter()
        .filter(|(_, n)| *n != 0)
        .map(|((state, day), n)| Figure { state, due_on: (day != NO_DAY).then_some(day), n })
        .collect())
}

/// How many cases of an office are open, and how many of those are overdue on that day.
pub fn open_and_overdue(tx: &mut Tx, office: OfficeId, today: Date) -> Result<(i64, i64), Fault> {
    let sums = Sums::load(tx, office, &Folded::default())?;
    let open = || sums.iter().filter(|sum| sum.state.is_open());
    let total = open().map(|sum| sum.n).sum();
    let overdue = open().filter(|sum| sum.due_on < today).map(|sum| sum.n).sum();
    Ok((total, overdue))
}

/// How many services residents can choose.
pub fn services_offered(tx: &mut Tx, office: OfficeId) -> Result<usize, Fault> {
    Ok(crate::store::services(tx, office)?.iter().filter(|service| service.active).count())
}
