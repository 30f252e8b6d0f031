//! Which installation a command works on: a configuration file, or a folder of `maeul demo`.

use std::path::PathBuf;

use clap::Args;

use crate::config::{Config, ConfigError};

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
