//! Where what is served: the address that clients are given first.

use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;
use maeul_base::{Failure, Never};
use maeul_web::Visit;
use maeul_wire::open311::{Discovery, Endpoint, EndpointKind, Errors, Format};

use super::answer::{answer, broken, errors, unknown};
use super::call::Call;
use crate::read::open311 as read;

/// `GET /open311/discovery.F`
pub(super) async fn show(
    visit: Visit,
    Path(resource): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(("discovery", format)) = Format::split(&resource) else { return unknown(&visit) };
    let done = async {
        let call = Call::open(&visit, format, query.as_deref(), &headers).await?;
        let node = describe(&call).await?.node();
        Ok(answer(format, "discovery", &node))
    };
    done.await.unwrap_or_else(|wrong: Errors| errors(format, &wrong))
}

async fn describe(call: &Call) -> Result<Discovery, Errors> {
    let changed = changed(call).await?;
    let site = call.visit.site();
    let public = &site.config().base_url;
    let endpoint = |url: String, kind| Endpoint { url, changed, kind };
    let here = format!("{public}{}/open311", call.visit.base());
    let mut endpoints = vec![
        endpoint(format!("{here}/v2"), EndpointKind::Production),
        endpoint(format!("{here}/test/v2"), EndpointKind::Test),
    ];
    if call.visit.base().is_empty() {
        // The same for each office without jurisdiction_id.
        endpoints.extend(site.offices().values().map(|office| {
            endpoint(format!("{public}/o/{}/open311/v2", office.code), EndpointKind::Production)
        }));
    }
    let office = call.know.office();
    let (name, phone) = (office.name(call.lang()), &office.phone);
    Ok(Discovery {
        changed,
        contact: format!("{name} {phone}"),
        key_service: call.t(
            &format!("열쇠(api_key)는 {name} 전산 담당에게 신청합니다: {phone}"),
            &format!("Ask the administrator of {name} for a key (api_key): {phone}"),
        ),
        endpoints,
    })
}

/// When services or their questions last changed: in the past, never in the future.
async fn changed(call: &Call) -> Result<Timestamp, Errors> {
    let (revision, seen) = call.read(|tx, ctx, _| read::changeset(tx, ctx.office)).await?;
    if let Some(seen) = seen {
        return Ok(seen);
    }
    let see = move |tx: &mut maeul_db::Tx, ctx: &maeul_base::Ctx, _: &crate::Knowledge| {
        read::see_changeset(tx, ctx.office, revision, ctx.now)?;
        Ok::<_, Failure<Never>>(())
    };
    call.write(see).await.map_err(|failure| match failure {
        Failure::Refused(never) => match never {},
        Failure::Fault(fault) => broken(call.lang(), &fault),
    })?;
    Ok(call.ctx.now)
}
