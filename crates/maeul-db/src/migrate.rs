//! The steps that build the tables: each room's own, applied once, in order, and never changed after.

use std::collections::BTreeMap;

use jiff::Timestamp;
use maeul_base::{Fault, hex};
use sha2::{Digest, Sha256};

use crate::{Db, Engine, Tx, args};

/// One step of one room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The room that owns it, e.g. `cases`.
    pub room: &'static str,
    /// Number and name, e.g. `0001_start`.
    pub name: &'static str,
    /// The SQL for SQLite.
    pub sqlite: &'static str,
    /// The SQL for PostgreSQL.
    pub postgres: &'static str,
}

impl Migration {
    /// Its SQL for that engine.
    pub const fn sql(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }

    /// The mark by which a change of an applied step is noticed; hexadecimal.
    pub(crate) fn checksum(&self, engine: Engine) -> String {
        let digest = Sha256::digest(self.sql(engine).as_bytes());
        hex(digest.iter().take(16))
    }
}

/// One step from the crate's folder `migrations`: `migration!("cases", "0001_start")` reads
/// `0001_start.sql` for both engines, `migration!("cases", "0002_search", pair)` reads
/// `0002_search.sqlite.sql` and `0002_search.pg.sql`.
#[macro_export]
macro_rules! migration {
    ($room:literal, $name:literal) => {
        $crate::Migration {
            room: $room,
            name: $name,
            sqlite: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/migrations/",
                $name,
                ".sql"
            )),
            postgres: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/migrations/",
                $name,
                ".sql"
            )),
        }
    };
    ($room:literal, $name:literal, pair) => {
        $crate::Migration {
            room: $room,
            name: $name,
            sqlite: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/migrations/",
                $name,
                ".sqlite.sql"
            )),
            postgres: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/migrations/",
                $name,
                ".pg.sql"
            )),
        }
    };
}

/// A step that has just been applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The room.
    pub room: &'static str,
    /// The step.
    pub name: &'static str,
}

/// How the database's steps stand against the program's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Steps the program has and the database has not; the next start applies them.
    pub pending: Vec<String>,
    /// Steps the database has and the program does not know: a newer program was here.
    pub unknown: Vec<String>,
    /// Steps whose text is not the one that was applied.
    pub changed: Vec<String>,
}

impl Standing {
    /// Whether the program can work on the database as it is.
    pub fn is_current(&self) -> bool {
        self.pending.is_empty() && self.changed.is_empty()
    }
}

pub(crate) const TABLE: &str = "CREATE TABLE IF NOT EXISTS db_migration (
    room text NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL,
    PRIMARY KEY (room, name)
)";

pub(crate) const RECORD: &str =
    "INSERT INTO db_migration (room, name, checksum, applied_at) VALUES ($1, $2, $3, $4)";

impl Db {
    /// Applies the steps that are not yet there, each in its own transaction, in the order given;
    /// running it twice is harmless, and so is running it on two servers at once. A step that was
    /// changed after it had been applied, or one this binary does not know, is a fault, and nothing
    /// is touched.
    pub async fn migrate(
        &self,
        steps: &[Migration],
        now: Timestamp,
    ) -> Result<Vec<Applied>, Fault> {
        let engine = self.engine();
        check(steps, engine)?;
        let known = steps.to_vec();
        self.write_step(move |tx| {
            lock(tx)?;
            tx.batch(TABLE)?;
            compare(&applied(tx)?, &known, engine)
        })
        .await?;
        let mut done = vec![];
        for &step in steps {
            let ran = self.write_step(move |tx| {
                lock(tx)?;
                if applied(tx)?.contains_key(&(step.room.to_owned(), step.name.to_owned())) {
                    return Ok(false);
                }
                tx.batch(step.sql(engine))?;
                tx.exec_one(RECORD, args![step.room, step.name, step.checksum(engine), now])?;
                Ok(true)
            });
            if ran.await.map_err(|fault| name_step(step, fault))? {
                done.push(Applied { room: step.room, name: step.name });
            }
        }
        Ok(done)
    }

    /// How the database stands, touching nothing; a fault where it has no tables at all.
    pub async fn standing(&self, steps: &[Migration]) -> Result<Standing, Fault> {
        let recorded = self.read(applied).await?;
        let engine = self.engine();
        let name = |room: &str, name: &str| format!("{room}/{name}");
        let mut standing = Standing::default();
        for step in steps {
            match recorded.get(&(step.room.to_owned(), step.name.to_owned())) {
                None => standing.pending.push(name(step.room, step.name)),
                Some(sum) if *sum != step.checksum(engine) => {
                    standing.changed.push(name(step.room, step.name));
                }
                Some(_) => {}
            }
        }
        for (room, step) in recorded.keys() {
            if !steps.iter().any(|known| known.room == room && known.name == step) {
                standing.unknown.push(name(room, step));
            }
        }
        Ok(standing)
    }
}

/// Refuses lists and texts that would break later.
fn check(steps: &[Migration], engine: Engine) -> Result<(), Fault> {
    let mut seen = BTreeMap::new();
    for step in steps {
        let (room, name) = (step.room, step.name);
        if seen.insert((room, name), ()).is_some() {
            return Err(Fault::other(format!("migration {room}/{name} is listed twice")));
        }
        // A deferred check fails at COMMIT, which on SQLite many acts share.
        if step.sql(engine).to_ascii_uppercase().contains("INITIALLY DEFERRED") {
            return Err(Fault::other(format!("migration {room}/{name} has a deferred constraint")));
        }
    }
    Ok(())
}

/// Two servers starting at once wait for each other; SQLite's writer is alone anyway.
fn lock(tx: &mut Tx) -> Result<(), Fault> {
    if tx.engine() == Engine::Postgres {
        tx.batch(
            "SELECT pg_advisory_xact_lock(hashtextextended('maeul-migrate ' || current_schema(), 0))",
        )?;
    }
    Ok(())
}

type Recorded = BTreeMap<(String, String), String>;

fn applied(tx: &mut Tx) -> Result<Recorded, Fault> {
    let rows: Vec<(String, String, String)> =
        tx.all("SELECT room, name, checksum FROM db_migration", args![])?;
    Ok(rows.into_iter().map(|(room, name, checksum)| ((room, name), checksum)).collect())
}

fn compare(recorded: &Recorded, known: &[Migration], engine: Engine) -> Result<(), Fault> {
    for ((room, name), checksum) in recorded {
        match known.iter().find(|step| step.room == room && step.name == name) {
            None => {
                return Err(Fault::other(format!(
                    "the database has migration {room}/{name}, which this program does not know: \
                     it was last used by a newer one"
                )));
            }
            Some(step) if step.checksum(engine) != *checksum => {
                return Err(Fault::other(format!(
                    "migration {room}/{name} was changed after it had been applied"
                )));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn name_step(step: Migration, fault: Fault) -> Fault {
    let kind = fault.kind();
    Fault::from_error(format!("migration {}/{}", step.room, step.name), fault).kind_of(kind)
}
