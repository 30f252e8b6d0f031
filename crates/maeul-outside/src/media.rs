//! Pictures of other systems, fetched by HTTP from the open internet only.

use maeul_cases::Bilingual;
use maeul_cases::media::{Fetching, MediaError, MediaSource};
use reqwest::Method;

use crate::{Http, HttpError, Reach};

/// Fetches pictures; never from a private network, never through a redirect.
#[derive(Clone, Debug)]
pub struct WebMedia(Http);

impl WebMedia {
    /// A fetcher of its own.
    pub fn new() -> Result<Self, HttpError> {
        Http::new(Reach::Public).map(Self)
    }
}

impl MediaSource for WebMedia {
    fn fetch<'a>(&'a self, address: &'a str, most: usize) -> Fetching<'a> {
        Box::pin(async move {
            let request = self.0.request(Method::GET, address).map_err(|error| of(&error))?;
            let answer = self.0.send(request, most).await.map_err(|error| of(&error))?;
            let status = answer.status;
            if status.is_success() {
                return Ok(answer.body);
            }
            let code = status.as_u16();
            Err(MediaError {
                passes: status.is_server_error() || code == 429,
                why: Bilingual::new(
                    format!("그 주소가 {code}로 답했습니다."),
                    format!("the address answered {code}."),
                ),
            })
        })
    }
}

/// What an officer is told. The address itself stands beside it in the case.
fn of(error: &HttpError) -> MediaError {
    let (ko, en) = match error {
        HttpError::Address => ("http(s) 주소가 아닙니다.", "not an http(s) address."),
        HttpError::Inside => {
            ("내부망 주소는 열지 않습니다.", "addresses of private networks are not opened.")
        }
        HttpError::Silent(_) | HttpError::Unreached(_) => ("답이 없습니다.", "no answer."),
        HttpError::TooLong { .. } => ("파일이 너무 큽니다.", "the file is too large."),
        HttpError::Client(_) => ("받을 수 없습니다.", "it cannot be fetched."),
    };
    MediaError { passes: error.passes(), why: Bilingual::new(ko, en) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_is_fetched_from_the_inner_network() {
        let media = WebMedia::new().unwrap();
        for inside in [
            "http://127.0.0.1/secret.jpg",
            "http://[::1]:8080/x",
            "http://10.0.0.5/x",
            "http://169.254.169.254/latest/meta-data",
            "http://localhost/x",
        ] {
            let refused = media.fetch(inside, 1_000).await.unwrap_err();
            assert!(!refused.passes, "{inside}: {refused:?}");
        }
        assert!(media.fetch("file:///etc/passwd", 1_000).await.is_err());
    }
}
