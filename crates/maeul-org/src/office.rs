//! The office (시·군·구) and the parts of its chart.

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{DongCode, Lang, OfficeId, UnitId};
use maeul_db::{Cell, FromValue, ToValue, Value, row};

use crate::Period;

row! {
    /// An office that joined this installation.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Office {
        /// Its number here; stays when the national code changes.
        pub id: OfficeId,
        /// The present five-digit national code.
        pub code: String,
        /// Its name in web addresses.
        pub slug: String,
        /// Name in Korean.
        pub name_ko: String,
        /// Name in English.
        pub name_en: String,
        /// Short name in Korean, as in receipt numbers.
        pub short_ko: String,
        /// Short name in English.
        pub short_en: String,
        /// The present upper region (시·도) in Korean.
        pub parent_ko: String,
        /// The present upper region in English.
        pub parent_en: String,
        /// Main telephone.
        pub phone: String,
        /// Address in Korean.
        pub address_ko: String,
        /// Address in English.
        pub address_en: String,
        /// Where a map opens: latitude in degrees × 10^7.
        pub map_lat_e7: Option<i64>,
        /// Where a map opens: longitude in degrees × 10^7.
        pub map_lon_e7: Option<i64>,
        /// How near a map opens, 1 to 19.
        pub map_zoom: Option<i32>,
        /// Whether local holidays stop the petition clock here. The petition act names only the
        /// public holidays of the decree, so an office must choose it; it begins as no.
        pub local_holidays_stop_clock: bool,
        /// Grows with every change of the chart or the holidays, so that caches reload.
        pub revision: i64,
        /// When it joined.
        pub created_at: Timestamp,
    }
}

impl Office {
    /// Name in that language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.t(&self.name_ko, &self.name_en)
    }

    /// Short name in that language.
    pub fn short(&self, lang: Lang) -> &str {
        lang.t(&self.short_ko, &self.short_en)
    }

    /// The upper region in that language.
    pub fn parent(&self, lang: Lang) -> &str {
        lang.t(&self.parent_ko, &self.parent_en)
    }

    /// Address in that language.
    pub fn address(&self, lang: Lang) -> &str {
        lang.t(&self.address_ko, &self.address_en)
    }
}

macro_rules! named {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word kept in the database and in import files.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The one of that word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.as_str() == word)
            }
        }

        impl FromValue for $name {
            fn from_value(cell: Cell<'_>) -> Option<Self> {
                if let Cell::Text(word) = cell { Self::parse(word) } else { None }
            }
        }

        impl ToValue for $name {
            fn to_value(&self) -> Value { self.as_str().to_value() }
        }
    };
}

named! {
    /// What kind of unit.
    pub enum UnitKind {
        /// 국
        Bureau = "bureau",
        /// 과
        Division = "division",
        /// 팀
        Team = "team",
        /// 동 행정복지센터
        Dong = "dong",
        /// 보건소
        HealthCentre = "health_centre",
        /// 실·담당관
        StaffOffice = "staff_office",
    }
}

named! {
    /// Why a day is no working day beyond the computed public holidays.
    pub enum HolidayKind {
        /// 임시공휴일: designated by the government (관공서의 공휴일에 관한 규정 art. 2).
        Temporary = "temporary",
        /// 지방공휴일: designated by the office under its ordinance.
        Local = "local",
    }
}

row! {
    /// A unit of the organisation.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Unit {
        /// Its id, the same for as long as its code.
        pub id: UnitId,
        /// Its code, unique in the office for good.
        pub code: String,
        /// Name in Korean.
        pub name_ko: String,
        /// Name in English.
        pub name_en: String,
        /// What kind of unit.
        pub kind: UnitKind,
        /// The unit above.
        pub parent: Option<UnitId>,
        /// Telephone for residents; empty when it has none of its own.
        pub phone: String,
        /// The 동 it serves, of a unit of that kind.
        pub dong: Option<DongCode>,
        /// The first day; none while it waits for `trigger`.
        pub valid_from: Option<Date>,
        /// The first day on which it is no more; none for no end.
        pub valid_to: Option<Date>,
        /// The event that puts it in force, where the rule names an event and not a date.
        pub trigger: Option<String>,
    }

    /// A piece of work that some unit must do.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Duty {
        /// Its code, unique in the office for good.
        pub code: String,
        /// Name in Korean.
        pub name_ko: String,
        /// Name in English.
        pub name_en: String,
    }

    /// A day on which the office is closed beyond the computed public holidays.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Holiday {
        /// The day.
        pub on_day: Date,
        /// Name in Korean.
        pub name_ko: String,
        /// Name in English.
        pub name_en: String,
        /// Of which kind.
        pub kind: HolidayKind,
        /// The decision, notice or ordinance it rests on.
        pub basis: String,
        /// When Maeul learned of it.
        pub added_at: Timestamp,
    }
}

impl Unit {
    /// Name in that language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.t(&self.name_ko, &self.name_en)
    }

    /// The days on which it exists.
    pub const fn period(&self) -> Period {
        Period { from: self.valid_from, to: self.valid_to }
    }

    /// Whether it exists on that day.
    pub fn in_force(&self, on: Date) -> bool {
        self.period().contains(on)
    }
}

impl Duty {
    /// Name in that language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.t(&self.name_ko, &self.name_en)
    }
}

impl Holiday {
    /// Name in that language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.t(&self.name_ko, &self.name_en)
    }
}
