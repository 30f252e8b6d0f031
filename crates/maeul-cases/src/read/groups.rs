//! Groups of open cases that are likely about one matter, across all channels; and cases that are
//! answered together. Found by a job among recent open cases, never while a page waits.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, ToSpan};
use maeul_base::{CaseId, Ctx, Fault, Lang};
use maeul_db::{Json, Sql, Tx, args, row};
use maeul_language::{Bounds, Report, cluster_apart};

use crate::act::may;
use crate::knowledge::Knowledge;
use crate::permissions::{CASES_SEE, CASES_WORK};
use crate::reach::Reach;
use crate::read::QueueRow;
use crate::read::queue::{LINE, Line, officer_names};
use crate::store::{self, GroupLine, ShownLine};
use crate::words::Bilingual;

/// The newest open cases that are compared at most.
const MOST_COMPARED: i64 = 3_000;
/// Days after which an old case says nothing about a new one.
const DAYS: i64 = 60;
/// The most groups that are listed.
const MOST_LISTED: usize = 50;
/// How many groups are shown at a time.
pub const GROUPS_AT_A_TIME: usize = 10;

/// A case in its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The case as in a queue.
    pub row: QueueRow,
    /// How much it is like another of the group, per mille; 0 for the first.
    pub score: i32,
    /// Why, in the reader's language; empty for the first.
    pub why: String,
    /// The number of the case it is answered with already.
    pub lead: Option<String>,
}

/// Open cases that are likely about one matter, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The id of the group: that of its oldest case when it was found.
    pub id: CaseId,
    /// The cases the reader may work on; at least two.
    pub members: Vec<Member>,
    /// How many more of the group the reader may see, and not work: another unit's. Those they may not
    /// see are not told of, not even by a number.
    pub elsewhere: usize,
    /// The group is larger than is shown at a time; more comes up when some of these are decided.
    pub more: bool,
}

/// How many of a group are shown at a time: as many as can be decided at once without losing sight.
const MOST_MEMBERS: usize = 25;

/// Some of the groups a reader may work on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// These, at most [`GROUPS_AT_A_TIME`].
    pub groups: Vec<Group>,
    /// How many come before them.
    pub from: usize,
    /// How many there are; no more than fifty are listed.
    pub all: usize,
}

/// A group of which some are the reader's work.
struct Listed {
    id: CaseId,
    own: Vec<(ShownLine, Line)>,
    elsewhere: usize,
    /// How many of it were met.
    met: usize,
}

impl Listed {
    const fn has_more(&self) -> bool {
        self.met > MOST_MEMBERS
    }

    fn undecided(&self) -> usize {
        self.own.iter().filter(|(line, _)| line.lead.is_none()).count()
    }
}

/// The groups the reader may work on, those with the most to decide first; the first `from` of them
/// are passed over.
pub fn groups(tx: &mut Tx, ctx: &Ctx, know: &Knowledge, from: usize) -> Result<Groups, Fault> {
    let works = Reach::of(ctx, know, &CASES_WORK);
    if works.is_nothing() {
        return Ok(Groups::default());
    }
    let sees = Reach::of(ctx, know, &CASES_SEE);
    let mut listed: Vec<Listed> = Vec::new();
    // One more than is shown says that there is more.
    let found = store::groups_in_part(tx, ctx.office, MOST_MEMBERS + 1)?;
    let ids: Vec<CaseId> = found.iter().map(|line| line.case).collect();
    let mut open = open_lines(tx, ctx, &ids)?;
    for line in found {
        if listed.last().is_none_or(|group| group.id != line.group) {
            listed.push(Listed { id: line.group, own: Vec::new(), elsewhere: 0, met: 0 });
        }
        let Some(group) = listed.last_mut() else { continue };
        group.met += 1;
        let Some(case) = open.remove(&line.case).filter(|_| !group.has_more()) else { continue };
        let is_in = |reach: &Reach| reach.covers(case.unit, case.dong.as_ref(), case.assignee);
        if is_in(&works) {
            group.own.push((line, case));
        } else {
            group.elsewhere += usize::from(is_in(&sees));
        }
    }
    listed.retain(|group| group.own.len() > 1);
    // What is wholly decided is read last.
    listed.sort_by_cached_key(|group| (Reverse(group.undecided()), group.id));
    listed.truncate(MOST_LISTED);
    let all = listed.len();
    // What was decided meanwhile may have left fewer.
    let from = from.min(all.saturating_sub(1)) / GROUPS_AT_A_TIME * GROUPS_AT_A_TIME;
    listed.drain(..from);
    listed.truncate(GROUPS_AT_A_TIME);
    let shown = || listed.iter().flat_map(|group| &group.own);
    let names = officer_names(tx, ctx, shown().map(|(_, case)| case))?;
    let leads: Vec<CaseId> = shown().filter_map(|(line, _)| line.lead).collect();
    let leads = store::numbers(tx, ctx.office, &leads)?;
    let member = |(line, case): (ShownLine, Line)| Member {
        row: case.view(&names, ctx.now),
        score: line.score,
        why: line.why.0.map(|why| why.get(ctx.lang).to_owned()).unwrap_or_default(),
        lead: line.lead.and_then(|lead| leads.get(&lead).cloned()),
    };
    let group = |mut group: Listed| {
        let more = group.has_more();
        if !more {
            // All of it is here: the oldest first, decided or not.
            group.own.sort_by_key(|(line, _)| (line.ord, line.case));
        }
        let Listed { id, own, elsewhere, .. } = group;
        Group { id, members: own.into_iter().map(member).collect(), elsewhere, more }
    };
    Ok(Groups { groups: listed.into_iter().map(group).collect(), from, all })
}

/// Those of these cases that are open.
fn open_lines(tx: &mut Tx, ctx: &Ctx, ids: &[CaseId]) -> Result<BTreeMap<CaseId, Line>, Fault> {
    let mut lines = BTreeMap::new();
    // As many at a time as an SQL text bears.
    for some in ids.chunks(500) {
        // Asked for open ones, PostgreSQL may go through all that are open in the office.
        let mut sql = Sql::new(
            &format!("SELECT {LINE} FROM cases_case WHERE office_id = ?"),
            args![ctx.office],
        );
        sql.and_in("id", some);
        let found: Vec<Line> = tx.all(sql.text(), sql.args())?;
        let open = found.into_iter().filter(|line| line.state.is_open());
        lines.extend(open.map(|line| (line.id, line)));
    }
    Ok(lines)
}

/// A case another one is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TogetherCase {
    /// The case.
    pub id: CaseId,
    /// Whether the reader may see it: of others they learn only that there is one.
    pub seen: bool,
    /// Its number; empty where it is not seen.
    pub number: String,
    /// In a few words; empty where it is not seen.
    pub title: String,
    /// Whether it is still open.
    pub open: bool,
}

/// With which cases a case is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Together {
    /// The case whose answer it gets.
    pub lead: Option<TogetherCase>,
    /// The cases that get its answer.
    pub with: Vec<TogetherCase>,
}

/// With which cases this one is answered.
pub(crate) fn together(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    case: CaseId,
) -> Result<Together, Fault> {
    let lead = match store::lead_of(tx, ctx.office, case)? {
        Some(lead) => one(tx, ctx, know, lead)?,
        None => None,
    };
    let mut with = Vec::new();
    for id in store::joined_to(tx, ctx.office, case)? {
        with.extend(one(tx, ctx, know, id)?);
    }
    Ok(Together { lead, with })
}

fn one(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: CaseId,
) -> Result<Option<TogetherCase>, Fault> {
    let found = store::load(tx, ctx.office, id)?;
    Ok(found.map(|it| {
        let (open, seen) = (it.state.is_open(), may(ctx, know, &CASES_SEE, &it));
        let (number, title) = if seen { (it.number, it.title) } else { Default::default() };
        TogetherCase { id, seen, number, title, open }
    }))
}

row! {
    struct Compared {
        id: CaseId,
        title: String,
        body: String,
        service: Option<String>,
        lat_e7: i64,
        lon_e7: i64,
        received_at: Timestamp,
    }
}

/// What the job compares: read in a transaction of its own, so that nobody waits while it thinks.
pub(crate) struct ToCompare {
    cases: Vec<Compared>,
    apart: BTreeSet<(CaseId, CaseId)>,
}

/// The newest open cases with a point.
pub(crate) fn to_compare(tx: &mut Tx, ctx: &Ctx) -> Result<ToCompare, Fault> {
    let since = ctx.now - (DAYS * 24).hours();
    let cases = tx.all(
        "SELECT id, title, body, service_code, lat_e7, lon_e7, received_at FROM cases_case
          WHERE office_id = $1 AND state <> 'closed' AND lat_e7 IS NOT NULL AND lon_e7 IS NOT NULL
            AND received_at > $2
          ORDER BY received_at DESC, id DESC LIMIT $3",
        args![ctx.office, since, MOST_COMPARED],
    )?;
    Ok(ToCompare { cases, apart: store::aparts(tx, ctx.office)?.into_iter().collect() })
}

/// The groups of two and more; pure.
pub(crate) fn find(compared: &ToCompare) -> Vec<GroupLine> {
    let texts: Vec<String> =
        compared.cases.iter().map(|it| crate::advise::words_of(&it.title, &it.body)).collect();
    let reports: Vec<Report<'_>> = compared
        .cases
        .iter()
        .zip(&texts)
        .map(|(it, text)| Report {
            text,
            service: it.service.as_deref(),
            point: (it.lat_e7, it.lon_e7),
            at: it.received_at.as_second(),
        })
        .collect();
    let id = |place: usize| compared.cases.get(place).map(|it| it.id);
    let apart = |one: usize, other: usize| match (id(one), id(other)) {
        (Some(one), Some(other)) => compared.apart.contains(&store::pair(one, other)),
        _ => false,
    };
    let mut lines = Vec::new();
    for found in cluster_apart(&reports, &Bounds::default(), apart) {
        let Some(first) = found.reports.first().and_then(|place| id(*place)) else { continue };
        if found.reports.len() < 2 {
            continue;
        }
        for (ord, place) in (0..).zip(&found.reports) {
            let Some(case) = id(*place) else { continue };
            let link = found.links.iter().find(|link| link.report == *place);
            let why =
                link.map(|link| Bilingual::new(link.score.why(Lang::Ko), link.score.why(Lang::En)));
            lines.push(GroupLine {
                case,
                group: first,
                ord,
                with: link.and_then(|link| id(link.with)),
                score: link.map_or(0, |link| i32::try_from(link.score.score).unwrap_or(i32::MAX)),
                why: Json(why),
            });
        }
    }
    lines.sort_by_key(|line| (line.group, line.ord, line.case));
    lines
}
