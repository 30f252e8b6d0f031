//! Choosing one's own password.

use askama::Template;
use axum::http::StatusCode;
use maeul_base::{Fault, Refusal};
use maeul_people::ChangePassword;
use maeul_web::{PageCtx, PageResult, Posted, Visit, WebError, page, page_with};

#[derive(Template)]
#[template(path = "door/password.html")]
struct PasswordPage {
    c: PageCtx,
    must: bool,
    old_error: String,
    new_error: String,
    again_error: String,
}

impl PasswordPage {
    fn new(visit: &Visit) -> Result<Self, WebError> {
        Ok(Self {
            c: visit.page("home"),
            must: visit.require_staff()?.must_change_password,
            old_error: String::new(),
            new_error: String::new(),
            again_error: String::new(),
        })
    }
}

/// `GET /staff/password`
pub(crate) async fn form(visit: Visit) -> PageResult {
    page(&PasswordPage::new(&visit)?)
}

/// `POST /staff/password`: old, new, again.
pub(crate) async fn submit(visit: Visit, posted: Posted) -> PageResult {
    let staff = visit.require_staff()?;
    let (office, id) = (visit.office().id, staff.id);
    let raw = |name: &str| {
        let pair = posted.fields.pairs().iter().find(|(key, _)| key == name);
        pair.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let (old, new) = (raw("old"), raw("new"));
    let mut refused = PasswordPage::new(&visit)?;
    let login = visit
        .site()
        .db()
        .read(move |tx| maeul_people::staff_by_id(tx, office, id))
        .await?
        .map(|staff| staff.login)
        .ok_or_else(WebError::not_found)?;
    if let Err(refusal) = maeul_people::check_new_password(&login, &old, &new) {
        refused.new_error = refusal.say(visit.lang());
    } else if raw("again") != new {
        refused.again_error =
            visit.t("두 번 적은 비밀번호가 다릅니다.", "The two passwords differ.").to_owned();
    }
    if !refused.new_error.is_empty() || !refused.again_error.is_empty() {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &refused);
    }
    let find = move |tx: &mut maeul_db::Tx| maeul_people::find_for_sign_in(tx, office, &login);
    let candidate = visit.site().db().read(find).await?;
    let ids = visit.site().ids().clone();
    let (old, new) = tokio::task::spawn_blocking(move || {
        let verified = maeul_people::verify_password(candidate, &old);
        maeul_people::hash_password(&ids, &new).map(|hash| (verified, hash))
    })
    .await
    .map_err(|error| Fault::from_error("hash a password", error))??;
    let change = ChangePassword { staff: id, keep: Some(staff.session), old, new };
    let ctx = visit.ctx();
    let done =
        visit.site().db().write(move |tx| maeul_people::change_password(tx, &ctx, &change)).await;
    match done {
        Ok(()) => Ok(visit.redirect_with(
            "/staff",
            visit.t(
                "비밀번호를 바꾸었습니다. 다른 기기에서는 로그아웃되었습니다.",
                "Your password has been changed. Other devices have been signed out.",
            ),
        )),
        Err(maeul_base::Failure::Refused(refusal)) => {
            refused.old_error = refusal.say(visit.lang());
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &refused)
        }
        Err(maeul_base::Failure::Fault(fault)) => Err(fault.into()),
    }
}
