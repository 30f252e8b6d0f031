//! Open311 GeoReport v2 as messages: every resource with both its encodings, the forms that
//! clients send, and the filters of a list. Nothing here knows a database or a network.
//!
//! XML is written with a declaration and without a namespace. JSON follows the Spark convention:
//! the root is dropped, lists are bare arrays, what is empty is `null`, ids are strings.

mod bulk;
mod degrees;
mod discovery;
mod error;
mod filter;
mod form;
mod node;
mod request;
mod service;
mod time;
mod tree;
mod update;

pub use bulk::{BULK_COLUMNS, BulkRow, csv_line};
pub use degrees::{degrees_e7, degrees_text};
pub use discovery::{Discovery, Endpoint, EndpointKind, SPECIFICATION};
pub use error::{Errors, Problem};
pub use filter::{Filter, MOST, Near, SPAN_DAYS, Window, Wrong, list_of};
pub use form::{NewRequest, NewUpdate, Pairs, is_ahead};
pub use node::{Format, Node, SERVICE_REQUESTS, SERVICES};
pub use request::{Attached, Note, Receipt, Request, Status};
pub use service::{Attribute, Choice, DataType, Definition, Service, ServiceKind};
pub use time::{read_time, write_time};
pub use tree::{Tree, TreeError};
pub use update::{Update, UpdateStatus};
