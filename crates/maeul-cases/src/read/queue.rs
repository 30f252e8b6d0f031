//! The queues of the staff: open cases, what is due first on top.

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{CaseId, Ctx, Cursor, DongCode, Fault, Page, StaffId, UnitId};
use maeul_db::{Sql, Tx, args, row};

use crate::knowledge::Knowledge;
use crate::permissions::{CASES_SEE, COORDINATE};
use crate::reach::{OF_CASES, Reach};
use crate::store::never;
use crate::words::{Channel, State};

/// A queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// 내 업무: the officer's own.
    Mine,
    /// 우리 과: the unit's.
    Unit,
    /// 우리 동: what lies in the 동 that the reader sees, whoever works it.
    Dong,
    /// 미배정: of the unit, without an officer; the coordinator's: without a unit.
    Unassigned,
    /// 오늘까지: due today.
    DueToday,
    /// 기한 지남: due before today.
    Overdue,
    /// 승인 대기: answers waiting for approval.
    Approval,
    /// The unit's open cases in that state: what stands behind a figure.
    InState(State),
    /// The unit's open cases due that day, or without a due day.
    DueOn(Option<Date>),
}

impl Queue {
    /// Those with a name of their own, in the order of the page.
    pub const ALL: [Self; 7] = [
        Self::Mine,
        Self::Unit,
        Self::Dong,
        Self::Unassigned,
        Self::DueToday,
        Self::Overdue,
        Self::Approval,
    ];

    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Unit => "unit",
            Self::Dong => "dong",
            Self::Unassigned => "unassigned",
            Self::DueToday => "due-today",
            Self::Overdue => "overdue",
            Self::Approval => "approval",
            Self::InState(_) => "in-state",
            Self::DueOn(_) => "due-on",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.as_str() == name)
    }
}

/// A case in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueRow {
    /// Its id.
    pub id: CaseId,
    /// The receipt number.
    pub number: String,
    /// In a few words.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// By which way it came.
    pub channel: Channel,
    /// The service's code.
    pub service: Option<String>,
    /// The 동.
    pub dong: Option<DongCode>,
    /// The unit.
    pub unit: Option<UnitId>,
    /// The officer.
    pub assignee: Option<StaffId>,
    /// The officer's name.
    pub assignee_name: Option<String>,
    /// When it came in.
    pub received_at: Timestamp,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// The day it is due.
    pub due_on: Option<Date>,
    /// Whether it came without a name.
    pub anonymous: bool,
    /// How many joined in.
    pub followers: i32,
    /// How many photos.
    pub photos: i32,
    /// How often it was opened again.
    pub reopened: i32,
    /// Its version, for acts on it.
    pub version: i64,
    /// The last rating.
    pub satisfaction: Option<i32>,
    /// Whether its due time has passed and an answer is owed: to the minute.
    pub overdue: bool,
}

row! {
    pub(crate) struct Line {
        pub(crate) id: CaseId,
        number: String,
        title: String,
        pub(crate) state: State,
        channel: Channel,
        service: Option<String>,
        pub(crate) dong: Option<DongCode>,
        pub(crate) unit: Option<UnitId>,
        pub(crate) assignee: Option<StaffId>,
        pub(crate) received_at: Timestamp,
        pub(crate) due_at: Timestamp,
        due_on: Option<Date>,
        anonymous: bool,
        followers: i32,
        photos: i32,
        reopened: i32,
        version: i64,
        satisfaction: Option<i32>,
    }
}

pub(crate) const LINE: &str = "id, number, title, state, channel, service_code, dong_code,
    unit_id, assignee_id, received_at, due_at, due_on, anonymous, followers, photos, reopened,
    version, satisfaction";

impl Line {
    pub(crate) fn view(self, names: &[(StaffId, String)], now: Timestamp) -> QueueRow {
        let due_at = (self.due_at < never()).then_some(self.due_at);
        let name = |id| names.iter().find(|(staff, _)| *staff == id).map(|(_, name)| name.clone());
        QueueRow {
            assignee_name: self.assignee.and_then(name),
            overdue: self.state.is_open() && due_at.is_some_and(|due| due < now),
            due_at,
            id: self.id,
            number: self.number,
            title: self.title,
            state: self.state,
            channel: self.channel,
            service: self.service,
            dong: self.dong,
            unit: self.unit,
            assignee: self.assignee,
            received_at: self.received_at,
            due_on: self.due_on,
            anonymous: self.anonymous,
            followers: self.followers,
            photos: self.photos,
            reopened: self.reopened,
            version: self.version,
            satisfaction: self.satisfaction,
        }
    }
}

/// The names of the officers in these lines.
pub(crate) fn officer_names<'a>(
    tx: &mut Tx,
    ctx: &Ctx,
    lines: impl IntoIterator<Item = &'a Line>,
) -> Result<Vec<(StaffId, String)>, Fault> {
    let ids = lines.into_iter().filter_map(|line| line.assignee);
    maeul_people::staff_names(tx, ctx.office, ids)
}

/// One page of a queue for the acting member of staff: of what they may see.
pub fn queue(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    queue: Queue,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<QueueRow>, Fault> {
    let sees = Reach::of(ctx, know, &CASES_SEE);
    let Some((staff, _)) = ctx.actor.staff().filter(|_| !sees.is_nothing()) else {
        return Ok(Page { rows: Vec::new(), next: None });
    };
    let mut sql = Sql::new(
        &format!("SELECT {LINE} FROM cases_case WHERE office_id = ? AND state <> 'closed'"),
        args![ctx.office],
    );
    let coordinates = ctx.actor.may(&COORDINATE);
    filter(&mut sql, queue, (staff, &sees, coordinates), ctx.today());
    if let Some(after) = after {
        sql.add(" AND (due_at, id) > (?, ?)", args![after.at, after.id]);
    }
    sql.add(" ORDER BY due_at, id LIMIT ?", args![limit + 1]);
    let lines: Vec<Line> = tx.all(sql.text(), sql.args())?;
    let names = officer_names(tx, ctx, &lines)?;
    let page = Page::from_rows(lines, limit, |line| Cursor { at: line.due_at, id: line.id.0 });
    let rows = page.rows.into_iter().map(|line| line.view(&names, ctx.now)).collect();
    Ok(Page { rows, next: page.next })
}

fn filter(
    sql: &mut Sql,
    queue: Queue,
    (staff, sees, coordinates): (StaffId, &Reach, bool),
    today: Date,
) {
    match queue {
        Queue::Mine => {
            sql.add(" AND assignee_id = ?", args![staff]);
            // What was left behind in another unit is no longer theirs to know.
            sees.narrow(sql, OF_CASES);
        }
        Queue::Dong => {
            sql.and_in("dong_code", sees.dongs());
        }
        Queue::Unassigned if coordinates => {
            sql.add(" AND unit_id IS NULL", []);
        }
        // Who sees the whole office has no unit of cases: theirs are all.
        _ if sees.is_office() => {}
        _ => {
            sql.and_in("unit_id", sees.units());
        }
    }
    match queue {
        Queue::Mine | Queue::Unit | Queue::Dong => {}
        Queue::Unassigned if coordinates => {}
        Queue::Unassigned => {
            sql.add(" AND assignee_id IS NULL", []);
        }
        Queue::DueToday => {
            sql.add(" AND due_on = ?", args![today]);
        }
        Queue::Overdue => {
            sql.add(" AND due_on < ?", args![today]);
        }
        Queue::Approval => {
            sql.add(" AND state = ?", args![State::Approval]);
        }
        Queue::InState(state) => {
            sql.add(" AND state = ?", args![state]);
        }
        Queue::DueOn(Some(day)) => {
            sql.add(" AND due_on = ?", args![day]);
        }
        Queue::DueOn(None) => {
            sql.add(" AND due_on IS NULL", []);
        }
    }
}
