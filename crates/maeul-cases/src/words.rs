//! The words of a case: its state, channel, kind and outcome, each with its name in the database
//! and its name for people.

use maeul_base::Lang;
use maeul_calendar::Period;
use serde::{Deserialize, Serialize};

maeul_db::words! {
    /// Where a case stands.
    State {
        /// In a unit's queue or the coordinator's; nobody has taken it.
        Received = "received", "접수", "Received";
        /// An officer works on it.
        Working = "working", "처리 중", "In progress";
        /// A question to the resident is open. The clock runs on: only a statutory supplement
        /// request stops it.
        Waiting = "waiting", "답변 기다림", "Waiting for a reply";
        /// An answer is written and waits for approval.
        Approval = "approval", "승인 대기", "Awaiting approval";
        /// Answered.
        Closed = "closed", "답변 완료", "Answered";
    }
}

maeul_db::words! {
    /// By which way a case came in.
    Channel {
        /// The resident's own report on the web.
        Web = "web", "누리집", "Web";
        /// Entered by an officer at the counter.
        Counter = "counter", "창구", "Counter";
        /// Entered by an officer on the telephone.
        Phone = "phone", "전화", "Telephone";
        /// A text message to the office's number (바로문자).
        Text = "text", "문자", "Text";
        /// An e-mail to the office's address.
        Email = "email", "전자우편", "E-mail";
        /// Another system.
        Api = "api", "연계", "Interface";
        /// Loaded from a file.
        Import = "import", "이관", "Import";
    }
}

maeul_db::words! {
    /// How far a file of another system's cases is.
    ImportState {
        /// Its rows are judged; nothing is taken in.
        Checking = "checking", "시험 중", "Being checked";
        /// They were judged: somebody decides.
        Checked = "checked", "시험 끝", "Checked";
        /// They are taken in.
        Running = "running", "가져오는 중", "Coming in";
        /// All were.
        Done = "done", "가져옴", "Brought in";
        /// Somebody ended it.
        Stopped = "stopped", "그만둠", "Ended";
        /// The file cannot be read on.
        Broken = "broken", "읽을 수 없음", "Unreadable";
    }
}

impl ImportState {
    /// A job works on it.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Checking | Self::Running)
    }
}

maeul_db::words! {
    /// The kind of petition, 민원 처리에 관한 법률 제2조 (the Act's words).
    PetitionKind {
        /// 법정민원: permits, registrations, certificates (법2, 법17).
        Statutory = "statutory", "법정민원", "Statutory petition";
        /// 법령 질의: asks what a statute or ordinance means (영14, 14 days).
        LegalInquiry = "legal_inquiry", "질의민원(법령)", "Inquiry about the law";
        /// 그 밖의 질의: asks about a system or procedure (영14, 7 days).
        OtherInquiry = "other_inquiry", "질의민원(제도·절차)", "Inquiry about a procedure";
        /// 건의민원: asks for an improvement (영15, 14 days).
        Suggestion = "suggestion", "건의민원", "Suggestion";
        /// 기타민원: guidance, daily inconvenience (영16, 영19: at once).
        Other = "other", "기타민원", "Other petition";
        /// 고충민원: a grievance about an unlawful, unfair or passive act (영17, 7 days).
        Grievance = "grievance", "고충민원", "Grievance";
    }
}

maeul_db::words! {
    /// How much of a service's cases everybody may know, from nothing on.
    Publicity {
        /// Nothing, not even that there is one.
        Private = "none", "비공개", "Private";
        /// They are counted.
        Figures = "figures", "통계만", "Figures only";
        /// Service, 동, steps, times and the outcome of each.
        Outline = "outline", "개요", "Outline";
        /// The same, and a masked summary once an officer has looked.
        Summary = "summary", "개요와 요약", "Outline and summary";
    }
}

maeul_db::words! {
    /// The honest outcomes of an answer.
    Outcome {
        /// 처리완료
        Done = "done", "처리완료", "Done";
        /// 불가: reasons and remedies must be told (법27).
        Refused = "refused", "처리 불가", "Not possible";
        /// 장기검토: with the date it is looked at again.
        LongTerm = "long_term", "장기검토", "Under long-term review";
        /// 예산필요: nothing before there is a budget.
        NeedsBudget = "needs_budget", "예산 필요", "Needs budget";
    }
}

maeul_db::words! {
    /// Who may see an event.
    Visibility {
        /// The resident and the staff.
        Resident = "resident", "모두", "Everyone";
        /// The staff only.
        Internal = "internal", "내부", "Staff only";
    }
}

maeul_db::words! {
    /// How a person stands to a case.
    PartyKind {
        /// Raised it.
        Petitioner = "petitioner", "신청인", "Petitioner";
        /// "Me too": gets the answer as well.
        Follower = "follower", "함께 신청", "Follower";
        /// Raised it with an officer's help, by word of mouth.
        Assisted = "assisted", "대신 접수", "Assisted petitioner";
    }
}

maeul_db::words! {
    /// How a person wants to hear from us.
    Prefers {
        /// Text message.
        Sms = "sms", "문자", "Text message";
        /// E-mail.
        Email = "email", "전자우편", "E-mail";
    }
}

maeul_db::words! {
    /// The type of the answer to a service's question (Open311 GeoReport v2 names).
    DataType {
        /// One line.
        Text = "string", "한 줄 글", "One line";
        /// A number.
        Number = "number", "숫자", "Number";
        /// A date and time.
        DateTime = "datetime", "날짜·시각", "Date and time";
        /// Several lines.
        LongText = "text", "긴 글", "Several lines";
        /// One of a list.
        One = "singlevaluelist", "하나 고르기", "One of a list";
        /// Any of a list.
        Many = "multivaluelist", "여럿 고르기", "Any of a list";
    }
}

impl State {
    /// Whether work is still owed.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed)
    }
}

impl Channel {
    /// A message to the office is a letter, not a notice: private unless a service says otherwise.
    pub const fn is_private(self) -> bool {
        matches!(self, Self::Text | Self::Email)
    }
}

impl PetitionKind {
    /// The most everybody may know of a case of this kind, whatever an office says: a grievance or
    /// an application is its petitioner's own affair.
    pub const fn most_public(self) -> Publicity {
        match self {
            Self::Statutory | Self::Grievance => Publicity::Figures,
            Self::LegalInquiry | Self::OtherInquiry | Self::Suggestion | Self::Other => {
                Publicity::Summary
            }
        }
    }

    /// The period that holds where a service states none, and its article in both languages
    /// (law: 영14-17, 영19).
    ///
    /// 법정민원 has none of its own: each is published in the standard table (법17).
    pub const fn default_period(self) -> Option<(Period, [&'static str; 2])> {
        const ART_14: [&str; 2] =
            ["민원 처리에 관한 법률 시행령 제14조", "Enforcement Decree, art. 14"];
        const ART_15: [&str; 2] =
            ["민원 처리에 관한 법률 시행령 제15조", "Enforcement Decree, art. 15"];
        const ART_16: [&str; 2] =
            ["민원 처리에 관한 법률 시행령 제16조, 제19조", "Enforcement Decree, art. 16 and 19"];
        const ART_17: [&str; 2] =
            ["민원 처리에 관한 법률 시행령 제17조", "Enforcement Decree, art. 17"];
        match self {
            Self::Statutory => None,
            Self::LegalInquiry => Some((Period::Days(14), ART_14)),
            Self::OtherInquiry => Some((Period::Days(7), ART_14)),
            Self::Suggestion => Some((Period::Days(14), ART_15)),
            Self::Other => Some((Period::Immediate, ART_16)),
            Self::Grievance => Some((Period::Days(7), ART_17)),
        }
    }
}

/// The same words in both languages, kept together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    /// 한국어
    pub ko: String,
    /// English
    pub en: String,
}

impl Bilingual {
    /// Both texts.
    pub fn new(ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ko: ko.into(), en: en.into() }
    }

    /// The text in that language.
    pub fn get(&self, lang: Lang) -> &str {
        lang.t(&self.ko, &self.en)
    }
}
