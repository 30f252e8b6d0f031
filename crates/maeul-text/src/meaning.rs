//! What a text wants at first sight: a matter to work on, praise to pass on, or that texts stop.
//! In doubt it is a matter: a case too many is looked at, a case too few is not.

use maeul_base::Lang;
use maeul_language::normalise;

/// What a text wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Something to look at, answer or repair.
    Matter,
    /// Praise or thanks, and nothing is asked for.
    Praise,
    /// No more texts.
    Stop,
    /// Texts again.
    Start,
}

/// Whole texts by which texts are refused (and the words carriers know).
const STOP: [&str; 13] = [
    "수신거부",
    "수신거절",
    "문자거부",
    "문자수신거부",
    "문자그만",
    "문자그만보내세요",
    "문자보내지마세요",
    "거부",
    "stop",
    "stopall",
    "unsubscribe",
    "optout",
    "quit",
];

/// Whole texts by which they are wanted again.
const START: [&str; 9] = [
    "수신동의",
    "수신허용",
    "수신재개",
    "문자동의",
    "문자다시보내주세요",
    "다시받기",
    "start",
    "unstop",
    "optin",
];

/// What praises and thanks.
const PRAISE: [&str; 22] = [
    "고맙습니다",
    "고마워",
    "고마웠",
    "감사합니다",
    "감사드",
    "감사해",
    "감사했",
    "감사의",
    "칭찬",
    "수고하셨",
    "수고하십",
    "수고 많",
    "수고많",
    "고생하셨",
    "고생 많",
    "고생많",
    "친절하",
    "덕분",
    "최고예요",
    "최고입니다",
    "thank",
    "well done",
];

/// What asks for something or complains: with one of these it is no praise, however polite.
const ASKS: [&str; 78] = [
    "주세요",
    "주십시오",
    "주시기",
    "주시면",
    "주실",
    "주셨으면",
    "줬으면",
    "바랍니다",
    "바래요",
    "바라요",
    "부탁",
    "요청",
    "신고",
    "민원",
    "문의",
    "고장",
    "파손",
    "불편",
    "위험",
    "무단",
    "불법",
    "언제",
    "어떻게",
    "어디에",
    "어디로",
    "얼마",
    "왜 ",
    "왜요",
    "인가요",
    "나요",
    "까요",
    "습니까",
    "됩니까",
    "?",
    "아직",
    "그런데",
    "근데",
    "하지만",
    "안 되",
    "안되",
    "안 돼",
    "안돼",
    "안 켜",
    "안켜",
    "안 나",
    "안나오",
    "꺼졌",
    "꺼져",
    "막혔",
    "막혀",
    "깨졌",
    "깨져",
    "부서",
    "쓰러",
    "넘쳐",
    "냄새",
    "악취",
    "소음",
    "시끄",
    "더러",
    "쓰레기가",
    "빨리",
    "조치",
    "확인해",
    "필요",
    "없어요",
    "없습니다",
    "못하",
    "못 하",
    "실망",
    "화가",
    "please",
    "broken",
    "not ",
    "when ",
    "how ",
    "could you",
    "can you",
];

/// What says that it was done: thanks for it follow.
const DONE: [&str; 3] = ["주셔서", "주신 ", "줘서"];

/// Reads a text.
pub fn of(text: &str) -> Meaning {
    let text = normalise(text);
    let bare: String = text.chars().filter(|letter| letter.is_alphanumeric()).collect();
    if STOP.contains(&bare.as_str()) {
        return Meaning::Stop;
    }
    if START.contains(&bare.as_str()) {
        return Meaning::Start;
    }
    let praises = PRAISE.iter().any(|word| text.contains(word));
    let asking = without_thanks(&text);
    let asks = ASKS.iter().any(|word| asking.contains(word));
    if praises && !asks { Meaning::Praise } else { Meaning::Matter }
}

/// The text without what sounds like asking and is none: the name of a place, and how quickly
/// something was done for which thanks are given.
fn without_thanks(text: &str) -> String {
    let text = text.replace("민원실", "").replace("민원과", "").replace("민원봉사", "");
    if DONE.iter().any(|word| text.contains(word)) { text.replace("빨리", "") } else { text }
}

/// Whether a text is only thanks: a few words that close a conversation.
pub fn only_thanks(text: &str) -> bool {
    of(text) == Meaning::Praise && normalise(text).chars().count() <= 25
}

/// Whether it complains that what was answered is not so.
pub fn not_settled(text: &str) -> bool {
    const WORDS: [&str; 13] = [
        "아직도",
        "아직 그대로",
        "그대로예요",
        "그대로입니다",
        "그대로인데",
        "해결이 안",
        "해결 안",
        "안 고쳐",
        "처리가 안",
        "처리 안",
        "여전히",
        "still not",
        "not fixed",
    ];
    let text = normalise(text);
    WORDS.iter().any(|word| text.contains(word))
}

/// The language to answer in: Korean unless the text is Latin letters without a Korean one.
pub fn lang(text: &str) -> Lang {
    let korean = text.chars().any(|it| matches!(it, '가'..='힣' | 'ㄱ'..='ㆎ'));
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    if !korean && latin >= 8 { Lang::En } else { Lang::Ko }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn praise_is_told_from_a_polite_complaint() {
        for praise in [
            "고맙습니다",
            "공원 청소해 주신 분들 감사합니다. 덕분에 산책이 즐거워요",
            "어제 민방위 담당하신 분 정말 친절하셨습니다. 칭찬합니다",
            "가로등 금방 고쳐졌네요 수고하셨어요^^",
            "어제 민원실에서 도와주신 직원분 정말 친절하셨어요. 감사합니다",
            "빨리 고쳐 주셔서 감사합니다",
            "눈 오는 날 제설 빨리 해 주셔서 감사했습니다",
            "Thank you so much, the street light works again!",
        ] {
            assert_eq!(of(praise), Meaning::Praise, "{praise}");
        }
        for matter in [
            "가로등이 꺼졌어요. 고쳐 주시면 감사하겠습니다",
            "쓰레기 좀 치워 주세요 감사합니다",
            "감사합니다. 그런데 아직 안 켜져요",
            "수고하십니다 상무초 앞 신호등 고장났습니다",
            "언제 고쳐지나요? 고맙습니다",
            "친절하지 않아서 실망했습니다",
            "지난번엔 고쳐 주셔서 감사합니다. 이번에도 빨리 와 주세요",
            "민원실 문이 고장났어요 감사합니다",
            "상무초 앞 가로등 꺼짐",
            "Thank you, but it is still broken",
            "",
        ] {
            assert_eq!(of(matter), Meaning::Matter, "{matter}");
        }
    }

    #[test]
    fn stopping_is_a_whole_text() {
        for stop in
            ["수신거부", " 수신 거부 ", "STOP", "stop.", "문자 그만 보내세요!", "unsubscribe"]
        {
            assert_eq!(of(stop), Meaning::Stop, "{stop}");
        }
        for start in ["수신동의", "START", "문자 다시 보내주세요"] {
            assert_eq!(of(start), Meaning::Start, "{start}");
        }
        // Words of a matter.
        for matter in ["버스가 stop 표지에 서지 않아요", "광고 문자 수신거부가 안 돼요"]
        {
            assert_eq!(of(matter), Meaning::Matter, "{matter}");
        }
    }

    #[test]
    fn closing_words() {
        assert!(only_thanks("네 감사합니다~"));
        assert!(!only_thanks("어제 동주민센터에서 도와주신 직원분 정말 친절하셨어요 감사합니다"));
        assert!(not_settled("답변 받았는데 아직도 꺼져 있어요"));
        assert!(!not_settled("가로등이 꺼졌어요"));
        assert_eq!(lang("Street light is out near Sangmu school"), Lang::En);
        assert_eq!(lang("가로등 OFF"), Lang::Ko);
        assert_eq!(lang("ok"), Lang::Ko);
    }
}
