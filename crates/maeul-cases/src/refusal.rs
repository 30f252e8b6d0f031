//! Why an act on a case is refused: what all acts share, and the way each adds its own.

use maeul_base::{Failure, Lang, Refusal};

use crate::store::ChangedMeanwhile;

/// What any act on a case may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseRefusal {
    /// There is no such case, or the reader may not know of it.
    NotFound,
    /// They may see it, but not do this with it.
    NotYours,
    /// Someone else changed it since the page was read.
    ChangedMeanwhile,
    /// It has been answered.
    AlreadyAnswered,
    /// Nobody is signed in.
    StaffOnly,
}

impl CaseRefusal {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::NotFound,
        Self::NotYours,
        Self::ChangedMeanwhile,
        Self::AlreadyAnswered,
        Self::StaffOnly,
    ];
}

impl Refusal for CaseRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "case.not_found",
            Self::NotYours => "case.not_yours",
            Self::ChangedMeanwhile => "case.changed_meanwhile",
            Self::AlreadyAnswered => "case.already_answered",
            Self::StaffOnly => "case.staff_only",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::NotFound => lang.t(
                "그런 민원을 찾을 수 없습니다. 접수번호나 주소를 확인해 주십시오.",
                "There is no such case. Please check the receipt number or the address.",
            ),
            Self::NotYours => lang.t(
                "이 민원은 볼 수만 있습니다. 처리는 담당 부서나 민원조정관에게 문의해 주십시오.",
                "You may see this case but not work it. Please ask its unit or the coordinator.",
            ),
            Self::ChangedMeanwhile => lang.t(
                "그사이 다른 사람이 이 민원을 고쳤습니다. 바뀐 내용을 확인한 뒤 다시 해 주십시오. \
                 쓰신 내용은 그대로 있습니다.",
                "Someone else changed this case in the meantime. Look at what changed and try \
                 again; what you typed is kept.",
            ),
            Self::AlreadyAnswered => lang.t(
                "이미 답변이 나간 민원입니다. 더 처리하려면 먼저 다시 열어 주십시오.",
                "This case has been answered. Reopen it first to work on it.",
            ),
            Self::StaffOnly => lang.t(
                "직원만 할 수 있는 일입니다. 로그인해 주십시오.",
                "Only staff can do this. Please sign in.",
            ),
        }
        .to_owned()
    }

    fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::NotYours | Self::StaffOnly => 403,
            Self::ChangedMeanwhile | Self::AlreadyAnswered => 409,
        }
    }
}

impl From<ChangedMeanwhile> for CaseRefusal {
    fn from(_: ChangedMeanwhile) -> Self {
        Self::ChangedMeanwhile
    }
}

/// Lifts the shared refusal into an act's own.
pub(crate) fn refused<R: From<CaseRefusal>>(refusal: CaseRefusal) -> Failure<R> {
    Failure::Refused(R::from(refusal))
}

/// The enum of an act's refusals: the shared ones and its own, each with code, status, field and
/// both texts side by side.
macro_rules! refusals {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$vdoc:meta])* $variant:ident = $code:literal, $status:literal, $field:expr, $ko:literal, $en:literal;)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            /// What any act on a case may answer.
            Case($crate::refusal::CaseRefusal),
            $($(#[$vdoc])* $variant,)*
        }

        impl $name {
            /// This act's own.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
        }

        impl From<$crate::refusal::CaseRefusal> for $name {
            fn from(refusal: $crate::refusal::CaseRefusal) -> Self { Self::Case(refusal) }
        }

        impl maeul_base::Refusal for $name {
            fn code(&self) -> &'static str {
                match self { Self::Case(refusal) => refusal.code(), $(Self::$variant => $code,)* }
            }
            fn say(&self, lang: maeul_base::Lang) -> String {
                match self {
                    Self::Case(refusal) => refusal.say(lang),
                    $(Self::$variant => lang.t($ko, $en).to_owned(),)*
                }
            }
            fn field(&self) -> Option<&'static str> {
                match self { Self::Case(refusal) => refusal.field(), $(Self::$variant => $field,)* }
            }
            fn status(&self) -> u16 {
                match self { Self::Case(refusal) => refusal.status(), $(Self::$variant => $status,)* }
            }
        }
    };
}
pub(crate) use refusals;

#[cfg(test)]
#[path = "refusal_tests.rs"]
mod tests;
