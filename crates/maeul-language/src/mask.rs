//! Personal data in free text: telephone numbers, resident registration numbers, e-mail addresses
//! and vehicle plates, found and hidden. It would rather hide too much than show one.

use std::ops::Range;

use maeul_wire::{Email, Phone, PhoneKind};

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PersonalKind {
    /// 전화번호, not of the public short or representative kinds.
    Phone,
    /// 주민등록번호·외국인등록번호: six digits of a date and seven more.
    ResidentNumber,
    /// 전자우편 주소
    Email,
    /// 차량 번호
    Plate,
}

/// A piece of personal data in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Personal {
    /// What it is.
    pub kind: PersonalKind,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
}

/// A text that can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// The text, every letter and digit of what was found a star.
    pub text: String,
    /// What was found, in the text before masking.
    pub found: Vec<Personal>,
}

/// The text with personal data hidden: `010-1234-5678` becomes `***-****-****`.
pub fn mask(text: &str) -> Masked {
    let found = find_personal(text);
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for piece in &found {
        shown.push_str(text.get(at..piece.range.start).unwrap_or_default());
        let hidden = text.get(piece.range.clone()).unwrap_or_default();
        shown.extend(hidden.chars().map(|sign| if sign.is_alphanumeric() { '*' } else { sign }));
        at = piece.range.end;
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    Masked { text: shown, found }
}

/// Every piece of personal data, in order, not overlapping.
pub fn find_personal(text: &str) -> Vec<Personal> {
    let signs: Vec<(usize, char)> = text.char_indices().collect();
    let groups = digit_groups(&signs);
    let mut found = Vec::new();
    emails(&signs, &mut found);
    plates(&signs, &groups, &mut found);
    numbers(&signs, &groups, &mut found);
    found.sort_by_key(|(kind, from, to)| (*from, std::cmp::Reverse(*to), rank(*kind)));
    let mut last = 0;
    let byte = |place: usize| signs.get(place).map_or(text.len(), |(at, _)| *at);
    found
        .into_iter()
        .filter_map(|(kind, from, to)| {
            let free = from >= last;
            last = last.max(to);
            free.then(|| Personal { kind, range: byte(from)..byte(to) })
        })
        .collect()
}

/// A find by the places of its first sign and of the sign after its last.
type Find = (PersonalKind, usize, usize);

/// A run of digits: its digits as ASCII and its places.
struct Group {
    digits: String,
    from: usize,
    to: usize,
}

const fn rank(kind: PersonalKind) -> u8 {
    match kind {
        PersonalKind::Email => 0,
        PersonalKind::ResidentNumber => 1,
        PersonalKind::Phone => 2,
        PersonalKind::Plate => 3,
    }
}

fn digit(sign: char) -> Option<char> {
    match sign {
        '0'..='9' => Some(sign),
        '０'..='９' => u32::from(sign)
            .checked_sub(u32::from('０'))
            .and_then(|value| char::from_digit(value, 10)),
        _ => None,
    }
}

fn digit_groups(signs: &[(usize, char)]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (place, (_, sign)) in signs.iter().enumerate() {
        let Some(digit) = digit(*sign) else { continue };
        match groups.last_mut() {
            Some(group) if group.to == place => {
                group.digits.push(digit);
                group.to = place + 1;
            }
            _ => groups.push(Group { digits: digit.to_string(), from: place, to: place + 1 }),
        }
    }
    groups
}

/// Signs people put between the parts of a number; ㅡ is the vowel that looks like a dash.
fn joins(between: &[(usize, char)]) -> bool {
    between.len() <= 3
        && between.iter().all(|(_, sign)| {
            matches!(
                sign,
                ' ' | '-'
                    | '.'
                    | '('
                    | ')'
                    | '/'
                    | '_'
                    | '~'
                    | '·'
                    | 'ㅡ'
                    | '―'
                    | 'ー'
                    | '\u{a0}'
                    | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}'
            )
        })
}

/// Telephone and resident numbers: up to five neighbouring groups of digits, the most first.
fn numbers(signs: &[(usize, char)], groups: &[Group], found: &mut Vec<Find>) {
    let mut next = 0;
    while let Some(first) = groups.get(next) {
        let mut taken = 1;
        let mut run = vec![first];
        for group in groups.iter().skip(next + 1).take(4) {
            let end = run.last().map_or(first.to, |last| last.to);
            if !signs.get(end..group.from).is_some_and(joins) {
                break;
            }
            run.push(group);
        }
        while !run.is_empty() {
            let end = run.last().map_or(first.to, |last| last.to);
            let starred = signs.get(end..).unwrap_or_default();
            if let Some((kind, more)) = judge(&run, starred) {
                let plus = first.from.checked_sub(1).filter(|before| {
                    signs.get(*before).is_some_and(|(_, sign)| matches!(sign, '+' | '＋' | '('))
                });
                found.push((kind, plus.unwrap_or(first.from), end + more));
                taken = run.len();
                break;
            }
            run.pop();
        }
        next += taken;
    }
}

/// What these groups together are, and how many signs behind them belong to it.
fn judge(run: &[&Group], after: &[(usize, char)]) -> Option<(PersonalKind, usize)> {
    let digits: String = run.iter().map(|group| group.digits.as_str()).collect();
    if is_resident_number(run, &digits) {
        return Some((PersonalKind::ResidentNumber, 0));
    }
    // 900101-1****** shows the day of birth and the sex.
    if let [birth, sex] = run
        && is_date(&birth.digits)
        && sex.digits.len() <= 7
    {
        let stars = after.iter().take_while(|(_, sign)| matches!(sign, '*' | '●' | '○')).count();
        if stars >= 4 && stars + sex.digits.len() == 7 {
            return Some((PersonalKind::ResidentNumber, stars));
        }
    }
    if !(9..=14).contains(&digits.len()) || run.len() > 4 && !digits.starts_with("82") {
        return None;
    }
    let kind = digits.parse::<Phone>().ok()?.kind();
    let whole = run.first().is_some_and(|group| group.digits.len() >= 2);
    let personal = !matches!(kind, PhoneKind::Special | PhoneKind::Representative);
    (personal && whole).then_some((PersonalKind::Phone, 0))
}

/// Thirteen digits, a date first, written in one piece or as six and seven.
fn is_resident_number(run: &[&Group], digits: &str) -> bool {
    let cut = match run {
        [_] => true,
        [birth, rest] => birth.digits.len() == 6 && rest.digits.len() == 7,
        _ => false,
    };
    cut && digits.len() == 13 && digits.get(..6).is_some_and(is_date)
}

/// Whether six digits are a year of two digits, a month and a day.
fn is_date(digits: &str) -> bool {
    let part = |range: Range<usize>| {
        digits.get(range).and_then(|text| text.parse::<u8>().ok()).unwrap_or(0)
    };
    digits.len() == 6 && (1..=12).contains(&part(2..4)) && (1..=31).contains(&part(4..6))
}

/// Around every @, as far as an address reaches.
fn emails(signs: &[(usize, char)], found: &mut Vec<Find>) {
    for (at, _) in signs.iter().enumerate().filter(|(_, (_, sign))| matches!(sign, '@' | '＠')) {
        let local = |sign: char| sign.is_ascii_alphanumeric() || "._%+-".contains(sign);
        let domain = |sign: char| sign.is_ascii_alphanumeric() || ".-．".contains(sign);
        let before = signs.get(..at).unwrap_or_default();
        let after = signs.get(at + 1..).unwrap_or_default();
        let mut from =
            at - before.iter().rev().take(64).take_while(|(_, sign)| local(*sign)).count();
        let mut to = at + 1 + after.iter().take(253).take_while(|(_, sign)| domain(*sign)).count();
        // Dots and dashes at the ends belong to the sentence.
        let edge = |place: usize| {
            signs.get(place).is_some_and(|(_, sign)| matches!(sign, '.' | '-' | '．'))
        };
        while from < at && edge(from) {
            from += 1;
        }
        while to > at + 1 && edge(to - 1) {
            to -= 1;
        }
        let address: String =
            signs.get(from..to).unwrap_or_default().iter().map(|(_, sign)| *sign).collect();
        if address.parse::<Email>().is_ok() {
            found.push((PersonalKind::Email, from, to));
        }
    }
}

/// The letters of Korean plates: private, commercial (바사아자배), rental (하허호), military.
const PLATE_LETTERS: &str =
    "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자배하허호국합육해공";

/// Two or three digits, a letter, perhaps a space, four digits.
fn plates(signs: &[(usize, char)], groups: &[Group], found: &mut Vec<Find>) {
    for pair in groups.windows(2) {
        let [before, after] = pair else { continue };
        if !(2..=3).contains(&before.digits.len()) || after.digits.len() != 4 {
            continue;
        }
        let between = signs.get(before.to..after.from).unwrap_or_default();
        let fits = match between {
            [(_, letter)] => PLATE_LETTERS.contains(*letter),
            [(_, letter), (_, ' ' | '-')] => PLATE_LETTERS.contains(*letter),
            _ => false,
        };
        // 101호 1502호 is a door, not a car.
        let unit = signs.get(after.to).is_some_and(|(_, sign)| "호동원번층년세".contains(*sign));
        if fits && !unit {
            found.push((PersonalKind::Plate, before.from, after.to));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hides_what_is_personal() {
        for (text, shown) in [
            ("연락처 010-1234-5678 입니다", "연락처 ***-****-**** 입니다"),
            ("01012345678로 전화", "***********로 전화"),
            ("010 1234 5678, 062-360-7114", "*** **** ****, ***-***-****"),
            ("010ㅡ1234ㅡ5678", "*************"),
            ("+82 10-1234-5678", "+** **-****-****"),
            ("０１０-１２３４-５６７８", "***-****-****"),
            ("900101-1234567", "******-*******"),
            ("9001011234567", "*************"),
            ("900101-1******", "******-*******"),
            ("메일은 kim.min@naver.com. 끝", "메일은 ***.***@*****.***. 끝"),
            ("12가3456 차량", "******* 차량"),
            ("서울 123허 4567이 막았어요", "서울 **** ****이 막았어요"),
            ("a@b.kr 01011112222 a@b.kr", "*@*.** *********** *@*.**"),
        ] {
            assert_eq!(mask(text).text, shown, "{text}");
        }
    }

    #[test]
    fn leaves_what_is_not() {
        for text in [
            "119에 신고했고 110, 02-120, 1588-1234에도 물었어요",
            "접수번호 2026-000123, 2026. 10. 3. 14:30",
            "101호 1502호 앞, 3층",
            "가로등 번호 12-345",
            "예산 1,234,567원, 면적 84.5m",
            "35.1566 126.9001",
            "@가로등 user@ @home",
            "12시 3000원",
        ] {
            assert_eq!(mask(text).found, [], "{text}");
        }
    }

    #[test]
    fn tells_where_in_bytes() {
        let text = "가 010-1234-5678";
        let found = find_personal(text);
        assert_eq!(
            found.first().map(|f| (f.kind, f.range.clone())),
            Some((PersonalKind::Phone, 4..17))
        );
    }

    proptest! {
        #[test]
        fn never_panics_and_finds_nothing_twice(text in "\\PC*") {
            let masked = mask(&text);
            prop_assert_eq!(masked.text.chars().count(), text.chars().count());
        }

        #[test]
        fn no_mobile_number_survives(before in "[가-힣 ]{0,9}", middle in 1000..9999_u32,
            last in 1000..9999_u32, dash in "[-. ]?", after in "[가-힣 ,.!]{0,9}") {
            let text = format!("{before}010{dash}{middle}{dash}{last}{after}");
            prop_assert!(!mask(&text).text.contains(&last.to_string()));
        }
    }
}
