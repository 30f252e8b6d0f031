//! SQLite's log is moved into the file while acts go on, and begins anew.

use maeul_db::testing::TestDb;
use maeul_db::{Migration, args};

const TABLES: &str = "CREATE TABLE t_heap (bytes bytea NOT NULL);";
const STEPS: &[Migration] =
    &[Migration { room: "t", name: "0001_start", sqlite: TABLES, postgres: TABLES }];
const MEGABYTE: usize = 1 << 20;

#[tokio::test]
async fn unbroken_writing_does_not_let_the_log_grow() {
    let test = TestDb::sqlite(STEPS).await.unwrap();
    let db = test.db().unwrap();
    let writers = (0..4).map(|_| {
        let db = db.clone();
        tokio::spawn(async move {
            for _ in 0..50 {
                let heap = vec![7_u8; MEGABYTE];
                db.write(move |tx| tx.exec_one("INSERT INTO t_heap VALUES ($1)", args![heap]))
                    .await
                    .unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let (url, _) = test.address();
    let log = format!("{}-wal", url.strip_prefix("sqlite:").unwrap());
    let long = std::fs::metadata(log).unwrap().len();
    assert!(long < 100 * MEGABYTE as u64, "200 MB were written, and the log has {long} bytes");
    let kept: (i64,) = db.read(|tx| tx.one("SELECT count(*) FROM t_heap", args![])).await.unwrap();
    assert_eq!(kept, (200,));
}
