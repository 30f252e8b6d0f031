//! Approve and answer: the letter goes out, with every part the law asks for.

use jiff::civil::Date;
use maeul_base::{CaseId, Ctx, Failure, Fault, Lang, StaffId};
use maeul_db::Tx;
use maeul_facts::Fact;
use maeul_language::mask;

use crate::act::join::answer_joined;
use crate::act::work::{LONGEST_TEXT, begin_open, clean, may, record};
use crate::case::Case;
use crate::event::{Answer, Answered, Event, Signature};
use crate::knowledge::Knowledge;
use crate::permissions::ANSWER_APPROVE;
use crate::refusal::refusals;
use crate::texts::{About, letter};
use crate::words::{Channel, Outcome};
use crate::{notify, outbox, texts};

/// Which case is answered, with which words.
#[derive(Clone, Debug)]
pub struct Approve {
    /// The case.
    pub case: CaseId,
    /// The version the page showed.
    pub version: Option<i64>,
    /// The words; none: those of the draft.
    pub answer: Option<Answer>,
}

refusals! {
    /// Why an answer cannot go on its way.
    AnswerRefusal {
        /// It says no result.
        ResultMissing = "answer.result_missing", 422, Some("result"),
            "처리 결과를 적어 주십시오. 무엇을 했는지, 또는 무엇을 하기로 했는지 씁니다.",
            "Please write the result: what was done or decided.";
        /// A refusal says no reason.
        ReasonMissing = "answer.reason_missing", 422, Some("reason"),
            "처리할 수 없는 까닭을 적어 주십시오(민원 처리에 관한 법률 제27조).",
            "Please give the reasons for the refusal (Civil Petitions Treatment Act, art. 27).";
        /// A refusal says no remedy.
        RemedyMissing = "answer.remedy_missing", 422, Some("remedy"),
            "민원인이 다투거나 도움받을 방법을 적어 주십시오(민원 처리에 관한 법률 제27조).",
            "Please say what the resident can do about it (Civil Petitions Treatment Act, art. 27).";
        /// A long-term review has no date.
        ReviewMissing = "answer.review_missing", 422, Some("review_on"),
            "다시 검토할 날을 정해 주십시오.", "Please set the day it is looked at again.";
        /// The date of the review has passed.
        ReviewPast = "answer.review_past", 422, Some("review_on"),
            "다시 검토할 날은 오늘보다 뒤여야 합니다.", "The day of the review must lie ahead.";
        /// A part is too long.
        TooLong = "answer.too_long", 422, Some("result"),
            "답변의 각 부분은 4,000자 안으로 적어 주십시오.",
            "Please keep each part of the answer to 4,000 characters.";
        /// There is no draft.
        NoDraft = "answer.no_draft", 409, None,
            "아직 답변 초안이 없습니다. 먼저 답변을 써 주십시오.",
            "There is no draft yet. Please write the answer first.";
        /// It stands in no unit's queue.
        NoUnit = "answer.no_unit", 409, None,
            "담당 부서가 아직 없는 민원입니다. 먼저 부서를 정해 주십시오.",
            "This case has no unit yet. Please choose a unit first.";
        /// Only a head or the coordinator lets answers out.
        NotAllowed = "answer.not_allowed", 403, None,
            "답변은 팀장·과장이나 민원조정관이 승인해야 나갑니다. 승인을 요청해 주십시오.",
            "An answer goes out when a head or the coordinator approves it. Please ask for approval.";
        /// The answer has no signature.
        NobodySigns = "answer.nobody_signs", 409, None,
            "답변에 적을 담당자를 찾을 수 없습니다. 담당자를 지정해 주십시오.",
            "No officer could be found to sign the answer. Please assign one.";
    }
}

/// The answer as it is kept.
pub(crate) fn trim_answer(answer: &Answer) -> Result<Answer, AnswerRefusal> {
    let part = |text: &str| {
        let text = clean(text);
        if text.chars().count() > LONGEST_TEXT { Err(AnswerRefusal::TooLong) } else { Ok(text) }
    };
    // Only the parts of its outcome belong to an answer: what was typed for another would
    // otherwise go out unseen.
    let refused = answer.outcome == Outcome::Refused;
    let long_term = answer.outcome == Outcome::LongTerm;
    Ok(Answer {
        outcome: answer.outcome,
        result: part(&answer.result)?,
        reason: part(&answer.reason)?,
        remedy: if refused { part(&answer.remedy)? } else { String::new() },
        review_on: answer.review_on.filter(|_| long_term),
        template: answer.template.clone(),
    })
}

/// Whether every required part is there.
pub(crate) fn check_answer(answer: &Answer, today: Date) -> Result<(), AnswerRefusal> {
    if answer.result.is_empty() {
        return Err(AnswerRefusal::ResultMissing);
    }
    match answer.outcome {
        Outcome::Refused if answer.reason.is_empty() => Err(AnswerRefusal::ReasonMissing),
        Outcome::Refused if answer.remedy.is_empty() => Err(AnswerRefusal::RemedyMissing),
        Outcome::LongTerm => match answer.review_on {
            None => Err(AnswerRefusal::ReviewMissing),
            Some(day) if day <= today => Err(AnswerRefusal::ReviewPast),
            Some(_) => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Who signs for that officer: name, unit and telephone (영31).
pub(crate) fn signature(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    case: &Case,
    officer: StaffId,
    lang: Lang,
) -> Result<Option<Signature>, Fault> {
    let Some(staff) = maeul_people::staff_by_id(tx, ctx.office, officer)? else {
        return Ok(None);
    };
    let phone = match staff.phone.is_empty() {
        true => know.unit_phone(case.unit).to_owned(),
        false => staff.phone,
    };
    let unit = know.unit_name(case.unit, lang).to_owned();
    Ok(Some(Signature { officer: staff.name, unit, phone }))
}

/// Lets the draft, or the words given, out to all parties, and closes the case.
pub fn approve_and_answer(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    input: &Approve,
) -> Result<Case, Failure<AnswerRefusal>> {
    let given = input.answer.as_ref().map(trim_answer).transpose().map_err(Failure::Refused)?;
    let work = begin_open::<AnswerRefusal>(tx, ctx, know, input.case, input.version)?;
    if !may(ctx, know, &ANSWER_APPROVE, &work.case) {
        return Err(Failure::Refused(AnswerRefusal::NotAllowed));
    }
    let mut case = work.case;
    if case.unit.is_none() {
        return Err(Failure::Refused(AnswerRefusal::NoUnit));
    }
    let answer =
        given.or_else(|| case.draft.clone()).ok_or(Failure::Refused(AnswerRefusal::NoDraft))?;
    check_answer(&answer, ctx.today()).map_err(Failure::Refused)?;
    let officer = case.assignee.unwrap_or(work.staff);
    let signature = signature(tx, ctx, know, &case, officer, case.lang)?
        .ok_or(Failure::Refused(AnswerRefusal::NobodySigns))?;
    // Followers read the same letter: personal data the petitioner put into the title stays theirs.
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
    let result = answer.result.clone();
    let answered = Answered { answer, signature, officer, letter };
    let sent = Event::Answered(Box::new(answered.clone()));
    record::<AnswerRefusal>(tx, ctx, &mut case, [sent])?;
    outbox::emit(tx, ctx, &Fact::CaseAnswered { case: case.id })?;
    tell_answer(tx, ctx, know, &case, &result)?;
    // Everyone who told of the same matter gets the answer, in a letter of their own.
    answer_joined::<AnswerRefusal>(tx, ctx, know, &case, &answered, |tx, ctx, know, case| {
        tell_answer(tx, ctx, know, case, &result)
    })?;
    Ok(case)
}

fn tell_answer(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    case: &Case,
    result: &str,
) -> Result<(), Fault> {
    let (Some(outcome), Some(letter)) = (case.outcome, case.answer.as_deref()) else {
        return Ok(());
    };
    let effect = format!("answered {}", case.version);
    notify::tell_all(tx, ctx, know, case, &effect, |lang, about| match case.channel {
        Channel::Text => texts::answered_by_text(lang, about, outcome, result, letter),
        _ => texts::answered(lang, about, outcome, letter),
    })
}
