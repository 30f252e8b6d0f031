//! Backups keep every row of either engine and bring it into either.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::date;
use maeul_base::{Failure, Fault, OfficeId};
use maeul_db::backup::{BackupKey, BackupRefusal, Manifest, Opening, back_up, restore, verify};
use maeul_db::testing::{TestDb, postgres_url};
use maeul_db::{Db, DbOptions, Engine, Migration, Tx, Value, args, both_engines, search};
use serde_json::json;
use uuid::Uuid;

const KEY: BackupKey = BackupKey::File([9; 32]);
/// How long a writer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
const OFFICE: OfficeId = OfficeId(29140);

/// A table of every type, two that point to each other's rows and to themselves, and a search.
fn steps() -> Vec<Migration> {
    let all = "CREATE TABLE t_all (
         office_id integer NOT NULL, id uuid NOT NULL, word text, big bigint, yes boolean,
         at timestamptz, day date, body jsonb, raw bytea, x double precision,
         PRIMARY KEY (office_id, id));
       CREATE TABLE t_unit (
         office_id integer NOT NULL, id uuid NOT NULL, parent_id uuid,
         PRIMARY KEY (office_id, id),
         FOREIGN KEY (office_id, parent_id) REFERENCES t_unit (office_id, id));
       CREATE TABLE t_a_staff (
         office_id integer NOT NULL, id uuid NOT NULL, unit_id uuid NOT NULL,
         PRIMARY KEY (office_id, id),
         FOREIGN KEY (office_id, unit_id) REFERENCES t_unit (office_id, id));";
    vec![
        Migration { room: "t", name: "0001_start", sqlite: all, postgres: all },
        Migration {
            room: "t",
            name: "0002_search",
            sqlite: search::sqlite_ddl("t_search").leak(),
            postgres: search::postgres_ddl("t_search").leak(),
        },
    ]
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn fill(tx: &mut Tx) -> Result<(), Fault> {
    // A child may stand before its parent in the file.
    tx.exec("INSERT INTO t_unit VALUES ($1, $2, NULL)", args![OFFICE, id(9)])?;
    tx.exec("INSERT INTO t_unit VALUES ($1, $2, $3)", args![OFFICE, id(1), id(9)])?;
    tx.exec("INSERT INTO t_a_staff VALUES ($1, $2, $3)", args![OFFICE, id(3), id(1)])?;
    let rows = (0..1_234_u32).map(|n| {
        let null = n % 7 == 0;
        let some = |value: Value| if null { Value::Null } else { value };
        [
            Value::Int(29140),
            Value::Uuid(id(n.into())),
            some(Value::Text(format!("마을 \"{n}\"\n\u{1F3E1}"))),
            some(Value::Int(i64::MIN + i64::from(n))),
            some(Value::Bool(n % 2 == 0)),
            some(Value::At(
                Timestamp::from_microsecond(1_700_000_000_123_456 + i64::from(n)).unwrap(),
            )),
            some(Value::Day(date(2026, 11, 22))),
            some(Value::Json(
                json!({ "z": [1, 2.5, null, "가"], "a": { "c": n, "b": true } }).to_string(),
            )),
            some(Value::Bytes(vec![0, 255, u8::try_from(n % 256).unwrap()])),
            some(Value::Float(f64::from(n) / 3.0)),
        ]
    });
    tx.exec_many("INSERT INTO t_all VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", rows)?;
    // The later one first: the order of time is not the order of writing.
    for (n, second) in [(5, 200), (6, 100)] {
        let at = Timestamp::from_second(second).unwrap();
        let entry = search::Entry { at, tags: &[], grams: "가로 로등 고장" };
        search::put(tx, "t_search", OFFICE, id(n), entry)?;
    }
    Ok(())
}

fn opening() -> Opening {
    Opening {
        version: "0.1.0".into(),
        made_at: Timestamp::UNIX_EPOCH,
        engine: String::new(),
        migrations: vec![],
        field_key: Some("abcdef".into()),
    }
}

async fn made(db: &Db, file: &Path) -> Manifest {
    back_up(db, file, KEY, opening(), [4; 32], Arc::new(|_, _| ())).await.unwrap().1
}

async fn brought(db: &Db, file: &Path) -> Result<Manifest, BackupRefusal> {
    let done = restore(db, file, KEY, &steps(), Timestamp::UNIX_EPOCH, Arc::new(|_, _| ())).await;
    match done {
        Ok((_, manifest)) => Ok(manifest),
        Err(Failure::Refused(refusal)) => Err(refusal),
        Err(Failure::Fault(fault)) => panic!("{}", fault.chain()),
    }
}

/// An empty database of each engine that is there to be tested.
async fn empty(folder: &Path) -> Vec<(Db, Option<TestDb>)> {
    let url = format!("sqlite:{}", folder.join("restored.db").display());
    let mut found = vec![(Db::open(&url, DbOptions::default()).await.unwrap(), None)];
    if let Some(url) = postgres_url() {
        let test = TestDb::postgres(&url, vec![]).await.unwrap();
        found.push((test.db().unwrap(), Some(test)));
    }
    found
}

both_engines! { steps();
    async fn every_row_comes_back_on_either_engine(db: Db) {
        db.write(fill).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("maeul.backup");
        let manifest = made(&db, &file).await;
        let counts: Vec<_> = manifest.tables.iter().map(|it| (it.name.as_str(), it.rows)).collect();
        assert_eq!(counts, [("t_a_staff", 1), ("t_all", 1_234), ("t_search", 2), ("t_unit", 2)]);
        let (opening, seen) = verify(&file, &KEY, &(Arc::new(|_: &str, _| ()) as _)).unwrap();
        assert_eq!(seen, manifest);
        assert_eq!(opening.migrations, ["t/0001_start", "t/0002_search"]);
        for (other, _test) in empty(folder.path()).await {
            assert_eq!(brought(&other, &file).await.unwrap(), manifest, "{:?}", other.engine());
            // The search is whole, and the rules between tables hold again.
            let found = other.read(|tx| {
                let asked = search::Asked { phrases: vec!["로등 고장".into()], ..Default::default() };
                search::newest(tx, "t_search", OFFICE, &asked, 9, |_, ids: &[Uuid]| {
                    Ok::<_, Fault>(ids.iter().map(|id| (*id, *id)).collect())
                })
            }).await.unwrap();
            assert_eq!(found, [id(5), id(6)]);
            let orphan = other.write(|tx| {
                tx.exec_one("INSERT INTO t_a_staff VALUES ($1, $2, $3)", args![OFFICE, id(8), id(77)])
            }).await;
            assert!(orphan.is_err());
            assert_eq!(brought(&other, &file).await, Err(BackupRefusal::NotEmpty("t_a_staff".into())));
        }
    }

    async fn the_same_rows_give_the_same_sums_on_both_engines(db: Db) {
        db.write(fill).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let manifest = made(&db, &folder.path().join("a")).await;
        let all = manifest.tables.iter().find(|it| it.name == "t_all").unwrap();
        assert_eq!(all.sha256, "ec2a20d666a612cc2ab91f97966fb187db1181a8d1765febbdc86a2d376c24c9");
    }

    async fn a_backup_while_others_write_is_of_one_moment(db: Db) {
        db.write(|tx| tx.exec_one("INSERT INTO t_unit VALUES (1, $1, NULL)", args![id(0)])).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let writer = db.clone();
        let (wrote, mut written) = tokio::sync::watch::channel(0_u64);
        // Each act adds one row to both tables: in every moment they hold as many. It ends with who waits for it.
        let writing = tokio::spawn(async move {
            for n in 1.. {
                writer.write(move |tx| {
                    tx.exec_one("INSERT INTO t_unit VALUES (1, $1, NULL)", args![id(n.into())])?;
                    tx.exec_one("INSERT INTO t_a_staff VALUES (1, $1, $1)", args![id(n.into())])
                }).await.unwrap();
                if wrote.send(n).is_err() {
                    break;
                }
            }
        });
        let mut last = 0;
        for turn in 0..5 {
            let more = written.wait_for(|n| *n > last);
            tokio::time::timeout(PATIENCE, more).await.expect("the writer is held up").unwrap();
            let manifest = made(&db, &folder.path().join(format!("{turn}"))).await;
            let rows = |name: &str| manifest.tables.iter().find(|it| it.name == name).unwrap().rows;
            assert_eq!(rows("t_a_staff") + 1, rows("t_unit"));
            assert!(rows("t_a_staff") > last, "what was written is kept");
            last = rows("t_a_staff");
        }
        drop(written);
        writing.await.unwrap();
    }

    async fn a_failed_restore_leaves_the_database_empty(db: Db) {
        db.write(fill).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("maeul.backup");
        let manifest = made(&db, &file).await;
        let whole = std::fs::read(&file).unwrap();
        let cut = folder.path().join("cut");
        std::fs::write(&cut, &whole[..whole.len() - 2_000]).unwrap();
        for (other, _test) in empty(folder.path()).await {
            let refused = brought(&other, &cut).await;
            assert!(matches!(refused, Err(BackupRefusal::Damaged | BackupRefusal::WrongKey)), "{refused:?}");
            // Nothing of it stayed, so the whole one still goes in.
            assert_eq!(brought(&other, &file).await.unwrap(), manifest);
        }
    }
}

#[test]
fn nothing_is_left_of_a_backup_that_failed() {
    maeul_db::testing::run(Engine::Sqlite, steps(), async |db: Db| {
        let folder = tempfile::tempdir().unwrap();
        let there = folder.path().join("there");
        std::fs::write(&there, "mine").unwrap();
        let done = back_up(&db, &there, KEY, opening(), [0; 32], Arc::new(|_, _| ())).await;
        assert!(done.is_err());
        assert_eq!(std::fs::read_to_string(&there).unwrap(), "mine");
        let nowhere = PathBuf::from("/nonexistent/backup");
        assert!(
            back_up(&db, &nowhere, KEY, opening(), [0; 32], Arc::new(|_, _| ())).await.is_err()
        );
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    });
}

#[test]
fn a_backup_of_a_newer_program_is_refused() {
    maeul_db::testing::run(Engine::Sqlite, steps(), async |db: Db| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("maeul.backup");
        made(&db, &file).await;
        let url = format!("sqlite:{}", folder.path().join("old.db").display());
        let old = Db::open(&url, DbOptions::default()).await.unwrap();
        let done =
            restore(&old, &file, KEY, &steps()[..1], Timestamp::UNIX_EPOCH, Arc::new(|_, _| ()))
                .await;
        let Err(Failure::Refused(refusal)) = done else { panic!("taken") };
        assert_eq!(refusal, BackupRefusal::Newer("t/0002_search".into()));
    });
}
