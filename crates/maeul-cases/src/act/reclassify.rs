//! Reclassify: a case gets another service, and with it another unit and due time.

use maeul_base::{CaseId, Ctx, Failure};
use maeul_db::Tx;

use crate::act::routing::keep;
use crate::act::work::{begin_open, record, words_or};
use crate::case::Case;
use crate::due::ExplainedDue;
use crate::event::{Event, Reclassified};
use crate::knowledge::Knowledge;
use crate::refusal::refusals;
use crate::routing::route;
use crate::words::{Bilingual, PetitionKind};
use crate::{notify, texts};

/// Which case, which service, why.
#[derive(Clone, Debug)]
pub struct Reclassify {
    /// The case.
    pub case: CaseId,
    /// The version the page showed.
    pub version: Option<i64>,
    /// The service; none: left open, and the coordinator decides.
    pub service: Option<String>,
    /// Why.
    pub reason: String,
}

refusals! {
    /// Why the service cannot be changed.
    ReclassifyRefusal {
        /// No reason is given.
        ReasonMissing = "reclassify.reason_missing", 422, Some("reason"),
            "분야를 바꾸는 까닭을 적어 주십시오.", "Please say why the service is changed.";
        /// The reason is too long.
        ReasonTooLong = "reclassify.reason_too_long", 422, Some("reason"),
            "까닭은 1,000자 안으로 적어 주십시오.", "Please keep the reason to 1,000 characters.";
        /// The service is not offered.
        NoSuchService = "reclassify.no_such_service", 422, Some("service"),
            "지금 쓰는 분야를 골라 주십시오.", "Please choose a service that is offered now.";
        /// It has that service.
        SameService = "reclassify.same_service", 422, Some("service"),
            "이미 그 분야의 민원입니다.", "The case already has that service.";
    }
}

/// Changes the service. The period runs from the receipt, whatever it was taken for at first.
pub fn reclassify(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Reclassify,
) -> Result<Case, Failure<ReclassifyRefusal>> {
    let reason = words_or(
        &input.reason,
        1_000,
        ReclassifyRefusal::ReasonMissing,
        ReclassifyRefusal::ReasonTooLong,
    )?;
    let service = match input.service.as_deref().filter(|code| !code.is_empty()) {
        None => None,
        Some(code) => Some(
            know.service(code)
                .filter(|service| service.active)
                .ok_or(Failure::Refused(ReclassifyRefusal::NoSuchService))?,
        ),
    };
    let work = begin_open::<ReclassifyRefusal>(tx, ctx, know, input.case, input.version)?;
    let mut case = work.case;
    let to = service.map(|service| service.code.clone());
    if to == case.service {
        return Err(Failure::Refused(ReclassifyRefusal::SameService));
    }
    let petition_kind = service.map_or(PetitionKind::Other, |service| service.petition_kind);
    // A case opened again counts from its reopening, not from the day it first came.
    let since = case.due.as_ref().map_or(case.received_at, |due| due.count.input.received);
    let due =
        ExplainedDue::for_case(know.calendar(), since, service, petition_kind, case.anonymous);
    let (unit, why) = route(know, service, case.place.dong.as_ref(), ctx.today());
    let moved = due.as_ref().map(|due| due.at) != case.due.as_ref().map(|due| due.at);
    let changed =
        Reclassified { from: case.service.clone(), to, petition_kind, due, unit, why, reason };
    record::<ReclassifyRefusal>(tx, ctx, &mut case, [Event::Reclassified(Box::new(changed))])?;
    // What was suggested beside what a person chose teaches the next model.
    keep(tx, ctx, know, &case, case.service.as_deref())?;
    if let Some(due) = case.due.as_ref().filter(|_| moved) {
        let effect = format!("due {}", case.version);
        let why = Bilingual::new(
            "내용에 맞는 분야로 바꾸어 처리기간이 달라졌어요.",
            "It was given the service that fits it, which has another period.",
        );
        notify::tell_all(tx, ctx, know, &case, &effect, |lang, about| {
            texts::due_changed(lang, about, due, why.get(lang))
        })?;
    }
    Ok(case)
}
