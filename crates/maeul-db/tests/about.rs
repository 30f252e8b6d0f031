//! What the doctor and a balancer ask of a database.

use maeul_db::{Db, Engine, Migration, both_engines};

const STEP: Migration = Migration {
    room: "t",
    name: "0001",
    sqlite: "CREATE TABLE t (id integer)",
    postgres: "CREATE TABLE t (id integer)",
};

both_engines! { vec![STEP];
    async fn a_database_says_what_it_is(db: Db) {
        db.ping().await.unwrap();
        let about = db.about().await.unwrap();
        assert!(about.encoding.replace('-', "").eq_ignore_ascii_case("utf8"), "{about:?}");
        match db.engine() {
            Engine::Sqlite => assert!(about.major == 3 && about.durable && about.now.is_none()),
            Engine::Postgres => assert!(about.major >= 15 && about.now.is_some(), "{about:?}"),
        }
    }

    async fn steps_that_differ_are_named(db: Db) {
        let standing = db.standing(&[STEP]).await.unwrap();
        assert!(standing.is_current() && standing.unknown.is_empty(), "{standing:?}");
        let changed = Migration { sqlite: "CREATE TABLE u (id integer)", postgres: "CREATE TABLE u (id integer)", ..STEP };
        let later = Migration { name: "0002", ..STEP };
        let standing = db.standing(&[changed, later]).await.unwrap();
        assert_eq!((standing.changed, standing.pending), (vec!["t/0001".into()], vec!["t/0002".into()]));
        assert_eq!(db.standing(&[]).await.unwrap().unknown, ["t/0001"]);
    }
}
