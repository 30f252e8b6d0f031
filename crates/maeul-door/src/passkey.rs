//! Passkeys: one's own list, adding and removing, and signing in with one.

use askama::Template;
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maeul_base::{Failure, Fault, Lang, Refusal, seoul};
use maeul_people::signature::to_base64url;
use maeul_people::webauthn::{Made, RelyingParty};
use maeul_people::{
    Passkey, PasskeyId, PasskeyRefusal, PasskeySignIn, SignInOutcome, SignInPolicy, user_handle,
};
use maeul_web::{PageCtx, PageResult, Posted, Visit, WebError, page, page_with, problem};
use serde_json::json;

use crate::device;
use crate::sign_in::{self, from};

/// Whom passkeys are made for here; nothing where the address has no name.
pub(crate) fn party(visit: &Visit) -> Option<RelyingParty> {
    RelyingParty::of(&visit.site().config().base_url)
}

struct Line {
    href: String,
    label: String,
    made: String,
    used: String,
}

#[derive(Template)]
#[template(path = "door/passkeys.html")]
struct PasskeysPage {
    c: PageCtx,
    party: String,
    lines: Vec<Line>,
    label: String,
    error: String,
    label_error: String,
}

fn line(visit: &Visit, it: &Passkey) -> Line {
    let lang = visit.lang();
    Line {
        href: format!("{}/staff/passkeys/{}", visit.base(), it.id),
        label: it.label.clone(),
        made: seoul::time_text(it.made_at, lang),
        used: it.used_at.map_or_else(
            || lang.t("아직 없음", "Not yet").to_owned(),
            |at| seoul::time_text(at, lang),
        ),
    }
}

async fn own(visit: &Visit) -> Result<Vec<Passkey>, WebError> {
    let (office, staff) = (visit.office().id, visit.require_staff()?.id);
    Ok(visit.site().db().read(move |tx| maeul_people::passkeys(tx, office, staff)).await?)
}

async fn build(visit: &Visit) -> Result<PasskeysPage, WebError> {
    Ok(PasskeysPage {
        c: visit.page("home"),
        party: party(visit).map(|it| it.id).unwrap_or_default(),
        lines: own(visit).await?.iter().map(|it| line(visit, it)).collect(),
        label: String::new(),
        error: String::new(),
        label_error: String::new(),
    })
}

/// `GET /staff/passkeys`
pub(crate) async fn list(visit: Visit) -> PageResult {
    page(&build(&visit).await?)
}

fn told(visit: &Visit, refusal: &impl Refusal) -> Response {
    let detail = refusal.say(visit.lang());
    problem::answer(
        visit.site(),
        problem::Details {
            status: StatusCode::from_u16(refusal.status())
                .unwrap_or(StatusCode::UNPROCESSABLE_ENTITY),
            code: refusal.code(),
            detail: &detail,
            field: None,
            number: None,
        },
    )
}

/// `POST /staff/passkeys/challenge`: what the browser asks the device for, as JSON.
pub(crate) async fn begin(visit: Visit, _: Posted) -> PageResult {
    let Some(party) = party(&visit) else { return Err(WebError::not_found()) };
    let session = visit.require_staff()?.session;
    let (ctx, seal) = (visit.ctx(), visit.site().seal().clone());
    let browser = visit.browser().to_owned();
    let begun = visit.site().db().write(move |tx| {
        let begun = maeul_people::begin_passkey(tx, &ctx, &seal, session, &browser)?;
        let person = maeul_people::staff_by_id(tx, ctx.office, begun.staff)?;
        let person = person.ok_or(Failure::Refused(PasskeyRefusal::NotAllowed))?;
        Ok((begun, person))
    });
    match begun.await {
        Ok((begun, person)) => Ok(Json(json!({
            "challenge": begun.ticket.reveal(),
            "rp": { "id": party.id, "name": visit.office().name(visit.lang()) },
            "user": {
                "id": to_base64url(&user_handle(visit.office().id, begun.staff)),
                "name": person.login,
                "displayName": person.name,
            },
            "there": begun.there.iter().map(|it| to_base64url(it)).collect::<Vec<_>>(),
        }))
        .into_response()),
        Err(Failure::Refused(refusal)) => Ok(told(&visit, &refusal)),
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

/// `POST /staff/passkeys`: label, client_data, attestation.
pub(crate) async fn add(visit: Visit, posted: Posted) -> PageResult {
    let Some(party) = party(&visit) else { return Err(WebError::not_found()) };
    let (ctx, seal) = (visit.ctx(), visit.site().seal().clone());
    let (browser, sent) = (visit.browser().to_owned(), posted.clone());
    let office = visit.office().name(Lang::Ko).to_owned();
    let done = visit.site().db().write(move |tx| {
        let made =
            Made { client_data: sent.get("client_data"), attestation: sent.get("attestation") };
        let sent = (&made, sent.get("label"));
        let done = maeul_people::add_passkey(tx, &ctx, &seal, &party, &browser, sent)?;
        if let Ok(passkey) = &done {
            device::write_of_passkey(tx, &ctx, &seal, &office, passkey)?;
        }
        Ok::<_, Fault>(done)
    });
    match done.await? {
        Ok(_) => Ok(visit.redirect_with(
            "/staff/passkeys",
            visit.t(
                "패스키를 더했습니다. 다음부터 아이디와 비밀번호 없이 로그인할 수 있습니다.",
                "The passkey was added. From now on you can sign in without name and password.",
            ),
        )),
        Err(refusal) => {
            let mut refused = build(&visit).await?;
            posted.get("label").clone_into(&mut refused.label);
            let text = refusal.say(visit.lang());
            if refusal.field().is_some() {
                refused.label_error = text;
            } else {
                refused.error = text;
            }
            let status = StatusCode::from_u16(refusal.status());
            page_with(status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY), &refused)
        }
    }
}

#[derive(Template)]
#[template(path = "door/passkey_remove.html")]
struct RemovePage {
    c: PageCtx,
    line: Line,
    last: bool,
}

/// `GET /staff/passkeys/{passkey}`: what is removed, before it is.
pub(crate) async fn confirm(visit: Visit, Path(id): Path<PasskeyId>) -> PageResult {
    let own = own(&visit).await?;
    let found = own.iter().find(|it| it.id == id).ok_or_else(WebError::not_found)?;
    let (line, last) = (line(&visit, found), own.len() == 1);
    page(&RemovePage { c: visit.page("home"), line, last })
}

/// `POST /staff/passkeys/{passkey}`
pub(crate) async fn remove(visit: Visit, Path(id): Path<PasskeyId>, _: Posted) -> PageResult {
    let ctx = visit.ctx();
    visit.site().db().write(move |tx| maeul_people::remove_passkey(tx, &ctx, id)).await?;
    Ok(visit.redirect_with(
        "/staff/passkeys",
        visit.t(
            "패스키를 지웠습니다. 기기에 남은 것은 기기의 설정에서 지워 주십시오.",
            "The passkey was removed. What is left on the device is removed in its settings.",
        ),
    ))
}

/// `POST /staff/sign-in/passkey/challenge`: what the browser asks the device for, as JSON.
pub(crate) async fn challenge(visit: Visit, _: Posted) -> PageResult {
    let Some(party) = party(&visit) else { return Err(WebError::not_found()) };
    let (ctx, seal) = (visit.resident_ctx(), visit.site().seal().clone());
    let browser = visit.browser().to_owned();
    let ticket =
        visit.site().db().write(move |tx| maeul_people::challenge(tx, &ctx, &seal, &browser));
    let body = json!({ "challenge": ticket.await?.reveal(), "rp": { "id": party.id, "name": "" } });
    Ok(Json(body).into_response())
}

/// `POST /staff/sign-in/passkey`: credential, client_data, authenticator, signature, user_handle, back.
pub(crate) async fn submit(visit: Visit, posted: Posted) -> PageResult {
    let Some(party) = party(&visit) else { return Err(WebError::not_found()) };
    let field = |name: &str| posted.get(name).to_owned();
    let sent = PasskeySignIn {
        credential: field("credential"),
        client_data: field("client_data"),
        authenticator: field("authenticator"),
        signature: field("signature"),
        user_handle: field("user_handle"),
    };
    let (ctx, seal, from) = (visit.resident_ctx(), visit.site().seal().clone(), from(&visit));
    let policy = *visit.site().room::<SignInPolicy>()?;
    let office = visit.office().name(Lang::Ko).to_owned();
    let outcome = visit.site().db().write(move |tx| {
        let outcome =
            maeul_people::sign_in_with_passkey(tx, &ctx, &seal, &policy, &party, (&sent, &from))?;
        if let SignInOutcome::SignedIn(signed_in) = &outcome {
            device::write_to(tx, &ctx, &seal, &office, signed_in)?;
        }
        Ok::<_, Fault>(outcome)
    });
    match outcome.await? {
        SignInOutcome::SignedIn(signed_in) => {
            Ok(sign_in::welcome(&visit, &signed_in, posted.get("back")))
        }
        SignInOutcome::Refused(refusal) => {
            sign_in::refused(&visit, &refusal, "", posted.get("back"))
        }
    }
}
