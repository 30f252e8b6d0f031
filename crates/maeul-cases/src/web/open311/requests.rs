//! Requests as they stand, and what a token stands for.

use axum::response::Response;
use maeul_wire::open311::{Errors, Filter, Pairs, Receipt, Request, SERVICE_REQUESTS};

use super::answer::answer;
use super::call::Call;
use crate::read::open311 as read;

/// `GET requests.F`
pub(super) async fn list(call: &Call) -> Result<Response, Errors> {
    let filter = Filter::read(&call.pairs, call.ctx.now, call.lang())
        .map_err(|wrong| Errors::all(400, wrong))?;
    let found = find(call, filter).await?;
    Ok(answer(call.format, SERVICE_REQUESTS, &Request::list(&found)))
}

/// `GET requests/{id}.F`: a list of one.
pub(super) async fn one(call: &Call, id: &str) -> Result<Response, Errors> {
    let mut pairs = vec![("service_request_id".to_owned(), id.to_owned())];
    pairs.extend(
        call.pairs
            .iter()
            .filter(|(name, _)| *name == "extensions")
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let filter = Filter::read(&Pairs::new(pairs), call.ctx.now, call.lang())
        .map_err(|wrong| Errors::all(400, wrong))?;
    let found = find(call, filter).await?;
    if found.is_empty() {
        return Err(no_request(call));
    }
    Ok(answer(call.format, SERVICE_REQUESTS, &Request::list(&found)))
}

async fn find(call: &Call, filter: Filter) -> Result<Vec<Request>, Errors> {
    let (reader, base) = (call.reader(), call.base.clone());
    call.read(move |tx, ctx, know| read::requests(tx, ctx, know, &filter, reader, &base)).await
}

pub(super) fn no_request(call: &Call) -> Errors {
    Errors::one(
        404,
        call.t(
            "그런 service_request_id가 없거나 볼 수 없습니다.",
            "There is no such service_request_id, or it may not be seen.",
        ),
    )
}

/// `GET tokens/{token}.F`
pub(super) async fn token(call: &Call, token: &str) -> Result<Response, Errors> {
    let asked = token.to_owned();
    let number = call.read(move |tx, ctx, _| read::number_of_token(tx, ctx.office, &asked)).await?;
    let number = number.ok_or_else(|| {
        Errors::one(404, call.t("그런 token이 없습니다.", "There is no such token."))
    })?;
    let receipt = Receipt {
        service_request_id: Some(read::request_id(&number)),
        token: Some(token.to_owned()),
        ..Receipt::default()
    };
    Ok(answer(call.format, SERVICE_REQUESTS, &receipt.list()))
}
