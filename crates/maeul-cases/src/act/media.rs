//! Keep a photo that another system sent, as a file or by an address; or note that it is lost.

use maeul_base::{CaseId, Ctx, Failure, Fault, PhotoId};
use maeul_db::Tx;
use maeul_queue::NewJob;

use crate::act::add_photo::MOST_PHOTOS;
use crate::act::work::record;
use crate::event::{Event, Told};
use crate::knowledge::Knowledge;
use crate::media::{FETCH_MEDIA, Wanted};
use crate::refusal::{CaseRefusal, refusals, refused};
use crate::store::{self, PhotoOf, PhotoRow};
use crate::words::Bilingual;

/// A photo of another system, already re-encoded and without metadata.
#[derive(Clone, Debug)]
pub struct KeepPhoto {
    /// The case it belongs to.
    pub case: CaseId,
    /// The picture.
    pub jpeg: Vec<u8>,
    /// A small one.
    pub thumb: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// SHA-256 of the bytes that were sent.
    pub sha256: [u8; 32],
}

refusals! {
    /// Why the photo is not kept.
    KeepPhotoRefusal {
        /// There are enough.
        TooMany = "keep_photo.too_many", 422, Some("media"),
            "사진이 이미 5장 있어 더 받지 않았습니다.", "There are five photos already; no more are kept.";
    }
}

/// Keeps the photo with the case. The same photo sent twice is one photo.
pub fn keep_photo(
    tx: &mut Tx,
    ctx: &Ctx,
    _know: &Knowledge,
    new: &KeepPhoto,
) -> Result<PhotoId, Failure<KeepPhotoRefusal>> {
    let mut case =
        store::load(tx, ctx.office, new.case)?.ok_or_else(|| refused(CaseRefusal::NotFound))?;
    let of = PhotoOf::Case(new.case);
    if let Some(same) = store::same_photo(tx, ctx.office, of, &new.sha256)? {
        return Ok(same);
    }
    let there = store::photos(tx, ctx.office, of)?.len();
    if there >= MOST_PHOTOS * (1 + usize::try_from(case.followers).unwrap_or(0)) {
        return Err(Failure::Refused(KeepPhotoRefusal::TooMany));
    }
    let id: PhotoId = ctx.id();
    let row = PhotoRow {
        id,
        of,
        ord: i32::try_from(there).unwrap_or(i32::MAX),
        width: new.width,
        height: new.height,
        sha256: &new.sha256,
        jpeg: &new.jpeg,
        thumb: &new.thumb,
    };
    store::insert_photo(tx, ctx, &row)?;
    record::<KeepPhotoRefusal>(tx, ctx, &mut case, [Event::PhotoAdded { photo: id }])?;
    Ok(id)
}

/// Asks for the pictures at these addresses to be fetched; the first [`MOST_PHOTOS`].
pub(crate) fn want_media(
    tx: &mut Tx,
    ctx: &Ctx,
    case: CaseId,
    by: &str,
    addresses: &[String],
) -> Result<(), Fault> {
    for address in addresses.iter().take(MOST_PHOTOS) {
        let wanted = Wanted { case, by: by.to_owned(), address: address.clone() };
        let payload = serde_json::to_value(&wanted)
            .map_err(|error| Fault::from_error("write JSON", error))?;
        maeul_queue::enqueue(tx, ctx, &NewJob::now(ctx, FETCH_MEDIA, payload))?;
    }
    Ok(())
}

/// Notes for the officers that a picture could not be had, and why. A case that was changed in the
/// same moment is tried again by the job.
pub(crate) fn note_lost_photo(
    tx: &mut Tx,
    ctx: &Ctx,
    case: CaseId,
    by: &str,
    address: &str,
    why: &Bilingual,
) -> Result<(), Fault> {
    let Some(mut case) = store::load(tx, ctx.office, case)? else { return Ok(()) };
    let told = Told {
        by: by.to_owned(),
        update: None,
        status: None,
        text: format!(
            "사진을 받지 못했습니다: {} / The picture could not be fetched: {}\n{address}",
            why.ko, why.en
        ),
    };
    store::append(tx, ctx, &mut case, [Event::Told(Box::new(told))])?
        .map_err(|_| Fault::other("the case was changed in the same moment"))
}
