//! Makes an office large: `bench_fill DATABASE OFFICE CASES` copies the cases a demonstration put
//! into the database, with their events, people, public picture and words, until the office holds
//! that many. The copies are spread over ten years; only the first are copied open, for an office
//! holds far more answered cases than open ones. No server may run meanwhile.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a measuring tool: it stops where something is wrong"
)]

use maeul_base::OfficeId;
use maeul_db::{Db, DbOptions, Engine, args, search};

/// A table that grows with the cases: which columns are ids of what is copied, which are moved in
/// time, and which must differ from copy to copy.
struct Grown {
    table: &'static str,
    case: &'static str,
    ids: &'static [&'static str],
    times: &'static [&'static str],
    unique: &'static [&'static str],
}

const GROWN: &[Grown] = &[
    Grown {
        table: "cases_case",
        case: "id",
        ids: &["id", "petitioner_id"],
        times: &["received_at", "unit_since", "due_at", "closed_at", "updated_at"],
        unique: &["number", "client_key"],
    },
    Grown { table: "cases_event", case: "case_id", ids: &["case_id"], times: &["at"], unique: &[] },
    Grown {
        table: "cases_party",
        case: "case_id",
        ids: &["id", "case_id"],
        times: &["created_at"],
        unique: &[],
    },
    Grown {
        table: "public_case",
        case: "case_id",
        ids: &["case_id"],
        times: &["received_at", "due_at", "closed_at", "changed_at"],
        unique: &["public_id"],
    },
    Grown {
        table: "public_text",
        case: "case_id",
        ids: &["case_id"],
        times: &["shown_at"],
        unique: &[],
    },
    Grown {
        table: "public_decision",
        case: "case_id",
        ids: &["case_id"],
        times: &["at"],
        unique: &[],
    },
    Grown {
        table: "follow_case",
        case: "case_id",
        ids: &["case_id"],
        times: &["due_at"],
        unique: &[],
    },
    Grown { table: "cases_search", case: "id", ids: &["id"], times: &["at"], unique: &[] },
    Grown { table: "public_search", case: "id", ids: &["id"], times: &["at"], unique: &[] },
];

/// How often what is open is copied too.
const OPEN_COPIES: i64 = 20;
/// Over how many days the copies are spread.
const DAYS: i64 = 3_650;
/// How many copies of everything one transaction makes.
const STEP: i64 = 50;

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [url, office, cases] = words.as_slice() else { panic!("DATABASE OFFICE CASES") };
    let (office, cases): (i32, i64) = (office.parse().unwrap(), cases.parse().unwrap());
    let office = OfficeId(office);
    let schema = url.starts_with("postgres").then(|| "maeul_demo".to_owned());
    // A fill that is broken off is begun again from nothing.
    let options = DbOptions { schema, durable: false, ..DbOptions::default() };
    let db = Db::open(url, options).await.unwrap();
    let engine = db.engine();
    let (mut next, open, closed, have) = db
        .write(move |tx| {
            tx.exec("CREATE TABLE IF NOT EXISTS bench_first (id uuid PRIMARY KEY, closed integer NOT NULL)", args![])?;
            tx.exec("CREATE TABLE IF NOT EXISTS bench_copies (n bigint NOT NULL)", args![])?;
            let (made,): (i64,) = tx.one("SELECT CAST(COALESCE(MAX(n), -1) AS BIGINT) FROM bench_copies", args![])?;
            if made < 0 {
                tx.exec("INSERT INTO bench_copies VALUES (0)", args![])?;
                tx.exec(
                    "INSERT INTO bench_first SELECT id, CASE WHEN state = 'closed' THEN 1 ELSE 0 END
                     FROM cases_case WHERE office_id = $1",
                    args![office],
                )?;
            }
            let count = |closed: i64| ("SELECT count(*) FROM bench_first WHERE closed = $1", args![closed]);
            let (sql, how) = count(0);
            let (open,): (i64,) = tx.one(sql, how)?;
            let (sql, how) = count(1);
            let (closed,): (i64,) = tx.one(sql, how)?;
            let (have,): (i64,) = tx.one("SELECT count(*) FROM cases_case WHERE office_id = $1", args![office])?;
            Ok::<_, maeul_base::Fault>((made.max(0) + 1, open, closed, have))
        })
        .await
        .unwrap();
    let mut have = have;
    while have < cases {
        let mut until = next + STEP - 1;
        if next <= OPEN_COPIES {
            until = until.min(OPEN_COPIES);
        }
        let each = if next <= OPEN_COPIES { open + closed } else { closed };
        // The last step makes no more than are wanted.
        until = until.min(next + (cases - have) / each);
        db.write(move |tx| {
            for grown in GROWN {
                let columns: Vec<(String,)> = match engine {
                    Engine::Sqlite => tx.all(
                        "SELECT name FROM pragma_table_info($1) WHERE name <> 'seq' OR $1 NOT LIKE '%_search'",
                        args![grown.table],
                    )?,
                    Engine::Postgres => tx.all(
                        "SELECT CAST(column_name AS TEXT) FROM information_schema.columns
                         WHERE table_schema = current_schema() AND table_name = $1",
                        args![grown.table],
                    )?,
                };
                let names: Vec<&str> = columns.iter().map(|(name,)| name.as_str()).collect();
                let values: Vec<String> = names.iter().map(|name| value(engine, grown, name)).collect();
                let open = if next <= OPEN_COPIES { "" } else { " AND first.closed = 1" };
                tx.exec(
                    &format!(
                        "WITH RECURSIVE copies(k) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT k + 1 FROM copies WHERE k < $2)
                         INSERT INTO {table} ({into}) SELECT {values} FROM copies CROSS JOIN bench_first AS first
                         JOIN {table} AS t ON t.office_id = $3 AND t.{case} = first.id WHERE true{open}",
                        table = grown.table,
                        into = names.join(", "),
                        values = values.join(", "),
                        case = grown.case,
                    ),
                    args![next, until, office],
                )?;
            }
            tx.exec("UPDATE bench_copies SET n = $1", args![until])?;
            Ok::<_, maeul_base::Fault>(())
        })
        .await
        .unwrap();
        have += (until - next + 1) * each;
        next = until + 1;
        eprintln!("{have} cases");
    }
    db.write(move |tx| {
        tx.exec("DELETE FROM cases_count_delta WHERE office_id = $1", args![office])?;
        tx.exec("DELETE FROM cases_count WHERE office_id = $1", args![office])?;
        let nil = match engine {
            Engine::Sqlite => "zeroblob(16)",
            Engine::Postgres => "CAST('00000000-0000-0000-0000-000000000000' AS uuid)",
        };
        let day = match engine {
            Engine::Sqlite => "'9999-12-31'",
            Engine::Postgres => "DATE '9999-12-31'",
        };
        tx.exec(
            &format!(
                "INSERT INTO cases_count (office_id, unit_id, assignee_id, state, due_on, n)
                 SELECT office_id, COALESCE(unit_id, {nil}),
                     CASE WHEN state = 'closed' THEN {nil} ELSE COALESCE(assignee_id, {nil}) END, state,
                     CASE WHEN state = 'closed' THEN {day} ELSE COALESCE(due_on, {day}) END, count(*)
                 FROM cases_case WHERE office_id = $1 GROUP BY 1, 2, 3, 4, 5"
            ),
            args![office],
        )?;
        for table in ["cases_search", "public_search"] {
            search::renumber(tx, table)?;
        }
        tx.exec("ANALYZE", args![])?;
        Ok::<_, maeul_base::Fault>(())
    })
    .await
    .unwrap();
    println!("{have}");
}

/// What a column of copy `k` holds.
fn value(engine: Engine, grown: &Grown, column: &str) -> String {
    let days = format!("(copies.k * 37 % {DAYS})");
    let lite = engine == Engine::Sqlite;
    if grown.ids.contains(&column) {
        // In the middle: the bytes before keep the order of time.
        return if lite {
            format!(
                "unhex(substr(hex(t.{column}), 1, 20) || printf('%08X', copies.k) || substr(hex(t.{column}), 29))"
            )
        } else {
            let plain = format!("replace(CAST(t.{column} AS text), '-', '')");
            format!(
                "CAST(substr({plain}, 1, 20) || lpad(to_hex(copies.k), 8, '0') || substr({plain}, 29) AS uuid)"
            )
        };
    }
    if grown.times.contains(&column) {
        return if lite {
            format!(
                "CASE WHEN t.{column} > 4102444800000000 THEN t.{column} ELSE t.{column} - {days} * 86400000000 END"
            )
        } else {
            format!(
                "CASE WHEN t.{column} > TIMESTAMPTZ '2100-01-01' THEN t.{column} ELSE t.{column} - {days} * INTERVAL '1 day' END"
            )
        };
    }
    if grown.table == "cases_party" {
        // A contact is sealed for its own row and opens in no other: the copies come without a name.
        match column {
            "anonymous" => return (if lite { "1" } else { "true" }).to_owned(),
            "name" | "phone" | "email" | "phone_hash" | "email_hash" | "prefers" => {
                return "NULL".to_owned();
            }
            _ => {}
        }
    }
    if grown.unique.contains(&column) {
        return format!("t.{column} || '-' || CAST(copies.k AS TEXT)");
    }
    format!("t.{column}")
}
