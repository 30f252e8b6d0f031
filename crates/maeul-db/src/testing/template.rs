//! Databases that are filled once and copied for every test that begins with them: what costs a
//! second to build costs a copy of a file after that.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::{env, process};

use maeul_base::Fault;
use rusqlite::Connection;

use crate::{DbOptions, lite, pg};

/// The file that `fill` filled, made when it is first needed; earlier ones of that name are removed.
///
/// It lies beside the program of the tests, so that whatever clears away the one clears away the
/// other.
pub(super) async fn file(
    name: &str,
    mark: &str,
    fill: impl AsyncFnOnce(String) -> Result<(), Fault>,
) -> Result<PathBuf, Fault> {
    let wrong = |error: std::io::Error| Fault::from_error("the template of a test", error);
    let program = env::current_exe().map_err(wrong)?;
    let folder = program.with_extension("templates");
    let template = folder.join(format!("{name}-{mark}.db"));
    if template.exists() {
        return Ok(template);
    }
    fs::create_dir_all(&folder).map_err(wrong)?;
    let lock = File::create(folder.join("lock")).map_err(wrong)?;
    // One test makes it, those that come meanwhile wait.
    lock.lock().map_err(wrong)?;
    if template.exists() {
        return Ok(template);
    }
    clear(&folder, &format!("{name}-")).map_err(wrong)?;
    let making = folder.join(format!("{name}-making-{}.db", process::id()));
    fill(format!("sqlite:{}", making.display())).await?;
    let whole = making.with_extension("whole");
    let copy = || -> Result<(), rusqlite::Error> {
        let conn = Connection::open(&making)?;
        // Whole whether or not those who filled it have let go of it.
        conn.execute("VACUUM INTO ?1", [whole.display().to_string()])?;
        conn.close().map_err(|(_, error)| error)
    };
    copy().map_err(|error| lite::fault(&error, "keep the template"))?;
    clear(&folder, &format!("{name}-making-{}.db", process::id())).map_err(wrong)?;
    fs::rename(&whole, &template).map_err(wrong)?;
    Ok(template)
}

fn clear(folder: &Path, prefix: &str) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_name().and_then(|it| it.to_str()).is_some_and(|it| it.starts_with(prefix)) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Makes the database `copy` from the template, which `fill` fills when it is first needed.
pub(super) async fn database(
    server: &str,
    template: &str,
    copy: &str,
    fill: impl AsyncFnOnce(String) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let (way, _) = pg::way(server, &DbOptions { durable: false, ..DbOptions::default() })?;
    let (client, carrier) = way.connect().await?;
    tokio::spawn(carrier);
    let run = async |sql: String| {
        client.batch_execute(&sql).await.map_err(|error| pg::fault(&error, &sql))
    };
    let is_there = async || {
        let sql = "SELECT 1 FROM pg_database WHERE datname = $1";
        let found = client.query_opt(sql, &[&template]).await;
        found.map(|row| row.is_some()).map_err(|error| pg::fault(&error, sql))
    };
    if !is_there().await? {
        // One test makes it, those that come meanwhile wait; the lock goes with the connection.
        run("SELECT pg_advisory_lock(hashtextextended('maeul-template', 0))".to_owned()).await?;
        if !is_there().await? {
            let making = format!("{template}_making");
            run(format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)")).await?;
            run(format!("CREATE DATABASE {making}")).await?;
            fill(address(server, &making)).await?;
            run(format!("ALTER DATABASE {making} RENAME TO {template}")).await?;
        }
        run("SELECT pg_advisory_unlock_all()".to_owned()).await?;
    }
    run(format!("DROP DATABASE IF EXISTS {copy} WITH (FORCE)")).await?;
    // Copied file by file a database is made and dropped in two thirds of the time; servers before 15
    // know no other way.
    let sql = "SELECT current_setting('server_version_num')::int >= 150000";
    let chosen = client.query_one(sql, &[]).await.and_then(|row| row.try_get(0));
    let chosen: bool = chosen.map_err(|error| pg::fault(&error, sql))?;
    let how = if chosen { " STRATEGY file_copy" } else { "" };
    run(format!("CREATE DATABASE {copy} TEMPLATE {template}{how}")).await
}

/// The address of another database of the same server.
pub(super) fn address(server: &str, database: &str) -> String {
    let (place, query) = server.split_once('?').unwrap_or((server, ""));
    let (scheme, rest) = place.split_once("://").unwrap_or(("postgres", place));
    let host = rest.split('/').next().unwrap_or(rest);
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{scheme}://{host}/{database}{mark}{query}")
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn another_database_of_a_server_has_the_same_address_but_for_its_name() {
        for (server, there) in [
            ("postgres://u:p@127.0.0.1:5432/maeul", "postgres://u:p@127.0.0.1:5432/one"),
            ("postgres://u@h", "postgres://u@h/one"),
            ("postgresql://h/a?sslmode=disable", "postgresql://h/one?sslmode=disable"),
        ] {
            assert_eq!(address(server, "one"), there);
        }
    }
}
