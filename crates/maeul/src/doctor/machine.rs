//! The doctor on the machine: folders, disk, key file, mail server.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::Duration;

use maeul_app::can_write;
use maeul_db::Seal;
use tokio::net::TcpStream;

use super::Keys;
use crate::config::Config;
use crate::finding::Findings;

/// Less free space than this is worth a look, and than that is danger.
const LITTLE: u64 = 2 * 1024 * 1024 * 1024;
const TOO_LITTLE: u64 = 256 * 1024 * 1024;
/// How long the mail server may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// The data folder can be written.
pub(super) fn folder(config: &Config, findings: &mut Findings) {
    let dir = &config.data_dir;
    let name = dir.display();
    if !dir.exists() {
        findings.warn(
            "data_dir",
            (format!("아직 없습니다: {name}"), format!("not there yet: {name}")),
            (
                "maeul serve가 만듭니다. 권한이 있는 폴더인지 확인하십시오.",
                "maeul serve makes it; see that it may.",
            ),
        );
        return;
    }
    if let Err(error) = can_write(dir) {
        findings.bad(
            "data_dir",
            (format!("쓸 수 없습니다: {name}: {error}"), format!("cannot be written: {name}: {error}")),
            (
                "maeul 사용자의 폴더로 하고(chown), 디스크가 읽기 전용이나 가득 찬 것이 아닌지 보십시오.",
                "Give it to the user maeul runs as (chown), and see that the disk is neither read-only nor full.",
            ),
        );
        return;
    }
    let mode = std::fs::metadata(dir).map_or(0, |it| it.permissions().mode());
    if mode & 0o007 != 0 {
        findings.warn(
            "data_dir",
            (
                format!("다른 사용자도 들어갈 수 있습니다({:o}): {name}", mode & 0o777),
                format!("other users can enter it ({:o}): {name}", mode & 0o777),
            ),
            ("chmod 750으로 바꾸십시오.", "chmod it to 750."),
        );
        return;
    }
    findings.ok("data_dir", format!("쓸 수 있습니다: {name}"), format!("can be written: {name}"));
}

/// There is room on the disks of the data folder and the database.
pub(super) fn disk(config: &Config, findings: &mut Findings) {
    let mut folders = vec![config.data_dir.clone()];
    folders.extend(config.sqlite_file().and_then(|file| file.parent().map(Path::to_owned)));
    let device = |path: &Path| std::fs::metadata(path).map(|it| it.dev()).ok();
    folders.retain(|folder| folder.exists());
    folders.dedup_by_key(|folder| device(folder));
    for folder in folders {
        let Ok(room) = rustix::fs::statvfs(&folder) else { continue };
        let free = room.f_bavail.saturating_mul(room.f_frsize);
        let all = room.f_blocks.saturating_mul(room.f_frsize).max(1);
        let said = |ko: bool| {
            let (free, percent) = (gib(free), free.saturating_mul(100) / all);
            let name = folder.display();
            if ko {
                format!("{name}: {free} GiB 남음({percent}%)")
            } else {
                format!("{name}: {free} GiB free ({percent}%)")
            }
        };
        let mend = (
            "디스크를 늘리거나 오래된 백업을 옮기십시오. 가득 차면 접수가 거절됩니다.",
            "Enlarge the disk or move old backups away. When it is full, reports are refused.",
        );
        if free < TOO_LITTLE {
            findings.bad("disk", (said(true), said(false)), mend);
        } else if free < LITTLE {
            findings.warn("disk", (said(true), said(false)), mend);
        } else {
            findings.ok("disk", said(true), said(false));
        }
    }
}

/// Gibibytes with one decimal, without a float.
fn gib(bytes: u64) -> String {
    let tenths = bytes / (1024 * 1024 * 1024 / 10);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The key file is there, readable, and closed to others.
pub(super) fn key(config: &Config, findings: &mut Findings) -> Keys {
    let path = config.data_dir.join("field.key");
    let name = path.display();
    let seal = match Seal::load(&path) {
        Ok(Some(seal)) => seal,
        Ok(None) => {
            findings.warn(
                "key",
                (format!("아직 없습니다: {name}"), format!("not there yet: {name}")),
                (
                    "첫 시작 때 만들어집니다. 복원한 데이터베이스라면 원래의 field.key를 먼저 되돌려 놓으십시오.",
                    "It is made at the first start. For a restored database, put the original field.key back first.",
                ),
            );
            return None;
        }
        Err(fault) => {
            findings.bad(
                "key",
                (fault.chain(), fault.chain()),
                ("따로 보관한 사본으로 되돌리십시오.", "Put the copy back that was kept apart."),
            );
            return None;
        }
    };
    let mode = std::fs::metadata(&path).map_or(0, |it| it.permissions().mode());
    if mode & 0o077 == 0 {
        findings.ok(
            "key",
            format!("{name}: 소유자만 읽습니다. 표식 {}", seal.mark()),
            format!("{name}: for its owner only, mark {}", seal.mark()),
        );
    } else {
        findings.bad(
            "key",
            (
                format!("{name}: 다른 사용자가 읽을 수 있습니다({:o}).", mode & 0o777),
                format!("{name}: others can read it ({:o}).", mode & 0o777),
            ),
            (
                "chmod 600으로 바꾸고, 읽혔을지 모르면 키를 바꾸십시오.",
                "chmod it to 600; if it may have been read, change the key.",
            ),
        );
    }
    Some(seal)
}

/// Somebody answers where the mail server should be.
pub(super) async fn mail_server(config: &Config, findings: &mut Findings) {
    let Some(address) = config.mail.smtp.as_deref().and_then(server) else { return };
    let named = format!("{}:{}", address.0, address.1);
    match tokio::time::timeout(PATIENCE, TcpStream::connect(address)).await {
        Ok(Ok(_)) => {
            findings.ok("mail", format!("{named}이(가) 응답합니다."), format!("{named} answers."));
        }
        failed => {
            let why = match failed {
                Ok(Err(error)) => error.to_string(),
                _ => "…".to_owned(),
            };
            findings.bad(
                "mail",
                (
                    format!("메일 서버가 응답하지 않습니다: {named}: {why}"),
                    format!("the mail server does not answer: {named}: {why}"),
                ),
                (
                    "주소와 방화벽을 확인하십시오. 그동안 메일은 대기열에서 기다립니다.",
                    "Check the address and the firewall. Meanwhile mail waits in the queue.",
                ),
            );
        }
    }
}

/// Host and port of an SMTP address; the default ports are lettre's.
fn server(url: &str) -> Option<(String, u16)> {
    let (scheme, rest) = url.split_once("://")?;
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let rest = rest.split(['/', '?']).next()?;
    let default = if scheme == "smtps" { 465 } else { 25 };
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (rest, default),
    };
    Some((host.trim_matches(['[', ']']).to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_server_of_an_address() {
        let of = |url: &str| server(url).map(|(host, port)| format!("{host} {port}"));
        assert_eq!(of("smtp://mail.example.kr").unwrap(), "mail.example.kr 25");
        assert_eq!(of("smtps://u:p@mail.example.kr").unwrap(), "mail.example.kr 465");
        assert_eq!(of("smtp://u:p@127.0.0.1:587?tls=required").unwrap(), "127.0.0.1 587");
        assert_eq!(of("nowhere"), None);
    }

    #[test]
    fn sizes_are_read_easily() {
        assert_eq!(gib(1024 * 1024 * 1024 * 3 / 2 + 1), "1.5");
        assert_eq!(gib(0), "0.0");
    }
}
