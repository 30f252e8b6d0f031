//! The file to count: plain or gzip, from a path or standard input, as text.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use maeul_base::Lang;

use super::TallyEnd;

/// The most bytes a file may have once unpacked: places in it are 32-bit numbers, and a packed file may hide more.
const MOST: u64 = 2 << 30;

/// The whole text of `path` (`-` for `stdin`). Gzip is known by its first two bytes, whatever the name.
pub(super) fn text(path: &Path, stdin: impl Read, lang: Lang) -> Result<String, TallyEnd> {
    let shown = path.display();
    let broken = |error: &io::Error| {
        TallyEnd::file(match lang {
            Lang::Ko => {
                format!("{shown}: 읽을 수 없습니다({error}). 파일 이름과 권한을 확인하십시오.")
            }
            Lang::En => {
                format!("{shown}: it cannot be read ({error}). Check the name and the permissions.")
            }
        })
    };
    let bytes = if path == Path::new("-") {
        limited(stdin).map_err(|error| broken(&error))?
    } else {
        limited(File::open(path).map_err(|error| broken(&error))?)
            .map_err(|error| broken(&error))?
    };
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        limited(MultiGzDecoder::new(bytes.as_slice())).map_err(|error| broken(&error))?
    } else {
        bytes
    };
    if u64::try_from(bytes.len()).is_ok_and(|len| len >= MOST) {
        return Err(TallyEnd::file(match lang {
            Lang::Ko => format!("{shown}: 2 GiB보다 큽니다. 나누어 세십시오."),
            Lang::En => format!("{shown}: it is larger than 2 GiB. Count it in parts."),
        }));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
        TallyEnd::refused(match lang {
            Lang::Ko => format!(
                "{shown}: {line}번째 줄: UTF-8 글자가 아닙니다. UTF-8로 저장해 다시 여십시오."
            ),
            Lang::En => format!("{shown}: line {line}: this is not UTF-8. Save the file as UTF-8."),
        })
    })
}

fn limited(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MOST).read_to_end(&mut bytes)?;
    Ok(bytes)
}
