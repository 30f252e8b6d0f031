//! Mail through a real local mail server: `cargo xtask test` starts it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::path::PathBuf;

use jiff::Timestamp;
use maeul_base::{Ids, Lang, NoticeId, OfficeId};
use maeul_notice::{Channel, Gateway, Message};
use maeul_outside::SmtpGateway;
use serde_json::Value;

/// The server and the folder of its mail; `None` where the caller chose to go without.
#[allow(clippy::disallowed_methods)]
fn server() -> Option<(String, PathBuf)> {
    if std::env::var("MAEUL_TEST_SKIP_SMTP").is_ok_and(|value| value == "1") {
        return None;
    }
    let of = |name: &str| {
        std::env::var(name).unwrap_or_else(|_| {
            panic!(
                "{name} is not set. Run `cargo xtask test --only unit`, which starts a local mail \
                 server, or set MAEUL_TEST_SKIP_SMTP=1 to leave this test out."
            )
        })
    };
    Some((of("MAEUL_TEST_SMTP"), of("MAEUL_TEST_SMTP_FOLDER").into()))
}

fn message(to: String) -> Message {
    // Tests run side by side in one folder: each knows its own mail by its id.
    Message {
        id: Ids::random().next::<NoticeId>(Timestamp::UNIX_EPOCH),
        office: OfficeId(29140),
        channel: Channel::Email,
        to,
        subject: "[광주 서구] 2026-서구-001234-7 답변 안내".to_owned(),
        body: "안녕하십니까.\n가로등을 고쳤습니다.\nhttp://127.0.0.1/o/seogu/c/0123\n".to_owned(),
        lang: Lang::Ko,
        queued_at: "2026-06-08T01:30:00Z".parse().unwrap(),
        one_click: None,
        thread: maeul_notice::Thread::default(),
    }
}

/// The mails the server has of that message.
fn kept(folder: &PathBuf, id: NoticeId) -> Vec<Value> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
        .filter(|mail: &Value| mail["raw"].as_str().unwrap().contains(&id.to_string()))
        .collect()
}

/// The words of an encoded header or body, base64 without its line breaks.
fn decoded(text: &str) -> Vec<u8> {
    let mut bits = 0_u32;
    let mut held = 0;
    let mut bytes = Vec::new();
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    bytes
}

/// A header's value with its folded lines and encoded words made whole.
fn header(raw: &str, name: &str) -> String {
    let head = raw.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
    let named = format!("{name}: ");
    let value = head.lines().find_map(|line| line.strip_prefix(&named)).expect(name);
    let mut bytes = Vec::new();
    let mut after_word = false;
    for part in value.split(' ') {
        match part.strip_prefix("=?utf-8?b?").and_then(|part| part.strip_suffix("?=")) {
            Some(word) => {
                if !after_word && !bytes.is_empty() {
                    bytes.push(b' ');
                }
                bytes.extend(decoded(word));
                after_word = true;
            }
            None => {
                if !bytes.is_empty() {
                    bytes.push(b' ');
                }
                bytes.extend(part.as_bytes());
                after_word = false;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn a_korean_letter_arrives_whole() {
    let Some((url, folder)) = server() else { return };
    let gateway = SmtpGateway::new(&url, "서구 민원 <minwon@example.go.kr>").unwrap();
    let message = message("resident@example.com".to_owned());
    let receipt = gateway.send(&message).await.unwrap();
    assert_eq!(receipt.reference, "smtp 250");

    let mails = kept(&folder, message.id);
    let [mail] = mails.as_slice() else { panic!("{} mails", mails.len()) };
    assert_eq!(mail["from"], "minwon@example.go.kr");
    assert_eq!(mail["to"], serde_json::json!(["resident@example.com"]));
    let raw = mail["raw"].as_str().unwrap();
    assert_eq!(header(raw, "Subject"), message.subject);
    assert_eq!(header(raw, "From"), "서구 민원 <minwon@example.go.kr>");
    assert_eq!(header(raw, "Message-ID"), format!("<{}@example.go.kr>", message.id));
    assert_eq!(header(raw, "Date"), "Mon, 08 Jun 2026 01:30:00 +0000");
    assert_eq!(header(raw, "Auto-Submitted"), "auto-generated");
    assert_eq!(header(raw, "Content-Type"), "text/plain; charset=utf-8");
    assert_eq!(header(raw, "Content-Transfer-Encoding"), "base64");
    let body = decoded(raw.split_once("\r\n\r\n").unwrap().1);
    assert_eq!(String::from_utf8(body).unwrap().replace("\r\n", "\n"), message.body);
}

#[tokio::test]
async fn what_was_subscribed_to_can_be_stopped_by_one_click() {
    let Some((url, folder)) = server() else { return };
    let gateway = SmtpGateway::new(&url, "minwon@example.go.kr").unwrap();
    let plain = message("resident@example.com".to_owned());
    let stop = "https://maeul.example.go.kr/o/gwangju-seogu/follow/abcdefghijklmnopqrst/stop";
    let one_click = Some(stop.to_owned());
    let stoppable = Message { one_click, ..message("resident@example.com".to_owned()) };
    gateway.send(&plain).await.unwrap();
    gateway.send(&stoppable).await.unwrap();
    let raw = |id| kept(&folder, id)[0]["raw"].as_str().unwrap().to_owned();
    assert!(!raw(plain.id).contains("List-Unsubscribe"));
    let raw = raw(stoppable.id);
    // RFC 8058 section 3.1 and 2: exactly this value, and an https address.
    assert_eq!(header(&raw, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert_eq!(header(&raw, "List-Unsubscribe"), format!("<{stop}>"));
}

#[tokio::test]
async fn the_same_message_twice_is_recognised() {
    let Some((url, folder)) = server() else { return };
    let gateway = SmtpGateway::new(&url, "minwon@example.go.kr").unwrap();
    let message = message("resident@example.com".to_owned());
    gateway.send(&message).await.unwrap();
    gateway.send(&message).await.unwrap();
    let ids: Vec<String> = kept(&folder, message.id)
        .iter()
        .map(|mail| header(mail["raw"].as_str().unwrap(), "Message-ID"))
        .collect();
    assert_eq!(ids, [ids[0].clone(), ids[0].clone()]);
}

#[tokio::test]
async fn refused_for_good_or_put_off() {
    let Some((url, folder)) = server() else { return };
    let gateway = SmtpGateway::new(&url, "minwon@example.go.kr").unwrap();
    let error = gateway.send(&message("refused@example.com".to_owned())).await.unwrap_err();
    assert!(!error.retry, "{error}");
    assert_eq!(error.reason, "the mail server answered 550");

    // The server puts each such address off once; this one is this test's own.
    let one = message(format!("later@{}.example.com", Ids::random().token()));
    let error = gateway.send(&one).await.unwrap_err();
    assert!(error.retry, "{error}");
    assert_eq!(error.reason, "the mail server answered 451");
    gateway.send(&one).await.unwrap();
    assert_eq!(kept(&folder, one.id).len(), 1);
}

#[tokio::test]
async fn nobody_listening_is_tried_again() {
    // Port 9 of this machine: nobody, and no mail server is needed to see it.
    let gateway = SmtpGateway::new("smtp://127.0.0.1:9", "minwon@example.go.kr").unwrap();
    let error = gateway.send(&message("resident@example.com".to_owned())).await.unwrap_err();
    assert!(error.retry, "{error}");
    assert_eq!(error.reason, "no connection to the mail server");
    let error = gateway.send(&message("not an address".to_owned())).await.unwrap_err();
    assert!(!error.retry, "{error}");
}
