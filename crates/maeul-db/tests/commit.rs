//! When COMMIT itself fails, nobody is told that their act was kept.

use std::time::Duration;

use maeul_db::testing::{TestDb, postgres_url};
use maeul_db::{Db, Fault, FaultKind, Migration, Tx, args};

const TABLES: &str = "
    CREATE TABLE t_key (name text PRIMARY KEY);
    CREATE TABLE t_child (name text NOT NULL REFERENCES t_key (name) DEFERRABLE);";
const STEPS: &[Migration] =
    &[Migration { room: "t", name: "0001_start", sqlite: TABLES, postgres: TABLES }];

fn add(tx: &mut Tx, name: &str) -> Result<(), Fault> {
    tx.exec_one("INSERT INTO t_key (name) VALUES ($1)", args![name])
}

async fn names(db: &Db) -> Vec<String> {
    let rows: Vec<(String,)> =
        db.read(|tx| tx.all("SELECT name FROM t_key ORDER BY name", args![])).await.unwrap();
    rows.into_iter().map(|(name,)| name).collect()
}

/// Holds the writer so that the acts queued meanwhile share one batch.
async fn held(db: &Db) -> tokio::task::JoinHandle<()> {
    let busy = db.clone();
    let held = tokio::spawn(async move {
        busy.write(|_| {
            std::thread::sleep(Duration::from_millis(200));
            Ok::<_, Fault>(())
        })
        .await
        .unwrap_or(());
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    held
}

#[tokio::test]
async fn a_failing_commit_is_every_callers_fault() {
    let test = TestDb::sqlite(STEPS).await.unwrap();
    let db = test.db().unwrap();
    let first = held(&db).await;
    let good = db.write(|tx| add(tx, "good"));
    let bad = db.write(|tx| {
        tx.exec("PRAGMA defer_foreign_keys = ON", args![])?;
        tx.exec_one("INSERT INTO t_child (name) VALUES ($1)", args!["nobody"])
    });
    let refused = db.write(|_| Err::<(), _>(Fault::other("no")));
    let (good, bad, refused) = tokio::join!(good, bad, refused);
    for result in [good, bad, refused] {
        let fault = result.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Unavailable, "{}", fault.chain());
        assert!(fault.chain().contains("FOREIGN KEY"), "{}", fault.chain());
    }
    first.await.unwrap();
    assert!(names(&db).await.is_empty());
    db.write(|tx| add(tx, "after")).await.unwrap();
    assert_eq!(names(&db).await, ["after"]);
}

#[tokio::test]
async fn a_full_disk_is_unavailable_and_passes() {
    let test = TestDb::sqlite(STEPS).await.unwrap();
    let db = test.db().unwrap();
    db.write(|tx| tx.exec("PRAGMA max_page_count = 40", args![])).await.unwrap();
    let full = db.write(|tx| add(tx, &"x".repeat(1_000_000))).await.unwrap_err();
    assert_eq!(full.kind(), FaultKind::Unavailable, "{}", full.chain());
    db.write(|tx| add(tx, "small")).await.unwrap();
    assert_eq!(names(&db).await, ["small"]);
}

#[tokio::test]
async fn a_caller_who_went_away_is_not_served() {
    let test = TestDb::sqlite(STEPS).await.unwrap();
    let db = test.db().unwrap();
    let first = held(&db).await;
    let left =
        tokio::time::timeout(Duration::from_millis(20), db.write(|tx| add(tx, "left"))).await;
    assert!(left.is_err());
    first.await.unwrap();
    db.write(|tx| add(tx, "stayed")).await.unwrap();
    assert_eq!(names(&db).await, ["stayed"]);
}

#[tokio::test]
async fn postgres_commit_failures_reach_the_caller() {
    let Some(url) = postgres_url() else { return };
    let test = TestDb::postgres(&url, STEPS).await.unwrap();
    let db = test.db().unwrap();
    let fault = db
        .write(|tx| {
            add(tx, "half")?;
            tx.exec("SET CONSTRAINTS ALL DEFERRED", args![])?;
            tx.exec_one("INSERT INTO t_child (name) VALUES ($1)", args!["nobody"])
        })
        .await
        .unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Constraint, "{}", fault.chain());
    // The message names the constraint, never the value.
    assert!(fault.chain().contains("t_child_name_fkey"), "{}", fault.chain());
    assert!(!fault.chain().contains("nobody"), "{}", fault.chain());
    assert!(names(&db).await.is_empty());
}

#[tokio::test]
async fn a_lost_connection_is_unavailable_and_passes() {
    let Some(url) = postgres_url() else { return };
    let test = TestDb::postgres(&url, STEPS).await.unwrap();
    let db = test.db().unwrap();
    let fault = db
        .write(|tx| {
            add(tx, "half")?;
            tx.exec("SELECT pg_terminate_backend(pg_backend_pid())", args![])
        })
        .await
        .unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Unavailable, "{}", fault.chain());
    db.write(|tx| add(tx, "after")).await.unwrap();
    assert_eq!(names(&db).await, ["after"]);
}
