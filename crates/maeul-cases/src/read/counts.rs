//! How many cases each queue holds: from sums, never by looking at cases.

use maeul_base::{Ctx, Fault, Role};
use maeul_db::Tx;
use uuid::Uuid;

use crate::knowledge::Knowledge;
use crate::read::Queue;
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

impl QueueCounts {
    /// The number of that queue.
    pub const fn of(&self, queue: Queue) -> i64 {
        match queue {
            Queue::Mine => self.mine,
            Queue::Unit => self.unit,
            Queue::Unassigned => self.unassigned,
            Queue::DueToday => self.due_today,
            Queue::Overdue => self.overdue,
            Queue::Approval => self.approval,
        }
    }
}

/// The numbers for the acting member of staff.
pub fn counts(tx: &mut Tx, ctx: &Ctx, know: &Knowledge) -> Result<QueueCounts, Fault> {
    let Some((staff, unit, role)) = ctx.actor.staff() else {
        return Ok(QueueCounts::default());
    };
    if role == Role::Administrator {
        return Ok(QueueCounts::default());
    }
    let open = |sum: &Sum| sum.state.is_open();
    let mine = sums(tx, ctx.office, Whose::Officer(staff))?;
    let mine = mine.iter().filter(|sum| open(sum)).map(|sum| sum.n).sum();
    let everywhere = role == Role::Coordinator;
    let mut of_unit = Vec::new();
    if everywhere {
        of_unit = sums(tx, ctx.office, Whose::All)?;
    } else {
        for around in know.units_around(unit) {
            of_unit.extend(sums(tx, ctx.office, Whose::Unit(around))?);
        }
    }
    of_unit.retain(open);
    let today = ctx.today();
    let total = |wanted: &dyn Fn(&Sum) -> bool| {
        of_unit.iter().filter(|sum| wanted(sum)).map(|sum| sum.n).sum::<i64>()
    };
    Ok(QueueCounts {
        mine,
        unit: total(&|_| true),
        unassigned: total(&|sum| {
            if everywhere { sum.unit == Uuid::nil() } else { sum.assignee == Uuid::nil() }
        }),
        due_today: total(&|sum| sum.due_on == today),
        overdue: total(&|sum| sum.due_on < today && sum.due_on != NO_DAY),
        approval: total(&|sum| sum.state == State::Approval),
    })
}
