//! Who may use a route is said where the route is declared; nothing is reachable without saying.

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use maeul_base::{Permission, Rights};

use crate::error::WebError;
use crate::measure::Found;
use crate::site::Site;
use crate::visit::Visit;

/// Who may use a route.
#[derive(Clone, Copy, Debug)]
pub enum Access {
    /// Anyone; the route itself checks a secret link where one is needed.
    Public,
    /// Signed-in staff with this permission over anything; over what exactly is judged by the act.
    Staff(&'static Permission),
}

impl Access {
    /// Whether somebody who holds these rights may pass; `None` is someone not signed in.
    pub fn allows(self, rights: Option<&Rights>) -> bool {
        match (self, rights) {
            (Self::Public, _) => true,
            (Self::Staff(permission), Some(rights)) => rights.has(permission),
            (Self::Staff(_), None) => false,
        }
    }
}

/// One declared route, for the authorisation matrix.
#[derive(Clone, Debug)]
pub struct RouteInfo {
    /// HTTP method.
    pub method: Method,
    /// Path pattern below the office's base.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

/// The routes of a room.
#[derive(Default)]
pub struct Routes {
    infos: Vec<RouteInfo>,
    router: Router<Site>,
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page or resource to read.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.route(Method::GET, path, access, on(MethodFilter::GET, handler))
    }

    /// A form or request that changes something.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.route(Method::POST, path, access, on(MethodFilter::POST, handler))
    }

    fn route(
        mut self,
        method: Method,
        path: &'static str,
        access: Access,
        handler: MethodRouter<Site>,
    ) -> Self {
        self.infos.push(RouteInfo { method, path, access });
        let guarded = handler.route_layer(middleware::from_fn(
            move |visit: Visit, request: Request, next: Next| {
                if let Some(found) = request.extensions().get::<Found>() {
                    found.set(path);
                }
                guard(access, visit, request, next)
            },
        ));
        self.router = self.router.route(path, guarded);
        self
    }

    /// These and the routes of another room.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.infos.extend(other.infos);
        self.router = self.router.merge(other.router);
        self
    }

    /// What is declared, in order.
    pub fn infos(&self) -> &[RouteInfo] {
        &self.infos
    }

    pub(crate) fn into_router(self) -> Router<Site> {
        self.router
    }
}

async fn guard(access: Access, visit: Visit, request: Request, next: Next) -> Response {
    match (access, visit.staff()) {
        (Access::Public, _) => next.run(request).await,
        (Access::Staff(_), None) => WebError::SignIn.into_response(),
        (Access::Staff(_), Some(staff))
            if staff.must_change_password && request.uri().path() != "/staff/password" =>
        {
            visit.redirect("/staff/password")
        }
        (Access::Staff(_), Some(staff)) if access.allows(Some(&staff.rights)) => {
            next.run(request).await
        }
        // Not 403: one may not even learn that the page exists.
        (Access::Staff(_), Some(_)) => WebError::not_found().into_response(),
    }
}
