//! Pictures of another system that is not there: what an address leads to is read from its words.

use maeul_cases::Bilingual;
use maeul_cases::media::{Fetching, MediaError, MediaSource};

/// Four by three pixels.
const PICTURE: &[u8] = include_bytes!("picture.png");

/// Answers by the words of the address: `text` is no picture, `inside` is not opened, `silent` never
/// answers; anything else is a picture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pictures;

impl MediaSource for Pictures {
    fn fetch<'a>(&'a self, address: &'a str, _most: usize) -> Fetching<'a> {
        Box::pin(async move {
            let refused = |passes, ko: &str, en: &str| {
                Err(MediaError { passes, why: Bilingual::new(ko, en) })
            };
            match address {
                it if it.contains("text") => Ok(b"not a picture".to_vec()),
                it if it.contains("inside") => refused(false, "내부망", "inside"),
                it if it.contains("silent") => refused(true, "답이 없습니다.", "no answer."),
                _ => Ok(PICTURE.to_vec()),
            }
        })
    }
}
