//! What of a case goes into the picture that everybody may see. The one place where that is decided:
//! no SQL, no HTTP.

use jiff::Timestamp;
use maeul_base::{CaseId, DongCode, UnitId};
use maeul_cases::disclosure::{Openness, openness};
use maeul_cases::place::cell_centre;
use maeul_cases::read::open311::request_id;
use maeul_cases::read::{CaseHistory, Milestone};
use maeul_cases::{Case, Channel, Knowledge, Outcome, Publicity, State, working_minutes};

use crate::words::{Look, PublicState};

/// A step of a case, as everybody may know it.
pub type Step = (Timestamp, Milestone);

/// A case as everybody may know it.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Which case.
    pub case: CaseId,
    /// How much of it is told.
    pub level: Publicity,
    /// Its id for everybody, `2026-001234-7`; only where it is listed.
    pub id: Option<String>,
    /// The service.
    pub service: Option<String>,
    /// The 동.
    pub dong: Option<DongCode>,
    /// The responsible unit; only where it is listed.
    pub unit: Option<UnitId>,
    /// By which way it came; only where it is listed.
    pub channel: Option<Channel>,
    /// Where it stands.
    pub state: PublicState,
    /// How it was answered.
    pub outcome: Option<Outcome>,
    /// When it came in.
    pub received_at: Timestamp,
    /// When an answer is due.
    pub due_at: Option<Timestamp>,
    /// Whether the petitions act sets that time.
    pub statutory: bool,
    /// When it was answered.
    pub closed_at: Option<Timestamp>,
    /// From receipt to the last answer, in minutes of office hours.
    pub work_minutes: Option<i64>,
    /// Whether the last answer came in time; none while there is no answer or no due time.
    pub in_time: Option<bool>,
    /// The last rating, one to five.
    pub satisfaction: Option<i32>,
    /// How often it was opened again.
    pub reopened: i32,
    /// The middle of its 250 m cell, degrees × 10^7; only where it is listed and in a public place.
    pub cell: Option<(i64, i64)>,
    /// What happened; only where it is listed.
    pub steps: Vec<Step>,
    /// Where its summary stands.
    pub look: Look,
}

/// How much of the case everybody may know: what its service says of its channel.
pub fn level(know: &Knowledge, case: &Case) -> Publicity {
    let service = case.service.as_deref().and_then(|code| know.service(code));
    service.map_or(Publicity::Private, |service| service.publicity(case.channel))
}

impl Picture {
    /// The picture of a case; `look` says where its summary stands if it is one to have a summary.
    pub fn of(know: &Knowledge, history: &CaseHistory, look: Look) -> Self {
        let case = &history.case;
        let level = level(know, case);
        if level == Publicity::Private {
            return Self::nothing(case.id);
        }
        let service = case.service.as_deref().and_then(|code| know.service(code));
        let open = service.map_or(Openness::Hidden, |it| openness(it, case.channel));
        let listed = level >= Publicity::Outline && open != Openness::Hidden;
        let closed_at = case.closed_at.filter(|_| !case.state.is_open());
        let due = case.due.as_ref();
        Self {
            case: case.id,
            level: if listed { level } else { Publicity::Figures },
            id: listed.then(|| request_id(&case.number)),
            service: case.service.clone(),
            dong: case.place.dong.clone(),
            unit: case.unit.filter(|_| listed),
            channel: listed.then_some(case.channel),
            state: match case.state {
                State::Received => PublicState::Received,
                State::Working | State::Waiting | State::Approval => PublicState::Working,
                State::Closed => PublicState::Answered,
            },
            outcome: case.outcome,
            received_at: case.received_at,
            due_at: due.map(|due| due.at),
            statutory: due.is_some_and(|due| due.statutory),
            closed_at,
            work_minutes: closed_at
                .map(|closed| working_minutes(know.calendar(), case.received_at, closed)),
            in_time: closed_at.zip(due).map(|(closed, due)| closed <= due.at),
            satisfaction: case.satisfaction,
            reopened: case.reopened,
            cell: case
                .place
                .point()
                .filter(|_| listed && open == Openness::Cell)
                .map(|(lat, lon)| cell_centre(lat, lon)),
            steps: if listed { history.milestones.clone() } else { Vec::new() },
            look: if listed && level == Publicity::Summary { look } else { Look::None },
        }
    }

    /// What is left of a case that may not be known any more.
    pub const fn nothing(case: CaseId) -> Self {
        Self {
            case,
            level: Publicity::Private,
            id: None,
            service: None,
            dong: None,
            unit: None,
            channel: None,
            state: PublicState::Received,
            outcome: None,
            received_at: Timestamp::UNIX_EPOCH,
            due_at: None,
            statutory: false,
            closed_at: None,
            work_minutes: None,
            in_time: None,
            satisfaction: None,
            reopened: 0,
            cell: None,
            steps: Vec::new(),
            look: Look::None,
        }
    }

    /// Whether it is shown as a case of its own.
    pub fn is_listed(&self) -> bool {
        self.level >= Publicity::Outline
    }
}
