//! Whether a text goes on with an open matter or begins a new one. The rule adds points from plain
//! facts, keeps every one with its reason, and an officer may decide otherwise with one key.
//! docs/text-messages.md says the same in words.

use jiff::{SignedDuration, Timestamp};
use maeul_cases::Bilingual;
use maeul_language::{normalise, similarity};
use serde::{Deserialize, Serialize};

/// An open matter of the same number.
#[derive(Clone, Debug)]
pub struct Open<'a> {
    /// The receipt number.
    pub number: &'a str,
    /// The service it has.
    pub service: Option<&'a str>,
    /// What its texts said so far.
    pub words: &'a str,
    /// Whether a question of ours waits for its reply.
    pub asked: bool,
    /// When either side last wrote.
    pub last: Timestamp,
}

/// One fact that spoke for or against going on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// How much: above nought it speaks for going on, below for something new.
    pub points: i32,
    /// What.
    pub why: Bilingual,
}

/// How the text was read, against one open matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The points, in the order they were looked at.
    pub points: Vec<Point>,
}

impl Reading {
    /// The sum.
    pub fn sum(&self) -> i32 {
        self.points.iter().map(|it| it.points).sum()
    }

    /// Whether the text goes on with the matter.
    pub fn goes_on(&self) -> bool {
        self.sum() >= LEAST
    }

    fn add(&mut self, points: i32, ko: &str, en: &str) {
        self.points.push(Point { points, why: Bilingual::new(ko, en) });
    }
}

/// The least sum with which a text goes on.
pub const LEAST: i32 = 2;

/// Likeness, in thousandths, from which two texts speak of one thing; and of nothing in common.
const ALIKE: u32 = 180;
const SOMEWHAT: u32 = 90;

/// Words by which people go on.
const GOES_ON: [&str; 24] = [
    "추가로",
    "추가합니다",
    "덧붙",
    "그리고",
    "아까",
    "방금",
    "위에",
    "앞에 보낸",
    "말씀드린",
    "위치는",
    "장소는",
    "주소는",
    "사진",
    "네 ",
    "넵",
    "예 ",
    "아니요",
    "맞습니다",
    "맞아요",
    "언제",
    "진행",
    "처리됐",
    "처리되",
    "어떻게 됐",
];
/// Words by which they begin anew.
const ANEW: [&str; 12] = [
    "다른 민원",
    "다른 건",
    "또 다른",
    "별개로",
    "이번에는",
    "이번엔",
    "새로운 민원",
    "한 가지 더",
    "추가 민원",
    "다른 문의",
    "another issue",
    "something else",
];
/// Greetings by which a first text begins.
const GREETS: [&str; 6] =
    ["안녕하세요", "안녕하십니까", "수고하십니다", "수고 많으십니다", "hello", "hi "];

/// A text this short says nothing by itself.
const SHORT: usize = 15;

/// Reads a text against one open matter. `service` is what its words alone suggest.
pub fn read(open: &Open<'_>, text: &str, service: Option<&str>, at: Timestamp) -> Reading {
    let mut reading = Reading::default();
    let words = normalise(text);
    if words.contains(&normalise(open.number)) {
        reading.add(9, "접수번호를 적음", "names the receipt number");
        return reading;
    }
    let holds = |list: &[&str]| list.iter().any(|word| words.contains(word));
    if open.asked {
        reading.add(4, "우리 질문에 답을 기다리는 중", "our question waits for a reply");
    }
    since(&mut reading, at.duration_since(open.last));
    let alike = similarity(open.words, text);
    if alike >= ALIKE {
        reading.add(3, "앞의 글과 내용이 비슷함", "much like what was written before");
    } else if alike >= SOMEWHAT {
        reading.add(1, "앞의 글과 낱말이 겹침", "some words in common");
    }
    if words.chars().count() <= SHORT && service.is_none() {
        reading.add(2, "혼자서는 뜻이 없는 짧은 글", "too short to mean something by itself");
    }
    if format!("{words} ").starts_with("네 ") || holds(&GOES_ON) {
        reading.add(2, "이어서 쓰는 말", "words of going on");
    }
    if holds(&ANEW) {
        reading.add(-6, "새 일이라고 씀", "says it is something else");
    }
    if GREETS.iter().any(|word| words.starts_with(word)) {
        reading.add(-1, "첫인사로 시작함", "begins with a greeting");
    }
    match (service, open.service) {
        (Some(new), Some(old)) if new != old => {
            reading.add(-4, "다른 분야의 말", "words of another service");
        }
        (Some(new), Some(old)) if new == old => {
            reading.add(1, "같은 분야의 말", "words of the same service");
        }
        _ => {}
    }
    reading
}

fn since(reading: &mut Reading, gone: SignedDuration) {
    if gone <= SignedDuration::from_mins(30) {
        reading.add(3, "30분 안에 이어 보냄", "sent within half an hour");
    } else if gone <= SignedDuration::from_hours(6) {
        reading.add(2, "여섯 시간 안에 보냄", "sent within six hours");
    } else if gone <= SignedDuration::from_hours(72) {
        reading.add(1, "사흘 안에 보냄", "sent within three days");
    } else if gone > SignedDuration::from_hours(14 * 24) {
        reading.add(-3, "두 주가 지나 보냄", "sent after more than two weeks");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "상무초 정문 앞 가로등이 사흘째 꺼져 있어요";

    fn sum(text: &str, service: Option<&str>, minutes: i64, asked: bool) -> Reading {
        let last: Timestamp = "2026-06-08T10:00:00+09:00".parse().unwrap();
        let open = Open {
            number: "2026-서구-000123-4",
            service: Some("streetlight"),
            words: FIRST,
            asked,
            last,
        };
        read(&open, text, service, last + SignedDuration::from_mins(minutes))
    }

    #[test]
    fn what_goes_on() {
        for (text, service, minutes, asked) in [
            ("위치는 정문에서 오른쪽 두 번째입니다", None, 3, false),
            ("네 맞습니다", None, 26 * 60, true),
            ("정문 맞은편이에요", None, 5 * 60, true),
            ("언제쯤 고쳐지나요?", None, 2 * 24 * 60, false),
            ("상무초 앞 가로등 아직 꺼져 있어요", Some("streetlight"), 5 * 24 * 60, false),
            ("2026-서구-000123-4 어떻게 됐나요", None, 40 * 24 * 60, false),
            ("빨리요", None, 10, false),
        ] {
            let reading = sum(text, service, minutes, asked);
            assert!(reading.goes_on(), "{text}: {reading:?}");
        }
    }

    #[test]
    fn what_begins_anew() {
        for (text, service, minutes, asked) in [
            ("안녕하세요 풍암동 공원에 쓰레기가 쌓여 냄새가 심합니다", Some("waste"), 10, false),
            ("다른 건인데요 버스정류장 의자가 부서졌어요", None, 5, false),
            ("치평동 골목에 불법 주차가 너무 많습니다", Some("parking"), 2 * 24 * 60, false),
            ("금호동 도서관 휴관일이 어떻게 되는지 궁금합니다", None, 20 * 24 * 60, false),
            ("한 가지 더요. 하수구가 막혀 물이 넘쳐요", Some("sewer"), 2, false),
        ] {
            let reading = sum(text, service, minutes, asked);
            assert!(!reading.goes_on(), "{text}: {reading:?}");
        }
    }

    #[test]
    fn every_point_has_a_reason_in_both_languages() {
        let reading = sum("안녕하세요 다른 건인데요", Some("waste"), 5, true);
        assert!(reading.points.len() >= 4);
        for point in &reading.points {
            assert!(!point.why.ko.is_empty() && !point.why.en.is_empty() && point.points != 0);
        }
    }
}
