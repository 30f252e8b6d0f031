//! Looks at the rows themselves, past the room's own reads.

use jiff::Timestamp;
use maeul_base::{CaseId, Fault, StaffId, UnitId};
use maeul_cases::{Event, Recorded};
use maeul_db::{Db, Engine, Tx, args};

use crate::support::OFFICE;

/// The number a query counts.
pub async fn count(db: &Db, sql: &'static str) -> i64 {
    db.read(move |tx| tx.one::<(i64,)>(sql, args![])).await.unwrap().0
}

/// The events of a case as they are kept.
pub async fn events(db: &Db, case: CaseId) -> Vec<Recorded> {
    type Line = (i64, Timestamp, String, Option<StaffId>, serde_json::Value, String);
    let lines: Vec<Line> = db
        .read(move |tx| {
            tx.all(
                "SELECT seq, at, actor_kind, actor_id, data, kind FROM cases_event
                  WHERE office_id = $1 AND case_id = $2 ORDER BY seq",
                args![OFFICE, case],
            )
        })
        .await
        .unwrap();
    lines
        .into_iter()
        .map(|(seq, at, actor_kind, actor, data, kind)| {
            let event: Event = serde_json::from_value(data).unwrap();
            assert_eq!(event.kind(), kind);
            Recorded { seq, at, actor_kind, actor, event }
        })
        .collect()
}

/// The kinds of a case's events.
pub async fn kinds(db: &Db, case: CaseId) -> Vec<&'static str> {
    events(db, case).await.iter().map(|it| it.event.kind()).collect()
}

/// Every cell of every table as text, binary ones in hexadecimal.
pub async fn everything(db: &Db) -> String {
    let all = db.read(|tx| match tx.engine() {
        Engine::Postgres => everything_pg(tx),
        Engine::Sqlite => everything_sqlite(tx),
    });
    all.await.unwrap().to_lowercase()
}

fn everything_pg(tx: &mut Tx) -> Result<String, Fault> {
    let tables: Vec<(String,)> = tx.all(
        "SELECT CAST(table_name AS text) FROM information_schema.tables
          WHERE table_schema = current_schema() ORDER BY 1",
        args![],
    )?;
    let mut text = String::new();
    for (table,) in tables {
        let rows: Vec<(String,)> =
            tx.all(&format!("SELECT CAST(t AS text) FROM {table} AS t"), args![])?;
        text.extend(rows.into_iter().map(|(row,)| format!("{table} {row}\n")));
    }
    Ok(text)
}

fn everything_sqlite(tx: &mut Tx) -> Result<String, Fault> {
    let columns: Vec<(String, String)> = tx.all(
        "SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
          WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY 1, 2",
        args![],
    )?;
    let mut text = String::new();
    for (table, column) in columns {
        let rows: Vec<(String,)> =
            tx.all(&format!("SELECT quote(\"{column}\") FROM \"{table}\""), args![])?;
        text.extend(rows.into_iter().map(|(cell,)| format!("{table}.{column} {cell}\n")));
    }
    Ok(text)
}

/// So many cases more like that one, of another unit, without events.
pub async fn multiply(db: &Db, case: CaseId, unit: UnitId, times: i64) {
    db.write(move |tx| {
        let (columns, id) = match tx.engine() {
            Engine::Sqlite => {
                ("SELECT name FROM pragma_table_info('cases_case')", "randomblob(16)")
            }
            Engine::Postgres => (
                "SELECT column_name FROM information_schema.columns
                  WHERE table_name = 'cases_case' AND table_schema = current_schema()",
                "gen_random_uuid()",
            ),
        };
        let columns: Vec<(String,)> = tx.all(columns, args![])?;
        let columns: Vec<String> = columns.into_iter().map(|(column,)| column).collect();
        let values = columns.iter().map(|column| match column.as_str() {
            "id" => id,
            "number" => "c.number || '-' || n",
            "client_key" => "NULL",
            "unit_id" => "$3",
            column => column,
        });
        let sql = format!(
            "INSERT INTO cases_case ({}) WITH RECURSIVE many (n) AS
                 (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < $4)
             SELECT {} FROM cases_case c, many WHERE c.office_id = $1 AND c.id = $2",
            columns.join(", "),
            values.collect::<Vec<_>>().join(", ")
        );
        tx.exec(&sql, args![OFFICE, case, unit, times])
    })
    .await
    .unwrap();
}
