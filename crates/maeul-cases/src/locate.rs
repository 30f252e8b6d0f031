//! Finds the 동 of a report from a point, a choice or typed words.

use maeul_base::{DongCode, Lang, Refusal};
use maeul_place::{DongIndex, Located as Found, Point, PointRefusal};

use crate::act::clean;
use crate::knowledge::Knowledge;
use crate::place::{Located, Place};
use crate::words::Bilingual;

/// Longest place in words, in letters.
const LONGEST_PLACE: usize = 200;

/// Where something is, as given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceInput {
    /// A point: latitude and longitude, degrees × 10^7.
    pub point: Option<(i64, i64)>,
    /// A 동 chosen from the list.
    pub dong: Option<DongCode>,
    /// In words.
    pub text: String,
}

/// Why a place cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceRefusal {
    /// The numbers are no point in Korea.
    Point(PointRefusal),
    /// It lies in another office's area.
    Neighbour {
        /// That office.
        office: Bilingual,
        /// The 동 there.
        dong: Bilingual,
    },
    /// It lies in no area known here.
    Outside {
        /// Our office.
        office: Bilingual,
    },
    /// There is no such 동 here.
    NoSuchDong,
    /// The words are too many.
    TooLong,
}

impl Refusal for PlaceRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Point(refusal) => refusal.code(),
            Self::Neighbour { .. } => "place.neighbour",
            Self::Outside { .. } => "place.outside",
            Self::NoSuchDong => "place.no_such_dong",
            Self::TooLong => "place.too_long",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Point(refusal), _) => refusal.say(lang),
            (Self::Neighbour { office, dong }, Lang::Ko) => format!(
                "고르신 곳은 {} {}이에요. 그곳 신고는 {}에 해 주세요.",
                office.ko, dong.ko, office.ko
            ),
            (Self::Neighbour { office, dong }, Lang::En) => {
                format!("That place is in {}, {}. Please report it there.", dong.en, office.en)
            }
            (Self::Outside { office }, Lang::Ko) => format!(
                "고르신 곳은 {} 밖이에요. 지도에서 다시 고르거나 동을 골라 주세요.",
                office.ko
            ),
            (Self::Outside { office }, Lang::En) => format!(
                "That place is outside {}. Choose again on the map, or choose a dong.",
                office.en
            ),
            (Self::NoSuchDong, _) => lang
                .t("목록에 있는 동을 골라 주세요.", "Please choose a dong from the list.")
                .to_owned(),
            (Self::TooLong, _) => lang
                .t("장소는 200자 안으로 적어 주세요.", "Please keep the place to 200 characters.")
                .to_owned(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::Point(_) | Self::Neighbour { .. } | Self::Outside { .. } => "point",
            Self::NoSuchDong => "dong",
            Self::TooLong => "place",
        })
    }
}

/// The place, with its 동 where one can be found. A point says more than a choice, and a choice
/// more than words.
pub(crate) fn locate(know: &Knowledge, input: &PlaceInput) -> Result<Place, PlaceRefusal> {
    let text = clean(&input.text);
    if text.chars().count() > LONGEST_PLACE {
        return Err(PlaceRefusal::TooLong);
    }
    let mut place = Place { text, ..Place::default() };
    if let Some((lat_e7, lon_e7)) = input.point {
        place.dong = Some(know.locate((lat_e7, lon_e7))?);
        place.located = Located::Point;
        (place.lat_e7, place.lon_e7) = (Some(lat_e7), Some(lon_e7));
    } else if let Some(code) = &input.dong {
        let known = know.dong_index().and_then(|index| index.get(code));
        place.dong = Some(known.ok_or(PlaceRefusal::NoSuchDong)?.code.clone());
        place.located = Located::Chosen;
    } else if let Some(code) = know.dong_index().and_then(|index| named_in(index, &place.text)) {
        place.dong = Some(code);
        place.located = Located::Typed;
    }
    Ok(place)
}

impl Knowledge {
    /// The 동 of a point (latitude and longitude, degrees × 10^7), or whose it is instead.
    pub fn locate(&self, (lat_e7, lon_e7): (i64, i64)) -> Result<DongCode, PlaceRefusal> {
        dong_of(self, Point::new(lat_e7, lon_e7).map_err(PlaceRefusal::Point)?)
    }
}

fn dong_of(know: &Knowledge, point: Point) -> Result<DongCode, PlaceRefusal> {
    match know.places().locate_from(know.office().id, point) {
        Found::Inside { dong, .. } => Ok(dong.code.clone()),
        Found::Neighbour { office, dong } => Err(PlaceRefusal::Neighbour {
            office: Bilingual::new(office.name_ko.clone(), office.name_en.clone()),
            dong: Bilingual::new(dong.name_ko.clone(), dong.name_en.clone()),
        }),
        Found::Unknown => Err(PlaceRefusal::Outside {
            office: Bilingual::new(know.office().name_ko.clone(), know.office().name_en.clone()),
        }),
    }
}

/// The one 동 whose whole name stands in the words. Two names leave it open: a guess would send
/// the report to the wrong 동.
fn named_in(index: &DongIndex, text: &str) -> Option<DongCode> {
    let plain: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let mut named = index.dongs().iter().filter(|dong| plain.contains(dong.name_ko.as_str()));
    let first = named.next()?;
    named.next().is_none().then(|| first.code.clone())
}
