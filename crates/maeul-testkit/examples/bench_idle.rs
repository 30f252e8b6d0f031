//! Waits until the jobs of a running server are done: `bench_idle DATABASE SECONDS`. Prints how many
//! there were, how long they took and how many a second that makes; after so many seconds what is left.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a measuring tool: it stops where something is wrong, and measures real time"
)]

use std::time::{Duration, Instant};

use maeul_db::{Db, DbOptions, Tx, args};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [url, seconds] = words.as_slice() else { panic!("DATABASE SECONDS") };
    let longest = Duration::from_secs(seconds.parse().unwrap());
    let schema = url.starts_with("postgres").then(|| "maeul_demo".to_owned());
    let db = Db::open(url, DbOptions { schema, ..DbOptions::default() }).await.unwrap();
    let due = async || db.read(due).await.unwrap();
    let (first, began) = (due().await, Instant::now());
    let mut left = first;
    while left > 0 && began.elapsed() < longest {
        tokio::time::sleep(Duration::from_millis(200)).await;
        left = due().await;
    }
    let (done, took) = (first - left, began.elapsed());
    let rate = u128::try_from(done).unwrap_or(0) * 1_000 / took.as_millis().max(1);
    println!("{done} jobs in {took:.1?}, {rate}/s; {left} left");
}

/// How many jobs wait whose time has come.
fn due(tx: &mut Tx) -> Result<i64, maeul_base::Fault> {
    let now = jiff::Timestamp::now();
    let (waiting,): (i64,) = tx
        .one("SELECT count(*) FROM queue_job WHERE state = 'ready' AND run_at <= $1", args![now])?;
    Ok(waiting)
}
