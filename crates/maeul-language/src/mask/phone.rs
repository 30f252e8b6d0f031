//! Telephone numbers: in digits with whatever stands between them, with a country code, half
//! starred, without an area code where the text says it is a telephone, and spoken (공일공 …).
//!
//! Public numbers stay: 112, 119, 120, 02-120, 15xx-xxxx, 080 and 060, which only organisations
//! have, and a landline written right behind the name of a public body.

use super::reading::{Number, Reading, is_hangul, is_joint, value};
use super::words::Words;
use super::{Find, PersonalKind};

/// Words before or behind seven or eight digits that make them a telephone number.
static PHONE_WORDS: Words = Words::new(
    "전화|연락|핸드폰|휴대폰|손폰|폰|☎|☏|📞|📱|tel|TEL|Tel|문자|팩스|fax|FAX|제 번호|내 번호|\
     본인 번호|저희 번호|집 번호|H.P|HP|hp|phone|Phone|call|Call|콜",
);
/// Words before the last digits of a number.
static TAIL_WORDS: Words = Words::new(
    "뒷번호|끝번호|뒷자리|끝자리|뒤 번호|끝 번호|뒤 네자리|뒤 4자리|끝 4자리|끝네자리|뒷 번호|\
     뒷 자리|끝 자리|마지막 번호|마지막 네 자리|네 자리",
);
/// Public bodies whose landline is no secret.
static PUBLIC_BODIES: Words = Words::new(
    "구청|시청|군청|도청|주민센터|복지센터|동사무소|면사무소|읍사무소|보건소|보건지소|경찰서|\
     지구대|파출소|소방서|안전센터|우체국|도서관|교육청|교육지원청|구의회|시의회|콜센터|사업소|\
     사업본부|공단|공사|고객센터|상담센터|민원센터|상황실|당직실|민원실|세무서|법원|검찰청|본부|\
     위원회|행정과|건설과|교통과|청소과|환경과|민원과|복지과|관리과|안전과|공원과|녹지과|위생과|\
     건축과|도로과|하수과|세무과|정보과|총무과|정책과|지원과|공원녹지과|토지정보과|환경부|\
     복지부|국토부",
);
/// Words that may stand between a public body and its number.
static BETWEEN: Words = Words::new(
    "대표전화번호|대표전화|대표번호|대표|전화번호|전화|연락처|문의처|문의|민원전화|팩스|tel|fax|\
     번호|담당부서|은|는|의|에",
);

/// The telephone number these groups make.
pub(super) fn judge(reading: &Reading, number: &Number) -> Option<Find> {
    let find = |to: usize| Find { kind: PersonalKind::Phone, from: number.from, to };
    let digits = number.digits.as_slice();
    let sizes = number.sizes.as_slice();
    if matches!(digits, [0, 1, 0 | 1 | 6..=9]) && sizes.len() == 1 {
        return half_starred(reading, number.to()).map(find);
    }
    let plus = reading.before(number.from) == '+' || reading.ends(number.from, "+(");
    if plus && (8..=15).contains(&digits.len()) {
        return Some(find(number.to()));
    }
    let found = match digits {
        [0, 0, 8, 2, 0, rest @ ..] | [0, 0, 8, 2, rest @ ..] => is_abroad(rest),
        [8, 2, 0, rest @ ..] => is_abroad(rest),
        [8, 2, 1, ..] if digits.len() == 12 => true,
        [8, 2, rest @ ..] => sizes.first() == Some(&2) && is_abroad(rest),
        [0, 1, _, ..] => is_mobile(digits, sizes),
        [0, ..] => is_line(digits, sizes) && !is_public(reading, number.from),
        // The zero a spreadsheet dropped.
        [1, 0, ..] => matches!(sizes, [10] | [2, 4, 4]) && !is_labelled(reading, number.from),
        _ => is_local(reading, number),
    };
    found.then(|| find(number.to()))
}

/// Whether these groups make a number that may be read by all: nobody then looks at its parts.
pub(super) fn is_open(reading: &Reading, number: &Number) -> bool {
    let sizes = number.sizes.as_slice();
    match number.digits.as_slice() {
        [0, 8 | 6, 0, ..] => (10..=11).contains(&number.digits.len()) && is_form(sizes),
        digits @ [0, ..] => is_line(digits, sizes) && is_public(reading, number.from),
        [1, 5 | 6 | 8, ..] => sizes == [4, 4],
        _ => false,
    }
}

/// Behind the country code, without the trunk zero.
fn is_abroad(rest: &[u8]) -> bool {
    match rest {
        [1, 0 | 1 | 6..=9, ..] => (9..=10).contains(&rest.len()),
        [2, ..] => (8..=9).contains(&rest.len()),
        [3..=6, ..] => (9..=11).contains(&rest.len()),
        [7, 0, ..] => rest.len() == 10,
        _ => false,
    }
}

fn is_mobile(digits: &[u8], sizes: &[usize]) -> bool {
    match digits {
        // A digit too few or too many is a slip of the finger, not another kind of number.
        [0, 1, 0, ..] => match digits.len() {
            11 => true,
            10 => matches!(sizes, [10] | [3, 3, 4] | [3, 4, 3] | [3, 7] | [7, 3]),
            12 => matches!(sizes, [12] | [3, 4, 5] | [3, 5, 4] | [3, 9]),
            _ => false,
        },
        [0, 1, 1 | 2 | 5..=9, ..] => (10..=11).contains(&digits.len()) && is_form(sizes),
        _ => false,
    }
}

/// Landlines, internet and forwarded numbers; 080 and 060 belong to organisations.
fn is_line(digits: &[u8], sizes: &[usize]) -> bool {
    let fits = match digits {
        [0, 2, ..] => (9..=10).contains(&digits.len()),
        [0, 3, 1..=3, ..] | [0, 4, 1..=4, ..] | [0, 5, 1..=5, ..] | [0, 6, 1..=4, ..] => {
            (10..=11).contains(&digits.len())
        }
        [0, 7, 0, ..] => (10..=11).contains(&digits.len()),
        [0, 5 | 3, 0, ..] => (10..=12).contains(&digits.len()),
        _ => false,
    };
    fits && is_form(sizes)
}

/// The last four digits stand together, and what is before them in two groups at most, or every
/// digit stands alone.
fn is_form(sizes: &[usize]) -> bool {
    match sizes {
        [first, .., last] => {
            *last >= 4 && *first >= 2 && sizes.len() <= 3
                || *last >= 3 && *first == 1 && sizes.len() <= 4
                || sizes.len() >= 5 && sizes.iter().all(|size| *size <= 2)
        }
        _ => true,
    }
}

/// Seven or eight digits without an area code, where the text says that it is a telephone; four
/// where it says that they are the last.
fn is_local(reading: &Reading, number: &Number) -> bool {
    let (sizes, from, to) = (number.sizes.as_slice(), number.from, number.to());
    match sizes {
        [4] => reading.near_before(from, 5, &TAIL_WORDS),
        [3 | 4, 4] | [7 | 8] => {
            let text = number.text();
            let representative = sizes.iter().sum::<usize>() == 8
                && ["15", "16", "18"].iter().any(|prefix| text.starts_with(prefix));
            let year = ["19", "20"].iter().any(|century| text.starts_with(century));
            !representative
                && !is_labelled(reading, from)
                && (!year || sizes == [3, 4])
                && (reading.near_before(from, 9, &PHONE_WORDS)
                    || !year && reading.near_after(to, 7, &PHONE_WORDS))
        }
        _ => false,
    }
}

/// Whether a word before the number says that it is a number of something else.
pub(super) fn is_labelled(reading: &Reading, from: usize) -> bool {
    static LABELS: Words = Words::new(
        "접수번호|신청번호|문서번호|사건번호|관리번호|등기번호|운송장번호|송장번호|고객번호|\
     사업자번호|사업자등록번호|사업자 등록번호|법인등록번호|법인번호|고지번호|전자납부번호|\
     납부번호|허가번호|등록번호:제|공고번호|품목번호|제품번호|모델번호|일련번호|시리얼|바코드|\
     우편번호|전주번호|시설번호|민원번호|처리번호|계량기번호|계기번호|수용가번호|사업번호|\
     승인번호|예약번호|주문번호|도서번호|ISBN|isbn|지번|필지|PNU|통신판매업|인증번호|고시번호|\
     운송장|접수 번호|관리 번호|신청 번호|사업자|법인",
    );
    let mut place = from;
    // The label stands right before, a particle or a colon between.
    for _ in 0..4 {
        if reading.any_ends(place, &LABELS).is_some() {
            // 주민등록번호 and 외국인등록번호 are no such labels.
            return true;
        }
        if matches!(reading.before(place), ' ' | ':' | '은' | '는' | '가' | '이' | '(' | '=' | '제')
        {
            place -= 1;
        }
    }
    false
}

/// Whether the name of a public body stands right before.
fn is_public(reading: &Reading, from: usize) -> bool {
    let mut place = from;
    for _ in 0..4 {
        while !reading.before(place).is_alphanumeric() && reading.before(place) != '\0' {
            if from - place > 8 || matches!(reading.before(place), '.' | '!' | '?' | '\n' | ',') {
                return false;
            }
            place -= 1;
        }
        if reading.any_ends(place, &PUBLIC_BODIES).is_some() {
            return true;
        }
        match reading.any_ends(place, &BETWEEN) {
            Some(length) => place -= length,
            None => return false,
        }
    }
    false
}

/// Behind `010`: two more groups of digits and stars, at least two digits among them.
fn half_starred(reading: &Reading, from: usize) -> Option<usize> {
    let mut place = from;
    let mut digits = 0;
    let mut stars = 0;
    for _ in 0..2 {
        let mut blanks = 0;
        while is_joint(reading.at(place)) && blanks < 3 {
            place += 1;
            blanks += 1;
        }
        let mut size = 0;
        loop {
            match reading.at(place) {
                '0'..='9' => digits += 1,
                '*' | 'x' | 'X' | '○' | '●' | 'O' | 'o' | 'ㅇ' | '#' | '□' | '■' | '×' | '?' =>
                {
                    stars += 1;
                }
                _ => break,
            }
            size += 1;
            place += 1;
        }
        if !(2..=4).contains(&size) {
            return None;
        }
    }
    (digits >= 2 && stars >= 2).then_some(place)
}

/// The digit a sign or word says, and how many signs it takes.
fn said(reading: &Reading, place: usize) -> Option<(u8, usize)> {
    let sign = reading.at(place);
    if let Some(digit) = value(sign) {
        return Some((digit, 1));
    }
    let long: &[(&str, u8)] = match sign {
        '하' => &[("하나", 1)],
        '다' => &[("다섯", 5)],
        '여' => &[("여섯", 6), ("여덟", 8), ("여덜", 8)],
        '일' => &[("일곱", 7)],
        '아' => &[("아홉", 9)],
        _ => &[],
    };
    if let Some((word, digit)) = long.iter().find(|(word, _)| reading.is(place, word)) {
        return Some((*digit, word.chars().count()));
    }
    let digit = match sign {
        '공' | '영' | '빵' | '〇' | '○' | '◯' | 'O' | 'o' | '零' | 'ㅇ' => 0,
        '일' | 'l' | 'I' | '|' | '壹' => 1,
        '이' | '둘' | '二' => 2,
        '삼' | '셋' | '三' => 3,
        '사' | '넷' | '四' => 4,
        '오' | '五' => 5,
        '육' | '륙' | '유' | '六' => 6,
        '칠' | '七' => 7,
        '팔' | '八' => 8,
        '구' | '九' => 9,
        '一' => {
            let other = |at: usize| "二三四五六七八九〇零一".contains(reading.at(at));
            if other(place + 1) || place > 0 && other(place - 1) { 1 } else { return None }
        }
        _ => return None,
    };
    Some((digit, 1))
}

/// Numbers that begin with a zero of any writing: spoken ones, and mobile numbers with any signs
/// between their digits.
pub(super) fn spoken(reading: &Reading, found: &mut Vec<Find>) {
    let mut place = 0;
    while place < reading.len() {
        let sign = reading.at(place);
        let zero = match sign {
            '0' => !reading.before(place).is_ascii_digit(),
            '공' | '영' | '빵' | '〇' | '○' | '◯' | '零' | 'ㅇ' => true,
            'O' | 'o' => !reading.before(place).is_ascii_alphabetic(),
            _ => false,
        };
        if zero && let Some(to) = spoken_from(reading, place) {
            if !reading.in_address(place) {
                found.push(Find { kind: PersonalKind::Phone, from: place, to });
            }
            place = to;
        } else {
            place += 1;
        }
    }
}

/// Other numbers that are spoken, behind the word that says what they are: 주민번호 구공공일공일 ….
pub(super) fn spoken_behind_label(reading: &Reading, found: &mut Vec<Find>) {
    static LABELS: Words = Words::new("주민번호|주민등록번호|계좌|카드");
    for place in 0..reading.len() {
        let Some(length) = reading.any_at(place, &LABELS) else { continue };
        let (kind, most) = match reading.at(place) {
            '주' => (PersonalKind::ResidentNumber, 13),
            '계' => (PersonalKind::Account, 16),
            _ => (PersonalKind::Card, 16),
        };
        let ends_of = |from: usize| {
            let (mut at, mut count, mut words) = (from, 0, 0);
            while count < most {
                let next = if count == 0 { at } else { over_gap(reading, at) };
                let Some((_, length)) = said(reading, next) else { break };
                words += usize::from(!reading.at(next).is_ascii_digit());
                at = next + length;
                count += 1;
            }
            (count >= 9 && words >= 5).then_some(at)
        };
        let start = place + length;
        if let Some((from, to)) =
            (start..start + 6).find_map(|from| ends_of(from).map(|to| (from, to)))
        {
            found.push(Find { kind, from, to });
        }
    }
}

/// Where the number that begins at `from` ends, if it is one.
fn spoken_from(reading: &Reading, from: usize) -> Option<usize> {
    let mut digits: [u8; 12] = [0; 12];
    let mut ends: [usize; 12] = [0; 12];
    let mut count = 0;
    let mut words = 0;
    let mut place = from;
    for (digit, end) in digits.iter_mut().zip(&mut ends) {
        let next = if count == 0 { place } else { over_gap(reading, place) };
        let Some((said, length)) = said(reading, next) else { break };
        // A count behind the number (… 5678 이 번호) is no digit of it.
        if count >= 9 && next > place && is_hangul(reading.at(next)) && words == 0 {
            break;
        }
        words += usize::from(!reading.at(next).is_ascii_digit());
        place = next + length;
        *digit = said;
        *end = place;
        count += 1;
    }
    let digits = digits.get(..count)?;
    let most = match digits {
        [0, 1, 0, ..] if count >= 11 => 11,
        [0, 1, 0, ..] if words > 0 && count == 10 => 10,
        [0, 1, 1 | 6..=9, ..] if count >= 10 => count.min(11),
        [0, 2, ..] if words > 2 && count >= 9 => count.min(10),
        [0, 3, 1..=3, ..] | [0, 4, 1..=4, ..] | [0, 5, 1..=5, ..] | [0, 6, 1..=4, ..]
            if words > 2 && count >= 10 =>
        {
            count.min(11)
        }
        [0, 7, 0, ..] if words > 2 && count >= 11 => 11,
        [0, 5, 0, ..] if words > 2 && count >= 11 => count.min(12),
        _ => return None,
    };
    let mut to = ends.get(most.checked_sub(1)?).copied()?;
    let end = to;
    while reading.at(to).is_ascii_digit() {
        to += 1;
    }
    // One digit too many is a slip; a long row of digits is something else.
    (to - end <= 1 || words > 0).then_some(to)
}

/// Behind what may stand between two digits of such a number: up to four signs that are neither
/// letters nor digits, or a spoken dash.
fn over_gap(reading: &Reading, place: usize) -> usize {
    let gap = (0..5)
        .take_while(|step| {
            let sign = reading.at(place + step);
            sign != '\0'
                && (is_joint(sign) || !sign.is_alphanumeric())
                && said(reading, place + step).is_none()
        })
        .count();
    if (gap == 0 || said(reading, place + gap).is_none())
        && let Some(to) = reading.spoken_joint(place)
        && said(reading, to).is_some()
    {
        return to;
    }
    if gap <= 4 { place + gap } else { place }
}
