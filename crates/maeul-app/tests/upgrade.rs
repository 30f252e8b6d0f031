//! From the tables of every earlier release to those of this one, with a demonstration in them and
//! while reports keep coming in: nothing is lost, everything is found. And from one key to the next: every
//! sealed column is sealed again.
//!
//! `releases/VERSION.txt` holds the last migration of each room in a release. The database of that
//! release is made of its own steps; its rows are the demonstration's, as far as that release had
//! tables and columns for them. When a release is made, its file is added:
//! `MAEUL_RECORD_RELEASE=0.2.0 cargo nextest run -p maeul-app a_release` writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use maeul_app::demo::{FillOptions, fill, offices};
use maeul_app::{House, migrations};
use maeul_base::{Actor, CaseId, Ctx, Fault, Ids, Lang, OfficeId};
use maeul_cases::Channel;
use maeul_cases::act::{self, NewCase, Who};
use maeul_cases::web::Desk;
use maeul_db::testing::{TestDb, postgres_url};
use maeul_db::{BytesColumn, Db, Engine, KeyFile, Migration, SealAt, SealedText, Tx, args, search};
use maeul_privacy::jobs::{Place, ask_reseal};
use uuid::Uuid;

use crate::common::{OFFICE, now, open};

/// Reports over all offices: enough for every month and state, few enough to be quick.
const REPORTS: usize = 60;
/// How many reports must have come in before the tables change, and after.
const COME_IN: usize = 5;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("releases")
}

/// The releases by name, each with its last step of every room.
fn releases() -> Vec<(String, BTreeMap<String, String>)> {
    let files = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path());
    let mut found: Vec<_> = files
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
            let last = lines.map(|line| line.split_once(' ').unwrap());
            let last = last.map(|(room, step)| (room.to_owned(), step.to_owned())).collect();
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), last)
        })
        .collect();
    found.sort();
    found
}

/// The steps of a release, in today's order.
fn steps_of(last: &BTreeMap<String, String>) -> Vec<Migration> {
    let mut over = BTreeSet::new();
    let mut steps = vec![];
    for step in migrations() {
        let Some(end) = last.get(step.room) else { continue };
        if over.contains(step.room) {
            continue;
        }
        steps.push(step);
        if step.name == end {
            over.insert(step.room);
        }
    }
    let rooms: BTreeSet<&str> = last.keys().map(String::as_str).collect();
    assert_eq!(over, rooms, "a step that was released is gone");
    steps
}

async fn test_db(engine: Engine, steps: Vec<Migration>) -> Option<TestDb> {
    Some(match engine {
        Engine::Sqlite => TestDb::sqlite(steps).await.unwrap(),
        Engine::Postgres => TestDb::postgres(&postgres_url()?, steps).await.unwrap(),
    })
}

fn columns(tx: &mut Tx, table: &str) -> Result<Vec<String>, Fault> {
    let sql = match tx.engine() {
        Engine::Sqlite => "SELECT name FROM pragma_table_info($1) ORDER BY cid",
        Engine::Postgres => {
            "SELECT CAST(column_name AS text) FROM information_schema.columns
              WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
        }
    };
    let rows: Vec<(String,)> = tx.all(sql, args![table])?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

fn tables(tx: &mut Tx) -> Result<Vec<String>, Fault> {
    let sql = match tx.engine() {
        Engine::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%fts5%'
                             AND name NOT LIKE '%_fts_%' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name AS text) FROM information_schema.tables
                              WHERE table_schema = current_schema() ORDER BY table_name"
        }
    };
    let rows: Vec<(String,)> = tx.all(sql, args![])?;
    Ok(rows.into_iter().map(|(name,)| name).filter(|name| name != "db_migration").collect())
}

const SEARCHES: [&str; 2] = ["cases_search", "public_search"];

/// Every word by which a record is found, sorted.
type Indexed = BTreeMap<Uuid, (OfficeId, BTreeSet<String>)>;

async fn indexed(db: &Db, table: &'static str) -> Indexed {
    let rows: Result<Vec<(OfficeId, Uuid, String)>, Fault> = db
        .read(move |tx| tx.all(&format!("SELECT office_id, id, grams FROM {table}"), args![]))
        .await;
    let words = |grams: &str| grams.split_whitespace().map(str::to_owned).collect();
    rows.unwrap().into_iter().map(|(office, id, grams)| (id, (office, words(&grams)))).collect()
}

/// Writes the rows of one database into the older tables of the other, by the shapes that release had.
async fn write_as_of_old(from: &TestDb, into: &TestDb) {
    let old = into.db().unwrap();
    let there = old
        .read(|tx| {
            let names = tables(tx)?;
            names
                .into_iter()
                .map(|table| Ok((table.clone(), columns(tx, &table)?)))
                .collect::<Result<Vec<_>, Fault>>()
        })
        .await
        .unwrap();
    let searched_anew = there
        .iter()
        .any(|(table, columns)| table == "cases_search" && columns.iter().any(|it| it == "at"));
    let copied: Vec<_> = there
        .into_iter()
        .filter(|(table, _)| searched_anew || !SEARCHES.contains(&table.as_str()))
        .collect();
    let (source, schema) = from.address();
    if old.engine() == Engine::Sqlite {
        let mine =
            rusqlite::Connection::open(into.address().0.trim_start_matches("sqlite:")).unwrap();
        mine.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        mine.execute("ATTACH $1 AS new", [source.trim_start_matches("sqlite:")]).unwrap();
        for (table, columns) in &copied {
            let columns = columns.join(", ");
            let sql = format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM new.{table}");
            mine.execute(&sql, []).unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        let mut wrong = mine.prepare("PRAGMA foreign_key_check").unwrap();
        assert!(!wrong.exists([]).unwrap(), "a row hangs in the air");
    } else {
        let schema = schema.unwrap();
        old.write(move |tx| {
            tx.exec("SET LOCAL session_replication_role = replica", args![])?;
            for (table, columns) in &copied {
                let columns = columns.join(", ");
                tx.exec(
                    &format!(
                        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {schema}.{table}"
                    ),
                    args![],
                )?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    }
    if searched_anew {
        return;
    }
    let new = from.db().unwrap();
    for table in SEARCHES {
        let rows = indexed(&new, table).await;
        old.write(move |tx| {
            for (id, (office, words)) in &rows {
                let grams: Vec<&str> =
                    words.iter().map(String::as_str).filter(|it| !it.starts_with("tag")).collect();
                let grams = grams.join(" ");
                let row = args![office, id, grams];
                if tx.engine() == Engine::Postgres {
                    let into =
                        format!("INSERT INTO {table} (office_id, id, grams) VALUES ($1, $2, $3)");
                    tx.exec_one(&into, row)?;
                    continue;
                }
                let into = format!(
                    "INSERT INTO {table} (office_id, id, grams) VALUES ($1, $2, $3) RETURNING seq"
                );
                let (seq,): (i64,) = tx.one(&into, row)?;
                let into = format!("INSERT INTO {table}_fts (rowid, grams) VALUES ($1, $2)");
                tx.exec_one(&into, args![seq, grams])?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    }
}

async fn counts(db: &Db) -> BTreeMap<String, i64> {
    let counted = db.read(|tx| {
        tables(tx)?
            .into_iter()
            .map(|table| {
                let (rows,): (i64,) = tx.one(&format!("SELECT count(*) FROM {table}"), args![])?;
                Ok((table, rows))
            })
            .collect::<Result<BTreeMap<_, _>, Fault>>()
    });
    counted.await.unwrap()
}

/// The records found by a word and a tag, newest first.
async fn found(db: &Db, table: &'static str, word: String, tags: Vec<String>) -> Vec<Uuid> {
    let asked = search::Asked { phrases: vec![word], tags, ..search::Asked::default() };
    let found: Result<Vec<CaseId>, Fault> = db
        .read(move |tx| {
            search::newest(tx, table, OFFICE, &asked, 500, |_, ids: &[CaseId]| {
                Ok(ids.iter().map(|id| (*id, *id)).collect())
            })
        })
        .await;
    found.unwrap().into_iter().map(|id| id.0).collect()
}

/// Clients that send the same report until it is acknowledged, one after another.
struct Intake {
    stop: Arc<AtomicBool>,
    taken: Arc<AtomicUsize>,
    work: tokio::task::JoinHandle<Vec<CaseId>>,
}

impl Intake {
    async fn start(db: Db, house: &House) -> Self {
        let (stop, taken) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let desk = house.site.room::<Desk>().unwrap().clone();
        let know = desk.knowledge.get(house.site.db(), OFFICE, now()).await.unwrap();
        let ctx = Ctx {
            office: OFFICE,
            actor: Actor::Resident,
            lang: Lang::Ko,
            now: now(),
            ids: Ids::random(),
        };
        let (stopped, count) = (Arc::clone(&stop), Arc::clone(&taken));
        let work = tokio::spawn(async move {
            let mut cases = vec![];
            while !stopped.load(Ordering::Relaxed) {
                let key = format!("upgrade-{}", cases.len());
                let receipt = loop {
                    let Ok(number) = desk.numbers.next(&db, &ctx, &know).await else { continue };
                    let new = NewCase {
                        number,
                        client_key: Some(key.clone()),
                        channel: Channel::Web,
                        title: String::new(),
                        body: "가로등이 꺼졌어요".to_owned(),
                        service: None,
                        answers: BTreeMap::new(),
                        point: None,
                        dong: None,
                        place: String::new(),
                        who: Who::Anonymous,
                        lang: Lang::Ko,
                        oral: false,
                        received_at: None,
                        draft: None,
                    };
                    let (ctx, know) = (ctx.clone(), know.clone());
                    if let Ok(it) = db.write(move |tx| act::receive(tx, &ctx, &know, &new)).await {
                        break it;
                    }
                };
                cases.push(receipt.case);
                count.fetch_add(1, Ordering::Relaxed);
            }
            cases
        });
        Self { stop, taken, work }
    }

    /// Waits until so many more have been acknowledged.
    async fn wait_for(&self, more: usize) {
        let until = self.taken.load(Ordering::Relaxed) + more;
        let waited = async {
            while self.taken.load(Ordering::Relaxed) < until {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waited).await.expect("nothing comes in");
    }

    async fn stop(self) -> Vec<CaseId> {
        self.stop.store(true, Ordering::Relaxed);
        self.work.await.unwrap()
    }
}

async fn from_every_release(engine: Engine) {
    let Some(new) = test_db(engine, migrations()).await else { return };
    let keys = tempfile::tempdir().unwrap();
    let house = open(&new, keys.path(), true).await;
    fill(&house.site, &FillOptions { now: now(), reports: REPORTS }).await.unwrap();
    let today = new.db().unwrap();
    for (release, last) in releases() {
        let old = test_db(engine, steps_of(&last)).await.unwrap();
        write_as_of_old(&new, &old).await;
        let db = old.db().unwrap();
        let before = counts(&db).await;
        assert!(
            before["cases_case"] >= 50 && before["cases_search"] >= 50,
            "{release}: {before:?}"
        );

        let intake = Intake::start(db.clone(), &house).await;
        intake.wait_for(COME_IN).await;
        let applied = db.migrate(&migrations(), now()).await.map_err(|it| it.chain()).unwrap();
        assert_eq!(applied.len(), migrations().len() - steps_of(&last).len(), "{release}");
        intake.wait_for(COME_IN).await;
        let came = intake.stop().await;

        assert_eq!(
            db.schema_dump().await.unwrap(),
            today.schema_dump().await.unwrap(),
            "{release}"
        );
        let after = counts(&db).await;
        for (table, rows) in &before {
            assert!(after[table] >= *rows, "{release}: {table} had {rows}, has {}", after[table]);
        }
        let cases = before["cases_case"] + i64::try_from(came.len()).unwrap();
        assert_eq!(
            after["cases_case"], cases,
            "{release}: every acknowledged report is there once"
        );
        for case in &came {
            let case = *case;
            let there: Result<(i64,), Fault> = db
                .read(move |tx| {
                    let sql =
                        "SELECT count(*) FROM cases_event WHERE office_id = $1 AND case_id = $2";
                    tx.one(sql, args![OFFICE, case])
                })
                .await;
            assert!(there.unwrap().0 > 0, "{release}: {case:?}");
        }

        for table in SEARCHES {
            let (mut ours, theirs) = (indexed(&db, table).await, indexed(&today, table).await);
            // SQLite makes a text of a unit that is none, so a case without one came out of the preview
            // with a tag of no unit; and the month was a word once. Nobody asks for either, and they go when
            // the case is indexed again.
            ours.values_mut().for_each(|(_, words)| {
                words.retain(|word| word != "tagunit" && !word.starts_with("tagmonth"));
            });
            let ids: BTreeSet<&Uuid> = ours.keys().chain(theirs.keys()).collect();
            let differ = ids.iter().filter(|id| ours.get(id) != theirs.get(id)).take(3);
            let differ: Vec<_> = differ.map(|id| (id, ours.get(id), theirs.get(id))).collect();
            assert!(
                differ.is_empty(),
                "{release}: {table} is not as it is written now: {differ:?}"
            );
            // The words of some records lead to the same records in the same order.
            let of_office = theirs.values().filter(|(office, _)| *office == OFFICE);
            for (_, words) in of_office.step_by(7) {
                let word = words.iter().find(|it| !it.is_ascii()).unwrap().clone();
                let tag = words.iter().find(|it| it.starts_with("tagdong")).cloned();
                for tags in [vec![], tag.into_iter().collect()] {
                    let here = found(&db, table, word.clone(), tags.clone()).await;
                    assert!(!here.is_empty(), "{release}: {table} finds nothing for {word}");
                    assert_eq!(
                        here,
                        found(&today, table, word.clone(), tags).await,
                        "{release}: {word}"
                    );
                }
            }
        }

        // This release works on: its start finds nothing left to do.
        let house = open(&old, keys.path(), true).await;
        let standing = house.site.db().standing(&migrations()).await.unwrap();
        assert!(standing.is_current() && standing.unknown.is_empty(), "{standing:?}");
        assert_eq!(house.site.offices().len(), offices().len());
        house.runner.drain().await.unwrap();
        let (case, want) = (came[0].0, vec![search::tag("office", OFFICE.0)]);
        let newest = found(&db, "cases_search", "가로 로등".to_owned(), want).await;
        assert!(newest.contains(&case), "{release}: what came in meanwhile is found too");
    }
}

fn run(engine: Engine) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(from_every_release(engine));
}

/// An index of an expression is used where the statement has the same one, and only there: another would search no
/// less rightly and a thousand times more slowly.
#[test]
fn the_words_of_every_search_are_indexed_as_they_are_asked_for() {
    let plain = |sql: &str| sql.split_whitespace().collect::<Vec<_>>().join(" ");
    for table in SEARCHES {
        let index = |sql: &str| {
            let sql = plain(sql);
            let from = sql.find(&format!("CREATE INDEX {table}_words"))?;
            let (index, _) = sql.get(from..)?.split_once(';')?;
            Some(index.to_owned())
        };
        let asked = index(&search::postgres_ddl(table)).unwrap();
        let made = migrations().into_iter().rev().find_map(|step| index(step.postgres));
        assert_eq!(made, Some(asked));
    }
}

#[test]
fn what_an_earlier_release_wrote_is_kept_and_found_on_sqlite() {
    run(Engine::Sqlite);
}

#[test]
fn what_an_earlier_release_wrote_is_kept_and_found_on_postgres() {
    run(Engine::Postgres);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "whoever makes a release names it")]
fn a_release_can_be_recorded() {
    let mut last = BTreeMap::new();
    for step in migrations() {
        last.insert(step.room, step.name);
    }
    let rooms = migrations().into_iter().map(|step| step.room);
    let mut seen = BTreeSet::new();
    let lines: String = rooms
        .filter(|room| seen.insert(*room))
        .map(|room| format!("{room} {}\n", last[room]))
        .collect();
    if let Ok(version) = std::env::var("MAEUL_RECORD_RELEASE") {
        let text = format!("# The last migration of each room in {version}.\n{lines}");
        std::fs::write(folder().join(format!("{version}.txt")), text).unwrap();
    }
    let read = lines.lines().map(|line| line.split_once(' ').unwrap());
    let read = read.map(|(room, step)| (room.to_owned(), step.to_owned())).collect();
    assert_eq!(steps_of(&read), migrations());
    assert!(!releases().is_empty());
}

/// A row of each table that has sealed columns, with something in each of them, whatever else the table
/// asks for.
fn a_row_of_each(file: &str, ids: &Ids) -> Vec<(BytesColumn, Uuid)> {
    let db = rusqlite::Connection::open(file).unwrap();
    db.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
    let sealed: Vec<BytesColumn> =
        maeul_app::bytes().into_iter().filter(|it| it.seal_id().is_some()).collect();
    let tables: BTreeSet<&str> = sealed.iter().map(|it| it.table).collect();
    let mut made = vec![];
    for table in tables {
        let id = Uuid::from_bytes(ids.bytes());
        let own: Vec<&BytesColumn> = sealed.iter().filter(|it| it.table == table).collect();
        let mut asked =
            db.prepare("SELECT name, lower(type), \"notnull\" FROM pragma_table_info($1)").unwrap();
        let columns = asked.query_map([table], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        let columns: Vec<(String, String, bool)> = columns.unwrap().map(Result::unwrap).collect();
        let (mut names, mut values) = (vec![], vec![]);
        for (name, kind, needed) in columns {
            use rusqlite::types::Value;
            let sealed = own.iter().find(|it| it.column == name);
            let is_id = own.iter().any(|it| it.seal_id() == Some(&name));
            let value = match (sealed, kind.as_str()) {
                (Some(_), _) => Value::Blob(vec![1]),
                (None, "uuid") if is_id => Value::Blob(id.as_bytes().to_vec()),
                _ if name == "office_id" => Value::Integer(OFFICE.0.into()),
                _ if !needed => continue,
                (None, "uuid") => Value::Blob(ids.bytes::<16>().to_vec()),
                (None, "bytea") => Value::Blob(vec![0]),
                (None, "text") => Value::Text("x".to_owned()),
                (None, "jsonb") => Value::Text("{}".to_owned()),
                _ => Value::Integer(1),
            };
            names.push(name);
            values.push(value);
        }
        let places: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
        let sql =
            format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
        db.execute(&sql, rusqlite::params_from_iter(values)).unwrap();
        made.extend(own.iter().map(|it| (**it, id)));
    }
    made
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sweep_seals_every_sealed_column_again() {
    let test = test_db(Engine::Sqlite, migrations()).await.unwrap();
    let keys = tempfile::tempdir().unwrap();
    let house = open(&test, keys.path(), true).await;
    let (seal, ids) = (house.site.seal().clone(), Ids::seeded(9));
    let made = a_row_of_each(test.address().0.trim_start_matches("sqlite:"), &ids);
    for (it, id) in made.clone() {
        let kept = seal.seal(&ids, SealAt::new(it.table, it.column, id), "봉한 말").unwrap();
        let (table, column, key) = (it.table, it.column, it.seal_id().unwrap());
        let sql = format!("UPDATE {table} SET {column} = $1 WHERE {key} = $2");
        let put = house.site.db().write(move |tx| tx.exec_one(&sql, args![kept, id])).await;
        put.map_err(|fault: Fault| fault).unwrap();
    }
    for room in
        ["cases_", "mail_", "notice_", "people_", "privacy_", "text_", "transfer_", "follow_"]
    {
        assert!(made.iter().any(|(it, _)| it.table.starts_with(room)), "{room} seals nothing");
    }
    let path = keys.path().join("field.key");
    let mut file = KeyFile::read(&path).unwrap().unwrap();
    assert_eq!(file.rotate(&ids, now()), Ok(2));
    file.write(&path).unwrap();
    // As `maeul keys rotate` asks for it.
    let ctx = house.site.system_ctx(OFFICE);
    let asked = house.site.db().write(move |tx| ask_reseal(tx, &ctx, Place::default())).await;
    asked.map_err(|fault: Fault| fault).unwrap();
    house.runner.drain().await.unwrap();
    for (it, id) in made {
        let (table, column, key) = (it.table, it.column, it.seal_id().unwrap());
        let sql = format!("SELECT {column} FROM {table} WHERE {key} = $1");
        let kept: Result<((SealedText,), (Vec<u8>,)), Fault> = house
            .site
            .db()
            .read(move |tx| Ok((tx.one(&sql, args![id])?, tx.one(&sql, args![id])?)))
            .await;
        let ((kept,), (bytes,)) = kept.unwrap();
        assert_eq!(bytes.first(), Some(&2), "{table}.{column} was passed over");
        assert_eq!(seal.open(SealAt::new(table, column, id), &kept).unwrap(), "봉한 말");
    }
}
