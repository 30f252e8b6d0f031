//! How a request becomes a page. Knows no civic word: rooms bring their own routes and templates.

pub mod access;
pub mod assets;
mod cookies;
pub mod csrf;
mod edge;
mod error;
mod errors;
pub mod form;
mod headers;
mod measure;
mod page;
mod percent;
pub mod problem;
mod service;
mod settings;
mod site;
mod visit;

pub use access::{Access, RouteInfo, Routes};
pub use edge::{Edge, Net, NotANet};
pub use error::{Link, WebError};
pub use errors::Errors;
pub use form::{Fields, Posted, Upload};
pub use measure::{Measures, RequestKind};
pub use page::{PageCtx, StaffView, page, page_with};
pub use percent::encode;
pub use service::{App, app, serve};
pub use site::{Authenticator, OfficeInfo, Site, SiteConfig, StaffSession};
pub use visit::Visit;

/// What a handler returns.
pub type PageResult = Result<axum::response::Response, WebError>;
