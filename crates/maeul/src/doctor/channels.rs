//! The doctor at the channels: the gateway of text messages, the place where letters come in, and the
//! agencies to which cases are sent.

use std::path::Path;
use std::time::Duration;

use maeul_base::{Clock, Fault, Lang, OfficeId};
use maeul_db::Db;
use maeul_transfer::agency::Agency;
use maeul_transfer::store::agencies;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::net::{TcpListener, TcpStream, UnixStream};

use crate::config::{Config, TextGateway};
use crate::finding::Findings;
use crate::open;

/// Who says nothing for so long is not there.
const PATIENCE: Duration = Duration::from_secs(3);

/// Looks at the gateway texts go out by.
pub(super) async fn texts(config: &Config, findings: &mut Findings) {
    let text = &config.text;
    let speaks_http = matches!(text.gateway, TextGateway::Kannel | TextGateway::Webhook);
    if speaks_http {
        match server(&text.url) {
            None => findings.bad(
                "text.url",
                ("문자 게이트웨이의 주소가 아닙니다.", "This is no address of a gateway of texts."),
                (
                    "http://127.0.0.1:13013/cgi-bin/sendsms처럼 적으십시오.",
                    "Write something like http://127.0.0.1:13013/cgi-bin/sendsms.",
                ),
            ),
            Some(at) => reached(
                findings,
                "text",
                &at,
                ("문자 게이트웨이", "the gateway of texts"),
                (
                    "게이트웨이가 켜져 있는지, 주소와 방화벽을 확인하십시오. 그동안 문자는 대기열에서 기다립니다.",
                    "Check that the gateway runs, its address and the firewall. Meanwhile texts wait in the queue.",
                ),
            )
            .await,
        }
    }
    let brings = text.secrets.kannel.is_some()
        || text.secrets.smssync.is_some()
        || text.secrets.webhook.is_some();
    if brings && text.numbers.is_empty() {
        findings.warn(
            "text.numbers",
            (
                "들어오는 문자가 어느 기관의 것인지 모릅니다.",
                "Nothing says whose the texts are that come in.",
            ),
            (
                "[[text.numbers]]에 번호와 기관 코드를 적으십시오.",
                "Write the number and the office's code in [[text.numbers]].",
            ),
        );
    }
    if !text.numbers.is_empty() && !brings {
        findings.warn(
            "text.secrets",
            (
                "문자를 넘길 길이 모두 닫혀 있습니다.",
                "Every way by which texts could come in is closed.",
            ),
            (
                "쓰는 게이트웨이의 비밀을 [text.secrets]에 적으십시오.",
                "Write the secret of your gateway in [text.secrets].",
            ),
        );
    }
}

/// Looks at the place where the mail server hands letters over.
pub(super) async fn letters(config: &Config, findings: &mut Findings) {
    let Some(inbound) = &config.mail.inbound else { return };
    let lmtp = &inbound.lmtp;
    if inbound.addresses.is_empty() {
        findings.warn(
            "mail.inbound.addresses",
            (
                "받을 주소가 없어 어떤 편지도 받지 않습니다.",
                "There is no address, so no letter is taken.",
            ),
            (
                "\"minwon@기관.go.kr\" = 기관 코드를 적으십시오.",
                "Write \"minwon@OFFICE.go.kr\" = the office's code.",
            ),
        );
    }
    let answer = match lmtp.strip_prefix('/') {
        Some(_) => match socket(Path::new(lmtp)).await {
            Place::Free => return free(findings, lmtp),
            Place::NoFolder => {
                return findings.bad(
                    "mail.inbound.lmtp",
                    (format!("소켓을 둘 폴더가 없습니다: {lmtp}"), format!("no folder for {lmtp}")),
                    (
                        "폴더를 만들고 maeul 사용자가 쓸 수 있게 하십시오(systemd의 RuntimeDirectory=maeul).",
                        "Make the folder and let the user maeul write to it (RuntimeDirectory=maeul of systemd).",
                    ),
                );
            }
            Place::Taken(answer) => answer,
        },
        None => match TcpListener::bind(lmtp).await {
            Ok(_) => return free(findings, lmtp),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                match TcpStream::connect(lmtp).await {
                    Ok(stream) => greeting(stream).await,
                    Err(_) => String::new(),
                }
            }
            Err(error) => {
                return findings.bad(
                    "mail.inbound.lmtp",
                    (format!("{lmtp}: {error}"), format!("{lmtp}: {error}")),
                    (
                        "127.0.0.1:2424나 소켓의 경로를 적으십시오.",
                        "Write 127.0.0.1:2424 or the path of a socket.",
                    ),
                );
            }
        },
    };
    if answer.starts_with("220") && answer.contains("LMTP") {
        findings.ok(
            "mail.inbound.lmtp",
            format!("{lmtp}에서 편지를 받고 있습니다."),
            format!("letters are taken at {lmtp}."),
        );
    } else {
        findings.bad(
            "mail.inbound.lmtp",
            (
                format!("다른 프로그램이 쓰고 있습니다: {lmtp}"),
                format!("another program has it: {lmtp}"),
            ),
            (
                "그 프로그램을 끄거나 다른 주소를 적고, 메일 서버에도 그 주소를 알려 주십시오.",
                "Stop that program, or write another address here and in the mail server.",
            ),
        );
    }
}

fn free(findings: &mut Findings, lmtp: &str) {
    findings.ok(
        "mail.inbound.lmtp",
        format!("{lmtp}이(가) 비어 있어 maeul serve가 쓸 수 있습니다."),
        format!("{lmtp} is free for maeul serve."),
    );
}

enum Place {
    Free,
    NoFolder,
    /// With what whoever listens there says.
    Taken(String),
}

async fn socket(path: &Path) -> Place {
    if !path.parent().is_some_and(Path::is_dir) {
        return Place::NoFolder;
    }
    match UnixStream::connect(path).await {
        Ok(stream) => Place::Taken(greeting(stream).await),
        // Nobody listens: what an earlier run left is taken away by the next.
        Err(_) => Place::Free,
    }
}

async fn greeting(stream: impl AsyncRead + Unpin) -> String {
    let mut line = String::new();
    let mut reader = BufReader::new(stream);
    let read = tokio::time::timeout(PATIENCE, reader.read_line(&mut line)).await;
    if read.is_ok_and(|read| read.is_ok()) { line } else { String::new() }
}

/// Looks at the offices' own identity providers: whether each answers and says of itself what can be.
pub(super) async fn providers(config: &Config, findings: &mut Findings) {
    // An unreadable secret and two of one name have been told of already.
    let Ok(found) = open::providers(config) else { return };
    for it in &config.staff.oidc {
        let Some(provider) = found.named(OfficeId(it.office), &it.name) else { continue };
        let check = format!("staff.oidc {}", it.label());
        match provider.look(Clock::System.now()).await {
            Ok(()) => findings.ok(
                &check,
                format!("로그인 서버가 답합니다: {}", it.issuer),
                format!("the identity provider answers: {}", it.issuer),
            ),
            Err(fault) => findings.bad(
                &check,
                (fault.to_string(), fault.to_string()),
                (
                    "issuer 주소와 방화벽을 확인하십시오. 기관 내부망에 있으면 reach = \"anywhere\"를 적으십시오. 그동안 비밀번호로는 로그인할 수 있습니다.",
                    "Check issuer and firewall; for an inner network write reach = \"anywhere\". Meanwhile people can sign in with their password.",
                ),
            ),
        }
    }
}

/// Looks at the agencies to which cases are sent: whether each is there, and fits.
pub(super) async fn transfers(db: &Db, findings: &mut Findings) {
    let found = db
        .read(|tx| {
            let mut all: Vec<Agency> = Vec::new();
            for office in maeul_org::offices(tx)? {
                all.extend(agencies(tx, office.id)?.into_iter().filter(|it| it.active));
            }
            Ok::<_, Fault>(all)
        })
        .await;
    // An older database has been told of already.
    let Ok(found) = found else { return };
    for agency in found {
        let check = format!("agency {}", agency.code);
        let name = (agency.name.get(Lang::Ko), agency.name.get(Lang::En));
        if !agency.has_key {
            findings.warn(
                &check,
                (format!("{}의 열쇠가 없습니다.", name.0), format!("{} has no key.", name.1)),
                (
                    "그 기관에서 받은 열쇠를 관리 → 이송하는 기관에 넣으십시오.",
                    "Put the key they gave you into Administration → Agencies.",
                ),
            );
        }
        match server(&agency.endpoint) {
            None => findings.bad(
                &check,
                (
                    format!("주소가 아닙니다: {}", agency.endpoint),
                    format!("no address: {}", agency.endpoint),
                ),
                (
                    "agencies.toml의 endpoint를 고쳐 다시 가져오십시오.",
                    "Correct endpoint in agencies.toml and import it again.",
                ),
            ),
            Some(at) => reached(
                findings,
                &check,
                &at,
                name,
                (
                    "주소와 방화벽을 확인하고 그 기관에 물으십시오. 보낼 민원은 없어지지 않고 기다립니다.",
                    "Check address and firewall and ask them. Cases to be sent wait and are not lost.",
                ),
            )
            .await,
        }
        if let Some(why) = &agency.check_failed {
            findings.warn(
                &check,
                (
                    format!("목록을 확인하지 못했습니다: {}", why.get(Lang::Ko)),
                    format!("its list could not be seen: {}", why.get(Lang::En)),
                ),
                ("maeul agency check로 다시 물어보십시오.", "Ask again with maeul agency check."),
            );
        }
        for gap in agency.gaps().iter().filter(|gap| !gap.passable) {
            findings.bad(
                &check,
                (
                    format!("{}: {}", gap.service, gap.what.get(Lang::Ko)),
                    format!("{}: {}", gap.service, gap.what.get(Lang::En)),
                ),
                (
                    "agencies.toml의 그 서비스를 고쳐 다시 가져오십시오.",
                    "Correct that service in agencies.toml and import it again.",
                ),
            );
        }
    }
}

async fn reached(
    findings: &mut Findings,
    check: &str,
    at: &(String, u16),
    name: (&str, &str),
    mend: (&str, &str),
) {
    let said = format!("{}:{}", at.0, at.1);
    let connected = tokio::time::timeout(PATIENCE, TcpStream::connect((at.0.as_str(), at.1))).await;
    let why = match connected {
        Ok(Ok(_)) => {
            return findings.ok(
                check,
                format!("{}({said})이(가) 응답합니다.", name.0),
                format!("{} ({said}) answers.", name.1),
            );
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "…".to_owned(),
    };
    findings.bad(
        check,
        (
            format!("{}에 닿지 않습니다: {said}: {why}", name.0),
            format!("{} cannot be reached: {said}: {why}", name.1),
        ),
        mend,
    );
}

/// Host and port of an http address.
fn server(url: &str) -> Option<(String, u16)> {
    let (scheme, rest) = url.split_once("://")?;
    let default = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    let rest = rest.split(['/', '?']).next()?;
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let (host, port) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None => match rest.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        },
    };
    let port = port.map_or(Some(default), |port| port.parse().ok())?;
    (!host.is_empty()).then(|| (host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Inbound;
    use crate::finding::Level;

    #[test]
    fn the_server_of_an_address() {
        let of = |url: &str| server(url).map(|(host, port)| format!("{host} {port}"));
        assert_eq!(of("https://minwon.gaon.example/open311").unwrap(), "minwon.gaon.example 443");
        assert_eq!(of("http://127.0.0.1:13013/cgi-bin/sendsms").unwrap(), "127.0.0.1 13013");
        assert_eq!(of("http://[::1]:8080/x").unwrap(), "::1 8080");
        for bad in ["", "gaon.example", "ftp://gaon.example", "http://x:y/", "https:///x"] {
            assert_eq!(of(bad), None, "{bad}");
        }
    }

    fn seen(findings: &Findings) -> Vec<(Level, &str)> {
        findings.all.iter().map(|it| (it.level, it.check.as_str())).collect()
    }

    #[tokio::test]
    async fn a_gateway_that_is_there_and_one_that_is_not() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut config = Config::default();
        config.text.gateway = TextGateway::Kannel;
        for (url, level) in [
            (format!("http://{}/cgi-bin/sendsms", listener.local_addr().unwrap()), Level::Ok),
            // Nobody can listen there.
            ("http://127.0.0.1:0/cgi-bin/sendsms".to_owned(), Level::Bad),
            ("sendsms".to_owned(), Level::Bad),
        ] {
            config.text.url = url;
            let mut findings = Findings::new(Lang::Ko);
            texts(&config, &mut findings).await;
            assert_eq!(findings.worst(), level, "{findings:?}");
            assert!(findings.all.iter().all(|it| (it.level == Level::Ok) == it.mend.is_none()));
        }
    }

    #[tokio::test]
    async fn the_door_of_letters_is_free_ours_or_taken() {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let taken = listener.local_addr().unwrap().to_string();
        let path = |name: &str| folder.path().join(name).display().to_string();
        for (lmtp, level) in [
            (path("lmtp.sock"), Level::Ok),
            (path("nowhere/lmtp.sock"), Level::Bad),
            ("127.0.0.1:0".to_owned(), Level::Ok),
            ("somewhere".to_owned(), Level::Bad),
        ] {
            let mut config = Config::default();
            config.mail.inbound = Some(Inbound {
                lmtp,
                addresses: [("minwon@seogu.example".to_owned(), 29140)].into(),
                most_megabytes: 25,
                per_hour: 20,
            });
            let mut findings = Findings::new(Lang::Ko);
            letters(&config, &mut findings).await;
            assert_eq!(seen(&findings), [(level, "mail.inbound.lmtp")], "{findings:?}");
        }
        for (greets, level) in [("220 x LMTP ready\r\n", Level::Ok), ("* OK IMAP\r\n", Level::Bad)]
        {
            let mut config = Config::default();
            config.mail.inbound = Some(Inbound {
                lmtp: taken.clone(),
                addresses: [("minwon@seogu.example".to_owned(), 29140)].into(),
                most_megabytes: 25,
                per_hour: 20,
            });
            let mut findings = Findings::new(Lang::Ko);
            let answer = async {
                let (mut stream, _) = listener.accept().await.unwrap();
                tokio::io::AsyncWriteExt::write_all(&mut stream, greets.as_bytes()).await.unwrap();
            };
            tokio::join!(letters(&config, &mut findings), answer);
            assert_eq!(seen(&findings), [(level, "mail.inbound.lmtp")], "{findings:?}");
        }
    }
}
