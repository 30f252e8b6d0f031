//! A small agency on a real port with the manners of real ones: it gives tokens, fails, loses its
//! answers, and speaks XML only.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use maeul_web::Fields;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the agency does with the next post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Takes it and gives its number.
    Number,
    /// Takes it and gives a token.
    Token,
    /// Takes it and breaks the connection.
    LosesTheAnswer,
    /// Takes it and says nothing for longer than anybody waits.
    Slow,
    /// Takes nothing: it does not even read.
    Stuck,
    /// Takes it and says 500 all the same.
    TakesAndFails,
    /// Takes nothing and says 500.
    Fails,
    /// Takes nothing: too many at once.
    Busy,
    /// Says no.
    Refuses,
    /// Takes it and gives nothing to know it by.
    Mute,
}

/// What the agency has.
#[derive(Default)]
pub struct Desk {
    /// What it does next; afterwards it gives numbers.
    pub manners: VecDeque<Manner>,
    /// What it took, in order: the forms.
    pub taken: Vec<Fields>,
    /// How often it was posted to.
    pub posts: usize,
    /// Whether tokens have numbers by now.
    pub numbered: bool,
    /// Its status and notes of everything.
    pub stands: (String, String),
    /// Its updates, as elements.
    pub updates: String,
    /// Whether its list can be searched.
    pub closed_list: bool,
    /// Every line it was asked with.
    pub asked: Vec<String>,
}

#[derive(Clone)]
pub struct Agency {
    pub address: String,
    pub desk: Arc<Mutex<Desk>>,
}

impl Agency {
    pub async fn open(manners: &[Manner]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/v2", listener.local_addr().unwrap());
        let desk = Desk {
            manners: manners.iter().copied().collect(),
            stands: ("open".to_owned(), String::new()),
            ..Desk::default()
        };
        let agency = Self { address, desk: Arc::new(Mutex::new(desk)) };
        let serving = agency.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        agency
    }

    pub fn taken(&self) -> Vec<Fields> {
        self.desk.lock().unwrap().taken.clone()
    }

    pub fn posts(&self) -> usize {
        self.desk.lock().unwrap().posts
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut bytes = Vec::new();
        let (head, body) = loop {
            let mut piece = [0; 4096];
            let n = stream.read(&mut piece).await.unwrap_or(0);
            if n == 0 {
                return;
            }
            bytes.extend_from_slice(&piece[..n]);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length:").map(str::to_owned)
                })
                .map_or(0, |it| it.trim().parse::<usize>().unwrap());
            if body.len() >= length {
                break (head.to_owned(), body.to_owned());
            }
        };
        let line = head.lines().next().unwrap().to_owned();
        let next = self.desk.lock().unwrap().manners.front().copied();
        let silent = matches!(next, Some(Manner::Slow | Manner::Stuck)) && line.starts_with("POST");
        if let Some((status, body)) = self.answer(&line, &body) {
            let answer = format!(
                "HTTP/1.1 {status} x\r\nContent-Type: text/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        if silent {
            // Until whoever asked hangs up.
            let _ = stream.read(&mut [0; 1]).await;
        }
    }

    /// Status and body; none where the connection breaks.
    fn answer(&self, line: &str, body: &str) -> Option<(u16, String)> {
        let mut desk = self.desk.lock().unwrap();
        desk.asked.push(line.to_owned());
        let mut words = line.split(' ');
        let (method, target) = (words.next().unwrap(), words.next().unwrap());
        let path = target.split('?').next().unwrap();
        let Some(path) = path.strip_suffix(".xml") else { return Some((404, String::new())) };
        let path = path.strip_prefix("/v2/").unwrap();
        let request = |id: &str, form: &Fields, desk: &Desk| {
            format!(
                "<request><service_request_id>{id}</service_request_id><status>{}</status><status_notes>{}</status_notes><service_code>{}</service_code><description>{}</description><requested_datetime>2026-06-08T10:15:00+09:00</requested_datetime></request>",
                desk.stands.0,
                desk.stands.1,
                form.get("service_code"),
                form.get("description"),
            )
        };
        let list = |items: String| format!("<service_requests>{items}</service_requests>");
        Some(match (method, path) {
            ("GET", "services") => (200, "<services><service><service_code>R1</service_code><service_name>도로</service_name><metadata>true</metadata><type>realtime</type></service></services>".to_owned()),
            ("GET", "services/R1") => (200, "<service_definition><service_code>R1</service_code><attributes><attribute><variable>true</variable><code>SIDE</code><datatype>singlevaluelist</datatype><required>true</required><order>1</order><description>어느 쪽</description><values><value><key>L</key><name>왼쪽</name></value><value><key>R</key><name>오른쪽</name></value></values></attribute></attributes></service_definition>".to_owned()),
            ("POST", "requests") => {
                desk.posts += 1;
                let manner = desk.manners.pop_front().unwrap_or(Manner::Number);
                let takes = !matches!(
                    manner,
                    Manner::Fails | Manner::Busy | Manner::Refuses | Manner::Stuck
                );
                if takes {
                    let form = Fields::parse(body.as_bytes()).unwrap();
                    desk.taken.push(form);
                }
                let n = desk.taken.len();
                match manner {
                    Manner::Number => (200, list(format!("<request><service_request_id>A-{n}</service_request_id></request>"))),
                    Manner::Token => (200, list(format!("<request><token>T-{n}</token></request>"))),
                    Manner::Mute => (200, list("<request></request>".to_owned())),
                    Manner::LosesTheAnswer | Manner::Slow | Manner::Stuck => return None,
                    Manner::TakesAndFails | Manner::Fails => (500, "boom".to_owned()),
                    Manner::Busy => (429, String::new()),
                    Manner::Refuses => (400, "<errors><error><code>400</code><description>도로가 아니라 하천입니다</description></error></errors>".to_owned()),
                }
            }
            ("GET", "requests") if desk.closed_list => (403, String::new()),
            ("GET", "requests") => {
                let items = desk.taken.iter().enumerate();
                (200, list(items.map(|(n, form)| request(&format!("A-{}", n + 1), form, &desk)).collect()))
            }
            ("GET", "servicerequestupdates") => (200, format!("<service_request_updates>{}</service_request_updates>", desk.updates)),
            ("GET", path) => match path.split_once('/') {
                Some(("tokens", token)) => {
                    let id = token.replace('T', "A");
                    let number = if desk.numbered { format!("<service_request_id>{id}</service_request_id>") } else { String::new() };
                    (200, list(format!("<request>{number}<token>{token}</token></request>")))
                }
                Some(("requests", id)) => {
                    let n: usize = id.strip_prefix("A-").unwrap().parse().unwrap();
                    (200, list(request(id, &desk.taken[n - 1], &desk)))
                }
                _ => (404, String::new()),
            },
            _ => (404, String::new()),
        })
    }
}
