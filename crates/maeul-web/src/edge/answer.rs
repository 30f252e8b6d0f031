//! What somebody reads whom the gate turns away: a small page without an office or a session behind
//! it, or problem details, always with when to come again.

use std::time::Duration;

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maeul_base::Lang;

use crate::problem::{self, Details};
use crate::site::Site;
use crate::visit;

/// Why a request is turned away.
pub(super) enum Turned {
    /// Its sender asks too often; may ask again after so long.
    TooMany(Duration),
    /// Everybody together asks for more than can be done.
    Busy,
    /// It took too long to arrive.
    Slow,
    /// Its body is compressed: nothing here unpacks what a stranger packed.
    Packed,
}

/// What the answer must know of the request.
pub(super) struct About {
    site: Site,
    lang: Lang,
    program: bool,
}

#[derive(Template)]
#[template(path = "busy.html")]
struct BusyPage<'a> {
    lang: Lang,
    title: &'a str,
    text: &'a str,
    style: &'static str,
    icon: &'static str,
}

impl About {
    pub(super) fn of(site: &Site, request: &Request) -> Self {
        let (lang, _) = visit::language(request, site.config().secure_cookies);
        Self { site: site.clone(), lang, program: visit::for_programs(request.uri().path()) }
    }

    pub(super) fn answer(&self, turned: Turned) -> Response {
        let t = |ko, en| self.lang.t(ko, en);
        let (status, code, title, text, again) = match turned {
            Turned::TooMany(wait) => (
                StatusCode::TOO_MANY_REQUESTS,
                "rate",
                t("잠시만 쉬었다가 다시 해 주세요", "Please wait a moment"),
                t(
                    "이 인터넷 주소에서 짧은 사이에 너무 많이 요청했어요. 조금 뒤에 이 화면을 새로 고쳐 주세요. 보내려던 내용은 뒤로 가기를 누르면 남아 있어요.",
                    "Too many requests came from this internet address in a short time. Reload this page in a moment. What you were about to send is still there when you go back.",
                ),
                Some(wait.as_secs().saturating_add(1)),
            ),
            Turned::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                t("지금 이용하는 분이 아주 많아요", "Very many people are here right now"),
                t(
                    "요청을 받지 못했어요. 10초쯤 뒤에 이 화면을 새로 고쳐 주세요. 급한 일은 전화로 알려 주세요.",
                    "Your request was not taken. Reload this page in about ten seconds. If it is urgent, please call.",
                ),
                Some(10),
            ),
            Turned::Slow => (
                StatusCode::REQUEST_TIMEOUT,
                "slow",
                t("보내는 데 너무 오래 걸렸어요", "Sending took too long"),
                t(
                    "내용이 끝까지 오지 않았어요. 연결을 확인하고, 사진이 있으면 줄여서 다시 보내 주세요.",
                    "What you sent did not arrive completely. Check your connection, make photos smaller, and send again.",
                ),
                None,
            ),
            Turned::Packed => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "packed",
                t("압축한 내용은 받지 않아요", "Compressed content is not taken"),
                t(
                    "Content-Encoding 없이 다시 보내 주세요.",
                    "Please send it again without Content-Encoding.",
                ),
                None,
            ),
        };
        let mut response = if self.program {
            let details = Details { status, code, detail: text, field: None, number: None };
            problem::answer(&self.site, details)
        } else {
            let style = crate::assets::url("site.css");
            let icon = crate::assets::url("favicon.svg");
            let page = BusyPage { lang: self.lang, title, text, style, icon };
            let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
            page.render().map_or_else(
                |_| status.into_response(),
                |html| (status, kind, html).into_response(),
            )
        };
        let headers = response.headers_mut();
        if let Some(seconds) = again {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        response
    }
}
