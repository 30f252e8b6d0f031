//! Add a photo to a draft or a case; and take one out of a draft.

use maeul_base::{Ctx, DraftId, Failure, PhotoId};
use maeul_db::Tx;

use crate::act::work::{begin_open, record};
use crate::event::Event;
use crate::knowledge::Knowledge;
use crate::read::Access;
use crate::refusal::{CaseRefusal, refusals, refused};
use crate::store::{self, PhotoOf, PhotoRow};

/// The most photos of one report.
pub const MOST_PHOTOS: usize = 5;

/// A photo, already re-encoded and without metadata.
#[derive(Clone, Debug)]
pub struct NewPhoto {
    /// What it belongs to.
    pub to: PhotoOf,
    /// The resident's right to the case; none for staff and for drafts.
    pub access: Option<Access>,
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

/// A photo that is not wanted after all.
#[derive(Clone, Copy, Debug)]
pub struct RemoveDraftPhoto {
    /// The draft.
    pub draft: DraftId,
    /// The photo.
    pub photo: PhotoId,
}

refusals! {
    /// Why a photo cannot be added.
    AddPhotoRefusal {
        /// There are enough.
        TooMany = "photo.too_many", 422, Some("photos"),
            "사진은 5장까지 보낼 수 있어요. 필요 없는 사진을 지우고 다시 해 주세요.",
            "You can send up to 5 photos. Remove one and try again.";
        /// The draft has ended.
        DraftEnded = "photo.draft_ended", 409, None,
            "작성하던 신고가 오래되어 지워졌어요. 처음부터 다시 해 주세요.",
            "This report was kept for a day and has ended. Please begin again.";
    }
}

/// Adds a photo. The same photo sent twice is one photo.
pub fn add_photo(
    tx: &mut Tx,
    ctx: &Ctx,
    know: &Knowledge,
    new: &NewPhoto,
) -> Result<PhotoId, Failure<AddPhotoRefusal>> {
    let mut case = match new.to {
        PhotoOf::Draft(draft) => {
            store::draft_body(tx, know.seal(), ctx.office, draft, ctx.now)?
                .ok_or(Failure::Refused(AddPhotoRefusal::DraftEnded))?;
            None
        }
        PhotoOf::Case(id) => Some(match new.access {
            Some(access) if access.case == id => store::load(tx, ctx.office, id)?
                .filter(|case| case.state.is_open())
                .ok_or_else(|| refused(CaseRefusal::AlreadyAnswered))?,
            Some(_) => return Err(refused(CaseRefusal::NotFound)),
            None => begin_open::<AddPhotoRefusal>(tx, ctx, know, id, None)?.case,
        }),
    };
    if let Some(same) = store::same_photo(tx, ctx.office, new.to, &new.sha256)? {
        return Ok(same);
    }
    let there = store::photos(tx, ctx.office, new.to)?.len();
    // Followers bring photos of their own: a case may hold those of several reports.
    let most = case.as_ref().map_or(MOST_PHOTOS, |case| {
        MOST_PHOTOS * (1 + usize::try_from(case.followers).unwrap_or(0))
    });
    if there >= most {
        return Err(Failure::Refused(AddPhotoRefusal::TooMany));
    }
    let id: PhotoId = ctx.id();
    let row = PhotoRow {
        id,
        of: new.to,
        ord: i32::try_from(there).unwrap_or(i32::MAX),
        width: new.width,
        height: new.height,
        sha256: &new.sha256,
        jpeg: &new.jpeg,
        thumb: &new.thumb,
    };
    store::insert_photo(tx, ctx, &row)?;
    if let Some(case) = &mut case {
        record::<AddPhotoRefusal>(tx, ctx, case, [Event::PhotoAdded { photo: id }])?;
    }
    Ok(id)
}

/// Takes a photo out of a draft; whether it was there.
pub fn remove_draft_photo(
    tx: &mut Tx,
    ctx: &Ctx,
    _know: &Knowledge,
    input: &RemoveDraftPhoto,
) -> Result<bool, Failure<AddPhotoRefusal>> {
    Ok(store::delete_draft_photo(tx, ctx.office, input.draft, input.photo)?)
}
