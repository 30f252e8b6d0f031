//! Growing past one machine: whether every table can be spread over the workers of a Citus cluster
//! by `office_id`, and the statements that do it.
//!
//! Citus (docs.citusdata.com, "Distributed tables") asks that the column a table is spread by be in
//! its primary key, in every unique index and, on both sides, in every foreign key. Tables without
//! `office_id` become reference tables, whole on every worker.

use std::collections::BTreeSet;

use maeul_base::Fault;

use crate::{Engine, Tx, args};

/// The column every office-owned table is spread by.
const BY: &str = "office_id";

/// The list of offices: small, read by every page, and unique by web name over all of them, so it is
/// whole on every worker.
const OFFICES: &str = "org_office";

/// A table that cannot be spread, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// The table.
    pub table: String,
    /// The key or index that stands in the way; empty where there is none at all.
    pub key: String,
    /// What is wrong, in English.
    pub why: &'static str,
}

/// How the tables would be spread.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Distribution {
    /// Tables spread by `office_id`, in the order they are.
    pub distributed: Vec<String>,
    /// Tables that are whole everywhere.
    pub reference: Vec<String>,
    /// The statements, in order: foreign keys are laid aside first and put back last.
    pub statements: Vec<String>,
    /// What stands in the way; with any, the statements must not be run.
    pub obstacles: Vec<Obstacle>,
}

const TABLES: &str = "SELECT CAST(t.table_name AS text), EXISTS (
        SELECT 1 FROM information_schema.columns c
         WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name
           AND c.column_name = 'office_id' AND c.is_nullable = 'NO')
      FROM information_schema.tables t
     WHERE t.table_schema = current_schema() AND t.table_type = 'BASE TABLE' ORDER BY 1";

/// Unique indexes, those of primary keys among them, with the number of their columns named
/// `office_id`.
const UNIQUE: &str = "SELECT CAST(r.relname AS text), CAST(x.relname AS text), i.indisprimary,
        (SELECT count(*) FROM pg_attribute a
          WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) AND a.attname = 'office_id')
      FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
     WHERE r.relnamespace = CAST(current_schema() AS regnamespace) AND i.indisunique
     ORDER BY 1, 2";

/// Foreign keys, with whether `office_id` points to `office_id`.
const FOREIGN: &str =
    "SELECT CAST(r.relname AS text), CAST(k.conname AS text), CAST(f.relname AS text),
        pg_get_constraintdef(k.oid),
        EXISTS (SELECT 1 FROM unnest(k.conkey, k.confkey) AS pair(here, there)
                  JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = pair.here
                  JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = pair.there
                 WHERE a.attname = 'office_id' AND b.attname = 'office_id')
      FROM pg_constraint k JOIN pg_class r ON r.oid = k.conrelid
      JOIN pg_class f ON f.oid = k.confrelid
     WHERE k.contype = 'f' AND k.connamespace = CAST(current_schema() AS regnamespace)
     ORDER BY 1, 2";

/// Reads the catalogue of PostgreSQL and says how the tables would be spread. An error on SQLite,
/// which has no workers.
pub fn distribution(tx: &mut Tx) -> Result<Distribution, Fault> {
    if tx.engine() == Engine::Sqlite {
        return Err(Fault::other("only PostgreSQL can be spread over several machines"));
    }
    let tables: Vec<(String, bool)> = tx.all(TABLES, args![])?;
    let unique: Vec<(String, String, bool, i64)> = tx.all(UNIQUE, args![])?;
    let foreign: Vec<(String, String, String, String, bool)> = tx.all(FOREIGN, args![])?;
    let (distributed, reference): (Vec<_>, Vec<_>) =
        tables.into_iter().partition(|(name, owned)| *owned && name != OFFICES);
    let names = |tables: Vec<(String, bool)>| tables.into_iter().map(|(name, _)| name).collect();
    let (distributed, reference): (Vec<String>, Vec<String>) =
        (names(distributed), names(reference));
    let owned: BTreeSet<&str> = distributed.iter().map(String::as_str).collect();

    let mut obstacles = Vec::new();
    let mut stands = |table: &str, key: &str, why| {
        obstacles.push(Obstacle { table: table.to_owned(), key: key.to_owned(), why });
    };
    for table in &distributed {
        if !unique.iter().any(|(of, _, primary, _)| of == table && *primary) {
            stands(table, "", "has no primary key");
        }
    }
    for (table, index, _, count) in &unique {
        if owned.contains(table.as_str()) && *count == 0 {
            stands(table, index, "is unique without office_id");
        }
    }
    for (table, key, target, _, paired) in &foreign {
        match (owned.contains(table.as_str()), owned.contains(target.as_str())) {
            (true, true) if !paired => stands(table, key, "points to another office's row"),
            (false, true) => {
                stands(table, key, "points from a table without office_id to one with it")
            }
            _ => {}
        }
    }
    let statements = statements(&distributed, &reference, &foreign);
    Ok(Distribution { distributed, reference, statements, obstacles })
}

fn statements(
    distributed: &[String],
    reference: &[String],
    foreign: &[(String, String, String, String, bool)],
) -> Vec<String> {
    let drop = foreign
        .iter()
        .map(|(table, key, ..)| format!("ALTER TABLE {table} DROP CONSTRAINT \"{key}\""));
    let whole = reference.iter().map(|table| format!("SELECT create_reference_table('{table}')"));
    // An office's rows of every table are kept beside those of the first.
    let spread = distributed.iter().enumerate().map(|(nth, table)| {
        let beside = match distributed.first() {
            Some(first) if nth > 0 => format!(", colocate_with => '{first}'"),
            _ => String::new(),
        };
        format!("SELECT create_distributed_table('{table}', '{BY}'{beside})")
    });
    let back = foreign.iter().map(|(table, key, _, rule, _)| {
        format!("ALTER TABLE {table} ADD CONSTRAINT \"{key}\" {rule}")
    });
    drop.chain(whole).chain(spread).chain(back).collect()
}

/// Whether the server has the Citus extension.
pub fn has_citus(tx: &mut Tx) -> Result<bool, Fault> {
    let sql = "SELECT CAST(extversion AS text) FROM pg_extension WHERE extname = 'citus'";
    Ok(tx.get::<(String,)>(sql, args![])?.is_some())
}

/// Runs the statements. The server must have the Citus extension and its workers.
pub fn apply(tx: &mut Tx, plan: &Distribution) -> Result<(), Fault> {
    plan.statements.iter().try_for_each(|statement| tx.batch(statement))
}
