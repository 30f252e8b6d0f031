//! The administrator's page of the programs of others that may call our interfaces.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use maeul_base::{Failure, seoul};
use maeul_people::{
    ApiClient, ApiClientId, DEFAULT_PER_MINUTE, NewApiClient, Scope, Scopes, add_api_client,
    api_clients, revoke_api_client,
};
use maeul_web::{Errors, PageCtx, PageResult, Posted, Visit, WebError, page, page_with};

struct Line {
    id: String,
    name: String,
    key_end: String,
    scopes: Vec<&'static str>,
    per_minute: i32,
    tokens: bool,
    used: String,
    revoked: String,
}

struct Choice {
    id: &'static str,
    name: &'static str,
    chosen: bool,
}

/// A client that was let in just now, with the key that is shown only here.
struct Added {
    name: String,
    key: String,
    endpoint: String,
}

struct Typed {
    name: String,
    per_minute: String,
    scopes: Vec<Scope>,
    tokens: bool,
}

impl Typed {
    /// What a new form holds.
    fn fresh() -> Self {
        Self {
            name: String::new(),
            per_minute: DEFAULT_PER_MINUTE.to_string(),
            scopes: Scope::USUAL.to_vec(),
            tokens: false,
        }
    }
}

#[derive(Template)]
#[template(path = "app/api_clients.html")]
struct ClientsPage {
    c: PageCtx,
    clients: Vec<Line>,
    choices: Vec<Choice>,
    added: Option<Added>,
    typed: Typed,
    errors: Errors,
}

/// The name of a scope's check box.
const fn field(scope: Scope) -> &'static str {
    match scope {
        Scope::CreateRequests => "scope-create",
        Scope::ReadRequests => "scope-read",
        Scope::WriteUpdates => "scope-updates",
    }
}

async fn build(visit: &Visit, typed: Typed) -> Result<ClientsPage, WebError> {
    let (office, lang) = (visit.office().id, visit.lang());
    let clients = visit.site().db().read(move |tx| api_clients(tx, office)).await?;
    let line = |it: ApiClient| Line {
        id: it.id.to_string(),
        scopes: it.scopes.iter().map(|scope| scope.name(lang)).collect(),
        used: it.last_used_at.map_or_else(
            || lang.t("쓰인 적 없음", "Never used").to_owned(),
            |at| seoul::time_text(at, lang),
        ),
        revoked: it.revoked_at.map(|at| seoul::time_text(at, lang)).unwrap_or_default(),
        name: it.name,
        key_end: it.key_end,
        per_minute: it.per_minute,
        tokens: it.tokens,
    };
    Ok(ClientsPage {
        c: visit.page("admin"),
        clients: clients.into_iter().map(line).collect(),
        choices: Scope::ALL
            .into_iter()
            .map(|scope| Choice {
                id: field(scope),
                name: scope.name(lang),
                chosen: typed.scopes.contains(&scope),
            })
            .collect(),
        added: None,
        typed,
        errors: Errors::default(),
    })
}

/// `GET /staff/admin/clients`
pub(crate) async fn show(visit: Visit) -> PageResult {
    page(&build(&visit, Typed::fresh()).await?)
}

/// `POST /staff/admin/clients`: name, scopes, per_minute, tokens. The answer is the page itself,
/// not a redirect: the key stands on it and nowhere else.
pub(crate) async fn add(visit: Visit, posted: Posted) -> PageResult {
    let typed = Typed {
        name: posted.get("name").to_owned(),
        per_minute: posted.get("per_minute").to_owned(),
        scopes: Scope::ALL.into_iter().filter(|scope| posted.has(field(*scope))).collect(),
        tokens: posted.has("tokens"),
    };
    let new = NewApiClient {
        name: typed.name.clone(),
        scopes: Scopes::new(typed.scopes.iter().copied()),
        // What is no number is none that can be set.
        per_minute: typed.per_minute.replace(',', "").parse().unwrap_or(0),
        tokens: typed.tokens,
    };
    let ctx = visit.ctx();
    match visit.site().db().write(move |tx| add_api_client(tx, &ctx, &new)).await {
        Ok((client, key)) => {
            let mut template = build(&visit, Typed::fresh()).await?;
            let base = &visit.site().config().base_url;
            template.added = Some(Added {
                name: client.name,
                key: key.reveal().to_owned(),
                endpoint: format!("{base}/o/{}/open311/v2", visit.office().code),
            });
            page_with(StatusCode::CREATED, &template)
        }
        Err(Failure::Refused(refusal)) => {
            let mut template = build(&visit, typed).await?;
            template.errors = Errors::refused(visit.lang(), &refusal, "name");
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
        }
        Err(Failure::Fault(fault)) => Err(fault.into()),
    }
}

#[derive(Template)]
#[template(path = "app/api_client_revoke.html")]
struct RevokePage {
    c: PageCtx,
    id: String,
    name: String,
    key_end: String,
    used: String,
}

/// `GET /staff/admin/clients/{client}/revoke`: what ends with it, before it ends.
pub(crate) async fn confirm(visit: Visit, Path(client): Path<String>) -> PageResult {
    let id: ApiClientId = client.parse().map_err(|_| WebError::not_found())?;
    let (office, lang) = (visit.office().id, visit.lang());
    let clients = visit.site().db().read(move |tx| api_clients(tx, office)).await?;
    let found = clients.into_iter().find(|it| it.id == id && it.revoked_at.is_none());
    let client = found.ok_or_else(WebError::not_found)?;
    page(&RevokePage {
        c: visit.page("admin"),
        id: client.id.to_string(),
        used: client.last_used_at.map_or_else(
            || lang.t("쓰인 적 없음", "Never used").to_owned(),
            |at| seoul::time_text(at, lang),
        ),
        name: client.name,
        key_end: client.key_end,
    })
}

/// `POST /staff/admin/clients/{client}/revoke`
pub(crate) async fn revoke(visit: Visit, Path(client): Path<String>, _: Posted) -> PageResult {
    let id: ApiClientId = client.parse().map_err(|_| WebError::not_found())?;
    let ctx = visit.ctx();
    let client = visit.site().db().write(move |tx| revoke_api_client(tx, &ctx, id)).await?;
    let said = visit.t("연계를 끊었습니다", "The client was revoked");
    Ok(visit.redirect_with("/staff/admin/clients", &format!("{said}: {}", client.name)))
}
