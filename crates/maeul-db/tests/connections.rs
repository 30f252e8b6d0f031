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

/// What each of so many acts found that were begun together.
async fn together<T: Send + 'static>(
    db: &Db,
    acts: usize,
    act: impl Fn(&mut Tx) -> Result<T, Fault> + Copy + Send + 'static,
) -> Vec<Result<T, Fault>> {
    let begun = (0..acts).map(|_| {
        let db = db.clone();
        tokio::spawn(async move { db.read(act).await })
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
        assert!(ended.0 >= 2, "only {} connections were idle", ended.0);
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
