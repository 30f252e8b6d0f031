//! Join: cases about one matter are answered together. Each stays a case of its own with its
//! number, its clock and its people; the answer goes to everyone in a letter of their own.

use maeul_base::{CaseId, Ctx, Failure, Fault};
use maeul_db::Tx;
use maeul_facts::Fact;
use maeul_language::mask;

use crate::act::bulk::Bulk;
use crate::act::work::{begin, begin_open, record};
use crate::case::Case;
use crate::event::{Answer, Answered, Event, Tied};
use crate::knowledge::Knowledge;
use crate::refusal::{CaseRefusal, refusals};
use crate::texts::{About, letter};
use crate::{outbox, store};

/// Which case is answered together with which.
#[derive(Clone, Copy, Debug)]
pub struct Join {
    /// The case that joins.
    pub case: CaseId,
    /// The case that is worked.
    pub lead: CaseId,
}

refusals! {
    /// Why cases cannot be joined.
    JoinRefusal {
        /// A case cannot be joined to itself.
        Itself = "join.itself", 422, Some("lead"),
            "같은 민원입니다. 다른 민원을 고르십시오.", "That is the same case. Please choose another.";
        /// It is joined to that one already.
        Already = "join.already", 422, None,
            "이미 그 민원과 함께 답하기로 했습니다.", "It is to be answered with that case already.";
        /// It is joined to none.
        NotJoined = "join.not_joined", 422, None,
            "함께 답하기로 한 민원이 아닙니다.", "It is not joined to another case.";
    }
}

/// Cases that are about another matter than the rest of their groups.
#[derive(Clone, Debug)]
pub struct Apart {
    /// The cases.
    pub cases: Vec<CaseId>,
}

/// Joins a case to another: when that one is answered, this one is too. What is joined to the case
/// comes with it; a lead that is itself joined leads on to its own.
pub fn join(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Join,
) -> Result<Case, Failure<JoinRefusal>> {
    let lead = store::lead_of(tx, ctx.office, input.lead)?.unwrap_or(input.lead);
    if lead == input.case {
        return Err(Failure::Refused(JoinRefusal::Itself));
    }
    let first = begin_open::<JoinRefusal>(tx, ctx, know, lead, None)?.case;
    let mut case = begin_open::<JoinRefusal>(tx, ctx, know, input.case, None)?.case;
    if store::lead_of(tx, ctx.office, case.id)? == Some(lead) {
        return Err(Failure::Refused(JoinRefusal::Already));
    }
    for with in store::joined_to(tx, ctx.office, case.id)? {
        store::put_join(tx, ctx, with, lead)?;
        if let Some(mut with) = store::load(tx, ctx.office, with)? {
            tie::<JoinRefusal>(tx, ctx, &mut with, &first)?;
        }
    }
    store::put_join(tx, ctx, case.id, lead)?;
    tie::<JoinRefusal>(tx, ctx, &mut case, &first)?;
    Ok(case)
}

fn tie<R: From<CaseRefusal>>(
    tx: &mut Tx,
    ctx: &Ctx,
    case: &mut Case,
    lead: &Case,
) -> Result<(), Failure<R>> {
    let tied = Tied { lead: lead.id, number: lead.number.clone() };
    record::<R>(tx, ctx, case, [Event::Joined(tied)])
}

/// Takes a case out again: it is answered by itself.
pub fn part(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    case: &CaseId,
) -> Result<Case, Failure<JoinRefusal>> {
    let mut case = begin::<JoinRefusal>(tx, ctx, know, *case, None)?.case;
    let lead =
        store::lead_of(tx, ctx.office, case.id)?.ok_or(Failure::Refused(JoinRefusal::NotJoined))?;
    let number = store::number_of(tx, ctx.office, lead)?.unwrap_or_default();
    store::delete_join(tx, ctx.office, case.id)?;
    record::<JoinRefusal>(tx, ctx, &mut case, [Event::Parted(Tied { lead, number })])?;
    Ok(case)
}

/// Joins the chosen cases group by group: to the case others of the group are joined to, else to
/// the oldest chosen; a case chosen alone, to the oldest of its group. Each by itself, and none
/// is lost.
pub fn join_groups(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    cases: &[CaseId],
) -> Result<Vec<Bulk>, Fault> {
    let mut done = Vec::new();
    let mut seen: Vec<CaseId> = Vec::new();
    for case in cases {
        if seen.contains(case) {
            continue;
        }
        let group = store::group_of(tx, ctx.office, *case)?;
        let chosen: Vec<CaseId> = group.iter().filter(|it| cases.contains(it)).copied().collect();
        seen.push(*case);
        seen.extend(&chosen);
        let mut lead = if chosen.len() > 1 { chosen.first() } else { group.first() }.copied();
        for member in &group {
            if !store::joined_to(tx, ctx.office, *member)?.is_empty() {
                lead = Some(*member);
            }
        }
        let Some(lead) = lead else { continue };
        let others: Vec<CaseId> = chosen.into_iter().filter(|it| *it != lead).collect();
        done.extend(crate::act::bulk::each(tx, ctx, &others, |tx, case| {
            join(tx, ctx, know, &Join { case, lead })
        })?);
    }
    Ok(done)
}

/// Remembers that each of the cases is not the same as the others of its group: they are not
/// put together again. All must be the reader's to work on.
pub fn keep_apart(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Apart,
) -> Result<(), Failure<JoinRefusal>> {
    for case in &input.cases {
        begin::<JoinRefusal>(tx, ctx, know, *case, None)?;
        for other in store::group_of(tx, ctx.office, *case)? {
            if other != *case {
                store::insert_apart(tx, ctx, *case, other)?;
            }
        }
    }
    store::leave_groups(tx, ctx.office, &input.cases)?;
    Ok(())
}

/// Answers what is joined to a case that was answered just now: the same answer, a letter of their
/// own for each. Those answered meanwhile are left as they are.
pub(crate) fn answer_joined<R: From<CaseRefusal>>(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    lead: &Case,
    answered: &Answered,
    tell: impl Fn(&mut Tx, &Ctx, &Knowledge, &Case) -> Result<(), Fault>,
) -> Result<(), Failure<R>> {
    for id in store::joined_to(tx, ctx.office, lead.id)? {
        let Some(mut case) = store::load(tx, ctx.office, id)? else { continue };
        if !case.state.is_open() {
            continue;
        }
        let own = own_letter(tx, ctx, know, lead, &case, answered)?;
        record::<R>(tx, ctx, &mut case, [Event::Answered(Box::new(own))])?;
        outbox::emit(tx, ctx, &Fact::CaseAnswered { case: case.id })?;
        tell(tx, ctx, know, &case)?;
    }
    Ok(())
}

/// The answer as a letter in the case's own language, under its own number and title.
fn own_letter(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    lead: &Case,
    case: &Case,
    answered: &Answered,
) -> Result<Answered, Fault> {
    let signature = crate::act::signature(tx, ctx, know, lead, answered.officer, case.lang)?
        .unwrap_or_else(|| answered.signature.clone());
    let answer: Answer = answered.answer.clone();
    let title = mask(&case.title).text;
    let about = About {
        office: know.office().name(case.lang),
        number: &case.number,
        title: &title,
        unit: &signature.unit,
        phone: &signature.phone,
        officer: Some(&signature.officer),
        link: "",
    };
    let letter = letter(case.lang, &about, &answer, &signature);
    Ok(Answered { letter, answer, signature, officer: answered.officer })
}
