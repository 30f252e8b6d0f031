//! One transaction, as an act sees it.

use maeul_base::{Fault, FaultKind};

use crate::row::{FromRow, Row};
use crate::{Value, lite, pg};

/// Which database stands below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file, one writer thread.
    Sqlite,
    /// A PostgreSQL server (or Citus).
    Postgres,
}

/// A transaction: what is done through it is kept whole, or not at all.
///
/// After a statement fails in the database the transaction can only be given up, on both engines
/// (PostgreSQL insists; SQLite is held to the same). [`Tx::attempt`] fences off a part that may fail.
#[derive(Debug)]
pub struct Tx {
    pub(crate) conn: Conn,
    /// A statement failed, so nothing may follow it.
    broken: bool,
    depth: u32,
}

#[derive(Debug)]
pub(crate) enum Conn {
    Lite(rusqlite::Connection),
    Pg(pg::Conn),
}

impl Tx {
    pub(crate) const fn new(conn: Conn) -> Self {
        Self { conn, broken: false, depth: 0 }
    }

    /// Which database stands below; only helpers of this crate and search should need it.
    pub const fn engine(&self) -> Engine {
        match self.conn {
            Conn::Lite(_) => Engine::Sqlite,
            Conn::Pg(_) => Engine::Postgres,
        }
    }

    /// Runs a statement; how many rows it touched.
    pub fn exec(&mut self, sql: &str, args: impl AsRef<[Value]>) -> Result<u64, Fault> {
        let args = args.as_ref();
        self.step(sql, |conn| match conn {
            Conn::Lite(conn) => lite::exec(conn, sql, args),
            Conn::Pg(conn) => conn.exec(sql, args),
        })
    }

    /// Runs a statement that must touch exactly one row, else a RowCount fault.
    pub fn exec_one(&mut self, sql: &str, args: impl AsRef<[Value]>) -> Result<(), Fault> {
        self.exec_count(sql, args, 1)
    }

    /// Runs a statement that must touch exactly `rows` rows, else a RowCount fault.
    pub fn exec_count(
        &mut self,
        sql: &str,
        args: impl AsRef<[Value]>,
        rows: u64,
    ) -> Result<(), Fault> {
        let touched = self.exec(sql, args)?;
        if touched == rows {
            return Ok(());
        }
        let said = format!("{touched} rows touched where {rows} were stated: {}", brief(sql));
        Err(Fault::new(FaultKind::RowCount, said))
    }

    /// Writes one row with an `INSERT … VALUES`, which writes it or fails. On PostgreSQL the answer is
    /// waited for with the next statement that has something to tell, or with the COMMIT: a failure
    /// comes to light there, and is the fault of this statement all the same.
    pub fn insert(&mut self, sql: &str, args: impl Into<Vec<Value>>) -> Result<(), Fault> {
        let args = args.into();
        self.step(sql, |conn| match conn {
            Conn::Lite(conn) => lite::exec(conn, sql, &args).map(|_| ()),
            Conn::Pg(conn) => conn.insert(sql, args),
        })
    }

    /// Runs one statement for each set of values (pipelined on PostgreSQL); how many rows in all.
    pub fn exec_many<A: AsRef<[Value]>>(
        &mut self,
        sql: &str,
        sets: impl IntoIterator<Item = A>,
    ) -> Result<u64, Fault> {
        self.step(sql, |conn| match conn {
            Conn::Lite(conn) => {
                let mut touched = 0;
                for set in sets {
                    touched += lite::exec(conn, sql, set.as_ref())?;
                }
                Ok(touched)
            }
            Conn::Pg(conn) => conn.exec_many(sql, sets),
        })
    }

    /// The one row found, or `None`; two rows are a RowCount fault.
    pub fn get<T: FromRow>(
        &mut self,
        sql: &str,
        args: impl AsRef<[Value]>,
    ) -> Result<Option<T>, Fault> {
        let mut rows = self.rows(sql, args.as_ref(), 2)?;
        let first = rows.pop();
        if rows.is_empty() {
            return Ok(first);
        }
        Err(Fault::new(FaultKind::RowCount, format!("more than one row: {}", brief(sql))))
    }

    /// The row that must be there, else a RowCount fault.
    pub fn one<T: FromRow>(&mut self, sql: &str, args: impl AsRef<[Value]>) -> Result<T, Fault> {
        self.get(sql, args)?.ok_or_else(|| {
            Fault::new(FaultKind::RowCount, format!("no row where one must be: {}", brief(sql)))
        })
    }

    /// All rows found.
    pub fn all<T: FromRow>(
        &mut self,
        sql: &str,
        args: impl AsRef<[Value]>,
    ) -> Result<Vec<T>, Fault> {
        self.rows(sql, args.as_ref(), usize::MAX)
    }

    /// Hands every row found to `take`, one at a time: for results that do not fit into memory. How
    /// many rows.
    pub(crate) fn each(
        &mut self,
        sql: &str,
        args: impl AsRef<[Value]>,
        mut take: impl FnMut(&Row<'_>) -> Result<(), Fault>,
    ) -> Result<u64, Fault> {
        let args = args.as_ref();
        self.step(sql, |conn| match conn {
            Conn::Lite(conn) => lite::each(conn, sql, args, &mut take),
            Conn::Pg(conn) => conn.each(sql, args, &mut take),
        })
    }

    /// Runs a part that may fail without giving up the whole: what it did is undone if it returns
    /// an error, and the transaction can be used on.
    pub fn attempt<T, E: From<Fault>>(
        &mut self,
        part: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let name = format!("part{}", self.depth);
        self.control(&format!("SAVEPOINT {name}"))?;
        self.depth += 1;
        let mut result = part(self);
        self.depth -= 1;
        if result.is_ok() && !self.broken {
            // What was inserted last may have failed unseen.
            match self.control(&format!("RELEASE SAVEPOINT {name}")) {
                Ok(()) => return result,
                Err(fault) => result = Err(fault.into()),
            }
        }
        self.broken = false;
        self.control(&format!("ROLLBACK TO SAVEPOINT {name}"))?;
        self.control(&format!("RELEASE SAVEPOINT {name}"))?;
        result.and_then(|_| Err(swallowed().into()))
    }

    /// Runs a statement about the transaction itself.
    pub(crate) fn control(&mut self, sql: &str) -> Result<(), Fault> {
        self.step(sql, |conn| match conn {
            // Prepared once: it is said for every act.
            Conn::Lite(conn) => lite::exec(conn, sql, &[]).map(|_| ()),
            Conn::Pg(conn) => conn.batch(sql),
        })
    }

    /// Runs several statements without values, e.g. a migration.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Fault> {
        self.step(sql, |conn| match conn {
            Conn::Lite(conn) => conn.execute_batch(sql).map_err(|error| lite::fault(&error, sql)),
            Conn::Pg(conn) => conn.batch(sql),
        })
    }

    fn rows<T: FromRow>(
        &mut self,
        sql: &str,
        args: &[Value],
        limit: usize,
    ) -> Result<Vec<T>, Fault> {
        self.step(sql, |conn| match conn {
            Conn::Lite(conn) => lite::rows(conn, sql, args, limit),
            Conn::Pg(conn) => conn.rows(sql, args, limit),
        })
    }

    fn step<T>(
        &mut self,
        sql: &str,
        run: impl FnOnce(&mut Conn) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        if self.broken {
            return Err(Fault::other(format!(
                "a statement after one that failed in the same transaction: {}",
                brief(sql)
            )));
        }
        let result = run(&mut self.conn);
        if let Err(fault) = &result {
            // A value we could not decode or a row count leaves the transaction whole.
            self.broken = !matches!(fault.kind(), FaultKind::Decode | FaultKind::RowCount);
        }
        result
    }

    /// The act's result, unless it swallowed a fault and would have committed half of its work.
    pub(crate) fn whole<T, E: From<Fault>>(&mut self, result: Result<T, E>) -> Result<T, E> {
        match result {
            Ok(_) if self.broken => Err(swallowed().into()),
            result => result,
        }
    }

    /// Readies the connection for the next act.
    pub(crate) const fn reset(&mut self) {
        self.broken = false;
        self.depth = 0;
    }
}

fn swallowed() -> Fault {
    Fault::other("an act went on after a statement had failed")
}

/// The beginning of a statement on one line, for messages: text only, never values.
pub(crate) fn brief(sql: &str) -> String {
    let line = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(160) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}
