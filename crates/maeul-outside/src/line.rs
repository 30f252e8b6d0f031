//! The way to other agencies: the calls of `maeul-transfer` by HTTP.

use std::time::Duration;

use maeul_transfer::{Asking, Call, Line, LineError, Method, Reply};

use crate::http::{Http, HttpError, Reach};

/// The most that is read of one answer. A list of a thousand requests has about two megabytes.
const MOST: usize = 16 * 1024 * 1024;

/// Asks other agencies by HTTP.
#[derive(Clone, Debug)]
pub struct HttpLine {
    http: Http,
}

impl HttpLine {
    /// A way that reaches so far.
    pub fn new(reach: Reach) -> Result<Self, HttpError> {
        Ok(Self { http: Http::new(reach)? })
    }

    /// The same that waits so long for a whole answer.
    pub fn patient(reach: Reach, patience: Duration) -> Result<Self, HttpError> {
        Ok(Self { http: Http::patient(reach, patience)? })
    }

    async fn send(&self, call: &Call) -> Result<Reply, HttpError> {
        let method = match call.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
        };
        let mut request = self.http.request(method, &call.address)?;
        if !call.query.is_empty() {
            request = request.query(&call.query);
        }
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        if call.method == Method::Post {
            request = request.form(&call.form);
        }
        let answer = self.http.send(request, MOST).await?;
        Ok(Reply { status: answer.status.as_u16(), body: answer.body })
    }
}

impl Line for HttpLine {
    fn ask<'a>(&'a self, call: &'a Call) -> Asking<'a> {
        Box::pin(async move {
            self.send(call).await.map_err(|error| match error {
                HttpError::Unreached(why) => LineError::Unreached(why),
                HttpError::Silent(why) => LineError::Lost(why),
                // It was read in part: it may have been done.
                HttpError::TooLong { .. } => LineError::Lost(error.to_string()),
                HttpError::Address | HttpError::Inside | HttpError::Client(_) => {
                    LineError::Barred(error.to_string())
                }
            })
        })
    }
}
