//! Addresses of this room's pages as messages name them.

use maeul_cases::Knowledge;

/// What the addresses of an office's pages begin with, e.g. `https://minwon.example.kr/o/seo-gu`.
pub(crate) fn base(know: &Knowledge) -> String {
    let link = know.link("");
    link.strip_suffix("/c/").unwrap_or(&link).to_owned()
}
