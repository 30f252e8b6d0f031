//! What somebody follows.

use maeul_base::{CaseId, DongCode, Lang};
use maeul_cases::Knowledge;
use maeul_web::encode;

use crate::settings::RADII;

/// Which cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// One.
    Case(CaseId),
    /// Those of a 동.
    Dong(DongCode),
    /// Those around a place.
    Place {
        /// The middle of its 250 m cell, degrees × 10^7.
        at: (i64, i64),
        /// In metres, one of [`RADII`].
        radius_m: i32,
    },
    /// Whatever is public.
    All,
}

impl What {
    /// The name kept in the database and in forms.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Case(_) => "case",
            Self::Dong(_) => "dong",
            Self::Place { .. } => "place",
            Self::All => "all",
        }
    }
}

/// What somebody follows: which cases, and of those perhaps only some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Which cases.
    pub what: What,
    /// Only of this service.
    pub service: Option<String>,
    /// Only whose published summary has these words.
    pub words: String,
}

impl Wish {
    /// The same text for the same wish.
    pub fn key(&self) -> String {
        let what = match &self.what {
            What::Case(case) => format!("case {case}"),
            What::Dong(dong) => format!("dong {dong}"),
            What::Place { at, radius_m } => format!("place {},{} {radius_m}", at.0, at.1),
            What::All => "all".to_owned(),
        };
        let service = self.service.as_deref().unwrap_or_default();
        format!("{what}|{service}|{}", maeul_language::query_phrases(&self.words).join("|"))
    }

    /// In a few words. `case` is what a followed case is called, where it can still be seen.
    pub fn say(&self, know: &Knowledge, case: Option<&str>, lang: Lang) -> String {
        let mut text = match &self.what {
            What::Case(_) => match case {
                Some(case) => case.to_owned(),
                None => {
                    lang.t("지금은 공개되지 않은 민원", "A case that is not public now").to_owned()
                }
            },
            What::Dong(dong) => know.dong_name(dong, lang).to_owned(),
            What::Place { at, radius_m } => around(know, *at, *radius_m, lang),
            What::All => lang.t("우리 지역 모두", "The whole area").to_owned(),
        };
        if let Some(service) = &self.service {
            text.push_str(" · ");
            text.push_str(know.service_name(service, lang));
        }
        if !self.words.is_empty() {
            text.push_str(&format!(" · ‘{}’", self.words));
        }
        text
    }

    /// The parameters by which the public list and its feeds ask for the same, without `?`; none
    /// where they cannot.
    pub fn query(&self) -> Option<String> {
        let mut pairs = Vec::new();
        match &self.what {
            What::Case(_) | What::Place { .. } => return None,
            What::Dong(dong) => pairs.push(format!("dong={dong}")),
            What::All => {}
        }
        pairs.extend(self.service.as_ref().map(|code| format!("service={}", encode(code))));
        if !self.words.is_empty() {
            pairs.push(format!("q={}", encode(&self.words)));
        }
        Some(pairs.join("&"))
    }
}

/// `농성1동에 있는 곳에서 500 m 안`
fn around(know: &Knowledge, at: (i64, i64), radius_m: i32, lang: Lang) -> String {
    let dong = maeul_place::Point::new(at.0, at.1)
        .ok()
        .and_then(|point| Some(know.dong_index()?.nearest(point)?.dong.name(lang).to_owned()))
        .unwrap_or_default();
    let distance = distance(radius_m);
    match lang {
        Lang::Ko => format!("{dong}에서 고른 곳의 {distance} 안"),
        Lang::En => format!("Within {distance} of the place chosen in {dong}"),
    }
}

/// `250 m`, `2 km`
pub fn distance(metres: i32) -> String {
    if metres % 1_000 == 0 { format!("{} km", metres / 1_000) } else { format!("{metres} m") }
}

/// The radius of that text, if it can be chosen.
pub(crate) fn radius(text: &str) -> Option<i32> {
    text.parse().ok().filter(|radius| RADII.contains(radius))
}
