//! Every table of every room can be spread over several machines by office.

use maeul_app::migrations;
use maeul_db::distribute::{apply, distribution};
use maeul_db::testing::TestDb;
use maeul_db::{Db, Engine, both_engines};

both_engines! { migrations();
    async fn no_table_stands_in_the_way(db: Db) {
        if db.engine() == Engine::Sqlite {
            return;
        }
        let plan = db.read(distribution).await.unwrap();
        assert_eq!(plan.obstacles, []);
        assert_eq!(plan.reference, ["db_migration", "org_office"]);
        assert!(plan.distributed.contains(&"cases_case".to_owned()));
    }
}

/// On a cluster, where there is one to try it on: `MAEUL_TEST_CITUS_URL=postgres://…`.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "whoever runs the test says where the cluster is")]
async fn a_cluster_takes_the_tables() {
    let Ok(url) = std::env::var("MAEUL_TEST_CITUS_URL") else { return };
    let test = TestDb::postgres(&url, migrations()).await.unwrap();
    let db = test.db().unwrap();
    let plan = db.read(distribution).await.unwrap();
    let tables = plan.distributed.len();
    db.write(move |tx| apply(tx, &plan)).await.unwrap();
    let (spread,): (i64,) = db
        .read(|tx| {
            tx.one("SELECT count(*) FROM citus_tables WHERE citus_table_type = 'distributed'", [])
        })
        .await
        .unwrap();
    assert_eq!(usize::try_from(spread).unwrap(), tables);
}
