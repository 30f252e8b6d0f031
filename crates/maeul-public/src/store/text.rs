//! The words and photos of published summaries: here only while everybody may see them.

use jiff::Timestamp;
use maeul_base::{CaseId, Ctx, Fault, OfficeId, PhotoId};
use maeul_db::{Sql, Tx, args, row, search};
use maeul_language::grams;

use super::SEARCH;

row! {
    /// A published summary.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Text {
        /// Which case.
        pub case: CaseId,
        /// In a few words.
        pub title: String,
        /// The summary.
        pub body: String,
        /// Since when it can be read.
        pub shown_at: Timestamp,
    }

    /// A published photo in a list.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Photo {
        /// Its id.
        pub id: PhotoId,
        /// Width in pixels.
        pub width: i32,
        /// Height in pixels.
        pub height: i32,
    }
}

/// The published summaries of these cases.
pub(crate) fn texts(tx: &mut Tx, office: OfficeId, cases: &[CaseId]) -> Result<Vec<Text>, Fault> {
    let mut sql = Sql::new(
        "SELECT case_id, title, body, shown_at FROM public_text WHERE office_id = ?",
        args![office],
    );
    sql.and_in("case_id", cases);
    tx.all(sql.text(), sql.args())
}

/// Shows a summary, and lets it be found by its words.
pub(crate) fn put_text(
    tx: &mut Tx,
    ctx: &Ctx,
    case: CaseId,
    received_at: Timestamp,
    title: &str,
    body: &str,
) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO public_text (office_id, case_id, title, body, shown_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (office_id, case_id)
         DO UPDATE SET title = excluded.title, body = excluded.body, shown_at = excluded.shown_at",
        args![ctx.office, case, title, body, ctx.now],
    )?;
    let grams = grams(&format!("{title}\n{body}"));
    let entry = search::Entry { at: received_at, tags: &[], grams: &grams };
    search::put(tx, SEARCH, ctx.office, case, entry)
}

/// Takes a summary away, with its photos and its words in the index.
pub(crate) fn hide_text(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<(), Fault> {
    tx.exec("DELETE FROM public_text WHERE office_id = $1 AND case_id = $2", args![office, case])?;
    remove_photos(tx, office, case)?;
    search::remove(tx, SEARCH, office, case)
}

/// A photo to be shown.
pub(crate) struct NewPhoto<'a> {
    pub(crate) case: CaseId,
    pub(crate) id: PhotoId,
    pub(crate) ord: usize,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) mime: &'a str,
    pub(crate) thumb: &'a [u8],
    pub(crate) bytes: &'a [u8],
}

pub(crate) fn put_photo(tx: &mut Tx, office: OfficeId, new: &NewPhoto<'_>) -> Result<(), Fault> {
    tx.exec_one(
        "INSERT INTO public_photo (office_id, case_id, photo_id, ord, width, height, mime, thumb,
            bytes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            office,
            new.case,
            new.id,
            i32::try_from(new.ord).unwrap_or(i32::MAX),
            new.width,
            new.height,
            new.mime,
            new.thumb.to_vec(),
            new.bytes.to_vec()
        ],
    )
}

pub(crate) fn remove_photos(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<(), Fault> {
    tx.exec("DELETE FROM public_photo WHERE office_id = $1 AND case_id = $2", args![office, case])?;
    Ok(())
}

/// The photos everybody may see of a case, in order.
pub(crate) fn photos(tx: &mut Tx, office: OfficeId, case: CaseId) -> Result<Vec<Photo>, Fault> {
    tx.all(
        "SELECT photo_id, width, height FROM public_photo
          WHERE office_id = $1 AND case_id = $2 ORDER BY ord, photo_id",
        args![office, case],
    )
}
