//! What a database says of itself: for readiness and for the doctor.

use jiff::Timestamp;
use maeul_base::Fault;

use crate::{Db, Engine, args};

/// How a connection is encrypted, as the server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encrypted {
    /// E.g. `TLSv1.3`.
    pub version: String,
    /// E.g. `TLS_AES_256_GCM_SHA384`.
    pub cipher: String,
}

/// A database's own words about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The engine's version, e.g. `15.8`.
    pub version: String,
    /// The major version as a number.
    pub major: u32,
    /// The encoding of text, e.g. `UTF8`.
    pub encoding: String,
    /// How text is compared; `BINARY` on SQLite.
    pub collation: String,
    /// Whether an acknowledged change survives a power cut.
    pub durable: bool,
    /// Its clock; SQLite has none of its own.
    pub now: Option<Timestamp>,
    /// How the way to it is encrypted, where it is.
    pub encrypted: Option<Encrypted>,
}

impl Db {
    /// Answers if the database does.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.read(|tx| tx.one::<(i64,)>("SELECT CAST(1 AS bigint)", args![])).await.map(|_| ())
    }

    /// What it says of itself.
    pub async fn about(&self) -> Result<About, Fault> {
        let (version, encoding, collation, durable, now, encrypted) = match self.engine() {
            Engine::Postgres => {
                type Said = (String, String, String, bool, Timestamp);
                let (version, encoding, collation, durable, now): Said = self
                    .read(|tx| {
                        tx.one(
                            "SELECT current_setting('server_version'),
                                    CAST(pg_encoding_to_char(encoding) AS text),
                                    CAST(datcollate AS text),
                                    current_setting('fsync') = 'on'
                                        AND current_setting('synchronous_commit') <> 'off',
                                    clock_timestamp()
                               FROM pg_database WHERE datname = current_database()",
                            args![],
                        )
                    })
                    .await?;
                let encrypted: Option<(String, String)> = self
                    .read(|tx| {
                        tx.get(
                            "SELECT version, cipher FROM pg_stat_ssl
                              WHERE pid = pg_backend_pid() AND ssl",
                            args![],
                        )
                    })
                    .await?;
                let encrypted = encrypted.map(|(version, cipher)| Encrypted { version, cipher });
                (version, encoding, collation, durable, Some(now), encrypted)
            }
            Engine::Sqlite => {
                let (version, encoding, journal): (String, String, String) = self
                    .read(|tx| {
                        tx.one(
                            "SELECT sqlite_version(), encoding, journal_mode
                               FROM pragma_encoding, pragma_journal_mode",
                            args![],
                        )
                    })
                    .await?;
                (version, encoding, "BINARY".to_owned(), journal == "wal", None, None)
            }
        };
        let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
        let major = digits.parse().unwrap_or(0);
        Ok(About { version, major, encoding, collation, durable, now, encrypted })
    }
}
