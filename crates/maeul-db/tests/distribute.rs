//! What stands in the way of spreading tables over several machines is found in the catalogue.

use maeul_db::distribute::distribution;
use maeul_db::{Db, Engine, Migration, both_engines};

const TABLES: &str = "
    CREATE TABLE org_office (office_id integer NOT NULL, PRIMARY KEY (office_id));
    CREATE TABLE a_good (office_id integer NOT NULL, id uuid NOT NULL, PRIMARY KEY (office_id, id),
        CONSTRAINT a_good_office FOREIGN KEY (office_id) REFERENCES org_office (office_id));
    CREATE TABLE a_plain (code text NOT NULL, PRIMARY KEY (code));
    CREATE TABLE b_bad (office_id integer NOT NULL, id uuid NOT NULL, mark text NOT NULL,
        PRIMARY KEY (id));
    CREATE UNIQUE INDEX b_bad_mark ON b_bad (mark);
    CREATE UNIQUE INDEX b_bad_fine ON b_bad (office_id, mark);
    CREATE TABLE c_none (office_id integer NOT NULL);";

fn steps() -> Vec<Migration> {
    vec![Migration { room: "t", name: "0001_tables", sqlite: TABLES, postgres: TABLES }]
}

both_engines! { steps();
    async fn obstacles_are_named_and_statements_are_in_order(db: Db) {
        let found = db.read(distribution).await;
        if db.engine() == Engine::Sqlite {
            assert!(found.unwrap_err().chain().contains("only PostgreSQL"));
            return;
        }
        let found = found.unwrap();
        let obstacles: Vec<String> =
            found.obstacles.iter().map(|it| format!("{} {} {}", it.table, it.key, it.why)).collect();
        assert_eq!(obstacles, [
            "c_none  has no primary key",
            "b_bad b_bad_mark is unique without office_id",
            "b_bad b_bad_pkey is unique without office_id",
        ]);
        assert_eq!(found.distributed, ["a_good", "b_bad", "c_none"]);
        assert_eq!(found.reference, ["a_plain", "db_migration", "org_office"]);
        assert_eq!(found.statements, [
            "ALTER TABLE a_good DROP CONSTRAINT \"a_good_office\"",
            "SELECT create_reference_table('a_plain')",
            "SELECT create_reference_table('db_migration')",
            "SELECT create_reference_table('org_office')",
            "SELECT create_distributed_table('a_good', 'office_id')",
            "SELECT create_distributed_table('b_bad', 'office_id', colocate_with => 'a_good')",
            "SELECT create_distributed_table('c_none', 'office_id', colocate_with => 'a_good')",
            "ALTER TABLE a_good ADD CONSTRAINT \"a_good_office\" FOREIGN KEY (office_id) REFERENCES org_office(office_id)",
        ]);
    }
}
