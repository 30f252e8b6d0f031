//! What happens by itself: parts are not waited for for ever, conversations follow their cases,
//! arrivals are forgotten when no gateway hands them over again.

use std::sync::Arc;

use jiff::SignedDuration;
use maeul_base::{CaseId, Ctx, Failure, Fault, OfficeId};
use maeul_cases::{KnowledgeCache, NumberLease};
use maeul_db::{Seal, Tx};
use maeul_facts::Fact;
use maeul_notice::Stops;
use maeul_queue::{Handler, JobCtx, JobError, Schedule, handler};
use maeul_wire::Contact;
use uuid::Uuid;

use crate::act::{NumberNeeded, TIMEOUT, give_up_waiting};
use crate::id::NumberId;
use crate::store;

/// Takes in long texts whose parts do not all come.
pub const PARTS: &str = "text.parts";
/// Forgets old arrivals.
pub const FORGET: &str = "text.forget";

/// How long a gateway may hand a text over again. Kannel keeps what it could not deliver for days.
const REMEMBER: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The jobs that come round.
pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule {
            name: PARTS,
            kind: PARTS,
            every: SignedDuration::from_mins(5),
            after_midnight: SignedDuration::from_mins(2),
        },
        Schedule {
            name: FORGET,
            kind: FORGET,
            every: SignedDuration::from_hours(24),
            after_midnight: SignedDuration::from_hours(4),
        },
    ]
}

/// What runs the jobs of this room, by kind.
pub fn handlers(knowledge: &KnowledgeCache, numbers: &NumberLease) -> Vec<(&'static str, Handler)> {
    let (knowledge, numbers) = (knowledge.clone(), numbers.clone());
    vec![
        (PARTS, handler(move |job| parts(job, knowledge.clone(), numbers.clone()))),
        (FORGET, handler(forget)),
    ]
}

/// The reaction to [`Fact::CaseChanged`] and [`Fact::CaseAnswered`]: the conversation of the case
/// goes to the unit that has it now, and is settled while an answer stands.
pub fn case_changed() -> Handler {
    handler(|job: JobCtx| async move {
        let case = match job.job.payload()? {
            Fact::CaseReceived { case, .. }
            | Fact::CaseChanged { case }
            | Fact::CaseAnswered { case } => case,
            _ => return Ok(()),
        };
        let ctx = job.ctx;
        job.db.write(move |tx| follow(tx, &ctx, case)).await?;
        Ok(())
    })
}

/// Makes a conversation what its case says.
pub fn follow(tx: &mut Tx, ctx: &Ctx, case: CaseId) -> Result<(), Fault> {
    let Some(talk) = store::talk_of_case(tx, ctx.office, case)? else { return Ok(()) };
    let Some(case) = maeul_cases::read::case_now(tx, ctx.office, case)? else { return Ok(()) };
    let settled = case.closed_at.filter(|_| !case.state.is_open());
    // A conversation that went into another owes nothing by itself.
    let settled = settled.or(talk.settled_at.filter(|_| talk.joined_into.is_some()));
    if (talk.unit, talk.settled_at) == (case.unit, settled) {
        return Ok(());
    }
    store::follow_case(tx, ctx, talk.id, case.unit, settled)
}

/// Which numbers want no texts: asked before each goes out. The confirmation of 수신거부 itself was
/// queued at the very instant it began, and goes.
pub fn stops(seal: Seal) -> Stops {
    Arc::new(move |tx, office, message| {
        let stopped = store::stopped_at(tx, &seal, office, &message.to)?;
        Ok(stopped.is_some_and(|at| at != message.queued_at))
    })
}

/// Whose number a [`Fact::TextsStopped`] speaks of, for the rooms that forget it.
pub fn number_of(
    tx: &mut Tx,
    seal: &Seal,
    office: OfficeId,
    number: Uuid,
) -> Result<Option<Contact>, Fault> {
    let found = store::number(tx, seal, office, NumberId(number))?;
    // What a gateway called the sender is no number, and nobody can have asked for texts with it.
    Ok(found.and_then(|it| it.number.parse().ok()))
}

async fn parts(
    job: JobCtx,
    knowledge: KnowledgeCache,
    numbers: NumberLease,
) -> Result<(), JobError> {
    let JobCtx { db, ctx, .. } = job;
    let before = ctx.now.checked_sub(TIMEOUT).unwrap_or(ctx.now);
    let office = ctx.office;
    let waiting: Vec<(NumberId, i32, i32)> =
        db.read(move |tx| store::waiting_parts(tx, office, before)).await?;
    for which in waiting {
        let know = knowledge.get(&db, office, ctx.now).await?;
        let number = numbers.next(&db, &ctx, &know).await?;
        let resident = Ctx { actor: maeul_base::Actor::Resident, ..ctx.clone() };
        db.write(move |tx| give_up_waiting(tx, &resident, &know, which, Some(&number)))
            .await
            .map_err(|failure| match failure {
                Failure::Fault(fault) => JobError::Again(fault),
                Failure::Refused(NumberNeeded) => {
                    JobError::Again(Fault::other("a case without a number"))
                }
            })?;
    }
    Ok(())
}

async fn forget(job: JobCtx) -> Result<(), JobError> {
    let ctx = job.ctx;
    let before = ctx.now.checked_sub(REMEMBER).unwrap_or(ctx.now);
    job.db.write(move |tx| store::forget_arrivals(tx, &ctx, before)).await?;
    Ok(())
}
