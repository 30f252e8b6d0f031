//! Signing in by one of the office's own identity providers: there, back, and our code where it is wanted;
//! and signing out there too.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use maeul_base::{Fault, Lang, Refusal};
use maeul_people::{
    LeftProvider, ProviderOutcome, ProviderSignIn, SignInOutcome, SignInPolicy, SignInRefusal,
    Ticket, Vouched, come_back, has_left, set_out, sign_in_by_provider, sign_in_by_provider_code,
};
use maeul_web::{PageCtx, PageResult, Posted, Visit, WebError, encode, page, page_with};
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

/// The office's providers.
fn all(visit: &Visit) -> &[Provider] {
    visit.site().room::<Providers>().map_or(&[], |it| it.of(visit.office().id))
}

fn named<'a>(visit: &'a Visit, name: &str) -> Result<&'a Provider, WebError> {
    let found = visit.site().room::<Providers>()?.named(visit.office().id, name);
    found.ok_or_else(WebError::not_found)
}

/// Where the browser goes for that provider, on this site.
fn path_of(name: &str) -> String {
    match name {
        "" => "/staff/sign-in/provider".to_owned(),
        name => format!("/staff/sign-in/with/{name}"),
    }
}

/// A button of the page of signing in.
pub(crate) struct Button {
    pub(crate) href: String,
    pub(crate) words: String,
}

/// A button for each of the office's providers.
pub(crate) fn buttons(visit: &Visit, back: &str) -> Vec<Button> {
    let query = if back.is_empty() { String::new() } else { format!("?back={}", encode(back)) };
    let button = |it: &Provider| Button {
        href: format!("{}{}{query}", visit.base(), path_of(&it.settings.name)),
        words: it.settings.say(visit.lang()).to_owned(),
    };
    all(visit).iter().map(button).collect()
}

/// An address as providers know it: one for an office, however its pages are reached.
fn outside(visit: &Visit, path: &str) -> String {
    format!("{}/o/{}{path}", visit.site().config().base_url, visit.office().code)
}

/// Where a provider sends people back. Each has an address of its own, so that what one of them answers is
/// never brought to another (RFC 9700, 4.4).
fn address_back(visit: &Visit, provider: &Provider) -> String {
    outside(visit, &format!("{}/return", path_of(&provider.settings.name)))
}

/// What a journey's ticket says: the provider, where it has a name, and where to go afterwards, which
/// begins with a stroke.
fn detail_of(name: &str, back: &str) -> String {
    if name.is_empty() { back.to_owned() } else { format!("{name} {back}") }
}

fn read_detail(detail: &str) -> (&str, &str) {
    detail.split_once(' ').filter(|(name, _)| !name.starts_with('/')).unwrap_or(("", detail))
}

#[derive(Template)]
#[template(path = "door/signed_out.html")]
struct SignedOutPage {
    c: PageCtx,
    way_out: String,
}

/// The page that offers to leave the provider as well, where it has a way out. A link, because forms lead
/// nowhere else.
pub(crate) async fn leave(
    visit: &Visit,
    left: Option<LeftProvider>,
) -> Result<Option<Response>, WebError> {
    let Some(LeftProvider { vouched, ticket }) = left else { return Ok(None) };
    let Ok(provider) = named(visit, &vouched.provider) else { return Ok(None) };
    let (back, state) = (outside(visit, "/staff/sign-in"), ticket.reveal());
    let hint = vouched.id_token.as_deref();
    let way_out = provider.way_out(hint, (&back, &state), visit.now()).await;
    let Some(way_out) = way_out else { return Ok(None) };
    let c = PageCtx { staff: None, ..visit.page("home") };
    page(&SignedOutPage { c, way_out }).map(Some)
}

/// Whether somebody comes back who has signed out of the provider as well.
pub(crate) async fn left(visit: &Visit, state: &str) -> Result<bool, WebError> {
    let Some(ticket) = Ticket::parse(state) else { return Ok(false) };
    let (ctx, seal) = (visit.resident_ctx(), visit.site().seal().clone());
    let browser = visit.browser().to_owned();
    let act = move |tx: &mut maeul_db::Tx| has_left(tx, &ctx, &seal, &ticket, &browser);
    Ok(visit.site().db().write(act).await?)
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
    there(&visit, "", query).await
}

/// `GET /staff/sign-in/with/{provider}?back=`: on to the provider of that name.
pub(crate) async fn start_with(
    visit: Visit,
    Path(name): Path<String>,
    Query(query): Query<Back>,
) -> PageResult {
    there(&visit, &name, query).await
}

async fn there(visit: &Visit, name: &str, query: Back) -> PageResult {
    let provider = named(visit, name)?;
    let back = query.back.filter(|it| is_staff_path(it)).unwrap_or_default();
    let (ctx, seal) = (visit.resident_ctx(), visit.site().seal().clone());
    let (browser, detail) = (visit.browser().to_owned(), detail_of(name, &back));
    let ticket =
        visit.site().db().write(move |tx| set_out(tx, &ctx, &seal, &browser, &detail)).await?;
    let journey = Journey::of(visit.site().seal(), visit.office().id, &ticket);
    match provider.way_there(&journey, &address_back(visit, provider), visit.now()).await {
        Ok(there) => Ok((StatusCode::SEE_OTHER, [(LOCATION, there)]).into_response()),
        Err(fault) => failed(visit, &fault, &back),
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
    back_from(&visit, "", returned).await
}

/// `GET /staff/sign-in/with/{provider}/return?code=&state=`: back from the provider of that name.
pub(crate) async fn arrive_from(
    visit: Visit,
    Path(name): Path<String>,
    Query(returned): Query<Returned>,
) -> PageResult {
    back_from(&visit, &name, returned).await
}

async fn back_from(visit: &Visit, name: &str, returned: Returned) -> PageResult {
    let provider = named(visit, name)?;
    let Some(ticket) = Ticket::parse(&returned.state) else {
        return sign_in::refused(visit, &SignInRefusal::Stale, "", "");
    };
    let (ctx, seal, from) = (visit.resident_ctx(), visit.site().seal().clone(), from(visit));
    let taken = {
        let (ctx, seal, from, ticket) = (ctx.clone(), seal.clone(), from.clone(), ticket.clone());
        visit.site().db().write(move |tx| come_back(tx, &ctx, &seal, &ticket, &from)).await?
    };
    // Whoever set out for another provider did not set out for this one.
    let back = taken.as_deref().map(read_detail).filter(|(to, _)| *to == name);
    let Some(back) = back.map(|(_, back)| back.to_owned()) else {
        return sign_in::refused(visit, &SignInRefusal::Stale, "", "");
    };
    let issued = returned.iss.as_ref().is_none_or(|it| *it == provider.settings.issuer);
    if !returned.error.is_empty() || returned.code.is_empty() || !issued {
        let why = returned.error.chars().filter(char::is_ascii_graphic).take(60).collect();
        return failed(visit, &ProviderFault::Refused(why), &back);
    }
    let journey = Journey::of(&seal, visit.office().id, &ticket);
    let address = address_back(visit, provider);
    let word = match provider.vouched(&journey, (&returned.code, &address), visit.now()).await {
        Ok(word) => word,
        Err(fault) => return failed(visit, &fault, &back),
    };
    let Some(login) = word.claims.login(&provider.settings.login_claim).map(str::to_owned) else {
        return sign_in::refused(visit, &ProviderRefusal::Nameless, "", &back);
    };
    let code_wanted = provider.settings.second_factor.wanted(&word.claims);
    let vouched = Vouched { provider: name.to_owned(), id_token: word.hint };
    let policy = *visit.site().room::<SignInPolicy>()?;
    let office = visit.office().name(Lang::Ko).to_owned();
    let detail = back.clone();
    let outcome = visit.site().db().write(move |tx| {
        let (login, detail) = (login.as_str(), detail.as_str());
        let who = ProviderSignIn { login, code_wanted, detail, vouched: &vouched };
        let outcome = sign_in_by_provider(tx, &ctx, &seal, &policy, who, &from)?;
        if let ProviderOutcome::Done(SignInOutcome::SignedIn(signed_in)) = &outcome {
            device::write_to(tx, &ctx, &seal, &office, signed_in)?;
        }
        Ok::<_, Fault>(outcome)
    });
    answer(visit, outcome.await?, &back)
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
    if all(&visit).is_empty() {
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
