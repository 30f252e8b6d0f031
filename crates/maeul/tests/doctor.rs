//! The doctor tells a well installation from a sick one, and says what to do.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::support::postgres::Cluster;
use crate::support::{self, Engine, Place, Server, block_on, get, maeul, said};
use maeul_db::args;
use serde_json::Value;

/// Exit code and findings, without that of the tests' own PostgreSQL, which forgets on purpose.
fn doctor(place: &Place) -> (i32, Vec<Value>) {
    let config = place.path("maeul.toml").display().to_string();
    let (code, out, err) = said(&maeul(&["doctor", "--config", &config, "--json", "--lang", "en"]));
    let mut found: Vec<Value> =
        serde_json::from_str(&out).unwrap_or_else(|_| panic!("{code}: {out}{err}"));
    let bad = |found: &[Value]| i32::from(found.iter().any(|it| it["level"] == "bad"));
    assert_eq!(code, bad(&found), "{out}{err}");
    found.retain(|it| it["check"] != "durability");
    (bad(&found), found)
}

/// The findings on one thing that are not well: level and words.
fn sick(findings: &[Value], check: &str) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    findings
        .iter()
        .filter(|it| it["check"] == check && it["level"] != "ok")
        .map(|it| {
            assert!(it["mend"].as_str().is_some_and(|mend| !mend.is_empty()), "{it}");
            (word(&it["level"]), word(&it["said"]))
        })
        .collect()
}

fn assert_sick(place: &Place, check: &str, level: &str, words: &str) {
    let (code, findings) = doctor(place);
    let found = sick(&findings, check);
    assert!(
        found.iter().any(|it| it.0 == level && it.1.contains(words)),
        "{check}: {found:?} in {findings:?}"
    );
    assert_eq!(code, i32::from(level == "bad"), "{findings:?}");
}

fn well_then_sick(engine: &Engine) {
    let Some(place) = Place::empty(engine) else { return };
    place.configure("maeul.toml", "");
    std::fs::set_permissions(place.dir.path(), std::fs::Permissions::from_mode(0o750)).unwrap();
    let (code, findings) = doctor(&place);
    assert_eq!(code, 0, "not there yet is nothing wrong: {findings:?}");
    assert_eq!(sick(&findings, "key").len(), 1);

    place.import();
    place.import_one("staff", "staff.csv");
    let (code, findings) = doctor(&place);
    assert_eq!(code, 0, "{findings:?}");
    let doubtful: Vec<_> = findings.iter().filter(|it| it["level"] != "ok").collect();
    // The office of the tests has no mail server, and election days end somewhere.
    for finding in doubtful {
        let check = finding["check"].as_str().unwrap();
        assert!(["mail.smtp", "holidays"].contains(&check), "{finding}");
    }
    let told: Vec<_> = findings.iter().map(|it| it["check"].as_str().unwrap()).collect();
    for check in
        ["data_dir", "disk", "key", "database", "clock", "migrations", "queue", "office 29140"]
    {
        assert!(told.contains(&check), "{check} is not in {told:?}");
    }
    let opens = findings.iter().any(|it| it["said"] == "opens a sealed field of the database.");
    assert!(opens, "{findings:?}");

    let key = place.path("field.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_sick(&place, "key", "bad", "644");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let kept = std::fs::read(&key).unwrap();
    std::fs::write(&key, "5".repeat(64)).unwrap();
    assert_sick(&place, "key", "bad", "does not open");
    std::fs::write(&key, kept).unwrap();

    let sql = |sql: &'static str| {
        block_on(async { place.db().await.write(move |tx| tx.exec(sql, args![])).await.unwrap() })
    };
    sql("INSERT INTO queue_job (office_id, id, kind, payload, state, run_at, attempts, created_at)
         SELECT 29140, id, 'notice.send', '{}', 'ready', valid_from_at, 1, valid_from_at
           FROM (SELECT id, created_at AS valid_from_at FROM people_staff LIMIT 1) AS any_staff");
    sql(
        "UPDATE queue_job SET state = 'dead', last_error = 'the mail server answered 550', done_at = run_at",
    );
    assert_sick(&place, "queue", "warn", "550");
    sql("DELETE FROM queue_job");

    sql("UPDATE db_migration SET checksum = 'x' WHERE room = 'notice' AND name = '0001_notice'");
    assert_sick(&place, "migrations", "bad", "notice/0001_notice");
    sql(
        "UPDATE db_migration SET name = '9999_future' WHERE room = 'notice' AND name = '0001_notice'",
    );
    assert_sick(&place, "migrations", "bad", "notice/9999_future");
}

#[test]
fn a_sick_installation_is_told_from_a_well_one_on_sqlite() {
    well_then_sick(&Engine::Sqlite);
}

#[test]
fn a_sick_installation_is_told_from_a_well_one_on_postgres() {
    well_then_sick(&Engine::Postgres);
}

#[test]
fn what_an_office_lacks_is_named_with_its_command() {
    let place = Place::empty(&Engine::Sqlite).unwrap();
    let config = place.configure("maeul.toml", "").display().to_string();
    let org = support::shipped("org.toml").display().to_string();
    assert_eq!(said(&maeul(&["import", "org", &org, "--config", &config])).0, 0);
    let (code, findings) = doctor(&place);
    assert_eq!(code, 1);
    let lacks = sick(&findings, "office 29140");
    assert!(lacks.len() == 4 && lacks.iter().all(|it| it.0 == "bad"), "{lacks:?}");
    let (code, out, err) = said(&maeul(&["doctor", "--config", &config]));
    assert_eq!(code, 1);
    assert!(out.contains("BAD   office 29140: 동 경계이(가) 없습니다."), "{out}");
    assert!(out.contains("→ maeul import boundaries FILE --office 29140"), "{out}");
    assert!(err.contains("BAD"), "{err}");
}

#[test]
fn a_database_that_does_not_answer_is_told_without_its_password() {
    let place = Place::empty(&Engine::Sqlite).unwrap();
    let config = place.path("maeul.toml");
    let dir = place.dir.path().display();
    let text =
        format!("data_dir = \"{dir}\"\ndatabase = \"postgres://maeul:geheim@127.0.0.1:1/maeul\"\n");
    std::fs::write(&config, text).unwrap();
    assert_sick(&place, "database", "bad", "connect");
    let (_, findings) = doctor(&place);
    assert!(!format!("{findings:?}").contains("geheim"));
    let (code, out, _) =
        said(&maeul(&["config", "check", "--config", &config.display().to_string()]));
    assert!(code == 0 && out.contains("•••") && !out.contains("geheim"), "{out}");
    std::fs::write(&config, "lisen = 1\n").unwrap();
    let (code, out, _) =
        said(&maeul(&["config", "check", "--config", &config.display().to_string()]));
    assert!(code == 1 && out.contains("file:1") && out.contains("lisen"), "{out}");
}

fn openssl(folder: &Path, words: &str) {
    let done = Command::new("openssl").args(words.split(' ')).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "openssl {words}: {}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn postgres_is_reached_by_tls_and_by_nobody_elses() {
    let Some(cluster) = Cluster::start() else { return };
    let mut place = Place::empty(&Engine::Sqlite).unwrap();
    let dir = place.dir.path().to_owned();
    let new = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj";
    for authority in ["ours", "strange"] {
        openssl(
            &dir,
            &format!("{new} /CN={authority} -keyout {authority}.key -out {authority}.pem"),
        );
    }
    let signed = "-CA ours.pem -CAkey ours.key -addext basicConstraints=critical,CA:FALSE";
    openssl(
        &dir,
        &format!(
            "{new} /CN=db {signed} -addext subjectAltName=DNS:localhost -keyout db.key -out db.pem"
        ),
    );
    cluster.only_tls(&dir.join("db.pem"), &dir.join("db.key"));
    let port = cluster.port();
    let mut at = |host: &str, query: &str| {
        let query = query.replace("PEM", &dir.display().to_string());
        place.database = format!("postgres://maeul@{host}:{port}/postgres?{query}");
        place.configure("maeul.toml", "");
        doctor(&place).1
    };
    let line = |findings: &[Value], check: &str| {
        let found = findings.iter().find(|it| it["check"] == check);
        found.map_or_else(String::new, |it| format!("{} {}", it["level"], it["said"]))
    };
    for (host, query, told) in [
        ("localhost", "sslrootcert=PEM/ours.pem", "checked (verify-full)"),
        ("localhost", "sslmode=verify-full&sslrootcert=PEM/ours.pem", "checked (verify-full)"),
        // The certificate is for localhost and not for the number.
        ("127.0.0.1", "sslmode=verify-ca&sslrootcert=PEM/ours.pem", "checked (verify-ca)"),
        ("localhost", "sslmode=require", "not checked (require)"),
        ("localhost", "sslmode=prefer", "not checked (prefer)"),
    ] {
        let findings = at(host, query);
        let tls = line(&findings, "tls");
        assert!(tls.contains("TLSv1.3") && tls.contains(told), "{host} {query}: {findings:?}");
    }
    for (host, query, told) in [
        ("localhost", "sslrootcert=PEM/strange.pem", "invalid peer certificate"),
        ("localhost", "sslmode=verify-ca&sslrootcert=PEM/strange.pem", "invalid peer certificate"),
        ("127.0.0.1", "sslrootcert=PEM/ours.pem", "not valid for name"),
        ("localhost", "sslrootcert=PEM/none.pem", "none.pem"),
        ("localhost", "sslmode=verify-full", "certificate"),
        ("localhost", "sslmode=disable", "no encryption"),
        ("localhost", "sslmode=full", "sslmode is one of"),
    ] {
        let findings = at(host, query);
        let said = line(&findings, "database");
        assert!(said.contains("bad") && said.contains(told), "{host} {query}: {findings:?}");
        assert_eq!(line(&findings, "tls"), "");
    }

    // Every command takes the same way: migrations, imports, a server, a backup.
    at("localhost", "sslrootcert=PEM/ours.pem");
    place.import();
    let config = place.path("maeul.toml");
    let server = Server::start(&config);
    assert_eq!(get(&server.address, "/readyz").unwrap().0, 200);
    assert_eq!(support::report(&server.address, "reached-by-tls-1", "가로등").unwrap().0, 201);
    let file = |name: &str| place.path(name).display().to_string();
    let (code, _, err) = said(&maeul(&[
        "backup",
        "-o",
        &file("a.backup"),
        "--key-file",
        &file("backup.key"),
        "--new-key",
        "--config",
        &config.display().to_string(),
    ]));
    assert_eq!(code, 0, "{err}");
    let plain = block_on(async {
        place
            .db()
            .await
            .read(|tx| {
                tx.one::<(i64,)>(
                    "SELECT count(*) FROM pg_stat_ssl s JOIN pg_stat_activity a ON a.pid = s.pid
                      WHERE a.application_name = 'maeul' AND NOT s.ssl",
                    args![],
                )
            })
            .await
            .unwrap()
    });
    assert_eq!(plain, (0,));
    assert_eq!(server.end(), 0);
}
