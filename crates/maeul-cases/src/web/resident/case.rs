//! The resident's own case: receipt, progress, messages both ways, satisfaction, reopening.

use askama::Template;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use maeul_base::{Failure, Lang, PhotoId, Refusal, seoul};
use maeul_web::{PageCtx, PageResult, Posted, Visit, WebError, page, page_with};

use crate::web::desk::{self, know};
use crate::web::form::Errors;
use crate::words::State;
use crate::{Knowledge, PhotoSize, act, read};

/// One step of the way, for the timeline.
struct StepLine {
    when: String,
    iso: String,
    title: String,
    text: String,
    class: &'static str,
}

/// The due time as the page shows it.
struct DueLine {
    at: String,
    iso: String,
    left: String,
    tone: &'static str,
    basis: String,
    lines: Vec<String>,
}

#[derive(Template)]
#[template(path = "cases/my_case.html")]
struct CasePage {
    c: PageCtx,
    base: String,
    case: read::ResidentCase,
    stages: [&'static str; 3],
    stage: usize,
    state: &'static str,
    badge: &'static str,
    received: String,
    due: Option<DueLine>,
    steps: Vec<StepLine>,
    outcome: String,
    review: String,
    reopen_until: String,
    reply: String,
    rating_text: String,
    reason: String,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "cases/receipt.html")]
struct ReceiptPage {
    c: PageCtx,
    base: String,
    link: String,
    case: read::ResidentCase,
    received: String,
    due: Option<DueLine>,
}

fn gone() -> WebError {
    WebError::refused(
        StatusCode::NOT_FOUND,
        "link.unknown",
        "이 링크로는 민원을 찾을 수 없어요. 링크가 끝났거나 잘못 옮겨졌어요. '내 민원'에서 접수번호와 연락처로 찾아 주세요.",
        "No case is found by this link; it has ended or was copied wrongly. Look under My case with your number and contact.",
    )
}

struct Found {
    know: Knowledge,
    access: read::Access,
    case: read::ResidentCase,
}

async fn find(visit: &Visit, token: &str) -> Result<Found, WebError> {
    let know = know(visit).await?;
    let token = token.to_owned();
    let found = desk::read(visit, visit.resident_ctx(), &know, move |tx, ctx, know| {
        let Some(access) = read::access(tx, ctx, &token)? else { return Ok(None) };
        let case = read::resident_case(tx, ctx, know, &access)?;
        Ok(case.map(|case| (access, case)))
    })
    .await?;
    let (access, case) = found.ok_or_else(gone)?;
    Ok(Found { know, access, case })
}

fn due_line(visit: &Visit, case: &read::ResidentCase) -> Option<DueLine> {
    let due = case.due.as_ref()?;
    let lang = visit.lang();
    let open = case.state.is_open();
    let (today, on) = (seoul::date(visit.now()), due.on);
    let days = (on - today).get_days();
    let (left, tone) = if !open {
        (String::new(), "is-done")
    } else if due.at < visit.now() {
        (
            visit
                .t(
                    "기한이 지났어요. 담당 부서에 알렸어요.",
                    "This is late; the unit has been told.",
                )
                .to_owned(),
            "is-late",
        )
    } else if days == 0 {
        (visit.t("오늘까지예요.", "Due today.").to_owned(), "is-soon")
    } else {
        let left = match lang {
            Lang::Ko => format!("{days}일 남았어요."),
            Lang::En => format!("{days} days left."),
        };
        (left, "")
    };
    Some(DueLine {
        at: due.say(lang),
        iso: seoul::iso(due.at),
        left,
        tone,
        basis: due.basis.get(lang).to_owned(),
        lines: due.lines(lang),
    })
}

fn case_page(visit: &Visit, token: &str, found: Found, errors: Errors) -> CasePage {
    let lang = visit.lang();
    let case = found.case;
    let stage = match case.state {
        State::Received => 1,
        State::Working | State::Waiting | State::Approval => 2,
        State::Closed => 3,
    };
    let steps = case
        .steps
        .iter()
        .map(|step| StepLine {
            when: seoul::time_text(step.at, lang),
            iso: seoul::iso(step.at),
            title: step.title.clone(),
            text: step.text.clone(),
            class: if step.mine { "mine" } else { "done" },
        })
        .collect();
    CasePage {
        base: format!("{}/c/{token}", visit.base()),
        stages: [
            lang.t("접수", "Received"),
            lang.t("처리 중", "In hand"),
            lang.t("답변", "Answered"),
        ],
        stage,
        state: case.state.name(lang),
        badge: badge(case.state),
        received: seoul::time_text(case.received_at, lang),
        due: due_line(visit, &case),
        steps,
        outcome: case.outcome.map(|outcome| outcome.name(lang).to_owned()).unwrap_or_default(),
        review: case.review_on.map(|day| seoul::day_text(day, lang)).unwrap_or_default(),
        reopen_until: case.reopen_until.map(|day| seoul::day_text(day, lang)).unwrap_or_default(),
        reply: String::new(),
        rating_text: String::new(),
        reason: String::new(),
        c: visit.page("track"),
        case,
        errors,
    }
}

/// The badge of a state: a full class name, so that the style build keeps it.
pub(crate) const fn badge(state: State) -> &'static str {
    match state {
        State::Received => "badge-new",
        State::Working | State::Approval => "badge-work",
        State::Waiting => "badge-wait",
        State::Closed => "badge-done",
    }
}

/// `GET /c/{token}`
pub(crate) async fn show(visit: Visit, Path(token): Path<String>) -> PageResult {
    let found = find(&visit, &token).await?;
    page(&case_page(&visit, &token, found, Errors::default()))
}

/// `GET /c/{token}/receipt`: what one keeps after sending.
pub(crate) async fn receipt(visit: Visit, Path(token): Path<String>) -> PageResult {
    let found = find(&visit, &token).await?;
    page(&ReceiptPage {
        c: visit.page("report"),
        base: format!("{}/c/{token}", visit.base()),
        link: found.know.link(&token),
        received: seoul::time_text(found.case.received_at, visit.lang()),
        due: due_line(&visit, &found.case),
        case: found.case,
    })
}

/// `GET /c/{token}/photo/{photo}`
pub(crate) async fn photo(
    visit: Visit,
    Path((token, photo)): Path<(String, PhotoId)>,
) -> PageResult {
    let found = find(&visit, &token).await?;
    if !found.case.photos.iter().any(|mine| mine.id == photo) {
        return Err(WebError::not_found());
    }
    let bytes = desk::read(&visit, visit.resident_ctx(), &found.know, move |tx, ctx, _| {
        read::photo(tx, ctx, photo, PhotoSize::Full)
    })
    .await?
    .ok_or_else(WebError::not_found)?;
    Ok(([(header::CONTENT_TYPE, bytes.mime)], bytes.bytes).into_response())
}

async fn refused(
    visit: &Visit,
    token: &str,
    refusal: &impl Refusal,
    text_field: &str,
    keep: impl FnOnce(&mut CasePage),
) -> PageResult {
    let found = find(visit, token).await?;
    let mut errors = Errors::default();
    // The page has several forms, so what an act calls "text" has a name of its own in each.
    let field = refusal.field().unwrap_or("form");
    errors.add(if field == "text" { text_field } else { field }, refusal.say(visit.lang()));
    let mut template = case_page(visit, token, found, errors);
    keep(&mut template);
    let status = StatusCode::from_u16(refusal.status());
    page_with(status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), &template)
}

/// `POST /c/{token}/reply`: text.
pub(crate) async fn reply(visit: Visit, Path(token): Path<String>, posted: Posted) -> PageResult {
    let found = find(&visit, &token).await?;
    let text = posted.get("reply").to_owned();
    let input = act::ResidentReply { access: found.access, text: text.clone() };
    let done = desk::write(&visit, visit.resident_ctx(), &found.know, move |tx, ctx, know| {
        act::resident_reply(tx, ctx, know, &input)
    })
    .await;
    match done {
        Ok(_) => Ok(visit.redirect_with(
            &format!("/c/{token}"),
            visit.t("담당자에게 전했어요.", "Your message has been passed on."),
        )),
        Err(Failure::Refused(refusal)) => {
            refused(&visit, &token, &refusal, "reply", |page| page.reply = text).await
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

/// `POST /c/{token}/rate`: score (1 to 5), rating_text.
pub(crate) async fn rate(visit: Visit, Path(token): Path<String>, posted: Posted) -> PageResult {
    let found = find(&visit, &token).await?;
    let text = posted.get("rating_text").to_owned();
    let score = posted.get("score").parse().unwrap_or(0);
    let input = act::Rate { access: found.access, score, text: text.clone() };
    let done = desk::write(&visit, visit.resident_ctx(), &found.know, move |tx, ctx, know| {
        act::rate(tx, ctx, know, &input)
    })
    .await;
    match done {
        Ok(_) => Ok(visit.redirect_with(
            &format!("/c/{token}"),
            visit.t("평가해 주셔서 고마워요.", "Thank you for telling us."),
        )),
        Err(Failure::Refused(refusal)) => {
            refused(&visit, &token, &refusal, "rating_text", |page| page.rating_text = text).await
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

/// `POST /c/{token}/reopen`: reason.
pub(crate) async fn reopen(visit: Visit, Path(token): Path<String>, posted: Posted) -> PageResult {
    let found = find(&visit, &token).await?;
    let reason = posted.get("reason").to_owned();
    let input = act::ResidentReopen { access: found.access, reason: reason.clone() };
    let done = desk::write(&visit, visit.resident_ctx(), &found.know, move |tx, ctx, know| {
        act::resident_reopen(tx, ctx, know, &input)
    })
    .await;
    match done {
        Ok(_) => Ok(visit.redirect_with(
            &format!("/c/{token}"),
            visit.t("다시 살펴볼게요.", "We will look at it again."),
        )),
        Err(Failure::Refused(refusal)) => {
            refused(&visit, &token, &refusal, "reason", |page| page.reason = reason).await
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}
