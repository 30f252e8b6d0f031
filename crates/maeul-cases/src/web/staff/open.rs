//! Opening a case in an emergency: the number, the reason, and then the case for a short time.

use askama::Template;
use axum::http::StatusCode;
use maeul_base::{Failure, Refusal, seoul};
use maeul_people::SignInPolicy;
use maeul_web::{PageCtx, PageResult, Posted, Visit, page, page_with};

use crate::act::{self, OpenCase};
use crate::web::desk::{self, know};

#[derive(Template)]
#[template(path = "cases/staff/open.html")]
struct OpenPage {
    c: PageCtx,
    minutes: i64,
    number: String,
    reason: String,
    number_error: String,
    reason_error: String,
}

impl OpenPage {
    fn new(visit: &Visit, policy: &SignInPolicy) -> Self {
        Self {
            c: visit.page("search"),
            minutes: policy.opening.as_mins(),
            number: String::new(),
            reason: String::new(),
            number_error: String::new(),
            reason_error: String::new(),
        }
    }

    fn errors(&self) -> Vec<(&str, &str)> {
        let both = [("number", &self.number_error), ("reason", &self.reason_error)];
        both.into_iter()
            .filter(|(_, it)| !it.is_empty())
            .map(|(id, it)| (id, it.as_str()))
            .collect()
    }
}

/// `GET /staff/open`
pub(crate) async fn form(visit: Visit) -> PageResult {
    let policy = *visit.site().room::<SignInPolicy>()?;
    page(&OpenPage::new(&visit, &policy))
}

/// `POST /staff/open`: number, reason.
pub(crate) async fn submit(visit: Visit, posted: Posted) -> PageResult {
    let policy = *visit.site().room::<SignInPolicy>()?;
    let know = know(&visit).await?;
    let input = OpenCase {
        number: posted.get("number").to_owned(),
        reason: posted.get("reason").to_owned(),
        lasts: policy.opening,
        address: Some(visit.client().to_owned()).filter(|address| !address.is_empty()),
    };
    let wanted = input.clone();
    let done = desk::write(&visit, visit.ctx(), &know, move |tx, ctx, know| {
        act::open_case(tx, ctx, know, &wanted)
    })
    .await;
    match done {
        Ok((case, None)) => Ok(visit.redirect(&format!("/staff/case/{case}"))),
        Ok((case, Some(until))) => {
            let until = seoul::time_text(until, visit.lang());
            let said = match visit.lang() {
                maeul_base::Lang::Ko => format!("{until}까지 열립니다. 기록했고 내일 점검합니다."),
                maeul_base::Lang::En => {
                    format!("Open until {until}. It was written down and is reviewed tomorrow.")
                }
            };
            Ok(visit.redirect_with(&format!("/staff/case/{case}"), &said))
        }
        Err(Failure::Refused(refusal)) if refusal.field().is_some() => {
            let mut template = OpenPage::new(&visit, &policy);
            (template.number, template.reason) = (input.number, input.reason);
            let text = refusal.say(visit.lang());
            match refusal.field() {
                Some("number") => template.number_error = text,
                _ => template.reason_error = text,
            }
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
        }
        Err(failure) => Err(failure.into()),
    }
}
