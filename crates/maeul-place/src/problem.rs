//! What can be wrong with a boundary file, said so that whoever made it can mend it.

use maeul_base::Lang;
use maeul_base::import::LineRefusal;

/// One thing wrong with a boundary file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundaryProblem {
    /// The line in the file, from 1.
    pub line: usize,
    /// The feature, counted from 1; `None` when it is the file as a whole.
    pub feature: Option<usize>,
    /// The 동 code the feature states, for finding it.
    pub code: Option<String>,
    /// What is wrong.
    pub what: BoundaryFault,
}

/// The kinds of fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BoundaryFault {
    /// Not JSON; what the reader said.
    Syntax(String),
    /// Not a GeoJSON `FeatureCollection` with features.
    NoFeatures,
    /// The geometry is missing or no polygon; what it is.
    Geometry(String),
    /// No 동 code among the properties.
    CodeMissing,
    /// A code that is not ten digits.
    Code(String),
    /// A code an earlier feature has; that feature.
    Duplicate(usize),
    /// No Korean name among the properties.
    NameMissing,
    /// A `valid_from` that is no date.
    Date(String),
    /// A position that is not two numbers; the ring.
    Position {
        /// The ring within the feature, from 1.
        ring: usize,
        /// The position within the ring, from 1.
        position: usize,
    },
    /// Latitude first, where GeoJSON puts the longitude first.
    Swapped {
        /// The ring within the feature, from 1.
        ring: usize,
    },
    /// A position outside Korea.
    OutsideKorea {
        /// The ring within the feature, from 1.
        ring: usize,
        /// The position within the ring, from 1.
        position: usize,
    },
    /// The last position is not the first.
    Unclosed {
        /// The ring within the feature, from 1.
        ring: usize,
    },
    /// Fewer than three corners.
    TooShort {
        /// The ring within the feature, from 1.
        ring: usize,
    },
    /// Two edges of the ring cross.
    Crossing {
        /// The ring within the feature, from 1.
        ring: usize,
        /// Near here: latitude and longitude in degrees.
        near: String,
    },
}

impl BoundaryProblem {
    /// The problem as imports report them.
    pub fn refusal(&self) -> LineRefusal {
        LineRefusal::new(self.line, self.what.field(), self.say(Lang::Ko), self.say(Lang::En))
    }

    /// The problem in words.
    pub fn say(&self, lang: Lang) -> String {
        let what = self.what.say(lang);
        let code = self.code.as_deref().map(|code| format!(" ({code})")).unwrap_or_default();
        match (self.feature, lang) {
            (None, _) => what,
            (Some(feature), Lang::Ko) => format!("{feature}번째 도형{code}: {what}"),
            (Some(feature), Lang::En) => format!("feature {feature}{code}: {what}"),
        }
    }
}

impl BoundaryFault {
    const fn field(&self) -> &'static str {
        match self {
            Self::Syntax(_) => "",
            Self::NoFeatures => "features",
            Self::CodeMissing | Self::Code(_) | Self::Duplicate(_) => "dong_code",
            Self::NameMissing => "name_ko",
            Self::Date(_) => "valid_from",
            _ => "geometry",
        }
    }

    fn say(&self, lang: Lang) -> String {
        let plain = |ko: &str, en: &str| lang.t(ko, en).to_owned();
        match self {
            Self::Syntax(error) => match lang {
                Lang::Ko => format!("JSON 형식이 아닙니다: {error}"),
                Lang::En => format!("not JSON: {error}"),
            },
            Self::NoFeatures => plain(
                "FeatureCollection이 아니거나 features가 비어 있습니다.",
                "not a FeatureCollection, or its features are empty",
            ),
            Self::Geometry(kind) => match lang {
                Lang::Ko => format!("Polygon이나 MultiPolygon이어야 하는데 {kind}입니다."),
                Lang::En => format!("must be a Polygon or MultiPolygon, but is {kind}"),
            },
            Self::CodeMissing => plain(
                "속성에 dong_code(또는 adm_cd2)가 없습니다.",
                "no dong_code (or adm_cd2) among the properties",
            ),
            Self::Code(code) => match lang {
                Lang::Ko => format!("행정동 코드는 숫자 10자리여야 하는데 ‘{code}’입니다."),
                Lang::En => format!("a dong code has ten digits, not “{code}”"),
            },
            Self::Duplicate(first) => match lang {
                Lang::Ko => format!("{first}번째 도형과 행정동 코드가 같습니다."),
                Lang::En => format!("has the same dong code as feature {first}"),
            },
            Self::NameMissing => plain(
                "속성에 name_ko(또는 emd_nm, adm_nm)가 없습니다.",
                "no name_ko (or emd_nm, adm_nm) among the properties",
            ),
            Self::Date(text) => match lang {
                Lang::Ko => format!("날짜는 2026-01-31처럼 적습니다: ‘{text}’"),
                Lang::En => format!("a date is written like 2026-01-31, not “{text}”"),
            },
            Self::Position { ring, position } => match lang {
                Lang::Ko => {
                    format!("{ring}번째 고리의 {position}번째 좌표가 [경도, 위도]가 아닙니다.")
                }
                Lang::En => {
                    format!("ring {ring}, position {position} is not [longitude, latitude]")
                }
            },
            Self::Swapped { ring } => match lang {
                Lang::Ko => format!(
                    "{ring}번째 고리의 좌표 순서가 바뀌었습니다. 경도를 먼저, 위도를 나중에 적습니다."
                ),
                Lang::En => format!("ring {ring} gives the latitude first; longitude comes first"),
            },
            Self::OutsideKorea { ring, position } => match lang {
                Lang::Ko => format!(
                    "{ring}번째 고리의 {position}번째 좌표가 대한민국 밖입니다. WGS84 경위도인지 확인하십시오."
                ),
                Lang::En => format!(
                    "ring {ring}, position {position} is outside Korea; coordinates must be WGS 84 degrees"
                ),
            },
            Self::Unclosed { ring } => match lang {
                Lang::Ko => format!(
                    "{ring}번째 고리가 닫히지 않았습니다. 첫 좌표를 끝에 한 번 더 적습니다."
                ),
                Lang::En => {
                    format!("ring {ring} is not closed; repeat its first position at its end")
                }
            },
            Self::TooShort { ring } => match lang {
                Lang::Ko => format!("{ring}번째 고리의 꼭짓점이 3개보다 적습니다."),
                Lang::En => format!("ring {ring} has fewer than three corners"),
            },
            Self::Crossing { ring, near } => match lang {
                Lang::Ko => format!("{ring}번째 고리가 스스로 엇갈립니다({near} 부근)."),
                Lang::En => format!("ring {ring} crosses itself near {near}"),
            },
        }
    }
}
