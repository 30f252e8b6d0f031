//! How many cases each queue holds: from sums, never by looking at cases.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maeul_base::{Ctx, Fault, OfficeId};
use maeul_db::Tx;
use uuid::Uuid;

use crate::knowledge::Knowledge;
use crate::permissions::{CASES_SEE, COORDINATE};
use crate::reach::Reach;
use crate::store::{NO_DAY, Sum, Whose, sums};
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

/// The cases of the reader's units, or of the office where they see all of it, as sums. What lies in
/// a 동 is not kept as a sum: it is found by looking, and only when asked for.
fn theirs(tx: &mut Tx, ctx: &Ctx, sees: &Reach) -> Result<Vec<Sum>, Fault> {
    if sees.is_office() {
        return sums(tx, ctx.office, Whose::All);
    }
    let mut found = Vec::new();
    for unit in sees.units() {
        found.extend(sums(tx, ctx.office, Whose::Unit(*unit))?);
    }
    Ok(found)
}

/// The numbers for the acting member of staff.
pub fn counts(tx: &mut Tx, ctx: &Ctx, know: &Knowledge) -> Result<QueueCounts, Fault> {
    let sees = Reach::of(ctx, know, &CASES_SEE);
    let Some((staff, _)) = ctx.actor.staff().filter(|_| !sees.is_nothing()) else {
        return Ok(QueueCounts::default());
    };
    let open = |sum: &Sum| sum.state.is_open();
    let mine = sums(tx, ctx.office, Whose::Officer(staff))?;
    // Only units are in the sums: who sees by 동 or by assignment sees all that is assigned to them.
    let by_unit = sees.is_by_unit_alone();
    let seen = |sum: &&Sum| !by_unit || sees.units().iter().any(|unit| unit.0 == sum.unit);
    let mine = mine.iter().filter(|sum| open(sum)).filter(seen).map(|sum| sum.n).sum();
    let mut of_unit = theirs(tx, ctx, &sees)?;
    of_unit.retain(open);
    let today = ctx.today();
    let coordinates = ctx.actor.may(&COORDINATE);
    let total = |wanted: &dyn Fn(&Sum) -> bool| {
        of_unit.iter().filter(|sum| wanted(sum)).map(|sum| sum.n).sum::<i64>()
    };
    Ok(QueueCounts {
        mine,
        unit: total(&|_| true),
        unassigned: total(&|sum| {
            if coordinates { sum.unit == Uuid::nil() } else { sum.assignee == Uuid::nil() }
        }),
        due_today: total(&|sum| sum.due_on == today),
        overdue: total(&|sum| sum.due_on < today),
        approval: total(&|sum| sum.state == State::Approval),
    })
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
    let mut added: BTreeMap<(State, Date), i64> = BTreeMap::new();
    for sum in theirs(tx, ctx, &Reach::of(ctx, know, &CASES_SEE))? {
        *added.entry((sum.state, sum.due_on)).or_default() += sum.n;
    }
    Ok(added
        .into_iter()
        .map(|((state, day), n)| Figure { state, due_on: (day != NO_DAY).then_some(day), n })
        .collect())
}

/// How many cases of an office are open, and how many of those are overdue on that day.
pub fn open_and_overdue(tx: &mut Tx, office: OfficeId, today: Date) -> Result<(i64, i64), Fault> {
    let mut open = sums(tx, office, Whose::All)?;
    open.retain(|sum| sum.state.is_open());
    let total = open.iter().map(|sum| sum.n).sum();
    let overdue = open.iter().filter(|sum| sum.due_on < today).map(|sum| sum.n).sum();
    Ok((total, overdue))
}

/// How many services residents can choose.
pub fn services_offered(tx: &mut Tx, office: OfficeId) -> Result<usize, Fault> {
    Ok(crate::store::services(tx, office)?.iter().filter(|service| service.active).count())
}
