//! The connections to PostgreSQL: how many threads they take, and what becomes of those that end.

use std::collections::HashSet;
use std::thread;
use std::time::Duration;

use maeul_base::FaultKind;
use maeul_db::{Db, Engine, Fault, Migration, Tx, args, testing};

const TABLES: &str = "CREATE TABLE t_key (name text PRIMARY KEY);";
const STEPS: &[Migration] =
    &[Migration { room: "t", name: "0001_start", sqlite: TABLES, postgres: TABLES }];
/// As many connections as a test has.
const POOL: usize = 8;

fn sleep(tx: &mut Tx, seconds: f64) -> Result<(), Fault> {
    tx.one::<(String,)>("SELECT CAST(pg_sleep($1) AS text)", args![seconds]).map(drop)
}

fn put(tx: &mut Tx, name: &str) -> Result<(), Fault> {
    tx.insert("INSERT INTO t_key VALUES ($1)", args![name])
}

fn count(tx: &mut Tx) -> Result<i64, Fault> {
    tx.one::<(i64,)>("SELECT count(*) FROM t_key", args![]).map(|(count,)| count)
}

/// What each of so many acts found that were begun together. They could write: only half as many may read.
async fn together<T: Send + 'static>(
    db: &Db,
    acts: usize,
    act: impl Fn(&mut Tx) -> Result<T, Fault> + Copy + Send + 'static,
) -> Vec<Result<T, Fault>> {
    let begun = (0..acts).map(|_| {
        let db = db.clone();
        tokio::spawn(async move { db.write(act).await })
    });
    let mut found = vec![];
    for act in begun.collect::<Vec<_>>() {
        found.push(act.await.unwrap());
    }
    found
}

#[test]
fn a_crowd_takes_no_more_threads_than_connections() {
    testing::run(Engine::Postgres, STEPS, |db| async move {
        let threads = together(&db, 40 * POOL, |tx| {
            sleep(tx, 0.002)?;
            Ok(thread::current().id())
        });
        let threads: HashSet<_> = threads.await.into_iter().map(Result::unwrap).collect();
        assert!(threads.len() <= POOL, "{} threads for {POOL} connections", threads.len());
    });
}

#[test]
fn connections_that_ended_while_idle_are_not_used() {
    testing::run(Engine::Postgres, STEPS, |db| async move {
        for opened in together(&db, POOL, |tx| sleep(tx, 0.1)).await {
            opened.unwrap();
        }
        let ended: (i64,) = db
            .read(|tx| {
                tx.one(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                     WHERE datname = current_database() AND pid <> pg_backend_pid()",
                    args![],
                )
            })
            .await
            .unwrap();
        assert_eq!(ended.0, i64::try_from(POOL - 1).unwrap(), "all but the one that ended them");
        // The server says so by and by.
        tokio::time::sleep(Duration::from_millis(200)).await;
        for found in together(&db, 2 * POOL, count).await {
            assert_eq!(found.unwrap(), 0);
        }
    });
}

#[test]
fn a_connection_that_ends_in_an_act_is_that_acts_fault_alone() {
    testing::run(Engine::Postgres, STEPS, |db| async move {
        let fault = db
            .write(|tx| {
                put(tx, "half")?;
                tx.one::<(bool,)>("SELECT pg_terminate_backend(pg_backend_pid())", args![])?;
                count(tx)
            })
            .await
            .unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Unavailable, "{}", fault.chain());
        db.write(|tx| put(tx, "whole")).await.unwrap();
        assert_eq!(db.read(count).await.unwrap(), 1);
    });
}

#[test]
fn an_act_whose_caller_has_gone_is_done_all_the_same() {
    testing::run(Engine::Postgres, STEPS, |db| async move {
        let asking = db.clone();
        let caller = tokio::spawn(async move {
            asking
                .write(|tx| {
                    sleep(tx, 0.3)?;
                    put(tx, "done")
                })
                .await
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        // The connection used last would be the next, and it is still at work.
        assert_eq!(db.read(count).await.unwrap(), 0);
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(db.read(count).await.unwrap(), 1);
    });
}

#[test]
fn more_rows_than_are_gathered_are_all_kept_or_none() {
    testing::run(Engine::Postgres, STEPS, |db| async move {
        let many = |twice: bool| {
            db.write(move |tx| {
                for n in 0..200 {
                    put(tx, &format!("n{}", if twice && n == 150 { 10 } else { n }))?;
                }
                Ok::<_, Fault>(())
            })
        };
        assert_eq!(many(true).await.unwrap_err().kind(), FaultKind::Unique);
        assert_eq!(db.read(count).await.unwrap(), 0);
        many(false).await.unwrap();
        assert_eq!(db.read(count).await.unwrap(), 200);
    });
}

#[test]
fn who_writes_finds_a_connection_however_many_read() {
    testing::run(Engine::Postgres, STEPS, |db| async move {
        let reading: Vec<_> = (0..2 * POOL)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move { db.read(|tx| sleep(tx, 0.5)).await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(100)).await;
        let load = db.load();
        assert_eq!((load.busy, load.waiting), (POOL / 2, 3 * POOL / 2));
        db.write(|tx| put(tx, "written")).await.unwrap();
        assert_eq!(db.load().busy, POOL / 2, "the first readers are still at it");
        for read in reading {
            read.await.unwrap().unwrap();
        }
    });
}

#[test]
fn one_look_needs_no_transaction_and_more_share_one() {
    testing::run(Engine::Postgres, STEPS, |db| async move {
        let found = db.glance(|tx| {
            let mut say = |what: &str| {
                let sql = format!("SELECT current_setting('transaction_{what}')");
                tx.one::<(String,)>(&sql, args![]).map(|(said,)| said)
            };
            Ok::<_, Fault>([say("isolation")?, say("isolation")?, say("read_only")?])
        });
        assert_eq!(found.await.unwrap(), ["read committed", "repeatable read", "on"]);
    });
}

#[test]
fn a_look_writes_nothing() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        testing::run(engine, STEPS, |db| async move {
            const RETURNING: &str = "INSERT INTO t_key VALUES ('b') RETURNING name";
            db.read(|tx| put(tx, "a")).await.unwrap_err();
            db.glance(|tx| put(tx, "a")).await.unwrap_err();
            db.glance(|tx| tx.one::<(String,)>(RETURNING, args![])).await.unwrap_err();
            let after_a_look = db.glance(|tx| {
                count(tx)?;
                tx.exec_one("INSERT INTO t_key VALUES ('c')", args![])
            });
            after_a_look.await.unwrap_err();
            assert_eq!(db.read(count).await.unwrap(), 0);
        });
    }
}

#[test]
fn the_compiler_for_statements_is_off_for_ours() {
    testing::run(Engine::Postgres, STEPS, |db| async move {
        // By the session: what the server itself says may be otherwise elsewhere.
        let sql = "SELECT setting, source FROM pg_settings WHERE name = 'jit'";
        let found: (String, String) = db.read(move |tx| tx.one(sql, args![])).await.unwrap();
        assert_eq!(found, ("off".to_owned(), "session".to_owned()));
    });
}
