//! What can go wrong between files and rules.

use std::io;
use std::path::{Path, PathBuf};

use maeul_rules::problem::Problems;
use maeul_rules::screen::{ColumnFileError, CsvError};
use thiserror::Error;

/// Why a population cannot be read, written or judged.
#[derive(Debug, Error)]
pub enum ScreenError {
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The name says no format we know.
    #[error("{}: 이름이 .csv, .parquet, .col 가운데 하나로 끝나야 합니다 / the name must end in .csv, .parquet or .col", .0.display())]
    Format(PathBuf),
    /// A CSV file.
    #[error("{}:\n{source}", path.display())]
    Csv {
        /// Which.
        path: PathBuf,
        /// Why.
        source: CsvError,
    },
    /// A Parquet file.
    #[error("{}: {source}", path.display())]
    Parquet {
        /// Which.
        path: PathBuf,
        /// Why.
        source: parquet::errors::ParquetError,
    },
    /// A column of a Parquet file is of a kind we do not read.
    #[error("{}: '{column}' 열의 자료형을 읽을 수 없습니다 / the type of the column '{column}' cannot be read", path.display())]
    ParquetType {
        /// Which file.
        path: PathBuf,
        /// Which column.
        column: String,
    },
    /// A column file.
    #[error("{}: {source}", path.display())]
    Columns {
        /// Which.
        path: PathBuf,
        /// Why.
        source: ColumnFileError,
    },
    /// A column file does not fit the rules: a fact that is not known, another unit, an impossible value.
    #[error("{}: '{fact}': {ko} / {en}", path.display())]
    Fact {
        /// Which file.
        path: PathBuf,
        /// Which fact.
        fact: String,
        /// Why, in Korean.
        ko: String,
        /// Why, in English.
        en: String,
    },
    /// The rules.
    #[error("{0}")]
    Rules(#[from] Problems),
    /// A list (of receipts, or of an earlier run) lacks a column.
    #[error("{}: '{column}' 열이 없습니다 / the column '{column}' is missing", path.display())]
    List {
        /// Which file.
        path: PathBuf,
        /// Which column.
        column: &'static str,
    },
    /// The results would overwrite what they are compared with.
    #[error("{}: 이전 결과와 새 결과는 서로 다른 폴더여야 합니다 / the earlier results and the new ones must be in different folders", .0.display())]
    SameFolder(PathBuf),
}

/// Names the file in an error of reading or writing.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> ScreenError + '_ {
    move |source| ScreenError::Io { path: path.to_owned(), source }
}

/// The same for a column file.
pub(crate) fn columns(path: &Path) -> impl FnOnce(ColumnFileError) -> ScreenError + '_ {
    move |source| ScreenError::Columns { path: path.to_owned(), source }
}

/// The same for a Parquet file.
pub(crate) fn parquet(
    path: &Path,
) -> impl FnOnce(parquet::errors::ParquetError) -> ScreenError + '_ {
    move |source| ScreenError::Parquet { path: path.to_owned(), source }
}
