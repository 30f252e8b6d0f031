//! E-mail by SMTP: hands messages to the office's own mail server.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Mailboxes};
use lettre::transport::smtp::{self, AsyncSmtpTransport};
use lettre::{Address, AsyncTransport, Tokio1Executor};
use maeul_base::OfficeId;
use maeul_notice::{Gateway, Message, Receipt, SendError, Sending};

/// A mail server that says nothing for so long is gone; the message waits for its next try.
const PATIENCE: Duration = Duration::from_secs(30);

/// Answers by which the server refuses *us*, not the message (RFC 4954 section 6): a wrong password
/// in the configuration must not give up residents' messages.
const REFUSES_US: [u16; 4] = [530, 534, 535, 538];

/// Why the mail settings cannot be used. Never shows the address of the server: it may hold a
/// password.
#[derive(Debug, thiserror::Error)]
pub enum SmtpSettingsError {
    /// The server's address.
    #[error(
        "mail.smtp is not the address of a mail server; write smtp://HOST:25, \
         smtp://USER:PASSWORD@HOST:587?tls=required or smtps://USER:PASSWORD@HOST:465"
    )]
    Url,
    /// The sender.
    #[error("mail.from is not a sender: {0:?}; write NAME <ADDRESS>")]
    From(String),
}

/// Sends through one mail server.
#[derive(Clone)]
pub struct SmtpGateway {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    replies: BTreeMap<OfficeId, Address>,
}

impl std::fmt::Debug for SmtpGateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SmtpGateway")
    }
}

impl SmtpGateway {
    /// `url` as in `smtp://host:25` (no encryption), `smtp://host:587?tls=required` (STARTTLS) or
    /// `smtps://user:password@host:465`; `from` as in `서구 민원 <minwon@example.go.kr>`.
    pub fn new(url: &str, from: &str) -> Result<Self, SmtpSettingsError> {
        let from = sender(from).ok_or_else(|| SmtpSettingsError::From(from.to_owned()))?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| SmtpSettingsError::Url)?
            .timeout(Some(PATIENCE))
            .build();
        Ok(Self { transport, from, replies: BTreeMap::new() })
    }

    /// Has answers go to the office's own address, with the message's name behind a plus, so that
    /// they are known again whatever a mail program does to its headers. What is no address is left
    /// out.
    #[must_use]
    pub fn answered_at<'a>(
        mut self,
        addresses: impl IntoIterator<Item = (OfficeId, &'a str)>,
    ) -> Self {
        let read = |(office, address): (OfficeId, &str)| Some((office, address.parse().ok()?));
        self.replies = addresses.into_iter().filter_map(read).collect();
        self
    }

    /// Where an answer to the message goes, if the office takes any.
    fn reply_to(&self, message: &Message) -> Option<Mailbox> {
        let own = self.replies.get(&message.office)?;
        let local = format!("{}+{}", own.user(), message.id);
        Some(Mailbox::new(None, Address::new(local, own.domain()).ok()?))
    }

    /// What the letter answers, and everything it goes on with, the oldest first (RFC 5322 section
    /// 3.6.4): the recipient's own letter where there is one, else what we wrote before.
    fn conversation(&self, message: &Message) -> (Option<String>, Vec<String>) {
        let theirs: Vec<String> = message
            .thread
            .letters
            .iter()
            .filter(|it| is_id(it))
            .map(|it| format!("<{it}>"))
            .collect();
        let ours = message.thread.ours.iter();
        let ours: Vec<String> =
            ours.map(|id| format!("<{id}@{}>", self.from.email.domain())).collect();
        let answers = theirs.last().or(ours.last()).cloned();
        let mut before: Vec<String> = Vec::new();
        let ends = [theirs.first(), ours.first(), ours.last(), theirs.last()];
        for id in ends.into_iter().flatten() {
            if !before.contains(id) {
                before.push(id.clone());
            }
        }
        (answers, before)
    }

    /// The message as a letter. Its Message-ID is made of its id, so that the same message handed
    /// over twice is recognised as one by mail programs.
    fn letter(&self, message: &Message) -> Result<lettre::Message, SendError> {
        let to: Address =
            message.to.parse().map_err(|_| SendError::never("the address is not one"))?;
        let id = format!("<{}@{}>", message.id, self.from.email.domain());
        let mut letter = lettre::Message::builder();
        if let Some(stop) = &message.one_click {
            letter = letter.header(ListUnsubscribe(one_line(stop))).header(ListUnsubscribePost);
        }
        if let Some(reply_to) = self.reply_to(message) {
            letter = letter.reply_to(reply_to);
        }
        let (answers, before) = self.conversation(message);
        if let Some(answers) = answers {
            letter = letter.in_reply_to(answers).references(before.join(" "));
        }
        letter
            .from(self.from.clone())
            .mailbox(lettre::message::header::To::from(Mailboxes::from(Mailbox::new(None, to))))
            .subject(one_line(&message.subject))
            .message_id(Some(id))
            .date(SystemTime::from(message.queued_at))
            .header(AutoSubmitted)
            .header(ContentType::TEXT_PLAIN)
            .body(message.body.clone())
            .map_err(|_| SendError::never("the message makes no letter"))
    }
}

impl Gateway for SmtpGateway {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            let letter = self.letter(message)?;
            match self.transport.send(letter).await {
                Ok(response) => Ok(Receipt { reference: format!("smtp {}", response.code()) }),
                Err(error) => {
                    let failed = judge(&error);
                    tracing::warn!(
                        notice = %message.id,
                        again = failed.retry,
                        reason = failed.reason,
                        "a mail was not taken"
                    );
                    Err(failed)
                }
            }
        })
    }
}

/// Whether trying again can help. What the server says may hold the address: only its number is
/// kept.
fn judge(error: &smtp::Error) -> SendError {
    if let Some(code) = error.status() {
        let number = u16::from(code);
        let reason = format!("the mail server answered {number}");
        return if error.is_permanent() && !REFUSES_US.contains(&number) {
            SendError::never(reason)
        } else {
            SendError::later(reason)
        };
    }
    SendError::later(if error.is_timeout() {
        "the mail server did not answer in time"
    } else if error.is_tls() {
        "no encrypted connection to the mail server"
    } else {
        "no connection to the mail server"
    })
}

/// `NAME <ADDRESS>` or an address alone; names may be in any script.
fn sender(text: &str) -> Option<Mailbox> {
    let (name, address) = match text.trim().strip_suffix('>') {
        Some(text) => text.rsplit_once('<')?,
        None => ("", text.trim()),
    };
    let name = one_line(name.trim().trim_matches('"'));
    let name = (!name.is_empty()).then_some(name);
    Some(Mailbox::new(name, address.trim().parse().ok()?))
}

/// A stranger's Message-ID that can stand in a header of ours.
fn is_id(id: &str) -> bool {
    (3..=250).contains(&id.len())
        && id.contains('@')
        && id.bytes().all(|it| it.is_ascii_graphic() && !matches!(it, b'<' | b'>' | b',' | b';'))
}

/// Header lines hold no line breaks.
fn one_line(text: &str) -> String {
    text.split(|letter: char| letter.is_control()).collect::<Vec<_>>().join(" ")
}

/// Tells programs that answer by themselves ("I am on holiday") not to (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Where mail programs post to when their reader wants no more of it (RFC 2369, RFC 8058).
#[derive(Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.trim_matches(['<', '>']).to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), format!("<{}>", self.0))
    }
}

/// Says that a post to that address stops it, without a question.
#[derive(Clone)]
struct ListUnsubscribePost;

impl Header for ListUnsubscribePost {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_in_any_script() {
        let of = |text: &str| sender(text).map(|it| (it.name, it.email.to_string()));
        let plain = "minwon@example.go.kr".to_owned();
        assert_eq!(
            of("서구 민원 <minwon@example.go.kr>"),
            Some((Some("서구 민원".into()), plain.clone()))
        );
        assert_eq!(
            of("\"Seo-gu, Gwangju\" <minwon@example.go.kr>").unwrap().0.unwrap(),
            "Seo-gu, Gwangju"
        );
        assert_eq!(of(" minwon@example.go.kr "), Some((None, plain)));
        for bad in ["", "서구 민원", "a <b", "민원 <>", "<a@b>c"] {
            assert_eq!(of(bad), None, "{bad}");
        }
    }

    #[test]
    fn answers_come_back_under_the_name_of_what_they_answer() {
        let id = maeul_base::NoticeId(uuid::Uuid::from_u128(0xabc));
        let message = Message {
            id,
            office: OfficeId(29140),
            channel: maeul_notice::Channel::Email,
            to: "hong@example.com".to_owned(),
            subject: "접수했어요".to_owned(),
            body: "접수했어요".to_owned(),
            lang: maeul_base::Lang::Ko,
            one_click: None,
            thread: maeul_notice::Thread::default(),
            queued_at: "2026-06-08T01:30:00Z".parse().unwrap(),
        };
        let plain = SmtpGateway::new("smtp://127.0.0.1:1", "minwon@seogu.example").unwrap();
        let text = |gateway: &SmtpGateway| {
            String::from_utf8(gateway.letter(&message).unwrap().formatted()).unwrap()
        };
        assert!(!text(&plain).contains("Reply-To"), "who takes no letters asks for none");
        let taking = plain.answered_at([(OfficeId(29140), "minwon@seogu.example")]);
        let letter = text(&taking);
        let reply_to = format!("Reply-To: minwon+{id}@seogu.example\r\n");
        assert!(letter.contains(&reply_to), "{letter}");
        assert!(letter.contains(&format!("Message-ID: <{id}@seogu.example>")), "{letter}");
        assert!(!letter.contains("In-Reply-To"), "the first of a conversation: {letter}");
    }

    #[test]
    fn what_goes_on_says_with_what() {
        let gateway = SmtpGateway::new("smtp://127.0.0.1:1", "minwon@seogu.example").unwrap();
        let ours = |number| maeul_base::NoticeId(uuid::Uuid::from_u128(number));
        let mut message = Message {
            id: ours(9),
            office: OfficeId(29140),
            channel: maeul_notice::Channel::Email,
            to: "hong@example.com".to_owned(),
            subject: "답변했어요".to_owned(),
            body: "답변했어요".to_owned(),
            lang: maeul_base::Lang::Ko,
            one_click: None,
            thread: maeul_notice::Thread { letters: Vec::new(), ours: vec![ours(1), ours(2)] },
            queued_at: "2026-06-08T01:30:00Z".parse().unwrap(),
        };
        let text = |message: &Message| {
            let letter = gateway.letter(message).unwrap().formatted();
            String::from_utf8(letter).unwrap().replace("\r\n ", " ")
        };
        let at = |number| format!("<{}@seogu.example>", ours(number));
        let letter = text(&message);
        assert!(letter.contains(&format!("In-Reply-To: {}\r\n", at(2))), "{letter}");
        assert!(letter.contains(&format!("References: {} {}\r\n", at(1), at(2))), "{letter}");
        // What the resident wrote comes first; what cannot be an id is no header of ours.
        message.thread.letters =
            vec!["first@mail.example".to_owned(), "x@y>\r\nBcc: all@example.com".to_owned()];
        let letter = text(&message);
        assert!(letter.contains("In-Reply-To: <first@mail.example>\r\n"), "{letter}");
        assert!(letter.contains("References: <first@mail.example> <"), "{letter}");
        assert!(!letter.contains("Bcc"), "{letter}");
    }

    #[test]
    fn a_wrong_address_is_refused_without_its_password() {
        let error = SmtpGateway::new("http://user:secret@host", "a@example.com").unwrap_err();
        assert!(!error.to_string().contains("secret"));
        assert!(matches!(
            SmtpGateway::new("smtp://127.0.0.1:1", "nobody").unwrap_err(),
            SmtpSettingsError::From(_)
        ));
    }
}
