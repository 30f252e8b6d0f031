//! Steps are applied once, whole and in order; what was applied is never changed unnoticed.

use jiff::Timestamp;
use maeul_db::testing::{TestDb, postgres_url};
use maeul_db::{Db, DbOptions, Migration, args, both_engines};

const fn step(room: &'static str, name: &'static str, sql: &'static str) -> Migration {
    Migration { room, name, sqlite: sql, postgres: sql }
}

const ONE: Migration = step(
    "a",
    "0001_start",
    "-- why\nCREATE TABLE a_one (office_id integer NOT NULL, id uuid NOT NULL, PRIMARY KEY (office_id, id));
     CREATE INDEX a_one_id ON a_one (id);",
);
const TWO: Migration =
    step("b", "0001_start", "CREATE TABLE b_two (day date NOT NULL DEFAULT '2026-01-01')");
const BROKEN: Migration =
    step("b", "0002_more", "CREATE TABLE b_three (id bigint); CREATE TABLE b_two (id bigint);");
const NONE: &[Migration] = &[];
const NOW: Timestamp = Timestamp::UNIX_EPOCH;

both_engines! { NONE;
    async fn twice_is_harmless(db: Db) {
        let first = db.migrate(&[ONE, TWO], NOW).await.unwrap();
        assert_eq!(first.iter().map(|it| it.room).collect::<Vec<_>>(), ["a", "b"]);
        let schema = db.schema_dump().await.unwrap();
        assert_eq!(db.migrate(&[ONE, TWO], NOW).await.unwrap(), []);
        assert_eq!(db.schema_dump().await.unwrap(), schema);
        assert!(schema.contains("a_one_id") && schema.contains("b_two"), "{schema}");
    }

    async fn a_failing_step_leaves_nothing_of_itself(db: Db) {
        let fault = db.migrate(&[ONE, TWO, BROKEN], NOW).await.unwrap_err();
        assert!(fault.chain().contains("b/0002_more"), "{}", fault.chain());
        let schema = db.schema_dump().await.unwrap();
        assert!(schema.contains("b_two") && !schema.contains("b_three"), "{schema}");
        let mended = step("b", "0002_more", "CREATE TABLE b_three (id bigint)");
        assert_eq!(db.migrate(&[ONE, TWO, mended], NOW).await.unwrap().len(), 1);
    }

    async fn a_changed_or_unknown_step_is_refused(db: Db) {
        db.migrate(&[ONE, TWO], NOW).await.unwrap();
        let changed = step("b", "0001_start", "CREATE TABLE b_two (day date)");
        let fault = db.migrate(&[ONE, changed, BROKEN], NOW).await.unwrap_err();
        assert!(fault.chain().contains("b/0001_start was changed"), "{}", fault.chain());
        let fault = db.migrate(&[ONE], NOW).await.unwrap_err();
        assert!(fault.chain().contains("b/0001_start, which this program does not know"));
        let deferred = step("c", "0001_start", "CREATE TABLE c (x integer DEFERRABLE initially deferred)");
        assert!(db.migrate(&[ONE, TWO, deferred], NOW).await.is_err());
        assert!(db.migrate(&[ONE, TWO, TWO], NOW).await.is_err());
    }

    async fn a_statement_outlives_the_migration_of_its_table(db: Db) {
        db.migrate(&[TWO], NOW).await.unwrap();
        db.write(|tx| tx.exec_one("INSERT INTO b_two (day) VALUES ('2026-02-03')", args![])).await.unwrap();
        let look = async || {
            // On every pooled connection that may hold the old statement.
            for _ in 0..3 {
                let looks = (0..8).map(|_| db.read(|tx| tx.exec("SELECT * FROM b_two", args![])));
                for look in futures_util::future::join_all(looks).await {
                    assert_eq!(look.unwrap(), 1);
                }
            }
        };
        look().await;
        let more = step("b", "0002_more", "ALTER TABLE b_two ADD COLUMN note text");
        db.migrate(&[TWO, more], NOW).await.unwrap();
        look().await;
    }

    async fn two_servers_at_once(db: Db) {
        let all = [ONE, TWO];
        let (a, b) = tokio::join!(db.migrate(&all, NOW), db.migrate(&all, NOW));
        assert_eq!(a.unwrap().len() + b.unwrap().len(), 2);
    }
}

/// The quick ways of the test databases build what `migrate` builds.
#[tokio::test]
async fn test_databases_equal_migrated_ones() {
    let all = [ONE, TWO];
    let mut pairs = vec![(TestDb::sqlite(NONE).await.unwrap(), TestDb::sqlite(all).await.unwrap())];
    if let Some(url) = postgres_url() {
        let slow = TestDb::postgres(&url, NONE).await.unwrap();
        pairs.push((slow, TestDb::postgres(&url, all).await.unwrap()));
    }
    for (slow, quick) in pairs {
        let (slow, quick) = (slow.db().unwrap(), quick.db().unwrap());
        slow.migrate(&all, NOW).await.unwrap();
        assert_eq!(slow.schema_dump().await.unwrap(), quick.schema_dump().await.unwrap());
        assert_eq!(quick.migrate(&all, NOW).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_second_handle_sees_what_the_first_wrote() {
    let test = TestDb::sqlite([TWO]).await.unwrap();
    let (address, schema) = test.address();
    let options = DbOptions { schema, ..DbOptions::default() };
    let other = Db::open(&address, options).await.unwrap();
    other
        .write(|tx| tx.exec_one("INSERT INTO b_two (day) VALUES ('2026-02-03')", args![]))
        .await
        .unwrap();
    let seen: (jiff::civil::Date,) =
        test.db().unwrap().read(|tx| tx.one("SELECT day FROM b_two", args![])).await.unwrap();
    assert_eq!(seen.0, jiff::civil::date(2026, 2, 3));
}

#[tokio::test]
async fn addresses_are_checked() {
    assert!(Db::open("mysql://x", DbOptions::default()).await.is_err());
    let fault = Db::open("sqlite:/nowhere/at/all/x.db", DbOptions::default()).await.unwrap_err();
    assert_eq!(fault.kind(), maeul_db::FaultKind::Unavailable);
    let fault =
        Db::open("postgres://nobody@127.0.0.1:1/none", DbOptions::default()).await.unwrap_err();
    assert_eq!(fault.kind(), maeul_db::FaultKind::Unavailable);
}
