//! The SQL that changes or fetches one aggregate.

mod access;
mod case;
mod catalogue;
mod count;
mod draft;
mod due_to_go;
mod event;
mod group;
mod import;
mod lease;
mod party;
mod photo;
mod pick;
mod purge;
mod relay;
mod revisions;
mod routing;

pub(crate) use access::*;
pub(crate) use case::*;
pub(crate) use catalogue::*;
pub(crate) use count::*;
pub(crate) use draft::*;
pub(crate) use due_to_go::*;
pub(crate) use event::*;
pub(crate) use group::*;
pub use import::Import;
pub(crate) use import::*;
pub use lease::NumberLease;
pub(crate) use party::*;
pub use photo::{PhotoBytes, PhotoOf, PhotoSize, PhotoView};
pub(crate) use photo::{
    PhotoRow, delete_draft_photo, insert_photo, move_photos, photo_bytes, photos, same_photo,
};
pub(crate) use pick::*;
pub(crate) use purge::*;
pub(crate) use relay::*;
pub(crate) use revisions::*;
pub use routing::ModelView;
pub(crate) use routing::*;
