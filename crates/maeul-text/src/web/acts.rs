//! What an officer does on the page of a conversation.

use axum::extract::Path;
use axum::http::StatusCode;
use maeul_base::{Failure, Refusal};
use maeul_cases::act as cases;
use maeul_web::{PageResult, Posted, Visit, WebError};

use super::talk::{self, Beside};
use super::{desk, write};
use crate::act::{self, Join, Split};
use crate::id::{TalkId, TextId};
use crate::read::talk_page;
use crate::refusal::TextRefusal;

fn id_of(path: &str) -> Result<TalkId, WebError> {
    path.parse().map_err(|_| WebError::refusal(&TextRefusal::NotFound))
}

fn here(id: TalkId) -> String {
    format!("/staff/texts/{id}")
}

/// Goes on to a conversation, or shows the page again with why not.
async fn then<R: Refusal>(
    visit: &Visit,
    id: TalkId,
    posted: &Posted,
    field: &str,
    flash: &str,
    done: Result<TalkId, Failure<R>>,
) -> PageResult {
    match done {
        Ok(next) => Ok(visit.redirect_with(&here(next), flash)),
        Err(Failure::Refused(refusal)) => {
            talk::again(visit, id, &posted.fields, field, &refusal).await
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

/// `POST …/split`: text.
pub(crate) async fn split(visit: Visit, Path(id): Path<String>, posted: Posted) -> PageResult {
    let id = id_of(&id)?;
    let (desk, know) = desk(&visit).await?;
    let text: TextId = posted
        .get("text")
        .parse()
        .map_err(|_| WebError::refusal(&TextRefusal::ChangedMeanwhile))?;
    let number = desk.numbers.next(visit.site().db(), &visit.ctx(), &know).await?;
    let input = Split { talk: id, text, number };
    let done = write(&visit, &know, move |tx, ctx, know| act::split(tx, ctx, know, &input)).await;
    let flash = visit.t("새 민원으로 떼어 냈습니다.", "Split off as a new case.");
    then(&visit, id, &posted, "main", flash, done).await
}

/// `POST …/join`: into.
pub(crate) async fn join(visit: Visit, Path(id): Path<String>, posted: Posted) -> PageResult {
    let id = id_of(&id)?;
    let (_, know) = desk(&visit).await?;
    let into: TalkId = posted
        .get("into")
        .parse()
        .map_err(|_| WebError::refusal(&TextRefusal::ChangedMeanwhile))?;
    let input = Join { talk: id, into };
    let done = write(&visit, &know, move |tx, ctx, know| act::join(tx, ctx, know, &input)).await;
    let flash = visit.t("이 대화에 합쳤습니다.", "Joined to this conversation.");
    then(&visit, id, &posted, "main", flash, done).await
}

/// `POST …/case`: praise, or what was set aside, becomes a case.
pub(crate) async fn turn_into_case(
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> PageResult {
    let id = id_of(&id)?;
    let (desk, know) = desk(&visit).await?;
    let number = desk.numbers.next(visit.site().db(), &visit.ctx(), &know).await?;
    let done =
        write(&visit, &know, move |tx, ctx, know| act::turn_into_case(tx, ctx, know, id, &number))
            .await;
    let flash = visit.t("민원으로 접수했습니다.", "It is a case now.");
    then(&visit, id, &posted, "main", flash, done).await
}

/// `POST …/looked`: what was set aside needs nothing.
pub(crate) async fn looked(visit: Visit, Path(id): Path<String>, posted: Posted) -> PageResult {
    let id = id_of(&id)?;
    let (_, know) = desk(&visit).await?;
    let done =
        write(&visit, &know, move |tx, ctx, know| act::look_at(tx, ctx, know, id).map(|()| id))
            .await;
    let flash = visit.t("살펴본 것으로 표시했습니다.", "Marked as looked at.");
    then(&visit, id, &posted, "main", flash, done).await
}

/// `POST …/ask`: question. Through the case's own act, which keeps it and texts it.
pub(crate) async fn ask(visit: Visit, Path(id): Path<String>, posted: Posted) -> PageResult {
    let id = id_of(&id)?;
    let (_, know) = desk(&visit).await?;
    let text = posted.get("question").to_owned();
    let done = write(&visit, &know, move |tx, ctx, know| {
        let found = talk_page(tx, ctx, know, id)?;
        let case = found.case.ok_or(Failure::Refused(TextRefusal::NoOpenCase))?;
        let input = cases::Ask { case: case.id, version: None, text: text.clone() };
        crate::refusal::of_case(cases::ask(tx, ctx, know, &input)).map(|_| id)
    })
    .await;
    let flash = visit.t("문자로 물었습니다.", "The question is on its way.");
    then(&visit, id, &posted, "question", flash, done).await
}

/// `POST …/reveal`: reason.
pub(crate) async fn reveal(visit: Visit, Path(id): Path<String>, posted: Posted) -> PageResult {
    let id = id_of(&id)?;
    let (_, know) = desk(&visit).await?;
    let (reason, address) = (posted.get("reason").to_owned(), visit.client().to_owned());
    let shown = write(&visit, &know, move |tx, ctx, know| {
        act::reveal(tx, ctx, know, id, &reason, Some(&address))
    })
    .await;
    match shown {
        Ok(revealed) => {
            let beside = Beside { revealed, ..Beside::default() };
            talk::show_with(&visit, id, StatusCode::OK, beside).await
        }
        Err(Failure::Refused(refusal)) => {
            talk::again(&visit, id, &posted.fields, "reason", &refusal).await
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}
