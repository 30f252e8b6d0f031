//! The queue on both engines: exclusive claims, at least once, back-off, the dead, and schedules.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use maeul_base::{
    Actor, CaseId, Clock, Ctx, Failure, Fault, FaultKind, Ids, Lang, Never, OfficeId,
};
use maeul_db::{Db, args, both_engines};
use maeul_facts::Fact;
use maeul_queue::{
    Claim, Drained, Failed, Job, JobCtx, JobError, MIGRATIONS, NewJob, Runner, Schedule, act,
    claim, dead, emit, enqueue, fail, finish, finish_in, handler, next_due, pending_counts,
    purge_done, revive,
};
use serde_json::json;

const OFFICE: OfficeId = OfficeId(29140);
const LEASE: SignedDuration = SignedDuration::from_mins(5);

fn now() -> Timestamp {
    "2026-06-08T01:30:00Z".parse().unwrap()
}

fn after(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn ctx() -> Ctx {
    let lang = Lang::Ko;
    Ctx { office: OFFICE, actor: Actor::System, lang, now: now(), ids: Ids::random() }
}

async fn put(db: &Db, job: NewJob) -> bool {
    let ctx = ctx();
    db.write(move |tx| enqueue(tx, &ctx, &job)).await.unwrap().is_some()
}

async fn take(db: &Db, at: Timestamp, limit: usize) -> Vec<Job> {
    let wanted = Claim { office: OFFICE, now: at, limit, lease: LEASE };
    db.write(move |tx| claim(tx, &wanted)).await.unwrap()
}

async fn counts(db: &Db) -> Vec<(String, i64)> {
    let found = db.read(pending_counts).await.unwrap();
    found.into_iter().map(|it| (it.state, it.count)).collect()
}

both_engines! { MIGRATIONS;
    async fn a_job_exists_only_if_its_act_was_kept(db: Db) {
        let ctx = ctx();
        let undone = db.write(move |tx| {
            enqueue(tx, &ctx, &NewJob::now(&ctx, "t.x", json!({})))?;
            Err::<(), _>(Fault::other("no"))
        }).await;
        assert!(undone.is_err());
        assert!(counts(&db).await.is_empty());
    }

    async fn claimed_once_within_the_lease(db: Db) {
        put(&db, NewJob { run_at: after(60), ..NewJob::now(&ctx(), "t.x", json!({"a": 1})) }).await;
        assert!(take(&db, now(), 9).await.is_empty());
        let first = take(&db, after(60), 9).await;
        assert_eq!((first.len(), first[0].attempts), (1, 1));
        assert_eq!(first[0].payload::<serde_json::Value>().unwrap(), json!({"a": 1}));
        assert!(take(&db, after(61), 9).await.is_empty());
        // The lease ran out: another worker has it, and the first can no longer end it.
        let second = take(&db, after(60 + 300), 9).await;
        assert_eq!((second.len(), second[0].attempts), (1, 2));
        let old = first[0].clone();
        assert!(!db.write(move |tx| finish(tx, &old, now())).await.unwrap());
        let old = first[0].clone();
        let lost = db.write(move |tx| finish_in(tx, &old, now())).await.unwrap_err();
        assert_eq!(lost.kind(), FaultKind::RowCount);
        let old = first[0].clone();
        assert_eq!(db.write(move |tx| fail(tx, &old, now(), "x", true)).await.unwrap(), Failed::NotOurs);
        let new = second[0].clone();
        db.write(move |tx| finish_in(tx, &new, now())).await.unwrap();
        assert!(counts(&db).await.is_empty());
    }

    async fn two_workers_share_without_overlap(db: Db) {
        let context = ctx();
        db.write(move |tx| {
            for n in 0..100 {
                enqueue(tx, &context, &NewJob::now(&context, "t.x", json!(n)))?;
            }
            Ok::<_, Fault>(())
        }).await.unwrap();
        let workers: Vec<_> = (0..4).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut mine = vec![];
                loop {
                    let got = take(&db, now(), 7).await;
                    if got.is_empty() { return mine }
                    mine.extend(got.into_iter().map(|job| job.id));
                }
            })
        }).collect();
        let mut all = vec![];
        for worker in workers {
            all.extend(worker.await.unwrap());
        }
        assert_eq!(all.len(), 100);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 100);
    }

    async fn each_office_has_its_turn(db: Db) {
        let offices = [OfficeId(11110), OFFICE, OfficeId(50110)];
        // The first has far more waiting, and longer, than the others.
        for (office, jobs, due) in [(offices[0], 40, 0), (offices[1], 2, 10), (offices[2], 1, 20)] {
            let ctx = Ctx { office, ..ctx() };
            db.write(move |tx| {
                for n in 0..jobs {
                    let job = NewJob { run_at: after(due), ..NewJob::now(&ctx, "t.x", json!(n)) };
                    enqueue(tx, &ctx, &job)?;
                }
                Ok::<_, Fault>(())
            }).await.unwrap();
        }
        let next = async |last: Option<OfficeId>, at| {
            db.read(move |tx| next_due(tx, at, last)).await.unwrap()
        };
        assert_eq!(next(None, after(20)).await, Some(offices[0]));
        assert_eq!(next(Some(offices[0]), after(20)).await, Some(offices[1]));
        assert_eq!(next(Some(offices[1]), after(9)).await, Some(offices[0]), "and round again");
        assert_eq!(next(Some(offices[2]), after(20)).await, Some(offices[0]));
        assert_eq!(next(None, after(-1)).await, None);
        // A claim takes of one office, even where it is given more room.
        let taken = take(&db, after(20), 9).await;
        assert_eq!(taken.iter().map(|job| job.office).collect::<Vec<_>>(), [OFFICE, OFFICE]);
        assert_eq!(next(Some(offices[0]), after(20)).await, Some(offices[2]), "leased is not due");

        let order = Arc::new(std::sync::Mutex::new(vec![]));
        let mut runner = Runner::new(db.clone(), Clock::fixed(after(400)), Ids::seeded(1));
        runner.concurrency = 2;
        let seen = Arc::clone(&order);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let stop = Arc::new(std::sync::Mutex::new(Some(stop)));
        runner.handle("t.x", handler(move |it: JobCtx| {
            let mut seen = seen.lock().unwrap();
            seen.push(it.job.office);
            if seen.len() == 43 {
                stop.lock().unwrap().take().unwrap().send(()).unwrap();
            }
            async { Ok(()) }
        })).unwrap();
        runner.run(async { stopped.await.unwrap() }).await;
        let order = order.lock().unwrap().clone();
        let at = |office| order.iter().position(|it| *it == office).unwrap();
        // Two at once, so two of the first office before each of the others.
        assert!(at(offices[1]) <= 4 && at(offices[2]) <= 8, "{order:?}");
        assert!(counts(&db).await.is_empty());
    }

    async fn what_others_wait_for_goes_first(db: Db) {
        let context = ctx();
        db.write(move |tx| {
            for n in 0..9 {
                let job = NewJob { run_at: after(n - 9), ..NewJob::now(&context, "t.x", json!(n)) };
                enqueue(tx, &context, &job)?;
            }
            let urgent = NewJob::now(&context, "t.urgent", json!({})).urgent();
            enqueue(tx, &context, &NewJob { run_at: after(60), ..urgent.clone() })?;
            enqueue(tx, &context, &urgent)?;
            enqueue(tx, &context, &urgent.once("k"))?;
            Ok::<_, Fault>(())
        }).await.unwrap();
        let kinds = async |at, limit| -> Vec<String> {
            take(&db, at, limit).await.into_iter().map(|job| job.kind).collect()
        };
        assert_eq!(kinds(now(), 3).await, ["t.urgent", "t.urgent", "t.x"]);
        assert_eq!(kinds(now(), 1).await, ["t.x"], "the third urgent one is not due yet");
        assert_eq!(kinds(after(60), 2).await, ["t.urgent", "t.x"]);
    }

    async fn short_jobs_share_a_transaction_and_one_that_fails_holds_up_none(db: Db) {
        let context = ctx();
        db.write(move |tx| {
            for n in 0..40 {
                enqueue(tx, &context, &NewJob::now(&context, "t.act", json!(n)))?;
            }
            enqueue(tx, &context, &NewJob::now(&context, "t.task", json!({})))?;
            tx.exec("CREATE TABLE t_done (office_id integer NOT NULL, n bigint NOT NULL)", args![])?;
            Ok::<_, Fault>(())
        }).await.unwrap();
        let mut runner = Runner::new(db.clone(), Clock::fixed(now()), Ids::seeded(1));
        let most = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&most);
        runner.handle("t.act", act(move |tx, ctx, jobs| {
            seen.fetch_max(jobs.len(), Ordering::SeqCst);
            for job in jobs {
                let n: i64 = job.payload()?;
                tx.exec_one("INSERT INTO t_done (office_id, n) VALUES ($1, $2)", args![ctx.office, n])?;
                if n == 35 {
                    return Err(JobError::Again(Fault::other("not now")));
                }
            }
            Ok(())
        })).unwrap();
        runner.handle("t.task", handler(|_| async { Ok(()) })).unwrap();
        let drained = runner.drain().await.unwrap();
        assert_eq!((drained.ran, drained.failed), (41, vec!["t.act: not now".to_owned()]));
        assert_eq!(most.load(Ordering::SeqCst), 32, "handed over together");
        // Each once: what was done beside the one that failed was undone and done again.
        let done: Vec<(i64,)> = db.read(|tx| tx.all("SELECT n FROM t_done ORDER BY n", [])).await.unwrap();
        let wanted: Vec<(i64,)> = (0..40).filter(|n| *n != 35).map(|n| (n,)).collect();
        assert_eq!(done, wanted);
        assert_eq!(counts(&db).await, [("ready".to_owned(), 1)]);
        db.write(|tx| tx.exec("DROP TABLE t_done", [])).await.unwrap();
    }

    async fn what_another_worker_has_meanwhile_undoes_what_shares_its_transaction(db: Db) {
        let context = ctx();
        db.write(move |tx| {
            for n in 0..5 {
                enqueue(tx, &context, &NewJob::now(&context, "t.act", json!(n)))?;
            }
            tx.exec("CREATE TABLE t_done (office_id integer NOT NULL, n bigint NOT NULL)", args![])?;
            Ok::<_, Fault>(())
        }).await.unwrap();
        let mut runner = Runner::new(db.clone(), Clock::fixed(now()), Ids::seeded(1));
        runner.handle("t.act", act(|tx, ctx, jobs| {
            for job in jobs {
                let n: i64 = job.payload()?;
                tx.exec_one("INSERT INTO t_done (office_id, n) VALUES ($1, $2)", args![ctx.office, n])?;
            }
            if jobs.len() > 1 {
                tx.exec_one(
                    "UPDATE queue_job SET attempts = attempts + 1 WHERE office_id = $1 AND id = $2",
                    args![ctx.office, jobs[2].id],
                )?;
            }
            Ok(())
        })).unwrap();
        assert_eq!(runner.drain().await.unwrap(), Drained { ran: 5, failed: vec![] });
        let done: Vec<(i64,)> = db.read(|tx| tx.all("SELECT n FROM t_done ORDER BY n", [])).await.unwrap();
        assert_eq!(done, [(0,), (1,), (2,), (3,), (4,)], "each once");
        assert!(counts(&db).await.is_empty());
        db.write(|tx| tx.exec("DROP TABLE t_done", [])).await.unwrap();
    }

    async fn failures_back_off_and_die(db: Db) {
        put(&db, NewJob::now(&ctx(), "t.x", json!({}))).await;
        let (mut at, mut pauses) = (now(), vec![]);
        loop {
            let job = take(&db, at, 1).await.remove(0);
            let then = at;
            match db.write(move |tx| fail(tx, &job, then, "no route", false)).await.unwrap() {
                Failed::Again(next) => {
                    assert!(take(&db, next - SignedDuration::from_secs(1), 1).await.is_empty());
                    pauses.push(next.duration_since(at).as_secs());
                    at = next;
                }
                Failed::Dead => break,
                Failed::NotOurs => panic!("it was ours"),
            }
        }
        assert_eq!(pauses, [30, 60, 120, 240, 480, 960, 1920, 3840, 7680]);
        assert_eq!(counts(&db).await, [("dead".to_owned(), 1)]);
        let given_up = db.read(|tx| dead(tx, Some(OFFICE), 9)).await.unwrap();
        assert_eq!(given_up[0].last_error.as_deref(), Some("no route"));
        assert!(db.read(|tx| dead(tx, Some(OfficeId(1)), 9)).await.unwrap().is_empty());
        db.write(move |tx| purge_done(tx, after(999_999_999))).await.unwrap();
        let id = given_up[0].id;
        db.write(move |tx| revive(tx, OFFICE, id, now())).await.unwrap();
        assert_eq!(take(&db, now(), 1).await[0].attempts, 1);
    }

    async fn one_effect_per_key(db: Db) {
        let job = || NewJob::now(&ctx(), "t.x", json!({})).once("case-1");
        assert!(put(&db, job()).await);
        assert!(!put(&db, job()).await);
        let taken = take(&db, now(), 1).await.remove(0);
        db.write(move |tx| finish(tx, &taken, now())).await.unwrap();
        assert!(!put(&db, job()).await);
        assert_eq!(db.write(|tx| purge_done(tx, after(1))).await.unwrap(), 1);
        assert!(put(&db, job()).await);
    }

    async fn a_runner_drains(db: Db) {
        let clock = Clock::fixed(now());
        let ran = Arc::new(AtomicUsize::new(0));
        let mut runner = Runner::new(db.clone(), clock.clone(), Ids::seeded(1));
        let count = Arc::clone(&ran);
        runner.handle("t.chain", handler(move |it: JobCtx| {
            let count = Arc::clone(&count);
            async move {
                count.fetch_add(1, Ordering::SeqCst);
                let left: i64 = it.job.payload()?;
                // Its own work and its end in one transaction.
                it.db.clone().write(move |tx| {
                    if left > 0 {
                        enqueue(tx, &it.ctx, &NewJob::now(&it.ctx, "t.chain", json!(left - 1)))?;
                    }
                    finish_in(tx, &it.job, it.ctx.now)?;
                    Ok::<_, Failure<Never>>(())
                }).await?;
                Ok(())
            }
        })).unwrap();
        runner.handle("t.flaky", handler(|it: JobCtx| async move {
            match it.job.attempts {
                1 => Err(JobError::Again(Fault::other("busy"))),
                2 => panic!("on purpose"),
                _ => Ok(()),
            }
        })).unwrap();
        assert!(runner.handle("t.flaky", handler(|_| async { Ok(()) })).is_err());
        put(&db, NewJob::now(&ctx(), "t.chain", json!(4))).await;
        assert_eq!(runner.drain().await.unwrap(), Drained { ran: 5, failed: vec![] });
        assert_eq!(ran.load(Ordering::SeqCst), 5);
        put(&db, NewJob::now(&ctx(), "t.flaky", json!({}))).await;
        assert_eq!(runner.drain().await.unwrap().failed, ["t.flaky: busy"]);
        assert_eq!(runner.drain().await.unwrap().ran, 0);
        clock.set(after(30));
        assert_eq!(runner.drain().await.unwrap().failed, ["t.flaky: the handler panicked"]);
        clock.set(after(90));
        assert_eq!(runner.drain().await.unwrap(), Drained { ran: 1, failed: vec![] });
        put(&db, NewJob::now(&ctx(), "t.unknown", json!({}))).await;
        assert!(runner.drain().await.unwrap_err().chain().contains("no handler"));
        assert_eq!(counts(&db).await, [("dead".to_owned(), 1)]);
    }

    async fn a_fact_reaches_its_reaction(db: Db) {
        let case: CaseId = Ids::seeded(3).next(now());
        let (context, seen) = (ctx(), Arc::new(AtomicUsize::new(0)));
        let mut runner = Runner::new(db.clone(), Clock::fixed(now()), Ids::seeded(1));
        let count = Arc::clone(&seen);
        runner.handle(Fact::CASE_ANSWERED, handler(move |it: JobCtx| {
            let count = Arc::clone(&count);
            async move {
                assert_eq!(it.job.payload::<Fact>()?, Fact::CaseAnswered { case });
                count.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
        })).unwrap();
        db.write(move |tx| {
            emit(tx, &context, &Fact::CaseAnswered { case })?;
            emit(tx, &context, &Fact::CaseReceived { case, unit: None })
        }).await.unwrap();
        // The other fact concerns nobody here.
        assert_eq!(runner.drain().await.unwrap(), Drained { ran: 2, failed: vec![] });
        assert_eq!(seen.load(Ordering::SeqCst), 1);
    }

    async fn a_schedule_comes_once_a_slot(db: Db) {
        let clock = Clock::fixed("2026-06-08T01:30:00Z".parse().unwrap());
        let runs = Arc::new(AtomicUsize::new(0));
        let make = || {
            let mut runner = Runner::new(db.clone(), clock.clone(), Ids::random());
            let count = Arc::clone(&runs);
            runner.handle("t.nightly", handler(move |_| {
                count.fetch_add(1, Ordering::SeqCst);
                async { Ok(()) }
            })).unwrap();
            runner.schedule(Schedule {
                name: "t.nightly",
                kind: "t.nightly",
                every: SignedDuration::from_hours(24),
                after_midnight: SignedDuration::from_hours(3),
            });
            runner.offices(|_| Ok(vec![OFFICE, OfficeId(11380)]));
            runner
        };
        let (one, two) = (make(), make());
        let both = async || {
            let (a, b) = tokio::join!(one.drain(), two.drain());
            a.unwrap();
            b.unwrap();
            runs.load(Ordering::SeqCst)
        };
        assert_eq!(both().await, 0);
        clock.set("2026-06-08T17:59:59Z".parse().unwrap());
        assert_eq!(both().await, 0);
        clock.set("2026-06-08T18:00:00Z".parse().unwrap());
        assert_eq!(both().await, 2);
        assert_eq!(both().await, 2);
        // Three days down: only the latest slot is made up for.
        clock.set("2026-06-11T18:00:00Z".parse().unwrap());
        assert_eq!(both().await, 4);
    }

    async fn a_running_runner_wakes_and_stops(db: Db) {
        let done = Arc::new(tokio::sync::Notify::new());
        let mut runner = Runner::new(db.clone(), Clock::System, Ids::random());
        runner.poll = Duration::from_secs(1);
        let said = Arc::clone(&done);
        runner.handle("t.x", handler(move |_| {
            let said = Arc::clone(&said);
            async move {
                tokio::time::sleep(Duration::from_millis(20)).await;
                said.notify_one();
                Ok(())
            }
        })).unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let loop_ = tokio::spawn(async move { runner.run(async { stopped.await.unwrap() }).await });
        tokio::time::sleep(Duration::from_millis(100)).await;
        for _ in 0..3 {
            put(&db, NewJob::now(&ctx(), "t.x", json!({}))).await;
            tokio::time::timeout(Duration::from_secs(10), done.notified()).await.unwrap();
        }
        stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(10), loop_).await.unwrap().unwrap();
        let left: (i64,) = db.read(|tx| {
            tx.one("SELECT count(*) FROM queue_job WHERE state <> 'done'", args![])
        }).await.unwrap();
        assert_eq!(left, (0,));
    }
}
