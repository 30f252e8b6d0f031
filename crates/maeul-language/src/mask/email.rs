//! E-mail addresses: around every @, also spoken (골뱅이, at) and with blanks in between.

use super::reading::{Reading, is_hangul};
use super::words::Words;
use super::{Find, PersonalKind};

/// Longest part before the @ that is looked at.
const LONGEST_LOCAL: usize = 64;
/// Longest domain that is looked at.
const LONGEST_DOMAIN: usize = 253;
/// Where most people have their mail: taken without an ending too.
static PROVIDERS: Words = Words::new(
    "네이버|지메일|다음|한메일|네이트|카카오|구글|핫메일|야후|아웃룩|naver|gmail|daum|hanmail|\
     nate|kakao|hotmail|outlook|yahoo|icloud|Naver|Gmail|NAVER|GMAIL",
);
/// Endings of domains, spoken or behind a blank.
static ENDINGS: Words =
    Words::new("컴|넷|케이알|씨오케이알|com|net|co.kr|go.kr|or.kr|kr|org|COM|NET|co");
/// A dot, spoken.
static DOTS: Words = Words::new(".|닷|점|쩜|dot|[dot]|(dot)|DOT");
/// The @, spoken.
static ATS: Words = Words::new("골뱅이|골벵이|(골뱅이)|[골뱅이]|앳|엣|(at)|[at]|at|(AT)|AT");

/// Finds addresses.
pub(super) fn find(reading: &Reading, found: &mut Vec<Find>) {
    for place in 0..reading.len() {
        let at = match reading.at(place) {
            '@' => Some(1),
            '골' | '앳' | '엣' | '(' | '[' | 'a' | 'A' => reading.any_at(place, &ATS),
            _ => None,
        };
        if let Some(length) = at
            && let Some((from, to)) = around(reading, place, place + length)
        {
            found.push(Find { kind: PersonalKind::Email, from, to });
        }
    }
}

fn around(reading: &Reading, at: usize, behind: usize) -> Option<(usize, usize)> {
    let word = reading.at(at) != '@';
    let bare = matches!(reading.at(at), 'a' | 'A');
    if bare && !(reading.before(at).is_whitespace() && reading.at(behind).is_whitespace()) {
        return None;
    }
    let (from, local_end) = local(reading, at)?;
    let start = reading.over_blanks(behind, 2);
    let (to, whole, spoken) = domain(reading, start)?;
    // `look at naver.com` is a sentence: a bare `at` wants a spoken dot or a digit in the name.
    let digit = reading.slice(from..local_end).iter().any(char::is_ascii_digit);
    if bare && !(spoken || digit) || word && !whole {
        return None;
    }
    Some((from, to))
}

/// What stands before the @.
fn local(reading: &Reading, at: usize) -> Option<(usize, usize)> {
    let end = reading.back_over_blanks(at, 2);
    let is_local = |sign: char| sign.is_ascii_alphanumeric() || "._%+-".contains(sign);
    let mut from = end
        - (1..=LONGEST_LOCAL.min(end)).take_while(|step| is_local(reading.at(end - step))).count();
    while from < end && matches!(reading.at(from), '.' | '-') {
        from += 1;
    }
    let digits = reading.slice(from..end).iter().all(char::is_ascii_digit);
    if from == end || digits && is_hangul(reading.before(from)) {
        // 홍길동골뱅이…, 길동77골뱅이…
        from -= (1..=8.min(from)).take_while(|step| is_hangul(reading.at(from - step))).count();
    }
    // kim dot test at …
    for _ in 0..3 {
        let Some(length) = reading.any_ends(from, &[" dot ", " 점 ", " 닷 "]) else { break };
        let word = from - length;
        from = word
            - (1..=LONGEST_LOCAL.min(word))
                .take_while(|step| is_local(reading.at(word - step)))
                .count();
    }
    (from < end).then_some((from, end))
}

/// Where the domain ends that begins at a place, whether it has an ending or is well known, and
/// whether a dot was spoken.
fn domain(reading: &Reading, start: usize) -> Option<(usize, bool, bool)> {
    let is_label = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
    let mut place = start;
    let mut known = false;
    let mut dots = 0;
    let mut spoken = false;
    loop {
        let length =
            (0..LONGEST_DOMAIN).take_while(|step| is_label(reading.at(place + step))).count();
        let provider = reading.any_at(place, &PROVIDERS);
        known |= dots == 0 && provider.is_some_and(|length_of| length == 0 || length_of == length);
        let step = if length > 0 { length } else { provider.unwrap_or(0) };
        if step == 0 {
            break;
        }
        place += step;
        // The next label: right behind a dot, or behind blanks where it is an ending.
        let dot = reading.over_blanks(place, 2);
        let Some(sign) = reading.any_at(dot, &DOTS) else { break };
        let next = reading.over_blanks(dot + sign, 2);
        let loose = dot > place || next > dot + sign || sign > 1 || reading.at(dot) != '.';
        if loose {
            let Some(ending) = reading.any_at(next, &ENDINGS) else { break };
            if reading.at(next + ending).is_ascii_alphanumeric() {
                break;
            }
            spoken |= reading.at(dot) != '.';
            dots += 1;
            place = next + ending;
            if reading.at(place) != '.' || !reading.at(place + 1).is_ascii_alphabetic() {
                break;
            }
            place += 1;
            continue;
        }
        if !is_label(reading.at(next)) {
            // naver.컴
            if let Some(ending) = reading.any_at(next, &ENDINGS) {
                dots += 1;
                place = next + ending;
            }
            break;
        }
        dots += 1;
        place = next;
    }
    while place > start && reading.before(place) == '-' {
        place -= 1;
    }
    let ends = reading.before(place).is_ascii_alphabetic() || is_hangul(reading.before(place));
    let whole = dots > 0 && ends || known;
    whole.then_some((place, whole, spoken))
}
