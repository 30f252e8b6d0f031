//! Jobs a second through the worker, from claimed to done, for jobs that do nothing:
//! `cargo run --release -p maeul-queue --example bench_jobs -- DATABASE JOBS OFFICES`
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    missing_docs
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use maeul_base::{Actor, Clock, Ctx, Fault, Ids, Lang, OfficeId};
use maeul_db::{Db, DbOptions, args};
use maeul_queue::{MIGRATIONS, NewJob, Runner, enqueue, handler};
use serde_json::json;
use tokio::sync::Notify;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(run());
}

async fn run() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [database, jobs, offices] = words.as_slice() else {
        println!("bench_jobs DATABASE JOBS OFFICES");
        return;
    };
    let (jobs, offices): (usize, i32) = (jobs.parse().unwrap(), offices.parse().unwrap());
    let db = Db::open(database, DbOptions::default()).await.unwrap();
    db.migrate(MIGRATIONS, Clock::System.now()).await.unwrap();
    db.write(|tx| tx.exec("DELETE FROM queue_job", args![])).await.unwrap();
    let ids = Ids::random();
    let write = move |office: i32, count: usize| {
        let ctx = Ctx {
            office: OfficeId(office),
            actor: Actor::System,
            lang: Lang::Ko,
            now: Clock::System.now(),
            ids: ids.clone(),
        };
        let db = db.clone();
        async move {
            db.write(move |tx| {
                for n in 0..count {
                    enqueue(tx, &ctx, &NewJob::now(&ctx, "bench", json!(n)))?;
                }
                Ok::<_, Fault>(())
            })
            .await
            .unwrap();
            db
        }
    };
    let each = jobs / usize::try_from(offices).unwrap();
    let mut db = None;
    for office in 1..=offices {
        db = Some(write(office, each).await);
    }
    let db = db.unwrap();
    let (left, done) = (
        Arc::new(AtomicUsize::new(each * usize::try_from(offices).unwrap())),
        Arc::new(Notify::new()),
    );
    let all = left.load(Ordering::SeqCst);
    let mut runner = Runner::new(db, Clock::System, Ids::random());
    let said = Arc::clone(&done);
    runner
        .handle(
            "bench",
            handler(move |_| {
                if left.fetch_sub(1, Ordering::SeqCst) == 1 {
                    said.notify_one();
                }
                async { Ok(()) }
            }),
        )
        .unwrap();
    let began = Instant::now();
    runner.run(async move { done.notified().await }).await;
    let took = began.elapsed().as_secs_f64();
    let rate = f64::from(u32::try_from(all).unwrap()) / took;
    println!("{all} jobs of {offices} offices: {took:.2} s, {rate:.0} a second");
}
