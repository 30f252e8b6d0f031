//! A report being written, and photos.

use maeul_base::{Ctx, DraftId, Fault, PhotoId};
use maeul_db::Tx;
use serde_json::Value;

use crate::knowledge::Knowledge;
use crate::store::{self, PhotoBytes, PhotoOf, PhotoSize, PhotoView};

/// A draft as it was last saved.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftView {
    /// What was typed so far.
    pub body: Value,
    /// The photos added so far.
    pub photos: Vec<PhotoView>,
}

/// The draft, unless it has ended.
pub fn draft(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    id: DraftId,
) -> Result<Option<DraftView>, Fault> {
    let Some(body) = store::draft_body(tx, know.seal(), ctx.office, id, ctx.now)? else {
        return Ok(None);
    };
    let photos = store::photos(tx, ctx.office, PhotoOf::Draft(id))?;
    Ok(Some(DraftView { body, photos }))
}

/// A photo's bytes and whose it is: the caller checks that the reader may see it.
pub fn photo(
    tx: &mut Tx,
    ctx: &Ctx,
    id: PhotoId,
    size: PhotoSize,
) -> Result<Option<PhotoBytes>, Fault> {
    store::photo_bytes(tx, ctx.office, id, size)
}
