//! Search over syllable bigrams, the newest first; the one place where the two dialects differ for
//! a room.
//!
//! Most Korean words have two syllables, which a trigram index misses; a text of bigrams
//! (`가로 로등 고장`, made by `maeul-language`) searched for phrases serves both engines. A room
//! creates its table with the SQL of [`sqlite_ddl`] and [`postgres_ddl`] (a pair of migrations),
//! writes with [`put`] and asks with [`newest`].
//!
//! A common word stands in a tenth of all records, and only the newest fifty are wanted. So neither
//! engine may gather all that match and sort them: SQLite's index is walked backwards, because its
//! row numbers are in the order of time ([`renumber`]); PostgreSQL's index cannot be walked in any
//! order. There the newest records are read first, whatever stands in them, for as long as that
//! finds enough; a word too rare for that is asked of the index, in which every word stands with the
//! office and the quarter of its record, for one quarter after another from the newest back: where
//! enough is found in one, those before it are never looked at, and nowhere is a word of ten years
//! or of all offices gathered.
//!
//! SQLite's FTS5 writes its pending terms at every savepoint, so index from a job, many rows in one
//! act, not from the act of intake.

use std::collections::HashMap;
use std::hash::Hash;

use jiff::Timestamp;
use maeul_base::{Cursor, Fault, OfficeId};
use uuid::Uuid;

use crate::{Engine, Sql, Tx, args};

/// A table and its index for SQLite.
pub fn sqlite_ddl(table: &str) -> String {
    format!(
        "CREATE TABLE {table} (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    -- In the order of time, and a key of its own: VACUUM may renumber a bare rowid.
    seq integer PRIMARY KEY,
    at timestamptz NOT NULL,
    grams text NOT NULL,
    UNIQUE (office_id, id)
);
CREATE INDEX {table}_at ON {table} (office_id, at, id);
CREATE VIRTUAL TABLE {table}_fts USING fts5(
    grams, content = '{table}', content_rowid = 'seq', tokenize = 'unicode61'
);
"
    )
}

/// So many seconds make a quarter of PostgreSQL's index: ninety days. Shorter ones would be more to ask for
/// what is nowhere, longer ones more to gather of what is not quite common.
const QUARTER: i64 = 7_776_000;

/// The words of a record as PostgreSQL's index has them, each behind its office and quarter: `o29140q230가로`.
/// Word for word as the index was made with, or it is not used.
const WORDS: &str = "to_tsvector('simple', \
    'o' || office_id || 'q' || CAST(floor(extract(epoch FROM at AT TIME ZONE 'UTC') / 7776000) AS integer) || \
    replace(grams, ' ', ' o' || office_id || 'q' || CAST(floor(extract(epoch FROM at AT TIME ZONE 'UTC') / 7776000) AS integer)))";

/// The same for PostgreSQL.
pub fn postgres_ddl(table: &str) -> String {
    format!(
        "CREATE TABLE {table} (
    office_id integer NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    grams text NOT NULL,
    PRIMARY KEY (office_id, id)
);
CREATE INDEX {table}_at ON {table} (office_id, at, id);
-- What waits in a list would be read whole by every search.
CREATE INDEX {table}_words ON {table} USING gin (({WORDS})) WITH (fastupdate = off);
"
    )
}

/// What is indexed of a record.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// By what found records are sorted.
    pub at: Timestamp,
    /// What a search may be narrowed to: words of ASCII letters and digits no text could hold, made
    /// by [`tag`].
    pub tags: &'a [String],
    /// The text, as bigrams.
    pub grams: &'a str,
}

/// A tag: what it is of (`unit`), and which one.
pub fn tag(kind: &str, which: impl std::fmt::Display) -> String {
    let plain = format!("{kind}{which}").to_ascii_lowercase();
    format!("tag{}", plain.replace(|sign: char| !sign.is_ascii_alphanumeric(), ""))
}

fn office_tag(office: OfficeId) -> String {
    tag("office", office.0)
}

/// Indexes a record, instead of what was indexed of it before.
pub fn put(
    tx: &mut Tx,
    table: &str,
    office: OfficeId,
    id: impl Into<Uuid>,
    entry: Entry<'_>,
) -> Result<(), Fault> {
    let id = id.into();
    let tags = entry.tags.join(" ");
    let grams = format!("{} {} {tags}", entry.grams, office_tag(office));
    match tx.engine() {
        Engine::Postgres => tx.insert(
            &format!(
                "INSERT INTO {table} (office_id, id, at, grams) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (office_id, id) DO UPDATE SET at = excluded.at, grams = excluded.grams"
            ),
            args![office, id, entry.at, grams],
        ),
        Engine::Sqlite => {
            remove(tx, table, office, id)?;
            let seq = free(tx, table, entry.at)?;
            tx.exec_one(
                &format!(
                    "INSERT INTO {table} (office_id, id, seq, at, grams) VALUES ($1, $2, $3, $4, $5)"
                ),
                args![office, id, seq, entry.at, grams],
            )?;
            tx.exec_one(
                &format!("INSERT INTO {table}_fts (rowid, grams) VALUES ($1, $2)"),
                args![seq, grams],
            )
        }
    }
}

/// How many records one second has room for in SQLite's order; more go to the next second.
const ROOM: i64 = 1 << 16;

/// The first number of the second.
fn first(at: Timestamp) -> i64 {
    at.as_second() * ROOM
}

fn free(tx: &mut Tx, table: &str, at: Timestamp) -> Result<i64, Fault> {
    let mut from = first(at);
    loop {
        let (last,): (Option<i64>,) = tx.one(
            &format!("SELECT max(seq) FROM {table} WHERE seq >= $1 AND seq < $2"),
            args![from, from + ROOM],
        )?;
        match last {
            None => return Ok(from),
            Some(last) if last + 1 < from + ROOM => return Ok(last + 1),
            Some(_) => from += ROOM,
        }
    }
}

/// Puts the rows of SQLite's table into the order of time, whatever their numbers were, and builds
/// its index anew. Nothing to do on PostgreSQL.
pub fn renumber(tx: &mut Tx, table: &str) -> Result<(), Fault> {
    if tx.engine() == Engine::Postgres {
        return Ok(());
    }
    let order = format!(
        "(at / 1000000) * {ROOM} + row_number() OVER (PARTITION BY at / 1000000 ORDER BY id) - 1"
    );
    for sql in [
        format!("CREATE TABLE {table}_old AS SELECT office_id, id, at, grams FROM {table}"),
        format!("DELETE FROM {table}"),
        format!(
            "INSERT INTO {table} (office_id, id, seq, at, grams)
             SELECT office_id, id, {order}, at, grams FROM {table}_old"
        ),
        format!("DROP TABLE {table}_old"),
        format!("INSERT INTO {table}_fts ({table}_fts) VALUES ('rebuild')"),
    ] {
        tx.exec(&sql, args![])?;
    }
    Ok(())
}

/// Takes a record out of the index.
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

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Every one of these must be in the text: each the bigrams of one word, one after another. No
    /// phrase finds nothing.
    pub phrases: Vec<String>,
    /// At least one of these tags must be there; none: any record.
    pub tags: Vec<String>,
    /// Only what comes after this place in the list.
    pub after: Option<Cursor>,
    /// Nothing older.
    pub since: Option<Timestamp>,
}

/// How many found records are looked at together, at first and at most.
const CHUNK: (usize, usize) = (64, 1_024);

/// How many of the newest records PostgreSQL reads at first; and how many more at most, where those
/// promise to be enough.
const NEAR: (usize, usize) = (128, 2_048);

/// The newest found records of which `keep` makes something, at most `limit`, the newest first.
/// `keep` gets ids in that order, a few at a time, and returns what it makes of those it keeps.
pub fn newest<T, K: Copy + Eq + Hash + From<Uuid>>(
    tx: &mut Tx,
    table: &str,
    office: OfficeId,
    asked: &Asked,
    limit: usize,
    mut keep: impl FnMut(&mut Tx, &[K]) -> Result<Vec<(K, T)>, Fault>,
) -> Result<Vec<T>, Fault> {
    let phrases: Vec<&str> =
        asked.phrases.iter().map(|it| it.trim()).filter(|it| !it.is_empty()).collect();
    let mut kept = Vec::new();
    if phrases.is_empty() {
        return Ok(kept);
    }
    let mut walk = Walk::new(tx, table, office, phrases, asked)?;
    let mut chunk = limit.clamp(CHUNK.0, CHUNK.1);
    loop {
        let (ids, more) = walk.next(tx, chunk, (kept.len(), limit))?;
        let count = ids.len();
        let ids: Vec<K> = ids.into_iter().map(K::from).collect();
        // More may have been found at once than are wanted.
        for ids in ids.chunks(chunk) {
            let mut made: HashMap<K, T> = keep(tx, ids)?.into_iter().collect();
            kept.extend(ids.iter().filter_map(|id| made.remove(id)));
            if kept.len() >= limit {
                kept.truncate(limit);
                return Ok(kept);
            }
        }
        if !more {
            return Ok(kept);
        }
        // Many were found and few kept.
        if count >= chunk {
            chunk = (chunk * 4).min(CHUNK.1);
        }
    }
}

/// A walk over what is found, from the newest back.
struct Walk<'a> {
    table: &'a str,
    office: OfficeId,
    phrases: Vec<&'a str>,
    tags: Vec<String>,
    since: Option<Timestamp>,
    on: On,
}

enum On {
    /// The row number before which to go on.
    Sqlite { before: i64 },
    /// The record before which to go on, none at the beginning; and where to look next.
    Postgres { before: Option<Cursor>, look: Look },
}

enum Look {
    /// At the next records, whatever stands in them; so many were read.
    Near { read: usize },
    /// In the index.
    Index,
    /// Nowhere: all was looked at.
    Done,
}

impl<'a> Walk<'a> {
    fn new(
        tx: &mut Tx,
        table: &'a str,
        office: OfficeId,
        phrases: Vec<&'a str>,
        asked: &Asked,
    ) -> Result<Self, Fault> {
        let on = match tx.engine() {
            Engine::Sqlite => On::Sqlite { before: before(tx, table, office, asked.after)? },
            Engine::Postgres => On::Postgres { before: asked.after, look: Look::Near { read: 0 } },
        };
        let tags =
            if asked.tags.is_empty() { vec![office_tag(office)] } else { asked.tags.clone() };
        Ok(Self { table, office, phrases, tags, since: asked.since, on })
    }

    /// The next ids, about `limit` of them, and whether there may be more. So far so many were kept of
    /// so many that are wanted.
    fn next(
        &mut self,
        tx: &mut Tx,
        limit: usize,
        (kept, wanted): (usize, usize),
    ) -> Result<(Vec<Uuid>, bool), Fault> {
        match self.on {
            On::Sqlite { before } => self.next_by_number(tx, before, limit),
            On::Postgres { before, look: Look::Near { read } } => {
                match (next_near(read, kept, wanted), before) {
                    (Some(count), before) => self.next_near(tx, before, count),
                    (None, Some(before)) => self.next_by_index(tx, before, limit),
                    (None, None) => Ok((Vec::new(), false)),
                }
            }
            On::Postgres { before: Some(before), look: Look::Index } => {
                self.next_by_index(tx, before, limit)
            }
            On::Postgres { .. } => Ok((Vec::new(), false)),
        }
    }

    fn next_by_number(
        &mut self,
        tx: &mut Tx,
        before: i64,
        limit: usize,
    ) -> Result<(Vec<Uuid>, bool), Fault> {
        let sql = format!(
            "SELECT kept.id, kept.seq FROM {table}_fts AS found
               JOIN {table} AS kept ON kept.seq = found.rowid
              WHERE found.grams MATCH $1 AND found.rowid >= $2 AND found.rowid < $3
                AND kept.office_id = $4
              ORDER BY found.rowid DESC LIMIT $5",
            table = self.table
        );
        let words = fts(&self.phrases, &self.tags);
        let since = self.since.map_or(0, first);
        let found: Vec<(Uuid, i64)> =
            tx.all(&sql, args![words, since, before, self.office, limit])?;
        if let Some((_, seq)) = found.last() {
            self.on = On::Sqlite { before: *seq };
        }
        let more = found.len() == limit;
        Ok((found.into_iter().map(|(id, _)| id).collect(), more))
    }

    fn next_near(
        &mut self,
        tx: &mut Tx,
        before: Option<Cursor>,
        count: usize,
    ) -> Result<(Vec<Uuid>, bool), Fault> {
        let sql = self.near(before, count);
        // The oldest of them comes too, found or not: there it goes on.
        let rows: Vec<(Uuid, Timestamp, bool, i64)> = tx.all(sql.text(), sql.args())?;
        let Some(&(id, at, _, all)) = rows.last() else { return Ok((Vec::new(), false)) };
        let all = usize::try_from(all).unwrap_or_default();
        if let On::Postgres { before, look: Look::Near { read } } = &mut self.on {
            *before = Some(Cursor { at, id });
            *read += all;
        }
        let found = rows.into_iter().filter(|(_, _, found, _)| *found).map(|(id, ..)| id);
        Ok((found.collect(), all == count))
    }

    fn next_by_index(
        &mut self,
        tx: &mut Tx,
        before: Cursor,
        limit: usize,
    ) -> Result<(Vec<Uuid>, bool), Fault> {
        let sql = self.by_quarters(before, limit);
        let found: Vec<(Uuid, Timestamp)> = tx.all(sql.text(), sql.args())?;
        let last = found.last().map(|(id, at)| Cursor { at: *at, id: *id });
        let more = found.len() >= limit;
        let look = if more { Look::Index } else { Look::Done };
        self.on = On::Postgres { before: last, look };
        Ok((found.into_iter().map(|(id, _)| id).collect(), more))
    }

    /// The next so many records, and whether each has all the words and one of the tags: those that do,
    /// the oldest, and how many there were.
    fn near(&self, before: Option<Cursor>, count: usize) -> Sql {
        let Self { table, office, phrases, tags, since, .. } = self;
        let mut sql = Sql::new("WITH near AS MATERIALIZED (SELECT id, at, true", args![]);
        for phrase in phrases {
            sql.add(" AND strpos(' ' || grams, ?) > 0", args![format!(" {phrase} ")]);
        }
        let of = office_tag(*office);
        if !tags.contains(&of) {
            sql.add(" AND (false", args![]);
            for tag in tags {
                sql.add(" OR strpos(grams || ' ', ?) > 0", args![format!(" {tag} ")]);
            }
            sql.add(")", args![]);
        }
        sql.add(&format!(" AS found FROM {table} WHERE office_id = ?"), args![*office]);
        if let Some(since) = since {
            sql.add(" AND at >= ?", args![*since]);
        }
        if let Some(before) = before {
            sql.add(" AND (at, id) < (?, ?)", args![before.at, before.id]);
        }
        // A server that knows how many plans once for all words, and to plan costs as much as to read.
        sql.add(
            &format!(
                " ORDER BY at DESC, id DESC LIMIT {count})
                 SELECT id, at, found, (SELECT count(*) FROM near) FROM near
                  WHERE found OR id = (SELECT id FROM near ORDER BY at, id LIMIT 1)
                  ORDER BY at DESC, id DESC"
            ),
            args![],
        );
        sql
    }

    /// What is asked of PostgreSQL's index: all the bigrams and one of the tags, of one quarter after another.
    /// That the bigrams of a word stand side by side is seen from the text itself, which costs less than
    /// to have the index's own phrases checked. What is found of a quarter is gathered before it is
    /// sorted (OFFSET 0): for a few rows the planner would else walk all rows in order of time. A LATERAL
    /// part can only be run for each quarter as it comes, so that the last LIMIT ends the walk.
    fn by_quarters(&self, before: Cursor, limit: usize) -> Sql {
        let Self { table, office, phrases, tags, since, .. } = self;
        let since = since.unwrap_or(Timestamp::UNIX_EPOCH);
        let newest = before.at.as_second().div_euclid(QUARTER);
        let words: Vec<&str> = phrases.iter().flat_map(|it| it.split_whitespace()).collect();
        let words = words.join(" ");
        let of = format!("o{}q", office.0);
        let mut sql = Sql::new(
            &format!(
                "SELECT found.id, found.at FROM generate_series(CAST(? AS bigint),
                    (SELECT CAST(floor(extract(epoch FROM min(at) AT TIME ZONE 'UTC') / {QUARTER}) AS bigint)
                       FROM {table} WHERE office_id = ? AND at >= ?), -1) AS quarter (n)
                  CROSS JOIN (SELECT CAST(? AS text) AS of) AS office
                  CROSS JOIN LATERAL (SELECT id, at FROM (SELECT id, at FROM {table}
                    WHERE office_id = ? AND {WORDS} @@ (
                        plainto_tsquery('simple', of || n || replace(?, ' ', ' ' || of || n))"
            ),
            args![newest, *office, since, of, *office, words],
        );
        if !tags.contains(&office_tag(*office)) {
            sql.add(
                " && to_tsquery('simple', of || n || replace(?, '|', '|' || of || n))",
                args![tags.join("|")],
            );
        }
        sql.add(")", args![]);
        for phrase in phrases.iter().filter(|it| it.contains(' ')) {
            sql.add(" AND strpos(' ' || grams, ?) > 0", args![format!(" {phrase} ")]);
        }
        sql.add(
            " AND at >= ? AND (at, id) < (?, ?) OFFSET 0) AS quarter_found
                ORDER BY at DESC, id DESC LIMIT ?) AS found LIMIT ?",
            args![since, before.at, before.id, limit, limit],
        );
        sql
    }
}

/// How many more of the next records are to be read, having read and kept so many of so many that are
/// wanted; `None` where what is looked for is too rare.
fn next_near(read: usize, kept: usize, wanted: usize) -> Option<usize> {
    if read == 0 {
        return Some(NEAR.0);
    }
    let missing = wanted.saturating_sub(kept);
    // A quarter more, because no two pieces are alike.
    let count = (missing * read * 5).div_ceil(kept.max(1) * 4).max(NEAR.0 / 2);
    // Few different numbers, each of which makes a statement of its own.
    let count = count.next_multiple_of(NEAR.0);
    (kept > 0 && count <= NEAR.1).then_some(count)
}

/// The row number SQLite goes on before.
fn before(tx: &mut Tx, table: &str, office: OfficeId, after: Option<Cursor>) -> Result<i64, Fault> {
    let Some(after) = after else { return Ok(i64::MAX) };
    let found: Option<(i64,)> = tx.get(
        &format!("SELECT seq FROM {table} WHERE office_id = $1 AND id = $2"),
        args![office, after.id],
    )?;
    Ok(found.map_or_else(|| first(after.at), |(seq,)| seq))
}

/// What is asked of SQLite's index.
fn fts(phrases: &[&str], tags: &[String]) -> String {
    let quoted = |it: &str| format!("\"{}\"", it.replace('"', " "));
    let phrases: Vec<String> = phrases.iter().map(|it| quoted(it)).collect();
    let tags: Vec<String> = tags.iter().map(|it| quoted(it)).collect();
    format!("{} AND ({})", phrases.join(" AND "), tags.join(" OR "))
}
