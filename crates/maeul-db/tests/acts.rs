//! Acts on both engines: values round-trip, and what fails leaves no trace.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use maeul_base::{CaseId, DongCode, Failure, FaultKind, Ids, Lang, OfficeId, Refusal, Role, Won};
use maeul_db::{Db, Fault, Migration, Sql, Tx, args, both_engines, row};
use serde_json::{Value as Json, json};
use uuid::Uuid;

const TABLES: &str = "
    CREATE TABLE t_all (
        office_id integer NOT NULL, id uuid NOT NULL, small integer, big bigint, real double precision,
        yes boolean, word text, bytes bytea, at timestamptz, day date, doc jsonb,
        PRIMARY KEY (office_id, id)
    );
    CREATE TABLE t_key (name text PRIMARY KEY, amount bigint NOT NULL CHECK (amount >= 0));
    CREATE TABLE t_child (name text NOT NULL REFERENCES t_key (name));
";
const STEPS: &[Migration] =
    &[Migration { room: "t", name: "0001_start", sqlite: TABLES, postgres: TABLES }];

row! {
    /// Every type.
    #[derive(Clone, Debug, PartialEq)]
    pub struct All {
        /// Office.
        pub office: OfficeId,
        pub id: CaseId,
        pub small: Option<i32>,
        pub big: Option<i64>,
        pub real: Option<f64>,
        pub yes: Option<bool>,
        pub word: Option<String>,
        pub bytes: Option<Vec<u8>>,
        pub at: Option<Timestamp>,
        pub day: Option<Date>,
        pub doc: Option<Json>,
    }
}

const ALL: &str = "office_id, id, small, big, real, yes, word, bytes, at, day, doc";

fn store(tx: &mut Tx, row: &All) -> Result<(), Fault> {
    tx.exec_one(
        &format!("INSERT INTO t_all ({ALL}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"),
        args![
            row.office, row.id, row.small, row.big, row.real, row.yes, &row.word, &row.bytes,
            row.at, row.day, &row.doc
        ],
    )
}

fn load(tx: &mut Tx, id: CaseId) -> Result<Option<All>, Fault> {
    tx.get(&format!("SELECT {ALL} FROM t_all WHERE id = $1"), args![id])
}

#[derive(Debug)]
enum No {
    Taken,
}
impl Refusal for No {
    fn code(&self) -> &'static str {
        "t.taken"
    }
    fn say(&self, lang: Lang) -> String {
        lang.t("이미 있어요.", "Taken.").to_owned()
    }
}

fn put(tx: &mut Tx, name: &str, amount: i64) -> Result<(), Fault> {
    tx.insert("INSERT INTO t_key (name, amount) VALUES ($1, $2)", args![name, amount])
}

fn add(tx: &mut Tx, name: &str, amount: i64) -> Result<(), Fault> {
    tx.exec_one("INSERT INTO t_key (name, amount) VALUES ($1, $2)", args![name, amount])
}

fn names(tx: &mut Tx) -> Result<Vec<String>, Fault> {
    let rows: Vec<(String,)> = tx.all("SELECT name FROM t_key ORDER BY name", args![])?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

both_engines! { STEPS;
    async fn every_type_comes_back(db: Db) {
        let ids = Ids::seeded(7);
        let full = All {
            office: OfficeId(29140),
            id: ids.next(Timestamp::UNIX_EPOCH),
            small: Some(-5),
            big: Some(i64::MIN),
            real: Some(0.1),
            yes: Some(true),
            word: Some("가로등이 '고장' 났어요 \u{1f4a1}".to_owned()),
            bytes: Some(vec![0, 255, 7]),
            at: Some("1969-12-31T23:59:59.123456Z".parse().unwrap()),
            day: Some(date(1948, 8, 15)),
            doc: Some(json!({"가": [1, 2.5, null, "x"], "b": {"c": true}})),
        };
        let empty = All {
            id: ids.next(Timestamp::UNIX_EPOCH),
            small: None, big: None, real: None, yes: None, word: None, bytes: None, at: None,
            day: None, doc: None, ..full.clone()
        };
        let odd = All {
            id: ids.next(Timestamp::UNIX_EPOCH),
            big: Some(i64::MAX),
            yes: Some(false),
            word: Some(String::new()),
            bytes: Some(vec![]),
            at: Some("2026-06-08T01:30:00.000001Z".parse().unwrap()),
            day: Some(date(2026, 12, 31)),
            doc: Some(json!(12)),
            ..full.clone()
        };
        for row in [full, empty, odd] {
            let (stored, id) = (row.clone(), row.id);
            db.write(move |tx| store(tx, &stored)).await.unwrap();
            assert_eq!(db.read(move |tx| load(tx, id)).await.unwrap(), Some(row.clone()));
            // The same inside the transaction that wrote it, and found by each of its values.
            let count = db.read(move |tx| {
                tx.one::<(i64,)>(
                    "SELECT count(*) FROM t_all WHERE id = $7 AND (big = $1 OR word = $2 OR at = $3
                        OR day = $4 OR yes = $5 OR bytes = $6 OR small IS NULL)",
                    args![row.big, &row.word, row.at, row.day, row.yes, &row.bytes, row.id],
                )
            }).await.unwrap();
            assert_eq!(count, (1,));
        }
    }

    async fn small_types(db: Db) {
        type Small = (OfficeId, Won, DongCode, usize, Option<i64>);
        let id: CaseId = Ids::seeded(1).next(Timestamp::UNIX_EPOCH);
        let dong: DongCode = "2914057500".parse().unwrap();
        let bound = dong.clone();
        db.write(move |tx| tx.exec_one(
            "INSERT INTO t_all (office_id, id, big, word, small) VALUES ($1, $2, $3, $4, $5)",
            args![OfficeId(1), id, Won(-3), &bound, 7_usize],
        )).await.unwrap();
        let got: Small = db.read(move |tx| tx.one(
            "SELECT office_id, big, word, small, NULL FROM t_all WHERE id = $1", args![Uuid::from(id)],
        )).await.unwrap();
        assert_eq!(got, (OfficeId(1), Won(-3), dong, 7, None));
        let role: (Role,) = db.read(|tx| tx.one("SELECT CAST($1 AS text)", args![Role::Head])).await.unwrap();
        assert_eq!(role, (Role::Head,));
    }

    async fn a_refusal_or_fault_leaves_no_trace(db: Db) {
        let refused = db.write(|tx| {
            add(tx, "half", 1)?;
            Err::<(), Failure<No>>(Failure::Refused(No::Taken))
        }).await;
        assert!(matches!(refused, Err(Failure::Refused(No::Taken))));
        let unique = db.write(|tx| {
            add(tx, "a", 1)?;
            add(tx, "a", 1)
        }).await.unwrap_err();
        assert_eq!(unique.kind(), FaultKind::Unique);
        let check = db.write(|tx| add(tx, "b", -1)).await.unwrap_err();
        assert_eq!(check.kind(), FaultKind::Constraint);
        let foreign = db
            .write(|tx| tx.exec("INSERT INTO t_child (name) VALUES ($1)", args!["none"]))
            .await.unwrap_err();
        assert_eq!(foreign.kind(), FaultKind::Constraint);
        let null = db
            .write(|tx| tx.exec("INSERT INTO t_key (name, amount) VALUES ($1, $2)", args!["n", None::<i64>]))
            .await.unwrap_err();
        assert_eq!(null.kind(), FaultKind::Constraint);
        assert_eq!(db.read(names).await.unwrap(), Vec::<String>::new());
    }

    async fn a_swallowed_fault_does_not_commit(db: Db) {
        let result = db.write(|tx| {
            add(tx, "a", 1)?;
            let _ignored = add(tx, "a", 1);
            Ok::<_, Fault>(())
        }).await;
        assert!(result.is_err());
        let after = db.write(|tx| {
            let _ignored = add(tx, "a", -1);
            add(tx, "b", 1)
        }).await.unwrap_err();
        assert!(after.chain().contains("after one that failed"), "{}", after.chain());
        assert_eq!(db.read(names).await.unwrap(), Vec::<String>::new());
    }

    async fn an_attempt_is_fenced(db: Db) {
        db.write(|tx| {
            add(tx, "a", 1)?;
            let twice = tx.attempt(|tx| {
                add(tx, "b", 1)?;
                tx.attempt(|tx| add(tx, "c", 1))?;
                add(tx, "a", 1)
            });
            assert_eq!(twice.unwrap_err().kind(), FaultKind::Unique);
            tx.attempt(|tx| add(tx, "d", 1))
        }).await.unwrap();
        assert_eq!(db.read(names).await.unwrap(), ["a", "d"]);
    }

    async fn an_insert_that_is_not_waited_for_fails_all_the_same(db: Db) {
        db.write(|tx| {
            put(tx, "a", 1)?;
            put(tx, "b", 2)?;
            assert_eq!(names(tx)?, ["a", "b"]);
            put(tx, "c", 3)
        }).await.unwrap();
        let with_the_commit = db.write(|tx| put(tx, "a", 1)).await.unwrap_err();
        assert_eq!(with_the_commit.kind(), FaultKind::Unique);
        assert!(with_the_commit.chain().contains("INSERT INTO t_key"), "{}", with_the_commit.chain());
        let with_the_next_answer = db.write(|tx| {
            put(tx, "d", -1)?;
            names(tx)
        }).await.unwrap_err();
        assert_eq!(with_the_next_answer.kind(), FaultKind::Constraint);
        let refused = db.write(|tx| {
            put(tx, "half", 1)?;
            Err::<(), Failure<No>>(Failure::Refused(No::Taken))
        }).await;
        assert!(matches!(refused, Err(Failure::Refused(No::Taken))));
        db.write(|tx| {
            put(tx, "d", 4)?;
            let fenced = tx.attempt(|tx| {
                put(tx, "e", 5)?;
                put(tx, "a", 1)
            });
            assert_eq!(fenced.unwrap_err().kind(), FaultKind::Unique);
            put(tx, "f", 6)
        }).await.unwrap();
        assert_eq!(db.read(names).await.unwrap(), ["a", "b", "c", "d", "f"]);
    }

    async fn a_panic_is_one_callers_fault(db: Db) {
        let fault = db.write(|tx| {
            add(tx, "half", 1)?;
            panic!("on purpose");
            #[expect(unreachable_code, reason = "gives the closure its type")]
            Ok::<(), Fault>(())
        }).await.unwrap_err();
        assert!(fault.chain().contains("panicked"));
        let fault = db.read(|tx| {
            names(tx)?;
            panic!("on purpose");
            #[expect(unreachable_code, reason = "gives the closure its type")]
            Ok::<(), Fault>(())
        }).await.unwrap_err();
        assert!(fault.chain().contains("panicked"));
        db.write(|tx| add(tx, "after", 1)).await.unwrap();
        assert_eq!(db.read(names).await.unwrap(), ["after"]);
    }

    async fn one_failing_act_does_not_touch_the_others(db: Db) {
        let acts = (0..200).map(|n: i64| {
            let db = db.clone();
            tokio::spawn(async move {
                let result = db.write(move |tx| {
                    add(tx, &format!("n{n:03}"), n)?;
                    match n % 4 {
                        1 => add(tx, &format!("n{n:03}"), n),
                        2 => Err(Fault::other("no")),
                        3 => panic!("on purpose"),
                        _ => Ok(()),
                    }
                }).await;
                assert_eq!(result.is_ok(), n % 4 == 0);
            })
        }).collect::<Vec<_>>();
        for act in acts {
            act.await.unwrap();
        }
        let wanted: Vec<String> = (0..200).step_by(4).map(|n| format!("n{n:03}")).collect();
        assert_eq!(db.read(names).await.unwrap(), wanted);
    }

    async fn rows_are_counted(db: Db) {
        let kind = |fault: Fault| fault.kind();
        db.write(|tx| {
            assert_eq!(tx.exec_many("INSERT INTO t_key (name, amount) VALUES ($1, $2)",
                (0..600).map(|n: i64| args![format!("k{n:03}"), n]))?, 600);
            Ok::<_, Fault>(())
        }).await.unwrap();
        let none = db.write(|tx| tx.exec_one("UPDATE t_key SET amount = 1 WHERE name = $1", args!["x"])).await;
        assert_eq!(none.map_err(kind), Err(FaultKind::RowCount));
        let many = db.write(|tx| tx.exec_one("DELETE FROM t_key", args![])).await;
        assert_eq!(many.map_err(kind), Err(FaultKind::RowCount));
        let two = db.read(|tx| tx.get::<(String,)>("SELECT name FROM t_key", args![])).await;
        assert_eq!(two.map_err(kind), Err(FaultKind::RowCount));
        let zero = db.read(|tx| tx.one::<(String,)>("SELECT name FROM t_key WHERE amount = $1", args![-1])).await;
        assert_eq!(zero.map_err(kind), Err(FaultKind::RowCount));
        let count: (i64,) = db.read(|tx| tx.one("SELECT count(*) FROM t_key", args![])).await.unwrap();
        assert_eq!(count, (600,));
        let returned: Vec<(String,)> = db.write(|tx| tx.all(
            "UPDATE t_key SET amount = amount + $2 WHERE name = $1 RETURNING name", args!["k001", 5])).await.unwrap();
        assert_eq!(returned.len(), 1);
    }

    async fn what_cannot_be_read_is_a_fault(db: Db) {
        db.write(|tx| add(tx, "a", 300)).await.unwrap();
        let wrong = db.read(|tx| tx.one::<(u8,)>("SELECT amount FROM t_key", args![])).await.unwrap_err();
        assert_eq!(wrong.kind(), FaultKind::Decode);
        assert!(wrong.chain().contains("amount"), "{}", wrong.chain());
        let wrong = db.read(|tx| tx.one::<(String,)>("SELECT amount FROM t_key", args![])).await.unwrap_err();
        assert_eq!(wrong.kind(), FaultKind::Decode);
        let wrong = db.read(|tx| tx.one::<(String,)>("SELECT name, amount FROM t_key", args![])).await.unwrap_err();
        assert_eq!(wrong.kind(), FaultKind::Decode);
        let wrong = db.read(|tx| tx.one::<(i64,)>("SELECT max(amount) FROM t_key WHERE name = $1", args!["x"])).await.unwrap_err();
        assert_eq!(wrong.kind(), FaultKind::Decode);
    }

    async fn values_and_placeholders_must_match(db: Db) {
        let sql = "SELECT name FROM t_key WHERE amount = $2 AND name = $1";
        assert!(db.read(|tx| tx.all::<(String,)>(sql, args!["a"])).await.is_err());
        assert!(db.read(|tx| tx.all::<(String,)>(sql, args!["a", 1, 2])).await.is_err());
        assert!(db.read(|tx| tx.all::<(String,)>(sql, args!["a", 1])).await.is_ok());
    }

    async fn a_read_may_not_write(db: Db) {
        assert!(db.read(|tx| add(tx, "a", 1)).await.is_err());
        assert_eq!(db.read(names).await.unwrap(), Vec::<String>::new());
        db.write(|tx| add(tx, "a", 1)).await.unwrap();
    }

    async fn a_read_sees_one_snapshot(db: Db) {
        db.write(|tx| add(tx, "a", 1)).await.unwrap();
        let (writer, runtime) = (db.clone(), tokio::runtime::Handle::current());
        let seen = db.read(move |tx| {
            let before = names(tx)?;
            let writer = writer.clone();
            runtime.block_on(async move { writer.write(|tx| add(tx, "b", 1)).await })?;
            Ok::<_, Fault>((before, names(tx)?))
        }).await.unwrap();
        assert_eq!(seen.0, seen.1);
        assert_eq!(db.read(names).await.unwrap(), ["a", "b"]);
    }

    async fn built_statements(db: Db) {
        db.write(|tx| {
            for n in 0..9 { add(tx, &format!("n{n}"), n)?; }
            Ok::<_, Fault>(())
        }).await.unwrap();
        let mut sql = Sql::new("SELECT name FROM t_key WHERE amount > ? AND name <> '?'", args![2]);
        sql.add(" AND amount < ?", args![8]).and_in("name", &["n4", "n5", "n8"]);
        sql.add(" ORDER BY name DESC LIMIT ?", args![1]);
        let found: Vec<(String,)> = db.read(move |tx| tx.all(sql.text(), sql.args())).await.unwrap();
        assert_eq!(found, [("n5".to_owned(),)]);
        let mut none = Sql::new("SELECT name FROM t_key WHERE amount >= ?", args![0]);
        none.and_in::<i64>("amount", &[]);
        assert!(db.read(move |tx| tx.all::<(String,)>(none.text(), none.args())).await.unwrap().is_empty());
    }

    /// Forty acts add one to the same row after reading it: none is lost.
    async fn no_update_is_lost(db: Db) {
        db.write(|tx| add(tx, "sum", 0)).await.unwrap();
        let acts: Vec<_> = (0..40).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                for _ in 0..50 {
                    let done = db.write(|tx| {
                        let (now,): (i64,) = tx.one("SELECT amount FROM t_key WHERE name = $1", args!["sum"])?;
                        tx.exec_one("UPDATE t_key SET amount = $2 WHERE name = $1", args!["sum", now + 1])
                    }).await;
                    match done {
                        Ok(()) => return true,
                        Err(fault) => assert_eq!(fault.kind(), FaultKind::Retry),
                    }
                }
                false
            })
        }).collect();
        for act in acts {
            assert!(act.await.unwrap());
        }
        let sum: (i64,) = db.read(|tx| tx.one("SELECT amount FROM t_key", args![])).await.unwrap();
        assert_eq!(sum, (40,));
    }

    /// "Find it or insert it" from many sides at once inserts once and refuses nobody.
    async fn find_or_insert_races_are_run_again(db: Db) {
        let acts: Vec<_> = (0..16).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                db.write(|tx| {
                    let found: Option<(i64,)> = tx.get("SELECT amount FROM t_key WHERE name = $1", args!["k"])?;
                    match found {
                        Some(_) => Ok(false),
                        None => add(tx, "k", 1).map(|()| true),
                    }
                }).await
            })
        }).collect();
        let mut inserted = 0;
        for act in acts {
            inserted += u32::from(act.await.unwrap().unwrap());
        }
        assert_eq!(inserted, 1);
    }
}
