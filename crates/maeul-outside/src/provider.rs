//! The way to identity providers: the questions of `maeul-door` by HTTP, while somebody waits.

use std::collections::BTreeMap;
use std::time::Duration;

use maeul_base::OfficeId;
use maeul_door::oidc::{Asking, Question, Wire};

use crate::http::{Http, HttpError, Reach};

/// Somebody waits for the answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most that is read of one answer.
const MOST: usize = 256 * 1024;

/// Asks identity providers by HTTP.
#[derive(Clone, Debug)]
pub struct ProviderWire {
    public: Http,
    anywhere: Http,
    reaches: BTreeMap<(OfficeId, String), Reach>,
}

impl ProviderWire {
    /// A way that reaches as far for each provider as its office says, else only the open internet.
    pub fn new(reaches: BTreeMap<(OfficeId, String), Reach>) -> Result<Self, HttpError> {
        Ok(Self {
            public: Http::patient(Reach::Public, PATIENCE)?,
            anywhere: Http::patient(Reach::Anywhere, PATIENCE)?,
            reaches,
        })
    }

    async fn send(&self, question: &Question) -> Result<(u16, Vec<u8>), HttpError> {
        let http = match self.reaches.get(&(question.office, question.provider.clone())) {
            Some(Reach::Anywhere) => &self.anywhere,
            _ => &self.public,
        };
        let method = match question.form {
            Some(_) => reqwest::Method::POST,
            None => reqwest::Method::GET,
        };
        let mut request = http.request(method, &question.url)?.header("accept", "application/json");
        if let Some(form) = &question.form {
            request = request.form(form);
        }
        if let Some((name, secret)) = &question.basic {
            request = request.basic_auth(name, Some(secret.reveal()));
        }
        let answer = http.send(request, MOST).await?;
        Ok((answer.status.as_u16(), answer.body))
    }
}

impl Wire for ProviderWire {
    fn ask<'a>(&'a self, question: &'a Question) -> Asking<'a> {
        Box::pin(async move { self.send(question).await.map_err(|error| error.to_string()) })
    }
}
