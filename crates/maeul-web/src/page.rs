//! What the shell of every page is given, and how a template becomes a response.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maeul_base::{Fault, Lang, Rights, Role, Scope};

use crate::error::WebError;
use crate::site::StaffSession;

/// The `c` of every template.
#[derive(Clone, Debug)]
pub struct PageCtx {
    /// The reader's language.
    pub lang: Lang,
    /// What links begin with: empty, or `/o/41150`.
    pub base: String,
    /// The office's five digits.
    pub office_code: String,
    /// The office's name in the reader's language.
    pub office_name: String,
    /// The office's main telephone.
    pub office_phone: String,
    /// Path and query of this page, for the language switch.
    pub path: String,
    /// The hidden field of forms.
    pub csrf: String,
    /// The signed-in member of staff.
    pub staff: Option<StaffView>,
    /// `light` or `high-contrast`.
    pub theme: &'static str,
    /// A message shown once.
    pub flash: Option<String>,
    /// The active item of the menu.
    pub nav: &'static str,
    /// Demonstration data.
    pub demo: bool,
}

impl PageCtx {
    /// The text in the reader's language.
    pub fn t<'a>(&self, korean: &'a str, english: &'a str) -> &'a str {
        self.lang.t(korean, english)
    }

    /// The address of a path of this office: `c.url("/report")`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The hashed address of an asset.
    pub fn asset(&self, name: &str) -> &'static str {
        crate::assets::url(name)
    }

    /// This page's address without its language, ready for `lang=…` to be appended.
    pub fn path_for_lang(&self) -> String {
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let kept: Vec<&str> = query
            .split('&')
            .filter(|part| !part.is_empty() && !part.starts_with("lang="))
            .collect();
        let mut out = format!("{}{path}?", self.base);
        for part in kept {
            out.push_str(part);
            out.push('&');
        }
        out
    }
}

/// Who is signed in, for the shell.
#[derive(Clone, Debug)]
pub struct StaffView {
    /// Name.
    pub name: String,
    /// Unit, in the reader's language.
    pub unit: String,
    /// Roles, in the reader's language.
    pub role_label: String,
    /// What they hold: by it the menu is drawn.
    pub rights: Rights,
}

impl StaffView {
    pub(crate) fn new(staff: &StaffSession, lang: Lang) -> Self {
        let roles = staff.rights.roles();
        let named = |role: &Role| roles.len() == 1 || *role != Role::Viewer;
        let names: Vec<_> = roles.iter().filter(|it| named(it)).map(|it| it.name(lang)).collect();
        Self {
            name: staff.name.clone(),
            unit: lang.t(&staff.unit_ko, &staff.unit_en).to_owned(),
            role_label: if names.is_empty() {
                lang.t("권한 없음", "No rights").to_owned()
            } else {
                names.join("·")
            },
            rights: staff.rights.clone(),
        }
    }

    /// Sees cases.
    pub fn sees_cases(&self) -> bool {
        let roles = [Role::Officer, Role::Head, Role::Coordinator, Role::Viewer];
        self.rights.has_named("cases.see", &roles)
    }

    /// Works cases.
    pub fn works_cases(&self) -> bool {
        let roles = [Role::Officer, Role::Head, Role::Coordinator];
        self.rights.has_named("cases.work", &roles)
    }

    /// Decides what people ask: heads and the coordinator, unless the office says otherwise.
    pub fn decides(&self) -> bool {
        self.rights.has_named("privacy.decide", &[Role::Head, Role::Coordinator])
    }

    /// Has the coordinator's queue.
    pub fn is_coordinator(&self) -> bool {
        self.rights.is(Role::Coordinator)
    }

    /// Keeps the installation.
    pub fn is_administrator(&self) -> bool {
        self.rights.is(Role::Administrator)
    }

    /// Looks over what was opened in an emergency.
    pub fn reviews(&self) -> bool {
        self.rights.has_named("people.review", &[Role::Administrator, Role::Auditor])
    }

    /// Has cases by the 동 they lie in.
    pub fn has_dong(&self) -> bool {
        self.rights.held().iter().any(|it| matches!(it.scope, Scope::Dong(_)))
    }
}

/// Renders a page.
pub fn page(template: &impl Template) -> Result<Response, WebError> {
    page_with(StatusCode::OK, template)
}

/// Renders a page with another status, e.g. 422 for a form to be mended.
pub fn page_with(status: StatusCode, template: &impl Template) -> Result<Response, WebError> {
    let html = template
        .render()
        .map_err(|error| WebError::fault(Fault::from_error("render a template", error)))?;
    Ok((status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}
