//! What the bare engine does with the rows that receiving left behind, without any of Maeul:
//! `bench_same_rows OFFICE FILLED.db EMPTY.db` or `bench_same_rows OFFICE postgres://… SCHEMA`.
//!
//! The rows that receiving the newest cases of `FILLED.db` wrote are written again into a copy of
//! `EMPTY.db`, which has the same tables and indices without those cases: one case after another, and 64
//! to a COMMIT as a group commit has them. On PostgreSQL they are written into a copy of the schema's
//! tables, a case to a COMMIT, over 1, 16 and 64 connections. Every COMMIT is durable.
//!
//! They are the rows of the act that is acknowledged, no more and no less: the case, its events, its
//! person, their way in, who sent it, the jobs it left as they were before anyone took them, and the
//! change of the queue's sums, which a job has added up since and is made anew. What those jobs write
//! later (words to search by, the public picture) is not among them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a measuring tool: it stops where something is wrong, and measures real time"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use tokio_postgres::NoTls;

/// The tables that keep what was received, and the column of each that names the case.
const TABLES: [(&str, &str); 5] = [
    ("cases_case", "id"),
    ("cases_event", "case_id"),
    ("cases_party", "case_id"),
    ("cases_access", "case_id"),
    ("cases_relay", "case_id"),
];
/// Whose rows change or go once their work is done; written as they were at first.
const PASSING: [&str; 2] = ["queue_job", "cases_count_delta"];
/// A job's columns as it was written: nobody took it yet.
const JOB: &str =
    "office_id, id, kind, payload, NULL, 'ready', run_at, 0, NULL, NULL, created_at, NULL, rank";
/// The change of the sums a new case makes.
const DELTA: &str =
    "office_id, id, unit_id, '00000000-0000-0000-0000-000000000000', state, due_on, 1";
/// How long each way of writing is watched.
const LONG: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [office, from, into] = words.as_slice() else { panic!("OFFICE FILLED EMPTY|SCHEMA") };
    let office: i32 = office.parse().unwrap();
    if from.starts_with("postgres") {
        postgres(office, from, into).await;
    } else {
        sqlite(office, from, into);
    }
}

/// The rows of one case, table by table.
type Rows = Vec<(&'static str, Vec<Value>)>;

fn sqlite(office: i32, from: &str, into: &str) {
    let from = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let ids: Vec<Vec<u8>> = from
        .prepare("SELECT id FROM cases_case WHERE office_id = ?1 ORDER BY id DESC LIMIT 8000")
        .unwrap()
        .query_map([office], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    from.execute_batch(
        "CREATE TEMP TABLE job_of AS
            SELECT unhex(replace(payload ->> '$.case', '-', '')) AS of_case, rowid AS job FROM queue_job
             WHERE kind IN ('fact:case_received', 'cases.index') ORDER BY rowid;
         CREATE INDEX temp.job_of_case ON job_of (of_case);",
    )
    .unwrap();
    let cases: Vec<Rows> = ids.iter().map(|id| rows_of(&from, office, id)).collect();
    let each = cases.iter().map(Vec::len).sum::<usize>() / cases.len().max(1);
    println!("{} cases, about {each} rows each", cases.len());
    for batch in [1, 64] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("raw.db");
        std::fs::copy(into, &file).unwrap();
        let conn = Connection::open(&file).unwrap();
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
             PRAGMA wal_autocheckpoint = 4000;",
        )
        .unwrap();
        let (began, mut done) = (Instant::now(), 0_usize);
        for chunk in cases.chunks(batch) {
            conn.execute_batch("BEGIN IMMEDIATE").unwrap();
            for rows in chunk {
                for (table, row) in rows {
                    insert(&conn, table, row);
                }
            }
            conn.execute_batch("COMMIT").unwrap();
            done += chunk.len();
            if began.elapsed() > LONG {
                break;
            }
        }
        println!("{batch:>3} to a COMMIT: {:>6}/s", rate(done, began.elapsed()));
    }
}

fn rows_of(from: &Connection, office: i32, id: &[u8]) -> Rows {
    let mut rows = Vec::new();
    let mut read = |table: &'static str, sql: &str| {
        let mut statement = from.prepare_cached(sql).unwrap();
        let columns = statement.column_count();
        let found = statement
            .query_map((office, id), |row| (0..columns).map(|at| row.get(at)).collect())
            .unwrap();
        rows.extend(found.map(|row: Result<Vec<Value>, _>| (table, row.unwrap())));
    };
    for (table, case) in TABLES {
        read(table, &format!("SELECT * FROM {table} WHERE office_id = ?1 AND {case} = ?2"));
    }
    let [jobs, sums] = PASSING;
    read(
        jobs,
        &format!(
            "SELECT {JOB} FROM queue_job WHERE office_id = ?1 AND rowid IN
               (SELECT job FROM temp.job_of WHERE of_case = ?2)"
        ),
    );
    // Nobody and no unit are sixteen zeros.
    let delta = DELTA.replace("'00000000-0000-0000-0000-000000000000'", "zeroblob(16)");
    let delta = delta.replace("unit_id", "coalesce(unit_id, zeroblob(16))");
    let delta = delta.replace("due_on", "coalesce(due_on, '9999-12-31')");
    read(sums, &format!("SELECT {delta} FROM cases_case WHERE office_id = ?1 AND id = ?2"));
    rows
}

fn insert(conn: &Connection, table: &str, row: &[Value]) {
    let marks = vec!["?"; row.len()].join(", ");
    conn.prepare_cached(&format!("INSERT INTO {table} VALUES ({marks})"))
        .unwrap()
        .execute(params_from_iter(row))
        .unwrap();
}

async fn postgres(office: i32, url: &str, schema: &str) {
    let client = connect(url).await;
    client
        .batch_execute("DROP SCHEMA IF EXISTS bench_raw CASCADE; CREATE SCHEMA bench_raw")
        .await
        .unwrap();
    let mut inserts = Vec::new();
    let tables = || TABLES.iter().map(|(table, _)| *table).chain(PASSING);
    for table in tables() {
        client
            .batch_execute(&format!(
                "CREATE TABLE bench_raw.{table} (LIKE {schema}.{table} INCLUDING ALL)"
            ))
            .await
            .unwrap();
    }
    let [jobs, sums] = PASSING;
    client
        .batch_execute(&format!(
            "CREATE TABLE bench_raw.job_of AS
                SELECT CAST(payload ->> 'case' AS uuid) AS of_case, id FROM {schema}.{jobs}
                 WHERE office_id = {office} AND kind IN ('fact:case_received', 'cases.index');
             CREATE INDEX ON bench_raw.job_of (of_case);
             ANALYZE bench_raw.job_of"
        ))
        .await
        .unwrap();
    let delta =
        DELTA.replace("unit_id", "coalesce(unit_id, '00000000-0000-0000-0000-000000000000')");
    let delta =
        delta.replace("'0000", "uuid '0000").replace("due_on", "coalesce(due_on, '9999-12-31')");
    for (table, case) in TABLES {
        // What is written is what the table held, row for row; only where it is read from differs.
        inserts.push(format!(
            "INSERT INTO bench_raw.{table} SELECT * FROM {schema}.{table} WHERE office_id = $1 AND {case} = $2"
        ));
    }
    inserts.push(format!(
        "INSERT INTO bench_raw.{jobs} SELECT {JOB} FROM {schema}.{jobs} WHERE office_id = $1
            AND id IN (SELECT id FROM bench_raw.job_of WHERE of_case = $2)"
    ));
    inserts.push(format!(
        "INSERT INTO bench_raw.{sums} SELECT {delta} FROM {schema}.cases_case
          WHERE office_id = $1 AND id = $2"
    ));
    let found = client
        .query(
            &format!("SELECT CAST(id AS TEXT) FROM {schema}.cases_case WHERE office_id = $1 ORDER BY id DESC LIMIT 8000"),
            &[&office],
        )
        .await
        .unwrap();
    let ids: Arc<Vec<String>> = Arc::new(found.iter().map(|row| row.get(0)).collect());
    let inserts = Arc::new(inserts);
    for many in [1_usize, 16, 64] {
        for table in tables() {
            client.batch_execute(&format!("TRUNCATE bench_raw.{table}")).await.unwrap();
        }
        let next = Arc::new(AtomicUsize::new(0));
        let began = Instant::now();
        let writers: Vec<_> = (0..many)
            .map(|_| {
                tokio::spawn(writer(
                    url.to_owned(),
                    office,
                    inserts.clone(),
                    ids.clone(),
                    next.clone(),
                    began,
                ))
            })
            .collect();
        let mut done = 0;
        for writer in writers {
            done += writer.await.unwrap();
        }
        println!("{many:>3} connections: {:>6}/s", rate(done, began.elapsed()));
    }
    client.batch_execute("DROP SCHEMA bench_raw CASCADE").await.unwrap();
}

async fn writer(
    url: String,
    office: i32,
    inserts: Arc<Vec<String>>,
    ids: Arc<Vec<String>>,
    next: Arc<AtomicUsize>,
    began: Instant,
) -> usize {
    let mut client = connect(&url).await;
    let mut statements = Vec::new();
    for sql in inserts.iter() {
        let sql = sql.replace("$2", "CAST(CAST($2 AS TEXT) AS UUID)");
        statements.push(client.prepare(&sql).await.unwrap());
    }
    let mut done = 0;
    while began.elapsed() < LONG {
        let Some(id) = ids.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
        let tx = client.transaction().await.unwrap();
        for statement in &statements {
            tx.execute(statement, &[&office, id]).await.unwrap();
        }
        tx.commit().await.unwrap();
        done += 1;
    }
    done
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn rate(done: usize, passed: Duration) -> u128 {
    u128::try_from(done).unwrap() * 1_000 / passed.as_millis().max(1)
}
