//! A case with its steps, for the rooms above that keep a picture of it: the whole case, so it is
//! they who must choose what of it they keep.

use std::collections::BTreeMap;

use jiff::Timestamp;
use maeul_base::{CaseId, Cursor, Fault, OfficeId, UnitId};
use maeul_db::{Json, Sql, Tx, args};
use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::event::Event;
use crate::knowledge::Knowledge;
use crate::store::{self, PhotoOf, PhotoView};
use crate::words::Outcome;

/// The kinds of events that make a [`Milestone`].
const KINDS: [&str; 9] = [
    "received",
    "taken",
    "assigned",
    "reassigned",
    "answered",
    "brought",
    "reopened",
    "reclassified",
    "due_recomputed",
];

/// A step of a case that tells nothing of its people and none of their words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Milestone {
    /// It came in.
    Received,
    /// An officer began to work on it.
    Begun,
    /// It was passed on; without a unit, to the coordinator.
    Moved {
        /// To whom.
        unit: Option<UnitId>,
    },
    /// Its due time is another.
    DueMoved {
        /// Since then.
        due_at: Option<Timestamp>,
    },
    /// It was answered.
    Answered {
        /// How; unknown of some cases of other systems.
        outcome: Option<Outcome>,
    },
    /// It is looked at again.
    Reopened,
}

/// A case with its steps.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseHistory {
    /// The case, private words and all.
    pub case: Case,
    /// What happened, in order.
    pub milestones: Vec<(Timestamp, Milestone)>,
}

/// One case with its steps.
pub fn case_history(
    tx: &mut Tx,
    office: OfficeId,
    id: CaseId,
) -> Result<Option<CaseHistory>, Fault> {
    Ok(histories_of(tx, office, &[id])?.pop())
}

/// Cases with their steps in the order they came in, and where the next page begins.
pub fn case_histories(
    tx: &mut Tx,
    office: OfficeId,
    after: Option<Cursor>,
    limit: usize,
) -> Result<(Vec<CaseHistory>, Option<Cursor>), Fault> {
    let mut sql =
        Sql::new("SELECT id, received_at FROM cases_case WHERE office_id = ?", args![office]);
    if let Some(after) = after {
        sql.add(" AND (received_at, id) > (?, ?)", args![after.at, after.id]);
    }
    sql.add(" ORDER BY received_at, id LIMIT ?", args![limit]);
    let found: Vec<(CaseId, Timestamp)> = tx.all(sql.text(), sql.args())?;
    let last = found.last().map(|(id, at)| Cursor { at: *at, id: id.0 });
    let next = last.filter(|_| found.len() == limit);
    let ids: Vec<CaseId> = found.into_iter().map(|(id, _)| id).collect();
    Ok((histories_of(tx, office, &ids)?, next))
}

/// The photos of a case, in order.
pub fn photos_of(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<Vec<PhotoView>, Fault> {
    store::photos(tx, office, PhotoOf::Case(case))
}

/// The text with `label` for the full name of everybody who is a party to the case: a mask is a
/// guess, but these names the office knows. Nobody gets to read them here, so no look is logged.
pub fn hide_names(
    tx: &mut Tx,
    know: &Knowledge,
    case: &Case,
    text: &str,
    label: &str,
) -> Result<String, Fault> {
    let mut text = text.to_owned();
    for party in store::parties(tx, case.office, case.id)? {
        if party.anonymous {
            continue;
        }
        let name = party.open(know.seal())?.name;
        // One letter is in every text.
        if name.trim().chars().count() > 1 {
            text = replaced(&text, name.trim(), label);
        }
    }
    Ok(text)
}

/// Whatever case Latin letters are in.
fn replaced(text: &str, name: &str, label: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match rest.split_at_checked(name.len()) {
            Some((head, tail)) if head.eq_ignore_ascii_case(name) => {
                out.push_str(label);
                rest = tail;
            }
            _ => {
                out.push(first);
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
        }
    }
    out
}

/// Cases with their steps, in the order of their ids as given.
pub fn histories_of(
    tx: &mut Tx,
    office: OfficeId,
    ids: &[CaseId],
) -> Result<Vec<CaseHistory>, Fault> {
    let mut sql =
        Sql::new("SELECT case_id, at, data FROM cases_event WHERE office_id = ?", args![office]);
    sql.and_in("case_id", ids);
    sql.add(&format!(" AND kind IN ('{}') ORDER BY case_id, seq", KINDS.join("', '")), []);
    let mut milestones: BTreeMap<CaseId, Vec<(Timestamp, Milestone)>> = BTreeMap::new();
    for (case, at, Json(event)) in
        tx.all::<(CaseId, Timestamp, Json<Event>)>(sql.text(), sql.args())?
    {
        milestones.entry(case).or_default().extend(milestone(at, &event));
    }
    let mut cases: BTreeMap<CaseId, Case> =
        store::load_all(tx, office, ids)?.into_iter().map(|case| (case.id, case)).collect();
    let with_steps = |case: Case| {
        let milestones = milestones.remove(&case.id).unwrap_or_default();
        CaseHistory { case, milestones }
    };
    Ok(ids.iter().filter_map(|id| cases.remove(id)).map(with_steps).collect())
}

fn milestone(at: Timestamp, event: &Event) -> Option<(Timestamp, Milestone)> {
    Some(match event {
        Event::Received(received) => (received.received_at, Milestone::Received),
        Event::Taken { .. } | Event::Assigned { .. } => (at, Milestone::Begun),
        Event::Reassigned(passed) => (at, Milestone::Moved { unit: passed.to }),
        Event::Answered(answered) => {
            (at, Milestone::Answered { outcome: Some(answered.answer.outcome) })
        }
        Event::Brought(brought) => {
            let end = brought.end.as_ref()?;
            (end.at, Milestone::Answered { outcome: end.outcome })
        }
        Event::Reopened(_) => (at, Milestone::Reopened),
        Event::Reclassified(changed) => {
            (at, Milestone::DueMoved { due_at: changed.due.as_ref().map(|due| due.at) })
        }
        Event::DueRecomputed(counted) => {
            (at, Milestone::DueMoved { due_at: Some(counted.after.at) })
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn a_name_is_hidden_wherever_it_stands() {
        assert_eq!(replaced("저는 남궁카나입니다.", "남궁카나", "[이름]"), "저는 [이름]입니다.");
        assert_eq!(replaced("jo Lee, JO LEE", "Jo Lee", "X"), "X, X");
        assert_eq!(replaced("가나", "가나다라마", "X"), "가나");
        assert_eq!(replaced("é 이름", "이름", ""), "é ");
    }
}
