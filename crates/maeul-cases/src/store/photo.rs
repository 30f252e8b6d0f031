//! Photos of a case or of a draft, already re-encoded and without metadata.

use maeul_base::{CaseId, Ctx, DraftId, Fault, OfficeId, PhotoId};
use maeul_db::{Tx, args, row};

/// What a photo belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoOf {
    /// A report being written.
    Draft(DraftId),
    /// A case.
    Case(CaseId),
}

impl PhotoOf {
    const fn column(self) -> &'static str {
        match self {
            Self::Draft(_) => "draft_id",
            Self::Case(_) => "case_id",
        }
    }

    const fn id(self) -> uuid::Uuid {
        match self {
            Self::Draft(id) => id.0,
            Self::Case(id) => id.0,
        }
    }
}

row! {
    /// A photo in a list.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct PhotoView {
        /// Its id.
        pub id: PhotoId,
        /// Width in pixels.
        pub width: i32,
        /// Height in pixels.
        pub height: i32,
        /// Its media type.
        pub mime: String,
    }

    /// A photo's bytes and whose it is.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct PhotoBytes {
        /// Its media type.
        pub mime: String,
        /// The picture.
        pub bytes: Vec<u8>,
        /// The case it belongs to.
        pub case: Option<CaseId>,
        /// The draft it belongs to.
        pub draft: Option<DraftId>,
    }
}

/// Which size of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoSize {
    /// As kept.
    Full,
    /// Small, for lists.
    Thumb,
}

pub(crate) fn photos(tx: &mut Tx, office: OfficeId, of: PhotoOf) -> Result<Vec<PhotoView>, Fault> {
    tx.all(
        &format!(
            "SELECT id, width, height, mime FROM cases_photo
              WHERE office_id = $1 AND {} = $2 ORDER BY ord, id",
            of.column()
        ),
        args![office, of.id()],
    )
}

pub(crate) fn photo_bytes(
    tx: &mut Tx,
    office: OfficeId,
    id: PhotoId,
    size: PhotoSize,
) -> Result<Option<PhotoBytes>, Fault> {
    let column = match size {
        PhotoSize::Full => "bytes",
        PhotoSize::Thumb => "thumb",
    };
    tx.get(
        &format!(
            "SELECT mime, {column}, case_id, draft_id FROM cases_photo
              WHERE office_id = $1 AND id = $2"
        ),
        args![office, id],
    )
}

/// The photo of the same bytes that is already there.
pub(crate) fn same_photo(
    tx: &mut Tx,
    office: OfficeId,
    of: PhotoOf,
    sha256: &[u8],
) -> Result<Option<PhotoId>, Fault> {
    let found: Vec<(PhotoId,)> = tx.all(
        &format!(
            "SELECT id FROM cases_photo
              WHERE office_id = $1 AND {} = $2 AND sha256 = $3 ORDER BY ord LIMIT 1",
            of.column()
        ),
        args![office, of.id(), sha256.to_vec()],
    )?;
    Ok(found.into_iter().next().map(|(id,)| id))
}

/// A photo to be written.
#[derive(Debug)]
pub(crate) struct PhotoRow<'a> {
    pub(crate) id: PhotoId,
    pub(crate) of: PhotoOf,
    pub(crate) ord: i32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) sha256: &'a [u8],
    pub(crate) jpeg: &'a [u8],
    pub(crate) thumb: &'a [u8],
}

pub(crate) fn insert_photo(tx: &mut Tx, ctx: &Ctx, new: &PhotoRow<'_>) -> Result<(), Fault> {
    tx.exec_one(
        &format!(
            "INSERT INTO cases_photo (office_id, id, {}, ord, mime, width, height, sha256,
                created_at, thumb, bytes)
             VALUES ($1, $2, $3, $4, 'image/jpeg', $5, $6, $7, $8, $9, $10)",
            new.of.column()
        ),
        args![
            ctx.office,
            new.id,
            new.of.id(),
            new.ord,
            new.width,
            new.height,
            new.sha256.to_vec(),
            ctx.now,
            new.thumb.to_vec(),
            new.jpeg.to_vec()
        ],
    )
}

/// Takes a photo out of a draft; whether it was there.
pub(crate) fn delete_draft_photo(
    tx: &mut Tx,
    office: OfficeId,
    draft: DraftId,
    photo: PhotoId,
) -> Result<bool, Fault> {
    let touched = tx.exec(
        "DELETE FROM cases_photo WHERE office_id = $1 AND draft_id = $2 AND id = $3",
        args![office, draft, photo],
    )?;
    Ok(touched > 0)
}

/// Moves a draft's photos to a case, behind those it has; how many.
pub(crate) fn move_photos(
    tx: &mut Tx,
    office: OfficeId,
    draft: DraftId,
    case: CaseId,
    after: i32,
) -> Result<i32, Fault> {
    let moved = tx.exec(
        "UPDATE cases_photo SET case_id = $1, draft_id = NULL, ord = ord + $2
          WHERE office_id = $3 AND draft_id = $4",
        args![case, after, office, draft],
    )?;
    i32::try_from(moved).map_err(|error| Fault::from_error("photos beyond counting", error))
}
