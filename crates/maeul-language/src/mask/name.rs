//! Names of people: a surname and a given name with a word of respect, a role, a relation, a label,
//! another personal number beside it, or so common that it needs no other sign.

use super::latin;
use super::name_words::{
    DOUBLE, ENDINGS, LABELS, NOT_NAMED, OFFICES, PARTICLES, RELATIONS, RESPECT, ROLES, SAYING,
    SELVES, STARRED_PLACES, SUFFIXES, flag, is, is_given, is_ordinary,
};
use super::reading::{Reading, is_hangul};
use super::words::WordList;
use super::{Find, PersonalKind};

/// What stands behind a possible name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// 씨
    Ssi,
    /// 어르신, 님 …
    Respect,
    /// 사장, 통장 …
    Role,
    /// 구청장, 의원 …
    Office,
    /// 입니다, 올림 …
    Saying,
    /// A particle, or nothing.
    Nothing,
    /// More of a word.
    Word,
}

/// What stands before a possible name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ahead {
    Label,
    Relation,
    Office,
    /// 저는
    Oneself,
    Nothing,
}

/// Finds names; `found` holds what was found before, sorted.
pub(super) fn find(reading: &Reading, found: &mut Vec<Find>) {
    let known = found.len();
    let mut place = 0;
    while place < reading.len() {
        let sign = reading.at(place);
        if is_hangul(sign) {
            let end = run(reading, place);
            in_run(reading, place, end, known, found);
            place = end;
        } else if sign.is_ascii_alphabetic() {
            let end = latin::end(reading, place);
            if let Some(to) = latin::named(reading, place, end) {
                found.push(Find { kind: PersonalKind::Name, from: place, to });
            }
            place = end;
        } else {
            place += 1;
        }
    }
}

/// Where the Hangul ends that begins at a place.
fn run(reading: &Reading, from: usize) -> usize {
    (from..reading.len()).find(|place| !is_hangul(reading.at(*place))).unwrap_or(reading.len())
}

fn in_run(reading: &Reading, from: usize, end: usize, known: usize, found: &mut Vec<Find>) {
    let beside = |from: usize, to: usize| {
        is_beside(reading, found.get(..known).unwrap_or_default(), from, to)
    };
    let name = starred(reading, from, end)
        .or_else(|| named(reading, from, from, end, &beside))
        .or_else(|| {
            // 통장이영희, 옆집박철수: a relation and the name in one word.
            (from + 2..end.min(from + 5)).find_map(|at| {
                if at + 3 > end || !is(reading.at(at), flag::SURNAME) {
                    return None;
                }
                let role =
                    reading.any_ends(at, &RELATIONS).or_else(|| reading.any_ends(at, &OFFICES));
                (role == Some(at - from)).then(|| named(reading, from, at, end, &beside)).flatten()
            })
        })
        .or_else(|| given(reading, from, end))
        .or_else(|| any_ssi(reading, from, end));
    found.extend(name);
}

/// A name that begins at `at` in the run of Hangul `from..end`.
fn named(
    reading: &Reading,
    from: usize,
    at: usize,
    end: usize,
    beside: &impl Fn(usize, usize) -> bool,
) -> Option<Find> {
    let length = end - at;
    if length >= 4 && reading.any_at(at, &DOUBLE).is_some() {
        let find = judge(reading, from, at, 4, end, beside);
        if find.is_some() {
            return find;
        }
    }
    if !is(reading.at(at), flag::SURNAME) {
        return None;
    }
    let three = (length >= 3).then(|| judge(reading, from, at, 3, end, beside)).flatten();
    three.or_else(|| (length >= 2).then(|| judge(reading, from, at, 2, end, beside)).flatten())
}

/// What the syllables of a possible name tell.
struct Word {
    /// It is an ordinary word.
    ordinary: bool,
    /// It is one of two syllables with an ending or a particle: 국민은.
    ended: bool,
    /// It is one of two syllables with a suffix: 공사장.
    compound: bool,
    /// It may be a 동 or a 리.
    place: bool,
    /// Its last two syllables are a common given name.
    common: bool,
    /// Its syllables stand in given names.
    fits: bool,
    /// So often that no other sign is needed.
    strong: bool,
}

impl Word {
    fn of(reading: &Reading, at: usize, length: usize) -> Self {
        let to = at + length;
        let (first, last) = (reading.at(to - 2), reading.at(to - 1));
        let stem = length == 3 && is_ordinary(reading.slice(at..at + 2));
        let common = length >= 3 && is_given(reading.slice(to - 2..to));
        let fits = common || is(last, flag::LAST) && (length == 2 || is(first, flag::FIRST));
        let usual = is(first, flag::FIRST_STRONG)
            && is(last, flag::LAST_STRONG)
            && (length == 4 || is(reading.at(at), flag::COMMON));
        Self {
            ordinary: is_ordinary(reading.slice(at..to)),
            ended: stem && ENDINGS.contains(last),
            compound: stem && SUFFIXES.contains(last),
            place: matches!(last, '동' | '리') && !common,
            common,
            fits,
            strong: length >= 3 && (usual || common),
        }
    }
}

fn judge(
    reading: &Reading,
    from: usize,
    at: usize,
    length: usize,
    end: usize,
    beside: &impl Fn(usize, usize) -> bool,
) -> Option<Find> {
    let to = at + length;
    let word = Word::of(reading, at, length);
    let behind = behind(reading, to, end);
    if behind == Behind::Word {
        return None;
    }
    let ahead = if at == from {
        ahead(reading, at)
    } else if reading.any_ends(at, &OFFICES).is_some() {
        Ahead::Office
    } else {
        Ahead::Relation
    };
    // A common given name with a plain sign of a person outweighs the word it happens to spell.
    let person = word.common
        && (matches!(behind, Behind::Ssi | Behind::Respect)
            || matches!(ahead, Ahead::Label | Ahead::Oneself)
            || is_signature(reading, to));
    let supported = word.common
        && (ahead != Ahead::Nothing
            || !matches!(behind, Behind::Nothing | Behind::Saying)
            || is_signature(reading, to)
            || beside(at, to));
    if word.ordinary && !person || word.ended && !supported && behind != Behind::Ssi {
        return None;
    }
    let (fits, place) = (word.fits, word.place);
    let compound = word.compound && !supported;
    let strong = word.strong && !compound && !place;
    let believed = match (length, behind, ahead) {
        (_, Behind::Ssi, _) => true,
        (2, Behind::Saying | Behind::Nothing, Ahead::Label) => fits && is_form(reading, at),
        (2, Behind::Respect, Ahead::Label | Ahead::Relation) => fits,
        (2, ..) => false,
        (_, _, Ahead::Label) => fits || is_form(reading, at),
        (_, Behind::Respect, _) => fits,
        (_, Behind::Role | Behind::Office, _) => fits && !compound && !place,
        (_, _, Ahead::Relation | Ahead::Office) => fits && !compound && !place,
        (_, Behind::Saying, Ahead::Oneself) => fits && !compound,
        (_, Behind::Saying, _) => strong || !word.compound && is_signature(reading, to),
        (_, Behind::Nothing | Behind::Word, _) => strong || fits && !place && beside(at, to),
    };
    let office = behind == Behind::Office || ahead == Ahead::Office;
    let kind = if office { PersonalKind::Official } else { PersonalKind::Name };
    believed.then_some(Find { kind, from: at, to })
}

/// What stands behind the sign before `to`, in the run of Hangul that ends at `end`.
fn behind(reading: &Reading, to: usize, end: usize) -> Behind {
    let next = reading.over_blanks(to, 1);
    let spaced = next > to;
    // 김○○(45), 김○○(여)
    if to == end
        && reading.at(to) == '('
        && (matches!(reading.at(to + 1), '남' | '여')
            || reading.at(to + 1).is_ascii_digit() && reading.at(to + 2).is_ascii_digit())
        && (reading.at(to + 3) == ')'
            || matches!(reading.at(to + 3), '세' | ',')
            || reading.at(to + 2) == ')')
    {
        return Behind::Respect;
    }
    if to < end || spaced {
        if reading.at(next) == '씨'
            && !is_word_from(reading, next + 1, &["앗", "를 뿌", "가 마르", "름"])
        {
            return Behind::Ssi;
        }
        if let Some(length) = reading.any_at(next, &OFFICES)
            && is_closed(reading, next + length)
        {
            return Behind::Office;
        }
        if let Some(length) = reading.any_at(next, &RESPECT) {
            let single = length == 1;
            // 군 and 양 stand right behind a name; `김철수 군청` and `양쪽` do not follow one.
            if is_closed(reading, next + length) && (!single || !spaced || reading.at(next) != '양')
            {
                return Behind::Respect;
            }
        }
        if let Some(length) = reading.any_at(next, &ROLES)
            && is_closed(reading, next + length)
        {
            return Behind::Role;
        }
        if let Some(length) = reading.any_at(next, &SAYING) {
            let whole = !is_hangul(reading.at(next + length)) || length >= 2;
            if whole && (!spaced || is_signature(reading, to)) {
                return Behind::Saying;
            }
        }
    }
    if to == end {
        return Behind::Nothing;
    }
    match reading.any_at(to, &PARTICLES) {
        Some(length) if to + length == end => Behind::Nothing,
        _ if PARTICLES
            .words()
            .iter()
            .any(|it| reading.is(to, it) && to + it.chars().count() == end) =>
        {
            Behind::Nothing
        }
        _ => Behind::Word,
    }
}

/// Whether a word of respect or a role ends here: at the end of the word, before 님, or before a
/// particle.
pub(super) fn is_closed(reading: &Reading, place: usize) -> bool {
    let place = if reading.at(place) == '님' { place + 1 } else { place };
    let end = run(reading, place);
    place == end
        || is_word_from(reading, place, &["입니", "이라", "이고", "인데", "이신", "이었", "였"])
        || PARTICLES
            .words()
            .iter()
            .any(|particle| reading.is(place, particle) && place + particle.chars().count() == end)
}

fn is_word_from(reading: &Reading, place: usize, words: &impl WordList) -> bool {
    reading.any_at(place, words).is_some()
}

/// Whether 올림, 드림 or 배상 stands here: the end of a letter.
fn is_signature(reading: &Reading, place: usize) -> bool {
    let word = reading.over_blanks(place, 2);
    reading
        .any_at(word, &["올림", "드림", "배상", "拜上"])
        .is_some_and(|length| !is_hangul(reading.at(word + length)))
}

pub(super) fn ahead(reading: &Reading, at: usize) -> Ahead {
    let mut place = reading.back_over_blanks(at, 2);
    // Only what is a word of its own stands before a name.
    if place == at && !matches!(reading.before(at), ':' | '(' | ',' | '-' | '/' | '=' | '>' | '·')
    {
        return Ahead::Nothing;
    }
    for _ in 0..3 {
        if reading.any_ends(place, &LABELS).is_some_and(|length| {
            length > 1 || matches!(reading.at(place.wrapping_sub(2)), '\0' | ' ' | '.' | ',' | '\n')
        }) {
            return Ahead::Label;
        }
        if reading.any_ends(place, &OFFICES).is_some() {
            return Ahead::Office;
        }
        if reading.any_ends(place, &RELATIONS).is_some() {
            return Ahead::Relation;
        }
        if let Some(length) = reading.any_ends(place, &SELVES)
            && !is_hangul(reading.before(place - length))
        {
            return Ahead::Oneself;
        }
        if matches!(
            reading.before(place),
            ' ' | ':' | '(' | '은' | '는' | '이' | '가' | '인' | '-' | '=' | '>' | ')'
        ) {
            place -= 1;
        } else {
            break;
        }
    }
    Ahead::Nothing
}

/// Whether a colon or `이름은` stands before: a form filled in.
fn is_form(reading: &Reading, at: usize) -> bool {
    let place = reading.back_over_blanks(at, 2);
    matches!(reading.before(place), ':' | '=')
        || reading
            .any_ends(
                place,
                &["이름은", "성명은", "성함은", "이름", "성명", "성함", "예금주", "예금주는"],
            )
            .is_some()
}

/// Whether other personal data stands right beside.
fn is_beside(reading: &Reading, found: &[Find], from: usize, to: usize) -> bool {
    let gap = |from: usize, to: usize| {
        to >= from
            && to - from <= 4
            && reading.slice(from..to).iter().all(|sign| !sign.is_alphanumeric())
    };
    let next = found.partition_point(|find| find.from < to);
    let personal = |find: &&Find| {
        !matches!(find.kind, PersonalKind::Door | PersonalKind::Plate | PersonalKind::Address)
    };
    found.get(next).filter(personal).is_some_and(|find| gap(to, find.from))
        || next
            .checked_sub(1)
            .and_then(|before| found.get(before))
            .filter(personal)
            .is_some_and(|find| gap(find.to, from))
}

/// 박OO, 김○수, 이**: a surname with stars.
fn starred(reading: &Reading, from: usize, end: usize) -> Option<Find> {
    let at = end - 1;
    let star = |place: usize| {
        matches!(
            reading.at(place),
            'O' | '○' | '◯' | '〇' | '*' | 'X' | 'x' | '×' | 'ㅇ' | 'o' | '0' | '●'
        )
    };
    if !is(reading.at(at), flag::SURNAME) || !star(end) {
        return None;
    }
    let alone = at == from || reading.any_ends(at, &RELATIONS) == Some(at - from);
    if !alone {
        return None;
    }
    let mut to = end + 1;
    while star(to) && to < end + 3 {
        to += 1;
    }
    let stars = to - end;
    if star(to)
        || reading.any_at(to, &STARRED_PLACES).is_some_and(|length| {
            // 김O동 and 이O로 are names where a word of respect follows.
            !(stars == 1
                && length == 1
                && behind(reading, to + 1, run(reading, to)) != Behind::Word)
        })
    {
        return None;
    }
    if stars == 1 {
        // 김O수: one more syllable, and then the word ends.
        let end = run(reading, to);
        if !is(reading.at(to), flag::LAST)
            || behind(reading, to + 1, end.max(to + 1)) == Behind::Word
        {
            return None;
        }
        return Some(Find { kind: PersonalKind::Name, from: at, to: to + 1 });
    }
    Some(Find { kind: PersonalKind::Name, from: at, to })
}

/// 철수 씨, 민준이 엄마: a given name alone.
fn given(reading: &Reading, from: usize, end: usize) -> Option<Find> {
    let to = from + 2;
    // 김 모 씨
    if end == from + 1 && is(reading.at(from), flag::SURNAME) {
        let next = reading.over_blanks(end, 1);
        return (next > end
            && reading.at(next) == '모'
            && matches!(
                behind(reading, next + 1, run(reading, next)),
                Behind::Ssi | Behind::Respect
            ))
        .then_some(Find { kind: PersonalKind::Name, from, to: next + 1 });
    }
    if end < to || is_ordinary(reading.slice(from..to)) {
        return None;
    }
    let (first, last) = (reading.at(from), reading.at(from + 1));
    let strong = is(first, flag::FIRST_STRONG) && is(last, flag::LAST_STRONG);
    let fits = is(first, flag::FIRST) && is(last, flag::LAST);
    let find = Find { kind: PersonalKind::Name, from, to };
    if fits && behind(reading, to, end) == Behind::Ssi {
        return Some(find);
    }
    // 민준이 엄마, 서연이네
    let called = strong
        && reading.at(to) == '이'
        && (is_word_from(
            reading,
            reading.over_blanks(to + 1, 1),
            &["엄마", "아빠", "할머니", "할아버지"],
        ) || reading.is(to + 1, "네") && (to + 2 == end || reading.is(to + 2, "집")));
    let parent = strong
        && is_word_from(reading, reading.over_blanks(to, 1), &["엄마", "아빠"])
        && !is_ordinary(reading.slice(from..to));
    (called || parent).then_some(find)
}

/// Whatever stands before 씨 in its own word, and a surname alone where a relation stands before.
fn any_ssi(reading: &Reading, from: usize, end: usize) -> Option<Find> {
    let at = (from + 1..end).find(|place| reading.at(*place) == '씨');
    let to = match at {
        Some(at)
            if is_closed(reading, at + 1) || is_word_from(reading, at + 1, &["라는", "네"]) =>
        {
            at
        }
        None if reading.is(reading.over_blanks(end, 1), "씨")
            && is_closed(reading, reading.over_blanks(end, 1) + 1) =>
        {
            end
        }
        _ => return None,
    };
    let word = reading.slice(from..to);
    let text: String = word.iter().collect();
    if NOT_NAMED.words().iter().any(|other| text.ends_with(other)) || is_ordinary(word) {
        return None;
    }
    let find = Find { kind: PersonalKind::Name, from, to };
    match word.len() {
        1 => (is(reading.at(from), flag::COMMON) && ahead(reading, from) != Ahead::Nothing)
            .then_some(find),
        2..=5 => (at.is_some() || word.len() <= 4).then_some(find),
        _ => None,
    }
}
