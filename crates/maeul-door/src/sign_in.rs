//! Sign in, sign out, sign out everywhere.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use maeul_base::{Fault, Lang, Refusal};
use maeul_people::{SignIn, SignInOutcome, SignInPolicy};
use maeul_web::{PageCtx, PageResult, Posted, Visit, WebError, page, page_with};
use serde::Deserialize;

use crate::device;

#[derive(Template)]
#[template(path = "door/sign_in.html")]
struct SignInPage<'a> {
    c: PageCtx,
    login: &'a str,
    back: &'a str,
    error: String,
}

#[derive(Deserialize)]
pub(crate) struct Back {
    back: Option<String>,
}

/// `GET /staff/sign-in?back=/staff/case/…`
pub(crate) async fn form(visit: Visit, Query(query): Query<Back>) -> PageResult {
    if visit.staff().is_some() {
        return Ok(visit.redirect("/staff"));
    }
    let back = query.back.unwrap_or_default();
    page(&SignInPage { c: visit.page("home"), login: "", back: &back, error: String::new() })
}

/// `POST /staff/sign-in`: login, password, code, back.
pub(crate) async fn submit(visit: Visit, posted: Posted) -> PageResult {
    let office = visit.office().id;
    let login = posted.get("login").to_owned();
    let found = {
        let login = login.clone();
        let find = move |tx: &mut maeul_db::Tx| maeul_people::find_for_sign_in(tx, office, &login);
        visit.site().db().read(find).await?
    };
    // A password may begin or end with a space: it is taken as typed.
    let typed = posted.fields.pairs().iter().find(|(name, _)| name == "password");
    let password = typed.map(|(_, value)| value.clone()).unwrap_or_default();
    let verified =
        tokio::task::spawn_blocking(move || maeul_people::verify_password(found, &password))
            .await
            .map_err(|error| Fault::from_error("verify a password", error))?;
    let wanted = SignIn {
        login: login.clone(),
        code: posted.get("code").chars().filter(char::is_ascii_digit).collect(),
        address: Some(visit.client().to_owned()),
        user_agent: Some(visit.user_agent().to_owned()),
        device: visit.device().map(str::to_owned),
    };
    let (ctx, seal) = (visit.resident_ctx(), visit.site().seal().clone());
    let policy = *visit.site().room::<SignInPolicy>()?;
    let office_name = visit.office().name(Lang::Ko).to_owned();
    let outcome = visit
        .site()
        .db()
        .write(move |tx| {
            let outcome =
                maeul_people::record_sign_in(tx, &ctx, &seal, &policy, &wanted, &verified)?;
            if let SignInOutcome::SignedIn(signed_in) = &outcome {
                device::write_to(tx, &ctx, &seal, &office_name, signed_in)?;
            }
            Ok::<_, Fault>(outcome)
        })
        .await?;
    let back = posted.get("back");
    match outcome {
        SignInOutcome::SignedIn(signed_in) => {
            let mut response = if is_staff_path(back) {
                (StatusCode::SEE_OTHER, [(LOCATION, back.to_owned())]).into_response()
            } else {
                visit.redirect("/staff")
            };
            visit.set_staff_cookie(&mut response, signed_in.token.reveal());
            visit.set_device_cookie(&mut response, &signed_in.device.mark);
            if let Some(said) = device::said(&signed_in.device, visit.lang()) {
                visit.set_flash(&mut response, &said);
            }
            Ok(response)
        }
        SignInOutcome::Refused(refusal) => {
            let status = StatusCode::from_u16(refusal.status());
            let error = refusal.say(visit.lang());
            let c = visit.page("home");
            page_with(
                status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY),
                &SignInPage { c, login: &login, back, error },
            )
        }
    }
}

/// Only a path of the staff side of this site may be gone back to.
fn is_staff_path(path: &str) -> bool {
    let rest = path.strip_prefix("/o/").and_then(|rest| rest.split_once('/'));
    let inner = rest.map_or_else(|| path.to_owned(), |(_, rest)| format!("/{rest}"));
    !path.contains(char::is_control)
        && (inner == "/staff" || inner.starts_with("/staff/") || inner.starts_with("/staff?"))
}

/// `POST /staff/sign-out`
pub(crate) async fn leave(visit: Visit, _: Posted) -> PageResult {
    let session = visit.require_staff()?.session;
    let ctx = visit.ctx();
    visit.site().db().write(move |tx| maeul_people::sign_out(tx, &ctx, session)).await?;
    Ok(left(&visit, visit.t("로그아웃했습니다.", "You have signed out.")))
}

/// `POST /staff/sign-out-everywhere`
pub(crate) async fn leave_everywhere(visit: Visit, _: Posted) -> Result<Response, WebError> {
    let staff = visit.require_staff()?.id;
    let ctx = visit.ctx();
    visit.site().db().write(move |tx| maeul_people::sign_out_everywhere(tx, &ctx, staff)).await?;
    Ok(left(&visit, visit.t("모든 기기에서 로그아웃했습니다.", "You have signed out everywhere.")))
}

fn left(visit: &Visit, text: &str) -> Response {
    let mut response = visit.redirect_with("/staff/sign-in", text);
    visit.set_staff_cookie(&mut response, "");
    response
}

#[cfg(test)]
mod tests {
    use super::is_staff_path;

    #[test]
    fn one_goes_back_only_to_the_staff_side() {
        for good in ["/staff", "/staff/case/1", "/o/41150/staff?queue=mine"] {
            assert!(is_staff_path(good), "{good}");
        }
        for bad in
            ["", "//x", "https://x/staff", "/report", "/o/41150/report", "/staffs", "/staff\n"]
        {
            assert!(!is_staff_path(bad), "{bad}");
        }
    }
}
