//! For tests of every crate: a fresh, migrated database on either engine, within milliseconds.
//!
//! SQLite copies a template file and PostgreSQL a template database, each built once per set of
//! migrations; [`TestDb::filled`] does the same with rows in it. The server is the one named by
//! `MAEUL_TEST_POSTGRES`; what a test made there is dropped at its end, and templates stay as long as
//! the server. Where none is named the test fails, unless `MAEUL_TEST_SKIP_POSTGRES=1` says that this
//! is meant.

mod template;

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process, thread};

use jiff::Timestamp;
use maeul_base::{Fault, hex};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use tokio::runtime::{Builder, Runtime};

use crate::pg::batch;
use crate::{Db, DbOptions, Engine, Migration, lite, migrate};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A database of one test, removed when dropped.
#[derive(Debug)]
pub struct TestDb {
    db: Option<Db>,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    Schema { url: String, name: String },
    Database { server: String, name: String },
}

impl TestDb {
    /// A fresh SQLite file with these migrations.
    pub async fn sqlite(steps: impl Into<Vec<Migration>>) -> Result<Self, Fault> {
        Self::copy_of(&migrated(&steps.into())?).await
    }

    async fn copy_of(template: &Path) -> Result<Self, Fault> {
        let folder = env::temp_dir().join(unique("maeul-test"));
        // A killed run may have left a folder under the same process id.
        let _leftover = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| Fault::from_error("test folder", error))?;
        let file = folder.join("maeul.db");
        fs::copy(template, &file).map_err(|error| Fault::from_error("copy template", error))?;
        let db = Db::open(&format!("sqlite:{}", file.display()), options(None)).await?;
        Ok(Self { db: Some(db), place: Place::Folder(folder) })
    }

    /// A fresh schema with these migrations on the server at `url`.
    pub async fn postgres(url: &str, steps: impl Into<Vec<Migration>>) -> Result<Self, Fault> {
        let name = unique("test");
        // Owned before it exists, so that a failing migration leaves nothing behind.
        let mut test =
            Self { db: None, place: Place::Schema { url: url.to_owned(), name: name.clone() } };
        batch(url, &creation(&name, &steps.into())).await?;
        test.db = Some(Db::open(url, options(Some(name))).await?);
        Ok(test)
    }

    /// A fresh database with these migrations on the server at `server`, not only a schema: quicker
    /// to make than [`TestDb::postgres`], which two that are to see each other need.
    async fn database(server: &str, steps: &[Migration]) -> Result<Self, Fault> {
        let template = format!("maeul_steps_{}", mark(steps, Engine::Postgres));
        let fill = async |address: String| batch(&address, &creation("public", steps)).await;
        Self::copy_on(server, &template, fill).await
    }

    async fn copy_on(
        server: &str,
        template: &str,
        fill: impl AsyncFnOnce(String) -> Result<(), Fault>,
    ) -> Result<Self, Fault> {
        let name = unique("test");
        let mut test = Self {
            db: None,
            place: Place::Database { server: server.to_owned(), name: name.clone() },
        };
        template::database(server, template, &name, fill).await?;
        test.db = Some(Db::open(&template::address(server, &name), options(None)).await?);
        Ok(test)
    }

    /// A copy of the database that `fill` filled at the address it was given. It is filled once for
    /// each `name` and `mark` by whichever test comes first, so the mark must change with whatever
    /// the rows come from: see [`mark_of_build`]. `None` where PostgreSQL is left out on purpose.
    pub async fn filled(
        engine: Engine,
        name: &str,
        mark: &str,
        fill: impl AsyncFnOnce(String) -> Result<(), Fault>,
    ) -> Result<Option<Self>, Fault> {
        match engine {
            Engine::Sqlite => {
                Self::copy_of(&template::file(name, mark, fill).await?).await.map(Some)
            }
            Engine::Postgres => match postgres_url() {
                Some(server) => {
                    Self::copy_on(&server, &format!("maeul_{name}_{mark}"), fill).await.map(Some)
                }
                None => Ok(None),
            },
        }
    }

    /// The database.
    pub fn db(&self) -> Result<Db, Fault> {
        self.db.clone().ok_or_else(|| Fault::other("the test database was not opened"))
    }

    /// The address by which another process can open it, and the schema to open it with.
    pub fn address(&self) -> (String, Option<String>) {
        match &self.place {
            Place::Folder(folder) => (format!("sqlite:{}/maeul.db", folder.display()), None),
            Place::Schema { url, name } => (url.clone(), Some(name.clone())),
            Place::Database { server, name } => (template::address(server, name), None),
        }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        self.db = None;
        let (url, sql) = match &self.place {
            Place::Folder(folder) => {
                let _left_to_the_system = fs::remove_dir_all(folder);
                return;
            }
            Place::Schema { url, name } => {
                (url.clone(), format!("DROP SCHEMA IF EXISTS {name} CASCADE"))
            }
            Place::Database { server, name } => {
                (server.clone(), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            }
        };
        // A thread of its own, because this may be dropped inside a runtime.
        let dropping = thread::spawn(move || runtime().map(|it| it.block_on(batch(&url, &sql))));
        let _next_run_drops_it = dropping.join();
    }
}

/// Runs an asynchronous test on one engine; used by [`both_engines!`](crate::both_engines).
///
/// # Panics
/// When the database cannot be made: a test that cannot run has failed.
#[expect(clippy::panic, reason = "the way a test fails")]
pub fn run<F: Future<Output = ()>>(
    engine: Engine,
    steps: impl Into<Vec<Migration>>,
    body: impl FnOnce(Db) -> F,
) {
    let steps: Vec<Migration> = steps.into();
    let done = runtime().and_then(|runtime| {
        runtime.block_on(async {
            let test = match engine {
                Engine::Sqlite => TestDb::sqlite(steps).await?,
                Engine::Postgres => match postgres_url() {
                    Some(url) => TestDb::database(&url, &steps).await?,
                    None => return Ok(()),
                },
            };
            body(test.db()?).await;
            Ok(())
        })
    });
    if let Err(fault) = done {
        panic!("the test database: {}", fault.chain());
    }
}

/// The server for tests, from `MAEUL_TEST_POSTGRES`; `None` only if the person who runs the tests
/// has chosen to leave PostgreSQL out with `MAEUL_TEST_SKIP_POSTGRES=1`.
///
/// # Panics
/// When neither is set.
#[expect(clippy::disallowed_methods, reason = "tests are configured by the environment")]
#[expect(clippy::panic, reason = "the way a test fails")]
pub fn postgres_url() -> Option<String> {
    match (env::var("MAEUL_TEST_POSTGRES"), env::var("MAEUL_TEST_SKIP_POSTGRES")) {
        (Ok(url), _) if !url.is_empty() => Some(url),
        (_, Ok(skip)) if skip == "1" => None,
        _ => panic!(
            "this test needs PostgreSQL: set MAEUL_TEST_POSTGRES=postgres://user@host:port/database \
             (it makes and drops databases there), or leave PostgreSQL out with \
             MAEUL_TEST_SKIP_POSTGRES=1"
        ),
    }
}

/// Makes one test of a function for each engine:
/// `both_engines! { MIGRATIONS; async fn keeps_a_case(db: Db) { … } }` gives `keeps_a_case::sqlite`
/// and `keeps_a_case::postgres`. `MIGRATIONS` is a slice or a `Vec` of [`Migration`].
#[macro_export]
macro_rules! both_engines {
    ($steps:expr; $($(#[$meta:meta])* async fn $name:ident($db:ident: $ty:ty) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn body($db: $ty) $body

            #[test]
            fn sqlite() {
                $crate::testing::run($crate::Engine::Sqlite, $steps, body);
            }

            #[test]
            fn postgres() {
                $crate::testing::run($crate::Engine::Postgres, $steps, body);
            }
        }
    )+};
}

fn runtime() -> Result<Runtime, Fault> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Fault::from_error("start a runtime", error))
}

fn options(schema: Option<String>) -> DbOptions {
    DbOptions { pool_size: 8, schema, durable: false }
}

/// Test processes run side by side, so the name holds the process.
fn unique(prefix: &str) -> String {
    format!("{prefix}_{}_{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Which migrations these are, in sixteen hexadecimal digits.
fn mark(steps: &[Migration], engine: Engine) -> String {
    let mut digest = Sha256::new();
    for step in steps {
        digest.update([step.room, step.name, step.sql(engine)].join("\n"));
    }
    sixteen_digits(digest)
}

/// Which build this is of the programs that fill a template, and which state of the files they read:
/// the mark of [`TestDb::filled`]. The program of the tests itself is always among them.
pub fn mark_of_build(files: &[PathBuf]) -> Result<String, Fault> {
    let wrong = |error: std::io::Error| Fault::from_error("what a template is made of", error);
    let mut digest = Sha256::new();
    for path in files.iter().chain(&[env::current_exe().map_err(wrong)?]) {
        let about = fs::metadata(path).map_err(wrong)?;
        let changed = about.modified().map_err(wrong)?;
        digest.update(format!("{}\n{}\n{changed:?}\n", path.display(), about.len()));
    }
    Ok(sixteen_digits(digest))
}

fn sixteen_digits(digest: Sha256) -> String {
    hex(digest.finalize().iter().take(8))
}

/// The file with these migrations applied, built when it is first needed.
fn migrated(steps: &[Migration]) -> Result<PathBuf, Fault> {
    let mark = mark(steps, Engine::Sqlite);
    let path = env::temp_dir().join(format!("maeul-template-{mark}.db"));
    if path.exists() {
        return Ok(path);
    }
    let made = env::temp_dir().join(unique("maeul-template"));
    let _leftover = fs::remove_file(&made);
    let build = || -> Result<(), rusqlite::Error> {
        let conn = Connection::open(&made)?;
        conn.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL; BEGIN")?;
        conn.execute_batch(migrate::TABLE)?;
        for step in steps {
            conn.execute_batch(step.sqlite)?;
            let sum = step.checksum(Engine::Sqlite);
            conn.execute(migrate::RECORD, (step.room, step.name, sum, 0_i64))?;
        }
        conn.execute_batch("COMMIT")?;
        // Closing moves everything from the WAL into the file.
        conn.close().map_err(|(_, error)| error)
    };
    build().map_err(|error| lite::fault(&error, "build the template"))?;
    // Two processes may build it at once; the name changes hands whole.
    fs::rename(&made, &path).map_err(|error| Fault::from_error("keep the template", error))?;
    Ok(path)
}

/// One text that makes the schema with everything in it: one round trip.
fn creation(schema: &str, steps: &[Migration]) -> String {
    let mut sql = format!(
        "DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema};
         SET search_path = {schema}; SET synchronous_commit = off;\n{};\n",
        migrate::TABLE
    );
    for step in steps {
        let (room, name, sum) = (step.room, step.name, step.checksum(Engine::Postgres));
        sql.push_str(step.postgres);
        sql.push_str(&format!(
            "\n;INSERT INTO db_migration (room, name, checksum, applied_at)
             VALUES ('{room}', '{name}', '{sum}', '{}');\n",
            Timestamp::UNIX_EPOCH
        ));
    }
    sql
}
