//! Groups of likely the same matter, pairs that are not, and cases answered together.

use std::collections::BTreeMap;

use maeul_base::{CaseId, Ctx, Fault, OfficeId};
use maeul_db::{Json, Sql, Tx, args, json, row};

use crate::words::Bilingual;

row! {
    /// A case in a group as found by the job.
    #[derive(PartialEq)]
    pub(crate) struct GroupLine {
        pub(crate) case: CaseId,
        pub(crate) group: CaseId,
        pub(crate) ord: i32,
        pub(crate) with: Option<CaseId>,
        pub(crate) score: i32,
        pub(crate) why: Json<Option<Bilingual>>,
    }

    /// A case in a group as it is shown.
    pub(crate) struct ShownLine {
        pub(crate) case: CaseId,
        pub(crate) group: CaseId,
        pub(crate) ord: i32,
        pub(crate) score: i32,
        pub(crate) why: Json<Option<Bilingual>>,
        /// The case it is answered with already.
        pub(crate) lead: Option<CaseId>,
    }
}

/// The groups of the office, group by group, of each at most so many: what is not decided comes first,
/// for a wave of reports about one matter may be thousands. No group has more that are decided than
/// all together, so that what stands further back than so many more is not looked at.
pub(crate) fn groups_in_part(
    tx: &mut Tx,
    office: OfficeId,
    most: usize,
) -> Result<Vec<ShownLine>, Fault> {
    tx.all(
        "SELECT case_id, group_id, ord, score, why, lead_id FROM (
             SELECT g.case_id, g.group_id, g.ord, g.score, g.why, j.lead_id,
                 row_number() OVER (PARTITION BY g.group_id
                     ORDER BY CASE WHEN j.case_id IS NULL THEN 0 ELSE 1 END, g.ord, g.case_id) AS place
               FROM cases_group g
               LEFT JOIN cases_join j ON j.office_id = g.office_id AND j.case_id = g.case_id
              WHERE g.office_id = $1 AND g.ord < $2 + (
                  SELECT count(*) FROM cases_join d
                    JOIN cases_group o ON o.office_id = d.office_id AND o.case_id = d.case_id
                   WHERE d.office_id = $1)) AS placed
          WHERE place <= $2 ORDER BY group_id, place",
        args![office, most],
    )
}

/// The numbers of these cases.
pub(crate) fn numbers(
    tx: &mut Tx,
    office: OfficeId,
    cases: &[CaseId],
) -> Result<BTreeMap<CaseId, String>, Fault> {
    if cases.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql = Sql::new("SELECT id, number FROM cases_case WHERE office_id = ?", args![office]);
    sql.and_in("id", cases);
    Ok(tx.all::<(CaseId, String)>(sql.text(), sql.args())?.into_iter().collect())
}

/// All groups of the office, group by group.
pub(crate) fn groups(tx: &mut Tx, office: OfficeId) -> Result<Vec<GroupLine>, Fault> {
    tx.all(
        "SELECT case_id, group_id, ord, with_id, score, why FROM cases_group
          WHERE office_id = $1 ORDER BY group_id, ord, case_id",
        args![office],
    )
}

/// Puts other groups in the place of those that are there.
pub(crate) fn replace_groups(
    tx: &mut Tx,
    office: OfficeId,
    lines: &[GroupLine],
) -> Result<(), Fault> {
    tx.exec("DELETE FROM cases_group WHERE office_id = $1", args![office])?;
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        let why = json(&line.why.0)?;
        rows.push(args![office, line.case, line.group, line.ord, line.with, line.score, why]);
    }
    tx.exec_many(
        "INSERT INTO cases_group (office_id, case_id, group_id, ord, with_id, score, why)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        rows,
    )?;
    Ok(())
}

/// The cases of the group this one is in, the oldest first; none where it is in no group.
pub(crate) fn group_of(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<Vec<CaseId>, Fault> {
    let found: Vec<(CaseId,)> = tx.all(
        "SELECT case_id FROM cases_group WHERE office_id = $1 AND group_id =
            (SELECT group_id FROM cases_group WHERE office_id = $1 AND case_id = $2)
          ORDER BY ord, case_id",
        args![office, case],
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Takes cases out of their groups, until the job looks again.
pub(crate) fn leave_groups(tx: &mut Tx, office: OfficeId, cases: &[CaseId]) -> Result<(), Fault> {
    let mut sql = Sql::new("DELETE FROM cases_group WHERE office_id = ?", args![office]);
    sql.and_in("case_id", cases);
    tx.exec(sql.text(), sql.args())?;
    Ok(())
}

/// Two cases as their pair is kept.
pub(crate) fn pair(one: CaseId, other: CaseId) -> (CaseId, CaseId) {
    if one <= other { (one, other) } else { (other, one) }
}

/// Remembers that two cases are not the same.
pub(crate) fn insert_apart(
    tx: &mut Tx,
    ctx: &Ctx,
    one: CaseId,
    other: CaseId,
) -> Result<(), Fault> {
    let (one, other) = pair(one, other);
    tx.exec(
        "INSERT INTO cases_apart (office_id, one_id, other_id, by_id, at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (office_id, one_id, other_id) DO NOTHING",
        args![ctx.office, one, other, ctx.actor.staff_id(), ctx.now],
    )?;
    Ok(())
}

/// Pairs that are not the same, of cases that are open.
pub(crate) fn aparts(tx: &mut Tx, office: OfficeId) -> Result<Vec<(CaseId, CaseId)>, Fault> {
    tx.all(
        "SELECT a.one_id, a.other_id FROM cases_apart a
           JOIN cases_case c ON c.office_id = a.office_id AND c.id = a.one_id
          WHERE a.office_id = $1 AND c.state <> 'closed'",
        args![office],
    )
}

/// With which case this one is answered.
pub(crate) fn lead_of(
    tx: &mut Tx,
    office: OfficeId,
    case: CaseId,
) -> Result<Option<CaseId>, Fault> {
    let found: Option<(CaseId,)> = tx.get(
        "SELECT lead_id FROM cases_join WHERE office_id = $1 AND case_id = $2",
        args![office, case],
    )?;
    Ok(found.map(|(lead,)| lead))
}

/// The cases answered with this one, in the order they were joined.
pub(crate) fn joined_to(tx: &mut Tx, office: OfficeId, lead: CaseId) -> Result<Vec<CaseId>, Fault> {
    let found: Vec<(CaseId,)> = tx.all(
        "SELECT case_id FROM cases_join WHERE office_id = $1 AND lead_id = $2 ORDER BY at, case_id",
        args![office, lead],
    )?;
    Ok(found.into_iter().map(|(case,)| case).collect())
}

/// Joins a case to another.
pub(crate) fn put_join(tx: &mut Tx, ctx: &Ctx, case: CaseId, lead: CaseId) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO cases_join (office_id, case_id, lead_id, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (office_id, case_id) DO UPDATE SET lead_id = excluded.lead_id, at = excluded.at",
        args![ctx.office, case, lead, ctx.now],
    )
}

/// Takes a case out again.
pub(crate) fn delete_join(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<(), Fault> {
    tx.exec_one("DELETE FROM cases_join WHERE office_id = $1 AND case_id = $2", args![office, case])
}
