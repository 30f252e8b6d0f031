//! The words of the room: what a conversation is about, why a text was set aside.

use maeul_base::Lang;
use maeul_db::text_value;

/// What a conversation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A matter: it has a case.
    Matter,
    /// Praise or thanks: passed on, no clock.
    Praise,
    /// No case can be made of it without a person's look.
    Aside,
    /// Texts refused or wanted again.
    Wish,
}

impl Kind {
    /// The name kept in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Matter => "matter",
            Self::Praise => "praise",
            Self::Aside => "aside",
            Self::Wish => "wish",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Matter, Self::Praise, Self::Aside, Self::Wish]
            .into_iter()
            .find(|it| it.as_str() == name)
    }

    /// The name people read.
    pub const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Matter => lang.t("민원", "Matter"),
            Self::Praise => lang.t("칭찬·감사", "Praise"),
            Self::Aside => lang.t("살펴볼 문자", "To be looked at"),
            Self::Wish => lang.t("수신거부·동의", "Stop or start"),
        }
    }
}

/// Why a text was set aside: kept, and no case by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aside {
    /// Nothing was written.
    Empty,
    /// A picture or something for a program.
    Binary,
    /// From a short code or a name, to which nobody can reply: mostly advertising.
    Sender,
    /// The case would not take it.
    Refused,
}

impl Aside {
    /// The name kept in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Binary => "binary",
            Self::Sender => "sender",
            Self::Refused => "refused",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Empty, Self::Binary, Self::Sender, Self::Refused]
            .into_iter()
            .find(|it| it.as_str() == name)
    }

    /// Why, for the officer.
    pub const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Empty => lang.t("내용이 없는 문자", "Nothing was written"),
            Self::Binary => lang.t("글이 아닌 문자(사진·파일)", "No text: a picture or a file"),
            Self::Sender => lang.t(
                "답할 수 없는 번호(대표번호·이름)",
                "A sender that cannot be answered (a short code or a name)",
            ),
            Self::Refused => lang.t("접수할 수 없었던 문자", "The case would not take it"),
        }
    }
}

text_value!(Kind, Aside);
