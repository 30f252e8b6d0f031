//! Search over syllable bigrams, the one place where the two dialects differ for a room.
//!
//! Most Korean words have two syllables, which a trigram index misses; a text of bigrams
//! (`가로 로등 고장`, made by `maeul-language`) searched for phrases serves both engines. A room
//! creates its table with the SQL of [`sqlite_ddl`] and [`postgres_ddl`] (a pair of migrations),
//! writes with [`put`] and asks with [`and_match`].
//!
//! SQLite's FTS5 writes its pending terms at every savepoint, so index from a job, many rows in one
//! act, not from the act of intake.

use maeul_base::{Fault, OfficeId};
use uuid::Uuid;

use crate::{Engine, Sql, Tx, args};

/// The DDL for SQLite: a table of the texts and an FTS5 index over it.
pub fn sqlite_ddl(table: &str) -> String {
    format!(
        "CREATE TABLE {table} (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    -- A key of its own: VACUUM may renumber a bare rowid, which the index points to.
    seq integer PRIMARY KEY,
    grams text NOT NULL,
    UNIQUE (office_id, id)
);
CREATE VIRTUAL TABLE {table}_fts USING fts5(
    grams, content = '{table}', content_rowid = 'seq', tokenize = 'unicode61'
);
"
    )
}

/// The DDL for PostgreSQL: a table of the texts and a GIN index over it.
pub fn postgres_ddl(table: &str) -> String {
    format!(
        "CREATE TABLE {table} (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    grams text NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX {table}_grams ON {table} USING gin (to_tsvector('simple', grams));
"
    )
}

/// Sets the bigram text of one record.
pub fn put(
    tx: &mut Tx,
    table: &str,
    office: OfficeId,
    id: impl Into<Uuid>,
    grams: &str,
) -> Result<(), Fault> {
    let id = id.into();
    match tx.engine() {
        Engine::Postgres => tx.exec_one(
            &format!(
                "INSERT INTO {table} (office_id, id, grams) VALUES ($1, $2, $3)
                 ON CONFLICT (office_id, id) DO UPDATE SET grams = excluded.grams"
            ),
            args![office, id, grams],
        ),
        Engine::Sqlite => {
            remove(tx, table, office, id)?;
            let (seq,): (i64,) = tx.one(
                &format!(
                    "INSERT INTO {table} (office_id, id, grams) VALUES ($1, $2, $3) RETURNING seq"
                ),
                args![office, id, grams],
            )?;
            tx.exec_one(
                &format!("INSERT INTO {table}_fts (rowid, grams) VALUES ($1, $2)"),
                args![seq, grams],
            )
        }
    }
}

/// Takes one record out of the index; one that was not there is no fault.
pub fn remove(
    tx: &mut Tx,
    table: &str,
    office: OfficeId,
    id: impl Into<Uuid>,
) -> Result<(), Fault> {
    let id = id.into();
    if tx.engine() == Engine::Sqlite {
        let old: Option<(i64, String)> = tx.get(
            &format!("SELECT seq, grams FROM {table} WHERE office_id = $1 AND id = $2"),
            args![office, id],
        )?;
        if let Some((seq, grams)) = old {
            // FTS5 must be told the old text to forget it.
            tx.exec(
                &format!(
                    "INSERT INTO {table}_fts ({table}_fts, rowid, grams) VALUES ('delete', $1, $2)"
                ),
                args![seq, grams],
            )?;
        }
    }
    tx.exec(&format!("DELETE FROM {table} WHERE office_id = $1 AND id = $2"), args![office, id])?;
    Ok(())
}

/// Appends ` AND column IN (records whose text holds every phrase)`. Each phrase is the bigrams of
/// one word of the question, one after another. No phrase matches nothing.
pub fn and_match<P: AsRef<str>>(
    sql: &mut Sql,
    engine: Engine,
    table: &str,
    column: &str,
    office: OfficeId,
    phrases: &[P],
) {
    let phrases: Vec<&str> =
        phrases.iter().map(|phrase| phrase.as_ref().trim()).filter(|it| !it.is_empty()).collect();
    if phrases.is_empty() {
        sql.add(" AND 1 = 0", []);
        return;
    }
    match engine {
        Engine::Sqlite => {
            let quoted: Vec<String> =
                phrases.iter().map(|it| format!("\"{}\"", it.replace('"', " "))).collect();
            sql.add(
                &format!(
                    " AND {column} IN (SELECT text.id FROM {table}_fts AS found
                         JOIN {table} AS text ON text.seq = found.rowid
                        WHERE found.grams MATCH ? AND text.office_id = ?)"
                ),
                args![quoted.join(" AND "), office],
            );
        }
        Engine::Postgres => {
            sql.add(
                &format!(" AND {column} IN (SELECT id FROM {table} WHERE office_id = ?"),
                args![office],
            );
            for phrase in phrases {
                sql.add(
                    " AND to_tsvector('simple', grams) @@ phraseto_tsquery('simple', ?)",
                    args![phrase],
                );
            }
            sql.add(")", []);
        }
    }
}
