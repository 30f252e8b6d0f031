//! Why an officer's act on a conversation is refused.

use maeul_base::{Failure, Lang, Refusal};

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextRefusal {
    /// There is no such conversation, or the reader may not know of it.
    NotFound,
    /// Another unit's.
    NotYours,
    /// Someone else did something meanwhile.
    ChangedMeanwhile,
    /// A matter's first text is what its case was made of.
    FirstText,
    /// There is a case already.
    HasCase,
    /// Only conversations of one number can be joined.
    OtherNumber,
    /// The conversation to join has no open case.
    NoOpenCase,
    /// The hours promised are none.
    Hours,
    /// What an act of the case said.
    OfCase {
        /// Its name.
        code: &'static str,
        /// HTTP status.
        status: u16,
        /// The field.
        field: Option<&'static str>,
        /// In Korean.
        ko: String,
        /// In English.
        en: String,
    },
}

impl TextRefusal {
    /// What an act of the case said.
    pub(crate) fn of(refusal: &impl Refusal) -> Self {
        Self::OfCase {
            code: refusal.code(),
            status: refusal.status(),
            field: refusal.field(),
            ko: refusal.say(Lang::Ko),
            en: refusal.say(Lang::En),
        }
    }
}

/// An act of the case as part of an act of this room.
pub(crate) fn of_case<T, R: Refusal>(
    result: Result<T, Failure<R>>,
) -> Result<T, Failure<TextRefusal>> {
    result.map_err(|failure| failure.map(|refusal| TextRefusal::of(&refusal)))
}

impl Refusal for TextRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "text.not_found",
            Self::NotYours => "text.not_yours",
            Self::ChangedMeanwhile => "text.changed_meanwhile",
            Self::FirstText => "text.first_text",
            Self::HasCase => "text.has_case",
            Self::OtherNumber => "text.other_number",
            Self::NoOpenCase => "text.no_open_case",
            Self::Hours => "text.hours",
            Self::OfCase { code, .. } => code,
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::NotFound => lang.t(
                "그런 문자 대화를 찾을 수 없습니다. 목록에서 다시 골라 주십시오.",
                "There is no such conversation. Please choose one from the list.",
            ),
            Self::NotYours => lang.t(
                "다른 부서의 문자입니다. 담당 부서나 민원조정관에게 맡겨 주십시오.",
                "These texts belong to another unit. Please leave them to it or to the coordinator.",
            ),
            Self::ChangedMeanwhile => lang.t(
                "그사이 다른 사람이 이 대화를 바꿨습니다. 바뀐 내용을 보고 다시 해 주십시오.",
                "Someone else changed this conversation. Look at it and try again.",
            ),
            Self::FirstText => lang.t(
                "첫 문자는 이 민원 자체라 떼어 낼 수 없습니다. 뒤에 온 문자를 고르십시오.",
                "The first text is the case itself. Choose one that came later.",
            ),
            Self::HasCase => lang.t("이미 민원으로 접수된 문자입니다.", "This is a case already."),
            Self::OtherNumber => lang.t(
                "같은 번호에서 온 문자끼리만 합칠 수 있습니다.",
                "Only texts of one number can be joined.",
            ),
            Self::NoOpenCase => lang.t(
                "합칠 대화의 민원이 이미 답변되었습니다. 먼저 다시 여십시오.",
                "The case of that conversation has been answered. Reopen it first.",
            ),
            Self::Hours => lang.t(
                "약속 시간은 1에서 1,440시간 사이로 적어 주십시오.",
                "Please promise between 1 and 1,440 hours.",
            ),
            Self::OfCase { ko, en, .. } => lang.t(ko, en),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Hours => Some("hours"),
            Self::OfCase { field, .. } => *field,
            _ => None,
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::NotYours => 403,
            Self::Hours => 422,
            Self::OfCase { status, .. } => *status,
            _ => 409,
        }
    }
}
