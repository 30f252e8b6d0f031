//! The schema as sorted text, so that a test can compare two ways of building it.

use maeul_base::Fault;

use crate::{Db, Engine, args};

/// Tables, columns, constraints and indexes of the current schema, one line each.
const POSTGRES: &str = "
    SELECT line FROM (
        SELECT table_name || '.' || column_name || ' ' || data_type
               || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
               || COALESCE(' DEFAULT ' || column_default, '') AS line
          FROM information_schema.columns WHERE table_schema = current_schema()
        UNION ALL
        SELECT CAST(conrelid::regclass AS text) || ' ' || pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = CAST(current_schema() AS regnamespace)
        UNION ALL
        SELECT replace(indexdef, current_schema() || '.', '')
          FROM pg_indexes WHERE schemaname = current_schema()
    ) AS lines ORDER BY line";

const SQLITE: &str = "
    SELECT sql FROM sqlite_master
     WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
     ORDER BY type, name";

impl Db {
    /// The schema as text, sorted; for tests and for the doctor.
    pub async fn schema_dump(&self) -> Result<String, Fault> {
        let sql = match self.engine() {
            Engine::Sqlite => SQLITE,
            Engine::Postgres => POSTGRES,
        };
        let lines: Vec<(String,)> = self.read(move |tx| tx.all(sql, args![])).await?;
        Ok(lines.into_iter().map(|(line,)| line + "\n").collect())
    }
}
