//! An administrator adds a temporary or local holiday; open clocks are then recomputed.

use jiff::Timestamp;
use jiff::civil::Date;
use maeul_base::{Ctx, Failure, Fault, Lang, Permission, Refusal, Role};
use maeul_db::Tx;
use maeul_facts::Fact;
use maeul_queue::emit;

use crate::{Holiday, HolidayKind, read, store};

/// A day to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHoliday {
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
}

impl NewHoliday {
    /// The day as it is kept.
    pub(crate) fn added(&self, added_at: Timestamp) -> Holiday {
        let Self { on_day, name_ko, name_en, kind, basis } = self.clone();
        Holiday { on_day, name_ko, name_en, kind, basis, added_at }
    }
}

/// Why a holiday cannot be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolidayRefusal {
    /// Only an administrator may.
    NotAllowed,
    /// A name or the basis is empty.
    Missing(&'static str),
    /// The day is there already.
    AlreadyThere {
        /// The day.
        on_day: Date,
        /// Its name in Korean.
        name_ko: String,
        /// Its name in English.
        name_en: String,
    },
}

impl Refusal for HolidayRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed => "holiday.not_allowed",
            Self::Missing(_) => "holiday.missing",
            Self::AlreadyThere { .. } => "holiday.already_there",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::NotAllowed => lang
                .t(
                    "공휴일은 전산 담당자만 넣을 수 있습니다.",
                    "Only an administrator can add holidays.",
                )
                .to_owned(),
            Self::Missing(_) => lang
                .t("이름과 근거를 모두 적어 주십시오.", "Please give both names and the basis.")
                .to_owned(),
            Self::AlreadyThere { on_day, name_ko, name_en } => match lang {
                Lang::Ko => format!("{on_day}에는 이미 공휴일이 있습니다: {name_ko}"),
                Lang::En => format!("{on_day} is a holiday already: {name_en}"),
            },
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotAllowed => None,
            Self::Missing(field) => Some(field),
            Self::AlreadyThere { .. } => Some("on_day"),
        }
    }

    fn status(&self) -> u16 {
        match self {
            Self::NotAllowed => 403,
            Self::Missing(_) => 422,
            Self::AlreadyThere { .. } => 409,
        }
    }
}

/// Keep the days on which the office is closed.
pub const HOLIDAYS: Permission = Permission {
    name: "org.holidays",
    what: ("임시공휴일과 지방공휴일을 넣기", "Add temporary and local holidays"),
    roles: &[Role::Administrator],
};

/// Adds the day and tells the rooms whose clocks run over it.
pub fn add_holiday(
    tx: &mut Tx,
    ctx: &Ctx,
    new: &NewHoliday,
) -> Result<Holiday, Failure<HolidayRefusal>> {
    if !ctx.actor.may(&HOLIDAYS) {
        return Err(Failure::Refused(HolidayRefusal::NotAllowed));
    }
    for (field, text) in
        [("name_ko", &new.name_ko), ("name_en", &new.name_en), ("basis", &new.basis)]
    {
        if text.trim().is_empty() {
            return Err(Failure::Refused(HolidayRefusal::Missing(field)));
        }
    }
    if let Some(there) = read::holiday(tx, ctx.office, new.on_day)? {
        let Holiday { on_day, name_ko, name_en, .. } = there;
        return Err(Failure::Refused(HolidayRefusal::AlreadyThere { on_day, name_ko, name_en }));
    }
    let holiday = new.added(ctx.now);
    store::put_holiday(tx, ctx.office, &holiday)?;
    announce(tx, ctx, holiday.on_day)?;
    Ok(holiday)
}

/// Lets caches reload and states the fact that running clocks must be recomputed.
pub(crate) fn announce(tx: &mut Tx, ctx: &Ctx, from: Date) -> Result<(), Fault> {
    store::bump_revision(tx, ctx.office)?;
    emit(tx, ctx, &Fact::HolidaysChanged { from })?;
    Ok(())
}
