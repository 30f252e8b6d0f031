//! Cases as Open311 shows them: every row goes through [`crate::disclosure`] before it is built,
//! and filters by place ask about the place as it is shown, so that asking often finds out no more.

mod build;
mod bulk;
mod list;
mod updates;

pub use bulk::After;
pub use bulk::bulk;
pub use list::requests;
pub use updates::{update_id, updates};

use maeul_base::{Fault, Lang, OfficeId, PhotoId};
use maeul_db::Tx;
use subtle::ConstantTimeEq;

use crate::knowledge::Knowledge;
use crate::number::CaseNumber;
use crate::store;

/// The id of a case in Open311: its receipt number in plain ASCII, `2026-001234-7`, because many
/// clients put ids into addresses as they are.
pub fn request_id(number: &str) -> String {
    let kept: String = number.chars().filter(|it| it.is_ascii_digit() || *it == '-').collect();
    kept.replace("--", "-")
}

/// The receipt number behind an id; a whole receipt number is one, too.
pub fn number_of(know: &Knowledge, id: &str) -> Option<String> {
    CaseNumber::parse(id, &know.office().short_ko).ok().map(|number| number.to_string())
}

/// The number of the case behind a token.
pub fn number_of_token(
    tx: &mut Tx,
    office: OfficeId,
    token: &str,
) -> Result<Option<String>, Fault> {
    store::number_of_token(tx, office, token)
}

/// The address at which anybody who has it sees the photo; `base` is where the endpoint is.
pub fn photo_address(know: &Knowledge, base: &str, photo: PhotoId) -> String {
    let mark = store::photo_mark(know.seal(), know.office().id, photo);
    format!("{base}/media/{photo}.jpg?mark={mark}")
}

/// Whether that mark opens that photo.
pub fn opens_photo(know: &Knowledge, photo: PhotoId, mark: &str) -> bool {
    let right = store::photo_mark(know.seal(), know.office().id, photo);
    right.as_bytes().ct_eq(mark.as_bytes()).into()
}

/// When services or their questions last changed, as far as anybody asked.
pub fn changeset(tx: &mut Tx, office: OfficeId) -> Result<(i64, Option<jiff::Timestamp>), Fault> {
    let revision = store::catalogue_revision(tx, office)?;
    Ok((revision, store::changeset(tx, office, revision)?))
}

/// Keeps that the catalogue is as it is since now.
pub fn see_changeset(
    tx: &mut Tx,
    office: OfficeId,
    revision: i64,
    now: jiff::Timestamp,
) -> Result<(), Fault> {
    store::see_changeset(tx, office, revision, now)
}

/// What a request is called that has no service.
pub(crate) const NO_SERVICE: &str = "unclassified";

/// Its name.
pub(crate) const fn no_service(lang: Lang) -> &'static str {
    lang.t("분야를 정하지 않음", "Not classified")
}

#[cfg(test)]
mod tests {
    use super::request_id;

    #[test]
    fn ids_are_plain_ascii() {
        assert_eq!(request_id("2026-서구-001234-7"), "2026-001234-7");
        assert_eq!(request_id("2026-서구-12345678-7"), "2026-12345678-7");
    }
}
