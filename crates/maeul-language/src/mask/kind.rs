//! The kinds of personal data, in both languages.

use maeul_base::Lang;

/// What was found. The order is that of weight: where two kinds overlap the first names both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonalKind {
    /// 주민등록번호: six digits of a date and seven more.
    ResidentNumber,
    /// 외국인등록번호: the same with 5 to 8 in the seventh place.
    ForeignerNumber,
    /// 여권번호
    Passport,
    /// 운전면허번호
    Licence,
    /// 카드번호
    Card,
    /// 전자우편 주소
    Email,
    /// 전화번호, not of the public short, representative and toll-free kinds.
    Phone,
    /// 계좌번호
    Account,
    /// 차량번호
    Plate,
    /// 생년월일
    Birth,
    /// 메신저·누리소통망 아이디
    Handle,
    /// 동·호의 호: the door of a home.
    Door,
    /// 집 주소의 번호: the house number where the text says that somebody lives there.
    Address,
    /// 이름
    Name,
    /// 공직자 이름: a name with a public office, hidden too unless an officer decides otherwise.
    Official,
}

impl PersonalKind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::ResidentNumber,
        Self::ForeignerNumber,
        Self::Passport,
        Self::Licence,
        Self::Card,
        Self::Email,
        Self::Phone,
        Self::Account,
        Self::Plate,
        Self::Birth,
        Self::Handle,
        Self::Door,
        Self::Address,
        Self::Name,
        Self::Official,
    ];

    /// What it is called.
    pub const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::ResidentNumber => lang.t("주민등록번호", "resident number"),
            Self::ForeignerNumber => lang.t("외국인등록번호", "foreigner number"),
            Self::Passport => lang.t("여권번호", "passport number"),
            Self::Licence => lang.t("운전면허번호", "driving licence number"),
            Self::Card => lang.t("카드번호", "card number"),
            Self::Email => lang.t("전자우편", "e-mail address"),
            Self::Phone => lang.t("전화번호", "telephone number"),
            Self::Account => lang.t("계좌번호", "bank account"),
            Self::Plate => lang.t("차량번호", "vehicle plate"),
            Self::Birth => lang.t("생년월일", "date of birth"),
            Self::Handle => lang.t("아이디", "account name"),
            Self::Door => lang.t("호수", "door number"),
            Self::Address => lang.t("집 주소", "home address"),
            Self::Name => lang.t("이름", "name"),
            Self::Official => lang.t("공직자 이름", "official's name"),
        }
    }

    /// Its word in files and addresses.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::ResidentNumber => "resident_number",
            Self::ForeignerNumber => "foreigner_number",
            Self::Passport => "passport",
            Self::Licence => "licence",
            Self::Card => "card",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Account => "account",
            Self::Plate => "plate",
            Self::Birth => "birth",
            Self::Handle => "handle",
            Self::Door => "door",
            Self::Address => "address",
            Self::Name => "name",
            Self::Official => "official",
        }
    }
}
