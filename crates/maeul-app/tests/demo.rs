//! The demonstration, filled into both databases: whole, alive, and the same every time.

use maeul_app::demo::{DemoSummary, FillOptions, PASSWORD, fill};
use maeul_app::migrations;
use maeul_base::Fault;
use maeul_cases::{Outcome, State};
use maeul_db::testing::TestDb;
use maeul_db::{Db, args, both_engines};

use crate::common::{now, open};

async fn filled(test: &TestDb, reports: usize) -> (Db, DemoSummary) {
    let folder = tempfile::tempdir().unwrap();
    let house = open(test, folder.path(), true).await;
    let summary = fill(&house.site, &FillOptions { now: now(), reports }).await;
    (house.site.db().clone(), summary.map_err(|fault| fault.chain()).unwrap())
}

async fn words(db: &Db, sql: &'static str) -> Vec<String> {
    let rows: Result<Vec<(String,)>, Fault> = db.read(move |tx| tx.all(sql, args![])).await;
    rows.unwrap().into_iter().map(|(word,)| word).collect()
}

async fn count(db: &Db, sql: &'static str) -> i64 {
    let row: Result<(i64,), Fault> = db.read(move |tx| tx.one(sql, args![])).await;
    row.unwrap().0
}

async fn is_alive(test: TestDb) {
    let (db, summary) = filled(&test, 400).await;
    assert_eq!(summary.offices.len(), 3);
    assert_eq!(summary.offices.iter().map(|office| office.reports).sum::<usize>(), 400);
    assert!(summary.offices.iter().all(|office| office.open > 0 && office.open < office.reports));
    assert!(summary.accounts.iter().all(|account| account.password == PASSWORD));
    assert_eq!(summary.accounts[0].office, "29140");

    let mut states = words(&db, "SELECT DISTINCT state FROM cases_case").await;
    states.sort();
    let mut all: Vec<_> = State::ALL.iter().map(|state| state.as_str().to_owned()).collect();
    all.sort();
    assert_eq!(states, all);
    let outcomes = "SELECT DISTINCT outcome FROM cases_case WHERE outcome IS NOT NULL";
    assert_eq!(words(&db, outcomes).await.len(), Outcome::ALL.len());
    let of_home = "SELECT DISTINCT dong_code FROM cases_case
                    WHERE office_id = 29140 AND dong_code IS NOT NULL";
    assert_eq!(words(&db, of_home).await.len(), 18);
    let kinds = words(&db, "SELECT DISTINCT kind FROM cases_event").await;
    for kind in ["followed", "reassigned", "asked", "replied", "returned", "rated", "reopened"] {
        assert!(kinds.iter().any(|it| it == kind), "no case was {kind}: {kinds:?}");
    }
    assert!(count(&db, "SELECT count(*) FROM cases_photo").await > 10);

    // Nothing lies in the future, and nothing of the past is still to be done or sent.
    let later = now();
    let ahead: Result<(i64,), Fault> = db
        .read(move |tx| tx.one("SELECT count(*) FROM cases_event WHERE at > $1", args![later]))
        .await;
    assert_eq!(ahead.unwrap().0, 0);
    assert_eq!(count(&db, "SELECT count(*) FROM queue_job").await, 0);
    assert_eq!(count(&db, "SELECT count(*) FROM notice_message WHERE state <> 'sent'").await, 0);
    assert!(count(&db, "SELECT count(*) FROM notice_message").await > 400);
}

/// What a reader could compare.
const LOOK: &str = "SELECT CAST(c.office_id AS text) || c.number || c.title || c.state
    || CAST(c.version AS text) || c.channel || coalesce(c.answer, '')
    FROM cases_case c ORDER BY c.office_id, c.number";

both_engines! { maeul_queue::MIGRATIONS;
    async fn the_demonstration_is_whole(db: Db) {
        // The tables of the whole house stand in a database of their own.
        let test = match db.engine() {
            maeul_db::Engine::Sqlite => TestDb::sqlite(migrations()).await.unwrap(),
            maeul_db::Engine::Postgres => {
                let url = maeul_db::testing::postgres_url().unwrap();
                TestDb::postgres(&url, migrations()).await.unwrap()
            }
        };
        is_alive(test).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_day_gives_the_same_reports() {
    let (one, another) =
        (TestDb::sqlite(migrations()).await.unwrap(), TestDb::sqlite(migrations()).await.unwrap());
    let (one, _) = filled(&one, 120).await;
    let (another, _) = filled(&another, 120).await;
    let reports = count(&one, "SELECT count(*) FROM cases_case WHERE channel <> 'text'").await;
    assert_eq!(reports, 120 * 76 / 100 + 2 * (120 * 12 / 100));
    let (one, another) = (words(&one, LOOK).await, words(&another, LOOK).await);
    assert_eq!(one, another);
}
