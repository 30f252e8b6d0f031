//! An answer template, filled in for one case.

use maeul_base::{CaseId, Ctx, Failure, Fault, seoul};
use maeul_db::Tx;

use crate::act::{begin, signature};
use crate::event::Answer;
use crate::knowledge::Knowledge;
use crate::refusal::CaseRefusal;
use crate::store;
use crate::template::TemplateWords;

/// The answer a template makes of a case, for the officer to finish; none if there is no such
/// template. It is written in the petitioner's language.
pub fn template(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    code: &str,
    case: CaseId,
) -> Result<Option<Answer>, Failure<CaseRefusal>> {
    let work = begin::<CaseRefusal>(tx, ctx, know, case, None)?;
    let case = work.case;
    let templates = store::templates(tx, ctx.office)?;
    let Some(template) = templates.into_iter().find(|it| it.active && it.code == code) else {
        return Ok(None);
    };
    let lang = case.lang;
    let officer = case.assignee.unwrap_or(work.staff);
    let signed = signature(tx, ctx, know, &case, officer, lang)?;
    let words = TemplateWords {
        number: case.number.clone(),
        title: case.title.clone(),
        service: case
            .service
            .as_deref()
            .map(|code| know.service_name(code, lang).to_owned())
            .unwrap_or_default(),
        dong: case
            .place
            .dong
            .as_ref()
            .map(|code| know.dong_name(code, lang).to_owned())
            .unwrap_or_default(),
        place: case.place.text.clone(),
        received: seoul::day_text(seoul::date(case.received_at), lang),
        office: know.office().name(lang).to_owned(),
        unit: know.unit_name(case.unit, lang).to_owned(),
        phone: know.unit_phone(case.unit).to_owned(),
        officer: signed.map(|it| it.officer).unwrap_or_default(),
        today: seoul::day_text(ctx.today(), lang),
    };
    let result = template
        .render(&words, lang)
        .map_err(|error| Fault::from_error(format!("answer template {code}"), error))?;
    Ok(Some(Answer {
        outcome: template.outcome,
        result: result.trim().to_owned(),
        reason: String::new(),
        remedy: String::new(),
        review_on: None,
        template: Some(template.code),
    }))
}
