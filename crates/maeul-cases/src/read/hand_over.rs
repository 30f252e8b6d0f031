//! Cases to be handed over to another system, or published: in the order they came in.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Cursor, Failure, Fault};
use maeul_db::{Sql, Tx, args};
use maeul_people::{Look, LookAct, RevealRefusal, log_look};

use crate::case::Case;
use crate::contact::Contact;
use crate::knowledge::Knowledge;
use crate::store;
use crate::words::PartyKind;

/// A case with the people behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct HandedOver {
    /// The case.
    pub case: Case,
    /// The petitioner, in a full hand-over and where known.
    pub petitioner: Option<Contact>,
    /// Those who joined, in a full hand-over.
    pub followers: Vec<Contact>,
}

/// Which cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// That came in at or after this.
    pub from: Option<Timestamp>,
    /// That came in before this.
    pub until: Option<Timestamp>,
}

/// A page of cases and where the next one begins.
pub type HandOverPage = (Vec<HandedOver>, Option<Cursor>);

/// Cases as they stand, without anybody's contact.
pub fn cases_of(
    tx: &mut Tx,
    ctx: &Ctx,
    span: Span,
    after: Option<Cursor>,
    limit: usize,
) -> Result<HandOverPage, Fault> {
    let (cases, next) = page(tx, ctx, span, after, limit)?;
    let plain = |case| HandedOver { case, petitioner: None, followers: Vec::new() };
    Ok((cases.into_iter().map(plain).collect(), next))
}

/// Cases with everybody's contact: each look is written down in the same transaction.
pub fn hand_over(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    span: Span,
    after: Option<Cursor>,
    limit: usize,
    reason: &str,
) -> Result<HandOverPage, Failure<RevealRefusal>> {
    let (cases, next) = page(tx, ctx, span, after, limit)?;
    let mut handed = Vec::with_capacity(cases.len());
    for case in cases {
        let (mut petitioner, mut followers) = (None, Vec::new());
        for party in store::parties(tx, ctx.office, case.id)? {
            if party.anonymous {
                continue;
            }
            let look = Look {
                act: LookAct::HandOver,
                what_kind: "case_party",
                what_id: party.id.0,
                case: Some(case.id),
                owner: case.unit,
                fields: &["name", "phone", "email", "words"],
                people: 1,
                reason,
                address: None,
            };
            log_look(tx, ctx, &look)?;
            let contact = party.open(know.seal())?;
            match party.kind {
                PartyKind::Follower => followers.push(contact),
                PartyKind::Petitioner | PartyKind::Assisted => petitioner = Some(contact),
            }
        }
        handed.push(HandedOver { case, petitioner, followers });
    }
    Ok((handed, next))
}

fn page(
    tx: &mut Tx,
    ctx: &Ctx,
    span: Span,
    after: Option<Cursor>,
    limit: usize,
) -> Result<(Vec<Case>, Option<Cursor>), Fault> {
    let mut sql =
        Sql::new("SELECT id, received_at FROM cases_case WHERE office_id = ?", args![ctx.office]);
    if let Some(from) = span.from {
        sql.add(" AND received_at >= ?", args![from]);
    }
    if let Some(until) = span.until {
        sql.add(" AND received_at < ?", args![until]);
    }
    if let Some(after) = after {
        sql.add(" AND (received_at, id) > (?, ?)", args![after.at, after.id]);
    }
    sql.add(" ORDER BY received_at, id LIMIT ?", args![limit]);
    let found: Vec<(CaseId, Timestamp)> = tx.all(sql.text(), sql.args())?;
    let last = found.last().map(|(id, at)| Cursor { at: *at, id: id.0 });
    let next = last.filter(|_| found.len() == limit);
    let mut cases = Vec::with_capacity(found.len());
    for (id, _) in found {
        let case = store::load(tx, ctx.office, id)?;
        cases.push(case.ok_or_else(|| Fault::other("a case vanished while it was read"))?);
    }
    Ok((cases, next))
}
