//! A browser without a screen: keeps cookies, reads the hidden fields of a form, sends it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, header};
use maeul_web::App;
use tower::ServiceExt;

type Jar = Arc<Mutex<BTreeMap<String, String>>>;

/// A browser with its cookies; clones share them.
#[derive(Clone)]
pub struct Browser {
    app: App,
    jar: Jar,
}

/// What came back.
#[derive(Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
    path: String,
    browser: Browser,
}

impl Browser {
    pub(crate) fn new(app: App) -> Self {
        Self { app, jar: Jar::default() }
    }

    /// What it would send as `Cookie`.
    pub fn cookies(&self) -> String {
        let jar = self.jar.lock().unwrap();
        jar.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), path, Body::empty()).await
    }

    /// Opens a page with headers of its own.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = headers
            .iter()
            .fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
        self.send(request, path, Body::empty()).await
    }

    /// Opens a page and follows where it leads.
    pub async fn follow(&self, path: &str) -> Answer {
        let mut answer = self.get(path).await;
        for _ in 0..5 {
            let Some(next) = answer.location() else { break };
            answer = self.get(&next).await;
        }
        answer
    }

    /// Sends a form as it stands, without the hidden field unless it is among the fields.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs =
            fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        self.post_raw(path, "application/x-www-form-urlencoded", body.into_bytes()).await
    }

    /// Sends any body.
    pub async fn post_raw(&self, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, kind);
        self.send(request, path, Body::from(body)).await
    }

    /// Sends any body with more headers, as programs do.
    pub async fn post_with(
        &self,
        path: &str,
        kind: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> Answer {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, kind);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        self.send(request, path, Body::from(body)).await
    }

    /// Sends a form with files, as `multipart/form-data`.
    pub async fn post_files(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        const EDGE: &str = "maeul-test-edge";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(
                format!(
                    "--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .as_bytes(),
            );
        }
        for (name, file, bytes) in files {
            body.extend_from_slice(
                format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n").as_bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
        self.post_raw(path, &format!("multipart/form-data; boundary={EDGE}"), body).await
    }

    async fn send(&self, request: axum::http::request::Builder, path: &str, body: Body) -> Answer {
        let request = request.header(header::COOKIE, self.cookies()).body(body).unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (pair, _) = line.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let mut jar = self.jar.lock().unwrap();
            if line.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            path: path.to_owned(),
            browser: self.clone(),
        }
    }
}

impl Answer {
    /// Where it leads, if it leads on.
    pub fn location(&self) -> Option<String> {
        Some(self.headers.get(header::LOCATION)?.to_str().ok()?.to_owned())
    }

    /// Follows where it leads; the page itself where it leads nowhere.
    pub async fn next(&self) -> Self {
        match self.location() {
            Some(path) => self.browser.follow(&path).await,
            None => self.clone(),
        }
    }

    /// The hidden fields of the page's last form that has any (`csrf`, `version` …), or of the
    /// form whose action ends as given.
    pub fn hidden(&self, action_ends: Option<&str>) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for form in self.body.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap_or_default();
            let action = attribute(form, "action").unwrap_or_default();
            if action_ends.is_some_and(|end| !action.ends_with(end)) {
                continue;
            }
            let inputs = form.split("<input").skip(1);
            let hidden: Vec<(String, String)> = inputs
                .map(|input| input.split('>').next().unwrap_or_default())
                .filter(|input| attribute(input, "type").as_deref() == Some("hidden"))
                .filter_map(|input| {
                    Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()))
                })
                .collect();
            if !hidden.is_empty() {
                found = hidden;
                if action_ends.is_some() {
                    break;
                }
            }
        }
        found
    }

    /// Sends the page's form to the page's own address, with its hidden fields.
    pub async fn submit(&self, fields: &[(&str, &str)]) -> Self {
        self.submit_to(&self.path.clone(), fields).await
    }

    /// Sends the form whose action is `path`, with its hidden fields; fields given win.
    pub async fn submit_to(&self, path: &str, fields: &[(&str, &str)]) -> Self {
        let own = self.hidden(Some(path));
        let hidden = if own.is_empty() { self.hidden(None) } else { own };
        let mut all: Vec<(&str, &str)> = hidden
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| !fields.iter().any(|(given, _)| given == name))
            .collect();
        all.extend_from_slice(fields);
        self.browser.post(path, &all).await
    }

    /// What a person reads: the main part without markup, blank lines taken out.
    pub fn text(&self) -> String {
        let main = self.body.split("<main").nth(1).unwrap_or(&self.body);
        let main = main.split("</main>").next().unwrap_or_default();
        let main = main.split_once('>').map_or(main, |(_, rest)| rest);
        let mut out = String::new();
        let mut inside = false;
        for sign in main.chars() {
            match sign {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    out.push('\n');
                }
                sign if !inside => out.push(sign),
                _ => {}
            }
        }
        let lines = out.lines().map(str::trim).filter(|line| !line.is_empty());
        unescape(&lines.collect::<Vec<_>>().join("\n"))
    }

    /// The addresses of all links of the page.
    pub fn links(&self) -> Vec<String> {
        self.body.split("<a ").skip(1).filter_map(|tag| attribute(tag, "href")).collect()
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = tag.split('>').next()?;
    let rest = tag.split(&format!("{name}=\"")).nth(1)?;
    Some(unescape(rest.split('"').next()?))
}

fn unescape(text: &str) -> String {
    text.replace("&#34;", "\"")
        .replace("&#38;", "&")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
