//! What an officer does on the case page: each a form, each telling what changed meanwhile.

use axum::extract::Path;
use maeul_base::{CaseId, Ctx, Failure};
use maeul_db::Tx;
use maeul_web::{PageResult, Posted, Visit};

use super::bulk::unit_of;
use super::case;
use super::said::{Said, said};
use crate::web::desk::{self, know};
use crate::{Knowledge, act};

/// Which field of the page an act's field is; the first also takes what concerns no field.
pub(crate) type Names = &'static [(&'static str, &'static str)];

/// Does it and goes to `then`, or shows the case again with what was typed and why not.
pub(crate) async fn run<F>(
    visit: &Visit,
    id: CaseId,
    posted: &Posted,
    names: Names,
    then: (&str, &str),
    act: F,
) -> PageResult
where
    F: Fn(&mut Tx, &Ctx, &Knowledge) -> Result<(), Failure<Said>> + Send + Sync + 'static,
{
    let know = know(visit).await?;
    match desk::write(visit, visit.ctx(), &know, act).await {
        Ok(()) => Ok(visit.redirect_with(then.0, then.1)),
        Err(Failure::Refused(said)) => {
            case::again(visit, &know, id, &posted.fields, names, &said).await
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

/// The version that the page showed.
pub(crate) fn version(posted: &Posted) -> Option<i64> {
    posted.opt("version").and_then(|version| version.parse().ok())
}

fn here(id: CaseId) -> String {
    format!("/staff/case/{id}")
}

/// `POST …/take`
pub(crate) async fn take(visit: Visit, Path(id): Path<CaseId>, posted: Posted) -> PageResult {
    let input = act::Take { case: id, version: version(&posted) };
    let done = visit.t("이 민원을 맡았습니다.", "This case is yours now.");
    run(&visit, id, &posted, &[("", "main")], (&here(id), done), move |tx, ctx, know| {
        act::take(tx, ctx, know, &input).map(drop).map_err(said)
    })
    .await
}

/// `POST …/assign`: assign_to.
pub(crate) async fn assign(visit: Visit, Path(id): Path<CaseId>, posted: Posted) -> PageResult {
    let (to, version) = (posted.get("assign_to").parse().ok(), version(&posted));
    let done = visit.t("담당자를 정했습니다.", "Assigned.");
    run(&visit, id, &posted, &[("to", "assign_to")], (&here(id), done), move |tx, ctx, know| {
        let to = to.ok_or_else(|| {
            let (ko, en) = ("누구에게 맡길지 고르십시오.", "Choose who gets it.");
            Failure::Refused(Said::field_wrong("to", ko, en))
        })?;
        let input = act::Assign { case: id, version, to };
        act::assign(tx, ctx, know, &input).map(drop).map_err(said)
    })
    .await
}

/// `POST …/reassign`: unit, unit_reason.
pub(crate) async fn reassign(visit: Visit, Path(id): Path<CaseId>, posted: Posted) -> PageResult {
    let (to, version) = (unit_of(posted.get("unit")), version(&posted));
    let reason = posted.get("unit_reason").to_owned();
    let names: Names = &[("to", "unit"), ("reason", "unit_reason")];
    // The case may now be another unit's, so the page of the case is not the way on.
    let done = visit.t("다른 부서로 보냈습니다.", "Passed on.");
    run(&visit, id, &posted, names, ("/staff", done), move |tx, ctx, know| {
        let to = to.ok_or_else(|| {
            let (ko, en) = ("어느 부서로 보낼지 고르십시오.", "Choose the unit.");
            Failure::Refused(Said::field_wrong("to", ko, en))
        })?;
        let input = act::Reassign { case: id, version, to, reason: reason.clone() };
        act::reassign(tx, ctx, know, &input).map(drop).map_err(said)
    })
    .await
}

/// `POST …/note`: note.
pub(crate) async fn note(visit: Visit, Path(id): Path<CaseId>, posted: Posted) -> PageResult {
    let input = act::Note { case: id, text: posted.get("note").to_owned() };
    let done = visit.t("메모를 남겼습니다.", "Note kept.");
    run(&visit, id, &posted, &[("text", "note")], (&here(id), done), move |tx, ctx, know| {
        act::note(tx, ctx, know, &input).map(drop).map_err(said)
    })
    .await
}

/// `POST …/ask`: question.
pub(crate) async fn ask(visit: Visit, Path(id): Path<CaseId>, posted: Posted) -> PageResult {
    let input =
        act::Ask { case: id, version: version(&posted), text: posted.get("question").to_owned() };
    let done = visit.t("주민에게 물었습니다.", "The resident has been asked.");
    run(&visit, id, &posted, &[("text", "question")], (&here(id), done), move |tx, ctx, know| {
        act::ask(tx, ctx, know, &input).map(drop).map_err(said)
    })
    .await
}

/// `POST …/reclassify`: service, service_reason.
pub(crate) async fn reclassify(visit: Visit, Path(id): Path<CaseId>, posted: Posted) -> PageResult {
    let input = act::Reclassify {
        case: id,
        version: version(&posted),
        service: posted.opt("service").map(str::to_owned),
        reason: posted.get("service_reason").to_owned(),
    };
    let names: Names = &[("service", "service"), ("reason", "service_reason")];
    let done = visit.t(
        "종류를 바꾸고 담당 부서와 기한을 다시 정했습니다.",
        "The kind is changed; unit and due time follow it.",
    );
    run(&visit, id, &posted, names, ("/staff", done), move |tx, ctx, know| {
        act::reclassify(tx, ctx, know, &input).map(drop).map_err(said)
    })
    .await
}

/// `POST …/reopen`: reopen_reason.
pub(crate) async fn reopen(visit: Visit, Path(id): Path<CaseId>, posted: Posted) -> PageResult {
    let input = act::Reopen {
        case: id,
        version: version(&posted),
        reason: posted.get("reopen_reason").to_owned(),
    };
    let done = visit.t("민원을 다시 열었습니다.", "The case is open again.");
    run(
        &visit,
        id,
        &posted,
        &[("reason", "reopen_reason")],
        (&here(id), done),
        move |tx, ctx, know| act::reopen(tx, ctx, know, &input).map(drop).map_err(said),
    )
    .await
}

/// `POST …/approve`: the draft goes out as it is.
pub(crate) async fn approve(visit: Visit, Path(id): Path<CaseId>, posted: Posted) -> PageResult {
    let input = act::Approve { case: id, version: version(&posted), answer: None };
    let done = visit.t("승인했습니다. 답변이 나갔습니다.", "Approved; the answer is on its way.");
    run(&visit, id, &posted, &[("", "main")], (&here(id), done), move |tx, ctx, know| {
        act::approve_and_answer(tx, ctx, know, &input).map(drop).map_err(said)
    })
    .await
}

/// `POST …/return`: return_reason.
pub(crate) async fn return_draft(
    visit: Visit,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> PageResult {
    let input = act::ReturnDraft {
        case: id,
        version: version(&posted),
        reason: posted.get("return_reason").to_owned(),
    };
    let done = visit.t("담당자에게 돌려보냈습니다.", "Returned to its officer.");
    run(
        &visit,
        id,
        &posted,
        &[("reason", "return_reason")],
        (&here(id), done),
        move |tx, ctx, know| act::return_draft(tx, ctx, know, &input).map(drop).map_err(said),
    )
    .await
}
