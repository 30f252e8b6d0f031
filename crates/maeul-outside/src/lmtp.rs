//! Letters in by LMTP (RFC 2033): the office's own mail server hands each over, and hears for each
//! recipient whether it is kept. A letter is accepted only once it is durably stored.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use maeul_mail::{Arriving, Inbox};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::Semaphore;

/// Conversations at a time; more wait.
const AT_ONCE: usize = 32;
/// Recipients of one letter (RFC 5321 section 4.5.3.1.8).
const MOST_RECIPIENTS: usize = 100;
/// Bytes of a command line, with room for the parameters of RFC 6531.
const LONGEST_LINE: usize = 2_048;
/// Bytes of a letter read at a time; a longer line comes in pieces.
const LONGEST_PIECE: usize = 64 * 1_024;
/// A mail server that says nothing for so long is gone (RFC 5321 section 4.5.3.2).
const PATIENCE: Duration = Duration::from_secs(300);

/// Where mail servers on this machine hand letters over.
pub enum LmtpListener {
    /// A port of the loopback interface.
    Tcp(TcpListener),
    /// A socket in the file system.
    Unix(UnixListener),
}

impl std::fmt::Debug for LmtpListener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LmtpListener")
    }
}

impl LmtpListener {
    /// Listens at `127.0.0.1:2424` or at the path of a socket. There is no password in LMTP, so an
    /// address that others can reach is refused.
    pub async fn bind(address: &str) -> std::io::Result<Self> {
        if address.starts_with('/') {
            let path = Path::new(address);
            if path.exists() {
                // A socket left by an earlier run; a file of another kind is not ours to remove.
                use std::os::unix::fs::FileTypeExt;
                if std::fs::metadata(path)?.file_type().is_socket() {
                    std::fs::remove_file(path)?;
                }
            }
            return Ok(Self::Unix(UnixListener::bind(path)?));
        }
        let address: std::net::SocketAddr = address
            .parse()
            .map_err(|_| std::io::Error::other("write 127.0.0.1:PORT or the path of a socket"))?;
        if !address.ip().is_loopback() {
            return Err(std::io::Error::other(
                "LMTP has no password: only 127.0.0.1, ::1 or a socket can be listened on",
            ));
        }
        Ok(Self::Tcp(TcpListener::bind(address).await?))
    }

    /// The port, where it is one.
    pub fn address(&self) -> Option<std::net::SocketAddr> {
        match self {
            Self::Tcp(listener) => listener.local_addr().ok(),
            Self::Unix(_) => None,
        }
    }

    /// Takes letters until told to stop; conversations under way may end within `grace`.
    pub async fn serve(
        self,
        inbox: Arc<dyn Inbox>,
        stop: impl Future<Output = ()>,
        grace: Duration,
    ) {
        let seats = Arc::new(Semaphore::new(AT_ONCE));
        let mut running = tokio::task::JoinSet::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let Ok(seat) = Arc::clone(&seats).acquire_owned().await else { break };
            let inbox = Arc::clone(&inbox);
            tokio::select! {
                () = &mut stop => break,
                accepted = accept(&self) => match accepted {
                    Ok(stream) => {
                        running.spawn(async move {
                            if let Err(error) = converse(stream, inbox.as_ref()).await {
                                tracing::debug!(%error, "a conversation by LMTP broke");
                            }
                            drop(seat);
                        });
                    }
                    Err(error) => {
                        tracing::warn!(%error, "LMTP cannot accept");
                        tokio::time::sleep(Duration::from_millis(200)).await;
                    }
                },
            }
            while running.try_join_next().is_some() {}
        }
        let _late =
            tokio::time::timeout(grace, async { while running.join_next().await.is_some() {} })
                .await;
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

async fn accept(listener: &LmtpListener) -> std::io::Result<Box<dyn Stream>> {
    Ok(match listener {
        LmtpListener::Tcp(listener) => Box::new(listener.accept().await?.0),
        LmtpListener::Unix(listener) => Box::new(listener.accept().await?.0),
    })
}

/// A letter in the making.
#[derive(Default)]
struct Envelope {
    sent_by: Option<String>,
    recipients: Vec<String>,
}

/// What the next line is.
enum Line {
    Whole(Vec<u8>),
    /// The beginning of a longer one.
    Piece(Vec<u8>),
    End,
}

struct Talk {
    io: BufReader<Box<dyn Stream>>,
}

impl Talk {
    async fn say(&mut self, text: &str) -> std::io::Result<()> {
        self.io.get_mut().write_all(format!("{text}\r\n").as_bytes()).await?;
        self.io.get_mut().flush().await
    }

    /// The next line with its end, at most `most` bytes of it.
    async fn line(&mut self, most: usize) -> std::io::Result<Line> {
        let mut line = Vec::new();
        let limit = u64::try_from(most).unwrap_or(u64::MAX);
        let mut part = (&mut self.io).take(limit);
        let read = tokio::time::timeout(PATIENCE, part.read_until(b'\n', &mut line));
        let n = read.await.map_err(|_| std::io::ErrorKind::TimedOut)??;
        Ok(match (n, line.last()) {
            (0, _) => Line::End,
            (_, Some(b'\n')) => Line::Whole(line),
            _ if line.len() >= most => Line::Piece(line),
            _ => Line::End,
        })
    }
}

async fn converse(stream: Box<dyn Stream>, inbox: &dyn Inbox) -> std::io::Result<()> {
    let mut talk = Talk { io: BufReader::new(stream) };
    talk.say("220 maeul LMTP ready").await?;
    let mut greeted = false;
    let mut envelope = Envelope::default();
    loop {
        let line = match talk.line(LONGEST_LINE).await? {
            Line::Whole(line) => line,
            Line::End => return Ok(()),
            Line::Piece(_) => return talk.say("500 5.5.2 line too long").await,
        };
        let Ok(line) = String::from_utf8(line) else {
            talk.say("500 5.5.2 not UTF-8").await?;
            continue;
        };
        let line = line.trim_end_matches(['\r', '\n']);
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "LHLO" => {
                greeted = true;
                envelope = Envelope::default();
                let most = inbox.settings().most_bytes;
                let offers = ["maeul", "PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];
                for offer in offers {
                    talk.say(&format!("250-{offer}")).await?;
                }
                talk.say(&format!("250 SIZE {most}")).await?;
            }
            // RFC 2033 section 4.1: it must not be taken for SMTP.
            "HELO" | "EHLO" => talk.say("500 5.5.1 this is LMTP: say LHLO").await?,
            "MAIL" if !greeted => talk.say("503 5.5.1 say LHLO first").await?,
            "MAIL" if envelope.sent_by.is_some() => talk.say("503 5.5.1 one sender").await?,
            "MAIL" => match path(rest, "FROM:") {
                Some((_, more)) if too_big(more, inbox) => {
                    talk.say("552 5.3.4 the letter is too big").await?;
                }
                Some((sender, _)) => {
                    envelope.sent_by = Some(sender.to_owned());
                    talk.say("250 2.1.0 ok").await?;
                }
                None => talk.say("501 5.5.4 MAIL FROM:<address>").await?,
            },
            "RCPT" if envelope.sent_by.is_none() => talk.say("503 5.5.1 MAIL first").await?,
            "RCPT" if envelope.recipients.len() >= MOST_RECIPIENTS => {
                talk.say("452 4.5.3 too many recipients").await?;
            }
            "RCPT" => match path(rest, "TO:") {
                Some((recipient, _)) if inbox.settings().ours(recipient).is_some() => {
                    envelope.recipients.push(recipient.to_owned());
                    talk.say("250 2.1.5 ok").await?;
                }
                Some(_) => talk.say("550 5.1.1 no such address here").await?,
                None => talk.say("501 5.5.4 RCPT TO:<address>").await?,
            },
            // RFC 2033 section 4.2: without a recipient there is nobody to answer for.
            "DATA" if envelope.recipients.is_empty() => talk.say("503 5.5.1 no recipients").await?,
            "DATA" => {
                let envelope = std::mem::take(&mut envelope);
                if !take(&mut talk, inbox, envelope).await? {
                    return Ok(());
                }
            }
            "RSET" => {
                envelope = Envelope::default();
                talk.say("250 2.0.0 ok").await?;
            }
            "NOOP" => talk.say("250 2.0.0 ok").await?,
            "VRFY" => talk.say("252 2.5.0 try it").await?,
            "QUIT" => return talk.say("221 2.0.0 bye").await,
            _ => talk.say("500 5.5.1 no such command").await?,
        }
    }
}

/// The address and what follows it, of `FROM:<address> SIZE=1`.
fn path<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let start = text.get(..name.len())?;
    if !start.eq_ignore_ascii_case(name) {
        return None;
    }
    let (path, more) = text.get(name.len()..)?.trim_start().strip_prefix('<')?.split_once('>')?;
    // A route is ignored (RFC 5321 appendix C).
    let path = match path.strip_prefix('@') {
        Some(route) => route.split_once(':')?.1,
        None => path,
    };
    Some((path, more))
}

fn too_big(more: &str, inbox: &dyn Inbox) -> bool {
    more.split_whitespace()
        .filter_map(|it| it.split_once('='))
        .filter(|(name, _)| name.eq_ignore_ascii_case("SIZE"))
        .any(|(_, size)| size.parse::<usize>().is_ok_and(|it| it > inbox.settings().most_bytes))
}

/// Reads the letter, keeps it for each recipient, and says for each whether it is kept. False where
/// the conversation broke.
async fn take(talk: &mut Talk, inbox: &dyn Inbox, envelope: Envelope) -> std::io::Result<bool> {
    talk.say("354 end with a line that is a dot").await?;
    let most = inbox.settings().most_bytes;
    let mut raw: Vec<u8> = Vec::new();
    let mut whole = true;
    // Only CR LF . CR LF ends the letter: whatever takes less lets letters be smuggled.
    let mut ended = true;
    loop {
        let line = match talk.line(LONGEST_PIECE).await? {
            Line::Whole(line) | Line::Piece(line) => line,
            Line::End => return Ok(false),
        };
        if ended && line == b".\r\n" {
            break;
        }
        let stuffed = ended && line.first() == Some(&b'.');
        let line = if stuffed { line.get(1..).unwrap_or_default() } else { line.as_slice() };
        ended = line.ends_with(b"\r\n");
        if raw.len() + line.len() > most {
            whole = false;
            raw = Vec::new();
        } else if whole {
            raw.extend_from_slice(line);
        }
    }
    let raw: Arc<[u8]> = raw.into();
    let sent_by = envelope.sent_by.unwrap_or_default();
    for recipient in envelope.recipients {
        let said = if whole {
            let letter = Arriving { recipient, sent_by: sent_by.clone(), raw: Arc::clone(&raw) };
            match inbox.keep(&letter).await {
                Ok(()) => "250 2.0.0 kept",
                Err(fault) => {
                    tracing::error!(fault = fault.chain(), "a letter could not be kept");
                    "451 4.3.0 not kept; try again"
                }
            }
        } else {
            "552 5.3.4 the letter is too big"
        };
        talk.say(said).await?;
    }
    Ok(true)
}
