//! One case as everybody may see it.

use maeul_base::{Fault, OfficeId, PhotoId};
use maeul_cases::PhotoSize;
use maeul_db::{Tx, args};

use super::list::with_texts;
use crate::read::PublicCase;
use crate::store::{self, PICTURE_COLUMNS, Photo, Stored};

/// Everything on its page.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicPage {
    /// The case.
    pub case: PublicCase,
    /// The photos an officer ticked.
    pub photos: Vec<Photo>,
}

/// The listed case of that public id.
pub fn public_page(tx: &mut Tx, office: OfficeId, id: &str) -> Result<Option<PublicPage>, Fault> {
    let found: Option<Stored> = tx.get(
        &format!(
            "SELECT {PICTURE_COLUMNS} FROM public_case p
              WHERE p.office_id = $1 AND p.public_id = $2 AND p.listed"
        ),
        args![office, id],
    )?;
    let Some(case) = with_texts(tx, office, found.into_iter().collect())?.pop() else {
        return Ok(None);
    };
    let photos = match &case.text {
        Some(_) => store::photos(tx, office, case.picture.case)?,
        None => Vec::new(),
    };
    Ok(Some(PublicPage { case, photos }))
}

/// A published photo's media type and bytes.
pub fn photo(
    tx: &mut Tx,
    office: OfficeId,
    id: &str,
    photo: PhotoId,
    size: PhotoSize,
) -> Result<Option<(String, Vec<u8>)>, Fault> {
    let column = match size {
        PhotoSize::Full => "f.bytes",
        PhotoSize::Thumb => "f.thumb",
    };
    tx.get(
        &format!(
            "SELECT f.mime, {column} FROM public_photo f
               JOIN public_case p ON p.office_id = f.office_id AND p.case_id = f.case_id
               JOIN public_text t ON t.office_id = f.office_id AND t.case_id = f.case_id
              WHERE f.office_id = $1 AND p.public_id = $2 AND p.listed AND f.photo_id = $3"
        ),
        args![office, id, photo],
    )
}
