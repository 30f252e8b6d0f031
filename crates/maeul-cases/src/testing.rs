//! For tests, here and above: the promises of the store, put so that they can be compared.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maeul_base::{CaseId, Fault, OfficeId};
use maeul_db::{Json, Tx};
use uuid::Uuid;

use crate::case::Case;
use crate::store::{self, CountKey, Folded, GroupLine, Sums};
use crate::words::State;

/// Every case as its row says and as its events add up; the two must be equal.
pub fn rows_and_rebuilt(tx: &mut Tx, office: OfficeId) -> Result<Vec<(Case, Case)>, Fault> {
    let ids = store::all_ids(tx, office)?;
    let mut pairs = Vec::with_capacity(ids.len());
    for id in ids {
        let row = store::load(tx, office, id)?.ok_or_else(|| Fault::other("a case is gone"))?;
        let events = store::events(tx, office, id)?;
        pairs.push((row, Case::rebuild(office, id, &events)));
    }
    Ok(pairs)
}

/// What is counted together: unit, officer, state, due day (nil and 9999 stand for none).
pub type Counted = BTreeMap<(Uuid, Uuid, State, Date), i64>;

/// The numbers as kept: folded and not yet folded.
pub fn kept_counts(tx: &mut Tx, office: OfficeId) -> Result<Counted, Fault> {
    let mut counted = Counted::new();
    for it in Sums::load(tx, office, &Folded::default())?.iter() {
        *counted.entry((it.unit, it.assignee, it.state, it.due_on)).or_default() += it.n;
    }
    counted.retain(|_, n| *n != 0);
    Ok(counted)
}

/// The numbers by looking at every case; must equal [`kept_counts`].
pub fn scanned_counts(tx: &mut Tx, office: OfficeId) -> Result<Counted, Fault> {
    let mut counted = Counted::new();
    for (case, _) in rows_and_rebuilt(tx, office)? {
        let key = CountKey::of(&case);
        *counted.entry((key.unit, key.assignee, key.state, key.due_on)).or_default() += 1;
    }
    Ok(counted)
}

/// Puts these pairs in the place of all groups, as if the job had found them.
pub fn put_groups(tx: &mut Tx, office: OfficeId, pairs: &[(CaseId, CaseId)]) -> Result<(), Fault> {
    let line = |case, group, ord| GroupLine {
        case,
        group,
        ord,
        with: (ord > 0).then_some(group),
        score: 0,
        why: Json(None),
    };
    let lines: Vec<GroupLine> = pairs
        .iter()
        .flat_map(|&(lead, other)| [line(lead, lead, 0), line(other, lead, 1)])
        .collect();
    store::replace_groups(tx, office, &lines)
}

/// Folds the changes into the sums, as the job does.
pub fn fold(tx: &mut Tx, office: OfficeId) -> Result<usize, Fault> {
    store::fold(tx, office)
}
