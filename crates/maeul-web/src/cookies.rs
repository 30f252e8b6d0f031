//! The few cookies there are; none is readable by scripts.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};

/// The browser's own random mark, to which forms are bound.
pub(crate) const VISITOR: &str = "maeul_v";
/// The chosen language.
pub(crate) const LANG: &str = "maeul_lang";
/// `high` where high contrast was chosen.
pub(crate) const CONTRAST: &str = "maeul_contrast";
/// A message shown once, on the next page.
pub(crate) const FLASH: &str = "maeul_flash";
/// The session of a member of staff.
pub(crate) const STAFF: &str = "maeul_staff";

/// The random mark of a browser in which staff have signed in.
pub(crate) const DEVICE: &str = "maeul_device";

/// What a cookie's name begins with over https: browsers then take it only from this very host, over
/// TLS and for every path, so no neighbour and nobody on the way can plant one.
const STRICT: &str = "__Host-";

/// The value of a cookie of the request; over https only of the strict one.
pub(crate) fn read<'a>(headers: &'a HeaderMap, name: &str, secure: bool) -> Option<&'a str> {
    let front = if secure { STRICT } else { "" };
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| key.strip_prefix(front) == Some(name))
        .map(|(_, value)| value)
}

/// Appends a cookie. `max_age_seconds` of `None` lasts until the browser closes; zero deletes.
pub(crate) fn set(
    headers: &mut HeaderMap,
    name: &str,
    value: &str,
    max_age_seconds: Option<u32>,
    secure: bool,
) {
    let age = max_age_seconds.map(|age| format!("; Max-Age={age}")).unwrap_or_default();
    let (front, secure) = if secure { (STRICT, "; Secure") } else { ("", "") };
    let line = format!("{front}{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
    if let Ok(line) = HeaderValue::from_str(&line) {
        headers.append(SET_COOKIE, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_https_a_cookie_is_strict_and_no_other_is_read() {
        let mut headers = HeaderMap::new();
        set(&mut headers, STAFF, "token", None, true);
        let line = headers.get(SET_COOKIE).unwrap().to_str().unwrap();
        assert_eq!(line, "__Host-maeul_staff=token; Path=/; HttpOnly; SameSite=Lax; Secure");
        headers.insert(COOKIE, "maeul_staff=planted; __Host-maeul_staff=token".parse().unwrap());
        assert_eq!(read(&headers, STAFF, true), Some("token"));
        assert_eq!(read(&headers, STAFF, false), Some("planted"));
        headers.insert(COOKIE, "maeul_staff=planted".parse().unwrap());
        assert_eq!(read(&headers, STAFF, true), None);
    }
}
