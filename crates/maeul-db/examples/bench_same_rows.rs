//! What the bare engine does with the rows that receiving left behind, without any of Maeul:
//! `bench_same_rows OFFICE FILLED.db EMPTY.db` or `bench_same_rows OFFICE postgres://… SCHEMA`.
//!
//! The rows of the newest cases of `FILLED.db` are written again into a copy of `EMPTY.db`, which
//! has the same tables and indices without those cases: one case after another, and 64 to a COMMIT
//! as a group commit has them. On PostgreSQL they are written into a copy of the schema's tables,
//! a case to a COMMIT, over 1, 16 and 64 connections. Every COMMIT is durable.
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

/// The tables that grow while a case is received, and the column of each that names the case.
const TABLES: [(&str, &str); 6] = [
    ("cases_case", "id"),
    ("cases_event", "case_id"),
    ("cases_party", "case_id"),
    ("cases_access", "case_id"),
    ("cases_relay", "case_id"),
    ("cases_search", "id"),
];
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
type Rows = Vec<(usize, Vec<Value>)>;

fn sqlite(office: i32, from: &str, into: &str) {
    let from = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let ids: Vec<Vec<u8>> = from
        .prepare("SELECT id FROM cases_case WHERE office_id = ?1 ORDER BY id DESC LIMIT 8000")
        .unwrap()
        .query_map([office], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let columns: Vec<u32> = TABLES
        .iter()
        .map(|(table, _)| {
            from.query_row("SELECT count(*) FROM pragma_table_info(?1)", [table], |row| row.get(0))
                .unwrap()
        })
        .collect();
    let cases: Vec<Rows> = ids.iter().map(|id| rows_of(&from, office, id, &columns)).collect();
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
                    insert(&conn, *table, row);
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

fn rows_of(from: &Connection, office: i32, id: &[u8], columns: &[u32]) -> Rows {
    let mut rows = Vec::new();
    for (place, (table, case)) in TABLES.iter().enumerate() {
        let sql = format!("SELECT * FROM {table} WHERE office_id = ?1 AND {case} = ?2");
        let mut statement = from.prepare_cached(&sql).unwrap();
        let found = statement
            .query_map((office, id), |row| {
                (0..columns[place] as usize).map(|at| row.get(at)).collect()
            })
            .unwrap();
        rows.extend(found.map(|row: Result<Vec<Value>, _>| (place, row.unwrap())));
    }
    rows
}

fn insert(conn: &Connection, table: usize, row: &[Value]) {
    let name = TABLES[table].0;
    let marks = vec!["?"; row.len()].join(", ");
    conn.prepare_cached(&format!("INSERT INTO {name} VALUES ({marks})"))
        .unwrap()
        .execute(params_from_iter(row))
        .unwrap();
    if name == "cases_search" {
        // The words' index is a table of the engine's own kind; the row's last two columns name and hold them.
        conn.prepare_cached("INSERT INTO cases_search_fts (rowid, grams) SELECT seq, grams FROM cases_search WHERE office_id = ?1 AND id = ?2")
            .unwrap()
            .execute(params_from_iter(&row[..2]))
            .unwrap();
    }
}

async fn postgres(office: i32, url: &str, schema: &str) {
    let client = connect(url).await;
    client
        .batch_execute("DROP SCHEMA IF EXISTS bench_raw CASCADE; CREATE SCHEMA bench_raw")
        .await
        .unwrap();
    let mut inserts = Vec::new();
    for (table, case) in TABLES {
        client
            .batch_execute(&format!(
                "CREATE TABLE bench_raw.{table} (LIKE {schema}.{table} INCLUDING ALL)"
            ))
            .await
            .unwrap();
        // What is written is what the table held, row for row; only where it is read from differs.
        inserts.push(format!(
            "INSERT INTO bench_raw.{table} SELECT * FROM {schema}.{table} WHERE office_id = $1 AND {case} = $2"
        ));
    }
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
        for (table, _) in TABLES {
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
