//! The program as it is run: words in, words and exit codes out.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

fn maeul(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_maeul")).args(words).output().unwrap()
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/offices/29140-gwangju-seogu").join(name)
}

/// A folder with an installation in it, and the words that name it.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn run(&self, words: &[&str]) -> (i32, String, String) {
        let dir = self.0.path().display().to_string();
        said(&maeul(&[words, &["--dir", &dir]].concat()))
    }

    fn import(&self, kind: &str, file: &Path, more: &[&str]) -> (i32, String, String) {
        let file = file.display().to_string();
        self.run(&[&["import", kind, &file], more].concat())
    }
}

#[test]
fn an_office_is_opened_and_a_case_entered() {
    let place = Place::new();
    let (code, _, err) = place.import("services", &shipped("services.toml"), &[]);
    assert_eq!(code, 1);
    assert!(err.contains("maeul import org"), "{err}");
    for (kind, name) in [
        ("org", "org.toml"),
        ("boundaries", "boundaries.geojson"),
        ("services", "services.toml"),
        ("staff", "staff.csv"),
    ] {
        let (code, out, err) = place.import(kind, &shipped(name), &["--dry-run", "--lang", "en"]);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        assert!(out.contains("nothing was saved"), "{out}");
        let (code, out, err) = place.import(kind, &shipped(name), &[]);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        assert!(out.contains("추가"), "{out}");
    }
    let (_, out, _) = place.import("staff", &shipped("staff.csv"), &["--lang", "en"]);
    assert_eq!(out.lines().count(), 1, "no password is shown twice: {out}");

    let report = |more: &[&str]| {
        place.run(&[&["case", "receive", "--text", "화정동 골목 가로등이 꺼졌어요"], more].concat())
    };
    let (code, out, err) = report(&[
        "--service",
        "streetlight",
        "--lat",
        "35.1520",
        "--long",
        "126.8900",
        "--name",
        "주민 가나다",
        "--phone",
        "010-0000-1234",
        "--client-key",
        "desk:1",
        "--json",
    ]);
    assert_eq!((code, err.as_str()), (0, ""));
    let receipt: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(receipt["again"], false);
    assert_eq!(receipt["unit"], "건설과");
    let number = receipt["number"].as_str().unwrap();
    assert!(number.contains("-서구-000001-"), "{number}");
    let (_, out, _) = report(&["--client-key", "desk:1", "--json"]);
    let again: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((again["again"].as_bool(), again["number"].as_str()), (Some(true), Some(number)));

    let (code, out, _) = place.run(&["case", "show", number, "--lang", "en"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("화정동 골목 가로등이 꺼졌어요") && !out.contains("010-0000-1234"),
        "{out}"
    );
    let (code, out, _) = place.run(&["case", "list", "--queue", "unassigned", "--by", "road1"]);
    assert_eq!(code, 0);
    assert!(out.contains(number), "{out}");

    let (code, _, err) = report(&["--lat", "37.5", "--long", "127.0", "--lang", "en"]);
    assert_eq!(code, 1);
    assert!(err.starts_with("point: "), "{err}");
    let (code, _, err) = report(&["--by", "nobody"]);
    assert_eq!(code, 1);
    assert!(err.starts_with("by: "), "{err}");

    let add = |lang: &str| {
        place.run(&[
            "holiday",
            "add",
            "2026-10-02",
            "--name-ko",
            "임시공휴일",
            "--name-en",
            "Temporary holiday",
            "--kind",
            "temporary",
            "--basis",
            "시험",
            "--lang",
            lang,
        ])
    };
    let (code, out, _) = add("en");
    assert_eq!(code, 0);
    assert!(out.contains("Fri 2 Oct 2026 Temporary holiday"), "{out}");
    let (code, _, err) = add("ko");
    assert_eq!(
        (code, err.trim()),
        (1, "on_day: 2026-10-02에는 이미 공휴일이 있습니다: 임시공휴일")
    );
}

#[test]
fn a_key_is_printed_once_and_revoked() {
    let place = Place::new();
    assert_eq!(place.import("org", &shipped("org.toml"), &[]).0, 0);
    let (code, out, err) =
        place.run(&["api-client", "add", "안전신문고 연계", "--office", "29140", "--json"]);
    assert_eq!(code, 0, "{err}");
    let added: Value = serde_json::from_str(&out).unwrap();
    let key = added["key"].as_str().unwrap().to_owned();
    assert!(key.starts_with("mk_") && key.len() == 67, "{added}");
    assert!(!err.contains(&key), "a key in the log");
    assert_eq!(added["scopes"], serde_json::json!(["requests.create", "updates.write"]));
    let again = place.run(&["api-client", "add", "안전신문고 연계", "--office", "29140"]);
    assert_eq!(again.0, 1, "{}", again.1);
    assert!(again.2.starts_with("name: "), "{}", again.2);
    let unknown = place.run(&["api-client", "add", "x", "--scope", "all"]);
    assert_eq!(unknown.0, 2, "{}", unknown.1);
    let (_, listed, _) = place.run(&["api-client", "list", "--json"]);
    let list: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(list[0]["name"], "안전신문고 연계");
    assert!(!listed.contains(&key), "the key was shown already");
    let (code, _, err) = place.run(&["api-client", "revoke", "안전신문고 연계", "--lang", "en"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(place.run(&["api-client", "revoke", "안전신문고 연계"]).0, 1);
}

#[test]
fn rights_are_given_and_ended_from_the_command_line() {
    let place = Place::new();
    assert_eq!(place.import("org", &shipped("org.toml"), &[]).0, 0);
    let file = place.0.path().join("staff.csv");
    let people = "login,name,unit,role,phone,email\nkim,담당,construction,officer,,\n\
        lee,전산,audit,administrator,,\n";
    std::fs::write(&file, people).unwrap();
    assert_eq!(place.import("staff", &file, &[]).0, 0);
    let json = |words: &[&str]| -> Value {
        let (code, out, err) = place.run(words);
        assert_eq!(code, 0, "{err}");
        serde_json::from_str(&out).unwrap()
    };
    let given = json(&[
        "staff",
        "grant",
        "kim",
        "viewer",
        "--over",
        "unit:audit",
        "--reason",
        "감사 지원",
        "--json",
    ]);
    assert!(given["over"].as_str().unwrap().starts_with("unit:"), "{given}");
    let list = json(&["staff", "grants", "kim", "--json"]);
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert_eq!((&list[1]["role"], &list[1]["over"]), (&"officer".into(), &"unit".into()));
    let id = given["id"].as_str().unwrap();
    let ended = json(&["staff", "revoke", id, "--reason", "지원이 끝남", "--json"]);
    assert_eq!(ended["standing"], "over");
    let (code, _, err) = place.run(&["staff", "revoke", id, "--reason", "다시", "--lang", "en"]);
    assert!(code == 1 && err.contains("ended already"), "{err}");
    let last = json(&["staff", "grants", "lee", "--json"]);
    let id = last[0]["id"].as_str().unwrap();
    let (code, _, err) = place.run(&["staff", "revoke", id, "--reason", "x", "--lang", "en"]);
    assert!(code == 1 && err.contains("last administrator"), "{err}");
    let wrong = ["staff", "grant", "kim", "viewer", "--over", "everything", "--reason", "x"];
    assert_eq!(place.run(&wrong).0, 1);
    assert_eq!(place.run(&["staff", "grants", "nobody"]).0, 1);
}

#[test]
fn refused_lines_are_named_like_a_compilers() {
    let place = Place::new();
    let (code, _, _) = place.import("org", &shipped("org.toml"), &[]);
    assert_eq!(code, 0);
    let file = place.0.path().join("staff.csv");
    std::fs::write(
        &file,
        "login,name,unit,role,phone,email\nkim,담당,construction,officer,,\nA,담당,nowhere,boss,,\n",
    )
    .unwrap();
    let (code, out, err) = place.import("staff", &file, &["--lang", "en"]);
    assert_eq!((code, out.as_str()), (1, ""));
    let name = file.display();
    assert!(err.contains(&format!("{name}:3: login: ")), "{err}");
    assert!(err.contains(&format!("{name}:3: role: ")), "{err}");
    assert!(err.ends_with("2 to correct. Nothing was saved.\n"), "{err}");

    std::fs::write(&file, b"login\n\xff\xfe").unwrap();
    let (code, _, err) = place.import("staff", &file, &[]);
    assert_eq!(code, 1);
    assert!(err.starts_with(&format!("{name}:2: ")), "{err}");
    let (code, _, err) = place.import("staff", Path::new("/nonexistent/staff.csv"), &[]);
    assert_eq!(code, 2, "{err}");
}

#[test]
fn a_wrong_configuration_is_a_fault_that_says_where() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("maeul.toml");
    std::fs::write(&file, "lisen = \"127.0.0.1:0\"\n").unwrap();
    let (code, _, err) = said(&maeul(&["serve", "--config", &file.display().to_string()]));
    assert_eq!(code, 2);
    assert!(err.contains("lisen") && err.contains("line 1"), "{err}");
}

/// A running server, ended with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _status = self.0.wait();
    }
}

#[test]
fn the_demonstration_starts_serves_and_ends() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().display().to_string();
    let mut server = Command::new(env!("CARGO_BIN_EXE_maeul"))
        .args(["demo", "--dir", &folder, "--listen", "127.0.0.1:0", "--lang", "en"])
        .stdout(Stdio::piped())
        .spawn()
        .map(Server)
        .unwrap();
    let out = BufReader::new(server.0.stdout.take().unwrap());
    let mut ready = Vec::new();
    for line in out.lines() {
        let line = line.unwrap();
        if let Some(address) = line.strip_prefix("listening on http://") {
            ready.push(address.to_owned());
            break;
        }
    }
    let [address] = ready.as_slice() else { panic!("it never listened") };

    let get = |path: &str| {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    assert!(get("/healthz").starts_with("HTTP/1.1 200"));
    assert!(get("/o/uijeongbu/").contains("의정부시"));

    let accounts = std::fs::read_to_string(dir.path().join("demo-accounts.json")).unwrap();
    let accounts: Vec<Value> = serde_json::from_str(&accounts).unwrap();
    let road1 = accounts.iter().find(|it| it["login"] == "road1").unwrap();
    assert_eq!(road1["office"], "29140");
    assert_eq!(road1["role"], "officer");
    assert!(road1["totp_secret"].as_str().unwrap().len() >= 32);

    // Other commands find it by its folder.
    let listed = said(&maeul(&["case", "list", "--dir", &folder, "--queue", "overdue", "--json"]));
    assert_eq!(listed.0, 0);
    let first: Value = serde_json::from_str(listed.1.lines().next().unwrap()).unwrap();
    assert_eq!(first["overdue"], true);

    let ended = Command::new("kill").arg(server.0.id().to_string()).status().unwrap();
    assert!(ended.success());
    assert!(server.0.wait().unwrap().success(), "SIGTERM ends it well");
}

#[test]
fn cases_of_another_system_come_in_once_and_go_out_again() {
    let place = Place::new();
    for (kind, name) in
        [("org", "org.toml"), ("boundaries", "boundaries.geojson"), ("services", "services.toml")]
    {
        assert_eq!(place.import(kind, &shipped(name), &[]).0, 0);
    }
    let file = place.0.path().join("old.csv");
    std::fs::write(
        &file,
        "service_request_id,requested_datetime,status,closed_datetime,service_code,description,status_notes\n\
         1,2026-05-04T10:30+09:00,closed,2026-05-06T17:00+09:00,streetlight,가로등이 꺼졌어요 010-0000-1234,고쳤습니다\n\
         2,someday,open,,streetlight,깜박거려요,\n",
    )
    .unwrap();
    let (code, out, _) = place.import("cases", &file, &["--dry-run", "--lang", "en"]);
    assert_eq!(code, 3, "{out}");
    assert!(out.contains("nothing was saved"), "{out}");
    let (code, out, err) = place.import("cases", &file, &["--lang", "en"]);
    assert_eq!(code, 3, "some rows were refused: {err}");
    assert!(out.contains("1 brought in, 0 there before"), "{out}");
    let refused = std::fs::read_to_string(place.0.path().join("old.refused.csv")).unwrap();
    assert_eq!(refused.lines().count(), 2, "{refused}");
    assert!(refused.contains("2,someday") && refused.contains("requested_datetime"), "{refused}");
    let (_, out, _) = place.import("cases", &file, &["--lang", "en"]);
    assert!(out.contains("0 brought in, 1 there before"), "{out}");

    let (code, out, err) = place.run(&["export", "--lang", "en"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(out.lines().count(), 2, "{out}");
    assert!(out.contains("고쳤습니다") && !out.contains("1234"), "{out}");
    let (code, _, _) = place.run(&["export", "--full"]);
    assert_ne!(code, 0, "a full hand-over says by whom and why");
    let mapping = place.0.path().join("map.toml");
    std::fs::write(&mapping, "source = \"old\"\n[values.service]\n\"등\" = \"no-such\"\n").unwrap();
    let mapping = mapping.display().to_string();
    let (code, _, err) = place.import("cases", &file, &["--mapping", &mapping]);
    assert!(code == 1 && err.contains("no-such"), "{err}");
}

#[test]
fn keys_are_changed_and_the_log_of_looks_is_verified() {
    let place = Place::new();
    for (kind, name) in [
        ("org", "org.toml"),
        ("boundaries", "boundaries.geojson"),
        ("services", "services.toml"),
        ("staff", "staff.csv"),
    ] {
        assert_eq!(place.import(kind, &shipped(name), &[]).0, 0);
    }
    let run = |words: &[&str]| place.run(&[words, &["--lang", "en"]].concat());
    let (code, before, err) = run(&["keys", "show"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(before.contains("  1  seals"), "{before}");
    let (code, out, err) = run(&["keys", "prepare"]);
    assert!(code == 0 && out.contains("Key 2 is prepared"), "{out}{err}");
    let (code, _, err) = run(&["keys", "prepare"]);
    assert!(code == 1 && err.contains("prepared already"), "{err}");
    let (code, out, err) = run(&["keys", "rotate"]);
    assert!(code == 0 && out.contains("Key 2 is in use"), "{out}{err}");
    let (code, _, err) = run(&["keys", "retire"]);
    assert!(code == 1 && err.contains("10 minutes"), "{err}");
    let (code, out, err) = run(&["keys", "reseal"]);
    assert!(code == 0 && out.starts_with("Sealed ") && !out.starts_with("Sealed 0"), "{out}{err}");
    let (_, after, _) = run(&["keys", "show"]);
    let of_one = after.lines().find(|line| line.starts_with("  1  opens"));
    assert!(of_one.is_some_and(|line| line.ends_with("  0")), "{after}");
    let (code, _, err) = run(&["keys", "forget", "1"]);
    assert!(code == 1 && err.contains("no retired key"), "{err}");
    let key = std::fs::read_to_string(place.0.path().join("field.key")).unwrap();
    let secrets = key.split_whitespace().filter(|word| word.len() == 64);
    assert!(secrets.clone().count() == 3, "{key}");
    for secret in secrets {
        assert!(!after.contains(secret), "no key is shown");
    }

    let (code, out, err) = run(&["audit", "verify"]);
    assert!(code == 0 && out.contains("29140: 0 links"), "{out}{err}");
    let head = format!("1:{}", "00".repeat(32));
    let (code, out, err) = run(&["audit", "verify", "--office", "29140", "--head", &head]);
    assert!(code == 1 && out.contains("NOT intact") && err.contains("Link 1"), "{out}{err}");
    let (code, out, _) = place.run(&["audit", "head"]);
    assert_eq!((code, out.as_str()), (0, "29140 0\n"));
    let (code, out, err) = run(&["retention", "run", "--dry-run"]);
    assert!(code == 0 && out.contains("No rule is in force"), "{out}{err}");
}
