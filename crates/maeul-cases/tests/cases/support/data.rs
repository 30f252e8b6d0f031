//! The files of the made-up office.

use jiff::civil::{Date, date};
use maeul_base::{DongCode, OfficeId, Role};

/// 온누리구.
pub const OFFICE: OfficeId = OfficeId(99_110);
/// 이웃시, which lies to the east.
pub const NEIGHBOUR: OfficeId = OfficeId(99_120);
/// Monday, half past ten: the first line of the vectors of law.md 1.2.
pub const NOW: &str = "2026-06-08T10:30";
/// The first day of the borders.
pub const BORDERS: Date = date(2023, 1, 1);

/// In the middle of 가람동.
pub const IN_GARAM: (i64, i64) = (351_050_000, 1_269_050_000);
/// In the middle of 나래동.
pub const IN_NARAE: (i64, i64) = (351_050_000, 1_269_150_000);
/// In the middle of the neighbour's 다솜동.
pub const IN_DASOM: (i64, i64) = (351_050_000, 1_269_250_000);
/// In Korea, in nobody's area.
pub const IN_NOBODYS: (i64, i64) = (356_000_000, 1_279_000_000);

/// 가람동.
pub fn garam() -> DongCode {
    "9911051000".parse().unwrap()
}

/// 나래동.
pub fn narae() -> DongCode {
    "9911052000".parse().unwrap()
}

/// Login, name, unit, role, telephone.
pub const STAFF: [(&str, &str, &str, Role, &str); 6] = [
    ("officer", "김도로", "roads", Role::Officer, "062-000-2101"),
    ("second", "이도로", "roads", Role::Officer, ""),
    ("head", "박과장", "roads", Role::Head, "062-000-2100"),
    ("other", "최청소", "cleaning", Role::Officer, "062-000-2201"),
    ("coordinator", "정조정", "civil", Role::Coordinator, "062-000-2001"),
    ("administrator", "한전산", "civil", Role::Administrator, ""),
];

/// The chart: 건설과 became 도로과 in 2026; since then 가람동 sweeps its own streets; nobody has
/// noise.
pub const ORG: &str = r#"
[office]
id = 99110
code = "99110"
name_ko = "온누리구"
name_en = "Onnuri-gu"
short_ko = "온누리"
short_en = "Onnuri"
parent_ko = "온누리도"
parent_en = "Onnuri-do"
slug = "onnuri"
phone = "062-000-1000"
address_ko = "온누리로 1"
address_en = "1 Onnuri-ro"

[[unit]]
code = "construction"
name_ko = "건설과"
name_en = "Construction Division"
kind = "division"
phone = "062-000-2300"
valid_from = "2023-01-01"
valid_to = "2025-12-31"
[[unit]]
code = "roads"
name_ko = "도로과"
name_en = "Roads Division"
kind = "division"
phone = "062-000-2000"
valid_from = "2026-01-01"
[[unit]]
code = "cleaning"
name_ko = "청소과"
name_en = "Cleaning Division"
kind = "division"
phone = "062-000-2200"
valid_from = "2023-01-01"
[[unit]]
code = "civil"
name_ko = "민원실"
name_en = "Civil Service Office"
kind = "staff_office"
phone = ""
valid_from = "2023-01-01"
[[unit]]
code = "garam"
name_ko = "가람동"
name_en = "Garam-dong"
kind = "dong"
phone = "062-000-3001"
valid_from = "2023-01-01"
dong_code = "9911051000"
[[unit]]
code = "narae"
name_ko = "나래동"
name_en = "Narae-dong"
kind = "dong"
phone = "062-000-3002"
valid_from = "2023-01-01"
dong_code = "9911052000"

[[duty]]
code = "lights"
name_ko = "가로등"
name_en = "Streetlights"
[[duty]]
code = "litter"
name_ko = "쓰레기"
name_en = "Litter"
[[duty]]
code = "noise"
name_ko = "소음"
name_en = "Noise"

[[assignment]]
duty = "lights"
unit = "construction"
dongs = []
valid_from = "2023-01-01"
valid_to = "2025-12-31"
basis = "온누리구 규칙"
[[assignment]]
duty = "litter"
unit = "cleaning"
dongs = []
valid_from = "2023-01-01"
basis = "온누리구 규칙"
[[assignment]]
duty = "litter"
unit = "garam"
dongs = ["9911051000"]
valid_from = "2026-01-01"
basis = "온누리구 위임규칙"

[[succession]]
from = "construction"
to = "roads"
on = "2026-01-01"
"#;

/// The neighbour has borders and nothing else.
pub const NEIGHBOURS_ORG: &str = r#"
[office]
id = 99120
code = "99120"
name_ko = "이웃시"
name_en = "Iut-si"
short_ko = "이웃"
parent_ko = "온누리도"
parent_en = "Onnuri-do"
slug = "iut"
phone = "062-000-9000"
address_ko = "이웃로 1"
address_en = "1 Iut-ro"
"#;

/// One service of each kind the tests need.
pub const SERVICES: &str = r#"
[[service]]
code = "litter"
name_ko = "쓰레기"
name_en = "Litter"
description_ko = "길에 쓰레기가 있어요."
description_en = "Litter in the street."
group_ko = "청소"
group_en = "Cleaning"
duty = "litter"
petition_kind = "other"
keywords = ["쓰레기", "무단투기"]
keywords_en = ["litter", "rubbish"]
allow_anonymous = true

[[service]]
code = "streetlight"
name_ko = "가로등 고장"
name_en = "Streetlight out"
description_ko = "가로등이 꺼졌어요."
description_en = "A streetlight is out."
group_ko = "도로"
group_en = "Roads"
duty = "lights"
petition_kind = "other"
period = "7d"
period_article = "민원 처리에 관한 법률 시행령 제16조, 제19조"
keywords = ["가로등", "어두워"]
keywords_en = ["streetlight"]
allow_anonymous = true

[[service]]
code = "bench"
name_ko = "의자 놓기"
name_en = "A bench"
description_ko = "의자를 놓아 주세요."
description_en = "Please put up a bench."
group_ko = "도로"
group_en = "Roads"
duty = "lights"
petition_kind = "suggestion"
keywords = ["의자"]
keywords_en = ["bench"]
allow_anonymous = false

[[service]]
code = "pothole"
name_ko = "도로 파임"
name_en = "Pothole"
description_ko = "길이 파였어요."
description_en = "A hole in the road."
group_ko = "도로"
group_en = "Roads"
duty = "lights"
petition_kind = "other"
period = "3d"
period_article = "민원 처리에 관한 법률 시행령 제16조, 제19조"
keywords = ["파임", "포트홀"]
keywords_en = ["pothole"]
allow_anonymous = true
[[service.question]]
code = "lane"
label_ko = "어느 쪽인가요?"
label_en = "Which side?"
datatype = "singlevaluelist"
required = true
order = 1
value = [
  { key = "road", name_ko = "차도", name_en = "The road" },
  { key = "pavement", name_ko = "보도", name_en = "The pavement" },
]
[[service.question]]
code = "width"
label_ko = "너비(cm)"
label_en = "Width (cm)"
datatype = "number"
order = 2
[[service.question]]
code = "seen"
label_ko = "언제 보셨나요?"
label_en = "When did you see it?"
datatype = "datetime"
order = 3

[[service]]
code = "noise"
name_ko = "소음"
name_en = "Noise"
description_ko = "시끄러워요."
description_en = "It is loud."
group_ko = "환경"
group_en = "Environment"
duty = "noise"
petition_kind = "grievance"
keywords = ["소음", "시끄러"]
keywords_en = ["noise"]
allow_anonymous = true
"#;

/// An answer that is given often.
pub const TEMPLATES: &str = r#"
[[template]]
code = "repaired"
name_ko = "보수 완료"
name_en = "Repaired"
outcome = "done"
body_ko = "{{ dong }} {{ place }}의 {{ service }}을(를) 고쳤습니다. {{ unit }} {{ officer }}"
body_en = "We repaired {{ service }} at {{ place }}, {{ dong }}. {{ officer }}, {{ unit }}"
"#;

/// A square of a hundredth of a degree, its south-west corner at 35.10° north.
fn square(code: &str, ko: &str, en: &str, west: &str, east: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"dong_code":"{code}","name_ko":"{ko}","name_en":"{en}"}},"geometry":{{"type":"Polygon","coordinates":[[[{west},35.10],[{east},35.10],[{east},35.11],[{west},35.11],[{west},35.10]]]}}}}"#
    )
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",\n"))
}

/// 가람동 in the west, 나래동 beside it.
pub fn borders() -> String {
    collection(&[
        square("9911051000", "가람동", "Garam-dong", "126.90", "126.91"),
        square("9911052000", "나래동", "Narae-dong", "126.91", "126.92"),
    ])
}

/// 다솜동, east of 나래동.
pub fn neighbours_borders() -> String {
    collection(&[square("9912051000", "다솜동", "Dasom-dong", "126.92", "126.93")])
}
