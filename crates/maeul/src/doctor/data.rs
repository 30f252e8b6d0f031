//! The doctor in the database: what it is, its steps, its clock, the queue, the offices.

use jiff::{SignedDuration, Timestamp};
use maeul_app::{Checkup, OfficeCheck, checkup, migrations};
use maeul_db::{About, Db, Encrypted, Engine, Seal, TlsMode};

use crate::config::Config;
use crate::finding::Findings;

/// Clocks this far apart are worth a look, and that far apart are wrong.
const APART: SignedDuration = SignedDuration::from_secs(2);
const FAR_APART: SignedDuration = SignedDuration::from_secs(60);
/// A job that has been due for so long is stuck.
const STUCK: SignedDuration = SignedDuration::from_mins(15);

/// Looks at everything in it.
pub(super) async fn look(
    db: &Db,
    config: &Config,
    seal: Option<&Seal>,
    now: Timestamp,
    findings: &mut Findings,
) {
    match db.about().await {
        Ok(about) => {
            engine(db.engine(), &about, findings);
            way(db, &about, findings);
            clock(&about, now, findings);
        }
        Err(fault) => {
            findings.bad(
                "database",
                (fault.chain(), fault.chain()),
                ("데이터베이스의 기록(log)을 보십시오.", "See the log of the database."),
            );
            return;
        }
    }
    if !steps(db, findings).await {
        return;
    }
    let seal = seal.cloned();
    match db.read(move |tx| checkup(tx, seal.as_ref(), now)).await {
        Ok(found) => {
            keys(&found, findings);
            queue(&found, now, findings);
            offices(&found, config, findings);
        }
        Err(fault) => findings.bad(
            "database",
            (fault.chain(), fault.chain()),
            (
                "maeul serve를 한 번 시작해 표를 새롭게 하십시오.",
                "Start maeul serve once to bring the tables up to date.",
            ),
        ),
    }
}

fn engine(engine: Engine, about: &About, findings: &mut Findings) {
    let name = match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let said = format!("{name} {}, {}, {}", about.version, about.encoding, about.collation);
    if engine == Engine::Postgres && about.major < 15 {
        findings.bad(
            "database",
            (said.clone(), said),
            ("PostgreSQL 15 이상으로 올리십시오.", "Upgrade to PostgreSQL 15 or newer."),
        );
    } else if !about.encoding.replace('-', "").eq_ignore_ascii_case("utf8") {
        findings.bad(
            "database",
            (said.clone(), said),
            (
                "UTF8로 만든 데이터베이스에 백업을 복원하십시오.",
                "Restore a backup into a database made with UTF8.",
            ),
        );
    } else if engine == Engine::Postgres && !about.collation.starts_with("C") {
        findings.warn(
            "database",
            (said.clone(), said),
            (
                "글자 순서가 운영체제에 따라 바뀔 수 있습니다. LOCALE 'C.UTF-8'로 만든 데이터베이스에 복원하십시오.",
                "The order of text depends on the operating system. Restore into a database made with LOCALE 'C.UTF-8'.",
            ),
        );
    } else {
        findings.ok("database", said.clone(), said);
    }
    if !about.durable {
        findings.bad(
            "durability",
            ("접수했다고 답한 민원을 정전 때 잃을 수 있습니다.", "A power cut may lose reports that were acknowledged."),
            (
                "PostgreSQL의 fsync와 synchronous_commit을 on으로 하십시오. SQLite는 로컬 디스크에 두십시오.",
                "Set fsync and synchronous_commit of PostgreSQL to on; keep SQLite on a local disk.",
            ),
        );
    }
}

/// How what is said to PostgreSQL travels, as PostgreSQL itself tells it.
fn way(db: &Db, about: &About, findings: &mut Findings) {
    let Some(plan) = db.tls_plan() else { return };
    match &about.encrypted {
        Some(Encrypted { version, cipher }) => {
            let (ko, en) = match plan.mode {
                TlsMode::VerifyFull => {
                    ("인증서와 이름을 확인함", "certificate and name are checked")
                }
                TlsMode::VerifyCa => ("인증서를 확인함", "the certificate is checked"),
                _ => ("인증서를 확인하지 않음", "the certificate is not checked"),
            };
            let mode = plan.mode.as_str();
            findings.ok(
                "tls",
                format!("{version}, {cipher}, {ko}({mode})."),
                format!("{version}, {cipher}, {en} ({mode})."),
            );
        }
        None if plan.here => findings.ok(
            "tls",
            "쓰지 않음: PostgreSQL이 이 기계에 있습니다.",
            "none: PostgreSQL is on this machine.",
        ),
        None => findings.bad(
            "tls",
            (
                "PostgreSQL까지 암호화하지 않고 오갑니다.",
                "What travels to PostgreSQL and back is not encrypted.",
            ),
            (
                "PostgreSQL의 ssl을 켜고 주소에서 sslmode를 빼십시오.",
                "Turn ssl on in PostgreSQL and leave sslmode out of the address.",
            ),
        ),
    }
}

fn clock(about: &About, now: Timestamp, findings: &mut Findings) {
    let Some(theirs) = about.now else {
        return findings.ok("clock", format!("{now}"), format!("{now}"));
    };
    let apart = now.duration_since(theirs).abs();
    let (ko, en) = (
        format!("데이터베이스와 {}초 다릅니다.", apart.as_secs()),
        format!("{} s apart from the database's.", apart.as_secs()),
    );
    let mend = (
        "두 기계의 시각 동기화(chrony, systemd-timesyncd)를 켜십시오. 기한은 이 시계로 셉니다.",
        "Turn on time synchronisation (chrony, systemd-timesyncd) on both machines: due times are counted by this clock.",
    );
    if apart > FAR_APART {
        findings.bad("clock", (ko, en), mend);
    } else if apart > APART {
        findings.warn("clock", (ko, en), mend);
    } else {
        findings.ok("clock", ko, en);
    }
}

/// Whether the tables can be read by this program.
async fn steps(db: &Db, findings: &mut Findings) -> bool {
    let standing = match db.standing(&migrations()).await {
        Ok(standing) => standing,
        Err(_) => {
            findings.warn(
                "migrations",
                ("아직 표가 없습니다.", "There are no tables yet."),
                (
                    "maeul serve나 maeul import org가 만듭니다.",
                    "maeul serve or maeul import org makes them.",
                ),
            );
            return false;
        }
    };
    if let Some(first) = standing.changed.first() {
        findings.bad(
            "migrations",
            (
                format!("적용된 뒤에 바뀌었습니다: {first}"),
                format!("changed after it had been applied: {first}"),
            ),
            ("이 판의 공식 배포 파일을 쓰십시오.", "Use the released program of this version."),
        );
        return false;
    }
    if let Some(first) = standing.unknown.first() {
        findings.bad(
            "migrations",
            (
                format!("더 새로운 마을이 쓰던 데이터베이스입니다: {first}"),
                format!("a newer Maeul has used this database: {first}"),
            ),
            (
                "새 판을 설치하거나, 올리기 전의 백업을 복원하십시오.",
                "Install the newer version, or restore the backup made before it.",
            ),
        );
        return false;
    }
    if standing.pending.is_empty() {
        findings.ok("migrations", "최신입니다.", "up to date");
        return true;
    }
    let count = standing.pending.len();
    findings.warn(
        "migrations",
        (
            format!("적용할 단계가 {count}개 있습니다."),
            format!("{count} steps are still to be applied."),
        ),
        (
            "백업한 다음 maeul serve를 시작하면 적용됩니다.",
            "Back up, then start maeul serve: it applies them.",
        ),
    );
    false
}

fn keys(found: &Checkup, findings: &mut Findings) {
    match found.keys_open {
        Some(true) => findings.ok(
            "key",
            "봉한 항목이 열립니다.",
            "opens a sealed field of the database.",
        ),
        Some(false) if !found.keys_missing.is_empty() => {
            let each = |(number, values): (&u8, &i64)| format!("{number} ({values})");
            let missing: Vec<String> = found.keys_missing.iter().map(each).collect();
            let missing = missing.join(", ");
            findings.bad(
                "key",
                (
                    format!("field.key에 없는 키로 봉한 값이 있습니다. 키 번호(값의 수): {missing}"),
                    format!("field.key lacks keys that sealed values. Numbers (values): {missing}"),
                ),
                (
                    "복원한 백업이 만들어질 때의 field.key에서 그 키를 되돌려 놓으십시오.",
                    "Put those keys back from the field.key of the time of the restored backup.",
                ),
            );
        }
        Some(false) => findings.bad(
            "key",
            ("이 field.key로는 봉한 항목이 열리지 않습니다.", "This field.key does not open the sealed fields."),
            (
                "이 데이터베이스의 field.key를 사본에서 되돌리십시오. 다른 파일로 계속 쓰면 안 됩니다.",
                "Put back the field.key of this database from its copy. Do not go on with another.",
            ),
        ),
        None => {}
    }
}

fn queue(found: &Checkup, now: Timestamp, findings: &mut Findings) {
    let before = findings.all.len();
    for jobs in &found.jobs {
        let kind = &jobs.kind;
        if jobs.state == "dead" {
            let why = found.dead.iter().find(|it| it.kind == *kind);
            let why = why.and_then(|it| it.last_error.as_deref()).unwrap_or("-");
            findings.warn(
                "queue",
                (
                    format!("포기한 작업 {}건: {kind}: {why}", jobs.count),
                    format!("{} jobs given up: {kind}: {why}", jobs.count),
                ),
                (
                    "까닭을 고친 뒤 관리 화면에서 다시 시도하십시오.",
                    "Mend the cause, then try them again on the page 관리 (administration).",
                ),
            );
        } else if now.duration_since(jobs.oldest) > STUCK {
            let minutes = now.duration_since(jobs.oldest).as_mins();
            findings.bad(
                "queue",
                (
                    format!("{kind} 작업 {}건이 {minutes}분째 밀려 있습니다.", jobs.count),
                    format!("{} jobs {kind} are {minutes} minutes behind.", jobs.count),
                ),
                (
                    "maeul serve가 켜져 있는지, /readyz의 worker와 로그를 보십시오.",
                    "See that maeul serve runs: /readyz (worker) and the log.",
                ),
            );
        }
    }
    if findings.all.len() == before {
        let waiting: i64 = found.jobs.iter().map(|jobs| jobs.count).sum();
        findings.ok("queue", format!("기다리는 작업 {waiting}건"), format!("{waiting} jobs wait"));
    }
}

fn offices(found: &Checkup, config: &Config, findings: &mut Findings) {
    if found.offices.is_empty() {
        findings.warn(
            "offices",
            ("아직 기관이 없습니다.", "There is no office yet."),
            ("maeul import org FILE로 기관을 여십시오.", "Open one with maeul import org FILE."),
        );
        return;
    }
    let default = config.default_office.to_string();
    if found.offices.len() > 1 && !found.offices.iter().any(|office| office.code == default) {
        findings.warn(
            "default_office",
            (
                format!("{default} 기관이 없어 첫 기관을 씁니다."),
                format!("there is no office {default}; the first one is served."),
            ),
            (
                "default_office에 기관 코드를 적으십시오.",
                "Write the code of an office into default_office.",
            ),
        );
    }
    found.offices.iter().for_each(|office| one_office(office, findings));
    if found.elections_known_until < found.next_year_ends {
        let until = found.elections_known_until;
        findings.warn(
            "holidays",
            (
                format!("선거일은 {until}까지만 알려져 있습니다."),
                format!("election days are known until {until} only."),
            ),
            (
                "새 판으로 올리거나, 정해진 선거일을 maeul holiday add로 넣으십시오.",
                "Upgrade, or enter election days as they are set with maeul holiday add.",
            ),
        );
    }
}

fn one_office(office: &OfficeCheck, findings: &mut Findings) {
    let check = format!("office {}", office.code);
    let missing = [
        (office.units, "조직도", "the organisation chart", "maeul import org"),
        (office.dongs, "동 경계", "the boundaries of its 동", "maeul import boundaries"),
        (office.services, "민원 종류", "its services", "maeul import services"),
        (office.staff, "직원", "its staff", "maeul import staff"),
        (office.administrators, "관리자", "an administrator", "maeul import staff"),
    ];
    let before = findings.all.len();
    for (count, ko, en, command) in missing {
        if count == 0 {
            findings.bad(
                &check,
                (format!("{ko}이(가) 없습니다."), format!("{en} is missing.")),
                (
                    &format!("{command} FILE --office {}", office.code),
                    &format!("{command} FILE --office {}", office.code),
                ),
            );
        }
    }
    if findings.all.len() == before {
        findings.ok(
            &check,
            format!(
                "{}: 부서 {}, 동 {}, 민원 종류 {}, 직원 {}, 내년 임시·지방공휴일 {}",
                office.name_ko, office.units, office.dongs, office.services, office.staff, office.holidays_next_year
            ),
            format!(
                "{}: {} units, {} 동, {} services, {} staff, {} temporary or local holidays next year",
                office.name_en, office.units, office.dongs, office.services, office.staff, office.holidays_next_year
            ),
        );
    }
}
