//! Backups: one consistent snapshot of a database as one sealed file, made while the servers work,
//! and restored into an empty database of either engine. `docs/backup-format.md` says how the file
//! is built; reading order here: [`back_up`], [`verify`], [`restore`].

mod envelope;
mod form;
mod refusal;
mod tables;

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use maeul_base::{Failure, Fault};

pub use envelope::BackupKey;
pub use form::{Manifest, Opening, TableSum};
pub use refusal::BackupRefusal;

use crate::{Db, Engine, Migration, Tx, Value, args};
use envelope::{Opener, Sealer};
use form::{Sum, Table};
use tables::Aside;

/// Told after each table: its name and how many rows.
pub type Progress = Arc<dyn Fn(&str, u64) + Send + Sync>;

type Refused = Failure<BackupRefusal>;

/// Rows handed over to the database at once, and their bytes at most.
const ROWS: usize = 500;
const BYTES: usize = 4 * 1024 * 1024;

fn io(what: &'static str) -> impl Fn(io::Error) -> Fault {
    move |error| Fault::from_error(what, error)
}

/// A reading error: what does not open or unpack is damage, the rest is the disk's.
fn reading(error: io::Error) -> Refused {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
            Failure::Refused(BackupRefusal::Damaged)
        }
        _ => Failure::Fault(io("read the backup")(error)),
    }
}

/// Writes a snapshot of the whole database to `out`, which must not exist yet; it appears whole or
/// not at all. `salt` must be random and new each time.
pub async fn back_up(
    db: &Db,
    out: &Path,
    key: BackupKey,
    opening: Opening,
    salt: [u8; 32],
    progress: Progress,
) -> Result<(Opening, Manifest), Fault> {
    let part = beside(out);
    let path = part.clone();
    let made = db.read(move |tx| {
        let opening = opened(tx, &opening)?;
        let manifest = dump(tx, &path, &key, &opening, salt, &progress)?;
        Ok((opening, manifest))
    });
    let made = made.await.and_then(|made| {
        if out.exists() {
            return Err(Fault::other("a file of the backup's name was made meanwhile"));
        }
        std::fs::rename(&part, out).map_err(io("name the backup"))?;
        let folder = out.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)
            .and_then(|it| it.sync_all())
            .map_err(io("keep the name of the backup"))?;
        Ok(made)
    });
    if made.is_err() {
        let _gone = std::fs::remove_file(&part);
    }
    made
}

fn beside(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

/// The opening with what only the snapshot knows.
fn opened(tx: &mut Tx, opening: &Opening) -> Result<Opening, Fault> {
    let steps: Vec<(String, String)> =
        tx.all("SELECT room, name FROM db_migration ORDER BY room, name", args![])?;
    let engine = match tx.engine() {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    let migrations = steps.into_iter().map(|(room, name)| format!("{room}/{name}")).collect();
    Ok(Opening { engine: engine.to_owned(), migrations, ..opening.clone() })
}

fn dump(
    tx: &mut Tx,
    path: &Path,
    key: &BackupKey,
    opening: &Opening,
    salt: [u8; 32],
    progress: &Progress,
) -> Result<Manifest, Fault> {
    let writing = io("write the backup");
    // A run that was killed may have left one behind.
    let _leftover = std::fs::remove_file(path);
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let file = file.map_err(&writing)?;
    let sealer = Sealer::new(BufWriter::new(file), key, salt)?;
    let mut out = GzEncoder::new(sealer, Compression::fast());
    form::put(&mut out, b'H', json(opening)?.as_bytes()).map_err(&writing)?;
    let mut manifest = Manifest { tables: vec![] };
    let mut bytes = Vec::new();
    for table in tables::tables(tx)? {
        form::put(&mut out, b'T', json(&table)?.as_bytes()).map_err(&writing)?;
        let mut sum = Sum::default();
        tx.each(&tables::select(&table), args![], |row| {
            form::encode(row, &table.columns, &mut bytes)?;
            sum.add(&bytes);
            form::put(&mut out, b'R', &bytes).map_err(&writing)
        })?;
        progress(&table.name, sum.rows());
        manifest.tables.push(sum.of(&table.name));
    }
    form::put(&mut out, b'M', json(&manifest)?.as_bytes()).map_err(&writing)?;
    let sealer = out.finish().map_err(&writing)?;
    let file = sealer.finish().map_err(&writing)?;
    let file = file.into_inner().map_err(|error| writing(error.into_error()))?;
    file.sync_all().map_err(&writing)?;
    Ok(manifest)
}

fn json(value: &impl serde::Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::from_error("write the backup", error))
}

/// What a reader of a backup does with what it meets.
trait Taker {
    fn table(&mut self, table: &Table) -> Result<(), Refused>;
    fn row(&mut self, table: &Table, bytes: &[u8]) -> Result<(), Refused>;
    fn table_done(&mut self, table: &Table) -> Result<(), Refused>;
}

struct Reader {
    from: GzDecoder<Opener<BufReader<File>>>,
    frame: Vec<u8>,
}

impl Reader {
    /// Opens the file and reads what it says of itself.
    fn open(path: &Path, key: &BackupKey) -> Result<(Self, Opening), Refused> {
        let file = File::open(path).map_err(io("open the backup"))?;
        let from = GzDecoder::new(Opener::new(BufReader::with_capacity(128 * 1024, file), key)?);
        let mut reader = Self { from, frame: vec![] };
        let opening = match form::take(&mut reader.from, &mut reader.frame).map_err(reading)? {
            b'H' => parsed(&reader.frame)?,
            _ => return Err(damaged()),
        };
        Ok((reader, opening))
    }

    /// Reads to the end and holds the rows against the manifest.
    fn through(mut self, progress: &Progress, taker: &mut impl Taker) -> Result<Manifest, Refused> {
        let mut seen = Manifest { tables: vec![] };
        let mut now: Option<(Table, Sum)> = None;
        loop {
            let tag = form::take(&mut self.from, &mut self.frame).map_err(reading)?;
            if tag == b'R' {
                let (table, sum) = now.as_mut().ok_or_else(damaged)?;
                sum.add(&self.frame);
                taker.row(table, &self.frame)?;
                continue;
            }
            if let Some((table, sum)) = now.take() {
                taker.table_done(&table)?;
                progress(&table.name, sum.rows());
                seen.tables.push(sum.of(&table.name));
            }
            match tag {
                b'T' => {
                    let table: Table = parsed(&self.frame)?;
                    taker.table(&table)?;
                    now = Some((table, Sum::default()));
                }
                b'M' => break,
                _ => return Err(damaged()),
            }
        }
        let manifest: Manifest = parsed(&self.frame)?;
        // The true end is part of what is proved.
        let more = self.from.read(&mut [0]).map_err(reading)?;
        let mut sealed = self.from.into_inner();
        if more != 0 || sealed.read(&mut [0]).map_err(reading)? != 0 {
            return Err(damaged());
        }
        same(&manifest, &seen)?;
        Ok(manifest)
    }
}

fn damaged() -> Refused {
    Failure::Refused(BackupRefusal::Damaged)
}

fn parsed<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(bytes).map_err(|_| damaged())
}

/// The first table that is not as the manifest says.
fn same(manifest: &Manifest, seen: &Manifest) -> Result<(), Refused> {
    let differs = manifest
        .tables
        .iter()
        .zip(&seen.tables)
        .find(|(one, other)| one != other)
        .map(|(one, _)| one.name.clone())
        .or_else(|| (manifest.tables.len() != seen.tables.len()).then(|| "tables".to_owned()));
    differs.map_or(Ok(()), |table| Err(Failure::Refused(BackupRefusal::Differs(table))))
}

/// Opens nothing but the file: every chunk, row, count and sum of it.
pub fn verify(
    path: &Path,
    key: &BackupKey,
    progress: &Progress,
) -> Result<(Opening, Manifest), Refused> {
    struct Look;
    impl Taker for Look {
        fn table(&mut self, _: &Table) -> Result<(), Refused> {
            Ok(())
        }
        fn row(&mut self, table: &Table, bytes: &[u8]) -> Result<(), Refused> {
            form::decode(bytes, table.columns.len()).map(|_| ()).ok_or_else(damaged)
        }
        fn table_done(&mut self, _: &Table) -> Result<(), Refused> {
            Ok(())
        }
    }
    let (reader, opening) = Reader::open(path, key)?;
    let manifest = reader.through(progress, &mut Look)?;
    Ok((opening, manifest))
}

/// Brings a backup into an empty database of either engine: its tables as they were when it was
/// made, then every row in one transaction, then all of it read again and held against the
/// manifest. The next start of Maeul brings the tables up to date.
pub async fn restore(
    db: &Db,
    path: &Path,
    key: BackupKey,
    steps: &[Migration],
    now: Timestamp,
    progress: Progress,
) -> Result<(Opening, Manifest), Refused> {
    let (_, opening) = Reader::open(path, &key)?;
    let name = |step: &Migration| format!("{}/{}", step.room, step.name);
    if let Some(unknown) =
        opening.migrations.iter().find(|known| !steps.iter().any(|step| name(step) == **known))
    {
        return Err(Failure::Refused(BackupRefusal::Newer(unknown.clone())));
    }
    // Where tables are already, they must be the same and empty.
    db.read(|tx| {
        let there = tables::tables(tx)?;
        match tables::filled(tx, &there)? {
            Some(table) => Err(Failure::Refused(BackupRefusal::NotEmpty(table))),
            None => Ok(()),
        }
    })
    .await?;
    let steps: Vec<Migration> =
        steps.iter().filter(|step| opening.migrations.contains(&name(step))).copied().collect();
    if let Ok(standing) = db.standing(&steps).await
        && (!standing.unknown.is_empty() || !standing.changed.is_empty())
    {
        return Err(Failure::Refused(BackupRefusal::OtherTables));
    }
    db.migrate(&steps, now).await?;
    let path = path.to_owned();
    db.write(move |tx| load(tx, &path, &key, &progress)).await
}

fn load(
    tx: &mut Tx,
    path: &Path,
    key: &BackupKey,
    progress: &Progress,
) -> Result<(Opening, Manifest), Refused> {
    let there = tables::tables(tx)?;
    if let Some(table) = tables::filled(tx, &there)? {
        return Err(Failure::Refused(BackupRefusal::NotEmpty(table)));
    }
    let aside: Aside = tables::lay_aside(tx)?;
    let (reader, opening) = Reader::open(path, key)?;
    let mut rows = Rows { tx, there: &there, sql: String::new(), waiting: vec![], bytes: 0 };
    let manifest = reader.through(progress, &mut rows)?;
    tables::put_back(tx, aside)?;
    let mut seen = Manifest { tables: vec![] };
    let mut bytes = Vec::new();
    for table in &there {
        let mut sum = Sum::default();
        tx.each(&tables::select(table), args![], |row| {
            form::encode(row, &table.columns, &mut bytes)?;
            sum.add(&bytes);
            Ok(())
        })?;
        seen.tables.push(sum.of(&table.name));
    }
    same(&manifest, &seen)?;
    Ok((opening, manifest))
}

/// Puts rows into the tables that are there.
struct Rows<'a> {
    tx: &'a mut Tx,
    there: &'a [Table],
    sql: String,
    waiting: Vec<Vec<Value>>,
    bytes: usize,
}

impl Rows<'_> {
    fn hand_over(&mut self) -> Result<(), Refused> {
        self.bytes = 0;
        self.tx.exec_many(&self.sql, self.waiting.drain(..))?;
        Ok(())
    }
}

impl Taker for Rows<'_> {
    fn table(&mut self, table: &Table) -> Result<(), Refused> {
        if !self.there.contains(table) {
            return Err(Failure::Refused(BackupRefusal::OtherTables));
        }
        self.sql = tables::insert(table);
        Ok(())
    }

    fn row(&mut self, table: &Table, bytes: &[u8]) -> Result<(), Refused> {
        let row = form::decode(bytes, table.columns.len()).ok_or_else(damaged)?;
        self.bytes += bytes.len();
        self.waiting.push(row);
        if self.waiting.len() >= ROWS || self.bytes >= BYTES { self.hand_over() } else { Ok(()) }
    }

    fn table_done(&mut self, _: &Table) -> Result<(), Refused> {
        self.hand_over()
    }
}
