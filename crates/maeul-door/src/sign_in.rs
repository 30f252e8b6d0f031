//! Sign in, sign out, sign out everywhere.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use maeul_base::{Fault, Lang, Refusal};
use maeul_people::{SignIn, SignInFrom, SignInOutcome, SignInPolicy, SignedIn};
use maeul_web::{PageCtx, PageResult, Posted, Visit, page, page_with};
use serde::Deserialize;

use crate::provider::Button;
use crate::{device, passkey, provider};

#[derive(Template)]
#[template(path = "door/sign_in.html")]
struct SignInPage<'a> {
    c: PageCtx,
    login: &'a str,
    back: &'a str,
    error: String,
    party: String,
    providers: Vec<Button>,
}

impl<'a> SignInPage<'a> {
    fn new(visit: &Visit, login: &'a str, back: &'a str, error: String) -> Self {
        let party = passkey::party(visit).map(|it| it.id).unwrap_or_default();
        let providers = provider::buttons(visit, back);
        Self { c: visit.page("home"), login, back, error, party, providers }
    }
}

/// Where somebody signs in from.
pub(crate) fn from(visit: &Visit) -> SignInFrom {
    SignInFrom {
        address: Some(visit.client().to_owned()),
        user_agent: Some(visit.user_agent().to_owned()),
        device: visit.device().map(str::to_owned),
        browser: visit.browser().to_owned(),
    }
}

/// Lets somebody in who has just signed in, back to where they wanted to be.
pub(crate) fn welcome(visit: &Visit, signed_in: &SignedIn, back: &str) -> Response {
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
    response
}

/// The page of signing in, with what went wrong.
pub(crate) fn refused(
    visit: &Visit,
    refusal: &impl Refusal,
    login: &str,
    back: &str,
) -> PageResult {
    let status = StatusCode::from_u16(refusal.status());
    page_with(
        status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY),
        &SignInPage::new(visit, login, back, refusal.say(visit.lang())),
    )
}

#[derive(Deserialize)]
pub(crate) struct Back {
    pub(crate) back: Option<String>,
    #[serde(default)]
    state: String,
}

/// `GET /staff/sign-in?back=/staff/case/…`; a provider that was left as well sends people here with `state`.
pub(crate) async fn form(visit: Visit, Query(query): Query<Back>) -> PageResult {
    if visit.staff().is_some() {
        return Ok(visit.redirect("/staff"));
    }
    if !query.state.is_empty() && provider::left(&visit, &query.state).await? {
        let text = visit.t(
            "마을과 기관 계정에서 로그아웃했습니다.",
            "You have signed out here and of the organisation account.",
        );
        return Ok(visit.redirect_with("/staff/sign-in", text));
    }
    let back = query.back.unwrap_or_default();
    page(&SignInPage::new(&visit, "", &back, String::new()))
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
        SignInOutcome::SignedIn(signed_in) => Ok(welcome(&visit, &signed_in, back)),
        SignInOutcome::Refused(refusal) => refused(&visit, &refusal, &login, back),
    }
}

/// Only a path of the staff side of this site may be gone back to.
pub(crate) fn is_staff_path(path: &str) -> bool {
    let rest = path.strip_prefix("/o/").and_then(|rest| rest.split_once('/'));
    let inner = rest.map_or_else(|| path.to_owned(), |(_, rest)| format!("/{rest}"));
    !path.contains(char::is_control)
        && (inner == "/staff" || inner.starts_with("/staff/") || inner.starts_with("/staff?"))
}

/// `POST /staff/sign-out`
pub(crate) async fn leave(visit: Visit, _: Posted) -> PageResult {
    end(&visit, false, visit.t("로그아웃했습니다.", "You have signed out.")).await
}

/// `POST /staff/sign-out-everywhere`
pub(crate) async fn leave_everywhere(visit: Visit, _: Posted) -> PageResult {
    let text = visit.t("모든 기기에서 로그아웃했습니다.", "You have signed out everywhere.");
    end(&visit, true, text).await
}

/// Ends this session or all of the person's. Who came by a provider is still signed in there: the page that
/// follows offers to leave it too.
async fn end(visit: &Visit, everywhere: bool, text: &str) -> PageResult {
    let staff = visit.require_staff()?;
    let (session, person) = (staff.session, staff.id);
    let (ctx, seal) = (visit.ctx(), visit.site().seal().clone());
    let browser = visit.browser().to_owned();
    let left = visit.site().db().write(move |tx| {
        let left = maeul_people::sign_out(tx, &ctx, &seal, session, &browser)?;
        if everywhere {
            maeul_people::sign_out_everywhere(tx, &ctx, person)?;
        }
        Ok::<_, Fault>(left)
    });
    let offer = provider::leave(visit, left.await?).await?;
    let mut response = offer.unwrap_or_else(|| visit.redirect_with("/staff/sign-in", text));
    visit.set_staff_cookie(&mut response, "");
    Ok(response)
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
