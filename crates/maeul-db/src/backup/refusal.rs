//! Why a backup is not made, opened or restored, and what to do.

use maeul_base::{Lang, Refusal};

/// Something the person at the keyboard can act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupRefusal {
    /// The file is something else.
    NotABackup,
    /// It was sealed with a key file.
    NeedsKeyFile,
    /// It was sealed with a passphrase.
    NeedsPassphrase,
    /// The key does not open it, or its beginning was changed.
    WrongKey,
    /// It was changed, or ends too early.
    Damaged,
    /// A newer Maeul made it: the step this one does not know.
    Newer(String),
    /// Where it should go, this table holds rows.
    NotEmpty(String),
    /// Where it should go, there are already newer tables.
    OtherTables,
    /// Rows of this table are not those the manifest tells.
    Differs(String),
}

impl Refusal for BackupRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotABackup => "backup.none",
            Self::NeedsKeyFile => "backup.needs_key_file",
            Self::NeedsPassphrase => "backup.needs_passphrase",
            Self::WrongKey => "backup.wrong_key",
            Self::Damaged => "backup.damaged",
            Self::Newer(_) => "backup.newer",
            Self::NotEmpty(_) => "backup.not_empty",
            Self::OtherTables => "backup.other_tables",
            Self::Differs(_) => "backup.differs",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NotABackup, _) => lang
                .t("마을의 백업 파일이 아닙니다.", "This is not a backup of Maeul.")
                .to_owned(),
            (Self::NeedsKeyFile, _) => lang
                .t(
                    "키 파일로 봉한 백업입니다. --key-file FILE을 주십시오.",
                    "This backup is sealed with a key file. Give it with --key-file FILE.",
                )
                .to_owned(),
            (Self::NeedsPassphrase, _) => lang
                .t(
                    "암호 문구로 봉한 백업입니다. --passphrase-file FILE을 주십시오.",
                    "This backup is sealed with a passphrase. Give it with --passphrase-file FILE.",
                )
                .to_owned(),
            (Self::WrongKey, _) => lang
                .t(
                    "이 키로는 열리지 않습니다. 백업할 때 쓴 키인지 확인하십시오. 키가 맞다면 파일이 손상된 것입니다.",
                    "This key does not open it. Check that it is the key it was made with; if it is, the file is damaged.",
                )
                .to_owned(),
            (Self::Damaged, _) => lang
                .t(
                    "백업이 손상되었거나 끝이 잘렸습니다. 다른 사본을 쓰십시오.",
                    "The backup is damaged or was cut short. Use another copy.",
                )
                .to_owned(),
            (Self::Newer(step), Lang::Ko) => {
                format!("더 새로운 마을이 만든 백업입니다({step}). 같은 판 이상의 프로그램으로 복원하십시오.")
            }
            (Self::Newer(step), Lang::En) => format!(
                "A newer Maeul made this backup ({step}). Restore it with that version or a later one."
            ),
            (Self::NotEmpty(table), Lang::Ko) => format!(
                "복원할 데이터베이스가 비어 있지 않습니다({table}). 빈 데이터베이스를 주십시오. 아무것도 바꾸지 않았습니다."
            ),
            (Self::NotEmpty(table), Lang::En) => format!(
                "The database to restore into is not empty ({table}). Give an empty one. Nothing was changed."
            ),
            (Self::OtherTables, _) => lang
                .t(
                    "복원할 데이터베이스의 표가 백업과 다른 판의 것입니다. 새 데이터베이스를 주십시오. 아무것도 바꾸지 않았습니다.",
                    "The tables of the database to restore into are of another version than the backup. Give a new database. Nothing was changed.",
                )
                .to_owned(),
            (Self::Differs(table), Lang::Ko) => {
                format!("{table}: 행이 백업의 목록과 다릅니다. 이 백업이나 결과를 쓰지 마십시오.")
            }
            (Self::Differs(table), Lang::En) => format!(
                "{table}: the rows are not those the backup lists. Do not use this backup or its result."
            ),
        }
    }
}
