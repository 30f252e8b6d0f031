//! What a program asks before it reports: the services, the 동 of a point, a due time.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use maeul_base::{Lang, seoul};
use maeul_calendar::{DueInput, Period, PeriodError, Precision, WhenSpec, WhenSpecError};
use maeul_web::Visit;
use serde_json::{Value, json};

use super::body::query;
use super::problem::{Problem, json_answer};
use crate::web::desk::know;
use crate::web::form::degrees_e7;
use crate::{Knowledge, Service};

fn answered(visit: &Visit, result: Result<Value, Problem>) -> Response {
    match result {
        Ok(body) => json_answer(StatusCode::OK, &body),
        Err(problem) => problem.answer(visit),
    }
}

/// `GET /api/v1/services`
pub(crate) async fn services(visit: Visit, RawQuery(asked): RawQuery) -> Response {
    let result = list_services(&visit, asked.as_deref()).await;
    answered(&visit, result)
}

async fn list_services(visit: &Visit, asked: Option<&str>) -> Result<Value, Problem> {
    query(asked, &[])?;
    let know = know(visit).await?;
    let services: Vec<Value> = know.services().map(service).collect();
    Ok(json!({ "office": office(&know), "services": services }))
}

fn office(know: &Knowledge) -> Value {
    let office = know.office();
    json!({
        "code": office.code,
        "name": { "ko": office.name(Lang::Ko), "en": office.name(Lang::En) },
    })
}

fn service(service: &Service) -> Value {
    let mut questions: Vec<_> = service.questions.iter().collect();
    questions.sort_by_key(|question| question.order);
    let questions: Vec<Value> = questions
        .into_iter()
        .map(|question| {
            let values: Vec<Value> = question
                .values
                .iter()
                .map(|value| json!({ "key": value.key, "name": value.name }))
                .collect();
            json!({
                "code": question.code,
                "label": question.label,
                "datatype": question.datatype.as_str(),
                "required": question.required,
                "help": question.help,
                "values": values,
            })
        })
        .collect();
    json!({
        "code": service.code,
        "name": service.name,
        "description": service.description,
        "group": service.group,
        "petition_kind": service.petition_kind.as_str(),
        "period": service.period.map(|period| period.to_string()),
        "period_article": service.period_article,
        "allow_anonymous": service.allow_anonymous,
        "questions": questions,
    })
}

/// `GET /api/v1/locate?lat=&long=`
pub(crate) async fn locate(visit: Visit, RawQuery(asked): RawQuery) -> Response {
    let result = find_dong(&visit, asked.as_deref()).await;
    answered(&visit, result)
}

async fn find_dong(visit: &Visit, asked: Option<&str>) -> Result<Value, Problem> {
    let fields = query(asked, &["lat", "long"])?;
    let degrees = |name: &str| {
        degrees_e7(fields.get(name)).ok_or_else(|| {
            let (ko, en) =
                ("도 단위의 수를 보내십시오. 예: 35.1521", "Send degrees, e.g. 35.1521.");
            Problem::field(name, "field.type", ko, en)
        })
    };
    let point = (degrees("lat")?, degrees("long")?);
    let know = know(visit).await?;
    let dong =
        know.locate(point).map_err(|refusal| Problem::refusal(&refusal, |_| "point".to_owned()))?;
    Ok(json!({
        "office": office(&know),
        "dong": {
            "code": dong.as_str(),
            "name": { "ko": know.dong_name(&dong, Lang::Ko), "en": know.dong_name(&dong, Lang::En) },
        },
    }))
}

/// `GET /api/v1/due?received=2026-06-08T10:30&period=7d&calculator=petition`
pub(crate) async fn due(visit: Visit, RawQuery(asked): RawQuery) -> Response {
    let result = count_due(&visit, asked.as_deref()).await;
    answered(&visit, result)
}

async fn count_due(visit: &Visit, asked: Option<&str>) -> Result<Value, Problem> {
    let fields = query(asked, &["received", "period", "calculator"])?;
    let received: WhenSpec = fields.get("received").parse().map_err(|error: WhenSpecError| {
        let (ko, en) = (error.say(Lang::Ko), error.say(Lang::En));
        Problem::field("received", "due.received", &ko, &en)
    })?;
    let period: Period = fields.get("period").parse().map_err(|error: PeriodError| {
        let (ko, en) = (error.say(Lang::Ko), error.say(Lang::En));
        Problem::field("period", "due.period", &ko, &en)
    })?;
    let input = match fields.get("calculator") {
        "" | "petition" => DueInput::petition(received.start(), period),
        "civil" => DueInput::civil(received.start(), period),
        _ => {
            return Err(Problem::field(
                "calculator",
                "field.word",
                "petition 또는 civil이어야 합니다.",
                "Must be petition or civil.",
            ));
        }
    };
    let know = know(visit).await?;
    let due =
        know.calendar().due(&input).map_err(|refusal| Problem::refusal(&refusal, str::to_owned))?;
    let lang = visit.lang();
    Ok(json!({
        "due": seoul::iso(due.at),
        "due_on": due.date().to_string(),
        "precision": match due.precision { Precision::Day => "day", Precision::Time => "time" },
        "calculator": due.calculator.letter(),
        "article": { "ko": due.article.ko, "en": due.article.en },
        "summary": due.summary(lang),
        "steps": due.explain(lang),
        "notes": due.notes.iter().map(|note| note.t(lang)).collect::<Vec<_>>(),
    }))
}
