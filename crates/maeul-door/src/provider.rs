//! Signing in by the office's own identity provider: there, back, and our code where it is wanted.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use maeul_base::{Fault, Lang, Refusal};
use maeul_people::{
    ProviderOutcome, SignInOutcome, SignInPolicy, SignInRefusal, Ticket, come_back, set_out,
    sign_in_by_provider, sign_in_by_provider_code,
};
use maeul_web::{PageCtx, PageResult, Posted, Visit, WebError, page, page_with};
use serde::Deserialize;

use crate::device;
use crate::oidc::{Journey, Provider, ProviderFault, Providers};
use crate::sign_in::{self, Back, from, is_staff_path};

/// Why the provider signed nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProviderRefusal {
    /// It does not answer.
    Silent,
    /// It said no, or what it said is not believed.
    Unbelieved,
    /// It named nobody.
    Nameless,
}

impl Refusal for ProviderRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Silent => "sign_in.provider_silent",
            Self::Unbelieved => "sign_in.provider_unbelieved",
            Self::Nameless => "sign_in.provider_nameless",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::Silent => lang.t(
                "기관의 로그인 서버가 답하지 않습니다. 비밀번호로 로그인하거나 잠시 뒤에 다시 해 주십시오. 계속되면 전산 담당자에게 알려 주십시오.",
                "The organisation's sign-in server does not answer. Please use your password or try again in a while; if it goes on, tell an administrator.",
            ),
            Self::Unbelieved => lang.t(
                "기관의 로그인 서버에서 로그인하지 못했습니다. 다시 하거나 비밀번호로 로그인해 주십시오. 계속되면 전산 담당자에게 알려 주십시오.",
                "The organisation's sign-in server did not sign you in. Please try again or use your password; if it goes on, tell an administrator.",
            ),
            Self::Nameless => lang.t(
                "기관의 로그인 서버가 아이디를 알려 주지 않았습니다. 전산 담당자에게 설정(login_claim)을 확인해 달라고 해 주십시오.",
                "The organisation's sign-in server did not tell your login. Please ask an administrator to check the setting login_claim.",
            ),
        }
        .to_owned()
    }

    fn status(&self) -> u16 {
        match self {
            Self::Silent => 503,
            Self::Unbelieved | Self::Nameless => 422,
        }
    }
}

/// The office's provider, if it has one.
pub(crate) fn of(visit: &Visit) -> Option<&Provider> {
    visit.site().room::<Providers>().ok()?.of(visit.office().id)
}

/// Where providers send people back: one address for an office, however its pages are reached.
fn address_back(visit: &Visit) -> String {
    let base = &visit.site().config().base_url;
    format!("{base}/o/{}/staff/sign-in/provider/return", visit.office().code)
}

/// Where one signs out of the provider too.
pub(crate) fn way_out(visit: &Visit) -> Option<String> {
    let base = &visit.site().config().base_url;
    let back = format!("{base}/o/{}/staff/sign-in", visit.office().code);
    of(visit)?.way_out(&back)
}

fn failed(visit: &Visit, fault: &ProviderFault, back: &str) -> PageResult {
    tracing::warn!(office = %visit.office().code, %fault, "the identity provider signed nobody in");
    let refusal = match fault {
        ProviderFault::Silent { .. } | ProviderFault::Metadata(_) => ProviderRefusal::Silent,
        ProviderFault::Refused(_) | ProviderFault::Token(_) => ProviderRefusal::Unbelieved,
    };
    sign_in::refused(visit, &refusal, "", back)
}

/// `GET /staff/sign-in/provider?back=`: on to the provider. A link, because forms lead nowhere else.
pub(crate) async fn start(visit: Visit, Query(query): Query<Back>) -> PageResult {
    let Some(provider) = of(&visit) else { return Err(WebError::not_found()) };
    let back = query.back.filter(|it| is_staff_path(it)).unwrap_or_default();
    let (ctx, seal) = (visit.resident_ctx(), visit.site().seal().clone());
    let (browser, detail) = (visit.browser().to_owned(), back.clone());
    let ticket =
        visit.site().db().write(move |tx| set_out(tx, &ctx, &seal, &browser, &detail)).await?;
    let journey = Journey::of(visit.site().seal(), visit.office().id, &ticket);
    match provider.way_there(&journey, &address_back(&visit), visit.now()).await {
        Ok(there) => Ok((StatusCode::SEE_OTHER, [(LOCATION, there)]).into_response()),
        Err(fault) => failed(&visit, &fault, &back),
    }
}

#[derive(Deserialize)]
pub(crate) struct Returned {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
    iss: Option<String>,
}

/// `GET /staff/sign-in/provider/return?code=&state=`: back from the provider.
pub(crate) async fn arrive(visit: Visit, Query(returned): Query<Returned>) -> PageResult {
    let Some(provider) = of(&visit) else { return Err(WebError::not_found()) };
    let Some(ticket) = Ticket::parse(&returned.state) else {
        return sign_in::refused(&visit, &SignInRefusal::Stale, "", "");
    };
    let (ctx, seal, from) = (visit.resident_ctx(), visit.site().seal().clone(), from(&visit));
    let taken = {
        let (ctx, seal, from, ticket) = (ctx.clone(), seal.clone(), from.clone(), ticket.clone());
        visit.site().db().write(move |tx| come_back(tx, &ctx, &seal, &ticket, &from)).await?
    };
    let Some(back) = taken else {
        return sign_in::refused(&visit, &SignInRefusal::Stale, "", "");
    };
    let named = returned.iss.as_ref().is_none_or(|it| *it == provider.settings.issuer);
    if !returned.error.is_empty() || returned.code.is_empty() || !named {
        let why = returned.error.chars().filter(char::is_ascii_graphic).take(60).collect();
        return failed(&visit, &ProviderFault::Refused(why), &back);
    }
    let journey = Journey::of(&seal, visit.office().id, &ticket);
    let address = address_back(&visit);
    let claims = match provider.vouched(&journey, (&returned.code, &address), visit.now()).await {
        Ok(claims) => claims,
        Err(fault) => return failed(&visit, &fault, &back),
    };
    let Some(login) = claims.login(&provider.settings.login_claim).map(str::to_owned) else {
        return sign_in::refused(&visit, &ProviderRefusal::Nameless, "", &back);
    };
    let wanted = provider.settings.second_factor.wanted(&claims);
    let policy = *visit.site().room::<SignInPolicy>()?;
    let office = visit.office().name(Lang::Ko).to_owned();
    let detail = back.clone();
    let outcome = visit.site().db().write(move |tx| {
        let who = (login.as_str(), wanted, detail.as_str());
        let outcome = sign_in_by_provider(tx, &ctx, &seal, &policy, who, &from)?;
        if let ProviderOutcome::Done(SignInOutcome::SignedIn(signed_in)) = &outcome {
            device::write_to(tx, &ctx, &seal, &office, signed_in)?;
        }
        Ok::<_, Fault>(outcome)
    });
    answer(&visit, outcome.await?, &back)
}

#[derive(Template)]
#[template(path = "door/provider_code.html")]
struct CodePage {
    c: PageCtx,
    ticket: String,
    error: String,
}

fn answer(visit: &Visit, outcome: ProviderOutcome, back: &str) -> PageResult {
    let code_page = |ticket: Ticket, error: String| CodePage {
        c: visit.page("home"),
        ticket: ticket.reveal(),
        error,
    };
    match outcome {
        ProviderOutcome::Done(SignInOutcome::SignedIn(it)) => {
            Ok(sign_in::welcome(visit, &it, back))
        }
        ProviderOutcome::Done(SignInOutcome::Refused(refusal)) => {
            sign_in::refused(visit, &refusal, "", back)
        }
        ProviderOutcome::CodeWanted(ticket) => page(&code_page(ticket, String::new())),
        ProviderOutcome::CodeAgain(ticket) => {
            let error = visit.t(
                "인증번호가 맞지 않습니다. 번호는 한 번만 쓸 수 있으니 새 번호를 넣어 주십시오.",
                "The code is not right. A code works only once, so please enter a new one.",
            );
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &code_page(ticket, error.to_owned()))
        }
    }
}

/// `POST /staff/sign-in/provider/code`: ticket, code.
pub(crate) async fn code(visit: Visit, posted: Posted) -> PageResult {
    if of(&visit).is_none() {
        return Err(WebError::not_found());
    }
    let Some(ticket) = Ticket::parse(posted.get("ticket")) else {
        return sign_in::refused(&visit, &SignInRefusal::Stale, "", "");
    };
    let code: String = posted.get("code").chars().filter(char::is_ascii_digit).collect();
    let (ctx, seal, from) = (visit.resident_ctx(), visit.site().seal().clone(), from(&visit));
    let policy = *visit.site().room::<SignInPolicy>()?;
    let office = visit.office().name(Lang::Ko).to_owned();
    let outcome = visit.site().db().write(move |tx| {
        let typed = (&ticket, code.as_str());
        let outcome = sign_in_by_provider_code(tx, &ctx, &seal, &policy, typed, &from)?;
        if let (ProviderOutcome::Done(SignInOutcome::SignedIn(signed_in)), _) = &outcome {
            device::write_to(tx, &ctx, &seal, &office, signed_in)?;
        }
        Ok::<_, Fault>(outcome)
    });
    let (outcome, back) = outcome.await?;
    answer(&visit, outcome, &back)
}
