//! Text messages by Kannel's smsbox (`/cgi-bin/sendsms`). The words and the number go in the body and
//! in headers, never in the address: addresses stand in logs.
//!
//! Kannel knows no key that makes a message handed over twice one. Where its answer is lost it may
//! have the message; every message asks for reports (`dlr-url`), and a report, also "the centre has
//! it", makes `maeul-notice` leave the next try out.

use maeul_base::{NoticeId, OfficeId};
use maeul_notice::{Gateway, Message, Receipt, SendError, Sending};
use reqwest::{Method, StatusCode};

use crate::http::{Http, HttpAnswer, HttpError, Reach};

/// The most that is read of an answer, in bytes.
const ANSWER: usize = 4_096;
/// Reports asked for: delivered, not delivered, waits at the centre, the centre has it, refused.
const MASK: &str = "31";

/// Where reports come back to.
#[derive(Clone, Debug)]
pub struct Reports {
    /// What addresses of this installation begin with as Kannel reaches it.
    pub base_url: String,
    /// What Kannel must know to come in.
    pub secret: String,
}

/// How Kannel is reached.
#[derive(Clone, Debug)]
pub struct KannelSettings {
    /// e.g. `http://127.0.0.1:13013/cgi-bin/sendsms`
    pub url: String,
    /// The user of the group `sendsms-user`.
    pub user: String,
    /// Its password.
    pub password: String,
    /// The sender's number, by office; the first where an office has none.
    pub from: Vec<(Option<OfficeId>, String)>,
    /// Where reports come back to; without it a message is never known to have arrived.
    pub reports: Option<Reports>,
}

/// Hands text messages to Kannel.
#[derive(Clone, Debug)]
pub struct KannelGateway {
    http: Http,
    settings: KannelSettings,
}

impl KannelGateway {
    /// A gateway of these settings; nothing is asked yet.
    pub fn new(settings: KannelSettings) -> Result<Self, HttpError> {
        let http = Http::new(Reach::Anywhere)?;
        let _asked_later = http.request(Method::POST, &settings.url)?;
        Ok(Self { http, settings })
    }

    fn from(&self, office: OfficeId) -> &str {
        let from = &self.settings.from;
        let own = from.iter().find(|(of, _)| *of == Some(office));
        own.or_else(|| from.first()).map_or("", |(_, number)| number)
    }

    fn report_url(&self, office: OfficeId, notice: NoticeId) -> Option<String> {
        let Reports { base_url, secret } = self.settings.reports.as_ref()?;
        let secret: String = secret.bytes().map(escaped).collect();
        // %d is the kind of report and %A what the centre said, put in by Kannel.
        Some(format!(
            "{base_url}/hooks/sms/kannel/dlr?secret={secret}&office={}&id={notice}&state=%d&why=%A",
            office.0
        ))
    }

    async fn hand_over(&self, message: &Message) -> Result<Receipt, SendError> {
        // Seven bits hold no Korean letter; UCS-2 holds them all, 70 to a part.
        let coding = if message.body.is_ascii() { "0" } else { "2" };
        let mut request = self
            .http
            .request(Method::POST, &self.settings.url)
            .map_err(|error| SendError::never(error.to_string()))?
            .header("Content-Type", "text/plain; charset=UTF-8")
            .header("X-Kannel-Username", &self.settings.user)
            .header("X-Kannel-Password", &self.settings.password)
            .header("X-Kannel-From", self.from(message.office))
            .header("X-Kannel-To", &message.to)
            .header("X-Kannel-Coding", coding)
            .body(message.body.clone());
        if let Some(url) = self.report_url(message.office, message.id) {
            request = request.header("X-Kannel-DLR-Mask", MASK).header("X-Kannel-DLR-Url", url);
        }
        let answer = self.http.send(request, ANSWER).await;
        let answer = answer.map_err(|error| SendError::later(format!("Kannel: {error}")))?;
        read(&answer)
    }
}

/// A byte of a secret as it stands in an address; Kannel takes `%` for its own signs.
fn escaped(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            char::from(byte).to_string()
        }
        other => format!("%%{other:02X}"),
    }
}

/// What the answer means: 202 is taken (`0: Accepted for delivery`, `3: Queued for later delivery`).
fn read(answer: &HttpAnswer) -> Result<Receipt, SendError> {
    let said = String::from_utf8_lossy(&answer.body);
    let said: String = said.chars().filter(|it| !it.is_control()).take(120).collect();
    match answer.status {
        StatusCode::ACCEPTED | StatusCode::OK => {
            Ok(Receipt { reference: format!("kannel: {said}") })
        }
        // A number Kannel does not take will not be taken later.
        StatusCode::BAD_REQUEST => Err(SendError::never(format!("Kannel: {said}"))),
        // Busy, or a password that somebody is about to put right.
        other => Err(SendError::later(format!("Kannel: {} {said}", other.as_u16()))),
    }
}

impl Gateway for KannelGateway {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(self.hand_over(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gateway(reports: Option<Reports>) -> KannelGateway {
        KannelGateway::new(KannelSettings {
            url: "http://127.0.0.1:13013/cgi-bin/sendsms".into(),
            user: "maeul".into(),
            password: "x".into(),
            from: vec![(None, "0100".into()), (Some(OfficeId(41150)), "0200".into())],
            reports,
        })
        .unwrap()
    }

    #[test]
    fn each_office_has_its_number() {
        let gateway = gateway(None);
        assert_eq!(gateway.from(OfficeId(29140)), "0100");
        assert_eq!(gateway.from(OfficeId(41150)), "0200");
    }

    #[test]
    fn the_address_of_reports_holds_no_number_and_no_words() {
        let reports = Reports { base_url: "https://m.kr".into(), secret: "a b%&".into() };
        let id = "0197548b6ac07ff5b1d2a2d3e4f50607".parse().unwrap();
        let url = gateway(Some(reports)).report_url(OfficeId(29140), id).unwrap();
        assert_eq!(
            url,
            "https://m.kr/hooks/sms/kannel/dlr?secret=a%%20b%%25%%26&office=29140\
             &id=0197548b6ac07ff5b1d2a2d3e4f50607&state=%d&why=%A"
        );
    }

    #[test]
    fn what_answers_mean() {
        let answer = |status: u16, body: &str| HttpAnswer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: Default::default(),
            body: body.as_bytes().to_vec(),
        };
        assert!(read(&answer(202, "0: Accepted for delivery")).is_ok());
        assert!(read(&answer(202, "3: Queued for later delivery")).is_ok());
        assert!(!read(&answer(400, "Missing receiver number, rejected")).unwrap_err().retry);
        assert!(read(&answer(503, "Temporal failure, try again later.")).unwrap_err().retry);
        assert!(read(&answer(403, "Authorization failed for sendsms")).unwrap_err().retry);
    }
}
