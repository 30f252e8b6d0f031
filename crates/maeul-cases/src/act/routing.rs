//! Acts of the suggestions: accept one, keep what was suggested beside what was chosen, keep or
//! forget a model.

use maeul_base::{CaseId, Ctx, Failure, Fault, Lang};
use maeul_db::Tx;
use maeul_language::routing::Model;

use crate::act::reassign::{Reassign, ReassignRefusal, reassign};
use crate::act::receive::{NewCase, Receipt, ReceiveRefusal, receive};
use crate::act::reclassify::{Reclassify, ReclassifyRefusal, reclassify};
use crate::act::work::begin_open;
use crate::advise::words_of;
use crate::case::Case;
use crate::knowledge::Knowledge;
use crate::refusal::refusals;
use crate::routing::route;
use crate::store::{self, ModelView};

/// Models that are kept, so that one can go back to an earlier.
pub const MODELS_KEPT: usize = 5;

/// Which case, which of the suggested services.
#[derive(Clone, Debug)]
pub struct Accept {
    /// The case.
    pub case: CaseId,
    /// The version the page showed.
    pub version: Option<i64>,
    /// The service; none: the first suggestion, if it is sure.
    pub service: Option<String>,
}

refusals! {
    /// Why a suggestion cannot be accepted.
    AcceptRefusal {
        /// The service is not offered.
        NoSuchService = "accept.no_such_service", 422, Some("service"),
            "지금 쓰는 종류가 아닙니다. 목록에서 골라 주십시오.",
            "That service is no longer offered. Please choose from the list.";
        /// There is no suggestion that is sure.
        Unsure = "accept.unsure", 422, None,
            "추천의 확신이 낮습니다. 글을 읽고 직접 골라 주십시오.",
            "The suggestion is unsure. Please read the words and choose.";
        /// It already has that service and unit.
        Same = "accept.same", 422, None,
            "이미 그 종류와 부서의 민원입니다.", "The case already has that service and unit.";
        /// No unit has the duty.
        NobodyHas = "accept.nobody_has", 422, None,
            "그 종류를 맡은 부서가 없습니다. 부서를 직접 골라 주십시오.",
            "No unit has the duty of that service. Please choose a unit.";
    }
}

/// Gives the case the suggested service, and with it the unit and the due time; where it has the
/// service and no unit, the unit whose duty it is. The reason names the words that spoke.
pub fn accept(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Accept,
) -> Result<Case, Failure<AcceptRefusal>> {
    let case = begin_open::<AcceptRefusal>(tx, ctx, know, input.case, input.version)?.case;
    let advice = know.advise(&words_of(&case.title, &case.body));
    let candidate = match &input.service {
        Some(service) => advice.of(service),
        None => advice.sure(),
    };
    let code = match (&input.service, candidate) {
        (Some(service), _) => service.clone(),
        (None, Some(first)) => first.service.clone(),
        (None, None) => return Err(Failure::Refused(AcceptRefusal::Unsure)),
    };
    let reason = reason(ctx.lang, candidate.map(|it| it.because.as_slice()).unwrap_or_default());
    let version = Some(case.version);
    if case.service.as_deref() != Some(code.as_str()) {
        let change = Reclassify { case: case.id, version, service: Some(code), reason };
        return reclassify(tx, ctx, know, &change).map_err(|failure| failure.map(of_service));
    }
    let service = know.service(&code);
    let (unit, _) = route(know, service, case.place.dong.as_ref(), ctx.today());
    let Some(unit) = unit else { return Err(Failure::Refused(AcceptRefusal::NobodyHas)) };
    let passed = Reassign { case: case.id, version, to: Some(unit), reason };
    reassign(tx, ctx, know, &passed).map_err(|failure| failure.map(of_unit))
}

fn of_service(refusal: ReclassifyRefusal) -> AcceptRefusal {
    match refusal {
        ReclassifyRefusal::Case(case) => AcceptRefusal::Case(case),
        ReclassifyRefusal::SameService => AcceptRefusal::Same,
        _ => AcceptRefusal::NoSuchService,
    }
}

fn of_unit(refusal: ReassignRefusal) -> AcceptRefusal {
    match refusal {
        ReassignRefusal::Case(case) => AcceptRefusal::Case(case),
        ReassignRefusal::SameUnit => AcceptRefusal::Same,
        _ => AcceptRefusal::NobodyHas,
    }
}

/// The reason as it stands in the case's history.
fn reason(lang: Lang, words: &[String]) -> String {
    if words.is_empty() {
        return lang
            .t(
                "내용을 읽고 추천된 종류로 정했습니다.",
                "The suggested service fits what was written.",
            )
            .to_owned();
    }
    let words = words.join(", ");
    match lang {
        Lang::Ko => format!("내용의 낱말({words})에 맞는 종류로 정했습니다."),
        Lang::En => format!("The service fits the words: {words}."),
    }
}

/// Keeps what is suggested for the case beside the service a person chose, for the next training.
pub fn keep_choice(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    case: CaseId,
    chosen: Option<&str>,
) -> Result<(), Fault> {
    let Some(case) = store::load(tx, ctx.office, case)? else { return Ok(()) };
    keep(tx, ctx, know, &case, chosen)
}

/// Receives what a person entered who was shown suggestions: beside the case it is kept what was
/// suggested and what they chose.
pub fn receive_chosen(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    new: &NewCase,
) -> Result<Receipt, Failure<ReceiveRefusal>> {
    let receipt = receive(tx, ctx, know, new)?;
    if !receipt.again {
        keep_choice(tx, ctx, know, receipt.case, new.service.as_deref())?;
    }
    Ok(receipt)
}

/// As [`keep_choice`], of a case at hand.
pub(crate) fn keep(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    case: &Case,
    chosen: Option<&str>,
) -> Result<(), Fault> {
    let advice = know.advise(&words_of(&case.title, &case.body));
    store::insert_choice(tx, ctx, case.id, case.version, &advice, chosen)
}

/// A model that was trained on the office's own cases.
#[derive(Clone, Debug)]
pub struct NewModel {
    /// The model.
    pub model: Model,
    /// Cases it learned from.
    pub cases: i64,
    /// How many of them a member of staff had given another service.
    pub corrected: i64,
}

/// Puts a model in use: from the next page on, in every running process. The last
/// [`MODELS_KEPT`] are kept.
pub fn keep_model(tx: &mut Tx, ctx: &Ctx, new: &NewModel) -> Result<ModelView, Fault> {
    let view = ModelView {
        version: store::touch_routing(tx, ctx.office)?,
        trained_at: ctx.now,
        cases: new.cases,
        corrected: new.corrected,
    };
    store::insert_model(tx, ctx, &view, &new.model.to_bytes())?;
    for old in store::models(tx, ctx.office)?.into_iter().skip(MODELS_KEPT) {
        store::delete_model(tx, ctx.office, old.version)?;
    }
    Ok(view)
}

/// Forgets a model; if it was in use, the one before it is again, or the words of the duties.
/// Whether there was one of that version.
pub fn forget_model(tx: &mut Tx, ctx: &Ctx, version: i64) -> Result<bool, Fault> {
    let there = store::delete_model(tx, ctx.office, version)?;
    if there {
        store::touch_routing(tx, ctx.office)?;
    }
    Ok(there)
}

/// Accepts the first suggestion of each, where it is sure; none is lost.
pub fn accept_many(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    cases: &[CaseId],
) -> Result<Vec<crate::act::Bulk>, Fault> {
    crate::act::bulk::each(tx, ctx, cases, |tx, case| {
        accept(tx, ctx, know, &Accept { case, version: None, service: None })
    })
}
