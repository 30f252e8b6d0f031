//! One request's circumstances: office, language, contrast, signed-in staff, form token.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use maeul_base::{Actor, Ctx, Lang};

use crate::csrf;
use crate::edge::Origin;
use crate::error::{self, WebError};
use crate::measure::RequestNumber;
use crate::page::{PageCtx, StaffView};
use crate::service::OfficePath;
use crate::site::{OfficeInfo, Site, StaffSession};
use crate::{cookies, percent};

/// The circumstances of a request; an extractor in any handler.
#[derive(Clone)]
pub struct Visit(Arc<Inner>);

struct Inner {
    site: Site,
    office: OfficeInfo,
    base: String,
    path: String,
    lang: Lang,
    high_contrast: bool,
    visitor: String,
    flash: Option<String>,
    staff: Option<StaffSession>,
    now: Timestamp,
    client: String,
    user_agent: String,
    number: RequestNumber,
    device: Option<String>,
}

impl Visit {
    /// The site.
    pub fn site(&self) -> &Site {
        &self.0.site
    }

    /// The office whose pages these are.
    pub fn office(&self) -> &OfficeInfo {
        &self.0.office
    }

    /// What links begin with: empty, or `/o/41150`.
    pub fn base(&self) -> &str {
        &self.0.base
    }

    /// The reader's language.
    pub fn lang(&self) -> Lang {
        self.0.lang
    }

    /// The text in the reader's language.
    pub fn t<'a>(&self, korean: &'a str, english: &'a str) -> &'a str {
        self.0.lang.t(korean, english)
    }

    /// The instant of the request.
    pub fn now(&self) -> Timestamp {
        self.0.now
    }

    /// The address of the client, for the logs that the law asks for.
    pub fn client(&self) -> &str {
        &self.0.client
    }

    /// What the browser calls itself, cut to 200 characters.
    pub fn user_agent(&self) -> &str {
        &self.0.user_agent
    }

    /// The number by which the log knows this request.
    pub(crate) fn number(&self) -> &RequestNumber {
        &self.0.number
    }

    /// The signed-in member of staff, if any.
    pub fn staff(&self) -> Option<&StaffSession> {
        self.0.staff.as_ref()
    }

    /// The signed-in member of staff; staff routes are guarded, so this refuses only where a
    /// route forgot to say so.
    pub fn require_staff(&self) -> Result<&StaffSession, WebError> {
        self.staff().ok_or_else(WebError::not_found)
    }

    /// The context for acts: staff if signed in, a resident otherwise.
    pub fn ctx(&self) -> Ctx {
        let actor = match &self.0.staff {
            Some(staff) => {
                Actor::Staff { id: staff.id, unit: staff.unit, rights: staff.rights.clone() }
            }
            None => Actor::Resident,
        };
        self.ctx_as(actor)
    }

    /// The context of a resident's act, whoever is signed in in this browser.
    pub fn resident_ctx(&self) -> Ctx {
        self.ctx_as(Actor::Resident)
    }

    fn ctx_as(&self, actor: Actor) -> Ctx {
        Ctx {
            office: self.0.office.id,
            actor,
            lang: self.0.lang,
            now: self.0.now,
            ids: self.0.site.ids().clone(),
        }
    }

    /// The hidden field of a form on this page.
    pub fn csrf(&self) -> String {
        csrf::issue(self.0.site.form_key(), &self.0.visitor, self.0.now)
    }

    pub(crate) fn check_csrf(&self, field: &str) -> csrf::Verdict {
        csrf::check(self.0.site.form_key(), &self.0.visitor, field, self.0.now)
    }

    /// What the shell of a page needs; `nav` names the active item of the menu.
    pub fn page(&self, nav: &'static str) -> PageCtx {
        PageCtx {
            lang: self.0.lang,
            base: self.0.base.clone(),
            office_code: self.0.office.code.clone(),
            office_name: self.0.office.name(self.0.lang).to_owned(),
            office_phone: self.0.office.phone.clone(),
            path: self.0.path.clone(),
            csrf: self.csrf(),
            staff: self.0.staff.as_ref().map(|staff| StaffView::new(staff, self.0.lang)),
            theme: if self.0.high_contrast { "high-contrast" } else { "light" },
            flash: self.0.flash.clone(),
            nav,
            demo: self.0.site.config().demo,
        }
    }

    /// See other: after a form was done.
    pub fn redirect(&self, path: &str) -> Response {
        redirect_to(&format!("{}{path}", self.0.base))
    }

    /// See other, with a message shown once on the next page.
    pub fn redirect_with(&self, path: &str, flash: &str) -> Response {
        let mut response = self.redirect(path);
        self.set_flash(&mut response, flash);
        response
    }

    /// Puts the session of a member of staff into the response; an empty token ends it.
    pub fn set_staff_cookie(&self, response: &mut Response, token: &str) {
        let age = if token.is_empty() { Some(0) } else { None };
        let secure = self.0.site.config().secure_cookies;
        cookies::set(response.headers_mut(), cookies::STAFF, token, age, secure);
    }

    /// The mark of a browser in which staff have signed in before; a random one, kept for a year.
    pub fn device(&self) -> Option<&str> {
        self.0.device.as_deref()
    }

    /// The random mark of this browser to which its forms are bound; gone when the browser closes.
    pub fn browser(&self) -> &str {
        &self.0.visitor
    }

    /// Lets the browser keep its mark for another year.
    pub fn set_device_cookie(&self, response: &mut Response, mark: &str) {
        let secure = self.0.site.config().secure_cookies;
        cookies::set(response.headers_mut(), cookies::DEVICE, mark, Some(31_536_000), secure);
    }

    /// Shows a message once, on the next page.
    pub fn set_flash(&self, response: &mut Response, flash: &str) {
        let secure = self.0.site.config().secure_cookies;
        let text = percent::encode(flash);
        cookies::set(response.headers_mut(), cookies::FLASH, &text, Some(60), secure);
    }
}

pub(crate) fn redirect_to(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, path.to_owned())]).into_response()
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            WebError::fault(maeul_base::Fault::other("a route stands outside the visit layer"))
        })
    }
}

/// The reader's language, and whether the address chooses it.
pub(crate) fn language(request: &Request, secure: bool) -> (Lang, bool) {
    let chosen = request
        .uri()
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .find_map(|pair| pair.strip_prefix("lang="))
        .and_then(Lang::parse);
    if let Some(lang) = chosen {
        return (lang, true);
    }
    let kept = cookies::read(request.headers(), cookies::LANG, secure).and_then(Lang::parse);
    let asked = || {
        let value = request.headers().get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        value.split(',').find_map(|tag| Lang::parse(tag.split(';').next()?.trim()))
    };
    (kept.or_else(asked).unwrap_or_default(), false)
}

/// Whether programs read what is there: errors as data, and no cookie to a file that caches may keep.
pub(crate) fn for_programs(path: &str) -> bool {
    // A file that staff open in their browser leads to the sign-in like any of their pages.
    (path.ends_with(".json") && !path.starts_with("/staff/"))
        || ["/api/", "/open311/", "/open-data/", "/hooks/"].iter().any(|it| path.starts_with(it))
}

/// Builds the [`Visit`], runs the route, and turns errors into pages.
pub(crate) async fn layer(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let now = site.clock().now();
    let secure = site.config().secure_cookies;
    let path = request
        .uri()
        .path_and_query()
        .map_or_else(|| "/".to_owned(), |path| path.as_str().to_owned());
    let place = request.extensions_mut().remove::<OfficePath>().unwrap_or_default();
    let found = match &place.name {
        Some(name) => site.office_named(name),
        None => site.default_office(),
    };
    let (lang, lang_chosen) = language(&request, secure);
    let known =
        cookies::read(request.headers(), cookies::VISITOR, secure).filter(|v| v.len() == 32);
    let fresh = known.is_none();
    let visitor = known.map_or_else(|| site.ids().token(), str::to_owned);
    let flash = cookies::read(request.headers(), cookies::FLASH, secure).map(percent::decode);
    let had_flash = flash.is_some();
    let missing = found.is_none();
    let office = found.or_else(|| site.default_office()).unwrap_or_else(no_office);
    tracing::Span::current().record("office", office.code.as_str());
    let token = cookies::read(request.headers(), cookies::STAFF, secure);
    let staff = match token {
        Some(token) if !missing => site.auth().staff(site.db(), office.id, token, now).await,
        _ => Ok(None),
    };
    let (staff, broken) = match staff {
        Ok(staff) => (staff, None),
        Err(fault) => (None, Some(fault)),
    };
    if let (Some(token), None) = (token, &broken) {
        site.gate().saw(token, staff.is_some());
    }
    let user_agent = request.headers().get(header::USER_AGENT);
    let user_agent = user_agent.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let visit = Visit(Arc::new(Inner {
        base: place.name.map(|name| format!("/o/{name}")).unwrap_or_default(),
        path,
        lang,
        high_contrast: cookies::read(request.headers(), cookies::CONTRAST, secure) == Some("high"),
        visitor,
        flash,
        staff,
        now,
        client: request.extensions().get::<Origin>().cloned().unwrap_or_default().0,
        user_agent: user_agent.chars().take(200).collect(),
        number: request.extensions().get::<RequestNumber>().cloned().unwrap_or_default(),
        device: cookies::read(request.headers(), cookies::DEVICE, secure).map(str::to_owned),
        office,
        site,
    }));
    request.extensions_mut().insert(visit.clone());
    let api = for_programs(request.uri().path());
    let mut response = if missing {
        WebError::no_office().into_response()
    } else if let Some(fault) = broken {
        WebError::fault(fault).into_response()
    } else {
        next.run(request).await
    };
    response = error::dress(&visit, api, response);
    let jar = response.headers_mut();
    if fresh && !api {
        cookies::set(jar, cookies::VISITOR, &visit.0.visitor, None, secure);
    }
    if lang_chosen {
        cookies::set(jar, cookies::LANG, lang.tag(), Some(31_536_000), secure);
    }
    if had_flash && !jar.contains_key(header::LOCATION) {
        cookies::set(jar, cookies::FLASH, "", Some(0), secure);
    }
    response
}

fn no_office() -> OfficeInfo {
    OfficeInfo {
        id: maeul_base::OfficeId(0),
        code: String::new(),
        slug: String::new(),
        name_ko: "마을".to_owned(),
        name_en: "Maeul".to_owned(),
        phone: String::new(),
    }
}
