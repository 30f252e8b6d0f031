//! Vehicle plates: of today (two or three digits), with the region, of motorcycles, diplomatic,
//! and the last four digits where the text says that they are a car's.

use super::reading::Reading;
use super::words::Words;
use super::{Find, PersonalKind};

/// The letters of Korean plates: private, commercial (바사아자배), rental (하허호), military.
const LETTERS: &str =
    "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자배하허호국합육해공";
/// Regions on old plates and those of motorcycles and machines.
static REGIONS: Words = Words::new(
    "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주",
);
/// What is counted behind four digits that are no plate.
static UNITS: Words = Words::new(
    "호|동|원|층|년|세|명|건|㎡|m|M|km|kg|개|평|천|만|억|번지|번길|대|여|퍼센트|%|가구|톤|리터|\
     미터|월|시간|분|회|cc|장",
);
static DIPLOMATIC: Words = Words::new("외교|영사|준외|준영|국기|협정|외빈");
/// Words before digits of a plate.
static LABELS: Words = Words::new(
    "차량번호|차량 번호|차번호|차 번호|차번|번호판|차량넘버|차 넘버|차넘버|넘버|자동차번호|\
     차량no|차량 뒷번호|임시운행|임시번호",
);
/// Cars: what is said before or behind four digits of a plate.
static CARS: Words = Words::new(
    "차량|승용차|트럭|화물차|오토바이|스쿠터|이륜차|택시|소나타|쏘나타|그랜저|아반떼|카니발|\
     스타렉스|스타리아|포터|봉고|모닝|스파크|레이|쏘렌토|소렌토|싼타페|산타페|투싼|스포티지|\
     티볼리|코나|셀토스|팰리세이드|제네시스|벤츠|아우디|테슬라|렉스턴|코란도|모하비|니로|\
     아이오닉|마티즈|프라이드|그렌저|BMW|bmw|SUV|suv|K3|K5|K7|K8|K9|SM3|SM5|SM6|SM7|QM6|XM3",
);

/// Finds plates: every one ends in four digits (diplomatic ones in three).
pub(super) fn find(reading: &Reading, found: &mut Vec<Find>) {
    for (place, &(from, to)) in reading.groups.iter().enumerate() {
        let start = match to - from {
            3 => diplomatic(reading, place, from),
            4 if labelled(reading, from) => Some(from),
            4 if reading.any_at(reading.over_blanks(to, 1), &UNITS).is_some() => None,
            4 => lettered(reading, place, from).or_else(|| said(reading, from, to)),
            5..=7 => labelled(reading, from).then_some(from),
            _ => None,
        };
        if let Some(start) = start {
            found.push(Find { kind: PersonalKind::Plate, from: start, to });
        }
    }
}

/// Back over what may stand between the parts of a plate.
fn back(reading: &Reading, place: usize) -> usize {
    let gap = (1..=2.min(place))
        .take_while(|step| {
            let sign = reading.at(place - step);
            sign.is_whitespace() || matches!(sign, '-' | '.' | '(' | ')' | ',' | '/')
        })
        .count();
    place - gap
}

/// The letter before four digits, and what is before the letter.
fn lettered(reading: &Reading, place: usize, from: usize) -> Option<usize> {
    let behind = back(reading, from);
    let letter = reading.before(behind);
    if !LETTERS.contains(letter) {
        return None;
    }
    let at = behind - 1;
    let ahead = back(reading, at);
    let before = place.checked_sub(1).and_then(|before| reading.groups.get(before)).copied();
    if let Some((start, end)) = before
        && end == ahead
    {
        let sign = reading.before(start);
        // The region is part of an old plate.
        let end_of_region = back(reading, start);
        let region = reading.any_ends(end_of_region, &REGIONS).map(|length| end_of_region - length);
        // 제12조 1234 is law, 충장로12가 1234 an address, 101동 12호 1234 a door.
        let other = sign == '제'
            || letter == '가' && matches!(sign, '로' | '길' | '동')
            || letter == '호' && reading.before(back(reading, start)) == '동'
            || matches!(sign, '.' | '-' | ',')
                && reading.at(start.wrapping_sub(2)).is_ascii_digit();
        // 선고 96도2753 is a judgment.
        let court = reading.near_before(
            start,
            24,
            &["선고", "판결", "대법원", "법원", "헌재", "사건", "지법", "고법", "재판", "결정"],
        );
        return match end - start {
            2 if !other && !court => Some(region.unwrap_or(start)),
            3 if !other && !court => Some(start),
            1 => region,
            _ => None,
        };
    }
    // 광주 서구 가 1234: a motorcycle.
    let district = matches!(reading.before(ahead), '구' | '시' | '군');
    let region = (0..=6.min(ahead)).find_map(|step| {
        let end = ahead - step;
        let length = reading.any_ends(end, &REGIONS)?;
        (district || step == 0 && ahead < at).then(|| end - length)
    });
    region.or_else(|| (district && near_car(reading, at, from + 4)).then_some(at))
}

fn near_car(reading: &Reading, from: usize, to: usize) -> bool {
    static CYCLES: Words = Words::new("오토바이|이륜차|스쿠터|번호판|배달");
    reading.near_before(from, 14, &CYCLES) || reading.near_after(to, 10, &CYCLES)
}

/// 외교 001-001
fn diplomatic(reading: &Reading, place: usize, from: usize) -> Option<usize> {
    let (start, end) = *reading.groups.get(place.checked_sub(1)?)?;
    if end - start != 3 || back(reading, from) != end || end == from {
        return None;
    }
    reading.any_ends(back(reading, start), &DIPLOMATIC).map(|_| start)
}

fn labelled(reading: &Reading, from: usize) -> bool {
    (0..=3.min(from)).any(|step| reading.any_ends(from - step, &LABELS).is_some())
}

/// Four digits that the text calls a car's.
fn said(reading: &Reading, from: usize, to: usize) -> Option<usize> {
    let year = reading.is(from, "19") || reading.is(from, "20");
    let alone = !matches!(reading.at(to), '-' | '.' | ',' | ':' | '/')
        && !matches!(reading.before(from), '-' | '.' | ',' | ':' | '/');
    let car_before = || {
        let place = reading.back_over_blanks(from, 1);
        place < from && reading.any_ends(place, &CARS).is_some()
    };
    let car_behind = || {
        let place = if reading.at(to) == '번' { to + 1 } else { to };
        reading.any_at(reading.over_blanks(place, 1), &CARS).is_some()
    };
    (alone && !year && (car_before() || car_behind())).then_some(from)
}
