//! The rehearsal every office owes itself: back up while reports come in, lose the server, restore
//! elsewhere, and find everything again.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support::{Engine, Place, Server, get, maeul, report, said};
use serde_json::Value;

/// Stands in the reports; must not be readable in a backup.
const CANARY: &str = "카나리아본문이보이면안됩니다";

fn run(words: &[&str]) -> (i32, String, String) {
    said(&maeul(words))
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// The tables of a backup by name: rows and sum.
fn tables(backup: &str, key: &str) -> Vec<Value> {
    let (code, out, err) = run(&["verify", backup, "--key-file", key, "--json"]);
    assert_eq!(code, 0, "{err}");
    let said: Value = serde_json::from_str(&out).unwrap();
    said["tables"].as_array().unwrap().clone()
}

fn rows(tables: &[Value], name: &str) -> u64 {
    let found = tables.iter().find(|table| table["name"] == name);
    found.unwrap_or_else(|| panic!("no {name}"))["rows"].as_u64().unwrap()
}

fn rehearsal(from: &Engine, to: &Engine) {
    let Some(place) = Place::new(from) else { return };
    let Some(second) = Place::empty(to) else { return };
    let config = place.path("maeul.toml");
    let server = Server::start(&config);
    let stop = Arc::new(AtomicBool::new(false));
    let intake: Vec<_> = (0..3)
        .map(|client| {
            let (stop, address) = (Arc::clone(&stop), server.address.clone());
            std::thread::spawn(move || {
                let mut taken = vec![];
                while !stop.load(Ordering::Relaxed) {
                    let key = format!("rehearsal-{client}-{:05}", taken.len());
                    let (status, receipt) = report(&address, &key, CANARY).unwrap();
                    assert_eq!(status, 201, "{receipt}");
                    taken.push((Instant::now(), receipt["token"].as_str().unwrap().to_owned()));
                }
                taken
            })
        })
        .collect();
    std::thread::sleep(Duration::from_millis(700));

    let (key, file) = (text(&place.path("backup.key")), text(&place.path("maeul.backup")));
    let began = Instant::now();
    let (code, _, err) = run(&[
        "backup",
        "-o",
        &file,
        "--key-file",
        &key,
        "--new-key",
        "--config",
        &text(&config),
        "--lang",
        "en",
    ]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("cases_case") && err.contains("field.key"), "{err}");
    std::thread::sleep(Duration::from_millis(200));
    stop.store(true, Ordering::Relaxed);
    let taken: Vec<_> = intake.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    // The server and its machine are gone; field.key was kept elsewhere.
    server.kill();
    std::fs::copy(place.path("field.key"), second.path("field.key")).unwrap();

    let backed_up = tables(&file, &key);
    let cases = rows(&backed_up, "cases_case");
    let before: Vec<_> = taken.iter().filter(|(at, _)| *at < began).collect();
    let all = u64::try_from(taken.len()).unwrap();
    assert!(!before.is_empty() && cases >= u64::try_from(before.len()).unwrap(), "{cases}");
    assert!(cases < all, "reports came in after the snapshot too: {cases} of {all}");
    assert!(rows(&backed_up, "cases_event") >= cases, "one moment for all tables");

    let bytes = std::fs::read(&file).unwrap();
    for plain in [CANARY, "cases_case", "010-0000-1234", "주민 가"] {
        let shown = bytes.windows(plain.len()).any(|part| part == plain.as_bytes());
        assert!(!shown, "{plain} can be read in the backup");
    }

    let config = second.configure("maeul.toml", "");
    let restore =
        ["restore", &file, "--key-file", &key, "--config", &text(&config), "--lang", "en"];
    let (code, _, err) = run(&restore);
    assert_eq!(code, 0, "{err}");
    assert!(!err.contains("Warning"), "field.key is there: {err}");
    let (code, _, err) = run(&restore);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("not empty"), "{err}");

    // Backed up again, every table has the same rows with the same sums.
    let again = text(&second.path("again.backup"));
    let (code, _, err) =
        run(&["backup", "-o", &again, "--key-file", &key, "--config", &text(&config), "--quiet"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(tables(&again, &key), backed_up);

    let server = Server::start(&config);
    for (_, token) in before {
        let (status, page) = get(&server.address, &format!("/api/v1/cases/{token}")).unwrap();
        assert_eq!(status, 200, "{page}");
    }
    let (status, receipt) = report(&server.address, "rehearsal-goes-on", "가로등").unwrap();
    assert_eq!(status, 201, "{receipt}");
    assert_eq!(server.end(), 0);
}

#[test]
fn what_is_backed_up_on_sqlite_is_restored_on_postgres() {
    rehearsal(&Engine::Sqlite, &Engine::Postgres);
}

#[test]
fn what_is_backed_up_on_postgres_is_restored_on_sqlite() {
    rehearsal(&Engine::Postgres, &Engine::Sqlite);
}

#[test]
fn what_is_backed_up_on_sqlite_is_restored_on_sqlite() {
    rehearsal(&Engine::Sqlite, &Engine::Sqlite);
}

#[test]
fn a_backup_says_what_it_needs() {
    let place = Place::empty(&Engine::Sqlite).unwrap();
    let config = text(&place.configure("maeul.toml", ""));
    let (file, key) = (text(&place.path("a.backup")), text(&place.path("a.key")));
    let back_up = |more: &[&str]| {
        run(&[&["backup", "-o", &file, "--config", &config, "--lang", "en"], more].concat())
    };
    let (code, _, err) = back_up(&[]);
    assert!(code == 1 && err.contains("--key-file"), "{err}");
    let (code, _, err) = back_up(&["--key-file", &key]);
    assert!(code == 1 && err.contains("a.key"), "{err}");
    let (code, _, err) = back_up(&["--key-file", &key, "--new-key"]);
    assert!(code == 1 && err.contains("there is no"), "nothing to back up: {err}");

    place.import();
    assert_eq!(back_up(&["--key-file", &key]).0, 0);
    let (code, _, err) = back_up(&["--key-file", &key]);
    assert!(code == 1 && err.contains("exists already"), "{err}");

    let words = text(&place.path("words"));
    std::fs::write(&words, "too short").unwrap();
    let verify = |more: &[&str]| run(&[&["verify", &file, "--lang", "en"], more].concat());
    let (code, _, err) = verify(&["--passphrase-file", &words]);
    assert!(code == 1 && err.contains("12 letters"), "{err}");
    std::fs::write(&words, "세 개보다 많은 낱말 여러 개").unwrap();
    let (code, _, err) = verify(&["--passphrase-file", &words]);
    assert!(code == 1 && err.contains("key file"), "{err}");
    let (code, _, err) = verify(&["--key-file", &key]);
    assert!(code == 0 && err.contains("is whole"), "{err}");

    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let (code, _, err) = verify(&["--key-file", &key]);
    assert!(code == 1 && err.contains("damaged"), "{err}");
    let to = format!("sqlite:{}", text(&place.path("new.db")));
    let (code, _, err) = run(&["restore", &file, "--key-file", &key, "--to", &to, "--lang", "en"]);
    assert!(code == 1 && err.contains("damaged"), "{err}");
}

#[test]
fn a_key_is_rotated_under_two_servers_and_a_backup_from_before_it_is_restored_after() {
    let Some(place) = Place::new(&Engine::Postgres) else { return };
    let config = text(&place.path("maeul.toml"));
    let (one, two) =
        (Server::start(&place.path("maeul.toml")), Server::start(&place.path("maeul.toml")));
    let mut tokens = vec![];
    let mut take = |server: &Server, key: &str| {
        let (status, receipt) = report(&server.address, key, CANARY).unwrap();
        assert_eq!(status, 201, "{receipt}");
        tokens.push(receipt["token"].as_str().unwrap().to_owned());
    };
    take(&one, "before-the-rotation-1");
    take(&two, "before-the-rotation-2");
    let (key, file) = (text(&place.path("backup.key")), text(&place.path("before.backup")));
    let words =
        ["backup", "-o", &file, "--key-file", &key, "--new-key", "--quiet", "--config", &config];
    assert_eq!(run(&words).0, 0);
    let old_keys = std::fs::read_to_string(place.path("field.key")).unwrap();
    let (code, out, err) = run(&["keys", "rotate", "--config", &config, "--lang", "en"]);
    assert!(code == 0 && out.contains("Key 2 is in use"), "{out}{err}");
    // Neither was restarted; both read what either sealed, before and after.
    take(&one, "after-the-rotation-1");
    take(&two, "after-the-rotation-2");
    for token in &tokens {
        for server in [&one, &two] {
            let (status, page) = get(&server.address, &format!("/c/{token}/data")).unwrap();
            assert!(status == 200 && page.contains("주민 가"), "{status} {page}");
        }
    }
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let (_, shown, _) = run(&["keys", "show", "--config", &config, "--lang", "en"]);
        let of_one = shown.lines().find(|line| line.starts_with("  1  opens"));
        if of_one.is_some_and(|line| line.ends_with("  0")) {
            break;
        }
        assert!(Instant::now() < until, "the job never sealed all again: {shown}");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!((one.end(), two.end()), (0, 0));

    let new_keys = std::fs::read_to_string(place.path("field.key")).unwrap();
    let without_the_first: String = new_keys
        .lines()
        .filter(|it| !it.starts_with("key 1 "))
        .map(|it| format!("{it}\n"))
        .collect();
    assert_ne!(without_the_first, new_keys);
    for (keys, whole) in [(&new_keys, true), (&old_keys, true), (&without_the_first, false)] {
        let second = Place::empty(&Engine::Sqlite).unwrap();
        std::fs::write(second.path("field.key"), keys).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(second.path("field.key"), mode).unwrap();
        let config = second.configure("maeul.toml", "");
        let (code, _, err) = run(&[
            "restore",
            &file,
            "--key-file",
            &key,
            "--config",
            &text(&config),
            "--lang",
            "en",
        ]);
        assert_eq!(code, 0, "{err}");
        assert_eq!(err.contains("key 1 is missing from field.key"), !whole, "{err}");
        let server = Server::start(&config);
        let (status, page) = get(&server.address, &format!("/c/{}/data", tokens[0])).unwrap();
        if whole {
            assert!(status == 200 && page.contains("주민 가"), "{status} {page}");
        } else {
            assert_eq!(status, 500, "a value that cannot be read is not left out silently");
            let log = server.log();
            assert!(log.contains("needs a key that is not in the key file: key 1"), "{log}");
        }
        assert_eq!(server.end(), 0);
    }
}
