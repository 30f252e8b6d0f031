//! Why no due time can be given, for the person who asked.

use jiff::civil::Date;
use maeul_base::{Lang, Refusal};

use crate::{Calendar, Ground};

/// Why no due time can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueRefusal {
    /// The receipt lies outside the years covered.
    Received,
    /// The due time would lie after the years covered.
    TooFar,
    /// A period of nothing.
    Empty,
    /// The Civil Act calculator counts days and longer.
    CivilHours,
    /// A span ends before it begins.
    Backwards(Ground),
    /// A span lies before its ground came into law.
    NotYet(Ground, Date),
}

impl Refusal for DueRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Received => "due.received",
            Self::TooFar => "due.too_far",
            Self::Empty => "due.empty",
            Self::CivilHours => "due.civil_hours",
            Self::Backwards(_) => "due.backwards",
            Self::NotYet(..) => "due.not_yet",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::Received => "received",
            Self::TooFar | Self::Empty | Self::CivilHours => "period",
            Self::Backwards(ground) | Self::NotYet(ground, _) => ground.code(),
        })
    }

    fn say(&self, lang: Lang) -> String {
        let (first, last) = (Calendar::FIRST, Calendar::LAST);
        match (self, lang) {
            (Self::Received, Lang::Ko) => {
                format!("접수한 날은 {first}부터 {last}까지여야 합니다. 날짜를 확인하십시오.")
            }
            (Self::Received, Lang::En) => {
                format!("The day of receipt must be from {first} to {last}. Check the date.")
            }
            (Self::TooFar, Lang::Ko) => {
                format!("기한이 {last} 뒤입니다. 공휴일을 그때까지만 알 수 있으니 더 짧은 기간을 쓰십시오.")
            }
            (Self::TooFar, Lang::En) => format!(
                "The due time would be after {last}, the last day whose holidays are known. Use a shorter period."
            ),
            (Self::Empty, Lang::Ko) => "기간이 0입니다. 1 이상으로 쓰십시오.".into(),
            (Self::Empty, Lang::En) => "The period is 0. Use 1 or more.".into(),
            (Self::CivilHours, Lang::Ko) => {
                "민법 계산은 일, 주, 개월, 년으로만 합니다. 시간 단위 기간은 petition 계산을 쓰십시오.".into()
            }
            (Self::CivilHours, Lang::En) => {
                "The civil calculator counts days, weeks, months and years. Use the petition calculator for hours.".into()
            }
            (Self::Backwards(ground), Lang::Ko) => format!(
                "{}의 끝이 시작보다 앞섭니다. 시작과 끝을 바꾸어 쓰십시오.",
                ground.name(lang)
            ),
            (Self::Backwards(ground), Lang::En) => {
                format!("The {} ends before it begins. Swap its two ends.", ground.name(lang))
            }
            (Self::NotYet(ground, from), Lang::Ko) => format!(
                "{}은(는) {from}부터 뺄 수 있습니다. 그 전 기간은 빼지 않습니다.",
                ground.name(lang)
            ),
            (Self::NotYet(ground, from), Lang::En) => format!(
                "Time of a {} is taken out from {from} on only. Leave out the earlier span.",
                ground.name(lang)
            ),
        }
    }
}
