//! Which installation a command works on: a configuration file, or a folder of `maeul demo`.

use std::path::PathBuf;

use clap::Args;
use maeul_base::{Fault, Lang};
use maeul_db::{Db, DbOptions, args};

use crate::config::{Config, ConfigError};
use crate::end::{End, Told};
use crate::open;

/// The folder `maeul demo` uses where none is given.
pub const DEMO_DIR: &str = "var/demo";

/// Shared by all commands that open the database.
#[derive(Args, Clone, Debug)]
pub struct StoreArgs {
    /// The configuration file of a real installation.
    #[arg(long, value_name = "FILE", conflicts_with = "dir")]
    pub config: Option<PathBuf>,
    /// The folder of a demonstration (`maeul demo --dir D`).
    #[arg(long, value_name = "D")]
    pub dir: Option<PathBuf>,
    /// `sqlite:PATH` or `postgres://…`, instead of what the configuration says.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
}

impl StoreArgs {
    /// The configuration meant; without `--config` and `--dir`, the demonstration's.
    pub fn config(&self) -> Result<Config, ConfigError> {
        let mut config = match &self.config {
            Some(path) => Config::read(path, crate::env)?,
            None => {
                let dir = self.dir.clone().unwrap_or_else(|| PathBuf::from(DEMO_DIR));
                let kept = dir.join("maeul.toml");
                if kept.exists() {
                    Config::read(&kept, |_| None)?
                } else {
                    Config { data_dir: dir, demo: true, ..Config::default() }
                }
            }
        };
        if let Some(database) = &self.database {
            config.database.clone_from(database);
        }
        Ok(config)
    }
}

/// Which office of which installation a command is about, and how it answers.
#[derive(Args, Clone, Debug)]
pub struct OfficeArgs {
    /// The office's code or web name.
    #[arg(long, value_name = "CODE")]
    pub office: Option<String>,
    /// Answer with JSON.
    #[arg(long)]
    pub json: bool,
    /// Which installation.
    #[command(flatten)]
    pub store: StoreArgs,
    /// The language of the answer: ko or en.
    #[arg(long, default_value = "ko", value_parser = open::lang)]
    pub lang: Lang,
}

/// The schema of a demonstration on a PostgreSQL server: only ever its own, so that beginning anew
/// can take nothing else away.
pub(crate) struct DemoSchema {
    /// The server's address as given.
    server: String,
    /// The address by which the schema is opened.
    pub(crate) url: String,
}

/// Its name.
const SCHEMA: &str = "maeul_demo";

impl DemoSchema {
    /// On that server. An address that already chooses its own options is not taken: there the
    /// schema would not be the demonstration's.
    pub(crate) fn on(url: &str) -> Result<Self, End> {
        if !url.starts_with("postgres:") && !url.starts_with("postgresql:") {
            return Err(End::refused(
                "--database: sqlite:PATH 또는 postgres://… / sqlite:PATH or postgres://…",
            ));
        }
        if url.contains("options=") {
            return Err(End::refused(format!(
                "--database: 시연은 스스로 만든 {SCHEMA} 스키마만 씁니다. 주소에서 options를 빼 주십시오. / \
                 the demonstration uses its own schema {SCHEMA}; leave options out of the address"
            )));
        }
        let joint = if url.contains('?') { '&' } else { '?' };
        let opened = format!("{url}{joint}options=-c%20search_path%3D{SCHEMA}");
        Ok(Self { server: url.to_owned(), url: opened })
    }

    /// Makes the schema unless it is there.
    pub(crate) async fn make(&self) -> Told {
        self.run(&[format!("CREATE SCHEMA IF NOT EXISTS {SCHEMA}")]).await
    }

    /// Drops the schema with all that is in it, and makes it again.
    pub(crate) async fn make_anew(&self) -> Told {
        let drop = format!("DROP SCHEMA IF EXISTS {SCHEMA} CASCADE");
        self.run(&[drop, format!("CREATE SCHEMA {SCHEMA}")]).await
    }

    async fn run(&self, statements: &[String]) -> Told {
        let options = DbOptions { pool_size: 1, ..DbOptions::default() };
        let db = Db::open(&self.server, options).await?;
        let statements = statements.to_vec();
        db.write(move |tx| statements.iter().try_for_each(|sql| tx.exec(sql, args![]).map(|_| ())))
            .await
            .map_err(|fault: Fault| End::from(fault))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demonstration_keeps_to_its_schema() {
        let at = |url| DemoSchema::on(url).map(|schema| schema.url);
        assert_eq!(
            at("postgres://u@h/db").unwrap(),
            "postgres://u@h/db?options=-c%20search_path%3Dmaeul_demo"
        );
        assert!(at("postgres://h/db?sslmode=disable").unwrap().contains("disable&options="));
        assert_eq!(at("postgres://h/db?options=-csearch_path%3Dpublic").unwrap_err().code, 1);
        assert_eq!(at("mysql://h/db").unwrap_err().code, 1);
    }
}
