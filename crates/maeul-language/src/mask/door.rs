//! Doors and home addresses. The building of a home stays (`101동 앞`): a report needs it and many
//! live there; the door (`1502호`) is one family's and goes. The house number of a road goes where
//! the text says that somebody lives there.

use super::reading::{Reading, is_hangul};
use super::words::Words;
use super::{Find, PersonalKind};

/// What 호 is part of when it is no door.
static NOT_BEHIND: Words = Words::new(
    "선|기|차|봉|점|서식|법|태풍|관|터널|광장|공원|국도|위|안건|의안|사건|탄|홀|전차|지하차도|\
     분|처분|골|등",
);
/// What is numbered with 호 and is no home.
static NOT_BEFORE: Words = Words::new(
    "태풍|고시|공고|조례|법률|규칙|훈령|예규|지침|별표|별지|의안|안건|사건|통권|국도|지방도|\
     고속도로|가로등|보안등|공원등|전봇대|전주|전신주|신호등|CCTV|cctv|카메라|맨홀|소화전|\
     정류장|정류소|제설함|가로수|부스|창구|놀이터|공원|주차장|주차구역|번호|펌프장|표지판|벤치|\
     화장실|교량|쉼터|텃밭|구역|라인|지정|문화재|보물|국보|사적|기념물|유산|특허|허가|승인|문서|\
     법정|회의실|강의실|강당|교실|승강기|진정|형제|가합|가단|고합|고단|구합|조|항|약|총|농가|법|\
     엘리베이터|에스컬레이터|제|령|보관함|사물함|우편함|충전기|급속|완속|상담실|게이트|체육관|\
     수거함|분리수거장|집하장|출구|입구",
);
/// Houses whose rooms are not homes.
static PUBLIC_HOUSES: Words = Words::new(
    "구청|시청|군청|청사|주민센터|복지센터|의회|보건소|도서관|회의실|강의실|민원실|복지관|\
     문화원|법원|학교|대학|경찰서|세무서|교육원|회관|센터",
);
/// Words that say that somebody lives there.
static HOMES: Words = Words::new(
    "아파트|APT|apt|빌라|빌|원룸|투룸|주택|연립|맨션|오피스텔|고시원|고시텔|하이츠|타운|빌리지|\
     캐슬|자이|푸르지오|래미안|아이파크|힐스테이트|더샵|데시앙|e편한세상|이편한세상|파크|팰리스|\
     리버|스위첸|해링턴|어울림|호반|부영|주공|단지|동|층|지하|반지하|지층|집|하우스|기숙사|쉐어|\
     옥탑|가구|세대|상가|빌딩|모텔|여관|위층|아래층|윗층|베르디움|트리움|리치|그린|한양|현대|\
     삼성",
);
/// Names of blocks of flats, before `101-1502`.
static FLATS: Words = Words::new(
    "아파트|APT|apt|빌라|연립|맨션|오피스텔|하이츠|타운|빌리지|캐슬|자이|푸르지오|래미안|\
     아이파크|힐스테이트|더샵|데시앙|e편한세상|이편한세상|파크|팰리스|스위첸|해링턴|어울림|주공|\
     단지|베르디움|차|부영|동호수|동호",
);
/// Words before an address that make it a home's.
static LIVING_BEFORE: Words = Words::new(
    "우리집|우리 집|저희집|저희 집|제 집|제집|내 집|집 주소|집주소|주소는|주소:|주소 :|주소지|\
     주소|거주지|거주|사는 곳|사는곳|사는 집|자택|댁은|댁 주소|본가|실거주|집은|집이",
);
/// Words behind an address that make it a home's.
static LIVING_BEHIND: Words = Words::new(
    "에 사는|에 살고|에 삽니다|에 살아|에 산|에 거주|거주|살고 있|사는 주민|번지에 사|번지 거주|\
     번지에 거주|번지에 살|우리집|우리 집|저희 집|저희집| 사는",
);
/// What makes an address the place of the matter and not a home.
static PLACE_WORDS: Words =
    Words::new("발생|현장|위치|신고|장소|매장|업소|상가|시설|사업장|가게|구청|센터|공사|건물");

/// Finds doors and house numbers.
pub(super) fn find(reading: &Reading, found: &mut Vec<Find>) {
    for (place, &(from, to)) in reading.groups.iter().enumerate() {
        if let Some(find) = door(reading, from, to).or_else(|| flat(reading, place)) {
            found.push(find);
        }
        if let Some(to) = house(reading, place) {
            found.push(Find { kind: PersonalKind::Address, from, to });
        }
    }
}

/// 1502호, B102호, 301-A호
fn door(reading: &Reading, from: usize, to: usize) -> Option<Find> {
    let mut end = to;
    if reading.at(end) == '-'
        && (reading.at(end + 1).is_ascii_alphanumeric() || is_hangul(reading.at(end + 1)))
        && reading.at(end + 2) == '호'
    {
        end += 2;
    }
    let word = reading.over_blanks(end, 1);
    if reading.at(word) != '호' || to - from > 5 {
        return None;
    }
    let start = from - usize::from(reading.before(from).is_ascii_alphabetic());
    let ahead = reading.back_over_blanks(start, 2);
    // 2026-12호 is a document; 1동-302호 a door.
    let document = reading.before(start) == '-'
        && reading.slice(start.saturating_sub(5)..start - 1).iter().all(char::is_ascii_digit);
    let count = reading.before(start) == ',' && reading.at(start.wrapping_sub(2)).is_ascii_digit();
    if document
        || count
        || reading.any_at(word + 1, &NOT_BEHIND).is_some()
        || reading.any_ends(ahead, &NOT_BEFORE).is_some()
    {
        return None;
    }
    let home = reading.near_before(start, 12, &HOMES)
        || reading
            .any_at(word + 1, &["실", "에 사", "에 거주", " 사", "에 살", " 거주", "집", " 집"])
            .is_some();
    let public = reading.near_before(start, 12, &PUBLIC_HOUSES);
    let flat_before = reading.near_before(start, 12, &FLATS) || reading.before(ahead) == '동';
    let is_door = if public && !flat_before { false } else { home || to - from >= 3 };
    is_door.then_some(Find { kind: PersonalKind::Door, from: start, to: end })
}

/// The second number of `101-1502` behind the name of a block of flats, and of `101동 1502`.
fn flat(reading: &Reading, place: usize) -> Option<Find> {
    static COUNTED: Words =
        Words::new("세대|가구|명|원|대|년|m|㎡|개|건|번|층|동|여|평|월|시|분|일|만|천|.|,");
    let (start, end) = *reading.groups.get(place)?;
    let (from, to) = *reading.groups.get(place + 1)?;
    if !(3..=4).contains(&(to - from))
        || reading.any_at(reading.over_blanks(to, 1), &COUNTED).is_some_and(|_| {
            !matches!(reading.at(to), '.' | ',') || reading.at(to + 1).is_ascii_digit()
        })
    {
        return None;
    }
    let find = Find { kind: PersonalKind::Door, from, to };
    if reading.at(end) == '동' && reading.over_blanks(end + 1, 1) == from {
        // 풍암1동 150-17 is a 행정동 and a lot.
        let year = reading.is(from, "20") && to - from == 4 && end - start < 3;
        let dong = is_hangul(reading.before(start)) && end - start < 3;
        let lot = reading.at(to) == '-';
        return (!year && !dong && !lot).then_some(find);
    }
    let dashed =
        from == end + 1 && matches!(reading.at(end), '-' | '/') && (2..=4).contains(&(end - start));
    let named = || {
        let ahead = reading.back_over_blanks(start, 1);
        reading.any_ends(ahead, &FLATS).is_some()
    };
    (dashed && named()).then_some(find)
}

/// Where a house number ends that the text calls a home's.
fn house(reading: &Reading, place: usize) -> Option<usize> {
    let (from, mut to) = *reading.groups.get(place)?;
    if to - from > 4 {
        return None;
    }
    let ahead = reading.back_over_blanks(from, 1);
    let name = reading.before(ahead);
    let long = is_hangul(reading.at(ahead.wrapping_sub(2)))
        && is_hangul(reading.at(ahead.wrapping_sub(3)));
    let road = matches!(name, '로' | '길') && long && !reading.ends(ahead, "으로")
        || reading.ends(ahead, "번길");
    let lot = matches!(name, '동' | '리') && ahead < from && long;
    if !road && !lot {
        return None;
    }
    if reading.at(to) == '-'
        && let Some(&(next, end)) = reading.groups.get(place + 1)
        && next == to + 1
        && end - next <= 4
    {
        to = end;
    }
    // The number of a lane is part of its name; a distance, a count or a time is none.
    if reading
        .any_at(
            to,
            &[
                "번길", "호", "동", "층", "m", "M", "미터", "년", "월", "시", "분", "명", "대",
                "개", "원", "가", "번 ", "차",
            ],
        )
        .is_some()
    {
        return None;
    }
    let numbered =
        to > from + 4 || reading.slice(from..to).contains(&'-') || reading.is(to, "번지");
    if lot && !numbered {
        return None;
    }
    // The word before an address may stand some words ahead: 주소는 광주 서구 상무대로 …
    let before = reading.near_before(from, 24, &LIVING_BEFORE);
    let behind = reading.near_after(to, 3, &LIVING_BEHIND);
    let elsewhere = reading.near_before(from, 30, &PLACE_WORDS);
    ((before && !elsewhere) || behind).then_some(to)
}
