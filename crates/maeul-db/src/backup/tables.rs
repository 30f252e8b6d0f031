//! Which tables a database has, with their columns, and how the rules between them are laid aside
//! while rows come in.

use maeul_base::Fault;

use super::form::{Column, Kind, Table};
use crate::{Engine, Tx, args, search};

/// The record of applied steps is made anew where a backup is restored.
const OWN: &str = "db_migration";

const TABLES: &str = "SELECT CAST(table_name AS text) FROM information_schema.tables
     WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'";

const COLUMNS: &str = "SELECT CAST(column_name AS text), CAST(data_type AS text)
      FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position";

const KEYS: &str = "SELECT CAST(CAST(conrelid AS regclass) AS text), CAST(conname AS text),
           pg_get_constraintdef(oid)
      FROM pg_constraint
     WHERE contype = 'f' AND connamespace = CAST(current_schema() AS regnamespace)
     ORDER BY 1, 2";

/// Every table that holds something of its own, in order of name. SQLite's search index is left
/// out: it is built again from the texts beside it.
pub(super) fn tables(tx: &mut Tx) -> Result<Vec<Table>, Fault> {
    let (mut names, indexes) = match tx.engine() {
        Engine::Postgres => (tx.all::<(String,)>(TABLES, args![])?, vec![]),
        Engine::Sqlite => lite_names(tx)?,
    };
    names.retain(|(name,)| name != OWN);
    names.sort();
    names
        .into_iter()
        .map(|(name,)| {
            let columns: Vec<(String, String)> = match tx.engine() {
                Engine::Postgres => tx.all(COLUMNS, args![name])?,
                Engine::Sqlite => tx.all(
                    "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
                    args![name],
                )?,
            };
            let indexed = indexes.iter().any(|index| *index == format!("{name}_fts"));
            let columns = columns
                .into_iter()
                // The row number that ties SQLite's index to its table is given anew.
                .filter(|(column, _)| !(indexed && column == "seq"))
                .map(|(column, declared)| {
                    let kind = Kind::parse(&declared).ok_or_else(|| {
                        Fault::other(format!(
                            "{name}.{column} is {declared}, which is not backed up"
                        ))
                    })?;
                    Ok(Column { name: column, kind })
                })
                .collect::<Result<_, Fault>>()?;
            Ok(Table { name, columns })
        })
        .collect()
}

type Names = Vec<(String,)>;

/// The tables of a file, and apart from them its search indexes; the indexes' own tables are
/// neither.
fn lite_names(tx: &mut Tx) -> Result<(Names, Vec<String>), Fault> {
    let all: Vec<(String, String)> = tx.all(
        "SELECT name, sql FROM sqlite_master
          WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        args![],
    )?;
    let is_index = |sql: &str| sql.to_ascii_uppercase().starts_with("CREATE VIRTUAL TABLE");
    let indexes: Vec<String> =
        all.iter().filter(|(_, sql)| is_index(sql)).map(|(name, _)| name.clone()).collect();
    let beneath = |name: &str| indexes.iter().any(|index| name.starts_with(index.as_str()));
    let names = all.iter().filter(|(name, _)| !beneath(name)).map(|(name, _)| (name.clone(),));
    Ok((names.collect(), indexes))
}

/// A table's rows as they are read, in whatever order is quickest.
pub(super) fn select(table: &Table) -> String {
    format!("SELECT {} FROM \"{}\"", quoted(table), table.name)
}

/// A row's way in.
pub(super) fn insert(table: &Table) -> String {
    let values: Vec<String> = (1..=table.columns.len()).map(|at| format!("${at}")).collect();
    format!("INSERT INTO \"{}\" ({}) VALUES ({})", table.name, quoted(table), values.join(", "))
}

fn quoted(table: &Table) -> String {
    let names: Vec<String> =
        table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
    names.join(", ")
}

/// The first table that holds a row.
pub(super) fn filled(tx: &mut Tx, tables: &[Table]) -> Result<Option<String>, Fault> {
    for table in tables {
        let sql = format!("SELECT CAST(1 AS bigint) FROM \"{}\" LIMIT 1", table.name);
        if tx.get::<(i64,)>(&sql, args![])?.is_some() {
            return Ok(Some(table.name.clone()));
        }
    }
    Ok(None)
}

/// Rules between tables that were laid aside, to be put back.
pub(super) struct Aside(Vec<(String, String, String)>);

/// Lets rows come in any order: a row may come before the one it points to.
pub(super) fn lay_aside(tx: &mut Tx) -> Result<Aside, Fault> {
    if tx.engine() == Engine::Sqlite {
        tx.batch("PRAGMA defer_foreign_keys = ON")?;
        return Ok(Aside(vec![]));
    }
    let keys: Vec<(String, String, String)> = tx.all(KEYS, args![])?;
    for (table, key, _) in &keys {
        tx.batch(&format!("ALTER TABLE {table} DROP CONSTRAINT \"{key}\""))?;
    }
    Ok(Aside(keys))
}

/// Puts the rules back, which checks every row, and builds the search indexes.
pub(super) fn put_back(tx: &mut Tx, aside: Aside) -> Result<(), Fault> {
    for (table, key, rule) in aside.0 {
        tx.batch(&format!("ALTER TABLE {table} ADD CONSTRAINT \"{key}\" {rule}"))?;
    }
    if tx.engine() == Engine::Sqlite {
        let broken: Vec<(String,)> =
            tx.all("SELECT DISTINCT \"table\" FROM pragma_foreign_key_check", args![])?;
        if let Some((table,)) = broken.first() {
            return Err(Fault::other(format!("{table} points to rows that are not there")));
        }
        for index in lite_names(tx)?.1 {
            search::renumber(tx, index.trim_end_matches("_fts"))?;
        }
    }
    Ok(())
}
