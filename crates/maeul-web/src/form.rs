//! A posted form: read within limits, in UTF-8, bound to the browser that opened it. What was
//! typed is kept as text; pages parse it and show it again where it is refused.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::csrf::Verdict;
use crate::error::{self, WebError};
use crate::visit::Visit;

/// The most a form without files may hold, in bytes.
pub const FORM_BYTES: usize = 256 * 1024;
/// The most one file may hold, in bytes.
pub const FILE_BYTES: usize = 12 * 1024 * 1024;
/// The most a request may hold, in bytes: five photos and a form.
pub const BODY_BYTES: usize = 5 * FILE_BYTES + FORM_BYTES;

/// The fields of a form or query, in the order they came.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// From pairs.
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// Reads `a=1&b=2`, strictly in UTF-8.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let pairs = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = unescape(halves.next().unwrap_or_default())?;
            Some((name, unescape(halves.next().unwrap_or_default())?))
        });
        pairs.collect::<Option<Vec<_>>>().map(Self)
    }

    /// The first value of a field, trimmed; empty where it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// The first value, or `None` where it is missing or blank.
    pub fn opt(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// All values of a field, trimmed, blanks left out.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let values = self.0.iter().filter(move |(key, _)| key == name);
        values.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Whether a checkbox or button of that name was sent.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// All pairs.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

fn unescape(text: &[u8]) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(*rest.next()?).to_digit(16)?;
                let low = char::from(*rest.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            byte => *byte,
        });
    }
    // Browsers send CR LF; one kind of line end is kept. NUL cannot be stored as text.
    let text = String::from_utf8(out).ok()?.replace("\r\n", "\n");
    (!text.contains('\0')).then_some(text)
}

/// A file of a form.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The field it came in.
    pub field: String,
    /// What the sender called it.
    pub name: String,
    /// Its bytes; what they are is found out by reading them, not by trusting the sender.
    pub bytes: Bytes,
}

/// A posted form whose hidden field is good.
#[derive(Clone, Debug, Default)]
pub struct Posted {
    /// What was typed.
    pub fields: Fields,
    /// What was attached; empty file inputs are left out.
    pub files: Vec<Upload>,
}

impl Posted {
    /// The first value of a field, trimmed; empty where it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name)
    }

    /// The first value, or `None` where it is missing or blank.
    pub fn opt(&self, name: &str) -> Option<&str> {
        self.fields.opt(name)
    }

    /// Whether a checkbox or button of that name was sent.
    pub fn has(&self, name: &str) -> bool {
        self.fields.has(name)
    }
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        bound(request, state, FILE_BYTES).await.map_err(IntoResponse::into_response)
    }
}

/// A posted form, as [`Posted`] reads it, whose files may each hold up to `most` bytes; never more than
/// [`BODY_BYTES`] in all.
pub async fn with_files(request: Request, most: usize) -> Result<Posted, WebError> {
    bound(request, &(), most).await
}

/// What a program posted, within the same limits. It is bound to no browser: whoever calls this
/// must know the sender by a key of its own, never by a cookie.
pub async fn unbound(request: Request) -> Result<Posted, WebError> {
    body(request, &(), FILE_BYTES).await
}

async fn body<S: Send + Sync>(
    request: Request,
    state: &S,
    most: usize,
) -> Result<Posted, WebError> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let charset = kind.split("charset=").nth(1).map(|name| name.trim_matches(['"', ' ', ';']));
    if charset.is_some_and(|name| !name.starts_with("utf-8")) {
        Err(wrong_charset())
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        let body = to_bytes(request.into_body(), FORM_BYTES).await;
        let body = body.map_err(|_| error::too_large())?;
        Ok(Posted { fields: Fields::parse(&body).ok_or_else(wrong_charset)?, files: Vec::new() })
    } else if kind.starts_with("multipart/form-data") {
        let multipart = Multipart::from_request(request, state).await.map_err(|_| malformed())?;
        read_multipart(multipart, most).await
    } else {
        Err(WebError::refused(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "form.kind",
            "양식이 아닌 내용은 받을 수 없어요. 화면의 양식으로 보내 주세요.",
            "Only a form can be sent to this address. Please use the form on the page.",
        ))
    }
}

async fn bound<S: Send + Sync>(
    request: Request,
    state: &S,
    most: usize,
) -> Result<Posted, WebError> {
    let visit = request.extensions().get::<Visit>().cloned().ok_or_else(WebError::not_found)?;
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let path = format!("{}{path}", visit.base());
    let mut posted = body(request, state, most).await?;
    let field = posted.fields.get("csrf").to_owned();
    posted.fields.0.retain(|(key, _)| key != "csrf");
    match visit.check_csrf(&field) {
        Verdict::Good => Ok(posted),
        Verdict::Expired => Err(WebError::Expired {
            path,
            fields: posted.fields.0,
            had_files: !posted.files.is_empty(),
        }),
        Verdict::Forged => Err(WebError::refused(
            StatusCode::FORBIDDEN,
            "form.forged",
            "이 화면에서 연 양식인지 확인할 수 없었어요. 쿠키를 허용한 뒤 화면을 새로 열어 다시 보내 주세요.",
            "We could not tell that this form was opened in your browser. Allow cookies, reload the page and send again.",
        )),
    }
}

async fn read_multipart(mut multipart: Multipart, most: usize) -> Result<Posted, WebError> {
    let mut posted = Posted::default();
    let mut typed = 0;
    loop {
        let part = multipart.next_field().await.map_err(|error| multipart_error(&error))?;
        let Some(part) = part else { return Ok(posted) };
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|error| multipart_error(&error))?;
        match name {
            Some(_) if bytes.is_empty() => {}
            Some(_) if bytes.len() > most => return Err(error::too_large()),
            Some(name) => posted.files.push(Upload { field, name, bytes }),
            None => {
                typed += bytes.len();
                if typed > FORM_BYTES {
                    return Err(error::too_large());
                }
                let text = String::from_utf8(bytes.to_vec()).map_err(|_| wrong_charset())?;
                if text.contains('\0') {
                    return Err(wrong_charset());
                }
                posted.fields.0.push((field, text.replace("\r\n", "\n")));
            }
        }
    }
}

fn multipart_error(error: &axum::extract::multipart::MultipartError) -> WebError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { error::too_large() } else { malformed() }
}

fn malformed() -> WebError {
    WebError::refused(
        StatusCode::BAD_REQUEST,
        "form.malformed",
        "양식이 도중에 끊긴 것 같아요. 연결을 확인하고 다시 보내 주세요.",
        "The form seems to have been cut off. Check your connection and send again.",
    )
}

fn wrong_charset() -> WebError {
    WebError::refused(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "form.charset",
        "글자를 읽을 수 없었어요. UTF-8로 다시 보내 주세요.",
        "The text could not be read. Please send it again in UTF-8.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_strictly() {
        let fields = Fields::parse("a=%EA%B0%80+b&a=+&c&tag=x&tag=y".as_bytes()).unwrap();
        assert_eq!(fields.get("a"), "가 b");
        assert_eq!(fields.opt("c"), None);
        assert!(fields.has("c"));
        assert_eq!(fields.all("tag").collect::<Vec<_>>(), ["x", "y"]);
        // 가 in EUC-KR, a cut escape, and a NUL.
        for bad in ["a=%B0%A1", "a=%E", "a=%00"] {
            assert!(Fields::parse(bad.as_bytes()).is_none(), "{bad}");
        }
    }
}
