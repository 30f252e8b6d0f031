//! How many acts like "receive a case" (two reads, three inserts, one durable commit) per second:
//! `bench_write sqlite:/path/new.db` or `bench_write postgres://…` (a schema `bench` is remade),
//! and `bench_write raw:/path/new.db` for bare SQLite, one act after another and 64 to a COMMIT.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs};

use jiff::{SignedDuration, Timestamp};
use maeul_base::{CaseId, Ids, JobId, OfficeId};
use maeul_db::{Db, DbOptions, Fault, Migration, Tx, args};
use rusqlite::Connection;
use serde_json::json;

type Outcome<T> = Result<T, Box<dyn Error>>;

const TABLES: &str = "
    CREATE TABLE bench_service (
        office_id integer NOT NULL, code text NOT NULL, unit_id bigint NOT NULL,
        due_hours bigint NOT NULL, PRIMARY KEY (office_id, code));
    CREATE TABLE bench_unit (
        office_id integer NOT NULL, id bigint NOT NULL, valid_from timestamptz NOT NULL,
        valid_to timestamptz, PRIMARY KEY (office_id, id));
    CREATE TABLE bench_case (
        office_id integer NOT NULL, id uuid NOT NULL, status text NOT NULL, unit_id bigint NOT NULL,
        lat_e7 bigint NOT NULL, lon_e7 bigint NOT NULL, received_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL, title text NOT NULL, body text NOT NULL,
        version integer NOT NULL, PRIMARY KEY (office_id, id));
    CREATE INDEX bench_case_received ON bench_case (office_id, received_at, id);
    CREATE INDEX bench_case_unit ON bench_case (office_id, unit_id, status, received_at);
    CREATE INDEX bench_case_due ON bench_case (office_id, due_at) WHERE status <> 'closed';
    CREATE TABLE bench_event (
        office_id integer NOT NULL, case_id uuid NOT NULL, seq integer NOT NULL, kind text NOT NULL,
        at timestamptz NOT NULL, payload jsonb NOT NULL, PRIMARY KEY (office_id, case_id, seq));
    CREATE TABLE bench_outbox (
        office_id integer NOT NULL, id uuid NOT NULL, kind text NOT NULL, at timestamptz NOT NULL,
        payload jsonb NOT NULL, PRIMARY KEY (office_id, id));";
const STEPS: &[Migration] =
    &[Migration { room: "bench", name: "0001_start", sqlite: TABLES, postgres: TABLES }];

const SERVICE: &str =
    "SELECT unit_id, due_hours FROM bench_service WHERE office_id = $1 AND code = $2";
const UNIT: &str = "SELECT id FROM bench_unit WHERE office_id = $1 AND id = $2
    AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3)";
const CASE: &str = "INSERT INTO bench_case (office_id, id, status, unit_id, lat_e7, lon_e7,
    received_at, due_at, title, body, version)
    VALUES ($1, $2, 'received', $3, $4, $5, $6, $7, $8, $9, 1)";
const EVENT: &str = "INSERT INTO bench_event (office_id, case_id, seq, kind, at, payload)
    VALUES ($1, $2, 1, 'received', $3, $4)";
const OUTBOX: &str = "INSERT INTO bench_outbox (office_id, id, kind, at, payload)
    VALUES ($1, $2, 'received', $3, $4)";
const TITLE: &str = "가로등 고장";
const BODY: &str = "놀이터 앞 가로등 두 개가 어제부터 켜지지 않아요. 밤에 너무 어두워서 위험해요.";
const OFFICE: OfficeId = OfficeId(29140);

#[tokio::main]
async fn main() -> Outcome<()> {
    let url = env::args().nth(1).ok_or("an address is needed")?;
    if let Some(path) = url.strip_prefix("raw:") {
        return raw(Path::new(path));
    }
    let mut options = DbOptions { pool_size: 32, ..DbOptions::default() };
    if url.starts_with("postgres") {
        let db = Db::open(&url, options.clone()).await?;
        for sql in ["DROP SCHEMA IF EXISTS bench CASCADE", "CREATE SCHEMA bench"] {
            db.write(move |tx| tx.exec(sql, args![])).await?;
        }
        options.schema = Some("bench".to_owned());
    }
    let db = Db::open(&url, options).await?;
    db.migrate(STEPS, Timestamp::UNIX_EPOCH).await?;
    db.write(|tx| {
        tx.exec_one("INSERT INTO bench_service VALUES ($1, 'lamp', 7, 168)", args![OFFICE])?;
        tx.exec_one(
            "INSERT INTO bench_unit VALUES ($1, 7, $2, NULL)",
            args![OFFICE, Timestamp::UNIX_EPOCH],
        )
    })
    .await?;
    let ids = Ids::random();
    run(&db, &ids, 8, Duration::from_secs(1)).await?;
    for tasks in [1, 16, 64] {
        let (began, cpu) = (Instant::now(), cpu_millis());
        let mut waits = run(&db, &ids, tasks, Duration::from_secs(5)).await?;
        waits.sort_unstable();
        let at = |part: usize| waits.get(waits.len() * part / 100).copied().unwrap_or_default();
        let count = waits.len().max(1);
        let micros = (cpu_millis() - cpu) * 1000 / u64::try_from(count)?;
        println!(
            "{tasks:>3} tasks: {:>6}/s, {micros} µs CPU, p50 {:?}, p99 {:?}",
            u128::try_from(count)? * 1000 / began.elapsed().as_millis(),
            at(50),
            at(99)
        );
    }
    Ok(())
}

async fn run(db: &Db, ids: &Ids, tasks: usize, long: Duration) -> Outcome<Vec<Duration>> {
    let end = Instant::now() + long;
    let mut running = vec![];
    for _ in 0..tasks {
        let (db, ids) = (db.clone(), ids.clone());
        running.push(tokio::spawn(async move {
            let mut waits = vec![];
            while Instant::now() < end {
                let (began, ids) = (Instant::now(), ids.clone());
                db.write(move |tx| receive(tx, &ids)).await?;
                waits.push(began.elapsed());
            }
            Ok::<_, Fault>(waits)
        }));
    }
    let mut all = vec![];
    for task in running {
        all.extend(task.await??);
    }
    Ok(all)
}

/// The instant of the act; a benchmark needs no true one.
fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(490_000)
}

fn receive(tx: &mut Tx, ids: &Ids) -> Result<CaseId, Fault> {
    let (id, now): (CaseId, _) = (ids.next(now()), now());
    let (unit, hours): (i64, i64) = tx.one(SERVICE, args![OFFICE, "lamp"])?;
    let _: (i64,) = tx.one(UNIT, args![OFFICE, unit, now])?;
    let due = now + SignedDuration::from_hours(hours);
    let place = (351_521_000_i64, 1_268_895_000_i64);
    tx.exec_one(CASE, args![OFFICE, id, unit, place.0, place.1, now, due, TITLE, BODY])?;
    tx.exec_one(EVENT, args![OFFICE, id, now, json!({ "unit": unit })])?;
    let job: JobId = ids.next(now);
    tx.exec_one(OUTBOX, args![OFFICE, job, now, json!({ "case": id })])?;
    Ok(id)
}

fn raw(path: &Path) -> Outcome<()> {
    let conn = Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
         PRAGMA wal_autocheckpoint = 4000;",
    )?;
    conn.execute_batch(TABLES)?;
    conn.execute("INSERT INTO bench_service VALUES (?1, 'lamp', 7, 168)", (OFFICE.0,))?;
    conn.execute("INSERT INTO bench_unit VALUES (?1, 7, 0, NULL)", (OFFICE.0,))?;
    let ids = Ids::random();
    for batch in [1_u32, 64] {
        let (began, cpu, mut done) = (Instant::now(), cpu_millis(), 0_u32);
        while began.elapsed() < Duration::from_secs(5) {
            conn.execute_batch("BEGIN IMMEDIATE")?;
            for _ in 0..batch {
                raw_receive(&conn, &ids)?;
            }
            conn.execute_batch("COMMIT")?;
            done += batch;
        }
        let rate = u128::from(done) * 1000 / began.elapsed().as_millis();
        let micros = (cpu_millis() - cpu) * 1000 / u64::from(done);
        println!("{batch:>3} to a COMMIT: {rate:>6}/s, {micros} µs CPU");
    }
    Ok(())
}

fn raw_receive(conn: &Connection, ids: &Ids) -> Outcome<()> {
    let instant = now();
    let (id, now): (CaseId, _) = (ids.next(instant), instant.as_microsecond());
    let (unit, hours): (i64, i64) = conn
        .prepare_cached(SERVICE)?
        .query_row((OFFICE.0, "lamp"), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let _: i64 = conn.prepare_cached(UNIT)?.query_row((OFFICE.0, unit, now), |row| row.get(0))?;
    let due = now + hours * 3_600_000_000;
    conn.prepare_cached(CASE)?.execute((
        OFFICE.0,
        id.0.as_bytes(),
        unit,
        351_521_000_i64,
        1_268_895_000_i64,
        now,
        due,
        TITLE,
        BODY,
    ))?;
    let payload = json!({ "unit": unit }).to_string();
    conn.prepare_cached(EVENT)?.execute((OFFICE.0, id.0.as_bytes(), now, payload))?;
    let job: JobId = ids.next(instant);
    let payload = json!({ "case": id }).to_string();
    conn.prepare_cached(OUTBOX)?.execute((OFFICE.0, job.0.as_bytes(), now, payload))?;
    Ok(())
}

/// CPU time of this process so far, in milliseconds (fields 14 and 15 of `/proc/self/stat`, in
/// hundredths of a second).
fn cpu_millis() -> u64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = text.rsplit(')').next().unwrap_or_default();
    let ticks = after.split_whitespace().skip(11).take(2);
    ticks.filter_map(|it| it.parse::<u64>().ok()).sum::<u64>() * 10
}
