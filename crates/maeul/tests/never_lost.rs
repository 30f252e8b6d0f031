//! What was acknowledged is never lost and never doubled: servers killed without warning, a database
//! that crashes, a disk that fills up or cannot be written.

use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::intake::{Intake, Sent, each_exactly_once, each_message_owed_once};
use crate::support::postgres::{Cluster, is_root};
use crate::support::{Engine, Place, Server, block_on, get, maeul, report, said};
use maeul_db::args;

/// How often a server is killed: `MAEUL_TEST_KILL_ROUNDS`, or a few times.
#[allow(clippy::disallowed_methods, reason = "tests are configured by the environment")]
fn rounds() -> u64 {
    std::env::var("MAEUL_TEST_KILL_ROUNDS").map_or(3, |rounds| rounds.parse().unwrap())
}

fn killed_again_and_again(engine: &Engine) {
    let Some(place) = Place::new(engine) else { return };
    let config = place.path("maeul.toml");
    let mut sent = Sent::new();
    for round in 0..rounds() {
        let server = Server::start(&config);
        let address = server.address.clone();
        let intake = Intake::start(&format!("round{round:02}"), 4, move || address.clone());
        // Each time at another moment of the work.
        intake.wait_for(6);
        sleep(Duration::from_micros(1_370 * (round % 11)));
        server.kill();
        sent.append(&mut intake.stop());
    }
    let acknowledged = sent.values().flatten().count();
    assert!(acknowledged > 0, "nothing was acknowledged before the kills");

    let server = Server::start(&config);
    each_exactly_once(&place, &server.address, &sent);
    let doubled = each_message_owed_once(&place);
    // A server hands over four messages at once.
    assert!(doubled <= 4 * usize::try_from(rounds()).unwrap(), "{doubled} messages doubled");
    println!("{} reports, {acknowledged} acknowledged at once, {doubled} doubled", sent.len());
    assert_eq!(server.end(), 0);
}

#[test]
fn a_server_killed_at_intake_loses_and_doubles_nothing_on_sqlite() {
    killed_again_and_again(&Engine::Sqlite);
}

#[test]
fn a_server_killed_at_intake_loses_and_doubles_nothing_on_postgres() {
    killed_again_and_again(&Engine::Postgres);
}

#[test]
fn of_two_servers_on_one_postgres_one_takes_over() {
    let Some(place) = Place::new(&Engine::Postgres) else { return };
    let config = place.path("maeul.toml");
    let (first, second) = (Server::start(&config), Server::start(&config));
    let addresses = [first.address.clone(), second.address.clone()];
    let each = addresses.map(|address| {
        Intake::start(&address.replace([':', '.'], "-"), 2, move || address.clone())
    });
    each.iter().for_each(|intake| intake.wait_for(8));
    first.kill();
    each[1].wait_for(8);
    let sent: Sent = each.into_iter().flat_map(Intake::stop).collect();
    each_exactly_once(&place, &second.address, &sent);

    // What the first had leased is free when the lease runs out; a test does not wait that long.
    block_on(async {
        let db = place.db().await;
        db.write(|tx| {
            tx.exec("UPDATE queue_job SET locked_until = NULL WHERE state = 'ready'", args![])
        })
        .await
        .unwrap();
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let (left,): (i64,) = db
                .read(|tx| tx.one("SELECT count(*) FROM queue_job WHERE state <> 'done'", args![]))
                .await
                .unwrap();
            if left == 0 {
                break;
            }
            assert!(Instant::now() < until, "{left} jobs were not taken over");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let doubled = each_message_owed_once(&place);
    assert!(doubled <= 8, "{doubled} messages doubled");
    assert!(place.messages().len() >= sent.len(), "every message is sent in the end");
    assert_eq!(second.end(), 0);
}

#[test]
fn a_database_that_crashes_under_load_is_waited_for() {
    let Some(cluster) = Cluster::start() else { return };
    let mut place = Place::empty(&Engine::Sqlite).unwrap();
    place.database = cluster.url();
    place.configure("maeul.toml", "");
    place.import();
    let server = Server::start(&place.path("maeul.toml"));
    let address = server.address.clone();
    let intake = Intake::start("crash", 4, move || address.clone());
    for _ in 0..2 {
        intake.wait_for(8);
        cluster.crash();
        // Alive, but not to be sent anybody.
        assert_eq!(get(&server.address, "/healthz").unwrap().0, 200);
        let (status, answer) =
            get(&server.address, "/api/v1/cases/0123456789abcdef0123456789abcdef").unwrap();
        assert_eq!(status, 503, "{answer}");
        sleep(Duration::from_millis(1_100));
        assert_eq!(get(&server.address, "/readyz").unwrap().0, 503);
        cluster.up();
    }
    intake.wait_for(8);
    let sent = intake.stop();
    assert!(sent.values().any(Option::is_none), "the crash was met");
    each_exactly_once(&place, &server.address, &sent);
    each_message_owed_once(&place);
    let until = Instant::now() + Duration::from_secs(20);
    while get(&server.address, "/readyz").unwrap().0 != 200 {
        assert!(Instant::now() < until, "it does not get ready again: {}", server.log());
        sleep(Duration::from_millis(100));
    }
    assert_eq!(server.end(), 0);
}

/// A small disk in memory, gone with the test.
struct SmallDisk(Option<tempfile::TempDir>);

impl SmallDisk {
    /// `None`, with the reason printed, where disks cannot be made.
    fn new(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={megabytes}m");
        let mounted = is_root().then(|| {
            Command::new("mount")
                .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
                .arg(folder.path())
                .output()
        });
        if mounted.is_some_and(|done| done.is_ok_and(|done| done.status.success())) {
            return Some(Self(Some(folder)));
        }
        println!("left out: a small disk can be mounted only by root, and not in every container");
        None
    }

    /// The folder on it.
    fn folder(&self) -> tempfile::TempDir {
        tempfile::tempdir_in(self.0.as_ref().unwrap().path()).unwrap()
    }

    fn read_only(&self, yes: bool) {
        let how = if yes { "remount,ro" } else { "remount,rw" };
        let done =
            Command::new("mount").args(["-o", how]).arg(self.0.as_ref().unwrap().path()).status();
        assert!(done.unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        if let Some(folder) = self.0.take() {
            let _gone = Command::new("umount").arg("-l").arg(folder.path()).status();
        }
    }
}

#[test]
fn a_full_disk_refuses_clearly_and_loses_nothing() {
    let Some(disk) = SmallDisk::new(48) else { return };
    let place = Place::inside(disk.folder());
    place.configure("maeul.toml", "");
    place.import();
    let server = Server::start(&place.path("maeul.toml"));
    let mut sent = Sent::new();
    let mut hand_in = |name: &str| {
        let key = format!("small-disk-{name}-{:05}", sent.len());
        let (status, body) = report(&server.address, &key, "가로등이 꺼졌어요").unwrap();
        let number = (status == 201).then(|| body["number"].as_str().unwrap().to_owned());
        sent.insert(key, number);
        (status, body)
    };
    assert_eq!(hand_in("before").0, 201);

    let filler = place.path("filler");
    let full = std::fs::write(&filler, vec![0; 64 * 1024 * 1024]);
    assert!(full.is_err(), "the disk was meant to be full");
    let mut refused = 0;
    for _ in 0..20 {
        let (status, body) = hand_in("full");
        if status != 201 {
            assert_eq!(status, 503, "{body}");
            let kind = body["type"].as_str().unwrap_or_default();
            assert!(kind.ends_with("/problems/fault"), "{body}");
            refused += 1;
        }
    }
    assert!(refused > 0, "a full disk took everything");
    let (status, answer) = get(&server.address, "/readyz").unwrap();
    assert!(status == 503 && answer.contains("\"disk\":false"), "{answer}");
    assert_eq!(get(&server.address, "/").unwrap().0, 200, "what is there can still be read");

    std::fs::remove_file(&filler).unwrap();
    assert_eq!(hand_in("after").0, 201, "{}", server.log());
    each_exactly_once(&place, &server.address, &sent);
    each_message_owed_once(&place);
    assert_eq!(server.end(), 0);
}

#[test]
fn a_disk_that_cannot_be_written_is_named_at_the_start() {
    let Some(disk) = SmallDisk::new(48) else { return };
    let place = Place::inside(disk.folder());
    place.configure("maeul.toml", "");
    place.import();
    disk.read_only(true);
    let config = place.path("maeul.toml").display().to_string();
    let (code, out, err) = said(&maeul(&["serve", "--config", &config]));
    assert_eq!((code, out.contains("listening")), (2, false), "{out}{err}");
    let told = err.to_lowercase();
    assert!(told.contains("read-only") || told.contains("readonly"), "{err}");
    let (code, out, _) = said(&maeul(&["doctor", "--config", &config, "--lang", "en"]));
    assert!(code == 1 && out.contains("BAD   data_dir"), "{out}");
    disk.read_only(false);
    let server = Server::start(&place.path("maeul.toml"));
    assert_eq!(report(&server.address, "written-again-0001", "가로등").unwrap().0, 201);
    assert_eq!(server.end(), 0);
}
