//! Account names of messengers and networks: a Latin word that the text calls an 아이디, or that
//! follows the name of a messenger.

use super::reading::Reading;
use super::words::{WordList as _, Words};
use super::{Find, PersonalKind};

static IDS: Words = Words::new("아이디|아디|ID|id|Id|계정|닉네임|유저네임|핸들|친추|친구추가");
static SERVICES: Words = Words::new(
    "카톡|카카오톡|까톡|깨톡|카카오|카톡친구|텔레그램|텔레|라인|인스타그램|인스타|위챗|디스코드|\
     디코|트위터|페이스북|페북|스레드|틱톡|밴드|kakao|Kakao|KakaoTalk|kakaotalk|telegram|\
     Telegram|LINE|instagram|insta|Instagram|wechat|WeChat|DM|디엠",
);
/// Latin words that are no account.
static ORDINARY: Words = Words::new(
    "id|pc|app|qr|login|pw|password|web|sns|url|http|https|www|pass|band|line|kakao|talk|\
     kakaotalk|dm|ok|is|and|or|the|card|cctv",
);

/// Finds account names.
pub(super) fn find(reading: &Reading, found: &mut Vec<Find>) {
    let mut place = 0;
    while place < reading.len() {
        let sign = reading.at(place);
        if !(sign.is_ascii_alphanumeric() || sign == '_') {
            place += 1;
            continue;
        }
        let is_part = |sign: char| sign.is_ascii_alphanumeric() || "._-".contains(sign);
        let mut to = place + (0..64).take_while(|step| is_part(reading.at(place + step))).count();
        if reading.is(place, "open.kakao.com") || reading.is(place, "instagram.com") {
            while is_part(reading.at(to)) || reading.at(to) == '/' {
                to += 1;
            }
            found.push(Find { kind: PersonalKind::Handle, from: place, to });
        } else {
            while to > place && matches!(reading.before(to), '.' | '-') {
                to -= 1;
            }
            if is_account(reading, place, to) && !reading.in_address(place) {
                found.push(Find { kind: PersonalKind::Handle, from: place, to });
            }
        }
        place = to.max(place + 1);
    }
}

fn is_account(reading: &Reading, from: usize, to: usize) -> bool {
    let token = reading.slice(from..to);
    if token.len() < 3 {
        return false;
    }
    let has = |test: fn(&char) -> bool| token.iter().any(test);
    let letter = has(char::is_ascii_alphabetic);
    let digit = has(char::is_ascii_digit);
    if !letter && token.len() < 4 {
        return false;
    }
    let is_ordinary = || {
        let lower: String = token.iter().map(char::to_ascii_lowercase).collect();
        ORDINARY.words().contains(&lower.as_str())
    };
    // Back over what stands between the word and the account.
    let mut place = from;
    let mut at_sign = false;
    for _ in 0..5 {
        let before = reading.before(place);
        at_sign |= before == '@';
        let filler = before.is_whitespace()
            || ":=\"'(@-→/_".contains(before)
            || place != from
                && "은는이가".contains(before)
                && reading.any_ends(place, &IDS).is_none();
        let filler = filler
            || "은는이가".contains(before) && reading.any_ends(place - 1, &IDS).is_some()
            || "은는이가으로".contains(before) && reading.any_ends(place - 1, &SERVICES).is_some();
        if !filler {
            break;
        }
        place -= 1;
    }
    if reading.any_ends(place, &IDS).is_some()
        && (place < from || !letter || is_hangul_before(reading, place))
    {
        // The ID in `GRID 3` is no word.
        let word = !reading.before(place).is_ascii_alphabetic()
            || !reading.at(place.wrapping_sub(3)).is_ascii_alphabetic();
        // <… id="…"> is mark-up.
        let markup = reading.at(place) == '='
            && (reading.at(place + 1) == '"' || reading.near_before(place, 30, &["<"]));
        return word && !markup && !is_ordinary();
    }
    let special = at_sign || digit && letter || has(|sign| matches!(sign, '_' | '.'));
    special && letter && reading.any_ends(place, &SERVICES).is_some() && !is_ordinary()
}

fn is_hangul_before(reading: &Reading, place: usize) -> bool {
    super::reading::is_hangul(reading.before(place))
}
